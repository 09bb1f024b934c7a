/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What every benchmark program starts with.  The same source becomes bytecode (clang -target bpf)
 * and native code; `mem` is 8192 bytes as bench/input.c fills them, the packet first.
 */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define GLUE_(a, b) a##b
#define GLUE(a, b) GLUE_(a, b)

/* The function itself; BENCH_NAME is the name of the file. */
#define PROGRAM                                                                                    \
    u64 GLUE(native_, BENCH_NAME)(u8 *mem, u64 len);                                               \
    u64 GLUE(native_, BENCH_NAME)(u8 *mem, u64 len)

#define INLINE static inline __attribute__((always_inline))

/* Fields at any alignment, as in packets. */
INLINE u16 get16(const u8 *p) { u16 v; __builtin_memcpy(&v, p, 2); return v; }
INLINE u32 get32(const u8 *p) { u32 v; __builtin_memcpy(&v, p, 4); return v; }
INLINE u64 get64(const u8 *p) { u64 v; __builtin_memcpy(&v, p, 8); return v; }
INLINE void put16(u8 *p, u16 v) { __builtin_memcpy(p, &v, 2); }
INLINE void put32(u8 *p, u32 v) { __builtin_memcpy(p, &v, 4); }
INLINE u16 ntoh16(u16 v) { return __builtin_bswap16(v); }
INLINE u32 ntoh32(u32 v) { return __builtin_bswap32(v); }
INLINE u32 rol32(u32 v, int n) { return v << n | v >> (32 - n); }
INLINE u64 rol64(u64 v, int n) { return v << n | v >> (64 - n); }

/* Where things are in `mem`. */
enum { ETH = 0, IP = 14, TCP = 34, PAYLOAD = 66, SORTED = 2048, TRIE = 4096, BITS = 6144 };

#endif
