/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sends connections to one of the servers behind an address: all of a flow to the same. */
#include "net.h"

enum { SERVERS = 4, PSEUDO_HEADER = 1 << 4 };

MAP(servers, ARRAY, 4, 4, SERVERS, 0);
MAP(chosen, ARRAY, 4, 8, SERVERS, 0);

const volatile u32 service = 0x0a000001; /* 10.0.0.1 */

INLINE u32 mix(u32 x)
{
    x ^= x >> 16;
    x *= 0x7feb352d;
    x ^= x >> 15;
    x *= 0x846ca68b;
    return x ^ x >> 16;
}

SEC("tc") int balancer(struct sk_buff *ctx)
{
    struct tcp_packet *p = PACKET(struct tcp_packet, ctx);
    if (!p || p->eth.type != ETHER_IP4 || p->ip.protocol != TCP || p->ip.to != net32(service))
        return TC_OK;
    u32 key = mix(p->ip.from ^ (u32)p->tcp.from << 16 ^ p->tcp.to) % SERVERS;
    u32 old = p->ip.to, *server = map_lookup(&servers, &key);
    u64 *count = map_lookup(&chosen, &key);
    if (!server || !count || !*server)
        return TC_SHOT;
    u32 to = *server;
    ++*count;
    if (l4_csum_replace(ctx, __builtin_offsetof(struct tcp_packet, tcp.checksum), old, to,
                        PSEUDO_HEADER | sizeof(to)))
        return TC_SHOT;
    if (l3_csum_replace(ctx, __builtin_offsetof(struct tcp_packet, ip.checksum), old, to,
                        sizeof(to)))
        return TC_SHOT;
    if (skb_store_bytes(ctx, __builtin_offsetof(struct tcp_packet, ip.to), &to, sizeof(to), 0))
        return TC_SHOT;
    return TC_OK;
}

LICENSE;
