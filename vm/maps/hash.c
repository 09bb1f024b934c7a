/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Hash tables: chains of elements that are read without a lock and changed with one.  A value is
 * replaced by a new element, so that who reads sees the old or the new one, never a mixture; only
 * copies of one processor are written in place.
 *
 * A full LRU map makes room: a hand goes round over the elements, takes the first that was not
 * looked up since it last came by, and clears the mark of those that were.
 */
#include <stddef.h>

#include "vm/maps/hash_key.h"
#include "vm/maps/map.h"
#include "vm/maps/pool.h"

struct node {
    uint32_t next; /* in the chain */
    uint32_t hash;
    uint8_t key[]; /* up to a multiple of 8 */
};

struct hash {
    struct ebpf_map map;
    uint32_t *heads; /* of chains */
    uint32_t mask;   /* their number less 1 */
    uint32_t count;  /* elements that can be found */
    uint32_t hand;   /* LRU: where it is */
    bool lru;
    uint64_t seed;
    struct ebpf_pool pool;
};

/* What the marks of elements say. */
enum { MARK_FREE, MARK_USED, MARK_SEEN };

static struct hash *hash_of(struct ebpf_map *map)
{
    return (struct hash *)map;
}

static inline uint32_t hash_key(const struct hash *h, const uint8_t *key, uint32_t size)
{
    return (uint32_t)(ebpf_hash_key(h->seed, key, size) >> 32);
}

static inline bool same_key(const uint8_t *a, const uint8_t *b, uint32_t size)
{
    uint64_t x, y;
    uint32_t s, t;
    switch (size) {
    case 4:
        memcpy(&s, a, 4);
        memcpy(&t, b, 4);
        return s == t;
    case 8:
        memcpy(&x, a, 8);
        memcpy(&y, b, 8);
        return x == y;
    default:
        return memcmp(a, b, size) == 0;
    }
}

static inline uint32_t follow(const uint32_t *link)
{
    return __atomic_load_n(link, __ATOMIC_SEQ_CST);
}

static inline void set_link(uint32_t *link, uint32_t index)
{
    __atomic_store_n(link, index, __ATOMIC_SEQ_CST);
}

/* The element of a key, 0 for none. */
static inline uint32_t find(struct hash *h, const void *key, uint32_t hash)
{
    uint32_t index = follow(&h->heads[hash & h->mask]);
    while (index) {
        const struct node *node = ebpf_pool_node(&h->pool, index);
        /* Most likely it is the one, and both are on their way at the same time. */
        __builtin_prefetch(ebpf_pool_value(&h->pool, index));
        if (node->hash == hash && same_key(node->key, key, h->map.def.key_size))
            return index;
        index = follow(&node->next);
    }
    return 0;
}

static void *hash_lookup(struct ebpf_map *map, const void *key)
{
    struct hash *h = hash_of(map);
    uint32_t index = find(h, key, hash_key(h, key, map->def.key_size));
    if (!index)
        return NULL;
    if (h->lru) {
        uint8_t *mark = ebpf_pool_mark(&h->pool, index);
        if (__atomic_load_n(mark, __ATOMIC_RELAXED) == MARK_USED)
            __atomic_store_n(mark, MARK_SEEN, __ATOMIC_RELAXED);
    }
    return ebpf_pool_value(&h->pool, index);
}

/* The link that leads to an element. */
static uint32_t *link_to(struct hash *h, uint32_t index)
{
    const struct node *wanted = ebpf_pool_node(&h->pool, index);
    uint32_t *link = &h->heads[wanted->hash & h->mask];
    while (*link != index)
        link = &((struct node *)ebpf_pool_node(&h->pool, *link))->next;
    return link;
}

/* Takes an element out of its chain; its own link stays for those who are at it. */
static void unlink_element(struct hash *h, uint32_t index)
{
    const struct node *node = ebpf_pool_node(&h->pool, index);
    set_link(link_to(h, index), node->next);
    __atomic_store_n(ebpf_pool_mark(&h->pool, index), MARK_FREE, __ATOMIC_RELAXED);
    __atomic_store_n(&h->count, h->count - 1, __ATOMIC_RELAXED);
    ebpf_pool_give(&h->pool, index);
}

/* LRU: the hand's next place.  Indexes of slabs that are not full have gaps. */
static uint32_t advance(struct hash *h)
{
    uint32_t place;
    for (;;) {
        h->hand++;
        const struct ebpf_pool_slab *slab = ebpf_pool_slab(&h->pool, h->hand, &place);
        if (slab >= &h->pool.slabs[h->pool.slab_count])
            h->hand = 0;
        else if (place < slab->count)
            return h->hand;
        else
            h->hand = ((h->hand - 1) | ((1u << h->pool.shift) - 1)) + 1; /* its last one */
    }
}

