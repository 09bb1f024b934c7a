/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Filters of classic BPF: expressions, text of numbers, and bytes. */
#ifndef TOOLS_FILTER_H
#define TOOLS_FILTER_H

#include "tools/input.h"

/* The program of the expression that --filter gives. */
enum tool_exit tool_load_filter(struct tool *tool, struct ebpf_program **out);

/* The program of what `tcpdump -ddd` writes, or of an array of struct sock_filter. */
enum tool_exit tool_load_cbpf(struct tool *tool, const struct tool_bytes *bytes, const char *name,
                              struct ebpf_program **out);

/* Whether bytes are text of classic BPF, instructions behind their number: no program in
 * hexadecimal has as many numbers. */
bool tool_is_cbpf(const struct tool_bytes *bytes);

#endif
