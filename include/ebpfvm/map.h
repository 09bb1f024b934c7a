/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Maps: memory that programs share with each other and with the host.  The kinds, their numbers,
 * flags and errors are the kernel's (linux/bpf.h), so that objects made for it run unchanged. */
#ifndef EBPFVM_MAP_H
#define EBPFVM_MAP_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/map_kinds.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** Flags of a map, as in the kernel. */
enum ebpf_map_flags {
    EBPF_MAP_NO_PREALLOC = 1u << 0,   /**< entries get memory when they are made */
    EBPF_MAP_NO_COMMON_LRU = 1u << 1, /**< least recently used per processor */
    EBPF_MAP_RDONLY = 1u << 3,        /**< the host may not write */
    EBPF_MAP_WRONLY = 1u << 4,        /**< the host may not read */
    EBPF_MAP_ZERO_SEED = 1u << 6,     /**< hashing is the same in each run of the host */
    EBPF_MAP_RDONLY_PROG = 1u << 7,   /**< programs may not write */
    EBPF_MAP_WRONLY_PROG = 1u << 8,   /**< programs may not read */
    EBPF_MAP_MMAPABLE = 1u << 10,     /**< its values stay where they are */
    EBPF_MAP_INNER = 1u << 12         /**< an inner map may have another max_entries */
};

/** What a map is: enough to make one, and to verify programs that use it. */
struct ebpf_map_def {
    const char *name;          /**< NULL if it has none */
    enum ebpf_map_kind kind;   /**< what it is */
    uint32_t key_size;         /**< in bytes; 0 for kinds without keys */
    uint32_t value_size;       /**< in bytes; 0 for kinds without values */
    uint32_t max_entries;      /**< of a ring buffer: its size in bytes */
    uint32_t flags;            /**< bits of enum ebpf_map_flags */
    const struct ebpf_map_def *inner; /**< maps of maps: what their values are; else NULL */
    uint64_t extra;            /**< bloom filter: how many hash functions, 1 to 15; 0 for 5 */
};

/** The name of a kind, such as "lpm_trie". @return NULL if there is none. Static. */
EBPF_API const char *ebpf_map_kind_name(enum ebpf_map_kind kind);

/** The kind with a name. @return EBPF_MAP_UNSPEC if there is none. */
EBPF_API enum ebpf_map_kind ebpf_map_kind_find(const char *name);

/** How many bytes a map may take at most. */
#define EBPF_MAP_SIZE_MAX (UINT64_C(1) << 32)
/** The longest key, and the longest value of one processor, in bytes. */
#define EBPF_MAP_ITEM_MAX (1u << 20)

/** When ebpf_map_update() may write. */
enum ebpf_map_update_mode {
    EBPF_UPDATE_ANY = 0,     /**< whether the key is there or not */
    EBPF_UPDATE_NOEXIST = 1, /**< only if it is not */
    EBPF_UPDATE_EXIST = 2    /**< only if it is */
};

/**
 * A map.  It is counted by reference; VMs that know it hold one.  All functions may be called from
 * any thread, also while programs run.
 *
 * Functions on elements return 0, or the kernel's negative number of <errno.h>: -ENOENT for what
 * is not there, -EEXIST for what is there already, -E2BIG for an index out of range and for a map
 * that is full, -EINVAL for a mode or key that the kind does not take, -EPERM where the flags
 * forbid it, -ENOMEM, -EOPNOTSUPP for an operation that the kind does not have.
 */
struct ebpf_map;

/**
 * Makes an empty map; the definition is copied.
 * @param mem  allocator, or NULL
 * @param diag report, or NULL
 * @param out  the map, one reference to it; set to NULL on failure
 * @return EBPF_OK, EBPF_ERR_NOMEM, EBPF_ERR_UNSUPPORTED for a kind that cannot be made,
 *         EBPF_ERR_INVALID or EBPF_ERR_LIMIT for sizes or flags that it does not take
 */
EBPF_API ebpf_status ebpf_map_new(const struct ebpf_map_def *def, const struct ebpf_mem *mem,
                                  struct ebpf_diag *diag, struct ebpf_map **out);

/** Takes another reference. @return map */
EBPF_API struct ebpf_map *ebpf_map_ref(struct ebpf_map *map);

/** Gives a reference back; the last one frees the map.  NULL is allowed. */
EBPF_API void ebpf_map_unref(struct ebpf_map *map);

