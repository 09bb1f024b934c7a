/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * In which order blocks are written, so that what runs often jumps little.
 *
 * How often a block runs is estimated: a loop goes round eight times, other branches go either way
 * as often.  Then the edges between blocks are looked at, those that are taken most first; where
 * one leads from the end of a chain of blocks to the start of another, the two become one (Pettis
 * and Hansen, "Profile guided code positioning", 1990).  The chains are written in the order in
 * which the program can come to them.
 *
 * A block of nothing but a jump that costs no budget is not written: what leads there leads to
 * where it goes.  Programs of several functions keep the order that they have: calls are found by
 * it.  So do those of so many blocks that compiling them takes long enough.
 */
#include "backends/x86_64/plan.h"
#include "base/mem.h"
#include "ir/op.h"

enum { BUCKETS = 512, MANY_BLOCKS = 1 << 16, SHORT_LOOP = 24 };

#define NOWHERE UINT32_MAX
#define ONCE (UINT64_C(1) << 24)
#define OFTEN (UINT64_C(1) << 56)

/* Of each block, by its place in plan->blocks. */
struct link {
    uint64_t runs;
    uint32_t next, previous; /* in its chain */
    uint32_t chain;          /* parent in the forest of chains */
    uint32_t place;          /* in the order; NOWHERE while it has none */
};

struct edge {
    uint32_t from, to; /* blocks, as above */
    uint32_t bucket;
};

struct layout {
    struct x64_plan *plan;
    const struct ebpf_compile *in;
    struct link *links;
    struct edge *edges;
    uint32_t edge_count;
};

/* Whether a block is but a jump for which nothing is paid. */
static bool is_jump_only(const struct layout *l, const struct x64_block *b)
{
    if (b->first != b->last || (b->charge != 0 && !l->in->as_function) ||
        l->plan->flags[b->first] & (X64_HEAD | X64_ENTRY | X64_CHECKPOINT))
        return false;
    uint8_t format = ebpf_op_table[ebpf_program_at(l->in->program, b->first)->op].format;
    return format == EBPF_FMT_JA || format == EBPF_FMT_JA32;
}

static void skip_jumps(struct layout *l)
{
    for (uint32_t i = 0; i < l->plan->block_count; i++)
        if (is_jump_only(l, &l->plan->blocks[i]))
            l->plan->flags[l->plan->blocks[i].first] |= X64_SKIPPED;
}

/* The successors of a block, as blocks: where it falls through to first. */
static int successors(const struct layout *l, uint32_t block, uint32_t to[2])
{
    const struct x64_block *blocks = l->plan->blocks;
    int count = 0;
    for (; count < 2 && blocks[block].to[count] != X64_NO_BLOCK; count++) {
        to[count] = blocks[block].to[count];
        while (l->plan->flags[blocks[to[count]].first] & X64_SKIPPED)
            to[count] = blocks[to[count]].to[0];
    }
    return count;
}

/* Whether a block is part of a loop, or leads into one that goes on. */
static bool goes_round(const struct layout *l, uint32_t block)
{
    return l->plan->blocks[block].round < X64_NEVER;
}

/* How often control goes to to[n], in eighths. */
static uint64_t share(const struct layout *l, uint32_t from, const uint32_t to[2], int count, int n)
{
    if (count == 1)
        return 8;
    bool back = to[n] >= from, other_back = to[1 - n] >= from;
    if (back == other_back) {
        back = goes_round(l, to[n]);
        other_back = goes_round(l, to[1 - n]);
    }
    return back == other_back ? 4 : back ? 7 : 1;
}

/* Larger for what is taken more often, and of edges alike for those that fall through. */
static uint32_t bucket_of(uint64_t runs, bool falls)
{
    uint32_t log = 63 - (uint32_t)__builtin_clzll(runs | 4);
    return (4 * log + (uint32_t)((runs | 4) >> (log - 2) & 3)) * 2 + falls;
}

/* Estimates how often blocks run and edges are taken: what leads to a block comes before it, but
 * for edges back. */
