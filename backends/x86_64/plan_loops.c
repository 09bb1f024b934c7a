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

enum { UNSEEN, OPEN, LEFT };

/* A block that the walk is in, and its successors that are still to be seen. */
struct step {
    struct x64_block block;
    uint32_t to[2];
    int left;
};

struct walk {
    struct x64_plan *plan;
    const struct ebpf_program *program;
    uint32_t count;
    uint8_t *seen;       /* of each leader */
    struct step *steps;
    uint32_t depth;
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
    w->seen[first] = OPEN;
    s->block = (struct x64_block){first, first};
    while (s->block.last + 1 < w->count &&
           !(w->plan->places[s->block.last + 1].flags & X64_LEADER))
        s->block.last++;
    s->left = x64_successors(w->program, s->block.last, s->to);
}

/* How soon a loop goes round from a block whose successors have been seen. */
static void set_round(struct walk *w, const struct x64_block *block)
{
    uint32_t to[2];
    int32_t soonest = X64_NEVER;
    for (int n = x64_successors(w->program, block->last, to); n-- > 0;) {
        int32_t round = w->seen[to[n]] == OPEN ? 0 : w->plan->places[to[n]].round;
        soonest = round < soonest ? round : soonest;
    }
    int32_t length = (int32_t)(block->last - block->first + 1);
    w->plan->places[block->first].round = soonest < X64_NEVER ? soonest + length : X64_NEVER;
}

/* Goes on from the block that the walk is in. */
static void go_on(struct walk *w)
{
    struct step *s = &w->steps[w->depth - 1];
    if (s->left == 0) {
        set_round(w, &s->block);
        w->seen[s->block.first] = LEFT;
        w->plan->blocks[w->plan->block_count++] = s->block;
        w->depth--;
        return;
    }
    uint32_t to = s->to[--s->left];
    if (w->seen[to] == UNSEEN) {
        enter(w, to);
    } else if (w->seen[to] == OPEN) {
        bool inside = to == s->block.last + 1;
        w->plan->places[to].flags |= X64_HEAD | X64_CHECKPOINT | (inside ? X64_INSIDE : 0);
        w->plan->heads++;
    }
}

ebpf_status x64_plan_loops(struct x64_plan *plan, const struct ebpf_program *program)
{
    struct walk w = {.plan = plan, .program = program, .count = ebpf_program_count(program)};
    const struct ebpf_mem *mem = &plan->arena.mem;
    uint32_t leaders = 0;
    for (uint32_t i = 0; i < w.count; i++)
        leaders += plan->places[i].flags & X64_LEADER;
    plan->blocks = ebpf_arena_alloc(&plan->arena, leaders * sizeof(*plan->blocks));
    w.seen = ebpf_mem_zalloc(mem, w.count, 1);
    w.steps = ebpf_mem_alloc(mem, leaders * sizeof(*w.steps));
    bool done = plan->blocks && w.seen && w.steps;
    for (uint32_t i = 0; i < w.count && done; i++) {
        if (!(plan->places[i].flags & X64_LEADER) || w.seen[i] != UNSEEN)
            continue;
        enter(&w, i);
        while (w.depth > 0)
            go_on(&w);
    }
    ebpf_mem_free(mem, w.seen, w.count);
    ebpf_mem_free(mem, w.steps, leaders * sizeof(*w.steps));
    return done ? EBPF_OK : EBPF_ERR_NOMEM;
}
