/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What local calls need not look at.
 *
 * Where no function can come to call itself, how deep calls nest is known.  A function without
 * loops takes no longer than its longest way: what is left of the budget need not be compared where
 * it starts and where it returns.  If nothing in it needs a frame, or the host, nobody can tell how
 * deep it is called; and if all ways through it are as long, its callers pay for it.
 */
#include "backends/x86_64/plan.h"
#include "ir/op.h"

enum {
    MAX_HEIGHT = 16, /* calls nested deeper than this are not followed */
    MAX_COST = 1024  /* of the ways through a function */
};

struct calls {
    struct x64_plan *plan;
    const struct ebpf_compile *in;
    const struct ebpf_program *program;
    uint32_t functions;
};

static uint32_t function_at(const struct calls *c, uint32_t insn)
{
    return ebpf_program_function_of(c->program, insn);
}

/* Raises functions above those that they call; whether one was not yet. */
static bool raise(const struct calls *c)
{
    bool raised = false;
    for (uint32_t i = 0; i < c->plan->block_count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(c->program, c->plan->blocks[i].last);
        if (insn->op != EBPF_OP_CALL_LOCAL)
            continue;
        struct x64_function *caller =
            &c->plan->functions[function_at(c, c->plan->blocks[i].first)];
        uint32_t height = x64_callee(c->plan, c->program, insn)->height + 1;
        raised |= caller->height < height;
        caller->height = caller->height < height ? height : caller->height;
    }
    return raised;
}

static bool find_heights(const struct calls *c)
{
    for (int round = 0; round <= MAX_HEIGHT; round++)
        if (!raise(c))
            return true;
    return false;
}

/* The ways from a block to the end of its function. */
struct ways {
    int32_t longest, shortest;
};

/* Adds what is in a block to the ways from where it leads.  False if that has no bound, or is not
 * only the function's business. */
static bool add_block(const struct calls *c, const struct x64_block *b, struct x64_function *f,
                      struct ways *ways)
{
    bool called = false;
    for (uint32_t i = b->first; i <= b->last; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(c->program, i);
        called = insn->op == EBPF_OP_CALL_LOCAL;
        if (!called && x64_needs_run(insn))
            return false;
    }
    ways->longest += (int32_t)(b->last - b->first + 1);
    ways->shortest += (int32_t)(b->last - b->first + 1);
    if (called) {
        const struct x64_function *callee =
            x64_callee(c->plan, c->program, ebpf_program_at(c->program, b->last));
        ways->longest += callee->cost;
        ways->shortest += callee->cost;
        f->is_constant &= callee->is_constant;
        f->is_blind &= callee->is_blind;
        if (!callee->cost)
            return false;
    }
    return ways->longest <= MAX_COST;
}

/* The ways through a function whose blocks are from number `first` to before `end`; those that a
 * block leads to come first.  `of` has room for each instruction of a short function. */
static bool find_ways(const struct calls *c, uint32_t first, uint32_t end, struct x64_function *f,
                      struct ways of[MAX_COST])
{
    const struct ebpf_function *function =
        (const struct ebpf_function *)c->program->functions.data +
        function_at(c, c->plan->blocks[first].first);
    if (function->count > MAX_COST)
        return false;
    for (uint32_t i = first; i < end; i++) {
        const struct x64_block *b = &c->plan->blocks[i];
        uint32_t to[2];
        int count = x64_successors(c->program, b->last, to);
        struct ways ways = {0, count ? MAX_COST : 0};
        for (int n = 0; n < count; n++) {
            if (to[n] - function->first >= function->count || c->plan->flags[to[n]] & X64_HEAD)
                return false; /* what a loop starts with comes after its last block */
            const struct ways *next = &of[to[n] - function->first];
            ways.longest = next->longest > ways.longest ? next->longest : ways.longest;
            ways.shortest = next->shortest < ways.shortest ? next->shortest : ways.shortest;
        }
        if (!add_block(c, b, f, &ways))
            return false;
        of[b->first - function->first] = ways;
    }
    f->cost = of[0].longest;
    f->is_constant &= of[0].longest == of[0].shortest;
    return true;
}

/* Notes which functions have checks. */
static void note_checks(const struct calls *c)
{
    const struct x64_check *check = c->plan->checks.data;
    for (size_t i = 0; i < c->plan->checks.count; i++)
        c->plan->functions[function_at(c, check[i].insn)].is_checked = true;
}

/* Looks at the functions of a height: what they call is known. */
static void look_at(const struct calls *c, uint32_t height)
{
    struct ways of[MAX_COST];
    for (uint32_t first = 0, end; first < c->plan->block_count; first = end) {
        uint32_t number = function_at(c, c->plan->blocks[first].first);
        for (end = first + 1; end < c->plan->block_count; end++)
            if (function_at(c, c->plan->blocks[end].first) != number)
                break;
        struct x64_function *f = &c->plan->functions[number];
        uint32_t start = ((const struct ebpf_function *)c->program->functions.data)[number].first;
        bool is_dead = c->plan->blocks[end - 1].first != start; /* nothing leads there */
        if (f->height != height || number == 0 || is_dead)
            continue;
        f->is_constant = true;
        f->is_blind = !(f->touched >> EBPF_REG_FP & 1) && !f->is_checked;
        if (!find_ways(c, first, end, f, of)) {
            f->cost = 0;
            f->is_constant = f->is_blind = false;
        }
    }
}

/* Checkpoints around calls that need none. */
static void settle(const struct calls *c)
{
    for (uint32_t i = 0; i < ebpf_program_count(c->program); i++) {
        const struct ebpf_insn *insn = ebpf_program_at(c->program, i);
        if (insn->op != EBPF_OP_CALL_LOCAL)
            continue;
        const struct x64_function *callee = x64_callee(c->plan, c->program, insn);
        uint16_t *behind = &c->plan->flags[i + 1], *start = &c->plan->flags[insn->target];
        unsigned settled = x64_is_paid_for(callee) ? 0 : X64_SETTLED;
        if (!callee->cost)
            continue;
        *start = (uint16_t)((*start & ~X64_CHECKPOINT) | settled);
        if (!(*behind & X64_HEAD))
            *behind = (uint16_t)((*behind & ~X64_CHECKPOINT) | settled);
    }
}

/* Whether the first function is the only one that needs a frame, or that may be left.  If others
 * get the address of its frame, all of that has to be zero, which it is best to do in the code. */
static bool is_alone(const struct calls *c)
{
    if (c->plan->fp_escapes)
        return false;
    for (uint32_t n = 1; n < c->functions; n++)
        if (!c->plan->functions[n].is_blind)
            return false;
    return true;
}

void x64_plan_calls(struct x64_plan *plan, const struct ebpf_compile *in)
{
    struct calls c = {plan, in, in->program, (uint32_t)in->program->functions.count};
    if (!plan->has_local_calls || !find_heights(&c))
        return;
    uint32_t frame = in->frame_sizes[0], highest = plan->functions[0].height;
    plan->is_bounded = !plan->frames_differ && highest < in->max_depth && frame &&
                       (uint64_t)(highest + 1) * frame <= in->stack_size;
    if (!plan->is_bounded)
        return;
    note_checks(&c);
    for (uint32_t height = 0; height < highest; height++)
        look_at(&c, height);
    settle(&c);
    if (is_alone(&c)) { /* the program is as one without local calls, then */
        plan->has_local_calls = false;
        plan->uses_fp = plan->functions[0].touched >> EBPF_REG_FP & 1;
    }
}
