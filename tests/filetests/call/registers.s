# SPDX-License-Identifier: MIT OR Apache-2.0
# What registers hold where no program that a verifier accepts would look: the same in every engine,
# and nothing of the host's (B9, C2).  Helper 10 overwrites all that a called function may.
; helpers: test ; verifier: lenient

; case: all but r1, r2 and r10 are zero at the start
; kind: raw ; mem: 01 02 03 ; result: 0
or64 r0, r3
or64 r0, r4
or64 r0, r5
or64 r0, r6
or64 r0, r7
or64 r0, r8
or64 r0, r9
exit

; case: r0 is zero at the start, alone
; kind: raw ; mem: 01 ; result: 0
exit

; case: r2 is the length of the packet
; kind: raw ; mem: 01 02 03 ; result: 3
mov64 r0, r2
exit

; case: without data r1 and r2 are zero as well
; result: 0
mov64 r0, r1
or64 r0, r2
exit

; case: with a metadata buffer r2 is zero
; kind: mbuff ; mem: 01 02 03 ; mbuff: 04 ; result: 0
mov64 r0, r2
exit

; case: r3 to r9, never written, over a helper's call
; kind: raw ; mem: 01 ; result: 0
call 10
or64 r0, r3
or64 r0, r4
or64 r0, r5
or64 r0, r6
or64 r0, r7
or64 r0, r8
or64 r0, r9
exit

; case: r1 to r5 are what they were after a helper's call
; result: 0x54321
mov64 r1, 0x1
mov64 r2, 0x20
mov64 r3, 0x300
mov64 r4, 0x4000
mov64 r5, 0x50000
call 10
or64 r0, r1
or64 r0, r2
or64 r0, r3
or64 r0, r4
or64 r0, r5
exit

; case: each of r1 to r5 by itself
; when: 1 gives 1 ; when: 0xfedcba9876543210 gives 0xfedcba9876543210
ldxdw r6, [r1+0]
mov64 r1, r6
call 10
mov64 r7, r1
mov64 r2, r7
call 10
mov64 r7, r2
mov64 r3, r7
call 10
mov64 r7, r3
mov64 r4, r7
call 10
mov64 r7, r4
mov64 r5, r7
call 10
mov64 r0, r5
exit

; case: the same after a call by register
; result: 0x4321
mov64 r1, 0x1
mov64 r2, 0x20
mov64 r3, 0x300
mov64 r4, 0x4000
mov64 r5, 10
callx r5
or64 r0, r1
or64 r0, r2
or64 r0, r3
or64 r0, r4
jne r5, 10, wrong
exit
wrong:
mov64 r0, -1
exit

; case: the same after a helper that sees the run
; result: 0x1f
mov64 r1, 0x1
mov64 r2, 0x2
mov64 r3, 0x4
mov64 r4, 0x8
mov64 r5, 0x10
call 11
mov64 r0, r1
or64 r0, r2
or64 r0, r3
or64 r0, r4
or64 r0, r5
exit

; case: the same in a loop, one register after the other
; result: 50
mov64 r1, 0
mov64 r6, 0
again:
call 10
add64 r1, 5
add64 r6, 1
jlt r6, 10, again
mov64 r0, r1
exit

; case: the same in a function
; result: 0x1f
mov64 r1, 0x1
mov64 r2, 0x2
mov64 r3, 0x4
mov64 r4, 0x8
mov64 r5, 0x10
call local inner
or64 r0, r2
or64 r0, r3
or64 r0, r4
or64 r0, r5
exit
.func inner
call 10
mov64 r0, r1
exit

; case: a packet load leaves r1 to r5 alone
; kind: raw ; mem: 07 08 ; result: 0x3f
mov64 r1, 0x1
mov64 r2, 0x8
mov64 r3, 0x10
mov64 r4, 0x20
mov64 r5, 0
ldabsb 0
or64 r0, r1
or64 r0, r2
or64 r0, r3
or64 r0, r4
or64 r0, r5
exit
