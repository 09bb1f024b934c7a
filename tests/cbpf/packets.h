/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets of many kinds, always the same ones, with the addresses and ports that expressions ask
 * for: layers are put together at random, and some bytes are anything. */
#ifndef TESTS_CBPF_PACKETS_H
#define TESTS_CBPF_PACKETS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <pcap/dlt.h>

enum { PACKET_MAX = 512 };

struct packet_maker {
    uint64_t random;
    uint8_t bytes[PACKET_MAX];
    size_t size;
};

static inline uint32_t packet_random(struct packet_maker *m, uint32_t below)
{
    uint64_t x = m->random += 0x9e3779b97f4a7c15u; /* splitmix64 */
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)(x >> 33) % below;
}

/* Appends `size` bytes of a number, the most significant first. */
static inline void packet_put(struct packet_maker *m, uint64_t number, size_t size)
{
    for (size_t i = size; i-- > 0 && m->size < PACKET_MAX;)
        m->bytes[m->size++] = (uint8_t)(i < 8 ? number >> 8 * i : 0);
}

static inline void packet_set16(struct packet_maker *m, size_t at, size_t number)
{
    m->bytes[at] = (uint8_t)(number >> 8);
    m->bytes[at + 1] = (uint8_t)number;
}

/* One of a list. */
#define PACKET_PICK(m, ...)                                                                        \
    ((const uint64_t[]){__VA_ARGS__}[packet_random(                                                \
        m, sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))])

static inline uint64_t packet_port(struct packet_maker *m)
{
    return PACKET_PICK(m, 80, 443, 53, 22, 23, 8080, 8443, 1, 12, 81, 50000, 6081,
                       packet_random(m, 65536));
}

static inline uint64_t packet_mac(struct packet_maker *m)
{
    return PACKET_PICK(m, 0x020000000001, 0x020000000002, 0xffffffffffff, 0x01005e000001,
                       0x333300000001, 0x0180c2000000);
}

static inline void packet_payload(struct packet_maker *m)
{
    static const char *const texts[] = {"GET / HTTP/1.0\r\n", "POST /a HTTP/1.1\r\n",
                                        "HTTP/1.1 200",        "\x16\x03\x01",
                                        "\x12\x34\x01",        "AAAA", "ABCD"};
    const char *text = texts[packet_random(m, sizeof(texts) / sizeof(texts[0]))];
    for (; *text; text++)
        packet_put(m, (uint8_t)*text, 1);
    for (uint32_t n = packet_random(m, 60); n > 0; n--)
        packet_put(m, packet_random(m, 4) ? 0 : packet_random(m, 256), 1);
}

static inline void packet_geneve(struct packet_maker *m);

static inline void packet_tcp(struct packet_maker *m)
{
    uint32_t options = packet_random(m, 3) ? 0 : packet_random(m, 11);
    packet_put(m, packet_port(m), 2);
    packet_put(m, packet_port(m), 2);
    packet_put(m, PACKET_PICK(m, 0, 1, 0x80000000, 0xffffffff), 4);
    packet_put(m, packet_random(m, 9), 4);
    packet_put(m, (5 + options) << 4, 1);
    packet_put(m, PACKET_PICK(m, 2, 16, 18, 24, 17, 4, 0, 0xff), 1);
    packet_put(m, PACKET_PICK(m, 0, 512, 65535), 2);
    packet_put(m, packet_random(m, 3), 4);
    for (uint32_t i = 0; i < options; i++)
        packet_put(m, i ? 0x01010101 : 0x02040218, 4);
    packet_payload(m);
}

static inline void packet_udp(struct packet_maker *m)
{
    size_t start = m->size;
    uint64_t port = packet_port(m);
    packet_put(m, packet_port(m), 2);
    packet_put(m, port, 2);
    packet_put(m, 0, 2);
    packet_put(m, packet_random(m, 3), 2);
    if (port == 6081)
        packet_geneve(m);
    else
        packet_payload(m);
    packet_set16(m, start + 4, m->size - start);
}

static inline void packet_transport(struct packet_maker *m, uint64_t protocol)
{
    if (protocol == 6) {
        packet_tcp(m);
    } else if (protocol == 17) {
        packet_udp(m);
    } else {
        packet_put(m, PACKET_PICK(m, 0, 8, 3, 11, 0x16, 128, 129, 135, 136), 1);
        packet_put(m, packet_random(m, 2), 1);
        packet_put(m, PACKET_PICK(m, 0, 0x123400000001, 0xffff), 6);
        packet_payload(m);
    }
}

