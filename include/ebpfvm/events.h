/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Events: records that programs hand to the host through ring buffers (EBPF_MAP_RINGBUF) and perf
 * event arrays (EBPF_MAP_PERF_EVENT_ARRAY). */
#ifndef EBPFVM_EVENTS_H
#define EBPFVM_EVENTS_H

#include <stdint.h>

#include <ebpfvm/map.h>

EBPF_BEGIN_DECLS

/** Flags of records, as in the kernel. */
enum ebpf_rb_flags {
    EBPF_RB_NO_WAKEUP = 1u << 0,   /**< does not end ebpf_map_wait() */
    EBPF_RB_FORCE_WAKEUP = 1u << 1 /**< does, whatever else there is to read */
};

/** In r3 of perf_event_output(): the buffer of the processor that the run is on. */
#define EBPF_PERF_CURRENT_CPU UINT64_C(0xffffffff)

/** The longest record of a ring buffer, in bytes. */
#define EBPF_RECORD_MAX (UINT32_MAX / 4)
/** The longest record of a perf event array, in bytes: its length in a perf record has 16 bits. */
#define EBPF_PERF_RECORD_MAX 65528u
/** Bytes that each buffer of a perf event array has, unless ebpf_map_def.extra says otherwise. */
#define EBPF_PERF_BUFFER_DEFAULT (64u * 1024)

/** A record. */
struct ebpf_event {
    const void *data; /**< aligned to 8 bytes; until the callback returns */
    uint32_t size;    /**< in bytes: what the program wrote, without padding */
    uint32_t index;   /**< perf event array: which of its buffers, that of the processor by default;
                       *   else 0 */
    uint64_t lost;    /**< perf event array: how many records there was no room for since the event
                       *   before in this buffer; else 0 */
};

/** What ebpf_map_consume() calls. @return less than 0 to stop */
typedef int ebpf_event_fn(void *ctx, const struct ebpf_event *event);

/**
 * Reads what there is to read, oldest first in each buffer, and gives its room back.  Programs go
 * on writing meanwhile.  Discarded records are skipped; a record that a run has not submitted yet
 * holds up those behind it in its buffer.
 * @return how many events there were; what `each` returned if that was less than 0, its event being
 *         read; -EBUSY if another thread is at it, -EPERM if the map is EBPF_MAP_WRONLY,
 *         -EOPNOTSUPP for other kinds of maps
 */
EBPF_API int ebpf_map_consume(struct ebpf_map *map, ebpf_event_fn *each, void *ctx);

/**
 * Waits until there is something to read, for so many milliseconds; for ever if that is negative.
 * As in the kernel, a record ends the wait if everything before it has been read, unless its
 * flags say otherwise.  For one thread at a time.
 * @return 1 if there is, 0 if time is up, or as ebpf_map_consume()
 */
EBPF_API int ebpf_map_wait(struct ebpf_map *map, int timeout_ms);

/** How many records there was no room for so far; 0 for other kinds of maps. */
EBPF_API uint64_t ebpf_map_lost(struct ebpf_map *map);

EBPF_END_DECLS

#endif
