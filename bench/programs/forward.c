/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a router writes: swaps the addresses, counts the TTL down, mends the checksum. */
#define BENCH_NAME forward
#include "bench/programs/program.h"

PROGRAM
{
    u8 *ip = mem + IP;
    u8 saved[6];
    if (len < PAYLOAD || ip[8] <= 1)
        return 1;
    __builtin_memcpy(saved, mem, 6);
    __builtin_memcpy(mem, mem + 6, 6);
    __builtin_memcpy(mem + 6, saved, 6);
    u32 from = get32(ip + 12);
    put32(ip + 12, get32(ip + 16));
    put32(ip + 16, from);
    u32 sum = (u32)get16(ip + 10) + 1;
    put16(ip + 10, (u16)(sum + (sum >= 0xffff)));
    ip[8] = (u8)(ip[8] - 1 ? ip[8] ^ 1 : 64);
    return ip[8] + get16(ip + 10);
}
