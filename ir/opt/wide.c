/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The analysis goes over straight pieces of code.  Forwards, in this file, it follows where the
 * bytes of each register come from, and notes the words that could be had at once; also through the
 * frame, if nothing but r10 leads there.  What is stored is the business of wide_store.c.
 * Backwards, in wide_select.c, it chooses what is needed, and finds what is left over then.
 */
#include "ir/opt/wide.h"

#include "base/mem.h"
#include "ir/alu.h"
#include "ir/regs.h"
#include "ir/opt/wide_impl.h"

/* The position of a source's first load, so that others find room on both sides. */
enum { ORIGIN = 60 };

/* What forms are to the search, as bits. */
enum kind {
    PURE = 1,     /* only computes: */
    FOLLOWED = 2, /* what may leave bytes of something known, or its address, */
    JOINS = 4,    /* or complete a word */
    LOADS = 8,    /* extends what it loads with zeros */
    NARROW = 16   /* loads or stores less than 64 bits */
};

#define IS(kind, name, which) (EBPF_##kind##_##name == EBPF_##kind##_##which)
#define KIND(format, oper, width)                                                                  \
    ((IS(FMT, format, ALU_IMM) || IS(FMT, format, ALU_REG) || IS(FMT, format, ALU_UN) ||           \
      IS(FMT, format, END) ? PURE : 0) |                                                           \
     (IS(OPER, oper, MOV) || (IS(FMT, format, ALU_IMM) && IS(OPER, oper, ADD)) ? FOLLOWED : 0) |   \
     (IS(FMT, format, END) ||                                                                      \
      (IS(FMT, format, ALU_IMM) &&                                                                 \
       (IS(OPER, oper, LSH) || IS(OPER, oper, RSH) || IS(OPER, oper, AND))) ||                     \
      (IS(FMT, format, ALU_REG) &&                                                                 \
       (IS(OPER, oper, ADD) || IS(OPER, oper, OR) || IS(OPER, oper, XOR)))                         \
          ? FOLLOWED | JOINS : 0) |                                                                \
     (IS(FMT, format, LDX) && IS(OPER, oper, LOAD) ? LOADS : 0) |                                  \
     ((IS(FMT, format, LDX) || IS(FMT, format, STX)) && (width) < 64 ? NARROW : 0))

