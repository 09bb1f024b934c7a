/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The inside of the front end for classic BPF.
 *
 *     check.c   what the filter may not have; ancillary loads become what they stand for
 *     plan.c    backwards and forwards over the filter: what is reachable, which bounds are tested
 *     emit.c    a function per kind of instruction
 *     convert.c the order of these, jumps, returns
 *
 * A is r0, X is r3, M[i] is the word at r10 - 4 * (i + 1); r4 and r5 are scratch.  A and X always
 * have a zero upper half.
 */
#ifndef FRONTEND_CBPF_CBPF_H
#define FRONTEND_CBPF_CBPF_H

#include <stdbool.h>

#include <ebpfvm/cbpf.h>

#include "base/vec.h"
#include "ir/program.h"

enum { CBPF_A = EBPF_R0, CBPF_PACKET = EBPF_R1, CBPF_LENGTH = EBPF_R2, CBPF_X = EBPF_R3,
       CBPF_LIMIT = EBPF_R4, CBPF_AT = EBPF_R5 };

struct cbpf;

/* The column `effects` of cbpf.def. */
enum cbpf_effect {
    CBPF_FX_USE_A = 1 << 0, CBPF_FX_USE_X = 1 << 1, CBPF_FX_DEF_A = 1 << 2, CBPF_FX_DEF_X = 1 << 3,
    CBPF_FX_READ_M = 1 << 4, CBPF_FX_WRITE_M = 1 << 5, CBPF_FX_AT_K = 1 << 6,
    CBPF_FX_AT_X = 1 << 7, CBPF_FX_LENGTH = 1 << 8, CBPF_FX_NONZERO = 1 << 9,
    CBPF_FX_SHIFT = 1 << 10, CBPF_FX_ALWAYS = 1 << 11, CBPF_FX_BRANCH = 1 << 12,
    CBPF_FX_RETURN = 1 << 13
};

/* A row of cbpf.def. */
struct cbpf_row {
    const char *text;
    void (*emit)(struct cbpf *c, uint32_t index, const struct cbpf_row *row);
    uint16_t code;
    uint16_t op, other; /* enum ebpf_op; EBPF_OP_DATA is NONE */
    uint16_t effects;   /* enum cbpf_effect */
    uint8_t size;
};

/* The row of a code; NULL if it is no instruction. */
const struct cbpf_row *ebpf_cbpf_row(uint16_t code);

/* Whether a row has some of the effects. */
static inline bool ebpf_cbpf_has(const struct cbpf_row *row, unsigned effects)
{
    return (row->effects & effects) != 0;
}

/* What can be said of packets in front of an instruction.  A `need` of CBPF_DROP: whatever the
 * packet is, the filter returns 0 from here. */
#define CBPF_DROP UINT32_MAX
struct cbpf_point {
    uint32_t need;    /* packets of less than so many bytes come to 0 from here on, on all paths */
    uint32_t proven;  /* the packet has so many bytes, on all paths to here */
    uint32_t behind;  /* and so many of them behind X */
    uint32_t a_most;  /* A is no larger */
    uint32_t x_most;  /* nor X */
    uint32_t written; /* registers and words that have a value: CBPF_WORD(i), CBPF_HAS_A, _X */
    bool reached;
    bool is_head; /* jumps back lead here */
    /* what is to be made of it */
    uint32_t test;        /* find out whether the packet has so many bytes; 0: it is known */
    uint32_t test_behind; /* the same for bytes behind X */
    bool test_x;          /* and whether X is an offset at all: what is huge is not proven */
    uint32_t first;       /* the first instruction that was made */
};

#define CBPF_WORD(i) (1u << (i))
enum { CBPF_HAS_A = 1 << EBPF_CBPF_WORDS, CBPF_HAS_X = CBPF_HAS_A << 1 };

/* A conversion. */
struct cbpf {
    const char *file;
    struct ebpf_mem mem;
    struct ebpf_diag *diag;
    ebpf_status status; /* of the first mistake */
    uint32_t count;
    uint32_t head;      /* so many bytes stand in front of the packet */
    struct ebpf_cbpf_insn *insns;
    struct cbpf_point *points;
    struct ebpf_program *program;
    struct ebpf_vec jumps; /* uint32_t: instructions whose target is an index of the filter */
    struct ebpf_vec drops; /* uint32_t: instructions that lead to the next `return 0` */
};

/* Adds a report about an instruction of the filter, and keeps the first status. */
void ebpf_cbpf_refuse(struct cbpf *c, ebpf_status status, uint32_t index, const char *advice,
                      const char *message, ...) EBPF_PRINTF(5, 6);

/* Looks at each instruction by itself, and rewrites loads of what is not in the packet. */
void ebpf_cbpf_check(struct cbpf *c);

/* Loads at X + k with such a k count back from X, by up to 4096 bytes: the kernel adds X and k as
 * numbers of 32 bits.  (At a constant k it has its ancillary fields there.) */
#define CBPF_BACK 0xfffff000u
static inline bool ebpf_cbpf_counts_back(const struct cbpf_row *row, uint32_t k)
{
    return ebpf_cbpf_has(row, CBPF_FX_AT_X) && k >= CBPF_BACK;
}

/* Where a load from the packet ends at the earliest, in bytes from r1; CBPF_DROP if no packet has
 * them. */
uint32_t ebpf_cbpf_end(const struct cbpf *c, const struct ebpf_cbpf_insn *insn);

/* Whether an unconditional jump leads back, as libpcap has it. */
static inline bool ebpf_cbpf_goes_back(const struct ebpf_cbpf_insn *insn)
{
    return insn->k > INT32_MAX;
}

/* Where a word of memory is, from r10. */
static inline int32_t ebpf_cbpf_word(uint32_t word)
{
    return -4 * ((int32_t)word + 1);
}

/* Whether the end of a load fits the displacement of an instruction, after a test of X. */
static inline bool ebpf_cbpf_is_near(uint32_t end)
{
    return end <= INT16_MAX;
}

/* Fills in the points. @return words and registers that some path reads before it writes them, as
 * bits of `written` */
uint32_t ebpf_cbpf_plan(struct cbpf *c);

/* Appends an instruction.  NULL, and c->status tells, if there is no memory. */
struct ebpf_insn *ebpf_cbpf_emit(struct cbpf *c, enum ebpf_op op, unsigned dst, unsigned src,
                                 int32_t off, int64_t imm);

/* Appends a jump to an instruction of the filter, or with CBPF_DROP to a `return 0`. */
void ebpf_cbpf_jump(struct cbpf *c, enum ebpf_op op, unsigned dst, unsigned src, int64_t imm,
                    uint32_t target);

/* Appends `return 0`; jumps that wait for one lead there. */
void ebpf_cbpf_drop(struct cbpf *c);

#endif
