/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * For those who write a kind of map: its table of functions, and what all maps have in common. */
#ifndef EBPFVM_MAP_OPS_H
#define EBPFVM_MAP_OPS_H

#include <ebpfvm/backend.h>
#include <ebpfvm/map.h>

EBPF_BEGIN_DECLS

/** Who counts on values that it has looked up; see ebpf_map.readers. */
struct ebpf_map_readers;

/** A value on its way into a map. */
struct ebpf_map_value {
    const uint8_t *data; /**< any alignment */
    /** Per-CPU kinds: the copy that is written, others of a new element being zero; or
     *  EBPF_MAP_ALL_CPUS if `data` has them all, each rounded up to 8 bytes. */
    uint32_t cpu;
};

/** All copies of a value. */
#define EBPF_MAP_ALL_CPUS UINT32_MAX

/** Bits of ebpf_map_ops.traits. */
enum ebpf_map_traits {
    EBPF_MAP_PER_CPU = 1 << 0,   /**< an element has a value for each processor */
    EBPF_MAP_OF_MAPS = 1 << 1,   /**< values are addresses of maps */
    EBPF_MAP_HOST_ONLY = 1 << 2, /**< programs may not look up, update or delete */
    EBPF_MAP_SIZE_IS_BYTES = 1 << 3, /**< max_entries is a size in bytes */
    EBPF_MAP_OF_PROGRAMS = 1 << 4,   /**< values are addresses of VMs */
    EBPF_MAP_LOOKUP_ONLY = 1 << 5    /**< programs may look up, but not update or delete */
};

/**
 * A kind of map: one const table.  Functions on elements return 0 or a negative number of
 * <errno.h>; any of them may be NULL, which is -EOPNOTSUPP.  All must be thread-safe.
 */
struct ebpf_map_ops {
    const char *name;             /**< for reports */
    size_t size;                  /**< of the struct that starts with a struct ebpf_map */
    uint32_t traits;              /**< bits of enum ebpf_map_traits */
    uint32_t flags;               /**< bits of enum ebpf_map_flags that it takes */
    uint32_t key_min;             /**< the least size of keys that it takes, in bytes */
    uint32_t key_max;             /**< the largest one */
    uint32_t value_min;           /**< the least size of values that it takes, in bytes */
    uint32_t value_max;           /**< the largest one */
    /** Sets up a map that is all zero but for what all maps have in common.  After a failure
     *  close() is called as well.  NULL if there is nothing to do. */
    ebpf_status (*open)(struct ebpf_map *map, struct ebpf_diag *diag);
    /** Frees what open() made.  Nobody uses the map any more. */
    void (*close)(struct ebpf_map *map);
    /** The element of a key, all its copies; NULL if there is none.  It stays what it is while its
     *  reader is among ebpf_map.readers.  Aligned to 8 bytes. */
    void *(*lookup)(struct ebpf_map *map, const void *key);
    /** `mode` is one of enum ebpf_map_update_mode. */
    int (*update)(struct ebpf_map *map, const void *key, const struct ebpf_map_value *value,
                  uint64_t mode);
    int (*remove)(struct ebpf_map *map, const void *key);              /**< removes a key */
    int (*next)(struct ebpf_map *map, const void *key, void *next);    /**< next_key */
    int (*push)(struct ebpf_map *map, const void *value, uint64_t mode); /**< adds without key */
    int (*pop)(struct ebpf_map *map, void *value);                     /**< takes the next one */
    int (*peek)(struct ebpf_map *map, void *value);                    /**< looks at it */
    /** The memory of values that holds an address; NULL if there is none.  For kinds whose memory
     *  is not `values`. */
    const struct ebpf_region *(*find)(const struct ebpf_map *map, uint64_t address);
    /** Only what the map itself leads to may lead to the map any more: drops that.  NULL if there
     *  is nothing of the kind. */
    void (*abandon)(struct ebpf_map *map);
};

/** What all maps have in common.  `ops` to `cpu_busy` do not change once a map is made. */
struct ebpf_map {
    const struct ebpf_map_ops *ops; /**< what it can do */
    struct ebpf_map_def def;        /**< what it was made from; name and inner belong to it */
    struct ebpf_mem mem;            /**< where it gets its memory */
    uint32_t value_stride;          /**< from one copy of a value to the next: multiple of 8 */
    uint32_t copies;                /**< of a value in an element: 1, or the processors */
    uint64_t element_size;          /**< value_stride * copies */
    /** Arrays: their elements one after the other, so that element i < max_entries starts at
     *  values + i * element_size; else NULL.  Engines may read this in place of a call. */
    uint8_t *values;
    uint64_t values_size;             /**< of `values`, in bytes */
    struct ebpf_region region;        /**< arrays: the same, with the rights of programs */
    uint32_t index_mask;              /**< arrays: max_entries - 1, all lower bits set */
    struct ebpf_map_readers *readers; /**< NULL if elements never go away */
    uint32_t *cpu_busy;               /**< per-CPU kinds: the copies in use by runs; else NULL */
    uint32_t frozen;                  /**< whether the host may write no more */
    uint32_t refs;                    /**< references */
    uint32_t holders; /**< references but those of VMs that only program arrays keep alive */
};

/** Makes a map of a kind of one's own.  def->kind is not looked at.  Else as ebpf_map_new(). */
EBPF_API ebpf_status ebpf_map_new_of(const struct ebpf_map_ops *ops,
                                     const struct ebpf_map_def *def, const struct ebpf_mem *mem,
                                     struct ebpf_diag *diag, struct ebpf_map **out);

/** For update(): writes a value into an element. */
EBPF_API void ebpf_map_put(const struct ebpf_map *map, void *element,
                           const struct ebpf_map_value *value, int is_new);

EBPF_END_DECLS

#endif
