/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Random programs of what machine code does at once: values that are but the operand of what
 * follows, copies with sums, truncations with comparisons.  Machine code against the interpreter,
 * under each policy and with budgets that end on the way. */
#include "tests/unit/jit_random.h"

enum { ROUNDS = 1500, SNIPPETS = 14 };

/* r6 is the packet, the others are anybody's. */
static unsigned any_register(struct maker *m)
{
    static const uint8_t regs[] = {0, 2, 3, 4, 5, 7, 8, 9};
    return regs[pick(m, sizeof(regs))];
}

/* Mostly what is in the packet, or next to it, or at the edge of a width. */
static int32_t any_constant(struct maker *m, unsigned at, bool swapped)
{
    static const int32_t edges[] = {0,   1,     -1,    2,         127,       128,      -128, 255,
                                    256, 32767, 32768, INT32_MAX, INT32_MIN, 65535, 65536};
    uint64_t value = 0;
    unsigned width = 1u << pick(m, 3);
    memcpy(&value, m->packet + at, width);
    if (swapped)
        value = width == 2 ? __builtin_bswap16((uint16_t)value)
                           : __builtin_bswap32((uint32_t)value);
    if (pick(m, 3) == 0)
        return edges[pick(m, sizeof(edges) / sizeof(edges[0]))];
    return (int32_t)((uint32_t)value + (pick(m, 4) ? 0 : pick(m, 3) - 1));
}

/* A jump to a later snippet, on what `reg` holds. */
static void put_jump(struct maker *m, unsigned reg, int32_t constant)
{
    static const char *const opers[] = {"==", "!=", "==", "!=", "&",  ">",   ">=",
                                        "<",  "<=", "s>", "s<", "s>=", "s<="};
    const char *oper = opers[pick(m, sizeof(opers) / sizeof(opers[0]))];
    char kind = pick(m, 2) ? 'r' : 'w';
    unsigned to = m->labels + 1 + pick(m, 3);
    unsigned other = any_register(m);
    if (to > SNIPPETS)
        to = SNIPPETS;
    switch (pick(m, 4)) {
    case 0: put(m, "if %c%u %s %c%u goto n%u\n", kind, reg, oper, kind, other, to); break;
    case 1: put(m, "if %c%u %s %c%u goto n%u\n", kind, other, oper, kind, reg, to); break;
    default: put(m, "if %c%u %s %d goto n%u\n", kind, reg, oper, constant, to);
    }
}

/* Constants that stand between a value and what it is compared with. */
static void put_between(struct maker *m)
{
    for (unsigned n = pick(m, 6); n < 3; n++)
        put(m, "%c%u = %d\n", pick(m, 2) ? 'r' : 'w', any_register(m), any_constant(m, 0, false));
}

static void put_load(struct maker *m, unsigned reg, unsigned at)
{
    static const char *const sizes[] = {"u8", "u16", "u32", "u64", "s8", "s16", "s32"};
    if (pick(m, 4) == 0)
        put(m, "r%u = r6\nr%u += %u\nr%u = *(%s *)(r%u + 0)\n", reg, reg, at, reg,
            sizes[pick(m, 7)], reg);
    else
        put(m, "r%u = *(%s *)(r6 + %u)\n", reg, sizes[pick(m, 7)], at);
}

/* A word byte by byte, the first byte on top or at the bottom. */
static void put_bytes(struct maker *m, unsigned reg, unsigned other, unsigned at)
{
    unsigned first = pick(m, 2);
    put(m, "r%u = *(u8 *)(r6 + %u)\nw%u <<= 8\n", reg, at + first, reg);
    put(m, "r%u = *(u8 *)(r6 + %u)\nw%u |= w%u\n", other, at + 1 - first, reg, other);
}

static void put_value(struct maker *m, unsigned reg, unsigned at, bool *swapped)
{
    static const char *const swaps[] = {"be16", "be32", "be64", "bswap16", "bswap32"};
    unsigned other = any_register(m);
    *swapped = false;
    switch (pick(m, 5)) {
    case 0:
        put(m, "r%u = r%u\nr%u &= %d\n", reg, other, reg, pick(m, 2) ? 255 : 65535);
        return;
    case 1:
        put(m, "w%u = w%u\nw%u &= %d\n", reg, other, reg, pick(m, 2) ? 255 : 65535);
        return;
    case 2:
        if (other != reg) {
            put_bytes(m, reg, other, at);
            *swapped = pick(m, 2);
            return;
        }
    /* fallthrough */
    default:
        put_load(m, reg, at);
        *swapped = pick(m, 3) == 0;
        if (*swapped) {
            const char *swap = swaps[pick(m, 5)];
            put(m, "r%u = %s r%u\n", reg, swap, reg);
        }
    }
}

