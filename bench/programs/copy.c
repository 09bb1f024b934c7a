/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Copies 512 bytes, eight at a time, and adds them up. */
#define BENCH_NAME copy
#include "bench/programs/program.h"

PROGRAM
{
    const u64 *from = (const u64 *)(const void *)(mem + SORTED);
    u64 *to = (u64 *)(void *)(mem + BITS + 1024), sum = 0;
    (void)len;
    for (int i = 0; i < 64; i++) {
        sum += from[i];
        to[i] = from[i];
    }
    return sum;
}
