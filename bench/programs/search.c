/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Binary search of 16 keys among 256 sorted words. */
#define BENCH_NAME search
#include "bench/programs/program.h"

PROGRAM
{
    const u8 *words = mem + SORTED;
    u64 found = 0;
    (void)len;
    for (u32 k = 0; k < 16; k++) {
        u32 key = k * 0x0f0f0f0fu, low = 0, high = 256;
        while (low < high) {
            u32 middle = (low + high) / 2;
            if (get32(words + middle * 4) < key)
                low = middle + 1;
            else
                high = middle;
        }
        found += low;
    }
    return found;
}
