/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Follows all paths.  States wait at places (an instruction in a chain of calls), at most `width`
 * of them; the first place in the order of work is taken next.  Loops are followed round by round:
 * what comes back to the head waits there for the next round.  A loop that goes on for too long, or
 * comes back exactly as it left, is widened: that settles what is known in it, but not that it
 * ends.  So is each loop after a few rounds where nobody asks whether it ends.  A state that came
 * back is never dropped because an earlier round covers it, for that would be no proof that the
 * loop ends; only in widened loops is that done, and there with what came in since the loop was
 * entered last, so that nothing is said of a loop around it.
 */
#include <stdio.h>

#include "base/mem.h"
#include "ir/verify/safety/safety.h"

struct ebpf_node {
    struct ebpf_node *next; /* in the hash table */
    uint32_t context, insn;
    struct ebpf_state *states;
    uint32_t waiting;
    bool is_head, widening, is_budgeted;
    bool entered; /* a state that waits came from outside of the loop */
    uint32_t rounds, widenings;
    struct ebpf_state *last; /* heads: the only state of the last round, or the widened one */
};

enum { FIRST_NODES = 64, BUDGETED_ROUNDS = 3, HASTY_ROUNDS = 2, CROWD = 4,
       FEW_WIDENINGS = 12 /* with stops; then bounds that move go as far as they can */ };

static const struct ebpf_call_chain *context_of(const struct ebpf_safety *s, uint32_t context)
{
    return (const struct ebpf_call_chain *)s->contexts.data + context;
}

/* The positions of the calls that lead to a node, and its own. */
static unsigned path_of(const struct ebpf_safety *s, const struct ebpf_node *n,
                        uint32_t path[EBPF_FRAMES + 1])
{
    uint32_t context = n->context, insn = n->insn;
    unsigned depth = context_of(s, context)->depth;
    for (unsigned i = depth + 1; i-- > 0;) {
        path[i] = s->position[insn];
        insn = context_of(s, context)->call;
        context = context_of(s, context)->parent;
    }
    return depth + 1;
}

static bool is_before(const struct ebpf_safety *s, const struct ebpf_node *a,
                      const struct ebpf_node *b)
{
    uint32_t x[EBPF_FRAMES + 1], y[EBPF_FRAMES + 1];
    if (a->context == b->context)
        return s->position[a->insn] < s->position[b->insn];
    unsigned m = path_of(s, a, x), n = path_of(s, b, y);
    for (unsigned i = 0; i < m && i < n; i++)
        if (x[i] != y[i])
            return x[i] < y[i];
    return m < n;
}

static void push(struct ebpf_safety *s, struct ebpf_node *node)
{
    if (s->heap_count == s->heap_capacity) {
        size_t size = sizeof(*s->heap), more = s->heap_capacity ? s->heap_capacity * 2 : 64;
        struct ebpf_node **heap =
            ebpf_mem_resize(&s->mem, s->heap, s->heap_capacity * size, more * size);
        if (!heap) {
            s->no_memory = true;
            return;
        }
        s->heap = heap;
        s->heap_capacity = more;
    }
    size_t at = s->heap_count++;
    for (; at && is_before(s, node, s->heap[(at - 1) / 2]); at = (at - 1) / 2)
        s->heap[at] = s->heap[(at - 1) / 2];
    s->heap[at] = node;
}

static struct ebpf_node *pop(struct ebpf_safety *s)
{
    struct ebpf_node *first = s->heap[0], *last = s->heap[--s->heap_count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < s->heap_count && is_before(s, s->heap[child + 1], s->heap[child]))
            child++;
        if (child >= s->heap_count || !is_before(s, s->heap[child], last))
            break;
        s->heap[at] = s->heap[child];
        at = child;
    }
    s->heap[at] = last;
    return first;
}

static struct ebpf_node **slot_of(struct ebpf_safety *s, uint32_t context, uint32_t insn)
{
    uint32_t h = (insn ^ context * 0x9e3779b9u) * 0x85ebca6bu;
    struct ebpf_node **slot = &s->nodes[(h ^ h >> 15) & (s->node_capacity - 1)];
    while (*slot && ((*slot)->insn != insn || (*slot)->context != context))
        slot = &(*slot)->next;
    return slot;
}

