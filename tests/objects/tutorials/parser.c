/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program for each layer, which call each other: as far as there is one for what is inside. */
#include "net.h"

enum { AT_IP4 = 0, AT_TCP = 1, AT_UDP = 2, PROGRAMS = 3 };

u64 layers[8];

#ifdef __clang__
int parse_ip4(struct xdp_md *ctx);
int parse_tcp(struct xdp_md *ctx);
int parse_udp(struct xdp_md *ctx);

struct {
    int(*type)[PROG_ARRAY];
    int(*max_entries)[PROGRAMS];
    int *key;
    int(*values[PROGRAMS])(struct xdp_md *);
} programs SEC(".maps") = {.values = {parse_ip4, parse_tcp, parse_udp}};
#else
/* The names of the sections say where in the array they go. */
MAP(programs, PROG_ARRAY, 4, 4, PROGRAMS, 0);
#endif

SEC("xdp") int parser(struct xdp_md *ctx)
{
    struct ethernet *eth = PACKET(struct ethernet, ctx);
    if (!eth)
        return XDP_DROP;
    layers[0]++;
    if (eth->type == ETHER_IP4)
        tail_call(ctx, &programs, AT_IP4);
    return XDP_PASS;
}

SEC("xdp/0") int parse_ip4(struct xdp_md *ctx)
{
    struct ip_packet *p = PACKET(struct ip_packet, ctx);
    if (!p)
        return XDP_DROP;
    layers[1]++;
    if (p->ip.protocol == TCP)
        tail_call(ctx, &programs, AT_TCP);
    else if (p->ip.protocol == UDP)
        tail_call(ctx, &programs, AT_UDP);
    else
        tail_call(ctx, &programs, PROGRAMS); /* nothing there: goes on here */
    layers[4]++;
    return XDP_PASS;
}

SEC("xdp/1") int parse_tcp(struct xdp_md *ctx)
{
    if (!PACKET(struct tcp_packet, ctx))
        return XDP_DROP;
    layers[2]++;
    return XDP_TX;
}

SEC("xdp/2") int parse_udp(struct xdp_md *ctx)
{
    layers[3]++;
    return PACKET(struct ip_packet, ctx) ? XDP_ABORTED : XDP_DROP;
}

LICENSE;
