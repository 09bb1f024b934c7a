/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Rewrites address and port, decrements the TTL, mends both checksums. */
#define BENCH_NAME nat
#include "bench/programs/program.h"

INLINE u16 mend(u16 sum, u32 from, u32 to)
{
    u32 s = (u16)~sum + (u16)~from + (u16)~(from >> 16) + (u16)to + (to >> 16);
    s = (s & 0xffff) + (s >> 16);
    s = (s & 0xffff) + (s >> 16);
    return (u16)~s;
}

PROGRAM
{
    u8 *ip = mem + IP, *tcp = mem + TCP;
    if (len < PAYLOAD || ip[8] == 0 || ip[9] != 6)
        return 1;
    u32 old = get32(ip + 12), new = old ^ 0x00010203;
    put32(ip + 12, new);
    put16(ip + 10, mend(get16(ip + 10), old, new));
    put16(tcp + 16, mend(get16(tcp + 16), old, new));
    u16 port = get16(tcp), mapped = (u16)(port ^ 0x1111);
    put16(tcp, mapped);
    put16(tcp + 16, mend(get16(tcp + 16), port, mapped));
    ip[8] = (u8)(ip[8] ^ 1);
    put16(ip + 10, mend(get16(ip + 10), 1, 0));
    return 0;
}
