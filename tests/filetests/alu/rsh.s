# SPDX-License-Identifier: MIT OR Apache-2.0
# A11 A13 A14: the count is masked, in registers and immediates.
; verifier: lenient

; case: rsh64 of registers
; when: 1 0 gives 1 ; when: 1 1 gives 0 ; when: 1 0x1f gives 0 ; when: 1 0x20 gives 0
; when: 1 0x21 gives 0 ; when: 1 0x3f gives 0 ; when: 1 0x40 gives 1 ; when: 1 0x41 gives 0
; when: 1 0xffffffffffffffff gives 0 ; when: 1 0x100000001 gives 0
; when: 0xffffffffffffffff 0 gives 0xffffffffffffffff
; when: 0xffffffffffffffff 1 gives 0x7fffffffffffffff
; when: 0xffffffffffffffff 0x1f gives 0x1ffffffff ; when: 0xffffffffffffffff 0x20 gives 0xffffffff
; when: 0xffffffffffffffff 0x21 gives 0x7fffffff ; when: 0xffffffffffffffff 0x3f gives 1
; when: 0xffffffffffffffff 0x40 gives 0xffffffffffffffff
; when: 0xffffffffffffffff 0x41 gives 0x7fffffffffffffff
; when: 0xffffffffffffffff 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 0x100000001 gives 0x7fffffffffffffff
; when: 0x8000000000000000 0 gives 0x8000000000000000
; when: 0x8000000000000000 1 gives 0x4000000000000000
; when: 0x8000000000000000 0x1f gives 0x100000000 ; when: 0x8000000000000000 0x20 gives 0x80000000
; when: 0x8000000000000000 0x21 gives 0x40000000 ; when: 0x8000000000000000 0x3f gives 1
; when: 0x8000000000000000 0x40 gives 0x8000000000000000
; when: 0x8000000000000000 0x41 gives 0x4000000000000000
; when: 0x8000000000000000 0xffffffffffffffff gives 1
; when: 0x8000000000000000 0x100000001 gives 0x4000000000000000
; when: 0x80000000 0 gives 0x80000000 ; when: 0x80000000 1 gives 0x40000000
; when: 0x80000000 0x1f gives 1 ; when: 0x80000000 0x20 gives 0 ; when: 0x80000000 0x21 gives 0
; when: 0x80000000 0x3f gives 0 ; when: 0x80000000 0x40 gives 0x80000000
; when: 0x80000000 0x41 gives 0x40000000 ; when: 0x80000000 0xffffffffffffffff gives 0
; when: 0x80000000 0x100000001 gives 0x40000000
; when: 0x123456789abcdef0 0 gives 0x123456789abcdef0
; when: 0x123456789abcdef0 1 gives 0x91a2b3c4d5e6f78
; when: 0x123456789abcdef0 0x1f gives 0x2468acf1 ; when: 0x123456789abcdef0 0x20 gives 0x12345678
; when: 0x123456789abcdef0 0x21 gives 0x91a2b3c ; when: 0x123456789abcdef0 0x3f gives 0
; when: 0x123456789abcdef0 0x40 gives 0x123456789abcdef0
; when: 0x123456789abcdef0 0x41 gives 0x91a2b3c4d5e6f78
; when: 0x123456789abcdef0 0xffffffffffffffff gives 0
; when: 0x123456789abcdef0 0x100000001 gives 0x91a2b3c4d5e6f78
ldxdw r2, [r1]
ldxdw r3, [r1+8]
rsh64 r2, r3
mov64 r0, r2
exit

; case: rsh64 of a register by itself
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0 ; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0
; when: 0xffffffff gives 0 ; when: 0x100000000 gives 0x100000000
; when: 0xffffffff00000000 gives 0xffffffff00000000 ; when: 0x123456789abcdef0 gives 0x1234
; when: 0xfedcba9876543210 gives 0xfedcba987654
ldxdw r2, [r1]
rsh64 r2, r2
mov64 r0, r2
exit

