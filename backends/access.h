/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The memory operations of alu.def as functions, beside the arithmetic of ir/alu.h:
 * ebpf_load16_LOADSX(address), ebpf_store64_STORE(address, value), ebpf_rmw_at32_XCHG(address,
 * operand, expected).  They check nothing.  Values come back zero-extended to 64 bits, or as the
 * operation says.
 */
#ifndef BACKENDS_ACCESS_H
#define BACKENDS_ACCESS_H

#include <string.h>

#include "ir/alu.h"

/* Plain accesses have any alignment, the others their natural one. */
#define ACCESS(width)                                                                              \
    static inline uint64_t ebpf_load##width##_LOAD(uint64_t address)                               \
    {                                                                                              \
        uint##width##_t value;                                                                     \
        memcpy(&value, (const void *)(uintptr_t)address, sizeof(value));                           \
        return value;                                                                              \
    }                                                                                              \
    static inline uint64_t ebpf_load##width##_LOADSX(uint64_t address)                             \
    {                                                                                              \
        return (uint64_t)(int##width##_t)ebpf_load##width##_LOAD(address);                         \
    }                                                                                              \
    static inline uint64_t ebpf_load##width##_LOAD_ACQ(uint64_t address)                           \
    {                                                                                              \
        return __atomic_load_n((const uint##width##_t *)(uintptr_t)address, __ATOMIC_ACQUIRE);     \
    }                                                                                              \
    static inline void ebpf_store##width##_STORE(uint64_t address, uint64_t value)                 \
    {                                                                                              \
        uint##width##_t narrow = (uint##width##_t)value;                                           \
        memcpy((void *)(uintptr_t)address, &narrow, sizeof(narrow));                               \
    }                                                                                              \
    static inline void ebpf_store##width##_STORE_REL(uint64_t address, uint64_t value)             \
    {                                                                                              \
        __atomic_store_n((uint##width##_t *)(uintptr_t)address, (uint##width##_t)value,            \
                         __ATOMIC_RELEASE);                                                        \
    }
ACCESS(8)
ACCESS(16)
ACCESS(32)
ACCESS(64)
#undef ACCESS

/* Read, modify, write as one, in one order for all threads.  All take the same arguments and
 * return what the memory held before; who needs which follows from the effects of the row. */
#define RMW(width, id)                                                                             \
    static inline uint64_t ebpf_rmw_at##width##_##id(uint64_t address, uint64_t operand,           \
                                                     uint64_t expected)                            \
    {                                                                                              \
        uint##width##_t *at = (uint##width##_t *)(uintptr_t)address;                               \
        uint##width##_t old = __atomic_load_n(at, __ATOMIC_RELAXED);                               \
        (void)expected;                                                                            \
        while (!__atomic_compare_exchange_n(                                                       \
            at, &old, ebpf_rmw##width##_##id(old, (uint##width##_t)operand), 1,                    \
            __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))                                                   \
            ;                                                                                      \
        return old;                                                                                \
    }
#define CMPXCHG(width)                                                                             \
    static inline uint64_t ebpf_rmw_at##width##_CMPXCHG(uint64_t address, uint64_t operand,        \
                                                        uint64_t expected)                         \
    {                                                                                              \
        uint##width##_t *at = (uint##width##_t *)(uintptr_t)address;                               \
        uint##width##_t old = (uint##width##_t)expected;                                           \
        __atomic_compare_exchange_n(at, &old, (uint##width##_t)operand, 0, __ATOMIC_SEQ_CST,       \
                                    __ATOMIC_SEQ_CST);                                             \
        return old;                                                                                \
    }
#define EBPF_OPER(id)
#define EBPF_ALU(id, symbol, value)
#define EBPF_UNARY(id, symbol, value)
#define EBPF_SWAP(id, symbol, value)
#define EBPF_COND(id, symbol, value)
#define EBPF_RMW(id, symbol, value) RMW(32, id) RMW(64, id)
#include "ir/alu.def"
#undef EBPF_OPER
#undef EBPF_ALU
#undef EBPF_UNARY
#undef EBPF_SWAP
#undef EBPF_COND
#undef EBPF_RMW
CMPXCHG(32)
CMPXCHG(64)
#undef RMW
#undef CMPXCHG

/* A value of so many bits that was loaded as the host orders bytes, in the order of the network. */
static inline uint64_t ebpf_from_network(uint64_t value, unsigned width)
{
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? value
                                                  : __builtin_bswap64(value) >> (64 - width);
}

#endif
