/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/maps.h"
#include "tools/output.h"

/* Entries are printed as they come; of arrays those that hold something. */
struct listing {
    struct ebpf_map *map;
    const struct ebpf_map_def *def;
    bool json;
    uint64_t rows, left_out;
};

enum { ROWS_MAX = 1024 };

/* Bytes as a number where they may be one, else in hexadecimal. */
static void print_bytes(const uint8_t *bytes, size_t size, bool json)
{
    if (size == 4 || size == 8) {
        uint64_t number = 0;
        memcpy(&number, bytes, size);
        printf("%" PRIu64, number);
        return;
    }
    if (json)
        putchar('"');
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
    if (json)
        putchar('"');
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
    if ((array && is_zero(value, size)) || l->rows == ROWS_MAX) {
        l->left_out += l->rows == ROWS_MAX;
        return 0;
    }
    fputs(l->json ? l->rows ? ", {\"key\": " : "{\"key\": " : "  ", stdout);
    l->rows++;
    print_bytes(key, l->def->key_size, l->json);
    fputs(l->json ? ", \"values\": [" : " =", stdout);
    size_t stride = size == l->def->value_size ? size : (l->def->value_size + 7u) & ~(size_t)7;
    for (size_t at = 0; at < size; at += stride) {
        fputs(l->json ? at ? ", " : "" : " ", stdout);
        print_bytes((const uint8_t *)value + at, l->def->value_size, l->json);
    }
    fputs(l->json ? "]}" : "\n", stdout);
    return 0;
}

static void print_map(struct tool *tool, struct ebpf_map *map, bool first)
{
    struct listing l = {.map = map, .def = ebpf_map_definition(map),
                        .json = tool->options.json != 0};
    const char *name = l.def->name ? l.def->name : "";
    if (l.json)
        printf("%s{\"name\": \"%s\", \"kind\": \"%s\", \"entries\": [", first ? "" : ", ", name,
               ebpf_map_kind_name(l.def->kind));
    else
        printf("\nmap %s, %s of %u\n", name, ebpf_map_kind_name(l.def->kind), l.def->max_entries);
    if (l.def->key_size && l.def->value_size && !l.def->inner)
        ebpf_map_each(map, print_entry, &l);
    if (l.json)
        fputs("]}", stdout);
    else if (l.left_out)
        printf("  … and %" PRIu64 " more\n", l.left_out);
    else if (l.rows == 0)
        puts("  (empty)");
}

void tool_maps_print(struct tool *tool, const struct ebpf_vm *vm)
{
    bool first = true;
    uint32_t id;
    if (tool->options.json)
        tool_json(tool, "maps", "[");
    for (size_t i = 0; (id = ebpf_vm_map_at(vm, i)) != EBPF_MAP_NONE; i++) {
        struct ebpf_map *map = ebpf_vm_map(vm, id);
        if (ebpf_map_definition(map)->flags & EBPF_MAP_RDONLY_PROG)
            continue;
        print_map(tool, map, first);
        first = false;
    }
    if (tool->options.json)
        fputs("]", stdout);
}
