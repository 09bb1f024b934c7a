/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Longest-prefix match: a binary tree of prefixes, each below the longest one that contains it.
 * Where two prefixes part that no third one contains, a fork without a value stands.  Read without
 * a lock; what is taken out keeps its links for those who are at it.
 *
 * A key is a length in bits, 32 bits wide, and the prefix, highest bit first.
 */
#include <stddef.h>

#include "vm/maps/map.h"
#include "vm/maps/pool.h"

enum { LENGTH_SIZE = 4, PREFIX_MAX = 256 };

struct node {
    uint32_t child[2];
    uint32_t length; /* of the prefix, in bits */
    uint32_t fork;   /* whether it has no value */
    uint8_t prefix[];
};

struct trie {
    struct ebpf_map map;
    uint32_t root, count;
    uint32_t bits; /* of the longest prefix */
    struct ebpf_pool pool;
};

static struct trie *trie_of(struct ebpf_map *map)
{
    return (struct trie *)map;
}

static struct node *node_at(struct trie *t, uint32_t index)
{
    return ebpf_pool_node(&t->pool, index);
}

static unsigned bit_of(const uint8_t *prefix, uint32_t bit)
{
    return prefix[bit / 8] >> (7 - bit % 8) & 1;
}

/* How many bits two prefixes have in common, `most` at most. */
static uint32_t common(const uint8_t *a, const uint8_t *b, uint32_t most)
{
    uint32_t bit = 0;
    while (bit + 8 <= most && a[bit / 8] == b[bit / 8])
        bit += 8;
    while (bit < most && bit_of(a, bit) == bit_of(b, bit))
        bit++;
    return bit;
}

