/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Three bits of a Bloom filter for each of eight keys, set and tested. */
#define BENCH_NAME bloom
#include "bench/programs/program.h"

PROGRAM
{
    u64 known = 0;
    u8 *bits = mem + BITS;
    (void)len;
    for (int i = 0; i < 8; i++) {
        u32 key = get32(mem + PAYLOAD + i * 4) * 0x9e3779b1u;
        u32 all = 1;
        for (int k = 0; k < 3; k++) {
            u32 bit = (key >> (k * 9)) & 8191;
            u8 mask = (u8)(1u << (bit & 7));
            all &= (bits[bit >> 3] & mask) != 0;
            bits[bit >> 3] |= mask;
        }
        known += all;
    }
    return known;
}
