# SPDX-License-Identifier: MIT OR Apache-2.0
# A3: immediates are sign-extended, for unsigned comparisons too; A12: reg and imm forms differ.

; case: jsle of registers
; when: 0 0 gives 1 ; when: 1 0 gives 0 ; when: 0 1 gives 1 ; when: 0xffffffffffffffff 0 gives 1
; when: 0 0xffffffffffffffff gives 0 ; when: 0xffffffffffffffff 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 1 ; when: 1 0xffffffffffffffff gives 0
; when: 0x8000000000000000 0x7fffffffffffffff gives 1
; when: 0x7fffffffffffffff 0x8000000000000000 gives 0
; when: 0x8000000000000000 0x8000000000000000 gives 1 ; when: 0x80000000 0x7fffffff gives 0
; when: 0x7fffffff 0x80000000 gives 1 ; when: 0xffffffff 0xffffffffffffffff gives 0
; when: 0xffffffffffffffff 0xffffffff gives 1 ; when: 0x100000000 0 gives 0
; when: 0 0x100000000 gives 1 ; when: 0x100000000 1 gives 0
; when: 0xffffffff00000000 0xffffffff gives 1 ; when: 0x123456789abcdef0 0x123456789abcdef0 gives 1
; when: 0x123456789abcdef0 0x100000009abcdef0 gives 0 ; when: 0xfffffffe 0xfffffffffffffffe gives 0
; when: 2 2 gives 1 ; when: 3 2 gives 0 ; when: 2 3 gives 1
ldxdw r2, [r1]
ldxdw r3, [r1+8]
mov64 r0, 1
jsle r2, r3, +1
mov64 r0, 0
exit

; case: jsle of a register and itself
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 1
; when: 7 gives 1 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 1 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle r2, r2, +1
mov64 r0, 0
exit

; case: jsle with 0
; when: 0 gives 1 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 1 ; when: 0 gives 1 ; when: 0xffffffffffffffff gives 1
; when: 1 gives 0 ; when: 0 gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle r2, 0, out
mov64 r0, 0
out:
exit

; case: jsle with 1
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 1 ; when: 1 gives 1 ; when: 0 gives 1 ; when: 2 gives 0
; when: 1 gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle r2, 1, out
mov64 r0, 0
out:
exit

; case: jsle with -1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 1 ; when: 0xffffffffffffffff gives 1
; when: 0xfffffffffffffffe gives 1 ; when: 0 gives 0 ; when: 0xffffffff gives 0
ldxdw r2, [r1]
mov64 r0, 1
jsle r2, -1, out
mov64 r0, 0
out:
exit

; case: jsle with 2
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 1
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 1 ; when: 2 gives 1 ; when: 1 gives 1 ; when: 3 gives 0
; when: 2 gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle r2, 2, out
mov64 r0, 0
out:
exit

; case: jsle with 0x7fffffff
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 1
; when: 7 gives 1 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 1 ; when: 0x7fffffff gives 1 ; when: 0x7ffffffe gives 1
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle r2, 0x7fffffff, out
mov64 r0, 0
out:
exit

; case: jsle with -0x80000000
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 0 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 1 ; when: 0xffffffff80000000 gives 1
; when: 0xffffffff7fffffff gives 1 ; when: 0xffffffff80000001 gives 0 ; when: 0x80000000 gives 0
ldxdw r2, [r1]
mov64 r0, 1
jsle r2, -0x80000000, out
mov64 r0, 0
out:
exit

; case: jsle, every pair of registers
; pairs: distinct
; sweep: no
; when: 5 5 gives 1 ; when: 0xffffffffffffffff 1 gives 1 ; when: 1 0xffffffffffffffff gives 0
; when: 0x80000000 0x7fffffff gives 0
ldxdw r2, [r1]
stxdw [r10-8], r2
ldxdw r2, [r1+8]
stxdw [r10-16], r2
ldxdw rA, [r10-8]
ldxdw rB, [r10-16]
jsle rA, rB, taken
mov64 r0, 0
exit
taken:
mov64 r0, 1
exit

