/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* As small as filters come: long enough, and IPv4 or IPv6? */
#define BENCH_NAME length
#include "bench/programs/program.h"

PROGRAM
{
    if (len < 34)
        return 0;
    u16 type = get16(mem + 12);
    return type == ntoh16(0x0800) ? 4 : type == ntoh16(0x86dd) ? 6 : 0;
}
