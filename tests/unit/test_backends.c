/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Every engine against the reference interpreter: results, memory, faults in every field, and the
 * budget left must be the same. */
#include "tests/unit/random_program.h"
#include "tests/unit/rig.h"

#include "ir/op.h"

static uint64_t sum(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    return a + 10 * b + 100 * c + 1000 * d + 10000 * e;
}

static uint64_t look(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    uint64_t *at = ebpf_run_memory(run, args[0], 8, 1), value = 0;
    if (at)
        memcpy(&value, at, 8);
    return value;
}

static uint64_t refuse(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, ctx);
    return args[0];
}

static uint64_t end(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    ebpf_run_end(run, args[1]);
    return 0;
}

static uint64_t lend(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)args;
    ebpf_run_lend(run, ctx, 16, 1);
    return (uintptr_t)ctx;
}

static uint64_t lent[2];
static char refusal[] = "no";
static const struct ebpf_helper helpers[] = {{.id = 1, .fn = sum},
                                             {.id = 2, .run_fn = look},
                                             {.id = 3, .run_fn = lend, .ctx = lent},
                                             {.id = 4, .run_fn = refuse, .ctx = refusal},
                                             {.id = 5, .run_fn = end}};

static void same_fault(const struct ebpf_fault *a, const struct ebpf_fault *b)
{
    ck_assert_int_eq(a->status, b->status);
    ck_assert_uint_eq(a->insn, b->insn);
    ck_assert_uint_eq(a->address, b->address);
    ck_assert_uint_eq(a->size, b->size);
    ck_assert_int_eq(a->has_nearest, b->has_nearest);
    ck_assert_uint_eq(a->nearest.base, b->nearest.base);
    ck_assert_uint_eq(a->nearest.size, b->nearest.size);
    ck_assert_int_eq(a->nearest.kind, b->nearest.kind);
    ck_assert_str_eq(a->message, b->message);
}

/* Runs the program from the same state in the reference interpreter and in an engine. */
static void same(struct rig *rig, const struct ebpf_backend *backend, uint64_t budget)
{
    static struct rig expected;
    rig->env.helpers = helpers;
    rig->env.helper_count = sizeof(helpers) / sizeof(helpers[0]);
    rig_reset(rig);
    rig->run.budget = budget;
    lent[0] = lent[1] = 0;
    ebpf_status status = rig_step(rig);
    expected = *rig;
    rig_reset(rig);
    rig->run.budget = budget;
    lent[0] = lent[1] = 0;
    ck_assert_int_eq(rig_run(rig, backend), status);
    ck_assert_uint_eq(rig->run.budget, expected.run.budget);
    ck_assert_uint_eq(rig->run.may_goto, expected.run.may_goto);
    ck_assert_int_eq(memcmp(rig->context, expected.context, RIG_MEM), 0);
    ck_assert_int_eq(memcmp(rig->packet, expected.packet, RIG_MEM), 0);
    if (status)
        same_fault(&rig->run.fault, &expected.run.fault);
    else
        ck_assert_uint_eq(rig->run.result, expected.run.result);
}

static uint64_t state = 88172645463325252u;

/* A number below n. */
static uint32_t any(uint32_t n)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)((state >> 20) % n);
}

static int64_t any_value(void)
{
    static const int64_t edges[] = {0, 1, -1, 2, 7, 8, 31, 32, 63, 64, 127, 128, 255, 0x7fff,
                                    0x8000, 0xffff, INT32_MAX, INT32_MIN, 0x12345678, -2};
    return any(4) ? edges[any(sizeof(edges) / sizeof(edges[0]))] : (int32_t)state;
}

