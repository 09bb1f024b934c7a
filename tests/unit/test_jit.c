/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The x86_64 engine against the reference interpreter: results, memory, faults, budgets. */
#include "config.h"

#include <stdio.h>

#include "backends/x86_64/cpu.h"
#include "backends/x86_64/x86_64.h"
#include "ir/alu.h"
#include "tests/unit/random_program.h"

static const uint64_t edges[] = {0, 1, 2, 31, 32, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000,
                                 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
                                 0x7fffffffffffffff, 0x8000000000000000, 0xffffffff00000000,
                                 0x1122334455667788, UINT64_MAX};
enum { EDGES = sizeof(edges) / sizeof(edges[0]), BUDGET = 2000 /* of random programs */ };

/* What is left of a run, for comparison. */
struct outcome {
    ebpf_status status;
    struct ebpf_run run;
    uint8_t context[RIG_MEM], packet[RIG_MEM], stack[RIG_FRAME * RIG_DEPTH];
};

static void keep_outcome(struct outcome *o, ebpf_status status, const struct rig *rig)
{
    o->status = status;
    o->run = rig->run;
    memcpy(o->context, rig->context, RIG_MEM);
    memcpy(o->packet, rig->packet, RIG_MEM);
    memcpy(o->stack, rig->stack, sizeof(rig->stack));
}

static const char *difference(const struct outcome *a, const struct outcome *b)
{
    const struct ebpf_fault *f = &a->run.fault, *g = &b->run.fault;
    if (a->status != b->status)
        return "status";
    if (a->run.budget != b->run.budget)
        return "budget";
    if (memcmp(a->context, b->context, RIG_MEM) || memcmp(a->packet, b->packet, RIG_MEM))
        return "memory";
    if (a->run.may_goto != b->run.may_goto)
        return "may_goto";
    if (!a->status)
        return a->run.result == b->run.result ? NULL : "result";
    if (f->status != g->status || f->insn != g->insn || f->pc != g->pc)
        return "place of the fault";
    if (f->address != g->address || f->size != g->size || strcmp(f->message, g->message) != 0)
        return "fault";
    if (f->has_nearest != g->has_nearest ||
        (f->has_nearest && memcmp(&f->nearest, &g->nearest, sizeof(f->nearest)) != 0))
        return "nearest region";
    return NULL;
}

static void run_step(struct rig *rig, uint64_t budget, struct outcome *o)
{
    rig_reset(rig);
    rig->run.budget = budget;
    keep_outcome(o, rig_step(rig), rig);
}

static void run_code(struct rig *rig, const struct ebpf_code *code, uint64_t budget,
                     struct outcome *o)
{
    rig_reset(rig);
    /* What a function does not use of its frame is not cleared; unchecked, it can be seen. */
    if (rig->code.policy == EBPF_POLICY_TRUSTED)
        memset(rig->stack, 0, sizeof(rig->stack));
    rig->run.budget = budget;
    keep_outcome(o, ebpf_backend_x86_64.run(code, &rig->run), rig);
}

static struct ebpf_code *compile(struct rig *rig, unsigned features)
{
    struct ebpf_code *code;
    ck_assert_int_eq(x64_compile_for(&rig->code, features & x64_cpu_features(), NULL, &code),
                     EBPF_OK);
    return code;
}

/* Runs the program of a rig in both, with all CPU features and with none. */
static void compare(struct rig *rig, uint64_t budget, const char *what)
{
    struct outcome expected, got;
    run_step(rig, budget, &expected);
    for (unsigned features = 0; features <= 3; features += 3) {
        struct ebpf_code *code = compile(rig, features);
        run_code(rig, code, budget, &got);
        const char *d = difference(&expected, &got);
        ck_assert_msg(!d, "%s, features %u: %s; %s and %s, results %#llx and %#llx", what, features,
                      d, ebpf_status_name(expected.status), ebpf_status_name(got.status),
                      (unsigned long long)expected.run.result, (unsigned long long)got.run.result);
        ebpf_backend_x86_64.destroy(code);
    }
}

