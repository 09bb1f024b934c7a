/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Ctrl-C: ends runs and loops, so that what was done so far can be printed. */
#ifndef TOOLS_INTERRUPT_H
#define TOOLS_INTERRUPT_H

#include <stdbool.h>

#include <ebpfvm/backend.h>

/* From now on Ctrl-C raises the switch that it returns; a second one ends the process. */
const struct ebpf_interrupt *tool_interrupt_install(void);

/* Whether it was pressed. */
bool tool_interrupted(void);

#endif