/** What the map was made from. @return belongs to the map. */
EBPF_API const struct ebpf_map_def *ebpf_map_definition(const struct ebpf_map *map);

/** How many bytes a value has for the host: value_size; for per-CPU kinds that, rounded up to 8,
 *  times ebpf_map_cpus(). */
EBPF_API size_t ebpf_map_host_size(const struct ebpf_map *map);

/** How many values an element of a per-CPU map has. */
EBPF_API uint32_t ebpf_map_cpus(void);

/** Copies the value of a key out; for queues and stacks (key NULL) the next one, which stays; a
 *  bloom filter says whether it may hold `value`. */
EBPF_API int ebpf_map_lookup(struct ebpf_map *map, const void *key, void *value);

/** Copies a value in; for queues, stacks and bloom filters (key NULL) adds it.
 *  @param mode enum ebpf_map_update_mode */
EBPF_API int ebpf_map_update(struct ebpf_map *map, const void *key, const void *value,
                             uint64_t mode);

/** Removes a key. */
EBPF_API int ebpf_map_delete(struct ebpf_map *map, const void *key);

/** Copies a value out and removes it; for queues and stacks (key NULL) the next one. */
EBPF_API int ebpf_map_take(struct ebpf_map *map, const void *key, void *value);

/**
 * The key after another, in no particular order.
 * @param key  NULL for the first one, and so is a key that is not there
 * @param next room for a key; may be the same memory
 * @return -ENOENT after the last one
 */
EBPF_API int ebpf_map_next_key(struct ebpf_map *map, const void *key, void *next);

/** Calls `each` with copies of all elements, until it returns something else than 0, and returns
 *  that.  What others add or remove meanwhile may be missed. */
EBPF_API int ebpf_map_each(struct ebpf_map *map,
                           int (*each)(void *ctx, const void *key, const void *value), void *ctx);

/** Copies up to `*count` elements out, from behind the key `*at` on (see ebpf_map_next_key()).
 *  @param keys, values arrays with room for them
 *  @param count in: how many; out: how many were copied
 *  @return 0 if there may be more, -ENOENT if these were the last ones */
EBPF_API int ebpf_map_lookup_batch(struct ebpf_map *map, const void *at, void *keys, void *values,
                                   size_t *count);

/** Copies `*count` elements in. @param count out: how many went well */
EBPF_API int ebpf_map_update_batch(struct ebpf_map *map, const void *keys, const void *values,
                                   uint64_t mode, size_t *count);

/** Removes all elements; those of an array become zero. */
EBPF_API int ebpf_map_clear(struct ebpf_map *map);

/**
 * Writes a map to a file, in a format of this library.  A file that is there stays until all is
 * written, then it is replaced.  What others change meanwhile may be in it or not.
 * @return EBPF_OK, EBPF_ERR_IO, EBPF_ERR_NOMEM, or EBPF_ERR_UNSUPPORTED for kinds that are more
 *         than keys and values: maps of maps, programs or events, queues, stacks, bloom filters
 */
EBPF_API ebpf_status ebpf_map_save(struct ebpf_map *map, const char *path,
                                   struct ebpf_diag *diag);

/**
 * Makes a map from a file of ebpf_map_save().  Files are not trusted; but they say how many
 * elements the map may have, and with that how much memory it takes: `mem` can set bounds.
 * @return EBPF_OK, EBPF_ERR_IO, EBPF_ERR_NOMEM, EBPF_ERR_INVALID for a file that is damaged,
 *         EBPF_ERR_UNSUPPORTED if it is from another version, or from a host with another number of
 *         processors and of a per-CPU kind; or as ebpf_map_new()
 */
EBPF_API ebpf_status ebpf_map_load(const char *path, const struct ebpf_mem *mem,
                                   struct ebpf_diag *diag, struct ebpf_map **out);

/** Lets the host write no more. */
EBPF_API void ebpf_map_freeze(struct ebpf_map *map);

/** Maps of maps: puts a map under a key.  It must be as def.inner says, else -EINVAL. */
EBPF_API int ebpf_map_update_inner(struct ebpf_map *map, const void *key, struct ebpf_map *inner,
                                   uint64_t mode);

/** Maps of maps: the map under a key. @param inner a reference to it */
EBPF_API int ebpf_map_lookup_inner(struct ebpf_map *map, const void *key, struct ebpf_map **inner);

EBPF_END_DECLS

#endif
