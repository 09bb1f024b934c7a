/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The contents of stack frames: loads, stores, and what helpers do there.  Offsets are from the
 * frame pointer, -512 to -1; the access was checked. */
#include <string.h>

#include "ir/verify/safety/safety.h"

enum { BYTE = 4 };

static uint32_t cell_of(int64_t offset)
{
    return (uint32_t)(-offset - 1) / BYTE;
}

static const struct ebpf_cell *cell_at(const struct ebpf_frame *frame, int64_t offset)
{
    static const struct ebpf_cell nothing;
    uint32_t i = cell_of(offset);
    return frame->stack && i < frame->stack->count ? &frame->stack->cells[i] : &nothing;
}

static uint8_t byte_at(const struct ebpf_frame *frame, int64_t offset)
{
    return cell_at(frame, offset)->bytes[offset & 3];
}

/* How many bytes the value that starts in a cell has: 8 if it goes on into the upper cell. */
static uint32_t spill_size(const struct ebpf_frame *frame, int64_t offset)
{
    const struct ebpf_cell *cell = cell_at(frame, offset);
    uint32_t size = 0;
    if (!cell->value)
        return 0;
    while (size < 4 && cell->bytes[size] == EBPF_B_SPILL)
        size++;
    if (size == 4 && (offset & 7) == 0) {
        const struct ebpf_cell *upper = cell_at(frame, offset + 4);
        if (upper->bytes[0] == EBPF_B_SPILL && !upper->value)
            size = 8;
    }
    return size;
}

/* The value of which the byte is part, and where it starts; NULL if of none. */
static const struct ebpf_value *spill_of(const struct ebpf_frame *frame, int64_t offset,
                                         int64_t *start)
{
    if (byte_at(frame, offset) != EBPF_B_SPILL)
        return NULL;
    *start = offset & ~INT64_C(3);
    if (!cell_at(frame, offset)->value)
        *start -= 4;
    return cell_at(frame, *start)->value;
}

/* Breaks the value that a byte is part of into bytes. */
static void break_spill(const struct ebpf_frame *frame, struct ebpf_cell *cells, int64_t offset)
{
    int64_t start;
    const struct ebpf_value *v = spill_of(frame, offset, &start);
    if (!v)
        return;
    uint32_t size = spill_size(frame, start);
    for (uint32_t i = 0; i < size; i++)
        cells[cell_of(start + i)].bytes[(start + i) & 3] =
            ebpf_value_is_zero(v) ? EBPF_B_ZERO : EBPF_B_MISC;
    cells[cell_of(start)].value = NULL;
}

bool ebpf_stack_fits(const struct ebpf_value *number, uint32_t size)
{
    return size == 8 || (number->number.umax >> size * 8) == 0;
}

static const struct ebpf_value *zero_extended(struct ebpf_safety *s, uint32_t size)
{
    struct ebpf_scalar n =
        size == 8 ? ebpf_scalar_unknown() : ebpf_scalar_urange(0, (UINT64_C(1) << size * 8) - 1);
    return ebpf_value_scalar(&s->values, &n);
}

/* What is loaded whole is the same as what stays on the stack: what is found of one, such as that
 * it is not 0, is known of the other. */
static const struct ebpf_value *share(struct ebpf_safety *s, struct ebpf_state *state,
                                      const struct ebpf_access *a, int64_t offset,
                                      const struct ebpf_value *v)
{
    const struct ebpf_value *named = ebpf_with_id(s, state, v);
    struct ebpf_cell *cells =
        named != v ? ebpf_state_cells(s, state, a->base->frame, 0) : NULL;
    if (cells)
        cells[cell_of(offset)].value = named;
    return cells ? named : v;
}

/* Where the low `size` of `had` bytes stand that start at `start`. */
static int64_t low_part(int64_t start, uint32_t had, uint32_t size)
{
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? start + had - size : start;
}

/* A whole value, or its low part, or bytes. */
static const struct ebpf_value *load_fixed(struct ebpf_safety *s, struct ebpf_state *state,
                                           const struct ebpf_access *a, int64_t offset)
{
    const struct ebpf_frame *frame = state->frames[a->base->frame];
    uint32_t size = a->size;
    int64_t start = 0;
    const struct ebpf_value *v = spill_of(frame, offset, &start);
    uint32_t had = v ? spill_size(frame, start) : 0;
    if (v && start == offset && had == size)
        return share(s, state, a, offset, v);
    if (ebpf_value_is_pointer(v))
        ebpf_unproven(s, state, EBPF_ERR_LOAD, "load all 8 bytes",
                      "part of an address is read from the stack");
    if (v && v->kind == EBPF_V_SCALAR && had > size && low_part(start, had, size) == offset) {
        struct ebpf_scalar n = ebpf_scalar_zext(&v->number, size * 8);
        return ebpf_stack_fits(v, size) ? v : ebpf_value_scalar(&s->values, &n);
    }
    bool zero = true;
    for (uint32_t i = 0; i < size; i++) {
        uint8_t byte = byte_at(frame, offset + i);
        const struct ebpf_value *of = spill_of(frame, offset + i, &start);
        zero &= byte == EBPF_B_ZERO || ebpf_value_is_zero(of);
        if (byte == EBPF_B_INVALID && s->contract->unprivileged)
            ebpf_unproven(s, state, EBPF_ERR_LOAD, "write it first",
                          "r10%+lld was not written before", (long long)(offset + i));
    }
    struct ebpf_scalar nothing = ebpf_scalar_const(0);
    return zero ? ebpf_value_scalar(&s->values, &nothing) : zero_extended(s, size);
}

