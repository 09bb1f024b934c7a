/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Helpers of the kernel that write records for the host: ring buffers and perf event arrays. */
#include "config.h"

#include <sched.h>

#include "vm/helpers_map.h"
#include "vm/map_call.h"
#include "vm/maps/events.h"
#include "vm/maps/records.h"

enum { RB_FLAGS = EBPF_RB_NO_WAKEUP | EBPF_RB_FORCE_WAKEUP };

/* What ringbuf_query() can be asked. */
enum { AVAILABLE, RING_SIZE, READER_POSITION, WRITER_POSITION };

/* The map as one that holds records of a kind; else the run is over. */
static struct event_map *events_of(const struct map_call *call, size_t arg,
                                   const struct ebpf_map_ops *ops)
{
    char why[64];
    if (call->map->ops == ops)
        return ebpf_event_map(call->map);
    snprintf(why, sizeof(why), "this map is no %s:", ops->name);
    ebpf_run_refuse(call->run, call->name, arg, why, call->args[arg]);
    return NULL;
}

#define RINGBUF(ring)                                                                              \
    const struct event_map *events = events_of(&call, 0, &ebpf_map_ringbuf);                       \
    if (!events)                                                                                   \
        return 0;                                                                                  \
    struct ring *ring = events->rings[0]

HELPER(ringbuf_output)
{
    CALL(ringbuf_output, 0);
    RINGBUF(ring);
    if (!ebpf_call_require(&call, 1, args[2], 0))
        return 0;
    if (args[3] & ~(uint64_t)RB_FLAGS)
        return ebpf_call_result(-EINVAL);
    void *record = ring_reserve(ring, args[2]);
    if (!record)
        return ebpf_call_result(-EAGAIN);
    memcpy(record, (const void *)(uintptr_t)args[1], args[2]);
    ring_commit(record, args[3], false);
    return 0;
}

/* What can be known before there is room: that the run may have one more. */
HELPER(ringbuf_reserve)
{
    CALL(ringbuf_reserve, 0);
    RINGBUF(ring);
    if (args[2] || run->lent_count == EBPF_RUN_REGIONS)
        return 0;
    void *record = ring_reserve(ring, args[1]);
    if (record)
        run->lent[run->lent_count++] =
            (struct ebpf_region){(uintptr_t)record, args[1], EBPF_REGION_RECORD, 1};
    return (uintptr_t)record;
}

/* A record that the run has reserved is not its memory any more. */
static uint64_t give_up(struct ebpf_run *run, const char *name, const uint64_t args[5],
                        bool discard)
{
    for (uint32_t i = 0; i < run->lent_count; i++) {
        const struct ebpf_region *r = &run->lent[i];
        if (r->kind != EBPF_REGION_RECORD || r->base != args[0])
            continue;
        run->lent[i] = run->lent[--run->lent_count];
        run->ended = EBPF_RUN_MOVED;
        ring_commit((void *)(uintptr_t)args[0], args[1], discard);
        return 0;
    }
    ebpf_run_refuse(run, name, 0, "the run has reserved no record at", args[0]);
    return 0;
}

HELPER(ringbuf_submit)
{
    (void)ctx;
    return give_up(run, "ringbuf_submit", args, false);
}

HELPER(ringbuf_discard)
{
    (void)ctx;
    return give_up(run, "ringbuf_discard", args, true);
}

void ebpf_run_discard_records(struct ebpf_run *run)
{
    for (uint32_t i = 0; i < run->lent_count; i++)
        if (run->lent[i].kind == EBPF_REGION_RECORD)
            ring_commit((void *)(uintptr_t)run->lent[i].base, 0, true);
    run->lent_count = 0;
}

HELPER(ringbuf_query)
{
    CALL(ringbuf_query, 0);
    RINGBUF(ring);
    switch (args[1]) {
    case AVAILABLE: return ring_used(ring);
    case RING_SIZE: return ring->size;
    case READER_POSITION: return __atomic_load_n(&ring->read_at, __ATOMIC_ACQUIRE);
    case WRITER_POSITION: return __atomic_load_n(&ring->write_at, __ATOMIC_ACQUIRE);
    default: return 0;
    }
}

/* What perf_event_output() puts together: bytes of the program, then of the packet. */
struct output {
    const void *data;
    uint64_t size;
    const void *packet;
    uint64_t packet_size;
};

static int put(struct event_map *events, uint32_t index, const struct output *out)
{
    struct ring *ring = ebpf_event_ring(events, index);
    if (!ring)
        return -ENOMEM;
    uint8_t *record = ring_reserve(ring, out->size + out->packet_size);
    if (!record)
        return -ENOSPC;
    memcpy(record, out->data, out->size);
    if (out->packet_size)
        memcpy(record + out->size, out->packet, out->packet_size);
    ring_commit(record, 0, false);
    return 0;
}

/* As the kernel, but that any index may be written to from any processor: a thread may have moved
 * since the program asked where it is. */
HELPER(perf_event_output)
{
    CALL(perf_event_output, 1);
    struct event_map *events = events_of(&call, 1, &ebpf_map_perf_event_array);
    if (!events || !ebpf_call_require(&call, 3, args[4], 0))
        return 0;
    uint64_t index = args[2] & EBPF_PERF_CURRENT_CPU, packet_size = args[2] >> 32;
    if (packet_size >> 20 || (packet_size && !run->packet))
        return ebpf_call_result(-EINVAL);
    if (packet_size > run->packet_size)
        return ebpf_call_result(-EFAULT);
    if (index == EBPF_PERF_CURRENT_CPU) {
        int cpu = sched_getcpu();
        index = cpu < 0 ? 0 : (uint64_t)cpu;
    }
    if (index >= events->ring_count || args[4] + packet_size > EBPF_PERF_RECORD_MAX)
        return ebpf_call_result(-E2BIG);
    const struct output out = {(const void *)(uintptr_t)args[3], args[4], run->packet,
                               packet_size};
    return ebpf_call_result(put(events, (uint32_t)index, &out));
}
