/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/maps.h"
#include "tools/output.h"
#include "tools/replace.h"
#include "tools/text.h"

/* Entries are printed by their keys; of arrays those that hold something. */
struct listing {
    FILE *out;
    struct ebpf_map *map;
    const struct ebpf_map_def *def;
    bool json;
    uint64_t rows, left_out;
};

enum { ROWS_MAX = 1024 }; /* of text: nobody reads more */

/* Bytes as a number where they may be one, else in hexadecimal. */
static void print_bytes(const struct listing *l, const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    bool may_be = size == 4 || size == 8;
    if (may_be)
        memcpy(&number, bytes, size);
    if (may_be && (!l->json || number <= TOOL_JSON_NUMBER_MAX)) {
        fprintf(l->out, "%" PRIu64, number);
        return;
    }
    if (l->json)
        putc('"', l->out);
    for (size_t i = 0; i < size; i++)
        fprintf(l->out, "%02x", bytes[i]);
    if (l->json)
        putc('"', l->out);
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

static int print_entry(void *ctx, const void *key, const void *value)
{
    struct listing *l = ctx;
    size_t size = ebpf_map_host_size(l->map);
    bool array = l->def->kind == EBPF_MAP_ARRAY || l->def->kind == EBPF_MAP_PERCPU_ARRAY;
    bool full = l->rows == ROWS_MAX && !l->json;
    if ((array && is_zero(value, size)) || full) {
        l->left_out += full;
        return 0;
    }
    fputs(l->json ? l->rows ? ",\n   {\"key\": " : "\n   {\"key\": " : "  ", l->out);
    l->rows++;
    print_bytes(l, key, l->def->key_size);
    fputs(l->json ? ", \"values\": [" : " =", l->out);
    size_t stride = size == l->def->value_size ? size : (l->def->value_size + 7u) & ~(size_t)7;
    for (size_t at = 0; at < size; at += stride) {
        fputs(l->json ? at ? ", " : "" : " ", l->out);
        print_bytes(l, (const uint8_t *)value + at, l->def->value_size);
    }
    fputs(l->json ? "]}" : "\n", l->out);
    return 0;
}

/* The entries of kinds that have keys and plain values, which the host may read.  Returns false if
 * memory lacks for that. */
static bool print_entries(struct listing *l)
{
    bool has_entries = l->def->key_size && l->def->value_size && !l->def->inner;
    return !has_entries || tool_map_each(l->map, print_entry, l);
}

static bool print_text(struct ebpf_map *map)
{
    struct listing l = {.out = stdout, .map = map, .def = ebpf_map_definition(map)};
    printf("map ");
    tool_print_name(stdout, false, l.def->name);
    printf(", %s of %u\n", ebpf_map_kind_name(l.def->kind), l.def->max_entries);
    bool complete = print_entries(&l);
    if (l.left_out)
        printf("  … and %" PRIu64 " more\n", l.left_out);
    else if (l.rows == 0 && complete)
        puts("  (empty)");
    return complete;
}

static bool print_json(struct ebpf_map *map, FILE *out)
{
    struct listing l = {.out = out, .map = map, .def = ebpf_map_definition(map), .json = true};
    tool_print_member(out, "name", l.def->name ? l.def->name : "");
    tool_print_member(out, "kind", ebpf_map_kind_name(l.def->kind));
    fprintf(out, ", \"key_size\": %u, \"value_size\": %u, \"max_entries\": %u, \"entries\": [",
            l.def->key_size, l.def->value_size, l.def->max_entries);
    bool complete = print_entries(&l);
    fputs("]}", out);
    return complete;
}

/* Calls for each map of a VM that is not read-only data; the first one is number 0.  Returns false
 * if one of the calls does. */
static bool for_each_map(const struct ebpf_vm *vm, FILE *out,
                         bool (*each)(struct ebpf_map *map, FILE *out, uint32_t index))
{
    uint32_t id, index = 0;
    bool complete = true;
    for (size_t i = 0; (id = ebpf_vm_map_at(vm, i)) != EBPF_MAP_NONE; i++) {
        struct ebpf_map *map = ebpf_vm_map(vm, id);
        if (!(ebpf_map_definition(map)->flags & EBPF_MAP_RDONLY_PROG))
            complete &= each(map, out, index++);
    }
    return complete;
}

static bool next_text(struct ebpf_map *map, FILE *out, uint32_t index)
{
    (void)index;
    putc('\n', out);
    return print_text(map);
}

static bool next_json(struct ebpf_map *map, FILE *out, uint32_t index)
{
    fputs(index ? ",\n  " : "\n  ", out);
    return print_json(map, out);
}

static enum tool_exit no_memory(struct tool *tool)
{
    return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory for the entries of a map");
}

enum tool_exit tool_maps_print(struct tool *tool, const struct ebpf_vm *vm, enum tool_exit code)
{
    if (tool->options.json)
        tool_json(tool, "maps", "[");
    bool complete = for_each_map(vm, stdout, tool->options.json ? next_json : next_text);
    if (tool->options.json)
        fputs("]", stdout);
    return complete ? code : no_memory(tool);
}

enum tool_exit tool_map_print(struct tool *tool, struct ebpf_map *map)
{
    if (!tool->options.json)
        return print_text(map) ? TOOL_EXIT_OK : no_memory(tool);
    tool_json(tool, "maps", "[");
    bool complete = next_json(map, stdout, 0);
    putchar(']');
    return complete ? TOOL_EXIT_OK : no_memory(tool);
}

enum tool_exit tool_maps_save(struct tool *tool, const struct ebpf_vm *vm, enum tool_exit code)
{
    struct tool_replace place;
    if (!tool->options.save_maps)
        return code;
    enum tool_exit opened = tool_replace_open(tool, tool->options.save_maps, &place);
    if (opened != TOOL_EXIT_OK)
        return opened;
    fputs("{\"maps\": [", place.file);
    if (!for_each_map(vm, place.file, next_json)) {
        tool_replace_abort(&place);
        return no_memory(tool);
    }
    fputs("]}\n", place.file);
    return tool_replace_commit(tool, &place, code);
}

/* The map of a name, or NULL after a complaint that tells the nearest one. */
static struct ebpf_map *find(struct tool *tool, const struct ebpf_vm *vm, const char *name)
{
    struct ebpf_map *map = ebpf_vm_map_by_name(vm, name);
    const char *nearest = NULL;
    unsigned best = UINT32_MAX;
    size_t count = 0;
    uint32_t id;
    for (; !map && (id = ebpf_vm_map_at(vm, count)) != EBPF_MAP_NONE; count++) {
        const char *known = ebpf_map_definition(ebpf_vm_map(vm, id))->name;
        if (known && tool_is_nearer(name, known, &best))
            nearest = known;
    }
    if (!map && nearest)
        tool_fail(tool, EBPF_ERR_NOT_FOUND, "--map: the program has no map '%.60s'; did you mean "
                  "'%.60s'?", name, nearest);
    else if (!map)
        tool_fail(tool, EBPF_ERR_NOT_FOUND, "--map: the program has no map '%.60s'%s", name,
                  count ? "; 'ebpfvm maps' lists those of an object" : ", nor any other");
    return map;
}

/* NAME=FILE: the map is looked for first, for that takes no reading. */
static enum tool_exit fill(struct tool *tool, const struct ebpf_vm *vm, const char *argument)
{
    char name[128];
    size_t length = strcspn(argument, "=");
    if (!argument[length] || !length || length >= sizeof(name) || !argument[length + 1]) {
        tool_error("--map: '%.60s' is not NAME=FILE", argument);
        return TOOL_EXIT_USAGE;
    }
    memcpy(name, argument, length);
    name[length] = 0;
    struct ebpf_map *map = find(tool, vm, name);
    return map ? tool_map_read(tool, map, argument + length + 1) : TOOL_EXIT_FAILED;
}

enum tool_exit tool_maps_fill(struct tool *tool, const struct ebpf_vm *vm)
{
    enum tool_exit code = TOOL_EXIT_OK;
    for (unsigned i = 0; i < tool->options.maps.count && code == TOOL_EXIT_OK; i++)
        code = fill(tool, vm, tool->options.maps.items[i]);
    return code;
}
