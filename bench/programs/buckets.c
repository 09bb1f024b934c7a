/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Chooses among backends by remainder, and averages with divisions. */
#define BENCH_NAME buckets
#include "bench/programs/program.h"

PROGRAM
{
    u64 sum = 0, n = (len & 7) + 5;
    for (int i = 0; i < 16; i++) {
        u32 key = get32(mem + PAYLOAD + i * 4);
        sum += key % n + (key >> 8) / (n + 2);
        sum += (key & 0xffff) / 10;
    }
    return sum;
}
