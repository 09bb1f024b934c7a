/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* CO-RE: relocations that ask where a field of a structure, a type or an enumerator is in the type
 * information of the machine that the program is to run on. */
#ifndef FRONTEND_ELF_CORE_H
#define FRONTEND_ELF_CORE_H

#include "frontend/elf/btf.h"

/* What is asked, by the numbers of section .BTF.ext. */
enum core_kind {
    CORE_FIELD_OFFSET, CORE_FIELD_SIZE, CORE_FIELD_EXISTS, CORE_FIELD_SIGNED,
    CORE_FIELD_LSHIFT, CORE_FIELD_RSHIFT,
    CORE_TYPE_ID_LOCAL, CORE_TYPE_ID_TARGET, CORE_TYPE_EXISTS, CORE_TYPE_SIZE,
    CORE_ENUM_EXISTS, CORE_ENUM_VALUE, CORE_TYPE_MATCHES,
    CORE_KINDS
};

/* The most steps from a structure to a field. */
enum { CORE_STEPS_MAX = 64 };

/* A step: to a member by its name, which may be inside of members without names; or to an element,
 * `name` NULL. */
struct core_step {
    uint32_t type;  /* which the step is into */
    uint32_t index; /* of the member or element */
    const char *name;
};

/* How much comparing of types and names an object is worth: types can be made such that it has no
 * end. */
#define CORE_WORK_MAX (UINT64_C(1) << 28)

/* Whether there is some left. */
static inline bool core_may_work(uint64_t *left)
{
    return *left > 0 && --*left > 0;
}

/* A field, type or enumerator of some type information. */
struct core_spec {
    const struct btf *btf;
    uint64_t *work; /* what is left of it */
    enum core_kind kind;
    uint32_t root;
    struct core_step steps[CORE_STEPS_MAX];
    unsigned count;
    uint64_t bit_offset; /* of a field */
    uint32_t field;      /* its type */
};

/* An answer. */
struct core_answer {
    uint64_t value;
    uint32_t size;    /* of a field in bytes, if it is a number or an address; else 0 */
    bool is_signed;   /* it is a signed number */
    bool is_address;
};

static inline bool core_is_field(enum core_kind kind)
{
    return kind <= CORE_FIELD_RSHIFT;
}

static inline bool core_is_enum(enum core_kind kind)
{
    return kind == CORE_ENUM_EXISTS || kind == CORE_ENUM_VALUE;
}

/* Reads what a relocation of the object asks, steps such as "0:1:2"; false if it makes no sense. */
bool ebpf_core_parse(struct core_spec *spec, const char *steps);

/* Looks for the same under another root; false if it is not there. */
bool ebpf_core_match(const struct core_spec *local, struct core_spec *target);

/* The answer; `target` NULL if nothing matches.  False if there is none. */
bool ebpf_core_answer(const struct core_spec *local, const struct core_spec *target,
                      struct core_answer *answer);

/* Whether the roots have the same shape, names of structures apart. */
bool ebpf_core_compatible(const struct core_spec *a, const struct core_spec *b);

/* Whether all that the first root has the second has as well. */
bool ebpf_core_type_matches(const struct core_spec *a, const struct core_spec *b);

/* Whether two names are the same but for what follows "___". */
bool ebpf_core_same_name(const char *a, const char *b);

/* Whether types of two kinds may stand for each other: enumerations have two. */
bool ebpf_core_same_kind(const struct btf_type *a, const struct btf_type *b);

#endif
