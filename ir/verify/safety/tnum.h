/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Tristate numbers: for each bit of a word, whether it is 0, 1 or unknown.  A number x is in
 * {value, mask} if x agrees with `value` in all bits outside `mask`; value & mask is 0.
 * After Vishwanathan et al., "Sound, Precise, and Fast Abstract Interpretation with Tristate
 * Numbers" (CGO 2022).
 */
#ifndef IR_VERIFY_SAFETY_TNUM_H
#define IR_VERIFY_SAFETY_TNUM_H

#include <stdbool.h>
#include <stdint.h>

struct ebpf_tnum {
    uint64_t value, mask;
};

static inline struct ebpf_tnum ebpf_tnum_const(uint64_t value)
{
    return (struct ebpf_tnum){value, 0};
}

static inline struct ebpf_tnum ebpf_tnum_unknown(void)
{
    return (struct ebpf_tnum){0, UINT64_MAX};
}

static inline bool ebpf_tnum_has(struct ebpf_tnum t, uint64_t x)
{
    return ((x ^ t.value) & ~t.mask) == 0;
}

/* Whether all numbers of b are in a. */
static inline bool ebpf_tnum_includes(struct ebpf_tnum a, struct ebpf_tnum b)
{
    return (b.mask & ~a.mask) == 0 && ebpf_tnum_has(a, b.value);
}

/* Whether all numbers are multiples of 2^bits. */
static inline bool ebpf_tnum_is_aligned(struct ebpf_tnum t, uint64_t size)
{
    return ((t.value | t.mask) & (size - 1)) == 0;
}

/* The numbers that are in both, if there are any: else false, and *out is not set. */
static inline bool ebpf_tnum_meet(struct ebpf_tnum a, struct ebpf_tnum b, struct ebpf_tnum *out)
{
    if ((a.value ^ b.value) & ~a.mask & ~b.mask)
        return false;
    uint64_t mask = a.mask & b.mask;
    *out = (struct ebpf_tnum){(a.value | b.value) & ~mask, mask};
    return true;
}

/* The least that has all numbers of both. */
static inline struct ebpf_tnum ebpf_tnum_join(struct ebpf_tnum a, struct ebpf_tnum b)
{
    uint64_t mask = a.mask | b.mask | (a.value ^ b.value);
    return (struct ebpf_tnum){a.value & ~mask, mask};
}

/* The least that has all numbers from min to max. */
struct ebpf_tnum ebpf_tnum_range(uint64_t min, uint64_t max);

struct ebpf_tnum ebpf_tnum_add(struct ebpf_tnum a, struct ebpf_tnum b);
struct ebpf_tnum ebpf_tnum_sub(struct ebpf_tnum a, struct ebpf_tnum b);
struct ebpf_tnum ebpf_tnum_mul(struct ebpf_tnum a, struct ebpf_tnum b);
struct ebpf_tnum ebpf_tnum_and(struct ebpf_tnum a, struct ebpf_tnum b);
struct ebpf_tnum ebpf_tnum_or(struct ebpf_tnum a, struct ebpf_tnum b);
struct ebpf_tnum ebpf_tnum_xor(struct ebpf_tnum a, struct ebpf_tnum b);

/* Shifts by a number of bits below 64. */
struct ebpf_tnum ebpf_tnum_shl(struct ebpf_tnum a, unsigned bits);
struct ebpf_tnum ebpf_tnum_shr(struct ebpf_tnum a, unsigned bits);
struct ebpf_tnum ebpf_tnum_sar(struct ebpf_tnum a, unsigned bits);

/* The low 8, 16 or 32 bits, zero-extended or sign-extended. */
struct ebpf_tnum ebpf_tnum_zext(struct ebpf_tnum a, unsigned width);
struct ebpf_tnum ebpf_tnum_sext(struct ebpf_tnum a, unsigned width);

#endif
