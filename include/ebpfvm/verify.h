/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * The verifier: a list of passes that read a program and may reject it. */
#ifndef EBPFVM_VERIFY_H
#define EBPFVM_VERIFY_H

#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** One verification: the program, what is known of it so far, and the report. */
struct ebpf_verify;

/** What a pass may ask for, as bits of ebpf_pass.needs. It is computed before the pass runs. */
enum ebpf_analysis {
    EBPF_AN_WELL_FORMED = 1 << 0, /**< a structure pass has accepted the program */
    EBPF_AN_CFG = 1 << 1,         /**< control-flow graph; implies WELL_FORMED */
    EBPF_AN_LOOPS = 1 << 2        /**< dominators and loops; implies CFG */
};

/**
 * A verifier pass.  Passes only read the program.  One struct may serve many threads at once,
 * as long as its `run` does.
 */
struct ebpf_pass {
    const char *name; /**< by which lists are edited and reports speak of it */
    uint32_t needs;   /**< bits of enum ebpf_analysis that must stand before it runs */
    uint32_t gives;   /**< bits that stand once it has accepted */
    /**
     * Looks at the program.  To reject, calls ebpf_verify_reject() for each thing found and
     * returns the status of the first; other failures (EBPF_ERR_NOMEM) are returned as they are.
     */
    ebpf_status (*run)(struct ebpf_verify *verify, void *ctx);
    void *ctx; /**< passed to run; the pass's own */
};

/** The default list, as strict as the kernel: structure, cfg.  NULL-terminated, static. */
EBPF_API const struct ebpf_pass *const *ebpf_verifier_strict(void);

/** What rbpf and the conformance suites execute: structure with fewer demands, and no cfg. It
 *  accepts out-of-range shifts, division by constant zero and unreachable code. */
EBPF_API const struct ebpf_pass *const *ebpf_verifier_lenient(void);

/** A built-in pass by name. @return NULL if there is none. */
EBPF_API const struct ebpf_pass *ebpf_pass_find(const char *name);

/**
 * Runs the passes in order; stops after the first that rejects.
 * @param passes NULL-terminated, or NULL for ebpf_verifier_strict()
 * @return EBPF_OK, EBPF_ERR_NOMEM, or the status of the first rejection
 */
EBPF_API ebpf_status ebpf_verify(const struct ebpf_program *program,
                                 const struct ebpf_pass *const *passes,
                                 const struct ebpf_mem *mem, struct ebpf_diag *diag);

/* What follows is for passes. */

/** The program being verified. */
EBPF_API const struct ebpf_program *ebpf_verify_program(const struct ebpf_verify *verify);

/**
 * Reports a reason to reject.
 * @param insn    the instruction, or EBPF_TARGET_NONE for the whole program
 * @param advice  what to do, or NULL for the usual advice of `status`
 * @param message printf format
 * @return status, so that a pass can return what this returns
 */
EBPF_API ebpf_status ebpf_verify_reject(struct ebpf_verify *verify, ebpf_status status,
                                        uint32_t insn, const char *advice, const char *message,
                                        ...) EBPF_PRINTF(5, 6);

EBPF_END_DECLS

#endif
