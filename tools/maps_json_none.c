/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* In place of maps_json.c where the command is built without jansson. */
#include "tools/maps.h"
#include "tools/output.h"

enum tool_exit tool_map_read_json(struct tool *tool, struct ebpf_map *map,
                                  const struct tool_bytes *text, const char *name)
{
    (void)map, (void)text;
    return tool_fail(tool, EBPF_ERR_UNSUPPORTED,
                     "'%.200s': this ebpfvm was built without jansson, which reads JSON; install "
                     "it (Debian package: libjansson-dev) and build again", name);
}

const char *tool_json_library(void)
{
    return "built without jansson";
}
