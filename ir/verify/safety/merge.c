/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* States compared and joined.  A value that is not initialised stands for any: nothing may be
 * done with it. */
#include <string.h>

#include "ir/verify/safety/safety.h"

enum { COST_RANGE = 1, COST_CONST = 16, COST_NULL = 64, COST_KIND = 256 };

/* What all of a cell's bytes hold, as a value: whole cells of zeros or numbers are values as well.
 * NULL if that is nothing of one piece, such as a value of fewer bytes and what is behind it. */
static const struct ebpf_value *cell_value(struct ebpf_safety *s, const struct ebpf_cell *cell)
{
    for (int i = 1; i < 4; i++)
        if (cell->bytes[i] != cell->bytes[0])
            return NULL;
    if (cell->bytes[0] == EBPF_B_SPILL)
        return cell->value;
    struct ebpf_scalar zero = ebpf_scalar_const(0), word = ebpf_scalar_urange(0, UINT32_MAX);
    return cell->bytes[0] == EBPF_B_INVALID
               ? NULL
               : ebpf_value_scalar(&s->values, cell->bytes[0] == EBPF_B_ZERO ? &zero : &word);
}

static bool same_link(const struct ebpf_value *a, const struct ebpf_value *b)
{
    return a->id == b->id && a->form == b->form &&
           (a->kind != EBPF_V_SCALAR || a->delta == b->delta);
}

/* Whether two maps are alike in all that is proven of them: which one it is does not matter then,
 * unless their contents are known. */
static bool same_shape_of_map(const struct ebpf_safety *s, const struct ebpf_map_def *a,
                              const struct ebpf_map_def *b)
{
    if (a == b || !a || !b || s->contract->unprivileged)
        return a == b;
    return a->kind == b->kind && a->key_size == b->key_size && a->value_size == b->value_size &&
           a->flags == b->flags && a->inner == b->inner && !(a->flags & EBPF_MAP_RDONLY_PROG);
}

/* The same region, whatever the offset in it. */
static bool same_region(const struct ebpf_safety *s, const struct ebpf_value *a,
                        const struct ebpf_value *b)
{
    if (a->kind != b->kind || a->frame != b->frame || !same_shape_of_map(s, a->map, b->map))
        return false;
    if (ebpf_value_is_packet(a))
        return a->id == b->id && a->delta == b->delta;
    return a->size == b->size && ebpf_value_held(a) == ebpf_value_held(b);
}

static bool includes(const struct ebpf_safety *s, const struct ebpf_value *whole,
                     const struct ebpf_value *part)
{
    if (whole == part || !whole)
        return true;
    if (!part || whole->kind != part->kind || whole->nullable < part->nullable)
        return false;
    if (!ebpf_scalar_includes(&whole->number, &part->number))
        return false;
    if (whole->kind == EBPF_V_SCALAR)
        return (!whole->id || same_link(whole, part)) &&
               (!whole->size || ebpf_slack(part, s->least_b) >= (int64_t)whole->size - 1);
    if (!same_region(s, whole, part) || (ebpf_value_is_packet(whole) && whole->size < part->size))
        return false;
    return whole->nullable == 0 || !whole->id || whole->id == part->id;
}

static bool is_wide(const struct ebpf_stack *stack, uint32_t i)
{
    const struct ebpf_cell *upper = i % 2 ? &stack->cells[i - 1] : NULL;
    return upper && upper->bytes[0] == EBPF_B_SPILL && !upper->value;
}

static bool cell_includes(struct ebpf_safety *s, const struct ebpf_stack *whole,
                          const struct ebpf_stack *part, uint32_t i)
{
    static const struct ebpf_cell nothing;
    const struct ebpf_cell *w = &whole->cells[i];
    const struct ebpf_cell *p = part && i < part->count ? &part->cells[i] : &nothing;
    bool leaks = s->contract->unprivileged;
    if (w->bytes[0] == EBPF_B_SPILL && memcmp(w->bytes, p->bytes, 4) == 0)
        return w->value == p->value ||
               (w->value && p->value && is_wide(whole, i) == is_wide(part, i) &&
                includes(s, w->value, p->value));
    for (int b = 0; b < 4; b++) {
        bool upper = p->bytes[b] == EBPF_B_SPILL && !p->value;
        bool pointer = ebpf_value_is_pointer(p->value) || upper;
        if (w->bytes[b] == EBPF_B_INVALID || w->bytes[b] == p->bytes[b])
            continue;
        if (w->bytes[b] == EBPF_B_MISC && p->bytes[b] != EBPF_B_INVALID && !(leaks && pointer))
            continue;
        if (w->bytes[0] == EBPF_B_SPILL && w->value && !is_wide(whole, i)) {
            const struct ebpf_value *v = cell_value(s, p);
            return v && w->bytes[3] == EBPF_B_SPILL && !(part && is_wide(part, i)) &&
                   v->kind == EBPF_V_SCALAR && includes(s, w->value, v);
        }
        return false;
    }
    return w->bytes[0] != EBPF_B_SPILL;
}