static uint32_t shorter(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t follow(const uint32_t *link)
{
    return __atomic_load_n(link, __ATOMIC_SEQ_CST);
}

static void set_link(uint32_t *link, uint32_t index)
{
    __atomic_store_n(link, index, __ATOMIC_SEQ_CST);
}

/* The length of a key; false if it is too long. */
static bool length_of(const struct trie *t, const void *key, uint32_t *length)
{
    memcpy(length, key, sizeof(*length));
    return *length <= t->bits;
}

static void *trie_lookup(struct ebpf_map *map, const void *key)
{
    struct trie *t = trie_of(map);
    const uint8_t *prefix = (const uint8_t *)key + LENGTH_SIZE;
    uint32_t length, found = 0;
    if (!length_of(t, key, &length))
        return NULL;
    for (uint32_t index = follow(&t->root); index;) {
        const struct node *node = node_at(t, index);
        if (node->length > length || common(node->prefix, prefix, node->length) < node->length)
            break;
        if (!__atomic_load_n(&node->fork, __ATOMIC_RELAXED))
            found = index;
        if (node->length == t->bits)
            break;
        index = follow(&node->child[bit_of(prefix, node->length)]);
    }
    return found ? ebpf_pool_value(&t->pool, found) : NULL;
}

/* The way to a prefix: the link to where it is, or belongs, and those to its ancestors. */
struct way {
    uint32_t *link, *parent_link;
    uint32_t parent; /* 0 at the root */
    uint32_t same;   /* bits that the node at the link has in common with it */
};

/* With the lock. */
static struct way find(struct trie *t, const uint8_t *prefix, uint32_t length)
{
    struct way way = {.link = &t->root};
    while (*way.link) {
        struct node *node = node_at(t, *way.link);
        way.same = common(node->prefix, prefix, shorter(node->length, length));
        if (way.same < node->length || node->length == length)
            break;
        way.parent = *way.link;
        way.parent_link = way.link;
        way.link = &node->child[bit_of(prefix, node->length)];
    }
    return way;
}

/* Whether the way ends at a node with just this prefix. */
static bool is_there(struct trie *t, const struct way *way, uint32_t length)
{
    return *way->link && node_at(t, *way->link)->length == length && way->same == length;
}

/* The new node takes the place of the one with the same prefix. */
static void put_in_place(struct trie *t, const struct way *way, uint32_t index)
{
    uint32_t old = *way->link;
    memcpy(node_at(t, index)->child, node_at(t, old)->child, sizeof(node_at(t, old)->child));
    set_link(way->link, index);
    ebpf_pool_give(&t->pool, old);
}

/* The new node becomes the parent of the one that the way ends at. */
static void put_above(struct trie *t, const struct way *way, uint32_t index)
{
    struct node *node = node_at(t, index);
    node->child[bit_of(node_at(t, *way->link)->prefix, node->length)] = *way->link;
    set_link(way->link, index);
}

/* Both become children of a fork. */
static int put_beside(struct trie *t, const struct way *way, uint32_t index)
{
    uint32_t fork_index = ebpf_pool_take(&t->pool);
    if (!fork_index)
        return -ENOMEM;
    struct node *fork = node_at(t, fork_index), *node = node_at(t, index);
    unsigned bit = bit_of(node->prefix, way->same);
    fork->length = way->same;
    fork->fork = 1;
    memcpy(fork->prefix, node->prefix, t->bits / 8);
    fork->child[bit] = index;
    fork->child[!bit] = *way->link;
    set_link(way->link, fork_index);
    return 0;
}

static int insert(struct trie *t, const struct way *way, uint32_t index)
{
    uint32_t length = node_at(t, index)->length;
    if (!*way->link)
        set_link(way->link, index);
    else if (is_there(t, way, length))
        put_in_place(t, way, index);
    else if (way->same == length)
        put_above(t, way, index);
    else
        return put_beside(t, way, index);
    return 0;
}

/* With the lock.  Works on a copy of the key, which a program may be changing. */
static int update(struct trie *t, const uint8_t *key, uint32_t length,
                  const struct ebpf_map_value *value, uint64_t mode)
{
    uint8_t prefix[PREFIX_MAX];
    memcpy(prefix, key + LENGTH_SIZE, t->bits / 8);
    struct way way = find(t, prefix, length);
    bool exists = is_there(t, &way, length) && !node_at(t, *way.link)->fork;
    int error = ebpf_map_check_mode(mode, exists);
    if (!error && !exists && t->count == t->map.def.max_entries)
        error = -ENOSPC;
    uint32_t index = error ? 0 : ebpf_pool_take(&t->pool);
    if (!index)
        return error ? error : -ENOMEM;
    struct node *node = node_at(t, index);
    *node = (struct node){.length = length};
    memcpy(node->prefix, prefix, t->bits / 8);
    ebpf_map_put(&t->map, ebpf_pool_value(&t->pool, index), value, 1);
    error = insert(t, &way, index);
    if (error)
        ebpf_pool_give_new(&t->pool, index);
    else
        t->count += !exists;
    return error;
}

static int trie_update(struct ebpf_map *map, const void *key, const struct ebpf_map_value *value,
                       uint64_t mode)
{
    struct trie *t = trie_of(map);
    uint32_t length;
    if (!length_of(t, key, &length))
        return -EINVAL;
    ebpf_lock(&t->pool.lock);
    int error = update(t, key, length, value, mode);
    ebpf_unlock(&t->pool.lock);
    return error;
}

/* Takes the node out that the way ends at.  With two children it becomes a fork; a leaf takes the
 * fork above it along. */
static void take_out(struct trie *t, const struct way *way)
{
    uint32_t index = *way->link;
    struct node *node = node_at(t, index);
    t->count--;
    if (node->child[0] && node->child[1]) {
        __atomic_store_n(&node->fork, 1, __ATOMIC_RELAXED);
        return;
    }
    struct node *parent = way->parent ? node_at(t, way->parent) : NULL;
    if (parent && parent->fork && !node->child[0] && !node->child[1]) {
        set_link(way->parent_link, parent->child[parent->child[0] == index]);
        ebpf_pool_give(&t->pool, way->parent);
    } else {
        set_link(way->link, node->child[0] ? node->child[0] : node->child[1]);
    }
    ebpf_pool_give(&t->pool, index);
}

static int trie_remove(struct ebpf_map *map, const void *key)
{
    struct trie *t = trie_of(map);
    uint32_t length;
    if (!length_of(t, key, &length))
        return -EINVAL;
    ebpf_lock(&t->pool.lock);
    struct way way = find(t, (const uint8_t *)key + LENGTH_SIZE, length);
    bool exists = is_there(t, &way, length) && !node_at(t, *way.link)->fork;
    if (exists)
        take_out(t, &way);
    ebpf_unlock(&t->pool.lock);
    return exists ? 0 : -ENOENT;
}

/* The first prefix of a tree in order: a node before its children, 0 before 1.  Leaves always have
 * values. */
static uint32_t first_of(struct trie *t, uint32_t index)
{
    while (index && node_at(t, index)->fork)
        index = node_at(t, index)->child[0];
    return index;
}

/* With the lock: the node behind a key; the first one if the key is not there. */
static uint32_t next_node(struct trie *t, const void *key)
{
    uint32_t length, aside = 0, index = t->root;
    const uint8_t *prefix = key ? (const uint8_t *)key + LENGTH_SIZE : NULL;
    if (!key || !length_of(t, key, &length))
        return first_of(t, t->root);
    while (index) {
        const struct node *node = node_at(t, index);
        if (common(node->prefix, prefix, shorter(node->length, length)) < node->length)
            break;
        if (node->length == length) {
            if (node->fork)
                break;
            uint32_t below = node->child[0] ? node->child[0] : node->child[1];
            return first_of(t, below ? below : aside);
        }
        unsigned bit = bit_of(prefix, node->length);
        if (bit == 0 && node->child[1])
            aside = node->child[1];
        index = node->child[bit];
    }
    return first_of(t, t->root);
}

static int trie_next(struct ebpf_map *map, const void *key, void *next)
{
    struct trie *t = trie_of(map);
    ebpf_lock(&t->pool.lock);
    uint32_t index = next_node(t, key);
    if (index) {
        const struct node *node = node_at(t, index);
        memcpy(next, &node->length, LENGTH_SIZE);
        memcpy((uint8_t *)next + LENGTH_SIZE, node->prefix, t->bits / 8);
    }
    ebpf_unlock(&t->pool.lock);
    return index ? 0 : -ENOENT;
}

static const struct ebpf_region *trie_find(const struct ebpf_map *map, uint64_t address)
{
    return ebpf_pool_find(&((const struct trie *)map)->pool, address);
}

static ebpf_status trie_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    struct trie *t = trie_of(map);
    t->bits = (map->def.key_size - LENGTH_SIZE) * 8;
    if (!(map->def.flags & EBPF_MAP_NO_PREALLOC))
        return ebpf_map_refuse(map, diag, EBPF_ERR_INVALID, "it needs the flag NO_PREALLOC");
    size_t node = (offsetof(struct node, prefix) + t->bits / 8 + 7) & ~(size_t)7;
    ebpf_status status = ebpf_pool_open(&t->pool, map, node);
    if (status == EBPF_ERR_LIMIT)
        return ebpf_map_refuse(map, diag, status, "max_entries is too large");
    return status;
}

static void trie_close(struct ebpf_map *map)
{
    struct trie *t = trie_of(map);
    if (t->pool.map)
        ebpf_pool_close(&t->pool);
}

const struct ebpf_map_ops ebpf_map_lpm_trie = {
    .name = "lpm_trie",
    .size = sizeof(struct trie),
    .flags = EBPF_MAP_NO_PREALLOC | EBPF_MAP_RDONLY | EBPF_MAP_WRONLY | EBPF_MAP_RDONLY_PROG |
             EBPF_MAP_WRONLY_PROG,
    .key_min = LENGTH_SIZE + 1,
    .key_max = LENGTH_SIZE + PREFIX_MAX,
    .value_min = 1,
    .value_max = EBPF_MAP_ITEM_MAX,
    .open = trie_open,
    .close = trie_close,
    .lookup = trie_lookup,
    .update = trie_update,
    .remove = trie_remove,
    .next = trie_next,
    .find = trie_find};
