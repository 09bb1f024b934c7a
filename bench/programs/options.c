/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Finds MSS, window scale and timestamp among the TCP options. */
#define BENCH_NAME options
#include "bench/programs/program.h"

PROGRAM
{
    u64 at = TCP + 20, end = TCP + (mem[TCP + 12] >> 4) * 4u;
    u32 mss = 536, scale = 0, stamp = 0;
    if (end > len)
        return 0;
    for (int i = 0; i < 20 && at < end; i++) {
        u8 kind = mem[at];
        if (kind == 0)
            break;
        if (kind == 1) {
            at++;
            continue;
        }
        u8 size = mem[at + 1];
        if (size < 2 || at + size > end)
            break;
        if (kind == 2 && size == 4)
            mss = ntoh16(get16(mem + at + 2));
        else if (kind == 3 && size == 3)
            scale = mem[at + 2];
        else if (kind == 8 && size == 10)
            stamp = ntoh32(get32(mem + at + 2));
        at += size;
    }
    return (u64)stamp << 32 | mss << 8 | scale;
}
