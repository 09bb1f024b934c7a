/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the kinds of maps share. */
#ifndef VM_MAPS_MAP_H
#define VM_MAPS_MAP_H

#include <errno.h>
#include <stdbool.h>

#include <ebpfvm/map_ops.h>

#include "base/mem.h"
#include "vm/maps/copy.h"

/* The built-in kinds, by enum ebpf_map_kind; NULL where there is none. */
const struct ebpf_map_ops *ebpf_map_kind_ops(enum ebpf_map_kind kind);

#define EBPF_MAP_OPS(id, ops) extern const struct ebpf_map_ops ops;
#include "vm/maps/kinds.def"
#undef EBPF_MAP_OPS

/* Reports a definition that is refused; returns `status`. */
ebpf_status ebpf_map_refuse(const struct ebpf_map *map, struct ebpf_diag *diag, ebpf_status status,
                            const char *format, ...) EBPF_PRINTF(4, 5);

/* What every kind says of an update: -EINVAL for an unknown mode, -EEXIST or -ENOENT if it does
 * not fit, else 0. */
static inline int ebpf_map_check_mode(uint64_t mode, bool exists)
{
    if (mode > EBPF_UPDATE_EXIST)
        return -EINVAL;
    if (exists && mode == EBPF_UPDATE_NOEXIST)
        return -EEXIST;
    return !exists && mode == EBPF_UPDATE_EXIST ? -ENOENT : 0;
}

/* The next power of two; 1 for 0. */
static inline uint64_t ebpf_map_power(uint64_t count)
{
    uint64_t power = 1;
    while (power < count)
        power *= 2;
    return power;
}

/* The element of an index, for kinds whose keys are such; UINT32_MAX if it is out of range. */
static inline uint32_t ebpf_map_index(const struct ebpf_map *map, const void *key)
{
    uint32_t index;
    memcpy(&index, key, sizeof(index));
    return index < map->def.max_entries ? index : UINT32_MAX;
}

/* next_key of such kinds. */
int ebpf_map_next_index(struct ebpf_map *map, const void *key, void *next);

/* Update and remove for programs: the copy of `cpu`. */
int ebpf_map_write(struct ebpf_map *map, const void *key, const struct ebpf_map_value *value,
                   uint64_t mode);

/* Turns a reference into one of a VM that only program arrays keep alive, and gives that back. */
void ebpf_map_forsake(struct ebpf_map *map);
void ebpf_map_drop(struct ebpf_map *map);

/* Whether values are addresses of something that is counted by reference. */
static inline bool ebpf_map_has_addresses(const struct ebpf_map *map)
{
    return map->ops->traits & (EBPF_MAP_OF_MAPS | EBPF_MAP_OF_PROGRAMS);
}

/* Whether a map may be a value of a map of maps. */
bool ebpf_map_fits_inner(const struct ebpf_map *outer, const struct ebpf_map *inner);

#endif
