/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Insertion sort of 24 words on the stack. */
#define BENCH_NAME sort
#include "bench/programs/program.h"

PROGRAM
{
    u32 v[24];
    (void)len;
    for (int i = 0; i < 24; i++) {
        u32 x = get32(mem + PAYLOAD + i * 4);
        int j = i;
        for (; j > 0 && v[j - 1] > x; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
    return v[0] ^ (u64)v[12] << 16 ^ (u64)v[23] << 32;
}