static bool computes(const struct ebpf_op_info *info)
{
    return info->format <= EBPF_FMT_END && info->name[0] != 'D';
}

START_TEST(arithmetic_with_all_edges)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (info->format > EBPF_FMT_END)
            continue;
        for (int i = 0; i < EDGES * EDGES; i++) {
            struct ebpf_insn insn = {.op = (uint16_t)op, .dst = 2, .src = 1,
                                     .imm = (int32_t)edges[i % EDGES]};
            if (info->format == EBPF_FMT_END)
                ebpf_insn_init(&insn, (enum ebpf_op)op), insn.dst = 2;
            RIG(rig, I(LDDW, 2, 0, 0, (int64_t)edges[i / EDGES]),
                I(LDDW, 1, 0, 0, (int64_t)edges[i % EDGES]), insn, I(MOV64_REG, 0, 2, 0, 0),
                I(EXIT, 0, 0, 0, 0));
            compare(&rig, 100, info->name);
            rig_free(&rig);
        }
    }
}
END_TEST

/* Divisions by constants are multiplications: by all small divisors and by all with few bits, of
 * dividends around the multiples where rounding would show. */
static void divide_by(int32_t divisor)
{
    static const enum ebpf_op ops[] = {EBPF_OP_DIV64_IMM, EBPF_OP_MOD64_IMM, EBPF_OP_SDIV64_IMM,
                                       EBPF_OP_SMOD64_IMM, EBPF_OP_DIV32_IMM, EBPF_OP_MOD32_IMM,
                                       EBPF_OP_SDIV32_IMM, EBPF_OP_SMOD32_IMM};
    for (size_t n = 0; n < sizeof(ops) / sizeof(ops[0]); n++) {
        const struct ebpf_op_info *info = &ebpf_op_table[ops[n]];
        RIG(rig, I(MOV64_REG, 3, 1, 0, 0), {.op = (uint16_t)ops[n], .dst = 3, .imm = divisor},
            I(MOV64_REG, 0, 3, 0, 0), I(EXIT, 0, 0, 0, 0));
        for (unsigned features = 0; features <= 3; features += 3) {
            struct ebpf_code *code = compile(&rig, features);
            for (int i = 0; i < 4 * EDGES; i++) {
                uint64_t d = info->width == 64 ? (uint64_t)(int64_t)divisor : (uint32_t)divisor;
                uint64_t a = edges[i / 4];
                if (i % 4 && d)
                    a = a / d * d + (uint64_t)(i % 4 - 2);
                rig_reset(&rig);
                rig.run.args[0] = a;
                ck_assert_int_eq(ebpf_backend_x86_64.run(code, &rig.run), EBPF_OK);
                ck_assert_msg(rig.run.result ==
                                  ebpf_alu_eval((enum ebpf_oper)info->oper, info->width, a,
                                                (uint64_t)(int64_t)divisor),
                              "%s of %#llx by %d, features %u: %#llx", info->name,
                              (unsigned long long)a, divisor, features,
                              (unsigned long long)rig.run.result);
            }
            ebpf_backend_x86_64.destroy(code);
        }
        rig_free(&rig);
    }
}

START_TEST(division_by_constants)
{
    for (int32_t divisor = -40; divisor < 130; divisor++)
        divide_by(divisor);
    for (int bit = 7; bit < 32; bit++)
        for (int64_t delta = -1; delta <= 1; delta++) {
            divide_by((int32_t)((INT64_C(1) << bit) + delta));
            divide_by((int32_t)((INT64_C(5) << bit) / 3 + delta));
        }
}
END_TEST

