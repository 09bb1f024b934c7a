/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a comparison of packet pointers proves: if p <= end then all bytes from p's base to p are
 * in the packet.  Comparisons of 32 bits prove nothing. */
#include "ir/verify/safety/safety.h"

enum { LONGEST = 0xffff, MOST_ASSUMED = 1 << 16 };

bool ebpf_assume_packet(struct ebpf_safety *s, uint64_t bytes)
{
    if (!s->contract->assumes || bytes >= MOST_ASSUMED)
        return false;
    if (s->verify->packet_least < bytes)
        s->verify->packet_least = (uint32_t)bytes;
    return true;
}

const struct ebpf_value *ebpf_packet_start(struct ebpf_safety *s)
{
    const struct ebpf_value start = {
        .kind = EBPF_V_PACKET, .id = EBPF_BASE_DATA, .number = ebpf_scalar_const(0)};
    return ebpf_value(&s->values, &start);
}

const struct ebpf_value *ebpf_packet_size(struct ebpf_safety *s)
{
    const struct ebpf_value size = {.kind = EBPF_V_SCALAR, .id = EBPF_ID_SIZE,
                                    .form = EBPF_LINK_SAME,
                                    .number = ebpf_scalar_urange(0, INT64_MAX)};
    return ebpf_value(&s->values, &size);
}

const struct ebpf_value *ebpf_packet_rest(struct ebpf_safety *s, const struct ebpf_state *state,
                                          const struct ebpf_value *p)
{
    struct ebpf_scalar delta = ebpf_scalar_const((uint64_t)p->delta);
    if (!state->size || state->size->id != EBPF_ID_SIZE || p->id != EBPF_BASE_DATA)
        return NULL;
    struct ebpf_value rest = *state->size;
    rest.number = ebpf_scalar_alu(EBPF_OPER_SUB, 64, &rest.number, &delta);
    rest.delta = -p->delta;
    rest.size = 0; /* it is more than the size if p is before the packet */
    return ebpf_value(&s->values, &rest);
}

bool ebpf_is_packet_end(const struct ebpf_value *v)
{
    return v->kind == EBPF_V_END ||
           (v->kind == EBPF_V_PACKET && v->id == EBPF_BASE_END && v->delta == 0);
}

/* Whether `end` is what bounds the region of `p`: packet data by its end, the room before it by the
 * start of the data. */
static bool bounds(const struct ebpf_value *p, const struct ebpf_value *end)
{
    if (p->kind == EBPF_V_PACKET)
        return end->kind == EBPF_V_END ||
               (end->kind == EBPF_V_PACKET && end->id == EBPF_BASE_END);
    return p->kind == EBPF_V_META && end->kind == EBPF_V_PACKET && end->id == EBPF_BASE_DATA &&
           end->delta == 0;
}

/* How far `p` is from the start of the packet, if that is one number and has not wrapped around;
 * else -1. */
static int64_t distance(const struct ebpf_value *p)
{
    bool fixed = p->kind == EBPF_V_PACKET && p->id == EBPF_BASE_DATA && p->delta <= LONGEST;
    return fixed ? p->delta : -1;
}

uint32_t ebpf_packet_range(const struct ebpf_state *state, const struct ebpf_value *p)
{
    uint64_t least = p->id == EBPF_BASE_DATA ? ebpf_state_least(state) : 0;
    if (p->size) /* only what is known of the size itself */
        return least < EBPF_FAR ? (uint32_t)least : EBPF_FAR;
    return ebpf_state_range(state, p->id);
}

/* Pointers with the base of `ctx` are spoken of from now on. */
static const struct ebpf_value *include(struct ebpf_safety *s, const struct ebpf_value *value,
                                        void *ctx)
{
    const struct ebpf_value *p = ctx;
    struct ebpf_value v = *value;
    if (!ebpf_value_is_packet(value) || value->id != p->id || !value->size)
        return value;
    v.size = 0;
    return ebpf_value(&s->values, &v);
}

