/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What operations mean: against vectors, and against the same said in another way. */
#include <stdint.h>

#include "ir/alu.h"
#include "ir/op.h"
#include "tests/unit/unit.h"

#define MIN64 UINT64_C(0x8000000000000000)
#define MAX64 UINT64_C(0x7fffffffffffffff)
#define ONES UINT64_MAX

static const struct {
    enum ebpf_oper oper;
    unsigned width;
    uint64_t a, b, result;
} vectors[] = {
    /* RFC 9669, 4.1: division by zero is 0, modulo by zero is dst */
    {EBPF_OPER_DIV, 64, 7, 0, 0},
    {EBPF_OPER_DIV, 32, ONES, 0, 0},
    {EBPF_OPER_SDIV, 64, MIN64, 0, 0},
    {EBPF_OPER_SDIV, 32, ONES, 0, 0},
    {EBPF_OPER_MOD, 64, ONES, 0, ONES},
    {EBPF_OPER_MOD, 32, ONES, 0, 0xffffffff},
    {EBPF_OPER_SMOD, 64, MIN64, 0, MIN64},
    {EBPF_OPER_SMOD, 32, 0x180000000, 0, 0x80000000},
    /* the 32-bit forms look at the low half of the divisor only */
    {EBPF_OPER_DIV, 32, 7, 0x100000000, 0},
    {EBPF_OPER_DIV, 32, 7, 0x100000002, 3},
    {EBPF_OPER_MOD, 32, 0x500000007, 0x100000000, 7},
    /* the least number by -1 overflows: LLONG_MIN, remainder 0 */
    {EBPF_OPER_SDIV, 64, MIN64, ONES, MIN64},
    {EBPF_OPER_SDIV, 32, 0x80000000, ONES, 0x80000000},
    {EBPF_OPER_SMOD, 64, MIN64, ONES, 0},
    {EBPF_OPER_SMOD, 32, 0x80000000, 0xffffffff, 0},
    /* signed division truncates towards zero */
    {EBPF_OPER_SDIV, 64, (uint64_t)-13, 3, (uint64_t)-4},
    {EBPF_OPER_SMOD, 64, (uint64_t)-13, 3, (uint64_t)-1},
    {EBPF_OPER_SMOD, 64, 13, (uint64_t)-3, 1},
    {EBPF_OPER_SDIV, 32, (uint32_t)-13, 3, (uint32_t)-4},
    {EBPF_OPER_SMOD, 32, (uint32_t)-13, (uint32_t)-3, (uint32_t)-1},
    /* -1 in 32 bits is no -1 in 64 */
    {EBPF_OPER_DIV, 64, ONES, 0xffffffff, 0x100000001},
    {EBPF_OPER_SDIV, 64, MIN64, 0xffffffff, 0 - UINT64_C(0x80000000)},
    /* shifts are masked */
    {EBPF_OPER_LSH, 64, 1, 64, 1},
    {EBPF_OPER_LSH, 64, 1, ONES, MIN64},
    {EBPF_OPER_LSH, 32, 1, 32, 1},
    {EBPF_OPER_LSH, 32, 1, 63, 0x80000000},
    {EBPF_OPER_RSH, 64, ONES, 127, 1},
    {EBPF_OPER_RSH, 32, ONES, 31, 1},
    {EBPF_OPER_ARSH, 64, MIN64, 63, ONES},
    {EBPF_OPER_ARSH, 64, MIN64, 64, MIN64},
    {EBPF_OPER_ARSH, 32, 0x80000000, 31, 0xffffffff},
    {EBPF_OPER_ARSH, 32, 0x180000000, 0, 0x80000000},
    {EBPF_OPER_ARSH, 32, 0x7fffffff, 30, 1},
    /* results of 32 bits are zero-extended */
    {EBPF_OPER_ADD, 32, 0xffffffff, 1, 0},
    {EBPF_OPER_SUB, 32, 0, 1, 0xffffffff},
    {EBPF_OPER_MUL, 32, 0x10000, 0x10001, 0x10000},
    {EBPF_OPER_MOV, 32, 0, ONES, 0xffffffff},
    {EBPF_OPER_OR, 32, ONES, 0, 0xffffffff},
    {EBPF_OPER_NEG, 32, 1, 0, 0xffffffff},
    {EBPF_OPER_NEG, 32, 0x80000000, 0, 0x80000000},
    {EBPF_OPER_NEG, 64, MIN64, 0, MIN64},
    {EBPF_OPER_NEG, 64, 1, 0, ONES},
    {EBPF_OPER_MOVSX8, 64, 0, 0x17f, 0x7f},
    {EBPF_OPER_MOVSX8, 64, 0, 0x80, (uint64_t)-0x80},
    {EBPF_OPER_MOVSX8, 32, 0, 0x80, 0xffffff80},
    {EBPF_OPER_MOVSX16, 64, 0, 0x8000, (uint64_t)-0x8000},
    {EBPF_OPER_MOVSX16, 32, 0, 0x18000, 0xffff8000},
    {EBPF_OPER_MOVSX32, 64, 0, 0x80000000, 0 - UINT64_C(0x80000000)},
    {EBPF_OPER_MOVSX32, 64, 0, 0x17fffffff, 0x7fffffff},
    /* swaps truncate and zero-extend */
    {EBPF_OPER_BSWAP, 16, 0x1122334455667788, 0, 0x8877},
    {EBPF_OPER_BSWAP, 32, 0x1122334455667788, 0, 0x88776655},
    {EBPF_OPER_BSWAP, 64, 0x1122334455667788, 0, 0x8877665544332211},
#if HOST_LE
    {EBPF_OPER_BE, 16, 0x1122334455667788, 0, 0x8877},
    {EBPF_OPER_BE, 32, 0x1122334455667788, 0, 0x88776655},
    {EBPF_OPER_BE, 64, 0x1122334455667788, 0, 0x8877665544332211},
    {EBPF_OPER_LE, 16, 0x1122334455667788, 0, 0x7788},
    {EBPF_OPER_LE, 32, 0x1122334455667788, 0, 0x55667788},
    {EBPF_OPER_LE, 64, 0x1122334455667788, 0, 0x1122334455667788},
#endif
    /* what is no arithmetic */
    {EBPF_OPER_NONE, 64, 1, 2, 0},
    {EBPF_OPER_JEQ, 64, 1, 1, 0},
    {(enum ebpf_oper)9999, 64, 1, 2, 0},
};

