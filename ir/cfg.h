/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The control-flow graph of a program: blocks, edges, orders, dominators and loops.
 *
 * A graph can be made of any finished program, well-formed or not: edges that would lead out of
 * the program or into another function are left out.  Everything takes time and memory that grow
 * (nearly) linearly with the program, whatever its shape, and nothing recurses.
 */
#ifndef IR_CFG_H
#define IR_CFG_H

#include <stdbool.h>

#include <ebpfvm/pass.h>

#include "base/arena.h"
#include "ir/program.h"

/*
 * Three numberings: blocks by address; `order`, the reverse post-order; and the numbers of a
 * depth-first walk, by which a block's number is higher than those of its parents in the
 * depth-first tree, its dominators and the headers of its loops.
 */
struct ebpf_cfg {
    const struct ebpf_program *program;
    struct ebpf_arena arena; /* all arrays */
    struct ebpf_block *blocks;
    struct ebpf_loop *loops;
    uint32_t *block_of; /* of each instruction */
    uint32_t *preds;    /* sources of the edges to block 0, to block 1 … */
    uint32_t *order;    /* reachable blocks */
    uint32_t *number;   /* of each block in the walk; EBPF_BLOCK_NONE if unreachable */
    uint32_t *walk;     /* reachable blocks by number */
    uint32_t *parent;   /* by number: number of the parent, EBPF_BLOCK_NONE for entries */
    /* By number: the blocks that it dominates have the positions dom_first to
     * dom_first + dom_count - 1 in a pre-order of the dominator tree. */
    uint32_t *dom_first, *dom_count;
    uint32_t block_count, reach_count, loop_count;
};

/* Blocks, edges and orders.  EBPF_ERR_NOMEM leaves a graph that must be freed all the same. */
ebpf_status ebpf_cfg_build(struct ebpf_cfg *cfg, const struct ebpf_program *program,
                           const struct ebpf_mem *mem);

/* Fills in idom of every block, and what ebpf_cfg_dominates() needs. */
ebpf_status ebpf_cfg_find_dominators(struct ebpf_cfg *cfg);

/* Fills in the loops; dominators must stand. */
ebpf_status ebpf_cfg_find_loops(struct ebpf_cfg *cfg);

void ebpf_cfg_free(struct ebpf_cfg *cfg);

/* Whether every path to reachable block b leads through block a. */
bool ebpf_cfg_dominates(const struct ebpf_cfg *cfg, uint32_t a, uint32_t b);

/* Whether an edge between reachable blocks closes a cycle: it leads to a block that the walk had
 * entered and not left. */
static inline bool ebpf_cfg_is_retreating(const struct ebpf_cfg *cfg, uint32_t from, uint32_t to)
{
    return cfg->blocks[to].order <= cfg->blocks[from].order;
}

/* The first block behind those of a function. */
static inline uint32_t ebpf_cfg_function_end(const struct ebpf_cfg *cfg,
                                             const struct ebpf_function *function)
{
    uint32_t end = function->first + function->count;
    return end < ebpf_program_count(cfg->program) ? cfg->block_of[end] : cfg->block_count;
}

#endif
