/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A firewall for XDP, as one writes it for the Linux kernel: drops UDP datagrams to ports of a
 * list, and counts what it lets through by protocol.  build.sh compiles it; the object is checked
 * in, so that running it needs no compiler for eBPF.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))
#define UINT(name, value) int(*name)[value]
#define TYPE(name, type) type *name
#define SWAP16(x) __builtin_bswap16(x)

static void *(*const map_lookup_elem)(void *map, const void *key) = (void *)1;

enum { HASH = 1, PERCPU_ARRAY = 6 };
enum { XDP_DROP = 1, XDP_PASS = 2 };

struct xdp_md {
    u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};

struct ethernet {
    u8 to[6], from[6];
    u16 type;
} __attribute__((packed));

struct ipv4 {
    u8 length, service;
    u16 total, id, fragment;
    u8 ttl, protocol;
    u16 checksum;
    u32 from, to;
} __attribute__((packed));

struct udp {
    u16 from, to, length, checksum;
};

/* What the operator blocks: how often a port was hit. */
struct {
    UINT(type, HASH);
    TYPE(key, u16);
    TYPE(value, u64);
    UINT(max_entries, 1024);
} blocked SEC(".maps");

/* Packets by IP protocol. */
struct {
    UINT(type, PERCPU_ARRAY);
    TYPE(key, u32);
    TYPE(value, u64);
    UINT(max_entries, 256);
} passed SEC(".maps");

/* Ports that are blocked from the start, and how many datagrams that cost. */
const volatile u16 blocked_port = 53;
u64 dropped;

static int drop(u16 port)
{
    u64 *hits = map_lookup_elem(&blocked, &port);
    if (hits)
        __sync_fetch_and_add(hits, 1);
    else if (port != blocked_port)
        return 0;
    __sync_fetch_and_add(&dropped, 1);
    return 1;
}

SEC("xdp") int firewall(struct xdp_md *ctx)
{
    void *data = (void *)(unsigned long)ctx->data, *end = (void *)(unsigned long)ctx->data_end;
    struct ethernet *ethernet = data;
    struct ipv4 *ip = (void *)(ethernet + 1);
    if ((void *)(ip + 1) > end || ethernet->type != SWAP16(0x0800))
        return XDP_PASS;
    u32 protocol = ip->protocol;
    if (protocol == 17 && (ip->length & 15) == 5) {
        struct udp *udp = (void *)(ip + 1);
        if ((void *)(udp + 1) <= end && drop(SWAP16(udp->to)))
            return XDP_DROP;
    }
    u64 *count = map_lookup_elem(&passed, &protocol);
    if (count)
        ++*count;
    return XDP_PASS;
}

char license_text[] SEC("license") = "Dual MIT/GPL";
