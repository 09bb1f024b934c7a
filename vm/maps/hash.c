/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Hash tables.  A value is replaced by a new element, so that who reads sees the old or the new
 * one, never a mixture; only copies of one processor are written in place.
 *
 * A full LRU map makes room: a hand goes round over the elements, takes the first that was not
 * looked up since it last came by, and clears the mark of those that were.
 */
#include <stddef.h>

#include "vm/maps/buckets.h"

struct hash {
    struct ebpf_map map;
    struct ebpf_buckets buckets;
    uint32_t count; /* elements that can be found */
    uint32_t hand;  /* LRU: where it is */
    bool lru;
    struct ebpf_pool pool;
};

/* What the marks of elements say. */
enum { MARK_FREE, MARK_USED, MARK_SEEN };

static struct hash *hash_of(struct ebpf_map *map)
{
    return (struct hash *)map;
}

static uint32_t find(struct hash *h, const struct ebpf_sought *s)
{
    unsigned place;
    return ebpf_buckets_find(&h->pool, s, &place);
}

/* What a lookup returns; the hand is to pass by the element. */
static inline void *found(struct hash *h, uint32_t index)
{
    if (h->lru) {
        uint8_t *mark = ebpf_pool_mark(&h->pool, index);
        if (__atomic_load_n(mark, __ATOMIC_RELAXED) == MARK_USED)
            __atomic_store_n(mark, MARK_SEEN, __ATOMIC_RELAXED);
    }
    return ebpf_pool_value(&h->pool, index);
}

static __attribute__((noinline)) void *look_up_any(struct ebpf_map *map, const void *key)
{
    struct hash *h = hash_of(map);
    const struct ebpf_sought s = ebpf_bucket_seek(&h->buckets, key);
    uint32_t index = find(h, &s);
    return index ? found(h, index) : NULL;
}

static inline bool same_key(const uint8_t *a, const uint8_t *b, uint32_t size)
{
    uint64_t x[2], y[2];
    if (size != sizeof(x))
        return memcmp(a, b, size) == 0;
    memcpy(x, a, sizeof(x));
    memcpy(y, b, sizeof(y));
    return x[0] == y[0] && x[1] == y[1];
}

/* With what is sought in registers; elements that are not where most are, are found by another way.
 * `is_word` says whether the word is all of the key. */
static inline __attribute__((always_inline)) void *look_up(struct hash *h, struct ebpf_sought s,
                                                           bool is_word)
{
    unsigned places = ebpf_bucket_places(s.bucket, s.word);
    if (!places && !ebpf_bucket_follow(&s.bucket->more))
        return NULL;
    uint32_t index =
        places ? ebpf_bucket_at(s.bucket, (unsigned)__builtin_ctz(places), s.word) : BUCKET_NONE;
    const struct ebpf_node *node = NULL;
    if (!is_word && index) { /* both lines are on their way at the same time */
        __builtin_prefetch(ebpf_pool_value(&h->pool, index));
        node = ebpf_pool_node(&h->pool, index);
    }
    if (__builtin_expect(index != BUCKET_NONE, 1) &&
        (is_word || same_key(node->key, s.key, h->buckets.key_size)))
        return found(h, index);
    return look_up_any(&h->map, s.key);
}

static __attribute__((noinline)) void *look_up_4(struct hash *h, const void *key)
{
    uint32_t number;
    memcpy(&number, key, sizeof(number));
    return look_up(h, ebpf_bucket_seek_number(&h->buckets, key, number), true);
}

static __attribute__((noinline)) void *look_up_8(struct hash *h, const void *key)
{
    uint64_t number;
    memcpy(&number, key, sizeof(number));
    return look_up(h, ebpf_bucket_seek_number(&h->buckets, key, number), true);
}

static __attribute__((noinline)) void *look_up_long(struct hash *h, const void *key)
{
    return look_up(h, ebpf_bucket_seek_long(&h->buckets, key), false);
}

static void *hash_lookup(struct ebpf_map *map, const void *key)
{
    switch (map->def.key_size) {
    case 4: return look_up_4(hash_of(map), key);
    case 8: return look_up_8(hash_of(map), key);
    default: return map->def.key_size > 8 ? look_up_long(hash_of(map), key) : look_up_any(map, key);
    }
}

