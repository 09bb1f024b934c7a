/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Helper functions: what a program may call in its host. */
#ifndef EBPFVM_HELPER_H
#define EBPFVM_HELPER_H

#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

struct ebpf_run;

/** A plain helper: five values in, one out.  Must be thread-safe if its VM is run by threads. */
typedef uint64_t ebpf_helper_fn(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5);

/** A helper that sees the run that called it: it may fail it, end it, or lend it memory. */
typedef uint64_t ebpf_helper_run_fn(struct ebpf_run *run, void *ctx, const uint64_t args[5]);

/** A helper function.  Exactly one of `fn` and `run_fn` is set. */
struct ebpf_helper {
    uint32_t id;                /**< by which programs call it: any 32-bit key */
    const char *name;           /**< for reports, or NULL; must outlive the VM */
    ebpf_helper_fn *fn;         /**< plain form */
    ebpf_helper_run_fn *run_fn; /**< form that sees the run */
    void *ctx;                  /**< passed to run_fn */
};

/** For helpers: ends the run with a fault, EBPF_ERR_HELPER_FAULT being the usual one. The message
 *  is copied, cut to EBPF_FAULT_MESSAGE bytes. */
EBPF_API void ebpf_run_fail(struct ebpf_run *run, ebpf_status status, const char *message);

/** For helpers: ends the run successfully, with `result` as its r0, whatever called the helper. */
EBPF_API void ebpf_run_end(struct ebpf_run *run, uint64_t result);

/** For helpers: lets the program read, and if `writable` also write, `size` bytes at `address`
 *  until the run ends. @return EBPF_OK, or EBPF_ERR_LIMIT after EBPF_RUN_REGIONS regions. */
EBPF_API ebpf_status ebpf_run_lend(struct ebpf_run *run, void *address, uint64_t size,
                                   int writable);

EBPF_END_DECLS

#endif