/* p <= end, or with `below` p < end; where the packet ends, or `more` bytes further on. */
static void learn(struct ebpf_safety *s, struct ebpf_state *state, const struct ebpf_value *p,
                  bool below, int64_t more)
{
    if (p->delta < 0 || (p->delta == 0 && below) || p->number.umax > LONGEST ||
        p->number.umax + (uint64_t)p->delta > LONGEST)
        return; /* nothing is before it, or it may have wrapped around */
    int64_t proven = p->delta + below - more;
    struct ebpf_value base = *p;
    if (proven > 0 && proven <= LONGEST && state->has_fresh)
        ebpf_state_remap(s, state, include, &base);
    if (proven > 0 && proven <= LONGEST && proven > ebpf_state_range(state, p->id))
        ebpf_state_set_range(state, p->id, (uint32_t)proven);
}

/* The opposite: p >= end, or with `above` p > end.  So the packet has no more bytes than that. */
static void learn_most(struct ebpf_safety *s, struct ebpf_state *state, const struct ebpf_value *p,
                       bool above, int64_t more)
{
    int64_t most = distance(p) - above - more;
    if (distance(p) < 0 || most < 0 || !state->size)
        return;
    struct ebpf_value size = *state->size;
    struct ebpf_scalar bound = ebpf_scalar_urange(0, (uint64_t)most);
    if (ebpf_scalar_meet(&size.number, &bound))
        state->size = ebpf_value(&s->values, &size);
}

/* A comparison of a packet pointer with what bounds it, the pointer first. */
struct comparison {
    const struct ebpf_value *p;
    int64_t more;
    bool above; /* p > end or p <= end, which are opposites; not p >= end or p < end */
    bool outside; /* it holds for p > end or p >= end */
};

/* Whether so many bytes before the end of the packet are at a lower address.  Those before the end
 * of an empty packet are not if it is at 0; no other packet is so near to 0. */
static bool is_lower(struct ebpf_safety *s, const struct ebpf_state *state, int64_t bytes)
{
    return bytes <= LONGEST && (ebpf_state_least(state) > 0 || ebpf_assume_packet(s, 1));
}

/* Whether operands are compared so. */
static bool compares(struct ebpf_safety *s, const struct ebpf_state *state, enum ebpf_oper oper,
                     const struct ebpf_value *a, const struct ebpf_value *b, struct comparison *c)
{
    bool swapped = bounds(b, a);
    if (!swapped && !bounds(a, b))
        return false;
    const struct ebpf_value *end = swapped ? a : b;
    c->p = swapped ? b : a;
    c->more = end->id == EBPF_BASE_END ? end->delta : 0;
    if (c->more < 0 && !is_lower(s, state, -c->more))
        return false;
    switch (oper) {
    case EBPF_OPER_JGT: /* p > end; end > p */
    case EBPF_OPER_JLE:
        c->above = !swapped;
        break;
    case EBPF_OPER_JGE:
    case EBPF_OPER_JLT:
        c->above = swapped;
        break;
    default:
        return false;
    }
    c->outside = (oper == EBPF_OPER_JGT || oper == EBPF_OPER_JGE) != swapped;
    return true;
}

bool ebpf_packet_compare(struct ebpf_safety *s, struct ebpf_state *taken, struct ebpf_state *next,
                         enum ebpf_oper oper, const struct ebpf_value *a,
                         const struct ebpf_value *b)
{
    struct comparison c;
    if (!compares(s, next, oper, a, b, &c))
        return false;
    learn(s, c.outside ? next : taken, c.p, !c.above, c.more);
    learn_most(s, c.outside ? taken : next, c.p, c.above, c.more);
    return true;
}

enum ebpf_branch ebpf_packet_decide(struct ebpf_safety *s, const struct ebpf_state *state,
                                    enum ebpf_oper oper, const struct ebpf_value *a,
                                    const struct ebpf_value *b)
{
    struct comparison c;
    if (!compares(s, state, oper, a, b, &c) || distance(c.p) < 0 || !state->size)
        return EBPF_BRANCH_BOTH;
    int64_t least = distance(c.p) - c.above - c.more; /* if the packet has no more, it is outside */
    if (least < 0 || state->size->number.umax > (uint64_t)least)
        return EBPF_BRANCH_BOTH;
    return c.outside ? EBPF_BRANCH_ALWAYS : EBPF_BRANCH_NEVER;
}
