/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The reference interpreter: what every other engine is compared with. */
#include "tests/unit/rig.h"

#include "ir/alu.h"
#include "ir/op.h"

static const uint64_t edges[] = {0, 1, 2, 31, 32, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000,
                                 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
                                 0x7fffffffffffffff, 0x8000000000000000, 0xffffffff00000000,
                                 0x1122334455667788, UINT64_MAX};
enum { EDGES = sizeof(edges) / sizeof(edges[0]) };

/* r0 = a, r1 = b, then the instruction on r0 and r1 or `imm`. */
static uint64_t compute(struct ebpf_insn insn, uint64_t a, uint64_t b)
{
    const struct ebpf_insn insns[] = {I(LDDW, 0, 0, 0, (int64_t)a), I(LDDW, 1, 0, 0, (int64_t)b),
                                      insn, I(EXIT, 0, 0, 0, 0)};
    struct rig rig;
    rig_init(&rig, insns, 4);
    ck_assert_int_eq(rig_step(&rig), EBPF_OK);
    ck_assert_uint_eq(rig.run.budget, UINT64_MAX - 4);
    rig_free(&rig);
    return rig.run.result;
}

START_TEST(arithmetic_is_that_of_the_table)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (info->format > EBPF_FMT_END)
            continue;
        for (int i = 0; i < EDGES * EDGES; i++) {
            uint64_t a = edges[i / EDGES], b = edges[i % EDGES];
            int64_t imm = (int32_t)b;
            uint64_t operand = info->format == EBPF_FMT_ALU_IMM ? (uint64_t)imm : b;
            struct ebpf_insn insn = {.op = (uint16_t)op, .src = 1, .imm = imm};
            ck_assert_msg(compute(insn, a, b) ==
                              ebpf_alu_eval((enum ebpf_oper)info->oper, info->width, a, operand),
                          "%s of %#llx and %#llx", info->name, (unsigned long long)a,
                          (unsigned long long)b);
        }
    }
}
END_TEST

START_TEST(conditions_are_those_of_the_table)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (info->format != EBPF_FMT_JMP_IMM && info->format != EBPF_FMT_JMP_REG)
            continue;
        for (int i = 0; i < EDGES * EDGES; i++) {
            uint64_t a = edges[i / EDGES], b = edges[i % EDGES];
            int64_t imm = (int32_t)b;
            uint64_t operand = info->format == EBPF_FMT_JMP_IMM ? (uint64_t)imm : b;
            RIG(rig, I(LDDW, 2, 0, 0, (int64_t)a), I(LDDW, 1, 0, 0, (int64_t)b),
                {.op = (uint16_t)op, .dst = 2, .src = 1, .off = 1, .imm = imm}, I(EXIT, 0, 0, 0, 0),
                I(MOV64_IMM, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0));
            ck_assert_int_eq(rig_step(&rig), EBPF_OK);
            ck_assert_msg(rig.run.result == (uint64_t)ebpf_cond_eval((enum ebpf_oper)info->oper,
                                                                     info->width, a, operand),
                          "%s of %#llx and %#llx", info->name, (unsigned long long)a,
                          (unsigned long long)b);
            rig_free(&rig);
        }
    }
}
END_TEST

START_TEST(budget_counts_every_instruction)
{
    RIG(rig, I(MOV64_IMM, 0, 0, 0, 3), I(SUB64_IMM, 0, 0, 0, 1), I(JNE64_IMM, 0, 0, -2, 0),
        I(EXIT, 0, 0, 0, 0));
    for (uint64_t budget = 0; budget <= 9; budget++) {
        static const uint32_t stops[] = {0, 1, 2, 1, 2, 1, 2, 3};
        rig_reset(&rig);
        rig.run.budget = budget;
        ck_assert_int_eq(rig_step(&rig), budget < 8 ? EBPF_ERR_BUDGET : EBPF_OK);
        ck_assert_uint_eq(rig.run.budget, budget < 8 ? 0 : budget - 8);
        if (budget < 8)
            ck_assert_uint_eq(rig.run.fault.insn, stops[budget]);
    }
    rig_free(&rig);
}
END_TEST

START_TEST(interrupt_stops_loops_and_calls)
{
    RIG(loop, I(JA, 0, 0, -1, 0));
    loop.interrupt.raised = 1;
    ck_assert_int_eq(rig_step(&loop), EBPF_ERR_INTERRUPTED);
    ck_assert_uint_eq(loop.run.budget, UINT64_MAX - 1);
    rig_free(&loop);
    RIG(call, I(CALL_LOCAL, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0), I(EXIT, 0, 0, 0, 0));
    call.interrupt.raised = 1;
    ck_assert_int_eq(rig_step(&call), EBPF_ERR_INTERRUPTED);
    rig_free(&call);
}
END_TEST

