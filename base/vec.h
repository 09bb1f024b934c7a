/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A growable array.  The element type is the owner's: `T *v = vec.data`. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>

#include <ebpfvm/mem.h>

struct ebpf_vec {
    struct ebpf_mem mem;
    void *data;
    size_t count;    /* elements in use */
    size_t capacity; /* elements there is room for */
    size_t element;  /* size of one, in bytes */
};

void ebpf_vec_init(struct ebpf_vec *vec, const struct ebpf_mem *mem, size_t element);
void ebpf_vec_free(struct ebpf_vec *vec);

/* ebpf_vec_reserve() where there is not enough room. */
bool ebpf_vec_grow(struct ebpf_vec *vec, size_t count);

/* Makes room for `count` more elements; false if there is no memory. */
static inline bool ebpf_vec_reserve(struct ebpf_vec *vec, size_t count)
{
    return count <= vec->capacity - vec->count || ebpf_vec_grow(vec, count);
}

/* Appends `count` elements and returns the first, not initialised; NULL if there is no memory. */
static inline void *ebpf_vec_push(struct ebpf_vec *vec, size_t count)
{
    if (!ebpf_vec_reserve(vec, count))
        return NULL;
    void *first = (char *)vec->data + vec->count * vec->element;
    vec->count += count;
    return first;
}

/* Sorts as `compare` says, as qsort() does, but elements that are equal keep their order.  False if
 * there is no memory; what is in order already needs none. */
bool ebpf_vec_sort(struct ebpf_vec *vec, int (*compare)(const void *, const void *));

#endif
