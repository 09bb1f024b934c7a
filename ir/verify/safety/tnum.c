/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/verify/safety/tnum.h"

struct ebpf_tnum ebpf_tnum_range(uint64_t min, uint64_t max)
{
    uint64_t differ = min ^ max;
    if (!differ)
        return ebpf_tnum_const(min);
    unsigned bits = 64 - (unsigned)__builtin_clzll(differ); /* from here down all may be both */
    uint64_t mask = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    return (struct ebpf_tnum){min & ~mask, mask};
}

struct ebpf_tnum ebpf_tnum_add(struct ebpf_tnum a, struct ebpf_tnum b)
{
    uint64_t least = a.value + b.value;
    uint64_t most = least + a.mask + b.mask;
    uint64_t mask = (most ^ least) | a.mask | b.mask; /* bits that a carry may change, or unknown */
    return (struct ebpf_tnum){least & ~mask, mask};
}

struct ebpf_tnum ebpf_tnum_sub(struct ebpf_tnum a, struct ebpf_tnum b)
{
    uint64_t middle = a.value - b.value;
    uint64_t most = middle + a.mask, least = middle - b.mask;
    uint64_t mask = (most ^ least) | a.mask | b.mask;
    return (struct ebpf_tnum){middle & ~mask, mask};
}

/* Long multiplication: the known part is exact, what bits of `a` that may be set add is summed. */
struct ebpf_tnum ebpf_tnum_mul(struct ebpf_tnum a, struct ebpf_tnum b)
{
    struct ebpf_tnum known = ebpf_tnum_const(a.value * b.value), unknown = {0, 0};
    for (; a.value | a.mask; a = ebpf_tnum_shr(a, 1), b = ebpf_tnum_shl(b, 1)) {
        if (a.value & 1)
            unknown = ebpf_tnum_add(unknown, (struct ebpf_tnum){0, b.mask});
        else if (a.mask & 1)
            unknown = ebpf_tnum_add(unknown, (struct ebpf_tnum){0, b.value | b.mask});
    }
    return ebpf_tnum_add(known, unknown);
}

struct ebpf_tnum ebpf_tnum_and(struct ebpf_tnum a, struct ebpf_tnum b)
{
    uint64_t ones = a.value & b.value;
    uint64_t maybe = (a.value | a.mask) & (b.value | b.mask);
    return (struct ebpf_tnum){ones, maybe & ~ones};
}

struct ebpf_tnum ebpf_tnum_or(struct ebpf_tnum a, struct ebpf_tnum b)
{
    uint64_t ones = a.value | b.value;
    return (struct ebpf_tnum){ones, (a.mask | b.mask) & ~ones};
}

struct ebpf_tnum ebpf_tnum_xor(struct ebpf_tnum a, struct ebpf_tnum b)
{
    uint64_t mask = a.mask | b.mask;
    return (struct ebpf_tnum){(a.value ^ b.value) & ~mask, mask};
}

struct ebpf_tnum ebpf_tnum_shl(struct ebpf_tnum a, unsigned bits)
{
    return (struct ebpf_tnum){a.value << bits, a.mask << bits};
}

struct ebpf_tnum ebpf_tnum_shr(struct ebpf_tnum a, unsigned bits)
{
    return (struct ebpf_tnum){a.value >> bits, a.mask >> bits};
}

/* An unknown sign is unknown in all the bits that it fills. */
struct ebpf_tnum ebpf_tnum_sar(struct ebpf_tnum a, unsigned bits)
{
    return (struct ebpf_tnum){(uint64_t)((int64_t)a.value >> bits),
                              (uint64_t)((int64_t)a.mask >> bits)};
}

struct ebpf_tnum ebpf_tnum_zext(struct ebpf_tnum a, unsigned width)
{
    uint64_t low = UINT64_MAX >> (64 - width);
    return (struct ebpf_tnum){a.value & low, a.mask & low};
}

struct ebpf_tnum ebpf_tnum_sext(struct ebpf_tnum a, unsigned width)
{
    return ebpf_tnum_sar(ebpf_tnum_shl(a, 64 - width), 64 - width);
}
