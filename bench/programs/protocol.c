/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Walks types and lengths through a switch with many sparse cases. */
#define BENCH_NAME protocol
#include "bench/programs/program.h"

INLINE u32 step(u32 type)
{
    switch (type) {
    case 0: return 8;
    case 6: return 20;
    case 17: return 8;
    case 41: return 40;
    case 43: return 24;
    case 44: return 9;
    case 47: return 4;
    case 50: return 16;
    case 51: return 12;
    case 58: return 5;
    case 89: return 25;
    case 108: return 6;
    case 132: return 11;
    case 135: return 7;
    case 139: return 3;
    default: return 1;
    }
}

PROGRAM
{
    u32 at = 0, sum = 0;
    (void)len;
    for (int i = 0; i < 60; i++) {
        u32 length = step(mem[512 + (at & 1023)] % 140);
        sum = sum * 3 + length;
        at += length;
    }
    return sum;
}
