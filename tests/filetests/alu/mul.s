# SPDX-License-Identifier: MIT OR Apache-2.0
# A1 A4 A11 A18: wrap-around, machine registers in the way.
; verifier: lenient

; case: mul64 of registers
; when: 0 0 gives 0 ; when: 1 1 gives 1 ; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 0xffffffffffffffff gives 1 ; when: 7 2 gives 0xe
; when: 0xfffffffffffffff9 2 gives 0xfffffffffffffff2
; when: 7 0xfffffffffffffffe gives 0xfffffffffffffff2
; when: 0x8000000000000000 0xffffffffffffffff gives 0x8000000000000000
; when: 0x8000000000000000 1 gives 0x8000000000000000
; when: 0x8000000000000000 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff 2 gives 0xfffffffffffffffe
; when: 0x80000000 0xffffffff gives 0x7fffffff80000000
; when: 0x80000000 0xffffffffffffffff gives 0xffffffff80000000
; when: 0x80000000 1 gives 0x80000000 ; when: 0x7fffffff 0x7fffffff gives 0x3fffffff00000001
; when: 0xffffffff 0xffffffff gives 0xfffffffe00000001 ; when: 0xffffffff 1 gives 0xffffffff
; when: 0x100000000 1 gives 0x100000000 ; when: 1 0x100000000 gives 0x100000000
; when: 0xffffffff00000000 0xffffffff gives 0x100000000
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x236d88fe5618cf00
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0x236d88fe5618cf00
; when: 0x123456789abcdef0 0 gives 0 ; when: 0x123456789abcdef0 0xd gives 0xeca8641fdb975230
; when: 0xfedcba9876543210 0x100000000 gives 0x7654321000000000
; when: 0xfedcba9876543210 0xffffffff00000000 gives 0x89abcdf000000000
ldxdw r2, [r1]
ldxdw r3, [r1+8]
mul64 r2, r3
mov64 r0, r2
exit

; case: mul64 of a register by itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 4
; when: 7 gives 0x31 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 0x4000000000000000 ; when: 0x7fffffff gives 0x3fffffff00000001
; when: 0xffffffff gives 0xfffffffe00000001 ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0xa5e20890f2a52100
; when: 0xfedcba9876543210 gives 0xdeec6cd7a44a4100
ldxdw r2, [r1]
mul64 r2, r2
mov64 r0, r2
exit

; case: mul64 by 0
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
mul64 r0, 0
exit

; case: mul64 by 1
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000000 ; when: 0xffffffff00000000 gives 0xffffffff00000000
; when: 0x123456789abcdef0 gives 0x123456789abcdef0
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
ldxdw r0, [r1]
mul64 r0, 1
exit

; case: mul64 by -1
; when: 0 gives 0 ; when: 1 gives 0xffffffffffffffff ; when: 0xffffffffffffffff gives 1
; when: 2 gives 0xfffffffffffffffe ; when: 7 gives 0xfffffffffffffff9
; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x8000000000000001 ; when: 0x80000000 gives 0xffffffff80000000
; when: 0x7fffffff gives 0xffffffff80000001 ; when: 0xffffffff gives 0xffffffff00000001
; when: 0x100000000 gives 0xffffffff00000000 ; when: 0xffffffff00000000 gives 0x100000000
; when: 0x123456789abcdef0 gives 0xedcba98765432110
; when: 0xfedcba9876543210 gives 0x123456789abcdf0
ldxdw r0, [r1]
mul64 r0, -1
exit

; case: mul64 by 2
; when: 0 gives 0 ; when: 1 gives 2 ; when: 0xffffffffffffffff gives 0xfffffffffffffffe
; when: 2 gives 4 ; when: 7 gives 0xe ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xfffffffffffffffe ; when: 0x80000000 gives 0x100000000
; when: 0x7fffffff gives 0xfffffffe ; when: 0xffffffff gives 0x1fffffffe
; when: 0x100000000 gives 0x200000000 ; when: 0xffffffff00000000 gives 0xfffffffe00000000
; when: 0x123456789abcdef0 gives 0x2468acf13579bde0
; when: 0xfedcba9876543210 gives 0xfdb97530eca86420
ldxdw r0, [r1]
mul64 r0, 2
exit

; case: mul64 by 7
; when: 0 gives 0 ; when: 1 gives 7 ; when: 0xffffffffffffffff gives 0xfffffffffffffff9
; when: 2 gives 0xe ; when: 7 gives 0x31 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7ffffffffffffff9 ; when: 0x80000000 gives 0x380000000
; when: 0x7fffffff gives 0x37ffffff9 ; when: 0xffffffff gives 0x6fffffff9
; when: 0x100000000 gives 0x700000000 ; when: 0xffffffff00000000 gives 0xfffffff900000000
; when: 0x123456789abcdef0 gives 0x7f6e5d4c3b2a1890
; when: 0xfedcba9876543210 gives 0xf8091a2b3c4d5e70
ldxdw r0, [r1]
mul64 r0, 7
exit

