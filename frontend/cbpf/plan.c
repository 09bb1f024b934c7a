/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What can be known before anything is made.  Jumps go forward, so one walk backwards and one
 * forwards see all paths.  Only libpcap's `protochain` makes jumps back: nothing is known where
 * they lead.
 *
 * Filters compute nothing but a verdict, and a load outside of the packet is the verdict 0.  So the
 * packet's length is tested once for all loads that come in any case: a packet that is too short
 * for one of those is refused by the first of them.
 */
#include "frontend/cbpf/cbpf.h"

#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))

uint32_t ebpf_cbpf_end(const struct cbpf *c, const struct ebpf_cbpf_insn *insn)
{
    const struct cbpf_row *row = ebpf_cbpf_row(insn->code);
    uint32_t k = ebpf_cbpf_counts_back(row, insn->k) ? 0 : insn->k;
    uint64_t end = (uint64_t)k + c->head + row->size;
    if (ebpf_cbpf_has(row, CBPF_FX_LENGTH))
        end = c->head;
    return end > EBPF_CBPF_PACKET_MAX ? CBPF_DROP : (uint32_t)end;
}

static bool looks(const struct cbpf_row *row)
{
    return ebpf_cbpf_has(row, CBPF_FX_AT_K | CBPF_FX_AT_X | CBPF_FX_LENGTH);
}

/* How long packets must be that do not come to 0, from an instruction on. */
static uint32_t need_of(const struct cbpf *c, uint32_t index)
{
    const struct ebpf_cbpf_insn *insn = &c->insns[index];
    const struct cbpf_row *row = ebpf_cbpf_row(insn->code);
    const struct cbpf_point *next = &c->points[index + 1];
    if (ebpf_cbpf_has(row, CBPF_FX_RETURN))
        return !ebpf_cbpf_has(row, CBPF_FX_USE_A) && insn->k == 0 ? CBPF_DROP : 0;
    if (ebpf_cbpf_has(row, CBPF_FX_ALWAYS))
        return ebpf_cbpf_goes_back(insn) ? 0 : next[insn->k].need;
    if (ebpf_cbpf_has(row, CBPF_FX_BRANCH))
        return MIN(next[insn->jt].need, next[insn->jf].need);
    return looks(row) ? MAX(ebpf_cbpf_end(c, insn), next->need) : next->need;
}

/* Control comes to a point. */
static void join(struct cbpf_point *to, const struct cbpf_point *from)
{
    if (to->is_head) {
        to->reached = true;
        return;
    }
    if (!to->reached) {
        to->reached = true;
        to->proven = from->proven;
        to->behind = from->behind;
        to->a_most = from->a_most;
        to->x_most = from->x_most;
        to->written = from->written;
        return;
    }
    to->proven = MIN(to->proven, from->proven);
    to->behind = MIN(to->behind, from->behind);
    to->a_most = MAX(to->a_most, from->a_most);
    to->x_most = MAX(to->x_most, from->x_most);
    to->written &= from->written;
}

/* Which tests a load needs. */
static void plan_load(struct cbpf *c, uint32_t index, struct cbpf_point *now)
{
    struct cbpf_point *p = &c->points[index];
    const struct ebpf_cbpf_insn *insn = &c->insns[index];
    const struct cbpf_row *row = ebpf_cbpf_row(insn->code);
    uint32_t end = ebpf_cbpf_end(c, insn);
    if (end > now->proven)
        p->test = now->proven = p->need;
    if (!ebpf_cbpf_has(row, CBPF_FX_AT_X) || ebpf_cbpf_counts_back(row, insn->k) ||
        end <= now->behind)
        return;
    p->test_behind = end;
    p->test_x = now->x_most > EBPF_CBPF_PACKET_MAX;
    if (p->test_x)
        now->x_most = EBPF_CBPF_PACKET_MAX;
    if (ebpf_cbpf_is_near(end)) /* else it is tested for a copy of X */
        now->behind = end;
}

/* What an instruction reads and writes. */
static uint32_t used(const struct ebpf_cbpf_insn *insn, const struct cbpf_row *row)
{
    return (ebpf_cbpf_has(row, CBPF_FX_USE_A) ? CBPF_HAS_A : 0u) |
           (ebpf_cbpf_has(row, CBPF_FX_USE_X) ? CBPF_HAS_X : 0u) |
           (ebpf_cbpf_has(row, CBPF_FX_READ_M) ? CBPF_WORD(insn->k) : 0u);
}

static uint32_t defined(const struct ebpf_cbpf_insn *insn, const struct cbpf_row *row)
{
    return (ebpf_cbpf_has(row, CBPF_FX_DEF_A) ? CBPF_HAS_A : 0u) |
           (ebpf_cbpf_has(row, CBPF_FX_DEF_X) ? CBPF_HAS_X : 0u) |
           (ebpf_cbpf_has(row, CBPF_FX_WRITE_M) ? CBPF_WORD(insn->k) : 0u);
}

