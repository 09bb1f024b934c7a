# SPDX-License-Identifier: MIT OR Apache-2.0
# A6 A9 A10 A11: INT_MIN % -1 does not trap; the sign is that of the dividend.
; verifier: lenient

; case: smod64 of registers
; when: 0 0 gives 0 ; when: 1 1 gives 0 ; when: 0xffffffffffffffff 1 gives 0
; when: 1 0xffffffffffffffff gives 0 ; when: 0xffffffffffffffff 0xffffffffffffffff gives 0
; when: 7 2 gives 1 ; when: 0xfffffffffffffff9 2 gives 0xffffffffffffffff
; when: 7 0xfffffffffffffffe gives 1 ; when: 0x8000000000000000 0xffffffffffffffff gives 0
; when: 0x8000000000000000 1 gives 0 ; when: 0x8000000000000000 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff 2 gives 1 ; when: 0x80000000 0xffffffff gives 0x80000000
; when: 0x80000000 0xffffffffffffffff gives 0 ; when: 0x80000000 1 gives 0
; when: 0x7fffffff 0x7fffffff gives 0 ; when: 0xffffffff 0xffffffff gives 0
; when: 0xffffffff 1 gives 0 ; when: 0x100000000 1 gives 0 ; when: 1 0x100000000 gives 1
; when: 0xffffffff00000000 0xffffffff gives 0xffffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x123456789abcde0
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0xfedcba9876543210
; when: 0x123456789abcdef0 0 gives 0x123456789abcdef0 ; when: 0x123456789abcdef0 0xd gives 0xa
; when: 0xfedcba9876543210 0x100000000 gives 0xffffffff76543210
; when: 0xfedcba9876543210 0xffffffff00000000 gives 0xffffffff76543210
ldxdw r2, [r1]
ldxdw r3, [r1+8]
smod64 r2, r3
mov64 r0, r2
exit

; case: smod64 of a register by itself
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r2, [r1]
smod64 r2, r2
mov64 r0, r2
exit

; case: smod64 by 0
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000000 ; when: 0xffffffff00000000 gives 0xffffffff00000000
; when: 0x123456789abcdef0 gives 0x123456789abcdef0
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
ldxdw r0, [r1]
smod64 r0, 0
exit

; case: smod64 by 1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
smod64 r0, 1
exit

; case: smod64 by -1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
smod64 r0, -1
exit

; case: smod64 by 2
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 0 ; when: 7 gives 1 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 1 ; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 1
; when: 0xffffffff gives 1 ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0 ; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
smod64 r0, 2
exit

; case: smod64 by 7
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 0 ; when: 0x8000000000000000 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff gives 0 ; when: 0x80000000 gives 2 ; when: 0x7fffffff gives 1
; when: 0xffffffff gives 3 ; when: 0x100000000 gives 4
; when: 0xffffffff00000000 gives 0xfffffffffffffffc ; when: 0x123456789abcdef0 gives 5
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
smod64 r0, 7
exit

; case: smod64 by 0xd
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0xfffffffffffffff8
; when: 0x7fffffffffffffff gives 7 ; when: 0x80000000 gives 0xb ; when: 0x7fffffff gives 0xa
; when: 0xffffffff gives 8 ; when: 0x100000000 gives 9
; when: 0xffffffff00000000 gives 0xfffffffffffffff7 ; when: 0x123456789abcdef0 gives 0xa
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
smod64 r0, 0xd
exit

; case: smod64 by 0x7fffffff
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0xfffffffffffffffe
; when: 0x7fffffffffffffff gives 1 ; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0
; when: 0xffffffff gives 1 ; when: 0x100000000 gives 2
; when: 0xffffffff00000000 gives 0xfffffffffffffffe ; when: 0x123456789abcdef0 gives 0x3f258be1
; when: 0xfedcba9876543210 gives 0xfffffffff40da741
ldxdw r0, [r1]
smod64 r0, 0x7fffffff
exit

; case: smod64 by -0x80000000
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff gives 0x7fffffff ; when: 0x80000000 gives 0
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0x7fffffff ; when: 0x100000000 gives 0
; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0x1abcdef0
; when: 0xfedcba9876543210 gives 0xfffffffff6543210
ldxdw r0, [r1]
smod64 r0, -0x80000000
exit

