/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Arithmetic but for division.  Results of 32 bits clear the upper half by themselves. */
#include "backends/x86_64/lower.h"

static bool is_reg(const struct ebpf_insn *insn)
{
    return ebpf_op_table[insn->op].format == EBPF_FMT_ALU_REG;
}

void x64_zero_extend(struct x64_lower *l, unsigned reg)
{
    if (!(l->upper_zero >> reg & 1))
        x64_mov_rr(&l->e, 32, x64_reg(reg), x64_reg(reg));
}

/* For operations that leave 64 bits as they are, and so clear the upper half of 32. */
static void keep(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    if (width == 32)
        x64_zero_extend(l, insn->dst);
}

/* dst += 1 or dst -= 1. */
static void step(struct x64_lower *l, unsigned width, enum x64_reg dst, bool up)
{
    up ? x64_inc_r(&l->e, width, dst) : x64_dec_r(&l->e, width, dst);
}

/* Operations with an immediate for which there is a shorter instruction. */
static bool lower_shorter(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum ebpf_oper oper = (enum ebpf_oper)ebpf_op_table[insn->op].oper;
    enum x64_reg dst = x64_reg(insn->dst);
    bool adds = oper == EBPF_OPER_ADD, by_one = insn->imm == 1 || insn->imm == -1;
    if (is_reg(insn) || l->in->code.flags & EBPF_CODE_BLINDED)
        return false;
    if (oper == EBPF_OPER_XOR && insn->imm == -1) {
        x64_not_r(&l->e, width, dst); /* leaves the flags */
        return true;
    }
    if (!by_one || (!adds && oper != EBPF_OPER_SUB))
        return false;
    step(l, width, dst, adds == (insn->imm == 1));
    x64_set_flags(l, insn->dst, width);
    return true;
}

/* Operations that the processor has with the same operands; `neutral` is the immediate that
 * changes nothing. */
