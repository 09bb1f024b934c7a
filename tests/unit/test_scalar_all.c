/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The sets of numbers of the safety verifier at 8 bits, against concrete arithmetic, exhaustively:
 * all tristate numbers and all ranges, all pairs of them.  That takes hours, so each run does a
 * share, and SCALAR_RUNS=N in the environment N times as much, up to all of it.  What is as tight
 * as can be has to stay so.
 */
#include "tests/unit/scalar_unit.h"

enum { TNUMS = 6561, MEMBERS = 65536, RANGES = 256 * 257 / 2 };

/* How many of these shares there are of all pairs. */
enum { TNUM_SHARES = 81, RANGE_SHARES = 16384 };

/* All tristate numbers of 8 bits, and the numbers that are in each. */
static struct ebpf_tnum tnums[TNUMS];
static uint64_t members[MEMBERS];
static uint32_t first_member[TNUMS + 1];

static void fill_tnums(void)
{
    uint32_t count = 0, used = 0;
    for (unsigned mask = 0; mask < 256; mask++)
        for (unsigned value = 0; value < 256; value++) {
            if (value & mask)
                continue;
            tnums[count] = (struct ebpf_tnum){value, mask};
            first_member[count++] = used;
            for (unsigned x = 0; x < 256; x++)
                if (ebpf_tnum_has(tnums[count - 1], x))
                    members[used++] = x;
        }
    first_member[count] = used;
    ck_assert(count == TNUMS && used == MEMBERS);
}

static bool same(struct ebpf_tnum a, struct ebpf_tnum b)
{
    return a.value == b.value && a.mask == b.mask;
}

/* The least tristate number that has all numbers whose bits were all of `all`, and any of `any`. */
static struct ebpf_tnum hull(uint64_t all, uint64_t any)
{
    return (struct ebpf_tnum){all, any & ~all};
}

/* --- tristate numbers ------------------------------------------------------------------------- */

/* What an operation makes of all members of two. */
#define HULL_OF(a, b, expression)                                                                  \
    static struct ebpf_tnum a##_hull_##b(uint32_t i, uint32_t j)                                   \
    {                                                                                              \
        uint64_t all = UINT64_MAX, any = 0;                                                        \
        for (uint32_t p = first_member[i]; p < first_member[i + 1]; p++)                           \
            for (uint32_t q = first_member[j]; q < first_member[j + 1]; q++) {                     \
                uint64_t x = members[p], y = members[q], z = (expression);                         \
                all &= z;                                                                          \
                any |= z;                                                                          \
            }                                                                                      \
        return hull(all, any);                                                                     \
    }
HULL_OF(tnum, add, x + y)
HULL_OF(tnum, sub, x - y)
HULL_OF(tnum, mul, x *y)
HULL_OF(tnum, and, x &y)
HULL_OF(tnum, or, x | y)
HULL_OF(tnum, xor, x ^ y)

START_TEST(tristate_numbers_with_each_other)
{
    fill_tnums();
    for (uint32_t i = 0; i < TNUMS; i++) {
        if (i * 2741u % TNUMS >= TNUMS / TNUM_SHARES * runs())
            continue;
        for (uint32_t j = 0; j < TNUMS; j++) {
            struct ebpf_tnum a = tnums[i], b = tnums[j];
            HOLDS(same(ebpf_tnum_add(a, b), tnum_hull_add(i, j)));
            HOLDS(same(ebpf_tnum_sub(a, b), tnum_hull_sub(i, j)));
            HOLDS(same(ebpf_tnum_and(a, b), tnum_hull_and(i, j)));
            HOLDS(same(ebpf_tnum_or(a, b), tnum_hull_or(i, j)));
            HOLDS(same(ebpf_tnum_xor(a, b), tnum_hull_xor(i, j)));
            HOLDS(ebpf_tnum_includes(ebpf_tnum_mul(a, b), tnum_hull_mul(i, j)));
        }
    }
}
END_TEST

