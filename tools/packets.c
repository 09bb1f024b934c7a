/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tools/packets.h"

/* A batch is run once it has so many bytes: more than caches hold, little beside main memory. */
enum { BATCH_BYTES = 4 << 20, ALIGNMENT = 8 };

void tool_batch_clear(struct tool_batch *batch)
{
    free(batch->pristine);
    batch->pristine = NULL;
    batch->used = batch->count = 0;
}

void tool_batch_free(struct tool_batch *batch)
{
    tool_batch_clear(batch);
    free(batch->bytes);
    batch->bytes = NULL;
    batch->capacity = 0;
}

bool tool_batch_is_full(const struct tool_batch *batch)
{
    return batch->count == TOOL_BATCH_PACKETS || batch->used >= BATCH_BYTES;
}

/* Makes room for `size` bytes in all. */
static bool reserve(struct tool_batch *batch, size_t size)
{
    if (size <= batch->capacity && batch->bytes)
        return true;
    size_t capacity = size + size / 2 + 64;
    uint8_t *grown = realloc(batch->bytes, capacity);
    if (!grown)
        return false;
    batch->bytes = grown;
    batch->capacity = capacity;
    return true;
}

struct tool_packet *tool_batch_add(struct tool_batch *batch, const void *bytes, uint32_t length,
                                   uint32_t cut)
{
    uint32_t wire = length + cut;
    size_t start = batch->used + batch->rooms.head, end = start + length + batch->rooms.tail;
    size_t aligned = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!reserve(batch, aligned))
        return NULL;
    memset(batch->bytes + batch->used, 0, batch->rooms.head);
    memcpy(batch->bytes + start - batch->head, &wire, batch->head);
    if (length > 0)
        memcpy(batch->bytes + start, bytes, length);
    memset(batch->bytes + start + length, 0, aligned - start - length);
    batch->used = aligned;
    struct tool_packet *packet = &batch->packets[batch->count++];
    *packet = (struct tool_packet){
        .offset = start, .length = length, .cut = cut, .out_offset = start, .out_length = length};
    return packet;
}

bool tool_batch_keep(struct tool_batch *batch)
{
    batch->pristine = malloc(batch->used + 1);
    if (batch->pristine && batch->used > 0)
        memcpy(batch->pristine, batch->bytes, batch->used);
    return batch->pristine != NULL;
}

/* Where the bytes of some packets start, and how many there are. */
static size_t span(const struct tool_batch *batch, size_t from, size_t to, size_t *size)
{
    if (from >= to) {
        *size = 0;
        return 0;
    }
    const struct tool_packet *last = &batch->packets[to - 1];
    size_t start = batch->packets[from].offset - batch->rooms.head;
    *size = last->offset + last->length + batch->rooms.tail - start;
    return start;
}

void tool_batch_restore(struct tool_batch *batch, size_t from, size_t to)
{
    size_t size, start = span(batch, from, to, &size);
    memcpy(batch->bytes + start, batch->pristine + start, size);
}

bool tool_batch_is_changed(const struct tool_batch *batch, size_t from, size_t to)
{
    size_t size, start = span(batch, from, to, &size);
    return memcmp(batch->bytes + start, batch->pristine + start, size) != 0;
}

void tool_batch_drop_others(struct tool_batch *batch)
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->packets[i].ran)
            batch->packets[kept++] = batch->packets[i];
    batch->count = kept;
}
