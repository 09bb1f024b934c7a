# SPDX-License-Identifier: MIT OR Apache-2.0
# A15 A16: on a little-endian host le truncates and be swaps; what is above is cleared.

; case: le16
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffff
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0xffff ; when: 0xffffffff gives 0xffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xdef0 ; when: 0xfedcba9876543210 gives 0x3210
; when: 0x102 gives 0x102 ; when: 0x8001 gives 0x8001 ; when: 0x1020304 gives 0x304
; when: 0x80000001 gives 1 ; when: 0x102030405060708 gives 0x708
ldxdw r0, [r1]
le16 r0
exit

; case: le16, every register
; pairs: same
; sweep: no
; when: 0 0x102030405060788 gives 0x788 ; when: 0 0xffffffffffffffff gives 0xffff
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
le16 rA
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

; case: le32
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
; when: 0x102 gives 0x102 ; when: 0x8001 gives 0x8001 ; when: 0x1020304 gives 0x1020304
; when: 0x80000001 gives 0x80000001 ; when: 0x102030405060708 gives 0x5060708
ldxdw r0, [r1]
le32 r0
exit

; case: le32, every register
; pairs: same
; sweep: no
; when: 0 0x102030405060788 gives 0x5060788 ; when: 0 0xffffffffffffffff gives 0xffffffff
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
le32 rA
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

; case: le64
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000000 ; when: 0xffffffff00000000 gives 0xffffffff00000000
; when: 0x123456789abcdef0 gives 0x123456789abcdef0
; when: 0xfedcba9876543210 gives 0xfedcba9876543210 ; when: 0x102 gives 0x102
; when: 0x8001 gives 0x8001 ; when: 0x1020304 gives 0x1020304 ; when: 0x80000001 gives 0x80000001
; when: 0x102030405060708 gives 0x102030405060708
ldxdw r0, [r1]
le64 r0
exit

; case: le64, every register
; pairs: same
; sweep: no
; when: 0 0x102030405060788 gives 0x102030405060788
; when: 0 0xffffffffffffffff gives 0xffffffffffffffff
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
le64 rA
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

; case: be16
; when: 0 gives 0 ; when: 1 gives 0x100 ; when: 0xffffffffffffffff gives 0xffff
; when: 2 gives 0x200 ; when: 7 gives 0x700 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffff ; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0xffff
; when: 0xffffffff gives 0xffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xf0de ; when: 0xfedcba9876543210 gives 0x1032
; when: 0x102 gives 0x201 ; when: 0x8001 gives 0x180 ; when: 0x1020304 gives 0x403
; when: 0x80000001 gives 0x100 ; when: 0x102030405060708 gives 0x807
ldxdw r0, [r1]
be16 r0
exit

; case: be16, every register
; pairs: same
; sweep: no
; when: 0 0x102030405060788 gives 0x8807 ; when: 0 0xffffffffffffffff gives 0xffff
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
be16 rA
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

; case: be32
; when: 0 gives 0 ; when: 1 gives 0x1000000 ; when: 0xffffffffffffffff gives 0xffffffff
; when: 2 gives 0x2000000 ; when: 7 gives 0x7000000 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffffffff ; when: 0x80000000 gives 0x80
; when: 0x7fffffff gives 0xffffff7f ; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0xf0debc9a
; when: 0xfedcba9876543210 gives 0x10325476 ; when: 0x102 gives 0x2010000
; when: 0x8001 gives 0x1800000 ; when: 0x1020304 gives 0x4030201 ; when: 0x80000001 gives 0x1000080
; when: 0x102030405060708 gives 0x8070605
ldxdw r0, [r1]
be32 r0
exit

; case: be32, every register
; pairs: same
; sweep: no
; when: 0 0x102030405060788 gives 0x88070605 ; when: 0 0xffffffffffffffff gives 0xffffffff
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
be32 rA
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

