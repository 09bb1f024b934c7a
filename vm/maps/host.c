/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the host may do with a map's elements. */
#include "vm/maps/map.h"
#include "vm/maps/readers.h"

/* Keeps what is looked up in its place until end(). */
static uint32_t *begin(struct ebpf_map *map)
{
    return map->readers ? ebpf_readers_join(map->readers) : NULL;
}

static void end(struct ebpf_map *map, uint32_t *reader)
{
    if (reader)
        ebpf_readers_leave(map->readers, reader);
}

static bool may_write(const struct ebpf_map *map)
{
    return !(map->def.flags & EBPF_MAP_RDONLY) &&
           !__atomic_load_n(&map->frozen, __ATOMIC_RELAXED);
}

static bool may_read(const struct ebpf_map *map)
{
    return !(map->def.flags & EBPF_MAP_WRONLY);
}

void ebpf_map_put(const struct ebpf_map *map, void *element, const struct ebpf_map_value *value,
                  int is_new)
{
    uint8_t *to = element;
    size_t stride = map->value_stride;
    size_t size = ebpf_map_has_addresses(map) ? stride : map->def.value_size;
    if (value->cpu == EBPF_MAP_ALL_CPUS) {
        for (uint32_t i = 0; i < map->copies; i++)
            ebpf_map_copy_in(to + i * stride, value->data + i * stride, size);
        return;
    }
    if (is_new && map->copies > 1)
        ebpf_map_zero(to, map->element_size);
    ebpf_map_copy_in(to + (map->copies > 1 ? value->cpu * stride : 0), value->data, size);
}

/* Copies all of an element. */
static void get(const struct ebpf_map *map, const void *element, void *value)
{
    const uint8_t *from = element;
    uint8_t *to = value;
    for (uint32_t i = 0; i < map->copies; i++) {
        size_t at = (size_t)i * map->value_stride;
        ebpf_map_copy_out(to + at, from + at, map->def.value_size);
        if (map->copies > 1)
            memset(to + at + map->def.value_size, 0, map->value_stride - map->def.value_size);
    }
}

int ebpf_map_lookup(struct ebpf_map *map, const void *key, void *value)
{
    if (!may_read(map))
        return -EPERM;
    if (map->ops->peek)
        return key ? -EINVAL : map->ops->peek(map, value);
    if (!map->ops->lookup || ebpf_map_has_addresses(map))
        return -EOPNOTSUPP;
    if (!key)
        return -EINVAL;
    uint32_t *reader = begin(map);
    const void *element = map->ops->lookup(map, key);
    if (element)
        get(map, element, value);
    end(map, reader);
    return element ? 0 : -ENOENT;
}

int ebpf_map_write(struct ebpf_map *map, const void *key, const struct ebpf_map_value *value,
                   uint64_t mode)
{
    if (map->ops->push)
        return key ? -EINVAL : map->ops->push(map, value->data, mode);
    if (!map->ops->update)
        return -EOPNOTSUPP;
    return key ? map->ops->update(map, key, value, mode) : -EINVAL;
}

int ebpf_map_update(struct ebpf_map *map, const void *key, const void *value, uint64_t mode)
{
    const struct ebpf_map_value v = {.data = value, .cpu = EBPF_MAP_ALL_CPUS};
    if (!may_write(map))
        return -EPERM;
    if (ebpf_map_has_addresses(map))
        return -EOPNOTSUPP;
    return ebpf_map_write(map, key, &v, mode);
}

int ebpf_map_delete(struct ebpf_map *map, const void *key)
{
    if (!may_write(map))
        return -EPERM;
    if (!map->ops->remove)
        return -EOPNOTSUPP;
    return key ? map->ops->remove(map, key) : -EINVAL;
}

int ebpf_map_take(struct ebpf_map *map, const void *key, void *value)
{
    if (!may_write(map))
        return -EPERM;
    if (map->ops->pop && !key)
        return may_read(map) ? map->ops->pop(map, value) : -EPERM;
    if (!map->ops->remove || map->values)
        return -EOPNOTSUPP;
    /* Who removes it has taken it: of several, one. */
    int error = ebpf_map_lookup(map, key, value);
    return error ? error : map->ops->remove(map, key);
}

int ebpf_map_next_key(struct ebpf_map *map, const void *key, void *next)
{
    if (!may_read(map))
        return -EPERM;
    if (!map->ops->next)
        return -EOPNOTSUPP;
    uint32_t *reader = begin(map);
    int error = map->ops->next(map, key, next);
    end(map, reader);
    return error;
}

int ebpf_map_next_index(struct ebpf_map *map, const void *key, void *next)
{
    uint32_t index = key ? ebpf_map_index(map, key) : UINT32_MAX;
    index++; /* what is no index leads to the first one */
    if (index >= map->def.max_entries)
        return -ENOENT;
    memcpy(next, &index, sizeof(index));
    return 0;
}