START_TEST(vectors_agree)
{
    ck_assert_uint_eq(ebpf_alu_eval(vectors[_i].oper, vectors[_i].width, vectors[_i].a,
                                    vectors[_i].b),
                      vectors[_i].result);
}
END_TEST

static const uint64_t edges[] = {
    0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7ffffffe,
    0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 0x100000000, 0x100000001,
    0x1ffffffff, 0x123456789abcdef0, 0xfedcba9876543210, MAX64 - 1, MAX64, MIN64, MIN64 + 1,
    ONES - 0x80000000, ONES - 0x7fffffff, ONES - 2, ONES - 1, ONES};

enum { EDGES = sizeof(edges) / sizeof(edges[0]) };

__extension__ typedef __int128 int128; /* wide enough for nothing below to overflow */

static int128 sign_extend(uint64_t value, unsigned bits)
{
    uint64_t sign = UINT64_C(1) << (bits - 1);
    uint64_t low = bits == 64 ? value : value & ((UINT64_C(1) << bits) - 1);
    return low & sign ? (int128)low - ((int128)1 << bits) : (int128)low;
}

static uint64_t truncate_to(int128 value, unsigned bits)
{
    return bits == 64 ? (uint64_t)value : (uint64_t)value & ((UINT64_C(1) << bits) - 1);
}

