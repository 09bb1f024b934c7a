/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What arithmetic makes of sets of numbers.  Operations on 32 bits work on operands that are
 * zero-extended first, and are cut to 32 bits at the end; where the sign matters they work on
 * sign-extended ones.
 */
#include "ir/alu.h"
#include "ir/verify/safety/scalar.h"

#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))

typedef const struct ebpf_scalar *set;

static struct ebpf_scalar from_bits(struct ebpf_tnum bits)
{
    struct ebpf_scalar r = ebpf_scalar_unknown();
    r.bits = bits;
    return r;
}

static struct ebpf_scalar add(set a, set b)
{
    struct ebpf_scalar r = from_bits(ebpf_tnum_add(a->bits, b->bits));
    uint64_t umin = a->umin + b->umin, umax;
    int64_t smin, smax;
    int32_t smin32, smax32;
    uint32_t umin32 = a->umin32 + b->umin32, umax32;
    if (!__builtin_add_overflow(a->umax, b->umax, &umax))
        r.umin = umin, r.umax = umax;
    if (!__builtin_add_overflow(a->smin, b->smin, &smin) &&
        !__builtin_add_overflow(a->smax, b->smax, &smax))
        r.smin = smin, r.smax = smax;
    if (!__builtin_add_overflow(a->umax32, b->umax32, &umax32))
        r.umin32 = umin32, r.umax32 = umax32;
    if (!__builtin_add_overflow(a->smin32, b->smin32, &smin32) &&
        !__builtin_add_overflow(a->smax32, b->smax32, &smax32))
        r.smin32 = smin32, r.smax32 = smax32;
    return r;
}

static struct ebpf_scalar sub(set a, set b)
{
    struct ebpf_scalar r = from_bits(ebpf_tnum_sub(a->bits, b->bits));
    int64_t smin, smax;
    int32_t smin32, smax32;
    if (a->umin >= b->umax)
        r.umin = a->umin - b->umax, r.umax = a->umax - b->umin;
    if (!__builtin_sub_overflow(a->smin, b->smax, &smin) &&
        !__builtin_sub_overflow(a->smax, b->smin, &smax))
        r.smin = smin, r.smax = smax;
    if (a->umin32 >= b->umax32)
        r.umin32 = a->umin32 - b->umax32, r.umax32 = a->umax32 - b->umin32;
    if (!__builtin_sub_overflow(a->smin32, b->smax32, &smin32) &&
        !__builtin_sub_overflow(a->smax32, b->smin32, &smax32))
        r.smin32 = smin32, r.smax32 = smax32;
    return r;
}

static struct ebpf_scalar mul(set a, set b)
{
    struct ebpf_scalar r = from_bits(ebpf_tnum_mul(a->bits, b->bits));
    uint64_t umax;
    if (!__builtin_mul_overflow(a->umax, b->umax, &umax))
        r.umin = a->umin * b->umin, r.umax = umax;
    int64_t p[4];
    if (!__builtin_mul_overflow(a->smin, b->smin, &p[0]) &&
        !__builtin_mul_overflow(a->smin, b->smax, &p[1]) &&
        !__builtin_mul_overflow(a->smax, b->smin, &p[2]) &&
        !__builtin_mul_overflow(a->smax, b->smax, &p[3])) {
        r.smin = MIN(MIN(p[0], p[1]), MIN(p[2], p[3]));
        r.smax = MAX(MAX(p[0], p[1]), MAX(p[2], p[3]));
    }
    return r;
}

static struct ebpf_scalar and(set a, set b)
{
    struct ebpf_scalar r = from_bits(ebpf_tnum_and(a->bits, b->bits));
    r.umax = MIN(a->umax, b->umax);
    r.umax32 = MIN(a->umax32, b->umax32);
    return r;
}

static struct ebpf_scalar or(set a, set b)
{
    struct ebpf_scalar r = from_bits(ebpf_tnum_or(a->bits, b->bits));
    r.umin = MAX(a->umin, b->umin);
    r.umin32 = MAX(a->umin32, b->umin32);
    return r;
}

