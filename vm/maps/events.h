/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What maps that hold records have in common. */
#ifndef VM_MAPS_EVENTS_H
#define VM_MAPS_EVENTS_H

#include "vm/maps/map.h"
#include "vm/maps/ring.h"

/* Ring buffers have one ring; perf event arrays one for each index, made when it is first used. */
struct event_map {
    struct ebpf_map map;
    struct ebpf_wake wake;
    uint32_t reading;   /* whether somebody does */
    uint32_t ring_count;
    uint64_t ring_size;
    uint64_t *reported; /* of each ring: losses that were told to who reads; or NULL */
    struct ring **rings;
    struct ebpf_lock lock; /* of who makes rings */
};

/* The map as such, or NULL if it is of another kind. */
struct event_map *ebpf_event_map(struct ebpf_map *map);

/* The ring of an index that is not out of range; NULL if there is no memory. */
struct ring *ebpf_event_ring(struct event_map *events, uint32_t index);

#endif