; case: be64
; when: 0 gives 0 ; when: 1 gives 0x100000000000000
; when: 0xffffffffffffffff gives 0xffffffffffffffff ; when: 2 gives 0x200000000000000
; when: 7 gives 0x700000000000000 ; when: 0x8000000000000000 gives 0x80
; when: 0x7fffffffffffffff gives 0xffffffffffffff7f ; when: 0x80000000 gives 0x8000000000
; when: 0x7fffffff gives 0xffffff7f00000000 ; when: 0xffffffff gives 0xffffffff00000000
; when: 0x100000000 gives 0x1000000 ; when: 0xffffffff00000000 gives 0xffffffff
; when: 0x123456789abcdef0 gives 0xf0debc9a78563412
; when: 0xfedcba9876543210 gives 0x1032547698badcfe ; when: 0x102 gives 0x201000000000000
; when: 0x8001 gives 0x180000000000000 ; when: 0x1020304 gives 0x403020100000000
; when: 0x80000001 gives 0x100008000000000 ; when: 0x102030405060708 gives 0x807060504030201
ldxdw r0, [r1]
be64 r0
exit

; case: be64, every register
; pairs: same
; sweep: no
; when: 0 0x102030405060788 gives 0x8807060504030201
; when: 0 0xffffffffffffffff gives 0xffffffffffffffff
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
be64 rA
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

; case: bswap16
; when: 0 gives 0 ; when: 1 gives 0x100 ; when: 0xffffffffffffffff gives 0xffff
; when: 2 gives 0x200 ; when: 7 gives 0x700 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffff ; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0xffff
; when: 0xffffffff gives 0xffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xf0de ; when: 0xfedcba9876543210 gives 0x1032
; when: 0x102 gives 0x201 ; when: 0x8001 gives 0x180 ; when: 0x1020304 gives 0x403
; when: 0x80000001 gives 0x100 ; when: 0x102030405060708 gives 0x807
ldxdw r0, [r1]
bswap16 r0
exit

; case: bswap16, every register
; pairs: same
; sweep: no
; when: 0 0x102030405060788 gives 0x8807 ; when: 0 0xffffffffffffffff gives 0xffff
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
bswap16 rA
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

; case: bswap32
; when: 0 gives 0 ; when: 1 gives 0x1000000 ; when: 0xffffffffffffffff gives 0xffffffff
; when: 2 gives 0x2000000 ; when: 7 gives 0x7000000 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffffffff ; when: 0x80000000 gives 0x80
; when: 0x7fffffff gives 0xffffff7f ; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0xf0debc9a
; when: 0xfedcba9876543210 gives 0x10325476 ; when: 0x102 gives 0x2010000
; when: 0x8001 gives 0x1800000 ; when: 0x1020304 gives 0x4030201 ; when: 0x80000001 gives 0x1000080
; when: 0x102030405060708 gives 0x8070605
ldxdw r0, [r1]
bswap32 r0
exit

; case: bswap32, every register
; pairs: same
; sweep: no
; when: 0 0x102030405060788 gives 0x88070605 ; when: 0 0xffffffffffffffff gives 0xffffffff
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
bswap32 rA
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

; case: bswap64
; when: 0 gives 0 ; when: 1 gives 0x100000000000000
; when: 0xffffffffffffffff gives 0xffffffffffffffff ; when: 2 gives 0x200000000000000
; when: 7 gives 0x700000000000000 ; when: 0x8000000000000000 gives 0x80
; when: 0x7fffffffffffffff gives 0xffffffffffffff7f ; when: 0x80000000 gives 0x8000000000
; when: 0x7fffffff gives 0xffffff7f00000000 ; when: 0xffffffff gives 0xffffffff00000000
; when: 0x100000000 gives 0x1000000 ; when: 0xffffffff00000000 gives 0xffffffff
; when: 0x123456789abcdef0 gives 0xf0debc9a78563412
; when: 0xfedcba9876543210 gives 0x1032547698badcfe ; when: 0x102 gives 0x201000000000000
; when: 0x8001 gives 0x180000000000000 ; when: 0x1020304 gives 0x403020100000000
; when: 0x80000001 gives 0x100008000000000 ; when: 0x102030405060708 gives 0x807060504030201
ldxdw r0, [r1]
bswap64 r0
exit

; case: bswap64, every register
; pairs: same
; sweep: no
; when: 0 0x102030405060788 gives 0x8807060504030201
; when: 0 0xffffffffffffffff gives 0xffffffffffffffff
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
bswap64 rA
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