/* A copy and what is done to it, in either width. */
static void put_copy(struct maker *m)
{
    char kind = pick(m, 2) ? 'r' : 'w';
    unsigned reg = any_register(m);
    put(m, "%c%u = %c%u\n", kind, reg, kind, any_register(m));
    for (unsigned n = 1 + pick(m, 3); n > 0; n--)
        switch (pick(m, 5)) {
        case 0: put(m, "%c%u += %c%u\n", kind, reg, kind, any_register(m)); break;
        case 1: put(m, "%c%u += %d\n", kind, reg, any_constant(m, 0, false)); break;
        case 2: put(m, "%c%u <<= %u\n", kind, reg, pick(m, 5)); break;
        case 3: put(m, "%c%u *= %d\n", kind, reg, any_constant(m, 0, false)); break;
        default: put(m, "%c%u &= %d\n", kind, reg, pick(m, 2) ? 255 : 65535);
        }
    if (pick(m, 2))
        put_jump(m, reg, any_constant(m, 0, false));
}

/* Arithmetic with an operand from memory, or by one. */
static void put_arithmetic(struct maker *m, unsigned at)
{
    static const char *const opers[] = {"+=", "-=", "&=", "|=", "^=", "*=", "<<="};
    static const char *const steps[] = {"+= 1", "+= -1", "-= 1", "-= -1", "^= -1"};
    unsigned reg = any_register(m), dst = any_register(m);
    char kind = pick(m, 2) ? 'r' : 'w';
    if (pick(m, 2)) {
        put_load(m, reg, at);
        put(m, "%c%u %s %c%u\n", kind, dst, opers[pick(m, 7)], kind, reg);
    } else {
        put(m, "%c%u %s\n", kind, dst, steps[pick(m, 5)]);
    }
    if (pick(m, 2))
        put(m, "if %c%u %s 0 goto n%u\n", pick(m, 2) ? 'r' : 'w', dst, pick(m, 2) ? "==" : "!=",
            m->labels + 1);
}

static void put_snippet(struct maker *m)
{
    unsigned reg = any_register(m), at = pick(m, PACKET - 8);
    bool swapped;
    put(m, "n%u:\n", m->labels);
    switch (pick(m, 6)) {
    case 0: put_copy(m); break;
    case 1: put_arithmetic(m, at); break;
    case 2: put(m, "*(u%u *)(r6 + %u) = r%u\n", 8u << pick(m, 4), at, reg); break;
    default:
        put_value(m, reg, at, &swapped);
        put_between(m);
        put_jump(m, reg, any_constant(m, at, swapped));
    }
}

static void make_program(struct maker *m)
{
    static const uint8_t bytes[] = {0, 0, 1, 2, 127, 128, 255, 8, 6, 80};
    m->length = 0;
    for (unsigned i = 0; i < PACKET; i++)
        m->packet[i] = bytes[pick(m, sizeof(bytes))];
    put(m, "r6 = r1\n");
    for (unsigned reg = 0; reg <= 9; reg++)
        if (reg != 6)
            put(m, "r%u = *(u%u *)(r6 + %u)\n", reg, 8u << pick(m, 4), pick(m, PACKET - 8));
    for (m->labels = 0; m->labels < SNIPPETS; m->labels++)
        put_snippet(m);
    put(m, "n%u:\n", SNIPPETS);
    for (unsigned n = pick(m, 6); n > 0; n--)
        put(m, "r0 *= 31\nr0 += r%u\n", any_register(m));
    put(m, "exit\n");
}

START_TEST(joined_instructions_do_what_each_does)
{
    struct maker m = {.random = 20261127};
    for (int round = 0; round < ROUNDS; round++) {
        make_program(&m);
        struct ebpf_vm *vms[VMS];
        make_vms(vms, &m, 0);
        uint64_t executed = compare(vms, &m, 0);
        for (uint64_t budget = 1; budget <= executed; budget++)
            compare(vms, &m, budget);
        free_vms(vms);
    }
}
END_TEST

static TCase *joined(void)
{
    TCase *tc = tcase_create("joined");
    tcase_add_test(tc, joined_instructions_do_what_each_does);
    tcase_set_timeout(tc, 120);
    return tc;
}

RUN_SUITE("jit/joined", joined)
