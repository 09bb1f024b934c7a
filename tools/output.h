/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Where the command writes: complaints, diagnostics, JSON, and files named by --output. */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include "tools/cli.h"

/* "ebpfvm: ..." on stderr, with a newline. */
void tool_error(const char *format, ...) EBPF_PRINTF(1, 2);

/* Reports a failure that has no place in a source: on stderr, or in the JSON's diagnostics.
 * Gives the exit code for `status`. */
enum tool_exit tool_fail(struct tool *tool, ebpf_status status, const char *format, ...)
    EBPF_PRINTF(3, 4);

/* The exit code of a command whose work came to `status`. */
enum tool_exit tool_exit_of(ebpf_status status);

/* The same for a call that was given tool->diag: without memory the report lacks what is wrong, and
 * then this says it. */
enum tool_exit tool_done(struct tool *tool, ebpf_status status);

/* Whether to write colours to a file. */
bool tool_is_colored(const struct tool *tool, FILE *file);

/* "key": and a formatted value, in the JSON object on stdout. */
void tool_json(struct tool *tool, const char *key, const char *format, ...) EBPF_PRINTF(3, 4);

/* The last words of every command: the diagnostics, and the end of the JSON object. */
void tool_finish(struct tool *tool, enum tool_exit code);

/* The file of --output, or stdout.  NULL after a complaint. */
FILE *tool_output_open(struct tool *tool);

/* To be called when writing may just have failed: remembers why. */
void tool_output_check(struct tool *tool, FILE *file);

/* Closes it; `code` unless writing failed, which is complained about. */
enum tool_exit tool_output_close(struct tool *tool, FILE *file, enum tool_exit code);

/* A number of options and offsets: decimal, or hexadecimal after 0x. */
bool tool_number(const char *text, uint64_t *out);

/* Two of them, with a comma between. */
bool tool_numbers(const char *text, uint64_t *first, uint64_t *second);

#endif
