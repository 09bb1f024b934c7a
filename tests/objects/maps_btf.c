/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Maps as their types say: keys and values by type and by size, pinned, with flags, inner maps,
 * entries that are set at the start. */
#include "bpf.h"

struct key {
    u32 address;
    u8 protocol, pad[3];
};

typedef struct {
    u64 packets, bytes;
} total;

struct {
    UINT(type, HASH);
    TYPE(key, const struct key);
    TYPE(value, total);
    UINT(max_entries, 4096);
    UINT(map_flags, 1);
    UINT(pinning, 1);
} totals SEC(".maps");

struct inner {
    UINT(type, ARRAY);
    UINT(key_size, 4);
    UINT(value_size, 8);
    UINT(max_entries, 2);
} inner_a SEC(".maps"), inner_b SEC(".maps");

struct {
    UINT(type, ARRAY_OF_MAPS);
    UINT(key_size, 4);
    UINT(max_entries, 4);
    struct inner *values[];
} outer SEC(".maps") = {.values = {[1] = &inner_b, [3] = &inner_a}};

int step_one(void *ctx);
static int step_two(void *ctx);

struct {
    UINT(type, PROG_ARRAY);
    UINT(key_size, 4);
    UINT(value_size, 4);
    UINT(max_entries, 3);
    int (*values[])(void *ctx);
} steps SEC(".maps") = {.values = {[0] = step_one, [2] = step_two}};

SEC("xdp/step")
int step_one(void *ctx)
{
    tail_call(ctx, &steps, 2);
    return 1;
}

SEC("xdp/step")
static int step_two(void *ctx)
{
    return ctx ? 2 : 3;
}

SEC("xdp")
int enter(void *ctx)
{
    struct key key = {.address = 1, .protocol = 6};
    u32 slot = 1;
    total *found = map_lookup_elem(&totals, &key);
    if (found)
        found->packets++;
    void *map = map_lookup_elem(&outer, &slot);
    if (map)
        map_lookup_elem(map, &slot);
    tail_call(ctx, &steps, 0);
    return 0;
}

LICENSE;
