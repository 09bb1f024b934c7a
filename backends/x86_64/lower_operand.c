/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Values that are but the operand of what follows: `r3 = *(u8 *)(r1 + 9); if r3 == 6` compares
 * memory, `r3 = *(u32 *)(r1 + 4); w0 += w3` adds it, `w3 &= 255; if w3 < 10` compares a byte of a
 * register, if nothing needs the register afterwards.
 */
#include "backends/x86_64/lower.h"

enum { BETWEEN = 2 /* constants that stand between value and comparison, at most */ };

/* How a comparison is done with an operand in place of a register. */
struct comparison {
    const struct ebpf_insn *jump;
    uint32_t ahead;  /* where it is, from the current instruction */
    unsigned width;  /* of the operand, as far as it is looked at */
    int32_t imm;
    bool as_unsigned;
    bool through_reg; /* the operand is loaded: there is no good instruction with memory */
};

static bool is_dead_behind(const struct x64_lower *l, uint32_t ahead, unsigned reg)
{
    return !(l->plan.flow[l->at + ahead].live >> reg & 1);
}

/* Whether an instruction sets a register that has nothing to do with the operand. */
static bool is_apart(const struct ebpf_insn *insn, const struct x64_operand *o)
{
    enum x64_reg reg = x64_reg(insn->dst);
    return (insn->op == EBPF_OP_MOV64_IMM || insn->op == EBPF_OP_MOV32_IMM) &&
           insn->dst != o->reg && reg != o->m.base && reg != o->m.index;
}

/* The comparison that the operand is for, if there is one; between them may be constants for other
 * registers. */
static bool find_comparison(const struct x64_lower *l, const struct x64_operand *o,
                            struct comparison *c)
{
    for (c->ahead = 1; c->ahead <= 1 + BETWEEN; c->ahead++) {
        c->jump = x64_next(l, c->ahead);
        if (!c->jump || !is_apart(c->jump, o))
            break;
    }
    if (!c->jump || c->ahead > 1 + BETWEEN)
        return false;
    unsigned flags = l->plan.flags[l->at + c->ahead];
    enum ebpf_format format = (enum ebpf_format)ebpf_op_table[c->jump->op].format;
    return (format == EBPF_FMT_JMP_IMM || format == EBPF_FMT_JMP_REG) &&
           !(flags & X64_SWITCH) && c->jump->target != l->at + c->ahead + 1 &&
           is_dead_behind(l, c->ahead, o->reg);
}

/* Only equality is the same with swapped bytes. */
static bool swap_constant(const struct x64_operand *o, struct comparison *c)
{
    enum ebpf_oper oper = (enum ebpf_oper)ebpf_op_table[c->jump->op].oper;
    if ((oper != EBPF_OPER_JEQ && oper != EBPF_OPER_JNE) || o->width > 32)
        return false;
    c->imm = o->width == 32 ? (int32_t)__builtin_bswap32((uint32_t)c->imm)
                            : __builtin_bswap16((uint16_t)c->imm);
    return true;
}

/* With a constant.  What is narrower than the comparison is extended by zeros, so that signs play
 * no part; constants of 16 bits in instructions are slow to decode. */
static bool fits_constant(const struct x64_operand *o, struct comparison *c)
{
    const struct ebpf_op_info *info = &ebpf_op_table[c->jump->op];
    bool narrow = o->width < info->width, tests = info->oper == EBPF_OPER_JSET;
    if (c->jump->dst != o->reg)
        return false;
    if (narrow && (c->jump->imm < 0 || (o->width < 32 && c->jump->imm >> o->width)))
        return false;
    c->imm = (int32_t)c->jump->imm;
    c->width = narrow ? o->width : info->width;
    c->as_unsigned = narrow;
    if (o->swap && !swap_constant(o, c))
        return false;
    if (tests && c->imm > 0 && c->imm <= UINT8_MAX)
        c->width = 8;
    bool is_long = c->width == 16 && (tests || c->imm > INT8_MAX);
    c->through_reg = is_long && o->swap;
    return !is_long || c->through_reg;
}

/* With another register. */
static bool fits_register(const struct x64_operand *o, struct comparison *c)
{
    const struct ebpf_op_info *info = &ebpf_op_table[c->jump->op];
    bool is_dst = c->jump->dst == o->reg, is_src = c->jump->src == o->reg;
    c->width = info->width;
    return is_dst != is_src && info->width <= o->width && !o->swap && !o->in_reg;
}

