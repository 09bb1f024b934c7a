/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/cfg.h"

#include <string.h>

#include "ir/op.h"

enum { ENDS_BLOCK = EBPF_FX_JUMP | EBPF_FX_TERMINATOR };

static uint16_t effects(const struct ebpf_insn *insn)
{
    return ebpf_op_table[insn->op].effects;
}

/* Marks the first instruction of every block in block_of, and counts them. */
static void mark_leaders(struct ebpf_cfg *cfg)
{
    uint32_t count = ebpf_program_count(cfg->program), functions;
    const struct ebpf_function *function = ebpf_program_functions(cfg->program, &functions);
    for (uint32_t i = 0; i < functions; i++)
        cfg->block_of[function[i].first] = 1;
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(cfg->program, i);
        uint16_t fx = effects(insn);
        if (fx & ENDS_BLOCK && i + 1 < count)
            cfg->block_of[i + 1] = 1;
        if (fx & EBPF_FX_JUMP && insn->target < count)
            cfg->block_of[insn->target] = 1;
    }
    for (uint32_t i = 0; i < count; i++)
        cfg->block_count += cfg->block_of[i];
}

/* Makes the blocks, and turns the marks into indexes of blocks. */
static void make_blocks(struct ebpf_cfg *cfg)
{
    uint32_t count = ebpf_program_count(cfg->program), functions, function = 0, at = 0;
    const struct ebpf_function *f = ebpf_program_functions(cfg->program, &functions);
    for (uint32_t i = 0; i < count; i++) {
        if (cfg->block_of[i]) {
            while (function + 1 < functions && f[function + 1].first <= i)
                function++;
            cfg->blocks[at++] = (struct ebpf_block){
                .first = i, .succ = {EBPF_BLOCK_NONE, EBPF_BLOCK_NONE}, .function = function,
                .order = EBPF_BLOCK_NONE, .idom = EBPF_BLOCK_NONE, .loop = EBPF_BLOCK_NONE};
        }
        cfg->blocks[at - 1].count++;
        cfg->block_of[i] = at - 1;
    }
}

/* Leads an edge from a block to the one that starts at `insn`, if that is in the same function. */
static void add_edge(struct ebpf_cfg *cfg, struct ebpf_block *from, int kind, uint32_t insn)
{
    if (insn >= ebpf_program_count(cfg->program))
        return;
    struct ebpf_block *to = &cfg->blocks[cfg->block_of[insn]];
    if (to->function != from->function)
        return;
    from->succ[kind] = cfg->block_of[insn];
    to->pred_count++;
}

static void make_edges(struct ebpf_cfg *cfg)
{
    for (uint32_t b = 0; b < cfg->block_count; b++) {
        struct ebpf_block *block = &cfg->blocks[b];
        uint32_t last = block->first + block->count - 1;
        const struct ebpf_insn *insn = ebpf_program_at(cfg->program, last);
        if (!(effects(insn) & EBPF_FX_TERMINATOR))
            add_edge(cfg, block, EBPF_SUCC_NEXT, last + 1);
        if (effects(insn) & EBPF_FX_JUMP)
            add_edge(cfg, block, EBPF_SUCC_TAKEN, insn->target);
    }
}

/* Sorts the sources of the edges by where they lead: a counting sort. */
static bool list_preds(struct ebpf_cfg *cfg)
{
    uint32_t edges = 0;
    for (uint32_t b = 0; b < cfg->block_count; b++) {
        cfg->blocks[b].pred_first = edges;
        edges += cfg->blocks[b].pred_count;
        cfg->blocks[b].pred_count = 0; /* counts again below */
    }
    cfg->preds = ebpf_arena_alloc(&cfg->arena, edges * sizeof(*cfg->preds));
    if (!cfg->preds)
        return false;
    for (uint32_t b = 0; b < cfg->block_count; b++) {
        for (int kind = 0; kind < 2; kind++) {
            if (cfg->blocks[b].succ[kind] == EBPF_BLOCK_NONE)
                continue;
            struct ebpf_block *to = &cfg->blocks[cfg->blocks[b].succ[kind]];
            cfg->preds[to->pred_first + to->pred_count++] = b;
        }
    }
    return true;
}

