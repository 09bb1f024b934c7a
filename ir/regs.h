/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Which registers instructions read and write, in line: passes ask for every instruction. */
#ifndef IR_REGS_H
#define IR_REGS_H

#include "ir/op.h"

enum { EBPF_ARGUMENTS = 0x3e /* r1 to r5, as bits */ };

/* What forms do to registers: to those of their operands, as masks that are all ones or zero, and
 * to others, as bits. */
struct ebpf_op_regs {
    uint16_t use_dst, use_src, uses;
    uint16_t def_dst, def_src, defs;
    uint16_t ends; /* those of `defs` whose earlier values nobody may want */
};

extern const struct ebpf_op_regs ebpf_op_regs[EBPF_OP_COUNT];

/* ebpf_insn_uses() */
static inline uint16_t ebpf_uses(const struct ebpf_insn *insn)
{
    const struct ebpf_op_regs *regs = &ebpf_op_regs[insn->op];
    return (uint16_t)((1u << insn->dst & regs->use_dst) | (1u << insn->src & regs->use_src) |
                      regs->uses);
}

/* The destinations among the operands. */
static inline unsigned ebpf_operand_defs(const struct ebpf_insn *insn)
{
    const struct ebpf_op_regs *regs = &ebpf_op_regs[insn->op];
    return (1u << insn->dst & regs->def_dst) | (1u << insn->src & regs->def_src);
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
