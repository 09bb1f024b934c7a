/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Random programs of functions that call each other: machine code against the interpreter, under
 * each policy, with budgets that end on the way and with little room for frames.  Most functions
 * are such that machine code need not look at anything where they are called. */
#include "tests/unit/jit_random.h"

enum { ROUNDS = 1500, FUNCTIONS = 5, MOST_RUNS = 400 };

/* r7 is the packet in every function, r0 what it returns. */
static void put_call(struct maker *m, unsigned function)
{
    unsigned least = m->recurses ? 1 : function + 1;
    if (least == FUNCTIONS)
        return;
    put(m, "r1 = r0\nr2 = r7\nr3 = %u\ncall f%u\n", pick(m, 9), least + pick(m, FUNCTIONS - least));
    put(m, "r1 = 1\nr2 = 2\nr3 = 3\n");
}

static void put_access(struct maker *m)
{
    unsigned end = m->faults ? 2 * PACKET : PACKET - 8;
    switch (pick(m, 3)) {
    case 0: put(m, "r4 = *(u32 *)(r7 + %u)\nr0 += r4\n", pick(m, end)); break;
    case 1: put(m, "*(u16 *)(r7 + %u) = r0\n", pick(m, end)); break;
    default: /* where, the verifier does not know */
        put(m, "r4 = *(u8 *)(r7 + 0)\nr4 &= %u\nr4 += r7\nr5 = *(u8 *)(r4 + 0)\nr0 ^= r5\n",
            m->faults ? 63 : 31);
    }
}

static void put_step(struct maker *m, unsigned function, unsigned kinds)
{
    switch (pick(m, kinds)) {
    case 0: put(m, "r0 *= %u\n", 3 + pick(m, 9)); break;
    case 1: put(m, "r0 += r%u\n", pick(m, 2) ? 1 : 3); break; /* r2 is an address */
    case 2: put(m, "r0 ^= r1\nr0 >>= 1\n"); break;
    case 3:
    case 4: put_call(m, function); break;
    case 5: put_access(m); break;
    case 6: put(m, "*(u64 *)(r10 - 8) = r0\nr0 += 5\nr4 = *(u64 *)(r10 - 8)\nr0 ^= r4\n"); break;
    default: put(m, "r4 = *(u64 *)(r10 - %u)\nr0 += r4\n", 8 + 8 * pick(m, 3)); /* is 0 */
    }
}

/* Steps, some of which are jumped over, or done on one way only. */
static void put_steps(struct maker *m, unsigned function, unsigned kinds)
{
    for (unsigned n = 1 + pick(m, 4); n > 0; n--) {
        unsigned label = m->labels++;
        bool branches = pick(m, 3) == 0;
        if (branches)
            put(m, "if r0 %s %u goto l%u\n", pick(m, 2) ? ">" : "&", pick(m, 9), label);
        put_step(m, function, kinds);
        if (branches && pick(m, 3) == 0)
            put(m, "exit\n");
        if (branches)
            put(m, "l%u:\n", label);
    }
}

/* A function calls, looks at memory or uses its stack only if `kinds` of steps allow for it. */
static void put_function(struct maker *m, unsigned function)
{
    static const uint8_t all[] = {3, 3, 5, 6, 8};
    unsigned kinds = all[pick(m, sizeof(all))], label = m->labels++;
    bool loops = pick(m, 6) == 0;
    if (function)
        put(m, "f%u:\nr0 = r1\n", function);
    else
        put(m, "r0 = 1\nr2 = 0\nr3 = 0\n");
    if (function && kinds > 3)
        put(m, "r7 = r2\n");
    if (loops || !function)
        put(m, "r6 = %u\nl%u:\n", 1 + pick(m, 3), label);
    put_steps(m, function, function ? kinds : 5 + pick(m, 3));
    if (loops || !function)
        put(m, "r6 -= 1\nif r6 != 0 goto l%u\n", label);
    put(m, "exit\n");
}

/* Every function is called, as no program may have others. */
static void make_program(struct maker *m)
{
    m->length = m->labels = 0;
    memset(m->packet, 0x5a, PACKET);
    m->faults = pick(m, 4) == 0;
    m->recurses = pick(m, 10) == 0;
    put(m, "r7 = r1\nr0 = 1\n");
    for (unsigned i = 1; i < FUNCTIONS; i++)
        put(m, "r1 = r0\nr2 = r7\nr3 = %u\ncall f%u\n", i, i);
    put(m, "r1 = 7\n");
    put_function(m, 0);
    for (unsigned i = 1; i < FUNCTIONS; i++)
        put_function(m, i);
}

START_TEST(calls_are_as_they_are_written)
{
    struct maker m = {.random = 20261127};
    for (int round = 0; round < ROUNDS; round++) {
        make_program(&m);
        struct ebpf_vm *vms[VMS];
        make_vms(vms, &m, round % 4 ? 0 : 2 + (uint32_t)round / 4 % 4);
        uint64_t executed = compare(vms, &m, 10000);
        uint64_t step = 1 + executed / MOST_RUNS;
        for (uint64_t budget = 1; budget <= executed; budget += step)
            compare(vms, &m, budget);
        free_vms(vms);
    }
}
END_TEST

static TCase *calls(void)
{
    TCase *tc = tcase_create("calls");
    tcase_add_test(tc, calls_are_as_they_are_written);
    tcase_set_timeout(tc, 120);
    return tc;
}

RUN_SUITE("jit/calls", calls)