START_TEST(may_goto_jumps_when_it_has_passed_often_enough)
{
    RIG(rig, I(MOV64_IMM, 0, 0, 0, 0), I(ADD64_IMM, 0, 0, 0, 1), I(MAY_GOTO, 0, 0, 1, 0),
        I(JA, 0, 0, -3, 0), I(EXIT, 0, 0, 0, 0));
    ck_assert_int_eq(rig_step(&rig), EBPF_OK);
    ck_assert_uint_eq(rig.run.result, 4);
    ck_assert_uint_eq(rig.run.may_goto, 0);
    rig_free(&rig);
}
END_TEST

static TCase *computing(void)
{
    TCase *tc = tcase_create("computing");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, arithmetic_is_that_of_the_table);
    tcase_add_test(tc, conditions_are_those_of_the_table);
    tcase_add_test(tc, budget_counts_every_instruction);
    tcase_add_test(tc, interrupt_stops_loops_and_calls);
    tcase_add_test(tc, may_goto_jumps_when_it_has_passed_often_enough);
    return tc;
}

/* A load or store at r2 + off, the packet. */
static ebpf_status access_at(enum ebpf_op op, int off, struct ebpf_fault *fault)
{
    const struct ebpf_insn insns[] = {{.op = (uint16_t)op, .dst = 2, .src = 2, .off = (int16_t)off},
                                      I(EXIT, 0, 0, 0, 0)};
    struct rig rig;
    rig_init(&rig, insns, 2);
    ebpf_status status = rig_step(&rig);
    *fault = rig.run.fault;
    if (status)
        ck_assert_uint_eq(fault->address, (uintptr_t)rig.packet + (uint64_t)off);
    rig_free(&rig);
    return status;
}

START_TEST(accesses_end_where_the_region_ends)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        bool store = info->effects & EBPF_FX_STORE;
        if (!(info->effects & (EBPF_FX_LOAD | EBPF_FX_STORE)) || info->effects & EBPF_FX_PACKET)
            continue;
        int size = info->width / 8;
        struct ebpf_fault fault;
        ck_assert_int_eq(access_at((enum ebpf_op)op, 0, &fault), EBPF_OK);
        ck_assert_int_eq(access_at((enum ebpf_op)op, RIG_MEM - size, &fault), EBPF_OK);
        const int outside[] = {-size, -1, RIG_MEM - size + 1, RIG_MEM, RIG_MEM + size};
        for (int i = 0; i < 5; i++) {
            if (size == 1 && i == 2)
                continue;
            int status = access_at((enum ebpf_op)op, outside[i], &fault);
            bool other = outside[i] < 0 || outside[i] >= RIG_MEM; /* perhaps the next region */
            ck_assert_msg(status == (store ? EBPF_ERR_STORE : EBPF_ERR_LOAD) || other,
                          "%s at %d: %d", info->name, outside[i], status);
            if (status == EBPF_ERR_LOAD || status == EBPF_ERR_STORE)
                ck_assert_uint_eq(fault.size, (unsigned)size);
        }
    }
}
END_TEST

START_TEST(read_only_memory_is_read_only)
{
    RIG(rig, I(LDXDW, 0, 3, 0, 0), I(STB, 3, 0, 5, 0), I(EXIT, 0, 0, 0, 0));
    ck_assert_int_eq(rig_step(&rig), EBPF_ERR_READ_ONLY);
    ck_assert_uint_eq(rig.run.fault.insn, 1);
    ck_assert_uint_eq(rig.run.fault.address, (uintptr_t)rig.rodata + 5);
    ck_assert_int_eq(rig.run.fault.has_nearest, 1);
    ck_assert_int_eq(rig.run.fault.nearest.kind, EBPF_REGION_USER);
    rig_free(&rig);
}
END_TEST

START_TEST(unaligned_atomics_are_refused)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        bool ordered = info->format == EBPF_FMT_ATOMIC || info->format == EBPF_FMT_LOAD_ACQ ||
                       info->format == EBPF_FMT_STORE_REL;
        struct ebpf_fault fault;
        if (!ordered || info->width == 8)
            continue;
        ck_assert_int_eq(access_at((enum ebpf_op)op, info->width / 16, &fault),
                         EBPF_ERR_ALIGNMENT);
        ck_assert_uint_eq(fault.size, info->width / 8u);
    }
}
END_TEST