/* What arithmetic makes of the bound of A, `x` being that of the operand. */
static uint32_t most_of(uint16_t op, uint32_t a, uint32_t k, uint32_t x)
{
    uint64_t most = UINT32_MAX;
    switch (op) {
    case EBPF_OP_ADD32_IMM: case EBPF_OP_ADD32_REG: most = (uint64_t)a + x; break;
    case EBPF_OP_LSH32_IMM: most = (uint64_t)a << k; break;
    case EBPF_OP_RSH32_IMM: most = a >> k; break;
    case EBPF_OP_AND32_IMM: most = MIN(a, k); break;
    case EBPF_OP_DIV32_IMM: most = a / k; break;
    case EBPF_OP_MOD32_IMM: most = MIN(a, k - 1); break;
    default: break;
    }
    return most > UINT32_MAX ? UINT32_MAX : (uint32_t)most;
}

/* Bounds of A and X behind an instruction that defines them. */
static void bound(const struct ebpf_cbpf_insn *insn, const struct cbpf_row *row,
                  struct cbpf_point *now)
{
    bool loads = ebpf_cbpf_has(row, CBPF_FX_AT_K | CBPF_FX_AT_X);
    bool to_x = ebpf_cbpf_has(row, CBPF_FX_DEF_X), by_x = ebpf_cbpf_has(row, CBPF_FX_USE_X);
    uint32_t most = UINT32_MAX;
    if (loads)
        most = to_x ? 60 : row->size == 4 ? UINT32_MAX : (1u << 8 * row->size) - 1;
    else if (row->op == EBPF_OP_MOV32_IMM)
        most = insn->k;
    else if (row->op == EBPF_OP_MOV64_REG)
        most = to_x ? now->a_most : now->x_most;
    else if (ebpf_cbpf_has(row, CBPF_FX_USE_A))
        most = most_of(row->op, now->a_most, insn->k, by_x ? now->x_most : insn->k);
    if (to_x)
        now->x_most = most;
    else if (ebpf_cbpf_has(row, CBPF_FX_DEF_A))
        now->a_most = most;
}

/* Whether a jump back leads to code that nothing led to before: then all is looked at again. */
static bool goes_back(struct cbpf_point *to)
{
    bool news = !to->reached;
    to->reached = true;
    return news;
}

/* Goes over a reached instruction. @return what it reads before it is written */
static uint32_t step(struct cbpf *c, uint32_t index, bool *again)
{
    const struct ebpf_cbpf_insn *insn = &c->insns[index];
    const struct cbpf_row *row = ebpf_cbpf_row(insn->code);
    struct cbpf_point now = c->points[index], *next = &c->points[index + 1];
    uint32_t unwritten = used(insn, row) & ~now.written;
    if (now.need == CBPF_DROP)
        return 0;
    if (looks(row))
        plan_load(c, index, &now);
    if (ebpf_cbpf_has(row, CBPF_FX_DEF_X))
        now.behind = 0;
    now.written |= defined(insn, row);
    bound(insn, row, &now);
    if (ebpf_cbpf_has(row, CBPF_FX_ALWAYS) && ebpf_cbpf_goes_back(insn)) {
        *again |= goes_back(next + (int32_t)insn->k);
    } else if (ebpf_cbpf_has(row, CBPF_FX_ALWAYS)) {
        join(&next[insn->k], &now);
    } else if (ebpf_cbpf_has(row, CBPF_FX_BRANCH)) {
        join(&next[insn->jt], &now);
        join(&next[insn->jf], &now);
    } else if (!ebpf_cbpf_has(row, CBPF_FX_RETURN)) {
        join(next, &now);
    }
    return unwritten;
}

/* Marks where jumps back lead. */
static void find_heads(struct cbpf *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        const struct ebpf_cbpf_insn *insn = &c->insns[i];
        if (!ebpf_cbpf_has(ebpf_cbpf_row(insn->code), CBPF_FX_ALWAYS) || !ebpf_cbpf_goes_back(insn))
            continue;
        struct cbpf_point *to = &c->points[i + 1] + (int32_t)insn->k;
        to->is_head = true;
        to->a_most = to->x_most = UINT32_MAX;
    }
}

uint32_t ebpf_cbpf_plan(struct cbpf *c)
{
    const struct cbpf_point start = {0};
    uint32_t unwritten = 0;
    find_heads(c);
    for (uint32_t i = c->count; i-- > 0;)
        c->points[i].need = need_of(c, i);
    join(&c->points[0], &start);
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = 0; i < c->count; i++)
            if (c->points[i].reached)
                unwritten |= step(c, i, &again);
    }
    return unwritten;
}
