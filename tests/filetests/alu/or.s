# SPDX-License-Identifier: MIT OR Apache-2.0
# A1 A4: zero extension, sign-extended immediates.
; verifier: lenient

; case: or64 of registers
; when: 0 0 gives 0 ; when: 1 1 gives 1 ; when: 0xffffffffffffffff 1 gives 0xffffffffffffffff
; when: 1 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0xffffffffffffffff 0xffffffffffffffff gives 0xffffffffffffffff ; when: 7 2 gives 7
; when: 0xfffffffffffffff9 2 gives 0xfffffffffffffffb
; when: 7 0xfffffffffffffffe gives 0xffffffffffffffff
; when: 0x8000000000000000 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0x8000000000000000 1 gives 0x8000000000000001
; when: 0x8000000000000000 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff 2 gives 0x7fffffffffffffff
; when: 0x80000000 0xffffffff gives 0xffffffff
; when: 0x80000000 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0x80000000 1 gives 0x80000001 ; when: 0x7fffffff 0x7fffffff gives 0x7fffffff
; when: 0xffffffff 0xffffffff gives 0xffffffff ; when: 0xffffffff 1 gives 0xffffffff
; when: 0x100000000 1 gives 0x100000001 ; when: 1 0x100000000 gives 0x100000001
; when: 0xffffffff00000000 0xffffffff gives 0xffffffffffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0xfefcfef8fefcfef0
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0xfefcfef8fefcfef0
; when: 0x123456789abcdef0 0 gives 0x123456789abcdef0
; when: 0x123456789abcdef0 0xd gives 0x123456789abcdefd
; when: 0xfedcba9876543210 0x100000000 gives 0xfedcba9976543210
; when: 0xfedcba9876543210 0xffffffff00000000 gives 0xffffffff76543210
ldxdw r2, [r1]
ldxdw r3, [r1+8]
or64 r2, r3
mov64 r0, r2
exit

; case: or64 of a register by itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000000 ; when: 0xffffffff00000000 gives 0xffffffff00000000
; when: 0x123456789abcdef0 gives 0x123456789abcdef0
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
ldxdw r2, [r1]
or64 r2, r2
mov64 r0, r2
exit

; case: or64 by 0
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000000
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000000 ; when: 0xffffffff00000000 gives 0xffffffff00000000
; when: 0x123456789abcdef0 gives 0x123456789abcdef0
; when: 0xfedcba9876543210 gives 0xfedcba9876543210
ldxdw r0, [r1]
or64 r0, 0
exit

; case: or64 by 1
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 3 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000001
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000001
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000001 ; when: 0xffffffff00000000 gives 0xffffffff00000001
; when: 0x123456789abcdef0 gives 0x123456789abcdef1
; when: 0xfedcba9876543210 gives 0xfedcba9876543211
ldxdw r0, [r1]
or64 r0, 1
exit

; case: or64 by -1
; when: 0 gives 0xffffffffffffffff ; when: 1 gives 0xffffffffffffffff
; when: 0xffffffffffffffff gives 0xffffffffffffffff ; when: 2 gives 0xffffffffffffffff
; when: 7 gives 0xffffffffffffffff ; when: 0x8000000000000000 gives 0xffffffffffffffff
; when: 0x7fffffffffffffff gives 0xffffffffffffffff ; when: 0x80000000 gives 0xffffffffffffffff
; when: 0x7fffffff gives 0xffffffffffffffff ; when: 0xffffffff gives 0xffffffffffffffff
; when: 0x100000000 gives 0xffffffffffffffff ; when: 0xffffffff00000000 gives 0xffffffffffffffff
; when: 0x123456789abcdef0 gives 0xffffffffffffffff
; when: 0xfedcba9876543210 gives 0xffffffffffffffff
ldxdw r0, [r1]
or64 r0, -1
exit

; case: or64 by 2
; when: 0 gives 2 ; when: 1 gives 3 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 2 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000002
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000002
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000002 ; when: 0xffffffff00000000 gives 0xffffffff00000002
; when: 0x123456789abcdef0 gives 0x123456789abcdef2
; when: 0xfedcba9876543210 gives 0xfedcba9876543212
ldxdw r0, [r1]
or64 r0, 2
exit

