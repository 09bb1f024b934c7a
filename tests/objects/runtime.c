/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What gcc calls functions of its library for. */
#include "bpf.h"

struct numbers {
    u32 word;
    u32 unused;
    u64 wide;
    long long dividend, divisor;
};

SEC("socket")
int of_library(struct numbers *n)
{
    u64 swapped = __builtin_bswap32(n->word) + __builtin_bswap64(n->wide);
    return swapped == 0x1122334455667788 + 0xaabbccddu &&
           n->dividend / n->divisor == -14 && n->dividend % n->divisor == -2;
}

LICENSE;
