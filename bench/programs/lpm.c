/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Longest prefix match of the destination in a binary trie. */
#define BENCH_NAME lpm
#include "bench/programs/program.h"

struct node { u16 child[2]; u16 prefix; u16 route; };

PROGRAM
{
    const struct node *nodes = (const struct node *)(const void *)(mem + TRIE);
    u32 address = ntoh32(get32(mem + IP + 16)), at = 0, route = 0;
    (void)len;
    for (int bit = 31; bit >= 0; bit--) {
        const struct node *n = &nodes[at & 255];
        if (n->prefix)
            route = n->route;
        at = n->child[(address >> bit) & 1];
        if (!at)
            break;
    }
    return route;
}
