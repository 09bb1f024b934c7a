/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The sets of numbers of the safety verifier against concrete arithmetic: for every operation,
 * whatever numbers are in the operands' sets, the result is in the result's set.
 */
#include "tests/unit/scalar_unit.h"

enum { MEMBERS = 4 };

/* Some numbers, and a set that has them: as tight as can be, or with some of it given away. */
static struct ebpf_scalar make_set(uint64_t members[MEMBERS])
{
    uint64_t base = number();
    bool near = next() & 1;
    members[0] = base;
    struct ebpf_scalar s = ebpf_scalar_const(base), all = ebpf_scalar_unknown();
    for (int i = 1; i < MEMBERS; i++) {
        members[i] = near ? base + (next() & 15) : (next() & 3) ? base : number();
        struct ebpf_scalar other = ebpf_scalar_const(members[i]);
        s = ebpf_scalar_join(&s, &other);
    }
    switch (next() & 7) {
    case 0: s.bits = all.bits; break;
    case 1: s.umin = 0, s.umax = UINT64_MAX; break;
    case 2: s.smin = INT64_MIN, s.smax = INT64_MAX; break;
    case 3: s.umin32 = 0, s.umax32 = UINT32_MAX; break;
    case 4: s.smin32 = INT32_MIN, s.smax32 = INT32_MAX; break;
    default: break;
    }
    HOLDS(ebpf_scalar_refine(&s));
    for (int i = 0; i < MEMBERS; i++)
        HOLDS(ebpf_scalar_has(&s, members[i]));
    return s;
}

START_TEST(arithmetic_is_contained)
{
    for (uint64_t i = 0; i < 20000 * runs(); i++) {
        uint64_t x[MEMBERS], y[MEMBERS];
        struct ebpf_scalar a = make_set(x), b = make_set(y);
        for (size_t o = 0; o < sizeof(opers) / sizeof(opers[0]); o++)
            for (unsigned width = 32; width <= 64; width += 32)
                for (int m = 0; m < MEMBERS; m++)
                    check_alu(opers[o], width, &a, &b, x[m], y[MEMBERS - 1 - m]);
    }
}
END_TEST

START_TEST(swaps_of_16_bits_are_contained)
{
    for (uint64_t i = 0; i < 20000 * runs(); i++) {
        uint64_t x[MEMBERS];
        struct ebpf_scalar a = make_set(x);
        for (size_t o = 0; o < sizeof(opers) / sizeof(opers[0]); o++)
            for (int m = 0; swaps(opers[o]) && m < MEMBERS; m++)
                check_alu(opers[o], 16, &a, &a, x[m], 0);
    }
}
END_TEST

START_TEST(comparisons_keep_what_they_hold_for)
{
    for (uint64_t i = 0; i < 20000 * runs(); i++) {
        uint64_t x[MEMBERS], y[MEMBERS];
        struct ebpf_scalar a = make_set(x), b = make_set(y);
        if (next() & 1) {
            y[0] = y[1] = y[2] = y[3];
            b = ebpf_scalar_const(y[3]);
        }
        for (size_t o = 0; o < sizeof(conditions) / sizeof(conditions[0]); o++)
            for (unsigned width = 32; width <= 64; width += 32)
                for (int m = 0; m < MEMBERS; m++)
                    check_condition(conditions[o], width, &a, &b, x[m], y[MEMBERS - 1 - m]);
    }
}
END_TEST

/* Every tristate number of 8 bits, in the low bits, as the only thing known; and every range of
 * small numbers around zero. */
static struct ebpf_scalar from_tnum(unsigned value, unsigned mask)
{
    struct ebpf_scalar s = ebpf_scalar_unknown();
    s.bits = (struct ebpf_tnum){value, mask};
    HOLDS(ebpf_scalar_refine(&s));
    return s;
}

static void check_pair(const struct ebpf_scalar *a, const struct ebpf_scalar *b, int least,
                       int most)
{
    for (size_t o = 0; o < sizeof(opers) / sizeof(opers[0]); o++) {
        struct ebpf_scalar r = ebpf_scalar_alu(opers[o], 64, a, b);
        struct ebpf_scalar r32 = ebpf_scalar_alu(opers[o], 32, a, b);
        for (int64_t x = least; x <= most; x++)
            for (int64_t y = least; y <= most; y++) {
                uint64_t p = (uint64_t)x, q = (uint64_t)y;
                if (!ebpf_scalar_has(a, p) || !ebpf_scalar_has(b, q))
                    continue;
                HOLDS(ebpf_scalar_has(&r, ebpf_alu_eval(opers[o], 64, p, q)));
                HOLDS(ebpf_scalar_has(&r32, ebpf_alu_eval(opers[o], 32, p, q)));
            }
    }
}

/* The same of conditions, for both widths. */
static void check_pair_of_conditions(const struct ebpf_scalar *a, const struct ebpf_scalar *b,
                                     int least, int most)
{
    for (int64_t x = least; x <= most; x++)
        for (int64_t y = least; y <= most; y++) {
            if (!ebpf_scalar_has(a, (uint64_t)x) || !ebpf_scalar_has(b, (uint64_t)y))
                continue;
            for (size_t o = 0; o < sizeof(conditions) / sizeof(conditions[0]); o++)
                for (unsigned width = 32; width <= 64; width += 32)
                    check_condition(conditions[o], width, a, b, (uint64_t)x, (uint64_t)y);
        }
}

START_TEST(all_tristate_numbers_of_4_bits)
{
    for (unsigned i = 0; i < 256; i++)
        for (unsigned j = 0; j < 256; j++) {
            if (i >> 4 & i & 15 || j >> 4 & j & 15)
                continue;
            struct ebpf_scalar a = from_tnum(i >> 4, i & 15), b = from_tnum(j >> 4, j & 15);
            check_pair(&a, &b, 0, 15);
            check_pair_of_conditions(&a, &b, 0, 15);
        }
}
END_TEST

