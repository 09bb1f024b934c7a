/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Loads and stores, and the checks before them. */
#include "backends/x86_64/lower.h"

/* The number of a kind of check; X64_LIMITS if there are too many kinds. */
static uint32_t limit_of(struct x64_lower *l, const struct x64_place *place, bool store)
{
    struct ebpf_code *code = l->code;
    for (uint32_t i = 0; i < code->limit_count; i++) {
        const struct x64_limit *limit = &code->limits[i];
        if (limit->span == place->span && limit->slot == place->slot && limit->store == store)
            return i;
    }
    if (code->limit_count == X64_LIMITS)
        return X64_LIMITS;
    code->limits[code->limit_count] = (struct x64_limit){place->span, place->slot, store};
    return code->limit_count++;
}

static uint32_t miss_stub(struct x64_lower *l, const struct x64_place *place, enum x64_reg base,
                          uint32_t resume)
{
    struct x64_check *check = ebpf_vec_push(&l->code->checks, 1);
    if (!check) {
        l->e.status = l->e.status ? l->e.status : EBPF_ERR_NOMEM;
        return 0;
    }
    *check = (struct x64_check){l->at, l->prepaid, place->span, place->slot,
                                (place->flags & X64_STORES) != 0};
    return x64_stub(l, (struct x64_stub){.kind = X64_STUB_MISS, .base = (uint8_t)base,
                                         .insn = l->at, .prepaid = l->prepaid,
                                         .low = place->low, .resume = resume,
                                         .check = (uint32_t)l->code->checks.count - 1});
}

/* TMP2 = base + offset */
static void address(struct x64_lower *l, enum x64_reg base, int32_t offset)
{
    if (offset)
        x64_lea_rm(&l->e, 64, TMP2, x64_at(base, offset));
    else
        x64_mov_rr(&l->e, 64, TMP2, base);
}

void x64_check_access(struct x64_lower *l, enum x64_reg base)
{
    struct x64_place *place = &l->plan.places[l->at];
    if (place->span == 0)
        return;
    if (place->slot == X64_SLOT_STACK && place->span > (uint32_t)l->frame_size)
        place->slot = X64_SLOT_OTHER;
    uint32_t resume = x64_labels(&l->e, 1), miss = miss_stub(l, place, base, resume);
    if (place->slot == X64_SLOT_STACK) {
        address(l, base, place->low + l->frame_size);
        x64_sub_rr(&l->e, 64, TMP2, X64_RBP);
        x64_cmp_ri(&l->e, 64, TMP2, l->frame_size - (int32_t)place->span);
        x64_jcc(&l->e, X64_A, miss);
    } else {
        uint32_t limit = limit_of(l, place, (place->flags & X64_STORES) != 0);
        if (limit < X64_LIMITS) {
            address(l, base, place->low);
            x64_sub_rm(&l->e, 64, TMP2, X64_FIELD(base[place->slot]));
            x64_cmp_rm(&l->e, 64, TMP2, X64_FIELD(limit[limit]));
            x64_jcc(&l->e, X64_AE, miss);
        } else {
            x64_jmp(&l->e, miss);
        }
    }
    x64_bind(&l->e, resume);
}