/* Division by 0 gives 0. */
static struct ebpf_scalar divide(set a, set b)
{
    struct ebpf_scalar r = ebpf_scalar_unknown();
    r.umin = b->umin == 0 ? 0 : a->umin / b->umax;
    r.umax = a->umax / MAX(b->umin, 1);
    return r;
}

/* Modulo 0 leaves the number as it is. */
static struct ebpf_scalar modulo(set a, set b)
{
    struct ebpf_scalar r = ebpf_scalar_unknown();
    if (a->umax < b->umin)
        return *a;
    r.umax = b->umin == 0 ? a->umax : MIN(a->umax, b->umax - 1);
    return r;
}

/* Signed division by a constant other than 0 and -1 is monotonic. */
static struct ebpf_scalar sdivide(set a, set b)
{
    struct ebpf_scalar r = ebpf_scalar_unknown();
    int64_t by = b->smin;
    if (b->smin != b->smax || by == 0 || by == -1)
        return r;
    int64_t p = a->smin / by, q = a->smax / by;
    r.smin = MIN(p, q);
    r.smax = MAX(p, q);
    return r;
}

/* The result has the sign of the dividend and is smaller than the divisor. */
static struct ebpf_scalar smodulo(set a, set b)
{
    struct ebpf_scalar r = ebpf_scalar_unknown();
    int64_t by = b->smin;
    if (b->smin != b->smax || by == 0 || by == INT64_MIN)
        return r;
    int64_t most = (by < 0 ? -by : by) - 1;
    r.smin = a->smin >= 0 ? 0 : MAX(a->smin, -most);
    r.smax = a->smax <= 0 ? 0 : MIN(a->smax, most);
    return r;
}

static struct ebpf_scalar shift_left(set a, unsigned bits)
{
    struct ebpf_scalar r = from_bits(ebpf_tnum_shl(a->bits, bits));
    if (a->umax <= UINT64_MAX >> bits)
        r.umin = a->umin << bits, r.umax = a->umax << bits;
    if (bits < 63 && a->smin >= INT64_MIN >> bits && a->smax <= INT64_MAX >> bits) {
        r.smin = (int64_t)((uint64_t)a->smin << bits);
        r.smax = (int64_t)((uint64_t)a->smax << bits);
    }
    return r;
}

static struct ebpf_scalar shift_right(set a, unsigned bits)
{
    struct ebpf_scalar r = from_bits(ebpf_tnum_shr(a->bits, bits));
    r.umin = a->umin >> bits;
    r.umax = a->umax >> bits;
    return r;
}

static struct ebpf_scalar shift_arithmetic(set a, unsigned bits)
{
    struct ebpf_scalar r = from_bits(ebpf_tnum_sar(a->bits, bits));
    r.smin = a->smin >> bits;
    r.smax = a->smax >> bits;
    return r;
}

/* Whether a number is shifted by a constant that is too large.  Engines drop bits of it, others do
 * something else: nothing is taken for known then. */
static bool shifts_too_far(enum ebpf_oper oper, unsigned width, set b)
{
    bool shifts = oper == EBPF_OPER_LSH || oper == EBPF_OPER_RSH || oper == EBPF_OPER_ARSH;
    return shifts && (width == 32 ? (uint32_t)b->umin : b->umin) >= width;
}

/* Shifts by an unknown number of bits: between the least and the most, if no bits are dropped from
 * the number by which it is shifted. */
static struct ebpf_scalar shift(enum ebpf_oper oper, unsigned width, set a, set b)
{
    struct ebpf_scalar (*by)(set, unsigned) = oper == EBPF_OPER_LSH   ? shift_left
                                              : oper == EBPF_OPER_RSH ? shift_right
                                                                      : shift_arithmetic;
    struct ebpf_scalar r = ebpf_scalar_unknown();
    if (ebpf_scalar_is_const(b))
        return b->umin < width ? by(a, (unsigned)b->umin) : r;
    bool small = b->umax < width;
    if (oper == EBPF_OPER_LSH) {
        if (small && a->umax <= UINT64_MAX >> b->umax)
            r.umin = a->umin << b->umin, r.umax = a->umax << b->umax;
    } else if (oper == EBPF_OPER_RSH) {
        r.umin = small ? a->umin >> b->umax : 0;
        r.umax = small ? a->umax >> b->umin : a->umax;
    } else {
        r.smin = a->smin >= 0 ? 0 : a->smin;
        r.smax = a->smax >= 0 ? a->smax : -1;
    }
    return r;
}