static void compare_constant(struct x64_lower *l, const struct x64_operand *o,
                             const struct comparison *c)
{
    bool tests = ebpf_op_table[c->jump->op].oper == EBPF_OPER_JSET;
    enum x64_reg reg = (enum x64_reg)o->m.base;
    if (c->through_reg) {
        reg = x64_reg(o->reg);
        x64_load(l, o->width, false, reg, o->m);
        x64_cmp_ri(&l->e, 32, reg, c->imm);
    } else if (o->in_reg) {
        tests ? x64_test_ri(&l->e, c->width, reg, c->imm)
              : x64_cmp_ri(&l->e, c->width, reg, c->imm);
    } else {
        tests ? x64_test_mi(&l->e, c->width, o->m, c->imm)
              : x64_cmp_mi(&l->e, c->width, o->m, c->imm);
    }
}

static void compare_register(struct x64_lower *l, const struct x64_operand *o,
                             const struct comparison *c)
{
    bool is_dst = c->jump->dst == o->reg;
    enum x64_reg other = x64_reg(is_dst ? c->jump->src : c->jump->dst);
    if (ebpf_op_table[c->jump->op].oper == EBPF_OPER_JSET)
        x64_test_mr(&l->e, c->width, o->m, other);
    else if (is_dst)
        x64_cmp_mr(&l->e, c->width, o->m, other);
    else
        x64_cmp_rm(&l->e, c->width, other, o->m);
}

/* The condition for what is extended by zeros, if it is for signed numbers. */
static enum x64_cc without_sign(enum x64_cc cc)
{
    switch (cc) {
    case X64_L: return X64_B;
    case X64_GE: return X64_AE;
    case X64_LE: return X64_BE;
    case X64_G: return X64_A;
    default: return cc;
    }
}

static bool compare(struct x64_lower *l, const struct x64_operand *o)
{
    struct comparison c = {.ahead = 0};
    if (!find_comparison(l, o, &c))
        return false;
    bool by_constant = ebpf_op_table[c.jump->op].format == EBPF_FMT_JMP_IMM;
    if (!(by_constant ? fits_constant(o, &c) : fits_register(o, &c)))
        return false;
    for (uint32_t i = 1; i < c.ahead; i++) {
        x64_take_next(l);
        x64_lower_insn(l, ebpf_program_at(l->in->program, l->at));
    }
    x64_take_next(l);
    by_constant ? compare_constant(l, o, &c) : compare_register(l, o, &c);
    enum x64_cc cc = x64_condition((enum ebpf_oper)ebpf_op_table[c.jump->op].oper);
    x64_jump_if(l, c.jump, c.as_unsigned ? without_sign(cc) : cc);
    return true;
}

/* `dst op= operand` */
static bool compute(struct x64_lower *l, const struct x64_operand *o)
{
    const struct ebpf_insn *next = x64_next(l, 1);
    const struct ebpf_op_info *info = next ? &ebpf_op_table[next->op] : NULL;
    if (!next || info->format != EBPF_FMT_ALU_REG || next->src != o->reg || next->dst == o->reg ||
        o->swap || o->in_reg || info->width > o->width || !is_dead_behind(l, 1, o->reg))
        return false;
    enum x64_reg dst = x64_reg(next->dst);
    switch ((enum ebpf_oper)info->oper) {
    case EBPF_OPER_ADD: x64_add_rm(&l->e, info->width, dst, o->m); break;
    case EBPF_OPER_SUB: x64_sub_rm(&l->e, info->width, dst, o->m); break;
    case EBPF_OPER_AND: x64_and_rm(&l->e, info->width, dst, o->m); break;
    case EBPF_OPER_OR: x64_or_rm(&l->e, info->width, dst, o->m); break;
    case EBPF_OPER_XOR: x64_xor_rm(&l->e, info->width, dst, o->m); break;
    default: return false;
    }
    x64_take_next(l);
    x64_set_flags(l, next->dst, info->width);
    return true;
}

bool x64_lower_operand(struct x64_lower *l, struct x64_operand operand)
{
    return compare(l, &operand) || compute(l, &operand);
}
