/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * How calls report failure: a status, and a report that points at the place and advises. */
#ifndef EBPFVM_STATUS_H
#define EBPFVM_STATUS_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/errors.h>
#include <ebpfvm/mem.h>

EBPF_BEGIN_DECLS

struct ebpf_stream;

/** The name of a code, such as "EBPF_ERR_NOMEM". Never NULL; the string is static. */
EBPF_API const char *ebpf_status_name(ebpf_status status);

/** What a code means, in a few words.  Never NULL; the string is static. */
EBPF_API const char *ebpf_status_text(ebpf_status status);

/** What usually helps.  Never NULL; the string is static. */
EBPF_API const char *ebpf_status_advice(ebpf_status status);

/** How much an entry of a report matters. */
enum ebpf_severity {
    EBPF_SEVERITY_ERROR,   /**< the call failed because of this */
    EBPF_SEVERITY_WARNING, /**< the call went on */
    EBPF_SEVERITY_NOTE     /**< explains the entry before it */
};

/** No instruction: the value of a pc that is unknown or does not apply. */
#define EBPF_PC_NONE UINT32_MAX

/**
 * One entry of a report.  Strings are NUL-terminated and belong to the report; those that are
 * unknown are NULL.
 */
struct ebpf_diag_entry {
    ebpf_status status;          /**< what kind of error; its number is printed as [E0000] */
    enum ebpf_severity severity; /**< how much it matters */
    const char *file;            /**< name of the source file */
    uint32_t line;               /**< counted from 1; 0 if unknown */
    uint32_t column;             /**< in bytes, counted from 1; 0 if unknown */
    uint32_t width;              /**< bytes to underline; at least 1 if column is known */
    uint32_t pc;                 /**< the instruction, in 8-byte slots from 0, or EBPF_PC_NONE */
    const char *message;         /**< what is wrong; never NULL */
    const char *advice;          /**< what to do about it */
    const char *source;          /**< the source line, without its newline */
};

/**
 * A report: the errors, warnings and notes of the calls that were given it.
 *
 * Calls that can fail take one, or NULL for no report.  Entries are added; nothing is removed
 * but by ebpf_diag_clear().  At most EBPF_DIAG_MAX entries are kept, further ones are counted.
 * Thread-safety: one thread at a time.
 */
struct ebpf_diag;

/** How many entries a report keeps. */
#define EBPF_DIAG_MAX 100

/** A new, empty report.  @param mem allocator, or NULL. @return NULL if there is no memory. */
EBPF_API struct ebpf_diag *ebpf_diag_new(const struct ebpf_mem *mem);

/** Frees a report; its strings go with it.  NULL is allowed. */
EBPF_API void ebpf_diag_free(struct ebpf_diag *diag);

/** Removes all entries. */
EBPF_API void ebpf_diag_clear(struct ebpf_diag *diag);

/** How many entries are kept. */
EBPF_API size_t ebpf_diag_count(const struct ebpf_diag *diag);

/** How many entries did not fit. */
EBPF_API size_t ebpf_diag_dropped(const struct ebpf_diag *diag);

/** Entry `index`, in the order of reporting; valid until the report is cleared or freed.
 *  @return NULL if there are not so many. */
EBPF_API const struct ebpf_diag_entry *ebpf_diag_at(const struct ebpf_diag *diag, size_t index);

/** How a report is written. */
enum ebpf_diag_style {
    EBPF_DIAG_PLAIN, /**< text with the source line and a caret */
    EBPF_DIAG_COLOR, /**< the same with ANSI colours */
    EBPF_DIAG_JSON   /**< an array of objects with the fields of struct ebpf_diag_entry */
};

/** Writes the report. @return EBPF_OK, EBPF_ERR_IO or EBPF_ERR_NOMEM. */
EBPF_API ebpf_status ebpf_diag_print(const struct ebpf_diag *diag, enum ebpf_diag_style style,
                                     const struct ebpf_stream *out);

/** Adds an entry: for custom verifier passes, backends and helpers.  `message` is a printf format.
 *  The strings of `entry` are copied.  A NULL diag is allowed.  Never fails: what finds no memory
 *  is counted as dropped. */
EBPF_API void ebpf_diag_add(struct ebpf_diag *diag, const struct ebpf_diag_entry *entry,
                            const char *message, ...) EBPF_PRINTF(3, 4);

EBPF_END_DECLS

#endif
