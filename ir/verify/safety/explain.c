/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What was not proven, in words. */
#include <stdarg.h>
#include <stdio.h>

#include "ir/verify/safety/safety.h"

/* The registers that hold something. */
static void describe(struct ebpf_safety *s, const struct ebpf_state *state)
{
    size_t used = 0;
    s->where[0] = '\0';
    for (unsigned r = 0; r < EBPF_REG_FP; r++) {
        const struct ebpf_value *v = ebpf_reg(state, r);
        char text[60];
        if (!v || v == ebpf_unknown(s))
            continue;
        ebpf_value_print(v, text, sizeof(text));
        int n = snprintf(s->where + used, sizeof(s->where) - used, "%sr%u = %s",
                         used ? ", " : "", r, text);
        used += n > 0 ? (size_t)n : 0;
        if (used >= sizeof(s->where) - 1)
            return;
    }
}

/* Keeps the first failure; its reason stands already. */
static void fail(struct ebpf_safety *s, const struct ebpf_state *state, ebpf_status status,
                 const char *advice)
{
    s->failure = status;
    s->failed_insn = s->insn;
    s->advice = advice;
    describe(s, state);
    if (s->watch)
        ebpf_watch_failed(s, state);
}

void ebpf_unproven(struct ebpf_safety *s, const struct ebpf_state *state, ebpf_status status,
                   const char *advice, const char *message, ...)
{
    s->facts[s->insn].flags |= EBPF_FACT_UNPROVEN;
    if (s->failure)
        return;
    va_list args;
    va_start(args, message);
    vsnprintf(s->reason, sizeof(s->reason), message, args);
    va_end(args);
    fail(s, state, status, advice);
}

void ebpf_endless(struct ebpf_safety *s, const struct ebpf_state *state, const char *why)
{
    s->facts[s->insn].flags |= EBPF_FACT_ENDLESS;
    if (s->failure)
        return;
    snprintf(s->reason, sizeof(s->reason), "the loop that starts here is not shown to end: %s",
             why);
    fail(s, state, EBPF_ERR_NOT_PROVEN, "let a number count up to a constant, or use may_goto");
}
