# SPDX-License-Identifier: MIT OR Apache-2.0
# D5 D9: the helper whose id is in a register.
; helpers: test
; verifier: lenient

; case: callx
; result: 54321
mov64 r1, 1
mov64 r2, 2
mov64 r3, 3
mov64 r4, 4
mov64 r5, 5
mov64 r7, 1
callx r7
exit

; case: by every register
; pairs: same
; result: 0xfedcba9876543210
mov32 rA, 0xffffffff
callx rA
exit

; case: no such helper
; fault: called-unknown at 1 address 4
mov64 r6, 4
callx r6
exit

; case: an id of more than 32 bits is none
; fault: called-unknown at 2 address 0x100000001
lddw r6, 0x100000001
callx r6
exit

; case: an id that is negative
; fault: called-unknown at 1
mov64 r6, -5
callx r6
exit

; case: strictly it is refused
; verifier: strict ; verify: reject call-kind at 0
callx r6
exit

; case: r6 to r9 survive
; result: 0xf
mov64 r6, 1
mov64 r7, 2
mov64 r8, 4
mov64 r9, 8
mov64 r0, 10
callx r0
mov64 r0, r6
or64 r0, r7
or64 r0, r8
or64 r0, r9
exit
