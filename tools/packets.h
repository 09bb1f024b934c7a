/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets, many at a time: so that the time of running them is measured apart from the rest. */
#ifndef TOOLS_PACKETS_H
#define TOOLS_PACKETS_H

#include "tools/cli.h"

enum { TOOL_BATCH_PACKETS = 4096 };

struct tool_packet {
    uint64_t number; /* in the capture, from 1 */
    size_t offset;   /* in the bytes of the batch */
    uint32_t length; /* bytes that were captured */
    uint32_t cut;    /* how many more it had on the wire */
    uint64_t time;   /* nanoseconds since the first packet */
    uint64_t stamp;  /* nanoseconds since 1970 */
    /* what the program made of it */
    ebpf_status status;
    uint64_t r0, executed;
    size_t out_offset; /* where it is now, and how long */
    uint32_t out_length;
    bool ran;    /* it did, to a result or a fault */
    bool passes; /* if it came to a result */
};

/* How many bytes before and behind each packet helpers may make part of it, and the most. */
struct tool_rooms {
    uint32_t head, tail;
};

enum { TOOL_ROOM_DEFAULT = 256, TOOL_ROOM_MAX = 65536 };

/* Start with all zero but for the rooms. */
struct tool_batch {
    struct tool_rooms rooms;
    uint8_t *bytes;
    uint8_t *pristine; /* for another round: the bytes as they were read, or NULL */
    size_t used, capacity, count;
    uint32_t head; /* the end of the room before each packet that filters see: 4 bytes with its
                      length on the wire, or 0 */
    struct tool_packet packets[TOOL_BATCH_PACKETS];
};

void tool_batch_clear(struct tool_batch *batch);
void tool_batch_free(struct tool_batch *batch); /* what it holds */

/* Whether it should be run before more is added. */
bool tool_batch_is_full(const struct tool_batch *batch);

/* Adds a packet that had `cut` bytes more on the wire, with rooms of zeros; NULL if there is no
 * memory. */
struct tool_packet *tool_batch_add(struct tool_batch *batch, const void *bytes, uint32_t length,
                                   uint32_t cut);

/* Keeps the bytes as they are. */
bool tool_batch_keep(struct tool_batch *batch);

/* Of packets `from` to before `to`, with their rooms: brings the bytes back; whether they are other
 * ones now. */
void tool_batch_restore(struct tool_batch *batch, size_t from, size_t to);
bool tool_batch_is_changed(const struct tool_batch *batch, size_t from, size_t to);

/* Takes those out that did not run. */
void tool_batch_drop_others(struct tool_batch *batch);

/* How frames start. */
enum tool_link { TOOL_LINK_OTHER, TOOL_LINK_ETHERNET, TOOL_LINK_IP };

/* Says in a few words what a packet is, such as "TCP 10.0.0.1:80 > 10.0.0.2:4711". */
void tool_packet_describe(const uint8_t *bytes, size_t length, enum tool_link link, char *out,
                          size_t size);

#endif
