/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Virtual machines and verifiers as the options ask for them. */
#ifndef TOOLS_MACHINE_H
#define TOOLS_MACHINE_H

#include "tools/cli.h"

/* The verifier that --lenient asks for. */
const struct ebpf_pass *const *tool_verifier(const struct tool *tool);

/* A VM with its helpers and the compiled program. */
enum tool_exit tool_machine(struct tool *tool, enum ebpf_vm_kind kind,
                            struct ebpf_program *program, struct ebpf_vm **out);

#endif
