/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The helpers of maps: rows MAP of helpers.def, ebpf_helper_<name>. */
#ifndef VM_HELPERS_MAP_H
#define VM_HELPERS_MAP_H

#include <ebpfvm/helper.h>

#define EBPF_HELPER(set, id, form, name, summary, ...) DECLARE_##set(name)
#define DECLARE_RBPF(name)
#define DECLARE_KERNEL(name)
#define DECLARE_MAP(name) ebpf_helper_run_fn ebpf_helper_##name;
#include "vm/helpers.def"
#undef EBPF_HELPER

struct ebpf_map;

/* See ebpf_env.lookup. */
uint64_t ebpf_run_look_up(struct ebpf_run *run, struct ebpf_map *map, const void *key);

/* Gives back the spin lock that a run has, if any. */
void ebpf_run_unlock(struct ebpf_run *run);

#endif
