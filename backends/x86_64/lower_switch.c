/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Jump tables; plan_switch.c finds them. */
#include "backends/x86_64/lower.h"

static const struct x64_switch *find_switch(const struct x64_lower *l)
{
    const struct x64_switch *s = l->plan.switches.data;
    while (s->insn != l->at)
        s++;
    return s;
}

/* Code of so few instructions has less than 32 KiB, tables included: half as much would do. */
enum { FEW_INSNS = 128 };

/* In bytes. */
static unsigned entry_size(const struct x64_lower *l)
{
    return l->count <= FEW_INSNS ? 2 : 4;
}

static void go(struct x64_lower *l, const struct x64_way *way)
{
    x64_pay(l, way->charge);
    x64_jmp(&l->e, x64_thread(&l->plan, l->in, way->block));
}

static bool is_same(const struct x64_way *a, const struct x64_way *b)
{
    return a->block == b->block && a->charge == b->charge;
}

/* Charges what stands in a table of bytes, at a fresh label; 0 if all ways charge the same. */
static uint32_t charge_by_table(struct x64_lower *l, const struct x64_way *ways, uint32_t count,
                                enum x64_reg index)
{
    uint32_t i = 1;
    while (i < count && ways[i].charge == ways[0].charge)
        i++;
    if (i == count) {
        x64_pay(l, ways[0].charge);
        return 0;
    }
    uint32_t charges = x64_labels(&l->e, 1);
    x64_lea_label(&l->e, TMP2, charges);
    x64_movsx8_rm(&l->e, 64, TMP2, x64_at_index(TMP2, index, 0, 0));
    x64_sub_rr(&l->e, 64, LEFT, TMP2);
    return charges;
}

/* An entry is the distance from the table's start to where it leads. */
static void put_tables(struct x64_lower *l, const struct x64_way *ways, uint32_t count,
                       uint32_t table, uint32_t charges)
{
    struct x64_table *data = ebpf_vec_push(&l->code->tables, 1);
    if (!data) {
        l->e.status = EBPF_ERR_NOMEM;
        return;
    }
    data->start = x64_labels(&l->e, 1);
    data->end = x64_labels(&l->e, 1);
    x64_bind(&l->e, data->start);
    x64_bind(&l->e, table);
    for (uint32_t i = 0; i < count; i++)
        x64_distance(&l->e, table, x64_thread(&l->plan, l->in, ways[i].block), entry_size(l));
    if (charges)
        x64_bind(&l->e, charges);
    for (uint32_t i = 0; charges && i < count; i++)
        x64_put_imm(&l->e, (uint32_t)ways[i].charge, 1);
    x64_bind(&l->e, data->end);
}

/* What is in no table. */
static void put_rest(struct x64_lower *l, const struct x64_switch *s, enum x64_reg value,
                     unsigned width)
{
    if (!is_same(&s->below, &s->above)) {
        uint32_t below = x64_labels(&l->e, 1);
        x64_cmp_ri(&l->e, width, value, s->low);
        x64_jcc(&l->e, s->is_signed ? X64_L : X64_B, below);
        go(l, &s->above);
        x64_bind(&l->e, below);
    }
    go(l, &s->below);
}

/* The register that holds how far the value is from the least one in the table, 64 bits. */
static enum x64_reg put_index(struct x64_lower *l, const struct x64_switch *s, unsigned reg,
                              unsigned width)
{
    enum x64_reg value = x64_reg(reg);
    if (s->low == 0 && (width == 64 || l->upper_zero >> reg & 1))
        return value;
    if (s->low)
        x64_lea_rm(&l->e, width, TMP, x64_at(value, -s->low));
    else
        x64_mov_rr(&l->e, width, TMP, value);
    return TMP;
}

/* Jumps to where the entry number `index` leads. */
static void jump_by_table(struct x64_lower *l, uint32_t table, enum x64_reg index)
{
    x64_lea_label(&l->e, TMP2, table);
    if (entry_size(l) == 2)
        x64_movsx16_rm(&l->e, 64, TMP, x64_at_index(TMP2, index, 1, 0));
    else
        x64_movsx32_rm(&l->e, 64, TMP, x64_at_index(TMP2, index, 2, 0));
    x64_add_rr(&l->e, 64, TMP, TMP2);
#ifdef __CET__
    x64_put_bytes(&l->e, "\x3e", 1); /* notrack: what is in the table is no endbr64 */
#endif
    x64_jmp_r(&l->e, TMP);
}

void x64_lower_switch(struct x64_lower *l, const struct ebpf_insn *insn)
{
    const struct x64_switch *s = find_switch(l);
    const struct x64_way *ways = (const struct x64_way *)l->plan.ways.data + s->first;
    unsigned width = ebpf_op_table[insn->op].width;
    bool goes_on = is_same(&s->below, &s->above) && s->below.charge == 0;
    uint32_t table = x64_labels(&l->e, 1);
    uint32_t rest = goes_on ? x64_thread(&l->plan, l->in, s->below.block) : x64_labels(&l->e, 1);
    enum x64_reg index = put_index(l, s, insn->dst, width);
    x64_cmp_ri(&l->e, width, index, (int32_t)s->count - 1);
    x64_jcc(&l->e, X64_A, rest);
    uint32_t charges = charge_by_table(l, ways, s->count, index);
    jump_by_table(l, table, index);
    if (!goes_on) {
        x64_bind(&l->e, rest);
        put_rest(l, s, x64_reg(insn->dst), width);
    }
    put_tables(l, ways, s->count, table, charges);
    l->falls = false;
}
