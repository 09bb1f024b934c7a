/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Runs of stores that are stores of words.
 *
 * If nothing is loaded between them, a word is stored where the first piece stood, otherwise where
 * the last one stood; what is stored must be in a register there.  If it is in none, since bytes
 * were loaded and stored one after the other, the word is copied: it is loaded to the register of
 * one of the loads, which nothing else may use until it is stored.
 */
#include "ir/opt/wide_impl.h"
#include "ir/regs.h"

/* Consecutive stores of a run that make a word. */
struct slice {
    const struct ebpf_wide_store *stores;
    unsigned count;
    int32_t low;       /* the lowest offset */
    unsigned size;     /* how many bytes */
    unsigned position; /* of the lowest byte in the source that they come from */
    bool downwards;
};

static const struct ebpf_wide_access *access_of(const struct ebpf_wide_finder *f,
                                                const struct ebpf_wide_store *store)
{
    return &f->accesses[store->access];
}

static const struct ebpf_wide_store *last_of(const struct slice *s)
{
    return &s->stores[s->count - 1];
}

static uint32_t number_of(const struct ebpf_wide_finder *f, const struct ebpf_wide_access *store)
{
    return store->places[ebpf_program_at(f->program, store->insn)->dst].number;
}

/* The register whose low bytes are those of a slice. */
static bool find_value(const struct slice *s, const struct ebpf_lanes *lanes, uint8_t *value)
{
    uint64_t mask = s->size < 8 ? (UINT64_C(1) << (8 * s->size)) - 1 : UINT64_MAX;
    uint32_t source = s->stores->bytes.source;
    uint64_t wanted = ebpf_lanes_from(source, s->position, s->size).at & mask;
    for (uint8_t reg = 0; reg < EBPF_REG_COUNT; reg++) {
        if (lanes[reg].source == source && (lanes[reg].at & mask) == wanted) {
            *value = reg;
            return true;
        }
    }
    return false;
}

/* Puts what one store stores at its place in the word; false if it does not fit there. */
static bool place_bytes(const struct ebpf_wide_access *a, const struct ebpf_lanes *bytes,
                        int32_t low, unsigned size, uint64_t *word)
{
    int64_t at = (int64_t)a->offset - low;
    if (at + a->size > size)
        return false;
    for (unsigned k = 0; k < a->size; k++) {
        unsigned lane = (unsigned)at + k;
        uint64_t byte = bytes->at >> (8 * k) & 0xff;
        if ((*word >> (8 * lane) & 0xff) != EBPF_LANE_ZERO)
            return false;
        *word &= ~(UINT64_C(0xff) << (8 * lane)) | byte << (8 * lane);
    }
    return true;
}

/* Whether the stores of a slice make a word; fills in the rest of it. */
static bool is_word(const struct ebpf_wide_finder *f, struct slice *s)
{
    struct ebpf_lanes bytes = {s->stores->bytes.source, EBPF_LANES_ZERO};
    s->size = 0;
    s->low = INT32_MAX;
    for (unsigned i = 0; i < s->count; i++) {
        const struct ebpf_wide_access *a = access_of(f, &s->stores[i]);
        s->size += a->size;
        s->low = a->offset < s->low ? a->offset : s->low;
    }
    if (s->size != 2 && s->size != 4 && s->size != 8)
        return false;
    for (unsigned i = 0; i < s->count; i++)
        if (!place_bytes(access_of(f, &s->stores[i]), &s->stores[i].bytes, s->low, s->size,
                         &bytes.at))
            return false;
    return ebpf_lanes_are_run(&bytes, s->size, &s->position, &s->downwards);
}

/* The stored word of a slice, made at one of its stores; false if its address is not there. */
static bool make_store(const struct ebpf_wide_finder *f, const struct slice *s,
                       const struct ebpf_wide_store *at, uint8_t value, struct ebpf_wide_word *w)
{
    const struct ebpf_wide_access *a = access_of(f, at);
    *w = (struct ebpf_wide_word){.first = access_of(f, s->stores)->insn,
                                 .end = access_of(f, last_of(s))->insn,
                                 .offset = s->low,
                                 .number = number_of(f, a),
                                 .base_until = a->insn,
                                 .pair = -1};
    w->from = w->first;
    w->until = w->end;
    w->wide = (struct ebpf_wide){.last = a->insn, .value = value, .size = (uint8_t)s->size,
                                 .store = true, .swap = s->downwards};
    return ebpf_wide_find_base(a->places, w->number, w->offset, &w->wide.last_base,
                               &w->wide.last_off);
}

