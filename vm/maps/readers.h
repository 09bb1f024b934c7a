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
#include <stddef.h>
#include <stdint.h>

/* Threads count in different lines of the cache. */
enum { READER_SHARDS = 8 };

/*
 * The first reader of a line has a count of its own, which is one more than its group: it can be
 * given back by a plain store, in place of another atomic operation.  Others are counted.
 */
struct ebpf_map_readers {
    uint32_t group;
    struct ebpf_map_shard {
        uint32_t first;
        uint32_t count[2];
        uint8_t away[52];
    } shards[READER_SHARDS];
};

/* Joins; returns what ebpf_readers_leave() wants.  Stacks of threads are far apart. */
static inline uint32_t *ebpf_readers_join(struct ebpf_map_readers *readers)
{
    uint8_t here;
    uint64_t stack = (uintptr_t)&here >> 16;
    uint32_t number = (uint32_t)(stack * UINT64_C(0x9e3779b97f4a7c15) >> 61), nobody = 0;
    struct ebpf_map_shard *shard = &readers->shards[number];
    uint32_t group = __atomic_load_n(&readers->group, __ATOMIC_RELAXED) & 1;
    if (__atomic_compare_exchange_n(&shard->first, &nobody, group + 1, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_RELAXED))
        return &shard->first;
    __atomic_fetch_add(&shard->count[group], 1, __ATOMIC_SEQ_CST);
    return &shard->count[group];
}

/* Lines are multiples of their size apart, and `first` is at their start. */
static inline void ebpf_readers_leave(struct ebpf_map_readers *readers, uint32_t *count)
{
    size_t place = (size_t)((uint8_t *)count - (uint8_t *)readers->shards);
    if (place % sizeof(struct ebpf_map_shard) == 0)
        __atomic_store_n(count, 0, __ATOMIC_RELEASE);
    else
        __atomic_fetch_sub(count, 1, __ATOMIC_SEQ_CST);
}

static inline bool ebpf_readers_empty(const struct ebpf_map_readers *readers, unsigned group)
{
    for (unsigned i = 0; i < READER_SHARDS; i++)
        if (__atomic_load_n(&readers->shards[i].count[group], __ATOMIC_SEQ_CST) ||
            __atomic_load_n(&readers->shards[i].first, __ATOMIC_SEQ_CST) == group + 1)
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
