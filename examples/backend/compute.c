/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the operations mean (RFC 9669, 4 and 5): all in 64 bits, cut to the width at the end. */
#include "count.h"

/* The low `width` bits, zero-extended. */
static uint64_t cut(uint64_t value, unsigned width)
{
    return width < 64 ? value & ((UINT64_C(1) << width) - 1) : value;
}

static int64_t as_signed(uint64_t value, unsigned width)
{
    uint64_t sign = UINT64_C(1) << (width - 1);
    return (int64_t)((cut(value, width) ^ sign) - sign);
}

/* The quotient of the least number by -1 has no place in 64 bits: it wraps around. */
static uint64_t signed_quotient(int64_t a, int64_t b)
{
    return b == -1 ? 0 - (uint64_t)a : (uint64_t)(a / b);
}

static uint64_t reversed(uint64_t value, unsigned width)
{
    uint64_t result = 0;
    for (unsigned bit = 0; bit < width; bit += 8)
        result |= (value >> bit & 0xff) << (width - 8 - bit);
    return result;
}

static int host_is_little_endian(void)
{
    const uint16_t one = 1;
    return *(const unsigned char *)&one;
}

uint64_t count_compute(enum ebpf_oper oper, unsigned width, uint64_t a, uint64_t b)
{
    int64_t sa = as_signed(a, width), sb = as_signed(b, width);
    unsigned shift = (unsigned)b & (width - 1);
    a = cut(a, width);
    b = cut(b, width);
    switch (oper) {
    case EBPF_OPER_ADD: case EBPF_OPER_A_ADD: case EBPF_OPER_AF_ADD: return cut(a + b, width);
    case EBPF_OPER_SUB: return cut(a - b, width);
    case EBPF_OPER_MUL: return cut(a * b, width);
    case EBPF_OPER_DIV: return b ? a / b : 0;
    case EBPF_OPER_MOD: return b ? a % b : a;
    case EBPF_OPER_SDIV: return b ? cut(signed_quotient(sa, sb), width) : 0;
    case EBPF_OPER_SMOD: return !b ? a : sb == -1 ? 0 : cut((uint64_t)(sa % sb), width);
    case EBPF_OPER_OR: case EBPF_OPER_A_OR: case EBPF_OPER_AF_OR: return a | b;
    case EBPF_OPER_AND: case EBPF_OPER_A_AND: case EBPF_OPER_AF_AND: return a & b;
    case EBPF_OPER_XOR: case EBPF_OPER_A_XOR: case EBPF_OPER_AF_XOR: return a ^ b;
    case EBPF_OPER_LSH: return cut(a << shift, width);
    case EBPF_OPER_RSH: return a >> shift;
    case EBPF_OPER_ARSH: return cut((uint64_t)(sa >> shift), width);
    case EBPF_OPER_NEG: return cut(0 - a, width);
    case EBPF_OPER_MOV: case EBPF_OPER_XCHG: return b;
    case EBPF_OPER_MOVSX8: return cut((uint64_t)as_signed(b, 8), width);
    case EBPF_OPER_MOVSX16: return cut((uint64_t)as_signed(b, 16), width);
    case EBPF_OPER_MOVSX32: return cut((uint64_t)as_signed(b, 32), width);
    case EBPF_OPER_LE: return host_is_little_endian() ? a : reversed(a, width);
    case EBPF_OPER_BE: return host_is_little_endian() ? reversed(a, width) : a;
    case EBPF_OPER_BSWAP: return reversed(a, width);
    case EBPF_OPER_JEQ: return a == b;
    case EBPF_OPER_JNE: return a != b;
    case EBPF_OPER_JSET: return (a & b) != 0;
    case EBPF_OPER_JGT: return a > b;
    case EBPF_OPER_JGE: return a >= b;
    case EBPF_OPER_JLT: return a < b;
    case EBPF_OPER_JLE: return a <= b;
    case EBPF_OPER_JSGT: return sa > sb;
    case EBPF_OPER_JSGE: return sa >= sb;
    case EBPF_OPER_JSLT: return sa < sb;
    case EBPF_OPER_JSLE: return sa <= sb;
    default: return 0; /* no arithmetic */
    }
}