; case: mul64 by 0xd
; when: 0 gives 0 ; when: 1 gives 0xd ; when: 0xffffffffffffffff gives 0xfffffffffffffff3
; when: 2 gives 0x1a ; when: 7 gives 0x5b ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7ffffffffffffff3 ; when: 0x80000000 gives 0x680000000
; when: 0x7fffffff gives 0x67ffffff3 ; when: 0xffffffff gives 0xcfffffff3
; when: 0x100000000 gives 0xd00000000 ; when: 0xffffffff00000000 gives 0xfffffff300000000
; when: 0x123456789abcdef0 gives 0xeca8641fdb975230
; when: 0xfedcba9876543210 gives 0xf13579be02468ad0
ldxdw r0, [r1]
mul64 r0, 0xd
exit

; case: mul64 by 0x7fffffff
; when: 0 gives 0 ; when: 1 gives 0x7fffffff ; when: 0xffffffffffffffff gives 0xffffffff80000001
; when: 2 gives 0xfffffffe ; when: 7 gives 0x37ffffff9
; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7fffffff80000001 ; when: 0x80000000 gives 0x3fffffff80000000
; when: 0x7fffffff gives 0x3fffffff00000001 ; when: 0xffffffff gives 0x7ffffffe80000001
; when: 0x100000000 gives 0x7fffffff00000000 ; when: 0xffffffff00000000 gives 0x8000000100000000
; when: 0x123456789abcdef0 gives 0x3b2a18ff65432110
; when: 0xfedcba9876543210 gives 0x3c4d5e6f89abcdf0
ldxdw r0, [r1]
mul64 r0, 0x7fffffff
exit

; case: mul64 by -0x80000000
; when: 0 gives 0 ; when: 1 gives 0xffffffff80000000 ; when: 0xffffffffffffffff gives 0x80000000
; when: 2 gives 0xffffffff00000000 ; when: 7 gives 0xfffffffc80000000
; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0x80000000
; when: 0x80000000 gives 0xc000000000000000 ; when: 0x7fffffff gives 0xc000000080000000
; when: 0xffffffff gives 0x8000000080000000 ; when: 0x100000000 gives 0x8000000000000000
; when: 0xffffffff00000000 gives 0x8000000000000000
; when: 0x123456789abcdef0 gives 0xb2a1908800000000
; when: 0xfedcba9876543210 gives 0xc4d5e6f800000000
ldxdw r0, [r1]
mul64 r0, -0x80000000
exit

; case: mul64 by 0x12345678
; when: 0 gives 0 ; when: 1 gives 0x12345678 ; when: 0xffffffffffffffff gives 0xffffffffedcba988
; when: 2 gives 0x2468acf0 ; when: 7 gives 0x7f6e5d48 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffffffffedcba988 ; when: 0x80000000 gives 0x91a2b3c00000000
; when: 0x7fffffff gives 0x91a2b3bedcba988 ; when: 0xffffffff gives 0x12345677edcba988
; when: 0x100000000 gives 0x1234567800000000 ; when: 0xffffffff00000000 gives 0xedcba98800000000
; when: 0x123456789abcdef0 gives 0x28f5c28e242d2080
; when: 0xfedcba9876543210 gives 0x3d70a3d70b88d780
ldxdw r0, [r1]
mul64 r0, 0x12345678
exit

; case: mul64, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0x236d88fe5618cf00
; when: 0x8000000000000000 0xffffffffffffffff gives 0x8000000000000000
; when: 0x123456789abcdef0 5 gives 0x5b05b05b05b05ab0 ; when: 0xfedcba9876543210 0 gives 0
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
mul64 rA, rB
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
ldxdw r0, [r10-32]
ldxdw r1, [r10-16]
jne r0, r1, lost
ldxdw r0, [r10-24]
exit
lost:
lddw r0, 0xdeadbeefdeadbeef
exit

; case: mul64, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0xdeec6cd7a44a4100 ; when: 0 0 gives 0
; when: 0 0x8000000000000005 gives 0x19 ; when: 0 0x80000000 gives 0x4000000000000000
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
mul64 rA, rB
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

; case: mul32 of registers
; when: 0 0 gives 0 ; when: 1 1 gives 1 ; when: 0xffffffffffffffff 1 gives 0xffffffff
; when: 1 0xffffffffffffffff gives 0xffffffff ; when: 0xffffffffffffffff 0xffffffffffffffff gives 1
; when: 7 2 gives 0xe ; when: 0xfffffffffffffff9 2 gives 0xfffffff2
; when: 7 0xfffffffffffffffe gives 0xfffffff2 ; when: 0x8000000000000000 0xffffffffffffffff gives 0
; when: 0x8000000000000000 1 gives 0 ; when: 0x8000000000000000 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff 2 gives 0xfffffffe ; when: 0x80000000 0xffffffff gives 0x80000000
; when: 0x80000000 0xffffffffffffffff gives 0x80000000 ; when: 0x80000000 1 gives 0x80000000
; when: 0x7fffffff 0x7fffffff gives 1 ; when: 0xffffffff 0xffffffff gives 1
; when: 0xffffffff 1 gives 0xffffffff ; when: 0x100000000 1 gives 0 ; when: 1 0x100000000 gives 0
; when: 0xffffffff00000000 0xffffffff gives 0
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x5618cf00
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0x5618cf00 ; when: 0x123456789abcdef0 0 gives 0
; when: 0x123456789abcdef0 0xd gives 0xdb975230 ; when: 0xfedcba9876543210 0x100000000 gives 0
; when: 0xfedcba9876543210 0xffffffff00000000 gives 0
ldxdw r2, [r1]
ldxdw r3, [r1+8]
mul32 r2, r3
mov64 r0, r2
exit

