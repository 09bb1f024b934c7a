/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/vec.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

void ebpf_vec_init(struct ebpf_vec *vec, const struct ebpf_mem *mem, size_t element)
{
    *vec = (struct ebpf_vec){.mem = ebpf_mem_or_default(mem), .element = element};
}

void ebpf_vec_free(struct ebpf_vec *vec)
{
    ebpf_mem_free(&vec->mem, vec->data, vec->capacity * vec->element);
    vec->data = NULL;
    vec->count = vec->capacity = 0;
}

bool ebpf_vec_grow(struct ebpf_vec *vec, size_t count)
{
    size_t most = SIZE_MAX / 2 / vec->element;
    if (count > most || vec->count > most - count)
        return false;
    size_t capacity = vec->capacity ? vec->capacity * 2 : 16;
    if (capacity < vec->count + count)
        capacity = vec->count + count;
    void *data = ebpf_mem_resize(&vec->mem, vec->data, vec->capacity * vec->element,
                                 capacity * vec->element);
    if (!data)
        return false;
    vec->data = data;
    vec->capacity = capacity;
    return true;
}

static bool is_sorted(const struct ebpf_vec *vec, int (*compare)(const void *, const void *))
{
    const char *data = vec->data;
    for (size_t i = 1; i < vec->count; i++)
        if (compare(data + (i - 1) * vec->element, data + i * vec->element) > 0)
            return false;
    return true;
}

/* Merges the sorted runs [from, middle) and [middle, end) into `to`. */
static char *merge(const char *from, const char *middle, const char *end, char *to,
                   const struct ebpf_vec *vec, int (*compare)(const void *, const void *))
{
    const char *a = from, *b = middle;
    while (a < middle || b < end) {
        bool first = b == end || (a < middle && compare(a, b) <= 0);
        const char **next = first ? &a : &b;
        memcpy(to, *next, vec->element);
        *next += vec->element;
        to += vec->element;
    }
    return to;
}

bool ebpf_vec_sort(struct ebpf_vec *vec, int (*compare)(const void *, const void *))
{
    if (is_sorted(vec, compare))
        return true;
    size_t size = vec->count * vec->element;
    char *other = ebpf_mem_alloc(&vec->mem, size);
    if (!other)
        return false;
    for (size_t run = vec->element; run < size; run *= 2) {
        char *data = vec->data, *to = other;
        for (size_t i = 0; i < size; i += 2 * run) {
            size_t middle = size - i < run ? size : i + run;
            size_t end = size - i < 2 * run ? size : i + 2 * run;
            to = merge(data + i, data + middle, data + end, to, vec, compare);
        }
        memcpy(data, other, size);
    }
    ebpf_mem_free(&vec->mem, other, size);
    return true;
}
