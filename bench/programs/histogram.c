/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Counts 256 bytes by their upper four bits, on the stack. */
#define BENCH_NAME histogram
#include "bench/programs/program.h"

PROGRAM
{
    u32 count[16] = {0}, best = 0;
    (void)len;
    for (int i = 0; i < 256; i++)
        count[mem[i] >> 4]++;
    for (u32 i = 1; i < 16; i++)
        if (count[i] > count[best])
            best = i;
    return (u64)best << 32 | count[best];
}