static void estimate(struct layout *l)
{
    for (uint32_t i = l->plan->block_count; i-- > 0;) {
        struct link *link = &l->links[i];
        unsigned flags = l->plan->flags[l->plan->blocks[i].first];
        uint32_t to[2];
        if (flags & X64_SKIPPED)
            continue;
        if (flags & X64_ENTRY)
            link->runs += ONCE;
        if (flags & X64_HEAD)
            link->runs *= 8;
        if (link->runs > OFTEN)
            link->runs = OFTEN;
        int count = successors(l, i, to);
        for (int n = 0; n < count; n++) {
            uint64_t runs = link->runs / 8 * share(l, i, to, count, n);
            bool falls = n == 0 && count == 2;
            if (to[n] < i)
                l->links[to[n]].runs += runs;
            l->edges[l->edge_count++] = (struct edge){i, to[n], bucket_of(runs, falls)};
        }
    }
}

static uint32_t chain_of(struct link *links, uint32_t i)
{
    while (links[i].chain != i)
        i = links[i].chain = links[links[i].chain].chain;
    return i;
}

static void join(struct layout *l, const struct edge *e)
{
    struct link *from = &l->links[e->from], *to = &l->links[e->to];
    bool entry = l->plan->flags[l->plan->blocks[e->to].first] & X64_ENTRY;
    if (from->next != NOWHERE || to->previous != NOWHERE || entry ||
        chain_of(l->links, e->from) == chain_of(l->links, e->to))
        return;
    from->next = e->to;
    to->previous = e->from;
    l->links[chain_of(l->links, e->to)].chain = chain_of(l->links, e->from);
}

/* Joins along all edges, in the order of their buckets. */
static bool join_all(struct layout *l)
{
    uint32_t first[BUCKETS + 1] = {0}; /* by how far a bucket is below the highest */
    uint32_t *sorted = ebpf_mem_alloc(&l->plan->arena.mem, l->edge_count * sizeof(*sorted));
    if (!sorted)
        return false;
    uint32_t low = BUCKETS, high = 0;
    for (uint32_t i = 0; i < l->edge_count; i++) {
        low = l->edges[i].bucket < low ? l->edges[i].bucket : low;
        high = l->edges[i].bucket > high ? l->edges[i].bucket : high;
    }
    for (uint32_t i = 0; i < l->edge_count; i++)
        first[high - l->edges[i].bucket + 1]++;
    for (uint32_t i = 0; i < high - low; i++)
        first[i + 1] += first[i];
    for (uint32_t i = 0; i < l->edge_count; i++)
        sorted[first[high - l->edges[i].bucket]++] = i;
    for (uint32_t i = 0; i < l->edge_count; i++)
        join(l, &l->edges[sorted[i]]);
    ebpf_mem_free(&l->plan->arena.mem, sorted, l->edge_count * sizeof(*sorted));
    return true;
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
    for (uint32_t i = 0; i < l->edge_count; i++) {
        const struct edge *e = &l->edges[i];
        const struct link *from = &l->links[e->from], *to = &l->links[e->to];
        if (to->place > from->place)
            continue;
        bool inside = to->previous != NOWHERE && 2 * l->links[to->previous].runs >= from->runs;
        const struct x64_block *target = &l->plan->blocks[e->to];
        uint16_t *flags = &l->plan->flags[target->first];
        if (!inside && !(*flags & X64_ENTRY) && target->round <= SHORT_LOOP)
            *flags |= X64_ALIGNED;
    }
}

static ebpf_status lay_out(struct layout *l)
{
    const struct ebpf_mem *mem = &l->plan->arena.mem;
    uint32_t blocks = l->plan->block_count;
    l->links = ebpf_mem_alloc(mem, blocks * sizeof(*l->links));
    l->edges = ebpf_mem_alloc(mem, 2 * (size_t)blocks * sizeof(*l->edges));
    bool done = l->links && l->edges;
    for (uint32_t i = 0; i < blocks && done; i++)
        l->links[i] = (struct link){0, NOWHERE, NOWHERE, i, NOWHERE};
    if (done)
        estimate(l);
    done = done && (l->edge_count == 0 || join_all(l));
    if (done) {
        place_all(l);
        align_all(l);
    }
    ebpf_mem_free(mem, l->links, blocks * sizeof(*l->links));
    ebpf_mem_free(mem, l->edges, 2 * (size_t)blocks * sizeof(*l->edges));
    return done ? EBPF_OK : EBPF_ERR_NOMEM;
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
    if (in->program->functions.count == 1 && plan->block_count <= MANY_BLOCKS)
        return lay_out(&l);
    keep_order(&l);
    return EBPF_OK;
}
