# SPDX-License-Identifier: MIT OR Apache-2.0
# A4 A6 A8 A11: division by zero is zero; 32-bit forms see the low half of the divisor only.
; verifier: lenient

; case: div64 of registers
; when: 0 0 gives 0 ; when: 1 1 gives 1 ; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 1 0xffffffffffffffff gives 0 ; when: 0xffffffffffffffff 0xffffffffffffffff gives 1
; when: 7 2 gives 3 ; when: 0xfffffffffffffff9 2 gives 0x7ffffffffffffffc
; when: 7 0xfffffffffffffffe gives 0 ; when: 0x8000000000000000 0xffffffffffffffff gives 0
; when: 0x8000000000000000 1 gives 0x8000000000000000
; when: 0x8000000000000000 0x8000000000000000 gives 1
; when: 0x7fffffffffffffff 2 gives 0x3fffffffffffffff ; when: 0x80000000 0xffffffff gives 0
; when: 0x80000000 0xffffffffffffffff gives 0 ; when: 0x80000000 1 gives 0x80000000
; when: 0x7fffffff 0x7fffffff gives 1 ; when: 0xffffffff 0xffffffff gives 1
; when: 0xffffffff 1 gives 0xffffffff ; when: 0x100000000 1 gives 0x100000000
; when: 1 0x100000000 gives 0 ; when: 0xffffffff00000000 0xffffffff gives 0x100000000
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0xe ; when: 0x123456789abcdef0 0 gives 0
; when: 0x123456789abcdef0 0xd gives 0x1667cce33499afe
; when: 0xfedcba9876543210 0x100000000 gives 0xfedcba98
; when: 0xfedcba9876543210 0xffffffff00000000 gives 0
ldxdw r2, [r1]
ldxdw r3, [r1+8]
div64 r2, r3
mov64 r0, r2
exit

; case: div64 of a register by itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 1
; when: 7 gives 1 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 1 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 1
ldxdw r2, [r1]
div64 r2, r2
mov64 r0, r2
exit

; case: div64 by 0
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
div64 r0, 0
exit

; case: div64 by 1
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000000 ; when: 0xffffffff00000000 gives 0xffffffff00000000
; when: 0x123456789abcdef0 gives 0x123456789abcdef0
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
ldxdw r0, [r1]
div64 r0, 1
exit

; case: div64 by -1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
div64 r0, -1
exit

; case: div64 by 2
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x7fffffffffffffff
; when: 2 gives 1 ; when: 7 gives 3 ; when: 0x8000000000000000 gives 0x4000000000000000
; when: 0x7fffffffffffffff gives 0x3fffffffffffffff ; when: 0x80000000 gives 0x40000000
; when: 0x7fffffff gives 0x3fffffff ; when: 0xffffffff gives 0x7fffffff
; when: 0x100000000 gives 0x80000000 ; when: 0xffffffff00000000 gives 0x7fffffff80000000
; when: 0x123456789abcdef0 gives 0x91a2b3c4d5e6f78
; when: 0xfedcba9876543210 gives 0x7f6e5d4c3b2a1908
ldxdw r0, [r1]
div64 r0, 2
exit

; case: div64 by 7
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x2492492492492492
; when: 2 gives 0 ; when: 7 gives 1 ; when: 0x8000000000000000 gives 0x1249249249249249
; when: 0x7fffffffffffffff gives 0x1249249249249249 ; when: 0x80000000 gives 0x12492492
; when: 0x7fffffff gives 0x12492492 ; when: 0xffffffff gives 0x24924924
; when: 0x100000000 gives 0x24924924 ; when: 0xffffffff00000000 gives 0x249249246db6db6d
; when: 0x123456789abcdef0 gives 0x299c335ccf668fd
; when: 0xfedcba9876543210 gives 0x2468acf13579be02
ldxdw r0, [r1]
div64 r0, 7
exit

; case: div64 by 0xd
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x13b13b13b13b13b1
; when: 2 gives 0 ; when: 7 gives 0 ; when: 0x8000000000000000 gives 0x9d89d89d89d89d8
; when: 0x7fffffffffffffff gives 0x9d89d89d89d89d8 ; when: 0x80000000 gives 0x9d89d89
; when: 0x7fffffff gives 0x9d89d89 ; when: 0xffffffff gives 0x13b13b13
; when: 0x100000000 gives 0x13b13b13 ; when: 0xffffffff00000000 gives 0x13b13b139d89d89d
; when: 0x123456789abcdef0 gives 0x1667cce33499afe
; when: 0xfedcba9876543210 gives 0x139ad346ce067a01
ldxdw r0, [r1]
div64 r0, 0xd
exit

; case: div64 by 0x7fffffff
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x200000004 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0x100000002
; when: 0x7fffffffffffffff gives 0x100000002 ; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 1
; when: 0xffffffff gives 2 ; when: 0x100000000 gives 2 ; when: 0xffffffff00000000 gives 0x200000002
; when: 0x123456789abcdef0 gives 0x2468acf1 ; when: 0xfedcba9876543210 gives 0x1fdb97534
ldxdw r0, [r1]
div64 r0, 0x7fffffff
exit

; case: div64 by -0x80000000
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
div64 r0, -0x80000000
exit

