/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What is expected of each tutorial.  The packets are, from 0 on: TCP SYN from 1.2.3.4, its ACK
 * with a wrong number, UDP from 1.2.3.5, ICMP from 1.2.3.6 to 10.1.0.9, ARP, one with tag 5, one
 * of 10 bytes, a SYN from 5.6.7.8 whose time to live is over, a SYN from 1.2.3.9, an ACK from
 * 1.2.3.4.
 */
#include <string.h>

#include "tests/tutorials/run.h"

static struct ebpf_map *map_of(const struct session *s, const char *name)
{
    return ebpf_vm_map_by_name(s->vm, name);
}

/* The number under a key; `size` bytes of either. */
static uint64_t number_at(const struct session *s, const char *map, const void *key)
{
    uint64_t value[2] = {0};
    if (ebpf_map_lookup(map_of(s, map), key, value) != 0)
        return UINT64_MAX;
    return value[0];
}

static uint64_t count_at(const struct session *s, const char *map, uint32_t key)
{
    return number_at(s, map, &key);
}

static const uint8_t *out(const struct session *s, unsigned i)
{
    return s->results[i].packet;
}

static const char *check_counter(const struct session *s)
{
    bool right = count_at(s, "counts", 6) == 5 && count_at(s, "counts", 17) == 1 &&
                 count_at(s, "counts", 1) == 1 && count_at(s, "counts", 255) == 3 &&
                 count_at(s, "counts", 2) == 0;
    return right ? NULL : "wrong counts";
}

static const uint8_t listed[] = {1, 2, 3, 4}, listed_too[] = {1, 2, 3, 6};

static void set_up_blacklist(struct session *s)
{
    static const uint64_t zero;
    ebpf_map_update(map_of(s, "blacklist"), listed, &zero, EBPF_UPDATE_ANY);
    ebpf_map_update(map_of(s, "blacklist"), listed_too, &zero, EBPF_UPDATE_ANY);
}

static const char *check_blacklist(const struct session *s)
{
    bool right = number_at(s, "blacklist", listed) == 3 &&
                 number_at(s, "blacklist", listed_too) == 1;
    return right ? NULL : "wrong counts";
}

static void set_up_balancer(struct session *s)
{
    for (uint32_t i = 0; i < 4; i++) {
        const uint8_t server[] = {192, 168, 0, (uint8_t)(10 + i)};
        ebpf_map_update(map_of(s, "servers"), &i, server, EBPF_UPDATE_ANY);
    }
}

static const char *check_balancer(const struct session *s)
{
    static const unsigned flows[] = {0, 1, 8, 9};
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 4; i++)
        sum += count_at(s, "chosen", i);
    if (sum != 5) /* with the one whose time is over */
        return "wrong number of choices";
    for (unsigned i = 0; i < 4; i++) {
        uint32_t to = get32(out(s, flows[i]) + 30);
        if (to < 0xc0a8000a || to > 0xc0a8000d)
            return "a packet goes to no server";
        if (!sums_are_right(out(s, flows[i])))
            return "checksums are wrong";
    }
    if (get32(out(s, 0) + 30) != get32(out(s, 1) + 30))
        return "a flow goes to two servers";
    return get32(out(s, 2) + 30) == 0x0a000001 ? NULL : "a packet of another protocol was changed";
}

/* Who got the answer knows the number. */
static void answer(struct session *s, unsigned i)
{
    if (i == 9)
        acknowledge(&s->packets[9], get32(out(s, 0) + 38));
}

static const char *check_syncookie(const struct session *s)
{
    static const unsigned answers[] = {0, 7, 8};
    for (unsigned i = 0; i < 3; i++) {
        const uint8_t *p = out(s, answers[i]);
        if (p[47] != 0x12 || get32(p + 42) != 1001 || get32(p + 26) != 0x0a000001 || p[0] != 0x16)
            return "a wrong answer";
        if (!sums_are_right(p))
            return "checksums are wrong";
    }
    return get32(out(s, 0) + 38) != get32(out(s, 8) + 38) ? NULL : "the same cookie for two";
}

