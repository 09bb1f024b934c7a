/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The pass "safety": proves that the program stays within its memory, gives helpers what they take,
 * and ends.  See docs/verifier.md.
 */
#include <stdio.h>

#include "ir/liveness.h"
#include "ir/verify/rules.h"
#include "ir/verify/safety/safety.h"

enum { STACK_OF_CALLS = 512, FRAME_STEP = 16, UNPRIVILEGED_SLOTS = 4096,
       SOON = 50000 /* instructions */ };

/* How the attempts grow: states that may wait at one place; instructions that may be looked at,
 * beside a multiple of the program's length; values of states, beside WORK times its length. */
static const struct attempt {
    unsigned width;
    uint32_t visits, times, values;
    bool hasty; /* loops are widened soon, and need not end */
} attempts[] = {{1, 100000, 3, 20000000, false}, {16, 400000, 3, 40000000, false},
                {64, 1200000, 3, 80000000, false}},
  quick_attempts[] = {{4, 8000, 4, 8000000, true}, {4, 8000, 4, 8000000, false}},
  *last_quick = &quick_attempts[1];
enum { WORK = 600 };

#define NONE EBPF_TARGET_NONE
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void add_step(struct ebpf_safety *s, uint64_t step)
{
    for (unsigned i = 0; i < s->step_count; i++)
        if (s->steps[i] == step)
            return;
    if (s->step_count < EBPF_STEPS)
        s->steps[s->step_count++] = step;
}

/* Whether a block's last instruction may end the loop that it is in. */
static bool ends_loop(const struct ebpf_safety *s, const struct ebpf_block *b)
{
    const struct ebpf_block *blocks = s->cfg->blocks;
    for (int n = 0; n < 2 && b->loop != EBPF_BLOCK_NONE; n++)
        if (b->succ[n] != EBPF_BLOCK_NONE && blocks[b->succ[n]].loop != b->loop)
            return true;
    return false;
}

/* Loops mostly end at constants that they compare with; so these, and what is next to them, are
 * where bounds go that move. */
static void list_steps(struct ebpf_safety *s)
{
    for (uint32_t i = 0; s->cfg->loop_count && i < s->cfg->block_count; i++) {
        const struct ebpf_block *b = &s->cfg->blocks[i];
        const struct ebpf_insn *insn = ebpf_program_at(s->program, b->first + b->count - 1);
        if (ebpf_op_table[insn->op].format != EBPF_FMT_JMP_IMM || !ends_loop(s, b))
            continue;
        add_step(s, (uint64_t)insn->imm - 1);
        add_step(s, (uint64_t)insn->imm);
        add_step(s, (uint64_t)insn->imm + 1);
    }
}

static bool prepare(struct ebpf_safety *s)
{
    uint32_t count = ebpf_program_count(s->program), functions;
    ebpf_program_functions(s->program, &functions);
    struct ebpf_reg_flow *flow = ebpf_verify_alloc(s->verify, count, sizeof(*flow));
    s->live = ebpf_verify_alloc(s->verify, count, sizeof(*s->live));
    s->position = ebpf_verify_alloc(s->verify, count, sizeof(*s->position));
    s->facts = ebpf_verify_alloc(s->verify, count, sizeof(*s->facts));
    s->frame_use = ebpf_verify_alloc(s->verify, functions, sizeof(*s->frame_use));
    uint32_t blocks = s->cfg->block_count;
    s->loop_kind = ebpf_verify_alloc(s->verify, s->cfg->loop_count + 1u, 1);
    s->loop_stack = ebpf_verify_alloc(s->verify, blocks + 1u, sizeof(*s->loop_stack));
    s->seen_in = ebpf_verify_alloc(s->verify, blocks + 1u, sizeof(*s->seen_in));
    if (s->contract->unprivileged)
        s->once = ebpf_verify_alloc(s->verify, count, sizeof(*s->once));
    if ((s->contract->unprivileged && !s->once) || !flow || !s->live || !s->position || !s->facts ||
        !s->frame_use || !s->loop_kind || !s->loop_stack || !s->seen_in)
        return false;
    ebpf_liveness(s->program, flow);
    bool legacy = false; /* packet loads read r6, although no operand says so */
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(s->program, i);
        legacy |= (ebpf_op_table[insn->op].effects & EBPF_FX_PACKET) != 0;
        s->live[i] = ebpf_flow_before(&flow[i]);
    }
    for (uint32_t i = 0; legacy && i < count; i++)
        s->live[i] |= 1u << EBPF_R6;
    list_steps(s);
    return ebpf_safety_order(s);
}