; case: or64 by 7
; when: 0 gives 7 ; when: 1 gives 7 ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 7 ; when: 7 gives 7 ; when: 0x8000000000000000 gives 0x8000000000000007
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x80000007
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x100000007 ; when: 0xffffffff00000000 gives 0xffffffff00000007
; when: 0x123456789abcdef0 gives 0x123456789abcdef7
; when: 0xfedcba9876543210 gives 0xfedcba9876543217
ldxdw r0, [r1]
or64 r0, 7
exit

; case: or64 by 0xd
; when: 0 gives 0xd ; when: 1 gives 0xd ; when: 0xffffffffffffffff gives 0xffffffffffffffff
; when: 2 gives 0xf ; when: 7 gives 0xf ; when: 0x8000000000000000 gives 0x800000000000000d
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x8000000d
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x10000000d ; when: 0xffffffff00000000 gives 0xffffffff0000000d
; when: 0x123456789abcdef0 gives 0x123456789abcdefd
; when: 0xfedcba9876543210 gives 0xfedcba987654321d
ldxdw r0, [r1]
or64 r0, 0xd
exit

; case: or64 by 0x7fffffff
; when: 0 gives 0x7fffffff ; when: 1 gives 0x7fffffff
; when: 0xffffffffffffffff gives 0xffffffffffffffff ; when: 2 gives 0x7fffffff
; when: 7 gives 0x7fffffff ; when: 0x8000000000000000 gives 0x800000007fffffff
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0xffffffff
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x17fffffff ; when: 0xffffffff00000000 gives 0xffffffff7fffffff
; when: 0x123456789abcdef0 gives 0x12345678ffffffff
; when: 0xfedcba9876543210 gives 0xfedcba987fffffff
ldxdw r0, [r1]
or64 r0, 0x7fffffff
exit

; case: or64 by -0x80000000
; when: 0 gives 0xffffffff80000000 ; when: 1 gives 0xffffffff80000001
; when: 0xffffffffffffffff gives 0xffffffffffffffff ; when: 2 gives 0xffffffff80000002
; when: 7 gives 0xffffffff80000007 ; when: 0x8000000000000000 gives 0xffffffff80000000
; when: 0x7fffffffffffffff gives 0xffffffffffffffff ; when: 0x80000000 gives 0xffffffff80000000
; when: 0x7fffffff gives 0xffffffffffffffff ; when: 0xffffffff gives 0xffffffffffffffff
; when: 0x100000000 gives 0xffffffff80000000 ; when: 0xffffffff00000000 gives 0xffffffff80000000
; when: 0x123456789abcdef0 gives 0xffffffff9abcdef0
; when: 0xfedcba9876543210 gives 0xfffffffff6543210
ldxdw r0, [r1]
or64 r0, -0x80000000
exit

; case: or64 by 0x12345678
; when: 0 gives 0x12345678 ; when: 1 gives 0x12345679
; when: 0xffffffffffffffff gives 0xffffffffffffffff ; when: 2 gives 0x1234567a
; when: 7 gives 0x1234567f ; when: 0x8000000000000000 gives 0x8000000012345678
; when: 0x7fffffffffffffff gives 0x7fffffffffffffff ; when: 0x80000000 gives 0x92345678
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x112345678 ; when: 0xffffffff00000000 gives 0xffffffff12345678
; when: 0x123456789abcdef0 gives 0x123456789abcdef8
; when: 0xfedcba9876543210 gives 0xfedcba9876747678
ldxdw r0, [r1]
or64 r0, 0x12345678
exit

; case: or64, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0xfefcfef8fefcfef0
; when: 0x8000000000000000 0xffffffffffffffff gives 0xffffffffffffffff
; when: 0x123456789abcdef0 5 gives 0x123456789abcdef5
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
or64 rA, rB
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

; case: or64, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0xfedcba9876543210 ; when: 0 0 gives 0
; when: 0 0x8000000000000005 gives 0x8000000000000005 ; when: 0 0x80000000 gives 0x80000000
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
or64 rA, rB
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

