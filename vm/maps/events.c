/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Ring buffers and perf event arrays: maps that hold records for the host. */
#include "vm/maps/events.h"

#include <unistd.h>

struct event_map *ebpf_event_map(struct ebpf_map *map)
{
    bool is_one = map->ops == &ebpf_map_ringbuf || map->ops == &ebpf_map_perf_event_array;
    return is_one ? (struct event_map *)map : NULL;
}

static struct ring *ring_at(const struct event_map *events, uint32_t index)
{
    return __atomic_load_n(&events->rings[index], __ATOMIC_ACQUIRE);
}

static struct ring *make_ring(struct event_map *events)
{
    const struct ebpf_mem *mem = &events->map.mem;
    struct ring *ring = ebpf_mem_zalloc(mem, 1, sizeof(*ring));
    if (ring && !ring_open(ring, mem, events->ring_size, &events->wake)) {
        ebpf_mem_free(mem, ring, sizeof(*ring));
        return NULL;
    }
    return ring;
}

struct ring *ebpf_event_ring(struct event_map *events, uint32_t index)
{
    struct ring *ring = ring_at(events, index);
    if (ring)
        return ring;
    ebpf_lock(&events->lock);
    ring = events->rings[index];
    if (!ring) {
        ring = make_ring(events);
        __atomic_store_n(&events->rings[index], ring, __ATOMIC_RELEASE);
    }
    ebpf_unlock(&events->lock);
    return ring;
}

/* Either kind, once its sizes are known. */
static ebpf_status events_open(struct event_map *events)
{
    const struct ebpf_mem *mem = &events->map.mem;
    ebpf_wake_init(&events->wake);
    events->rings = ebpf_mem_zalloc(mem, events->ring_count, sizeof(struct ring *));
    events->reported = ebpf_mem_zalloc(mem, events->ring_count, sizeof(*events->reported));
    return events->rings && events->reported ? EBPF_OK : EBPF_ERR_NOMEM;
}

static void events_close(struct ebpf_map *map)
{
    struct event_map *events = (struct event_map *)map;
    if (!events->ring_count)
        return; /* refused before anything was made */
    for (uint32_t i = 0; events->rings && i < events->ring_count; i++)
        if (events->rings[i]) {
            ring_close(events->rings[i], &map->mem);
            ebpf_mem_free(&map->mem, events->rings[i], sizeof(struct ring));
        }
    ebpf_mem_free(&map->mem, events->rings, events->ring_count * sizeof(struct ring *));
    ebpf_mem_free(&map->mem, events->reported, events->ring_count * sizeof(*events->reported));
    ebpf_wake_destroy(&events->wake);
}

static uint64_t page_size(void)
{
    long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? (uint64_t)size : 4096;
}

static bool is_power(uint64_t size)
{
    return size && (size & (size - 1)) == 0;
}

static ebpf_status ringbuf_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    struct event_map *events = (struct event_map *)map;
    uint32_t size = map->def.max_entries;
    if (!is_power(size) || size % page_size())
        return ebpf_map_refuse(map, diag, EBPF_ERR_INVALID,
                               "max_entries is %u, it must be a power of two and whole pages of "
                               "%llu bytes", size, (unsigned long long)page_size());
    events->ring_count = 1;
    events->ring_size = size;
    ebpf_status status = events_open(events);
    return status || ebpf_event_ring(events, 0) ? status : EBPF_ERR_NOMEM;
}

/* Without a number of entries it has one for each processor, as loaders of the kernel do it. */
static ebpf_status perf_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    struct event_map *events = (struct event_map *)map;
    uint64_t size = map->def.extra ? map->def.extra : EBPF_PERF_BUFFER_DEFAULT;
    if (!is_power(size) || size % page_size() || size > EBPF_MAP_SIZE_MAX)
        return ebpf_map_refuse(map, diag, EBPF_ERR_INVALID,
                               "its buffers have %llu bytes, it must be a power of two and whole "
                               "pages of %llu bytes", (unsigned long long)size,
                               (unsigned long long)page_size());
    if (map->def.max_entries == 0)
        map->def.max_entries = ebpf_map_cpus();
    events->ring_count = map->def.max_entries;
    events->ring_size = size;
    return events_open(events);
}