/* A depth-first walk.  Its stack is the path of parents. */
struct walk {
    struct ebpf_cfg *cfg;
    uint8_t *looked;  /* by number: how many edges of the block were looked at */
    uint32_t entered; /* blocks entered so far: the next number */
    uint32_t left;    /* blocks left so far */
};

static uint32_t enter(struct walk *walk, uint32_t block, uint32_t parent)
{
    uint32_t number = walk->entered++;
    walk->cfg->number[block] = number;
    walk->cfg->walk[number] = block;
    walk->cfg->parent[number] = parent;
    return number;
}

/* Looks at jumps before falling through: so that in the reverse post-order a block is followed by
 * what follows it in the program, where that is possible. */
static void walk_function(struct walk *walk, uint32_t entry)
{
    struct ebpf_cfg *cfg = walk->cfg;
    uint32_t first = walk->left, at = enter(walk, entry, EBPF_BLOCK_NONE);
    while (at != EBPF_BLOCK_NONE) {
        uint32_t block = cfg->walk[at];
        if (walk->looked[at] < 2) {
            uint32_t to = cfg->blocks[block].succ[EBPF_SUCC_TAKEN - walk->looked[at]++];
            if (to != EBPF_BLOCK_NONE && cfg->number[to] == EBPF_BLOCK_NONE)
                at = enter(walk, to, at);
        } else {
            cfg->order[walk->left++] = block;
            at = cfg->parent[at];
        }
    }
    for (uint32_t i = first, j = walk->left - 1; i < j; i++, j--) {
        uint32_t swap = cfg->order[i];
        cfg->order[i] = cfg->order[j];
        cfg->order[j] = swap;
    }
    for (uint32_t i = first; i < walk->left; i++)
        cfg->blocks[cfg->order[i]].order = i;
}

static bool walk_program(struct ebpf_cfg *cfg)
{
    size_t size = cfg->block_count * sizeof(uint32_t);
    struct walk walk = {.cfg = cfg,
                        .looked = ebpf_arena_zalloc(&cfg->arena, cfg->block_count, 1)};
    cfg->number = ebpf_arena_alloc(&cfg->arena, size);
    cfg->walk = ebpf_arena_alloc(&cfg->arena, size);
    cfg->parent = ebpf_arena_alloc(&cfg->arena, size);
    cfg->order = ebpf_arena_alloc(&cfg->arena, size);
    if (!walk.looked || !cfg->number || !cfg->walk || !cfg->parent || !cfg->order)
        return false;
    memset(cfg->number, 0xff, size);
    uint32_t functions;
    const struct ebpf_function *f = ebpf_program_functions(cfg->program, &functions);
    for (uint32_t i = 0; i < functions; i++)
        walk_function(&walk, cfg->block_of[f[i].first]);
    cfg->reach_count = walk.entered;
    return true;
}

ebpf_status ebpf_cfg_build(struct ebpf_cfg *cfg, const struct ebpf_program *program,
                           const struct ebpf_mem *mem)
{
    *cfg = (struct ebpf_cfg){.program = program};
    ebpf_arena_init(&cfg->arena, mem);
    uint32_t count = ebpf_program_count(program);
    if (count == 0)
        return EBPF_OK;
    cfg->block_of = ebpf_arena_zalloc(&cfg->arena, count, sizeof(*cfg->block_of));
    if (!cfg->block_of)
        return EBPF_ERR_NOMEM;
    mark_leaders(cfg);
    cfg->blocks = ebpf_arena_alloc(&cfg->arena, cfg->block_count * sizeof(*cfg->blocks));
    if (!cfg->blocks)
        return EBPF_ERR_NOMEM;
    make_blocks(cfg);
    make_edges(cfg);
    return list_preds(cfg) && walk_program(cfg) ? EBPF_OK : EBPF_ERR_NOMEM;
}

void ebpf_cfg_free(struct ebpf_cfg *cfg)
{
    ebpf_arena_reset(&cfg->arena);
}
