/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tests/unit/contain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/op.h"
#include "ir/pass.h"
#include "ir/program.h"
#include "ir/verify/safety/state.h"

enum { STATES = 8, PASSES = 8, TEXT = 64 };

/* What is known of the registers and of the stack of the current frame. */
struct known {
    struct known *next;
    const struct ebpf_value *regs[EBPF_REG_COUNT];
    uint32_t cell_count;
    struct ebpf_cell cells[];
};

/* States of one instruction; those beyond STATES are joined with the first of the list. */
struct place {
    struct known *states;
    uint32_t count;
};

struct contain {
    struct ebpf_insn *insns; /* of the program, which may be gone */
    struct ebpf_values values; /* copies: those of a verification end with it */
    struct place *places;
    uint32_t count;
};

static struct contain *latest;
static struct contain_count looked_at;

struct contain_count contain_looked_at(void)
{
    return looked_at;
}

void contain_free(struct contain *known)
{
    if (!known)
        return;
    for (uint32_t i = 0; i < known->count; i++)
        for (struct known *k = known->places[i].states, *next; k; k = next) {
            next = k->next;
            free(k);
        }
    ebpf_values_free(&known->values);
    free(known->places);
    free(known->insns);
    free(known);
}

static void *allocate(size_t size)
{
    void *p = calloc(1, size);
    if (!p)
        abort();
    return p;
}

/* --- keeping ---------------------------------------------------------------------------------- */

static const struct ebpf_value *keep(struct contain *c, const struct ebpf_value *v)
{
    return v ? ebpf_value(&c->values, v) : NULL;
}

static const struct ebpf_value *join(struct contain *c, const struct ebpf_value *a,
                                     const struct ebpf_value *b)
{
    if (a == b || !a || !b || a->kind != EBPF_V_SCALAR || b->kind != EBPF_V_SCALAR)
        return a == b ? a : NULL;
    struct ebpf_scalar n = ebpf_scalar_join(&a->number, &b->number);
    return ebpf_value_scalar(&c->values, &n);
}

static struct known *copy_state(struct contain *c, const struct ebpf_state *state)
{
    const struct ebpf_frame *frame = state->frames[state->depth];
    uint32_t cells = frame->stack ? frame->stack->count : 0;
    struct known *k = allocate(sizeof(*k) + cells * sizeof(k->cells[0]));
    k->cell_count = cells;
    for (unsigned r = 0; r < EBPF_REG_COUNT; r++)
        k->regs[r] = keep(c, frame->regs[r]);
    for (uint32_t i = 0; i < cells; i++) {
        k->cells[i] = frame->stack->cells[i];
        k->cells[i].value = keep(c, k->cells[i].value);
    }
    return k;
}

static bool is_same(const struct known *a, const struct known *b)
{
    return memcmp(a->regs, b->regs, sizeof(a->regs)) == 0 && a->cell_count == b->cell_count &&
           memcmp(a->cells, b->cells, a->cell_count * sizeof(a->cells[0])) == 0;
}

static void see(void *ctx, const struct ebpf_state *state, uint32_t insn)
{
    struct contain *c = ctx;
    struct place *place = &c->places[insn];
    struct known *k = copy_state(c, state);
    for (const struct known *old = place->states; old; old = old->next)
        if (is_same(old, k)) {
            free(k);
            return;
        }
    if (place->count < STATES) {
        k->next = place->states;
        place->states = k;
        place->count++;
        return;
    }
    struct known *all = place->states;
    for (unsigned r = 0; r < EBPF_REG_COUNT; r++)
        all->regs[r] = join(c, all->regs[r], k->regs[r]);
    all->cell_count = 0;
    free(k);
}

