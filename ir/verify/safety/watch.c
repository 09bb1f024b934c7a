/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Explanations.  When the last attempt is over and somebody wants to know more than its result, it
 * is made once more and watched: that is the same again, so attempts that nobody watches pay for
 * none of this.
 */
#include <stdio.h>
#include <string.h>

#include <ebpfvm/backend.h>

#include "base/mem.h"
#include "ir/liveness.h"
#include "ir/print.h"
#include "ir/verify/safety/safety.h"

enum {
    NOTES = 6,   /* places of the path that are spoken of, from its end */
    VALUE = 64,  /* text of a value */
    COLUMN = 44, /* where the listing says what is proven */
    REGIONS = 8
};

struct ebpf_watch {
    struct ebpf_arena arena; /* turns, texts */
    struct ebpf_printer log;
    bool logs, shows_states;
    const struct ebpf_value **seen; /* what registers held before each instruction, or NULL */
    struct ebpf_waypoint *path;
    uint32_t path_count;
};

/* In the place of a value: there were several. */
static const struct ebpf_value several;

struct ebpf_watch *ebpf_watch_new(struct ebpf_safety *s)
{
    const struct ebpf_verify_view *view = s->verify->view;
    uint32_t count = ebpf_program_count(s->program);
    struct ebpf_watch *w = ebpf_mem_zalloc(&s->mem, 1, sizeof(*w));
    if (!w)
        return NULL;
    ebpf_arena_init(&w->arena, &s->mem);
    if (view && view->log) {
        w->logs = view->log_level & (EBPF_VERIFY_LOG_PATHS | EBPF_VERIFY_LOG_STATES);
        w->shows_states = view->log_level & EBPF_VERIFY_LOG_STATES;
        w->log = (struct ebpf_printer){.program = s->program, .dialect = EBPF_DIALECT_PSEUDOC};
        ebpf_out_init(&w->log.out, view->log);
    }
    if (view && view->listing)
        w->seen = ebpf_arena_zalloc(&w->arena, count, EBPF_REG_COUNT * sizeof(*w->seen));
    if (view && view->listing && !w->seen) {
        ebpf_mem_free(&s->mem, w, sizeof(*w));
        return NULL;
    }
    return w;
}

void ebpf_watch_free(struct ebpf_safety *s)
{
    if (!s->watch)
        return;
    ebpf_arena_reset(&s->watch->arena);
    ebpf_mem_free(&s->mem, s->watch, sizeof(*s->watch));
    s->watch = NULL;
}

const struct ebpf_waypoint *ebpf_watch_path(const struct ebpf_watch *watch, uint32_t *count)
{
    *count = watch->path_count;
    return watch->path;
}

/* --- the log ---------------------------------------------------------------------------------- */

/* " r1 = ctx", if the register holds anything. */
static bool put_reg(struct ebpf_out *out, const struct ebpf_value *v, unsigned reg)
{
    char text[VALUE];
    if (!v)
        return false;
    ebpf_value_print(v, text, sizeof(text));
    ebpf_out_printf(out, " r%u = %s", reg, text);
    return true;
}

/* Which registers are spoken of: r10 is always the same. */
static void put_regs(struct ebpf_out *out, const struct ebpf_state *state, uint16_t regs)
{
    bool any = false;
    for (unsigned reg = 0; reg < EBPF_REG_FP; reg++) {
        if (!(regs >> reg & 1) || !ebpf_reg(state, reg))
            continue;
        ebpf_out_puts(out, any ? "," : "");
        any |= put_reg(out, ebpf_reg(state, reg), reg);
    }
}

static void put_insn(struct ebpf_printer *p, uint32_t insn)
{
    ebpf_out_decimal(&p->out, ebpf_program_pc(p->program, insn));
    ebpf_out_puts(&p->out, ": ");
    ebpf_print_line(p, insn, 0);
}

void ebpf_watch_start(struct ebpf_safety *s, const struct ebpf_state *state, uint32_t insn)
{
    struct ebpf_watch *w = s->watch;
    if (!w->logs)
        return;
    ebpf_out_puts(&w->log.out, "at ");
    ebpf_out_decimal(&w->log.out, ebpf_program_pc(s->program, insn));
    ebpf_out_puts(&w->log.out, ":");
    put_regs(&w->log.out, state, s->live[insn]);
    ebpf_out_char(&w->log.out, '\n');
}

void ebpf_watch_before(struct ebpf_safety *s, const struct ebpf_state *state, uint32_t insn)
{
    struct ebpf_watch *w = s->watch;
    const struct ebpf_verify_view *view = s->verify->view;
    if (w->logs)
        put_insn(&w->log, insn);
    if (view && view->states)
        view->states(view->states_ctx, state, insn);
    if (!w->seen)
        return;
    const struct ebpf_value **seen = &w->seen[(size_t)insn * EBPF_REG_COUNT];
    for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++) {
        const struct ebpf_value *v = ebpf_reg(state, reg);
        if (v)
            seen[reg] = !seen[reg] || seen[reg] == v ? v : &several;
    }
}

/* --- the path --------------------------------------------------------------------------------- */