static void add_route(struct session *s, uint32_t length, uint8_t second, uint32_t to)
{
    struct {
        uint32_t length;
        uint8_t address[4];
    } key = {length, {10, second, 0, 0}};
    struct {
        uint32_t interface;
        uint8_t mac[8];
    } hop = {to, {2, 0, 0, 0, 0, (uint8_t)to}};
    ebpf_map_update(map_of(s, "routes"), &key, &hop, EBPF_UPDATE_ANY);
}

static void set_up_router(struct session *s)
{
    add_route(s, 8, 0, 3);
    add_route(s, 16, 1, 4);
}

static const char *check_router(const struct session *s)
{
    static const unsigned routed[] = {0, 1, 2, 3, 8, 9};
    for (unsigned i = 0; i < sizeof(routed) / sizeof(routed[0]); i++) {
        const struct ebpf_result *r = &s->results[routed[i]];
        uint32_t to = routed[i] == 3 ? 4 : 3;
        const uint8_t *p = r->packet, mac[] = {2, 0, 0, 0, 0, (uint8_t)to};
        if (!r->redirect.is_set || r->redirect.to != to || memcmp(p, mac, 6) != 0 || p[6] != 0x10)
            return "a packet goes the wrong way";
        if (p[22] != 63 || !sums_are_right(p))
            return "the time to live or a checksum is wrong";
    }
    return NULL;
}

static const char *check_logger(const struct session *s)
{
    if (s->event_count != 3)
        return "not three events";
    const struct logged *e = s->events;
    bool right = get32(e[0].from) == 0x01020304 && get32(e[1].from) == 0x05060708 &&
                 get32(e[2].from) == 0x01020309 && get32(e[0].to) == 0x0a000001 &&
                 e[0].from_port[0] == 1000 >> 8 && e[0].to_port[1] == 80 && e[2].length == 54;
    return right ? NULL : "an event says something wrong";
}

static const char *check_parser(const struct session *s)
{
    (void)s;
    return NULL; /* verdicts and variables tell all */
}

static void set_up_vlan(struct session *s)
{
    static const uint32_t tag = 5;
    static const uint64_t zero;
    ebpf_map_update(map_of(s, "tags"), &tag, &zero, EBPF_UPDATE_ANY);
}

static const char *check_vlan(const struct session *s)
{
    static const uint8_t tag[] = {0x81, 0x00, 0x00, 100, 0x08, 0x00};
    if (s->results[0].packet_size != 58 || memcmp(out(s, 0) + 12, tag, sizeof(tag)) != 0)
        return "no tag was put on";
    if (s->results[5].packet_size != 54 || memcmp(out(s, 5) + 12, tag + 4, 2) != 0)
        return "the tag was not taken off";
    if (!sums_are_right(out(s, 5)))
        return "what is left is damaged";
    return count_at(s, "tags", 5) == 1 ? NULL : "the tag was not counted";
}

const struct tutorial tutorials[] = {
    {"counter", "counter", "xdp", {2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, 10, NULL, NULL, check_counter},
    {"blacklist", "blacklist_filter", "xdp", {1, 1, 2, 1, 2, 2, 2, 2, 2, 1}, 0, set_up_blacklist,
     NULL, check_blacklist},
    {"balancer", "balancer", "sched_cls", {0}, 0, set_up_balancer, NULL, check_balancer},
    {"syncookie", "syncookie", "xdp", {3, 1, 2, 2, 2, 2, 2, 3, 3, 2}, 5, NULL, answer,
     check_syncookie},
    {"router", "router", "xdp", {4, 4, 4, 4, 2, 2, 2, 1, 4, 4}, 1, set_up_router, NULL,
     check_router},
    {"logger", "logger_tc", "sched_cls", {0}, 0, NULL, NULL, check_logger},
    {"parser", "parser", "xdp", {3, 3, 0, 2, 2, 2, 1, 3, 3, 3}, 23, NULL, NULL, check_parser},
    {"vlan", "vlan", "sched_cls", {0, 0, 0, 0, 0, 0, 2, 0, 0, 0}, 0, set_up_vlan, NULL, check_vlan},
    {.name = NULL},
};