; case: rsh64 by 0
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000000 ; when: 0xffffffff00000000 gives 0xffffffff00000000
; when: 0x123456789abcdef0 gives 0x123456789abcdef0
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
ldxdw r0, [r1]
rsh64 r0, 0
exit

; case: rsh64 by 1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x7fffffffffffffff
; when: 2 gives 1 ; when: 7 gives 3 ; when: 0x8000000000000000 gives 0x4000000000000000
; when: 0x7fffffffffffffff gives 0x3fffffffffffffff ; when: 0x80000000 gives 0x40000000
; when: 0x7fffffff gives 0x3fffffff ; when: 0xffffffff gives 0x7fffffff
; when: 0x100000000 gives 0x80000000 ; when: 0xffffffff00000000 gives 0x7fffffff80000000
; when: 0x123456789abcdef0 gives 0x91a2b3c4d5e6f78
; when: 0xfedcba9876543210 gives 0x7f6e5d4c3b2a1908
ldxdw r0, [r1]
rsh64 r0, 1
exit

; case: rsh64 by 0x1f
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x1ffffffff ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0x100000000
; when: 0x7fffffffffffffff gives 0xffffffff ; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0
; when: 0xffffffff gives 1 ; when: 0x100000000 gives 2 ; when: 0xffffffff00000000 gives 0x1fffffffe
; when: 0x123456789abcdef0 gives 0x2468acf1 ; when: 0xfedcba9876543210 gives 0x1fdb97530
ldxdw r0, [r1]
rsh64 r0, 0x1f
exit

; case: rsh64 by 0x20
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0x80000000
; when: 0x7fffffffffffffff gives 0x7fffffff ; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0
; when: 0xffffffff gives 0 ; when: 0x100000000 gives 1 ; when: 0xffffffff00000000 gives 0xffffffff
; when: 0x123456789abcdef0 gives 0x12345678 ; when: 0xfedcba9876543210 gives 0xfedcba98
ldxdw r0, [r1]
rsh64 r0, 0x20
exit

; case: rsh64 by 0x3f
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 1
ldxdw r0, [r1]
rsh64 r0, 0x3f
exit

; case: rsh64 by 0x40
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000000 ; when: 0xffffffff00000000 gives 0xffffffff00000000
; when: 0x123456789abcdef0 gives 0x123456789abcdef0
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
ldxdw r0, [r1]
rsh64 r0, 0x40
exit

; case: rsh64 by -1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 1
ldxdw r0, [r1]
rsh64 r0, -1
exit

; case: rsh64, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0xfedc
; when: 0x8000000000000000 0xffffffffffffffff gives 1
; when: 0x123456789abcdef0 5 gives 0x91a2b3c4d5e6f7
; when: 0xfedcba9876543210 0 gives 0xfedcba9876543210
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
rsh64 rA, rB
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

; case: rsh64, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0xfedcba987654 ; when: 0 0 gives 0
; when: 0 0x8000000000000005 gives 0x400000000000000 ; when: 0 0x80000000 gives 0x80000000
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
rsh64 rA, rB
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

