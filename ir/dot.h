/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Drawing the control-flow graph with a path in it. */
#ifndef IR_DOT_H
#define IR_DOT_H

#include <ebpfvm/stream.h>

#include "ir/program.h"

/* Where a branch was decided or a call made, and where control went on. */
struct ebpf_waypoint {
    uint32_t insn, next;
    const char *text; /* what there is to say of it, or NULL */
};

/* From the start of the program by way of `turns` to the instruction `end`; NONE for no path. */
struct ebpf_dot_path {
    const struct ebpf_waypoint *turns;
    uint32_t count;
    uint32_t end;
};

/* The program must be well-formed. */
ebpf_status ebpf_dot_draw(const struct ebpf_program *program, const struct ebpf_dot_path *path,
                          const struct ebpf_stream *out);

#endif