/* One attempt; false if there was no memory. */
static bool attempt(struct ebpf_safety *s, const struct attempt *a, bool last)
{
    static const struct ebpf_fact nothing;
    uint32_t count = ebpf_program_count(s->program);
    s->failure = EBPF_OK;
    s->limit = EBPF_LIMIT_NONE;
    s->visits = s->work = s->memory = 0;
    s->attempts++;
    s->states = s->states_now = s->states_most = 0;
    s->verify->packet_least = 0;
    s->lost = false;
    s->width = a->width;
    s->hasty = a->hasty;
    s->budget = a->visits + (uint64_t)a->times * count;
    s->work_limit = a->values + (uint64_t)count * WORK;
    s->last_try = last;
    for (uint32_t i = 0; i < count; i++)
        s->facts[i] = nothing;
    for (uint32_t i = 0; s->once && i < count; i++)
        s->once[i] = (struct ebpf_once){.is_set = false};
    ebpf_vec_init(&s->contexts, &s->mem, sizeof(struct ebpf_call_chain));
    struct ebpf_call_chain *main = ebpf_vec_push(&s->contexts, 1);
    if (main && ebpf_values_init(&s->values, &s->mem)) {
        *main = (struct ebpf_call_chain){.parent = NONE, .next = NONE};
        ebpf_safety_explore(s);
        if (s->watch)
            ebpf_watch_end(s);
        ebpf_values_free(&s->values);
    } else {
        s->no_memory = true;
        if (main)
            ebpf_values_free(&s->values);
    }
    return !s->no_memory;
}

/* The deepest chain of calls from each function, counted from callees to callers: `use` of frames
 * in bytes.  Programs whose calls form a cycle were refused by then. */
static uint32_t deepest(const struct ebpf_safety *s)
{
    const struct ebpf_call_chain *all = s->contexts.data;
    uint32_t most = 0;
    for (size_t i = 0; i < s->contexts.count; i++) {
        uint32_t sum = 0, at = (uint32_t)i;
        for (; at != NONE; at = all[at].parent) {
            uint32_t use = s->frame_use[ebpf_program_function_of(s->program, all[at].first)];
            sum += (use + FRAME_STEP - 1) / FRAME_STEP * FRAME_STEP;
        }
        most = sum > most ? sum : most;
    }
    return most;
}

/* What the unprivileged may not have at all. */
static ebpf_status check_privileges(struct ebpf_safety *s)
{
    if (!s->contract->unprivileged)
        return EBPF_OK;
    if (!(s->type->flags & EBPF_TYPE_UNPRIVILEGED))
        return ebpf_verify_reject(s->verify, EBPF_ERR_REJECTED, EBPF_TARGET_NONE,
                                  "use socket_filter or cgroup_skb",
                                  "the unprivileged may not load programs of type %s",
                                  s->type->name);
    if (s->program->slots > UNPRIVILEGED_SLOTS)
        return ebpf_verify_reject(s->verify, EBPF_ERR_LIMIT, EBPF_TARGET_NONE,
                                  "split the program, or load it with privileges",
                                  "%u instructions, more than the %d of the unprivileged",
                                  s->program->slots, UNPRIVILEGED_SLOTS);
    for (uint32_t l = 0; l < s->cfg->loop_count; l++)
        return ebpf_verify_reject(s->verify, EBPF_ERR_REJECTED,
                                  s->cfg->blocks[s->cfg->loops[l].header].first,
                                  "unroll the loop", "the unprivileged may not use loops");
    return EBPF_OK;
}

