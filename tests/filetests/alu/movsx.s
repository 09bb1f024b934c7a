# SPDX-License-Identifier: MIT OR Apache-2.0
# A1 A19: sign extension to the width of the operation, zero extension above it.

; case: movsx864
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffffffffffffffff ; when: 0x80000000 gives 0
; when: 0x7fffffff gives 0xffffffffffffffff ; when: 0xffffffff gives 0xffffffffffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xfffffffffffffff0 ; when: 0xfedcba9876543210 gives 0x10
; when: 0x7f gives 0x7f ; when: 0x80 gives 0xffffffffffffff80 ; when: 0xff gives 0xffffffffffffffff
; when: 0x7fff gives 0xffffffffffffffff ; when: 0x8000 gives 0
; when: 0xffff gives 0xffffffffffffffff ; when: 0x17f gives 0x7f
; when: 0x180 gives 0xffffffffffffff80
ldxdw r3, [r1]
mov64 r0, -1
movsx864 r0, r3
exit

; case: movsx864 of a register into itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffffffffffffffff ; when: 0x80000000 gives 0
; when: 0x7fffffff gives 0xffffffffffffffff ; when: 0xffffffff gives 0xffffffffffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xfffffffffffffff0 ; when: 0xfedcba9876543210 gives 0x10
; when: 0x7f gives 0x7f ; when: 0x80 gives 0xffffffffffffff80 ; when: 0xff gives 0xffffffffffffffff
; when: 0x7fff gives 0xffffffffffffffff ; when: 0x8000 gives 0
; when: 0xffff gives 0xffffffffffffffff ; when: 0x17f gives 0x7f
; when: 0x180 gives 0xffffffffffffff80
ldxdw r0, [r1]
movsx864 r0, r0
exit

; case: movsx864, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xffffffffffffffff 0x80 gives 0xffffffffffffff80 ; when: 0xffffffffffffffff 0x8000 gives 0
; when: 0xffffffffffffffff 0x80000000 gives 0 ; when: 0xffffffffffffffff 0x12345678 gives 0x78
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
movsx864 rA, rB
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

; case: movsx1664
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffffffffffffffff ; when: 0x80000000 gives 0
; when: 0x7fffffff gives 0xffffffffffffffff ; when: 0xffffffff gives 0xffffffffffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xffffffffffffdef0 ; when: 0xfedcba9876543210 gives 0x3210
; when: 0x7f gives 0x7f ; when: 0x80 gives 0x80 ; when: 0xff gives 0xff ; when: 0x7fff gives 0x7fff
; when: 0x8000 gives 0xffffffffffff8000 ; when: 0xffff gives 0xffffffffffffffff
; when: 0x17f gives 0x17f ; when: 0x180 gives 0x180
ldxdw r3, [r1]
mov64 r0, -1
movsx1664 r0, r3
exit

; case: movsx1664 of a register into itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffffffffffffffff ; when: 0x80000000 gives 0
; when: 0x7fffffff gives 0xffffffffffffffff ; when: 0xffffffff gives 0xffffffffffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xffffffffffffdef0 ; when: 0xfedcba9876543210 gives 0x3210
; when: 0x7f gives 0x7f ; when: 0x80 gives 0x80 ; when: 0xff gives 0xff ; when: 0x7fff gives 0x7fff
; when: 0x8000 gives 0xffffffffffff8000 ; when: 0xffff gives 0xffffffffffffffff
; when: 0x17f gives 0x17f ; when: 0x180 gives 0x180
ldxdw r0, [r1]
movsx1664 r0, r0
exit

; case: movsx1664, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xffffffffffffffff 0x80 gives 0x80
; when: 0xffffffffffffffff 0x8000 gives 0xffffffffffff8000
; when: 0xffffffffffffffff 0x80000000 gives 0 ; when: 0xffffffffffffffff 0x12345678 gives 0x5678
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
movsx1664 rA, rB
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