/* The reference: everything in 128 bits, then cut to the width.  Says the operations once more. */
static uint64_t reference(enum ebpf_oper oper, unsigned width, uint64_t a, uint64_t b)
{
    int128 ua = (int128)truncate_to((int128)a, width), ub = (int128)truncate_to((int128)b, width);
    int128 sa = sign_extend(a, width), sb = sign_extend(b, width);
    unsigned shift = (unsigned)(b % width);
    int128 r = 0;
    switch (oper) {
    case EBPF_OPER_ADD: r = ua + ub; break;
    case EBPF_OPER_SUB: r = ua - ub; break;
    case EBPF_OPER_MUL:
        for (unsigned i = 0; i < width; i++) /* 64 by 64 bits would be one too many */
            if (ub >> i & 1)
                r = (int128)truncate_to(r + (int128)truncate_to(ua << i, width), width);
        break;
    case EBPF_OPER_DIV: r = ub ? ua / ub : 0; break;
    case EBPF_OPER_SDIV: r = sb ? sa / sb : 0; break;
    case EBPF_OPER_MOD: r = ub ? ua % ub : ua; break;
    case EBPF_OPER_SMOD: r = sb ? sa % sb : sa; break;
    case EBPF_OPER_OR: r = ua | ub; break;
    case EBPF_OPER_AND: r = ua & ub; break;
    case EBPF_OPER_XOR: r = (ua | ub) - (ua & ub); break;
    case EBPF_OPER_LSH: r = (int128)truncate_to(ua * ((int128)1 << shift), width); break;
    case EBPF_OPER_RSH: r = ua / ((int128)1 << shift); break;
    case EBPF_OPER_ARSH: /* rounds down */
        r = (sa - (int128)truncate_to(sa, shift ? shift : 64) * (shift != 0)) /
            ((int128)1 << shift);
        break;
    case EBPF_OPER_MOV: r = ub; break;
    case EBPF_OPER_MOVSX8: r = sign_extend(b, 8); break;
    case EBPF_OPER_MOVSX16: r = sign_extend(b, 16); break;
    case EBPF_OPER_MOVSX32: r = sign_extend(b, 32); break;
    case EBPF_OPER_NEG: r = -ua; break;
    default: ck_abort_msg("the reference lacks operation %d", (int)oper);
    }
    return truncate_to(r, width);
}

/* All rows of ALU formats, over all pairs of edges. */
START_TEST(arithmetic_agrees_with_wide_arithmetic)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (info->format != EBPF_FMT_ALU_REG && info->format != EBPF_FMT_ALU_UN)
            continue;
        enum ebpf_oper oper = (enum ebpf_oper)info->oper;
        for (size_t i = 0; i < EDGES; i++)
            for (size_t j = 0; j < EDGES; j++)
                ck_assert_msg(ebpf_alu_eval(oper, info->width, edges[i], edges[j]) ==
                                  reference(oper, info->width, edges[i], edges[j]),
                              "%s of %#llx, %#llx", info->name, (unsigned long long)edges[i],
                              (unsigned long long)edges[j]);
    }
}
END_TEST

static bool condition(enum ebpf_oper oper, unsigned width, uint64_t a, uint64_t b)
{
    int128 ua = (int128)truncate_to((int128)a, width), ub = (int128)truncate_to((int128)b, width);
    int128 s = sign_extend(a, width) - sign_extend(b, width), u = ua - ub;
    switch (oper) {
    case EBPF_OPER_JEQ: return u == 0;
    case EBPF_OPER_JNE: return u != 0;
    case EBPF_OPER_JSET: return (ua & ub) != 0;
    case EBPF_OPER_JGT: return u > 0;
    case EBPF_OPER_JGE: return u >= 0;
    case EBPF_OPER_JLT: return u < 0;
    case EBPF_OPER_JLE: return u <= 0;
    case EBPF_OPER_JSGT: return s > 0;
    case EBPF_OPER_JSGE: return s >= 0;
    case EBPF_OPER_JSLT: return s < 0;
    case EBPF_OPER_JSLE: return s <= 0;
    default: ck_abort_msg("the reference lacks condition %d", (int)oper);
    }
    return false;
}

