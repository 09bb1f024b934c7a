/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Conditional jumps: which ways they may go, and what is known behind them. */
#include <string.h>

#include "ir/verify/safety/safety.h"

/* A number was found to be `now`: what does that tell of values with the same id? */
struct finding {
    const struct ebpf_value *was;
    struct ebpf_scalar now;
    const struct ebpf_value *asked, *told; /* the last one: often several places hold the same */
};

/* Whether what is found of the low half of one number holds for the other.  Of a copy of the low
 * half of a wider number the kernel's verifier does not know that it is one. */
static bool shares_low_half(const struct ebpf_safety *s, const struct ebpf_value *found,
                            const struct ebpf_value *other)
{
    bool copy = found->form == EBPF_LINK_SAME && other->form == EBPF_LINK_ZEXT;
    bool wider = found->number.umax > UINT32_MAX;
    return found->form != EBPF_LINK_SHIFTED && other->form != EBPF_LINK_SHIFTED &&
           found->delta == 0 && other->delta == 0 &&
           !(copy && wider && !(s->type->flags & EBPF_TYPE_ANY_HELPER));
}

static const struct ebpf_value *learn_link(struct ebpf_safety *s, const struct ebpf_value *value,
                                           void *ctx)
{
    struct finding *f = ctx;
    const struct ebpf_value *was = f->was;
    struct ebpf_value v;
    bool learnt = true;
    if (value->kind != EBPF_V_SCALAR || value->id != was->id)
        return value;
    if (value == f->asked)
        return f->told;
    v = *value;
    if (v.form == was->form && v.delta == was->delta) {
        learnt = ebpf_scalar_meet(&v.number, &f->now);
    } else if (v.form == EBPF_LINK_SAME && was->form == EBPF_LINK_SAME) {
        struct ebpf_scalar delta = ebpf_scalar_const((uint64_t)v.delta - (uint64_t)was->delta);
        struct ebpf_scalar n = ebpf_scalar_alu(EBPF_OPER_ADD, 64, &f->now, &delta);
        learnt = ebpf_scalar_meet(&v.number, &n);
    } else if (shares_low_half(s, was, &v)) {
        learnt = ebpf_scalar_meet_low(&v.number, &f->now); /* the low halves are the same */
    }
    /* What cannot be is kept as it was: that this way is never taken is found elsewhere. */
    f->asked = value;
    return f->told = learnt ? ebpf_value(&s->values, &v) : value;
}

static void learn_number(struct ebpf_safety *s, struct ebpf_state *state, unsigned reg,
                         const struct ebpf_value *was, const struct ebpf_scalar *now)
{
    struct ebpf_value v = *was;
    v.number = *now;
    if (was->id) {
        struct finding f = {.was = was, .now = *now};
        ebpf_state_remap(s, state, learn_link, &f);
    }
    ebpf_set_reg(s, state, reg, ebpf_value(&s->values, &v));
}

/* A pointer was found to be 0, or not to be. */
struct null_check {
    uint32_t id;
    bool null;
};

static const struct ebpf_value *settle(struct ebpf_safety *s, const struct ebpf_value *value,
                                       void *ctx)
{
    const struct null_check *check = ctx;
    struct ebpf_value v = *value;
    if (!v.nullable || v.id != check->id)
        return value;
    if (check->null) {
        struct ebpf_scalar zero = ebpf_scalar_const(0);
        return ebpf_value_scalar(&s->values, &zero);
    }
    v.nullable = 0;
    v.id = v.kind == EBPF_V_RECORD ? v.id : 0;
    return ebpf_value(&s->values, &v);
}

