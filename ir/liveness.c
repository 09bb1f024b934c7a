/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/liveness.h"

#include <stdbool.h>

enum {
    ALL = (1 << EBPF_REG_COUNT) - 1,
    /* Passes from the end to the start: loops nested deeper than this are given up. */
    MAX_PASSES = 24
};

/* What is live before an instruction; `needs` may be NULL. */
static inline uint16_t before(const struct ebpf_program *program, const uint16_t *needs,
                              const struct ebpf_insn *insn, uint16_t behind)
{
    if (!needs || insn->op != EBPF_OP_CALL_LOCAL)
        return ebpf_live_before(insn, behind);
    uint16_t args = needs[ebpf_program_function_of(program, insn->target)] & EBPF_ARGUMENTS;
    return (uint16_t)((behind & ~ebpf_ends(insn)) | args);
}

/* One pass; returns whether it found anything new that a jump back may carry further. */
static bool pass(const struct ebpf_program *program, const uint16_t *needs, uint16_t *live)
{
    const struct ebpf_insn *insns = program->insns.data;
    uint32_t count = ebpf_program_count(program);
    bool found = false, loops = false;
    uint16_t next = 0; /* live before the instruction that follows */
    for (uint32_t i = count; i-- > 0;) {
        const struct ebpf_insn *insn = &insns[i];
        uint16_t fx = ebpf_op_table[insn->op].effects;
        uint16_t behind = fx & EBPF_FX_TERMINATOR ? 0 : next;
        if (fx & EBPF_FX_JUMP && insn->target < count) {
            behind |= before(program, needs, &insns[insn->target], live[insn->target]);
            loops |= insn->target <= i;
        }
        found |= (behind & ~live[i]) != 0;
        live[i] |= behind;
        next = before(program, needs, insn, live[i]);
    }
    return found && loops;
}

void ebpf_liveness_of_calls(const struct ebpf_program *program, const uint16_t *needs,
                            uint16_t *live)
{
    uint32_t count = ebpf_program_count(program);
    for (uint32_t i = 0; i < count; i++)
        live[i] = 0;
    for (int round = 0; round < MAX_PASSES; round++)
        if (!pass(program, needs, live))
            return;
    for (uint32_t i = 0; i < count; i++)
        live[i] = ALL;
}

void ebpf_liveness(const struct ebpf_program *program, uint16_t *live)
{
    ebpf_liveness_of_calls(program, NULL, live);
}

uint16_t ebpf_live_across(const struct ebpf_program *program, const uint16_t *live)
{
    uint32_t functions, count = ebpf_program_count(program);
    const struct ebpf_function *f = ebpf_program_functions(program, &functions);
    uint16_t across = 0;
    for (uint32_t n = 0; n < functions; n++)
        across |= ebpf_live_before(ebpf_program_at(program, f[n].first), live[f[n].first]);
    across &= (uint16_t)~(EBPF_ARGUMENTS | 1u << EBPF_REG_FP);
    for (uint32_t i = 0; i < count; i++)
        if (ebpf_program_at(program, i)->op == EBPF_OP_CALL_LOCAL)
            across |= live[i] & EBPF_ARGUMENTS;
    return across;
}
