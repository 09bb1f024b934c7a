/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * An allocator that fails once, to show that every allocation of a call may:
 *
 *     for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
 *         status = make(&f.mem, &thing);
 *         failing_mem_check(&f, status);
 *         ... free(thing) ...
 *     }
 *
 * The first round fails the first allocation, and so on, until a round needs no more.  Each ends
 * with all memory given back.
 */
#ifndef TESTS_FAILING_MEM_H
#define TESTS_FAILING_MEM_H

#include <stdbool.h>

#include <ebpfvm/mem.h>
#include <ebpfvm/status.h>

#include "tests/unit/unit.h"

struct failing_mem {
    struct ebpf_mem mem;
    size_t used;    /* bytes in use */
    size_t calls;   /* allocations of this round */
    size_t fail_at; /* the one to refuse; counted from 1 */
    bool started, failed;
};

static inline void *failing_resize(void *ctx, void *old, size_t old_size, size_t new_size)
{
    struct failing_mem *f = ctx;
    if (new_size == 0) {
        f->used -= old_size;
        free(old);
        return NULL;
    }
    if (++f->calls == f->fail_at) {
        f->failed = true;
        return NULL;
    }
    void *block = realloc(old, new_size);
    f->used = f->used - old_size + new_size;
    return block;
}

static inline struct failing_mem failing_mem_first(void)
{
    return (struct failing_mem){.mem = {.resize = failing_resize}};
}

/* Begins a round; false after one in which nothing failed. */
static inline bool failing_mem_next(struct failing_mem *f)
{
    ck_assert_msg(f->used == 0, "%zu bytes leaked after allocation %zu failed", f->used,
                  f->fail_at);
    if (f->started && !f->failed)
        return false;
    ck_assert_msg(f->fail_at < 10000, "the call never succeeds");
    f->mem.ctx = f;
    f->started = true;
    f->failed = false;
    f->calls = 0;
    f->fail_at++;
    return true;
}

/* A call says so if memory was refused, and has no other reason to fail. */
static inline void failing_mem_check(const struct failing_mem *f, ebpf_status status)
{
    ck_assert_msg(status == (f->failed ? EBPF_ERR_NOMEM : EBPF_OK),
                  "status %d with allocation %zu %s", (int)status, f->fail_at,
                  f->failed ? "refused" : "granted");
}

#endif
