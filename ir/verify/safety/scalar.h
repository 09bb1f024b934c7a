/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Sets of 64-bit numbers, as the verifier knows them: bits, and signed and unsigned ranges of the
 * whole word and of its low half.  All of them hold at once; each is kept as tight as the others
 * let it be.
 */
#ifndef IR_VERIFY_SAFETY_SCALAR_H
#define IR_VERIFY_SAFETY_SCALAR_H

#include <ebpfvm/opcodes.h>

#include "ir/verify/safety/tnum.h"

struct ebpf_scalar {
    struct ebpf_tnum bits;
    uint64_t umin, umax;
    int64_t smin, smax;
    uint32_t umin32, umax32; /* of the low half */
    int32_t smin32, smax32;
};

struct ebpf_scalar ebpf_scalar_unknown(void);
struct ebpf_scalar ebpf_scalar_const(uint64_t value);

/* All numbers from min to max, unsigned or signed. */
struct ebpf_scalar ebpf_scalar_urange(uint64_t min, uint64_t max);
struct ebpf_scalar ebpf_scalar_srange(int64_t min, int64_t max);

static inline bool ebpf_scalar_is_const(const struct ebpf_scalar *s)
{
    return s->umin == s->umax;
}

/* Whether a number is in the set. */
bool ebpf_scalar_has(const struct ebpf_scalar *s, uint64_t x);

/* Whether all of b is in a. */
bool ebpf_scalar_includes(const struct ebpf_scalar *a, const struct ebpf_scalar *b);

/* The least set with all of both. */
struct ebpf_scalar ebpf_scalar_join(const struct ebpf_scalar *a, const struct ebpf_scalar *b);

/* Keeps of *a what is in b too.  False if nothing is left; *a is then of no use. */
bool ebpf_scalar_meet(struct ebpf_scalar *a, const struct ebpf_scalar *b);

/* Keeps of *a the numbers whose low half is the low half of one in b. */
bool ebpf_scalar_meet_low(struct ebpf_scalar *a, const struct ebpf_scalar *b);

/* Tightens each part by the others.  False if that shows the set to be empty. */
bool ebpf_scalar_refine(struct ebpf_scalar *s);

/* The low 8, 16 or 32 bits, extended to 64. */
struct ebpf_scalar ebpf_scalar_zext(const struct ebpf_scalar *s, unsigned width);
struct ebpf_scalar ebpf_scalar_sext(const struct ebpf_scalar *s, unsigned width);

/* What an operation of alu.def makes of the two sets at a width of 32 or 64 bits (swaps: 16, 32 or
 * 64, b is not looked at). */
struct ebpf_scalar ebpf_scalar_alu(enum ebpf_oper oper, unsigned width,
                                   const struct ebpf_scalar *a, const struct ebpf_scalar *b);

/* What comes of a comparison. */
enum ebpf_branch { EBPF_BRANCH_NEVER, EBPF_BRANCH_ALWAYS, EBPF_BRANCH_BOTH };

/* Whether a condition of alu.def holds for all, none or some of the pairs. */
enum ebpf_branch ebpf_scalar_decide(enum ebpf_oper oper, unsigned width,
                                    const struct ebpf_scalar *a, const struct ebpf_scalar *b);

/* Keeps what the condition holds for, or with `negated` does not.  False if that is nothing. */
bool ebpf_scalar_assume(enum ebpf_oper oper, unsigned width, bool negated, struct ebpf_scalar *a,
                        struct ebpf_scalar *b);

#endif
