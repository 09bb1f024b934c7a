/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The order in which places are worked on: reverse post-order in which the blocks of a loop stand
 * together, head first, so that all rounds of a loop are over before what is behind it begins.
 * Everything is linear, and nothing recurses.
 */
#include "ir/verify/safety/safety.h"

#define NONE EBPF_BLOCK_NONE

/* What is known of a loop; and how many times the program may be looked at to know it, which only
 * matters to loops that are nested too deep for anybody to write them. */
enum { LOOP_UNKNOWN, LOOP_OTHER, LOOP_BUDGETED, LOOP_WORK = 64 };

/* Lists of items: blocks, then loops by their number plus the number of blocks; one list for each
 * loop, the last one for what is in none. */
struct lists {
    const struct ebpf_cfg *cfg;
    uint32_t *next, *head, *tail;
};

static void append(struct lists *l, uint32_t loop, uint32_t item)
{
    uint32_t list = loop == NONE ? l->cfg->loop_count : loop;
    l->next[item] = NONE;
    if (l->head[list] == NONE)
        l->head[list] = item;
    else
        l->next[l->tail[list]] = item;
    l->tail[list] = item;
}

static void fill(struct lists *l)
{
    const struct ebpf_cfg *cfg = l->cfg;
    for (uint32_t i = 0; i <= cfg->loop_count; i++)
        l->head[i] = NONE;
    for (uint32_t i = 0; i < cfg->reach_count; i++) {
        uint32_t block = cfg->order[i], loop = cfg->blocks[block].loop;
        if (loop != NONE && cfg->loops[loop].header == block)
            append(l, cfg->loops[loop].parent, cfg->block_count + loop);
        append(l, loop, block);
    }
}

static void number(struct ebpf_safety *s, const struct lists *l, uint32_t *stack)
{
    const struct ebpf_cfg *cfg = l->cfg;
    uint32_t position = 0, depth = 0;
    stack[depth++] = l->head[cfg->loop_count];
    while (depth) {
        uint32_t item = stack[--depth];
        if (item == NONE)
            continue;
        stack[depth++] = l->next[item];
        if (item >= cfg->block_count) {
            stack[depth++] = l->head[item - cfg->block_count];
            continue;
        }
        const struct ebpf_block *block = &cfg->blocks[item];
        for (uint32_t i = 0; i < block->count; i++)
            s->position[block->first + i] = position++;
    }
}

bool ebpf_safety_order(struct ebpf_safety *s)
{
    const struct ebpf_cfg *cfg = s->cfg;
    struct ebpf_arena scratch;
    ebpf_arena_init(&scratch, &s->mem);
    size_t items = (size_t)cfg->block_count + cfg->loop_count, lists = cfg->loop_count + 1u;
    struct lists l = {.cfg = cfg,
                      .next = ebpf_arena_zalloc(&scratch, items + 1, sizeof(uint32_t)),
                      .head = ebpf_arena_zalloc(&scratch, lists, sizeof(uint32_t)),
                      .tail = ebpf_arena_zalloc(&scratch, lists, sizeof(uint32_t))};
    uint32_t *stack = ebpf_arena_zalloc(&scratch, lists + 2, sizeof(uint32_t));
    bool ok = l.next && l.head && l.tail && stack;
    if (ok) {
        fill(&l);
        number(s, &l, stack);
    }
    ebpf_arena_reset(&scratch);
    return ok;
}

static bool is_in(struct ebpf_safety *s, uint32_t block, uint32_t loop)
{
    uint32_t at = s->cfg->blocks[block].loop;
    for (s->loop_work++; at != NONE && at != loop; s->loop_work++)
        at = s->cfg->loops[at].parent;
    return at == loop;
}

static bool spends(const struct ebpf_safety *s, const struct ebpf_block *block)
{
    return ebpf_program_at(s->program, block->first + block->count - 1)->op == EBPF_OP_MAY_GOTO;
}

/* Goes all ways around a loop on which no may_goto falls through, for only those are limited: false
 * if one of them leads to its head.  A loop with other entries may be gone around without that. */
static bool look_around(struct ebpf_safety *s, uint32_t loop)
{
    const struct ebpf_cfg *cfg = s->cfg;
    uint32_t first = cfg->loops[loop].header, count = 0;
    if (cfg->loops[loop].irreducible)
        return false;
    s->loop_stack[count++] = first;
    while (count) {
        const struct ebpf_block *block = &cfg->blocks[s->loop_stack[--count]];
        int edge = spends(s, block) ? EBPF_SUCC_TAKEN : EBPF_SUCC_NEXT;
        for (; edge <= EBPF_SUCC_TAKEN; edge++) {
            uint32_t to = block->succ[edge];
            if (to == NONE || s->seen_in[to] == loop + 1 || !is_in(s, to, loop))
                continue;
            if (to == first || s->loop_work > LOOP_WORK * (uint64_t)cfg->block_count)
                return false;
            s->seen_in[to] = loop + 1;
            s->loop_stack[count++] = to;
        }
    }
    return true;
}

bool ebpf_loop_is_budgeted(struct ebpf_safety *s, uint32_t head)
{
    uint32_t first = s->cfg->block_of[head], loop = s->cfg->blocks[first].loop;
    if (ebpf_calls_back(s, head))
        return true;
    if (loop == NONE || s->cfg->loops[loop].header != first)
        return false;
    if (!s->loop_kind[loop])
        s->loop_kind[loop] = look_around(s, loop) ? LOOP_BUDGETED : LOOP_OTHER;
    return s->loop_kind[loop] == LOOP_BUDGETED;
}
