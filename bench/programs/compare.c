/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Compares two strings of 64 bytes. */
#define BENCH_NAME compare
#include "bench/programs/program.h"

PROGRAM
{
    const u8 *a = mem + PAYLOAD, *b = mem + BITS - 64;
    (void)len;
    for (int i = 0; i < 64; i++)
        if (a[i] != b[i])
            return (u64)i;
    return 64;
}