; case: div64 by 0x12345678
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0xe10000077 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0x70800003b
; when: 0x7fffffffffffffff gives 0x70800003b ; when: 0x80000000 gives 7 ; when: 0x7fffffff gives 7
; when: 0xffffffff gives 0xe ; when: 0x100000000 gives 0xe
; when: 0xffffffff00000000 gives 0xe10000069 ; when: 0x123456789abcdef0 gives 0x100000008
; when: 0xfedcba9876543210 gives 0xe00000077
ldxdw r0, [r1]
div64 r0, 0x12345678
exit

; case: div64, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0xe
; when: 0x8000000000000000 0xffffffffffffffff gives 0
; when: 0x123456789abcdef0 5 gives 0x3a4114b5225c630 ; when: 0xfedcba9876543210 0 gives 0
; when: 0x80000000 0xffffffff gives 0
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
div64 rA, rB
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

; case: div64, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 1 ; when: 0 0 gives 0 ; when: 0 0x8000000000000005 gives 1
; when: 0 0x80000000 gives 1
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
div64 rA, rB
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

; case: div32 of registers
; when: 0 0 gives 0 ; when: 1 1 gives 1 ; when: 0xffffffffffffffff 1 gives 0xffffffff
; when: 1 0xffffffffffffffff gives 0 ; when: 0xffffffffffffffff 0xffffffffffffffff gives 1
; when: 7 2 gives 3 ; when: 0xfffffffffffffff9 2 gives 0x7ffffffc
; when: 7 0xfffffffffffffffe gives 0 ; when: 0x8000000000000000 0xffffffffffffffff gives 0
; when: 0x8000000000000000 1 gives 0 ; when: 0x8000000000000000 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff 2 gives 0x7fffffff ; when: 0x80000000 0xffffffff gives 0
; when: 0x80000000 0xffffffffffffffff gives 0 ; when: 0x80000000 1 gives 0x80000000
; when: 0x7fffffff 0x7fffffff gives 1 ; when: 0xffffffff 0xffffffff gives 1
; when: 0xffffffff 1 gives 0xffffffff ; when: 0x100000000 1 gives 0 ; when: 1 0x100000000 gives 0
; when: 0xffffffff00000000 0xffffffff gives 0 ; when: 0x123456789abcdef0 0xfedcba9876543210 gives 1
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0 ; when: 0x123456789abcdef0 0 gives 0
; when: 0x123456789abcdef0 0xd gives 0xbe724d7 ; when: 0xfedcba9876543210 0x100000000 gives 0
; when: 0xfedcba9876543210 0xffffffff00000000 gives 0
ldxdw r2, [r1]
ldxdw r3, [r1+8]
div32 r2, r3
mov64 r0, r2
exit

; case: div32 of a register by itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 1
; when: 7 gives 1 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 1
ldxdw r2, [r1]
div32 r2, r2
mov64 r0, r2
exit

; case: div32 by 0
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
div32 r0, 0
exit

; case: div32 by 1
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r0, [r1]
div32 r0, 1
exit

; case: div32 by -1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
div32 r0, -1
exit

; case: div32 by 2
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x7fffffff ; when: 2 gives 1
; when: 7 gives 3 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0x7fffffff
; when: 0x80000000 gives 0x40000000 ; when: 0x7fffffff gives 0x3fffffff
; when: 0xffffffff gives 0x7fffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x4d5e6f78 ; when: 0xfedcba9876543210 gives 0x3b2a1908
ldxdw r0, [r1]
div32 r0, 2
exit

; case: div32 by 7
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x24924924 ; when: 2 gives 0
; when: 7 gives 1 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0x24924924
; when: 0x80000000 gives 0x12492492 ; when: 0x7fffffff gives 0x12492492
; when: 0xffffffff gives 0x24924924 ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x161afb46 ; when: 0xfedcba9876543210 gives 0x10e774dd
ldxdw r0, [r1]
div32 r0, 7
exit

; case: div32 by 0xd
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x13b13b13 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0x13b13b13
; when: 0x80000000 gives 0x9d89d89 ; when: 0x7fffffff gives 0x9d89d89
; when: 0xffffffff gives 0x13b13b13 ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xbe724d7 ; when: 0xfedcba9876543210 gives 0x91a2b3c
ldxdw r0, [r1]
div32 r0, 0xd
exit

; case: div32 by 0x7fffffff
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 2 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 2
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 2
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
div32 r0, 0x7fffffff
exit

; case: div32 by -0x80000000
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
div32 r0, -0x80000000
exit

; case: div32 by 0x12345678
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0xe ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xe
; when: 0x80000000 gives 7 ; when: 0x7fffffff gives 7 ; when: 0xffffffff gives 0xe
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 8
; when: 0xfedcba9876543210 gives 6
ldxdw r0, [r1]
div32 r0, 0x12345678
exit

; case: div32, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0
; when: 0x8000000000000000 0xffffffffffffffff gives 0 ; when: 0x123456789abcdef0 5 gives 0x1ef292fc
; when: 0xfedcba9876543210 0 gives 0 ; when: 0x80000000 0xffffffff gives 0
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
div32 rA, rB
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

; case: div32, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 1 ; when: 0 0 gives 0 ; when: 0 0x8000000000000005 gives 1
; when: 0 0x80000000 gives 1
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
div32 rA, rB
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
