/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Addresses: what compilers compute in steps (`r5 = r1; r5 += r4; r5 += 8`) is one lea, or part of
 * the load or store that it is for, if nothing else needs the sum.
 */
#include "backends/x86_64/lower.h"

/* A sum in the making: `m` is what the register `reg` holds after `count` instructions. */
struct sum {
    struct x64_mem m;
    unsigned reg;
    unsigned width;
    uint32_t count;
};

enum { MAX_SCALE = 3 };

static bool has_base(const struct sum *s)
{
    return s->m.base != X64_NO_BASE;
}

static bool has_index(const struct sum *s)
{
    return s->m.index != X64_RSP;
}

static bool add_register(struct sum *s, enum x64_reg reg)
{
    if (!has_base(s)) {
        s->m.base = (uint8_t)reg;
    } else if (!has_index(s)) {
        s->m.index = (uint8_t)reg;
        s->m.scale = 0;
    } else {
        return false;
    }
    return true;
}

static bool add_constant(struct sum *s, int64_t imm)
{
    int64_t disp = s->m.disp + imm;
    if (disp != (int32_t)disp)
        return false;
    s->m.disp = (int32_t)disp;
    return true;
}

static bool shift(struct sum *s, int64_t imm)
{
    if (imm < 1 || imm > MAX_SCALE || s->m.disp || (has_base(s) && has_index(s)))
        return false;
    if (!has_base(s) && s->m.scale + imm > MAX_SCALE)
        return false;
    if (has_base(s))
        s->m = x64_at_index(X64_NO_BASE, (enum x64_reg)s->m.base, (unsigned)imm, 0);
    else
        s->m.scale = (uint8_t)(s->m.scale + imm);
    return true;
}

/* Whether the sum goes on with an instruction. */
static bool extend(struct sum *s, const struct ebpf_insn *insn)
{
    bool done = false;
    if (insn->dst != s->reg || ebpf_op_table[insn->op].width != s->width)
        return false;
    switch (insn->op) {
    case EBPF_OP_ADD64_REG:
    case EBPF_OP_ADD32_REG:
        done = insn->src != s->reg && add_register(s, x64_reg(insn->src));
        break;
    case EBPF_OP_ADD64_IMM:
    case EBPF_OP_ADD32_IMM:
        done = add_constant(s, insn->imm);
        break;
    case EBPF_OP_LSH64_IMM:
    case EBPF_OP_LSH32_IMM:
        done = shift(s, insn->imm);
        break;
    default:
        break;
    }
    s->count += done;
    return done;
}

/* The instruction behind the sum, if it may be done together with it; pieces of a wide access
 * that are left out do not count. */
static const struct ebpf_insn *behind(const struct x64_lower *l, const struct sum *s,
                                      uint32_t *ahead)
{
    const struct x64_check *checks = l->plan.checks.data;
    for (*ahead = s->count;; ++*ahead) {
        uint32_t i = l->at + *ahead;
        if (i > l->last)
            return NULL;
        if (l->next_check < l->plan.checks.count && checks[l->next_check].insn <= i)
            return NULL;
        if (x64_role(&l->plan, i) != EBPF_WIDE_OMIT)
            return ebpf_program_at(l->in->program, i);
    }
}

/* Goes on to the access that the sum is for. */
static void take(struct x64_lower *l, uint32_t ahead)
{
    while (ahead-- > 0)
        x64_take_next(l);
}

static bool is_dead_behind(const struct x64_lower *l, uint32_t ahead, unsigned reg)
{
    return !(l->plan.flow[l->at + ahead].live >> reg & 1);
}

static bool access_wide(struct x64_lower *l, const struct sum *s, uint32_t ahead)
{
    const struct ebpf_wide *wide = x64_find_wide(l, l->at + ahead);
    bool is_base = wide->last_base == s->reg && !(wide->store && wide->value == s->reg);
    bool is_last = (!wide->store && wide->value == s->reg) || is_dead_behind(l, ahead, s->reg);
    struct sum sum = *s;
    if (!is_base || !is_last || !add_constant(&sum, wide->last_off))
        return false;
    take(l, ahead);
    x64_lower_wide(l, wide, sum.m);
    return true;
}

/* The load or store that follows, if it is through the sum and nothing needs the sum afterwards. */
static bool access(struct x64_lower *l, const struct sum *s)
{
    uint32_t ahead;
    const struct ebpf_insn *insn = behind(l, s, &ahead);
    if (!insn)
        return false;
    if (x64_role(&l->plan, l->at + ahead) == EBPF_WIDE_LAST)
        return access_wide(l, s, ahead);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    bool loads = info->format == EBPF_FMT_LDX && insn->src == s->reg;
    bool stores = (info->format == EBPF_FMT_STX && insn->dst == s->reg && insn->src != s->reg) ||
                  (info->format == EBPF_FMT_ST && insn->dst == s->reg);
    bool is_last = (loads && insn->dst == s->reg) || is_dead_behind(l, ahead, s->reg);
    struct sum sum = *s;
    if ((!loads && !stores) || !is_last || !add_constant(&sum, insn->off))
        return false;
    take(l, ahead);
    if (loads)
        x64_load_from(l, insn, info->width, sum.m);
    else
        x64_store_to(l, insn, info->width, sum.m);
    return true;
}

/* A sum that is an index so far, such as `r4 = r2; r4 <<= 2`, together with the sum that it is
 * added to, such as `r5 = r1; r5 += r4`, if that is all it is for. */
static void add_base(const struct x64_lower *l, struct sum *s)
{
    const struct ebpf_insn *next = x64_next(l, s->count);
    if (!next || next->op != EBPF_OP_MOV64_REG || next->dst == s->reg || next->src == s->reg ||
        s->m.disp || (has_base(s) && has_index(s)))
        return;
    struct sum whole = {.m = x64_at(x64_reg(next->src), 0), .reg = next->dst,
                        .width = s->width, .count = s->count + 1};
    bool joined = false;
    while ((next = x64_next(l, whole.count))) {
        bool joins = next->op == EBPF_OP_ADD64_REG && next->dst == whole.reg &&
                     next->src == s->reg && !has_index(&whole);
        if (!joins && !extend(&whole, next))
            break;
        if (!joins)
            continue;
        whole.m.index = has_base(s) ? s->m.base : s->m.index;
        whole.m.scale = has_base(s) ? 0 : s->m.scale;
        joined = is_dead_behind(l, whole.count++, s->reg);
        if (!joined)
            return;
    }
    if (joined)
        *s = whole;
}

bool x64_lower_sum(struct x64_lower *l, const struct ebpf_insn *insn)
{
    bool copies = insn->op == EBPF_OP_MOV64_REG || insn->op == EBPF_OP_MOV32_REG;
    struct sum s = {.m = x64_at(x64_reg(copies ? insn->src : insn->dst), 0), .reg = insn->dst,
                    .width = ebpf_op_table[insn->op].width, .count = copies};
    if (l->in->code.flags & EBPF_CODE_BLINDED)
        return false; /* constants must not become displacements */
    if (!copies && !extend(&s, insn))
        return false;
    const struct ebpf_insn *next;
    while ((next = x64_next(l, s.count)) && extend(&s, next))
        ;
    if (s.width == 64)
        add_base(l, &s);
    if (s.width == 64 && access(l, &s)) /* no address has 32 bits */
        return true;
    if (s.count < 2 || !has_base(&s))
        return false;
    x64_lea_rm(&l->e, s.width, x64_reg(s.reg), s.m);
    take(l, s.count - 1);
    return true;
}
