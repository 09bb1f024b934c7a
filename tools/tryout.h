/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Which programs of an object can run here, and why others cannot. */
#ifndef TOOLS_TRYOUT_H
#define TOOLS_TRYOUT_H

#include "tools/cli.h"

/* What loading a function of an object came to. */
struct tool_loaded {
    struct ebpf_program *program; /* NULL if it cannot be loaded */
    /* Why it cannot be loaded or run; and, as a warning each, what ends a run that comes by it. */
    struct ebpf_diag *diag;
    bool runs; /* it can run, by the verifier, the helpers and the default engine; or is there for
                  others to call */
};

/* Loads all functions, `count` of them; NULL if there is no memory. */
struct tool_loaded *tool_load_functions(struct tool *tool, struct ebpf_elf *elf, uint32_t *count);
void tool_free_functions(struct tool_loaded *loaded, uint32_t count);

#endif
