/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Arrays whose elements may be absent: of maps, of programs, and of numbers of which the host alone
 * knows what they mean.  A place holds the element of a pool, so that what is replaced stays as
 * long as somebody reads it. */
#include "vm/maps/map.h"
#include "vm/maps/pool.h"
#include "vm/maps/slots.h"
#include "vm/tail.h"

struct slots {
    struct ebpf_map map;
    uint32_t *places; /* elements of the pool; 0 for none */
    struct ebpf_program_type type; /* arrays of programs: what they are for */
    struct ebpf_pool pool;
};

static struct slots *slots_of(struct ebpf_map *map)
{
    return (struct slots *)map;
}

static void *slots_lookup(struct ebpf_map *map, const void *key)
{
    struct slots *s = slots_of(map);
    uint32_t index = ebpf_map_index(map, key);
    uint32_t element =
        index == UINT32_MAX ? 0 : __atomic_load_n(&s->places[index], __ATOMIC_SEQ_CST);
    return element ? ebpf_pool_value(&s->pool, element) : NULL;
}

/* Puts an element, or none, into a place.  With the lock. */
static void set_place(struct slots *s, uint32_t index, uint32_t element)
{
    uint32_t old = s->places[index];
    __atomic_store_n(&s->places[index], element, __ATOMIC_SEQ_CST);
    if (old)
        ebpf_pool_give(&s->pool, old);
}

/* As in the kernel, places can be filled whatever they hold. */
static int slots_update(struct ebpf_map *map, const void *key, const struct ebpf_map_value *value,
                        uint64_t mode)
{
    struct slots *s = slots_of(map);
    uint32_t index = ebpf_map_index(map, key);
    if (mode != EBPF_UPDATE_ANY)
        return -EINVAL;
    if (index == UINT32_MAX)
        return -E2BIG;
    ebpf_lock(&s->pool.lock);
    uint32_t element = ebpf_pool_take(&s->pool);
    if (element) {
        ebpf_map_put(map, ebpf_pool_value(&s->pool, element), value, 1);
        set_place(s, index, element);
    }
    ebpf_unlock(&s->pool.lock);
    return element ? 0 : -ENOMEM;
}

static int slots_remove(struct ebpf_map *map, const void *key)
{
    struct slots *s = slots_of(map);
    uint32_t index = ebpf_map_index(map, key);
    if (index == UINT32_MAX)
        return -E2BIG;
    ebpf_lock(&s->pool.lock);
    bool found = s->places[index] != 0;
    if (found)
        set_place(s, index, 0);
    ebpf_unlock(&s->pool.lock);
    return found ? 0 : -ENOENT;
}

/* Values are maps, of which it has a reference each. */
static void drop_inner(struct ebpf_map *map, void *value)
{
    (void)map;
    ebpf_map_unref(*(struct ebpf_map **)value);
}

/* The same for programs. */
static void drop_program(struct ebpf_map *map, void *value)
{
    (void)map;
    ebpf_vm_release(*(struct ebpf_vm **)value);
}

struct ebpf_program_type ebpf_slots_claim(struct ebpf_map *map,
                                          const struct ebpf_program_type *type)
{
    struct slots *s = slots_of(map);
    ebpf_lock(&s->pool.lock);
    if (!s->type.kind)
        s->type = *type;
    struct ebpf_program_type owner = s->type;
    ebpf_unlock(&s->pool.lock);
    return owner;
}

static ebpf_status slots_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    struct slots *s = slots_of(map);
    (void)diag;
    map->readers = &s->pool.readers;
    if (ebpf_map_has_addresses(map))
        s->pool.drop = map->ops->traits & EBPF_MAP_OF_MAPS ? drop_inner : drop_program;
    ebpf_status status = ebpf_pool_open(&s->pool, map, 0);
    if (status)
        return status;
    s->places = ebpf_mem_zalloc(&map->mem, map->def.max_entries, sizeof(*s->places));
    return s->places ? EBPF_OK : EBPF_ERR_NOMEM;
}

/* The programs in an array may be the only ones that have it. */
static void programs_abandon(struct ebpf_map *map)
{
    struct slots *s = slots_of(map);
    ebpf_lock(&s->pool.lock);
    for (uint32_t i = 0; i < map->def.max_entries; i++)
        set_place(s, i, 0);
    ebpf_unlock(&s->pool.lock);
    ebpf_pool_drain(&s->pool);
}

static void slots_close(struct ebpf_map *map)
{
    struct slots *s = slots_of(map);
    for (uint32_t i = 0; s->places && i < map->def.max_entries; i++)
        set_place(s, i, 0);
    if (s->places)
        ebpf_mem_free(&map->mem, s->places, map->def.max_entries * sizeof(*s->places));
    ebpf_pool_close(&s->pool);
}

static const struct ebpf_region *slots_find(const struct ebpf_map *map, uint64_t address)
{
    return ebpf_pool_find(&((const struct slots *)map)->pool, address);
}

#define SLOTS(symbol, text, its_traits, largest, finds, abandons)                                  \
    const struct ebpf_map_ops symbol = {.name = text,                                              \
                                        .size = sizeof(struct slots),                              \
                                        .traits = its_traits,                                      \
                                        .flags = EBPF_MAP_RDONLY | EBPF_MAP_WRONLY |               \
                                                 EBPF_MAP_RDONLY_PROG | EBPF_MAP_WRONLY_PROG,      \
                                        .key_min = 4,                                              \
                                        .key_max = 4,                                              \
                                        .value_min = 4,                                            \
                                        .value_max = largest,                                      \
                                        .open = slots_open,                                        \
                                        .close = slots_close,                                      \
                                        .lookup = slots_lookup,                                    \
                                        .update = slots_update,                                    \
                                        .remove = slots_remove,                                    \
                                        .next = ebpf_map_next_index,                               \
                                        .find = finds,                                             \
                                        .abandon = abandons}

SLOTS(ebpf_map_array_of_maps, "array_of_maps", EBPF_MAP_OF_MAPS, 4, NULL, NULL);
SLOTS(ebpf_map_prog_array, "prog_array", EBPF_MAP_OF_PROGRAMS | EBPF_MAP_HOST_ONLY, 4, NULL,
      programs_abandon);
SLOTS(ebpf_map_cgroup_array, "cgroup_array", EBPF_MAP_HOST_ONLY, 4, slots_find, NULL);
SLOTS(ebpf_map_devmap, "devmap", EBPF_MAP_LOOKUP_ONLY, 8, slots_find, NULL);
SLOTS(ebpf_map_cpumap, "cpumap", EBPF_MAP_LOOKUP_ONLY, 8, slots_find, NULL);
SLOTS(ebpf_map_xskmap, "xskmap", EBPF_MAP_LOOKUP_ONLY, 4, slots_find, NULL);
SLOTS(ebpf_map_sockmap, "sockmap", EBPF_MAP_HOST_ONLY, 8, slots_find, NULL);
SLOTS(ebpf_map_reuseport_sockarray, "reuseport_sockarray", EBPF_MAP_HOST_ONLY, 8, slots_find, NULL);