/* Notes it. */
static void push_store(struct ebpf_wide_finder *f, const struct slice *s,
                       const struct ebpf_wide_word *w)
{
    if (f->word_count == EBPF_WIDE_EVENTS)
        return;
    for (unsigned i = 0; i < s->count; i++)
        f->accesses[s->stores[i].access].word = (int16_t)f->word_count;
    f->words[f->word_count++] = *w;
}

/* --- copies ---------------------------------------------------------------------------------- */

/* The loads that a slice stores what of. */
struct origin {
    const struct ebpf_wide_access *first, *last;
    uint32_t source;
    int32_t offset; /* of the lowest byte */
};

static bool is_loaded_by(const struct ebpf_wide_access *a, const struct origin *o, unsigned size)
{
    return a->source == o->source && a->offset >= o->offset &&
           a->offset + a->size <= o->offset + (int32_t)size;
}

static bool find_origin(const struct ebpf_wide_finder *f, const struct slice *s, struct origin *o)
{
    uint32_t source = s->stores->bytes.source;
    if (source % 2 == 0)
        return false;
    *o = (struct origin){.source = source / 2};
    o->offset = f->sources[o->source].origin + (int32_t)s->position;
    for (uint32_t i = 0; i < last_of(s)->access; i++) {
        if (!is_loaded_by(&f->accesses[i], o, s->size))
            continue;
        o->first = o->first ? o->first : &f->accesses[i];
        o->last = &f->accesses[i];
    }
    return o->first != NULL;
}

static bool is_in(const struct ebpf_wide_finder *f, const struct slice *s, uint32_t insn)
{
    for (unsigned i = 0; i < s->count; i++)
        if (access_of(f, &s->stores[i])->insn == insn)
            return true;
    return false;
}

static const struct ebpf_wide_access *load_at(const struct ebpf_wide_finder *f, uint32_t insn)
{
    for (unsigned i = 0; i < f->access_count; i++)
        if (f->accesses[i].insn == insn)
            return &f->accesses[i];
    return NULL;
}

/* Whether a register can hold the word from a load on, until the last store: only other pieces are
 * loaded to it, only the stores use it, and nothing needs it afterwards. */
static bool is_free(const struct ebpf_wide_finder *f, const struct slice *s,
                    const struct origin *o, uint32_t from)
{
    uint16_t reg = (uint16_t)(1u << ebpf_program_at(f->program, from)->dst);
    uint32_t end = access_of(f, last_of(s))->insn;
    for (unsigned i = 0; i < f->word_count; i++) /* other words need it as it was */
        if (f->words[i].wide.store && f->words[i].wide.last > from &&
            reg >> f->words[i].wide.value & 1)
            return false;
    for (uint32_t i = from + 1; i < end; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(f->program, i);
        if (f->flow[i].uses & reg && !is_in(f, s, i))
            return false;
        if (!(ebpf_defs(insn) & reg))
            continue;
        const struct ebpf_wide_access *a = load_at(f, i);
        if (!a || !is_loaded_by(a, o, s->size))
            return false;
    }
    return !(f->flow[end].live & reg) && !(1u << ebpf_program_at(f->program, end)->dst & reg);
}

/* Whether stores that wait for a later one may change what a load reads, if that is made of a word
 * whose other bytes are loaded behind them. */
static bool is_awaited(const struct ebpf_wide_finder *f, const struct slice *s,
                       const struct origin *o, uint32_t load)
{
    uint32_t number = f->sources[o->source].number;
    for (unsigned i = 0; i < f->word_count; i++) {
        const struct ebpf_wide_word *w = &f->words[i];
        if (w->wide.store && w->number == number && w->first < load && w->end > load &&
            w->offset < o->offset + (int32_t)s->size && o->offset < w->offset + w->wide.size)
            return true;
    }
    return false;
}

/* The load in whose place the word is loaded: the last, or if memory has changed by then, the
 * first. */