static ebpf_status prove(struct ebpf_verify *verify, void *ctx)
{
    struct contain *c = allocate(sizeof(*c));
    const struct ebpf_verify_view view = {.states = see, .states_ctx = c},
                                  *before = verify->view;
    (void)ctx;
    c->count = ebpf_program_count(verify->program);
    c->insns = allocate((c->count + 1) * sizeof(*c->insns));
    for (uint32_t i = 0; i < c->count; i++)
        c->insns[i] = *ebpf_program_at(verify->program, i);
    c->places = allocate((c->count + 1) * sizeof(*c->places));
    if (!ebpf_values_init(&c->values, &verify->analyses.mem))
        abort();
    verify->view = &view;
    ebpf_status status = ebpf_safety_prove(verify, false);
    verify->view = before;
    contain_free(latest);
    latest = c;
    if (!status && verify->facts)
        return EBPF_OK;
    contain_free(latest); /* gave up: what was seen is not all */
    latest = NULL;
    return status;
}

const struct ebpf_pass *const *contain_passes(const struct ebpf_pass *const *passes)
{
    static const struct ebpf_pass keep_states = {
        .name = "keep-states", .needs = EBPF_AN_LOOPS, .run = prove};
    static const struct ebpf_pass *list[PASSES + 1];
    size_t count = 0;
    while (passes[count] && count < PASSES - 1) {
        list[count] = passes[count];
        count++;
    }
    list[count] = &keep_states;
    list[count + 1] = NULL;
    return list;
}

/* VMs replace loads of addresses from the context; all else is the same. */
static bool is_made_of(const struct ebpf_program *program, const struct contain *known)
{
    if (ebpf_program_count(program) != known->count)
        return false;
    for (uint32_t i = 0; i < known->count; i++) {
        const struct ebpf_insn *a = ebpf_program_at(program, i), *b = &known->insns[i];
        bool load = ebpf_op_table[a->op].effects & ebpf_op_table[b->op].effects & EBPF_FX_LOAD;
        if (a->dst != b->dst || a->src != b->src || a->target != b->target || a->imm != b->imm ||
            (!load && (a->op != b->op || a->off != b->off)))
            return false;
    }
    return true;
}

struct contain *contain_take(const struct ebpf_program *program)
{
    struct contain *c = latest && is_made_of(program, latest) ? latest : NULL;
    if (c)
        latest = NULL;
    return c;
}

/* --- comparing -------------------------------------------------------------------------------- */

/* A run before an instruction. */
struct look {
    const struct ebpf_step *step;
    const uint64_t *tops; /* of the program's frames */
    uint32_t depth;       /* of the current one of these */
};

static bool number_fits(const struct look *l, const struct ebpf_value *v, uint64_t x)
{
    uint64_t size = l->step->run->packet_size;
    if (!ebpf_scalar_has(&v->number, x))
        return false;
    if (v->size && (x > size || v->size - 1 > size - x))
        return false;
    if (v->id != EBPF_ID_SIZE)
        return true;
    switch ((enum ebpf_link_form)v->form) {
    case EBPF_LINK_SAME: return x - (uint64_t)v->delta == size;
    case EBPF_LINK_ZEXT: return x == (uint32_t)size;
    default: return x == size << 32;
    }
}

static bool value_fits(const struct look *l, const struct ebpf_value *v, uint64_t x)
{
    const struct ebpf_run *run = l->step->run;
    uint64_t packet = (uintptr_t)run->packet;
    looked_at.values++;
    if (v->kind != EBPF_V_SCALAR && v->nullable && x == 0)
        return true;
    switch ((enum ebpf_value_kind)v->kind) {
    case EBPF_V_SCALAR: return number_fits(l, v, x);
    case EBPF_V_CTX: return ebpf_scalar_has(&v->number, x - run->context);
    case EBPF_V_STACK:
        return v->frame <= l->depth && ebpf_scalar_has(&v->number, x - l->tops[v->frame]);
    case EBPF_V_PACKET:
        if (v->id == EBPF_BASE_END && x != packet + run->packet_size + (uint64_t)v->delta)
            return false;
        return ebpf_scalar_has(&v->number, x - packet - (uint64_t)v->delta);
    case EBPF_V_END: return x == packet + run->packet_size;
    case EBPF_V_META: return true;
    default: return x != 0;
    }
}

