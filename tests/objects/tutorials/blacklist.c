/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Drops what comes from addresses that the host lists, and counts it there. */
#include "net.h"

MAP(blacklist, HASH, 4, 8, 1000, 0);

SEC("xdp") int blacklist_filter(struct xdp_md *ctx)
{
    struct ip_packet *p = PACKET(struct ip_packet, ctx);
    if (!p || p->eth.type != ETHER_IP4)
        return XDP_PASS;
    u32 from = p->ip.from;
    u64 *drops = map_lookup(&blacklist, &from);
    if (!drops)
        return XDP_PASS;
    __sync_fetch_and_add(drops, 1);
    return XDP_DROP;
}

LICENSE;
