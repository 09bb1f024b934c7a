/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the maps of a program hold: printed, written as JSON, and read from that again. */
#ifndef TOOLS_MAPS_H
#define TOOLS_MAPS_H

#include "tools/input.h"

/* Larger numbers are written as bytes: who reads JSON may keep no more digits of a number. */
#define TOOL_JSON_NUMBER_MAX (UINT64_C(1) << 53)

/* Prints all maps of a VM that are not read-only data; as JSON if that is asked for.  Gives `code`
 * unless that fails. */
enum tool_exit tool_maps_print(struct tool *tool, const struct ebpf_vm *vm, enum tool_exit code);

/* Prints one of them. */
enum tool_exit tool_map_print(struct tool *tool, struct ebpf_map *map);

/* Writes them as a JSON object to the file of --save-maps, if there is one; `code` unless that
 * fails. */
enum tool_exit tool_maps_save(struct tool *tool, const struct ebpf_vm *vm, enum tool_exit code);

/* Calls for the entries of a map in the order of their keys, so that output is the same each time:
 * a hash table has another order in each run.  Returns false if memory lacks for that. */
typedef int tool_map_each_fn(void *ctx, const void *key, const void *value);
bool tool_map_each(struct ebpf_map *map, tool_map_each_fn *each, void *ctx);

/* Puts into the maps of a VM what the files of --map=NAME=FILE have. */
enum tool_exit tool_maps_fill(struct tool *tool, const struct ebpf_vm *vm);

/* Puts what a file has into a map: JSON, or what ebpf_map_save() wrote. */
enum tool_exit tool_map_read(struct tool *tool, struct ebpf_map *map, const char *path);

/* Whether bytes are what ebpf_map_save() writes. */
bool tool_is_saved_map(const struct tool_bytes *bytes);

/* Puts the entries of a JSON text into a map; `name` is the file's. */
enum tool_exit tool_map_read_json(struct tool *tool, struct ebpf_map *map,
                                  const struct tool_bytes *text, const char *name);

/* Puts an entry into a map; key NULL for kinds without.  What goes wrong is told of `where`. */
enum tool_exit tool_map_put(struct tool *tool, struct ebpf_map *map, const void *key,
                            const void *value, const char *where);

/* What reads JSON: a library and its version, or that there is none. */
const char *tool_json_library(void);

#endif
