/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls of local functions, and the way back. */
#include "base/mem.h"
#include "ir/verify/safety/safety.h"

#define NONE EBPF_TARGET_NONE

enum { FIRST_CHAINS = 64 };

/* Where the list of contexts starts that one is in. */
static uint32_t *list_of(const struct ebpf_safety *s, const struct ebpf_call_chain *c)
{
    uint32_t h = (c->call ^ c->parent * 0x9e3779b9u) * 0x85ebca6bu;
    return &s->chains[(h ^ h >> 15) & (s->chain_capacity - 1)];
}

static bool grow(struct ebpf_safety *s)
{
    struct ebpf_call_chain *all = s->contexts.data;
    size_t capacity = s->chain_capacity ? s->chain_capacity * 2 : FIRST_CHAINS;
    uint32_t *chains = ebpf_mem_alloc(&s->mem, capacity * sizeof(*chains));
    if (!chains)
        return false;
    ebpf_mem_free(&s->mem, s->chains, s->chain_capacity * sizeof(*chains));
    s->chains = chains;
    s->chain_capacity = capacity;
    for (size_t i = 0; i < capacity; i++)
        chains[i] = NONE;
    for (uint32_t i = 0; i < s->contexts.count; i++) {
        uint32_t *list = list_of(s, &all[i]);
        all[i].next = *list;
        *list = i;
    }
    return true;
}

void ebpf_contexts_free(struct ebpf_safety *s)
{
    ebpf_vec_free(&s->contexts);
    ebpf_mem_free(&s->mem, s->chains, s->chain_capacity * sizeof(*s->chains));
    s->chains = NULL;
    s->chain_capacity = 0;
}

/* The context like this one, which is made if there is none; NONE without memory. */
static uint32_t enter(struct ebpf_safety *s, struct ebpf_call_chain like)
{
    const struct ebpf_call_chain *all = s->contexts.data;
    uint32_t at = s->chain_capacity ? *list_of(s, &like) : NONE;
    while (at != NONE && (all[at].parent != like.parent || all[at].call != like.call ||
                          all[at].first != like.first))
        at = all[at].next;
    if (at != NONE)
        return at;
    like.depth = all[like.parent].depth + 1;
    struct ebpf_call_chain *made = NULL;
    if (s->contexts.count < s->chain_capacity || grow(s))
        made = ebpf_vec_push(&s->contexts, 1);
    if (!made) {
        s->no_memory = true;
        return NONE;
    }
    uint32_t *list = list_of(s, &like);
    like.next = *list;
    *made = like;
    return *list = (uint32_t)s->contexts.count - 1;
}

/* Whether there is room for one more frame. */
static bool has_room(struct ebpf_safety *s, const struct ebpf_state *state)
{
    if (state->depth + 1 < EBPF_FRAMES)
        return true;
    ebpf_unproven(s, state, EBPF_ERR_CALL_DEPTH, NULL, "calls of more than %d frames",
                  EBPF_FRAMES);
    s->lost = true; /* run-time limits may be wider */
    return false;
}

enum ebpf_step ebpf_step_call(struct ebpf_safety *s, struct ebpf_state *state,
                              const struct ebpf_insn *insn)
{
    if (s->contract->unprivileged)
        ebpf_unproven(s, state, EBPF_ERR_CALL_KIND, "call helpers only",
                      "the unprivileged may not call local functions");
    if (!has_room(s, state))
        return EBPF_STEP_END;
    uint32_t context = enter(
        s, (struct ebpf_call_chain){
               .parent = state->context, .call = s->insn, .first = insn->target});
    if (context == NONE || !ebpf_state_push_frame(s, state))
        return EBPF_STEP_END;
    state->context = context;
    const struct ebpf_frame *caller = state->frames[state->depth - 1];
    for (unsigned r = EBPF_R1; r <= EBPF_R5; r++)
        state->frames[state->depth]->regs[r] = caller->regs[r];
    return EBPF_STEP_CALL;
}

