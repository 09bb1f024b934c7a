/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Names of objects and maps, which may have any bytes, as text and as JSON. */
#ifndef TOOLS_TEXT_H
#define TOOLS_TEXT_H

#include "tools/cli.h"

/* A name without quotes; NULL is empty. */
void tool_print_name(FILE *out, bool json, const char *name);

/* A name in a column. */
void tool_print_column(const char *name, size_t width);

/* A member of a JSON object whose first one is "name"; NULL is null. */
void tool_print_member(FILE *out, const char *key, const char *value);

/* The maps and data sections of an object: a table, or the elements of an array. */
void tool_print_declared(const struct tool *tool, const struct ebpf_map_decl *maps,
                         uint32_t count);

#endif