static void learn_null(struct ebpf_safety *s, struct ebpf_state *state, unsigned reg, bool null)
{
    const struct ebpf_value *p = ebpf_reg(state, reg);
    struct null_check check = {p->id, null};
    uint32_t id = p->id;
    bool nothing = null && (p->kind == EBPF_V_RECORD || (p->kind == EBPF_V_SOCKET && p->size));
    if (nothing) /* is held */
        for (unsigned i = 0; i < state->acquired_count; i++)
            if (state->acquired[i] == ebpf_value_held(p))
                state->acquired[i] = state->acquired[--state->acquired_count];
    if (id) {
        ebpf_state_remap(s, state, settle, &check);
    } else {
        check.id = 0;
        ebpf_set_reg(s, state, reg, settle(s, p, &check));
    }
}

static void forbid_comparison(struct ebpf_safety *s, const struct ebpf_state *state,
                              const struct ebpf_value *a, const struct ebpf_value *b)
{
    if (s->contract->unprivileged && (ebpf_value_is_pointer(a) || ebpf_value_is_pointer(b)))
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "compare addresses with 0 or data_end only",
                      "the unprivileged may not compare addresses");
}

/* Both ways are possible, and nothing is learnt. */
static struct ebpf_state *fork(struct ebpf_safety *s, const struct ebpf_state *state)
{
    s->facts[s->insn].flags |= EBPF_FACT_TAKEN | EBPF_FACT_NOT_TAKEN;
    return ebpf_state_copy(s, state);
}

/* The start of something is not at 0, nor is what lies behind it. */
static bool never_null(const struct ebpf_value *v)
{
    bool has_start = v->kind == EBPF_V_MAP_VALUE || v->kind == EBPF_V_MAP ||
                     v->kind == EBPF_V_RECORD || v->kind == EBPF_V_SOCKET;
    return has_start && !v->nullable && v->number.smin >= 0 && ebpf_scalar_is_const(&v->number);
}

/* Of two addresses that are the same, one is not 0 if the other is not. */
static void learn_same(struct ebpf_safety *s, struct ebpf_state *state,
                       const struct ebpf_insn *insn, const struct ebpf_value *a,
                       const struct ebpf_value *b)
{
    if (a->nullable && never_null(b))
        learn_null(s, state, insn->dst, false);
    else if (b->nullable && never_null(a))
        learn_null(s, state, insn->src, false);
}

static enum ebpf_step one_way(struct ebpf_safety *s, bool taken)
{
    s->facts[s->insn].flags |= taken ? EBPF_FACT_TAKEN : EBPF_FACT_NOT_TAKEN;
    return taken ? EBPF_STEP_JUMP : EBPF_STEP_NEXT;
}

static enum ebpf_step jump_pointer(struct ebpf_safety *s, struct ebpf_state *state,
                                   const struct ebpf_insn *insn, const struct ebpf_value *a,
                                   const struct ebpf_value *b, struct ebpf_state **other)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    enum ebpf_oper oper = (enum ebpf_oper)info->oper;
    bool equality = oper == EBPF_OPER_JEQ || oper == EBPF_OPER_JNE, wide = info->width == 64;
    bool null = equality && wide && info->format == EBPF_FMT_JMP_IMM && insn->imm == 0;
    bool pointers = wide && a->kind != EBPF_V_SCALAR && b->kind != EBPF_V_SCALAR &&
                    !a->nullable && !b->nullable;
    if (null && never_null(a))
        return one_way(s, oper == EBPF_OPER_JNE);
    enum ebpf_branch way = pointers ? ebpf_packet_decide(s, state, oper, a, b) : EBPF_BRANCH_BOTH;
    if (way != EBPF_BRANCH_BOTH)
        return one_way(s, way == EBPF_BRANCH_ALWAYS);
    *other = fork(s, state);
    if (!*other)
        return EBPF_STEP_END;
    if (null && a->nullable) {
        learn_null(s, *other, insn->dst, oper == EBPF_OPER_JEQ);
        learn_null(s, state, insn->dst, oper == EBPF_OPER_JNE);
    } else if (!pointers || !ebpf_packet_compare(s, *other, state, oper, a, b)) {
        forbid_comparison(s, state, a, b);
        if (equality && wide)
            learn_same(s, oper == EBPF_OPER_JEQ ? *other : state, insn, a, b);
    }
    return EBPF_STEP_FORK;
}