/* dst = memory, extended to 64 bits. */
static void load(struct x64_lower *l, unsigned width, bool is_signed, enum x64_reg dst,
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

/* Whether the next instruction swaps the bytes that this one loads. */
static bool loads_swapped(const struct x64_lower *l, const struct ebpf_insn *insn)
{
    const struct ebpf_insn *next = x64_next(l, 1);
    const struct ebpf_op_info *load = &ebpf_op_table[insn->op];
    if (!next || !(l->features & X64_MOVBE) || load->oper != EBPF_OPER_LOAD || load->width < 32)
        return false;
    const struct ebpf_op_info *swap = &ebpf_op_table[next->op];
    return (swap->oper == EBPF_OPER_BE || swap->oper == EBPF_OPER_BSWAP) &&
           swap->width == load->width && next->dst == insn->dst;
}

void x64_lower_load(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg dst = x64_reg(insn->dst), base = x64_reg(insn->src);
    struct x64_mem m = x64_at(base, insn->off);
    x64_check_access(l, base);
    if (loads_swapped(l, insn)) {
        x64_movbe_rm(&l->e, width, dst, m);
        x64_take_next(l);
        return;
    }
    load(l, width, ebpf_op_table[insn->op].oper == EBPF_OPER_LOADSX, dst, m);
}

void x64_lower_store(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg base = x64_reg(insn->dst);
    struct x64_mem m = x64_at(base, insn->off);
    x64_check_access(l, base);
    if (ebpf_op_table[insn->op].format == EBPF_FMT_ST)
        x64_mov_mi(&l->e, width, m, (int32_t)insn->imm);
    else
        x64_mov_mr(&l->e, width, m, x64_reg(insn->src));
}

/* Leaves the code if the address is not a multiple of the access's size. */
static void check_alignment(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width,
                            enum x64_reg base)
{
    if (width == 8)
        return;
    address(l, base, insn->off);
    x64_test_ri(&l->e, 8, TMP2, (int32_t)width / 8 - 1);
    x64_jcc(&l->e, X64_NE, x64_leave_label(l));
}

void x64_lower_load_acquire(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg base = x64_reg(insn->src);
    x64_check_access(l, base);
    check_alignment(l, insn, width, base);
    load(l, width, false, x64_reg(insn->dst), x64_at(base, insn->off));
}

void x64_lower_store_release(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg base = x64_reg(insn->dst);
    x64_check_access(l, base);
    check_alignment(l, insn, width, base);
    x64_mov_mr(&l->e, width, x64_at(base, insn->off), x64_reg(insn->src));
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
    load(l, width, false, X64_RAX, x64_at(TMP2, 0));
}

/* Where the address of an atomic access is checked, and what it is. */
static struct x64_mem atomic(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg base = x64_reg(insn->dst);
    x64_check_access(l, base);
    check_alignment(l, insn, width, base);
    return x64_at(base, insn->off);
}

/* For operations that the processor has as one instruction. */
#define ATOMIC(oper, instruction)                                                                  \
    void x64_lower_##oper(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)       \
    {                                                                                              \
        struct x64_mem m = atomic(l, insn, width);                                                 \
        x64_##instruction##_mr(&l->e, width, m, x64_reg(insn->src));                               \
    }
ATOMIC(A_ADD, lock_add)
ATOMIC(A_OR, lock_or)
ATOMIC(A_AND, lock_and)
ATOMIC(A_XOR, lock_xor)
ATOMIC(AF_ADD, lock_xadd)
ATOMIC(XCHG, xchg)

void x64_lower_CMPXCHG(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    struct x64_mem m = atomic(l, insn, width);
    x64_lock_cmpxchg_mr(&l->e, width, m, x64_reg(insn->src));
    if (width == 32) /* a successful exchange leaves all of rax as it was */
        x64_mov_rr(&l->e, 32, X64_RAX, X64_RAX);
}

/* For those that it has not: a loop around compare-and-exchange, which wants rax. */
#define ATOMIC_LOOP(oper, instruction)                                                             \
    void x64_lower_##oper(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)       \
    {                                                                                              \
        struct x64_mem m = atomic(l, insn, width), at = x64_at(TMP, 0);                            \
        enum x64_reg src = x64_reg(insn->src);                                                     \
        uint32_t loop = x64_labels(&l->e, 1);                                                      \
        x64_lea_rm(&l->e, 64, TMP, m);                                                             \
        x64_mov_mr(&l->e, 64, X64_FIELD(step.reg[0]), X64_RAX);                                    \
        x64_mov_rm(&l->e, width, X64_RAX, at);                                                     \
        x64_bind(&l->e, loop);                                                                     \
        x64_mov_rr(&l->e, 64, TMP2, X64_RAX);                                                      \
        if (src == X64_RAX)                                                                        \
            x64_##instruction##_rm(&l->e, width, TMP2, X64_FIELD(step.reg[0]));                    \
        else                                                                                       \
            x64_##instruction##_rr(&l->e, width, TMP2, src);                                       \
        x64_lock_cmpxchg_mr(&l->e, width, at, TMP2);                                               \
        x64_jcc(&l->e, X64_NE, loop);                                                              \
        if (src == X64_RAX)                                                                        \
            return;                                                                                \
        x64_mov_rr(&l->e, 64, src, X64_RAX);                                                       \
        x64_mov_rm(&l->e, 64, X64_RAX, X64_FIELD(step.reg[0]));                                    \
    }
ATOMIC_LOOP(AF_OR, or)
ATOMIC_LOOP(AF_AND, and)
ATOMIC_LOOP(AF_XOR, xor)