static void set_turn(struct ebpf_safety *s, struct ebpf_state *state, uint32_t insn, uint32_t next)
{
    struct ebpf_turn *turn = ebpf_arena_alloc(&s->watch->arena, sizeof(*turn));
    if (!turn) {
        s->no_memory = true;
        return;
    }
    const struct ebpf_insn *i = ebpf_program_at(s->program, insn);
    *turn = (struct ebpf_turn){state->turn, insn, next, ebpf_reg(state, i->dst),
                               ebpf_reg(state, i->src)};
    state->turn = turn;
}

void ebpf_watch_after(struct ebpf_safety *s, struct ebpf_state *state, struct ebpf_state *other,
                      enum ebpf_step step, uint32_t insn, uint32_t next)
{
    struct ebpf_watch *w = s->watch;
    const struct ebpf_insn *i = ebpf_program_at(s->program, insn);
    uint16_t fx = ebpf_op_table[i->op].effects;
    bool decides = fx & EBPF_FX_JUMP && !(fx & EBPF_FX_TERMINATOR);
    if (other)
        set_turn(s, other, insn, s->other_at != EBPF_TARGET_NONE ? s->other_at : i->target);
    if (step == EBPF_STEP_CALL || step == EBPF_STEP_RETURN || (decides && step != EBPF_STEP_END))
        set_turn(s, state, insn, next);
    if (!w->logs)
        return;
    uint16_t changed = fx & EBPF_FX_CALL ? 1 << EBPF_R0 : ebpf_insn_defs(i);
    if (decides)
        changed = ebpf_insn_uses(i);
    if (w->shows_states && step != EBPF_STEP_END && changed) {
        ebpf_out_puts(&w->log.out, "  ;");
        put_regs(&w->log.out, state, changed);
    }
    ebpf_out_char(&w->log.out, '\n');
}

/* What a branch was found to be, and what that says of its operands. */
static const char *describe(struct ebpf_safety *s, const struct ebpf_turn *turn)
{
    char text[3 * VALUE], value[VALUE];
    const struct ebpf_insn *insn = ebpf_program_at(s->program, turn->insn);
    uint16_t uses = ebpf_insn_uses(insn);
    if (insn->op == EBPF_OP_CALL_LOCAL)
        return "on the way there this function is called";
    if (insn->op == EBPF_OP_CALL && ebpf_calls_back(s, turn->insn))
        return "on the way there this helper calls back";
    if (insn->op == EBPF_OP_CALL)
        return "on the way there another program takes the place of this function";
    int used = snprintf(text, sizeof(text), "on the way there this condition %s",
                        turn->next == insn->target ? "holds" : "does not hold");
    const struct ebpf_value *values[] = {turn->dst, turn->src};
    const uint8_t regs[] = {insn->dst, insn->src};
    for (int n = 0; n < 2 && used < (int)sizeof(text); n++) {
        if (!values[n] || !(uses >> regs[n] & 1) || (n && regs[1] == regs[0]))
            continue;
        ebpf_value_print(values[n], value, sizeof(value));
        used += snprintf(text + used, sizeof(text) - (size_t)used, ", r%u = %s", regs[n], value);
    }
    return ebpf_arena_strndup(&s->watch->arena, text, strlen(text));
}

/* Of the places that are spoken of each once: of a loop, the last round. */
static bool is_later(const struct ebpf_waypoint *path, uint32_t at, uint32_t count)
{
    for (uint32_t i = at + 1; i < count; i++)
        if (path[i].insn == path[at].insn)
            return true;
    return false;
}

void ebpf_watch_failed(struct ebpf_safety *s, const struct ebpf_state *state)
{
    struct ebpf_watch *w = s->watch;
    uint32_t count = 0, notes = 0;
    if (s->verify->view && s->verify->view->why)
        ebpf_why_write(s, state);
    for (const struct ebpf_turn *t = state->turn; t; t = t->before)
        count++;
    w->path = ebpf_arena_zalloc(&w->arena, count, sizeof(*w->path));
    if (!w->path)
        return; /* the failure is reported without it */
    w->path_count = count;
    for (const struct ebpf_turn *t = state->turn; t; t = t->before) {
        struct ebpf_waypoint *p = &w->path[--count];
        *p = (struct ebpf_waypoint){t->insn, t->next, NULL};
        bool is_return = ebpf_program_at(s->program, t->insn)->op == EBPF_OP_EXIT;
        if (notes < NOTES && !is_return && !is_later(w->path, count, w->path_count)) {
            p->text = describe(s, t);
            notes++;
        }
    }
}

/* --- the listing ------------------------------------------------------------------------------ */

/* Where a proven access goes. */
static void put_regions(struct ebpf_out *out, const struct ebpf_fact *fact)
{
    const char *between = " ";
    for (unsigned kind = 0; kind < REGIONS; kind++)
        if (fact->regions >> kind & 1) {
            ebpf_out_printf(out, "%s%s", between,
                            ebpf_region_name((enum ebpf_region_kind)kind));
            between = " or ";
        }
    if (!fact->regions || fact->least > fact->most)
        return;
    ebpf_out_printf(out, fact->least == fact->most ? " at %d" : " at %d to %d", fact->least,
                    fact->most);
}

