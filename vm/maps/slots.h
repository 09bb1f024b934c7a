/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Program arrays are for programs of one sort: what such have in common. */
#ifndef VM_MAPS_SLOTS_H
#define VM_MAPS_SLOTS_H

#include "vm/maps/map.h"

struct ebpf_program_type {
    const void *kind; /* of VM; NULL for an array that nobody uses yet */
    uint32_t type;    /* of programs, for VMs that have one */
    uint64_t context; /* a digest of one that the embedder described, or 0 */
    const struct ebpf_backend *backend;
    enum ebpf_policy policy;
    uint32_t max_depth, frame_size;
    uint64_t stack_size, data_offset, data_end_offset;
};

/* The sort that an array is for: the one of its first user, which this one may be. */
struct ebpf_program_type ebpf_slots_claim(struct ebpf_map *map,
                                          const struct ebpf_program_type *type);

#endif
