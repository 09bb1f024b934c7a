/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the maps of a program hold. */
#ifndef TOOLS_MAPS_H
#define TOOLS_MAPS_H

#include "tools/cli.h"

/* Prints all maps of a VM that are not read-only data; as JSON if that is asked for. */
void tool_maps_print(struct tool *tool, const struct ebpf_vm *vm);

#endif
