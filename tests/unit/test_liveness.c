/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

#include "ir/liveness.h"
#include "ir/op.h"
#include "tests/unit/random.h"
#include "tests/unit/unit.h"

enum { MAX = 64 };

/* Numbers that are the same in every run (Marsaglia's xorshift). */
static void add(struct ebpf_program *program, enum ebpf_op op, unsigned dst, unsigned src,
                uint32_t target)
{
    struct ebpf_insn *insn = ebpf_program_push(program);
    ck_assert_ptr_nonnull(insn);
    ebpf_insn_init(insn, op);
    insn->dst = (uint8_t)dst;
    if (ebpf_op_table[op].fields & EBPF_FIELD_SRC)
        insn->src = (uint8_t)src;
    insn->target = target;
}

static struct ebpf_program *random_program(uint32_t *state)
{
    static const enum ebpf_op ops[] = {EBPF_OP_MOV64_IMM,
                                       EBPF_OP_ADD64_REG,
                                       EBPF_OP_MOV64_REG,
                                       EBPF_OP_JEQ64_REG,
                                       EBPF_OP_JA,
                                       EBPF_OP_EXIT,
                                       EBPF_OP_LDXW,
                                       EBPF_OP_STXW,
                                       EBPF_OP_CALL,
                                       EBPF_OP_ATOMIC_XCHG64,
                                       EBPF_OP_ATOMIC_CMPXCHG64,
                                       EBPF_OP_LDABSW,
                                       EBPF_OP_JNE64_IMM,
                                       EBPF_OP_ADD64_IMM};
    struct ebpf_program *program = ebpf_program_new(NULL);
    uint32_t count = 2 + next_random(state) % (MAX - 2);
    for (uint32_t i = 0; i < count; i++) {
        enum ebpf_op op = ops[next_random(state) % (sizeof(ops) / sizeof(ops[0]))];
        bool jumps = ebpf_op_table[op].effects & EBPF_FX_JUMP;
        add(program, op, next_random(state) % 11, next_random(state) % 11,
            jumps ? next_random(state) % count : EBPF_TARGET_NONE);
    }
    return program;
}

/* Is register `reg` read on some path behind instruction `i` before it is written?  By looking at
 * all places that can be reached without its being written. */
static bool model(const struct ebpf_program *program, uint32_t i, unsigned reg)
{
    uint32_t count = ebpf_program_count(program), todo[2 * MAX], n = 0;
    bool seen[MAX] = {false};
    for (bool first = true; first || n; first = false) {
        if (!first)
            i = todo[--n];
        const struct ebpf_insn *insn = ebpf_program_at(program, i);
        uint16_t fx = ebpf_op_table[insn->op].effects;
        if (!first) {
            if (seen[i])
                continue;
            seen[i] = true;
            if (ebpf_insn_uses(insn) >> reg & 1)
                return true;
            bool clobbers = fx & (EBPF_FX_CALL | EBPF_FX_PACKET) && reg != 0;
            if (ebpf_insn_defs(insn) >> reg & 1 && !clobbers)
                continue;
        }
        if (fx & EBPF_FX_JUMP)
            todo[n++] = insn->target;
        if (!(fx & EBPF_FX_TERMINATOR) && i + 1 < count)
            todo[n++] = i + 1;
        ck_assert_uint_le(n, 2 * MAX);
    }
    return false;
}

/* How many registers of how many instructions the analysis and the model disagree on. */
static int differences(const struct ebpf_program *program, const struct ebpf_reg_flow *flow)
{
    int n = 0;
    for (uint32_t i = 0; i < ebpf_program_count(program); i++)
        for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
            n += (flow[i].live >> reg & 1) != model(program, i, reg);
    return n;
}

static bool all_live(const struct ebpf_program *program, const struct ebpf_reg_flow *flow)
{
    for (uint32_t i = 0; i < ebpf_program_count(program); i++)
        if (flow[i].live != (1 << EBPF_REG_COUNT) - 1)
            return false;
    return true;
}

START_TEST(liveness_agrees_with_a_search_of_all_paths)
{
    uint32_t state = 20261122;
    int tangled = 0;
    for (int round = 0; round < 200; round++) {
        struct ebpf_program *program = random_program(&state);
        struct ebpf_reg_flow flow[MAX];
        ebpf_liveness(program, flow);
        if (differences(program, flow)) {
            ck_assert_msg(all_live(program, flow), "round %d", round);
            tangled++;
        }
        ebpf_program_unref(program);
    }
    ck_assert_int_lt(tangled, 10);
}
END_TEST

/* Each jump back leads in front of the next one: a pass carries a register over one of them. */
START_TEST(tangled_jumps_make_all_live)
{
    enum { LOOPS = 40 };
    struct ebpf_program *program = ebpf_program_new(NULL);
    struct ebpf_reg_flow flow[2 * LOOPS + 2];
    add(program, EBPF_OP_EXIT, 0, 0, EBPF_TARGET_NONE);
    add(program, EBPF_OP_MOV64_REG, 0, 6, EBPF_TARGET_NONE);
    for (uint32_t i = 0; i < LOOPS; i++) {
        add(program, EBPF_OP_JA, 0, 0, i ? 2 * i : 1);
        add(program, EBPF_OP_JA, 0, 0, 2 * i + 2);
    }
    ebpf_liveness(program, flow);
    ck_assert_uint_ne(flow[2 * LOOPS + 1].live & 1 << 6, 0);
    ebpf_program_unref(program);
}
END_TEST

/* A call in a loop: the arguments that the function does not look at need not live around it. */
START_TEST(calls_use_what_functions_need)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    struct ebpf_reg_flow flow[5];
    const uint16_t all[] = {0, 0x3e}, one[] = {0, 1 << 1 | 1 << 7};
    add(program, EBPF_OP_CALL_LOCAL, 0, 0, 3);
    add(program, EBPF_OP_JA, 0, 0, 0);
    add(program, EBPF_OP_EXIT, 0, 0, EBPF_TARGET_NONE);
    add(program, EBPF_OP_MOV64_REG, 0, 1, EBPF_TARGET_NONE);
    add(program, EBPF_OP_EXIT, 0, 0, EBPF_TARGET_NONE);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    ebpf_liveness(program, flow);
    ck_assert_uint_eq(flow[0].live, 0x3e);
    ebpf_liveness_of_calls(program, all, flow);
    ck_assert_uint_eq(flow[0].live, 0x3e);
    ebpf_liveness_of_calls(program, one, flow);
    ck_assert_uint_eq(flow[0].live, 1 << 1); /* registers of the caller are its own */
    ck_assert_uint_eq(flow[3].live, 1);
    ebpf_program_unref(program);
}
END_TEST

static TCase *liveness(void)
{
    TCase *tc = tcase_create("liveness");
    tcase_add_test(tc, liveness_agrees_with_a_search_of_all_paths);
    tcase_add_test(tc, tangled_jumps_make_all_live);
    tcase_add_test(tc, calls_use_what_functions_need);
    tcase_set_timeout(tc, 60);
    return tc;
}

RUN_SUITE("liveness", liveness)
