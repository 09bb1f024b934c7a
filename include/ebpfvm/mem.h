/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Where the library gets its memory: hooks that the embedder may replace. */
#ifndef EBPFVM_MEM_H
#define EBPFVM_MEM_H

#include <stddef.h>

#include <ebpfvm/api.h>

EBPF_BEGIN_DECLS

/**
 * An allocator.  Every call that allocates takes one, NULL meaning realloc() and free() of the C
 * library; objects keep a copy, so the struct itself need not outlive the call, but what `ctx`
 * points to must outlive every object made with it.
 *
 * Thread-safety: `resize` is called from whichever thread calls the library.
 */
struct ebpf_mem {
    /**
     * Resizes a block, as realloc does: `old` is NULL for a new block (old_size is 0 then),
     * new_size is 0 to free it.  Memory is aligned for any type.
     * @return the block, or NULL if there is no memory (the old block then stays as it was) or if
     *         it was freed.
     */
    void *(*resize)(void *ctx, void *old, size_t old_size, size_t new_size);
    void *ctx; /**< passed to resize */
};

EBPF_END_DECLS

#endif
