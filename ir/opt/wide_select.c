/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Which of the words of a piece are made at once, and which instructions that leaves over. */
#include <string.h>

#include "ir/liveness.h"
#include "ir/regs.h"
#include "ir/opt/wide_impl.h"

/* The word that is made in the place of an instruction. */
static struct ebpf_wide_word *word_at(struct ebpf_wide_finder *f, uint32_t index)
{
    return f->marks[index] & EBPF_WIDE_WORD ? &f->words[f->word_of[index]] : NULL;
}

static const struct ebpf_wide_access *access_at(const struct ebpf_wide_finder *f, uint32_t index)
{
    return f->marks[index] & EBPF_WIDE_ACCESS ? &f->accesses[f->access_of[index]] : NULL;
}

/* Whether a load reads bytes of a word that is loaded. */
static bool is_piece_of(const struct ebpf_wide_access *a, const struct ebpf_wide_word *w)
{
    uint32_t from = (uint32_t)a->offset - (uint32_t)w->offset; /* large if it is before it */
    return from < w->wide.size && from + a->size <= w->wide.size && a->source == w->source &&
           a->insn != w->wide.last;
}

/* Notes at the pieces of a word that is taken that it covers them; returns where the first of them
 * stands. */
static uint32_t cover_pieces(struct ebpf_wide_finder *f, const struct ebpf_wide_word *w)
{
    uint32_t first = w->wide.last;
    for (unsigned i = f->sources[w->source].first_access; i < f->access_count; i++) {
        struct ebpf_wide_access *a = &f->accesses[i];
        if (a->insn > w->end)
            break;
        if (!is_piece_of(a, w))
            continue;
        first = a->insn < first ? a->insn : first;
        a->cover = (int16_t)(w - f->words);
    }
    return first;
}

/* Whether an access is part of a word that is stored elsewhere, or loaded to be stored. */
static bool is_claimed(const struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_wide_access *a = access_at(f, index);
    return a && a->word >= 0 && f->words[a->word].taken && f->words[a->word].wide.last != index;
}

/* Whether a load whose result nobody needs can be left out: if a check covers it. */
static bool is_covered(const struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_wide_access *a = access_at(f, index);
    return a && (a->sure || (a->cover >= 0 && f->words[a->cover].taken));
}

static bool can_omit(const struct ebpf_wide_finder *f, uint32_t index, uint16_t live)
{
    bool needed = live & f->flow[index].ends;
    if (f->marks[index] & EBPF_WIDE_PURE)
        return !needed;
    if (is_claimed(f, index))
        return true;
    const struct ebpf_insn *insn = ebpf_program_at(f->program, index);
    return ebpf_op_table[insn->op].format == EBPF_FMT_LDX && !needed && is_covered(f, index);
}

/* The same for an instruction that words have nothing to do with. */
static bool can_omit_beside(uint8_t marks, const struct ebpf_reg_flow *flow, uint16_t live)
{
    return marks & EBPF_WIDE_PURE && !(live & flow->ends);
}

/* The registers that words need as they are before an instruction, for their addresses. */
static uint16_t bases_before(struct ebpf_wide_finder *f, uint32_t index)
{
    const struct ebpf_wide_word *made = word_at(f, index);
    uint16_t bases = 0;
    if (made && made->taken && made->base_until == index)
        bases = (uint16_t)(1u << made->wide.last_base);
    for (unsigned i = 0; f->marks[index] & EBPF_WIDE_BASE && i < f->word_count; i++)
        if (f->words[i].taken && f->words[i].base_until == index)
            bases |= (uint16_t)(1u << f->words[i].wide.last_base);
    return bases;
}

