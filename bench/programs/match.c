/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Looks for a word in the payload, byte by byte. */
#define BENCH_NAME match
#include "bench/programs/program.h"

PROGRAM
{
    const u8 *text = mem + PAYLOAD;
    (void)len;
    for (u64 i = 0; i < 120; i++) {
        if (text[i] != 'H' && text[i] != 'h')
            continue;
        if (text[i + 1] == 'o' && text[i + 2] == 's' && text[i + 3] == 't' && text[i + 4] == ':')
            return i;
    }
    return (u64)-1;
}
