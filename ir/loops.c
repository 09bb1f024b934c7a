/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Loops after Havlak, "Nesting of reducible and irreducible loops" (TOPLAS 1997), made nearly
 * linear in the way of Ramalingam, "Identifying loops in almost linear time" (TOPLAS 1999).
 *
 * Blocks go by their numbers in the depth-first walk.  From the last to the first each is taken
 * for the header of a loop: its body is what leads to its back edges.  A body that was found is
 * merged into its header.  The predecessors of a block are its parent in the tree and the sources
 * of cross edges; one of those is looked at only when the nearest common ancestor of its ends is
 * reached, since no loop further in can hold both.  Edges from other ancestors add nothing: the
 * way up the tree passes there.
 */
#include "ir/cfg.h"

/* A cross edge: in the list of its common ancestor at first, later in that of where it leads. */
struct edge {
    uint32_t from, to; /* numbers */
    uint32_t next;     /* EBPF_BLOCK_NONE at the end */
};

/* All arrays but `edges` go by number. */
struct finder {
    struct ebpf_cfg *cfg;
    uint32_t *merged;  /* a step towards the block that it was merged into; itself if none */
    uint32_t *around;  /* header of the innermost loop around it, not counting one of its own */
    uint32_t *loop;    /* index of its own loop; EBPF_BLOCK_NONE if it is no header */
    uint32_t *waiting; /* list of edges that wait for this common ancestor */
    uint32_t *sources; /* list of edges that lead here from the same loop or outside */
    uint32_t *pending; /* blocks of a body whose predecessors have not been looked at */
    uint32_t pending_count;
    struct edge *edges;
    uint32_t edge_count;
};

/* Into what a block is merged, halving the path on the way. */
static uint32_t where(uint32_t *merged, uint32_t v)
{
    while (merged[v] != v) {
        merged[v] = merged[merged[v]];
        v = merged[v];
    }
    return v;
}

/* The number of the block that edge `kind` of v leads to if it is a cross edge, else v. */
static uint32_t cross_target(const struct ebpf_cfg *cfg, uint32_t v, int kind)
{
    uint32_t block = cfg->walk[v], to = cfg->blocks[block].succ[kind];
    if (to == EBPF_BLOCK_NONE || cfg->number[to] >= v || ebpf_cfg_is_retreating(cfg, block, to))
        return v;
    return cfg->number[to];
}

static uint32_t count_cross_edges(const struct ebpf_cfg *cfg)
{
    uint32_t count = 0;
    for (uint32_t v = 0; v < cfg->reach_count; v++)
        for (int kind = 0; kind < 2; kind++)
            count += cross_target(cfg, v, kind) != v;
    return count;
}

/*
 * Gives every cross edge to the nearest common ancestor of its ends.  Replays the walk: when it
 * enters a block, those that it has left are merged into the ancestor that it is still in.
 */
static void sort_edges(struct finder *f)
{
    const struct ebpf_cfg *cfg = f->cfg;
    for (uint32_t v = 0; v < cfg->reach_count; v++) {
        uint32_t up = v ? v - 1 : EBPF_BLOCK_NONE;
        for (; up != cfg->parent[v]; up = cfg->parent[up])
            if (cfg->parent[up] != EBPF_BLOCK_NONE)
                f->merged[up] = cfg->parent[up];
        for (int kind = 0; kind < 2; kind++) {
            uint32_t to = cross_target(cfg, v, kind);
            if (to == v)
                continue;
            uint32_t ancestor = where(f->merged, to);
            f->edges[f->edge_count] = (struct edge){v, to, f->waiting[ancestor]};
            f->waiting[ancestor] = f->edge_count++;
        }
    }
}

static void add_to_body(struct finder *f, uint32_t v, uint32_t header)
{
    v = where(f->merged, v);
    if (v == header)
        return;
    f->merged[v] = f->around[v] = header;
    f->pending[f->pending_count++] = v;
}

static void find_body(struct finder *f, uint32_t header)
{
    const struct ebpf_cfg *cfg = f->cfg;
    const struct ebpf_block *block = &cfg->blocks[cfg->walk[header]];
    for (uint32_t i = 0; i < block->pred_count; i++) {
        uint32_t from = cfg->preds[block->pred_first + i];
        if (cfg->number[from] == EBPF_BLOCK_NONE ||
            !ebpf_cfg_is_retreating(cfg, from, cfg->walk[header]))
            continue;
        f->loop[header] = 1;
        add_to_body(f, cfg->number[from], header);
    }
    while (f->pending_count) {
        uint32_t v = f->pending[--f->pending_count];
        add_to_body(f, cfg->parent[v], header);
        for (uint32_t e = f->sources[v]; e != EBPF_BLOCK_NONE; e = f->edges[e].next)
            add_to_body(f, f->edges[e].from, header);
    }
}