/* The host's side. */

static int begin_reading(struct event_map *events)
{
    if (!events)
        return -EOPNOTSUPP;
    if (events->map.def.flags & EBPF_MAP_WRONLY)
        return -EPERM;
    return __atomic_exchange_n(&events->reading, 1, __ATOMIC_ACQUIRE) ? -EBUSY : 0;
}

static void end_reading(struct event_map *events)
{
    __atomic_store_n(&events->reading, 0, __ATOMIC_RELEASE);
}

/* Who reads, and what that is told of losses. */
struct reading {
    struct event_map *events;
    uint32_t index;
    ebpf_event_fn *each;
    void *ctx;
};

static uint64_t lost_of(const struct ring *ring)
{
    return __atomic_load_n(&ring->lost, __ATOMIC_RELAXED);
}

static int tell(void *ctx, const struct ebpf_event *event)
{
    const struct reading *r = ctx;
    struct ebpf_event told = *event;
    if (r->events->map.ops == &ebpf_map_perf_event_array) {
        uint64_t lost = lost_of(r->events->rings[r->index]);
        told.lost = lost - r->events->reported[r->index];
        r->events->reported[r->index] = lost;
    }
    return r->each(r->ctx, &told);
}

int ebpf_map_consume(struct ebpf_map *map, ebpf_event_fn *each, void *ctx)
{
    struct event_map *events = ebpf_event_map(map);
    int count = 0, error = begin_reading(events);
    if (error)
        return error;
    for (uint32_t i = 0; i < events->ring_count && error >= 0; i++) {
        struct ring *ring = ring_at(events, i);
        struct reading reading = {events, i, each, ctx};
        error = ring ? ring_read(ring, &(struct ebpf_event){.index = i}, tell, &reading) : 0;
        count += error;
    }
    end_reading(events);
    return error < 0 ? error : count;
}

static bool any_readable(void *of)
{
    const struct event_map *events = of;
    for (uint32_t i = 0; i < events->ring_count; i++) {
        const struct ring *ring = ring_at(events, i);
        if (ring && ring_readable(ring))
            return true;
    }
    return false;
}

int ebpf_map_wait(struct ebpf_map *map, int timeout_ms)
{
    struct event_map *events = ebpf_event_map(map);
    int error = begin_reading(events);
    if (error)
        return error;
    bool called = ebpf_wake_wait(&events->wake, any_readable, events, timeout_ms);
    end_reading(events);
    return called;
}

uint64_t ebpf_map_lost(struct ebpf_map *map)
{
    const struct event_map *events = ebpf_event_map(map);
    uint64_t lost = 0;
    for (uint32_t i = 0; events && i < events->ring_count; i++) {
        const struct ring *ring = ring_at(events, i);
        lost += ring ? lost_of(ring) : 0;
    }
    return lost;
}

const struct ebpf_map_ops ebpf_map_ringbuf = {
    .name = "ringbuf",
    .size = sizeof(struct event_map),
    .traits = EBPF_MAP_HOST_ONLY | EBPF_MAP_SIZE_IS_BYTES,
    .flags = EBPF_MAP_RDONLY | EBPF_MAP_WRONLY,
    .open = ringbuf_open,
    .close = events_close};

/* Keys and values are the kernel's, where values are file descriptors. */
const struct ebpf_map_ops ebpf_map_perf_event_array = {
    .name = "perf_event_array",
    .size = sizeof(struct event_map),
    .traits = EBPF_MAP_HOST_ONLY,
    .flags = EBPF_MAP_RDONLY | EBPF_MAP_WRONLY,
    .key_min = 4,
    .key_max = 4,
    .value_min = 4,
    .value_max = 4,
    .open = perf_open,
    .close = events_close};
