/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Spin locks in values of maps, a word that is 1 while a run has the lock.  The word is the
 * program's to spoil, and its owner may end early: so nobody waits for ever, and the end of a run
 * gives its lock back.
 */
#include "config.h"

#include <sched.h>
#include <time.h>

#include "vm/helpers_map.h"
#include "vm/map_call.h"
#include "vm/vm.h"

/* Attempts before another thread may go first, and between looks at the clock and the interrupt. */
enum { ATTEMPTS = 256 };

static uint32_t *word(uint64_t address)
{
    return (uint32_t *)(uintptr_t)address;
}

/* Whether an argument may be a lock; else the run is over. */
static bool is_lock(struct ebpf_run *run, const char *helper, uint64_t address)
{
    struct ebpf_region region;
    if (!ebpf_run_find(run, address, sizeof(uint32_t), 1, &region) ||
        region.kind != EBPF_REGION_MAP)
        ebpf_run_refuse(run, helper, 0, "there is no value of a map at", address);
    else if (address % sizeof(uint32_t))
        ebpf_run_refuse(run, helper, 0, "a lock must be aligned to 4 bytes:", address);
    else
        return true;
    return false;
}

static bool try_lock(uint32_t *lock)
{
    uint32_t free = 0;
    return __atomic_compare_exchange_n(lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* Waits for a lock that others have. */
static bool wait_for(struct ebpf_run *run, uint32_t *lock)
{
    uint64_t start = ebpf_host_clock(CLOCK_MONOTONIC);
    for (;;) {
        for (int i = 0; i < ATTEMPTS; i++)
            if (try_lock(lock))
                return true;
        if (ebpf_interrupt_raised(run->interrupt)) {
            ebpf_run_fail(run, EBPF_ERR_INTERRUPTED, NULL);
            return false;
        }
        if (ebpf_host_clock(CLOCK_MONOTONIC) - start > EBPF_LOCK_WAIT_MAX) {
            ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, "spin_lock: nobody gave the lock back");
            return false;
        }
        sched_yield();
    }
}

HELPER(spin_lock)
{
    (void)ctx;
    if (!is_lock(run, "spin_lock", args[0]))
        return 0;
    if (run->lock) {
        ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, "spin_lock: the run has a lock already");
        return 0;
    }
    if (try_lock(word(args[0])) || wait_for(run, word(args[0])))
        run->lock = args[0];
    return 0;
}

HELPER(spin_unlock)
{
    (void)ctx;
    if (!run->lock || run->lock != args[0]) {
        ebpf_run_refuse(run, "spin_unlock", 0, "the run does not have the lock at", args[0]);
        return 0;
    }
    ebpf_run_unlock(run);
    return 0;
}

void ebpf_run_unlock(struct ebpf_run *run)
{
    if (run->lock)
        __atomic_store_n(word(run->lock), 0, __ATOMIC_RELEASE);
    run->lock = 0;
}
