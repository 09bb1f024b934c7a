# SPDX-License-Identifier: MIT OR Apache-2.0
# Calls of helpers: arguments, results, registers (C2 C4 D4 D6 D7 D8 D10), failures.
; helpers: test

; case: five arguments, told apart
; result: 54321 ; executed: 7
mov64 r1, 1
mov64 r2, 2
mov64 r3, 3
mov64 r4, 4
mov64 r5, 5
call 1
exit

; case: five arguments of 64 bits (D10)
; result: 0xfedcba9876543210
lddw r1, 0xfedcba9876543210
mov64 r2, 0
mov64 r3, 0
mov64 r4, 0
mov64 r5, 0
call 1
exit

; case: every argument has its place
; when: 1 10 100 1000 10000 gives 101010101 ; when: 0 0 0 0 1 gives 10000
; when: 0 0 0 1 0 gives 1000 ; when: 0 0 1 0 0 gives 100 ; when: 0 1 0 0 0 gives 10
; when: 0xffffffffffffffff 0 0 0 0 gives 0xffffffffffffffff
ldxdw r5, [r1+32]
ldxdw r4, [r1+24]
ldxdw r3, [r1+16]
ldxdw r2, [r1+8]
ldxdw r1, [r1+0]
call 1
exit

; case: arguments moved in a circle
; result: 15432
mov64 r1, 1
mov64 r2, 2
mov64 r3, 3
mov64 r4, 4
mov64 r5, 5
mov64 r0, r1
mov64 r1, r2
mov64 r2, r3
mov64 r3, r4
mov64 r4, r5
mov64 r5, r0
call 1
exit

; case: r6 to r9 and the stack survive whatever the helper overwrites (C2 D8)
; result: 0x10f
mov64 r6, 0x1
mov64 r7, 0x2
mov64 r8, 0x4
mov64 r9, 0x8
stdw [r10-8], 0x100
call 10
mov64 r0, r6
or64 r0, r7
or64 r0, r8
or64 r0, r9
ldxdw r1, [r10-8]
or64 r0, r1
exit

; case: r10 survives
; result: 0
mov64 r6, r10
call 10
mov64 r0, r6
sub64 r0, r10
exit

; case: the stack is aligned at a call (C4)
; result: 1
call 9
exit

; case: the stack is aligned at a call in a function (C4)
; result: 3
call local one
mov64 r6, r0
call local two
add64 r0, r6
exit
.func one
stdw [r10-8], 1
call 9
exit
.func two
stdw [r10-24], 1
call 9
mov64 r6, r0
call local one
add64 r0, r6
exit

; case: the context of the helper is the registered one (D7)
; result: 1015
mov64 r1, 1
mov64 r2, 2
mov64 r3, 3
mov64 r4, 4
mov64 r5, 5
call 11
exit

; case: the largest id (D6)
; result: 0xfedcba9876543210
call 0xffffffff
exit

; case: a helper called in a loop
; result: 100
mov64 r6, 0
again:
mov64 r1, 1
call 5
add64 r6, r0
jlt r6, 100, again
mov64 r0, r6
exit

; case: a helper fails the run (G2)
; fault: helper-fault at 1 "has had enough" ; executed: 2
mov64 r0, 7
call 6
exit

; case: a helper fails the run in a function
; fault: helper-fault at 2 "has had enough"
call local inner
exit
.func inner
call 6
exit

; case: a helper ends the run
; result: 0x123456789 ; executed: 2
lddw r1, 0x123456789
call 7
mov64 r0, 0
exit

; case: a helper ends the run in a function (C14)
; result: 42 ; executed: 4
mov64 r6, 1
call local inner
mov64 r0, 1
exit
.func inner
mov64 r1, 42
call 7
exit

; case: no such helper (D6)
; compile: error helper at 1
mov64 r0, 0
call 4
exit

; case: no such helper, negative id (D4)
; compile: error helper at 0
call -2
exit

; case: no such helper, where control never comes
; compile: error helper at 2
mov64 r0, 0
jeq r0, 0, +1
call 77
exit

; case: no such helper by rbpf's name of the error
; compile: error helper at 0
call 0x3f
exit
