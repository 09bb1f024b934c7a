/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * The verifier: a list of passes that read a program and may reject it. */
#ifndef EBPFVM_VERIFY_H
#define EBPFVM_VERIFY_H

#include <stddef.h>

#include <ebpfvm/api.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/pass.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** The default list, as strict as the kernel: structure, cfg.  NULL-terminated, static. */
EBPF_API const struct ebpf_pass *const *ebpf_verifier_strict(void);

/** What rbpf and the conformance suites execute: "well-formed" alone.  It accepts out-of-range
 *  shifts, division by constant zero, unreachable code, callx and 64-bit packet loads. */
EBPF_API const struct ebpf_pass *const *ebpf_verifier_lenient(void);

/** A built-in pass by name. @return NULL if there is none. */
EBPF_API const struct ebpf_pass *ebpf_pass_find(const char *name);

/** Built-in pass `index`. @return NULL after the last one. */
EBPF_API const struct ebpf_pass *ebpf_pass_at(size_t index);

/**
 * Runs the passes in order; stops after the first that rejects.  A program that was accepted is
 * always well-formed, whatever the list: if no pass of it has shown that, the pass "well-formed"
 * runs as well.
 *
 * @param program  any program; NULL is EBPF_ERR_INVALID
 * @param passes   NULL-terminated, or NULL for ebpf_verifier_strict()
 * @param mem      allocator, or NULL
 * @param diag     report, or NULL
 * @return EBPF_OK, EBPF_ERR_NOMEM, or the status of the first rejection
 *
 * Thread-safe.  Takes time and memory in proportion to the program's length, but for what the
 * passes of the user do.
 */
EBPF_API ebpf_status ebpf_verify(const struct ebpf_program *program,
                                 const struct ebpf_pass *const *passes,
                                 const struct ebpf_mem *mem, struct ebpf_diag *diag);

/**
 * A list of passes that can be edited.  Passes are found by name, the first of that name; they
 * must outlive the list.  Thread-safety: one thread at a time.
 */
struct ebpf_pass_list;

/** A new list.  @param from NULL-terminated passes to start with, or NULL for none.
 *  @param mem allocator, or NULL.  @return NULL if there is no memory. */
EBPF_API struct ebpf_pass_list *ebpf_pass_list_new(const struct ebpf_pass *const *from,
                                                   const struct ebpf_mem *mem);

/** Frees a list, not its passes.  NULL is allowed. */
EBPF_API void ebpf_pass_list_free(struct ebpf_pass_list *list);

/** The passes, NULL-terminated, for ebpf_verify() and VMs.  Belongs to the list; valid until it is
 *  edited or freed. */
EBPF_API const struct ebpf_pass *const *ebpf_pass_list_passes(const struct ebpf_pass_list *list);

/** Adds a pass at the end. @return EBPF_OK or EBPF_ERR_NOMEM. */
EBPF_API ebpf_status ebpf_pass_list_append(struct ebpf_pass_list *list,
                                           const struct ebpf_pass *pass);

/** Adds a pass at the start. @return EBPF_OK or EBPF_ERR_NOMEM. */
EBPF_API ebpf_status ebpf_pass_list_prepend(struct ebpf_pass_list *list,
                                            const struct ebpf_pass *pass);

/** Adds a pass before the one called `name`. @return EBPF_OK, EBPF_ERR_NOMEM, or
 *  EBPF_ERR_NOT_FOUND if the list has none of that name. */
EBPF_API ebpf_status ebpf_pass_list_insert_before(struct ebpf_pass_list *list, const char *name,
                                                  const struct ebpf_pass *pass);

/** Adds a pass after the one called `name`. @return as insert_before. */
EBPF_API ebpf_status ebpf_pass_list_insert_after(struct ebpf_pass_list *list, const char *name,
                                                 const struct ebpf_pass *pass);

/** Puts a pass in place of the one called `name`. @return EBPF_OK or EBPF_ERR_NOT_FOUND. */
EBPF_API ebpf_status ebpf_pass_list_replace(struct ebpf_pass_list *list, const char *name,
                                            const struct ebpf_pass *pass);

/** Removes the pass called `name`. @return EBPF_OK or EBPF_ERR_NOT_FOUND. */
EBPF_API ebpf_status ebpf_pass_list_remove(struct ebpf_pass_list *list, const char *name);

EBPF_END_DECLS

#endif
