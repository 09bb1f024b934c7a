/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tells the host of each new connection, by a ring buffer. */
#include "net.h"

struct event {
    u32 from, to;
    u16 from_port, to_port;
    u32 length;
};

MAP(events, RINGBUF, 0, 0, 4096, 0);

u64 lost;

SEC("tc") int logger_tc(struct sk_buff *ctx)
{
    enum { SYN = 2, ACK = 16 };
    struct tcp_packet *p = PACKET(struct tcp_packet, ctx);
    if (!p || p->eth.type != ETHER_IP4 || p->ip.protocol != TCP ||
        (p->tcp.flags & (SYN | ACK)) != SYN)
        return TC_OK;
    struct event *event = ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event) {
        lost++;
        return TC_OK;
    }
    event->from = p->ip.from;
    event->to = p->ip.to;
    event->from_port = p->tcp.from;
    event->to_port = p->tcp.to;
    event->length = ctx->len;
    ringbuf_submit(event, 0);
    return TC_OK;
}

LICENSE;
