/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* States: making, copying, changing. */
#include <string.h>

#include "base/mem.h"
#include "ir/verify/safety/safety.h"

enum { CELLS = EBPF_FRAME_LIMIT / 4, CELLS_STEP = 8, CHANGE = 10 /* what it is worth */ };

/* Memory of states is counted.  Zeroed; NULL if there is none. */
static void *take(struct ebpf_safety *s, size_t size)
{
    void *block = ebpf_mem_zalloc(&s->mem, 1, size);
    if (block)
        s->memory += size;
    else
        s->no_memory = true;
    return block;
}

static void give_back(struct ebpf_safety *s, void *block, size_t size)
{
    s->memory -= size;
    ebpf_mem_free(&s->mem, block, size);
}

static size_t stack_bytes(uint32_t count)
{
    return sizeof(struct ebpf_stack) + count * sizeof(struct ebpf_cell);
}

static void stack_unref(struct ebpf_safety *s, struct ebpf_stack *stack)
{
    if (stack && --stack->refs == 0)
        give_back(s, stack, stack_bytes(stack->count));
}

static void frame_unref(struct ebpf_safety *s, struct ebpf_frame *frame)
{
    if (--frame->refs)
        return;
    stack_unref(s, frame->stack);
    give_back(s, frame, sizeof(*frame));
}

bool ebpf_state_push_frame(struct ebpf_safety *s, struct ebpf_state *state)
{
    unsigned depth = state->frames[0] ? state->depth + 1u : 0;
    struct ebpf_frame *frame = take(s, sizeof(*frame));
    if (!frame)
        return false;
    struct ebpf_value fp;
    memset(&fp, 0, sizeof(fp));
    fp.kind = EBPF_V_STACK;
    fp.frame = (uint8_t)depth;
    fp.number = ebpf_scalar_const(0);
    frame->refs = 1;
    frame->regs[EBPF_REG_FP] = ebpf_value(&s->values, &fp);
    state->frames[depth] = frame;
    state->depth = (uint8_t)depth;
    return true;
}

void ebpf_state_pop_frame(struct ebpf_safety *s, struct ebpf_state *state)
{
    frame_unref(s, state->frames[state->depth]);
    state->frames[state->depth--] = NULL;
}

static void count_state(struct ebpf_safety *s)
{
    s->states++;
    if (++s->states_now > s->states_most)
        s->states_most = s->states_now;
}

struct ebpf_state *ebpf_state_new(struct ebpf_safety *s)
{
    struct ebpf_state *state = take(s, sizeof(*state));
    if (!state)
        return NULL;
    if (ebpf_state_push_frame(s, state)) {
        count_state(s);
        return state;
    }
    give_back(s, state, sizeof(*state));
    return NULL;
}

struct ebpf_state *ebpf_state_copy(struct ebpf_safety *s, const struct ebpf_state *from)
{
    struct ebpf_state *state = take(s, sizeof(*state));
    if (!state)
        return NULL;
    *state = *from;
    state->next = NULL;
    for (unsigned f = 0; f <= state->depth; f++)
        state->frames[f]->refs++;
    count_state(s);
    return state;
}

void ebpf_state_free(struct ebpf_safety *s, struct ebpf_state *state)
{
    if (!state)
        return;
    for (unsigned f = 0; f <= state->depth; f++)
        frame_unref(s, state->frames[f]);
    s->states_now--;
    give_back(s, state, sizeof(*state));
}

struct ebpf_frame *ebpf_state_frame(struct ebpf_safety *s, struct ebpf_state *state,
                                    unsigned frame)
{
    struct ebpf_frame *old = state->frames[frame];
    if (old->refs == 1)
        return old;
    struct ebpf_frame *copy = take(s, sizeof(*copy));
    if (!copy)
        return &s->scratch;
    *copy = *old;
    copy->refs = 1;
    if (copy->stack)
        copy->stack->refs++;
    old->refs--;
    return state->frames[frame] = copy;
}

struct ebpf_cell *ebpf_state_cells(struct ebpf_safety *s, struct ebpf_state *state, unsigned frame,
                                   unsigned count)
{
    struct ebpf_frame *f = ebpf_state_frame(s, state, frame);
    struct ebpf_stack *old = f->stack;
    uint32_t had = old ? old->count : 0, have = had;
    if (f == &s->scratch)
        return NULL;
    if (have < count)
        have = (count + CELLS_STEP - 1) / CELLS_STEP * CELLS_STEP;
    have = have > CELLS ? CELLS : have;
    if (old && old->refs == 1 && have == had)
        return old->cells;
    struct ebpf_stack *stack = take(s, stack_bytes(have));
    if (!stack)
        return NULL;
    s->work += have;
    if (old)
        memcpy(stack->cells, old->cells, had * sizeof(*stack->cells));
    stack->refs = 1;
    stack->count = have;
    stack_unref(s, old);
    f->stack = stack;
    return stack->cells;
}

