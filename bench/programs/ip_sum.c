/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The checksum of a header as many programs write it: in 32 bits, folded after each word. */
#define BENCH_NAME ip_sum
#include "bench/programs/program.h"

PROGRAM
{
    const u8 *ip = mem + IP;
    u32 sum = 0, words = (ip[0] & 15u) * 2;
    (void)len;
    for (u32 i = 0; i < words; i++) {
        sum += (u32)ip[i * 2] << 8 | ip[i * 2 + 1];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (u16)~sum;
}