static const uint8_t kinds[EBPF_OP_COUNT] = {
#define EBPF_INSN(id, mnemonic, op, disc, format, effects, group, oper, width)                     \
    [EBPF_OP_##id] = KIND(format, oper, width),
#include "ir/opcodes.def"
#undef EBPF_INSN
};

/* --- forwards -------------------------------------------------------------------------------- */

static void set_unknown(struct ebpf_wide_finder *f, unsigned reg)
{
    f->places[reg] = (struct ebpf_place){f->numbers, 0};
    f->lanes[reg] = ebpf_lanes_of(ebpf_lanes_of_value(f->numbers));
    f->numbers++;
}

bool ebpf_wide_find_base(const struct ebpf_place *places, uint32_t number, int32_t offset,
                         uint8_t *base, int32_t *off)
{
    for (uint8_t reg = 0; reg < EBPF_REG_COUNT; reg++) {
        if (places[reg].number != number)
            continue;
        int64_t distance = (int64_t)offset - places[reg].delta;
        if (distance != (int32_t)distance)
            continue;
        *base = reg;
        *off = (int32_t)distance;
        return true;
    }
    return false;
}

/* The bits below one of 64, none or all for numbers beyond. */
static uint64_t below(unsigned bit)
{
    return (int)bit < 0 ? 0 : bit < 64 ? (UINT64_C(1) << bit) - 1 : UINT64_MAX;
}

struct ebpf_positions ebpf_wide_positions(const struct ebpf_wide_source *source, int64_t offset,
                                          unsigned size, bool *whole)
{
    int64_t first = offset - source->origin, end = first + size;
    *whole = first >= 0 && end <= EBPF_LANE_MAX;
    if (end <= 0 || first >= EBPF_LANE_MAX)
        return (struct ebpf_positions){{0, 0}};
    unsigned from = first < 0 ? 0 : (unsigned)first;
    unsigned to = end > EBPF_LANE_MAX ? EBPF_LANE_MAX : (unsigned)end;
    return (struct ebpf_positions){{below(to) & ~below(from), below(to - 64) & ~below(from - 64)}};
}

/* The source that a load reads, and where; a new one if memory was stored there since. */
static uint32_t find_source(struct ebpf_wide_finder *f, const struct ebpf_wide_access *a,
                            uint32_t number, unsigned *position)
{
    bool whole;
    for (unsigned i = 0; i < f->source_count; i++) {
        const struct ebpf_wide_source *source = &f->sources[i];
        if (source->number != number || source->closed)
            continue;
        struct ebpf_positions at = ebpf_wide_positions(source, a->offset, a->size, &whole);
        *position = (unsigned)(a->offset - source->origin);
        if (whole && ebpf_wide_is_intact(&source->stored, &at))
            return i;
    }
    if (f->source_count == EBPF_WIDE_SOURCES)
        return UINT32_MAX;
    *position = ORIGIN;
    f->sources[f->source_count] =
        (struct ebpf_wide_source){.number = number, .origin = a->offset - ORIGIN,
                                  .first_access = (uint32_t)(a - f->accesses)};
    return f->source_count++;
}

struct ebpf_wide_access *ebpf_wide_note(struct ebpf_wide_finder *f, uint32_t insn, unsigned base,
                                        int16_t off)
{
    int64_t offset = (int64_t)f->places[base].delta + off;
    if (offset != (int32_t)offset || offset - ORIGIN != (int32_t)(offset - ORIGIN))
        return NULL;
    struct ebpf_wide_access *a = &f->accesses[f->access_count++];
    *a = (struct ebpf_wide_access){
        .insn = insn,
        .source = UINT32_MAX,
        .cover = -1,
        .word = -1,
        .offset = (int32_t)offset,
        .size = ebpf_op_table[ebpf_program_at(f->program, insn)->op].width / 8};
    for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
        a->places[reg] = f->places[reg];
    return a;
}

/* The slot of the frame that an access is in; NULL if it is in none, or nobody's. */
static struct ebpf_wide_slot *slot_of(struct ebpf_wide_finder *f, unsigned base, int64_t offset)
{
    if (base != EBPF_REG_FP || !f->owns_frame || offset < -8 * EBPF_WIDE_SLOTS || offset >= 0)
        return NULL;
    return &f->slots[(offset + 8 * EBPF_WIDE_SLOTS) / 8];
}

/* What was stored where a load reads, if that is known. */
static const struct ebpf_wide_slot *find_slot(struct ebpf_wide_finder *f,
                                              const struct ebpf_insn *insn)
{
    const struct ebpf_wide_slot *slot = slot_of(f, insn->src, insn->off);
    unsigned size = ebpf_op_table[insn->op].width / 8u;
    return slot && slot->size == size && slot->offset == insn->off ? slot : NULL;
}

/* Keeps what a store puts into the frame, and forgets what it overwrites. */
static void fill_slots(struct ebpf_wide_finder *f, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    int size = info->width / 8;
    struct ebpf_wide_slot *first = slot_of(f, insn->dst, insn->off);
    struct ebpf_wide_slot *last = slot_of(f, insn->dst, insn->off + size - 1);
    if (first)
        first->size = 0;
    if (last)
        last->size = 0;
    if (!first || first != last || info->format != EBPF_FMT_STX)
        return;
    *first = (struct ebpf_wide_slot){insn->off, (uint8_t)size, f->lanes[insn->src],
                                     f->places[insn->src]};
    if (size < 8)
        first->lanes.at |= ~((UINT64_C(1) << 8 * size) - 1);
}

/* A load that extends with zeros. */
static void step_load(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    uint32_t number = f->places[insn->src].number;
    const struct ebpf_wide_slot *slot = find_slot(f, insn);
    struct ebpf_wide_access *a = ebpf_wide_note(f, index, insn->src, insn->off);
    unsigned position;
    set_unknown(f, insn->dst);
    if (!a)
        return;
    a->sure = slot != NULL;
    if (slot) {
        f->lanes[insn->dst] = slot->lanes;
        if (a->size == 8)
            f->places[insn->dst] = slot->place;
    } else if (a->size < 8 && (a->source = find_source(f, a, number, &position)) != UINT32_MAX) {
        f->lanes[insn->dst] = ebpf_lanes_from(ebpf_lanes_of_memory(a->source), position, a->size);
    }
}

/* A word's base in the place of the instruction that completes it.  Often the last piece is loaded
 * to the very register that is the base; then that still holds it if this piece is left out. */
static bool find_base_of_word(const struct ebpf_wide_finder *f, struct ebpf_wide_word *w)
{
    w->base_until = w->end;
    if (ebpf_wide_find_base(f->places, w->number, w->offset, &w->wide.last_base,
                            &w->wide.last_off))
        return true;
    unsigned i = f->access_count;
    while (i > 0 && f->accesses[i - 1].source != w->source)
        i--;
    if (i == 0)
        return false;
    const struct ebpf_wide_access *last = &f->accesses[i - 1];
    w->base_until = last->insn;
    return ebpf_wide_find_base(last->places, w->number, w->offset, &w->wide.last_base,
                               &w->wide.last_off);
}

/* If an instruction has completed a word of memory, notes it.  Registers point where they did
 * before the instruction: the load will be made with them. */
static void note_word(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    const struct ebpf_lanes *lanes = &f->lanes[insn->dst];
    if (lanes->at == EBPF_LANES_ZERO || lanes->source % 2 == 0)
        return;
    const struct ebpf_wide_source *source = &f->sources[lanes->source / 2];
    unsigned position, size = ebpf_lanes_used(lanes);
    bool downwards, whole;
    if ((size != 2 && size != 4 && size != 8) || source->closed ||
        !ebpf_lanes_are_run(lanes, size, &position, &downwards))
        return;
    int32_t offset = source->origin + (int32_t)position;
    struct ebpf_positions at = ebpf_wide_positions(source, offset, size, &whole);
    if (!ebpf_wide_is_intact(&source->stored, &at))
        return;
    struct ebpf_wide_word w = {
        .number = source->number, .source = lanes->source / 2, .offset = offset, .pair = -1,
        .first = index, .from = index, .end = index, .until = index};
    w.wide = (struct ebpf_wide){
        .last = index, .value = insn->dst, .size = (uint8_t)size, .swap = downwards};
    if (find_base_of_word(f, &w) && f->word_count < EBPF_WIDE_EVENTS)
        f->words[f->word_count++] = w;
}

/* What dst points to after an instruction, if that can be told from what registers did before. */
static bool follow_place(const struct ebpf_wide_finder *f, const struct ebpf_insn *insn,
                         struct ebpf_place *place)
{
    int64_t moved = (int64_t)f->places[insn->dst].delta + insn->imm;
    *place = f->places[insn->op == EBPF_OP_MOV64_REG ? insn->src : insn->dst];
    if (insn->op == EBPF_OP_MOV64_REG)
        return true;
    place->delta = (int32_t)moved;
    return insn->op == EBPF_OP_ADD64_IMM && moved == (int32_t)moved;
}

/* A word is noted before its register stops being what it was: that may be the base. */
static void step_pure(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    struct ebpf_lanes *dst = &f->lanes[insn->dst], result;
    struct ebpf_place place;
    f->marks[index] |= EBPF_WIDE_PURE;
    if (!(kinds[insn->op] & FOLLOWED)) {
        set_unknown(f, insn->dst);
        return;
    }
    bool known = ebpf_lanes_step(insn, dst, &f->lanes[insn->src], &result);
    bool follows = follow_place(f, insn, &place);
    *dst = known ? result : ebpf_lanes_of(ebpf_lanes_of_value(f->numbers));
    if (known && kinds[insn->op] & JOINS)
        note_word(f, index);
    f->places[insn->dst] = follows ? place : (struct ebpf_place){f->numbers, 0};
    f->numbers++;
}

/* --- a piece --------------------------------------------------------------------------------- */

static void step(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    uint8_t kind = kinds[insn->op];
    if (kind & PURE) {
        step_pure(f, index);
        return;
    }
    bool narrow_store = kind & NARROW && info->effects & EBPF_FX_STORE;
    if (narrow_store)
        ebpf_wide_step_store(f, index);
    else if (info->effects & (EBPF_FX_LOAD | EBPF_FX_STORE))
        ebpf_wide_step_other(f, index);
    if (info->effects & EBPF_FX_STORE)
        fill_slots(f, insn);
    if (narrow_store)
        return;
    if (kind & LOADS) {
        step_load(f, index);
        return;
    }
    for (unsigned reg = 0, defs = ebpf_defs(insn); defs; reg++, defs >>= 1)
        if (defs & 1)
            set_unknown(f, reg);
}

/* Whether a piece ends behind an instruction, whatever it is about. */
static bool ends_straight(const struct ebpf_wide_finder *f, uint32_t index)
{
    return f->marks[index + 1] & EBPF_WIDE_LEADER;
}

/* What it takes to find something: two narrow accesses at least; that the bytes of one that is
 * loaded are moved or joined, or two stores. */
struct chance {
    unsigned narrow, loads, stores;
    bool joins;
};

/* Takes an instruction into account; whether there is a chance now. */
static inline bool raise_chance(struct chance *c, const struct ebpf_insn *insn)
{
    uint8_t kind = kinds[insn->op];
    if (!(kind & (NARROW | JOINS)))
        return false;
    if (kind & NARROW) {
        c->narrow++;
        c->loads += (kind & LOADS) != 0;
        c->stores += (ebpf_op_table[insn->op].effects & EBPF_FX_STORE) != 0;
    }
    c->joins |= kind & JOINS && c->loads;
    return c->narrow >= 2 && (c->joins || c->stores >= 2);
}

/* Goes over straight code that has nothing to find, as most has; whether there was nothing. */
static bool skip_straight(struct ebpf_wide_finder *f)
{
    struct chance chance = {0};
    for (uint32_t i = f->begin;; i++) {
        if (raise_chance(&chance, ebpf_program_at(f->program, i)))
            return false;
        if (ends_straight(f, i)) {
            f->end = i + 1;
            return true;
        }
    }
}

static void clear(struct ebpf_wide_finder *f)
{
    f->numbers = 0;
    f->source_count = f->access_count = f->word_count = f->run.count = 0;
    for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
        set_unknown(f, reg);
    for (unsigned i = 0; f->owns_frame && i < EBPF_WIDE_SLOTS; i++)
        f->slots[i].size = 0;
}

static bool search_piece(struct ebpf_wide_finder *f)
{
    if (skip_straight(f))
        return true;
    clear(f);
    for (f->end = f->begin;; f->end++) {
        step(f, f->end);
        if (ends_straight(f, f->end) || f->access_count == EBPF_WIDE_EVENTS ||
            f->word_count == EBPF_WIDE_EVENTS)
            break;
    }
    f->end++;
    ebpf_wide_end_run(f);
    return f->word_count == 0 || ebpf_wide_select(f);
}

/* Most programs have nothing to find. */
static bool is_hopeless(const struct ebpf_program *program)
{
    struct chance chance = {0};
    for (uint32_t i = 0; i < ebpf_program_count(program); i++)
        if (raise_chance(&chance, ebpf_program_at(program, i)))
            return false;
    return true;
}

/* Whether an instruction uses r10 as anything but the base of a load or store. */
static bool leaks_frame(const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    bool base_src = info->format == EBPF_FMT_LDX;
    bool base_dst = info->format == EBPF_FMT_STX || info->format == EBPF_FMT_ST;
    return (info->effects & EBPF_FX_USE_SRC && insn->src == EBPF_REG_FP && !base_src) ||
           (info->effects & EBPF_FX_USE_DST && insn->dst == EBPF_REG_FP && !base_dst);
}

/* Marks where pieces start, and looks whether any address but r10 leads to the frame. */
static void look_around(struct ebpf_wide_finder *f)
{
    const unsigned ends = EBPF_FX_JUMP | EBPF_FX_TERMINATOR | EBPF_FX_CALL | EBPF_FX_PACKET;
    uint32_t functions, count = f->out->count;
    const struct ebpf_function *function = ebpf_program_functions(f->program, &functions);
    for (uint32_t i = 0; i < functions; i++)
        f->marks[function[i].first] = EBPF_WIDE_LEADER;
    f->marks[count] = EBPF_WIDE_LEADER;
    f->owns_frame = true;
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(f->program, i);
        if (f->flow[i].uses >> EBPF_REG_FP & 1 && leaks_frame(insn))
            f->owns_frame = false;
        if (kinds[insn->op] & (PURE | NARROW))
            continue;
        if (ebpf_op_table[insn->op].effects & ends)
            f->marks[i + 1] = EBPF_WIDE_LEADER;
        if (insn->target < count)
            f->marks[insn->target] = EBPF_WIDE_LEADER;
    }
}

