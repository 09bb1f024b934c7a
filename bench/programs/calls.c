/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A rolling sum through local functions that are not inlined. */
#define BENCH_NAME calls
#include "bench/programs/program.h"

static __attribute__((noinline)) u64 mix(u64 a, u64 b)
{
    return (a ^ b) * 0x9e3779b97f4a7c15 + (a >> 7);
}

static __attribute__((noinline)) u64 pair(const u8 *p, u64 seed)
{
    u64 a = mix(seed, p[0]);
    return a ^ mix(a, p[1]);
}

PROGRAM
{
    u64 sum = len;
    for (int i = 0; i < 32; i += 2)
        sum += pair(mem + i, sum);
    return sum;
}
