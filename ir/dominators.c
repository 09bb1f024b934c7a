/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Dominators after Lengauer and Tarjan, "A fast algorithm for finding dominators in a flowgraph"
 * (TOPLAS 1979), in its simple form: O(edges * log(blocks)) on every graph, where iterating over
 * the blocks until nothing changes can be quadratic.
 *
 * Blocks go by their numbers in the depth-first walk.  The semidominator of a block is the lowest
 * ancestor from which a path leads to it over blocks with higher numbers than its own.
 */
#include "ir/cfg.h"

struct tree {
    const struct ebpf_cfg *cfg;
    uint32_t *semi;     /* semidominator */
    uint32_t *label;    /* the block of lowest semi on the way up to, without, `ancestor` */
    uint32_t *ancestor; /* parent at first; later higher up, as paths are shortened */
    uint32_t *idom;     /* at first, for some, a block that has the same immediate dominator */
    uint32_t *bucket;   /* first block of which this one is the semidominator … */
    uint32_t *next;     /* … and the one after */
};

/*
 * Shortens the path from v up to the first block below `linked`, so that it is one step for every
 * block on it.  The path is walked twice: up, turning ancestors into links back, and down.
 */
static void shorten(struct tree *t, uint32_t v, uint32_t linked)
{
    uint32_t below = EBPF_BLOCK_NONE;
    while (t->ancestor[v] >= linked) {
        uint32_t up = t->ancestor[v];
        t->ancestor[v] = below;
        below = v;
        v = up;
    }
    for (uint32_t top = t->ancestor[v]; below != EBPF_BLOCK_NONE;) {
        uint32_t down = t->ancestor[below];
        if (t->semi[t->label[v]] < t->semi[t->label[below]])
            t->label[below] = t->label[v];
        t->ancestor[below] = top;
        v = below;
        below = down;
    }
}

/* Of v and those of its ancestors that are `linked` or higher, the block of lowest semi. */
static uint32_t lowest(struct tree *t, uint32_t v, uint32_t linked)
{
    if (v >= linked)
        shorten(t, v, linked);
    return t->label[v];
}

static void find_semidominator(struct tree *t, uint32_t w)
{
    const struct ebpf_block *block = &t->cfg->blocks[t->cfg->walk[w]];
    for (uint32_t i = 0; i < block->pred_count; i++) {
        uint32_t from = t->cfg->number[t->cfg->preds[block->pred_first + i]];
        if (from == EBPF_BLOCK_NONE)
            continue;
        uint32_t semi = t->semi[lowest(t, from, w + 1)];
        if (semi < t->semi[w])
            t->semi[w] = semi;
    }
    t->next[w] = t->bucket[t->semi[w]];
    t->bucket[t->semi[w]] = w;
}

/* Numbers the dominator tree in pre-order, without walking it: parents have lower numbers. */
static void number_tree(struct ebpf_cfg *cfg, const uint32_t *idom, uint32_t *next)
{
    uint32_t roots = 0;
    for (uint32_t v = 0; v < cfg->reach_count; v++)
        cfg->dom_count[v] = 1;
    for (uint32_t v = cfg->reach_count; v-- > 0;)
        if (idom[v] != EBPF_BLOCK_NONE)
            cfg->dom_count[idom[v]] += cfg->dom_count[v];
    for (uint32_t v = 0; v < cfg->reach_count; v++) {
        uint32_t *place = idom[v] == EBPF_BLOCK_NONE ? &roots : &next[idom[v]];
        cfg->dom_first[v] = *place;
        *place += cfg->dom_count[v];
        next[v] = cfg->dom_first[v] + 1;
    }
}

static void find(struct ebpf_cfg *cfg, struct tree *t)
{
    uint32_t count = cfg->reach_count;
    for (uint32_t v = 0; v < count; v++) {
        t->semi[v] = t->label[v] = v;
        t->ancestor[v] = cfg->parent[v];
        t->bucket[v] = t->idom[v] = EBPF_BLOCK_NONE;
    }
    for (uint32_t w = count; w-- > 0;) {
        uint32_t parent = cfg->parent[w];
        if (parent == EBPF_BLOCK_NONE)
            continue;
        find_semidominator(t, w);
        for (uint32_t v = t->bucket[parent]; v != EBPF_BLOCK_NONE; v = t->next[v]) {
            uint32_t u = lowest(t, v, w);
            t->idom[v] = t->semi[u] < parent ? u : parent;
        }
        t->bucket[parent] = EBPF_BLOCK_NONE;
    }
    for (uint32_t w = 0; w < count; w++) {
        if (t->idom[w] == EBPF_BLOCK_NONE)
            continue;
        if (t->idom[w] != t->semi[w])
            t->idom[w] = t->idom[t->idom[w]];
        cfg->blocks[cfg->walk[w]].idom = cfg->walk[t->idom[w]];
    }
    number_tree(cfg, t->idom, t->next);
}

ebpf_status ebpf_cfg_find_dominators(struct ebpf_cfg *cfg)
{
    size_t size = cfg->reach_count * sizeof(uint32_t);
    struct ebpf_arena scratch;
    ebpf_arena_init(&scratch, &cfg->arena.mem);
    struct tree t = {.cfg = cfg,
                     .semi = ebpf_arena_alloc(&scratch, size),
                     .label = ebpf_arena_alloc(&scratch, size),
                     .ancestor = ebpf_arena_alloc(&scratch, size),
                     .idom = ebpf_arena_alloc(&scratch, size),
                     .bucket = ebpf_arena_alloc(&scratch, size),
                     .next = ebpf_arena_alloc(&scratch, size)};
    cfg->dom_first = ebpf_arena_alloc(&cfg->arena, size);
    cfg->dom_count = ebpf_arena_alloc(&cfg->arena, size);
    bool ok = t.semi && t.label && t.ancestor && t.idom && t.bucket && t.next && cfg->dom_first &&
              cfg->dom_count;
    if (ok)
        find(cfg, &t);
    ebpf_arena_reset(&scratch);
    return ok ? EBPF_OK : EBPF_ERR_NOMEM;
}

bool ebpf_cfg_dominates(const struct ebpf_cfg *cfg, uint32_t a, uint32_t b)
{
    uint32_t x = cfg->number[a], y = cfg->number[b];
    if (x == EBPF_BLOCK_NONE || y == EBPF_BLOCK_NONE)
        return false;
    return cfg->dom_first[y] - cfg->dom_first[x] < cfg->dom_count[x];
}
