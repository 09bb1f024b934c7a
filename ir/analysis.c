/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/analysis.h"

#include "base/mem.h"

void ebpf_analyses_init(struct ebpf_analyses *analyses, const struct ebpf_program *program,
                        const struct ebpf_mem *mem)
{
    *analyses = (struct ebpf_analyses){.program = program, .mem = ebpf_mem_or_default(mem)};
}

void ebpf_analyses_free(struct ebpf_analyses *analyses)
{
    if (analyses->have & EBPF_AN_CFG)
        ebpf_cfg_free(&analyses->cfg);
    analyses->have = 0;
}

static ebpf_status make_cfg(struct ebpf_analyses *analyses)
{
    ebpf_status status = ebpf_cfg_build(&analyses->cfg, analyses->program, &analyses->mem);
    if (status)
        ebpf_cfg_free(&analyses->cfg);
    else
        analyses->have |= EBPF_AN_CFG;
    return status;
}

static ebpf_status make_loops(struct ebpf_analyses *analyses)
{
    ebpf_status status = ebpf_cfg_find_dominators(&analyses->cfg);
    if (!status)
        status = ebpf_cfg_find_loops(&analyses->cfg);
    if (!status)
        analyses->have |= EBPF_AN_LOOPS;
    return status;
}

ebpf_status ebpf_analyses_make(struct ebpf_analyses *analyses, uint32_t wanted)
{
    ebpf_status status = EBPF_OK;
    if (wanted & EBPF_AN_FACTS)
        wanted |= EBPF_AN_LOOPS;
    if (wanted & EBPF_AN_LOOPS)
        wanted |= EBPF_AN_CFG;
    wanted &= ~analyses->have;
    if (wanted & EBPF_AN_CFG)
        status = make_cfg(analyses);
    if (!status && wanted & EBPF_AN_LOOPS)
        status = make_loops(analyses);
    return status;
}
