/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* XDP programs that take what was put into their maps, and metadata before packets. */
#include "bpf.h"

enum { XDP_ABORTED = 0, XDP_DROP = 1, XDP_PASS = 2, QUEUE = 22, STACK = 23, LPM_TRIE = 11 };

static long (*const map_pop_elem)(void *map, void *value) = (void *)88;
static long (*const xdp_adjust_head)(void *ctx, int by) = (void *)44;
static long (*const xdp_adjust_meta)(void *ctx, int by) = (void *)54;

struct xdp_md {
    u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};

struct prefix {
    u32 length;
    u8 address[4];
};

/* Verdicts of the packets to come, the first one first; and the last one first. */
struct {
    UINT(type, QUEUE);
    TYPE(value, u32);
    UINT(max_entries, 4);
} next SEC(".maps");

struct {
    UINT(type, STACK);
    TYPE(value, u32);
    UINT(max_entries, 4);
} last SEC(".maps");

/* Verdicts by the first bytes of a packet. */
struct {
    UINT(type, LPM_TRIE);
    TYPE(key, struct prefix);
    TYPE(value, u32);
    UINT(max_entries, 16);
    UINT(map_flags, 1);
} routes SEC(".maps");

SEC("xdp") int pop_next(struct xdp_md *ctx)
{
    u32 verdict;
    return map_pop_elem(&next, &verdict) ? XDP_ABORTED : verdict;
}

SEC("xdp") int pop_last(struct xdp_md *ctx)
{
    u32 verdict;
    return map_pop_elem(&last, &verdict) ? XDP_ABORTED : verdict;
}

SEC("xdp") int route(struct xdp_md *ctx)
{
    u8 *data = (void *)(unsigned long)ctx->data, *end = (void *)(unsigned long)ctx->data_end;
    struct prefix key = {.length = 32};
    if (data + 4 > end)
        return XDP_DROP;
    for (int i = 0; i < 4; i++)
        key.address[i] = data[i];
    u32 *verdict = map_lookup_elem(&routes, &key);
    return verdict ? *verdict : XDP_DROP;
}

/* Remembers the packet's first byte before it, takes two bytes away, and compares. */
SEC("xdp") int remember(struct xdp_md *ctx)
{
    if (xdp_adjust_meta(ctx, -4))
        return XDP_ABORTED;
    u8 *data = (void *)(unsigned long)ctx->data, *end = (void *)(unsigned long)ctx->data_end;
    u32 *meta = (void *)(unsigned long)ctx->data_meta;
    if (data + 1 > end || (void *)(meta + 1) > (void *)data)
        return XDP_ABORTED;
    u32 first = *meta = *data;
    if (xdp_adjust_head(ctx, 2))
        return XDP_ABORTED;
    data = (void *)(unsigned long)ctx->data;
    meta = (void *)(unsigned long)ctx->data_meta;
    if ((void *)(meta + 1) > (void *)data)
        return XDP_ABORTED;
    return *meta == first ? XDP_PASS : XDP_DROP;
}

LICENSE;
