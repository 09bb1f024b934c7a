/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the built-in helpers of all sets share. */
#include "config.h"

#include <errno.h>
#include <time.h>

#include "vm/helpers.h"
#include "vm/vm.h"

void ebpf_host_init(struct ebpf_host *host, uint64_t seed)
{
    /* Without a seed, one that differs from run to run; it need not be secret. */
    uint64_t start = seed ? seed : ebpf_host_clock(CLOCK_REALTIME) ^ (uintptr_t)host;
    atomic_init(&host->random, start);
    atomic_init(&host->first, 0);
}

/* Splitmix64: each call takes a step of its own, so threads need no lock. */
uint64_t ebpf_host_random(struct ebpf_host *host)
{
    const uint64_t step = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = atomic_fetch_add_explicit(&host->random, step, memory_order_relaxed) + step;
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

uint64_t ebpf_host_clock(int clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now))
        return 0;
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t ebpf_run_trace(const struct ebpf_run *run, const char *text, size_t length)
{
    const struct ebpf_stream *trace = run->env->trace;
    if (trace && length && trace->write(trace->ctx, text, length))
        return (uint64_t)-EIO;
    return length;
}