START_TEST(atomics_fetch_where_they_say)
{
    RIG(rig, I(MOV64_IMM, 3, 0, 0, -1), I(ATOMIC_FETCH_ADD32, 1, 3, 4, 0), I(MOV64_REG, 0, 3, 0, 0),
        I(ATOMIC_ADD64, 1, 2, 8, 0), I(ATOMIC_CMPXCHG32, 1, 2, 0, 0), I(EXIT, 0, 0, 0, 0));
    uint64_t word;
    memcpy(&word, rig.context + 8, 8);
    ck_assert_int_eq(rig_step(&rig), EBPF_OK);
    ck_assert_uint_eq(rig.run.result, 0x0a070401); /* r0 was another value: unchanged memory */
    word += (uintptr_t)rig.packet;
    ck_assert_int_eq(memcmp(&word, rig.context + 8, 8), 0);
    ck_assert_int_eq(memcmp("\x0c\x10\x13\x16", rig.context + 4, 4), 0);
    rig_free(&rig);
}
END_TEST

START_TEST(packet_loads_are_exact)
{
    RIG(last, I(MOV64_IMM, 6, 0, 0, -4), I(LDINDW, 0, 6, 0, RIG_MEM), I(EXIT, 0, 0, 0, 0));
    ck_assert_int_eq(rig_step(&last), EBPF_OK);
    uint32_t word;
    memcpy(&word, last.packet + RIG_MEM - 4, 4);
    ck_assert_uint_eq(last.run.result, word);
    rig_free(&last);
    RIG(past, I(LDABSW, 0, 0, 0, RIG_MEM - 3), I(EXIT, 0, 0, 0, 0));
    ck_assert_int_eq(rig_step(&past), EBPF_ERR_LOAD);
    ck_assert_uint_eq(past.run.fault.address, (uintptr_t)past.packet + RIG_MEM - 3);
    rig_free(&past);
    RIG(before, I(LDABSB, 0, 0, 0, -1), I(EXIT, 0, 0, 0, 0));
    ck_assert_int_eq(rig_step(&before), EBPF_ERR_LOAD);
    rig_free(&before);
}
END_TEST

static TCase *memory(void)
{
    TCase *tc = tcase_create("memory");
    tcase_add_test(tc, accesses_end_where_the_region_ends);
    tcase_add_test(tc, read_only_memory_is_read_only);
    tcase_add_test(tc, unaligned_atomics_are_refused);
    tcase_add_test(tc, atomics_fetch_where_they_say);
    tcase_add_test(tc, packet_loads_are_exact);
    return tc;
}

START_TEST(local_calls_save_r6_to_r9_and_get_a_frame_of_zeros)
{
    RIG(rig, I(MOV64_IMM, 6, 0, 0, 60), I(STDW, 10, 0, -8, 1), I(CALL_LOCAL, 0, 0, 0, 2),
        I(ADD64_REG, 0, 6, 0, 0), I(EXIT, 0, 0, 0, 0), /* callee: */
        I(LDXDW, 0, 10, -64, 0), I(LDXDW, 7, 10, RIG_FRAME - 8, 0), I(ADD64_REG, 0, 7, 0, 0),
        I(MOV64_IMM, 6, 0, 0, 7), I(EXIT, 0, 0, 0, 0));
    ck_assert_int_eq(rig_step(&rig), EBPF_OK);
    ck_assert_uint_eq(rig.run.result, 61);
    rig_free(&rig);
}
END_TEST

START_TEST(recursion_ends_at_the_limit)
{
    RIG(rig, I(ADD64_IMM, 0, 0, 0, 1), I(CALL_LOCAL, 0, 0, 0, -2), I(EXIT, 0, 0, 0, 0));
    ck_assert_int_eq(rig_step(&rig), EBPF_ERR_CALL_DEPTH);
    ck_assert_uint_eq(rig.run.budget, UINT64_MAX - 2 * RIG_DEPTH);
    ck_assert_uint_eq(rig.run.fault.insn, 1);
    rig_reset(&rig);
    rig.code.max_depth = 1000; /* now it is the stack that ends */
    ck_assert_int_eq(rig_step(&rig), EBPF_ERR_CALL_DEPTH);
    rig_free(&rig);
}
END_TEST

