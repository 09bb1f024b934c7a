/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Walks VLAN tags and IPv6 extension headers to the transport protocol. */
#define BENCH_NAME vlan_ipv6
#include "bench/programs/program.h"

PROGRAM
{
    u64 at = 12, protocol = 0;
    u16 type = ntoh16(get16(mem + at));
    for (int i = 0; i < 2 && (type == 0x8100 || type == 0x88a8); i++) {
        at += 4;
        type = ntoh16(get16(mem + at));
    }
    at += 2;
    if (type == 0x0800) {
        protocol = mem[at + 9];
        at += (mem[at] & 15u) * 4;
    } else if (type == 0x86dd) {
        protocol = mem[at + 6];
        at += 40;
    }
    for (int i = 0; i < 8 && at + 8 <= len; i++) {
        if (protocol != 0 && protocol != 43 && protocol != 60)
            break;
        protocol = mem[at];
        at += (mem[at + 1] + 1u) * 8;
    }
    return protocol << 32 | at;
}
