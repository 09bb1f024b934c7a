/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "config.h"

#include "vm/maps/held.h"

#include <sched.h>

#include "vm/maps/map.h"
#include "vm/maps/readers.h"

/* A copy that no other run has, if there is one: at best that of the processor.  With more runs at
 * once than processors some share one. */
static void claim_cpu(struct ebpf_held *held)
{
    const struct ebpf_map *map = held->map;
    int here = sched_getcpu();
    uint32_t first = here < 0 ? 0 : (uint32_t)here % map->copies;
    for (uint32_t i = 0; i < map->copies; i++) {
        held->cpu = (first + i) % map->copies;
        held->owns_cpu = !__atomic_exchange_n(&map->cpu_busy[held->cpu], 1, __ATOMIC_ACQUIRE);
        if (held->owns_cpu)
            return;
    }
    held->cpu = first;
}

struct ebpf_held *ebpf_run_hold(struct ebpf_run *run, struct ebpf_map *map)
{
    struct ebpf_held *held = ebpf_run_held(run, map);
    if (held || run->held_count == EBPF_RUN_MAPS)
        return held;
    held = &run->held[run->held_count++];
    *held = (struct ebpf_held){.map = map};
    if (map->readers)
        held->reader = ebpf_readers_join(map->readers);
    if (map->cpu_busy)
        claim_cpu(held);
    return held;
}

const struct ebpf_region *ebpf_run_find_held(const struct ebpf_run *run, uint64_t address)
{
    for (uint32_t i = 0; i < run->held_count; i++) {
        const struct ebpf_map *map = run->held[i].map;
        const struct ebpf_region *r = map->ops->find ? map->ops->find(map, address) : &map->region;
        if (r && address - r->base < r->size)
            return r;
    }
    return NULL;
}

void ebpf_run_release_maps(struct ebpf_run *run)
{
    while (run->held_count) {
        const struct ebpf_held *held = &run->held[--run->held_count];
        if (held->owns_cpu)
            __atomic_store_n(&held->map->cpu_busy[held->cpu], 0, __ATOMIC_RELEASE);
        if (held->reader)
            ebpf_readers_leave(held->map->readers, held->reader);
    }
}