static inline void packet_ip(struct packet_maker *m)
{
    size_t start = m->size, options = packet_random(m, 4) ? 0 : packet_random(m, 11);
    uint64_t protocol = PACKET_PICK(m, 6, 6, 6, 17, 17, 1, 1, 2, 47, 51, 132, 0, 255, 9, 50, 103,
                                    112);
    packet_put(m, 0x45 + options, 1);
    packet_put(m, PACKET_PICK(m, 0, 0, 0xb8, 3), 1);
    packet_put(m, 0, 2);
    packet_put(m, PACKET_PICK(m, 0, 1, 0x8000, 0xffff), 2);
    packet_put(m, PACKET_PICK(m, 0, 0x4000, 0x4000, 0x4000, 0x2000, 0x2010, 0x10), 2);
    packet_put(m, PACKET_PICK(m, 64, 64, 128, 255, 1, 2, 3), 1);
    packet_put(m, protocol, 1);
    packet_put(m, 0, 2);
    for (int i = 0; i < 2; i++)
        packet_put(m, PACKET_PICK(m, 0x0a000001, 0x0a000001, 0x0a000002, 0x0a000003, 0x0a000105,
                                  0xc0a80101, 0xac100001, 0xe0000001, 0xffffffff, 0x08080808), 4);
    for (size_t i = 0; i < options; i++)
        packet_put(m, 0x01010101, 4);
    if (protocol == 51) { /* an authentication header */
        protocol = PACKET_PICK(m, 6, 17, 50);
        packet_put(m, protocol << 24 | 4 << 16, 4);
        packet_put(m, 1, 20);
    }
    packet_transport(m, protocol);
    packet_set16(m, start + 2, m->size - start);
}

static inline void packet_address6(struct packet_maker *m)
{
    packet_put(m, PACKET_PICK(m, 0x20010db800000000, 0x20010db800000001, 0xfe80000000000000,
                              0xff02000000000000), 8);
    packet_put(m, PACKET_PICK(m, 1, 2, 3, 0x8000000000000001), 8);
}

static inline void packet_ip6(struct packet_maker *m)
{
    size_t start = m->size, next = start + 6;
    uint64_t protocol = PACKET_PICK(m, 6, 6, 17, 17, 58, 58, 132);
    packet_put(m, 0x60000000 + packet_random(m, 2), 4);
    packet_put(m, 0, 2);
    packet_put(m, protocol, 1);
    packet_put(m, PACKET_PICK(m, 64, 255, 1), 1);
    packet_address6(m);
    packet_address6(m);
    while (packet_random(m, 4) == 0) { /* hop-by-hop, routing, fragment, destination options */
        m->bytes[next] = (uint8_t)PACKET_PICK(m, 0, 43, 44, 60);
        next = m->size;
        packet_put(m, protocol << 8, 2);
        packet_put(m, 0, 6);
    }
    packet_transport(m, protocol);
    packet_set16(m, start + 4, m->size - start - 40);
}

static inline void packet_arp(struct packet_maker *m)
{
    packet_put(m, 0x0001080006040000 + 1 + packet_random(m, 2), 8);
    for (int i = 0; i < 2; i++) {
        packet_put(m, packet_mac(m), 6);
        packet_put(m, 0x0a000000 + packet_random(m, 4), 4);
    }
}

/* What follows an Ethernet type; the type may say otherwise. */
static inline void packet_network(struct packet_maker *m, uint64_t type)
{
    if (type == 0x86dd)
        packet_ip6(m);
    else if (type == 0x0806 || type == 0x8035)
        packet_arp(m);
    else
        packet_ip(m);
}

/* A type and what it leads to: tags, labels and sessions may stand in between. */
static inline void packet_typed(struct packet_maker *m)
{
    uint64_t type = PACKET_PICK(m, 0x0800, 0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x8035,
                                0x88cc, 100);
    if (packet_random(m, 12) == 0) { /* other networks, IEEE 802.3 among them */
        packet_put(m, PACKET_PICK(m, 0x6001, 0x6002, 0x6003, 0x6004, 0x80f3, 0x809b, 0x8137, 100,
                                  100, 100), 2);
        packet_put(m, PACKET_PICK(m, 0x42, 0xf0, 0xe0, 0xfe, 0xaa) * 0x0101, 2);
        packet_put(m, PACKET_PICK(m, 0x03080007809b, 0x0300000080f3), 6);
        packet_payload(m);
        return;
    }
    while (packet_random(m, 5) == 0) {
        packet_put(m, PACKET_PICK(m, 0x8100, 0x88a8, 0x9100), 2);
        packet_put(m, PACKET_PICK(m, 10, 20, 100, 0x6064), 2);
    }
    switch (packet_random(m, 10)) {
    case 0:
        packet_put(m, 0x8847, 2);
        while (packet_random(m, 3) == 0)
            packet_put(m, PACKET_PICK(m, 16, 17, 1024) << 12, 4);
        packet_put(m, PACKET_PICK(m, 16, 17, 1024) << 12 | 0x100, 4);
        break;
    case 1:
        packet_put(m, PACKET_PICK(m, 0x8864, 0x8863), 2);
        packet_put(m, 0x11000000 + PACKET_PICK(m, 1, 0x27) * 256 * 256, 6);
        type = PACKET_PICK(m, 0x0800, 0x86dd);
        packet_put(m, type == 0x0800 ? 0x21 : 0x57, 2);
        break;
    default:
        packet_put(m, type, 2);
        break;
    }
    packet_network(m, type);
}

