/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A chain of rules over the fields of a packet, where the last one that matches decides. */
#define BENCH_NAME verdict
#include "bench/programs/program.h"

PROGRAM
{
    u32 from = ntoh32(get32(mem + IP + 12)), to = ntoh32(get32(mem + IP + 16));
    u16 source = ntoh16(get16(mem + TCP)), target = ntoh16(get16(mem + TCP + 2));
    u8 ttl = mem[IP + 8], flags = mem[TCP + 13];
    u32 verdict = 1;
    verdict = len > 1500 ? 2 : verdict;
    verdict = from >> 24 == 10 ? 3 : verdict;
    verdict = to >> 24 == 127 ? 4 : verdict;
    verdict = from >> 16 == 0xc0a8 ? 5 : verdict;
    verdict = source < 1024 ? 6 : verdict;
    verdict = target > 49151 ? 7 : verdict;
    verdict = target == 8080 ? 8 : verdict;
    verdict = (flags & 0x12) == 0x02 ? 9 : verdict;
    verdict = ttl < 5 ? 10 : verdict;
    verdict = (from ^ to) < 0x10000 ? 11 : verdict;
    verdict = source == target ? 12 : verdict;
    verdict = flags == 0 ? 13 : verdict;
    return verdict;
}