#define SAME(oper, instruction, neutral)                                                           \
    void x64_lower_##oper(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)       \
    {                                                                                              \
        if (width == 64 && EBPF_OPER_##oper == EBPF_OPER_ADD && x64_lower_sum(l, insn))            \
            return;                                                                                \
        if (!is_reg(insn) && insn->imm == (neutral)) {                                             \
            keep(l, insn, width);                                                                  \
            return;                                                                                \
        }                                                                                          \
        if (lower_shorter(l, insn, width))                                                         \
            return;                                                                                \
        if (is_reg(insn))                                                                          \
            x64_##instruction##_rr(&l->e, width, x64_reg(insn->dst), x64_reg(insn->src));          \
        else                                                                                       \
            x64_##instruction##_ri(&l->e, width, x64_reg(insn->dst), (int32_t)insn->imm);          \
        x64_set_flags(l, insn->dst, width);                                                        \
    }
SAME(ADD, add, 0)
SAME(SUB, sub, 0)
SAME(OR, or, 0)
SAME(XOR, xor, 0)

/* Whether an instruction keeps the lower 8 or 16 bits of a register, and nothing else. */
static bool truncates(const struct ebpf_insn *insn, unsigned reg)
{
    return insn && insn->dst == reg && (insn->imm == UINT8_MAX || insn->imm == UINT16_MAX) &&
           (insn->op == EBPF_OP_AND64_IMM || insn->op == EBPF_OP_AND32_IMM);
}

/* dst = the lower bits of src, by the current instruction, which truncates dst. */
static void truncate(struct x64_lower *l, const struct ebpf_insn *insn, enum x64_reg src)
{
    struct x64_operand operand = {.m = x64_at(src, 0), .reg = insn->dst, .in_reg = true,
                                  .width = insn->imm == UINT8_MAX ? 8 : 16};
    if (x64_lower_operand(l, operand))
        return;
    if (operand.width == 8)
        x64_movzx8_rr(&l->e, 32, x64_reg(insn->dst), src);
    else
        x64_movzx16_rr(&l->e, 32, x64_reg(insn->dst), src);
}

void x64_lower_AND(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg dst = x64_reg(insn->dst);
    if (truncates(insn, insn->dst)) {
        truncate(l, insn, dst);
    } else if (!is_reg(insn) && insn->imm == -1) {
        keep(l, insn, width);
    } else if (is_reg(insn)) {
        x64_and_rr(&l->e, width, dst, x64_reg(insn->src));
        x64_set_flags(l, insn->dst, width);
    } else {
        width = insn->imm >= 0 ? 32 : width;
        x64_and_ri(&l->e, width, dst, (int32_t)insn->imm);
        x64_set_flags(l, insn->dst, width);
    }
}

/* dst = src * imm */
static void multiply(struct x64_lower *l, unsigned width, enum x64_reg dst, enum x64_reg src,
                     int32_t imm)
{
    if (imm == 3 || imm == 5 || imm == 9)
        x64_lea_rm(&l->e, width, dst, x64_at_index(src, src, imm == 3 ? 1 : imm == 5 ? 2 : 3, 0));
    else if (imm > 0 && (imm & (imm - 1)) == 0 && dst == src)
        x64_shl_ri(&l->e, width, dst, (unsigned)__builtin_ctz((unsigned)imm));
    else
        x64_imul_rri(&l->e, width, dst, src, imm);
}

void x64_lower_MUL(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg dst = x64_reg(insn->dst);
    if (is_reg(insn))
        x64_imul_rr(&l->e, width, dst, x64_reg(insn->src));
    else if (insn->imm == 1)
        keep(l, insn, width);
    else
        multiply(l, width, dst, dst, (int32_t)insn->imm);
}

static void load_imm(struct x64_lower *l, enum x64_reg dst, uint64_t imm)
{
    if (imm)
        x64_mov_ri(&l->e, dst, imm);
    else
        x64_xor_rr(&l->e, 32, dst, dst);
}

void x64_lower_imm64(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    uint64_t value;
    if (ebpf_env_constant(l->in->env, insn, &value))
        x64_lower_illegal(l, insn, width);
    else
        load_imm(l, x64_reg(insn->dst), value);
}

/* Whether `insn` computes in place on the register `dst`. */
static bool computes(const struct ebpf_insn *insn, enum ebpf_op op, unsigned dst)
{
    return insn && insn->op == op && insn->dst == dst;
}

/* `dst = src; dst <<= 32; dst >>= 32` extends 32 bits. */
static bool move_extended(struct x64_lower *l, const struct ebpf_insn *insn)
{
    const struct ebpf_insn *left = x64_next(l, 1);
    if (!computes(left, EBPF_OP_LSH64_IMM, insn->dst) || left->imm != 32)
        return false;
    const struct ebpf_insn *right = x64_next(l, 2);
    enum x64_reg dst = x64_reg(insn->dst), src = x64_reg(insn->src);
    if (!right || right->imm != 32)
        return false;
    if (computes(right, EBPF_OP_RSH64_IMM, insn->dst))
        x64_mov_rr(&l->e, 32, dst, src);
    else if (computes(right, EBPF_OP_ARSH64_IMM, insn->dst))
        x64_movsx32_rr(&l->e, 64, dst, src);
    else
        return false;
    x64_take_next(l);
    x64_take_next(l);
    return true;
}

/* A shift of a copy of `src` as part of a rotation. */
struct half {
    unsigned reg;
    unsigned left; /* by how many bits the rotation is to the left; 0 if this is none */
};

static struct half half_of(const struct ebpf_insn *shift, unsigned reg, unsigned width)
{
    const struct ebpf_op_info *info = shift ? &ebpf_op_table[shift->op] : NULL;
    if (!shift || info->format != EBPF_FMT_ALU_IMM || info->width != width || shift->dst != reg)
        return (struct half){reg, 0};
    unsigned count = (unsigned)shift->imm & (width - 1);
    return (struct half){reg, info->oper == EBPF_OPER_LSH   ? count
                              : info->oper == EBPF_OPER_RSH ? (width - count) & (width - 1)
                                                            : 0};
}

static bool is_left(const struct ebpf_insn *shift)
{
    return ebpf_op_table[shift->op].oper == EBPF_OPER_LSH;
}

/*
 * `a = src; a <<= n; b = src; b >>= width - n; a |= b`, in any order and with either of the two in
 * src itself, is a rotation if what is left in the other one is not needed.
 */
static bool move_rotated(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    const struct ebpf_insn *first = x64_next(l, 1);
    struct half a = half_of(first, insn->dst, width);
    if (a.left == 0)
        return false;
    const struct ebpf_insn *copy = x64_next(l, 2);
    bool copies = copy && copy->op == insn->op && copy->src == insn->src;
    uint32_t last = copies ? 4 : 3;
    const struct ebpf_insn *second = x64_next(l, last - 1), *or = x64_next(l, last);
    struct half b = half_of(second, copies ? copy->dst : insn->src, width);
    if (!or || a.left != b.left || a.reg == b.reg ||
        is_left(first) == is_left(second) || (copies && copy->dst == insn->src) ||
        or->op != (width == 64 ? EBPF_OP_OR64_REG : EBPF_OP_OR32_REG))
        return false;
    unsigned other = or->dst == a.reg ? b.reg : a.reg;
    if ((or->dst != a.reg && or->dst != b.reg) || or->src != other ||
        l->plan.flow[l->at + last].live >> other & 1)
        return false;
    enum x64_reg dst = x64_reg(or->dst), src = x64_reg(insn->src);
    if (dst != src && l->features & X64_BMI2) {
        x64_rorx_rri(&l->e, width, dst, src, width - a.left);
    } else {
        if (dst != src)
            x64_mov_rr(&l->e, width, dst, src);
        x64_rol_ri(&l->e, width, dst, a.left);
    }
    while (last-- > 0)
        x64_take_next(l);
    return true;
}

/* `dst = src` and what comes next to dst, as one instruction. */
static bool move_fused(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    const struct ebpf_insn *next = x64_next(l, 1);
    enum x64_reg dst = x64_reg(insn->dst), src = x64_reg(insn->src);
    if ((width == 64 && move_extended(l, insn)) || x64_lower_sum(l, insn))
        return true;
    if (truncates(next, insn->dst)) {
        x64_take_next(l);
        truncate(l, next, src);
    } else if (computes(next, width == 64 ? EBPF_OP_MUL64_IMM : EBPF_OP_MUL32_IMM, insn->dst)) {
        x64_take_next(l);
        multiply(l, width, dst, src, (int32_t)next->imm);
    } else {
        return false;
    }
    return true;
}

void x64_lower_MOV(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg dst = x64_reg(insn->dst);
    if (!is_reg(insn))
        load_imm(l, dst, width == 64 ? (uint64_t)insn->imm : (uint32_t)insn->imm);
    else if (insn->dst == insn->src)
        keep(l, insn, width);
    else if (!move_rotated(l, insn, width) && !move_fused(l, insn, width))
        x64_mov_rr(&l->e, l->upper_zero >> insn->src & 1 ? 32 : width, dst, x64_reg(insn->src));
}

#define EXTEND(oper, instruction)                                                                  \
    void x64_lower_##oper(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)       \
    {                                                                                              \
        x64_##instruction##_rr(&l->e, width, x64_reg(insn->dst), x64_reg(insn->src));              \
    }
EXTEND(MOVSX8, movsx8)
EXTEND(MOVSX16, movsx16)
EXTEND(MOVSX32, movsx32)

void x64_lower_NEG(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    x64_neg_r(&l->e, width, x64_reg(insn->dst));
}

/* A shift by a register without BMI2: the count must be in cl, which is r4. */
#define SHIFT_BY_CL(l, width, dst, count, shift)                                                   \
    do {                                                                                           \
        if ((count) == X64_RCX) {                                                                  \
            x64_##shift##_rcl(&(l)->e, width, dst);                                                \
        } else if ((dst) == X64_RCX) {                                                             \
            x64_mov_rr(&(l)->e, width, TMP, X64_RCX);                                              \
            x64_mov_rr(&(l)->e, 32, X64_RCX, count);                                               \
            x64_##shift##_rcl(&(l)->e, width, TMP);                                                \
            x64_mov_rr(&(l)->e, width, X64_RCX, TMP);                                              \
        } else {                                                                                   \
            bool is_live = x64_live(l, 4);                                                         \
            if (is_live)                                                                           \
                x64_mov_rr(&(l)->e, 64, TMP, X64_RCX);                                             \
            x64_mov_rr(&(l)->e, 32, X64_RCX, count);                                               \
            x64_##shift##_rcl(&(l)->e, width, dst);                                                \
            if (is_live)                                                                           \
                x64_mov_rr(&(l)->e, 64, X64_RCX, TMP);                                             \
        }                                                                                          \
    } while (0)

#define SHIFT(oper, shift, shift_by)                                                               \
    void x64_lower_##oper(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)       \
    {                                                                                              \
        enum x64_reg dst = x64_reg(insn->dst), src = x64_reg(insn->src);                           \
        unsigned count = (unsigned)insn->imm & (width - 1);                                        \
        if (is_reg(insn) && l->features & X64_BMI2)                                                \
            x64_##shift_by##_rrr(&l->e, width, dst, dst, src);                                     \
        else if (is_reg(insn))                                                                     \
            SHIFT_BY_CL(l, width, dst, src, shift);                                                \
        else if (EBPF_OPER_##oper == EBPF_OPER_LSH && extends(l, insn, count))                     \
            x64_take_next(l);                                                                      \
        else if (insn->op == EBPF_OP_LSH64_IMM && x64_lower_sum(l, insn))                          \
            return;                                                                                \
        else if (count)                                                                            \
            x64_##shift##_ri(&l->e, width, dst, count);                                            \
        else                                                                                       \
            keep(l, insn, width);                                                                  \
    }

/* `dst <<= 32; dst >>= 32` extends 32 bits. */
static bool extends(struct x64_lower *l, const struct ebpf_insn *insn, unsigned count)
{
    const struct ebpf_insn *next = x64_next(l, 1);
    enum x64_reg dst = x64_reg(insn->dst);
    if (insn->op != EBPF_OP_LSH64_IMM || count != 32 || !next || (next->imm & 63) != 32)
        return false;
    if (computes(next, EBPF_OP_RSH64_IMM, insn->dst))
        x64_zero_extend(l, insn->dst);
    else if (computes(next, EBPF_OP_ARSH64_IMM, insn->dst))
        x64_movsx32_rr(&l->e, 64, dst, dst);
    else
        return false;
    return true;
}

SHIFT(LSH, shl, shlx)
SHIFT(RSH, shr, shrx)
SHIFT(ARSH, sar, sarx)

void x64_lower_LE(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg dst = x64_reg(insn->dst);
    if (width == 16)
        x64_movzx16_rr(&l->e, 32, dst, dst);
    else
        keep(l, insn, width);
}

void x64_lower_BSWAP(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg dst = x64_reg(insn->dst);
    if (width == 16) {
        x64_rol_ri(&l->e, 16, dst, 8);
        x64_movzx16_rr(&l->e, 32, dst, dst);
    } else {
        x64_bswap_r(&l->e, width, dst);
    }
}

void x64_lower_BE(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    x64_lower_BSWAP(l, insn, width);
}
