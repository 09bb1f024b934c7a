/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Virtual machines and verifiers as the options ask for them. */
#ifndef TOOLS_MACHINE_H
#define TOOLS_MACHINE_H

#include "tools/cli.h"

/* The most passes that a verifier may have here. */
enum { TOOL_PASSES_MAX = 16 };

/* The verifier that --lenient asks for, NULL-terminated; compilers leave dead code in objects.
 * @return how many passes it has */
size_t tool_passes(const struct tool *tool, const struct ebpf_pass *list[TOOL_PASSES_MAX + 1]);

/* A VM with its helpers and the compiled program. */
enum tool_exit tool_machine(struct tool *tool, enum ebpf_vm_kind kind,
                            struct ebpf_program *program, struct ebpf_vm **out);

#endif
