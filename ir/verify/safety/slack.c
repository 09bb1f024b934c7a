/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Numbers that are compared with the size of the packet.  A number has slack k if number + k is at
 * most that size, without wrapping around; an offset with slack k leads to k bytes of the packet.
 * So loops up to the size are proven, although nobody knows it.
 */
#include "ir/verify/safety/safety.h"

enum { LARGEST = 1 << 16 };

int64_t ebpf_slack(const struct ebpf_value *number, uint64_t least)
{
    int64_t slack = (int64_t)number->size - 1;
    if (number->number.umax > least)
        return slack;
    uint64_t below = least - number->number.umax;
    int64_t sure = below < LARGEST ? (int64_t)below : LARGEST;
    return sure > slack ? sure : slack;
}

const struct ebpf_value *ebpf_with_slack(struct ebpf_safety *s, const struct ebpf_value *number,
                                         int64_t slack)
{
    struct ebpf_value v = *number;
    if (v.kind != EBPF_V_SCALAR)
        return number;
    v.size = slack < 0 ? 0 : slack < LARGEST ? (uint32_t)slack + 1 : LARGEST + 1;
    return ebpf_value(&s->values, &v);
}

/* The slack of a number plus a constant. */
static int64_t moved(const struct ebpf_value *number, int64_t slack, int64_t by)
{
    if (by >= 0)
        return slack - by;
    return by > -LARGEST && number->number.umin >= (uint64_t)-by ? slack - by : -1;
}

const struct ebpf_value *ebpf_keep_slack(struct ebpf_safety *s, const struct ebpf_op_info *info,
                                         const struct ebpf_value *result,
                                         const struct ebpf_value *a, const struct ebpf_value *b)
{
    int64_t slack = (int64_t)a->size - 1;
    bool fixed = info->width == 64 && ebpf_scalar_is_const(&b->number);
    if (slack < 0)
        return result;
    switch ((enum ebpf_oper)info->oper) {
    case EBPF_OPER_ADD:
        slack = fixed ? moved(a, slack, (int64_t)b->number.umin) : -1;
        break;
    case EBPF_OPER_SUB:
        slack = fixed && (int64_t)b->number.umin != INT64_MIN
                    ? moved(a, slack, -(int64_t)b->number.umin) : -1;
        break;
    case EBPF_OPER_AND: /* these make it no larger */
    case EBPF_OPER_RSH:
    case EBPF_OPER_MOV:
        break;
    default:
        slack = -1;
    }
    return slack < 0 ? result : ebpf_with_slack(s, result, slack);
}

/* A number has been found to have slack: what that tells of others with the same id. */
struct finding {
    const struct ebpf_value *number;
    int64_t slack;
};

static const struct ebpf_value *learn_link(struct ebpf_safety *s, const struct ebpf_value *v,
                                           void *ctx)
{
    const struct finding *f = ctx;
    const struct ebpf_value *n = f->number;
    if (v->kind != EBPF_V_SCALAR || v->id != n->id || v->form != EBPF_LINK_SAME ||
        n->form != EBPF_LINK_SAME)
        return v;
    int64_t slack = moved(n, f->slack, v->delta - n->delta);
    return slack > (int64_t)v->size - 1 ? ebpf_with_slack(s, v, slack) : v;
}

static void learn(struct ebpf_safety *s, struct ebpf_state *state, unsigned reg, int64_t slack)
{
    const struct ebpf_value *number = ebpf_reg(state, reg);
    struct finding f = {number, slack};
    if (slack <= (int64_t)number->size - 1)
        return;
    if (number->id)
        ebpf_state_remap(s, state, learn_link, &f);
    ebpf_set_reg(s, state, reg, ebpf_with_slack(s, number, slack));
}

/* `below` < `above`, or with `equal` <=. */
static void learn_below(struct ebpf_safety *s, struct ebpf_state *state, unsigned below,
                        unsigned above, unsigned width, bool equal)
{
    const struct ebpf_value *a = ebpf_reg(state, below), *b = ebpf_reg(state, above);
    if (!a || !b || a->kind != EBPF_V_SCALAR || b->kind != EBPF_V_SCALAR ||
        b->id != EBPF_ID_SIZE)
        return;
    int64_t slack = equal ? 0 : 1;
    if (width == 32) {
        /* The low half of the size is no larger than that. */
        if (a->number.umax <= UINT32_MAX && b->form != EBPF_LINK_SHIFTED && b->delta == 0)
            learn(s, state, below, slack);
        return;
    }
    bool wraps = b->delta < 0 && ebpf_state_least(state) < (uint64_t)-b->delta;
    if (b->form == EBPF_LINK_SAME && !wraps)
        learn(s, state, below, slack - b->delta);
    else if (b->form == EBPF_LINK_ZEXT && b->delta == 0)
        learn(s, state, below, slack);
}

/* Whether a comparison of signed numbers says the same of unsigned ones: if the lower one is not
 * negative, then the other is not either. */
static bool is_unsigned(const struct ebpf_state *state, unsigned below, unsigned width)
{
    const struct ebpf_value *v = ebpf_reg(state, below);
    return v && (width == 64 ? v->number.smin >= 0 : v->number.umax <= INT32_MAX);
}

void ebpf_slack_compare(struct ebpf_safety *s, struct ebpf_state *state,
                        const struct ebpf_insn *insn, bool holds)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    unsigned dst = insn->dst, src = insn->src, low = dst, high = src;
    bool equal = false, is_signed = false;
    if (info->format != EBPF_FMT_JMP_REG)
        return;
    switch ((enum ebpf_oper)info->oper) {
    case EBPF_OPER_JSLT: is_signed = true; /* fall through */
    case EBPF_OPER_JLT: equal = !holds; break;
    case EBPF_OPER_JSLE: is_signed = true; /* fall through */
    case EBPF_OPER_JLE: equal = holds; break;
    case EBPF_OPER_JSGT: is_signed = true; /* fall through */
    case EBPF_OPER_JGT: equal = !holds; holds = !holds; break;
    case EBPF_OPER_JSGE: is_signed = true; /* fall through */
    case EBPF_OPER_JGE: equal = holds; holds = !holds; break;
    default: return;
    }
    if (!holds)
        low = src, high = dst;
    if (!is_signed || is_unsigned(state, low, info->width))
        learn_below(s, state, low, high, info->width, equal);
}
