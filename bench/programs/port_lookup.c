/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Binary search of several keys in a sorted table, without leaving early. */
#define BENCH_NAME port_lookup
#include "bench/programs/program.h"

PROGRAM
{
    const u32 *table = (const u32 *)(const void *)(mem + SORTED);
    u32 found = 0, key = get32(mem + TCP);
    (void)len;
    for (int k = 0; k < 8; k++, key = key * 1664525 + 1013904223) {
        u32 low = 0, size = 256;
        while (size > 1) {
            u32 half = size / 2;
            if (table[low + half] <= key >> 2)
                low += half;
            size -= half;
        }
        found = found * 31 + low;
    }
    return found;
}
