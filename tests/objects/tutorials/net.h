/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the tutorials need of the kernel's interface and of the headers of packets. */
#ifndef TESTS_TUTORIALS_NET_H
#define TESTS_TUTORIALS_NET_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))

enum { HASH = 1, ARRAY = 2, PROG_ARRAY = 3, LPM_TRIE = 11, RINGBUF = 27 };
enum { NO_PREALLOC = 1 };

/* A map: as libbpf has it where the compiler describes types, else as older loaders do. */
#ifdef __clang__
#define MAP(name, kind, key_bytes, value_bytes, entries, its_flags)                                \
    struct {                                                                                       \
        int(*type)[kind];                                                                          \
        int(*key_size)[key_bytes];                                                                 \
        int(*value_size)[value_bytes];                                                             \
        int(*max_entries)[entries];                                                                \
        int(*map_flags)[its_flags];                                                                \
    } name SEC(".maps")
#else
struct legacy_map {
    u32 kind, key_size, value_size, max_entries, flags;
};
#define MAP(name, kind, key_bytes, value_bytes, entries, its_flags)                                \
    struct legacy_map SEC("maps") name = {kind, key_bytes, value_bytes, entries, its_flags}
#endif

/* A helper of the kernel; gcc has an attribute for them. */
#ifdef __clang__
#define HELPER(number, result, name, ...) static result (*const name)(__VA_ARGS__) = (void *)number
#else
#define HELPER(number, result, name, ...)                                                          \
    result name(__VA_ARGS__) __attribute__((kernel_helper(number)))
#endif

HELPER(1, void *, map_lookup, void *map, const void *key);
HELPER(9, long, skb_store_bytes, void *ctx, u32 at, const void *from, u32 size, u64 flags);
HELPER(10, long, l3_csum_replace, void *ctx, u32 at, u64 from, u64 to, u64 size);
HELPER(11, long, l4_csum_replace, void *ctx, u32 at, u64 from, u64 to, u64 flags);
HELPER(12, long, tail_call, void *ctx, void *map, u32 index);
HELPER(18, long, skb_vlan_push, void *ctx, u16 protocol, u16 tag);
HELPER(19, long, skb_vlan_pop, void *ctx);
HELPER(23, long, redirect, u32 to, u64 flags);
HELPER(131, void *, ringbuf_reserve, void *map, u64 size, u64 flags);
HELPER(132, void, ringbuf_submit, void *record, u64 flags);

struct xdp_md {
    u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};

struct sk_buff {
    u32 len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto, priority;
    u32 ingress_ifindex, ifindex, tc_index, cb[5], hash, tc_classid, data, data_end;
};

enum { XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX, XDP_REDIRECT };
enum { TC_OK = 0, TC_SHOT = 2 };

struct ethernet {
    u8 to[6], from[6];
    u16 type;
} __attribute__((packed));

struct ip4 {
    u8 version_length, tos;
    u16 length, id, fragment;
    u8 ttl, protocol;
    u16 checksum;
    u32 from, to;
} __attribute__((packed));

struct tcp {
    u16 from, to;
    u32 sequence, acknowledged;
    u8 offset, flags;
    u16 window, checksum, urgent;
} __attribute__((packed));

/* All headers of a packet without options. */
struct tcp_packet {
    struct ethernet eth;
    struct ip4 ip;
    struct tcp tcp;
} __attribute__((packed));

struct ip_packet {
    struct ethernet eth;
    struct ip4 ip;
} __attribute__((packed));

enum { TCP = 6, UDP = 17, ICMP = 1 };

/* In the byte order of the network. */
#define NET16(x) ((u16)(((x) & 0xff) << 8 | ((x) >> 8 & 0xff)))
#define ETHER_IP4 NET16(0x0800)
#define ETHER_VLAN NET16(0x8100)

INLINE u32 net32(u32 x)
{
    return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24;
}

/* The packet if it has as many bytes, else NULL. */
#define PACKET(type, ctx)                                                                          \
    ((u64)(ctx)->data + sizeof(type) <= (u64)(ctx)->data_end ? (type *)(u64)(ctx)->data : 0)

INLINE u16 fold(u64 sum)
{
    sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (u16)sum;
}

#define LICENSE char license_text[] SEC("license") = "Dual MIT/GPL"

#endif
