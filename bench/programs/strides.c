/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One field of each record of 24 bytes: minimum, maximum and sum. */
#define BENCH_NAME strides
#include "bench/programs/program.h"

struct record { u32 id; u16 kind, flags; u64 bytes, packets; };

PROGRAM
{
    const struct record *records = (const struct record *)(const void *)(mem + SORTED);
    u64 sum = 0, least = ~0ull, most = 0;
    (void)len;
    for (int i = 0; i < 80; i++) {
        u64 bytes = records[i].bytes >> 20;
        if (bytes < least)
            least = bytes;
        if (bytes > most)
            most = bytes;
        if (records[i].kind & 1)
            sum += bytes;
    }
    return sum ^ least ^ most << 1;
}