/* Whether the current instruction is in a loop, or what called its function is. */
static bool is_in_loop(const struct ebpf_safety *s, uint32_t context)
{
    const struct ebpf_call_chain *all = s->contexts.data;
    for (uint32_t insn = s->insn; context != NONE; context = all[context].parent) {
        if (s->cfg->blocks[s->cfg->block_of[insn]].loop != EBPF_BLOCK_NONE)
            return true;
        insn = all[context].call;
    }
    return false;
}

/*
 * A function that is called back: the state goes into it, comes back to the call, and the helper
 * may call again or not.  That is a loop which the helper ends, and it is widened; what comes back
 * and is covered is dropped.  If there were a loop around it, that could seem to end because of
 * that, so such a loop is not taken for one that does.
 */
bool ebpf_enter_callback(struct ebpf_safety *s, struct ebpf_state *state, uint32_t first)
{
    if (!has_room(s, state))
        return false;
    if (is_in_loop(s, state->context))
        ebpf_endless(s, state, "it calls a helper that calls back");
    if (state->acquired_count)
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "give it back first",
                      "a record or socket is held while a helper calls back");
    uint32_t context = enter(
        s, (struct ebpf_call_chain){
               .parent = state->context, .call = s->insn, .first = first, .calls_back = true});
    if (context == NONE || !ebpf_state_push_frame(s, state))
        return false;
    state->context = context;
    return true;
}

/* Callbacks go on with 0, and end with 1. */
static void check_callback(struct ebpf_safety *s, const struct ebpf_state *state)
{
    const struct ebpf_value *r0 = ebpf_read_reg(s, state, EBPF_R0);
    if (ebpf_value_is_pointer(r0) || r0->number.umax > 1)
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "set r0 before the exit",
                      "functions that helpers call return 0 or 1");
    if (state->acquired_count)
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "give it back on every path",
                      "a record or socket is not given back");
}

static void check_result(struct ebpf_safety *s, const struct ebpf_state *state,
                         const struct ebpf_value *r0)
{
    if (s->contract->unprivileged && ebpf_value_is_pointer(r0))
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "return a number",
                      "the unprivileged may not return an address");
    if (!s->type->has_range)
        return;
    if (ebpf_value_is_pointer(r0) || r0->number.smin < s->type->least ||
        r0->number.smax > s->type->most)
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "set r0 before the exit",
                      "programs of type %s return %d to %d", s->type->name, (int)s->type->least,
                      (int)s->type->most);
}

void ebpf_leave_function(struct ebpf_safety *s, struct ebpf_state *state,
                         const struct ebpf_value *r0)
{
    const struct ebpf_call_chain *all = s->contexts.data;
    ebpf_state_pop_frame(s, state);
    state->context = all[state->context].parent;
    ebpf_set_reg(s, state, EBPF_R0, r0);
    for (unsigned r = EBPF_R1; r <= EBPF_R5; r++)
        ebpf_set_reg(s, state, r, NULL);
}

enum ebpf_step ebpf_step_exit(struct ebpf_safety *s, struct ebpf_state *state)
{
    const struct ebpf_call_chain *c =
        (const struct ebpf_call_chain *)s->contexts.data + state->context;
    const struct ebpf_value *r0 = ebpf_reg(state, EBPF_R0);
    if (state->depth == 0) {
        check_result(s, state, ebpf_read_reg(s, state, EBPF_R0));
        if (state->acquired_count)
            ebpf_unproven(s, state, EBPF_ERR_REJECTED, "give it back on every path",
                          "a record or socket is not given back");
        return EBPF_STEP_END;
    }
    if (c->calls_back) { /* r1 to r5 of the call are as they were, for the next one */
        check_callback(s, state);
        uint32_t parent = c->parent;
        ebpf_state_pop_frame(s, state);
        state->context = parent;
        return EBPF_STEP_RETURN;
    }
    if (r0 && r0->kind == EBPF_V_STACK && r0->frame == state->depth) {
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "return a number",
                      "the address of a frame that ends here is returned");
        r0 = ebpf_unknown(s);
    }
    ebpf_leave_function(s, state, r0);
    return EBPF_STEP_RETURN;
}