/* Calls nest so deep at most whatever runs, so that a function may not lead to itself.  `depth` of
 * each function is the most frames that lead to it; loops only make it grow. */
static ebpf_status check_depth(struct ebpf_safety *s)
{
    uint32_t functions, count = ebpf_program_count(s->program);
    ebpf_program_functions(s->program, &functions);
    uint8_t *depth = ebpf_verify_alloc(s->verify, functions, sizeof(*depth));
    if (!depth)
        return EBPF_ERR_NOMEM;
    bool grows = functions > 1;
    while (grows) {
        grows = false;
        for (uint32_t i = 0; i < count; i++) {
            const struct ebpf_insn *insn = ebpf_program_at(s->program, i);
            if (insn->op != EBPF_OP_CALL_LOCAL && insn->op != EBPF_OP_LDDW_FUNC)
                continue;
            uint32_t to = ebpf_program_function_of(s->program, insn->target);
            uint8_t deep = depth[ebpf_program_function_of(s->program, i)] + 1;
            if (deep <= depth[to])
                continue;
            if (deep == EBPF_FRAMES)
                return ebpf_verify_reject(s->verify, EBPF_ERR_CALL_DEPTH, i, "nest calls less",
                                          "calls of more than %d frames", EBPF_FRAMES);
            depth[to] = deep;
            grows = true;
        }
    }
    return EBPF_OK;
}

/* The path that leads to the failure, if it was found out. */
static void report_path(struct ebpf_safety *s)
{
    uint32_t count = 0;
    const struct ebpf_waypoint *path = s->watch ? ebpf_watch_path(s->watch, &count) : NULL;
    for (uint32_t i = 0; i < count && s->verify->diag; i++)
        if (path[i].text)
            ebpf_program_report(s->program, s->verify->diag, EBPF_SEVERITY_NOTE, s->failure,
                                path[i].insn, "", "%s", path[i].text);
}

/* Which limit the last attempt has reached. */
static ebpf_status report_limit(struct ebpf_safety *s)
{
    char text[EBPF_REASON];
    unsigned long long visits = s->visits, work = ebpf_work(s);
    uint32_t count = ebpf_program_count(s->program);
    if (s->limit == EBPF_LIMIT_MEMORY)
        snprintf(text, sizeof(text),
                 "after %llu instructions what is known takes more than the limit of %zu MB",
                 visits, EBPF_STATES_MEMORY >> 20);
    else if (s->limit == EBPF_LIMIT_WORK)
        snprintf(text, sizeof(text),
                 "after %llu instructions %llu values were compared or made, the limit for a "
                 "program of %u instructions", visits, work, count);
    else
        snprintf(text, sizeof(text),
                 "%llu instructions were looked at on its paths, the limit for a program of %u "
                 "instructions", visits, count);
    return ebpf_verify_reject(s->verify, EBPF_ERR_NOT_PROVEN, EBPF_TARGET_NONE,
                              "split the program, or leave out branches and loops",
                              "the program is too complex: %s", text);
}

static ebpf_status report(struct ebpf_safety *s)
{
    if (s->no_memory)
        return EBPF_ERR_NOMEM;
    if (ebpf_check_deferred(s->verify, s->facts))
        return s->verify->rejected;
    if (s->failure) {
        ebpf_verify_reject(s->verify, s->failure, s->failed_insn, s->advice, "%s", s->reason);
        report_path(s);
        if (s->where[0] && s->verify->diag)
            ebpf_program_report(s->program, s->verify->diag, EBPF_SEVERITY_NOTE, s->failure,
                                s->failed_insn, "", "at that point %s", s->where);
        return s->failure;
    }
    if (s->limit)
        return report_limit(s);
    uint32_t use = deepest(s);
    if (use > STACK_OF_CALLS)
        return ebpf_verify_reject(s->verify, EBPF_ERR_LIMIT, EBPF_TARGET_NONE,
                                  "use less stack, or fewer nested calls",
                                  "nested calls need %u bytes of stack, more than %d", use,
                                  STACK_OF_CALLS);
    return check_depth(s);
}

