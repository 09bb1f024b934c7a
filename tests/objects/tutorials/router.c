/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sends packets where a table of prefixes says, as a router does. */
#include "net.h"

struct prefix {
    u32 length, address;
};

struct hop {
    u32 interface;
    u8 mac[6], pad[2];
};

MAP(routes, LPM_TRIE, 8, 12, 100, NO_PREALLOC);

u64 expired;

SEC("xdp") int router(struct xdp_md *ctx)
{
    struct ip_packet *p = PACKET(struct ip_packet, ctx);
    if (!p || p->eth.type != ETHER_IP4)
        return XDP_PASS;
    if (p->ip.ttl <= 1) {
        expired++;
        return XDP_DROP;
    }
    struct prefix key = {32, p->ip.to};
    struct hop *hop = map_lookup(&routes, &key);
    if (!hop)
        return XDP_PASS;
    for (int i = 0; i < 6; i++) {
        p->eth.from[i] = p->eth.to[i];
        p->eth.to[i] = hop->mac[i];
    }
    /* RFC 1141: one less in the upper byte of a word */
    u32 sum = p->ip.checksum + NET16(0x0100);
    p->ip.checksum = (u16)(sum + (sum >= 0xffff));
    p->ip.ttl--;
    return (int)redirect(hop->interface, 0);
}

LICENSE;
