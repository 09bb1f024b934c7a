# SPDX-License-Identifier: MIT OR Apache-2.0
# A1 A17: negation wraps, and clears the upper half in 32 bits.

; case: neg64
; when: 0 gives 0 ; when: 1 gives 0xffffffffffffffff ; when: 0xffffffffffffffff gives 1
; when: 2 gives 0xfffffffffffffffe ; when: 7 gives 0xfffffffffffffff9
; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x8000000000000001 ; when: 0x80000000 gives 0xffffffff80000000
; when: 0x7fffffff gives 0xffffffff80000001 ; when: 0xffffffff gives 0xffffffff00000001
; when: 0x100000000 gives 0xffffffff00000000 ; when: 0xffffffff00000000 gives 0x100000000
; when: 0x123456789abcdef0 gives 0xedcba98765432110
; when: 0xfedcba9876543210 gives 0x123456789abcdf0
ldxdw r0, [r1]
neg64 r0
exit

; case: neg64, every register
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0x123456789abcdf0
; when: 0 0x8000000000000000 gives 0x8000000000000000 ; when: 0 0x80000000 gives 0xffffffff80000000
ldxdw r2, [r1]
stxdw [r10-8], r2
ldxdw r2, [r1+8]
stxdw [r10-16], r2
mov64 r0, 0x100
mov64 r1, 0x101
mov64 r2, 0x102
mov64 r3, 0x103
mov64 r4, 0x104
mov64 r5, 0x105
mov64 r6, 0x106
mov64 r7, 0x107
mov64 r8, 0x108
mov64 r9, 0x109
ldxdw rA, [r10-8]
ldxdw rB, [r10-16]
neg64 rA
stxdw [r10-24], rA
stxdw [r10-32], rB
mov64 rA, 0x100 + nA
mov64 rB, 0x100 + nB
xor64 r0, 0x100
xor64 r1, 0x101
xor64 r2, 0x102
xor64 r3, 0x103
xor64 r4, 0x104
xor64 r5, 0x105
xor64 r6, 0x106
xor64 r7, 0x107
xor64 r8, 0x108
xor64 r9, 0x109
or64 r0, r1
or64 r0, r2
or64 r0, r3
or64 r0, r4
or64 r0, r5
or64 r0, r6
or64 r0, r7
or64 r0, r8
or64 r0, r9
jne r0, 0, lost
ldxdw r0, [r10-24]
exit
lost:
lddw r0, 0xdeadbeefdeadbeef
exit

; case: neg32
; when: 0 gives 0 ; when: 1 gives 0xffffffff ; when: 0xffffffffffffffff gives 1
; when: 2 gives 0xfffffffe ; when: 7 gives 0xfffffff9 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 1 ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x80000001 ; when: 0xffffffff gives 1 ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0x65432110
; when: 0xfedcba9876543210 gives 0x89abcdf0
ldxdw r0, [r1]
neg32 r0
exit

; case: neg32, every register
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0x89abcdf0 ; when: 0 0x8000000000000000 gives 0
; when: 0 0x80000000 gives 0x80000000
ldxdw r2, [r1]
stxdw [r10-8], r2
ldxdw r2, [r1+8]
stxdw [r10-16], r2
mov64 r0, 0x100
mov64 r1, 0x101
mov64 r2, 0x102
mov64 r3, 0x103
mov64 r4, 0x104
mov64 r5, 0x105
mov64 r6, 0x106
mov64 r7, 0x107
mov64 r8, 0x108
mov64 r9, 0x109
ldxdw rA, [r10-8]
ldxdw rB, [r10-16]
neg32 rA
stxdw [r10-24], rA
stxdw [r10-32], rB
mov64 rA, 0x100 + nA
mov64 rB, 0x100 + nB
xor64 r0, 0x100
xor64 r1, 0x101
xor64 r2, 0x102
xor64 r3, 0x103
xor64 r4, 0x104
xor64 r5, 0x105
xor64 r6, 0x106
xor64 r7, 0x107
xor64 r8, 0x108
xor64 r9, 0x109
or64 r0, r1
or64 r0, r2
or64 r0, r3
or64 r0, r4
or64 r0, r5
or64 r0, r6
or64 r0, r7
or64 r0, r8
or64 r0, r9
jne r0, 0, lost
ldxdw r0, [r10-24]
exit
lost:
lddw r0, 0xdeadbeefdeadbeef
exit