START_TEST(every_row_agrees)
{
    const struct ebpf_backend *backend = ebpf_backend_at((size_t)_i);
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        if (ebpf_op_table[op].oper >= EBPF_OPER_BTF || op == EBPF_OP_CALL_LOCAL)
            continue;
        for (int round = 0; round < 60; round++) {
            bool store = ebpf_op_table[op].effects & EBPF_FX_STORE;
            bool memory = ebpf_op_table[op].effects & (EBPF_FX_LOAD | EBPF_FX_STORE);
            uint8_t a = memory && store ? (uint8_t)(6 + any(2)) : (uint8_t)any(10);
            uint8_t b = memory && !store ? (uint8_t)(6 + any(2)) : (uint8_t)any(10);
            RIG(rig, I(MOV64_REG, 6, 1, 0, 0), I(MOV64_REG, 7, 2, 0, 0),
                I(LDDW, 8, 0, 0, (int64_t)((uint64_t)any_value() << any(40))),
                I(LDDW, 9, 0, 0, any_value() ^ (int64_t)state),
                I(MOV64_REG, 3, 8, 0, 0), I(MOV64_REG, 4, 9, 0, 0), I(MOV64_IMM, 0, 0, 0, 1),
                {.op = (uint16_t)op, .dst = a, .src = b, .off = memory ? (int16_t)(8 * any(8)) : 1,
                 .imm = op == EBPF_OP_CALL || op == EBPF_OP_JA32 ? 1 : any_value()},
                I(ADD64_IMM, 0, 0, 0, 5), I(XOR64_REG, 0, a, 0, 0), I(MUL64_IMM, 0, 0, 0, 31),
                I(XOR64_REG, 0, b, 0, 0), I(EXIT, 0, 0, 0, 0));
            same(&rig, backend, 1000);
            rig_free(&rig);
        }
    }
}
END_TEST

/* Instructions as compilers make them, in their proportions; the others come by chance. */
static const uint16_t common[] = {
    EBPF_OP_LDXB, EBPF_OP_LDXB, EBPF_OP_LDXB, EBPF_OP_LDXH, EBPF_OP_LDXW, EBPF_OP_LDXDW,
    EBPF_OP_STXW, EBPF_OP_STXDW, EBPF_OP_STXB, EBPF_OP_STXH, EBPF_OP_STW, EBPF_OP_STDW,
    EBPF_OP_MOV64_REG, EBPF_OP_MOV64_REG, EBPF_OP_MOV64_IMM, EBPF_OP_MOV32_REG, EBPF_OP_MOV32_IMM,
    EBPF_OP_ADD64_REG, EBPF_OP_ADD64_IMM, EBPF_OP_ADD32_REG, EBPF_OP_ADD32_IMM, EBPF_OP_SUB64_REG,
    EBPF_OP_LSH64_IMM, EBPF_OP_RSH64_IMM, EBPF_OP_LSH32_IMM, EBPF_OP_RSH32_IMM, EBPF_OP_OR64_REG,
    EBPF_OP_OR32_REG, EBPF_OP_AND64_IMM, EBPF_OP_AND32_IMM, EBPF_OP_XOR64_REG, EBPF_OP_XOR32_REG,
    EBPF_OP_MUL64_REG, EBPF_OP_MUL64_IMM, EBPF_OP_LDDW, EBPF_OP_JEQ64_IMM, EBPF_OP_JNE64_IMM,
    EBPF_OP_JEQ64_REG, EBPF_OP_JNE64_REG, EBPF_OP_JGT64_REG, EBPF_OP_JLT64_IMM, EBPF_OP_JGT64_IMM,
    EBPF_OP_JA};

static enum ebpf_op any_op(void)
{
    if (any(8))
        return (enum ebpf_op)common[any(sizeof(common) / sizeof(common[0]))];
    enum ebpf_op op = (enum ebpf_op)(1 + any(EBPF_OP_COUNT - 1));
    return ebpf_op_table[op].oper < EBPF_OPER_BTF ? op : EBPF_OP_CALL;
}

/* Registers that hold pointers are spared mostly, and used for accesses mostly. */
static uint8_t any_base(void)
{
    static const uint8_t bases[] = {1, 2, 2, 3, 10, 10, 8, 6};
    return bases[any(8)];
}

