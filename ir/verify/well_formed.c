/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What every engine relies on, and no more. */
#include "ir/verify/rules.h"

/* Whether a function's last instruction lets control run on. */
static bool runs_on(const struct ebpf_program *program, const struct ebpf_function *function)
{
    const struct ebpf_insn *last = ebpf_program_at(program, function->first + function->count - 1);
    return !(ebpf_op_table[last->op].effects & EBPF_FX_TERMINATOR);
}

/* Running on does no harm where control never comes.  The graph, which tells, is made only if a
 * function needs it. */
static ebpf_status check_ends(struct ebpf_verify *verify)
{
    uint32_t functions;
    const struct ebpf_function *f = ebpf_program_functions(verify->program, &functions);
    for (uint32_t i = 0; i < functions; i++) {
        if (!runs_on(verify->program, &f[i]))
            continue;
        ebpf_status status = ebpf_analyses_make(&verify->analyses, EBPF_AN_CFG);
        if (status)
            return status;
        const struct ebpf_cfg *cfg = &verify->analyses.cfg;
        uint32_t last = f[i].first + f[i].count - 1;
        if (cfg->blocks[cfg->block_of[last]].order != EBPF_BLOCK_NONE)
            ebpf_reject_fall_through(verify, last);
    }
    return EBPF_OK;
}

static ebpf_status run(struct ebpf_verify *verify, void *ctx)
{
    (void)ctx;
    ebpf_check_rules(verify, EBPF_LENIENT);
    return check_ends(verify);
}

const struct ebpf_pass ebpf_pass_well_formed = {
    .name = "well-formed",
    .summary = "what engines rely on: instructions that exist, targets and ends of functions",
    .gives = EBPF_AN_WELL_FORMED,
    .run = run};
