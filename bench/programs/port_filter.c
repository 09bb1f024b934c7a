/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Does a TCP or UDP packet go to one of a few ports? */
#define BENCH_NAME port_filter
#include "bench/programs/program.h"

PROGRAM
{
    if (len < PAYLOAD || get16(mem + 12) != ntoh16(0x0800))
        return 0;
    const u8 *ip = mem + IP;
    u32 header = (ip[0] & 15u) * 4;
    if (ip[0] >> 4 != 4 || header < 20 || (get16(ip + 6) & ntoh16(0x1fff)))
        return 0;
    if (ip[9] != 6 && ip[9] != 17)
        return 0;
    u16 port = ntoh16(get16(ip + header + 2));
    return port == 22 || port == 80 || port == 443 || port == 8080;
}
