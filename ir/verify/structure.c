/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The form of a program, as strict as the kernel. */
#include "ir/verify/rules.h"

static ebpf_status run(struct ebpf_verify *verify, void *ctx)
{
    (void)ctx;
    ebpf_check_rules(verify, EBPF_STRICT);
    return EBPF_OK;
}

const struct ebpf_pass ebpf_pass_structure = {
    .name = "structure",
    .summary = "opcodes, registers, fields, constants, targets and ends of functions, strictly",
    .gives = EBPF_AN_WELL_FORMED,
    .run = run};
