/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Memory by lifetime: everything allocated in an arena is freed with it, at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include <ebpfvm/mem.h>

struct ebpf_arena_chunk;

/* All zero but for mem is an empty arena. */
struct ebpf_arena {
    struct ebpf_mem mem;
    struct ebpf_arena_chunk *chunks; /* newest first */
    char *next;                      /* free room of the newest chunk */
    size_t room;
};

void ebpf_arena_init(struct ebpf_arena *arena, const struct ebpf_mem *mem);

/* Frees all; the arena may be used again. */
void ebpf_arena_reset(struct ebpf_arena *arena);

/* Memory aligned for any type, not initialised; NULL if there is none. */
void *ebpf_arena_alloc(struct ebpf_arena *arena, size_t size);

/* The same, zeroed, for count elements; NULL also if the product overflows. */
void *ebpf_arena_zalloc(struct ebpf_arena *arena, size_t count, size_t element);

/* A NUL-terminated copy of length bytes. */
char *ebpf_arena_strndup(struct ebpf_arena *arena, const char *text, size_t length);

#endif
