/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The inside of a verification, for the built-in passes. */
#ifndef IR_PASS_H
#define IR_PASS_H

#include <ebpfvm/verify.h>

#include "ir/analysis.h"
#include "ir/env.h"

struct ebpf_verify {
    const struct ebpf_program *program;
    struct ebpf_diag *diag;
    const struct ebpf_contract *contract; /* NULL if none was given */
    struct ebpf_analyses analyses;
    struct ebpf_arena arena;      /* memory of the passes */
    const struct ebpf_pass *pass; /* the one that runs */
    uint32_t findings;            /* rejections and warnings of that pass */
    ebpf_status rejected;         /* status of its first rejection */
};

/* The built-in passes. */
#define EBPF_PASS(id, strict, lenient) extern const struct ebpf_pass ebpf_pass_##id;
#include "ir/verify/passes.def"
#undef EBPF_PASS

#endif
