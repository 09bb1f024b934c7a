/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a comparison of packet pointers proves: if p <= end then all bytes from p's base to p are
 * in the packet.  Comparisons of 32 bits prove nothing. */
#include "ir/verify/safety/safety.h"

enum { LONGEST = 0xffff };

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
                                    .number = ebpf_scalar_urange(s->contract->packet_least,
                                                                 INT64_MAX)};
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

/* p <= end, or with `below` p < end; where the packet ends, or `more` bytes further on. */
static void learn(struct ebpf_state *state, const struct ebpf_value *p, bool below, int64_t more)
{
    if (p->delta < 0 || (p->delta == 0 && below) || p->number.umax > LONGEST ||
        p->number.umax + (uint64_t)p->delta > LONGEST)
        return; /* nothing is before it, or it may have wrapped around */
    int64_t proven = p->delta + below - more;
    if (proven > 0 && proven <= LONGEST && proven > ebpf_state_range(state, p->id))
        ebpf_state_set_range(state, p->id, (uint32_t)proven);
}

bool ebpf_packet_compare(struct ebpf_state *taken, struct ebpf_state *next, enum ebpf_oper oper,
                         const struct ebpf_value *a, const struct ebpf_value *b)
{
    bool swapped = bounds(b, a);
    if (!swapped && !bounds(a, b))
        return false;
    const struct ebpf_value *p = swapped ? b : a, *end = swapped ? a : b;
    int64_t more = end->id == EBPF_BASE_END ? end->delta : 0;
    switch (oper) {
    case EBPF_OPER_JGT: /* p > end, end > p */
        swapped ? learn(taken, p, true, more) : learn(next, p, false, more);
        return true;
    case EBPF_OPER_JGE:
        swapped ? learn(taken, p, false, more) : learn(next, p, true, more);
        return true;
    case EBPF_OPER_JLT:
        swapped ? learn(next, p, false, more) : learn(taken, p, true, more);
        return true;
    case EBPF_OPER_JLE:
        swapped ? learn(next, p, true, more) : learn(taken, p, false, more);
        return true;
    default:
        return false;
    }
}
