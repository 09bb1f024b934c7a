/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Takes tags off, counting them by number, and puts them on what has none. */
#include "net.h"

struct tagged {
    struct ethernet eth;
    u16 tag, type;
} __attribute__((packed));

MAP(tags, HASH, 4, 8, 16, 0);

SEC("classifier") int vlan(struct sk_buff *ctx)
{
    struct tagged *p = PACKET(struct tagged, ctx);
    if (!p)
        return TC_SHOT;
    if (p->eth.type != ETHER_VLAN)
        return skb_vlan_push(ctx, ETHER_VLAN, 100) ? TC_SHOT : TC_OK;
    u32 tag = NET16(p->tag) & 0xfff;
    u64 *count = map_lookup(&tags, &tag);
    if (count)
        ++*count;
    return skb_vlan_pop(ctx) ? TC_SHOT : TC_OK;
}

LICENSE;
