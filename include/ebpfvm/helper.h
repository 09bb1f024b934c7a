/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Helper functions: what a program may call in its host. */
#ifndef EBPFVM_HELPER_H
#define EBPFVM_HELPER_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

struct ebpf_run;

/** A plain helper: five values in, one out.  Must be thread-safe if its VM is run by threads. */
typedef uint64_t ebpf_helper_fn(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5);

/** A helper that sees the run that called it: it may fail it, end it, or lend it memory. */
typedef uint64_t ebpf_helper_run_fn(struct ebpf_run *run, void *ctx, const uint64_t args[5]);

/** What an argument of a helper is. */
enum ebpf_arg_kind {
    EBPF_ARG_UNUSED, /**< the helper does not look at it */
    EBPF_ARG_SCALAR, /**< a number */
    EBPF_ARG_SIZE,   /**< the size in bytes of the memory of another argument */
    EBPF_ARG_READ,   /**< the address of memory that the helper reads */
    EBPF_ARG_WRITE,  /**< the address of memory that it fills */
    EBPF_ARG_UPDATE, /**< the address of memory that it reads and writes */
    EBPF_ARG_STRING, /**< the address of a string that it reads, up to and with its NUL */
    EBPF_ARG_MAP,    /**< a map.  Of this and what follows the helper itself sees to it: */
    EBPF_ARG_KEY,    /**< the address of a key of that map */
    EBPF_ARG_VALUE,  /**< the address of a value of that map */
    EBPF_ARG_VALUE_OUT, /**< the address of room for one */
    EBPF_ARG_RECORD  /**< the address of a record of a ring buffer */
};

/** One argument of a prototype. */
struct ebpf_arg {
    uint8_t kind;     /**< enum ebpf_arg_kind */
    uint8_t nullable; /**< whether the address may be 0; the helper must look */
    uint8_t size_arg; /**< memory: the argument that has its size, from 1; 0 if it is fixed */
    uint32_t size;    /**< memory: the fixed size.  SIZE: the largest allowed, 0 for no limit */
};

/** What a helper returns. */
enum ebpf_ret_kind {
    EBPF_RET_SCALAR, /**< a number */
    EBPF_RET_MEMORY  /**< the address of `ret_size` bytes that the run may read, or 0 */
};

/**
 * What a helper takes and returns: the verifier holds programs to it, and what it cannot prove is
 * checked before each call, in every engine: a bad argument is an EBPF_ERR_HELPER_ARG.
 */
struct ebpf_prototype {
    struct ebpf_arg args[5]; /**< r1 to r5 */
    uint8_t ret;             /**< enum ebpf_ret_kind */
    uint32_t ret_size;       /**< EBPF_RET_MEMORY: in bytes */
};

/** Bits of ebpf_helper.flags. */
enum ebpf_helper_flags {
    EBPF_HELPER_CALLS_BACK = 1 << 0, /**< it uses ebpf_run_call() */
    /** It is the kernel's map_lookup_elem, which engines may do in place: elements of arrays are
     *  where struct ebpf_map says, for other maps there is ebpf_env.lookup. */
    EBPF_HELPER_MAP_LOOKUP = 1 << 1
};

/** A helper function.  Exactly one of `fn` and `run_fn` is set. */
struct ebpf_helper {
    uint32_t id;                /**< by which programs call it: any 32-bit key */
    const char *name;           /**< for reports, or NULL; must outlive the VM */
    ebpf_helper_fn *fn;         /**< plain form */
    ebpf_helper_run_fn *run_fn; /**< form that sees the run */
    void *ctx;                  /**< passed to run_fn */
    /** NULL if nothing is checked; must outlive the VM.  Engines need not look at it. */
    const struct ebpf_prototype *proto;
    uint32_t flags; /**< bits of enum ebpf_helper_flags */
};

/** Helpers that are registered together. */
struct ebpf_helper_set {
    const char *name;                  /**< for people */
    const struct ebpf_helper *helpers; /**< in any order */
    size_t count;                      /**< how many */
};

/** The helpers of rbpf, under the ids that its tests use.  docs/helpers.md describes them. */
EBPF_API const struct ebpf_helper_set *ebpf_helpers_rbpf(void);

/** The helpers of the Linux kernel that mean something outside of it, by their kernel numbers. */
EBPF_API const struct ebpf_helper_set *ebpf_helpers_kernel(void);

/** The name of the Linux kernel's helper with a number, such as "map_lookup_elem", whether it can
 *  be had here or not.  Static. @return NULL if there is none */
EBPF_API const char *ebpf_kernel_helper_name(uint32_t id);

/** A helper of a set by name; to register it under another id, copy it and change that.
 *  @return NULL if there is none */
EBPF_API const struct ebpf_helper *ebpf_helper_find(const struct ebpf_helper_set *set,
                                                    const char *name);

/** For helpers: ends the run with a fault, EBPF_ERR_HELPER_FAULT being the usual one. The message
 *  is copied, cut to EBPF_FAULT_MESSAGE bytes. */
EBPF_API void ebpf_run_fail(struct ebpf_run *run, ebpf_status status, const char *message);

/** For helpers: ends the run successfully, with `result` as its r0, whatever called the helper. */
EBPF_API void ebpf_run_end(struct ebpf_run *run, uint64_t result);

/** For helpers: lets the program read, and if `writable` also write, `size` bytes at `address`
 *  until the run ends. @return EBPF_OK, or EBPF_ERR_LIMIT after EBPF_RUN_REGIONS regions. */
EBPF_API ebpf_status ebpf_run_lend(struct ebpf_run *run, void *address, uint64_t size,
                                   int writable);

/** For helpers with EBPF_HELPER_CALLS_BACK: calls a function of the program that runs.
 *  @param function what the program got from `lddw` of a function
 *  @param args     r1 to r5
 *  @param result   gets its r0
 *  @return EBPF_OK; anything else says that the run is over, and the helper must return */
EBPF_API ebpf_status ebpf_run_call(struct ebpf_run *run, uint64_t function,
                                   const uint64_t args[5], uint64_t *result);

/** For helpers: takes back what ebpf_run_lend() gave, before the run ends. @param address that of
 *  its first byte */
EBPF_API void ebpf_run_take_back(struct ebpf_run *run, const void *address);

/** For helpers: the memory at an address that the program passed, or NULL if the program itself
 *  may not read (or, with `store`, write) all `size` bytes there. */
EBPF_API void *ebpf_run_memory(const struct ebpf_run *run, uint64_t address, uint64_t size,
                               int store);

/** For helpers: the string at an address that the program passed, and its length without the NUL.
 *  @return NULL if the program may not read all of it. */
EBPF_API const char *ebpf_run_string(const struct ebpf_run *run, uint64_t address,
                                     uint64_t *length);

EBPF_END_DECLS

#endif