const struct ebpf_value *ebpf_stack_load(struct ebpf_safety *s, struct ebpf_state *state,
                                         const struct ebpf_access *a)
{
    const struct ebpf_frame *frame = state->frames[a->base->frame];
    const struct ebpf_scalar *n = &a->base->number;
    if (ebpf_scalar_is_const(n))
        return load_fixed(s, state, a, (int64_t)n->umin + a->offset);
    struct ebpf_scalar nothing = ebpf_scalar_const(0);
    for (int64_t at = n->smin + a->offset; at < n->smax + a->offset + a->size; at++)
        if (byte_at(frame, at) != EBPF_B_ZERO)
            return zero_extended(s, a->size);
    return ebpf_value_scalar(&s->values, &nothing);
}

/* A byte that may or may not be written by a store of something. */
static void blur(const struct ebpf_frame *frame, struct ebpf_cell *cells, int64_t at, bool zero)
{
    break_spill(frame, cells, at);
    uint8_t *byte = &cells[cell_of(at)].bytes[at & 3];
    if (*byte != EBPF_B_INVALID && !(zero && *byte == EBPF_B_ZERO))
        *byte = EBPF_B_MISC;
}

static void store_fixed(struct ebpf_safety *s, const struct ebpf_frame *frame,
                        struct ebpf_cell *cells, int64_t offset, const struct ebpf_access *a,
                        const struct ebpf_value *value)
{
    /* Programs that are the kernel's know nothing of what stands in the upper half of 8 bytes. */
    bool halves = s->type->flags & EBPF_TYPE_ANY_HELPER;
    bool aligned = offset % (a->size <= 4 && halves ? 4 : 8) == 0 && a->size <= 8;
    for (uint32_t i = 0; i < a->size; i++)
        break_spill(frame, cells, offset + i);
    uint8_t fill = ebpf_value_is_zero(value) ? EBPF_B_ZERO : EBPF_B_MISC;
    if (value && aligned && (value->kind == EBPF_V_SCALAR || a->size == 8)) {
        if (!ebpf_stack_fits(value, a->size) && value->kind == EBPF_V_SCALAR) {
            struct ebpf_scalar n = ebpf_scalar_zext(&value->number, a->size * 8);
            value = ebpf_value_scalar(&s->values, &n);
        }
        fill = EBPF_B_SPILL;
        cells[cell_of(offset)].value = value;
    }
    for (uint32_t i = 0; i < a->size; i++)
        cells[cell_of(offset + i)].bytes[(offset + i) & 3] = fill;
}

void ebpf_stack_store(struct ebpf_safety *s, struct ebpf_state *state,
                      const struct ebpf_access *a, const struct ebpf_value *value)
{
    const struct ebpf_scalar *n = &a->base->number;
    unsigned f = a->base->frame;
    int64_t least = n->smin + a->offset, behind = n->smax + a->offset + a->size;
    struct ebpf_cell *cells = ebpf_state_cells(s, state, f, cell_of(least) + 1);
    if (!cells)
        return;
    const struct ebpf_frame *frame = state->frames[f];
    for (int64_t at = least; s->contract->unprivileged && at < behind; at++) {
        int64_t start;
        const struct ebpf_value *v = spill_of(frame, at, &start);
        if (ebpf_value_is_pointer(v) && (a->size != 8 || start != least))
            ebpf_unproven(s, state, EBPF_ERR_STORE, "store all 8 bytes",
                          "the unprivileged may not overwrite part of an address");
    }
    if (ebpf_scalar_is_const(n)) {
        store_fixed(s, frame, cells, least, a, value);
        return;
    }
    for (int64_t at = least; at < behind; at++)
        blur(frame, cells, at, ebpf_value_is_zero(value));
}

void ebpf_stack_check_bytes(struct ebpf_safety *s, struct ebpf_state *state,
                            const struct ebpf_access *a)
{
    const struct ebpf_frame *frame = state->frames[a->base->frame];
    const struct ebpf_scalar *n = &a->base->number;
    for (int64_t at = n->smin + a->offset; at < n->smax + a->offset + a->size; at++) {
        int64_t start;
        bool pointer = ebpf_value_is_pointer(spill_of(frame, at, &start));
        if (!s->contract->unprivileged || (byte_at(frame, at) != EBPF_B_INVALID && !pointer))
            continue;
        ebpf_unproven(s, state, EBPF_ERR_HELPER_ARG, "write it first",
                      "a helper would read r10%+lld, which %s", (long long)at,
                      pointer ? "holds an address" : "was not written");
        return;
    }
}
