/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The Internet checksum of 1024 bytes, in a loop. */
#define BENCH_NAME checksum_payload
#include "bench/programs/program.h"

PROGRAM
{
    u64 sum = 0;
    (void)len;
    const u16 *words = (const u16 *)(const void *)(mem + PAYLOAD - 2);
    for (int i = 0; i < 512; i++)
        sum += words[i];
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (u16)~sum;
}