/* Twice around at most: then all marks are cleared. */
static bool evict(struct hash *h)
{
    for (uint64_t tries = 0; h->count && tries < 2 * h->pool.total + 2; tries++) {
        uint32_t index = advance(h);
        uint8_t *mark = ebpf_pool_mark(&h->pool, index);
        uint8_t seen = __atomic_load_n(mark, __ATOMIC_RELAXED);
        if (seen == MARK_USED) {
            unlink_element(h, index);
            return true;
        }
        if (seen == MARK_SEEN)
            __atomic_store_n(mark, MARK_USED, __ATOMIC_RELAXED);
    }
    return false;
}

/* Puts an element in front of its chain, in place of `old` unless that is 0. */
static void insert(struct hash *h, uint32_t index, const void *key, uint32_t hash, uint32_t old)
{
    struct node *node = ebpf_pool_node(&h->pool, index);
    const struct node *before = old ? ebpf_pool_node(&h->pool, old) : NULL;
    uint32_t *link = old ? link_to(h, old) : &h->heads[hash & h->mask];
    node->hash = hash;
    memcpy(node->key, key, h->map.def.key_size);
    __atomic_store_n(&node->next, before ? before->next : *link, __ATOMIC_RELAXED);
    __atomic_store_n(ebpf_pool_mark(&h->pool, index), MARK_USED, __ATOMIC_RELAXED);
    set_link(link, index);
    if (!old) {
        __atomic_store_n(&h->count, h->count + 1, __ATOMIC_RELAXED);
        return;
    }
    __atomic_store_n(ebpf_pool_mark(&h->pool, old), MARK_FREE, __ATOMIC_RELAXED);
    ebpf_pool_give(&h->pool, old);
}

static int add(struct hash *h, const void *key, uint32_t hash, const struct ebpf_map_value *value)
{
    if (h->count == h->map.def.max_entries && !(h->lru && evict(h)))
        return -E2BIG;
    uint32_t index = ebpf_pool_take(&h->pool);
    if (!index)
        return -ENOMEM;
    ebpf_map_put(&h->map, ebpf_pool_value(&h->pool, index), value, 1);
    insert(h, index, key, hash, 0);
    return 0;
}

/* A copy of one processor is written where it is, and so is all of it if there is no memory. */
static int replace(struct hash *h, const void *key, uint32_t hash, uint32_t old,
                   const struct ebpf_map_value *value)
{
    uint32_t index = h->map.copies > 1 ? 0 : ebpf_pool_take(&h->pool);
    if (!index && h->pool.drop)
        return -ENOMEM;
    ebpf_map_put(&h->map, ebpf_pool_value(&h->pool, index ? index : old), value, 0);
    if (index)
        insert(h, index, key, hash, old);
    return 0;
}

static int hash_update(struct ebpf_map *map, const void *key, const struct ebpf_map_value *value,
                       uint64_t mode)
{
    struct hash *h = hash_of(map);
    uint32_t hash = hash_key(h, key, map->def.key_size);
    ebpf_lock(&h->pool.lock);
    uint32_t old = find(h, key, hash);
    int error = ebpf_map_check_mode(mode, old != 0);
    if (!error)
        error = old ? replace(h, key, hash, old, value) : add(h, key, hash, value);
    ebpf_unlock(&h->pool.lock);
    return error;
}

static int hash_remove(struct ebpf_map *map, const void *key)
{
    struct hash *h = hash_of(map);
    uint32_t hash = hash_key(h, key, map->def.key_size);
    ebpf_lock(&h->pool.lock);
    uint32_t index = find(h, key, hash);
    if (index)
        unlink_element(h, index);
    ebpf_unlock(&h->pool.lock);
    return index ? 0 : -ENOENT;
}

static int hash_next(struct ebpf_map *map, const void *key, void *next)
{
    struct hash *h = hash_of(map);
    uint32_t hash = key ? hash_key(h, key, map->def.key_size) : 0;
    uint32_t index = key ? find(h, key, hash) : 0, chain = 0;
    if (index) {
        chain = (hash & h->mask) + 1;
        index = follow(&((struct node *)ebpf_pool_node(&h->pool, index))->next);
    }
    while (!index && chain <= h->mask)
        index = follow(&h->heads[chain++]);
    if (!index)
        return -ENOENT;
    memcpy(next, ((struct node *)ebpf_pool_node(&h->pool, index))->key, map->def.key_size);
    return 0;
}

