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

/* --- forwards -------------------------------------------------------------------------------- */

static void set_unknown(struct ebpf_wide_finder *f, unsigned reg)
{
    f->places[reg] = (struct ebpf_place){f->numbers, 0};
    f->lanes[reg] = ebpf_lanes_from(ebpf_lanes_of_value(f->numbers), 0, 8);
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

struct ebpf_positions ebpf_wide_positions(const struct ebpf_wide_source *source, int64_t offset,
                                          unsigned size, bool *whole)
{
    struct ebpf_positions at = {{0, 0}};
    int64_t first = offset - source->origin;
    *whole = first >= 0 && first + size <= EBPF_LANE_MAX;
    for (int64_t i = first < 0 ? 0 : first; i < first + size && i < EBPF_LANE_MAX; i++)
        at.bits[i / 64] |= UINT64_C(1) << i % 64;
    return at;
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
    struct ebpf_wide_word w = {
        .number = source->number, .source = lanes->source / 2, .pair = -1};
    unsigned position, size = 8;
    bool downwards, whole;
    while (size > 1 && !ebpf_lanes_are_run(lanes, size, &position, &downwards))
        size /= 2;
    if (size == 1 || source->closed)
        return;
    w.first = w.from = w.end = w.until = index;
    w.offset = source->origin + (int32_t)position;
    struct ebpf_positions at = ebpf_wide_positions(source, w.offset, size, &whole);
    if (!ebpf_wide_is_intact(&source->stored, &at))
        return;
    w.wide = (struct ebpf_wide){
        .last = index, .value = insn->dst, .size = (uint8_t)size, .swap = downwards};
    if (find_base_of_word(f, &w) && f->word_count < EBPF_WIDE_EVENTS)
        f->words[f->word_count++] = w;
}

bool ebpf_wide_is_arithmetic(const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    return info->format == EBPF_FMT_ALU_IMM || info->format == EBPF_FMT_ALU_REG ||
           info->format == EBPF_FMT_ALU_UN || info->format == EBPF_FMT_END;
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
static void step_arithmetic(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    struct ebpf_lanes *dst = &f->lanes[insn->dst], result;
    struct ebpf_place place;
    bool known = ebpf_lanes_step(insn, dst, &f->lanes[insn->src], &result);
    bool follows = follow_place(f, insn, &place);
    *dst = known ? result : ebpf_lanes_from(ebpf_lanes_of_value(f->numbers), 0, 8);
    if (known && !follows && insn->op != EBPF_OP_MOV32_REG)
        note_word(f, index);
    f->places[insn->dst] = follows ? place : (struct ebpf_place){f->numbers, 0};
    f->numbers++;
}

/* --- a piece --------------------------------------------------------------------------------- */

static void step(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (ebpf_wide_is_arithmetic(insn)) {
        step_arithmetic(f, index);
        return;
    }
    bool narrow_store = info->format == EBPF_FMT_STX && info->width < 64;
    if (narrow_store)
        ebpf_wide_step_store(f, index);
    else if (info->effects & (EBPF_FX_LOAD | EBPF_FX_STORE))
        ebpf_wide_step_other(f, index);
    if (info->effects & EBPF_FX_STORE)
        fill_slots(f, insn);
    if (narrow_store)
        return;
    if (info->format == EBPF_FMT_LDX && info->oper == EBPF_OPER_LOAD) {
        step_load(f, index);
        return;
    }
    uint16_t defs = ebpf_defs(insn);
    for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
        if (defs >> reg & 1)
            set_unknown(f, reg);
}

/* Whether a piece ends behind an instruction, whatever it is about. */
static bool ends_straight(const struct ebpf_wide_finder *f, uint32_t index)
{
    uint16_t fx = ebpf_op_table[ebpf_program_at(f->program, index)->op].effects;
    return fx & (EBPF_FX_JUMP | EBPF_FX_TERMINATOR | EBPF_FX_CALL | EBPF_FX_PACKET) ||
           index + 1 == f->out->count || f->marks[index + 1] & EBPF_WIDE_LEADER;
}

static bool is_narrow(const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    return info->width < 64 &&
           (info->format == EBPF_FMT_LDX || info->format == EBPF_FMT_STX);
}

/* Goes over straight code that has nothing to find, as most has: two narrow accesses are the least.
 * Whether there was nothing. */
static bool skip_straight(struct ebpf_wide_finder *f)
{
    uint32_t narrow = 0, end = f->begin;
    do {
        narrow += is_narrow(ebpf_program_at(f->program, end));
    } while (narrow < 2 && !ends_straight(f, end++));
    f->end = end;
    return narrow < 2;
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
    uint32_t narrow = 0;
    for (uint32_t i = 0; i < ebpf_program_count(program) && narrow < 2; i++)
        narrow += is_narrow(ebpf_program_at(program, i));
    return narrow < 2;
}

static void find_leaders(struct ebpf_wide_finder *f)
{
    uint32_t functions;
    const struct ebpf_function *function = ebpf_program_functions(f->program, &functions);
    for (uint32_t i = 0; i < functions; i++)
        f->marks[function[i].first] = EBPF_WIDE_LEADER;
    for (uint32_t i = 0; i < f->out->count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(f->program, i);
        if (insn->target < f->out->count)
            f->marks[insn->target] = EBPF_WIDE_LEADER;
    }
}

/* Whether r10 is but the base of loads and stores: then no other address leads to the frame. */
static bool owns_frame(const struct ebpf_program *program)
{
    for (uint32_t i = 0; i < ebpf_program_count(program); i++) {
        const struct ebpf_insn *insn = ebpf_program_at(program, i);
        const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
        bool base_src = info->format == EBPF_FMT_LDX;
        bool base_dst = info->format == EBPF_FMT_STX || info->format == EBPF_FMT_ST;
        if ((info->effects & EBPF_FX_USE_SRC && insn->src == EBPF_REG_FP && !base_src) ||
            (info->effects & EBPF_FX_USE_DST && insn->dst == EBPF_REG_FP && !base_dst))
            return false;
    }
    return true;
}

static bool search(struct ebpf_wide_finder *f)
{
    find_leaders(f);
    f->owns_frame = owns_frame(f->program);
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
    uint8_t *marks = ebpf_mem_zalloc(&program->mem, out->count, 3);
    out->roles = ebpf_mem_zalloc(&program->mem, out->count, 1);
    bool done = f && marks && out->roles;
    if (done) {
        f->program = program;
        f->flow = flow;
        f->out = out;
        f->marks = marks;
        f->word_of = marks + out->count;
        f->access_of = marks + 2 * (size_t)out->count;
        done = search(f);
    }
    ebpf_mem_free(&program->mem, marks, 3 * (size_t)out->count);
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
