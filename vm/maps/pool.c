/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "vm/maps/pool.h"

/* Elements more than the map may hold, so that one can be replaced while all are in use. */
enum { SPARE = 16 };

/* Beside what the map may hold and three times as much, so many removed elements may wait for
 * readers to go. */
enum { RESERVE = 1024 };

/* How often newly removed elements are a reason to look for readers that have gone: often enough
 * for programs that hold the map themselves whenever they remove something. */
enum { PATIENCE = 8 };

/* Slabs of maps that grow have at least so many elements. */
enum { SLAB_MIN = 64 };

/* Indexes have 32 bits, and slabs that are not full have gaps. */
enum { ROOM_MAX = 1 << 26 };

static uint32_t *link_of(struct ebpf_pool *pool, uint32_t index)
{
    uint32_t place;
    struct ebpf_pool_slab *slab = ebpf_pool_slab(pool, index, &place);
    return &slab->links[place];
}

static void list_push(struct ebpf_pool *pool, struct ebpf_pool_list *list, uint32_t index)
{
    *link_of(pool, index) = list->first;
    list->first = index;
    if (!list->last)
        list->last = index;
}

/* All of `from` to the front of `to`. */
static void list_move(struct ebpf_pool *pool, struct ebpf_pool_list *to,
                      struct ebpf_pool_list *from)
{
    if (!from->first)
        return;
    *link_of(pool, from->last) = to->first;
    if (!to->last)
        to->last = from->last;
    to->first = from->first;
    *from = (struct ebpf_pool_list){0, 0};
}

static size_t slab_size(const struct ebpf_pool *pool, uint64_t count)
{
    return count * (pool->value_size + pool->node_size + sizeof(uint32_t) + 1);
}

/* Adds a slab; false if there is no memory, or no room for another one. */
static bool grow(struct ebpf_pool *pool, uint64_t count)
{
    const struct ebpf_map *map = pool->map;
    if (pool->slab_count == POOL_SLABS || count == 0)
        return false;
    uint8_t *block = ebpf_mem_zalloc(&map->mem, 1, slab_size(pool, count));
    if (!block)
        return false;
    uint32_t number = pool->slab_count;
    struct ebpf_pool_slab *slab = &pool->slabs[number];
    slab->count = (uint32_t)count;
    slab->values = block;
    slab->nodes = block + count * pool->value_size;
    slab->links = (uint32_t *)(void *)(slab->nodes + count * pool->node_size);
    slab->marks = (uint8_t *)(slab->links + count);
    slab->region = (struct ebpf_region){(uintptr_t)block, count * pool->value_size,
                                        EBPF_REGION_MAP,
                                        !(map->def.flags & EBPF_MAP_RDONLY_PROG)};
    __atomic_store_n(&pool->slab_count, number + 1, __ATOMIC_RELEASE);
    pool->total += count;
    for (uint64_t i = count; i > 0; i--)
        list_push(pool, &pool->free, (number << pool->shift) + (uint32_t)i);
    return true;
}

ebpf_status ebpf_pool_open(struct ebpf_pool *pool, struct ebpf_map *map, size_t node_size)
{
    uint64_t most = map->def.max_entries;
    bool at_once = !(map->def.flags & EBPF_MAP_NO_PREALLOC);
    uint64_t room = ebpf_map_power(at_once ? most + SPARE : most / 16);
    pool->map = map;
    pool->node_size = node_size;
    pool->value_size = map->element_size;
    map->readers = &pool->readers;
    pool->limit = 4 * most + RESERVE;
    for (pool->shift = 6; UINT64_C(1) << pool->shift < room; pool->shift++)
        ;
    pool->mask = (uint32_t)((UINT64_C(1) << pool->shift) - 1);
    if (room > ROOM_MAX)
        return EBPF_ERR_LIMIT;
    if (at_once && !grow(pool, most + SPARE))
        return EBPF_ERR_NOMEM;
    return EBPF_OK;
}

static void drop_all(struct ebpf_pool *pool, const struct ebpf_pool_list *list)
{
    for (uint32_t i = list->first; pool->drop && i; i = *link_of(pool, i))
        pool->drop(pool->map, ebpf_pool_value(pool, i));
}

void ebpf_pool_close(struct ebpf_pool *pool)
{
    const struct ebpf_map *map = pool->map;
    drop_all(pool, &pool->removed);
    drop_all(pool, &pool->waiting);
    for (uint32_t i = 0; i < pool->slab_count; i++)
        ebpf_mem_free(&map->mem, pool->slabs[i].values, slab_size(pool, pool->slabs[i].count));
}

/* Moves what nobody reads any more to the free elements. */
static void reclaim(struct ebpf_pool *pool)
{
    for (int rounds = 0; rounds < 2; rounds++) {
        if (pool->waiting.first) {
            if (!ebpf_readers_gone(&pool->readers, &pool->seen))
                return;
            drop_all(pool, &pool->waiting);
            list_move(pool, &pool->free, &pool->waiting);
        }
        list_move(pool, &pool->waiting, &pool->removed);
        pool->seen = 0;
    }
}

/* How many elements the next slab has. */
static uint64_t next_count(const struct ebpf_pool *pool)
{
    uint64_t room = UINT64_C(1) << pool->shift;
    uint64_t count = pool->map->def.flags & EBPF_MAP_NO_PREALLOC ? room : room / 16;
    if (count < SLAB_MIN)
        count = SLAB_MIN;
    return count < pool->limit - pool->total ? count : pool->limit - pool->total;
}

uint32_t ebpf_pool_take(struct ebpf_pool *pool)
{
    if (!pool->free.first)
        reclaim(pool);
    if (!pool->free.first && !grow(pool, next_count(pool)))
        return 0;
    uint32_t index = pool->free.first;
    pool->free.first = *link_of(pool, index);
    if (!pool->free.first)
        pool->free.last = 0;
    return index;
}

void ebpf_pool_give(struct ebpf_pool *pool, uint32_t index)
{
    list_push(pool, &pool->removed, index);
    if (++pool->given % PATIENCE == 0)
        reclaim(pool);
}

void ebpf_pool_drain(struct ebpf_pool *pool)
{
    for (;;) {
        ebpf_lock(&pool->lock);
        reclaim(pool);
        bool done = !pool->removed.first && !pool->waiting.first;
        ebpf_unlock(&pool->lock);
        if (done)
            return;
        sched_yield();
    }
}

void ebpf_pool_give_new(struct ebpf_pool *pool, uint32_t index)
{
    list_push(pool, &pool->free, index);
}

const struct ebpf_region *ebpf_pool_find(const struct ebpf_pool *pool, uint64_t address)
{
    uint32_t count = __atomic_load_n(&pool->slab_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_region *r = &pool->slabs[i].region;
        if (address >= r->base && address - r->base < r->size)
            return r;
    }
    return NULL;
}
