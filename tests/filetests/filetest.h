/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Tests that are files: programs in assembly with what must come of them, run by every engine.
 * docs/testing.md describes the language of the files.
 */
#ifndef TESTS_FILETEST_H
#define TESTS_FILETEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/ebpfvm.h>

/* Bytes; `given` tells none from empty. */
struct ft_bytes {
    uint8_t *data; /* of the exact size, so that a sanitizer sees the ends; never NULL if given */
    size_t size;
    bool given;
};

/* What an address counts from. */
enum ft_base { FT_NUMBER, FT_MEM, FT_MBUFF, FT_USER };

/* A number, or an address: `0x10`, `-1`, `mem+4`, `mbuff`, `user-1`. */
struct ft_value {
    enum ft_base base;
    uint64_t offset;
    bool given;
};

/* A failure that must come: `STATUS at PLACE size N address VALUE "TEXT"`, any part of it. */
struct ft_report {
    bool given;
    char *status;   /* as written, such as "out-of-range"; NULL if not told */
    char *text;     /* must be part of a message; NULL if not told */
    uint32_t at;    /* line of an assembler error, else the pc; EBPF_PC_NONE if not told */
    uint32_t column;
    uint32_t size;  /* 0 if not told */
    struct ft_value address;
};

/* How many numbers a row may put into memory. */
#define FT_ROW_MAX 6

/* `when: A B gives R`: with these numbers in memory, 8 bytes each, the result is R. */
struct ft_row {
    unsigned line;
    unsigned count;
    uint64_t in[FT_ROW_MAX];
    uint64_t result;
};

/* The registers that rA and rB stand for: the case runs with each pair of them. */
enum ft_pairs { FT_NO_PAIRS, FT_DISTINCT, FT_SAME };

/* One program and what must come of it. */
struct ft_case {
    const char *file;
    unsigned line; /* where it starts */
    char *name;
    char *text;    /* the program, preceded by as many newlines as put it on its line */
    size_t length, room;

    enum ebpf_vm_kind kind;
    const char *type; /* TYPED: of the program */
    bool lenient, checked_only, no_sweep;
    struct ft_bytes mem, mbuff, user;
    bool user_writable;
    uint64_t budget;
    uint32_t frame_size, max_depth;
    size_t data_offset, data_end_offset;
    bool test_helpers, rbpf_helpers, kernel_helpers;

    struct ft_value result;
    struct ft_value executed;
    struct ft_bytes bytes, mem_after, mbuff_after, user_after;
    struct ft_report asm_error, verify_error, compile_error, fault;
    bool verify_ok;

    enum ft_pairs pairs;
    struct ft_row *rows;
    size_t row_count;
};

/* Calls `each` for every case of a file.  Returns false, after printing why, if the file is bad. */
bool ft_parse_file(const char *file, void (*each)(const struct ft_case *test, void *ctx),
                   void *ctx);

/* Takes in a directive, `; key: text`.  Returns 1, 0 if there is no such key, -1 if the text is no
 * value for it.  The text is cut into words. */
int ft_directive(struct ft_case *test, const char *key, char *text, unsigned line);

/* Calls `each` for what a case stands for: itself, or a case for each row and pair of registers. */
void ft_expand_case(const struct ft_case *test,
                    void (*each)(const struct ft_case *test, void *ctx), void *ctx);

/* Memory, or the end of the program. */
void *ft_alloc(void *old, size_t size);

/* A copy of a string. */
char *ft_keep(const char *text);

/* Counts over all cases. */
struct ft_totals {
    unsigned files, cases, failed;
    unsigned long runs, sweeps;
    uint8_t executed[EBPF_OP_COUNT]; /* forms that were seen to run */
    uint8_t refused[EBPF_OP_COUNT];  /* forms in programs that the verifier had to refuse */
    bool verbose;
};

/* Runs a case in every engine; what differs from the expectation is printed and counted. */
void ft_run_case(const struct ft_case *test, struct ft_totals *totals);

/* Engine `index`: the built-in ones, then that of examples/backend; NULL after the last one. */
const struct ebpf_backend *ft_engine(size_t index);

/* The helpers that files may call: `; helpers: test`. */
ebpf_status ft_register_helpers(struct ebpf_vm *vm);

/* What helpers of the tests see of a run, as ebpf_input.user. */
struct ft_host {
    struct ft_bytes *user;
    uint8_t lent[16];
};

#endif