; case: smod64 by 0x12345678
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0xfffffffff20feda8
; when: 0x7fffffffffffffff gives 0xdf01257 ; when: 0x80000000 gives 0x91a2b8
; when: 0x7fffffff gives 0x91a2b7 ; when: 0xffffffff gives 0x123456f
; when: 0x100000000 gives 0x1234570 ; when: 0xffffffff00000000 gives 0xfffffffffedcba90
; when: 0x123456789abcdef0 gives 0x91a2b30 ; when: 0xfedcba9876543210 gives 0xfffffffff6543210
ldxdw r0, [r1]
smod64 r0, 0x12345678
exit

; case: smod64, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0xfedcba9876543210
; when: 0x8000000000000000 0xffffffffffffffff gives 0 ; when: 0x123456789abcdef0 5 gives 0
; when: 0xfedcba9876543210 0 gives 0xfedcba9876543210
; when: 0x80000000 0xffffffff gives 0x80000000
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
smod64 rA, rB
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

; case: smod64, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0 ; when: 0 0 gives 0 ; when: 0 0x8000000000000005 gives 0
; when: 0 0x80000000 gives 0
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
smod64 rA, rB
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

; case: smod32 of registers
; when: 0 0 gives 0 ; when: 1 1 gives 0 ; when: 0xffffffffffffffff 1 gives 0
; when: 1 0xffffffffffffffff gives 0 ; when: 0xffffffffffffffff 0xffffffffffffffff gives 0
; when: 7 2 gives 1 ; when: 0xfffffffffffffff9 2 gives 0xffffffff
; when: 7 0xfffffffffffffffe gives 1 ; when: 0x8000000000000000 0xffffffffffffffff gives 0
; when: 0x8000000000000000 1 gives 0 ; when: 0x8000000000000000 0x8000000000000000 gives 0
; when: 0x7fffffffffffffff 2 gives 0xffffffff ; when: 0x80000000 0xffffffff gives 0
; when: 0x80000000 0xffffffffffffffff gives 0 ; when: 0x80000000 1 gives 0
; when: 0x7fffffff 0x7fffffff gives 0 ; when: 0xffffffff 0xffffffff gives 0
; when: 0xffffffff 1 gives 0 ; when: 0x100000000 1 gives 0 ; when: 1 0x100000000 gives 1
; when: 0xffffffff00000000 0xffffffff gives 0
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0x9abcdef0
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0x11111100
; when: 0x123456789abcdef0 0 gives 0x9abcdef0 ; when: 0x123456789abcdef0 0xd gives 0xfffffffc
; when: 0xfedcba9876543210 0x100000000 gives 0x76543210
; when: 0xfedcba9876543210 0xffffffff00000000 gives 0x76543210
ldxdw r2, [r1]
ldxdw r3, [r1+8]
smod32 r2, r3
mov64 r0, r2
exit

; case: smod32 of a register by itself
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r2, [r1]
smod32 r2, r2
mov64 r0, r2
exit

; case: smod32 by 0
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r0, [r1]
smod32 r0, 0
exit

; case: smod32 by 1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
smod32 r0, 1
exit

; case: smod32 by -1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
smod32 r0, -1
exit

; case: smod32 by 2
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 0
; when: 7 gives 1 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0
ldxdw r0, [r1]
smod32 r0, 2
exit

; case: smod32 by 7
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0xfffffffe ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xfffffffb ; when: 0xfedcba9876543210 gives 5
ldxdw r0, [r1]
smod32 r0, 7
exit

; case: smod32 by 0xd
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0xfffffff5 ; when: 0x7fffffff gives 0xa
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xfffffffc ; when: 0xfedcba9876543210 gives 4
ldxdw r0, [r1]
smod32 r0, 0xd
exit

; case: smod32 by 0x7fffffff
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0xffffffff ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r0, [r1]
smod32 r0, 0x7fffffff
exit

; case: smod32 by -0x80000000
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r0, [r1]
smod32 r0, -0x80000000
exit

; case: smod32 by 0x12345678
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0xff6e5d48 ; when: 0x7fffffff gives 0x91a2b7
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0xf5c28f48 ; when: 0xfedcba9876543210 gives 0x91a2b40
ldxdw r0, [r1]
smod32 r0, 0x12345678
exit

; case: smod32, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0x11111100
; when: 0x8000000000000000 0xffffffffffffffff gives 0 ; when: 0x123456789abcdef0 5 gives 0xfffffffe
; when: 0xfedcba9876543210 0 gives 0x76543210 ; when: 0x80000000 0xffffffff gives 0
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
smod32 rA, rB
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

; case: smod32, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0 ; when: 0 0 gives 0 ; when: 0 0x8000000000000005 gives 0
; when: 0 0x80000000 gives 0
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
smod32 rA, rB
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
