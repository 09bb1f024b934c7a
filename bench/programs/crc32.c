/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* CRC-32 of 32 bytes, bit by bit. */
#define BENCH_NAME crc32
#include "bench/programs/program.h"

PROGRAM
{
    u32 crc = 0xffffffff;
    (void)len;
    for (int i = 0; i < 32; i++) {
        crc ^= mem[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (0xedb88320 & (0 - (crc & 1)));
    }
    return ~crc;
}