static void unlink_element(struct hash *h, uint32_t index)
{
    ebpf_buckets_remove(&h->buckets, &h->pool, index);
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
            h->hand = ((h->hand - 1) | h->pool.mask) + 1; /* its last one */
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

/* Puts an element in, in place of `old` unless that is 0. */
static void insert(struct hash *h, uint32_t index, const struct ebpf_sought *s, uint32_t old)
{
    __atomic_store_n(ebpf_pool_mark(&h->pool, index), MARK_USED, __ATOMIC_RELAXED);
    ebpf_buckets_insert(&h->pool, s, index, old);
    if (!old) {
        __atomic_store_n(&h->count, h->count + 1, __ATOMIC_RELAXED);
        return;
    }
    __atomic_store_n(ebpf_pool_mark(&h->pool, old), MARK_FREE, __ATOMIC_RELAXED);
    ebpf_pool_give(&h->pool, old);
}

static int add(struct hash *h, const struct ebpf_sought *s, const struct ebpf_map_value *value)
{
    if (h->count == h->map.def.max_entries && !(h->lru && evict(h)))
        return -E2BIG;
    uint32_t index = ebpf_pool_take(&h->pool);
    if (!index)
        return -ENOMEM;
    ebpf_map_put(&h->map, ebpf_pool_value(&h->pool, index), value, 1);
    insert(h, index, s, 0);
    return 0;
}

/* A copy of one processor is written where it is, and so is all of it if there is no memory. */
static int replace(struct hash *h, const struct ebpf_sought *s, uint32_t old,
                   const struct ebpf_map_value *value)
{
    uint32_t index = h->map.copies > 1 ? 0 : ebpf_pool_take(&h->pool);
    if (!index && h->pool.drop)
        return -ENOMEM;
    ebpf_map_put(&h->map, ebpf_pool_value(&h->pool, index ? index : old), value, 0);
    if (index)
        insert(h, index, s, old);
    return 0;
}

static int hash_update(struct ebpf_map *map, const void *key, const struct ebpf_map_value *value,
                       uint64_t mode)
{
    struct hash *h = hash_of(map);
    const struct ebpf_sought s = ebpf_bucket_seek(&h->buckets, key);
    ebpf_lock(&h->pool.lock);
    uint32_t old = find(h, &s);
    int error = ebpf_map_check_mode(mode, old != 0);
    if (!error)
        error = old ? replace(h, &s, old, value) : add(h, &s, value);
    ebpf_unlock(&h->pool.lock);
    return error;
}

static int hash_remove(struct ebpf_map *map, const void *key)
{
    struct hash *h = hash_of(map);
    const struct ebpf_sought s = ebpf_bucket_seek(&h->buckets, key);
    ebpf_lock(&h->pool.lock);
    uint32_t index = find(h, &s);
    if (index)
        unlink_element(h, index);
    ebpf_unlock(&h->pool.lock);
    return index ? 0 : -ENOENT;
}

static int hash_next(struct ebpf_map *map, const void *key, void *next)
{
    struct hash *h = hash_of(map);
    uint32_t index = ebpf_buckets_next(&h->buckets, &h->pool, key);
    if (!index)
        return -ENOENT;
    const struct ebpf_node *node = ebpf_pool_node(&h->pool, index);
    memcpy(next, node->key, map->def.key_size);
    return 0;
}

static const struct ebpf_region *hash_find(const struct ebpf_map *map, uint64_t address)
{
    return ebpf_pool_find(&((const struct hash *)map)->pool, address);
}

static ebpf_status hash_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    struct hash *h = hash_of(map);
    size_t node = (offsetof(struct ebpf_node, key) + map->def.key_size + 7) & ~(size_t)7;
    ebpf_status status = ebpf_pool_open(&h->pool, map, node);
    if (status == EBPF_ERR_LIMIT)
        return ebpf_map_refuse(map, diag, status, "max_entries is too large");
    return status ? status : ebpf_buckets_open(&h->buckets, map);
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
    uint32_t index;
    for (uint64_t i = 0; h->pool.drop && h->buckets.block && i < h->buckets.count; i++)
        while ((index = ebpf_bucket_next(&h->buckets.all[i], 0)))
            unlink_element(h, index);
    ebpf_buckets_close(&h->buckets, map);
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
