/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Memory for machine code: written once, then sealed; never writable and executable at once.
 */
#ifndef BACKENDS_EXEC_MEMORY_H
#define BACKENDS_EXEC_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/status.h>

#include "backends/exec_pool.h"

/*
 * A piece of it, in one of three places.  In pages that it shares with others (exec_pool.h), it is
 * written at another address than it is executed.  A mapping of its own has inaccessible pages on
 * both sides:
 *
 *     map                code                       map + map_size
 *     | guard page       | code, then traps         | guard page |
 *
 * Memory of the embedder is taken as it is, and its protection is left to him.
 */
struct ebpf_exec_memory {
    uint8_t *code;            /* where it is executed */
    uint8_t *write;           /* where it is written; NULL once it is sealed */
    size_t size;              /* of the code, in bytes */
    void *map;                /* its own mapping, or NULL */
    size_t map_size;
    struct exec_chunk *chunk; /* the pages that it shares, or NULL */
};

/* In shared pages if that can be, or else in a mapping of its own. */
ebpf_status ebpf_exec_memory_share(struct ebpf_exec_memory *memory, size_t size);

/* In a mapping of its own; EBPF_ERR_NOMEM if the system has none. */
ebpf_status ebpf_exec_memory_new(struct ebpf_exec_memory *memory, size_t size);

/* The same in `given_size` bytes of the embedder's; EBPF_ERR_LIMIT if that is too little. */
ebpf_status ebpf_exec_memory_take(struct ebpf_exec_memory *memory, size_t size, void *given,
                                  size_t given_size);

/* Makes the code executable, and no longer writable. EBPF_ERR_UNSUPPORTED if a policy of the
 * system forbids that. */
ebpf_status ebpf_exec_memory_seal(struct ebpf_exec_memory *memory);

/* All zero is allowed. */
void ebpf_exec_memory_free(struct ebpf_exec_memory *memory);

#endif
