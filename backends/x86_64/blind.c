/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Blinded constants: those of the program do not stand in its code, where a jump into the middle of
 * an instruction would execute them.  They are put together from two halves, one of them random, in
 * a register that then takes the constant's place.  What fits into a byte stays, and so do offsets.
 */
#include "backends/x86_64/lower.h"

static bool is_harmless(int64_t imm)
{
    return imm >= INT8_MIN && imm <= INT8_MAX;
}

/* dst = imm, sign-extended from 32 bits. */
static void put_constant(struct x64_lower *l, enum x64_reg dst, int32_t imm)
{
    uint32_t key = x64_random(l);
    x64_mov_ri(&l->e, dst, (uint32_t)imm ^ key);
    x64_xor_ri(&l->e, 32, dst, (int32_t)key);
    x64_movsx32_rr(&l->e, 64, dst, dst);
}

/* dst = imm.  Keys are sign-extended when they are used, so their highest bits are 0. */
static void put_constant64(struct x64_lower *l, enum x64_reg dst, uint64_t imm)
{
    uint32_t low = x64_random(l) & INT32_MAX, high = x64_random(l) & INT32_MAX;
    x64_mov_ri(&l->e, dst, imm ^ ((uint64_t)high << 32 | low));
    x64_xor_ri(&l->e, 64, dst, (int32_t)low);
    x64_ror_ri(&l->e, 64, dst, 32);
    x64_xor_ri(&l->e, 64, dst, (int32_t)high);
    x64_ror_ri(&l->e, 64, dst, 32);
}

/* The row that does what that of `op` does, with a register in place of the constant. */
static enum ebpf_op with_register(enum ebpf_op op, enum ebpf_format format)
{
    const struct ebpf_op_info *info = &ebpf_op_table[op];
    unsigned other = 1;
    while (ebpf_op_table[other].format != format || ebpf_op_table[other].oper != info->oper ||
           ebpf_op_table[other].width != info->width)
        other++;
    return (enum ebpf_op)other;
}

static bool is_shift(enum ebpf_oper oper)
{
    return oper == EBPF_OPER_LSH || oper == EBPF_OPER_RSH || oper == EBPF_OPER_ARSH;
}

static void lower_alu(struct x64_lower *l, struct ebpf_insn insn)
{
    insn.op = (uint16_t)with_register((enum ebpf_op)insn.op, EBPF_FMT_ALU_REG);
    insn.src = X64_BLIND;
    if (l->plan.counts)
        x64_mov_mr(&l->e, 64, X64_FIELD(left), LEFT);
    put_constant(l, LEFT, (int32_t)insn.imm);
    x64_lower_insn(l, &insn);
    if (l->plan.counts)
        x64_mov_rm(&l->e, 64, LEFT, X64_FIELD(left));
}

static void lower_other(struct x64_lower *l, struct ebpf_insn insn, enum ebpf_format format)
{
    insn.op = (uint16_t)with_register((enum ebpf_op)insn.op, format);
    insn.src = X64_BLIND_TMP;
    put_constant(l, TMP, (int32_t)insn.imm);
    x64_lower_insn(l, &insn);
}

bool x64_lower_blinded(struct x64_lower *l)
{
    const struct ebpf_insn *insn = ebpf_program_at(l->in->program, l->at);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (is_harmless(insn->imm) || is_shift((enum ebpf_oper)info->oper))
        return false;
    switch (info->format) {
    case EBPF_FMT_ALU_IMM: lower_alu(l, *insn); return true;
    case EBPF_FMT_JMP_IMM: lower_other(l, *insn, EBPF_FMT_JMP_REG); return true;
    case EBPF_FMT_ST: lower_other(l, *insn, EBPF_FMT_STX); return true;
    case EBPF_FMT_IMM64: put_constant64(l, x64_reg(insn->dst), (uint64_t)insn->imm); return true;
    default: return false;
    }
}
