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
 * Around calls of functions that have no checkpoints (plan_calls.c) nothing is prepaid either, and
 * nothing compared; what the longest way through them takes is part of the longest path.
 *
 * Blocks are seen in the order of plan_loops.c: successors before predecessors.
 */
#include "backends/x86_64/plan.h"
#include "base/mem.h"
#include "ir/op.h"

/* Of each block. */
struct price {
    uint32_t class;  /* parent in the forest of classes */
    int32_t prepaid; /* of a class; -1 while unknown */
    int32_t soonest; /* of a class: how soon the loop goes round from the member it is of */
    bool is_used;    /* of a class: whether a predecessor counts on it */
    int32_t longest; /* instructions on the longest path to the next checkpoint */
};

static uint32_t class_of(struct price *prices, uint32_t i)
{
    while (prices[i].class != i)
        i = prices[i].class = prices[prices[i].class].class;
    return i;
}

static bool is_checkpoint(const struct x64_plan *plan, uint32_t block)
{
    return plan->flags[plan->blocks[block].first] & X64_CHECKPOINT;
}

static void make_classes(const struct x64_plan *plan, struct price *prices)
{
    for (uint32_t i = 0; i < plan->block_count; i++)
        prices[i] = (struct price){.class = i, .prepaid = -1};
    for (uint32_t i = 0; i < plan->block_count; i++) {
        const struct x64_block *b = &plan->blocks[i];
        if (b->to[1] != X64_NO_BLOCK)
            prices[class_of(prices, b->to[0])].class = class_of(prices, b->to[1]);
    }
    for (uint32_t i = 0; i < plan->block_count; i++) {
        if (!(plan->flags[plan->blocks[i].first] & (X64_CHECKPOINT | X64_SETTLED)))
            continue;
        struct price *class = &prices[class_of(prices, i)];
        class->prepaid = 0;
        class->is_used = true;
    }
}

/* What a block finds paid when it has run, from the classes of those that follow; what that is for
 * is settled then. */
static int32_t prepaid_behind(struct price *prices, uint32_t to)
{
    struct price *class = &prices[class_of(prices, to)];
    class->is_used = true;
    return class->prepaid;
}

/* Prices a block. */
static void set_price(const struct x64_plan *plan, struct price *prices,
                      const struct ebpf_program *program, uint32_t i)
{
    struct x64_block *b = &plan->blocks[i];
    struct price *class = &prices[class_of(prices, i)];
    const struct ebpf_insn *last = ebpf_program_at(program, b->last);
    int32_t called = 0, length = (int32_t)(b->last - b->first + 1);
    if (last->op == EBPF_OP_CALL_LOCAL) {
        const struct x64_function *callee = x64_callee(plan, program, last);
        length += x64_is_paid_for(callee) ? callee->cost : 0;
        called = x64_is_paid_for(callee) ? 0 : callee->cost;
    }
    int32_t longest = 0;
    b->total = length + (b->to[0] != X64_NO_BLOCK ? prepaid_behind(prices, b->to[0]) : 0);
    for (int n = 0; n < 2 && b->to[n] != X64_NO_BLOCK; n++)
        if (!is_checkpoint(plan, b->to[n]) && longest < prices[b->to[n]].longest)
            longest = prices[b->to[n]].longest;
    prices[i].longest = longest + called + length;
    if (!class->is_used && (class->prepaid < 0 || b->round < class->soonest)) {
        class->prepaid = b->total;
        class->soonest = b->round;
    }
}

/* Whether the callers of the function that a block is in pay for it. */
static bool is_paid_for(const struct x64_plan *plan, const struct ebpf_program *program,
                        const struct x64_block *b)
{
    return program->functions.count > 1 &&
           x64_is_paid_for(&plan->functions[ebpf_program_function_of(program, b->first)]);
}

/* What a block pays of its price.  Code may go on in the middle of a block after a helper has spent
 * some of the budget: the reserve is enough for the longest way from anywhere. */
static void charge(struct x64_plan *plan, struct price *prices, const struct ebpf_program *program,
                   uint32_t i)
{
    struct x64_block *b = &plan->blocks[i];
    int32_t rest = prices[i].longest - b->total;
    b->charge = 0;
    if (is_paid_for(plan, program, b))
        return;
    b->charge = b->total - prices[class_of(prices, i)].prepaid;
    plan->counts |= b->first != 0 && b->charge != 0;
    if (rest > plan->reserve)
        plan->reserve = rest;
}

ebpf_status x64_plan_budget(struct x64_plan *plan, const struct ebpf_program *program)
{
    const struct ebpf_mem *mem = &plan->arena.mem;
    size_t size = plan->block_count * sizeof(struct price);
    struct price *prices = ebpf_mem_alloc(mem, size);
    if (!prices)
        return EBPF_ERR_NOMEM;
    make_classes(plan, prices);
    for (uint32_t i = 0; i < plan->block_count; i++)
        set_price(plan, prices, program, i);
    for (uint32_t i = 0; i < plan->block_count; i++)
        charge(plan, prices, program, i);
    /* The host pays for the first block where nothing leads to it. */
    plan->counts |= plan->has_local_calls || plan->flags[0] & X64_HEAD;
    ebpf_mem_free(mem, prices, size);
    return EBPF_OK;
}
