/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/intern.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

void ebpf_intern_init(struct ebpf_intern *table, const struct ebpf_mem *mem)
{
    *table = (struct ebpf_intern){0};
    ebpf_arena_init(&table->arena, mem);
}

void ebpf_intern_free(struct ebpf_intern *table)
{
    ebpf_mem_free(&table->arena.mem, table->slots, table->capacity * sizeof(*table->slots));
    ebpf_arena_reset(&table->arena);
    table->slots = NULL;
    table->capacity = table->count = 0;
}

/* FNV-1a */
static uint32_t hash_text(const char *text, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

/* The slot that holds the name, or the free one where it belongs. */
static struct ebpf_name **find_slot(const struct ebpf_intern *table, const char *text,
                                    size_t length, uint32_t hash)
{
    size_t i = hash & (table->capacity - 1);
    for (;; i = (i + 1) & (table->capacity - 1)) {
        struct ebpf_name *name = table->slots[i];
        if (!name || (name->hash == hash && name->length == length &&
                      memcmp(name->text, text, length) == 0))
            return &table->slots[i];
    }
}

static bool grow(struct ebpf_intern *table)
{
    struct ebpf_intern bigger = *table;
    bigger.capacity = table->capacity ? table->capacity * 2 : 64;
    bigger.slots = ebpf_mem_zalloc(&table->arena.mem, bigger.capacity, sizeof(*bigger.slots));
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < table->capacity; i++) {
        struct ebpf_name *name = table->slots[i];
        if (name)
            *find_slot(&bigger, name->text, name->length, name->hash) = name;
    }
    ebpf_mem_free(&table->arena.mem, table->slots, table->capacity * sizeof(*table->slots));
    *table = bigger;
    return true;
}

struct ebpf_name *ebpf_intern_find(const struct ebpf_intern *table, const char *text,
                                   size_t length)
{
    return table->capacity ? *find_slot(table, text, length, hash_text(text, length)) : NULL;
}

struct ebpf_name *ebpf_intern(struct ebpf_intern *table, const char *text, size_t length)
{
    if (table->count * 4 >= table->capacity * 3 && !grow(table))
        return NULL;
    uint32_t hash = hash_text(text, length);
    struct ebpf_name **slot = find_slot(table, text, length, hash);
    if (*slot)
        return *slot;
    struct ebpf_name *name = ebpf_arena_alloc(&table->arena, sizeof(*name));
    char *copy = name ? ebpf_arena_strndup(&table->arena, text, length) : NULL;
    if (!copy)
        return NULL;
    *name = (struct ebpf_name){copy, (uint32_t)length, hash, EBPF_NAME_NEW};
    *slot = name;
    table->count++;
    return name;
}