static struct ebpf_scalar swap(enum ebpf_oper oper, unsigned width, set a)
{
    if (ebpf_scalar_is_const(a))
        return ebpf_scalar_const(ebpf_alu_eval(oper, width, a->umin, 0));
    /* Swapping permutes bits, so that it works on known and unknown ones alike. */
    return from_bits((struct ebpf_tnum){ebpf_alu_eval(oper, width, a->bits.value, 0),
                                        ebpf_alu_eval(oper, width, a->bits.mask, 0)});
}

/* On operands of 64 bits, or such that were extended to that. */
static struct ebpf_scalar operate(enum ebpf_oper oper, unsigned width, set a, set b)
{
    struct ebpf_scalar zero = ebpf_scalar_const(0);
    switch (oper) {
    case EBPF_OPER_ADD: return add(a, b);
    case EBPF_OPER_SUB: return sub(a, b);
    case EBPF_OPER_MUL: return mul(a, b);
    case EBPF_OPER_DIV: return divide(a, b);
    case EBPF_OPER_MOD: return modulo(a, b);
    case EBPF_OPER_SDIV: return sdivide(a, b);
    case EBPF_OPER_SMOD: return smodulo(a, b);
    case EBPF_OPER_AND: return and(a, b);
    case EBPF_OPER_OR: return or(a, b);
    case EBPF_OPER_XOR: return from_bits(ebpf_tnum_xor(a->bits, b->bits));
    case EBPF_OPER_NEG: return sub(&zero, a);
    case EBPF_OPER_LSH:
    case EBPF_OPER_RSH:
    case EBPF_OPER_ARSH: return shift(oper, width, a, b);
    default: return ebpf_scalar_unknown();
    }
}

static bool is_signed(enum ebpf_oper oper)
{
    return oper == EBPF_OPER_SDIV || oper == EBPF_OPER_SMOD || oper == EBPF_OPER_ARSH;
}

/* Addition and subtraction know their low half's ranges themselves: extending would lose one of
 * the two readings. */
static bool keeps_low_half(enum ebpf_oper oper)
{
    return oper == EBPF_OPER_ADD || oper == EBPF_OPER_SUB || oper == EBPF_OPER_NEG ||
           oper == EBPF_OPER_AND || oper == EBPF_OPER_OR || oper == EBPF_OPER_XOR;
}

struct ebpf_scalar ebpf_scalar_alu(enum ebpf_oper oper, unsigned width, set a, set b)
{
    struct ebpf_scalar r, wide_a = *a, wide_b = *b;
    switch (oper) {
    case EBPF_OPER_LE:
    case EBPF_OPER_BE:
    case EBPF_OPER_BSWAP:
        r = swap(oper, width, a);
        ebpf_scalar_refine(&r);
        return r;
    case EBPF_OPER_MOV: return width == 32 ? ebpf_scalar_zext(b, 32) : *b;
    case EBPF_OPER_MOVSX8: r = ebpf_scalar_sext(b, 8); break;
    case EBPF_OPER_MOVSX16: r = ebpf_scalar_sext(b, 16); break;
    case EBPF_OPER_MOVSX32: r = ebpf_scalar_sext(b, 32); break;
    default:
        if (ebpf_scalar_is_const(a) && !shifts_too_far(oper, width, b) &&
            (oper == EBPF_OPER_NEG || ebpf_scalar_is_const(b)))
            return ebpf_scalar_const(ebpf_alu_eval(oper, width, a->umin, b->umin));
        if (width == 32 && !keeps_low_half(oper)) {
            bool sign = is_signed(oper), shifts = oper == EBPF_OPER_ARSH;
            wide_a = sign ? ebpf_scalar_sext(a, 32) : ebpf_scalar_zext(a, 32);
            wide_b = sign && !shifts ? ebpf_scalar_sext(b, 32) : ebpf_scalar_zext(b, 32);
        }
        r = operate(oper, width, &wide_a, &wide_b);
        ebpf_scalar_refine(&r);
    }
    return width == 32 ? ebpf_scalar_zext(&r, 32) : r;
}
