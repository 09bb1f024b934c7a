/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Queues and stacks: values in a ring, taken from one end or the other. */
#include "base/lock.h"
#include "vm/maps/map.h"

struct queue {
    struct ebpf_map map;
    struct ebpf_lock lock;
    uint8_t *ring;
    uint32_t oldest, count;
};

static struct queue *queue_of(struct ebpf_map *map)
{
    return (struct queue *)map;
}

/* The value with a number, from the oldest. */
static uint8_t *value_at(struct queue *q, uint32_t number)
{
    uint64_t place = ((uint64_t)q->oldest + number) % q->map.def.max_entries;
    return q->ring + place * q->map.value_stride;
}

/* With EXIST, as in the kernel, the oldest value makes room. */
static int queue_push(struct ebpf_map *map, const void *value, uint64_t mode)
{
    struct queue *q = queue_of(map);
    if (mode != EBPF_UPDATE_ANY && mode != EBPF_UPDATE_EXIST)
        return -EINVAL;
    ebpf_lock(&q->lock);
    bool full = q->count == map->def.max_entries;
    int error = full && mode != EBPF_UPDATE_EXIST ? -E2BIG : 0;
    if (!error) {
        q->oldest = full ? (q->oldest + 1) % map->def.max_entries : q->oldest;
        q->count -= full;
        memcpy(value_at(q, q->count++), value, map->def.value_size);
    }
    ebpf_unlock(&q->lock);
    return error;
}

/* What there is none of is zero. */
static int get(struct queue *q, void *value, bool newest, bool take)
{
    ebpf_lock(&q->lock);
    bool empty = q->count == 0;
    if (empty)
        memset(value, 0, q->map.def.value_size);
    else
        memcpy(value, value_at(q, newest ? q->count - 1 : 0), q->map.def.value_size);
    if (!empty && take) {
        q->oldest = newest ? q->oldest : (q->oldest + 1) % q->map.def.max_entries;
        q->count--;
    }
    ebpf_unlock(&q->lock);
    return empty ? -ENOENT : 0;
}

static int queue_pop(struct ebpf_map *map, void *value)
{
    return get(queue_of(map), value, false, true);
}

static int queue_peek(struct ebpf_map *map, void *value)
{
    return get(queue_of(map), value, false, false);
}

static int stack_pop(struct ebpf_map *map, void *value)
{
    return get(queue_of(map), value, true, true);
}

static int stack_peek(struct ebpf_map *map, void *value)
{
    return get(queue_of(map), value, true, false);
}

static ebpf_status queue_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    (void)diag;
    queue_of(map)->ring = ebpf_mem_zalloc(&map->mem, map->def.max_entries, map->value_stride);
    return queue_of(map)->ring ? EBPF_OK : EBPF_ERR_NOMEM;
}

static void queue_close(struct ebpf_map *map)
{
    ebpf_mem_free(&map->mem, queue_of(map)->ring,
                  (size_t)map->def.max_entries * map->value_stride);
}

#define QUEUE(symbol, text, pops, peeks)                                                           \
    const struct ebpf_map_ops symbol = {.name = text,                                              \
                                        .size = sizeof(struct queue),                              \
                                        .flags = EBPF_MAP_RDONLY | EBPF_MAP_WRONLY |               \
                                                 EBPF_MAP_RDONLY_PROG | EBPF_MAP_WRONLY_PROG,      \
                                        .value_min = 1,                                            \
                                        .value_max = EBPF_MAP_ITEM_MAX,                            \
                                        .open = queue_open,                                        \
                                        .close = queue_close,                                      \
                                        .push = queue_push,                                        \
                                        .pop = pops,                                               \
                                        .peek = peeks}

QUEUE(ebpf_map_queue, "queue", queue_pop, queue_peek);
QUEUE(ebpf_map_stack, "stack", stack_pop, stack_peek);