static bool frame_includes(struct ebpf_safety *s, const struct ebpf_frame *whole,
                           const struct ebpf_frame *part)
{
    if (whole == part)
        return true;
    s->work += EBPF_REG_COUNT;
    for (unsigned r = 0; r < EBPF_REG_COUNT; r++)
        if (!includes(s, whole->regs[r], part->regs[r]))
            return false;
    if (whole->stack == part->stack)
        return true;
    s->work += whole->stack ? whole->stack->count : 0;
    for (uint32_t i = 0; whole->stack && i < whole->stack->count; i++)
        if (!cell_includes(s, whole->stack, part->stack, i))
            return false;
    return true;
}

static bool same_shape(const struct ebpf_state *a, const struct ebpf_state *b)
{
    if (a->depth != b->depth || a->acquired_count != b->acquired_count)
        return false;
    return memcmp(a->acquired, b->acquired, a->acquired_count * sizeof(a->acquired[0])) == 0;
}

bool ebpf_state_includes(struct ebpf_safety *s, const struct ebpf_state *whole,
                         const struct ebpf_state *part)
{
    if (!same_shape(whole, part))
        return false;
    s->least_b = ebpf_state_least(part);
    if (whole->size != part->size && !includes(s, whole->size, part->size))
        return false;
    for (unsigned i = 0; i < whole->range_count; i++)
        if (whole->ranges[i].bytes > ebpf_state_range(part, whole->ranges[i].base))
            return false;
    for (unsigned f = 0; f <= whole->depth; f++)
        if (!frame_includes(s, whole->frames[f], part->frames[f]))
            return false;
    return true;
}

static uint32_t value_distance(const struct ebpf_safety *s, const struct ebpf_value *a,
                               const struct ebpf_value *b)
{
    if (a == b)
        return 0;
    if (!a || !b)
        return COST_KIND;
    if (a->kind != b->kind)
        return ebpf_value_is_zero(a) || ebpf_value_is_zero(b) ? COST_NULL : COST_KIND;
    if (a->kind == EBPF_V_SCALAR) {
        bool constants = ebpf_scalar_is_const(&a->number) || ebpf_scalar_is_const(&b->number);
        return constants ? COST_CONST : COST_RANGE;
    }
    if (!same_region(s, a, b))
        return COST_KIND;
    return (a->nullable != b->nullable ? COST_NULL : 0) + COST_CONST;
}

static uint32_t stack_distance(const struct ebpf_safety *s, const struct ebpf_stack *a,
                               const struct ebpf_stack *b)
{
    uint32_t cost = 0, count_a = a ? a->count : 0, count_b = b ? b->count : 0;
    uint32_t count = count_a < count_b ? count_a : count_b;
    if (a == b)
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        cost += value_distance(s, a->cells[i].value, b->cells[i].value);
        cost += memcmp(a->cells[i].bytes, b->cells[i].bytes, 4) ? COST_CONST : 0;
    }
    return cost + (count_a + count_b - 2 * count);
}

uint32_t ebpf_state_distance(struct ebpf_safety *s, const struct ebpf_state *a,
                             const struct ebpf_state *b)
{
    uint32_t cost = 0;
    if (!same_shape(a, b))
        return UINT32_MAX;
    for (unsigned f = 0; f <= a->depth; f++) {
        if (a->frames[f] == b->frames[f])
            continue;
        s->work += ebpf_frame_work(a->frames[f]);
        for (unsigned r = 0; r < EBPF_REG_COUNT; r++)
            cost += value_distance(s, a->frames[f]->regs[r], b->frames[f]->regs[r]);
        cost += stack_distance(s, a->frames[f]->stack, b->frames[f]->stack);
    }
    for (unsigned i = 0; i < a->range_count; i++)
        if (a->ranges[i].bytes != ebpf_state_range(b, a->ranges[i].base))
            cost += COST_CONST;
    for (unsigned i = 0; i < b->range_count; i++)
        if (!ebpf_state_range(a, b->ranges[i].base))
            cost += COST_CONST;
    return cost + value_distance(s, a->size, b->size);
}

