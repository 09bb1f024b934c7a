/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Division: by 0 gives 0, or leaves the dividend as the remainder; by -1 never traps.
 *
 * The machine divides rdx:rax, which are r3 and r0.
 */
#include "backends/x86_64/lower.h"

struct division {
    unsigned width;
    bool is_signed;
    bool mod;
    enum x64_reg dst;
};

/* dst = dst / TMP2, which is not 0, nor -1 if signed; or the remainder. */
static void divide(struct x64_lower *l, const struct division *d)
{
    bool keep_rax = d->dst != X64_RAX && x64_live(l, 0);
    bool keep_rdx = d->dst != X64_RDX && x64_live(l, 3);
    if (keep_rax)
        x64_mov_rr(&l->e, 64, TMP, X64_RAX);
    if (keep_rdx)
        x64_push_r(&l->e, 64, X64_RDX);
    if (d->dst != X64_RAX)
        x64_mov_rr(&l->e, d->width, X64_RAX, d->dst);
    if (!d->is_signed) {
        x64_xor_rr(&l->e, 32, X64_RDX, X64_RDX);
        x64_div_r(&l->e, d->width, TMP2);
    } else {
        d->width == 64 ? x64_cqo(&l->e) : x64_cdq(&l->e);
        x64_idiv_r(&l->e, d->width, TMP2);
    }
    enum x64_reg result = d->mod ? X64_RDX : X64_RAX;
    if (d->dst != result)
        x64_mov_rr(&l->e, d->width, d->dst, result);
    if (keep_rdx)
        x64_pop_r(&l->e, 64, X64_RDX);
    if (keep_rax)
        x64_mov_rr(&l->e, 64, X64_RAX, TMP);
}

static void divide_by_reg(struct x64_lower *l, const struct division *d, enum x64_reg divisor)
{
    uint32_t resume = x64_labels(&l->e, 1);
    uint32_t special = x64_stub(
        l, (struct x64_stub){.kind = X64_STUB_DIVIDE, .base = (uint8_t)d->dst, .mod = d->mod,
                             .width = (uint8_t)d->width, .resume = resume});
    x64_mov_rr(&l->e, d->width, TMP2, divisor);
    if (d->is_signed) {
        x64_lea_rm(&l->e, d->width, TMP, x64_at(TMP2, 1));
        x64_cmp_ri(&l->e, d->width, TMP, 1);
        x64_jcc(&l->e, X64_BE, special);
    } else {
        x64_test_rr(&l->e, d->width, TMP2, TMP2);
        x64_jcc(&l->e, X64_E, special);
    }
    divide(l, d);
    x64_bind(&l->e, resume);
}

/* Divisors that need no division.  `imm` is of the operation's width, sign-extended. */
static bool divide_simply(struct x64_lower *l, const struct division *d, int64_t imm)
{
    uint64_t divisor = d->width == 64 ? (uint64_t)imm : (uint32_t)imm;
    bool is_one = imm == 1 || (d->is_signed && imm == -1);
    if (imm == 0 ? !d->mod : is_one && d->mod) {
        x64_xor_rr(&l->e, 32, d->dst, d->dst);
    } else if (imm == 0 || imm == 1) {
        if (d->width == 32)
            x64_mov_rr(&l->e, 32, d->dst, d->dst);
    } else if (is_one) {
        x64_neg_r(&l->e, d->width, d->dst);
    } else if (!d->is_signed && (divisor & (divisor - 1)) == 0) {
        unsigned shift = (unsigned)__builtin_ctzll(divisor);
        if (!d->mod) {
            x64_shr_ri(&l->e, d->width, d->dst, shift);
        } else if (shift < 32) {
            x64_and_ri(&l->e, 32, d->dst, (int32_t)(divisor - 1));
        } else { /* the divisor is 1 << 63, as no others are sign-extended */
            x64_shl_ri(&l->e, 64, d->dst, 64 - shift);
            x64_shr_ri(&l->e, 64, d->dst, 64 - shift);
        }
    } else {
        return false;
    }
    return true;
}

static void division(struct x64_lower *l, const struct ebpf_insn *insn, struct division d)
{
    d.dst = x64_reg(insn->dst);
    if (ebpf_op_table[insn->op].format == EBPF_FMT_ALU_REG) {
        divide_by_reg(l, &d, x64_reg(insn->src));
        return;
    }
    int64_t imm = (int32_t)insn->imm;
    if (divide_simply(l, &d, imm))
        return;
    x64_mov_ri(&l->e, TMP2, d.width == 64 ? (uint64_t)imm : (uint32_t)imm);
    divide(l, &d);
}

#define DIVISION(oper, is_signed, mod)                                                             \
    void x64_lower_##oper(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)       \
    {                                                                                              \
        division(l, insn, (struct division){width, is_signed, mod, X64_RAX});                      \
    }
DIVISION(DIV, false, false)
DIVISION(MOD, false, true)
DIVISION(SDIV, true, false)
DIVISION(SMOD, true, true)