/* At both ends of both halves of a word. */
START_TEST(tristate_numbers_shifted_and_extended)
{
    static const unsigned places[] = {0, 24, 28, 56};
    static const unsigned widths[] = {8, 16, 32};
    fill_tnums();
    for (uint32_t i = 0; i < TNUMS * 4u; i++) {
        unsigned place = places[i % 4];
        struct ebpf_tnum t = {tnums[i / 4].value << place, tnums[i / 4].mask << place};
        uint64_t least = t.value, most = t.value | t.mask;
        for (unsigned bits = 0; bits < 64; bits++) {
            HOLDS(same(ebpf_tnum_shl(t, bits), hull(least << bits, most << bits)));
            HOLDS(same(ebpf_tnum_shr(t, bits), hull(least >> bits, most >> bits)));
            HOLDS(same(ebpf_tnum_sar(t, bits),
                       hull((uint64_t)((int64_t)least >> bits),
                            (uint64_t)((int64_t)most >> bits))));
        }
        for (int w = 0; w < 3; w++) {
            unsigned up = 64 - widths[w];
            HOLDS(same(ebpf_tnum_zext(t, widths[w]), hull(least << up >> up, most << up >> up)));
            HOLDS(same(ebpf_tnum_sext(t, widths[w]),
                       hull((uint64_t)((int64_t)(least << up) >> up),
                            (uint64_t)((int64_t)(most << up) >> up))));
        }
    }
}
END_TEST

/* A set of numbers of 8 bits. */
struct bits {
    uint64_t words[4];
};

static struct bits bits_of(struct ebpf_tnum t)
{
    struct bits bits = {{0}};
    for (unsigned x = 0; x < 256; x++)
        if (ebpf_tnum_has(t, x))
            bits.words[x / 64] |= UINT64_C(1) << x % 64;
    return bits;
}

START_TEST(tristate_numbers_as_sets)
{
    static struct bits sets[TNUMS];
    static uint16_t index_of[256][256];
    fill_tnums();
    for (uint32_t i = 0; i < TNUMS; i++) {
        sets[i] = bits_of(tnums[i]);
        index_of[tnums[i].value][tnums[i].mask] = (uint16_t)i;
    }
    for (uint32_t i = 0; i < TNUMS; i++)
        for (uint32_t j = 0; j < TNUMS; j++) {
            const struct ebpf_tnum a = tnums[i], b = tnums[j];
            struct ebpf_tnum meet = a;
            bool any = false, equal = true, within = true;
            const bool met = ebpf_tnum_meet(a, b, &meet);
            const struct bits *m = &sets[index_of[meet.value][meet.mask]];
            for (int w = 0; w < 4; w++) {
                uint64_t both = sets[i].words[w] & sets[j].words[w];
                any |= both != 0;
                equal &= m->words[w] == both;
                within &= both == sets[j].words[w];
            }
            HOLDS(met == any && (!met || equal));
            HOLDS(ebpf_tnum_includes(a, b) == within);
            HOLDS(same(ebpf_tnum_join(a, b),
                       hull(a.value & b.value, a.value | a.mask | b.value | b.mask)));
        }
}
END_TEST

START_TEST(tristate_numbers_of_ranges)
{
    for (unsigned i = 0; i < 256; i++) {
        uint64_t all = i, any = i;
        for (unsigned j = i; j < 256; j++) {
            all &= j;
            any |= j;
            HOLDS(same(ebpf_tnum_range(i, j), hull(all, any)));
        }
    }
}
END_TEST

/* --- ranges ----------------------------------------------------------------------------------- */

/* The range from least to most, which are numbers of 8 bits with a sign. */
struct range {
    int64_t least, most;
    struct ebpf_scalar set;
};

static struct range ranges[RANGES];

static void fill_ranges(void)
{
    size_t count = 0;
    for (int i = -128; i < 128; i++)
        for (int j = i; j < 128; j++)
            ranges[count++] = (struct range){i, j, ebpf_scalar_srange(i, j)};
    ck_assert_uint_eq(count, RANGES);
}

/* A member: one of the ends, or any. */
static uint64_t pick(const struct range *r, unsigned which)
{
    if (which < 2)
        return (uint64_t)(which ? r->most : r->least);
    return (uint64_t)r->least + next() % (uint64_t)(r->most - r->least + 1);
}

