/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Maps as older loaders had them, in records of WORDS words. */
#include "bpf.h"

#ifndef WORDS
#define WORDS 5
#endif

struct map {
    u32 words[WORDS];
};

struct map SEC("maps") counters = {{ARRAY, 4, 8, 16}};
struct map SEC("maps") flows = {{LRU_HASH, 8, 24, 1000}};
#if WORDS >= 7
struct map SEC("maps") outer = {{ARRAY_OF_MAPS, 4, 4, 3, 0,
#if WORDS >= 9
                                 5, 0, 7,
#else
                                 3,
#endif
}};
struct map SEC("maps") pattern = {{HASH, 4, 4, 9, 1,
#if WORDS >= 9
                                   7, 1,
#endif
}};
#endif

SEC("tc/legacy")
int legacy(void *ctx)
{
    u32 key = 3;
    u64 flow = 1, *value = map_lookup_elem(&counters, &key);
    if (value)
        ++*value;
#if WORDS >= 7
    if (map_lookup_elem(&outer, &key))
        return 1;
#endif
    return map_lookup_elem(&flows, &flow) != 0;
}

LICENSE;
