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

/* rax = rax / TMP2, rdx = the remainder, 64 bits, unsigned.  Mostly both are below 2^32, and that
 * division is faster. */
static void divide_long(struct x64_lower *l)
{
    uint32_t is_short = x64_labels(&l->e, 2), end = is_short + 1;
    x64_mov_rr(&l->e, 64, X64_RDX, X64_RAX);
    x64_or_rr(&l->e, 64, X64_RDX, TMP2);
    x64_shr_ri(&l->e, 64, X64_RDX, 32);
    x64_jcc(&l->e, X64_E, is_short);
    x64_xor_rr(&l->e, 32, X64_RDX, X64_RDX);
    x64_div_r(&l->e, 64, TMP2);
    x64_jmp(&l->e, end);
    x64_bind(&l->e, is_short);
    x64_div_r(&l->e, 32, TMP2);
    x64_bind(&l->e, end);
}

/* dst = dst / TMP2, which is not 0, nor -1 if signed; or the remainder. */
static void divide(struct x64_lower *l, const struct division *d)
{
    bool keep_rax = d->dst != X64_RAX && x64_live(l, 0);
    bool keep_rdx = d->dst != X64_RDX && x64_live(l, 3);
    if (keep_rax || keep_rdx)
        x64_mov_rr(&l->e, 64, TMP, keep_rax ? X64_RAX : X64_RDX);
    if (keep_rax && keep_rdx)
        x64_push_r(&l->e, 64, X64_RDX);
    if (d->dst != X64_RAX)
        x64_mov_rr(&l->e, d->width, X64_RAX, d->dst);
    if (!d->is_signed && d->width == 64) {
        divide_long(l);
    } else if (!d->is_signed) {
        x64_xor_rr(&l->e, 32, X64_RDX, X64_RDX);
        x64_div_r(&l->e, 32, TMP2);
    } else {
        d->width == 64 ? x64_cqo(&l->e) : x64_cdq(&l->e);
        x64_idiv_r(&l->e, d->width, TMP2);
    }
    enum x64_reg result = d->mod ? X64_RDX : X64_RAX;
    if (d->dst != result)
        x64_mov_rr(&l->e, d->width, d->dst, result);
    if (keep_rax && keep_rdx)
        x64_pop_r(&l->e, 64, X64_RDX);
    if (keep_rax || keep_rdx)
        x64_mov_rr(&l->e, 64, keep_rax ? X64_RAX : X64_RDX, TMP);
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

/*
 * Division by a constant through multiplication: n / d is the upper half of n * m, shifted right,
 * where m is 2^(width + shift) / d rounded up (Granlund and Montgomery, "Division by invariant
 * integers using multiplication").  Where that error is too large, m has one bit more than fits;
 * then `adds` says that n is to be added to the upper half, in a way that does not overflow.
 */
struct magic {
    uint64_t m;
    unsigned shift;
    bool adds;
};

/* For a divisor above 1 that is no power of two. */
static struct magic find_magic(unsigned width, uint64_t divisor)
{
    unsigned bits = 64 - (unsigned)__builtin_clzll(divisor - 1), shift = bits - 1;
    __extension__ const unsigned __int128 one = 1;
    __extension__ unsigned __int128 power = one << (width + shift), m = power / divisor + 1;
    if (m * divisor - power <= one << shift)
        return (struct magic){(uint64_t)m, shift, false};
    m = (((one << bits) - divisor) << width) / divisor + 1;
    return (struct magic){(uint64_t)m, shift, true};
}

/* TMP2 = the upper half of dst * m, unsigned, 64 bits.  Uses TMP. */
static void multiply_high(struct x64_lower *l, enum x64_reg dst, uint64_t m)
{
    bool has_mulx = l->features & X64_BMI2;
    bool keep_rax = !has_mulx && (dst == X64_RAX || x64_live(l, 0));
    bool keep_rdx = has_mulx ? dst != X64_RDX && x64_live(l, 3)
                             : dst == X64_RDX || x64_live(l, 3);
    x64_mov_ri(&l->e, TMP2, m);
    if (keep_rax)
        x64_push_r(&l->e, 64, X64_RAX);
    if (keep_rdx)
        x64_mov_rr(&l->e, 64, TMP, X64_RDX);
    if (has_mulx) {
        if (dst != X64_RDX)
            x64_mov_rr(&l->e, 64, X64_RDX, dst);
        x64_mulx_rrr(&l->e, 64, TMP2, TMP2, TMP2);
    } else {
        if (dst != X64_RAX)
            x64_mov_rr(&l->e, 64, X64_RAX, dst);
        x64_mul_r(&l->e, 64, TMP2);
        x64_mov_rr(&l->e, 64, TMP2, X64_RDX);
    }
    if (keep_rdx)
        x64_mov_rr(&l->e, 64, X64_RDX, TMP);
    if (keep_rax)
        x64_pop_r(&l->e, 64, X64_RAX);
}

/* TMP2 = dst / divisor, unsigned.  Uses TMP. */
static void quotient(struct x64_lower *l, const struct division *d, uint64_t divisor)
{
    struct magic magic = find_magic(d->width, divisor);
    unsigned shift = magic.shift;
    if (d->width == 64) {
        multiply_high(l, d->dst, magic.m);
    } else {
        x64_mov_ri(&l->e, TMP, magic.m);
        x64_mov_rr(&l->e, 32, TMP2, d->dst);
        x64_imul_rr(&l->e, 64, TMP2, TMP);
        shift += magic.adds ? 0 : 32;
        if (magic.adds)
            x64_shr_ri(&l->e, 64, TMP2, 32);
    }
    if (magic.adds) {
        x64_mov_rr(&l->e, d->width, TMP, d->dst);
        x64_sub_rr(&l->e, d->width, TMP, TMP2);
        x64_shr_ri(&l->e, d->width, TMP, 1);
        x64_add_rr(&l->e, d->width, TMP2, TMP);
    }
    if (shift)
        x64_shr_ri(&l->e, shift >= 32 ? 64 : d->width, TMP2, shift);
}

/* TMP2 = dst / divisor, signed, 32 bits: the product fits into 64.  Uses TMP. */
static void signed_quotient(struct x64_lower *l, enum x64_reg dst, int64_t divisor)
{
    uint64_t size = (uint64_t)(divisor < 0 ? -divisor : divisor);
    unsigned shift = 63 - (unsigned)__builtin_clzll(size - 1);
    x64_mov_ri(&l->e, TMP, (UINT64_C(1) << (32 + shift)) / size + 1);
    x64_movsx32_rr(&l->e, 64, TMP2, dst);
    x64_imul_rr(&l->e, 64, TMP2, TMP);
    x64_sar_ri(&l->e, 64, TMP2, 32 + shift);
    x64_mov_rr(&l->e, 32, TMP, dst);
    x64_sar_ri(&l->e, 32, TMP, 31);
    x64_sub_rr(&l->e, 32, TMP2, TMP);
    if (divisor < 0)
        x64_neg_r(&l->e, 32, TMP2);
}

static void divide_by_constant(struct x64_lower *l, const struct division *d, int64_t imm)
{
    if (d->is_signed && d->width == 64) {
        x64_mov_ri(&l->e, TMP2, (uint64_t)imm);
        divide(l, d);
        return;
    }
    if (d->is_signed)
        signed_quotient(l, d->dst, imm);
    else
        quotient(l, d, d->width == 64 ? (uint64_t)imm : (uint32_t)imm);
    if (!d->mod) {
        x64_mov_rr(&l->e, d->width, d->dst, TMP2);
        return;
    }
    x64_imul_rri(&l->e, d->width, TMP2, TMP2, (int32_t)imm);
    x64_sub_rr(&l->e, d->width, d->dst, TMP2);
}

static void division(struct x64_lower *l, const struct ebpf_insn *insn, struct division d)
{
    d.dst = x64_reg(insn->dst);
    bool by_reg = ebpf_op_table[insn->op].format == EBPF_FMT_ALU_REG;
    bool short_divisor = by_reg ? l->upper_zero >> insn->src & 1 : (int32_t)insn->imm > 0;
    if (!d.is_signed && short_divisor && l->upper_zero >> insn->dst & 1)
        d.width = 32; /* which is never slower */
    if (by_reg) {
        divide_by_reg(l, &d, x64_reg(insn->src));
        return;
    }
    int64_t imm = (int32_t)insn->imm;
    if (!divide_simply(l, &d, imm))
        divide_by_constant(l, &d, imm);
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