/* Takes the words whose value is needed, from the last to the first. */
static void take_words(struct ebpf_wide_finder *f, const bool *dropped)
{
    uint16_t live = f->flow[f->end - 1].live;
    for (unsigned i = 0; i < f->word_count; i++)
        f->words[i].taken = f->words[i].wide.store && !dropped[i];
    for (unsigned i = 0; i < f->access_count; i++)
        f->accesses[i].cover = -1;
    for (uint32_t i = f->end; i-- > f->begin;) {
        if (!(f->marks[i] & EBPF_WIDE_INVOLVED)) {
            if (!can_omit_beside(f->marks[i], &f->flow[i], live))
                live = ebpf_flow_through(&f->flow[i], live);
            continue;
        }
        struct ebpf_wide_word *w = word_at(f, i);
        if (w && !dropped[w - f->words] && (w->taken || live >> w->wide.value & 1)) {
            w->taken = true;
            if (w->wide.store)
                live |= (uint16_t)(1u << w->wide.value);
            else {
                uint32_t first = cover_pieces(f, w);
                live &= (uint16_t) ~(1u << w->wide.value);
                if (w->pair < 0)
                    w->first = w->from = first;
            }
        } else if (!can_omit(f, i, live)) {
            live = ebpf_flow_through(&f->flow[i], live);
        }
        live |= bases_before(f, i);
    }
}

/* The words that are taken, by where they and what is checked with them end; returns how many there
 * are.  They are nearly in that order already. */
static unsigned order_taken(const struct ebpf_wide_finder *f, uint8_t *order)
{
    unsigned count = 0;
    for (unsigned i = 0; i < f->word_count; i++) {
        if (!f->words[i].taken)
            continue;
        unsigned at = count++;
        for (; at > 0 && f->words[order[at - 1]].until > f->words[i].until; at--)
            order[at] = order[at - 1];
        order[at] = (uint8_t)i;
    }
    return count;
}

/* Words whose pieces are mixed are checked together, where the first of all pieces stands. */
static void find_starts(struct ebpf_wide_finder *f)
{
    uint8_t order[EBPF_WIDE_EVENTS];
    for (unsigned end = order_taken(f, order), from; end > 0; end = from) {
        uint32_t start = f->words[order[end - 1]].from;
        for (from = end - 1; from > 0 && f->words[order[from - 1]].until >= start; from--)
            if (f->words[order[from - 1]].from < start)
                start = f->words[order[from - 1]].from;
        for (unsigned i = from; i < end; i++)
            f->words[order[i]].wide.start = start;
        f->marks[start] |= EBPF_WIDE_START;
    }
}

/* Drops copies of which one half is missing; whether there were any. */
static bool drop_halves(struct ebpf_wide_finder *f, bool *dropped)
{
    bool any = false;
    for (unsigned i = 0; i < f->word_count; i++) {
        const struct ebpf_wide_word *w = &f->words[i];
        if (w->pair < 0 || f->words[w->pair].taken == w->taken)
            continue;
        dropped[i] = dropped[w->pair] = true;
        any = true;
    }
    return any;
}

/* Drops words whose address is not known yet where it is checked; whether there were any. */
static bool drop_words(struct ebpf_wide_finder *f, bool *dropped)
{
    bool any = false;
    for (unsigned i = 0; i < f->word_count; i++) {
        struct ebpf_wide_word *w = &f->words[i];
        const struct ebpf_wide_access *a = w->taken ? access_at(f, w->wide.start) : NULL;
        if (!w->taken || (a && ebpf_wide_find_base(a->places, w->number, w->offset,
                                                   &w->wide.start_base, &w->wide.start_off)))
            continue;
        dropped[i] = true;
        any = true;
    }
    return any;
}

static bool is_start(const struct ebpf_wide_finder *f, uint32_t index)
{
    for (unsigned i = 0; f->marks[index] & EBPF_WIDE_START && i < f->word_count; i++)
        if (f->words[i].taken && f->words[i].wide.start == index)
            return true;
    return false;
}

/* Writes what becomes of each instruction.  At a start all registers must be as they would be
 * without us: the program may go on from there as it is written. */