static const struct ebpf_wide_access *choose_load(const struct ebpf_wide_finder *f,
                                                  const struct slice *s, const struct origin *o)
{
    bool whole;
    struct ebpf_positions at =
        ebpf_wide_positions(&f->sources[o->source], o->offset, s->size, &whole);
    bool intact = whole && !s->stores->closed && ebpf_wide_is_intact(&s->stores->stored, &at);
    if (intact && is_free(f, s, o, o->last->insn))
        return o->last;
    bool early = whole && !is_awaited(f, s, o, o->first->insn);
    return early && is_free(f, s, o, o->first->insn) ? o->first : NULL;
}

/* Loads to the register of the word have to be left out, even if that looks needed. */
static void claim_loads(struct ebpf_wide_finder *f, const struct slice *s, const struct origin *o,
                        const struct ebpf_wide_access *load)
{
    uint8_t reg = ebpf_program_at(f->program, load->insn)->dst;
    for (uint32_t i = 0; i < last_of(s)->access; i++) {
        struct ebpf_wide_access *a = &f->accesses[i];
        if (a->insn > load->insn && is_loaded_by(a, o, s->size) &&
            ebpf_program_at(f->program, a->insn)->dst == reg)
            a->word = (int16_t)f->word_count;
    }
}

/* The register holds something else from now on than the program would have there. */
static void forget_value(struct ebpf_wide_finder *f, uint8_t reg)
{
    const struct ebpf_lanes unknown = ebpf_lanes_of(ebpf_lanes_of_value(f->numbers++));
    f->lanes[reg] = unknown;
    for (unsigned i = 0; i < f->run.count; i++)
        f->run.stores[i].lanes[reg] = unknown;
}

static void make_copy(struct ebpf_wide_finder *f, const struct slice *s)
{
    struct origin o;
    struct ebpf_wide_word store;
    const struct ebpf_wide_access *load = find_origin(f, s, &o) ? choose_load(f, s, &o) : NULL;
    if (!load || f->word_count + 2 > EBPF_WIDE_EVENTS)
        return;
    uint8_t reg = ebpf_program_at(f->program, load->insn)->dst;
    struct ebpf_wide_word w = {
        .number = f->sources[o.source].number, .source = o.source, .offset = o.offset,
        .base_until = load->insn, .first = o.first->insn, .end = o.last->insn,
        .from = o.first->insn, .until = access_of(f, last_of(s))->insn};
    w.wide = (struct ebpf_wide){.last = load->insn, .value = reg, .size = (uint8_t)s->size};
    if (!ebpf_wide_find_base(load->places, w.number, w.offset, &w.wide.last_base,
                             &w.wide.last_off) ||
        !make_store(f, s, last_of(s), reg, &store))
        return;
    store.from = w.from < store.from ? w.from : store.from;
    w.pair = (int16_t)(f->word_count + 1);
    store.pair = (int16_t)f->word_count;
    claim_loads(f, s, &o, load);
    f->words[f->word_count++] = w;
    push_store(f, s, &store);
    forget_value(f, reg);
}

/* --- runs ------------------------------------------------------------------------------------ */

/* Whether what is loaded while stores wait for the last of them is within what is checked before:
 * where the word is stored, or what is copied there. */
static bool waits_safely(const struct ebpf_wide_finder *f, const struct slice *s)
{
    uint32_t source = s->stores->bytes.source;
    int64_t from = source % 2 ? (int64_t)f->sources[source / 2].origin + s->position : 0;
    for (uint32_t i = s->stores->access; i < last_of(s)->access; i++) {
        const struct ebpf_wide_access *a = &f->accesses[i];
        bool within = a->offset >= s->low && a->offset + a->size <= s->low + (int64_t)s->size;
        bool copied = source % 2 && a->offset >= from && a->offset + a->size <= from + s->size &&
                      f->sources[source / 2].number == number_of(f, access_of(f, s->stores));
        if (!within && !copied)
            return false;
    }
    return true;
}

/* Whether a word is loaded between the stores, from where they store: it was there before them. */
static bool is_read_between(const struct ebpf_wide_finder *f, const struct slice *s)
{
    const struct ebpf_wide_access *first = access_of(f, s->stores);
    const struct ebpf_wide_access *last = access_of(f, last_of(s));
    for (unsigned i = 0; i < f->word_count; i++) {
        const struct ebpf_wide_word *w = &f->words[i];
        if (!w->wide.store && w->wide.last > first->insn && w->wide.last < last->insn &&
            w->number == number_of(f, first) && w->offset < s->low + (int32_t)s->size &&
            s->low < w->offset + w->wide.size)
            return true;
    }
    return false;
}