/* All registers set, then the instruction, then those in `kept` go to the context. */
static void compare_registers(const struct ebpf_insn *insn, unsigned kept, unsigned turn)
{
    struct ebpf_insn insns[40];
    uint32_t n = 0;
    insns[n++] = (struct ebpf_insn)I(STXDW, 10, 1, -8, 0);
    for (unsigned reg = 0; reg < 10; reg++)
        insns[n++] = (struct ebpf_insn)I(LDDW, (uint8_t)reg, 0, 0,
                                         (int64_t)edges[(reg * 5 + turn) % EDGES]);
    insns[n++] = *insn;
    for (unsigned reg = 0; reg < 10; reg++) {
        if (!(kept >> reg & 1))
            continue;
        unsigned base = (reg + 1) % 10;
        insns[n++] = (struct ebpf_insn)I(STXDW, 10, (uint8_t)base, -16, 0);
        insns[n++] = (struct ebpf_insn)I(LDXDW, (uint8_t)base, 10, -8, 0);
        insns[n++] = (struct ebpf_insn)I(STXW, (uint8_t)base, (uint8_t)reg, (int16_t)(reg * 4), 0);
        insns[n++] = (struct ebpf_insn)I(LDXDW, (uint8_t)base, 10, -16, 0);
        if (kept != (1u << reg))
            continue;
        insns[n++] = (struct ebpf_insn)I(MOV64_REG, 0, (uint8_t)reg, 0, 0);
    }
    insns[n++] = (struct ebpf_insn)I(EXIT, 0, 0, 0, 0);
    ck_assert_uint_le(n, 40);
    struct rig rig;
    rig_init(&rig, insns, n);
    compare(&rig, 100, ebpf_op_table[insn->op].name);
    rig_free(&rig);
}

START_TEST(arithmetic_with_all_registers)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (!computes(info))
            continue;
        bool has_src = info->format == EBPF_FMT_ALU_REG;
        for (unsigned pair = 0; pair < (has_src ? 110u : 10u); pair++) {
            struct ebpf_insn insn;
            ebpf_insn_init(&insn, (enum ebpf_op)op);
            insn.dst = (uint8_t)(pair % 10);
            insn.src = (uint8_t)(pair / 10);
            if (info->format == EBPF_FMT_ALU_IMM)
                insn.imm = 13;
            for (unsigned turn = 0; turn < 3; turn++) {
                for (unsigned reg = 0; reg < 10; reg += 5)
                    compare_registers(&insn, 0x1fu << reg, turn * 7);
                compare_registers(&insn, 1u << insn.dst, turn * 7);
            }
        }
    }
}
END_TEST

START_TEST(conditions_with_all_edges)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (info->format != EBPF_FMT_JMP_IMM && info->format != EBPF_FMT_JMP_REG)
            continue;
        for (int i = 0; i < EDGES * EDGES; i++) {
            struct ebpf_insn insn = {.op = (uint16_t)op, .dst = (uint8_t)(i % 10),
                                     .src = (uint8_t)((i + 1) % 10), .off = 1,
                                     .imm = (int32_t)edges[i % EDGES]};
            RIG(rig, I(LDDW, insn.dst, 0, 0, (int64_t)edges[i / EDGES]),
                I(LDDW, insn.src, 0, 0, (int64_t)edges[i % EDGES]), insn,
                I(JA, 0, 0, 2, 0), I(MOV64_IMM, 0, 0, 0, 7), I(EXIT, 0, 0, 0, 0),
                I(MOV64_IMM, 0, 0, 0, 8), I(EXIT, 0, 0, 0, 0));
            compare(&rig, 100, info->name);
            rig_free(&rig);
        }
    }
}
END_TEST

static uint64_t plain_helper(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    return a + 3 * b + 5 * c + 7 * d + 11 * e;
}

/* Ends or fails the run now and then. */
static uint64_t run_helper(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    uint64_t mix = args[0] ^ args[1] * 31 ^ args[2] * 17 ^ args[3] * 13 ^ args[4];
    mix += *(const uint32_t *)ctx + run->stack_end - run->stack_low;
    if (mix % 16 == 3)
        ebpf_run_end(run, mix);
    else if (mix % 16 == 5)
        ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, "five");
    return mix;
}

