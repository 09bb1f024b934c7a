/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Bytes in memory: little-endian fields at any alignment. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdint.h>

static inline uint16_t ebpf_get_le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t ebpf_get_le32(const uint8_t *p)
{
    return ebpf_get_le16(p) | (uint32_t)ebpf_get_le16(p + 2) << 16;
}

static inline uint64_t ebpf_get_le64(const uint8_t *p)
{
    return ebpf_get_le32(p) | (uint64_t)ebpf_get_le32(p + 4) << 32;
}

static inline void ebpf_put_le16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void ebpf_put_le32(uint8_t *p, uint32_t v)
{
    ebpf_put_le16(p, (uint16_t)v);
    ebpf_put_le16(p + 2, (uint16_t)(v >> 16));
}

static inline void ebpf_put_le64(uint8_t *p, uint64_t v)
{
    ebpf_put_le32(p, (uint32_t)v);
    ebpf_put_le32(p + 4, (uint32_t)(v >> 32));
}

#endif
