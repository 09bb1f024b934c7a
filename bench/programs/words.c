/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A sum of 32-bit words at odd addresses, which compilers load byte by byte. */
#define BENCH_NAME words
#include "bench/programs/program.h"

PROGRAM
{
    u32 sum = 0;
    (void)len;
    for (u32 i = 0; i < 64; i++)
        sum += get32(mem + PAYLOAD + 1 + i * 4) ^ i;
    return sum;
}