static uint8_t any_dst(void)
{
    static const uint8_t dsts[] = {0, 0, 4, 4, 5, 5, 6, 7, 7, 9};
    return any(30) ? dsts[any(10)] : (uint8_t)any(10);
}

static void set_target(struct ebpf_insn *insn, uint32_t first, uint32_t count, uint32_t functions)
{
    insn->target = EBPF_TARGET_NONE;
    if (ebpf_op_table[insn->op].effects & EBPF_FX_JUMP)
        insn->target = first + (any(3) ? count - 1 - any(count / 2 + 1) : any(count));
    else if (insn->op == EBPF_OP_CALL_LOCAL)
        insn->target = count * any(functions);
}

static void fill_in(struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    bool access = info->effects & (EBPF_FX_LOAD | EBPF_FX_STORE);
    bool store = info->effects & EBPF_FX_STORE;
    insn->dst = access && store ? any_base() : any_dst();
    insn->src = access && !store                                             ? any_base()
                : any(20) || info->effects & (EBPF_FX_DEF_SRC | EBPF_FX_DEF_DST) ? any_dst()
                                                                             : (uint8_t)any(11);
    insn->imm = any_value();
    if (access) {
        insn->off = (int16_t)(any(12) ? any(8) * 8 : any(80));
        if ((store ? insn->dst : insn->src) == EBPF_REG_FP)
            insn->off = (int16_t)(insn->off - RIG_FRAME);
        if (info->effects & EBPF_FX_PACKET)
            insn->imm = (int64_t)any(70);
    } else if (insn->op == EBPF_OP_CALL) {
        insn->imm = any(12) ? 1 + (int64_t)any(3) : 4 + (int64_t)any(2);
    }
    if (info->format == EBPF_FMT_ALU_REG && any(10) == 0)
        insn->src = (uint8_t)(1 + any(2)); /* pointers get around */
}

/* A well-formed program of functions of the same length, with whatever in them. */
static void make_any(struct rig *rig)
{
    static struct ebpf_insn insns[256];
    uint32_t functions = any(3) ? 1 : 2 + any(3), count = 6 + any(functions > 1 ? 20 : 60);
    memset(insns, 0, sizeof(insns));
    for (uint32_t i = 0; i < functions * count; i++) {
        uint32_t first = i / count * count, place = i % count;
        insns[i].op = (uint16_t)(place == count - 1 ? EBPF_OP_EXIT : any_op());
        fill_in(&insns[i]);
        if (place == 0 && any(3))
            insns[i] = (struct ebpf_insn)I(MOV64_REG, 8, 10, 0, 0);
        if (place == 1 && any(3))
            insns[i] = (struct ebpf_insn)I(ADD64_IMM, 8, 0, 0, -RIG_FRAME);
        if (place == 2 && functions > 1 && any(2))
            insns[i] = (struct ebpf_insn){.op = EBPF_OP_CALL_LOCAL};
        set_target(&insns[i], first, count, functions);
    }
    rig_init_linked(rig, insns, functions * count);
}

START_TEST(any_program_agrees)
{
    const struct ebpf_backend *backend = ebpf_backend_at((size_t)_i);
    for (int round = 0; round < 30000; round++) {
        struct rig rig;
        make_any(&rig);
        same(&rig, backend, 400 + any(2000));
        rig_free(&rig);
    }
}
END_TEST

START_TEST(every_budget_agrees)
{
    const struct ebpf_backend *backend = ebpf_backend_at((size_t)_i);
    for (int round = 0; round < 60; round++) {
        struct rig rig;
        make_any(&rig);
        for (uint64_t budget = 0; budget < 300; budget++)
            same(&rig, backend, budget);
        rig_free(&rig);
    }
}
END_TEST

