/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Where instructions are counted.
 *
 * What a program executes may be paid for in advance or later, as long as it is known at each
 * instruction how much is prepaid: what is left of the budget is exact together with that.  So each
 * block has a number that is prepaid when control comes to it, and one when control leaves it.  A
 * block pays where they differ by anything but its length, and so does an edge where its two ends
 * differ.  Of these arcs, those of a spanning tree cost nothing, as numbers can be found that suit
 * all of them (Knuth and Stevenson, "Optimal measurement points for program frequency counts",
 * 1973); they are chosen from what runs most.  Loops have to pay somewhere: at their heads, where
 * the budget is compared.  To pay on an edge takes code out of line, so that counts twice.
 *
 * In programs of very many blocks, each pays for itself: looking for more takes too long.
 *
 * Nothing is prepaid where functions start and end, nor around calls; those of functions that have
 * no checkpoints (plan_calls.c) compare nothing either, and what the longest way through them takes
 * is part of the longest path.
 *
 * Blocks are seen in the order of plan_loops.c: successors before predecessors.
 */
#include "backends/x86_64/plan.h"
#include "base/mem.h"

/* A number to be found, in a forest of such as depend on each other: the start of block i is place
 * 2 * i, its end the one behind; the last place is where nothing is prepaid. */
struct place {
    uint32_t parent;
    int32_t more;  /* how much its number is above the parent's */
    uint32_t rank; /* of a root: no less than the height of its tree */
};

struct budget {
    struct x64_plan *plan;
    const struct ebpf_program *program;
    struct place *places; /* NULL if nothing is ever prepaid */
    int32_t none; /* the number of the last place */
    int32_t *longest; /* of each block: instructions on the longest path to the next checkpoint */
    uint8_t *comes;   /* of each block: how many edges lead there, at most 2 */
};

static uint32_t start_of(uint32_t block)
{
    return 2 * block;
}

static uint32_t end_of(uint32_t block)
{
    return 2 * block + 1;
}

static uint32_t nothing(const struct budget *c)
{
    return 2 * c->plan->block_count;
}

/* The root of a place's tree; adds to *number what the place has above it. */
static uint32_t find(struct place *places, uint32_t at, int32_t *number)
{
    while (places[at].parent != at) {
        struct place *p = &places[at], *parent = &places[p->parent];
        if (parent->parent != p->parent) {
            p->more += parent->more;
            p->parent = parent->parent;
        }
        *number += p->more;
        at = p->parent;
    }
    return at;
}

/* The number of place `a` is to be that of `b` and `more`, if there is still a choice. */
static void tie(struct budget *c, uint32_t a, uint32_t b, int32_t more)
{
    int32_t of_a = 0, of_b = 0;
    struct place *root_a = &c->places[find(c->places, a, &of_a)];
    struct place *root_b = &c->places[find(c->places, b, &of_b)];
    if (root_a == root_b)
        return;
    more += of_b - of_a;
    if (root_a->rank > root_b->rank) {
        root_b->parent = root_a->parent;
        root_b->more = -more;
        return;
    }
    root_b->rank += root_a->rank == root_b->rank;
    root_a->parent = root_b->parent;
    root_a->more = more;
}

/* What is prepaid at a place, once all numbers depend on each other. */
static int32_t prepaid_at(struct budget *c, uint32_t place)
{
    int32_t number = 0;
    if (c->places)
        find(c->places, place, &number);
    return number - c->none;
}

static bool is_checkpoint(const struct x64_plan *plan, uint32_t block)
{
    return plan->flags[plan->blocks[block].first] & X64_CHECKPOINT;
}

/* Whether the callers of the function that a block is in pay for it. */
static bool is_paid_for(const struct budget *c, const struct x64_block *b)
{
    return c->program->functions.count > 1 &&
           x64_is_paid_for(&c->plan->functions[ebpf_program_function_of(c->program, b->first)]);
}

/* Whether nothing may be prepaid where a block starts. */
static bool starts_even(const struct budget *c, const struct x64_block *b)
{
    unsigned flags = c->plan->flags[b->first];
    if (flags & (X64_ENTRY | X64_SETTLED))
        return true;
    return flags & X64_CHECKPOINT && b->first > 0 &&
           ebpf_program_at(c->program, b->first - 1)->op == EBPF_OP_CALL_LOCAL;
}

/* How many blocks follow one. */
static int follow(const struct x64_block *b)
{
    return b->to[0] == X64_NO_BLOCK ? 0 : b->to[1] == X64_NO_BLOCK || b->to[1] == b->to[0] ? 1 : 2;
}

/* How many instructions are paid for with a block. */
static int32_t length_of(const struct budget *c, const struct x64_block *b)
{
    const struct ebpf_insn *last = ebpf_program_at(c->program, b->last);
    int32_t length = (int32_t)(b->last - b->first + 1);
    if (last->op != EBPF_OP_CALL_LOCAL)
        return length;
    const struct x64_function *callee = x64_callee(c->plan, c->program, last);
    return length + (x64_is_paid_for(callee) ? callee->cost : 0);
}

static void find_longest(struct budget *c, uint32_t i)
{
    const struct x64_block *b = &c->plan->blocks[i];
    const struct ebpf_insn *last = ebpf_program_at(c->program, b->last);
    int32_t longest = 0;
    for (int n = 0; n < follow(b); n++)
        if (!is_checkpoint(c->plan, b->to[n]) && longest < c->longest[b->to[n]])
            longest = c->longest[b->to[n]];
    c->longest[i] = longest + (int32_t)(b->last - b->first + 1);
    if (last->op == EBPF_OP_CALL_LOCAL)
        c->longest[i] += x64_callee(c->plan, c->program, last)->cost;
}

