/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Where kinds whose elements come and go get them from.  An element has a node, which is the map's,
 * and a value, which programs may reach; they lie apart, so that all values of a slab are one piece
 * of memory that programs may have.  Memory is given back when the map is freed, not before: a
 * pointer into it that is too old leads to the value of another key, and never out of the map.
 *
 * Elements are known by their index; 0 is none.  A removed one is used again when all readers that
 * could have found it are gone.
 */
#ifndef VM_MAPS_POOL_H
#define VM_MAPS_POOL_H

#include "base/lock.h"
#include "vm/maps/map.h"
#include "vm/maps/readers.h"

enum { POOL_SLABS = 96 };

struct ebpf_pool_slab {
    uint8_t *values;
    uint8_t *nodes;
    uint32_t *links; /* of lists */
    uint8_t *marks;  /* the owner's */
    uint32_t count;
    struct ebpf_region region; /* the values */
};

/* The head and tail of a list of elements that are not in use. */
struct ebpf_pool_list {
    uint32_t first, last;
};

struct ebpf_pool {
    struct ebpf_map *map;
    size_t node_size;
    size_t value_size;
    uint32_t shift; /* an index less 1 is a slab, then this many bits of a place in it */
    uint32_t mask;  /* those bits */
    uint32_t slab_count;
    uint64_t total, limit; /* elements: that there are, that there may be */
    struct ebpf_pool_list free;
    struct ebpf_pool_list removed; /* since the readers of `waiting` are waited for */
    struct ebpf_pool_list waiting; /* for readers to go */
    uint32_t seen;                 /* see ebpf_readers_gone() */
    uint32_t given;                /* how many elements were removed so far */
    /* Called with the value of an element that nobody can reach any more; or NULL. */
    void (*drop)(struct ebpf_map *map, void *value);
    struct ebpf_map_readers readers;
    struct ebpf_lock lock; /* of who changes anything */
    struct ebpf_pool_slab slabs[POOL_SLABS];
};

/* Nodes are `node_size` bytes, a multiple of 8.  All elements are made at once unless the map has
 * the flag NO_PREALLOC. */
ebpf_status ebpf_pool_open(struct ebpf_pool *pool, struct ebpf_map *map, size_t node_size);
void ebpf_pool_close(struct ebpf_pool *pool);

/* With the lock: an element that is in no list; 0 if there is none. */
uint32_t ebpf_pool_take(struct ebpf_pool *pool);

/* With the lock: gives back an element that cannot be found any more. */
void ebpf_pool_give(struct ebpf_pool *pool, uint32_t index);

/* Without the lock: waits until all that was given back is dropped, and so for all runs that may
 * have found some of it. */
void ebpf_pool_drain(struct ebpf_pool *pool);

/* With the lock: gives back one that nobody has seen. */
void ebpf_pool_give_new(struct ebpf_pool *pool, uint32_t index);

/* The memory of values that holds an address, or NULL. */
const struct ebpf_region *ebpf_pool_find(const struct ebpf_pool *pool, uint64_t address);

static inline struct ebpf_pool_slab *ebpf_pool_slab(struct ebpf_pool *pool, uint32_t index,
                                                    uint32_t *place)
{
    *place = (index - 1) & pool->mask;
    return &pool->slabs[(index - 1) >> pool->shift];
}

static inline void *ebpf_pool_node(struct ebpf_pool *pool, uint32_t index)
{
    uint32_t place;
    struct ebpf_pool_slab *slab = ebpf_pool_slab(pool, index, &place);
    return slab->nodes + place * pool->node_size;
}

static inline void *ebpf_pool_value(struct ebpf_pool *pool, uint32_t index)
{
    uint32_t place;
    struct ebpf_pool_slab *slab = ebpf_pool_slab(pool, index, &place);
    return slab->values + place * pool->value_size;
}

static inline uint8_t *ebpf_pool_mark(struct ebpf_pool *pool, uint32_t index)
{
    uint32_t place;
    struct ebpf_pool_slab *slab = ebpf_pool_slab(pool, index, &place);
    return &slab->marks[place];
}

#endif
