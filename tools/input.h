/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the command reads: files, hexadecimal text, and programs in any form. */
#ifndef TOOLS_INPUT_H
#define TOOLS_INPUT_H

#include "tools/cli.h"

/* Bytes of the heap, with a NUL behind them; free(data). */
struct tool_bytes {
    char *data;
    size_t size;
};

/* Reads a whole file; "-" is standard input. */
enum tool_exit tool_read(struct tool *tool, const char *path, struct tool_bytes *out);

/* What reports call a file. */
const char *tool_input_name(const char *path);

enum tool_hex { TOOL_HEX_OK, TOOL_HEX_CHARACTER, TOOL_HEX_ODD, TOOL_HEX_NOMEM };

/* Reads bytes in hexadecimal: blanks, commas, colons and the like, "0x" and "\x" prefixes,
 * comments, and what stands around the braces of a C array do not matter.  `bad` is where it went
 * wrong. */
enum tool_hex tool_hex_parse(const char *text, size_t length, struct tool_bytes *out, size_t *bad);

/* A place in a text that something is wrong with. */
struct tool_place {
    const char *text, *name; /* the name as reports have it */
    size_t length, at, width;
    ebpf_status status;
    const char *advice;
};

/* Adds a report about it, with its line. */
void tool_point(struct tool *tool, const struct tool_place *place, const char *format, ...)
    EBPF_PRINTF(3, 4);

/* Parses as tool_hex_parse(), with a complaint that shows the place. */
enum tool_exit tool_hex_read(struct tool *tool, const char *text, size_t length, const char *name,
                             struct tool_bytes *out);

/* The program of a FILE, "-" or HEX operand, in the form that --format names; or that of --filter,
 * if it is given. */
enum tool_exit tool_load(struct tool *tool, const char *operand, struct ebpf_program **out);

/* Whether bytes are no text. */
bool tool_is_binary(const struct tool_bytes *bytes);

/* Whether bytes start as an ELF object does. */
bool tool_is_object(const struct tool_bytes *bytes);

/* Opens an ELF object, with what --btf and --kconfig give. */
enum tool_exit tool_open_object(struct tool *tool, const struct tool_bytes *bytes,
                                const char *name, struct ebpf_elf **out);

/* The program of an ELF object, as --program chooses. */
enum tool_exit tool_load_object(struct tool *tool, const struct tool_bytes *bytes,
                                const char *name, struct ebpf_program **out);

/* The program of assembly text, or of classic BPF. */
enum tool_exit tool_load_text(struct tool *tool, const char *path, struct ebpf_program **out);

#endif
