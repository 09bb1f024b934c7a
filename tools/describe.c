/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdarg.h>
#include <string.h>

#include <arpa/inet.h>

#include "tools/packets.h"

/* What is left of a packet; and the text, to which is added. */
struct view {
    const uint8_t *at;
    size_t left;
    char *out;
    size_t size;
};

static void say(struct view *v, const char *format, ...) EBPF_PRINTF(2, 3);

static void say(struct view *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(v->out, v->size, format, args);
    va_end(args);
    size_t used = n < 0 ? 0 : (size_t)n < v->size ? (size_t)n : v->size - 1;
    v->out += used;
    v->size -= used;
}

static unsigned be16(const uint8_t *p)
{
    return (unsigned)(p[0] << 8 | p[1]);
}

static bool skip(struct view *v, size_t bytes)
{
    if (bytes > v->left)
        return false;
    v->at += bytes;
    v->left -= bytes;
    return true;
}

static void say_tcp_flags(struct view *v)
{
    static const char *const names[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"};
    for (unsigned i = 0; v->left > 13 && i < 6; i++) {
        if (v->at[13] & 1u << i)
            say(v, " %s", names[i]);
    }
}

/* Addresses of `family`, with ports where the protocol has them and they were captured. */
static void say_flow(struct view *v, int family, const uint8_t *addresses, unsigned protocol)
{
    size_t width = family == AF_INET ? 4 : 16;
    char text[2][INET6_ADDRSTRLEN];
    inet_ntop(family, addresses, text[0], sizeof(text[0]));
    inet_ntop(family, addresses + width, text[1], sizeof(text[1]));
    bool v6 = family == AF_INET6;
    const char *open = v6 ? "[" : "", *close = v6 ? "]" : "";
    if ((protocol == 6 || protocol == 17) && v->left >= 4) {
        say(v, "%s %s%s%s:%u > %s%s%s:%u", protocol == 6 ? "TCP" : "UDP", open, text[0], close,
            be16(v->at), open, text[1], close, be16(v->at + 2));
        if (protocol == 6)
            say_tcp_flags(v);
    } else if (protocol == 1 || protocol == 58) {
        say(v, "ICMP %s > %s", text[0], text[1]);
    } else {
        say(v, "IP protocol %u %s > %s", protocol, text[0], text[1]);
    }
}

static void say_ip(struct view *v)
{
    const uint8_t *ip = v->at;
    if (v->left >= 20 && ip[0] >> 4 == 4) {
        bool first = (be16(ip + 6) & 0x1fff) == 0;
        size_t header = (size_t)(ip[0] & 15) * 4;
        if (!skip(v, header < 20 ? 20 : header) || !first)
            v->left = 0; /* no ports in there */
        say_flow(v, AF_INET, ip + 12, ip[9]);
    } else if (v->left >= 40 && ip[0] >> 4 == 6) {
        skip(v, 40);
        say_flow(v, AF_INET6, ip + 8, ip[6]);
    } else {
        say(v, "IP, cut off");
    }
}

void tool_packet_describe(const uint8_t *bytes, size_t length, enum tool_link link, char *out,
                          size_t size)
{
    struct view v = {bytes, length, out, size};
    unsigned type = link == TOOL_LINK_IP ? 0x0800 : 0;
    *out = 0;
    if (link == TOOL_LINK_ETHERNET && skip(&v, 14))
        type = be16(bytes + 12);
    for (int tags = 0; (type == 0x8100 || type == 0x88a8) && tags < 2 && v.left >= 4; tags++) {
        say(&v, "VLAN %u ", be16(v.at) & 0xfff);
        type = be16(v.at + 2);
        skip(&v, 4);
    }
    if (type == 0x0800 || type == 0x86dd)
        say_ip(&v);
    else if (type == 0x0806)
        say(&v, "ARP");
    else if (link == TOOL_LINK_ETHERNET)
        say(&v, "Ethernet type 0x%04x", type);
}