/* Ties what leaves no choice, or costs nothing: only edges that are neither the only one out of a
 * block nor the only one into the other would need code of their own. */
static void tie_ends(struct budget *c)
{
    for (uint32_t i = 0; i < c->plan->block_count; i++) {
        const struct x64_block *b = &c->plan->blocks[i];
        for (int n = 0; n < follow(b); n++)
            if (c->comes[b->to[n]] < 2)
                c->comes[b->to[n]]++;
    }
    for (uint32_t i = 0; i < c->plan->block_count; i++) {
        const struct x64_block *b = &c->plan->blocks[i];
        int count = follow(b);
        if (starts_even(c, b))
            tie(c, start_of(i), nothing(c), 0);
        if (count == 0 || is_paid_for(c, b))
            tie(c, end_of(i), nothing(c), 0);
        for (int n = 0; n < count; n++)
            if (count == 1 || c->comes[b->to[n]] == 1)
                tie(c, end_of(i), start_of(b->to[n]), 0);
    }
}

static void tie_arc(struct budget *c, const struct x64_arc *arc)
{
    const struct x64_block *b = &c->plan->blocks[arc->block];
    if (arc->n != X64_THROUGH)
        tie(c, end_of(arc->block), start_of(b->to[arc->n]), 0);
    else if (!is_checkpoint(c->plan, arc->block) && !is_paid_for(c, b))
        tie(c, start_of(arc->block), end_of(arc->block), length_of(c, b));
}

/* Ties all arcs that still leave a choice: at each step the one that it would cost most to pay
 * on. */
static void tie_arcs(struct budget *c)
{
    const struct x64_arc *arcs = c->plan->arcs;
    uint32_t count = c->plan->arc_count, edge = 0;
    for (uint32_t through = 0; through < count; through++) {
        if (arcs[through].n != X64_THROUGH)
            continue;
        for (; edge < count && arcs[edge].often + X64_TWICE >= arcs[through].often; edge++)
            if (arcs[edge].n != X64_THROUGH)
                tie_arc(c, &arcs[edge]);
        tie_arc(c, &arcs[through]);
    }
    for (; edge < count; edge++)
        if (arcs[edge].n != X64_THROUGH)
            tie_arc(c, &arcs[edge]);
}

/* What a block pays.  Code may go on in the middle of a block after a helper has spent some of the
 * budget: the reserve is enough for the longest way from anywhere. */
static void charge(struct budget *c, uint32_t i)
{
    struct x64_plan *plan = c->plan;
    struct x64_block *b = &plan->blocks[i];
    b->total = length_of(c, b) + prepaid_at(c, end_of(i));
    b->charge = 0;
    if (is_paid_for(c, b))
        return;
    b->charge = b->total - prepaid_at(c, start_of(i));
    plan->counts |= b->first != 0 && b->charge != 0;
    if (c->longest[i] - b->total > plan->reserve)
        plan->reserve = c->longest[i] - b->total;
}

/* What the edges out of a block pay; false without memory. */
static bool charge_edges(struct budget *c, uint32_t i)
{
    struct x64_plan *plan = c->plan;
    const struct x64_block *b = &plan->blocks[i];
    for (int n = 0; follow(b) == 2 && n < 2 && !is_paid_for(c, b); n++) {
        int32_t charge = prepaid_at(c, start_of(b->to[n])) - prepaid_at(c, end_of(i));
        if (!charge)
            continue;
        if (!plan->on_way)
            plan->on_way =
                ebpf_arena_zalloc(&plan->arena, plan->block_count, sizeof(*plan->on_way));
        if (!plan->on_way)
            return false;
        plan->on_way[i][n] = charge;
        plan->counts = true;
    }
    return true;
}

/* Finds numbers that suit the arcs that matter; false without memory. */
static bool find_numbers(struct budget *c)
{
    const struct ebpf_mem *mem = &c->plan->arena.mem;
    uint32_t count = c->plan->block_count;
    c->places = ebpf_mem_alloc(mem, (2 * (size_t)count + 1) * sizeof(*c->places));
    c->comes = ebpf_mem_zalloc(mem, count, sizeof(*c->comes));
    bool done = c->places && c->comes;
    for (uint32_t i = 0; i <= nothing(c) && done; i++)
        c->places[i] = (struct place){i, 0, 0};
    if (done) {
        tie_ends(c);
        tie_arcs(c);
        for (uint32_t i = 0; i < count; i++)
            tie(c, start_of(i), nothing(c), 0); /* loops that nothing leads out of */
        find(c->places, nothing(c), &c->none);
        for (uint32_t i = 0; i < count && done; i++)
            done = charge_edges(c, i);
    }
    ebpf_mem_free(mem, c->comes, count * sizeof(*c->comes));
    return done;
}

ebpf_status x64_plan_budget(struct x64_plan *plan, const struct ebpf_program *program)
{
    const struct ebpf_mem *mem = &plan->arena.mem;
    uint32_t count = plan->block_count;
    struct budget c = {.plan = plan, .program = program};
    c.longest = ebpf_mem_alloc(mem, count * sizeof(*c.longest));
    bool done = c.longest && (x64_has_many_blocks(plan) || find_numbers(&c));
    for (uint32_t i = 0; i < count && done; i++) {
        find_longest(&c, i);
        charge(&c, i);
    }
    /* The host pays for the first block where nothing leads to it. */
    plan->counts |= plan->has_local_calls || plan->flags[0] & X64_HEAD;
    ebpf_mem_free(mem, c.places, (2 * (size_t)count + 1) * sizeof(*c.places));
    ebpf_mem_free(mem, c.longest, count * sizeof(*c.longest));
    return done ? EBPF_OK : EBPF_ERR_NOMEM;
}