static bool grow(struct ebpf_safety *s)
{
    size_t had = s->node_capacity;
    struct ebpf_node **old = s->nodes;
    s->node_capacity = had ? had * 2 : FIRST_NODES;
    s->nodes = ebpf_mem_zalloc(&s->mem, s->node_capacity, sizeof(struct ebpf_node *));
    if (!s->nodes) {
        s->nodes = old;
        s->node_capacity = had;
        return false;
    }
    for (size_t i = 0; i < had; i++)
        for (struct ebpf_node *n = old[i], *next; n; n = next) {
            next = n->next;
            n->next = NULL;
            *slot_of(s, n->context, n->insn) = n;
        }
    ebpf_mem_free(&s->mem, old, had * sizeof(struct ebpf_node *));
    return true;
}

static struct ebpf_node *node_of(struct ebpf_safety *s, uint32_t context, uint32_t insn)
{
    if (s->node_count >= s->node_capacity && !grow(s))
        return NULL;
    struct ebpf_node **slot = slot_of(s, context, insn);
    if (*slot)
        return *slot;
    struct ebpf_node *n = ebpf_mem_zalloc(&s->mem, 1, sizeof(*n));
    if (n) {
        n->context = context;
        n->insn = insn;
        *slot = n;
        s->node_count++;
    }
    return n;
}

static void free_states(struct ebpf_safety *s, struct ebpf_state *states)
{
    for (struct ebpf_state *next; states; states = next) {
        next = states->next;
        ebpf_state_free(s, states);
    }
}

static void forget_node(struct ebpf_safety *s, struct ebpf_node *n)
{
    struct ebpf_node **slot = slot_of(s, n->context, n->insn);
    *slot = n->next;
    s->node_count--;
    ebpf_mem_free(&s->mem, n, sizeof(*n));
}

/* Whether nothing is missed if a state is dropped in favour of another one.  Of the unprivileged it
 * is looked at how paths differ. */
static bool covers(struct ebpf_safety *s, const struct ebpf_state *whole,
                   const struct ebpf_state *part)
{
    return ebpf_state_includes(s, whole, part) &&
           (!s->contract->unprivileged || ebpf_state_includes(s, part, whole));
}

/* Drops those of the waiting states that the new one covers; false if it is covered itself. */
static bool is_news(struct ebpf_safety *s, struct ebpf_node *n, struct ebpf_state *state)
{
    for (struct ebpf_state **p = &n->states; *p;) {
        struct ebpf_state *old = *p;
        if (covers(s, old, state)) {
            old->back |= state->back;
            return false;
        }
        if (covers(s, state, old)) {
            state->back |= old->back;
            *p = old->next;
            n->waiting--;
            ebpf_state_free(s, old);
        } else {
            p = &old->next;
        }
    }
    return true;
}

/* Joins the new state with the one that is most like it; false if it is like none. */
static bool join_closest(struct ebpf_safety *s, struct ebpf_node *n, struct ebpf_state *state)
{
    struct ebpf_state *best = NULL;
    uint32_t least = UINT32_MAX;
    for (struct ebpf_state *p = n->states; p; p = p->next) {
        uint32_t distance = ebpf_state_distance(s, p, state);
        if (distance < least) {
            least = distance;
            best = p;
        }
    }
    if (!best)
        return false;
    ebpf_state_join(s, best, state);
    return true;
}

/* States meet at a place that cannot be kept apart and for which nothing holds in common. */
static void give_up_at(struct ebpf_safety *s, const struct ebpf_state *state, uint32_t insn,
                       unsigned most)
{
    s->insn = insn;
    ebpf_unproven(s, state, EBPF_ERR_NOT_PROVEN, "make the paths that lead here alike",
                  "states meet here that have nothing in common, more than the limit of %u", most);
    s->limit = EBPF_LIMIT_UNLIKE;
}

/* Lets a state wait at a place. */
static void park(struct ebpf_safety *s, struct ebpf_state *state, uint32_t insn, bool back)
{
    struct ebpf_node *n = node_of(s, state->context, insn);
    ebpf_state_tidy(s, state, s->live[insn]);
    state->back = back;
    if (!n || s->no_memory) {
        s->no_memory = true;
        ebpf_state_free(s, state);
        return;
    }
    n->is_head |= back;
    n->entered |= !back;
    bool queued = n->states != NULL;
    if (!is_news(s, n, state) ||
        (n->waiting >= s->width && join_closest(s, n, state))) {
        ebpf_state_free(s, state);
        return;
    }
    if (n->waiting >= s->width * CROWD)
        give_up_at(s, state, insn, s->width * CROWD);
    state->next = n->states;
    n->states = state;
    n->waiting++;
    if (!queued)
        push(s, n);
}

