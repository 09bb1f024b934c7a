/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Entries of maps from JSON, in the form in which tools/maps.c writes them:
 *
 *     {"name": "ports", "kind": "hash", "entries": [{"key": 53, "values": ["0a00"]}, ...]}
 *
 * alone, or in the list "maps" of an object, as `run --json --maps` prints it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "tools/maps.h"
#include "tools/output.h"

/* What is read, and where it is. */
struct reading {
    struct tool *tool;
    struct ebpf_map *map;
    const struct ebpf_map_def *def;
    const char *file;
    size_t entry; /* which one, from 0 */
    uint8_t *key, *value; /* room for those of an entry */
};

static enum tool_exit refuse(const struct reading *r, const char *what, const char *why)
{
    return tool_fail(r->tool, EBPF_ERR_INVALID, "'%.160s': entry %zu: %s: %s", r->file,
                     r->entry + 1, what, why);
}

/* A number as an item of 1, 2, 4 or 8 bytes. */
static enum tool_exit read_number(const struct reading *r, const char *what, json_int_t number,
                                  uint8_t *out, uint32_t size)
{
    if (size != 1 && size != 2 && size != 4 && size != 8) {
        char why[120];
        snprintf(why, sizeof(why), "%u bytes are no number; write them in hexadecimal, as \"0a0b\"",
                 size);
        return refuse(r, what, why);
    }
    if (size < 8 && (number > (json_int_t)((UINT64_C(1) << size * 8) - 1) ||
                     number < -(json_int_t)(UINT64_C(1) << (size * 8 - 1)))) {
        char why[80];
        snprintf(why, sizeof(why), "%lld does not fit into %u bytes", (long long)number, size);
        return refuse(r, what, why);
    }
    uint64_t wide = (uint64_t)number;
    const uint8_t *bytes = (const uint8_t *)&wide;
    const uint16_t one = 1;
    bool little = *(const uint8_t *)&one == 1;
    memcpy(out, little ? bytes : bytes + 8 - size, size);
    return TOOL_EXIT_OK;
}

static enum tool_exit check_size(const struct reading *r, const char *what, size_t got,
                                 uint32_t size)
{
    char why[80];
    if (got == size)
        return TOOL_EXIT_OK;
    snprintf(why, sizeof(why), "%zu bytes, where the map has %u", got, size);
    return refuse(r, what, why);
}

static enum tool_exit read_hex(const struct reading *r, const char *what, const json_t *json,
                               uint8_t *out, uint32_t size)
{
    struct tool_bytes bytes;
    size_t bad;
    const char *text = json_string_value(json);
    enum tool_hex result = tool_hex_parse(text, json_string_length(json), &bytes, &bad);
    if (result == TOOL_HEX_NOMEM)
        return tool_fail(r->tool, EBPF_ERR_NOMEM, "out of memory");
    if (result != TOOL_HEX_OK)
        return refuse(r, what, result == TOOL_HEX_ODD ? "an odd number of hexadecimal digits"
                                                      : "not in hexadecimal");
    enum tool_exit code = check_size(r, what, bytes.size, size);
    if (code == TOOL_EXIT_OK)
        memcpy(out, bytes.data, size);
    free(bytes.data);
    return code;
}

/* A list of bytes, as numbers or, as bpftool writes them, as strings like "0x0a". */
static enum tool_exit read_list(const struct reading *r, const char *what, const json_t *json,
                                uint8_t *out, uint32_t size)
{
    enum tool_exit code = check_size(r, what, json_array_size(json), size);
    for (uint32_t i = 0; i < size && code == TOOL_EXIT_OK; i++) {
        const json_t *item = json_array_get(json, i);
        if (json_is_integer(item))
            code = read_number(r, what, json_integer_value(item), &out[i], 1);
        else if (json_is_string(item))
            code = read_hex(r, what, item, &out[i], 1);
        else
            code = refuse(r, what, "a list is one of bytes");
    }
    return code;
}

/* A key or a value. */
static enum tool_exit read_item(const struct reading *r, const char *what, const json_t *json,
                                uint8_t *out, uint32_t size)
{
    if (json_is_integer(json))
        return read_number(r, what, json_integer_value(json), out, size);
    if (json_is_string(json))
        return read_hex(r, what, json, out, size);
    if (json_is_array(json))
        return read_list(r, what, json, out, size);
    return refuse(r, what, json ? "neither a number, nor a string of hexadecimal digits, nor a "
                                  "list of bytes" : "missing");
}