; case: or32 of registers
; when: 0 0 gives 0 ; when: 1 1 gives 1 ; when: 0xffffffffffffffff 1 gives 0xffffffff
; when: 1 0xffffffffffffffff gives 0xffffffff
; when: 0xffffffffffffffff 0xffffffffffffffff gives 0xffffffff ; when: 7 2 gives 7
; when: 0xfffffffffffffff9 2 gives 0xfffffffb ; when: 7 0xfffffffffffffffe gives 0xffffffff
; when: 0x8000000000000000 0xffffffffffffffff gives 0xffffffff ; when: 0x8000000000000000 1 gives 1
; when: 0x8000000000000000 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff 2 gives 0xffffffff
; when: 0x80000000 0xffffffff gives 0xffffffff
; when: 0x80000000 0xffffffffffffffff gives 0xffffffff ; when: 0x80000000 1 gives 0x80000001
; when: 0x7fffffff 0x7fffffff gives 0x7fffffff ; when: 0xffffffff 0xffffffff gives 0xffffffff
; when: 0xffffffff 1 gives 0xffffffff ; when: 0x100000000 1 gives 1 ; when: 1 0x100000000 gives 1
; when: 0xffffffff00000000 0xffffffff gives 0xffffffff
; when: 0x123456789abcdef0 0xfedcba9876543210 gives 0xfefcfef0
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0xfefcfef0
; when: 0x123456789abcdef0 0 gives 0x9abcdef0 ; when: 0x123456789abcdef0 0xd gives 0x9abcdefd
; when: 0xfedcba9876543210 0x100000000 gives 0x76543210
; when: 0xfedcba9876543210 0xffffffff00000000 gives 0x76543210
ldxdw r2, [r1]
ldxdw r3, [r1+8]
or32 r2, r3
mov64 r0, r2
exit

; case: or32 of a register by itself
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r2, [r1]
or32 r2, r2
mov64 r0, r2
exit

; case: or32 by 0
; when: 0 gives 0 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000000 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0x76543210
ldxdw r0, [r1]
or32 r0, 0
exit

; case: or32 by 1
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 3
; when: 7 gives 7 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000001 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 1 ; when: 0xffffffff00000000 gives 1
; when: 0x123456789abcdef0 gives 0x9abcdef1 ; when: 0xfedcba9876543210 gives 0x76543211
ldxdw r0, [r1]
or32 r0, 1
exit

; case: or32 by -1
; when: 0 gives 0xffffffff ; when: 1 gives 0xffffffff ; when: 0xffffffffffffffff gives 0xffffffff
; when: 2 gives 0xffffffff ; when: 7 gives 0xffffffff ; when: 0x8000000000000000 gives 0xffffffff
; when: 0x7fffffffffffffff gives 0xffffffff ; when: 0x80000000 gives 0xffffffff
; when: 0x7fffffff gives 0xffffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0xffffffff ; when: 0xffffffff00000000 gives 0xffffffff
; when: 0x123456789abcdef0 gives 0xffffffff ; when: 0xfedcba9876543210 gives 0xffffffff
ldxdw r0, [r1]
or32 r0, -1
exit

; case: or32 by 2
; when: 0 gives 2 ; when: 1 gives 3 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 2
; when: 7 gives 7 ; when: 0x8000000000000000 gives 2 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000002 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 2 ; when: 0xffffffff00000000 gives 2
; when: 0x123456789abcdef0 gives 0x9abcdef2 ; when: 0xfedcba9876543210 gives 0x76543212
ldxdw r0, [r1]
or32 r0, 2
exit

; case: or32 by 7
; when: 0 gives 7 ; when: 1 gives 7 ; when: 0xffffffffffffffff gives 0xffffffff ; when: 2 gives 7
; when: 7 gives 7 ; when: 0x8000000000000000 gives 7 ; when: 0x7fffffffffffffff gives 0xffffffff
; when: 0x80000000 gives 0x80000007 ; when: 0x7fffffff gives 0x7fffffff
; when: 0xffffffff gives 0xffffffff ; when: 0x100000000 gives 7 ; when: 0xffffffff00000000 gives 7
; when: 0x123456789abcdef0 gives 0x9abcdef7 ; when: 0xfedcba9876543210 gives 0x76543217
ldxdw r0, [r1]
or32 r0, 7
exit