static inline void packet_ethernet(struct packet_maker *m)
{
    packet_put(m, packet_mac(m), 6);
    packet_put(m, packet_mac(m), 6);
    packet_typed(m);
}

static inline void packet_geneve(struct packet_maker *m)
{
    uint32_t options = packet_random(m, 3);
    bool bridged = packet_random(m, 2);
    packet_put(m, options, 1);
    packet_put(m, 0, 1);
    packet_put(m, bridged ? 0x6558 : 0x0800, 2);
    packet_put(m, PACKET_PICK(m, 10, 11) << 8, 4);
    packet_put(m, 0, 4 * options);
    packet_put(m, packet_mac(m), bridged ? 6 : 0);
    packet_put(m, packet_mac(m), bridged ? 6 : 0);
    packet_put(m, 0x0800, bridged ? 2 : 0);
    packet_ip(m);
}

static inline void packet_wlan(struct packet_maker *m)
{
    uint64_t control = PACKET_PICK(m, 0x8000, 0x0800, 0x0801, 0x0802, 0x8802, 0xb400, 0xd400);
    packet_put(m, control, 2);
    packet_put(m, 0, 2);
    for (int i = 0; i < 3; i++)
        packet_put(m, packet_mac(m), 6);
    packet_put(m, 0, control >> 8 == 0x88 ? 4 : 2);
    packet_put(m, 0xaaaa03000000, 6);
    packet_typed(m);
}

static inline void packet_radiotap(struct packet_maker *m)
{
    uint32_t more = 4 * packet_random(m, 4);
    packet_put(m, 0, 2);
    packet_put(m, (uint64_t)(8 + more) << 8, 2);
    packet_put(m, 0, 4 + more);
    packet_wlan(m);
}

static inline void packet_llc(struct packet_maker *m, size_t control)
{
    packet_put(m, 0x50, control);
    packet_put(m, packet_mac(m), 6);
    packet_put(m, packet_mac(m), 6);
    packet_put(m, 0xaaaa03000000, 6);
    packet_typed(m);
}

/* A packet of a type of link; one in eight has any bytes from some place on. */
static inline void packet_make(struct packet_maker *m, int link)
{
    bool six = packet_random(m, 3) == 0;
    m->size = 0;
    switch (link) {
    case DLT_RAW: packet_network(m, six ? 0x86dd : 0x0800); break;
    case DLT_NULL:
        packet_put(m, six ? 0x0a000000 : 0x02000000, 4);
        packet_network(m, six ? 0x86dd : 0x0800);
        break;
    case DLT_PPP:
        packet_put(m, six ? 0xff030057 : 0xff030021, 4);
        packet_network(m, six ? 0x86dd : 0x0800);
        break;
    case DLT_PFLOG:
        packet_put(m, six ? 0x3d0a0000 : 0x3d020000, 4);
        packet_put(m, 0, 57);
        packet_network(m, six ? 0x86dd : 0x0800);
        break;
    case DLT_LINUX_SLL:
        packet_put(m, PACKET_PICK(m, 0, 1, 3, 4) << 16 | 1, 4);
        packet_put(m, 0x0006020000000001, 10);
        packet_typed(m);
        break;
    case DLT_LINUX_SLL2:
        packet_put(m, PACKET_PICK(m, 0x08000000, 0x86dd0000), 4);
        packet_put(m, PACKET_PICK(m, 1, 3), 4);
        packet_put(m, PACKET_PICK(m, 0x0001000600000000, 0x0001040600000000), 8);
        packet_put(m, 0, 4);
        packet_network(m, m->bytes[0] == 0x86 ? 0x86dd : 0x0800);
        break;
    case DLT_IEEE802_11: packet_wlan(m); break;
    case DLT_IEEE802_11_RADIO: packet_radiotap(m); break;
    case DLT_FDDI: packet_llc(m, 1); break;
    case DLT_IEEE802: packet_llc(m, 2); break;
    default: packet_ethernet(m); break;
    }
    if (packet_random(m, 8) == 0)
        for (size_t i = packet_random(m, (uint32_t)m->size); i < m->size; i++)
            m->bytes[i] = (uint8_t)packet_random(m, 256);
}

#endif
