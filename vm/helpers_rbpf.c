/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The helpers of rbpf. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vm/helpers.h"
#include "vm/vm.h"

static uint64_t helper_gather_bytes(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4,
                                    uint64_t r5)
{
    return r1 << 32 | r2 << 24 | r3 << 16 | r4 << 8 | r5;
}

static uint64_t helper_memfrob(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run;
    (void)ctx;
    uint8_t *bytes = (uint8_t *)(uintptr_t)args[0];
    for (uint64_t i = 0; i < args[1]; i++)
        bytes[i] ^= 42;
    return 0;
}

static uint64_t helper_sqrti(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    (void)r2, (void)r3, (void)r4, (void)r5;
    return (uint64_t)sqrt((double)r1);
}

static uint64_t helper_strcmp(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run;
    (void)ctx;
    const unsigned char *a = (const unsigned char *)(uintptr_t)args[0];
    const unsigned char *b = (const unsigned char *)(uintptr_t)args[1];
    if (!a || !b)
        return UINT64_MAX;
    while (*a && *a == *b)
        a++, b++;
    return (uint64_t)abs(*a - *b);
}

static uint64_t helper_bpf_time_getns(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    (void)args;
    uint64_t now = ebpf_host_clock(CLOCK_MONOTONIC), first = 0;
    if (atomic_compare_exchange_strong(&run->env->host->first, &first, now))
        return 0;
    return now - first;
}

static uint64_t helper_bpf_trace_printf(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    char text[96];
    int length = snprintf(text, sizeof(text), "bpf_trace_printf: 0x%llx, 0x%llx, 0x%llx\n",
                          (unsigned long long)args[2], (unsigned long long)args[3],
                          (unsigned long long)args[4]);
    return ebpf_run_trace(run, text, (size_t)length);
}

static uint64_t helper_rand(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    uint64_t number = ebpf_host_random(run->env->host), least = args[0], most = args[1];
    bool bounded = least < most && most - least < UINT64_MAX;
    return bounded ? least + number % (most - least + 1) : number;
}

static const struct ebpf_helper helpers[] = {
#define EBPF_HELPER(set, ...) ROW_##set(__VA_ARGS__)
#define ROW_RBPF HELPER_ROW
#define ROW_KERNEL(...)
#define ROW_MAP(...)
#include "vm/helpers.def"
};

const struct ebpf_helper_set *ebpf_helpers_rbpf(void)
{
    static const struct ebpf_helper_set set = {"rbpf", helpers,
                                               sizeof(helpers) / sizeof(helpers[0])};
    return &set;
}
