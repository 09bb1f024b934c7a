/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Loads and stores. */
#include "backends/x86_64/lower.h"

void x64_load(struct x64_lower *l, unsigned width, bool is_signed, enum x64_reg dst,
                 struct x64_mem m)
{
    switch (width) {
    case 8: is_signed ? x64_movsx8_rm(&l->e, 64, dst, m) : x64_movzx8_rm(&l->e, 32, dst, m); break;
    case 16:
        is_signed ? x64_movsx16_rm(&l->e, 64, dst, m) : x64_movzx16_rm(&l->e, 32, dst, m);
        break;
    case 32: is_signed ? x64_movsx32_rm(&l->e, 64, dst, m) : x64_mov_rm(&l->e, 32, dst, m); break;
    default: x64_mov_rm(&l->e, 64, dst, m);
    }
}

/* Loads with the bytes swapped.  movbe would not zero-extend 16 bits. */
static void load_swapped(struct x64_lower *l, unsigned width, enum x64_reg dst, struct x64_mem m)
{
    if (width > 16 && l->features & X64_MOVBE) {
        x64_movbe_rm(&l->e, width, dst, m);
        return;
    }
    x64_load(l, width, false, dst, m);
    if (width == 16)
        x64_rol_ri(&l->e, 16, dst, 8);
    else
        x64_bswap_r(&l->e, width, dst);
}

static void store_swapped(struct x64_lower *l, unsigned width, struct x64_mem m, enum x64_reg src)
{
    if (l->features & X64_MOVBE) {
        x64_movbe_mr(&l->e, width, m, src);
        return;
    }
    x64_mov_rr(&l->e, 64, TMP, src);
    if (width == 16)
        x64_rol_ri(&l->e, 16, TMP, 8);
    else
        x64_bswap_r(&l->e, width, TMP);
    x64_mov_mr(&l->e, width, m, TMP);
}

/* Whether the next instruction swaps the bytes that this one loads. */
static bool loads_swapped(const struct x64_lower *l, const struct ebpf_insn *insn)
{
    const struct ebpf_insn *next = x64_next(l, 1);
    const struct ebpf_op_info *load = &ebpf_op_table[insn->op];
    if (!next || load->oper != EBPF_OPER_LOAD || load->width < 16)
        return false;
    const struct ebpf_op_info *swap = &ebpf_op_table[next->op];
    return (swap->oper == EBPF_OPER_BE || swap->oper == EBPF_OPER_BSWAP) &&
           swap->width == load->width && next->dst == insn->dst;
}

void x64_load_from(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width,
                   struct x64_mem m)
{
    enum x64_reg dst = x64_reg(insn->dst);
    struct x64_operand operand = {
        .m = m, .reg = insn->dst, .width = (uint8_t)width, .swap = loads_swapped(l, insn)};
    bool is_signed = ebpf_op_table[insn->op].oper == EBPF_OPER_LOADSX;
    if (operand.swap)
        x64_take_next(l);
    if (!is_signed && x64_lower_operand(l, operand))
        return;
    if (operand.swap)
        load_swapped(l, width, dst, m);
    else
        x64_load(l, width, is_signed, dst, m);
}

void x64_lower_load(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    x64_load_from(l, insn, width, x64_at(x64_reg(insn->src), insn->off));
}

void x64_store_to(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width,
                  struct x64_mem m)
{
    if (ebpf_op_table[insn->op].format == EBPF_FMT_ST)
        x64_mov_mi(&l->e, width, m, (int32_t)insn->imm);
    else
        x64_mov_mr(&l->e, width, m, x64_reg(insn->src));
}

void x64_lower_store(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    x64_store_to(l, insn, width, x64_at(x64_reg(insn->dst), insn->off));
}

void x64_lower_wide(struct x64_lower *l, const struct ebpf_wide *wide, struct x64_mem m)
{
    unsigned width = wide->size * 8u;
    enum x64_reg value = x64_reg(wide->value);
    struct x64_operand operand = {
        .m = m, .reg = wide->value, .width = (uint8_t)width, .swap = wide->swap};
    if (!wide->store && x64_lower_operand(l, operand))
        return;
    if (wide->store && wide->swap)
        store_swapped(l, width, m, value);
    else if (wide->store)
        x64_mov_mr(&l->e, width, m, value);
    else if (wide->swap)
        load_swapped(l, width, value, m);
    else
        x64_load(l, width, false, value, m);
}

void x64_lower_packet(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    if (ebpf_op_table[insn->op].format == EBPF_FMT_LDIND)
        x64_lea_rm(&l->e, 64, TMP2, x64_at(x64_reg(insn->src), (int32_t)insn->imm));
    else
        x64_mov_ri(&l->e, TMP2, (uint64_t)insn->imm);
    x64_mov_rm(&l->e, 64, TMP, X64_FIELD(packet_size));
    x64_sub_ri(&l->e, 64, TMP, (int32_t)width / 8);
    x64_jcc(&l->e, X64_B, x64_leave_label(l));
    x64_cmp_rr(&l->e, 64, TMP2, TMP);
    x64_jcc(&l->e, X64_A, x64_leave_label(l));
    x64_add_rm(&l->e, 64, TMP2, X64_FIELD(packet));
    if (l->in->kernel_packet && width > 8)
        load_swapped(l, width, X64_RAX, x64_at(TMP2, 0));
    else
        x64_load(l, width, false, X64_RAX, x64_at(TMP2, 0));
}
