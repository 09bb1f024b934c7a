/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backends/x86_64/plan.h"

#include "ir/regs.h"

enum {
    OWN_FRAME = 4096, /* a frame of no more than this can be on the machine's stack, */
    OWN_ZEROED = 128  /* if no more of it has to be zeroed */
};

static void mark(struct x64_plan *plan, uint32_t insn, unsigned flags)
{
    plan->block_count += !(plan->flags[insn] & X64_LEADER);
    plan->flags[insn] |= (uint16_t)(X64_LEADER | flags);
}

/* Formats of instructions that need no run, as bits; accesses do if they are checked. */
static const uint32_t need_no_run =
    1u << EBPF_FMT_ALU_IMM | 1u << EBPF_FMT_ALU_REG | 1u << EBPF_FMT_ALU_UN | 1u << EBPF_FMT_END |
    1u << EBPF_FMT_IMM64 | 1u << EBPF_FMT_JA | 1u << EBPF_FMT_JA32 | 1u << EBPF_FMT_JMP_IMM |
    1u << EBPF_FMT_JMP_REG | 1u << EBPF_FMT_LDX | 1u << EBPF_FMT_ST | 1u << EBPF_FMT_STX |
    1u << EBPF_FMT_EXIT;

bool x64_needs_run(const struct ebpf_insn *insn)
{
    return !(need_no_run >> ebpf_op_table[insn->op].format & 1) || insn->op == EBPF_OP_DATA;
}

/* Liveness, first as if functions took all five arguments, then with those that they look at. */
static bool find_liveness(struct x64_plan *plan, const struct ebpf_program *program)
{
    uint32_t functions;
    const struct ebpf_function *f = ebpf_program_functions(program, &functions);
    ebpf_liveness(program, plan->flow);
    if (functions == 1)
        return true;
    uint16_t *needs = ebpf_arena_alloc(&plan->arena, functions * sizeof(*needs));
    if (!needs)
        return false;
    for (uint32_t n = 0; n < functions; n++)
        needs[n] = ebpf_flow_before(&plan->flow[f[n].first]);
    ebpf_liveness_of_calls(program, needs, plan->flow);
    return true;
}

/* Marks what a function's jumps and local calls make a start of blocks, and where the budget is
 * compared because of calls; notes what it does to registers, and whether it calls anything or
 * needs a run. */
static void look_at(struct x64_plan *plan, const struct ebpf_program *program, uint32_t number)
{
    const unsigned ends_block = EBPF_FX_JUMP | EBPF_FX_TERMINATOR;
    const struct ebpf_function *f = (const struct ebpf_function *)program->functions.data + number;
    const struct ebpf_insn *insn = ebpf_program_at(program, f->first);
    uint32_t count = ebpf_program_count(program), formats = 0;
    unsigned uses = 0, ends = 0, effects = 0;
    mark(plan, f->first, X64_CHECKPOINT | X64_ENTRY);
    for (uint32_t i = f->first; i < f->first + f->count; i++, insn++) {
        const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
        uses |= plan->flow[i].uses;
        ends |= plan->flow[i].ends;
        effects |= info->effects;
        formats |= insn->op == EBPF_OP_DATA ? ~need_no_run : 1u << info->format;
        if (!(info->effects & (ends_block | EBPF_FX_CALL)))
            continue;
        bool is_local_call = insn->op == EBPF_OP_CALL_LOCAL;
        plan->has_local_calls |= is_local_call;
        if (info->effects & EBPF_FX_JUMP && insn->target < count)
            mark(plan, insn->target, X64_TARGET);
        if ((info->effects & ends_block || is_local_call) && i + 1 < count)
            mark(plan, i + 1, is_local_call ? X64_CHECKPOINT : 0);
    }
    plan->needs_run |= (formats & ~(need_no_run | 1u << EBPF_FMT_CALL_LOCAL)) != 0;
    plan->functions[number].defined = (uint16_t)ends;
    plan->functions[number].touched = (uint16_t)(uses | ends);
    plan->functions[number].calls = (effects & EBPF_FX_CALL) != 0;
}

static void look_around(struct x64_plan *plan, const struct ebpf_program *program)
{
    uint32_t functions;
    const struct ebpf_function *f = ebpf_program_functions(program, &functions);
    for (uint32_t n = 0; n < functions; n++) {
        look_at(plan, program, n);
        plan->live_at_start |= ebpf_flow_before(&plan->flow[f[n].first]);
        plan->uses_fp |= plan->functions[n].touched >> EBPF_REG_FP & 1;
    }
    plan->uses_fp |= plan->has_local_calls;
}

/* Whether code asks the host for something on its way, or its stack is the host's business. */
static bool asks_host(const struct x64_plan *plan, const struct ebpf_compile *in)
{
    bool loops = plan->heads || in->code.flags & EBPF_CODE_BLINDED; /* which puts registers aside */
    bool seen = plan->fp_escapes || plan->zeroed > OWN_ZEROED || in->frame_sizes[0] > OWN_FRAME;
    return (plan->counts && loops) || (plan->uses_fp && seen);
}

/* How much of the frame must be zero when the program starts. */
static void find_zeroed(struct x64_plan *plan, const struct ebpf_compile *in)
{
    plan->zeroed = plan->has_local_calls ? 0 /* functions do it themselves */
                   : plan->fp_escapes    ? in->frame_sizes[0]
                                         : (uint32_t)-(plan->functions[0].stack_low & -8);
}

/* Which accesses are checked, and what that leaves to be looked at where functions are called. */
static ebpf_status plan_checks(struct x64_plan *plan, const struct ebpf_compile *in)
{
    ebpf_status status = x64_plan_checks(plan, in);
    if (status)
        return status;
    x64_plan_calls(plan, in);
    find_zeroed(plan, in);
    return EBPF_OK;
}

