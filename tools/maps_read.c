/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/maps.h"
#include "tools/output.h"

bool tool_is_saved_map(const struct tool_bytes *bytes)
{
    return bytes->size >= 8 && !memcmp(bytes->data, "EBPFMAP", 7);
}

/* Why an entry cannot be put into a map. */
static const char *reason(const struct ebpf_map_def *def, int error)
{
    bool indexed = def->kind == EBPF_MAP_ARRAY || def->kind == EBPF_MAP_PERCPU_ARRAY;
    switch (-error) {
    case E2BIG: return indexed ? "the index is out of range" : "the map is full";
    case EPERM: return "the map may not be written";
    case ENOMEM: return "out of memory";
    case ENOSPC: return "the map is full";
    case EINVAL: return "the map does not take such a key";
    case EOPNOTSUPP: return "maps of this kind cannot be filled from files";
    default: return strerror(-error);
    }
}

enum tool_exit tool_map_put(struct tool *tool, struct ebpf_map *map, const void *key,
                            const void *value, const char *where)
{
    const struct ebpf_map_def *def = ebpf_map_definition(map);
    int error = ebpf_map_update(map, key, value, EBPF_UPDATE_ANY);
    if (!error)
        return TOOL_EXIT_OK;
    return tool_fail(tool, error == -ENOMEM ? EBPF_ERR_NOMEM : EBPF_ERR_INVALID,
                     "%s: %s: '%.60s' is of kind %s, for %u entries", where, reason(def, error),
                     def->name ? def->name : "", ebpf_map_kind_name(def->kind), def->max_entries);
}

/* Copying from one map to another. */
struct copying {
    struct tool *tool;
    struct ebpf_map *to;
    const char *path;
    enum tool_exit code;
};

static int copy(void *ctx, const void *key, const void *value)
{
    struct copying *c = ctx;
    c->code = tool_map_put(c->tool, c->to, key, value, c->path);
    return c->code != TOOL_EXIT_OK;
}

/* What another run, or another program with the library, has saved. */
static enum tool_exit read_saved(struct tool *tool, struct ebpf_map *map, const char *path)
{
    struct ebpf_map *saved;
    ebpf_status status = ebpf_map_load(path, NULL, tool->diag, &saved);
    if (status != EBPF_OK)
        return tool_done(tool, status);
    const struct ebpf_map_def *from = ebpf_map_definition(saved), *to = ebpf_map_definition(map);
    struct copying c = {.tool = tool, .to = map, .path = path};
    if (from->key_size != to->key_size || ebpf_map_host_size(saved) != ebpf_map_host_size(map))
        c.code = tool_fail(tool, EBPF_ERR_INVALID, "'%.200s': keys of %u bytes and values of %u; "
                           "the map has %u and %u", path, from->key_size, from->value_size,
                           to->key_size, to->value_size);
    else if (ebpf_map_each(saved, copy, &c) == -ENOMEM)
        c.code = tool_fail(tool, EBPF_ERR_NOMEM, "out of memory for the entries of a map");
    ebpf_map_unref(saved);
    return c.code;
}

enum tool_exit tool_map_read(struct tool *tool, struct ebpf_map *map, const char *path)
{
    struct tool_bytes bytes;
    enum tool_exit code = tool_read(tool, path, &bytes);
    if (code != TOOL_EXIT_OK)
        return code;
    if (tool_is_saved_map(&bytes))
        code = read_saved(tool, map, path);
    else
        code = tool_map_read_json(tool, map, &bytes, tool_input_name(path));
    free(bytes.data);
    return code;
}