/* Copies the next element that is still there; `key` is replaced. */
static int next_element(struct ebpf_map *map, bool from_start, void *key, void *value)
{
    int error = ebpf_map_next_key(map, from_start ? NULL : key, key);
    while (!error && (error = ebpf_map_lookup(map, key, value)) == -ENOENT)
        error = ebpf_map_next_key(map, key, key);
    return error;
}

int ebpf_map_each(struct ebpf_map *map,
                  int (*each)(void *ctx, const void *key, const void *value), void *ctx)
{
    size_t value_at = ((size_t)map->def.key_size + 7) & ~(size_t)7;
    size_t size = value_at + ebpf_map_host_size(map);
    uint8_t *room = ebpf_mem_zalloc(&map->mem, 1, size);
    if (!room)
        return -ENOMEM;
    bool first = true;
    int result;
    while ((result = next_element(map, first, room, room + value_at)) == 0) {
        first = false;
        result = each(ctx, room, room + value_at);
        if (result)
            break;
    }
    bool at_end = result == -ENOENT;
    ebpf_mem_free(&map->mem, room, size);
    return at_end ? 0 : result;
}

int ebpf_map_lookup_batch(struct ebpf_map *map, const void *at, void *keys, void *values,
                          size_t *count)
{
    size_t room = *count, key_size = map->def.key_size, value_size = ebpf_map_host_size(map);
    uint8_t *key = keys, *value = values;
    int error = 0;
    for (*count = 0; *count < room; ++*count, key += key_size, value += value_size) {
        if (at)
            memmove(key, at, key_size);
        error = next_element(map, at == NULL, key, value);
        if (error)
            return error;
        at = key;
    }
    return 0;
}

int ebpf_map_update_batch(struct ebpf_map *map, const void *keys, const void *values,
                          uint64_t mode, size_t *count)
{
    size_t all = *count, value_size = ebpf_map_host_size(map);
    const uint8_t *key = keys, *value = values;
    for (*count = 0; *count < all; ++*count, key += map->def.key_size, value += value_size) {
        int error = ebpf_map_update(map, key, value, mode);
        if (error)
            return error;
    }
    return 0;
}

int ebpf_map_clear(struct ebpf_map *map)
{
    if (!may_write(map))
        return -EPERM;
    if (map->values) {
        ebpf_map_zero(map->values, map->values_size);
        return 0;
    }
    size_t size = map->def.key_size > ebpf_map_host_size(map) ? map->def.key_size
                                                              : ebpf_map_host_size(map);
    size = (size + 7) & ~(size_t)7;
    uint8_t *room = ebpf_mem_alloc(&map->mem, 2 * size);
    if (!room)
        return -ENOMEM;
    int error = map->ops->pop || (map->ops->next && map->ops->remove) ? 0 : -EOPNOTSUPP;
    if (map->ops->pop)
        while ((error = map->ops->pop(map, room)) == 0)
            ;
    /* What comes behind a key that is gone is the first one; keys of arrays never go. */
    const void *key = NULL;
    while (!error && (error = ebpf_map_next_key(map, key, room + size)) == 0) {
        key = memcpy(room, room + size, map->def.key_size);
        map->ops->remove(map, key);
    }
    ebpf_mem_free(&map->mem, room, 2 * size);
    return error == -ENOENT ? 0 : error;
}

int ebpf_map_update_inner(struct ebpf_map *map, const void *key, struct ebpf_map *inner,
                          uint64_t mode)
{
    if (!may_write(map))
        return -EPERM;
    if (!(map->ops->traits & EBPF_MAP_OF_MAPS))
        return -EOPNOTSUPP;
    if (!ebpf_map_fits_inner(map, inner))
        return -EINVAL;
    const struct ebpf_map_value value = {.data = (const uint8_t *)&inner,
                                         .cpu = EBPF_MAP_ALL_CPUS};
    ebpf_map_ref(inner); /* the map's own, if it takes it */
    int error = map->ops->update(map, key, &value, mode);
    if (error)
        ebpf_map_unref(inner);
    return error;
}

int ebpf_map_lookup_inner(struct ebpf_map *map, const void *key, struct ebpf_map **inner)
{
    *inner = NULL;
    if (!may_read(map))
        return -EPERM;
    if (!(map->ops->traits & EBPF_MAP_OF_MAPS))
        return -EOPNOTSUPP;
    uint32_t *reader = begin(map);
    void *element = map->ops->lookup(map, key);
    if (element) {
        uint64_t address;
        ebpf_map_copy_out(&address, element, sizeof(address));
        *inner = ebpf_map_ref((struct ebpf_map *)(uintptr_t)address);
    }
    end(map, reader);
    return element ? 0 : -ENOENT;
}
