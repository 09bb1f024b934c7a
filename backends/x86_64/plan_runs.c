/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * How often blocks run and edges are taken.
 *
 * That is estimated: a loop goes round eight times, other branches go either way as often, but
 * rather on in a loop than out of it.  What needs to know it are the order of blocks and the places
 * where instructions are counted; both want what runs most first, so all is sorted by the
 * logarithm.
 */
#include "backends/x86_64/plan.h"
#include "base/mem.h"

enum { BUCKETS = 512 };

#define ONCE (UINT64_C(1) << 24)
#define OFTEN (UINT64_C(1) << 56)

/* Where control comes to in the end, past blocks of nothing but a jump. */
static uint32_t behind_jumps(const struct x64_plan *plan, const struct ebpf_program *program,
                             uint32_t block)
{
    const unsigned starts = X64_HEAD | X64_ENTRY | X64_CHECKPOINT;
    const struct x64_block *b = &plan->blocks[block];
    while (!(plan->flags[b->first] & starts) && x64_is_jump(program, b) && b->to[0] != X64_NO_BLOCK)
        b = &plan->blocks[b->to[0]];
    return (uint32_t)(b - plan->blocks);
}

/* Whether a block is part of a loop, or leads into one that goes on. */
static bool goes_round(const struct x64_plan *plan, uint32_t block)
{
    return plan->blocks[block].round < X64_NEVER;
}

/* How often control goes to to[n], in eighths. */
static uint64_t share(const struct x64_plan *plan, const struct ebpf_program *program,
                      uint32_t from, int n)
{
    const struct x64_block *b = &plan->blocks[from];
    if (b->to[1] == X64_NO_BLOCK)
        return 8;
    uint32_t to = behind_jumps(plan, program, b->to[n]);
    uint32_t other = behind_jumps(plan, program, b->to[1 - n]);
    bool back = to >= from, other_back = other >= from;
    if (back == other_back) {
        back = goes_round(plan, to);
        other_back = goes_round(plan, other);
    }
    return back == other_back ? 4 : back ? 7 : 1;
}

/* Larger for what is taken more often, and of edges alike for those that fall through. */
static uint16_t often(uint64_t runs, bool falls)
{
    uint32_t log = 63 - (uint32_t)__builtin_clzll(runs | 4);
    return (uint16_t)((4 * log + (uint32_t)((runs | 4) >> (log - 2) & 3)) * 2 + falls);
}

static void add_arc(struct x64_plan *plan, uint32_t block, unsigned n, uint16_t how_often)
{
    plan->arcs[plan->arc_count++] = (struct x64_arc){block, how_often, (uint8_t)n};
}

/* What leads to a block comes before it, but for edges back. */
static void estimate(struct x64_plan *plan, const struct ebpf_program *program, uint64_t *runs)
{
    for (uint32_t i = plan->block_count; i-- > 0;) {
        const struct x64_block *b = &plan->blocks[i];
        unsigned flags = plan->flags[b->first];
        runs[i] += flags & X64_ENTRY ? ONCE : 0;
        runs[i] *= flags & X64_HEAD ? 8 : 1;
        runs[i] = runs[i] > OFTEN ? OFTEN : runs[i];
        plan->often[i] = often(runs[i], false);
        add_arc(plan, i, X64_THROUGH, plan->often[i]);
        for (int n = 0; n < 2 && b->to[n] != X64_NO_BLOCK; n++) {
            uint64_t taken = runs[i] / 8 * share(plan, program, i, n);
            if (b->to[n] < i)
                runs[b->to[n]] += taken;
            add_arc(plan, i, (unsigned)n, often(taken, n == 0 && b->to[1] != X64_NO_BLOCK));
        }
    }
}

/* The most used first, and those alike in the order that they have. */
static void sort(struct x64_plan *plan, struct x64_arc *sorted)
{
    uint32_t first[BUCKETS + 1] = {0}; /* by how far they are below the highest */
    uint16_t low = BUCKETS, high = 0;
    for (uint32_t i = 0; i < plan->arc_count; i++) {
        low = plan->arcs[i].often < low ? plan->arcs[i].often : low;
        high = plan->arcs[i].often > high ? plan->arcs[i].often : high;
    }
    for (uint32_t i = 0; i < plan->arc_count; i++)
        first[high - plan->arcs[i].often + 1]++;
    for (int i = 0; i < high - low; i++)
        first[i + 1] += first[i];
    for (uint32_t i = 0; i < plan->arc_count; i++)
        sorted[first[high - plan->arcs[i].often]++] = plan->arcs[i];
    plan->arcs = sorted;
}

ebpf_status x64_plan_runs(struct x64_plan *plan, const struct ebpf_program *program)
{
    const struct ebpf_mem *mem = &plan->arena.mem;
    size_t size = 3 * (size_t)plan->block_count * sizeof(*plan->arcs);
    if (x64_has_many_blocks(plan))
        return EBPF_OK;
    plan->often = ebpf_arena_alloc(&plan->arena, plan->block_count * sizeof(*plan->often));
    plan->arcs = ebpf_arena_alloc(&plan->arena, size);
    struct x64_arc *sorted = ebpf_arena_alloc(&plan->arena, size);
    uint64_t *runs = ebpf_mem_zalloc(mem, plan->block_count, sizeof(*runs));
    bool done = plan->often && plan->arcs && sorted && runs;
    if (done) {
        estimate(plan, program, runs);
        sort(plan, sorted);
    }
    ebpf_mem_free(mem, runs, plan->block_count * sizeof(*runs));
    return done ? EBPF_OK : EBPF_ERR_NOMEM;
}
