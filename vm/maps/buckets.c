/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "vm/maps/buckets.h"

enum { LINE = 64 };
_Static_assert(sizeof(struct ebpf_bucket) == LINE, "a bucket is a line of the cache");

static struct ebpf_node *node_of(struct ebpf_pool *pool, uint32_t index)
{
    return ebpf_pool_node(pool, index);
}

static size_t block_size(const struct ebpf_buckets *b)
{
    return ((size_t)b->count + 1) * sizeof(struct ebpf_bucket);
}

ebpf_status ebpf_buckets_open(struct ebpf_buckets *b, const struct ebpf_map *map)
{
    /* Of a full map half the places are free, so that few elements are in chains. */
    b->count = 2 * (uint64_t)map->def.max_entries / BUCKET_PLACES + 1;
    b->key_size = map->def.key_size;
    /* Places where nothing is have the word 0, which is to be that of no key as a rule. */
    b->seed = ebpf_hash_seed(map) ^ UINT64_C(0x9e3779b97f4a7c15);
    b->block = ebpf_mem_zalloc(&map->mem, 1, block_size(b));
    if (!b->block)
        return EBPF_ERR_NOMEM;
    uint8_t *start = b->block;
    b->all = (struct ebpf_bucket *)(void *)(start + (-(uintptr_t)start & (LINE - 1)));
    return EBPF_OK;
}

void ebpf_buckets_close(struct ebpf_buckets *b, const struct ebpf_map *map)
{
    if (b->block)
        ebpf_mem_free(&map->mem, b->block, block_size(b));
}

static bool has_key(struct ebpf_pool *pool, uint32_t index, const uint8_t *key)
{
    return memcmp(node_of(pool, index)->key, key, pool->map->def.key_size) == 0;
}

/* The element of a key that may be in a place, or BUCKET_NONE. */
static uint32_t find_at(struct ebpf_pool *pool, const struct ebpf_sought *s, unsigned place)
{
    do {
        uint32_t index = ebpf_bucket_at(s->bucket, place, s->word);
        if (index)
            return has_key(pool, index, s->key) ? index : BUCKET_NONE;
        /* Nothing is there, or something else, or it was just replaced. */
    } while (ebpf_bucket_follow(&s->bucket->links[place]) &&
             ebpf_bucket_word(s->bucket, place) == s->word);
    return BUCKET_NONE;
}

uint32_t ebpf_buckets_find(struct ebpf_pool *pool, const struct ebpf_sought *s, unsigned *place)
{
    uint32_t index;
    for (unsigned places = ebpf_bucket_places(s->bucket, s->word); places; places &= places - 1) {
        *place = (unsigned)__builtin_ctz(places);
        index = find_at(pool, s, *place);
        if (index)
            return index;
    }
    *place = BUCKET_PLACES;
    for (index = ebpf_bucket_follow(&s->bucket->more); index;
         index = ebpf_bucket_follow(&node_of(pool, index)->next))
        if (node_of(pool, index)->hash == s->hash && has_key(pool, index, s->key))
            return index;
    return BUCKET_NONE;
}

static void set_link(uint32_t *link, uint32_t index)
{
    __atomic_store_n(link, index, __ATOMIC_SEQ_CST);
}

static void set_word(struct ebpf_bucket *bucket, unsigned place, uint64_t word)
{
    __atomic_store_n(&bucket->words[place], word, __ATOMIC_SEQ_CST);
}

/* Where an element is in its bucket; BUCKET_PLACES if it is in the chain. */
static unsigned place_of(const struct ebpf_bucket *bucket, uint32_t index)
{
    unsigned place = 0;
    while (place < BUCKET_PLACES && bucket->links[place] != index)
        place++;
    return place;
}

/* The link that leads to an element in the chain. */
static uint32_t *link_to(struct ebpf_pool *pool, struct ebpf_bucket *bucket, uint32_t index)
{
    uint32_t *link = &bucket->more;
    while (*link != index)
        link = &node_of(pool, *link)->next;
    return link;
}

/* Puts an element where there is room, if there is, else in front of the chain. */
static void add(const struct ebpf_sought *s, uint32_t index, struct ebpf_node *node)
{
    struct ebpf_bucket *bucket = s->bucket;
    unsigned place = place_of(bucket, BUCKET_NONE);
    if (place < BUCKET_PLACES) {
        set_word(bucket, place, s->word);
        set_link(&bucket->links[place], index);
        return;
    }
    __atomic_store_n(&node->next, bucket->more, __ATOMIC_RELAXED);
    set_link(&bucket->more, index);
}

static void exchange(struct ebpf_pool *pool, const struct ebpf_sought *s, uint32_t index,
                     uint32_t old)
{
    struct ebpf_bucket *bucket = s->bucket;
    unsigned place = place_of(bucket, old);
    if (place < BUCKET_PLACES) {
        set_link(&bucket->links[place], index);
        return;
    }
    __atomic_store_n(&node_of(pool, index)->next, node_of(pool, old)->next, __ATOMIC_RELAXED);
    set_link(link_to(pool, bucket, old), index);
}

void ebpf_buckets_insert(struct ebpf_pool *pool, const struct ebpf_sought *s, uint32_t index,
                         uint32_t old)
{
    struct ebpf_node *node = node_of(pool, index);
    node->hash = s->hash;
    memcpy(node->key, s->key, pool->map->def.key_size);
    if (old)
        exchange(pool, s, index, old);
    else
        add(s, index, node);
}

void ebpf_buckets_remove(struct ebpf_buckets *b, struct ebpf_pool *pool, uint32_t index)
{
    const struct ebpf_node *node = node_of(pool, index);
    struct ebpf_bucket *bucket = &b->all[node->hash * b->count >> 32];
    unsigned place = place_of(bucket, index);
    if (place == BUCKET_PLACES) {
        set_link(link_to(pool, bucket, index), node->next);
        return;
    }
    set_link(&bucket->links[place], BUCKET_NONE);
    set_word(bucket, place, 0);
}

uint32_t ebpf_bucket_next(const struct ebpf_bucket *bucket, unsigned place)
{
    for (; place < BUCKET_PLACES; place++) {
        uint32_t index = ebpf_bucket_follow(&bucket->links[place]);
        if (index)
            return index;
    }
    return ebpf_bucket_follow(&bucket->more);
}

uint32_t ebpf_buckets_next(const struct ebpf_buckets *b, struct ebpf_pool *pool, const void *key)
{
    uint64_t bucket = 0;
    uint32_t index = BUCKET_NONE;
    unsigned place;
    if (key) {
        const struct ebpf_sought s = ebpf_bucket_seek(b, key);
        uint32_t at = ebpf_buckets_find(pool, &s, &place);
        bucket = at ? (uint64_t)(s.bucket - b->all) + 1 : 0;
        if (at && place < BUCKET_PLACES)
            index = ebpf_bucket_next(s.bucket, place + 1);
        else if (at)
            index = ebpf_bucket_follow(&node_of(pool, at)->next);
    }
    while (!index && bucket < b->count)
        index = ebpf_bucket_next(&b->all[bucket++], 0);
    return index;
}
