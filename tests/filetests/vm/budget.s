# SPDX-License-Identifier: MIT OR Apache-2.0
# G1: instructions are counted exactly; every case that ends is also stopped at each instruction.

; case: an endless loop
; budget: 1000 ; fault: budget at 2 ; executed: 1000
mov64 r0, 0
again:
add64 r0, 1
jne r0, 0, again
exit

; case: an endless loop of one instruction
; budget: 1000 ; fault: budget at 1 ; executed: 1000
mov64 r0, 0
jeq r0, 0, -1
exit

; case: an endless loop of ja
; verifier: lenient ; budget: 777 ; fault: budget ; executed: 777
mov64 r0, 0
ja +1
exit
ja -3

; case: exactly enough
; budget: 3 ; result: 2 ; executed: 3
mov64 r0, 1
add64 r0, 1
exit

; case: one too few
; budget: 2 ; fault: budget at 2 ; executed: 2
mov64 r0, 1
add64 r0, 1
exit

; case: lddw counts once
; budget: 2 ; result: 0x100000000 ; executed: 2
lddw r0, 0x100000000
exit

; case: one too few behind lddw
; budget: 1 ; fault: budget at 2 ; executed: 1
lddw r0, 0x100000000
exit

; case: one instruction that faults counts
; kind: raw ; fault: load at 0 ; executed: 1
ldxb r0, [r1+0]
exit

; case: calls count
; helpers: test ; budget: 5 ; result: 1 ; executed: 5
call local f
exit
.func f
mov64 r1, 1
call 5
exit

; case: one too few in a function
; helpers: test ; budget: 3 ; fault: budget at 4 ; executed: 3
call local f
exit
.func f
mov64 r1, 1
call 5
exit

; case: a fault comes before the budget's end, in order
; kind: raw ; budget: 2 ; fault: load at 1 ; executed: 2
mov64 r0, 0
ldxb r0, [r1+0]
exit

; case: an endless loop in a function, code behind that nothing leads to, and before that too
; verifier: lenient ; budget: 1000 ; fault: budget at 7 ; executed: 1000
call local f
exit
mov64 r0, 1
mov64 r0, 2
.func f
add64 r6, 1
mov64 r4, r3
sub64 r4, r2
ja f
mov64 r0, 0
exit
