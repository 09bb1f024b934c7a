/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What passes see of the analyses: the public view, which hides how they are kept. */
#include "ir/pass.h"

/* The graph if the analyses in `bits` stand, else NULL. */
static const struct ebpf_cfg *graph(const struct ebpf_verify *verify, uint32_t bits)
{
    return (verify->analyses.have & bits) == bits ? &verify->analyses.cfg : NULL;
}

const struct ebpf_block *ebpf_verify_blocks(const struct ebpf_verify *verify, uint32_t *count)
{
    const struct ebpf_cfg *cfg = graph(verify, EBPF_AN_CFG);
    *count = cfg ? cfg->block_count : 0;
    return cfg ? cfg->blocks : NULL;
}

uint32_t ebpf_verify_block_of(const struct ebpf_verify *verify, uint32_t insn)
{
    const struct ebpf_cfg *cfg = graph(verify, EBPF_AN_CFG);
    return cfg && insn < ebpf_program_count(verify->program) ? cfg->block_of[insn]
                                                             : EBPF_BLOCK_NONE;
}

const uint32_t *ebpf_verify_preds(const struct ebpf_verify *verify, uint32_t block,
                                  uint32_t *count)
{
    const struct ebpf_cfg *cfg = graph(verify, EBPF_AN_CFG);
    *count = 0;
    if (!cfg || block >= cfg->block_count)
        return NULL;
    *count = cfg->blocks[block].pred_count;
    return cfg->preds + cfg->blocks[block].pred_first;
}

const uint32_t *ebpf_verify_order(const struct ebpf_verify *verify, uint32_t *count)
{
    const struct ebpf_cfg *cfg = graph(verify, EBPF_AN_CFG);
    *count = cfg ? cfg->reach_count : 0;
    return cfg ? cfg->order : NULL;
}

const struct ebpf_loop *ebpf_verify_loops(const struct ebpf_verify *verify, uint32_t *count)
{
    const struct ebpf_cfg *cfg = graph(verify, EBPF_AN_LOOPS);
    *count = cfg ? cfg->loop_count : 0;
    return cfg ? cfg->loops : NULL;
}

int ebpf_verify_dominates(const struct ebpf_verify *verify, uint32_t a, uint32_t b)
{
    const struct ebpf_cfg *cfg = graph(verify, EBPF_AN_LOOPS);
    return cfg && a < cfg->block_count && b < cfg->block_count && ebpf_cfg_dominates(cfg, a, b);
}

const struct ebpf_fact *ebpf_verify_facts(const struct ebpf_verify *verify, uint32_t *count)
{
    *count = verify->facts ? ebpf_program_count(verify->program) : 0;
    return verify->facts;
}
