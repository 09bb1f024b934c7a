/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Hashing of keys and values, with a seed that programs do not know. */
#ifndef VM_MAPS_HASH_KEY_H
#define VM_MAPS_HASH_KEY_H

#include <stdint.h>
#include <string.h>

#include <ebpfvm/map_ops.h>

static inline uint64_t ebpf_hash_mix(uint64_t x)
{
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

/* Of 8 bytes to which a seed was added. */
static inline uint64_t ebpf_hash_word(uint64_t word)
{
    return ebpf_hash_mix(word) * UINT64_C(0x9e3779b97f4a7c15);
}

static inline uint64_t ebpf_hash_key(uint64_t seed, const uint8_t *key, uint32_t size)
{
    uint64_t state = seed, word;
    for (; size >= 8; size -= 8, key += 8) {
        memcpy(&word, key, 8);
        state = ebpf_hash_word(state ^ word);
    }
    if (size) {
        word = size;
        for (uint32_t i = 0; i < size; i++)
            word = word << 8 | key[i];
        state = ebpf_hash_word(state ^ word);
    }
    return state;
}

/* A new one, or 0 if the map is to hash alike at all times. */
uint64_t ebpf_hash_seed(const struct ebpf_map *map);

#endif
