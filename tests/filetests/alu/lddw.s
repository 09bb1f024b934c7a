# SPDX-License-Identifier: MIT OR Apache-2.0
# A5: both halves of lddw stand for themselves; C7: jumps around it.

; case: 0
; result: 0 ; executed: 2
; bytes: 18000000 00000000 00000000 00000000 95*1 00*7
lddw r0, 0
exit

; case: 1
; result: 1 ; executed: 2
; bytes: 18000000 01000000 00000000 00000000 95*1 00*7
lddw r0, 1
exit

; case: 0xffffffffffffffff
; result: 0xffffffffffffffff ; executed: 2
; bytes: 18000000 ffffffff 00000000 ffffffff 95*1 00*7
lddw r0, 0xffffffffffffffff
exit

; case: 0x8000000000000000
; result: 0x8000000000000000 ; executed: 2
; bytes: 18000000 00000000 00000000 00000080 95*1 00*7
lddw r0, 0x8000000000000000
exit

; case: 0x7fffffffffffffff
; result: 0x7fffffffffffffff ; executed: 2
; bytes: 18000000 ffffffff 00000000 ffffff7f 95*1 00*7
lddw r0, 0x7fffffffffffffff
exit

; case: 0x80000000
; result: 0x80000000 ; executed: 2
; bytes: 18000000 00000080 00000000 00000000 95*1 00*7
lddw r0, 0x80000000
exit

; case: 0x7fffffff
; result: 0x7fffffff ; executed: 2
; bytes: 18000000 ffffff7f 00000000 00000000 95*1 00*7
lddw r0, 0x7fffffff
exit

; case: 0xffffffff
; result: 0xffffffff ; executed: 2
; bytes: 18000000 ffffffff 00000000 00000000 95*1 00*7
lddw r0, 0xffffffff
exit

; case: 0x100000000
; result: 0x100000000 ; executed: 2
; bytes: 18000000 00000000 00000000 01000000 95*1 00*7
lddw r0, 0x100000000
exit

; case: 0x8000000080000000
; result: 0x8000000080000000 ; executed: 2
; bytes: 18000000 00000080 00000000 00000080 95*1 00*7
lddw r0, 0x8000000080000000
exit

; case: 0x123456789abcdef0
; result: 0x123456789abcdef0 ; executed: 2
; bytes: 18000000 f0debc9a 00000000 78563412 95*1 00*7
lddw r0, 0x123456789abcdef0
exit

; case: 0xfedcba9876543210
; result: 0xfedcba9876543210 ; executed: 2
; bytes: 18000000 10325476 00000000 98badcfe 95*1 00*7
lddw r0, 0xfedcba9876543210
exit

; case: 0x1ffffffff
; result: 0x1ffffffff ; executed: 2
; bytes: 18000000 ffffffff 00000000 01000000 95*1 00*7
lddw r0, 0x1ffffffff
exit

; case: 0xffffffff7fffffff
; result: 0xffffffff7fffffff ; executed: 2
; bytes: 18000000 ffffff7f 00000000 ffffffff 95*1 00*7
lddw r0, 0xffffffff7fffffff
exit

; case: in every register
; pairs: same
; result: 0xfedcba9876543210
lddw rA, 0xfedcba9876543210
mov64 r0, rA
exit

; case: a jump over it and back
; result: 0x1122334455667788 ; executed: 5
ja over
back:
lddw r0, 0x1122334455667788
exit
over:
mov64 r0, 0
jeq r0, 0, back
exit