/* The values of an entry: one, or for per-CPU kinds one for each processor; the rest are 0. */
static enum tool_exit read_values(struct reading *r, const json_t *entry)
{
    size_t host_size = ebpf_map_host_size(r->map), size = r->def->value_size;
    size_t stride = host_size == size ? size : (size + 7) & ~(size_t)7;
    const json_t *one = json_object_get(entry, "value"), *list = json_object_get(entry, "values");
    memset(r->value, 0, host_size);
    if (one && !list)
        return read_item(r, "value", one, r->value, r->def->value_size);
    if (!json_is_array(list) || one || json_array_size(list) == 0)
        return refuse(r, "values", "an entry has \"value\", or a list \"values\"");
    enum tool_exit code = TOOL_EXIT_OK;
    if (json_array_size(list) > host_size / stride)
        code = refuse(r, "values", host_size == size ? "the map has one for each key"
                                                     : "more of them than processors");
    for (size_t i = 0; i < json_array_size(list) && code == TOOL_EXIT_OK; i++)
        code = read_item(r, "values", json_array_get(list, i), r->value + i * stride,
                         r->def->value_size);
    return code;
}

static enum tool_exit read_entry(struct reading *r, const json_t *entry)
{
    const json_t *key = json_object_get(entry, "key");
    char where[256];
    if (!json_is_object(entry))
        return refuse(r, "entry", "an object with \"key\" and \"values\" is wanted");
    enum tool_exit code = TOOL_EXIT_OK;
    if (r->def->key_size)
        code = read_item(r, "key", key, r->key, r->def->key_size);
    else if (key)
        code = refuse(r, "key", "maps of this kind have none");
    if (code == TOOL_EXIT_OK)
        code = read_values(r, entry);
    if (code != TOOL_EXIT_OK)
        return code;
    snprintf(where, sizeof(where), "'%.160s': entry %zu", r->file, r->entry + 1);
    return tool_map_put(r->tool, r->map, r->def->key_size ? r->key : NULL, r->value, where);
}

static enum tool_exit read_entries(struct reading *r, const json_t *entries)
{
    r->key = malloc(r->def->key_size + 1u);
    r->value = malloc(ebpf_map_host_size(r->map) + 1);
    enum tool_exit code = TOOL_EXIT_OK;
    if (!r->key || !r->value)
        code = tool_fail(r->tool, EBPF_ERR_NOMEM, "out of memory");
    for (; r->entry < json_array_size(entries) && code == TOOL_EXIT_OK; r->entry++)
        code = read_entry(r, json_array_get(entries, r->entry));
    free(r->key);
    free(r->value);
    return code;
}

/* The object that describes the map: the text itself, or that of its name in the list "maps". */
static const json_t *find(const json_t *root, const char *name)
{
    const json_t *maps = json_object_get(root, "maps");
    if (!json_is_array(maps))
        return root;
    for (size_t i = 0; i < json_array_size(maps); i++) {
        const json_t *map = json_array_get(maps, i);
        const char *its = json_string_value(json_object_get(map, "name"));
        if (its && name && !strcmp(its, name))
            return map;
    }
    return json_array_size(maps) == 1 ? json_array_get(maps, 0) : NULL;
}

static enum tool_exit read_map(struct reading *r, const json_t *root)
{
    const json_t *map = find(root, r->def->name);
    if (!map)
        return tool_fail(r->tool, EBPF_ERR_NOT_FOUND, "'%.200s' has no map '%.60s'", r->file,
                         r->def->name ? r->def->name : "");
    const char *kind = json_string_value(json_object_get(map, "kind"));
    if (kind && strcmp(kind, ebpf_map_kind_name(r->def->kind)) != 0)
        return tool_fail(r->tool, EBPF_ERR_INVALID, "'%.160s': a map of kind %.40s, where the "
                         "program's is a %s", r->file, kind, ebpf_map_kind_name(r->def->kind));
    const json_t *entries = json_object_get(map, "entries");
    if (!json_is_array(entries))
        return tool_fail(r->tool, EBPF_ERR_INVALID, "'%.160s': no list \"entries\"; write "
                         "{\"entries\": [{\"key\": 1, \"values\": [2]}]}", r->file);
    return read_entries(r, entries);
}

enum tool_exit tool_map_read_json(struct tool *tool, struct ebpf_map *map,
                                  const struct tool_bytes *text, const char *name)
{
    json_error_t error;
    errno = 0;
    json_t *root = json_loadb(text->data, text->size, JSON_REJECT_DUPLICATES, &error);
    if (!root && errno == ENOMEM) /* whatever it says of the text */
        return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    if (!root) {
        size_t at = error.position > 0 ? (size_t)error.position - 1 : 0;
        const struct tool_place place = {
            .text = text->data, .length = text->size, .name = name, .status = EBPF_ERR_INVALID,
            .at = at < text->size ? at : text->size};
        tool_point(tool, &place, "no JSON: %s", error.text);
        return TOOL_EXIT_FAILED;
    }
    struct reading r = {.tool = tool, .map = map, .def = ebpf_map_definition(map), .file = name};
    enum tool_exit code = read_map(&r, root);
    json_decref(root);
    return code;
}

const char *tool_json_library(void)
{
    return "jansson " JANSSON_VERSION;
}
