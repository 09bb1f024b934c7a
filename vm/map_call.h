/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls of helpers that take a map.  They check their arguments themselves: how large keys and
 * values are is known from the map only. */
#ifndef VM_MAP_CALL_H
#define VM_MAP_CALL_H

#include "vm/helpers.h"
#include "vm/maps/held.h"
#include "vm/maps/map.h"

struct map_call {
    struct ebpf_run *run;
    const char *name;
    const uint64_t *args;
    struct ebpf_map *map; /* in one of `args` */
};

#define HELPER(symbol)                                                                             \
    uint64_t ebpf_helper_##symbol(struct ebpf_run *run, void *ctx, const uint64_t args[5])
#define CALL(symbol, map_arg)                                                                      \
    struct map_call call = {run, #symbol, args, NULL};                                             \
    (void)ctx;                                                                                     \
    if (!ebpf_call_find_map(&call, map_arg))                                                       \
        return 0

static inline uint64_t ebpf_call_result(int64_t error)
{
    return (uint64_t)error;
}

/* Whether an argument is a map of this VM, or one that the run found in a map of maps; else the run
 * is over. */
static inline bool ebpf_call_find_map(struct map_call *call, size_t arg)
{
    const struct ebpf_env *env = call->run->env;
    uint64_t address = call->args[arg];
    uint32_t low = 0, high = env->map_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        bool above = (uintptr_t)env->map_pointers[middle] <= address;
        low = above ? middle : low;
        high = above ? high : middle;
    }
    call->map = (struct ebpf_map *)(uintptr_t)address;
    if ((high && (uintptr_t)env->map_pointers[low] == address) ||
        ebpf_run_held(call->run, call->map))
        return true;
    ebpf_run_refuse(call->run, call->name, arg, "there is no map at", address);
    return false;
}

/* Whether memory of an argument may be touched; else the run is over. */
static inline bool ebpf_call_require(const struct map_call *call, size_t arg, uint64_t size,
                                     int store)
{
    const struct ebpf_access access = {call->args[arg], size, store};
    return ebpf_run_memory(call->run, access.address, size, store) ||
           ebpf_run_require(call->run, call->name, arg, &access);
}

#endif
