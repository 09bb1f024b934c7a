/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What comparisons tell of sets of numbers.  Comparisons of 32 bits look at low halves only. */
#include "ir/alu.h"
#include "ir/verify/safety/scalar.h"

#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))

static enum ebpf_oper opposite(enum ebpf_oper oper)
{
    switch (oper) {
    case EBPF_OPER_JEQ: return EBPF_OPER_JNE;
    case EBPF_OPER_JNE: return EBPF_OPER_JEQ;
    case EBPF_OPER_JGT: return EBPF_OPER_JLE;
    case EBPF_OPER_JLE: return EBPF_OPER_JGT;
    case EBPF_OPER_JGE: return EBPF_OPER_JLT;
    case EBPF_OPER_JLT: return EBPF_OPER_JGE;
    case EBPF_OPER_JSGT: return EBPF_OPER_JSLE;
    case EBPF_OPER_JSLE: return EBPF_OPER_JSGT;
    case EBPF_OPER_JSGE: return EBPF_OPER_JSLT;
    case EBPF_OPER_JSLT: return EBPF_OPER_JSGE;
    default: return oper;
    }
}

/* a < b or, with `less` 0, a <= b; false if no pair is left. */
static bool unsigned_below(unsigned width, uint64_t less, struct ebpf_scalar *a,
                           struct ebpf_scalar *b)
{
    if (width == 32) {
        if (b->umax32 < less || a->umin32 > UINT32_MAX - less)
            return false;
        a->umax32 = MIN(a->umax32, (uint32_t)(b->umax32 - less));
        b->umin32 = MAX(b->umin32, (uint32_t)(a->umin32 + less));
    } else {
        if (b->umax < less || a->umin > UINT64_MAX - less)
            return false;
        a->umax = MIN(a->umax, b->umax - less);
        b->umin = MAX(b->umin, a->umin + less);
    }
    return true;
}

static bool signed_below(unsigned width, int less, struct ebpf_scalar *a, struct ebpf_scalar *b)
{
    if (width == 32) {
        if (b->smax32 < INT32_MIN + less || a->smin32 > INT32_MAX - less)
            return false;
        a->smax32 = MIN(a->smax32, b->smax32 - less);
        b->smin32 = MAX(b->smin32, a->smin32 + less);
    } else {
        if (b->smax < INT64_MIN + less || a->smin > INT64_MAX - less)
            return false;
        a->smax = MIN(a->smax, b->smax - less);
        b->smin = MAX(b->smin, a->smin + less);
    }
    return true;
}

static bool equal(unsigned width, struct ebpf_scalar *a, struct ebpf_scalar *b)
{
    struct ebpf_scalar old = *a;
    if (width == 32)
        return ebpf_scalar_meet_low(a, b) && ebpf_scalar_meet_low(b, &old);
    return ebpf_scalar_meet(a, b) && ebpf_scalar_meet(b, &old);
}

/* Takes a constant off the ends of the ranges. */
static bool remove_const(unsigned width, struct ebpf_scalar *a, const struct ebpf_scalar *b)
{
    if (width == 32) {
        uint32_t x = b->umin32;
        if (b->umin32 != b->umax32)
            return true;
        if (a->umin32 == x && a->umax32 == x)
            return false;
        a->umin32 += a->umin32 == x;
        a->umax32 -= a->umax32 == x;
        a->smin32 += a->smin32 == (int32_t)x && a->smin32 < a->smax32;
        a->smax32 -= a->smax32 == (int32_t)x && a->smin32 < a->smax32;
        return true;
    }
    uint64_t x = b->umin;
    if (b->umin != b->umax)
        return true;
    if (a->umin == x && a->umax == x)
        return false;
    a->umin += a->umin == x;
    a->umax -= a->umax == x;
    a->smin += a->smin == (int64_t)x && a->smin < a->smax;
    a->smax -= a->smax == (int64_t)x && a->smin < a->smax;
    return true;
}

/* Some bit of b is set in a, or with `negated` none is. */
static bool some_bit(unsigned width, bool negated, struct ebpf_scalar *a,
                     const struct ebpf_scalar *b)
{
    uint64_t low = width == 32 ? UINT32_MAX : UINT64_MAX;
    uint64_t sure = b->bits.value & low, maybe = (b->bits.value | b->bits.mask) & low;
    if (negated) {
        struct ebpf_tnum clear = {0, ~sure};
        return ebpf_tnum_meet(a->bits, clear, &a->bits);
    }
    uint64_t open = (a->bits.value | a->bits.mask) & maybe;
    if (!open)
        return false;
    if ((open & (open - 1)) == 0) { /* only one bit can be it */
        struct ebpf_tnum set = {open, ~open};
        return ebpf_tnum_meet(a->bits, set, &a->bits);
    }
    return true;
}

static bool assume(enum ebpf_oper oper, unsigned width, struct ebpf_scalar *a,
                   struct ebpf_scalar *b)
{
    switch (oper) {
    case EBPF_OPER_JEQ: return equal(width, a, b);
    case EBPF_OPER_JNE: return remove_const(width, a, b) && remove_const(width, b, a);
    case EBPF_OPER_JLT: return unsigned_below(width, 1, a, b);
    case EBPF_OPER_JLE: return unsigned_below(width, 0, a, b);
    case EBPF_OPER_JGT: return unsigned_below(width, 1, b, a);
    case EBPF_OPER_JGE: return unsigned_below(width, 0, b, a);
    case EBPF_OPER_JSLT: return signed_below(width, 1, a, b);
    case EBPF_OPER_JSLE: return signed_below(width, 0, a, b);
    case EBPF_OPER_JSGT: return signed_below(width, 1, b, a);
    case EBPF_OPER_JSGE: return signed_below(width, 0, b, a);
    default: return true;
    }
}

bool ebpf_scalar_assume(enum ebpf_oper oper, unsigned width, bool negated, struct ebpf_scalar *a,
                        struct ebpf_scalar *b)
{
    bool some = oper == EBPF_OPER_JSET
                    ? some_bit(width, negated, a, b) && some_bit(width, negated, b, a)
                    : assume(negated ? opposite(oper) : oper, width, a, b);
    return some && ebpf_scalar_refine(a) && ebpf_scalar_refine(b);
}

enum ebpf_branch ebpf_scalar_decide(enum ebpf_oper oper, unsigned width,
                                    const struct ebpf_scalar *a, const struct ebpf_scalar *b)
{
    if (ebpf_scalar_is_const(a) && ebpf_scalar_is_const(b))
        return ebpf_cond_eval(oper, width, a->umin, b->umin) ? EBPF_BRANCH_ALWAYS
                                                             : EBPF_BRANCH_NEVER;
    struct ebpf_scalar x = *a, y = *b;
    if (!ebpf_scalar_assume(oper, width, false, &x, &y))
        return EBPF_BRANCH_NEVER;
    x = *a;
    y = *b;
    return ebpf_scalar_assume(oper, width, true, &x, &y) ? EBPF_BRANCH_BOTH : EBPF_BRANCH_ALWAYS;
}
