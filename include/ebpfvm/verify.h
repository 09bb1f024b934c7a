/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * The verifier: a list of passes that read a program and may reject it. */
#ifndef EBPFVM_VERIFY_H
#define EBPFVM_VERIFY_H

#include <stddef.h>

#include <ebpfvm/api.h>
#include <ebpfvm/map.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/pass.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>
#include <ebpfvm/stream.h>

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

/** A map that a program may refer to. */
struct ebpf_verify_map {
    uint32_t id;             /**< by which `lddw` refers to it */
    struct ebpf_map_def def; /**< what it is */
};

/** How ebpf_verify_for() judges, as bits of ebpf_verify_options.flags. */
enum ebpf_verify_flags {
    EBPF_VERIFY_STRICT_ALIGN = 1 << 0, /**< all accesses have to be aligned to their size */
    EBPF_VERIFY_ANY_ALIGN = 1 << 1,    /**< they need not, whatever STRICT_ALIGN says */
    /** What the kernel forbids those without privileges is refused: loops, calls of local
     *  functions, leaks of addresses, reading what was not written, and more. */
    EBPF_VERIFY_UNPRIVILEGED = 1 << 2
};

/** What a field of a context gives to programs. */
enum ebpf_context_kind {
    EBPF_CONTEXT_NUMBER,   /**< numbers: any aligned part may be accessed */
    EBPF_CONTEXT_DATA,     /**< the address of the packet; 4 bytes, aligned, to be read only */
    EBPF_CONTEXT_DATA_END, /**< the address behind it; the same */
    EBPF_CONTEXT_DATA_META /**< the address of the metadata before it; the same */
};

/** How many bytes a context may have. */
#define EBPF_CONTEXT_MAX 4096u
/** How many fields a context may have. */
#define EBPF_CONTEXT_FIELDS_MAX 256u

/** A field of a context. */
struct ebpf_context_field {
    const char *name; /**< for reports; each only once */
    uint32_t offset;  /**< in bytes, from the start of the context */
    uint32_t size;    /**< in bytes, not 0; fields do not overlap */
    enum ebpf_context_kind kind; /**< each address once at most */
    int writable;     /**< numbers: whether programs may write them */
};

/** A context of the embedder's own, for programs of no type of the kernel's: they find its address
 *  in r1, and may call all helpers. */
struct ebpf_context {
    const struct ebpf_context_field *fields; /**< what it consists of */
    uint32_t field_count; /**< how many, at least 1, EBPF_CONTEXT_FIELDS_MAX at most */
};

/** What the pass "safety" writes of its work, as bits of ebpf_verify_options.log_level: those of
 *  the kernel's log_level. */
enum ebpf_verify_log {
    EBPF_VERIFY_LOG_PATHS = 1 << 0,  /**< each instruction that is looked at, path by path */
    EBPF_VERIFY_LOG_STATES = 1 << 1, /**< the same, with what each of them changes */
    EBPF_VERIFY_LOG_STATS = 1 << 2   /**< how much work it was */
};

/** What a program is verified for.  Start with all zero and set `size`. */
struct ebpf_verify_options {
    size_t size;                           /**< sizeof(struct ebpf_verify_options) */
    const struct ebpf_pass *const *passes; /**< as of ebpf_verify() */
    /** The program's type, which says what its context and helpers are, such as "xdp"; NULL is
     *  "socket_filter".  ebpf_verify_type_at() lists them. */
    const char *type;
    const struct ebpf_verify_map *maps; /**< maps that `lddw` may refer to by their ids */
    size_t map_count;                   /**< how many */
    uint32_t flags;                     /**< bits of enum ebpf_verify_flags */
    const struct ebpf_mem *mem;         /**< allocator, or NULL */
    /** Explanations of what the pass "safety" has found, whatever that is; each is written to a
     *  stream if it is not NULL.  Where trying harder takes several attempts, they are of the last
     *  one.  A stream that fails ends that explanation, and changes nothing else. */
    const struct ebpf_stream *log;
    uint32_t log_level; /**< bits of enum ebpf_verify_log: what goes to `log` */
    /** Every instruction with what is proven of it, and with what is known of the registers that
     *  it reads. */
    const struct ebpf_stream *listing;
    /** The control-flow graph in Graphviz' language.  The first thing that is not proven is
     *  marked, and a path that leads to it. */
    const struct ebpf_stream *graph;
    /** Why the first thing that is not proven is not, as a JSON object; nothing if all is proven,
     *  or if the program was too complex.  `path` is an array of the branches, calls, callbacks and
     *  returns that lead there: their `pc`, `kind`, where control goes on (`to`), of branches
     *  whether the condition `holds` and what their `registers` are found to hold by that, and
     *  `file`, `line` and `source` as far as they are known.  It has the last 100; `left_out`
     *  counts those before.  `registers` is what they hold at the end of the path. */
    const struct ebpf_stream *why;
    /** The context of the programs, in place of `type`, which is NULL then; or NULL. */
    const struct ebpf_context *context;
};

/** Verifies a program for a type and with maps: as ebpf_verify(), which knows of neither.  With the
 *  pass "safety", some rules of "structure" hold only where a path leads, as in the kernel
 *  (docs/verifier.md); a VM may refuse such a program still.
 *  @return also EBPF_ERR_INVALID for options that make no sense, EBPF_ERR_NOT_FOUND for an
 *          unknown type */
EBPF_API ebpf_status ebpf_verify_for(const struct ebpf_program *program,
                                     const struct ebpf_verify_options *options,
                                     struct ebpf_diag *diag);

/** The name of program type `index`. @return NULL after the last one. Static. */
EBPF_API const char *ebpf_verify_type_at(size_t index);

/** The name of a type that people may know by another one: "sched_cls" of "tc", "socket_filter" of
 *  "socket".  All of these may be given where a type is named. @return NULL if there is none */
EBPF_API const char *ebpf_verify_type_name(const char *name);

/** What becomes of a packet. */
struct ebpf_verdict {
    const char *name; /**< the kernel's, such as "XDP_PASS"; NULL if there is none.  Static. */
    int goes_on;      /**< whether the packet is let through, sent back, or redirected */
};

/** What r0 means to the kernel at the exit of a program of a type.  For a type without verdicts,
 *  and for NULL, a packet goes on unless r0 is 0. */
EBPF_API struct ebpf_verdict ebpf_verdict_of(const char *type, uint64_t r0);

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
