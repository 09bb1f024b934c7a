/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Pages for machine code that small programs share, so that compiling needs no system call.
 *
 * They are mapped twice, at unrelated addresses: once to be written, once to be executed.  No
 * mapping ever allows both, and when a chunk of pages is full, the one for writing goes away.
 * Pieces are handed out once only: what is freed is not written again, it goes with its chunk.
 *
 * The pool belongs to the process, as its address space does: docs/decisions.md says why.  A
 * process that comes of fork() starts a pool of its own, and goes on executing what it inherited.
 */
#ifndef BACKENDS_EXEC_POOL_H
#define BACKENDS_EXEC_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pieces of more than this get pages of their own. */
enum { EXEC_PIECE_MAX = 16384 };

struct exec_chunk;

struct exec_piece {
    uint8_t *code;  /* where it is executed, on a line of the cache of its own */
    uint8_t *write; /* where it is written, before it is first executed */
    struct exec_chunk *chunk;
};

/* A piece of `size` bytes, all traps; false if the system has none. */
bool exec_pool_take(struct exec_piece *piece, size_t size);

/* To be called once per piece: when it has been written, then when it is not needed any more. */
void exec_pool_seal(struct exec_chunk *chunk);
void exec_pool_give_back(struct exec_chunk *chunk);

#endif
