/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sets of numbers: making them, comparing them, and tightening their parts. */
#include "ir/verify/safety/scalar.h"

#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))

struct ebpf_scalar ebpf_scalar_unknown(void)
{
    return (struct ebpf_scalar){.bits = ebpf_tnum_unknown(), .umax = UINT64_MAX,
                                .smin = INT64_MIN, .smax = INT64_MAX, .umax32 = UINT32_MAX,
                                .smin32 = INT32_MIN, .smax32 = INT32_MAX};
}

struct ebpf_scalar ebpf_scalar_const(uint64_t value)
{
    uint32_t low = (uint32_t)value;
    return (struct ebpf_scalar){ebpf_tnum_const(value), value, value, (int64_t)value,
                                (int64_t)value, low, low, (int32_t)low, (int32_t)low};
}

struct ebpf_scalar ebpf_scalar_urange(uint64_t min, uint64_t max)
{
    struct ebpf_scalar s = ebpf_scalar_unknown();
    s.umin = min;
    s.umax = max;
    ebpf_scalar_refine(&s);
    return s;
}

struct ebpf_scalar ebpf_scalar_srange(int64_t min, int64_t max)
{
    struct ebpf_scalar s = ebpf_scalar_unknown();
    s.smin = min;
    s.smax = max;
    ebpf_scalar_refine(&s);
    return s;
}

bool ebpf_scalar_has(const struct ebpf_scalar *s, uint64_t x)
{
    int64_t sx = (int64_t)x;
    uint32_t low = (uint32_t)x;
    int32_t slow = (int32_t)low;
    return ebpf_tnum_has(s->bits, x) && x >= s->umin && x <= s->umax && sx >= s->smin &&
           sx <= s->smax && low >= s->umin32 && low <= s->umax32 && slow >= s->smin32 &&
           slow <= s->smax32;
}

bool ebpf_scalar_includes(const struct ebpf_scalar *a, const struct ebpf_scalar *b)
{
    return ebpf_tnum_includes(a->bits, b->bits) && a->umin <= b->umin && a->umax >= b->umax &&
           a->smin <= b->smin && a->smax >= b->smax && a->umin32 <= b->umin32 &&
           a->umax32 >= b->umax32 && a->smin32 <= b->smin32 && a->smax32 >= b->smax32;
}

struct ebpf_scalar ebpf_scalar_join(const struct ebpf_scalar *a, const struct ebpf_scalar *b)
{
    return (struct ebpf_scalar){
        ebpf_tnum_join(a->bits, b->bits), MIN(a->umin, b->umin), MAX(a->umax, b->umax),
        MIN(a->smin, b->smin), MAX(a->smax, b->smax), MIN(a->umin32, b->umin32),
        MAX(a->umax32, b->umax32), MIN(a->smin32, b->smin32), MAX(a->smax32, b->smax32)};
}

bool ebpf_scalar_meet(struct ebpf_scalar *a, const struct ebpf_scalar *b)
{
    a->umin = MAX(a->umin, b->umin);
    a->umax = MIN(a->umax, b->umax);
    a->smin = MAX(a->smin, b->smin);
    a->smax = MIN(a->smax, b->smax);
    return ebpf_tnum_meet(a->bits, b->bits, &a->bits) && ebpf_scalar_meet_low(a, b);
}

bool ebpf_scalar_meet_low(struct ebpf_scalar *a, const struct ebpf_scalar *b)
{
    struct ebpf_tnum low = ebpf_tnum_zext(b->bits, 32);
    low.mask |= UINT64_C(0xffffffff00000000);
    a->umin32 = MAX(a->umin32, b->umin32);
    a->umax32 = MIN(a->umax32, b->umax32);
    a->smin32 = MAX(a->smin32, b->smin32);
    a->smax32 = MIN(a->smax32, b->smax32);
    return ebpf_tnum_meet(a->bits, low, &a->bits) && ebpf_scalar_refine(a);
}

static bool is_empty(const struct ebpf_scalar *s)
{
    return s->umin > s->umax || s->smin > s->smax || s->umin32 > s->umax32 ||
           s->smin32 > s->smax32;
}

/* Ranges of the bits: the least number has the unknown ones clear, the greatest has them set; for
 * signed ranges an unknown sign counts the other way round. */
static void ranges_from_bits(struct ebpf_scalar *s)
{
    struct ebpf_tnum t = s->bits;
    uint64_t sign = UINT64_C(1) << 63;
    uint32_t value = (uint32_t)t.value, mask = (uint32_t)t.mask, sign32 = UINT32_C(1) << 31;
    s->umin = MAX(s->umin, t.value);
    s->umax = MIN(s->umax, t.value | t.mask);
    s->smin = MAX(s->smin, (int64_t)(t.value | (t.mask & sign)));
    s->smax = MIN(s->smax, (int64_t)(t.value | (t.mask & ~sign)));
    s->umin32 = MAX(s->umin32, value);
    s->umax32 = MIN(s->umax32, value | mask);
    s->smin32 = MAX(s->smin32, (int32_t)(value | (mask & sign32)));
    s->smax32 = MIN(s->smax32, (int32_t)(value | (mask & ~sign32)));
}

/* Signed from unsigned and back: a range that does not cross the border between the positive and
 * the negative numbers is the same range in both readings.  A signed range that does is, read as
 * unsigned, one part at the beginning and one at the end: if the unsigned range meets only one of
 * them, it is that part. */