; case: or32 by 0xd
; when: 0 gives 0xd ; when: 1 gives 0xd ; when: 0xffffffffffffffff gives 0xffffffff
; when: 2 gives 0xf ; when: 7 gives 0xf ; when: 0x8000000000000000 gives 0xd
; when: 0x7fffffffffffffff gives 0xffffffff ; when: 0x80000000 gives 0x8000000d
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0xd ; when: 0xffffffff00000000 gives 0xd
; when: 0x123456789abcdef0 gives 0x9abcdefd ; when: 0xfedcba9876543210 gives 0x7654321d
ldxdw r0, [r1]
or32 r0, 0xd
exit

; case: or32 by 0x7fffffff
; when: 0 gives 0x7fffffff ; when: 1 gives 0x7fffffff ; when: 0xffffffffffffffff gives 0xffffffff
; when: 2 gives 0x7fffffff ; when: 7 gives 0x7fffffff ; when: 0x8000000000000000 gives 0x7fffffff
; when: 0x7fffffffffffffff gives 0xffffffff ; when: 0x80000000 gives 0xffffffff
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x7fffffff ; when: 0xffffffff00000000 gives 0x7fffffff
; when: 0x123456789abcdef0 gives 0xffffffff ; when: 0xfedcba9876543210 gives 0x7fffffff
ldxdw r0, [r1]
or32 r0, 0x7fffffff
exit

; case: or32 by -0x80000000
; when: 0 gives 0x80000000 ; when: 1 gives 0x80000001 ; when: 0xffffffffffffffff gives 0xffffffff
; when: 2 gives 0x80000002 ; when: 7 gives 0x80000007 ; when: 0x8000000000000000 gives 0x80000000
; when: 0x7fffffffffffffff gives 0xffffffff ; when: 0x80000000 gives 0x80000000
; when: 0x7fffffff gives 0xffffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x80000000 ; when: 0xffffffff00000000 gives 0x80000000
; when: 0x123456789abcdef0 gives 0x9abcdef0 ; when: 0xfedcba9876543210 gives 0xf6543210
ldxdw r0, [r1]
or32 r0, -0x80000000
exit

; case: or32 by 0x12345678
; when: 0 gives 0x12345678 ; when: 1 gives 0x12345679 ; when: 0xffffffffffffffff gives 0xffffffff
; when: 2 gives 0x1234567a ; when: 7 gives 0x1234567f ; when: 0x8000000000000000 gives 0x12345678
; when: 0x7fffffffffffffff gives 0xffffffff ; when: 0x80000000 gives 0x92345678
; when: 0x7fffffff gives 0x7fffffff ; when: 0xffffffff gives 0xffffffff
; when: 0x100000000 gives 0x12345678 ; when: 0xffffffff00000000 gives 0x12345678
; when: 0x123456789abcdef0 gives 0x9abcdef8 ; when: 0xfedcba9876543210 gives 0x76747678
ldxdw r0, [r1]
or32 r0, 0x12345678
exit

; case: or32, every pair of registers
; pairs: distinct
; sweep: no
; when: 0xfedcba9876543210 0x123456789abcdef0 gives 0xfefcfef0
; when: 0x8000000000000000 0xffffffffffffffff gives 0xffffffff
; when: 0x123456789abcdef0 5 gives 0x9abcdef5 ; when: 0xfedcba9876543210 0 gives 0x76543210
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
or32 rA, rB
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

; case: or32, every register by itself
; pairs: same
; sweep: no
; when: 0 0xfedcba9876543210 gives 0x76543210 ; when: 0 0 gives 0
; when: 0 0x8000000000000005 gives 5 ; when: 0 0x80000000 gives 0x80000000
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
or32 rA, rB
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