static const struct ebpf_region *hash_find(const struct ebpf_map *map, uint64_t address)
{
    return ebpf_pool_find(&((const struct hash *)map)->pool, address);
}

static ebpf_status hash_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    struct hash *h = hash_of(map);
    /* Twice as many chains as elements: few of them have a second one. */
    uint64_t chains = ebpf_map_power(2 * (uint64_t)map->def.max_entries);
    size_t node = (offsetof(struct node, key) + map->def.key_size + 7) & ~(size_t)7;
    h->seed = ebpf_hash_seed(map);
    ebpf_status status = ebpf_pool_open(&h->pool, map, node);
    if (status == EBPF_ERR_LIMIT)
        return ebpf_map_refuse(map, diag, status, "max_entries is too large");
    if (status)
        return status;
    h->heads = ebpf_mem_zalloc(&map->mem, chains, sizeof(*h->heads));
    h->mask = (uint32_t)(chains - 1);
    return h->heads ? EBPF_OK : EBPF_ERR_NOMEM;
}

/* Values are maps, of which it has a reference each. */
static void drop_inner(struct ebpf_map *map, void *value)
{
    (void)map;
    ebpf_map_unref(*(struct ebpf_map **)value);
}

static ebpf_status of_maps_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    hash_of(map)->pool.drop = drop_inner;
    return hash_open(map, diag);
}

static ebpf_status lru_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    hash_of(map)->lru = true;
    return hash_open(map, diag);
}

static void hash_close(struct ebpf_map *map)
{
    struct hash *h = hash_of(map);
    for (uint32_t i = 0; h->pool.drop && h->heads && i <= h->mask; i++)
        while (h->heads[i])
            unlink_element(h, h->heads[i]);
    if (h->heads)
        ebpf_mem_free(&map->mem, h->heads, ((size_t)h->mask + 1) * sizeof(*h->heads));
    ebpf_pool_close(&h->pool);
}

#define FLAGS                                                                                      \
    (EBPF_MAP_RDONLY | EBPF_MAP_WRONLY | EBPF_MAP_RDONLY_PROG | EBPF_MAP_WRONLY_PROG |             \
     EBPF_MAP_ZERO_SEED)
#define KEYS 1, EBPF_MAP_ITEM_MAX
#define VALUES 1, EBPF_MAP_ITEM_MAX
#define HASH(...) HASH_OF(__VA_ARGS__)
#define HASH_OF(symbol, text, opens, finds, its_traits, its_flags, key_least, key_most, least,     \
                most)                                                                              \
    const struct ebpf_map_ops symbol = {.name = text,                                              \
                                        .size = sizeof(struct hash),                               \
                                        .traits = its_traits,                                      \
                                        .flags = FLAGS | (its_flags),                              \
                                        .key_min = key_least,                                      \
                                        .key_max = key_most,                                       \
                                        .value_min = least,                                        \
                                        .value_max = most,                                         \
                                        .open = opens,                                             \
                                        .close = hash_close,                                       \
                                        .lookup = hash_lookup,                                     \
                                        .update = hash_update,                                     \
                                        .remove = hash_remove,                                     \
                                        .next = hash_next,                                         \
                                        .find = finds}

HASH(ebpf_map_hash, "hash", hash_open, hash_find, 0, EBPF_MAP_NO_PREALLOC, KEYS, VALUES);
HASH(ebpf_map_percpu_hash, "percpu_hash", hash_open, hash_find, EBPF_MAP_PER_CPU,
     EBPF_MAP_NO_PREALLOC, KEYS, VALUES);
HASH(ebpf_map_lru_hash, "lru_hash", lru_open, hash_find, 0, EBPF_MAP_NO_COMMON_LRU, KEYS, VALUES);
HASH(ebpf_map_lru_percpu_hash, "lru_percpu_hash", lru_open, hash_find, EBPF_MAP_PER_CPU,
     EBPF_MAP_NO_COMMON_LRU, KEYS, VALUES);
HASH(ebpf_map_hash_of_maps, "hash_of_maps", of_maps_open, NULL, EBPF_MAP_OF_MAPS,
     EBPF_MAP_NO_PREALLOC, KEYS, 4, 4);
HASH(ebpf_map_devmap_hash, "devmap_hash", hash_open, hash_find, EBPF_MAP_LOOKUP_ONLY, 0, 4, 4, 4,
     8);
HASH(ebpf_map_sockhash, "sockhash", hash_open, hash_find, EBPF_MAP_HOST_ONLY, 0, KEYS, 4, 8);
HASH(ebpf_map_stack_trace, "stack_trace", hash_open, hash_find, EBPF_MAP_HOST_ONLY, 0, 4, 4,
     VALUES);
