/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* FNV-1a of 256 bytes, byte by byte. */
#define BENCH_NAME fnv
#include "bench/programs/program.h"

PROGRAM
{
    u64 hash = 0xcbf29ce484222325;
    (void)len;
    for (int i = 0; i < 256; i++)
        hash = (hash ^ mem[i]) * 0x100000001b3;
    return hash;
}