static void put_fact(struct ebpf_out *out, const struct ebpf_fact *fact, uint16_t fx)
{
    bool decides = fx & EBPF_FX_JUMP && !(fx & EBPF_FX_TERMINATOR);
    if (!(fact->flags & EBPF_FACT_REACHED))
        ebpf_out_puts(out, " never reached");
    else if (fact->flags & EBPF_FACT_UNPROVEN)
        ebpf_out_puts(out, " NOT PROVEN");
    else if (fact->regions)
        put_regions(out, fact);
    else if (decides && !(fact->flags & EBPF_FACT_TAKEN))
        ebpf_out_puts(out, " never taken");
    else if (decides && !(fact->flags & EBPF_FACT_NOT_TAKEN))
        ebpf_out_puts(out, " always taken");
    if (fact->flags & EBPF_FACT_ENDLESS)
        ebpf_out_puts(out, " loop NOT SHOWN TO END");
    else if (fact->flags & EBPF_FACT_LOOP)
        ebpf_out_puts(out, " loop");
}

/* What is known of the registers that the instruction reads. */
static void put_seen(struct ebpf_out *out, const struct ebpf_value *const *seen, uint16_t uses)
{
    const char *between = " |";
    for (unsigned reg = 0; reg < EBPF_REG_FP; reg++) {
        if (!(uses >> reg & 1) || !seen[reg])
            continue;
        ebpf_out_puts(out, between);
        if (seen[reg] == &several)
            ebpf_out_printf(out, " r%u varies", reg);
        else
            put_reg(out, seen[reg], reg);
        between = ",";
    }
}

/* The source line that an instruction was made from, where another one starts. */
static void put_source(struct ebpf_out *out, const struct ebpf_program *program, uint32_t insn)
{
    struct ebpf_location here = ebpf_program_location(program, insn), before = {.line = 0};
    if (insn)
        before = ebpf_program_location(program, insn - 1);
    if (!here.source || !here.line || here.line == before.line)
        return;
    ebpf_out_printf(out, "; %s:%u: ", here.file ? here.file : "", here.line);
    ebpf_out_write(out, here.source, here.source_length);
    ebpf_out_char(out, '\n');
}

/* Whether the source is worth more than the instructions: whether a line of it makes several. */
static bool has_sources(const struct ebpf_program *program)
{
    uint32_t line = 0, last = 0;
    for (uint32_t i = 0; i < ebpf_program_count(program); i++, last = line) {
        line = ebpf_program_location(program, i).line;
        if (line && line == last)
            return true;
    }
    return false;
}

static void list(struct ebpf_safety *s)
{
    bool sources = has_sources(s->program);
    struct ebpf_text line = {.mem = &s->mem};
    struct ebpf_stream to_line = ebpf_stream_text(&line);
    struct ebpf_printer p = {.program = s->program, .dialect = EBPF_DIALECT_PSEUDOC};
    struct ebpf_out out;
    ebpf_out_init(&out, s->verify->view->listing);
    ebpf_out_init(&p.out, &to_line);
    for (uint32_t i = 0; i < ebpf_program_count(s->program) && !out.status; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(s->program, i);
        line.length = 0;
        put_insn(&p, i);
        if (ebpf_out_flush(&p.out))
            break;
        if (sources)
            put_source(&out, s->program, i);
        ebpf_out_printf(&out, "%-*s;", COLUMN, line.data);
        put_fact(&out, &s->facts[i], ebpf_op_table[insn->op].effects);
        put_seen(&out, &s->watch->seen[(size_t)i * EBPF_REG_COUNT], ebpf_insn_uses(insn));
        ebpf_out_char(&out, '\n');
    }
    ebpf_out_flush(&out);
    ebpf_text_free(&line);
}

/* --- at the end ------------------------------------------------------------------------------- */

static void put_stats(struct ebpf_safety *s)
{
    struct ebpf_out *out = &s->watch->log.out;
    ebpf_out_printf(out, "processed %llu insns (limit %llu) attempts %u total_states %u "
                    "peak_states %u values %zu call_chains %zu compared %llu (limit %llu)\n",
                    (unsigned long long)s->visits, (unsigned long long)s->budget, s->attempts,
                    s->states, s->states_most, s->values.count,
                    s->contexts.count, (unsigned long long)ebpf_work(s),
                    (unsigned long long)s->work_limit);
}

static void draw(struct ebpf_safety *s)
{
    struct ebpf_dot_path path = {.turns = s->watch->path, .count = s->watch->path_count,
                                 .end = s->failure ? s->failed_insn : EBPF_TARGET_NONE};
    ebpf_dot_draw(s->program, &path, s->verify->view->graph);
}

void ebpf_watch_end(struct ebpf_safety *s)
{
    const struct ebpf_verify_view *view = s->verify->view;
    if (!view)
        return;
    if (view->log && view->log_level & EBPF_VERIFY_LOG_STATS)
        put_stats(s);
    if (view->log)
        ebpf_out_flush(&s->watch->log.out);
    if (view->listing)
        list(s);
    if (view->graph)
        draw(s);
}
