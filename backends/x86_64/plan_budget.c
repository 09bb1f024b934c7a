/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Where instructions are counted.
 *
 * A block pays when it starts, for itself and for what follows it on any path: then most blocks
 * have nothing left to pay.  All successors of a block must find the same prepaid; blocks that
 * share a predecessor form a class (union-find), and the class's prepaid is the price of its last
 * member up to the next checkpoint.  A member that costs more pays the difference, one that costs
 * less takes it back.  At checkpoints nothing is prepaid, so what is left of the budget is exact
 * there; everywhere else it is exact together with a number known at compile time.
 *
 * All edges but those to checkpoints lead forwards, so one pass from the end sees every successor
 * before its predecessors.
 */
#include "backends/x86_64/plan.h"
#include "base/mem.h"
#include "ir/op.h"

/* Of each leader. */
struct block {
    uint32_t class; /* parent in the forest of classes */
    int32_t prepaid; /* of a class; -1 while unknown */
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

/* The successors of the block that `insn` ends, into to[2]; returns how many. */
static int successors(const struct counter *c, uint32_t insn, uint32_t to[2])
{
    const struct ebpf_insn *last = ebpf_program_at(c->program, insn);
    uint16_t fx = ebpf_op_table[last->op].effects;
    int n = 0;
    if (!(fx & EBPF_FX_TERMINATOR) && insn + 1 < c->count)
        to[n++] = insn + 1;
    if (fx & EBPF_FX_JUMP && last->target < c->count)
        to[n++] = last->target;
    return n;
}

static void make_classes(const struct counter *c)
{
    const struct x64_place *places = c->plan->places;
    for (uint32_t i = 0; i < c->count; i++)
        c->blocks[i] = (struct block){i, -1, 0};
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t to[2];
        if (ebpf_op_table[ebpf_program_at(c->program, i)->op].effects & EBPF_FX_JUMP &&
            successors(c, i, to) == 2)
            c->blocks[class_of(c->blocks, to[0])].class = class_of(c->blocks, to[1]);
    }
    for (uint32_t i = 0; i < c->count; i++)
        if (places[i].flags & X64_CHECKPOINT)
            c->blocks[class_of(c->blocks, i)].prepaid = 0;
}

/* Prices the block that starts at `first` and ends with `last`. */
static void price(const struct counter *c, uint32_t first, uint32_t last)
{
    struct x64_plan *plan = c->plan;
    struct x64_place *place = &plan->places[first];
    struct block *class = &c->blocks[class_of(c->blocks, first)];
    uint32_t to[2];
    int32_t longest = 0;
    place->total = (int32_t)(last - first + 1);
    for (int n = successors(c, last, to); n > 0; n--) {
        if (n == 1)
            place->total += c->blocks[class_of(c->blocks, to[0])].prepaid;
        if (!(plan->places[to[n - 1]].flags & X64_CHECKPOINT) &&
            longest < c->blocks[to[n - 1]].longest)
            longest = c->blocks[to[n - 1]].longest;
    }
    c->blocks[first].longest = longest + (int32_t)(last - first + 1);
    if (class->prepaid < 0)
        class->prepaid = place->total;
    place->charge = place->total - class->prepaid;
    plan->counts |= first != 0 && place->charge != 0;
    if (place->flags & X64_CHECKPOINT && c->blocks[first].longest - place->total > plan->reserve)
        plan->reserve = c->blocks[first].longest - place->total;
}

ebpf_status x64_plan_budget(struct x64_plan *plan, const struct ebpf_program *program)
{
    struct counter c = {plan, program, NULL, ebpf_program_count(program)};
    const struct ebpf_mem *mem = &plan->arena.mem;
    c.blocks = ebpf_mem_alloc(mem, c.count * sizeof(*c.blocks));
    if (!c.blocks)
        return EBPF_ERR_NOMEM;
    make_classes(&c);
    uint32_t last = c.count - 1;
    for (uint32_t i = c.count; i-- > 0;) {
        if (!(plan->places[i].flags & X64_LEADER))
            continue;
        price(&c, i, last);
        last = i - 1;
    }
    plan->counts |= (plan->places[0].flags & X64_HEAD) != 0;
    ebpf_mem_free(mem, c.blocks, c.count * sizeof(*c.blocks));
    return EBPF_OK;
}
