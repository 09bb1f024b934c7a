/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Which registers instructions read and write, in line: passes ask for every instruction. */
#ifndef IR_REGS_H
#define IR_REGS_H

#include "ir/op.h"

enum { EBPF_ARGUMENTS = 0x3e /* r1 to r5, as bits */ };

/* What forms read and write beside their operands. */
struct ebpf_op_regs {
    uint16_t uses, defs;
    uint16_t ends; /* those of `defs` whose earlier values nobody may want */
};

extern const struct ebpf_op_regs ebpf_op_regs[EBPF_OP_COUNT];

/* The register as a bit, if the form has the effect, else 0. */
static inline unsigned ebpf_reg_if(unsigned fx, unsigned effect, unsigned reg)
{
    return (fx & effect) / effect << reg;
}

/* ebpf_insn_uses() */
static inline uint16_t ebpf_uses(const struct ebpf_insn *insn)
{
    unsigned fx = ebpf_op_table[insn->op].effects;
    return (uint16_t)(ebpf_reg_if(fx, EBPF_FX_USE_DST, insn->dst) |
                      ebpf_reg_if(fx, EBPF_FX_USE_SRC, insn->src) | ebpf_op_regs[insn->op].uses);
}

/* The destinations among the operands. */
static inline unsigned ebpf_operand_defs(const struct ebpf_insn *insn)
{
    unsigned fx = ebpf_op_table[insn->op].effects;
    return ebpf_reg_if(fx, EBPF_FX_DEF_DST, insn->dst) |
           ebpf_reg_if(fx, EBPF_FX_DEF_SRC, insn->src);
}

/* ebpf_insn_defs() */
static inline uint16_t ebpf_defs(const struct ebpf_insn *insn)
{
    return (uint16_t)(ebpf_operand_defs(insn) | ebpf_op_regs[insn->op].defs);
}

/* The registers that hold nothing of what they held before. */
static inline uint16_t ebpf_ends(const struct ebpf_insn *insn)
{
    return (uint16_t)(ebpf_operand_defs(insn) | ebpf_op_regs[insn->op].ends);
}

#endif
