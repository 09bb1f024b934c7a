/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Maps: what kinds there are, and what describes one.  The kinds, their numbers and flags are the
 * kernel's (linux/bpf.h), so that objects made for it can be read. */
#ifndef EBPFVM_MAP_H
#define EBPFVM_MAP_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/map_kinds.h>

EBPF_BEGIN_DECLS

/** Flags of a map, as in the kernel. */
enum ebpf_map_flags {
    EBPF_MAP_NO_PREALLOC = 1u << 0,   /**< entries get memory when they are made */
    EBPF_MAP_NO_COMMON_LRU = 1u << 1, /**< least recently used per processor */
    EBPF_MAP_RDONLY = 1u << 3,        /**< the host may not write */
    EBPF_MAP_WRONLY = 1u << 4,        /**< the host may not read */
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
};

/** The name of a kind, such as "lpm_trie". @return NULL if there is none. Static. */
EBPF_API const char *ebpf_map_kind_name(enum ebpf_map_kind kind);

/** The kind with a name. @return EBPF_MAP_UNSPEC if there is none. */
EBPF_API enum ebpf_map_kind ebpf_map_kind_find(const char *name);

EBPF_END_DECLS

#endif