/* The number 0 and a pointer are a pointer that may be 0. */
static const struct ebpf_value *join_null(struct ebpf_safety *s, const struct ebpf_value *pointer)
{
    struct ebpf_value v = *pointer;
    if (v.kind != EBPF_V_MAP_VALUE && v.kind != EBPF_V_MAP)
        return NULL;
    if (!ebpf_scalar_is_const(&v.number) || v.number.umin)
        return NULL; /* a check for 0 says nothing of a pointer that was moved */
    v.nullable = 1;
    v.id = 0;
    return ebpf_value(&s->values, &v);
}

static const struct ebpf_value *join(struct ebpf_safety *s, const struct ebpf_value *a,
                                     const struct ebpf_value *b)
{
    if (a == b || !a || !b)
        return a == b ? a : NULL;
    if (a->kind != b->kind) {
        if (ebpf_value_is_zero(a))
            return join_null(s, b);
        return ebpf_value_is_zero(b) ? join_null(s, a) : NULL;
    }
    struct ebpf_value v = *a;
    v.number = ebpf_scalar_join(&a->number, &b->number);
    if (a->kind == EBPF_V_SCALAR) {
        if (!same_link(a, b))
            v.id = 0, v.form = 0, v.delta = 0;
        int64_t x = ebpf_slack(a, s->least_a), y = ebpf_slack(b, s->least_b);
        return ebpf_with_slack(s, &v, x < y ? x : y);
    }
    if (!same_region(s, a, b))
        return NULL;
    v.nullable = a->nullable | b->nullable;
    if (v.nullable && (!ebpf_scalar_is_const(&v.number) || v.number.umin))
        return NULL;
    if (ebpf_value_is_packet(a))
        v.size = a->size | b->size;
    else if (a->id != b->id)
        v.id = 0;
    return ebpf_value(&s->values, &v);
}

/* Joins one cell into *to; `wide` says whether it starts a value of 8 bytes in both. */
static void join_cell(struct ebpf_safety *s, struct ebpf_cell *to, const struct ebpf_cell *from,
                      bool wide)
{
    const struct ebpf_value *a = to->value, *b = from->value;
    bool spilled = to->bytes[0] == EBPF_B_SPILL && memcmp(to->bytes, from->bytes, 4) == 0;
    if (spilled && a && b && join(s, a, b)) {
        to->value = join(s, a, b);
        return;
    }
    bool lost = ebpf_value_is_pointer(to->value) || ebpf_value_is_pointer(from->value) || wide;
    for (int i = 0; i < 4; i++) {
        uint8_t x = to->bytes[i], y = from->bytes[i];
        bool invalid = x == EBPF_B_INVALID || y == EBPF_B_INVALID;
        bool spill = x == EBPF_B_SPILL || y == EBPF_B_SPILL;
        if (invalid || (spill && lost))
            to->bytes[i] = EBPF_B_INVALID;
        else if (x != y || x == EBPF_B_SPILL)
            to->bytes[i] = EBPF_B_MISC;
    }
    to->value = NULL;
}

/* From the lower cells, which have the higher indexes, so that a value of 8 bytes is seen before
 * its upper cell. */
static void join_stack(struct ebpf_safety *s, struct ebpf_cell *cells, uint32_t count,
                       const struct ebpf_stack *from)
{
    static const struct ebpf_cell nothing;
    for (uint32_t i = count; i-- > 0;) {
        const struct ebpf_cell *b = from && i < from->count ? &from->cells[i] : &nothing;
        struct ebpf_cell *upper = i % 2 ? &cells[i - 1] : NULL;
        bool wide_a = upper && upper->bytes[0] == EBPF_B_SPILL && !upper->value;
        bool wide_b = from && i < from->count && is_wide(from, i);
        const struct ebpf_value *both =
            wide_a && wide_b && cells[i].value && b->value ? join(s, cells[i].value, b->value)
                                                           : NULL;
        if (both) {
            cells[i].value = both;
            i--; /* its upper cell is the same in both */
            continue;
        }
        if (!wide_a && !wide_b) {
            join_cell(s, &cells[i], b, false);
            continue;
        }
        /* A number of 8 bytes leaves numbers behind; addresses leave nothing. */
        struct ebpf_cell low_b = *b, high_b = {.value = NULL};
        if (from && i - 1 < from->count)
            high_b = from->cells[i - 1];
        bool pointer = ebpf_value_is_pointer(cells[i].value) || ebpf_value_is_pointer(b->value);
        uint8_t left = pointer ? EBPF_B_INVALID : EBPF_B_MISC;
        if (wide_a) {
            memset(cells[i].bytes, left, 4);
            memset(upper->bytes, left, 4);
            cells[i].value = NULL;
        }
        if (wide_b) {
            memset(low_b.bytes, left, 4);
            memset(high_b.bytes, left, 4);
            low_b.value = high_b.value = NULL;
        }
        join_cell(s, &cells[i], &low_b, false);
        join_cell(s, upper, &high_b, false);
        i--;
    }
}

