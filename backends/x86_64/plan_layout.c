/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * In which order blocks are written, so that what runs often jumps little.
 *
 * The edges between blocks are looked at, those that are taken most first (plan_runs.c); where one
 * leads from the end of a chain of blocks to the start of another, the two become one (Pettis and
 * Hansen, "Profile guided code positioning", 1990).  The chains are written in the order in which
 * the program can come to them.
 *
 * A block of nothing but a jump that costs no budget is not written: what leads there leads to
 * where it goes.  Programs of several functions keep the order that they have: calls are found by
 * it.  So do those of so many blocks that compiling them takes long enough.
 */
#include "backends/x86_64/plan.h"
#include "base/mem.h"
#include "ir/op.h"

enum { SHORT_LOOP = 24 };

#define NOWHERE UINT32_MAX

/* Of each block, by its place in plan->blocks. */
struct link {
    uint32_t next, previous; /* in its chain */
    uint32_t chain;          /* parent in the forest of chains */
    uint32_t place;          /* in the order; NOWHERE while it has none */
};

struct layout {
    struct x64_plan *plan;
    const struct ebpf_compile *in;
    struct link *links;
};

/* Whether a block is but a jump for which nothing is paid. */
static bool is_jump_only(const struct layout *l, const struct x64_block *b)
{
    return x64_is_jump(l->in->program, b) && (b->charge == 0 || l->in->as_function) &&
           !(l->plan->flags[b->first] & (X64_HEAD | X64_ENTRY | X64_CHECKPOINT));
}

static bool is_skipped(const struct layout *l, uint32_t block)
{
    return l->plan->flags[l->plan->blocks[block].first] & X64_SKIPPED;
}

static void skip_jumps(struct layout *l)
{
    for (uint32_t i = 0; i < l->plan->block_count; i++)
        if (is_jump_only(l, &l->plan->blocks[i]))
            l->plan->flags[l->plan->blocks[i].first] |= X64_SKIPPED;
}

/* Where an arc leads, if it is an edge between blocks that are written; NOWHERE if not. */
static uint32_t leads_to(const struct layout *l, const struct x64_arc *arc)
{
    if (arc->n == X64_THROUGH || is_skipped(l, arc->block))
        return NOWHERE;
    uint32_t to = l->plan->blocks[arc->block].to[arc->n];
    while (is_skipped(l, to))
        to = l->plan->blocks[to].to[0];
    return to;
}

static uint32_t chain_of(struct link *links, uint32_t i)
{
    while (links[i].chain != i)
        i = links[i].chain = links[links[i].chain].chain;
    return i;
}

static void join(struct layout *l, uint32_t from_block, uint32_t to_block)
{
    struct link *from = &l->links[from_block], *to = &l->links[to_block];
    bool entry = l->plan->flags[l->plan->blocks[to_block].first] & X64_ENTRY;
    if (from->next != NOWHERE || to->previous != NOWHERE || entry ||
        chain_of(l->links, from_block) == chain_of(l->links, to_block))
        return;
    from->next = to_block;
    to->previous = from_block;
    l->links[chain_of(l->links, to_block)].chain = chain_of(l->links, from_block);
}

/* Joins along all edges, the most used first. */
static void join_all(struct layout *l)
{
    for (uint32_t i = 0; i < l->plan->arc_count; i++) {
        const struct x64_arc *arc = &l->plan->arcs[i];
        uint32_t to = leads_to(l, arc);
        if (to != NOWHERE)
            join(l, arc->block, to);
    }
}

static void place(struct layout *l, uint32_t block)
{
    l->links[block].place = l->plan->order_count;
    l->plan->order[l->plan->order_count++] = l->plan->blocks[block].first;
}

/* Places the chains of blocks from number `from` down to `to`. */
static void place_chains(struct layout *l, uint32_t from, uint32_t to)
{
    const struct x64_plan *plan = l->plan;
    for (uint32_t i = from; i-- > to;) {
        uint32_t at = i;
        if (l->links[i].place != NOWHERE || plan->flags[plan->blocks[i].first] & X64_SKIPPED)
            continue;
        while (l->links[at].previous != NOWHERE)
            at = l->links[at].previous;
        for (; at != NOWHERE; at = l->links[at].next)
            place(l, at);
    }
}

/* First what the start leads to, then what nothing does, then what is not written at all. */
static void place_all(struct layout *l)
{
    uint32_t start = l->plan->block_of[0] + 1, count = l->plan->block_count;
    place_chains(l, start, 0);
    place_chains(l, count, start);
    for (uint32_t i = 0; i < count; i++)
        if (l->links[i].place == NOWHERE)
            place(l, i);
}

/* Where a loop jumps back to it pays to start a line, unless the loop comes through there from
 * above as well. */
static void align_all(struct layout *l)
{
    const struct x64_block *blocks = l->plan->blocks;
    const uint16_t *often = l->plan->often;
    for (uint32_t i = 0; i < l->plan->arc_count; i++) {
        uint32_t from = l->plan->arcs[i].block, block = leads_to(l, &l->plan->arcs[i]);
        if (block == NOWHERE || l->links[block].place > l->links[from].place)
            continue;
        uint32_t above = l->links[block].previous;
        bool inside = above != NOWHERE && often[above] + X64_TWICE >= often[from];
        uint16_t *flags = &l->plan->flags[blocks[block].first];
        if (!inside && !(*flags & X64_ENTRY) && blocks[block].round <= SHORT_LOOP)
            *flags |= X64_ALIGNED;
    }
}

static ebpf_status lay_out(struct layout *l)
{
    const struct ebpf_mem *mem = &l->plan->arena.mem;
    uint32_t blocks = l->plan->block_count;
    l->links = ebpf_mem_alloc(mem, blocks * sizeof(*l->links));
    if (!l->links)
        return EBPF_ERR_NOMEM;
    for (uint32_t i = 0; i < blocks; i++)
        l->links[i] = (struct link){NOWHERE, NOWHERE, i, NOWHERE};
    join_all(l);
    place_all(l);
    align_all(l);
    ebpf_mem_free(mem, l->links, blocks * sizeof(*l->links));
    return EBPF_OK;
}

/* The order of the program. */
static void keep_order(struct layout *l)
{
    for (uint32_t i = 0; i < ebpf_program_count(l->in->program); i++) {
        uint16_t *flags = &l->plan->flags[i];
        if (!(*flags & X64_LEADER))
            continue;
        l->plan->order[l->plan->order_count++] = i;
        if ((*flags & (X64_HEAD | X64_INSIDE | X64_ENTRY)) == X64_HEAD)
            *flags |= X64_ALIGNED;
    }
}

ebpf_status x64_plan_layout(struct x64_plan *plan, const struct ebpf_compile *in)
{
    struct layout l = {.plan = plan, .in = in};
    plan->order = ebpf_arena_alloc(&plan->arena, plan->block_count * sizeof(*plan->order));
    if (!plan->order)
        return EBPF_ERR_NOMEM;
    skip_jumps(&l);
    if (in->program->functions.count == 1 && !x64_has_many_blocks(plan))
        return lay_out(&l);
    keep_order(&l);
    return EBPF_OK;
}
