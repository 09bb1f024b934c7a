/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A ring of records: any number of threads write, one at a time reads.
 *
 * Positions are numbers of bytes that only grow.  A record is a header and its bytes, in one piece:
 * behind the ring as many bytes again take what runs over its end, so that nothing wraps around.
 * The header's bits and the order of things are the kernel's (kernel/bpf/ringbuf.c):
 *
 *     reserve   under the lock: a busy header, then the position of writers moves on
 *     commit    the busy bit goes; records become readable in the order in which they were reserved
 *     read      until the first busy one; then the position of the reader moves on
 */
#ifndef VM_MAPS_RING_H
#define VM_MAPS_RING_H

#include <assert.h>

#include <ebpfvm/events.h>
#include <ebpfvm/map_ops.h>

#include "base/lock.h"
#include "vm/maps/wake.h"

#define RING_BUSY (1u << 31)
#define RING_DISCARDED (1u << 30)

/* Before the bytes of each record. */
struct ring_header {
    uint32_t length; /* of the record, with RING_BUSY and RING_DISCARDED */
    uint32_t place;  /* how far it is from the start of the ring, in headers */
};

struct ring {
    uint64_t size;      /* a power of two; 0 before ring_open() */
    uint64_t write_at;  /* where the next record goes */
    uint64_t read_at;   /* where the next one is read */
    uint64_t lost;      /* records that there was no room for */
    struct ebpf_lock lock; /* of writers */
    uint8_t *block;     /* a pointer to this struct, then the ring, twice */
    struct ebpf_wake *wake; /* who waits for records */
};

/* `wake` must outlive it.  False if there is no memory. */
bool ring_open(struct ring *ring, const struct ebpf_mem *mem, uint64_t size,
               struct ebpf_wake *wake);
void ring_close(struct ring *ring, const struct ebpf_mem *mem);

/* Room for a record, aligned to 8 bytes, or NULL. */
void *ring_reserve(struct ring *ring, uint64_t size);

/* Makes a record of ring_reserve() readable, or drops it.  `flags` are EBPF_RB_NO_WAKEUP and
 * EBPF_RB_FORCE_WAKEUP. */
void ring_commit(void *record, uint64_t flags, bool discard);

/* How many bytes were written and not read; those of headers count. */
uint64_t ring_used(const struct ring *ring);

/* Whether there is something to read. */
bool ring_readable(const struct ring *ring);

/* Reads all records; see ebpf_map_consume(). */
int ring_read(struct ring *ring, const struct ebpf_event *like, ebpf_event_fn *each, void *ctx);

#endif