static void write_roles(struct ebpf_wide_finder *f)
{
    uint16_t live = f->flow[f->end - 1].live;
    memset(f->out->roles + f->begin, EBPF_WIDE_KEEP, f->end - f->begin);
    for (uint32_t i = f->end; i-- > f->begin;) {
        if (!(f->marks[i] & EBPF_WIDE_INVOLVED)) {
            if (can_omit_beside(f->marks[i], &f->flow[i], live))
                f->out->roles[i] = EBPF_WIDE_OMIT;
            else
                live = ebpf_flow_through(&f->flow[i], live);
            continue;
        }
        const struct ebpf_wide_word *w = word_at(f, i);
        if (w && w->taken) {
            f->out->roles[i] = EBPF_WIDE_LAST;
            if (!w->wide.store)
                live &= (uint16_t) ~(1u << w->wide.value);
            if (w->wide.store)
                live |= (uint16_t)(1u << w->wide.value);
        } else if (can_omit(f, i, live)) {
            f->out->roles[i] = EBPF_WIDE_OMIT;
        } else {
            live = ebpf_flow_through(&f->flow[i], live);
        }
        live |= bases_before(f, i);
        if (is_start(f, i))
            live |= ebpf_flow_before(&f->flow[i]);
    }
}

/* Whether something that is not left out defines the base of a word before it is made. */
static bool is_spoilt(const struct ebpf_wide_finder *f, const struct ebpf_wide_word *w)
{
    for (uint32_t i = w->base_until; i < w->wide.last; i++)
        if (f->out->roles[i] != EBPF_WIDE_OMIT &&
            ebpf_defs(ebpf_program_at(f->program, i)) >> w->wide.last_base & 1)
            return true;
    return false;
}

/* Drops the words whose address would not be there; whether there were any. */
static bool drop_spoilt(struct ebpf_wide_finder *f, bool *dropped)
{
    bool any = false;
    for (unsigned i = 0; i < f->word_count; i++) {
        if (!f->words[i].taken || !is_spoilt(f, &f->words[i]))
            continue;
        dropped[i] = true;
        any = true;
    }
    return any;
}

static bool is_before(const struct ebpf_wide *a, const struct ebpf_wide *b)
{
    return a->start != b->start ? a->start < b->start : a->last < b->last;
}

/* Adds a word to the result, in its order among those of this piece. */
static bool emit(struct ebpf_wide_finder *f, size_t from, const struct ebpf_wide *wide)
{
    if (!ebpf_vec_push(&f->out->wides, 1))
        return false;
    struct ebpf_wide *all = f->out->wides.data;
    size_t i = f->out->wides.count - 1;
    for (; i > from && is_before(wide, &all[i - 1]); i--)
        all[i] = all[i - 1];
    all[i] = *wide;
    return true;
}

/* Tells where there is something to look for. */
static void set_marks(struct ebpf_wide_finder *f)
{
    for (unsigned i = 0; i < f->word_count; i++) {
        f->marks[f->words[i].wide.last] |= EBPF_WIDE_WORD;
        f->word_of[f->words[i].wide.last] = (uint8_t)i;
        if (f->words[i].base_until != f->words[i].wide.last)
            f->marks[f->words[i].base_until] |= EBPF_WIDE_BASE;
    }
    for (unsigned i = 0; i < f->access_count; i++) {
        f->marks[f->accesses[i].insn] |= EBPF_WIDE_ACCESS;
        f->access_of[f->accesses[i].insn] = (uint8_t)i;
    }
}

bool ebpf_wide_select(struct ebpf_wide_finder *f)
{
    bool dropped[EBPF_WIDE_EVENTS] = {false};
    size_t from = f->out->wides.count;
    set_marks(f);
    do { /* each round but the last drops a word */
        do {
            take_words(f, dropped);
            find_starts(f);
        } while (drop_halves(f, dropped) || drop_words(f, dropped));
        write_roles(f);
    } while (drop_spoilt(f, dropped));
    for (unsigned i = 0; i < f->word_count; i++) {
        f->words[i].wide.end = f->words[i].end;
        if (f->words[i].taken && !emit(f, from, &f->words[i].wide))
            return false;
    }
    return true;
}