/* What two values with the same id say of each other. */
static bool link_fits(const struct ebpf_value *a, const struct ebpf_value *b, uint64_t x,
                      uint64_t y)
{
    if (!a->id || a->id != b->id || (a->kind == EBPF_V_SCALAR) != (b->kind == EBPF_V_SCALAR))
        return true;
    if (a->kind != EBPF_V_SCALAR)
        return !a->nullable || !b->nullable || (x == 0) == (y == 0);
    x -= (uint64_t)a->delta;
    y -= (uint64_t)b->delta;
    if (a->form == b->form)
        return x == y;
    if (a->form == EBPF_LINK_SHIFTED)
        return x >> 32 == (uint32_t)y;
    if (b->form == EBPF_LINK_SHIFTED)
        return y >> 32 == (uint32_t)x;
    return (uint32_t)x == (uint32_t)y;
}

static bool regs_fit(const struct look *l, const struct known *k, char *text, size_t size)
{
    const uint64_t *x = l->step->reg;
    for (unsigned r = 0; r < EBPF_REG_COUNT; r++) {
        const struct ebpf_value *v = k->regs[r];
        char known[TEXT];
        if (!v)
            continue;
        if (!value_fits(l, v, x[r])) {
            ebpf_value_print(v, known, sizeof(known));
            snprintf(text, size, "r%u holds %#llx, not %s", r, (unsigned long long)x[r], known);
            return false;
        }
        for (unsigned q = 0; q < r; q++)
            if (k->regs[q] && !link_fits(v, k->regs[q], x[r], x[q])) {
                snprintf(text, size, "r%u holds %#llx and r%u %#llx, and are not linked", r,
                         (unsigned long long)x[r], q, (unsigned long long)x[q]);
                return false;
            }
    }
    return true;
}

/* How many bytes the value of a cell has. */
static uint32_t spilled(const struct known *k, uint32_t i)
{
    uint32_t size = 0;
    while (size < 4 && k->cells[i].bytes[size] == EBPF_B_SPILL)
        size++;
    bool wide = size == 4 && i % 2 && k->cells[i - 1].bytes[0] == EBPF_B_SPILL &&
                !k->cells[i - 1].value;
    return wide ? 8 : size;
}

static bool stack_fits(const struct look *l, const struct known *k, char *text, size_t size)
{
    for (uint32_t i = 0; i < k->cell_count; i++) {
        const struct ebpf_cell *cell = &k->cells[i];
        const uint8_t *at = (const uint8_t *)(uintptr_t)l->tops[l->depth] - 4 * (i + 1);
        bool fits = true;
        for (int b = 0; b < 4; b++)
            fits &= cell->bytes[b] != EBPF_B_ZERO || at[b] == 0;
        uint64_t x = 0;
        if (cell->value) {
            memcpy(&x, at, spilled(k, i));
            if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
                x >>= 64 - 8 * spilled(k, i);
            fits &= value_fits(l, cell->value, x);
        }
        if (!fits) {
            snprintf(text, size, "r10-%u holds %#llx, which is not what was stored",
                     (unsigned)(4 * (i + 1)), (unsigned long long)x);
            return false;
        }
    }
    return true;
}

bool contain_fits(const struct contain *known, const struct ebpf_step *step,
                  const struct contain_frames *frames, char *text, size_t size)
{
    const struct look l = {step, &frames->tops[frames->first], step->depth - frames->first};
    snprintf(text, size, "was never looked at");
    looked_at.insns++;
    for (const struct known *k = known->places[step->insn].states; k; k = k->next)
        if (regs_fit(&l, k, text, size) && stack_fits(&l, k, text, size))
            return true;
    return false;
}
