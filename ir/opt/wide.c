/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The analysis goes over straight pieces of code.  Forwards, in this file, it follows where the
 * bytes of each register come from, and notes the words that could be had at once.  Backwards, in
 * wide_select.c, it chooses those that are needed, and finds what is left over once they are there.
 */
#include "ir/opt/wide.h"

#include "base/mem.h"
#include "ir/alu.h"
#include "ir/regs.h"
#include "ir/opt/wide_impl.h"

/* The position of a source's first load, so that others find room on both sides. */
enum { ORIGIN = 60 };

/* Sources of lanes: memory has odd numbers, values have even ones. */
static uint32_t lanes_of_memory(uint32_t source)
{
    return source * 2 + 1;
}

static uint32_t lanes_of_value(uint32_t number)
{
    return number * 2;
}

/* --- forwards -------------------------------------------------------------------------------- */

static void set_unknown(struct ebpf_wide_finder *f, unsigned reg)
{
    f->places[reg] = (struct ebpf_place){f->numbers, 0};
    f->lanes[reg] = ebpf_lanes_from(lanes_of_value(f->numbers), 0, 8);
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

static uint32_t find_source(struct ebpf_wide_finder *f, uint32_t number, int32_t offset)
{
    for (unsigned i = 0; i < f->source_count; i++)
        if (f->sources[i].number == number && f->sources[i].epoch == f->epoch)
            return i;
    if (f->source_count == EBPF_WIDE_SOURCES)
        return UINT32_MAX;
    f->sources[f->source_count] = (struct ebpf_wide_source){number, f->epoch, offset - ORIGIN};
    return f->source_count++;
}

/* Notes an access; NULL if its offset is beyond all bounds. */
static struct ebpf_wide_access *note(struct ebpf_wide_finder *f, uint32_t insn, unsigned base,
                                     int16_t off)
{
    int64_t offset = (int64_t)f->places[base].delta + off;
    if (offset != (int32_t)offset || offset - ORIGIN != (int32_t)(offset - ORIGIN))
        return NULL;
    struct ebpf_wide_access *a = &f->accesses[f->access_count++];
    *a = (struct ebpf_wide_access){
        .insn = insn,
        .offset = (int32_t)offset,
        .size = ebpf_op_table[ebpf_program_at(f->program, insn)->op].width / 8};
    for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
        a->places[reg] = f->places[reg];
    return a;
}

/* A load that extends with zeros, of less than a whole register. */
static void step_load(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    struct ebpf_place base = f->places[insn->src];
    struct ebpf_wide_access *a = note(f, index, insn->src, insn->off);
    set_unknown(f, insn->dst);
    if (!a)
        return;
    a->source = find_source(f, base.number, a->offset);
    if (a->source == UINT32_MAX)
        return;
    int64_t position = (int64_t)a->offset - f->sources[a->source].origin;
    if (position >= 0 && position + a->size <= EBPF_LANE_MAX)
        f->lanes[insn->dst] =
            ebpf_lanes_from(lanes_of_memory(a->source), (unsigned)position, a->size);
    else
        a->source = UINT32_MAX;
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
    struct ebpf_wide_word w = {.number = source->number, .source = lanes->source / 2};
    unsigned position, size = 8;
    bool downwards;
    while (size > 1 && !ebpf_lanes_are_run(lanes, size, &position, &downwards))
        size /= 2;
    if (size == 1 || source->epoch != f->epoch)
        return;
    w.first = w.end = index;
    w.offset = source->origin + (int32_t)position;
    w.wide = (struct ebpf_wide){
        .last = index, .value = insn->dst, .size = (uint8_t)size, .swap = downwards};
    if (find_base_of_word(f, &w))
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
    *dst = known ? result : ebpf_lanes_from(lanes_of_value(f->numbers), 0, 8);
    if (known && !follows && insn->op != EBPF_OP_MOV32_REG)
        note_word(f, index);
    f->places[insn->dst] = follows ? place : (struct ebpf_place){f->numbers, 0};
    f->numbers++;
}

/* --- stores ---------------------------------------------------------------------------------- */

/* The register whose low bytes are `size` bytes of a source from a position on. */
static bool find_value(const struct ebpf_lanes *lanes, uint32_t source, unsigned position,
                       unsigned size, uint8_t *value)
{
    uint64_t mask = size < 8 ? (UINT64_C(1) << (8 * size)) - 1 : UINT64_MAX;
    uint64_t wanted = ebpf_lanes_from(source, position, size).at & mask;
    for (uint8_t reg = 0; reg < EBPF_REG_COUNT; reg++) {
        if (lanes[reg].source == source && (lanes[reg].at & mask) == wanted) {
            *value = reg;
            return true;
        }
    }
    return false;
}

/* How many bytes a run stores, and the lowest offset. */
static unsigned run_extent(const struct ebpf_wide_finder *f, int32_t *low)
{
    unsigned size = 0;
    *low = INT32_MAX;
    for (unsigned i = 0; i < f->run.count; i++) {
        const struct ebpf_wide_access *a = &f->accesses[f->run.accesses[i]];
        size += a->size;
        *low = a->offset < *low ? a->offset : *low;
    }
    return size;
}

/* Puts what one store of a run stores at its place in the word; false if it does not fit there. */
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

/* Makes a word of a run of stores, if it is one.  It is stored where the first piece stood: what
 * lies between the pieces neither reads memory nor can fault. */
static void end_run(struct ebpf_wide_finder *f)
{
    struct ebpf_wide_run *run = &f->run;
    int32_t low;
    unsigned position, size = run_extent(f, &low), count = run->count;
    struct ebpf_lanes bytes = {run->bytes[0].source, EBPF_LANES_ZERO};
    bool downwards, whole = count > 1 && (size == 2 || size == 4 || size == 8);
    for (unsigned i = 0; i < count && whole; i++)
        whole = place_bytes(&f->accesses[run->accesses[i]], &run->bytes[i], low, size, &bytes.at);
    run->count = 0;
    if (!whole || !ebpf_lanes_are_run(&bytes, size, &position, &downwards))
        return;
    const struct ebpf_wide_access *first = &f->accesses[run->accesses[0]];
    struct ebpf_wide_word w = {
        .first = first->insn,
        .end = f->accesses[run->accesses[count - 1]].insn,
        .offset = low,
        .number = first->places[ebpf_program_at(f->program, first->insn)->dst].number,
        .base_until = first->insn};
    w.wide = (struct ebpf_wide){
        .last = first->insn, .size = (uint8_t)size, .store = true, .swap = downwards};
    if (ebpf_wide_find_base(first->places, w.number, low, &w.wide.last_base, &w.wide.last_off) &&
        find_value(run->lanes, bytes.source, position, size, &w.wide.value))
        f->words[f->word_count++] = w;
}

/* A store of bytes of a value: goes on with the run, or starts one. */
static void step_store(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    struct ebpf_wide_run *run = &f->run;
    const struct ebpf_lanes *value = &f->lanes[insn->src];
    struct ebpf_wide_access *a = note(f, index, insn->dst, insn->off);
    const struct ebpf_wide_access *first = run->count ? &f->accesses[run->accesses[0]] : NULL;
    bool goes_on = a && first && run->count < 8 && run->bytes[0].source == value->source &&
                   first->places[ebpf_program_at(f->program, first->insn)->dst].number ==
                       a->places[insn->dst].number;
    if (!goes_on)
        end_run(f);
    f->epoch++;
    if (!a)
        return;
    if (run->count == 0)
        for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
            run->lanes[reg] = f->lanes[reg];
    run->accesses[run->count] = (uint32_t)(a - f->accesses);
    run->bytes[run->count++] = *value;
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
    if (info->format == EBPF_FMT_STX && info->width < 64) {
        step_store(f, index);
        return;
    }
    if (info->effects & (EBPF_FX_LOAD | EBPF_FX_STORE))
        end_run(f);
    if (info->effects & EBPF_FX_STORE)
        f->epoch++;
    if (info->format == EBPF_FMT_LDX && info->oper == EBPF_OPER_LOAD && info->width < 64) {
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
    f->numbers = f->epoch = 0;
    f->source_count = f->access_count = f->word_count = f->run.count = 0;
    for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
        set_unknown(f, reg);
}

static bool search_piece(struct ebpf_wide_finder *f)
{
    if (skip_straight(f))
        return true;
    clear(f);
    for (f->end = f->begin;; f->end++) {
        step(f, f->end);
        if (ends_straight(f, f->end) || f->access_count == EBPF_WIDE_EVENTS ||
            f->word_count >= EBPF_WIDE_EVENTS - 2)
            break;
    }
    f->end++;
    end_run(f);
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

static bool search(struct ebpf_wide_finder *f)
{
    find_leaders(f);
    for (f->begin = 0; f->begin < f->out->count; f->begin = f->end)
        if (!search_piece(f))
            return false;
    return true;
}

bool ebpf_wides_find(const struct ebpf_program *program, const uint16_t *live,
                     struct ebpf_wides *out)
{
    *out = (struct ebpf_wides){.count = ebpf_program_count(program)};
    ebpf_vec_init(&out->wides, &program->mem, sizeof(struct ebpf_wide));
    if (!HOST_LE || is_hopeless(program))
        return true;
    struct ebpf_wide_finder *f = ebpf_mem_alloc(&program->mem, sizeof(*f));
    uint8_t *marks = ebpf_mem_zalloc(&program->mem, out->count, 1);
    out->roles = ebpf_mem_zalloc(&program->mem, out->count, 1);
    bool done = f && marks && out->roles;
    if (done) {
        f->program = program;
        f->live = live;
        f->out = out;
        f->marks = marks;
        done = search(f);
    }
    ebpf_mem_free(&program->mem, marks, out->count);
    ebpf_mem_free(&program->mem, f, sizeof(*f));
    if (!done || out->wides.count == 0)
        ebpf_wides_free(out);
    return done;
}

void ebpf_wides_free(struct ebpf_wides *wides)
{
    if (wides->roles)
        ebpf_mem_free(&wides->wides.mem, wides->roles, wides->count);
    ebpf_vec_free(&wides->wides);
    wides->roles = NULL;
}
