/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * When may the memory of a removed element be used again?  When everybody who could have found it
 * before it was removed has left.
 *
 * Readers are counted in two groups, and join the one that `group` names.  Once an element cannot
 * be found any more, it is enough to see each group empty at some time: who came later did not find
 * it.  A group that has been seen empty takes the newcomers, so that the other one runs dry.
 *
 * Who removes and who reads agree on the order of things only if all of it is sequentially
 * consistent: joining, looking at links, changing links, looking at counts.
 */
#ifndef VM_MAPS_READERS_H
#define VM_MAPS_READERS_H

#include <stdbool.h>
#include <stdint.h>

/* Threads count in different lines of the cache. */
enum { READER_SHARDS = 8 };

struct ebpf_map_readers {
    uint32_t group;
    struct {
        uint32_t count[2];
        uint8_t away[56];
    } shards[READER_SHARDS];
};

/* Joins; returns what ebpf_readers_leave() wants.  Stacks of threads are far apart. */
static inline uint32_t *ebpf_readers_join(struct ebpf_map_readers *readers)
{
    uint8_t here;
    uint64_t stack = (uintptr_t)&here >> 16;
    uint32_t shard = (uint32_t)(stack * UINT64_C(0x9e3779b97f4a7c15) >> 61);
    uint32_t group = __atomic_load_n(&readers->group, __ATOMIC_RELAXED) & 1;
    uint32_t *count = &readers->shards[shard].count[group];
    __atomic_fetch_add(count, 1, __ATOMIC_SEQ_CST);
    return count;
}

static inline void ebpf_readers_leave(uint32_t *count)
{
    __atomic_fetch_sub(count, 1, __ATOMIC_SEQ_CST);
}

static inline bool ebpf_readers_empty(const struct ebpf_map_readers *readers, unsigned group)
{
    for (unsigned i = 0; i < READER_SHARDS; i++)
        if (__atomic_load_n(&readers->shards[i].count[group], __ATOMIC_SEQ_CST))
            return false;
    return true;
}

/* Looks at the groups; `*seen` has those that were empty since it was 0.  Returns whether all
 * were. */
static inline bool ebpf_readers_gone(struct ebpf_map_readers *readers, uint32_t *seen)
{
    for (uint32_t i = 0; i < 2; i++)
        if (!(*seen >> i & 1) && ebpf_readers_empty(readers, i))
            *seen |= 1u << i;
    if (*seen == 1 || *seen == 2)
        __atomic_store_n(&readers->group, *seen - 1, __ATOMIC_RELAXED);
    return *seen == 3;
}

#endif
