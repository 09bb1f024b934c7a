/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/liveness.h"

#include <stdbool.h>

enum {
    ALL = (1 << EBPF_REG_COUNT) - 1,
    /* Walks from the end to the start: loops nested deeper than this are given up. */
    MAX_WALKS = 25
};

/* A walk from instruction number `from` to the first; returns where the next one has to start: at
 * the last jump back, if that may carry anything further, else 0. */
static uint32_t walk(const struct ebpf_program *program, struct ebpf_reg_flow *flow, uint32_t from)
{
    const struct ebpf_insn *insn = (const struct ebpf_insn *)program->insns.data + from + 1;
    uint32_t count = ebpf_program_count(program), last_back = 0;
    unsigned found = 0, next = from + 1 < count ? ebpf_flow_before(&flow[from + 1]) : 0;
    for (uint32_t i = from + 1; i-- > 0;) {
        unsigned fx = ebpf_op_table[(--insn)->op].effects;
        if (fx & (EBPF_FX_TERMINATOR | EBPF_FX_JUMP)) {
            bool jumps = fx & EBPF_FX_JUMP && insn->target < count;
            if (fx & EBPF_FX_TERMINATOR)
                next = 0;
            if (jumps)
                next |= ebpf_flow_before(&flow[insn->target]);
            if (jumps && insn->target <= i && !last_back)
                last_back = i;
        }
        found |= next & ~flow[i].live;
        flow[i].live |= (uint16_t)next;
        next = ebpf_flow_before(&flow[i]);
    }
    return found ? last_back : 0;
}

static void find_live(const struct ebpf_program *program, struct ebpf_reg_flow *flow)
{
    uint32_t count = ebpf_program_count(program), from = count - 1;
    for (int n = 0; n < MAX_WALKS; n++)
        if (!(from = walk(program, flow, from)))
            return;
    for (uint32_t i = 0; i < count; i++)
        flow[i].live = ALL;
}

void ebpf_liveness(const struct ebpf_program *program, struct ebpf_reg_flow *flow)
{
    const struct ebpf_insn *insns = program->insns.data;
    uint32_t count = ebpf_program_count(program);
    for (uint32_t i = 0; i < count; i++)
        flow[i] = (struct ebpf_reg_flow){ebpf_uses(&insns[i]), ebpf_ends(&insns[i]), 0};
    find_live(program, flow);
}

void ebpf_liveness_of_calls(const struct ebpf_program *program, const uint16_t *needs,
                            struct ebpf_reg_flow *flow)
{
    const struct ebpf_insn *insns = program->insns.data;
    uint32_t count = ebpf_program_count(program);
    for (uint32_t i = 0; i < count; i++) {
        flow[i].live = 0;
        if (insns[i].op == EBPF_OP_CALL_LOCAL)
            flow[i].uses = needs[ebpf_program_function_of(program, insns[i].target)] &
                           EBPF_ARGUMENTS;
    }
    find_live(program, flow);
}

uint16_t ebpf_live_across(const struct ebpf_program *program,
                          const struct ebpf_reg_flow *flow)
{
    uint32_t functions, count = ebpf_program_count(program);
    const struct ebpf_function *f = ebpf_program_functions(program, &functions);
    uint16_t across = 0;
    for (uint32_t n = 0; n < functions; n++)
        across |= ebpf_flow_before(&flow[f[n].first]);
    across &= (uint16_t)~(EBPF_ARGUMENTS | 1u << EBPF_REG_FP);
    for (uint32_t i = 0; i < count; i++)
        if (ebpf_program_at(program, i)->op == EBPF_OP_CALL_LOCAL)
            across |= flow[i].live & EBPF_ARGUMENTS;
    return across;
}
