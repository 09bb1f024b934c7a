/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/maps.h"

/* Rows of a size: how large keys are, then key and value, each aligned to 8 bytes. */
struct rows {
    size_t key_size, value_size, size;
    uint8_t *data;
    size_t count, capacity;
};

enum { KEY_AT = sizeof(uint64_t) };

static size_t value_at(const struct rows *r)
{
    return KEY_AT + ((r->key_size + 7) & ~(size_t)7);
}

static int keep(void *ctx, const void *key, const void *value)
{
    struct rows *r = ctx;
    if (r->count == r->capacity) {
        size_t capacity = r->capacity ? 2 * r->capacity : 64;
        uint8_t *data = realloc(r->data, capacity * r->size);
        if (!data)
            return -ENOMEM;
        r->data = data;
        r->capacity = capacity;
    }
    uint8_t *row = r->data + r->count++ * r->size;
    uint64_t key_size = r->key_size;
    memcpy(row, &key_size, sizeof(key_size));
    memcpy(row + KEY_AT, key, r->key_size);
    memcpy(row + value_at(r), value, r->value_size);
    return 0;
}

/* Those that are printed as numbers are compared as such. */
static int compare(const void *a, const void *b)
{
    const uint8_t *x = a, *y = b;
    uint64_t key_size, p = 0, q = 0;
    memcpy(&key_size, x, sizeof(key_size));
    if (key_size != 4 && key_size != 8)
        return memcmp(x + KEY_AT, y + KEY_AT, key_size);
    memcpy(&p, x + KEY_AT, key_size);
    memcpy(&q, y + KEY_AT, key_size);
    return (p > q) - (p < q);
}

bool tool_map_each(struct ebpf_map *map, tool_map_each_fn *each, void *ctx)
{
    const struct ebpf_map_def *def = ebpf_map_definition(map);
    struct rows r = {.key_size = def->key_size, .value_size = ebpf_map_host_size(map)};
    if (def->kind == EBPF_MAP_ARRAY || def->kind == EBPF_MAP_PERCPU_ARRAY)
        return ebpf_map_each(map, each, ctx) != -ENOMEM; /* in order as it is, possibly large */
    r.size = (value_at(&r) + r.value_size + 7) & ~(size_t)7;
    bool complete = ebpf_map_each(map, keep, &r) != -ENOMEM;
    if (complete && r.count > 0) {
        qsort(r.data, r.count, r.size, compare);
        for (size_t i = 0; i < r.count; i++)
            each(ctx, r.data + i * r.size + KEY_AT, r.data + i * r.size + value_at(&r));
    }
    free(r.data);
    return complete;
}
