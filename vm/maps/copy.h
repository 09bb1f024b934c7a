/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Copying values that programs may change at the same time: word by word, so that no 8 bytes are
 * torn, and without locks. */
#ifndef VM_MAPS_COPY_H
#define VM_MAPS_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Out of a map: `from` is aligned to 8. */
static inline void ebpf_map_copy_out(void *to, const void *from, size_t size)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    for (; size >= 8; size -= 8, in += 8, out += 8) {
        uint64_t word = __atomic_load_n((const uint64_t *)(const void *)in, __ATOMIC_RELAXED);
        memcpy(out, &word, sizeof(word));
    }
    for (; size; size--)
        *out++ = __atomic_load_n(in++, __ATOMIC_RELAXED);
}

/* Into a map: `to` is aligned to 8. */
static inline void ebpf_map_copy_in(void *to, const void *from, size_t size)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    for (; size >= 8; size -= 8, in += 8, out += 8) {
        uint64_t word;
        memcpy(&word, in, sizeof(word));
        __atomic_store_n((uint64_t *)(void *)out, word, __ATOMIC_RELAXED);
    }
    for (; size; size--)
        __atomic_store_n(out++, *in++, __ATOMIC_RELAXED);
}

/* Makes a multiple of 8 bytes zero. */
static inline void ebpf_map_zero(void *to, size_t size)
{
    for (uint64_t *word = to; size >= 8; size -= 8)
        __atomic_store_n(word++, 0, __ATOMIC_RELAXED);
}

#endif
