/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Where the library writes text: a callback, a FILE, or memory.  It never prints by itself. */
#ifndef EBPFVM_STREAM_H
#define EBPFVM_STREAM_H

#include <stddef.h>
#include <stdio.h>

#include <ebpfvm/mem.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** A place to write to.  Filled in by the caller, or by one of the functions below. */
struct ebpf_stream {
    /** Writes len bytes, all of them. @return 0, or anything else to make the caller stop with
     *  EBPF_ERR_IO (EBPF_ERR_NOMEM if that is what it returns). */
    int (*write)(void *ctx, const char *data, size_t len);
    void *ctx; /**< passed to write */
};

/** A stream that writes to `file`, which stays the caller's. */
EBPF_API struct ebpf_stream ebpf_stream_file(FILE *file);

/** Text in memory; start with all zero, or with `mem` set. `data` is NUL-terminated, or NULL. */
struct ebpf_text {
    char *data;                 /**< the text */
    size_t length;              /**< its length in bytes, without the NUL */
    size_t capacity;            /**< private */
    const struct ebpf_mem *mem; /**< allocator; NULL is the C library's */
};

/** A stream that appends to `text`, which must outlive it. */
EBPF_API struct ebpf_stream ebpf_stream_text(struct ebpf_text *text);

/** Frees the text and makes it empty.  NULL is allowed. */
EBPF_API void ebpf_text_free(struct ebpf_text *text);

EBPF_END_DECLS

#endif