static void check_members(const struct range *a, const struct range *b)
{
    uint64_t x[6], y[6];
    for (unsigned m = 0; m < 6; m++) {
        x[m] = pick(a, m < 4 ? m & 1 : 2);
        y[m] = pick(b, m < 4 ? m >> 1 : 2);
    }
    for (size_t o = 0; o < sizeof(opers) / sizeof(opers[0]); o++)
        for (unsigned width = 32; width <= 64; width += 32) {
            struct ebpf_scalar r = ebpf_scalar_alu(opers[o], width, &a->set, &b->set);
            for (unsigned m = 0; m < 6; m++)
                HOLDS(ebpf_scalar_has(&r, ebpf_alu_eval(opers[o], width, x[m], y[m])));
        }
    for (size_t o = 0; o < sizeof(conditions) / sizeof(conditions[0]); o++)
        for (unsigned width = 32; width <= 64; width += 32)
            for (unsigned m = 3; m < 5; m++)
                check_condition(conditions[o], width, &a->set, &b->set, x[m], y[m]);
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Sums, differences and products of ranges have exactly these ends. */
static void check_ends(const struct range *a, const struct range *b)
{
    struct ebpf_scalar sum = ebpf_scalar_alu(EBPF_OPER_ADD, 64, &a->set, &b->set);
    struct ebpf_scalar difference = ebpf_scalar_alu(EBPF_OPER_SUB, 64, &a->set, &b->set);
    struct ebpf_scalar product = ebpf_scalar_alu(EBPF_OPER_MUL, 64, &a->set, &b->set);
    HOLDS(sum.smin == a->least + b->least && sum.smax == a->most + b->most);
    HOLDS(difference.smin == a->least - b->most && difference.smax == a->most - b->least);
    int64_t p = a->least * b->least, q = a->least * b->most;
    int64_t r = a->most * b->least, t = a->most * b->most;
    if (a->least >= 0 && b->least >= 0)
        HOLDS(product.smin == lesser(lesser(p, q), lesser(r, t)) &&
              product.smax == greater(greater(p, q), greater(r, t)));
}

static enum ebpf_branch way(bool always, bool never)
{
    return always ? EBPF_BRANCH_ALWAYS : never ? EBPF_BRANCH_NEVER : EBPF_BRANCH_BOTH;
}

/* Which way a comparison goes is known whenever it can be, and what it teaches is all there is. */
static void check_comparison(const struct range *a, const struct range *b)
{
    const struct ebpf_scalar *p = &a->set, *q = &b->set;
    bool disjoint = a->most < b->least || b->most < a->least;
    bool constants = a->least == a->most && b->least == b->most && !disjoint;
    for (unsigned width = 32; width <= 64; width += 32) {
        HOLDS(ebpf_scalar_decide(EBPF_OPER_JSLT, width, p, q) ==
              way(a->most < b->least, a->least >= b->most));
        HOLDS(ebpf_scalar_decide(EBPF_OPER_JSGE, width, p, q) ==
              way(a->least >= b->most, a->most < b->least));
        HOLDS(ebpf_scalar_decide(EBPF_OPER_JEQ, width, p, q) == way(constants, disjoint));
    }
    struct ebpf_scalar x = *p, y = *q;
    if (ebpf_scalar_assume(EBPF_OPER_JSLT, 64, false, &x, &y))
        HOLDS(x.smax == lesser(a->most, b->most - 1) &&
              y.smin == greater(b->least, a->least + 1));
    else
        HOLDS(a->least >= b->most);
}

START_TEST(ranges_with_each_other)
{
    uint64_t all = (uint64_t)RANGES * RANGES;
    uint64_t step = runs() < RANGE_SHARES ? RANGE_SHARES / runs() : 1;
    fill_ranges();
    for (uint64_t pair = next() % step; pair < all; pair += step) {
        const struct range *a = &ranges[pair / RANGES], *b = &ranges[pair % RANGES];
        check_members(a, b);
        check_ends(a, b);
        check_comparison(a, b);
    }
}
END_TEST

static TCase *scalar(void)
{
    TCase *tc = tcase_create("all of 8 bits");
    tcase_add_test(tc, tristate_numbers_with_each_other);
    tcase_add_test(tc, tristate_numbers_shifted_and_extended);
    tcase_add_test(tc, tristate_numbers_as_sets);
    tcase_add_test(tc, tristate_numbers_of_ranges);
    tcase_add_test(tc, ranges_with_each_other);
    tcase_set_timeout(tc, 60.0 * (double)runs());
    return tc;
}

RUN_SUITE("scalars of 8 bits", scalar)