static uint32_t helper_ctx = 77;
static const struct ebpf_helper helpers[] = {
    {.id = 1, .name = "plain", .fn = plain_helper},
    {.id = 2, .name = "run", .run_fn = run_helper, .ctx = &helper_ctx}};

static void print_program(const struct rig *rig)
{
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    struct ebpf_print_options options = {.size = sizeof(options), .pcs = 1,
                                         .dialect = EBPF_DIALECT_PSEUDOC};
    ebpf_program_print(rig->program, &options, &out);
    fprintf(stderr, "%s", text.data);
    ebpf_text_free(&text);
}

static void print_outcome(const char *what, const struct outcome *o)
{
    fprintf(stderr, "%s: %s at %u, result %#llx, address %#llx, budget left %llu\n", what,
            ebpf_status_name(o->status), o->run.fault.insn, (unsigned long long)o->run.result,
            (unsigned long long)o->run.fault.address, (unsigned long long)o->run.budget);
}

/* One program under one policy, with one set of CPU features, at several budgets. */
static void compare_budgets(struct rig *rig, uint64_t seed, uint64_t executed, unsigned features)
{
    struct outcome expected, got;
    struct ebpf_code *code = compile(rig, features);
    for (unsigned i = 0; i < 6; i++) {
        uint64_t budget = i == 0 ? BUDGET : (seed * 7 + i * 1237) % (executed + 2);
        run_step(rig, budget, &expected);
        run_code(rig, code, budget, &got);
        const char *d = difference(&expected, &got);
        if (!d)
            continue;
        print_program(rig);
        print_outcome("expected", &expected);
        print_outcome("got", &got);
        ck_abort_msg("seed %llu, features %u, policy %u, budget %llu: %s",
                     (unsigned long long)seed, features, (unsigned)rig->code.policy,
                     (unsigned long long)budget, d);
    }
    ebpf_backend_x86_64.destroy(code);
}

/* Programs that touch only what they may are run without checks, too. */
static void compare_random(uint64_t seed, const struct random_program *p)
{
    struct rig rig;
    struct outcome expected;
    rig_init(&rig, p->insns, p->count);
    rig.env = (struct ebpf_env){.helpers = helpers, .helper_count = 2};
    if (seed % 3 == 0)
        rig.frame_sizes[1] = 48;
    run_step(&rig, BUDGET, &expected);
    bool is_safe = expected.run.fault.size == 0;
    uint64_t executed = BUDGET - expected.run.budget;
    for (unsigned features = 0; features <= 3; features += 3) {
        rig.code.policy = EBPF_POLICY_CHECKED;
        compare_budgets(&rig, seed, executed, features);
        rig.code.policy = EBPF_POLICY_TRUSTED;
        if (is_safe)
            compare_budgets(&rig, seed, executed, features);
    }
    rig_free(&rig);
}

START_TEST(random_programs)
{
    const char *seeds = getenv("EBPF_SEEDS"), *first = getenv("EBPF_SEED");
    uint64_t at = first ? strtoull(first, NULL, 0) : 0;
    uint64_t end = at + (seeds ? strtoull(seeds, NULL, 0) : first ? 1 : 5000);
    for (; at < end; at++) {
        struct random_program p;
        random_program_make(&p, at);
        compare_random(at, &p);
    }
}
END_TEST

static TCase *instructions(void)
{
    TCase *tc = tcase_create("instructions");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, arithmetic_with_all_edges);
    tcase_add_test(tc, arithmetic_with_all_registers);
    tcase_add_test(tc, conditions_with_all_edges);
    tcase_add_test(tc, division_by_constants);
    return tc;
}

static TCase *programs(void)
{
    TCase *tc = tcase_create("programs");
    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, random_programs);
    return tc;
}

RUN_SUITE("jit", instructions, programs)
