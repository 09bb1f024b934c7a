/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A lock for little work: held for less than a microsecond, and never while anything
 * else is waited for. */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <sched.h>
#include <stdint.h>

/* Free if it is all zero. */
struct ebpf_lock {
    uint32_t taken;
};

static inline void ebpf_lock(struct ebpf_lock *lock)
{
    for (unsigned tries = 1; __atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE); tries++)
        while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED))
            if (tries++ % 64 == 0)
                sched_yield(); /* who holds it may be waiting for this processor */
}

static inline void ebpf_unlock(struct ebpf_lock *lock)
{
    __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}

#endif
