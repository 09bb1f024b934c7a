/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The IPv4 header checksum, verified. */
#define BENCH_NAME checksum
#include "bench/programs/program.h"

PROGRAM
{
    u32 sum = 0;
    (void)len;
    for (int i = 0; i < 20; i += 2)
        sum += get16(mem + IP + i);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (u16)~sum;
}
