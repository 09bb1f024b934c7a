/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Where instructions are counted.
 *
 * A block pays when it starts, for itself and for what follows it on any path: then most blocks
 * have nothing left to pay.  All successors of a block must find the same prepaid; blocks that
 * share a predecessor form a class (union-find), and the class's prepaid is the price up to the
 * next checkpoint of the member from which a loop goes round soonest: that is the likeliest to run
 * often.  A member that costs more pays the difference, one that costs less takes it back.  At
 * checkpoints nothing is prepaid, so what is left of the budget is exact there; everywhere else it
 * is exact together with a number known at compile time.
 *
 * Blocks are seen in the order of plan_loops.c: successors before predecessors.
 */
#include "backends/x86_64/plan.h"
#include "base/mem.h"
#include "ir/op.h"

/* Of each leader. */
struct block {
    uint32_t class;  /* parent in the forest of classes */
    int32_t prepaid; /* of a class; -1 while unknown */
    int32_t soonest; /* of a class: how soon the loop goes round from the member it is of */
    bool is_used;    /* of a class: whether a predecessor counts on it */
    int32_t longest; /* instructions on the longest path to the next checkpoint */
};

struct counter {
    struct x64_plan *plan;
    const struct ebpf_program *program;
    struct block *blocks; /* by first instruction */
    uint32_t count;
};

static uint32_t class_of(struct block *blocks, uint32_t i)
{
    while (blocks[i].class != i)
        i = blocks[i].class = blocks[blocks[i].class].class;
    return i;
}

static void make_classes(const struct counter *c)
{
    const struct x64_plan *plan = c->plan;
    const struct x64_block *b = plan->blocks, *end = b + plan->block_count;
    for (; b < end; b++)
        c->blocks[b->first] = (struct block){.class = b->first, .prepaid = -1};
    for (b = plan->blocks; b < end; b++) {
        uint32_t to[2];
        if (x64_successors(c->program, b->last, to) == 2)
            c->blocks[class_of(c->blocks, to[0])].class = class_of(c->blocks, to[1]);
    }
    for (b = plan->blocks; b < end; b++) {
        if (!(plan->places[b->first].flags & X64_CHECKPOINT))
            continue;
        struct block *class = &c->blocks[class_of(c->blocks, b->first)];
        class->prepaid = 0;
        class->is_used = true;
    }
}

/* What a block finds paid when it has run, from the classes of those that follow; what that is for
 * is settled then. */
static int32_t prepaid_behind(const struct counter *c, uint32_t to)
{
    struct block *class = &c->blocks[class_of(c->blocks, to)];
    class->is_used = true;
    return class->prepaid;
}

/* Prices a block. */
static void price(const struct counter *c, const struct x64_block *b)
{
    struct x64_plan *plan = c->plan;
    struct x64_place *place = &plan->places[b->first];
    struct block *block = &c->blocks[b->first];
    struct block *class = &c->blocks[class_of(c->blocks, b->first)];
    uint32_t to[2];
    int32_t longest = 0, length = (int32_t)(b->last - b->first + 1);
    int count = x64_successors(c->program, b->last, to);
    place->total = length + (count ? prepaid_behind(c, to[0]) : 0);
    for (int n = 0; n < count; n++) {
        const struct block *next = &c->blocks[to[n]];
        if (!(plan->places[to[n]].flags & X64_CHECKPOINT) && longest < next->longest)
            longest = next->longest;
    }
    block->longest = longest + length;
    if (!class->is_used && (class->prepaid < 0 || place->round < class->soonest)) {
        class->prepaid = place->total;
        class->soonest = place->round;
    }
}

/* What a block pays of its price. */
static void charge(const struct counter *c, uint32_t first)
{
    struct x64_plan *plan = c->plan;
    struct x64_place *place = &plan->places[first];
    int32_t rest = c->blocks[first].longest - place->total;
    place->charge = place->total - c->blocks[class_of(c->blocks, first)].prepaid;
    plan->counts |= first != 0 && place->charge != 0;
    if (place->flags & X64_CHECKPOINT && rest > plan->reserve)
        plan->reserve = rest;
}

ebpf_status x64_plan_budget(struct x64_plan *plan, const struct ebpf_program *program)
{
    struct counter c = {plan, program, NULL, ebpf_program_count(program)};
    const struct ebpf_mem *mem = &plan->arena.mem;
    c.blocks = ebpf_mem_alloc(mem, c.count * sizeof(*c.blocks));
    if (!c.blocks)
        return EBPF_ERR_NOMEM;
    make_classes(&c);
    for (uint32_t i = 0; i < plan->block_count; i++)
        price(&c, &plan->blocks[i]);
    for (uint32_t i = 0; i < plan->block_count; i++)
        charge(&c, plan->blocks[i].first);
    plan->counts |= (plan->places[0].flags & X64_HEAD) != 0;
    ebpf_mem_free(mem, c.blocks, c.count * sizeof(*c.blocks));
    return EBPF_OK;
}