/* A function has no run to share a frame with, and nobody who counts. */
static ebpf_status plan_function(struct x64_plan *plan, const struct ebpf_compile *in)
{
    plan->needs_frame = false;
    plan->frames_differ = false;
    ebpf_status status = plan_checks(plan, in);
    if (!status && in->as_burst && (plan->checks.count || plan->needs_run || plan->heads ||
                                    in->program->functions.count > 1 || in->code.flags))
        return EBPF_ERR_UNSUPPORTED; /* nothing may turn up on the way */
    status = status ? status : x64_plan_switches(plan, in);
    status = status ? status : x64_plan_runs(plan, in->program);
    return status ? status : x64_plan_layout(plan, in);
}

/* What functions take over from each other counts as live everywhere. */
static uint16_t correct_liveness(struct x64_plan *plan, const struct ebpf_program *program)
{
    uint32_t count = ebpf_program_count(program);
    uint16_t across = ebpf_live_across(program, plan->flow);
    for (uint32_t i = 0; i < count && across; i++)
        plan->flow[i].live |= across;
    return across;
}

/* What is live before the instruction `at` beside what it uses itself. */
static uint16_t more_before(const struct x64_plan *plan, uint32_t at, uint16_t more)
{
    switch (x64_role(plan, at)) {
    case EBPF_WIDE_OMIT:
        return more;
    case EBPF_WIDE_LAST:
        return (uint16_t)((more & ~plan->wide_defs[at]) | plan->wide_uses[at]);
    default:
        return more & (uint16_t)~plan->flow[at].ends;
    }
}

/*
 * Wide accesses use registers where the program as it is written does not any more; adds that to
 * what is live.  It does not reach beyond a block: what a wide access uses was live when the block
 * started.
 */
static bool extend_liveness(struct x64_plan *plan, const struct ebpf_program *program)
{
    uint32_t count = ebpf_program_count(program);
    const struct ebpf_wide *wide = plan->wides.wides.data;
    if (plan->wides.wides.count == 0)
        return true;
    plan->wide_uses = ebpf_arena_zalloc(&plan->arena, count, sizeof(*plan->wide_uses));
    plan->wide_defs = ebpf_arena_zalloc(&plan->arena, count, sizeof(*plan->wide_defs));
    if (!plan->wide_uses || !plan->wide_defs)
        return false;
    for (size_t n = 0; n < plan->wides.wides.count; n++) {
        uint16_t value = (uint16_t)(1u << wide[n].value);
        plan->wide_uses[wide[n].last] |= (uint16_t)(1u << wide[n].last_base |
                                                    (wide[n].store ? value : 0u));
        plan->wide_defs[wide[n].last] = wide[n].store ? 0 : value;
    }
    uint16_t more = 0;
    for (uint32_t i = count; i-- > 0;) {
        plan->flow[i].live |= more;
        if (plan->flags[i] & X64_LEADER)
            more = 0;
        else if (more || x64_role(plan, i) == EBPF_WIDE_LAST)
            more = more_before(plan, i, more);
    }
    return true;
}

ebpf_status x64_plan_make(struct x64_plan *plan, const struct ebpf_compile *in)
{
    const struct ebpf_program *program = in->program;
    uint32_t count = ebpf_program_count(program);
    *plan = (struct x64_plan){.counts = false};
    ebpf_arena_init(&plan->arena, in->mem);
    ebpf_vec_init(&plan->checks, in->mem, sizeof(struct x64_check));
    ebpf_vec_init(&plan->switches, in->mem, sizeof(struct x64_switch));
    ebpf_vec_init(&plan->ways, in->mem, sizeof(struct x64_way));
    plan->flags = ebpf_arena_zalloc(&plan->arena, count, sizeof(*plan->flags));
    plan->functions = ebpf_arena_zalloc(&plan->arena, program->functions.count,
                                        sizeof(*plan->functions));
    plan->flow = ebpf_arena_alloc(&plan->arena, count * sizeof(*plan->flow));
    if (!plan->flags || !plan->functions || !plan->flow)
        return EBPF_ERR_NOMEM;
    if (!find_liveness(plan, program))
        return EBPF_ERR_NOMEM;
    look_around(plan, program);
    for (size_t i = 1; i < program->functions.count; i++)
        plan->frames_differ |= in->frame_sizes[i] != in->frame_sizes[0] || !in->frame_sizes[i];
    uint16_t across = plan->has_local_calls ? correct_liveness(plan, program) : 0;
    if (!across && !ebpf_wides_find(program, plan->flow, &plan->wides))
        return EBPF_ERR_NOMEM;
    if (!extend_liveness(plan, program))
        return EBPF_ERR_NOMEM;
    ebpf_status status = x64_plan_loops(plan, program);
    if (!status && in->as_function)
        return plan_function(plan, in);
    status = status ? status : plan_checks(plan, in);
    status = status ? status : x64_plan_runs(plan, program);
    status = status ? status : x64_plan_budget(plan, program);
    status = status ? status : x64_plan_switches(plan, in);
    status = status ? status : x64_plan_layout(plan, in);
    plan->needs_run |= plan->has_local_calls || plan->checks.count;
    plan->needs_frame = plan->needs_run || asks_host(plan, in);
    if (program->functions.count > 1) /* who goes on in place of the code needs all frames */
        plan->needs_run = plan->needs_frame;
    return status;
}

void x64_plan_free(struct x64_plan *plan)
{
    ebpf_wides_free(&plan->wides);
    ebpf_vec_free(&plan->checks);
    ebpf_vec_free(&plan->switches);
    ebpf_vec_free(&plan->ways);
    ebpf_arena_reset(&plan->arena);
}