START_TEST(dead_frames_are_out_of_reach)
{
    RIG(rig, I(CALL_LOCAL, 0, 0, 0, 2), I(STXDW, 10, 0, -RIG_FRAME - 8, 0), I(EXIT, 0, 0, 0, 0),
        I(STDW, 10, 0, -8, 1), I(EXIT, 0, 0, 0, 0));
    ck_assert_int_eq(rig_step(&rig), EBPF_ERR_STORE);
    ck_assert_uint_eq(rig.run.fault.insn, 1);
    ck_assert_int_eq(rig.run.fault.nearest.kind, EBPF_REGION_STACK);
    ck_assert_uint_eq(rig.run.fault.nearest.size, RIG_FRAME);
    rig_free(&rig);
}
END_TEST

static uint64_t sum(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    return a + 10 * b + 100 * c + 1000 * d + 10000 * e;
}

static uint64_t refuse(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, ctx);
    return args[0];
}

static uint64_t end(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    ebpf_run_end(run, args[4]);
    return 0;
}

static char refusal[] = "no";
static const struct ebpf_helper helpers[] = {
    {.id = 1, .fn = sum}, {.id = 2, .run_fn = refuse, .ctx = refusal}, {.id = 9, .run_fn = end}};

START_TEST(helpers_are_called_by_id)
{
    RIG(rig, I(MOV64_IMM, 1, 0, 0, 1), I(MOV64_IMM, 2, 0, 0, 2), I(MOV64_IMM, 3, 0, 0, 3),
        I(MOV64_IMM, 4, 0, 0, 4), I(MOV64_IMM, 6, 0, 0, 1), I(CALLX, 6, 0, 0, 0),
        I(EXIT, 0, 0, 0, 0));
    rig.env = (struct ebpf_env){.helpers = helpers, .helper_count = 3};
    ck_assert_int_eq(rig_step(&rig), EBPF_OK);
    ck_assert_uint_eq(rig.run.result, 54321);
    rig_free(&rig);
}
END_TEST

START_TEST(helpers_end_runs_from_any_depth)
{
    for (int id = 2; id <= 9; id += 7) {
        RIG(rig, I(CALL_LOCAL, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0), I(CALL, 0, 0, 0, id),
            I(EXIT, 0, 0, 0, 0));
        rig.env = (struct ebpf_env){.helpers = helpers, .helper_count = 3};
        ck_assert_int_eq(rig_step(&rig), id == 2 ? EBPF_ERR_HELPER_FAULT : EBPF_OK);
        ck_assert_uint_eq(rig.run.budget, UINT64_MAX - 2);
        if (id == 9)
            ck_assert_uint_eq(rig.run.result, 5);
        else
            ck_assert_uint_eq(rig.run.fault.insn, 2);
        ck_assert_str_eq(rig.run.fault.message, id == 2 ? "no" : "");
        rig_free(&rig);
    }
}
END_TEST

START_TEST(unknown_helpers_are_named)
{
    RIG(rig, I(LDDW, 0, 0, 0, 0x100000001), I(CALLX, 0, 0, 0, 0), I(EXIT, 0, 0, 0, 0));
    rig.env = (struct ebpf_env){.helpers = helpers, .helper_count = 3};
    ck_assert_int_eq(rig_step(&rig), EBPF_ERR_CALLED_UNKNOWN);
    ck_assert_uint_eq(rig.run.fault.address, 0x100000001);
    rig_free(&rig);
}
END_TEST

START_TEST(what_cannot_be_executed_is_a_fault)
{
    static const uint16_t ops[] = {EBPF_OP_DATA, EBPF_OP_CALL_BTF, EBPF_OP_LDDW_MAP_FD,
                                   EBPF_OP_LDDW_VAR, EBPF_OP_LDDW_MAP_VAL_IDX};
    for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
        const struct ebpf_insn insns[] = {{.op = ops[i]}, I(EXIT, 0, 0, 0, 0)};
        struct rig rig;
        rig_init(&rig, insns, 2);
        ck_assert_int_eq(rig_step(&rig), EBPF_ERR_ILLEGAL);
        ck_assert_uint_eq(rig.run.budget, UINT64_MAX - 1);
        rig_free(&rig);
    }
}
END_TEST

static TCase *calling(void)
{
    TCase *tc = tcase_create("calling");
    tcase_add_test(tc, local_calls_save_r6_to_r9_and_get_a_frame_of_zeros);
    tcase_add_test(tc, recursion_ends_at_the_limit);
    tcase_add_test(tc, dead_frames_are_out_of_reach);
    tcase_add_test(tc, helpers_are_called_by_id);
    tcase_add_test(tc, helpers_end_runs_from_any_depth);
    tcase_add_test(tc, unknown_helpers_are_named);
    tcase_add_test(tc, what_cannot_be_executed_is_a_fault);
    return tc;
}

RUN_SUITE("step", computing, memory, calling)