START_TEST(conditions_agree_with_wide_arithmetic)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (info->format != EBPF_FMT_JMP_REG)
            continue;
        enum ebpf_oper oper = (enum ebpf_oper)info->oper;
        for (size_t i = 0; i < EDGES; i++)
            for (size_t j = 0; j < EDGES; j++)
                ck_assert_msg(ebpf_cond_eval(oper, info->width, edges[i], edges[j]) ==
                                  condition(oper, info->width, edges[i], edges[j]),
                              "%s of %#llx, %#llx", info->name, (unsigned long long)edges[i],
                              (unsigned long long)edges[j]);
    }
    ck_assert(!ebpf_cond_eval(EBPF_OPER_ADD, 64, 1, 1));
    ck_assert(!ebpf_cond_eval((enum ebpf_oper)9999, 64, 1, 1));
}
END_TEST

START_TEST(swaps_reverse_bytes)
{
    static const enum ebpf_oper opers[] = {EBPF_OPER_LE, EBPF_OPER_BE, EBPF_OPER_BSWAP};
    for (unsigned width = 16; width <= 64; width *= 2) {
        for (size_t i = 0; i < EDGES; i++) {
            uint64_t reversed = 0, kept = truncate_to((int128)edges[i], width);
            for (unsigned bit = 0; bit < width; bit += 8)
                reversed = reversed << 8 | (edges[i] >> bit & 0xff);
            const uint64_t expected[] = {HOST_LE ? kept : reversed, HOST_LE ? reversed : kept,
                                         reversed};
            for (size_t k = 0; k < 3; k++)
                ck_assert_uint_eq(ebpf_alu_eval(opers[k], width, edges[i], 0), expected[k]);
        }
    }
}
END_TEST

START_TEST(atomics_compute)
{
    for (size_t i = 0; i < EDGES; i++) {
        for (size_t j = 0; j < EDGES; j++) {
            uint64_t a = edges[i], b = edges[j];
            uint32_t c = (uint32_t)a, d = (uint32_t)b;
            ck_assert_uint_eq(ebpf_rmw64_A_ADD(a, b), a + b);
            ck_assert_uint_eq(ebpf_rmw64_AF_OR(a, b), a | b);
            ck_assert_uint_eq(ebpf_rmw64_A_AND(a, b), a & b);
            ck_assert_uint_eq(ebpf_rmw64_AF_XOR(a, b), a ^ b);
            ck_assert_uint_eq(ebpf_rmw64_XCHG(a, b), b);
            ck_assert_uint_eq(ebpf_rmw32_AF_ADD(c, d), c + d);
            ck_assert_uint_eq(ebpf_rmw32_A_OR(c, d), c | d);
            ck_assert_uint_eq(ebpf_rmw32_AF_AND(c, d), c & d);
            ck_assert_uint_eq(ebpf_rmw32_A_XOR(c, d), c ^ d);
            ck_assert_uint_eq(ebpf_rmw32_XCHG(c, d), d);
        }
    }
}
END_TEST

static TCase *semantics(void)
{
    TCase *tc = tcase_create("semantics");
    tcase_add_loop_test(tc, vectors_agree, 0, (int)(sizeof(vectors) / sizeof(vectors[0])));
    tcase_add_test(tc, arithmetic_agrees_with_wide_arithmetic);
    tcase_add_test(tc, conditions_agree_with_wide_arithmetic);
    tcase_add_test(tc, swaps_reverse_bytes);
    tcase_add_test(tc, atomics_compute);
    return tc;
}

RUN_SUITE("ir/alu", semantics)
