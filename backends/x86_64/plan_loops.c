/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The order of blocks, and where loops start.
 *
 * A walk in depth first finds each block behind what leads to it.  An edge back to a block that the
 * walk is still in closes a loop; every loop has one, wherever the compiler has put its parts.  In
 * the order in which the walk leaves blocks, all edges but those lead to blocks that came before.
 */
#include "backends/x86_64/plan.h"
#include "base/mem.h"
#include "ir/op.h"

/* A block that the walk is in, and its successors that are still to be seen. */
struct step {
    struct x64_block block; /* where it leads stands in `to` as instructions */
    int left;
};

struct walk {
    struct x64_plan *plan;
    const struct ebpf_program *program;
    uint32_t count;
    struct step *steps;
    uint32_t depth, left; /* blocks that the walk is in, and that it has left */
};

int x64_successors(const struct ebpf_program *program, uint32_t insn, uint32_t to[2])
{
    uint32_t count = ebpf_program_count(program);
    const struct ebpf_insn *last = ebpf_program_at(program, insn);
    uint16_t fx = ebpf_op_table[last->op].effects;
    int n = 0;
    if (!(fx & EBPF_FX_TERMINATOR) && insn + 1 < count)
        to[n++] = insn + 1;
    if (fx & EBPF_FX_JUMP && last->target < count)
        to[n++] = last->target;
    return n;
}

static void enter(struct walk *w, uint32_t first)
{
    struct step *s = &w->steps[w->depth++];
    const uint16_t *flags = w->plan->flags;
    uint32_t last = first;
    w->plan->flags[first] |= X64_OPEN;
    while (last + 1 < w->count && !(flags[last + 1] & X64_LEADER))
        last++;
    s->block = (struct x64_block){.first = first, .last = last,
                                  .to = {X64_NO_BLOCK, X64_NO_BLOCK}, .round = X64_NEVER};
    s->left = x64_successors(w->program, last, s->block.to);
}

/* How soon a loop goes round from a block whose successors have been seen. */
static int32_t find_round(const struct walk *w, const struct x64_block *block)
{
    int32_t soonest = X64_NEVER, length = (int32_t)(block->last - block->first + 1);
    for (int n = 0; n < 2 && block->to[n] != X64_NO_BLOCK; n++) {
        bool is_back = !(w->plan->flags[block->to[n]] & X64_LEFT);
        int32_t round = is_back ? 0 : x64_block_at(w->plan, block->to[n])->round;
        soonest = round < soonest ? round : soonest;
    }
    return soonest < X64_NEVER ? soonest + length : X64_NEVER;
}

/* Goes on from the block that the walk is in. */
static void go_on(struct walk *w)
{
    struct x64_plan *plan = w->plan;
    struct step *s = &w->steps[w->depth - 1];
    if (s->left == 0) {
        s->block.round = find_round(w, &s->block);
        plan->flags[s->block.first] |= X64_LEFT;
        plan->block_of[s->block.first] = w->left;
        plan->blocks[w->left++] = s->block;
        w->depth--;
        return;
    }
    uint32_t to = s->block.to[--s->left];
    if (!(plan->flags[to] & X64_OPEN)) {
        enter(w, to);
    } else if (!(plan->flags[to] & X64_LEFT)) {
        bool inside = to == s->block.last + 1;
        plan->flags[to] |= X64_HEAD | X64_CHECKPOINT | (inside ? X64_INSIDE : 0);
        plan->heads++;
    }
}

/* Turns the instructions that blocks lead to into blocks. */
static void number_edges(struct x64_plan *plan)
{
    for (uint32_t i = 0; i < plan->block_count; i++)
        for (int n = 0; n < 2 && plan->blocks[i].to[n] != X64_NO_BLOCK; n++)
            plan->blocks[i].to[n] = plan->block_of[plan->blocks[i].to[n]];
}

ebpf_status x64_plan_loops(struct x64_plan *plan, const struct ebpf_program *program)
{
    struct walk w = {.plan = plan, .program = program, .count = ebpf_program_count(program)};
    const struct ebpf_mem *mem = &plan->arena.mem;
    size_t size = plan->block_count * sizeof(*w.steps);
    plan->blocks = ebpf_arena_alloc(&plan->arena, plan->block_count * sizeof(*plan->blocks));
    plan->block_of = ebpf_arena_alloc(&plan->arena, w.count * sizeof(*plan->block_of));
    w.steps = ebpf_mem_alloc(mem, size);
    bool done = plan->blocks && plan->block_of && w.steps;
    for (uint32_t i = 0; done && i < w.count; i++) {
        if ((plan->flags[i] & (X64_LEADER | X64_OPEN)) != X64_LEADER)
            continue;
        enter(&w, i);
        while (w.depth > 0)
            go_on(&w);
    }
    ebpf_mem_free(mem, w.steps, size);
    if (!done)
        return EBPF_ERR_NOMEM;
    number_edges(plan);
    return EBPF_OK;
}
