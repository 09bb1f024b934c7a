/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Spreads packets over servers: hashes, and divisions by what only the run knows. */
#define BENCH_NAME balance
#include "bench/programs/program.h"

PROGRAM
{
    u32 weights = 0, hash = get32(mem + IP + 12) ^ get32(mem + TCP);
    u32 servers = (mem[SORTED] & 7) + 5;
    (void)len;
    for (u32 i = 0; i < 32; i++) {
        hash = hash * 0x9e3779b1 + i;
        u32 server = hash % servers;
        weights += hash / (server + 3) % 1000;
        hash ^= weights / 7;
    }
    return hash ^ weights;
}
