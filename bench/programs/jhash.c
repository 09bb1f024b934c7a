/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Bob Jenkins' hash of the flow: addresses, ports, protocol. */
#define BENCH_NAME jhash
#include "bench/programs/program.h"

#define MIX(a, b, c)                                                                               \
    do {                                                                                           \
        a -= c, a ^= rol32(c, 4), c += b;                                                          \
        b -= a, b ^= rol32(a, 6), a += c;                                                          \
        c -= b, c ^= rol32(b, 8), b += a;                                                          \
        a -= c, a ^= rol32(c, 16), c += b;                                                         \
        b -= a, b ^= rol32(a, 19), a += c;                                                         \
        c -= b, c ^= rol32(b, 4), b += a;                                                          \
    } while (0)

PROGRAM
{
    u32 a = 0xdeadbef7, b = a, c = a;
    (void)len;
    a += get32(mem + IP + 12);
    b += get32(mem + IP + 16);
    c += get32(mem + TCP);
    MIX(a, b, c);
    a += mem[IP + 9];
    b += get32(mem + 6);
    c ^= b, c -= rol32(b, 14);
    a ^= c, a -= rol32(c, 11);
    b ^= a, b -= rol32(a, 25);
    c ^= b, c -= rol32(b, 16);
    return c;
}
