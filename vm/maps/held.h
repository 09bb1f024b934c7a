/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The maps that a run has looked values up in: their elements stay where they are, and belong to
 * the memory of the run, until it ends. */
#ifndef VM_MAPS_HELD_H
#define VM_MAPS_HELD_H

#include <ebpfvm/backend.h>

/* The entry of a map that the run holds, or NULL. */
static inline struct ebpf_held *ebpf_run_held(struct ebpf_run *run, const struct ebpf_map *map)
{
    for (uint32_t i = 0; i < run->held_count; i++)
        if (run->held[i].map == map)
            return &run->held[i];
    return NULL;
}

/* Holds a map, if the run does not yet; NULL if it holds too many. */
struct ebpf_held *ebpf_run_hold(struct ebpf_run *run, struct ebpf_map *map);

/* See ebpf_env.find_held. */
const struct ebpf_region *ebpf_run_find_held(const struct ebpf_run *run, uint64_t address);

/* Gives all of them back, the last one first: inner maps before those they came from. */
void ebpf_run_release_maps(struct ebpf_run *run);

#endif