/* The edges whose common ancestor is v now lead from loop to loop. */
static void release_edges(struct finder *f, uint32_t v)
{
    for (uint32_t e = f->waiting[v], next; e != EBPF_BLOCK_NONE; e = next) {
        uint32_t to = where(f->merged, f->edges[e].to);
        next = f->edges[e].next;
        f->edges[e].next = f->sources[to];
        f->sources[to] = e;
    }
}

static void find(struct finder *f)
{
    uint32_t count = f->cfg->reach_count;
    for (uint32_t v = 0; v < count; v++) {
        f->merged[v] = v;
        f->loop[v] = EBPF_BLOCK_NONE;
        f->around[v] = f->waiting[v] = f->sources[v] = EBPF_BLOCK_NONE;
    }
    sort_edges(f);
    for (uint32_t v = 0; v < count; v++)
        f->merged[v] = v;
    for (uint32_t v = count; v-- > 0;) {
        release_edges(f, v);
        find_body(f, v);
    }
}

/* Numbers the loops by their headers, which puts outer ones before inner ones. */
static bool make_loops(struct finder *f)
{
    struct ebpf_cfg *cfg = f->cfg;
    for (uint32_t v = 0; v < cfg->reach_count; v++)
        if (f->loop[v] != EBPF_BLOCK_NONE)
            f->loop[v] = cfg->loop_count++;
    cfg->loops = ebpf_arena_zalloc(&cfg->arena, cfg->loop_count, sizeof(*cfg->loops));
    if (!cfg->loops)
        return false;
    for (uint32_t v = 0; v < cfg->reach_count; v++) {
        uint32_t around = f->around[v] == EBPF_BLOCK_NONE ? EBPF_BLOCK_NONE : f->loop[f->around[v]];
        struct ebpf_block *block = &cfg->blocks[cfg->walk[v]];
        block->loop = around;
        if (f->loop[v] != EBPF_BLOCK_NONE) {
            block->loop = f->loop[v];
            cfg->loops[f->loop[v]] = (struct ebpf_loop){
                .header = cfg->walk[v], .parent = around,
                .depth = around == EBPF_BLOCK_NONE ? 1 : cfg->loops[around].depth + 1};
        }
        if (block->loop != EBPF_BLOCK_NONE)
            cfg->loops[block->loop].block_count++;
    }
    return true;
}

/* What can be said once all loops are known. */
static void finish_loops(struct ebpf_cfg *cfg)
{
    for (uint32_t i = cfg->loop_count; i-- > 0;) {
        struct ebpf_loop *loop = &cfg->loops[i];
        const struct ebpf_block *header = &cfg->blocks[loop->header];
        if (loop->parent != EBPF_BLOCK_NONE)
            cfg->loops[loop->parent].block_count += loop->block_count;
        for (uint32_t p = 0; p < header->pred_count; p++) {
            uint32_t from = cfg->preds[header->pred_first + p];
            if (cfg->number[from] == EBPF_BLOCK_NONE ||
                !ebpf_cfg_is_retreating(cfg, from, loop->header))
                continue;
            loop->back_edges++;
            if (!ebpf_cfg_dominates(cfg, loop->header, from))
                loop->irreducible = 1;
        }
    }
}

ebpf_status ebpf_cfg_find_loops(struct ebpf_cfg *cfg)
{
    size_t size = cfg->reach_count * sizeof(uint32_t);
    struct ebpf_arena scratch;
    ebpf_arena_init(&scratch, &cfg->arena.mem);
    struct finder f = {
        .cfg = cfg,
        .merged = ebpf_arena_alloc(&scratch, size),
        .around = ebpf_arena_alloc(&scratch, size),
        .loop = ebpf_arena_alloc(&scratch, size),
        .waiting = ebpf_arena_alloc(&scratch, size),
        .sources = ebpf_arena_alloc(&scratch, size),
        .pending = ebpf_arena_alloc(&scratch, size),
        .edges = ebpf_arena_alloc(&scratch, count_cross_edges(cfg) * sizeof(struct edge))};
    bool ok = f.merged && f.around && f.loop && f.waiting && f.sources && f.pending && f.edges;
    if (ok) {
        find(&f);
        ok = make_loops(&f);
    }
    ebpf_arena_reset(&scratch);
    if (!ok)
        return EBPF_ERR_NOMEM;
    finish_loops(cfg);
    return EBPF_OK;
}