void ebpf_state_join(struct ebpf_safety *s, struct ebpf_state *a, const struct ebpf_state *b)
{
    s->least_a = ebpf_state_least(a);
    s->least_b = ebpf_state_least(b);
    for (unsigned f = 0; f <= a->depth; f++) {
        const struct ebpf_frame *from = b->frames[f];
        if (a->frames[f] == from)
            continue;
        struct ebpf_frame *to = ebpf_state_frame(s, a, f);
        for (unsigned r = 0; r < EBPF_REG_COUNT; r++)
            to->regs[r] = join(s, to->regs[r], from->regs[r]);
        if (!to->stack || to->stack == from->stack)
            continue;
        struct ebpf_cell *cells = ebpf_state_cells(s, a, f, 0);
        if (cells)
            join_stack(s, cells, a->frames[f]->stack->count, from->stack);
    }
    for (unsigned i = 0; i < a->range_count;) {
        uint32_t least = ebpf_state_range(b, a->ranges[i].base);
        least = least < a->ranges[i].bytes ? least : a->ranges[i].bytes;
        if (least)
            a->ranges[i++].bytes = least;
        else
            a->ranges[i] = a->ranges[--a->range_count];
    }
    if (a->size != b->size)
        a->size = join(s, a->size, b->size);
    a->ids |= b->ids;
    a->back |= b->back;
    a->has_fresh |= b->has_fresh;
}

/* How the bounds of a number are compared. */
enum order { U64, S64, U32, S32 };

static uint64_t in_order(uint64_t bound, enum order order)
{
    switch (order) {
    case S64: return bound ^ UINT64_C(1) << 63;
    case U32: return (uint32_t)bound;
    case S32: return (uint32_t)bound ^ UINT32_C(1) << 31;
    default: return bound;
    }
}

/* Where a bound that moved goes: to the next step on its way to `end`, or there. */
static uint64_t step(const struct ebpf_safety *s, bool far, uint64_t bound, uint64_t end,
                     enum order order)
{
    uint64_t from = in_order(bound, order), to = in_order(end, order);
    for (unsigned i = 0; i < s->step_count && !far; i++) {
        uint64_t at = in_order(s->steps[i], order);
        if (from <= to ? from <= at && at < to : to < at && at <= from) {
            end = s->steps[i];
            to = at;
        }
    }
    return end;
}

/* Of bits, the lowest ones as far as they are known: how a number is aligned. */
static struct ebpf_tnum low_bits(const struct ebpf_tnum *bits)
{
    uint64_t known = bits->mask ? (bits->mask & -bits->mask) - 1 : UINT64_MAX;
    return (struct ebpf_tnum){.value = bits->value & known, .mask = ~known};
}

/* A bound that moved goes to where it cannot move further, but for its sign and its width; or less
 * far, where loops mostly end. */
