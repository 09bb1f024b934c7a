/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Arrays: one block of memory, elements that are always there. */
#include "vm/maps/map.h"

static ebpf_status array_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    (void)diag;
    map->values_size = map->element_size * map->def.max_entries;
    map->index_mask = (uint32_t)(ebpf_map_power(map->def.max_entries) - 1);
    map->values = ebpf_mem_zalloc(&map->mem, map->def.max_entries, map->element_size);
    map->region = (struct ebpf_region){(uintptr_t)map->values, map->values_size, EBPF_REGION_MAP,
                                       !(map->def.flags & EBPF_MAP_RDONLY_PROG)};
    return map->values ? EBPF_OK : EBPF_ERR_NOMEM;
}

static void array_close(struct ebpf_map *map)
{
    ebpf_mem_free(&map->mem, map->values, map->values_size);
}

static void *array_lookup(struct ebpf_map *map, const void *key)
{
    uint32_t index = ebpf_map_index(map, key);
    return index == UINT32_MAX ? NULL : map->values + index * map->element_size;
}

static int array_update(struct ebpf_map *map, const void *key, const struct ebpf_map_value *value,
                        uint64_t mode)
{
    void *element = array_lookup(map, key);
    if (mode > EBPF_UPDATE_EXIST)
        return -EINVAL;
    if (!element)
        return -E2BIG;
    int error = ebpf_map_check_mode(mode, true);
    if (!error)
        ebpf_map_put(map, element, value, 0);
    return error;
}

static int array_remove(struct ebpf_map *map, const void *key)
{
    (void)map, (void)key;
    return -EINVAL;
}

#define ACCESS                                                                                     \
    (EBPF_MAP_RDONLY | EBPF_MAP_WRONLY | EBPF_MAP_RDONLY_PROG | EBPF_MAP_WRONLY_PROG)
#define ARRAY(symbol, text, its_traits, its_flags)                                                 \
    const struct ebpf_map_ops symbol = {.name = text,                                              \
                                        .size = sizeof(struct ebpf_map),                           \
                                        .traits = its_traits,                                      \
                                        .flags = ACCESS | (its_flags),                             \
                                        .key_min = 4,                                              \
                                        .key_max = 4,                                              \
                                        .value_min = 1,                                            \
                                        .value_max = EBPF_MAP_ITEM_MAX,                            \
                                        .open = array_open,                                        \
                                        .close = array_close,                                      \
                                        .lookup = array_lookup,                                    \
                                        .update = array_update,                                    \
                                        .remove = array_remove,                                    \
                                        .next = ebpf_map_next_index}

ARRAY(ebpf_map_array, "array", 0, EBPF_MAP_MMAPABLE | EBPF_MAP_INNER);
ARRAY(ebpf_map_percpu_array, "percpu_array", EBPF_MAP_PER_CPU, 0);