; case: rsh32 of registers
; when: 1 0 gives 1 ; when: 1 1 gives 0 ; when: 1 0x1f gives 0 ; when: 1 0x20 gives 1
; when: 1 0x21 gives 0 ; when: 1 0x3f gives 0 ; when: 1 0x40 gives 1 ; when: 1 0x41 gives 0
; when: 1 0xffffffffffffffff gives 0 ; when: 1 0x100000001 gives 0
; when: 0xffffffffffffffff 0 gives 0xffffffff ; when: 0xffffffffffffffff 1 gives 0x7fffffff
; when: 0xffffffffffffffff 0x1f gives 1 ; when: 0xffffffffffffffff 0x20 gives 0xffffffff
; when: 0xffffffffffffffff 0x21 gives 0x7fffffff ; when: 0xffffffffffffffff 0x3f gives 1
; when: 0xffffffffffffffff 0x40 gives 0xffffffff ; when: 0xffffffffffffffff 0x41 gives 0x7fffffff
; when: 0xffffffffffffffff 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 0x100000001 gives 0x7fffffff ; when: 0x8000000000000000 0 gives 0
; when: 0x8000000000000000 1 gives 0 ; when: 0x8000000000000000 0x1f gives 0
; when: 0x8000000000000000 0x20 gives 0 ; when: 0x8000000000000000 0x21 gives 0
; when: 0x8000000000000000 0x3f gives 0 ; when: 0x8000000000000000 0x40 gives 0
; when: 0x8000000000000000 0x41 gives 0 ; when: 0x8000000000000000 0xffffffffffffffff gives 0
; when: 0x8000000000000000 0x100000001 gives 0 ; when: 0x80000000 0 gives 0x80000000
; when: 0x80000000 1 gives 0x40000000 ; when: 0x80000000 0x1f gives 1
; when: 0x80000000 0x20 gives 0x80000000 ; when: 0x80000000 0x21 gives 0x40000000
; when: 0x80000000 0x3f gives 1 ; when: 0x80000000 0x40 gives 0x80000000
; when: 0x80000000 0x41 gives 0x40000000 ; when: 0x80000000 0xffffffffffffffff gives 1
; when: 0x80000000 0x100000001 gives 0x40000000 ; when: 0x123456789abcdef0 0 gives 0x9abcdef0
; when: 0x123456789abcdef0 1 gives 0x4d5e6f78 ; when: 0x123456789abcdef0 0x1f gives 1
; when: 0x123456789abcdef0 0x20 gives 0x9abcdef0 ; when: 0x123456789abcdef0 0x21 gives 0x4d5e6f78
; when: 0x123456789abcdef0 0x3f gives 1 ; when: 0x123456789abcdef0 0x40 gives 0x9abcdef0
; when: 0x123456789abcdef0 0x41 gives 0x4d5e6f78
; when: 0x123456789abcdef0 0xffffffffffffffff gives 1
; when: 0x123456789abcdef0 0x100000001 gives 0x4d5e6f78
ldxdw r2, [r1]
ldxdw r3, [r1+8]
rsh32 r2, r3
mov64 r0, r2
exit

; case: rsh32 of a register by itself
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abc ; when: 0xfedcba9876543210 gives 0x7654
ldxdw r2, [r1]
rsh32 r2, r2
mov64 r0, r2
exit

; case: rsh32 by 0
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r0, [r1]
rsh32 r0, 0
exit

; case: rsh32 by 1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0x7fffffff ; when: 2 gives 1
; when: 7 gives 3 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0x7fffffff
; when: 0x80000000 gives 0x40000000 ; when: 0x7fffffff gives 0x3fffffff
; when: 0xffffffff gives 0x7fffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x4d5e6f78 ; when: 0xfedcba9876543210 gives 0x3b2a1908
ldxdw r0, [r1]
rsh32 r0, 1
exit

; case: rsh32 by 0x1f
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
rsh32 r0, 0x1f
exit

; case: rsh32 by 0x20
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r0, [r1]
rsh32 r0, 0x20
exit

; case: rsh32 by 0x3f
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
rsh32 r0, 0x3f
exit

; case: rsh32 by 0x40
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r0, [r1]
rsh32 r0, 0x40
exit

; case: rsh32 by -1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
rsh32 r0, -1
exit

; case: rsh32, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0x7654
; when: 0x8000000000000000 0xffffffffffffffff gives 0 ; when: 0x123456789abcdef0 5 gives 0x4d5e6f7
; when: 0xfedcba9876543210 0 gives 0x76543210
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
rsh32 rA, rB
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

; case: rsh32, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0x7654 ; when: 0 0 gives 0 ; when: 0 0x8000000000000005 gives 0
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
rsh32 rA, rB
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
