/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What is known of a program: analyses are made when somebody first asks for them, kept, and freed
 * together. */
#ifndef IR_ANALYSIS_H
#define IR_ANALYSIS_H

#include "ir/cfg.h"

struct ebpf_analyses {
    const struct ebpf_program *program;
    struct ebpf_mem mem;
    uint32_t have;       /* bits of enum ebpf_analysis */
    struct ebpf_cfg cfg; /* where `have` says so */
};

void ebpf_analyses_init(struct ebpf_analyses *analyses, const struct ebpf_program *program,
                        const struct ebpf_mem *mem);
void ebpf_analyses_free(struct ebpf_analyses *analyses);

/* Makes those of the analyses in `wanted` that do not stand, with what they imply.  WELL_FORMED and
 * FACTS are not among them: those take a pass.  EBPF_OK or EBPF_ERR_NOMEM. */
ebpf_status ebpf_analyses_make(struct ebpf_analyses *analyses, uint32_t wanted);

#endif