/* Goes the way for which the condition holds, or does not. */
static void assume(struct ebpf_safety *s, struct ebpf_state *state, const struct ebpf_insn *insn,
                   const struct ebpf_value *a, const struct ebpf_value *b, bool holds)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    struct ebpf_scalar x = a->number, y = b->number;
    if (!ebpf_scalar_assume((enum ebpf_oper)info->oper, info->width, !holds, &x, &y))
        return;
    learn_number(s, state, insn->dst, a, &x);
    if (info->format == EBPF_FMT_JMP_REG && insn->src != insn->dst) {
        const struct ebpf_value *now = ebpf_reg(state, insn->src);
        if (now == b) {
            learn_number(s, state, insn->src, b, &y);
        } else if (now && ebpf_scalar_meet(&y, &now->number)) { /* it was linked to the other */
            learn_number(s, state, insn->src, now, &y);
        }
    }
}

/* Which way it goes may follow from bits, when ranges do not know it yet. */
static enum ebpf_step one_way_of_numbers(struct ebpf_safety *s, struct ebpf_state *state,
                                         const struct ebpf_insn *insn, const struct ebpf_value *a,
                                         const struct ebpf_value *b, bool taken)
{
    if (!ebpf_scalar_is_const(&a->number) || !ebpf_scalar_is_const(&b->number)) {
        assume(s, state, insn, a, b, taken);
        ebpf_slack_compare(s, state, insn, taken);
    }
    return one_way(s, taken);
}

static enum ebpf_step jump_number(struct ebpf_safety *s, struct ebpf_state *state,
                                  const struct ebpf_insn *insn, const struct ebpf_value *a,
                                  const struct ebpf_value *b, struct ebpf_state **other)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    enum ebpf_branch way =
        ebpf_scalar_decide((enum ebpf_oper)info->oper, info->width, &a->number, &b->number);
    if (way != EBPF_BRANCH_BOTH && !s->contract->unprivileged)
        return one_way_of_numbers(s, state, insn, a, b, way == EBPF_BRANCH_ALWAYS);
    *other = fork(s, state);
    if (!*other)
        return EBPF_STEP_END;
    if (way == EBPF_BRANCH_BOTH) {
        assume(s, *other, insn, a, b, true);
        assume(s, state, insn, a, b, false);
        ebpf_slack_compare(s, *other, insn, true);
        ebpf_slack_compare(s, state, insn, false);
        return EBPF_STEP_FORK;
    }
    /* Speculation goes the other way as well, with anything in the registers. */
    struct ebpf_state *wrong = way == EBPF_BRANCH_ALWAYS ? state : *other;
    ebpf_set_reg(s, wrong, insn->dst, ebpf_unknown(s));
    if (info->format == EBPF_FMT_JMP_REG)
        ebpf_set_reg(s, wrong, insn->src, ebpf_unknown(s));
    return EBPF_STEP_FORK;
}

enum ebpf_step ebpf_step_jump(struct ebpf_safety *s, struct ebpf_state *state,
                              const struct ebpf_insn *insn, struct ebpf_state **other)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (info->effects & EBPF_FX_TERMINATOR)
        return EBPF_STEP_JUMP;
    if (insn->op == EBPF_OP_MAY_GOTO) {
        *other = fork(s, state);
        return *other ? EBPF_STEP_FORK : EBPF_STEP_END;
    }
    struct ebpf_scalar imm = ebpf_scalar_const((uint64_t)insn->imm);
    const struct ebpf_value *a = ebpf_read_reg(s, state, insn->dst);
    const struct ebpf_value *b = info->format == EBPF_FMT_JMP_REG
                                     ? ebpf_read_reg(s, state, insn->src)
                                     : ebpf_value_scalar(&s->values, &imm);
    if (ebpf_value_is_pointer(a) || ebpf_value_is_pointer(b))
        return jump_pointer(s, state, insn, a, b, other);
    return jump_number(s, state, insn, a, b, other);
}
