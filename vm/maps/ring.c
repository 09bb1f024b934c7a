/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "vm/maps/ring.h"

#include <string.h>

#include "base/mem.h"

enum { HEADER = sizeof(struct ring_header) };

static_assert(HEADER == 8 && sizeof(struct ring *) <= HEADER, "positions are multiples of it");

static uint8_t *data_of(const struct ring *ring)
{
    return ring->block + HEADER;
}

static size_t block_size(const struct ring *ring)
{
    return HEADER + 2 * (size_t)ring->size;
}

static struct ring_header *header_at(const struct ring *ring, uint64_t position)
{
    return (struct ring_header *)(void *)(data_of(ring) + (position & (ring->size - 1)));
}

/* How far a record of a length takes positions on. */
static uint64_t step_of(uint64_t length)
{
    return (length + HEADER + 7) & ~UINT64_C(7);
}

bool ring_open(struct ring *ring, const struct ebpf_mem *mem, uint64_t size,
               struct ebpf_wake *wake)
{
    ring->size = size;
    ring->wake = wake;
    ring->block = ebpf_mem_zalloc(mem, 1, block_size(ring));
    if (!ring->block)
        return false;
    memcpy(ring->block, &ring, sizeof(ring));
    return true;
}

void ring_close(struct ring *ring, const struct ebpf_mem *mem)
{
    if (ring->block)
        ebpf_mem_free(mem, ring->block, block_size(ring));
}

/* As in the kernel, a ring is never quite full. */
void *ring_reserve(struct ring *ring, uint64_t size)
{
    struct ring_header *header = NULL;
    if (size > EBPF_RECORD_MAX)
        return NULL;
    ebpf_lock(&ring->lock);
    uint64_t at = ring->write_at, next = at + step_of(size);
    if (next - __atomic_load_n(&ring->read_at, __ATOMIC_ACQUIRE) < ring->size) {
        header = header_at(ring, at);
        header->place = (uint32_t)((at & (ring->size - 1)) / HEADER);
        __atomic_store_n(&header->length, (uint32_t)size | RING_BUSY, __ATOMIC_RELAXED);
        __atomic_store_n(&ring->write_at, next, __ATOMIC_SEQ_CST);
    } else {
        __atomic_store_n(&ring->lost, ring->lost + 1, __ATOMIC_RELAXED);
    }
    ebpf_unlock(&ring->lock);
    return header ? header + 1 : NULL;
}

void ring_commit(void *record, uint64_t flags, bool discard)
{
    struct ring_header *header = (struct ring_header *)record - 1;
    const uint8_t *block = (const uint8_t *)(header - header->place) - HEADER;
    struct ring *ring;
    memcpy(&ring, block, sizeof(ring));
    uint64_t place = (uint64_t)header->place * HEADER;
    uint32_t length = header->length & ~RING_BUSY;
    /* From here on the record is the reader's; who reads moves its position, then looks at the next
     * header: one of the two sees the other. */
    __atomic_store_n(&header->length, discard ? length | RING_DISCARDED : length,
                     __ATOMIC_SEQ_CST);
    uint64_t reader = __atomic_load_n(&ring->read_at, __ATOMIC_SEQ_CST) & (ring->size - 1);
    if (flags & EBPF_RB_FORCE_WAKEUP || (reader == place && !(flags & EBPF_RB_NO_WAKEUP)))
        ebpf_wake_call(ring->wake);
}

uint64_t ring_used(const struct ring *ring)
{
    uint64_t read_at = __atomic_load_n(&ring->read_at, __ATOMIC_ACQUIRE);
    return __atomic_load_n(&ring->write_at, __ATOMIC_ACQUIRE) - read_at;
}

bool ring_readable(const struct ring *ring)
{
    uint64_t at = __atomic_load_n(&ring->read_at, __ATOMIC_SEQ_CST);
    return at != __atomic_load_n(&ring->write_at, __ATOMIC_SEQ_CST) &&
           !(__atomic_load_n(&header_at(ring, at)->length, __ATOMIC_SEQ_CST) & RING_BUSY);
}

int ring_read(struct ring *ring, const struct ebpf_event *like, ebpf_event_fn *each, void *ctx)
{
    int count = 0, result = 0;
    while (result >= 0 && count < INT32_MAX && ring_readable(ring)) {
        const struct ring_header *header = header_at(ring, ring->read_at);
        struct ebpf_event event = *like;
        event.size = header->length & ~RING_DISCARDED;
        event.data = header + 1;
        if (!(header->length & RING_DISCARDED)) {
            result = each(ctx, &event);
            count++;
        }
        __atomic_store_n(&ring->read_at, ring->read_at + step_of(event.size), __ATOMIC_SEQ_CST);
    }
    return result < 0 ? result : count;
}