void ebpf_set_reg(struct ebpf_safety *s, struct ebpf_state *state, unsigned reg,
                  const struct ebpf_value *value)
{
    if (ebpf_reg(state, reg) != value)
        ebpf_state_frame(s, state, state->depth)->regs[reg] = value;
}

/* A spilled value that became uninitialised leaves some number behind. */
static void remap_cell(struct ebpf_cell *cell, struct ebpf_cell *upper,
                       const struct ebpf_value *value)
{
    bool wide = upper && upper->bytes[0] == EBPF_B_SPILL && !upper->value;
    cell->value = value;
    if (value)
        return;
    for (int i = 0; i < 4; i++) {
        if (cell->bytes[i] == EBPF_B_SPILL)
            cell->bytes[i] = EBPF_B_INVALID;
        if (wide)
            upper->bytes[i] = EBPF_B_INVALID;
    }
}

void ebpf_state_remap(struct ebpf_safety *s, struct ebpf_state *state, ebpf_remap *map, void *ctx)
{
    for (unsigned f = 0; f <= state->depth; f++) {
        s->work += ebpf_frame_work(state->frames[f]);
        for (unsigned r = 0; r < EBPF_REG_COUNT; r++) {
            const struct ebpf_value *old = state->frames[f]->regs[r];
            const struct ebpf_value *made = old ? map(s, old, ctx) : NULL;
            if (made != old)
                ebpf_state_frame(s, state, f)->regs[r] = made;
        }
        for (uint32_t i = 0; state->frames[f]->stack && i < state->frames[f]->stack->count; i++) {
            const struct ebpf_value *old = state->frames[f]->stack->cells[i].value;
            const struct ebpf_value *made = old ? map(s, old, ctx) : NULL;
            struct ebpf_cell *cells = made != old ? ebpf_state_cells(s, state, f, 0) : NULL;
            s->work += made != old ? CHANGE : 0;
            if (cells)
                remap_cell(&cells[i], i % 2 ? &cells[i - 1] : NULL, made);
        }
    }
    if (state->size)
        state->size = map(s, state->size, ctx);
}

static const struct ebpf_value *strip_id(struct ebpf_safety *s, const struct ebpf_value *value,
                                         void *ctx)
{
    struct ebpf_value v = *value;
    if (v.id != *(const uint32_t *)ctx)
        return value;
    if (ebpf_value_is_packet(value))
        return NULL; /* a packet pointer without a base is of no use */
    v.id = 0;
    v.form = 0;
    if (v.kind == EBPF_V_SCALAR)
        v.delta = 0;
    return ebpf_value(&s->values, &v);
}

void ebpf_state_forget_id(struct ebpf_safety *s, struct ebpf_state *state, uint32_t id)
{
    uint64_t bit = UINT64_C(1) << (id & 63);
    if (state->ids & bit) {
        ebpf_state_remap(s, state, strip_id, &id);
        ebpf_state_set_range(state, id, 0);
    }
    state->ids |= bit;
}

uint32_t ebpf_state_range(const struct ebpf_state *state, uint32_t base)
{
    uint64_t least = base == EBPF_BASE_DATA ? ebpf_state_least(state) : 0;
    uint32_t bytes = least < EBPF_FAR ? (uint32_t)least : EBPF_FAR;
    for (unsigned i = 0; i < state->range_count; i++)
        if (state->ranges[i].base == base && state->ranges[i].bytes > bytes)
            bytes = state->ranges[i].bytes;
    return bytes;
}

void ebpf_state_set_range(struct ebpf_state *state, uint32_t base, uint32_t bytes)
{
    unsigned i = 0;
    while (i < state->range_count && state->ranges[i].base != base)
        i++;
    if (i == state->range_count) {
        if (!bytes)
            return;
        if (i == EBPF_RANGES) /* the oldest but the packet's own is given up */
            memmove(&state->ranges[1], &state->ranges[2],
                    (--i - 1) * sizeof(state->ranges[0]));
        state->range_count = (uint8_t)(i + 1);
    }
    state->ranges[i] = (struct ebpf_range){base, bytes};
    if (!bytes)
        state->ranges[i] = state->ranges[--state->range_count];
}

void ebpf_state_forget_stack(struct ebpf_safety *s, struct ebpf_state *state)
{
    for (unsigned f = 0; f <= state->depth; f++) {
        struct ebpf_cell *cells = ebpf_state_cells(s, state, f, CELLS);
        for (unsigned i = 0; cells && i < CELLS; i++)
            cells[i] = (struct ebpf_cell){
                .bytes = {EBPF_B_MISC, EBPF_B_MISC, EBPF_B_MISC, EBPF_B_MISC}};
    }
}
