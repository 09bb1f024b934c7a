/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Answers TCP's SYN itself, with a number that proves who sent it, and lets only those pass who
 * know it.  Nothing is kept. */
#include "net.h"

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

const volatile u32 secret[2] = {0x12345678, 0x9abcdef0};

u64 answered, accepted, refused;

static __attribute__((noinline)) u32 cookie_of(u32 from, u32 to, u32 ports)
{
    u32 x = from ^ secret[0], y = to ^ secret[1];
    for (int i = 0; i < 8; i++) {
        x = (x << 13 | x >> 19) + y + ports;
        y = (y << 7 | y >> 25) ^ x;
    }
    return x ^ y;
}

INLINE void swap_ends(struct tcp_packet *p)
{
    for (int i = 0; i < 6; i++) {
        u8 byte = p->eth.to[i];
        p->eth.to[i] = p->eth.from[i];
        p->eth.from[i] = byte;
    }
    u32 address = p->ip.from;
    p->ip.from = p->ip.to;
    p->ip.to = address;
    u16 port = p->tcp.from;
    p->tcp.from = p->tcp.to;
    p->tcp.to = port;
}

/* Over the header and what of the IP header counts, without options. */
INLINE u16 tcp_sum(struct tcp_packet *p)
{
    u16 *words = (u16 *)(void *)&p->tcp;
    u64 sum = NET16(TCP) + NET16(sizeof(struct tcp));
    sum += (p->ip.from & 0xffff) + (p->ip.from >> 16) + (p->ip.to & 0xffff) + (p->ip.to >> 16);
    for (unsigned i = 0; i < sizeof(struct tcp) / 2; i++)
        sum += words[i];
    return (u16)~fold(sum);
}

SEC("xdp") int syncookie(struct xdp_md *ctx)
{
    struct tcp_packet *p = PACKET(struct tcp_packet, ctx);
    if (!p || p->eth.type != ETHER_IP4 || p->ip.protocol != TCP || p->ip.version_length != 0x45)
        return XDP_PASS;
    u32 ports = (u32)p->tcp.from << 16 | p->tcp.to;
    u32 cookie = cookie_of(p->ip.from, p->ip.to, ports);
    if ((p->tcp.flags & (SYN | ACK | RST | FIN)) != SYN) {
        if (!(p->tcp.flags & ACK) || net32(p->tcp.acknowledged) != cookie + 1) {
            refused++;
            return XDP_DROP;
        }
        accepted++;
        return XDP_PASS;
    }
    swap_ends(p);
    p->tcp.acknowledged = net32(net32(p->tcp.sequence) + 1);
    p->tcp.sequence = net32(cookie);
    p->tcp.flags = SYN | ACK;
    p->tcp.offset = sizeof(struct tcp) / 4 << 4;
    p->tcp.checksum = 0;
    p->tcp.checksum = tcp_sum(p);
    answered++;
    return XDP_TX;
}

LICENSE;
