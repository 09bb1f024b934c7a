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

struct tool_packet *tool_batch_add(struct tool_batch *batch, const void *bytes, uint32_t length,
                                   uint32_t wire)
{
    size_t start = batch->used + batch->head, end = start + length;
    if (end > batch->capacity || !batch->bytes) {
        size_t capacity = end + end / 2 + 64;
        uint8_t *grown = realloc(batch->bytes, capacity);
        if (!grown)
            return NULL;
        batch->bytes = grown;
        batch->capacity = capacity;
    }
    if (length > 0)
        memcpy(batch->bytes + start, bytes, length);
    memcpy(batch->bytes + batch->used, &wire, batch->head);
    struct tool_packet *packet = &batch->packets[batch->count++];
    *packet = (struct tool_packet){.offset = start, .length = length, .wire = wire};
    batch->used = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (batch->used > batch->capacity)
        batch->used = batch->capacity;
    return packet;
}

/* The bytes end with the last packet: what follows it, up to `used`, was never written. */
static size_t filled(const struct tool_batch *batch)
{
    if (batch->count == 0)
        return 0;
    const struct tool_packet *last = &batch->packets[batch->count - 1];
    return last->offset + last->length;
}

bool tool_batch_keep(struct tool_batch *batch)
{
    size_t size = filled(batch);
    batch->pristine = malloc(size + 1);
    if (batch->pristine && size > 0)
        memcpy(batch->pristine, batch->bytes, size);
    return batch->pristine != NULL;
}

void tool_batch_restore(struct tool_batch *batch)
{
    memcpy(batch->bytes, batch->pristine, filled(batch));
}

bool tool_batch_is_changed(const struct tool_batch *batch)
{
    return memcmp(batch->bytes, batch->pristine, filled(batch)) != 0;
}