; case: jsle32 of registers
; when: 0 0 gives 1 ; when: 1 0 gives 0 ; when: 0 1 gives 1 ; when: 0xffffffffffffffff 0 gives 1
; when: 0 0xffffffffffffffff gives 0 ; when: 0xffffffffffffffff 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 1 gives 1 ; when: 1 0xffffffffffffffff gives 0
; when: 0x8000000000000000 0x7fffffffffffffff gives 0
; when: 0x7fffffffffffffff 0x8000000000000000 gives 1
; when: 0x8000000000000000 0x8000000000000000 gives 1 ; when: 0x80000000 0x7fffffff gives 1
; when: 0x7fffffff 0x80000000 gives 0 ; when: 0xffffffff 0xffffffffffffffff gives 1
; when: 0xffffffffffffffff 0xffffffff gives 1 ; when: 0x100000000 0 gives 1
; when: 0 0x100000000 gives 1 ; when: 0x100000000 1 gives 1
; when: 0xffffffff00000000 0xffffffff gives 0 ; when: 0x123456789abcdef0 0x123456789abcdef0 gives 1
; when: 0x123456789abcdef0 0x100000009abcdef0 gives 1 ; when: 0xfffffffe 0xfffffffffffffffe gives 1
; when: 2 2 gives 1 ; when: 3 2 gives 0 ; when: 2 3 gives 1
ldxdw r2, [r1]
ldxdw r3, [r1+8]
mov64 r0, 1
jsle32 r2, r3, +1
mov64 r0, 0
exit

; case: jsle32 of a register and itself
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 1
; when: 7 gives 1 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 1 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle32 r2, r2, +1
mov64 r0, 0
exit

; case: jsle32 with 0
; when: 0 gives 1 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 1 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 0 ; when: 0 gives 1 ; when: 0xffffffffffffffff gives 1
; when: 1 gives 0 ; when: 0 gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle32 r2, 0, out
mov64 r0, 0
out:
exit

; case: jsle32 with 1
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 1 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 0 ; when: 1 gives 1 ; when: 0 gives 1 ; when: 2 gives 0
; when: 1 gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle32 r2, 1, out
mov64 r0, 0
out:
exit

; case: jsle32 with -1
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 0 ; when: 0xffffffffffffffff gives 1
; when: 0xfffffffffffffffe gives 1 ; when: 0 gives 0 ; when: 0xffffffff gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle32 r2, -1, out
mov64 r0, 0
out:
exit

; case: jsle32 with 2
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 1
; when: 7 gives 0 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 1 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 0 ; when: 2 gives 1 ; when: 1 gives 1 ; when: 3 gives 0
; when: 2 gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle32 r2, 2, out
mov64 r0, 0
out:
exit

; case: jsle32 with 0x7fffffff
; when: 0 gives 1 ; when: 1 gives 1 ; when: 0xffffffffffffffff gives 1 ; when: 2 gives 1
; when: 7 gives 1 ; when: 0x8000000000000000 gives 1 ; when: 0x7fffffffffffffff gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 1 ; when: 0xffffffff gives 1
; when: 0x100000000 gives 1 ; when: 0xffffffff00000000 gives 1 ; when: 0x123456789abcdef0 gives 1
; when: 0xfedcba9876543210 gives 1 ; when: 0x7fffffff gives 1 ; when: 0x7ffffffe gives 1
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle32 r2, 0x7fffffff, out
mov64 r0, 0
out:
exit

; case: jsle32 with -0x80000000
; when: 0 gives 0 ; when: 1 gives 0 ; when: 0xffffffffffffffff gives 0 ; when: 2 gives 0
; when: 7 gives 0 ; when: 0x8000000000000000 gives 0 ; when: 0x7fffffffffffffff gives 0
; when: 0x80000000 gives 1 ; when: 0x7fffffff gives 0 ; when: 0xffffffff gives 0
; when: 0x100000000 gives 0 ; when: 0xffffffff00000000 gives 0 ; when: 0x123456789abcdef0 gives 0
; when: 0xfedcba9876543210 gives 0 ; when: 0xffffffff80000000 gives 1
; when: 0xffffffff7fffffff gives 0 ; when: 0xffffffff80000001 gives 0 ; when: 0x80000000 gives 1
ldxdw r2, [r1]
mov64 r0, 1
jsle32 r2, -0x80000000, out
mov64 r0, 0
out:
exit

; case: jsle32, every pair of registers
; pairs: distinct
; sweep: no
; when: 5 5 gives 1 ; when: 0xffffffffffffffff 1 gives 1 ; when: 1 0xffffffffffffffff gives 0
; when: 0x80000000 0x7fffffff gives 1
ldxdw r2, [r1]
stxdw [r10-8], r2
ldxdw r2, [r1+8]
stxdw [r10-16], r2
ldxdw rA, [r10-8]
ldxdw rB, [r10-16]
jsle32 rA, rB, taken
mov64 r0, 0
exit
taken:
mov64 r0, 1
exit
