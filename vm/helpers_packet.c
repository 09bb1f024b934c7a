/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Helpers of the Linux kernel that work on the packet of a run, or say where it goes: rows MAP of
 * helpers.def that have no map.  Errors are negative numbers of <errno.h>, as in the kernel.  The
 * argument for the context is not looked at: a run has one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "ir/env.h"
#include "vm/helpers_map.h"
#include "vm/map_call.h"
#include "vm/packet.h"
#include "vm/vm.h"

enum {
    OFFSET_MAX = 0xffff, /* of what helpers look at */
    NOT_SUPPORTED = 524, /* the kernel's ENOTSUPP */
    MAC_HEADER = 14
};

static void *pointer(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

/* `size` bytes of the packet, or NULL; also if there is no packet. */
static uint8_t *part(const struct ebpf_run *run, uint64_t offset, uint64_t size)
{
    if (!run->packet || offset > run->packet_size || size > run->packet_size - offset)
        return NULL;
    return run->packet + offset;
}

static uint64_t load(struct ebpf_run *run, uint64_t offset, uint64_t to, uint64_t size)
{
    const uint8_t *from = offset <= OFFSET_MAX ? part(run, offset, size) : NULL;
    if (from && size)
        memmove(pointer(to), from, size);
    else if (size)
        memset(pointer(to), 0, size);
    return ebpf_call_result(from ? 0 : -EFAULT);
}

static uint64_t store(struct ebpf_run *run, uint64_t offset, uint64_t from, uint64_t size)
{
    uint8_t *to = offset <= OFFSET_MAX ? part(run, offset, size) : NULL;
    if (to && size)
        memmove(to, pointer(from), size);
    return ebpf_call_result(to ? 0 : -EFAULT);
}

HELPER(skb_load_bytes)
{
    (void)ctx;
    return load(run, (uint32_t)args[1], args[2], (uint32_t)args[3]);
}

HELPER(skb_load_bytes_relative)
{
    (void)ctx;
    uint64_t start = args[4] ? MAC_HEADER : 0; /* BPF_HDR_START_MAC, BPF_HDR_START_NET */
    if (args[4] > 1)
        return ebpf_call_result(-EFAULT);
    return load(run, (uint32_t)args[1] + start, args[2], (uint32_t)args[3]);
}

HELPER(xdp_load_bytes)
{
    (void)ctx;
    return load(run, (uint32_t)args[1], args[2], (uint32_t)args[3]);
}

HELPER(xdp_store_bytes)
{
    (void)ctx;
    return store(run, (uint32_t)args[1], args[2], (uint32_t)args[3]);
}

HELPER(skb_store_bytes)
{
    enum { RECOMPUTE_CSUM = 1, INVALIDATE_HASH = 2 };
    (void)ctx;
    if (args[4] & ~(uint64_t)(RECOMPUTE_CSUM | INVALIDATE_HASH))
        return ebpf_call_result(-EINVAL);
    if (args[4] & INVALIDATE_HASH)
        ebpf_packet_set_field(run, "hash", 0);
    return store(run, (uint32_t)args[1], args[2], (uint32_t)args[3]);
}

HELPER(xdp_get_buff_len)
{
    (void)ctx, (void)args;
    return run->packet_size;
}

/* A checksum whose field holds `sum` after `from` was replaced by `to`; RFC 1624.  The order of
 * bytes does not matter as long as it is the same. */
static uint16_t replaced(uint16_t sum, uint64_t from, uint64_t to)
{
    uint64_t all = (uint16_t)~sum;
    all += (~from & 0xffff) + (~(from >> 16) & 0xffff) + (to & 0xffff) + (to >> 16 & 0xffff);
    return (uint16_t)~ebpf_sum_fold(all);
}

/* Bits of the flags of l3_csum_replace and l4_csum_replace. */
enum { FIELD_SIZE = 0xf, PSEUDO_HEADER = 1 << 4, MANGLED_0 = 1 << 5, ENFORCE = 1 << 6,
       IPV6 = 1 << 7 };

/* Whether the size and the old value of a field make sense. */
static bool field_valid(uint64_t flags, uint64_t from)
{
    uint64_t size = flags & FIELD_SIZE;
    return size == 2 || size == 4 || (size == 0 && from == 0);
}

static uint16_t replace(uint16_t sum, uint64_t from, uint64_t to, uint64_t flags)
{
    switch (flags & FIELD_SIZE) {
    case 0: return replaced(sum, UINT32_MAX, (uint32_t)to); /* `to` is a difference */
    case 2: return replaced(sum, from & 0xffff, to & 0xffff);
    default: return replaced(sum, (uint32_t)from, (uint32_t)to);
    }
}

static uint64_t replace_checksum(struct ebpf_run *run, const uint64_t args[5], uint64_t allowed)
{
    uint64_t offset = (uint32_t)args[1], flags = args[4];
    uint16_t sum;
    if (flags & ~allowed)
        return ebpf_call_result(-EINVAL);
    bool even = offset <= OFFSET_MAX && offset % 2 == 0;
    uint8_t *field = even ? part(run, offset, sizeof(sum)) : NULL;
    if (!field)
        return ebpf_call_result(-EFAULT);
    memcpy(&sum, field, sizeof(sum));
    if (flags & MANGLED_0 && !(flags & ENFORCE) && !sum)
        return 0; /* there is no checksum */
    if (!field_valid(flags, args[2]))
        return ebpf_call_result(-EINVAL);
    sum = replace(sum, args[2], args[3], flags);
    if (flags & MANGLED_0 && !sum)
        sum = 0xffff;
    memcpy(field, &sum, sizeof(sum));
    return 0;
}

HELPER(l3_csum_replace)
{
    (void)ctx;
    return replace_checksum(run, args, FIELD_SIZE);
}

HELPER(l4_csum_replace)
{
    (void)ctx;
    return replace_checksum(run, args, FIELD_SIZE | PSEUDO_HEADER | MANGLED_0 | ENFORCE | IPV6);
}

/* Packets come without a checksum from the network card. */
HELPER(csum_update)
{
    (void)run, (void)ctx, (void)args;
    return ebpf_call_result(-NOT_SUPPORTED);
}

HELPER(csum_level)
{
    enum { QUERY, INC, DEC, RESET };
    (void)run, (void)ctx;
    return ebpf_call_result(args[1] == QUERY ? -EACCES : args[1] > RESET ? -EINVAL : 0);
}

HELPER(skb_pull_data)
{
    (void)ctx;
    return ebpf_call_result((uint32_t)args[1] <= run->packet_size ? 0 : -ENOMEM);
}

HELPER(skb_change_type)
{
    enum { OTHERHOST = 3 };
    (void)ctx;
    if ((uint32_t)args[1] > OTHERHOST)
        return ebpf_call_result(-EINVAL);
    ebpf_packet_set_field(run, "pkt_type", (uint32_t)args[1]);
    return 0;
}

/* Whether this is a run with a packet, and whose context tells where that is. */
static bool can_move(const struct ebpf_run *run)
{
    const struct ebpf_vm *vm = ebpf_run_vm(run);
    return vm->kind->context == CONTEXT_TYPED && vm->ctx.host_size && run->packet;
}

/* Moves the end of the packet; new bytes are 0. */
static int move_end(struct ebpf_run *run, int64_t by, uint64_t least)
{
    uint64_t size = run->packet_size;
    if (!can_move(run))
        return -NOT_SUPPORTED;
    if (by < 0 ? size < least || (uint64_t)-by > size - least : (uint64_t)by > run->tail_room)
        return -EINVAL;
    if (by > 0)
        memset(run->packet + size, 0, (size_t)by);
    run->tail_room -= (uint64_t)by;
    ebpf_packet_move(run, run->packet, size + (uint64_t)by);
    return 0;
}

/* Moves its start; new bytes are what the host has there. */
static int move_start(struct ebpf_run *run, int64_t by, uint64_t least)
{
    uint64_t size = run->packet_size;
    if (!can_move(run))
        return -NOT_SUPPORTED;
    if (by > 0 ? size < least || (uint64_t)by > size - least : (uint64_t)-by > run->head_room)
        return -EINVAL;
    run->head_room += (uint64_t)by;
    ebpf_packet_move(run, run->packet + by, size - (uint64_t)by);
    return 0;
}

/* The metadata moves along, and its room is not the packet's. */
HELPER(xdp_adjust_head)
{
    int64_t by = (int32_t)args[1];
    uint64_t meta = run->meta_size;
    (void)ctx;
    if (by < 0 && can_move(run) && (uint64_t)-by > run->head_room - meta)
        return ebpf_call_result(-EINVAL);
    const uint8_t *from = run->packet;
    int error = move_start(run, by, MAC_HEADER);
    if (!error && meta)
        memmove(run->packet - meta, from - meta, meta);
    return ebpf_call_result(error);
}

HELPER(xdp_adjust_tail)
{
    (void)ctx;
    return ebpf_call_result(move_end(run, (int32_t)args[1], MAC_HEADER));
}

/* New bytes are what the host has there.  Where there is no room for any metadata, it is as if the
 * network card had none. */
HELPER(xdp_adjust_meta)
{
    enum { UNIT = 4 };
    int64_t size = (int64_t)run->meta_size - (int32_t)args[1];
    (void)ctx;
    if (!can_move(run) || run->head_room < UNIT)
        return ebpf_call_result(-NOT_SUPPORTED);
    if (size < 0 || (uint64_t)size > run->head_room)
        return ebpf_call_result(-EINVAL);
    if (size % UNIT || size > EBPF_META_SIZE_MAX)
        return ebpf_call_result(-EACCES);
    run->meta_size = (uint64_t)size;
    ebpf_packet_move(run, run->packet, run->packet_size);
    return 0;
}

HELPER(skb_change_tail)
{
    (void)ctx;
    if (args[2])
        return ebpf_call_result(-EINVAL);
    return ebpf_call_result(move_end(run, (int64_t)(uint32_t)args[1] - (int64_t)run->packet_size,
                                     MAC_HEADER));
}

HELPER(skb_change_head)
{
    uint64_t by = (uint32_t)args[1];
    (void)ctx;
    if (args[2] || !can_move(run))
        return ebpf_call_result(-EINVAL);
    if (by > run->head_room)
        return ebpf_call_result(-ENOMEM);
    move_start(run, -(int64_t)by, 0);
    memset(run->packet, 0, by);
    return 0;
}

/* Puts `by` bytes of zeros behind the first `offset` ones, or takes them out. */
static int insert(struct ebpf_run *run, uint64_t offset, int64_t by)
{
    uint8_t *old = run->packet;
    if (!can_move(run))
        return -NOT_SUPPORTED;
    if (offset > run->packet_size || (by < 0 && (uint64_t)-by > run->packet_size - offset))
        return -EINVAL;
    if (by > 0 && (uint64_t)by > run->head_room)
        return -ENOMEM;
    memmove(old - by, old, offset);
    move_start(run, -by, 0);
    if (by > 0)
        memset(run->packet + offset, 0, (size_t)by);
    return 0;
}

enum { VLAN = 4, VLAN_AT = 12, ETHER_VLAN = 0x8100, ETHER_SVLAN = 0x88a8 };

static uint16_t word_at(const struct ebpf_run *run, uint64_t offset)
{
    const uint8_t *p = run->packet + offset;
    return (uint16_t)(p[0] << 8 | p[1]);
}

HELPER(skb_vlan_push)
{
    uint16_t type = ntohs((uint16_t)args[1]), tag = (uint16_t)args[2];
    (void)ctx;
    if (type != ETHER_VLAN && type != ETHER_SVLAN)
        type = ETHER_VLAN;
    int error = insert(run, VLAN_AT, VLAN);
    if (error)
        return ebpf_call_result(error);
    const uint8_t header[VLAN] = {(uint8_t)(type >> 8), (uint8_t)type, (uint8_t)(tag >> 8),
                                  (uint8_t)tag};
    memcpy(run->packet + VLAN_AT, header, sizeof(header));
    return 0;
}

HELPER(skb_vlan_pop)
{
    (void)ctx, (void)args;
    bool tagged = part(run, VLAN_AT, VLAN) && (word_at(run, VLAN_AT) == ETHER_VLAN ||
                                               word_at(run, VLAN_AT) == ETHER_SVLAN);
    return tagged ? ebpf_call_result(insert(run, VLAN_AT, -VLAN)) : 0;
}

/* Where the network header ends; 0 if there is none. */
static uint64_t network_end(const struct ebpf_run *run)
{
    enum { IP4 = 0x0800, IP6 = 0x86dd, IP6_HEADER = 40 };
    if (!part(run, VLAN_AT, 3))
        return 0;
    if (word_at(run, VLAN_AT) == IP4)
        return MAC_HEADER + (run->packet[MAC_HEADER] & 15) * 4u;
    return word_at(run, VLAN_AT) == IP6 ? MAC_HEADER + IP6_HEADER : 0;
}

HELPER(skb_adjust_room)
{
    enum { ROOM_NET, ROOM_MAC, LARGEST = 0xfff };
    int64_t by = (int32_t)args[1];
    uint64_t at = args[2] == ROOM_MAC ? MAC_HEADER : network_end(run);
    (void)ctx;
    if (args[2] > ROOM_MAC || by > LARGEST || by < -LARGEST)
        return ebpf_call_result(-EINVAL);
    if (!at)
        return ebpf_call_result(-NOT_SUPPORTED);
    return ebpf_call_result(insert(run, at, by));
}

/* As the kernel does, leaves the new header and the Ethernet type to the program. */
HELPER(skb_change_proto)
{
    enum { IP4 = 0x0800, IP6 = 0x86dd, LONGER = 20 };
    uint16_t to = ntohs((uint16_t)args[1]);
    (void)ctx;
    if (args[2] || !part(run, VLAN_AT, 2))
        return ebpf_call_result(-EINVAL);
    uint16_t from = word_at(run, VLAN_AT);
    if (!(from == IP4 && to == IP6) && !(from == IP6 && to == IP4))
        return ebpf_call_result(-NOT_SUPPORTED);
    int error = insert(run, MAC_HEADER, to == IP6 ? LONGER : -LONGER);
    if (!error)
        ebpf_packet_set_field(run, "protocol", (uint16_t)args[1]);
    return ebpf_call_result(error);
}

/* Explicit congestion notification, RFC 3168: the lowest bits of the traffic class. */
HELPER(skb_ecn_set_ce)
{
    enum { IP4 = 0x0800, IP6 = 0x86dd, TOS = MAC_HEADER + 1, SUM = MAC_HEADER + 10, CE = 3 };
    (void)ctx, (void)args;
    uint8_t *ip = part(run, MAC_HEADER, 20);
    if (!ip)
        return 0;
    uint16_t old, sum, type = word_at(run, VLAN_AT);
    if (type == IP6 && (ip[1] & 0x30) != 0)
        ip[1] |= CE << 4;
    else if (type != IP4 || (ip[1] & CE) == 0)
        return 0;
    if (type != IP4)
        return 1;
    memcpy(&old, ip, sizeof(old));
    memcpy(&sum, run->packet + SUM, sizeof(sum));
    run->packet[TOS] |= CE;
    uint16_t now;
    memcpy(&now, ip, sizeof(now));
    sum = replaced(sum, old, now);
    memcpy(run->packet + SUM, &sum, sizeof(sum));
    return 1;
}

/* A number that packets of one flow have in common: over addresses, ports and protocol. */
static uint32_t flow_hash(const struct ebpf_run *run)
{
    enum { PROTOCOL = MAC_HEADER + 9, ADDRESSES = MAC_HEADER + 12, TCP = 6, UDP = 17 };
    uint32_t hash = 2166136261u; /* FNV-1a */
    uint64_t end = network_end(run);
    bool ip4 = end && word_at(run, VLAN_AT) == 0x0800 && part(run, ADDRESSES, 8);
    uint64_t from = ip4 ? ADDRESSES : 0, to = ip4 ? ADDRESSES + 8 : VLAN_AT + 2;
    for (uint64_t i = from; i < to && i < run->packet_size; i++)
        hash = (hash ^ run->packet[i]) * 16777619u;
    bool ports = ip4 && (run->packet[PROTOCOL] == TCP || run->packet[PROTOCOL] == UDP);
    for (uint64_t i = end; ports && i < end + 4 && i < run->packet_size; i++)
        hash = (hash ^ run->packet[i]) * 16777619u;
    return hash ? hash : 1;
}

HELPER(get_hash_recalc)
{
    uint32_t hash;
    (void)ctx, (void)args;
    if (ebpf_packet_field(run, "hash", &hash) && hash)
        return hash;
    hash = flow_hash(run);
    ebpf_packet_set_field(run, "hash", hash);
    return hash;
}

HELPER(set_hash)
{
    (void)ctx;
    ebpf_packet_set_field(run, "hash", (uint32_t)args[1]);
    return 0;
}

HELPER(set_hash_invalid)
{
    (void)ctx, (void)args;
    ebpf_packet_set_field(run, "hash", 0);
    return 0;
}

/* Verdicts that say "somewhere else". */
enum { XDP_ABORTED = 0, XDP_REDIRECT = 4, TC_SHOT = 2, TC_REDIRECT = 7 };

static uint64_t redirect_to(struct ebpf_run *run, struct ebpf_map *map, uint64_t to)
{
    run->redirect = (struct ebpf_redirect){.is_set = 1, .map = map, .to = to};
    return ebpf_run_vm(run)->type.type == EBPF_TYPE_XDP ? XDP_REDIRECT : TC_REDIRECT;
}

HELPER(redirect)
{
    enum { INGRESS = 1 };
    bool xdp = ebpf_run_vm(run)->type.type == EBPF_TYPE_XDP;
    (void)ctx;
    if (args[1] & (xdp ? ~UINT64_C(0) : ~(uint64_t)INGRESS))
        return xdp ? XDP_ABORTED : TC_SHOT;
    return redirect_to(run, NULL, (uint32_t)args[0]);
}

HELPER(redirect_peer)
{
    (void)ctx;
    return args[1] ? TC_SHOT : redirect_to(run, NULL, (uint32_t)args[0]);
}

HELPER(redirect_neigh)
{
    (void)ctx;
    return args[3] ? TC_SHOT : redirect_to(run, NULL, (uint32_t)args[0]);
}

HELPER(redirect_map)
{
    enum { ACTIONS = 3, BROADCAST = 1 << 3, EXCLUDE_INGRESS = 1 << 4 };
    CALL(redirect_map, 0);
    uint32_t key = (uint32_t)args[1];
    if (args[2] & ~(uint64_t)(ACTIONS | BROADCAST | EXCLUDE_INGRESS))
        return XDP_ABORTED;
    if (!ebpf_run_hold(run, call.map) || !call.map->ops->lookup(call.map, &key))
        return args[2] & ACTIONS;
    return redirect_to(run, call.map, key);
}
