/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The maps that programs of a VM may refer to. */
#include <string.h>

#include <ebpfvm/map_ops.h>

#include "base/mem.h"
#include "vm/helpers_map.h"
#include "vm/maps/held.h"
#include "vm/maps/map.h"
#include "vm/tail.h"
#include "vm/vm.h"

/* Opens a place at `at` in a list that has room. */
static void *insert(struct ebpf_vec *list, size_t at)
{
    ebpf_vec_push(list, 1);
    uint8_t *place = (uint8_t *)list->data + at * list->element;
    memmove(place + list->element, place, (list->count - 1 - at) * list->element);
    return place;
}

/* Puts a map into both lists, which have room. */
static void add(struct ebpf_vm *vm, uint32_t id, struct ebpf_map *map)
{
    const struct ebpf_env_map *maps = vm->maps.data;
    struct ebpf_map *const *pointers = vm->map_pointers.data;
    size_t at = 0, pointer_at = 0;
    while (at < vm->maps.count && maps[at].id < id)
        at++;
    while (pointer_at < vm->map_pointers.count &&
           (uintptr_t)pointers[pointer_at] < (uintptr_t)map)
        pointer_at++;
    *(struct ebpf_env_map *)insert(&vm->maps, at) = (struct ebpf_env_map){
        id, ebpf_map_ref(map), (uintptr_t)map->values, map->values_size};
    *(struct ebpf_map **)insert(&vm->map_pointers, pointer_at) = map;
    vm->env.maps = vm->maps.data;
    vm->env.map_pointers = vm->map_pointers.data;
    vm->env.map_count = (uint32_t)vm->maps.count;
    vm->env.find_held = ebpf_run_find_held;
    vm->env.lookup = ebpf_run_look_up;
    vm->env.tail = ebpf_run_tail_inside;
}

static bool is_known(const struct ebpf_vm *vm, const struct ebpf_map *map)
{
    const struct ebpf_env_map *maps = vm->maps.data;
    for (size_t i = 0; i < vm->maps.count; i++)
        if (maps[i].map == map)
            return true;
    return false;
}

ebpf_status ebpf_vm_add_map(struct ebpf_vm *vm, uint32_t id, struct ebpf_map *map)
{
    if (ebpf_vm_map(vm, id))
        return EBPF_ERR_EXISTS;
    if (ebpf_vm_is_shared(vm))
        return EBPF_ERR_STATE;
    if (map->ops->traits & EBPF_MAP_OF_PROGRAMS) {
        ebpf_status status = ebpf_vm_claim_array(vm, map, NULL);
        if (status)
            return status;
    }
    ebpf_vm_discard(vm); /* what was compiled may hold on to the lists */
    ebpf_vm_forget_facts(vm);
    if (!ebpf_vec_reserve(&vm->maps, 1) || !ebpf_vec_reserve(&vm->map_pointers, 1))
        return EBPF_ERR_NOMEM;
    if (map->values && !(map->def.flags & EBPF_MAP_WRONLY_PROG) && !is_known(vm, map)) {
        ebpf_status status = ebpf_vm_add_region(vm, &map->region);
        if (status)
            return status;
    }
    add(vm, id, map);
    return EBPF_OK;
}

struct ebpf_map *ebpf_vm_map(const struct ebpf_vm *vm, uint32_t id)
{
    const struct ebpf_env_map *maps = vm->maps.data;
    for (size_t i = 0; i < vm->maps.count; i++)
        if (maps[i].id == id)
            return maps[i].map;
    return NULL;
}

void ebpf_vm_forsake_maps(struct ebpf_vm *vm)
{
    const struct ebpf_env_map *maps = vm->maps.data;
    for (size_t i = 0; i < vm->maps.count; i++)
        ebpf_map_forsake(maps[i].map);
}

struct ebpf_map *ebpf_vm_map_by_name(const struct ebpf_vm *vm, const char *name)
{
    const struct ebpf_env_map *maps = vm->maps.data;
    for (size_t i = 0; i < vm->maps.count; i++) {
        const char *known = ebpf_map_definition(maps[i].map)->name;
        if (known && strcmp(known, name) == 0)
            return maps[i].map;
    }
    return NULL;
}

uint32_t ebpf_vm_map_at(const struct ebpf_vm *vm, size_t index)
{
    return index < vm->maps.count ? ((const struct ebpf_env_map *)vm->maps.data)[index].id
                                  : EBPF_MAP_NONE;
}

struct ebpf_map *ebpf_vm_given_map(const struct ebpf_vm *vm, uint32_t id)
{
    const uint32_t *made = vm->made.data;
    for (size_t i = 0; i < vm->made.count; i++)
        if (made[i] == id)
            return NULL;
    return ebpf_vm_map(vm, id);
}

/* Closes the place `at` of a list. */
static void erase(struct ebpf_vec *list, size_t at)
{
    uint8_t *place = (uint8_t *)list->data + at * list->element;
    memmove(place, place + list->element, (list->count - 1 - at) * list->element);
    list->count--;
}

void ebpf_vm_remove_map(struct ebpf_vm *vm, uint32_t id)
{
    const struct ebpf_env_map *maps = vm->maps.data;
    struct ebpf_map *map = ebpf_vm_map(vm, id), *const *pointers = vm->map_pointers.data;
    size_t at = 0, pointer_at = 0;
    if (!map)
        return;
    ebpf_vm_discard(vm);
    ebpf_vm_forget_facts(vm);
    while (maps[at].id != id)
        at++;
    while (pointers[pointer_at] != map)
        pointer_at++;
    erase(&vm->maps, at);
    erase(&vm->map_pointers, pointer_at);
    vm->env.map_count = (uint32_t)vm->maps.count;
    if (map->values && !is_known(vm, map))
        ebpf_vm_remove_values(vm, &map->region);
    ebpf_map_unref(map);
}

void ebpf_vm_free_maps(struct ebpf_vm *vm)
{
    const struct ebpf_env_map *maps = vm->maps.data;
    for (size_t i = 0; i < vm->maps.count; i++)
        ebpf_map_drop(maps[i].map);
    ebpf_vec_free(&vm->maps);
    ebpf_vec_free(&vm->map_pointers);
}
