/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Helpers of the kernel that work on elements of maps. */
#include "vm/helpers_map.h"

#include "vm/map_call.h"

static void refuse_right(const struct map_call *call, size_t arg, const char *what)
{
    ebpf_run_refuse(call->run, call->name, arg, what, call->args[arg]);
}

/* Whether programs may do it with this map. */
static bool may(const struct map_call *call, uint32_t forbidding_flag)
{
    const struct ebpf_map *map = call->map;
    bool writes = forbidding_flag == EBPF_MAP_RDONLY_PROG;
    if (map->def.flags & forbidding_flag || (writes && map->ops->traits & EBPF_MAP_LOOKUP_ONLY))
        refuse_right(call, 0, writes ? "programs may not write to the map"
                                     : "programs may not read the map");
    else if (map->ops->traits & EBPF_MAP_HOST_ONLY)
        refuse_right(call, 0, "only the host may use the elements of the map");
    else
        return true;
    return false;
}

/* What must be held while the run lasts. */
static struct ebpf_held *hold(struct ebpf_run *run, struct ebpf_map *map)
{
    struct ebpf_held *held = ebpf_run_held(run, map);
    if (!held)
        held = ebpf_run_hold(run, map);
    if (!held)
        ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, "a run may use values of 16 maps only");
    return held;
}

/* A value in a map that has a map for each key. */
static __attribute__((noinline)) uint64_t look_up_map(struct ebpf_run *run, struct ebpf_map *map,
                                                      const void *key)
{
    const struct ebpf_held *held = hold(run, map);
    uintptr_t *element = held ? map->ops->lookup(map, key) : NULL;
    if (!element)
        return 0;
    struct ebpf_map *inner = (struct ebpf_map *)__atomic_load_n(element, __ATOMIC_RELAXED);
    return hold(run, inner) ? (uintptr_t)inner : 0;
}

/* Elements may go away, or there is a choice of copies. */
static __attribute__((noinline)) uint64_t look_up_held(struct ebpf_run *run, struct ebpf_map *map,
                                                       const void *key)
{
    const struct ebpf_held *held = hold(run, map);
    uint8_t *element = held ? map->ops->lookup(map, key) : NULL;
    return element ? (uintptr_t)(element + held->cpu * (size_t)map->value_stride) : 0;
}

/* Most lookups are in the map that the run holds first, or in one that needs no holding. */
uint64_t ebpf_run_look_up(struct ebpf_run *run, struct ebpf_map *map, const void *key)
{
    bool is_held = !map->readers || (run->held_count && run->held[0].map == map);
    if (is_held && !(map->ops->traits & (EBPF_MAP_OF_MAPS | EBPF_MAP_PER_CPU)))
        return (uintptr_t)map->ops->lookup(map, key);
    return map->ops->traits & EBPF_MAP_OF_MAPS ? look_up_map(run, map, key)
                                               : look_up_held(run, map, key);
}

HELPER(map_lookup_elem)
{
    CALL(map_lookup_elem, 0);
    const struct ebpf_map *map = call.map;
    if (!may(&call, EBPF_MAP_WRONLY_PROG) || !ebpf_call_require(&call, 1, map->def.key_size, 0))
        return 0;
    if (!map->ops->lookup)
        return 0;
    return ebpf_run_look_up(run, call.map, (const void *)(uintptr_t)args[1]);
}

HELPER(map_update_elem)
{
    CALL(map_update_elem, 0);
    struct ebpf_map *map = call.map;
    if (!may(&call, EBPF_MAP_RDONLY_PROG) || !ebpf_call_require(&call, 1, map->def.key_size, 0) ||
        !ebpf_call_require(&call, 2, map->def.value_size, 0))
        return 0;
    if (!map->ops->update || map->ops->traits & EBPF_MAP_OF_MAPS)
        return ebpf_call_result(-EOPNOTSUPP);
    const struct ebpf_held *held = map->copies > 1 ? hold(run, map) : NULL;
    if (run->ended)
        return 0;
    const struct ebpf_map_value value = {.data = (const uint8_t *)(uintptr_t)args[2],
                                         .cpu = held ? held->cpu : 0};
    const void *key = (const void *)(uintptr_t)args[1];
    return ebpf_call_result(map->ops->update(map, key, &value, args[3]));
}

HELPER(map_delete_elem)
{
    CALL(map_delete_elem, 0);
    struct ebpf_map *map = call.map;
    if (!may(&call, EBPF_MAP_RDONLY_PROG) || !ebpf_call_require(&call, 1, map->def.key_size, 0))
        return 0;
    if (!map->ops->remove || map->ops->traits & EBPF_MAP_OF_MAPS)
        return ebpf_call_result(-EOPNOTSUPP);
    return ebpf_call_result(map->ops->remove(map, (const void *)(uintptr_t)args[1]));
}

HELPER(map_push_elem)
{
    CALL(map_push_elem, 0);
    struct ebpf_map *map = call.map;
    if (!may(&call, EBPF_MAP_RDONLY_PROG) || !ebpf_call_require(&call, 1, map->def.value_size, 0))
        return 0;
    if (!map->ops->push)
        return ebpf_call_result(-EOPNOTSUPP);
    return ebpf_call_result(map->ops->push(map, (const void *)(uintptr_t)args[1], args[2]));
}

/* Pop and peek. */
static uint64_t next_value(const struct map_call *call, uint32_t forbidding_flag,
                           int (*get)(struct ebpf_map *map, void *value))
{
    if (!may(call, EBPF_MAP_WRONLY_PROG) || (forbidding_flag && !may(call, forbidding_flag)) ||
        !ebpf_call_require(call, 1, call->map->def.value_size, 1))
        return 0;
    return ebpf_call_result(get ? get(call->map, (void *)(uintptr_t)call->args[1]) : -EOPNOTSUPP);
}

HELPER(map_pop_elem)
{
    CALL(map_pop_elem, 0);
    return next_value(&call, EBPF_MAP_RDONLY_PROG, call.map->ops->pop);
}

HELPER(map_peek_elem)
{
    CALL(map_peek_elem, 0);
    return next_value(&call, 0, call.map->ops->peek);
}