/* Makes a word of a slice. */
static void make_word(struct ebpf_wide_finder *f, const struct slice *s)
{
    const struct ebpf_wide_store *last = last_of(s), *at = NULL;
    struct ebpf_wide_word w;
    uint8_t value;
    bool loads = last->access - s->stores->access >= s->count;
    if (!loads && !is_read_between(f, s) && find_value(s, s->stores->lanes, &value))
        at = s->stores;
    else if (!waits_safely(f, s))
        return;
    else if (find_value(s, last->lanes, &value))
        at = last;
    if (!at)
        make_copy(f, s);
    else if (make_store(f, s, at, value, &w))
        push_store(f, s, &w);
}

/* The most stores at the start of a slice that make a word; 0 if none do. */
static unsigned longest_word(const struct ebpf_wide_finder *f, struct slice *s)
{
    for (; s->count > 1; s->count--)
        if (is_word(f, s))
            return s->count;
    return 0;
}

void ebpf_wide_end_run(struct ebpf_wide_finder *f)
{
    for (unsigned from = 0; from + 1 < f->run.count;) {
        struct slice s = {.stores = &f->run.stores[from], .count = f->run.count - from};
        unsigned taken = longest_word(f, &s);
        if (taken)
            make_word(f, &s);
        from += taken ? taken : 1;
    }
    f->run.count = 0;
}

/* What memory is known after a store: what is behind other numbers may be the same. */
static void change_memory(struct ebpf_wide_finder *f, bool known, uint32_t number, int64_t offset,
                          unsigned size)
{
    for (unsigned i = 0; i < f->source_count; i++) {
        struct ebpf_wide_source *source = &f->sources[i];
        bool whole;
        if (!known || source->number != number) {
            source->closed |= !known || ebpf_wide_may_meet(f, source->number, number);
            continue;
        }
        struct ebpf_positions at = ebpf_wide_positions(source, offset, size, &whole);
        source->stored.bits[0] |= at.bits[0];
        source->stored.bits[1] |= at.bits[1];
    }
}

void ebpf_wide_step_store(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    struct ebpf_wide_run *run = &f->run;
    const struct ebpf_lanes *value = &f->lanes[insn->src];
    struct ebpf_wide_access *a = ebpf_wide_note(f, index, insn->dst, insn->off);
    bool goes_on = a && run->count > 0 && run->count < 8 &&
                   run->stores->bytes.source == value->source &&
                   number_of(f, access_of(f, run->stores)) == number_of(f, a);
    if (!goes_on)
        ebpf_wide_end_run(f);
    if (a) {
        struct ebpf_wide_store *store = &run->stores[run->count++];
        *store = (struct ebpf_wide_store){.access = (uint32_t)(a - f->accesses), .bytes = *value};
        for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
            store->lanes[reg] = f->lanes[reg];
        if (value->source % 2 && value->at != EBPF_LANES_ZERO) {
            store->stored = f->sources[value->source / 2].stored;
            store->closed = f->sources[value->source / 2].closed;
        }
    }
    change_memory(f, a != NULL, f->places[insn->dst].number, a ? a->offset : 0,
                  ebpf_op_table[insn->op].width / 8u);
}

/* Whether a load leaves a run as it is: it reads something else. */
static bool is_beside(const struct ebpf_wide_finder *f, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    const struct ebpf_place *place = &f->places[insn->src];
    int64_t offset = (int64_t)place->delta + insn->off, size = info->width / 8;
    if (info->format != EBPF_FMT_LDX || info->oper != EBPF_OPER_LOAD || offset != (int32_t)offset)
        return false;
    for (unsigned i = 0; i < f->run.count; i++) {
        const struct ebpf_wide_access *a = access_of(f, &f->run.stores[i]);
        if (number_of(f, a) != place->number ||
            (offset < a->offset + a->size && a->offset < offset + size))
            return false;
    }
    return true;
}

void ebpf_wide_step_other(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (f->run.count > 0 && !is_beside(f, insn))
        ebpf_wide_end_run(f);
    if (!(info->effects & EBPF_FX_STORE))
        return;
    bool plain = info->format == EBPF_FMT_ST || info->format == EBPF_FMT_STX;
    const struct ebpf_place *place = &f->places[insn->dst];
    change_memory(f, plain, place->number, (int64_t)place->delta + insn->off, info->width / 8u);
}
