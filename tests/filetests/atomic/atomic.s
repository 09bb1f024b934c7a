# SPDX-License-Identifier: MIT OR Apache-2.0
# H6 H7 H8: every atomic operation; what is fetched is the old value, of 32 bits zero-extended; the
# 32-bit forms do not touch the upper half; cmpxchg compares with r0 and loads it either way.

; case: lock add
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0 ; when: 0xffffffffffffffff 1 gives 0
; when: 0x7fffffffffffffff 1 gives 0x8000000000000000
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1111111111111100
; when: 0x80000000 0x80000000 gives 0x100000000 ; when: 0xffffffff 1 gives 0x100000000
ldxdw r2, [r1+8]
lock add [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock add leaves its source
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1
ldxdw r2, [r1+8]
lock add [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_add
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0 ; when: 0xffffffffffffffff 1 gives 0
; when: 0x7fffffffffffffff 1 gives 0x8000000000000000
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1111111111111100
; when: 0x80000000 0x80000000 gives 0x100000000 ; when: 0xffffffff 1 gives 0x100000000
ldxdw r2, [r1+8]
lock fetch_add [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock fetch_add fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_add [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_add fetches into r0
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r0, [r1+8]
lock fetch_add [r1+0], r0
exit

; case: lock fetch_add with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock fetch_add [rA-16], rB
mov64 r0, rB
exit

; case: lock fetch_add of a base with itself
; kind: none ; result: 1
stdw [r10-8], 0x77
mov64 r2, r10
sub64 r2, 8
mov64 r3, r2
lock fetch_add [r2+0], r2
mov64 r0, 0
jne r2, 0x77, +1
mov64 r0, 1
exit

; case: lock or
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0xfefcfef8fefcfef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock or [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock or leaves its source
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1
ldxdw r2, [r1+8]
lock or [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_or
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0xfefcfef8fefcfef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_or [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock fetch_or fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_or [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_or fetches into r0
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r0, [r1+8]
lock fetch_or [r1+0], r0
exit

; case: lock fetch_or with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock fetch_or [rA-16], rB
mov64 r0, rB
exit

; case: lock fetch_or of a base with itself
; kind: none ; result: 1
stdw [r10-8], 0x77
mov64 r2, r10
sub64 r2, 8
mov64 r3, r2
lock fetch_or [r2+0], r2
mov64 r0, 0
jne r2, 0x77, +1
mov64 r0, 1
exit

; case: lock and
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1 ; when: 0xffffffffffffffff 1 gives 1
; when: 0x7fffffffffffffff 1 gives 1
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1214121812141210
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 1
ldxdw r2, [r1+8]
lock and [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock and leaves its source
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1
ldxdw r2, [r1+8]
lock and [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_and
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1 ; when: 0xffffffffffffffff 1 gives 1
; when: 0x7fffffffffffffff 1 gives 1
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1214121812141210
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 1
ldxdw r2, [r1+8]
lock fetch_and [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock fetch_and fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_and [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_and fetches into r0
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r0, [r1+8]
lock fetch_and [r1+0], r0
exit

; case: lock fetch_and with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock fetch_and [rA-16], rB
mov64 r0, rB
exit

; case: lock fetch_and of a base with itself
; kind: none ; result: 1
stdw [r10-8], 0x77
mov64 r2, r10
sub64 r2, 8
mov64 r3, r2
lock fetch_and [r2+0], r2
mov64 r0, 0
jne r2, 0x77, +1
mov64 r0, 1
exit

; case: lock xor
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xfffffffffffffffe
; when: 0xffffffffffffffff 1 gives 0xfffffffffffffffe
; when: 0x7fffffffffffffff 1 gives 0x7ffffffffffffffe
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0xece8ece0ece8ece0
; when: 0x80000000 0x80000000 gives 0 ; when: 0xffffffff 1 gives 0xfffffffe
ldxdw r2, [r1+8]
lock xor [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock xor leaves its source
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1
ldxdw r2, [r1+8]
lock xor [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_xor
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xfffffffffffffffe
; when: 0xffffffffffffffff 1 gives 0xfffffffffffffffe
; when: 0x7fffffffffffffff 1 gives 0x7ffffffffffffffe
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0xece8ece0ece8ece0
; when: 0x80000000 0x80000000 gives 0 ; when: 0xffffffff 1 gives 0xfffffffe
ldxdw r2, [r1+8]
lock fetch_xor [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock fetch_xor fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_xor [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_xor fetches into r0
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r0, [r1+8]
lock fetch_xor [r1+0], r0
exit

; case: lock fetch_xor with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock fetch_xor [rA-16], rB
mov64 r0, rB
exit

; case: lock fetch_xor of a base with itself
; kind: none ; result: 1
stdw [r10-8], 0x77
mov64 r2, r10
sub64 r2, 8
mov64 r3, r2
lock fetch_xor [r2+0], r2
mov64 r0, 0
jne r2, 0x77, +1
mov64 r0, 1
exit

; case: lock xchg stores
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1 ; when: 0x7fffffffffffffff 1 gives 1
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0xfedcba9876543210
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 1
ldxdw r2, [r1+8]
lock xchg [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock xchg fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock xchg [r1+0], r2
mov64 r0, r2
exit

; case: lock xchg with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock xchg [rA-16], rB
mov64 r0, rB
exit

; case: lock cmpxchg stores if equal
; when: 5 5 7 gives 7 ; when: 5 6 7 gives 5 ; when: 0 0 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 0xffffffffffffffff 0 gives 0
; when: 0xffffffffffffffff 0xffffffff 1 gives 0xffffffffffffffff
; when: 0x123456789abcdef0 0x9abcdef0 0x1111111122222222 gives 0x123456789abcdef0
; when: 0x123456789abcdef0 0x123456789abcdef0 0x1111111122222222 gives 0x1111111122222222
; when: 0x80000000 0xffffffff80000000 3 gives 0x80000000
ldxdw r0, [r1+8]
ldxdw r2, [r1+16]
lock cmpxchg [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock cmpxchg loads r0
; when: 5 5 7 gives 5 ; when: 5 6 7 gives 5 ; when: 0 0 0xffffffffffffffff gives 0
; when: 0xffffffffffffffff 0xffffffffffffffff 0 gives 0xffffffffffffffff
; when: 0xffffffffffffffff 0xffffffff 1 gives 0xffffffffffffffff
; when: 0x123456789abcdef0 0x9abcdef0 0x1111111122222222 gives 0x123456789abcdef0
; when: 0x123456789abcdef0 0x123456789abcdef0 0x1111111122222222 gives 0x123456789abcdef0
; when: 0x80000000 0xffffffff80000000 3 gives 0x80000000
ldxdw r0, [r1+8]
ldxdw r2, [r1+16]
lock cmpxchg [r1+0], r2
exit

; case: lock cmpxchg leaves its source
; when: 5 5 7 gives 7 ; when: 5 6 7 gives 7 ; when: 0 0 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 0xffffffffffffffff 0 gives 0
; when: 0xffffffffffffffff 0xffffffff 1 gives 1
; when: 0x123456789abcdef0 0x9abcdef0 0x1111111122222222 gives 0x1111111122222222
; when: 0x123456789abcdef0 0x123456789abcdef0 0x1111111122222222 gives 0x1111111122222222
; when: 0x80000000 0xffffffff80000000 3 gives 3
ldxdw r0, [r1+8]
ldxdw r2, [r1+16]
lock cmpxchg [r1+0], r2
mov64 r0, r2
exit

; case: lock cmpxchg with r0 as its source
; when: 5 5 gives 5 ; when: 5 6 gives 5 ; when: 0 0 gives 0
; when: 0xffffffffffffffff 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 0xffffffff gives 0xffffffffffffffff
; when: 0x123456789abcdef0 0x9abcdef0 gives 0x123456789abcdef0
; when: 0x123456789abcdef0 0x123456789abcdef0 gives 0x123456789abcdef0
; when: 0x80000000 0xffffffff80000000 gives 0x80000000
ldxdw r0, [r1+8]
lock cmpxchg [r1+0], r0
exit

; case: lock cmpxchg with r0 as its base
; kind: none ; result: 0x77
stdw [r10-8], 0x77
mov64 r0, r10
mov64 r2, 1
lock cmpxchg [r0-8], r2
exit

; case: lock cmpxchg with every pair of registers
; pairs: distinct
; kind: none ; result: 0x12345678
stdw [r10-8], 0x12345678
mov64 rB, 1
mov64 rA, r10
lock cmpxchg [rA-8], rB
exit

; case: lock add at a far negative offset
; kind: raw ; mem: 01 00*15 ; mem-after: 01 00*7 05 00*7
mov64 r2, 5
add64 r1, 0x8008
lock add [r1-0x8000], r2
mov64 r0, 0
exit

; case: lock add, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock add [r1+1], r2
exit

; case: lock add, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock add [r1+16], r2
exit

; case: lock add, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock add [r1-8], r2
exit

; case: lock or, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock or [r1+1], r2
exit

; case: lock or, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock or [r1+16], r2
exit

; case: lock or, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock or [r1-8], r2
exit

; case: lock and, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock and [r1+1], r2
exit

; case: lock and, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock and [r1+16], r2
exit

; case: lock and, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock and [r1-8], r2
exit

; case: lock xor, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock xor [r1+1], r2
exit

; case: lock xor, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock xor [r1+16], r2
exit

; case: lock xor, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock xor [r1-8], r2
exit

; case: lock fetch_add, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock fetch_add [r1+1], r2
exit

; case: lock fetch_add, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock fetch_add [r1+16], r2
exit

; case: lock fetch_add, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock fetch_add [r1-8], r2
exit

; case: lock fetch_or, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock fetch_or [r1+1], r2
exit

; case: lock fetch_or, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock fetch_or [r1+16], r2
exit

; case: lock fetch_or, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock fetch_or [r1-8], r2
exit

; case: lock fetch_and, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock fetch_and [r1+1], r2
exit

; case: lock fetch_and, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock fetch_and [r1+16], r2
exit

; case: lock fetch_and, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock fetch_and [r1-8], r2
exit

; case: lock fetch_xor, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock fetch_xor [r1+1], r2
exit

; case: lock fetch_xor, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock fetch_xor [r1+16], r2
exit

; case: lock fetch_xor, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock fetch_xor [r1-8], r2
exit

; case: lock xchg, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock xchg [r1+1], r2
exit

; case: lock xchg, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock xchg [r1+16], r2
exit

; case: lock xchg, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock xchg [r1-8], r2
exit

; case: lock cmpxchg, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 8 address mem+1
mov64 r0, 0
mov64 r2, 1
lock cmpxchg [r1+1], r2
exit

; case: lock cmpxchg, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem+16
mov64 r0, 0
mov64 r2, 1
lock cmpxchg [r1+16], r2
exit

; case: lock cmpxchg, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 8 address mem-8
mov64 r0, 0
mov64 r2, 1
lock cmpxchg [r1-8], r2
exit

; case: lock add32
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0
; when: 0xffffffffffffffff 1 gives 0xffffffff00000000
; when: 0x7fffffffffffffff 1 gives 0x7fffffff00000000
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1234567811111100
; when: 0x80000000 0x80000000 gives 0 ; when: 0xffffffff 1 gives 0
ldxdw r2, [r1+8]
lock add32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock add32 leaves its source
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1
ldxdw r2, [r1+8]
lock add32 [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_add32
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0
; when: 0xffffffffffffffff 1 gives 0xffffffff00000000
; when: 0x7fffffffffffffff 1 gives 0x7fffffff00000000
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1234567811111100
; when: 0x80000000 0x80000000 gives 0 ; when: 0xffffffff 1 gives 0
ldxdw r2, [r1+8]
lock fetch_add32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock fetch_add32 fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff ; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_add32 [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_add32 fetches into r0
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff ; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r0, [r1+8]
lock fetch_add32 [r1+0], r0
exit

; case: lock fetch_add32 with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock fetch_add32 [rA-16], rB
mov64 r0, rB
exit

; case: lock fetch_add32 of a base with itself
; kind: none ; result: 1
stdw [r10-8], 0x77
mov64 r2, r10
sub64 r2, 8
mov64 r3, r2
lock fetch_add32 [r2+0], r2
mov64 r0, 0
jne r2, 0x77, +1
mov64 r0, 1
exit

; case: lock or32
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffff
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x12345678fefcfef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock or32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock or32 leaves its source
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1
ldxdw r2, [r1+8]
lock or32 [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_or32
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffff
; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x12345678fefcfef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_or32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock fetch_or32 fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff ; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_or32 [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_or32 fetches into r0
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff ; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r0, [r1+8]
lock fetch_or32 [r1+0], r0
exit

; case: lock fetch_or32 with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock fetch_or32 [rA-16], rB
mov64 r0, rB
exit

; case: lock fetch_or32 of a base with itself
; kind: none ; result: 1
stdw [r10-8], 0x77
mov64 r2, r10
sub64 r2, 8
mov64 r3, r2
lock fetch_or32 [r2+0], r2
mov64 r0, 0
jne r2, 0x77, +1
mov64 r0, 1
exit

; case: lock and32
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff00000001
; when: 0x7fffffffffffffff 1 gives 0x7fffffff00000001
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1234567812141210
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 1
ldxdw r2, [r1+8]
lock and32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock and32 leaves its source
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1
ldxdw r2, [r1+8]
lock and32 [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_and32
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff00000001
; when: 0x7fffffffffffffff 1 gives 0x7fffffff00000001
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1234567812141210
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 1
ldxdw r2, [r1+8]
lock fetch_and32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock fetch_and32 fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff ; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_and32 [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_and32 fetches into r0
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff ; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r0, [r1+8]
lock fetch_and32 [r1+0], r0
exit

; case: lock fetch_and32 with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock fetch_and32 [rA-16], rB
mov64 r0, rB
exit

; case: lock fetch_and32 of a base with itself
; kind: none ; result: 1
stdw [r10-8], 0x77
mov64 r2, r10
sub64 r2, 8
mov64 r3, r2
lock fetch_and32 [r2+0], r2
mov64 r0, 0
jne r2, 0x77, +1
mov64 r0, 1
exit

; case: lock xor32
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xfffffffe
; when: 0xffffffffffffffff 1 gives 0xfffffffffffffffe
; when: 0x7fffffffffffffff 1 gives 0x7ffffffffffffffe
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x12345678ece8ece0
; when: 0x80000000 0x80000000 gives 0 ; when: 0xffffffff 1 gives 0xfffffffe
ldxdw r2, [r1+8]
lock xor32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock xor32 leaves its source
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1
ldxdw r2, [r1+8]
lock xor32 [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_xor32
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xfffffffe
; when: 0xffffffffffffffff 1 gives 0xfffffffffffffffe
; when: 0x7fffffffffffffff 1 gives 0x7ffffffffffffffe
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x12345678ece8ece0
; when: 0x80000000 0x80000000 gives 0 ; when: 0xffffffff 1 gives 0xfffffffe
ldxdw r2, [r1+8]
lock fetch_xor32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock fetch_xor32 fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff ; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock fetch_xor32 [r1+0], r2
mov64 r0, r2
exit

; case: lock fetch_xor32 fetches into r0
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff ; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r0, [r1+8]
lock fetch_xor32 [r1+0], r0
exit

; case: lock fetch_xor32 with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock fetch_xor32 [rA-16], rB
mov64 r0, rB
exit

; case: lock fetch_xor32 of a base with itself
; kind: none ; result: 1
stdw [r10-8], 0x77
mov64 r2, r10
sub64 r2, 8
mov64 r3, r2
lock fetch_xor32 [r2+0], r2
mov64 r0, 0
jne r2, 0x77, +1
mov64 r0, 1
exit

; case: lock xchg32 stores
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffff
; when: 0xffffffffffffffff 1 gives 0xffffffff00000001
; when: 0x7fffffffffffffff 1 gives 0x7fffffff00000001
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1234567876543210
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 1
ldxdw r2, [r1+8]
lock xchg32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock xchg32 fetches
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 0xffffffff ; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffffff
ldxdw r2, [r1+8]
lock xchg32 [r1+0], r2
mov64 r0, r2
exit

; case: lock xchg32 with every pair of registers
; pairs: distinct
; when: 0x7fffffffffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
mov64 r0, r1
ldxdw r2, [r0+8]
stxdw [r10-8], r2
ldxdw r2, [r0+0]
stxdw [r10-16], r2
ldxdw rB, [r10-8]
mov64 rA, r10
lock xchg32 [rA-16], rB
mov64 r0, rB
exit

; case: lock cmpxchg32 stores if equal
; when: 5 5 7 gives 7 ; when: 5 6 7 gives 5 ; when: 0 0 0xffffffffffffffff gives 0xffffffff
; when: 0xffffffffffffffff 0xffffffffffffffff 0 gives 0xffffffff00000000
; when: 0xffffffffffffffff 0xffffffff 1 gives 0xffffffff00000001
; when: 0x123456789abcdef0 0x9abcdef0 0x1111111122222222 gives 0x1234567822222222
; when: 0x123456789abcdef0 0x123456789abcdef0 0x1111111122222222 gives 0x1234567822222222
; when: 0x80000000 0xffffffff80000000 3 gives 3
ldxdw r0, [r1+8]
ldxdw r2, [r1+16]
lock cmpxchg32 [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: lock cmpxchg32 loads r0
; when: 5 5 7 gives 5 ; when: 5 6 7 gives 5 ; when: 0 0 0xffffffffffffffff gives 0
; when: 0xffffffffffffffff 0xffffffffffffffff 0 gives 0xffffffff
; when: 0xffffffffffffffff 0xffffffff 1 gives 0xffffffff
; when: 0x123456789abcdef0 0x9abcdef0 0x1111111122222222 gives 0x9abcdef0
; when: 0x123456789abcdef0 0x123456789abcdef0 0x1111111122222222 gives 0x9abcdef0
; when: 0x80000000 0xffffffff80000000 3 gives 0x80000000
ldxdw r0, [r1+8]
ldxdw r2, [r1+16]
lock cmpxchg32 [r1+0], r2
exit

; case: lock cmpxchg32 leaves its source
; when: 5 5 7 gives 7 ; when: 5 6 7 gives 7 ; when: 0 0 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 0xffffffffffffffff 0 gives 0
; when: 0xffffffffffffffff 0xffffffff 1 gives 1
; when: 0x123456789abcdef0 0x9abcdef0 0x1111111122222222 gives 0x1111111122222222
; when: 0x123456789abcdef0 0x123456789abcdef0 0x1111111122222222 gives 0x1111111122222222
; when: 0x80000000 0xffffffff80000000 3 gives 3
ldxdw r0, [r1+8]
ldxdw r2, [r1+16]
lock cmpxchg32 [r1+0], r2
mov64 r0, r2
exit

; case: lock cmpxchg32 with r0 as its source
; when: 5 5 gives 5 ; when: 5 6 gives 5 ; when: 0 0 gives 0
; when: 0xffffffffffffffff 0xffffffffffffffff gives 0xffffffff
; when: 0xffffffffffffffff 0xffffffff gives 0xffffffff
; when: 0x123456789abcdef0 0x9abcdef0 gives 0x9abcdef0
; when: 0x123456789abcdef0 0x123456789abcdef0 gives 0x9abcdef0
; when: 0x80000000 0xffffffff80000000 gives 0x80000000
ldxdw r0, [r1+8]
lock cmpxchg32 [r1+0], r0
exit

; case: lock cmpxchg32 with r0 as its base
; kind: none ; result: 0x77
stdw [r10-8], 0x77
mov64 r0, r10
mov64 r2, 1
lock cmpxchg32 [r0-8], r2
exit

; case: lock cmpxchg32 with every pair of registers
; pairs: distinct
; kind: none ; result: 0x12345678
stdw [r10-8], 0x12345678
mov64 rB, 1
mov64 rA, r10
lock cmpxchg32 [rA-8], rB
exit

; case: lock add32 at a far negative offset
; kind: raw ; mem: 01 00*15 ; mem-after: 01 00*7 05 00*7
mov64 r2, 5
add64 r1, 0x8008
lock add32 [r1-0x8000], r2
mov64 r0, 0
exit

; case: lock add32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock add32 [r1+1], r2
exit

; case: lock add32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock add32 [r1+16], r2
exit

; case: lock add32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock add32 [r1-8], r2
exit

; case: lock or32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock or32 [r1+1], r2
exit

; case: lock or32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock or32 [r1+16], r2
exit

; case: lock or32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock or32 [r1-8], r2
exit

; case: lock and32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock and32 [r1+1], r2
exit

; case: lock and32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock and32 [r1+16], r2
exit

; case: lock and32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock and32 [r1-8], r2
exit

; case: lock xor32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock xor32 [r1+1], r2
exit

; case: lock xor32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock xor32 [r1+16], r2
exit

; case: lock xor32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock xor32 [r1-8], r2
exit

; case: lock fetch_add32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock fetch_add32 [r1+1], r2
exit

; case: lock fetch_add32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock fetch_add32 [r1+16], r2
exit

; case: lock fetch_add32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock fetch_add32 [r1-8], r2
exit

; case: lock fetch_or32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock fetch_or32 [r1+1], r2
exit

; case: lock fetch_or32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock fetch_or32 [r1+16], r2
exit

; case: lock fetch_or32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock fetch_or32 [r1-8], r2
exit

; case: lock fetch_and32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock fetch_and32 [r1+1], r2
exit

; case: lock fetch_and32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock fetch_and32 [r1+16], r2
exit

; case: lock fetch_and32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock fetch_and32 [r1-8], r2
exit

; case: lock fetch_xor32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock fetch_xor32 [r1+1], r2
exit

; case: lock fetch_xor32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock fetch_xor32 [r1+16], r2
exit

; case: lock fetch_xor32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock fetch_xor32 [r1-8], r2
exit

; case: lock xchg32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock xchg32 [r1+1], r2
exit

; case: lock xchg32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock xchg32 [r1+16], r2
exit

; case: lock xchg32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock xchg32 [r1-8], r2
exit

; case: lock cmpxchg32, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 2 size 4 address mem+1
mov64 r0, 0
mov64 r2, 1
lock cmpxchg32 [r1+1], r2
exit

; case: lock cmpxchg32, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem+16
mov64 r0, 0
mov64 r2, 1
lock cmpxchg32 [r1+16], r2
exit

; case: lock cmpxchg32, before the start
; kind: raw ; mem: 00*16 ; fault: store at 2 size 4 address mem-8
mov64 r0, 0
mov64 r2, 1
lock cmpxchg32 [r1-8], r2
exit

; case: ldacqb
; when: 0 gives 0 ; when: 0xffffffffffffffff gives 0xff ; when: 0xfedcba9876543210 gives 0x10
; when: 0x8000000080008080 gives 0x80
ldacqb r0, [r1+0]
exit

; case: ldacqb into its own base
; when: 0xffffffffffffffff gives 0xff ; when: 0xfedcba9876543210 gives 0x10
ldacqb r1, [r1+0]
mov64 r0, r1
exit

; case: strelb
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xff
; when: 0xffffffffffffffff 1 gives 0xffffffffffffff01
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffffff01
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcde10
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffffff01
ldxdw r2, [r1+8]
strelb [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: ldacqb, every pair of registers
; pairs: distinct
; when: 0xfedcba9876543210 gives 0x10
mov64 rB, r1
ldacqb rA, [rB+0]
mov64 r0, rA
exit

; case: ldacqb, behind the end
; kind: raw ; mem: 00*16 ; fault: load at 1 size 1 address mem+16
mov64 r0, 0
ldacqb r0, [r1+16]
exit

; case: strelb, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 1 size 1 address mem+16
mov64 r0, 0
strelb [r1+16], r0
exit

; case: ldacqh
; when: 0 gives 0 ; when: 0xffffffffffffffff gives 0xffff ; when: 0xfedcba9876543210 gives 0x3210
; when: 0x8000000080008080 gives 0x8080
ldacqh r0, [r1+0]
exit

; case: ldacqh into its own base
; when: 0xffffffffffffffff gives 0xffff ; when: 0xfedcba9876543210 gives 0x3210
ldacqh r1, [r1+0]
mov64 r0, r1
exit

; case: strelh
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffff
; when: 0xffffffffffffffff 1 gives 0xffffffffffff0001
; when: 0x7fffffffffffffff 1 gives 0x7fffffffffff0001
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abc3210
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 0xffff0001
ldxdw r2, [r1+8]
strelh [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: ldacqh, every pair of registers
; pairs: distinct
; when: 0xfedcba9876543210 gives 0x3210
mov64 rB, r1
ldacqh rA, [rB+0]
mov64 r0, rA
exit

; case: ldacqh, behind the end
; kind: raw ; mem: 00*16 ; fault: load at 1 size 2 address mem+16
mov64 r0, 0
ldacqh r0, [r1+16]
exit

; case: strelh, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 1 size 2 address mem+16
mov64 r0, 0
strelh [r1+16], r0
exit

; case: ldacqh, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 1 size 2 address mem+1
mov64 r0, 0
ldacqh r0, [r1+1]
exit

; case: strelh, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 1 size 2 address mem+1
mov64 r0, 0
strelh [r1+1], r0
exit

; case: ldacqw
; when: 0 gives 0 ; when: 0xffffffffffffffff gives 0xffffffff
; when: 0xfedcba9876543210 gives 0x76543210 ; when: 0x8000000080008080 gives 0x80008080
ldacqw r0, [r1+0]
exit

; case: ldacqw into its own base
; when: 0xffffffffffffffff gives 0xffffffff ; when: 0xfedcba9876543210 gives 0x76543210
ldacqw r1, [r1+0]
mov64 r0, r1
exit

; case: strelw
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffff
; when: 0xffffffffffffffff 1 gives 0xffffffff00000001
; when: 0x7fffffffffffffff 1 gives 0x7fffffff00000001
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x1234567876543210
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 1
ldxdw r2, [r1+8]
strelw [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: ldacqw, every pair of registers
; pairs: distinct
; when: 0xfedcba9876543210 gives 0x76543210
mov64 rB, r1
ldacqw rA, [rB+0]
mov64 r0, rA
exit

; case: ldacqw, behind the end
; kind: raw ; mem: 00*16 ; fault: load at 1 size 4 address mem+16
mov64 r0, 0
ldacqw r0, [r1+16]
exit

; case: strelw, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 1 size 4 address mem+16
mov64 r0, 0
strelw [r1+16], r0
exit

; case: ldacqw, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 1 size 4 address mem+1
mov64 r0, 0
ldacqw r0, [r1+1]
exit

; case: strelw, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 1 size 4 address mem+1
mov64 r0, 0
strelw [r1+1], r0
exit

; case: ldacqdw
; when: 0 gives 0 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
; when: 0x8000000080008080 gives 0x8000000080008080
ldacqdw r0, [r1+0]
exit

; case: ldacqdw into its own base
; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
ldacqdw r1, [r1+0]
mov64 r0, r1
exit

; case: streldw
; when: 0 0 gives 0 ; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 1 ; when: 0x7fffffffffffffff 1 gives 1
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0xfedcba9876543210
; when: 0x80000000 0x80000000 gives 0x80000000 ; when: 0xffffffff 1 gives 1
ldxdw r2, [r1+8]
streldw [r1+0], r2
ldxdw r0, [r1+0]
exit

; case: ldacqdw, every pair of registers
; pairs: distinct
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
mov64 rB, r1
ldacqdw rA, [rB+0]
mov64 r0, rA
exit

; case: ldacqdw, behind the end
; kind: raw ; mem: 00*16 ; fault: load at 1 size 8 address mem+16
mov64 r0, 0
ldacqdw r0, [r1+16]
exit

; case: streldw, behind the end
; kind: raw ; mem: 00*16 ; fault: store at 1 size 8 address mem+16
mov64 r0, 0
streldw [r1+16], r0
exit

; case: ldacqdw, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 1 size 8 address mem+1
mov64 r0, 0
ldacqdw r0, [r1+1]
exit

; case: streldw, unaligned (B11)
; kind: raw ; mem: 00*16 ; fault: alignment at 1 size 8 address mem+1
mov64 r0, 0
streldw [r1+1], r0
exit
