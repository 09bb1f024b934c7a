/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Counts packets and bytes by protocol. */
#include "net.h"

struct count {
    u64 packets, bytes;
};

MAP(counts, ARRAY, 4, 16, 256, 0);

u64 seen;

SEC("xdp") int counter(struct xdp_md *ctx)
{
    struct ip_packet *p = PACKET(struct ip_packet, ctx);
    u32 key = 255;
    if (p && p->eth.type == ETHER_IP4)
        key = p->ip.protocol;
    struct count *count = map_lookup(&counts, &key);
    if (!count)
        return XDP_ABORTED;
    __sync_fetch_and_add(&count->packets, 1);
    __sync_fetch_and_add(&count->bytes, (u64)(ctx->data_end - ctx->data));
    seen++;
    return XDP_PASS;
}

LICENSE;
