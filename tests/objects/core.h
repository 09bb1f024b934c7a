/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Structures as two machines have them: that of the programs, and, with TARGET, another. */
#ifndef TESTS_OBJECTS_CORE_H
#define TESTS_OBJECTS_CORE_H

#ifndef TARGET

struct inner {
    int x, y;
};

struct machine {
    int first;
    struct inner in[3];
    unsigned flag : 3;
    int level : 5;
    u32 counter;
    u32 grows;
    void *next;
    int gone;
};

/* The same by another name, as an old machine has it. */
struct machine___old {
    int old_name;
};

struct machine___other {
    u64 second;
};

struct absent {
    int a;
};

struct shape {
    int x;
    struct machine *m;
};

struct shape___wrong {
    int z;
};

enum color { RED = 1, GREEN = 2, BLUE = 3, PINK = 9 };

typedef struct {
    int a, b;
} anonymous_t;

#else

struct inner {
    long pad;
    int y, x;
};

struct machine {
    long new_head;
    struct {
        union {
            int old_name;
            int first;
        };
        unsigned pad : 7, flag : 3;
        int level : 5;
    };
    struct inner in[5];
    u32 counter;
    u64 grows;
    u64 second;
    void *next;
};

struct shape {
    long more;
    struct machine *m;
    int x;
};

enum color { GREEN = 20, RED = 10, BLUE = 30 };

typedef struct {
    int a, more, b;
} anonymous_t;

#endif
#endif
