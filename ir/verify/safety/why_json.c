/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Why something is not proven, as JSON for programs: the path that leads there, and what registers
 * hold on it and at its end. */
#include <string.h>

#include "base/stream.h"
#include "ir/liveness.h"
#include "ir/verify/safety/safety.h"

enum { MOST_STEPS = 100, VALUE = 64 };

/* The registers among `regs` that are known to hold something. */
static void put_registers(struct ebpf_out *out, const struct ebpf_value *const *regs,
                          uint16_t which)
{
    const char *between = "";
    ebpf_out_puts(out, "\"registers\": {");
    for (unsigned reg = 0; reg < EBPF_REG_FP; reg++) {
        char text[VALUE];
        if (!(which >> reg & 1) || !regs[reg])
            continue;
        ebpf_value_print(regs[reg], text, sizeof(text));
        ebpf_out_printf(out, "%s\"r%u\": \"%s\"", between, reg, text);
        between = ", ";
    }
    ebpf_out_char(out, '}');
}

static void put_source(struct ebpf_out *out, const struct ebpf_program *program, uint32_t insn)
{
    struct ebpf_location place = ebpf_program_location(program, insn);
    if (place.file) {
        ebpf_out_puts(out, ", \"file\": ");
        ebpf_out_json(out, place.file, strlen(place.file));
    }
    if (place.line)
        ebpf_out_printf(out, ", \"line\": %u", place.line);
    if (place.source) {
        ebpf_out_puts(out, ", \"source\": ");
        ebpf_out_json(out, place.source, place.source_length);
    }
}

/* What a turn is.  Behind a tail call it is a return, by another program. */
static const char *kind_of(const struct ebpf_safety *s, const struct ebpf_turn *turn)
{
    switch (ebpf_program_at(s->program, turn->insn)->op) {
    case EBPF_OP_EXIT: return "return";
    case EBPF_OP_CALL_LOCAL: return "call";
    case EBPF_OP_CALL: return ebpf_calls_back(s, turn->insn) ? "callback" : "return";
    default: return "branch";
    }
}

static void put_step(struct ebpf_out *out, const struct ebpf_safety *s,
                     const struct ebpf_turn *turn)
{
    const struct ebpf_program *program = s->program;
    const struct ebpf_insn *insn = ebpf_program_at(program, turn->insn);
    const struct ebpf_value *regs[EBPF_REG_COUNT] = {NULL};
    const char *kind = kind_of(s, turn);
    ebpf_out_printf(out, "{\"pc\": %u, \"kind\": \"%s\", \"to\": %u",
                    ebpf_program_pc(program, turn->insn), kind,
                    ebpf_program_pc(program, turn->next));
    put_source(out, program, turn->insn);
    if (!strcmp(kind, "branch")) {
        ebpf_out_printf(out, ", \"holds\": %s, ", turn->next == insn->target ? "true" : "false");
        regs[insn->src] = turn->src;
        regs[insn->dst] = turn->dst;
        put_registers(out, regs, ebpf_insn_uses(insn));
    }
    ebpf_out_char(out, '}');
}

void ebpf_why_write(struct ebpf_safety *s, const struct ebpf_state *state)
{
    const struct ebpf_turn *steps[MOST_STEPS];
    uint32_t kept = 0, left_out = 0;
    for (const struct ebpf_turn *t = state->turn; t; t = t->before) {
        if (kept < MOST_STEPS)
            steps[kept++] = t;
        else
            left_out++;
    }
    struct ebpf_out out;
    ebpf_out_init(&out, s->verify->view->why);
    ebpf_out_printf(&out, "{\"left_out\": %u, \"path\": [", left_out);
    for (uint32_t i = kept; i-- > 0;) {
        put_step(&out, s, steps[i]);
        ebpf_out_puts(&out, i ? ",\n  " : "");
    }
    ebpf_out_puts(&out, "],\n  ");
    put_registers(&out, state->frames[state->depth]->regs, UINT16_MAX);
    ebpf_out_char(&out, '}');
    ebpf_out_flush(&out);
}
