/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Bloom filters: values can be added and asked for; some that were not added seem to be there. */
#include "vm/maps/hash_key.h"
#include "vm/maps/map.h"

/* How many hash functions there are at most, and if the definition does not say. */
enum { FUNCTIONS_MAX = 15, FUNCTIONS = 5 };

struct bloom {
    struct ebpf_map map;
    uint64_t *bits;
    uint64_t mask; /* their number less 1 */
    uint64_t seed;
    uint32_t functions;
};

/* The bits of a value come from two hashes in arithmetic progression. */
static int for_bits(struct ebpf_map *map, const void *value, bool set)
{
    struct bloom *b = (struct bloom *)map;
    uint64_t at = ebpf_hash_key(b->seed, value, map->def.value_size);
    uint64_t step = ebpf_hash_mix(at) | 1;
    for (uint32_t i = 0; i < b->functions; i++, at += step) {
        uint64_t *word = &b->bits[(at & b->mask) / 64], bit = UINT64_C(1) << (at & b->mask) % 64;
        if (set)
            __atomic_fetch_or(word, bit, __ATOMIC_RELAXED);
        else if (!(__atomic_load_n(word, __ATOMIC_RELAXED) & bit))
            return -ENOENT;
    }
    return 0;
}

static int bloom_push(struct ebpf_map *map, const void *value, uint64_t mode)
{
    return mode == EBPF_UPDATE_ANY ? for_bits(map, value, true) : -EINVAL;
}

static int bloom_peek(struct ebpf_map *map, void *value)
{
    return for_bits(map, value, false);
}

static uint64_t size_of(const struct bloom *b)
{
    return (b->mask + 1) / 64;
}

static ebpf_status bloom_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    struct bloom *b = (struct bloom *)map;
    if (map->def.extra > FUNCTIONS_MAX)
        return ebpf_map_refuse(map, diag, EBPF_ERR_INVALID, "it has more than %d hash functions",
                               FUNCTIONS_MAX);
    b->functions = map->def.extra ? (uint32_t)map->def.extra : FUNCTIONS;
    /* With 7/5 = 1/ln 2 (rounded) bits for each function and value, half of the bits get set. */
    uint64_t bits = (uint64_t)map->def.max_entries * b->functions / 5 * 7;
    b->mask = ebpf_map_power(bits < 64 ? 64 : bits) - 1;
    if (b->mask / 8 >= EBPF_MAP_SIZE_MAX)
        return ebpf_map_refuse(map, diag, EBPF_ERR_LIMIT, "max_entries is too large");
    b->seed = ebpf_hash_seed(map);
    b->bits = ebpf_mem_zalloc(&map->mem, size_of(b), sizeof(*b->bits));
    return b->bits ? EBPF_OK : EBPF_ERR_NOMEM;
}

static void bloom_close(struct ebpf_map *map)
{
    struct bloom *b = (struct bloom *)map;
    ebpf_mem_free(&map->mem, b->bits, size_of(b) * sizeof(*b->bits));
}

const struct ebpf_map_ops ebpf_map_bloom_filter = {
    .name = "bloom_filter",
    .size = sizeof(struct bloom),
    .flags = EBPF_MAP_RDONLY | EBPF_MAP_WRONLY | EBPF_MAP_RDONLY_PROG | EBPF_MAP_WRONLY_PROG |
             EBPF_MAP_ZERO_SEED,
    .value_min = 1,
    .value_max = EBPF_MAP_ITEM_MAX,
    .open = bloom_open,
    .close = bloom_close,
    .push = bloom_push,
    .peek = bloom_peek};