/* Whether a state has to wait at `next` for others, or for its turn. */
static bool has_to_wait(const struct ebpf_safety *s, uint32_t from, uint32_t next)
{
    const struct ebpf_block *to = &s->cfg->blocks[s->cfg->block_of[next]];
    if (to->first != next)
        return false;
    return to->pred_count != 1 || s->position[next] <= s->position[from] ||
           to->loop != s->cfg->blocks[s->cfg->block_of[from]].loop;
}

/* From one place to where the state has to wait again. */
static void run(struct ebpf_safety *s, struct ebpf_state *state, uint32_t index)
{
    if (s->watch)
        ebpf_watch_start(s, state, index);
    for (;;) {
        struct ebpf_state *other = NULL;
        uint32_t call = context_of(s, state->context)->call, next = index + 1;
        uint32_t target = ebpf_program_at(s->program, index)->target;
        bool calls_back = context_of(s, state->context)->calls_back;
        if (ebpf_gives_up(s))
            break;
        s->visits++;
        if (s->watch)
            ebpf_watch_before(s, state, index);
        s->other_at = EBPF_TARGET_NONE;
        enum ebpf_step step = ebpf_step(s, state, index, &other);
        if (step == EBPF_STEP_CALL || step == EBPF_STEP_JUMP)
            next = target;
        else if (step == EBPF_STEP_RETURN)
            next = calls_back ? call : call + 1;
        if (s->watch)
            ebpf_watch_after(s, state, other, step, index, next);
        if (other && s->other_at != EBPF_TARGET_NONE)
            park(s, other, s->other_at, false);
        else if (other)
            park(s, other, target, s->position[target] <= s->position[index]);
        if (step == EBPF_STEP_END || s->no_memory || s->values.failed ||
            (s->failure && !s->last_try))
            break;
        if (step == EBPF_STEP_CALL || step == EBPF_STEP_RETURN) {
            park(s, state, next, step == EBPF_STEP_RETURN && calls_back);
            return;
        }
        if (has_to_wait(s, index, next)) {
            park(s, state, next, s->position[next] <= s->position[index]);
            return;
        }
        index = next;
    }
    ebpf_state_free(s, state);
}

/* The loop cannot be followed to its end: from now on it is widened. */
static void start_widening(struct ebpf_safety *s, struct ebpf_node *n,
                           const struct ebpf_state *state, const char *why)
{
    n->widening = true;
    ebpf_state_free(s, n->last);
    n->last = NULL;
    s->insn = n->insn;
    if (s->hasty && !n->is_budgeted)
        s->facts[n->insn].flags |= EBPF_FACT_ENDLESS;
    else if (!n->is_budgeted)
        ebpf_endless(s, state, why);
}

static void give_up_rounds(struct ebpf_safety *s, struct ebpf_node *n,
                           const struct ebpf_state *state)
{
    char why[128];
    snprintf(why, sizeof(why), "it goes on after %llu instructions were looked at, half of the "
             "limit for this program", (unsigned long long)s->visits);
    start_widening(s, n, state, why);
}

/* Looks at the states that start the next round of a loop. */
static void watch(struct ebpf_safety *s, struct ebpf_node *n, struct ebpf_state *states)
{
    bool came_back = false;
    for (const struct ebpf_state *p = states; p; p = p->next)
        came_back |= p->back;
    n->rounds = came_back ? n->rounds + 1 : 0;
    if (came_back)
        s->facts[n->insn].flags |= EBPF_FACT_LOOP;
    if (n->rounds == 1)
        n->is_budgeted = ebpf_loop_is_budgeted(s, n->insn);
    bool single = !states->next;
    if (n->rounds >= (s->hasty ? HASTY_ROUNDS : n->is_budgeted ? BUDGETED_ROUNDS : UINT32_MAX))
        start_widening(s, n, states, "");
    else if (came_back && single && n->last && ebpf_state_includes(s, n->last, states) &&
             ebpf_state_includes(s, states, n->last))
        start_widening(s, n, states, "a round changes nothing");
    else if (came_back && s->visits > s->budget / 2)
        give_up_rounds(s, n, states);
    if (n->widening)
        return;
    ebpf_state_free(s, n->last);
    n->last = single ? ebpf_state_copy(s, states) : NULL;
}

