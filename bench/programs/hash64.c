/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A 64-bit hash of 128 bytes in the manner of xxHash: multiplications and rotations. */
#define BENCH_NAME hash64
#include "bench/programs/program.h"

#define P1 0x9e3779b185ebca87
#define P2 0xc2b2ae3d27d4eb4f

PROGRAM
{
    u64 a = P1 + P2, b = P2, h = len;
    for (int i = 0; i < 128; i += 16) {
        a = rol64(a + get64(mem + i) * P2, 31) * P1;
        b = rol64(b + get64(mem + i + 8) * P2, 31) * P1;
    }
    h += rol64(a, 1) + rol64(b, 7);
    h ^= h >> 33, h *= P2, h ^= h >> 29;
    return h ^ h >> 32;
}