static void cross_signs(struct ebpf_scalar *s)
{
    if ((int64_t)s->umin <= (int64_t)s->umax) {
        s->smin = MAX(s->smin, (int64_t)s->umin);
        s->smax = MIN(s->smax, (int64_t)s->umax);
    }
    if ((uint64_t)s->smin <= (uint64_t)s->smax) {
        s->umin = MAX(s->umin, (uint64_t)s->smin);
        s->umax = MIN(s->umax, (uint64_t)s->smax);
    } else if (s->umax < (uint64_t)s->smin) {
        s->smin = 0;
        s->umax = MIN(s->umax, (uint64_t)s->smax);
    } else if (s->umin > (uint64_t)s->smax) {
        s->smax = -1;
        s->umin = MAX(s->umin, (uint64_t)s->smin);
    }
    if ((int32_t)s->umin32 <= (int32_t)s->umax32) {
        s->smin32 = MAX(s->smin32, (int32_t)s->umin32);
        s->smax32 = MIN(s->smax32, (int32_t)s->umax32);
    }
    if ((uint32_t)s->smin32 <= (uint32_t)s->smax32) {
        s->umin32 = MAX(s->umin32, (uint32_t)s->smin32);
        s->umax32 = MIN(s->umax32, (uint32_t)s->smax32);
    } else if (s->umax32 < (uint32_t)s->smin32) {
        s->smin32 = 0;
        s->umax32 = MIN(s->umax32, (uint32_t)s->smax32);
    } else if (s->umin32 > (uint32_t)s->smax32) {
        s->smax32 = -1;
        s->umin32 = MAX(s->umin32, (uint32_t)s->smin32);
    }
}

/* The low half of the whole word: where the upper half cannot change, the range carries over; and
 * where the low half's sign extended is the whole range. */
static void low_from_whole(struct ebpf_scalar *s)
{
    if (s->umin >> 32 == s->umax >> 32) {
        s->umin32 = MAX(s->umin32, (uint32_t)s->umin);
        s->umax32 = MIN(s->umax32, (uint32_t)s->umax);
    }
    if (s->smin >= INT32_MIN && s->smax <= INT32_MAX) {
        s->smin32 = MAX(s->smin32, (int32_t)s->smin);
        s->smax32 = MIN(s->smax32, (int32_t)s->smax);
    }
}

/* The whole word of its low half.  Raising the least number to the first whose low half may be is
 * sound whatever the upper half is; so for the greatest. */
static void whole_from_low(struct ebpf_scalar *s)
{
    uint64_t high = s->umin & ~(uint64_t)UINT32_MAX;
    if ((uint32_t)s->umin < s->umin32)
        s->umin = high | s->umin32;
    high = s->umax & ~(uint64_t)UINT32_MAX;
    if ((uint32_t)s->umax > s->umax32)
        s->umax = high | s->umax32;
    if (s->smin >= INT32_MIN && s->smax <= INT32_MAX) {
        s->smin = MAX(s->smin, (int64_t)s->smin32);
        s->smax = MIN(s->smax, (int64_t)s->smax32);
    }
}

static bool bits_from_ranges(struct ebpf_scalar *s)
{
    struct ebpf_tnum low = ebpf_tnum_range(s->umin32, s->umax32);
    low.mask |= UINT64_C(0xffffffff00000000);
    return ebpf_tnum_meet(s->bits, ebpf_tnum_range(s->umin, s->umax), &s->bits) &&
           ebpf_tnum_meet(s->bits, low, &s->bits);
}

bool ebpf_scalar_refine(struct ebpf_scalar *s)
{
    for (int round = 0; round < 2; round++) {
        ranges_from_bits(s);
        for (int again = 0; again < 2; again++) {
            if (is_empty(s))
                return false;
            cross_signs(s);
            low_from_whole(s);
            whole_from_low(s);
        }
        if (is_empty(s) || !bits_from_ranges(s))
            return false;
    }
    ranges_from_bits(s);
    return !is_empty(s);
}

struct ebpf_scalar ebpf_scalar_zext(const struct ebpf_scalar *s, unsigned width)
{
    struct ebpf_scalar r = ebpf_scalar_unknown();
    r.bits = ebpf_tnum_zext(s->bits, width);
    if (width == 32) {
        r.umin = r.umin32 = s->umin32;
        r.umax = r.umax32 = s->umax32;
        r.smin32 = s->smin32;
        r.smax32 = s->smax32;
    } else if (s->umax32 >> width == 0) {
        r.umin = s->umin32;
        r.umax = s->umax32;
    }
    ebpf_scalar_refine(&r);
    return r;
}

struct ebpf_scalar ebpf_scalar_sext(const struct ebpf_scalar *s, unsigned width)
{
    struct ebpf_scalar r = ebpf_scalar_unknown();
    int64_t most = (INT64_C(1) << (width - 1)) - 1;
    r.bits = ebpf_tnum_sext(s->bits, width);
    r.smin = -most - 1;
    r.smax = most;
    if (s->smin32 >= r.smin && s->smax32 <= r.smax) {
        r.smin = s->smin32;
        r.smax = s->smax32;
    }
    ebpf_scalar_refine(&r);
    return r;
}
