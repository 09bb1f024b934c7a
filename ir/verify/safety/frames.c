/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls of local functions, and the way back. */
#include "ir/verify/safety/safety.h"

/* The context of a call; UINT32_MAX without memory. */
static uint32_t enter(struct ebpf_safety *s, uint32_t parent, uint32_t call, uint32_t first,
                      bool calls_back)
{
    const struct ebpf_call_chain *all = s->contexts.data;
    for (size_t i = parent + 1; i < s->contexts.count; i++)
        if (all[i].parent == parent && all[i].call == call && all[i].first == first)
            return (uint32_t)i;
    uint32_t depth = all[parent].depth + 1;
    struct ebpf_call_chain *made = ebpf_vec_push(&s->contexts, 1);
    if (!made) {
        s->no_memory = true;
        return UINT32_MAX;
    }
    *made = (struct ebpf_call_chain){parent, call, first, depth, calls_back};
    return (uint32_t)s->contexts.count - 1;
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
    uint32_t context = enter(s, state->context, s->insn, insn->target, false);
    if (context == UINT32_MAX || !ebpf_state_push_frame(s, state))
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
    for (uint32_t insn = s->insn; context != UINT32_MAX; context = all[context].parent) {
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
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "submit or discard it first",
                      "a record is held while a helper calls back");
    uint32_t context = enter(s, state->context, s->insn, first, true);
    if (context == UINT32_MAX || !ebpf_state_push_frame(s, state))
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
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "submit or discard it on every path",
                      "a record of a ring buffer is not given back");
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

enum ebpf_step ebpf_step_exit(struct ebpf_safety *s, struct ebpf_state *state)
{
    const struct ebpf_call_chain *c =
        (const struct ebpf_call_chain *)s->contexts.data + state->context;
    const struct ebpf_value *r0 = ebpf_reg(state, EBPF_R0);
    if (state->depth == 0) {
        check_result(s, state, ebpf_read_reg(s, state, EBPF_R0));
        if (state->acquired_count)
            ebpf_unproven(s, state, EBPF_ERR_REJECTED, "submit or discard it on every path",
                          "a record of a ring buffer is not given back");
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
    ebpf_state_pop_frame(s, state);
    state->context = c->parent;
    ebpf_set_reg(s, state, EBPF_R0, r0);
    for (unsigned r = EBPF_R1; r <= EBPF_R5; r++)
        ebpf_set_reg(s, state, r, NULL);
    return EBPF_STEP_RETURN;
}
