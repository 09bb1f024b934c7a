/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* An object as iproute2 loads them: maps have ids, and names of sections say which entry of which
 * program array they are for. */
#include "bpf.h"

struct elf_map {
    u32 kind, key_size, value_size, max_entries, flags, id, pinning, inner_id, inner_index;
};

#define MAP struct elf_map SEC("maps")
MAP policy = {PROG_ARRAY, 4, 4, 0x10000, 0, 1};
MAP calls = {PROG_ARRAY, 4, 4, 10, 0, 2};
MAP outer = {ARRAY_OF_MAPS, 4, 4, 3, 0, 6, 0, 7};
MAP inner = {ARRAY, 4, 4, 1, 0, 7, 2, 0, 1};

#ifdef XDP
#define ENTRY xdp_entry
#else
#define ENTRY entry
#endif

SEC("from-netdev") int ENTRY(void *ctx)
{
    tail_call(ctx, &calls, 7);
    return 1;
}

SEC("2/7") int seven(void *ctx)
{
    tail_call(ctx, &policy, 0xdc06);
    return 2;
}

/* The inner map is where its record says, and nowhere else. */
SEC("1/0xdc06") int last(void *ctx)
{
    u32 key = 1, none = 0;
    void *map = map_lookup_elem(&outer, &key);
    if (!map || map_lookup_elem(&outer, &none))
        return 3;
    return map_lookup_elem(map, &none) ? 42 : 4;
}

/* There is no map with this id. */
SEC("99/1") int nowhere(void *ctx)
{
    return 5;
}

LICENSE;
