/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The operations of alu.def as functions: ebpf_alu64_ADD(a, b), ebpf_cond32_JEQ(a, b),
 * ebpf_rmw64_XCHG(a, b), ebpf_swap16_BE(a), and over numbers for those who do not know the
 * operation when they are compiled: ebpf_alu_eval(), ebpf_cond_eval().
 */
#ifndef IR_ALU_H
#define IR_ALU_H

#include <stdbool.h>
#include <stdint.h>

#include <ebpfvm/opcodes.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define HOST_LE 0
#else
#define HOST_LE 1
#endif

/* Shifts of negative numbers right are arithmetic in every compiler that the library supports. */
_Static_assert(-1 >> 1 == -1, "arithmetic shift");

#define EBPF_OPER(id)
#define EBPF_SWAP(id, symbol, value)

#define U uint64_t
#define S int64_t
#define BITS 64
#define EBPF_ALU(id, symbol, value)                                                                \
    static inline uint64_t ebpf_alu64_##id(uint64_t a, uint64_t b)                                 \
    { (void)a, (void)b; return value; }
#define EBPF_UNARY(id, symbol, value)                                                              \
    static inline uint64_t ebpf_alu64_##id(uint64_t a) { return value; }
#define EBPF_COND(id, symbol, value)                                                               \
    static inline bool ebpf_cond64_##id(uint64_t a, uint64_t b) { return value; }
#define EBPF_RMW(id, symbol, value)                                                                \
    static inline uint64_t ebpf_rmw64_##id(uint64_t a, uint64_t b) { (void)a; return value; }
#include "ir/alu.def"
#undef U
#undef S
#undef BITS
#undef EBPF_ALU
#undef EBPF_UNARY
#undef EBPF_COND
#undef EBPF_RMW

#define U uint32_t
#define S int32_t
#define BITS 32
#define EBPF_ALU(id, symbol, value)                                                                \
    static inline uint32_t ebpf_alu32_##id(uint32_t a, uint32_t b)                                 \
    { (void)a, (void)b; return value; }
#define EBPF_UNARY(id, symbol, value)                                                              \
    static inline uint32_t ebpf_alu32_##id(uint32_t a) { return value; }
#define EBPF_COND(id, symbol, value)                                                               \
    static inline bool ebpf_cond32_##id(uint32_t a, uint32_t b) { return value; }
#define EBPF_RMW(id, symbol, value)                                                                \
    static inline uint32_t ebpf_rmw32_##id(uint32_t a, uint32_t b) { (void)a; return value; }
#include "ir/alu.def"
#undef U
#undef S
#undef BITS
#undef EBPF_ALU
#undef EBPF_UNARY
#undef EBPF_COND
#undef EBPF_RMW
#undef EBPF_SWAP

#define EBPF_ALU(id, symbol, value)
#define EBPF_UNARY(id, symbol, value)
#define EBPF_COND(id, symbol, value)
#define EBPF_RMW(id, symbol, value)

#define SWAP __builtin_bswap16
#define EBPF_SWAP(id, symbol, value)                                                               \
    static inline uint16_t ebpf_swap16_##id(uint16_t a) { return value; }
#include "ir/alu.def"
#undef SWAP
#undef EBPF_SWAP
#define SWAP __builtin_bswap32
#define EBPF_SWAP(id, symbol, value)                                                               \
    static inline uint32_t ebpf_swap32_##id(uint32_t a) { return value; }
#include "ir/alu.def"
#undef SWAP
#undef EBPF_SWAP
#define SWAP __builtin_bswap64
#define EBPF_SWAP(id, symbol, value)                                                               \
    static inline uint64_t ebpf_swap64_##id(uint64_t a) { return value; }
#include "ir/alu.def"
#undef SWAP
#undef EBPF_SWAP

#undef EBPF_ALU
#undef EBPF_UNARY
#undef EBPF_COND
#undef EBPF_RMW
#undef EBPF_OPER

/* The value of an EBPF_ALU, EBPF_UNARY or EBPF_SWAP operation of 16, 32 or 64 bits, zero-extended
 * to 64.  16 bits are for swaps only.  `b` is not looked at by the latter two. */
uint64_t ebpf_alu_eval(enum ebpf_oper oper, unsigned width, uint64_t a, uint64_t b);

/* Whether an EBPF_COND condition of 32 or 64 bits holds. */
bool ebpf_cond_eval(enum ebpf_oper oper, unsigned width, uint64_t a, uint64_t b);

#endif
