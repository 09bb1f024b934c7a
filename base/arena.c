/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

enum { CHUNK = 4096, ALIGN = alignof(max_align_t) };

struct ebpf_arena_chunk {
    struct ebpf_arena_chunk *older;
    size_t size; /* with this header */
    alignas(max_align_t) char data[];
};

void ebpf_arena_init(struct ebpf_arena *arena, const struct ebpf_mem *mem)
{
    *arena = (struct ebpf_arena){.mem = ebpf_mem_or_default(mem)};
}

void ebpf_arena_reset(struct ebpf_arena *arena)
{
    struct ebpf_arena_chunk *chunk = arena->chunks;
    while (chunk) {
        struct ebpf_arena_chunk *older = chunk->older;
        ebpf_mem_free(&arena->mem, chunk, chunk->size);
        chunk = older;
    }
    arena->chunks = NULL;
    arena->next = NULL;
    arena->room = 0;
}

/* A block of its own for what is large, so that the rest of the current chunk is not wasted. */
static struct ebpf_arena_chunk *add_chunk(struct ebpf_arena *arena, size_t data)
{
    if (data > SIZE_MAX - sizeof(struct ebpf_arena_chunk))
        return NULL;
    size_t size = sizeof(struct ebpf_arena_chunk) + data;
    struct ebpf_arena_chunk *chunk = ebpf_mem_alloc(&arena->mem, size);
    if (!chunk)
        return NULL;
    chunk->older = arena->chunks;
    chunk->size = size;
    arena->chunks = chunk;
    return chunk;
}

void *ebpf_arena_alloc(struct ebpf_arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGN)
        return NULL;
    size = size ? (size + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
    if (size > arena->room) {
        struct ebpf_arena_chunk *chunk = add_chunk(arena, size > CHUNK / 4 ? size : CHUNK);
        if (!chunk)
            return NULL;
        if (size > CHUNK / 4)
            return chunk->data;
        arena->next = chunk->data;
        arena->room = CHUNK;
    }
    void *block = arena->next;
    arena->next += size;
    arena->room -= size;
    return block;
}

void *ebpf_arena_zalloc(struct ebpf_arena *arena, size_t count, size_t element)
{
    if (element && count > SIZE_MAX / element)
        return NULL;
    void *block = ebpf_arena_alloc(arena, count * element);
    if (block)
        memset(block, 0, count * element);
    return block;
}

char *ebpf_arena_strndup(struct ebpf_arena *arena, const char *text, size_t length)
{
    char *copy = length < SIZE_MAX ? ebpf_arena_alloc(arena, length + 1) : NULL;
    if (copy) {
        if (length)
            memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}
