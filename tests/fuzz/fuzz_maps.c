/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Fuzzes maps by the host's calls: six bytes say what the map is, then each operation takes
 * a byte, a key and a value.  Whatever is asked for, memory stays whole, and a map gives back what
 * was just put in.
 */
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/map.h>

enum { KEY_MAX = 24, VALUE_MAX = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
};

static void must(int condition)
{
    if (!condition)
        abort();
}

static uint8_t next(struct input *in)
{
    if (!in->size)
        return 0;
    in->size--;
    return *in->data++;
}

static void fill(struct input *in, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = next(in);
}

static struct ebpf_map *make(struct input *in)
{
    const struct ebpf_map_def inner = {
        .kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 2};
    struct ebpf_map_def def = {.kind = (enum ebpf_map_kind)(next(in) % 34)};
    struct ebpf_map *map;
    uint8_t flags;
    def.key_size = next(in) % (KEY_MAX + 1);
    def.value_size = next(in) % (VALUE_MAX + 1);
    def.max_entries = def.kind == EBPF_MAP_RINGBUF ? 4096u * next(in) : next(in) % 32u;
    flags = next(in);
    def.flags = flags & 1 ? EBPF_MAP_NO_PREALLOC : 0;
    def.flags |= flags & 2 ? EBPF_MAP_NO_COMMON_LRU : 0;
    def.flags |= flags & 4 ? 1u << (flags >> 3) : 0;
    def.extra = next(in) % 18u;
    if (def.kind == EBPF_MAP_ARRAY_OF_MAPS || def.kind == EBPF_MAP_HASH_OF_MAPS)
        def.inner = &inner;
    return ebpf_map_new(&def, NULL, NULL, &map) == EBPF_OK ? map : NULL;
}

static int count_one(void *ctx, const void *key, const void *value)
{
    (void)key;
    (void)value;
    return ++*(uint32_t *)ctx > 100000;
}

/* Whether a key that was just written reads back as it was. */
static int is_exact(enum ebpf_map_kind kind)
{
    return kind == EBPF_MAP_HASH || kind == EBPF_MAP_ARRAY || kind == EBPF_MAP_LRU_HASH;
}

static void put_inner(struct ebpf_map *map, const uint8_t *key, uint64_t mode)
{
    const struct ebpf_map_def *inner = ebpf_map_definition(map)->inner;
    struct ebpf_map *made, *found;
    if (!inner || ebpf_map_new(inner, NULL, NULL, &made) != EBPF_OK)
        return;
    /* The host may be allowed to write only. */
    if (ebpf_map_update_inner(map, key, made, mode) == 0 &&
        ebpf_map_lookup_inner(map, key, &found) == 0) {
        must(found == made);
        ebpf_map_unref(found);
    }
    ebpf_map_unref(made);
}

static void operate(struct ebpf_map *map, struct input *in, uint8_t *value, uint8_t *again)
{
    const struct ebpf_map_def *def = ebpf_map_definition(map);
    size_t value_size = ebpf_map_host_size(map), many = 3;
    uint8_t op = next(in), key[KEY_MAX * 4] = {0}, other[KEY_MAX * 4];
    uint32_t count = 0;
    const uint8_t *k = def->key_size ? key : NULL;
    fill(in, key, def->key_size);
    fill(in, value, value_size < VALUE_MAX ? value_size : VALUE_MAX);
    switch (op % 12) {
    case 0: case 1: case 2:
        if (ebpf_map_update(map, k, value, op >> 4 & 3) == 0 && is_exact(def->kind) &&
            ebpf_map_lookup(map, k, again) == 0)
            must(memcmp(value, again, def->value_size) == 0);
        break;
    case 3: ebpf_map_lookup(map, k, again); break;
    case 4:
        if (ebpf_map_delete(map, k) == 0 && def->kind == EBPF_MAP_HASH)
            must(ebpf_map_lookup(map, k, again) != 0);
        break;
    case 5: ebpf_map_take(map, k, again); break;
    case 6: ebpf_map_next_key(map, op & 16 ? NULL : k, other); break;
    case 7:
        ebpf_map_each(map, count_one, &count);
        must(count <= def->max_entries || def->kind == EBPF_MAP_RINGBUF);
        break;
    case 8: ebpf_map_lookup_batch(map, op & 16 ? NULL : k, other, again, &many); break;
    case 9: put_inner(map, key, op >> 4 & 3); break;
    case 10:
        if (op == 250)
            ebpf_map_clear(map);
        break;
    default:
        if (op == 251)
            ebpf_map_freeze(map);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct ebpf_map *map = make(&in);
    if (!map)
        return 0;
    /* Exact blocks, so that sanitizers see what is written behind them. */
    size_t value_size = ebpf_map_host_size(map);
    uint8_t *value = calloc(1, value_size + 1), *again = calloc(3, value_size + 1);
    must(value && again);
    for (int i = 0; in.size && i < 2000; i++)
        operate(map, &in, value, again);
    free(value);
    free(again);
    ebpf_map_unref(map);
    return 0;
}
