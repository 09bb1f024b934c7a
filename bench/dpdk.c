/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Programs get one argument there: the second one, the size of the memory, is set by an instruction
 * put before the program.
 */
#include "bench/dpdk.h"

#include <stdlib.h>
#include <string.h>

#include <rte_bpf.h>
#include <rte_log.h>

struct rte_bpf *dpdk_load(const uint8_t *code, size_t size, uint32_t mem_size)
{
    struct ebpf_insn *insns = malloc(size + sizeof(*insns));
    struct rte_bpf_prm prm = {.ins = insns, .nb_ins = (uint32_t)(size / sizeof(*insns) + 1),
                              .prog_arg = {.type = RTE_BPF_ARG_PTR, .size = mem_size}};
    if (!insns)
        return NULL;
    insns[0] = (struct ebpf_insn){.code = 0xb7 /* r2 = imm */, .dst_reg = 2, .imm = (int)mem_size};
    memcpy(insns + 1, code, size);
    rte_log_set_global_level(RTE_LOG_EMERG); /* programs may well be refused */
    struct rte_bpf *bpf = rte_bpf_load(&prm);
    free(insns);
    size_t code_size;
    if (bpf && !dpdk_function(bpf, &code_size)) {
        rte_bpf_destroy(bpf);
        return NULL;
    }
    return bpf;
}

void dpdk_free(struct rte_bpf *bpf)
{
    rte_bpf_destroy(bpf);
}

dpdk_fn *dpdk_function(const struct rte_bpf *bpf, size_t *size)
{
    struct rte_bpf_jit jit;
    if (rte_bpf_get_jit(bpf, &jit) || !jit.func)
        return NULL;
    *size = jit.sz;
    return jit.func;
}
