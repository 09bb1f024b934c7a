/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/alu.h"

#define EBPF_OPER(id)
#define EBPF_RMW(id, symbol, value)

uint64_t ebpf_alu_eval(enum ebpf_oper oper, unsigned width, uint64_t a, uint64_t b)
{
#define EBPF_COND(id, symbol, value)
#define EBPF_ALU(id, symbol, value)                                                                \
    case EBPF_OPER_##id:                                                                           \
        return width == 64 ? ebpf_alu64_##id(a, b) : ebpf_alu32_##id((uint32_t)a, (uint32_t)b);
#define EBPF_UNARY(id, symbol, value)                                                              \
    case EBPF_OPER_##id:                                                                           \
        return width == 64 ? ebpf_alu64_##id(a) : ebpf_alu32_##id((uint32_t)a);
#define EBPF_SWAP(id, symbol, value)                                                               \
    case EBPF_OPER_##id:                                                                           \
        return width == 64   ? ebpf_swap64_##id(a)                                                 \
               : width == 32 ? ebpf_swap32_##id((uint32_t)a)                                       \
                             : ebpf_swap16_##id((uint16_t)a);
    switch (oper) {
#include "ir/alu.def"
    default:
        return 0;
    }
#undef EBPF_COND
#undef EBPF_ALU
#undef EBPF_UNARY
#undef EBPF_SWAP
}

bool ebpf_cond_eval(enum ebpf_oper oper, unsigned width, uint64_t a, uint64_t b)
{
#define EBPF_ALU(id, symbol, value)
#define EBPF_UNARY(id, symbol, value)
#define EBPF_SWAP(id, symbol, value)
#define EBPF_COND(id, symbol, value)                                                               \
    case EBPF_OPER_##id:                                                                           \
        return width == 64 ? ebpf_cond64_##id(a, b) : ebpf_cond32_##id((uint32_t)a, (uint32_t)b);
    switch (oper) {
#include "ir/alu.def"
    default:
        return false;
    }
}
