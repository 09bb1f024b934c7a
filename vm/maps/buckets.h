/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Which element of a hash table has a key: read without a lock, changed with that of the pool.
 *
 * A bucket is one line of the cache: a word for each of its elements, which is the key itself if
 * that has at most 8 bytes, else a hash of it; and links, the elements' indexes.  So a lookup
 * touches this line and that of the value, and longer keys one more.  The few elements that their
 * bucket has no room for are in a chain behind it.
 *
 * A place of a bucket is taken again at once, so a word that was read need not belong to the link
 * that was read.  It does if the link was the same before and after: the index of a removed element
 * comes back only when those who read are gone.
 */
#ifndef VM_MAPS_BUCKETS_H
#define VM_MAPS_BUCKETS_H

#include "vm/maps/hash_key.h"
#include "vm/maps/map.h"
#include "vm/maps/pool.h"

enum { BUCKET_PLACES = 5 };

/* The link of a place where nothing is, and at the end of a chain. */
enum { BUCKET_NONE = 0 };

struct ebpf_bucket {
    uint64_t words[BUCKET_PLACES];
    uint32_t links[BUCKET_PLACES];
    uint32_t more; /* the first one of the chain */
};

struct ebpf_node {
    uint32_t next; /* in the chain */
    uint32_t hash;
    uint8_t key[]; /* up to a multiple of 8 */
};

struct ebpf_buckets {
    struct ebpf_bucket *all;
    uint64_t count;
    uint64_t seed;
    uint32_t key_size;
    void *block; /* `all` starts in its first line */
};

/* What is looked for. */
struct ebpf_sought {
    const uint8_t *key;
    uint64_t word;
    uint32_t hash;
    struct ebpf_bucket *bucket;
};

static inline struct ebpf_sought ebpf_bucket_sought(const struct ebpf_buckets *b, const void *key,
                                                    uint64_t word, uint64_t mixed)
{
    uint32_t hash = (uint32_t)(mixed >> 32);
    return (struct ebpf_sought){key, word, hash, &b->all[hash * b->count >> 32]};
}

/* A key that is a number of 4 or 8 bytes. */
static inline struct ebpf_sought ebpf_bucket_seek_number(const struct ebpf_buckets *b,
                                                         const void *key, uint64_t number)
{
    uint64_t word = b->seed ^ number;
    return ebpf_bucket_sought(b, key, word, ebpf_hash_word(word));
}

/* A key of more than 8 bytes. */
static inline struct ebpf_sought ebpf_bucket_seek_long(const struct ebpf_buckets *b,
                                                       const void *key)
{
    uint64_t word = ebpf_hash_key(b->seed, key, b->key_size);
    return ebpf_bucket_sought(b, key, word, word);
}

/* Any key. */
static inline struct ebpf_sought ebpf_bucket_seek(const struct ebpf_buckets *b, const void *key)
{
    uint64_t number = 0;
    if (b->key_size > sizeof(number))
        return ebpf_bucket_seek_long(b, key);
    memcpy(&number, key, b->key_size);
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ && b->key_size == 4)
        number >>= 32;
    return ebpf_bucket_seek_number(b, key, number);
}

static inline uint32_t ebpf_bucket_follow(const uint32_t *link)
{
    return __atomic_load_n(link, __ATOMIC_SEQ_CST);
}

static inline uint64_t ebpf_bucket_word(const struct ebpf_bucket *bucket, unsigned place)
{
    return __atomic_load_n(&bucket->words[place], __ATOMIC_SEQ_CST);
}

/* The places that have a word, a bit each: mostly one.  Without branches, since which place it is
 * nobody can predict. */
static inline unsigned ebpf_bucket_places(const struct ebpf_bucket *bucket, uint64_t word)
{
    unsigned places = ebpf_bucket_word(bucket, 4) == word;
    places = 2 * places + (ebpf_bucket_word(bucket, 3) == word);
    places = 2 * places + (ebpf_bucket_word(bucket, 2) == word);
    places = 2 * places + (ebpf_bucket_word(bucket, 1) == word);
    return 2 * places + (ebpf_bucket_word(bucket, 0) == word);
}

/* The element in a place, if the word belongs to it; else BUCKET_NONE. */
static inline uint32_t ebpf_bucket_at(const struct ebpf_bucket *bucket, unsigned place,
                                      uint64_t word)
{
    uint32_t index = ebpf_bucket_follow(&bucket->links[place]);
    bool belongs = ebpf_bucket_word(bucket, place) == word &&
                   ebpf_bucket_follow(&bucket->links[place]) == index;
    return belongs ? index : BUCKET_NONE;
}

/* The element that has a key, or BUCKET_NONE; and its place, BUCKET_PLACES in a chain. */
uint32_t ebpf_buckets_find(struct ebpf_pool *pool, const struct ebpf_sought *s, unsigned *place);

/* An empty table. */
ebpf_status ebpf_buckets_open(struct ebpf_buckets *b, const struct ebpf_map *map);
void ebpf_buckets_close(struct ebpf_buckets *b, const struct ebpf_map *map);

/* With the lock: puts an element in, in place of `old` unless that is BUCKET_NONE. */
void ebpf_buckets_insert(struct ebpf_pool *pool, const struct ebpf_sought *s, uint32_t index,
                         uint32_t old);

/* With the lock: takes one out; who is at it in a chain gets on. */
void ebpf_buckets_remove(struct ebpf_buckets *b, struct ebpf_pool *pool, uint32_t index);

/* The first element of a bucket from a place on, or BUCKET_NONE. */
uint32_t ebpf_bucket_next(const struct ebpf_bucket *bucket, unsigned place);

/* The element after that of a key, or BUCKET_NONE; the first one for NULL, and for a key that is
 * not there. */
uint32_t ebpf_buckets_next(const struct ebpf_buckets *b, struct ebpf_pool *pool, const void *key);

#endif
