/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What classic BPF means, once more and as plainly as possible, for tests: shares nothing with the
 * library. */
#ifndef TESTS_CBPF_REFERENCE_H
#define TESTS_CBPF_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/cbpf.h>

/* A packet: `size` bytes were captured of `wire`. */
struct reference_packet {
    const uint8_t *bytes;
    uint64_t size;
    uint32_t wire;
};

/* The big-endian number of 1, 2 or 4 bytes at an offset; false if it is not in the packet. */
static inline bool reference_load(const struct reference_packet *p, uint64_t at, unsigned size,
                                  uint32_t *out)
{
    if (at + size > p->size)
        return false;
    *out = 0;
    for (unsigned i = 0; i < size; i++)
        *out = *out << 8 | p->bytes[at + i];
    return true;
}

/* A op b; false for a division by 0. */
static inline bool reference_alu(unsigned op, uint32_t *a, uint32_t b)
{
    switch (op) {
    case 0x00: *a += b; break;
    case 0x10: *a -= b; break;
    case 0x20: *a *= b; break;
    case 0x30: if (b) *a /= b; return b != 0;
    case 0x40: *a |= b; break;
    case 0x50: *a &= b; break;
    case 0x60: *a = b < 32 ? *a << b : 0; break;
    case 0x70: *a = b < 32 ? *a >> b : 0; break;
    case 0x80: *a = 0 - *a; break;
    case 0x90: if (b) *a %= b; return b != 0;
    case 0xa0: *a ^= b; break;
    }
    return true;
}

static inline bool reference_holds(unsigned op, uint32_t a, uint32_t b)
{
    switch (op) {
    case 0x10: return a == b;
    case 0x20: return a > b;
    case 0x30: return a >= b;
    default: return (a & b) != 0;
    }
}

/* Runs a filter that has been accepted. */
static inline uint32_t reference_run(const struct ebpf_cbpf_insn *insns,
                                     const struct reference_packet *p)
{
    uint32_t a = 0, x = 0, m[16] = {0}, byte = 0;
    for (const struct ebpf_cbpf_insn *i = insns;; i++) {
        static const unsigned sizes[4] = {4, 2, 1, 0};
        unsigned size = sizes[i->code >> 3 & 3];
        uint32_t operand = i->code & 8 ? x : i->k;
        switch (i->code) {
        case 0x20: case 0x28: case 0x30:
            if (!reference_load(p, i->k, size, &a))
                return 0;
            break;
        case 0x40: case 0x48: case 0x50:
            if (!reference_load(p, i->k < 0xfffff000 ? (uint64_t)x + i->k : x + i->k, size, &a))
                return 0;
            break;
        case 0xb1:
            if (!reference_load(p, i->k, 1, &byte))
                return 0;
            x = (byte & 0xf) * 4;
            break;
        case 0x00: a = i->k; break;
        case 0x01: x = i->k; break;
        case 0x80: a = p->wire; break;
        case 0x81: x = p->wire; break;
        case 0x60: a = m[i->k]; break;
        case 0x61: x = m[i->k]; break;
        case 0x02: m[i->k] = a; break;
        case 0x03: m[i->k] = x; break;
        case 0x05: i += (int32_t)i->k; break;
        case 0x06: return i->k;
        case 0x16: return a;
        case 0x07: x = a; break;
        case 0x87: a = x; break;
        default:
            if ((i->code & 7) == 5)
                i += reference_holds(i->code & 0xf0, a, operand) ? i->jt : i->jf;
            else if (!reference_alu(i->code & 0xf0, &a, operand))
                return 0;
        }
    }
}

#endif