static struct ebpf_scalar widen(const struct ebpf_safety *s, bool far,
                                const struct ebpf_scalar *now, const struct ebpf_scalar *old)
{
    struct ebpf_scalar w = *now;
    uint64_t most = now->umax <= UINT32_MAX ? UINT32_MAX : UINT64_MAX;
    if (now->umin < old->umin)
        w.umin = step(s, far, now->umin, 0, U64);
    if (now->umax > old->umax)
        w.umax = step(s, far, now->umax, most, U64);
    if (now->smin < old->smin)
        w.smin = (int64_t)step(s, far, (uint64_t)now->smin,
                               now->smin >= 0 ? 0 : (uint64_t)INT64_MIN, S64);
    if (now->smax > old->smax)
        w.smax = (int64_t)step(s, far, (uint64_t)now->smax, INT64_MAX, S64);
    if (now->umin32 < old->umin32)
        w.umin32 = (uint32_t)step(s, far, now->umin32, 0, U32);
    if (now->umax32 > old->umax32)
        w.umax32 = (uint32_t)step(s, far, now->umax32, UINT32_MAX, U32);
    if (now->smin32 < old->smin32)
        w.smin32 = (int32_t)step(s, far, (uint64_t)now->smin32,
                                 now->smin32 >= 0 ? 0 : (uint64_t)INT32_MIN, S32);
    if (now->smax32 > old->smax32)
        w.smax32 = (int32_t)step(s, far, (uint64_t)now->smax32, INT32_MAX, S32);
    if (now->bits.mask != old->bits.mask || now->bits.value != old->bits.value)
        w.bits = low_bits(&now->bits);
    ebpf_scalar_refine(&w);
    return ebpf_scalar_join(&w, now);
}

static const struct ebpf_value *widen_value(struct ebpf_safety *s, bool far,
                                            const struct ebpf_value *now,
                                            const struct ebpf_value *old)
{
    if (now == old || !now || !old || now->kind != old->kind)
        return now;
    struct ebpf_value v = *now;
    v.number = widen(s, far, &now->number, &old->number);
    if (v.kind == EBPF_V_SCALAR && v.size < old->size)
        v.size = 0;
    return ebpf_value(&s->values, &v);
}

void ebpf_state_widen(struct ebpf_safety *s, struct ebpf_state *a, const struct ebpf_state *old,
                      bool far)
{
    a->size = widen_value(s, far, a->size, old->size);
    for (unsigned f = 0; f <= a->depth; f++) {
        const struct ebpf_stack *was = old->frames[f]->stack;
        struct ebpf_frame *to = ebpf_state_frame(s, a, f);
        for (unsigned r = 0; r < EBPF_REG_COUNT; r++)
            to->regs[r] = widen_value(s, far, to->regs[r], old->frames[f]->regs[r]);
        if (!to->stack || to->stack == was || !was)
            continue;
        struct ebpf_cell *cells = ebpf_state_cells(s, a, f, 0);
        for (uint32_t i = 0; cells && i < a->frames[f]->stack->count && i < was->count; i++)
            cells[i].value = widen_value(s, far, cells[i].value, was->cells[i].value);
    }
}

/* Whether a value's id is worth nothing if no other value has it. */
static bool has_plain_id(const struct ebpf_value *v)
{
    return v->id && v->id != EBPF_ID_SIZE && !ebpf_value_is_packet(v) && v->kind != EBPF_V_RECORD;
}

/* Counts how many values have each id; more than fit count as many. */
struct census {
    uint32_t ids[32];
    uint8_t many[32];
    unsigned count;
    bool full;
};

static const struct ebpf_value *count_id(struct ebpf_safety *s, const struct ebpf_value *v,
                                         void *ctx)
{
    struct census *c = ctx;
    unsigned i = 0;
    (void)s;
    if (!has_plain_id(v))
        return v;
    while (i < c->count && c->ids[i] != v->id)
        i++;
    if (i < c->count) {
        c->many[i] = 1;
    } else if (i < 32) {
        c->ids[i] = v->id;
        c->many[i] = 0;
        c->count++;
    } else {
        c->full = true;
    }
    return v;
}

static const struct ebpf_value *strip_single(struct ebpf_safety *s, const struct ebpf_value *value,
                                             void *ctx)
{
    const struct census *c = ctx;
    if (!has_plain_id(value))
        return value;
    for (unsigned i = 0; i < c->count; i++)
        if (c->ids[i] == value->id && !c->many[i]) {
            struct ebpf_value v = *value;
            v.id = 0;
            v.form = 0;
            if (v.kind == EBPF_V_SCALAR)
                v.delta = 0;
            return ebpf_value(&s->values, &v);
        }
    return value;
}

void ebpf_state_tidy(struct ebpf_safety *s, struct ebpf_state *state, uint16_t live)
{
    for (unsigned r = 0; r < EBPF_REG_FP; r++)
        if (!(live >> r & 1))
            ebpf_set_reg(s, state, r, NULL);
    struct census census = {.count = 0};
    ebpf_state_remap(s, state, count_id, &census);
    if (census.count && !census.full)
        ebpf_state_remap(s, state, strip_single, &census);
}