/* Whether all paths were followed, so that what was noted holds for every run. */
static bool is_complete(const struct ebpf_safety *s)
{
    return !s->no_memory && !s->lost && !s->limit && (s->last_try || !s->failure);
}

/* Whether another attempt would run into the same limit: keeping more states apart takes more. */
static bool is_hopeless(const struct ebpf_safety *s, const struct attempt *next)
{
    uint64_t more = next->values + (uint64_t)ebpf_program_count(s->program) * WORK;
    return s->limit == EBPF_LIMIT_MEMORY ||
           (s->limit == EBPF_LIMIT_WORK && more < s->work_limit + s->work_limit / 2);
}

/* Tries harder and harder; leaves what the last attempt has found.  Where trying harder has led to
 * the same failure, a last quick attempt collects the facts.  What the unprivileged may do depends
 * on how paths differ, so that these are kept apart at once. */
static void try_all(struct ebpf_safety *s)
{
    const struct attempt *list = s->contract->quick ? quick_attempts : attempts;
    size_t count = s->contract->quick ? COUNT(quick_attempts) : COUNT(attempts);
    ebpf_status failure = EBPF_OK;
    uint32_t failed_insn = 0;
    for (size_t i = s->contract->unprivileged ? count - 1 : 0; i < count; i++) {
        bool again = failure && failure == s->failure && failed_insn == s->failed_insn;
        failure = s->failure;
        failed_insn = s->failed_insn;
        bool last = again || i == count - 1;
        s->chosen = again ? last_quick : &list[i];
        bool ok = attempt(s, s->chosen, last);
        if (!ok || last || (!s->failure && !s->limit) || is_hopeless(s, &list[i + 1]))
            return;
        ebpf_contexts_free(s);
    }
}

/* Makes the last attempt once more to explain it, if somebody asks for that, or if a failure was
 * found so soon that it takes no time. */
static void explain(struct ebpf_safety *s)
{
    bool soon = s->failure && s->verify->diag && s->visits <= SOON;
    if (s->no_memory || (!s->verify->view && !soon))
        return;
    s->watch = ebpf_watch_new(s);
    if (!s->watch)
        return;
    ebpf_contexts_free(s);
    s->attempts--;
    attempt(s, s->chosen, s->last_try);
}

ebpf_status ebpf_safety_prove(struct ebpf_verify *verify, bool reports)
{
    static const struct ebpf_contract any = {.ctx = {.type = EBPF_TYPE_SOCKET_FILTER},
                                             .context_size = UINT32_MAX,
                                             .frame_size = EBPF_FRAME_LIMIT};
    struct ebpf_safety s = {.verify = verify, .program = verify->program,
                            .cfg = &verify->analyses.cfg, .mem = verify->analyses.mem,
                            .contract = verify->contract ? verify->contract : &any};
    s.type = &ebpf_types[s.contract->ctx.type];
    if (!prepare(&s))
        return EBPF_ERR_NOMEM;
    ebpf_status status = reports ? check_privileges(&s) : EBPF_OK;
    if (status)
        return status;
    try_all(&s);
    if (reports || (verify->view && verify->view->states))
        explain(&s);
    verify->facts = is_complete(&s) ? s.facts : NULL;
    verify->analyses.have |= s.no_memory ? 0 : EBPF_AN_FACTS;
    status = reports ? report(&s) : s.no_memory ? EBPF_ERR_NOMEM : EBPF_OK;
    ebpf_watch_free(&s);
    ebpf_contexts_free(&s);
    return status;
}

static ebpf_status run(struct ebpf_verify *verify, void *ctx)
{
    (void)ctx;
    return ebpf_safety_prove(verify, true);
}

const struct ebpf_pass ebpf_pass_safety = {
    .name = "safety",
    .summary = "memory, helpers' arguments, results and loops, proven for all inputs",
    .needs = EBPF_AN_LOOPS,
    .run = run};