; case: movsx3264
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffffffffffffffff ; when: 0x80000000 gives 0xffffffff80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffffffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xffffffff9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
; when: 0x7f gives 0x7f ; when: 0x80 gives 0x80 ; when: 0xff gives 0xff ; when: 0x7fff gives 0x7fff
; when: 0x8000 gives 0x8000 ; when: 0xffff gives 0xffff ; when: 0x17f gives 0x17f
; when: 0x180 gives 0x180
ldxdw r3, [r1]
mov64 r0, -1
movsx3264 r0, r3
exit

; case: movsx3264 of a register into itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0xffffffffffffffff ; when: 0x80000000 gives 0xffffffff80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffffffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xffffffff9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
; when: 0x7f gives 0x7f ; when: 0x80 gives 0x80 ; when: 0xff gives 0xff ; when: 0x7fff gives 0x7fff
; when: 0x8000 gives 0x8000 ; when: 0xffff gives 0xffff ; when: 0x17f gives 0x17f
; when: 0x180 gives 0x180
ldxdw r0, [r1]
movsx3264 r0, r0
exit

; case: movsx3264, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xffffffffffffffff 0x80 gives 0x80 ; when: 0xffffffffffffffff 0x8000 gives 0x8000
; when: 0xffffffffffffffff 0x80000000 gives 0xffffffff80000000
; when: 0xffffffffffffffff 0x12345678 gives 0x12345678
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
movsx3264 rA, rB
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

; case: movsx832
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0xffffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xfffffff0 ; when: 0xfedcba9876543210 gives 0x10
; when: 0x7f gives 0x7f ; when: 0x80 gives 0xffffff80 ; when: 0xff gives 0xffffffff
; when: 0x7fff gives 0xffffffff ; when: 0x8000 gives 0 ; when: 0xffff gives 0xffffffff
; when: 0x17f gives 0x7f ; when: 0x180 gives 0xffffff80
ldxdw r3, [r1]
mov64 r0, -1
movsx832 r0, r3
exit

; case: movsx832 of a register into itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0xffffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xfffffff0 ; when: 0xfedcba9876543210 gives 0x10
; when: 0x7f gives 0x7f ; when: 0x80 gives 0xffffff80 ; when: 0xff gives 0xffffffff
; when: 0x7fff gives 0xffffffff ; when: 0x8000 gives 0 ; when: 0xffff gives 0xffffffff
; when: 0x17f gives 0x7f ; when: 0x180 gives 0xffffff80
ldxdw r0, [r1]
movsx832 r0, r0
exit

; case: movsx832, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xffffffffffffffff 0x80 gives 0xffffff80 ; when: 0xffffffffffffffff 0x8000 gives 0
; when: 0xffffffffffffffff 0x80000000 gives 0 ; when: 0xffffffffffffffff 0x12345678 gives 0x78
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
movsx832 rA, rB
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

; case: movsx1632
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0xffffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xffffdef0 ; when: 0xfedcba9876543210 gives 0x3210
; when: 0x7f gives 0x7f ; when: 0x80 gives 0x80 ; when: 0xff gives 0xff ; when: 0x7fff gives 0x7fff
; when: 0x8000 gives 0xffff8000 ; when: 0xffff gives 0xffffffff ; when: 0x17f gives 0x17f
; when: 0x180 gives 0x180
ldxdw r3, [r1]
mov64 r0, -1
movsx1632 r0, r3
exit

; case: movsx1632 of a register into itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0xffffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xffffdef0 ; when: 0xfedcba9876543210 gives 0x3210
; when: 0x7f gives 0x7f ; when: 0x80 gives 0x80 ; when: 0xff gives 0xff ; when: 0x7fff gives 0x7fff
; when: 0x8000 gives 0xffff8000 ; when: 0xffff gives 0xffffffff ; when: 0x17f gives 0x17f
; when: 0x180 gives 0x180
ldxdw r0, [r1]
movsx1632 r0, r0
exit

; case: movsx1632, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xffffffffffffffff 0x80 gives 0x80 ; when: 0xffffffffffffffff 0x8000 gives 0xffff8000
; when: 0xffffffffffffffff 0x80000000 gives 0 ; when: 0xffffffffffffffff 0x12345678 gives 0x5678
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
movsx1632 rA, rB
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
