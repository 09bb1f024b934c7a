/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Looks for a header in text by comparing strings byte by byte, and compares what it says. */
#define BENCH_NAME host
#include "bench/programs/program.h"

INLINE int begins(const u8 *at, const char *text, int length)
{
#pragma clang loop unroll(full)
    for (int i = 0; i < length; i++) {
        u8 c = at[i];
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        if (c != (u8)text[i])
            return 0;
    }
    return 1;
}

PROGRAM
{
    const u8 *text = mem + PAYLOAD + 8;
    (void)len;
    for (u32 i = 0; i < 128; i++)
        if (text[i] == '\n' && begins(text + i + 1, "host:", 5))
            return begins(text + i + 7, "www.example.org", 15) ? i : 1000 + i;
    return 0;
}