/* Makes one state of all and widens it; NULL if nothing is new. */
static struct ebpf_state *widen(struct ebpf_safety *s, struct ebpf_node *n,
                                struct ebpf_state *states)
{
    struct ebpf_state *all = states, *next = all->next;
    all->next = NULL;
    for (struct ebpf_state *p = next; p; p = next) {
        next = p->next;
        if (ebpf_state_distance(s, all, p) == UINT32_MAX)
            give_up_at(s, p, n->insn, 1);
        else
            ebpf_state_join(s, all, p);
        ebpf_state_free(s, p);
    }
    if (n->last && ebpf_state_includes(s, n->last, all)) {
        ebpf_state_free(s, all);
        return NULL;
    }
    if (n->last && ebpf_state_distance(s, all, n->last) != UINT32_MAX) {
        ebpf_state_join(s, all, n->last);
        ebpf_state_widen(s, all, n->last, !s->hasty || ++n->widenings > FEW_WIDENINGS);
    } else if (n->last) {
        give_up_at(s, all, n->insn, 1);
    }
    ebpf_state_free(s, n->last);
    n->last = ebpf_state_copy(s, all);
    return all;
}

static void work(struct ebpf_safety *s, struct ebpf_node *n)
{
    struct ebpf_state *states = n->states;
    uint32_t insn = n->insn;
    n->states = NULL;
    n->waiting = 0;
    if (n->is_head) {
        if (!n->widening)
            watch(s, n, states);
        if (n->widening && n->is_budgeted && n->entered) {
            ebpf_state_free(s, n->last);
            n->last = NULL;
        }
        n->entered = false;
        if (n->widening)
            states = widen(s, n, states);
    } else {
        forget_node(s, n);
    }
    for (struct ebpf_state *next; states; states = next) {
        next = states->next;
        states->next = NULL;
        run(s, states, insn);
    }
}

static void clean_up(struct ebpf_safety *s)
{
    for (size_t i = 0; i < s->node_capacity; i++)
        for (struct ebpf_node *n = s->nodes[i], *next; n; n = next) {
            next = n->next;
            free_states(s, n->states);
            ebpf_state_free(s, n->last);
            ebpf_mem_free(&s->mem, n, sizeof(*n));
        }
    ebpf_mem_free(&s->mem, s->nodes, s->node_capacity * sizeof(struct ebpf_node *));
    ebpf_mem_free(&s->mem, s->heap, s->heap_capacity * sizeof(struct ebpf_node *));
    s->nodes = s->heap = NULL;
    s->node_capacity = s->node_count = s->heap_capacity = s->heap_count = 0;
}

/* What registers hold at the start: the kernel's types find their context, kinds of VM what is
 * theirs, and zeros. */
static void set_arguments(struct ebpf_safety *s, struct ebpf_state *state)
{
    const struct ebpf_scalar zero = ebpf_scalar_const(0);
    const struct ebpf_value ctx = {.kind = EBPF_V_CTX, .number = zero};
    if (!(s->type->flags & EBPF_TYPE_OF_KIND)) {
        ebpf_set_reg(s, state, EBPF_R1, ebpf_value(&s->values, &ctx));
        return;
    }
    for (unsigned r = EBPF_R1; r <= EBPF_R5; r++)
        ebpf_set_reg(s, state, r, ebpf_value_scalar(&s->values, &zero));
    if (s->type->flags & EBPF_TYPE_PACKET_ARG) {
        ebpf_set_reg(s, state, EBPF_R1, ebpf_packet_start(s));
        ebpf_set_reg(s, state, EBPF_R2, state->size);
    }
}

bool ebpf_safety_explore(struct ebpf_safety *s)
{
    struct ebpf_state *state = ebpf_state_new(s);
    if (!state)
        return false;
    state->size = ebpf_packet_size(s);
    set_arguments(s, state);
    park(s, state, 0, false);
    while (s->heap_count && !ebpf_gives_up(s) && !s->no_memory && !s->values.failed &&
           (!s->failure || s->last_try))
        work(s, pop(s));
    clean_up(s);
    s->no_memory |= s->values.failed;
    return !s->no_memory && !s->failure && !s->limit;
}
