/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Counts bits, finds the highest one, reverses, of 32 words. */
#define BENCH_NAME bits
#include "bench/programs/program.h"

PROGRAM
{
    const u64 *words = (const u64 *)(const void *)(mem + SORTED);
    u64 sum = 0;
    (void)len;
    for (int i = 0; i < 32; i++) {
        u64 v = words[i], top = 0, x = v;
        v -= (v >> 1) & 0x5555555555555555;
        v = (v & 0x3333333333333333) + ((v >> 2) & 0x3333333333333333);
        v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0f;
        for (int s = 32; s; s >>= 1)
            if (x >> s)
                x >>= s, top += (u64)s;
        sum += (v * 0x0101010101010101 >> 56) ^ top << 8;
    }
    return sum;
}