START_TEST(all_small_ranges)
{
    for (int i = -4; i < 5; i++)
        for (int j = i; j < 5; j++)
            for (int k = -4; k < 5; k++)
                for (int l = k; l < 5; l++) {
                    struct ebpf_scalar a = ebpf_scalar_srange(i, j), b = ebpf_scalar_srange(k, l);
                    check_pair(&a, &b, -4, 4);
                    check_pair_of_conditions(&a, &b, -4, 4);
                }
}
END_TEST

/* Multiplication and addition of all tristate numbers of 8 bits with constants: exhaustive. */
START_TEST(tristate_numbers_of_8_bits)
{
    for (unsigned value = 0; value < 256; value++)
        for (unsigned mask = 0; mask < 256; mask++) {
            if (value & mask)
                continue;
            struct ebpf_tnum a = {value, mask}, b = {mask >> 1 & ~value, value};
            struct ebpf_tnum sum = ebpf_tnum_add(a, b), difference = ebpf_tnum_sub(a, b);
            struct ebpf_tnum product = ebpf_tnum_mul(a, b);
            for (unsigned x = mask;; x = (x - 1) & mask) {
                uint64_t p = value | x, q = b.value | (x & b.mask);
                HOLDS(ebpf_tnum_has(sum, p + q));
                HOLDS(ebpf_tnum_has(difference, p - q));
                HOLDS(ebpf_tnum_has(product, p * q));
                if (!x)
                    break;
            }
        }
}
END_TEST

START_TEST(what_comparisons_teach)
{
    struct ebpf_scalar a = ebpf_scalar_unknown(), b = ebpf_scalar_const(10);
    ck_assert(ebpf_scalar_assume(EBPF_OPER_JLT, 64, false, &a, &b));
    ck_assert(a.umax == 9 && a.smin == 0 && a.smax == 9 && a.bits.mask == 15);
    a = ebpf_scalar_unknown();
    ck_assert(ebpf_scalar_assume(EBPF_OPER_JSLT, 64, false, &a, &b));
    ck_assert(a.smax == 9 && a.umax == UINT64_MAX);
    a = ebpf_scalar_unknown();
    ck_assert(ebpf_scalar_assume(EBPF_OPER_JLT, 32, false, &a, &b));
    ck_assert(a.umax32 == 9 && a.umax == (UINT64_MAX & ~UINT64_C(0xffffffff)) + 9);
    a = ebpf_scalar_zext(&a, 32);
    ck_assert(a.umax == 9);
    a = ebpf_scalar_urange(3, 7);
    ck_assert_int_eq(ebpf_scalar_decide(EBPF_OPER_JGT, 64, &a, &b), EBPF_BRANCH_NEVER);
    ck_assert_int_eq(ebpf_scalar_decide(EBPF_OPER_JNE, 64, &a, &b), EBPF_BRANCH_ALWAYS);
    ck_assert(!ebpf_scalar_assume(EBPF_OPER_JEQ, 64, false, &a, &b));
}
END_TEST

/* Numbers of both signs, of which the unsigned range has those of one. */
START_TEST(one_sign_of_two)
{
    struct ebpf_scalar a = ebpf_scalar_srange(-5, 7), below = ebpf_scalar_const(UINT64_MAX - 5);
    ck_assert(ebpf_scalar_assume(EBPF_OPER_JLE, 64, false, &a, &below));
    ck_assert(a.smin == 0 && a.smax == 7 && a.umin == 0 && a.umax == 7);
    struct ebpf_scalar above = ebpf_scalar_const(7);
    a = ebpf_scalar_srange(-5, 7);
    ck_assert(ebpf_scalar_assume(EBPF_OPER_JGT, 64, false, &a, &above));
    ck_assert(a.smin == -5 && a.smax == -1 && a.umin == UINT64_MAX - 4);
    a = ebpf_scalar_srange(-5, 7);
    below = ebpf_scalar_const(UINT64_MAX - 4);
    ck_assert(ebpf_scalar_assume(EBPF_OPER_JLE, 64, false, &a, &below));
    ck_assert(a.smin == -5 && a.smax == 7);
    a = ebpf_scalar_unknown();
    a.smin32 = -5;
    a.smax32 = 7;
    below = ebpf_scalar_const(UINT32_MAX - 5);
    ck_assert(ebpf_scalar_assume(EBPF_OPER_JLE, 32, false, &a, &below));
    ck_assert(a.smin32 == 0 && a.umax32 == 7);
    a = ebpf_scalar_unknown();
    a.smin32 = -5;
    a.smax32 = 7;
    ck_assert(ebpf_scalar_assume(EBPF_OPER_JGT, 32, false, &a, &above));
    ck_assert(a.smin32 == -5 && a.smax32 == -1 && a.umin32 == UINT32_MAX - 4);
}
END_TEST

static TCase *scalar(void)
{
    TCase *tc = tcase_create("scalar");
    tcase_add_test(tc, arithmetic_is_contained);
    tcase_add_test(tc, swaps_of_16_bits_are_contained);
    tcase_add_test(tc, comparisons_keep_what_they_hold_for);
    tcase_add_test(tc, all_tristate_numbers_of_4_bits);
    tcase_add_test(tc, all_small_ranges);
    tcase_add_test(tc, tristate_numbers_of_8_bits);
    tcase_add_test(tc, what_comparisons_teach);
    tcase_add_test(tc, one_sign_of_two);
    tcase_set_timeout(tc, 60.0 * (double)runs());
    return tc;
}

RUN_SUITE("scalar", scalar)
