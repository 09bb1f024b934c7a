/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sorts 64 bytes into classes through a chain of comparisons. */
#define BENCH_NAME classify
#include "bench/programs/program.h"

PROGRAM
{
    u64 score = 0;
    (void)len;
    for (int i = 0; i < 64; i++) {
        switch (mem[PAYLOAD + i]) {
        case ' ': case '\t': score += 1; break;
        case '\r': score += 3; break;
        case '\n': score ^= 0x55; break;
        case '/': score += 7; break;
        case ':': score = score * 3; break;
        case '.': score += 11; break;
        case 'G': score ^= 0x1000; break;
        case 'P': score += 0x2000; break;
        case '=': score -= 5; break;
        case '?': score += 23; break;
        default: score += 2;
        }
    }
    return score;
}