static bool search(struct ebpf_wide_finder *f)
{
    look_around(f);
    for (f->begin = 0; f->begin < f->out->count; f->begin = f->end)
        if (!search_piece(f))
            return false;
    return true;
}

bool ebpf_wides_find(const struct ebpf_program *program, const struct ebpf_reg_flow *flow,
                     struct ebpf_wides *out)
{
    *out = (struct ebpf_wides){.count = ebpf_program_count(program)};
    ebpf_vec_init(&out->wides, &program->mem, sizeof(struct ebpf_wide));
    if (!HOST_LE || is_hopeless(program))
        return true;
    struct ebpf_wide_finder *f = ebpf_mem_alloc(&program->mem, sizeof(*f));
    size_t marks_size = 3 * (size_t)out->count + 1;
    uint8_t *marks = ebpf_mem_zalloc(&program->mem, marks_size, 1);
    out->roles = ebpf_mem_zalloc(&program->mem, out->count, 1);
    bool done = f && marks && out->roles;
    if (done) {
        f->program = program;
        f->flow = flow;
        f->out = out;
        f->marks = marks;
        f->word_of = marks + out->count + 1;
        f->access_of = f->word_of + out->count;
        done = search(f);
    }
    ebpf_mem_free(&program->mem, marks, marks_size);
    ebpf_mem_free(&program->mem, f, sizeof(*f));
    if (!done || out->wides.count == 0)
        ebpf_wides_free(out);
    return done;
}

const struct ebpf_wide *ebpf_wides_find_last(const struct ebpf_wides *wides, uint32_t *next,
                                             uint32_t at, uint32_t insn)
{
    const struct ebpf_wide *all = wides->wides.data;
    while (all[*next].last < at)
        ++*next;
    uint32_t n = *next;
    while (all[n].last != insn)
        n++;
    return &all[n];
}

void ebpf_wides_free(struct ebpf_wides *wides)
{
    if (wides->roles)
        ebpf_mem_free(&wides->wides.mem, wides->roles, wides->count);
    ebpf_vec_free(&wides->wides);
    wides->roles = NULL;
}
