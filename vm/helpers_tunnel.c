/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Helpers of the Linux kernel for what a packet has beside its bytes: the tunnel that it came
 * through or is to go through, and its copies.  Errors are the kernel's. */
#include <errno.h>
#include <string.h>

#include "vm/helpers_map.h"
#include "vm/map_call.h"
#include "vm/vm.h"

enum { NOT_SUPPORTED = 524 /* the kernel's ENOTSUPP */ };

/* Flags of both helpers for keys; where struct bpf_tunnel_key has what. */
enum { IPV6 = 1 << 0, SET_FLAGS = 0x1f, GET_FLAGS = IPV6 | 1 << 4 };
enum { REMOTE_END = 8, EXT_AT = 22, LABEL_AT = 24, LOCAL_AT = 28 };

/* Older programs know shorter keys. */
static bool is_key_size(uint64_t size)
{
    return size == EBPF_TUNNEL_KEY_SIZE || size == LOCAL_AT || size == LABEL_AT ||
           size == EXT_AT || size == REMOTE_END;
}

/* Only the runs of kernel program types have any of this. */
static bool is_typed(const struct ebpf_run *run)
{
    return ebpf_run_vm(run)->kind->context == CONTEXT_TYPED;
}

/* What the program set, or else what the packet came with; NULL if it has none. */
static const struct ebpf_tunnel *tunnel_of(const struct ebpf_run *run)
{
    if (!is_typed(run))
        return NULL;
    return run->tunnel.is_set ? &run->tunnel
           : run->tunnel_given && run->tunnel_given->is_set ? run->tunnel_given
                                                            : NULL;
}

static uint64_t give_key(const struct ebpf_tunnel *tunnel, void *to, uint64_t size,
                         uint64_t flags)
{
    int64_t error = !tunnel || flags & ~(uint64_t)GET_FLAGS          ? -EINVAL
                    : (tunnel->flags & IPV6) != (flags & IPV6)       ? -EPROTO
                    : !is_key_size(size)                             ? -EINVAL
                    : size == REMOTE_END && tunnel->flags & IPV6     ? -EINVAL
                                                                     : 0;
    if (!error)
        memcpy(to, tunnel->key, size);
    else if (size)
        memset(to, 0, size);
    return ebpf_call_result(error);
}

HELPER(skb_get_tunnel_key)
{
    (void)ctx;
    return give_key(tunnel_of(run), (void *)(uintptr_t)args[1], args[2], args[3]);
}

HELPER(skb_set_tunnel_key)
{
    static const uint8_t zeros[sizeof(uint32_t)];
    const uint8_t *from = (const uint8_t *)(uintptr_t)args[1];
    uint64_t size = args[2], flags = args[3];
    struct ebpf_tunnel *tunnel = &run->tunnel;
    (void)ctx;
    if (!is_typed(run))
        return ebpf_call_result(-NOT_SUPPORTED);
    if (flags & ~(uint64_t)SET_FLAGS || !is_key_size(size))
        return ebpf_call_result(-EINVAL);
    uint8_t key[EBPF_TUNNEL_KEY_SIZE] = {0};
    memcpy(key, from, size);
    if (memcmp(key + EXT_AT, zeros, sizeof(uint16_t)) != 0 ||
        (!(flags & IPV6) && memcmp(key + LABEL_AT, zeros, sizeof(uint32_t)) != 0))
        return ebpf_call_result(-EINVAL);
    tunnel->is_set = 1;
    tunnel->flags = (uint32_t)flags;
    tunnel->options_size = 0;
    memcpy(tunnel->key, key, sizeof(key));
    return 0;
}

HELPER(skb_get_tunnel_opt)
{
    const struct ebpf_tunnel *tunnel = tunnel_of(run);
    void *to = (void *)(uintptr_t)args[1];
    uint64_t size = args[2];
    bool none = !tunnel || tunnel->options_size == 0 ||
                tunnel->options_size > EBPF_TUNNEL_OPTIONS_MAX;
    (void)ctx;
    if (size)
        memset(to, 0, size);
    if (none || size < tunnel->options_size)
        return ebpf_call_result(none ? -ENOENT : -ENOMEM);
    memcpy(to, tunnel->options, tunnel->options_size);
    return tunnel->options_size;
}

/* Options belong to a key that was set before. */
HELPER(skb_set_tunnel_opt)
{
    uint64_t size = args[2];
    (void)ctx;
    if (!is_typed(run) || !run->tunnel.is_set || size % sizeof(uint32_t))
        return ebpf_call_result(-EINVAL);
    if (size > EBPF_TUNNEL_OPTIONS_MAX)
        return ebpf_call_result(-ENOMEM);
    run->tunnel.options_size = (uint32_t)size;
    if (size)
        memcpy(run->tunnel.options, (const void *)(uintptr_t)args[1], size);
    return 0;
}

/* The copy is the embedder's to send; the run counts it in any case. */
HELPER(clone_redirect)
{
    enum { INGRESS = 1 };
    (void)ctx;
    if (args[2] & ~(uint64_t)INGRESS)
        return ebpf_call_result(-EINVAL);
    if (!is_typed(run))
        return ebpf_call_result(-NOT_SUPPORTED);
    run->clones++;
    if (run->clone) {
        const struct ebpf_clone clone = {.packet = run->packet, .size = run->packet_size,
                                         .to = (uint32_t)args[1],
                                         .ingress = (args[2] & INGRESS) != 0};
        run->clone(run->user, &clone);
    }
    return 0;
}