; case: mul32 of a register by itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 4
; when: 7 gives 0x31 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xf2a52100 ; when: 0xfedcba9876543210 gives 0xa44a4100
ldxdw r2, [r1]
mul32 r2, r2
mov64 r0, r2
exit

; case: mul32 by 0
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
mul32 r0, 0
exit

; case: mul32 by 1
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r0, [r1]
mul32 r0, 1
exit

; case: mul32 by -1
; when: 0 gives 0 ; when: 1 gives 0xffffffff ; when: 0xffffffffffffffff gives 1
; when: 2 gives 0xfffffffe ; when: 7 gives 0xfffffff9 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 1 ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x80000001 ; when: 0xffffffff gives 1 ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0x65432110
; when: 0xfedcba9876543210 gives 0x89abcdf0
ldxdw r0, [r1]
mul32 r0, -1
exit

; case: mul32 by 2
; when: 0 gives 0 ; when: 1 gives 2 ; when: 0xffffffffffffffff gives 0xfffffffe ; when: 2 gives 4
; when: 7 gives 0xe ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xfffffffe
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0xfffffffe ; when: 0xffffffff gives 0xfffffffe
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x3579bde0 ; when: 0xfedcba9876543210 gives 0xeca86420
ldxdw r0, [r1]
mul32 r0, 2
exit

; case: mul32 by 7
; when: 0 gives 0 ; when: 1 gives 7 ; when: 0xffffffffffffffff gives 0xfffffff9 ; when: 2 gives 0xe
; when: 7 gives 0x31 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xfffffff9
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7ffffff9
; when: 0xffffffff gives 0xfffffff9 ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x3b2a1890 ; when: 0xfedcba9876543210 gives 0x3c4d5e70
ldxdw r0, [r1]
mul32 r0, 7
exit

; case: mul32 by 0xd
; when: 0 gives 0 ; when: 1 gives 0xd ; when: 0xffffffffffffffff gives 0xfffffff3
; when: 2 gives 0x1a ; when: 7 gives 0x5b ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xfffffff3 ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x7ffffff3 ; when: 0xffffffff gives 0xfffffff3 ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0xdb975230
; when: 0xfedcba9876543210 gives 0x2468ad0
ldxdw r0, [r1]
mul32 r0, 0xd
exit

; case: mul32 by 0x7fffffff
; when: 0 gives 0 ; when: 1 gives 0x7fffffff ; when: 0xffffffffffffffff gives 0x80000001
; when: 2 gives 0xfffffffe ; when: 7 gives 0x7ffffff9 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0x80000001 ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 0x80000001 ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0x65432110
; when: 0xfedcba9876543210 gives 0x89abcdf0
ldxdw r0, [r1]
mul32 r0, 0x7fffffff
exit

; case: mul32 by -0x80000000
; when: 0 gives 0 ; when: 1 gives 0x80000000 ; when: 0xffffffffffffffff gives 0x80000000
; when: 2 gives 0 ; when: 7 gives 0x80000000 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0x80000000 ; when: 0x80000000 gives 0
; when: 0x7fffffff gives 0x80000000 ; when: 0xffffffff gives 0x80000000 ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
mul32 r0, -0x80000000
exit

; case: mul32 by 0x12345678
; when: 0 gives 0 ; when: 1 gives 0x12345678 ; when: 0xffffffffffffffff gives 0xedcba988
; when: 2 gives 0x2468acf0 ; when: 7 gives 0x7f6e5d48 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xedcba988 ; when: 0x80000000 gives 0
; when: 0x7fffffff gives 0xedcba988 ; when: 0xffffffff gives 0xedcba988 ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0x242d2080
; when: 0xfedcba9876543210 gives 0xb88d780
ldxdw r0, [r1]
mul32 r0, 0x12345678
exit

; case: mul32, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0x5618cf00
; when: 0x8000000000000000 0xffffffffffffffff gives 0 ; when: 0x123456789abcdef0 5 gives 0x5b05ab0
; when: 0xfedcba9876543210 0 gives 0
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
mul32 rA, rB
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
ldxdw r0, [r10-32]
ldxdw r1, [r10-16]
jne r0, r1, lost
ldxdw r0, [r10-24]
exit
lost:
lddw r0, 0xdeadbeefdeadbeef
exit

; case: mul32, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0xa44a4100 ; when: 0 0 gives 0
; when: 0 0x8000000000000005 gives 0x19 ; when: 0 0x80000000 gives 0
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
mul32 rA, rB
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
