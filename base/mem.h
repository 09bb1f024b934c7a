/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Allocation through the embedder's hooks, with sizes checked for overflow. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#include <ebpfvm/mem.h>

/* What a call was given, or the C library's allocator for NULL. */
struct ebpf_mem ebpf_mem_or_default(const struct ebpf_mem *mem);

/* New memory, not initialised; NULL if there is none.  A size of 0 gives a block of 1 byte. */
void *ebpf_mem_alloc(const struct ebpf_mem *mem, size_t size);

/* New memory for count elements, all zero; NULL if there is none or the product overflows. */
void *ebpf_mem_zalloc(const struct ebpf_mem *mem, size_t count, size_t element);

/* Resizes a block; on failure the old one stays and NULL is returned. */
void *ebpf_mem_resize(const struct ebpf_mem *mem, void *old, size_t old_size, size_t new_size);

/* Frees a block of a known size; NULL is allowed. */
void ebpf_mem_free(const struct ebpf_mem *mem, void *block, size_t size);

#endif