/* Programs that the compilers are tested with, too: each stops at the same count wherever. */
START_TEST(a_thousand_programs_stop_at_the_same_count)
{
    const struct ebpf_backend *backend = ebpf_backend_at((size_t)_i);
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        struct random_program p;
        struct rig rig;
        random_program_make(&p, seed);
        for (uint32_t i = 0; i < p.count; i++)
            if (p.insns[i].op == EBPF_OP_CALL && p.insns[i].imm > 5)
                p.insns[i].imm = 1; /* VMs do not compile calls of helpers that are not there */
        rig_init(&rig, p.insns, p.count);
        for (int i = 0; i < 8; i++)
            same(&rig, backend, i ? any(400) : 2000);
        rig_free(&rig);
    }
}
END_TEST

/* Accesses around the ends of packets of 0 to 17 bytes, once at once and once after another one. */
START_TEST(every_edge_agrees)
{
    const struct ebpf_backend *backend = ebpf_backend_at((size_t)_i);
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        uint8_t format = ebpf_op_table[op].format;
        bool store = ebpf_op_table[op].effects & EBPF_FX_STORE;
        if (format != EBPF_FMT_LDX && format != EBPF_FMT_ST && format != EBPF_FMT_STX &&
            format != EBPF_FMT_LDABS)
            continue;
        for (int at = -9; at < 19; at++) {
            struct ebpf_insn access = {.op = (uint16_t)op, .dst = store ? 2 : 0,
                                       .src = store ? 1 : 2, .off = (int16_t)at, .imm = at};
            RIG(once, access, I(EXIT, 0, 0, 0, 0));
            RIG(twice, I(LDXB, 5, 2, 0, 0), I(STXB, 2, 5, 0, 0), access, access,
                I(EXIT, 0, 0, 0, 0));
            for (once.packet_size = 0; once.packet_size < 18; once.packet_size++) {
                twice.packet_size = once.packet_size;
                same(&once, backend, 100);
                same(&twice, backend, 100);
            }
            rig_free(&once);
            rig_free(&twice);
        }
    }
}
END_TEST

/* Addresses at both ends of what 64 bits can hold, and displacements beyond them. */
START_TEST(addresses_that_wrap_agree)
{
    const struct ebpf_backend *backend = ebpf_backend_at((size_t)_i);
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (!(info->effects & (EBPF_FX_LOAD | EBPF_FX_STORE)) || info->effects & EBPF_FX_PACKET)
            continue;
        for (int64_t base = -9; base < 9; base++) {
            bool store = info->effects & EBPF_FX_STORE;
            RIG(rig, I(MOV64_IMM, 2, 0, 0, base),
                {.op = (uint16_t)op, .dst = store ? 2 : 0, .src = store ? 1 : 2,
                 .off = (int16_t)(base < 0 ? (int)any(16) : -(int)any(16))},
                I(EXIT, 0, 0, 0, 0));
            same(&rig, backend, 100);
            rig_free(&rig);
        }
    }
}
END_TEST

START_TEST(unlimited_budgets_agree)
{
    const struct ebpf_backend *backend = ebpf_backend_at((size_t)_i);
    RIG(rig, I(MOV64_IMM, 0, 0, 0, 1000), I(SUB64_IMM, 0, 0, 0, 1), I(JNE64_IMM, 0, 0, -2, 0),
        I(EXIT, 0, 0, 0, 0));
    same(&rig, backend, UINT64_MAX);
    ck_assert_uint_eq(rig.run.budget, UINT64_MAX - 2002);
    rig_free(&rig);
}
END_TEST

static TCase *agreement(void)
{
    TCase *tc = tcase_create("agreement");
    int backends = 0;
    while (ebpf_backend_at((size_t)backends))
        backends++;
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, every_row_agrees, 0, backends);
    tcase_add_loop_test(tc, any_program_agrees, 0, backends);
    tcase_add_loop_test(tc, every_budget_agrees, 0, backends);
    tcase_add_loop_test(tc, a_thousand_programs_stop_at_the_same_count, 0, backends);
    tcase_add_loop_test(tc, every_edge_agrees, 0, backends);
    tcase_add_loop_test(tc, addresses_that_wrap_agree, 0, backends);
    tcase_add_loop_test(tc, unlimited_budgets_agree, 0, backends);
    return tc;
}

RUN_SUITE("backends", agreement)
