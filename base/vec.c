/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/vec.h"

#include <stdint.h>

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

bool ebpf_vec_reserve(struct ebpf_vec *vec, size_t count)
{
    if (count <= vec->capacity - vec->count)
        return true;
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

void *ebpf_vec_push(struct ebpf_vec *vec, size_t count)
{
    if (!ebpf_vec_reserve(vec, count))
        return NULL;
    void *first = (char *)vec->data + vec->count * vec->element;
    vec->count += count;
    return first;
}
