# SPDX-License-Identifier: MIT OR Apache-2.0
# Unconditional jumps, long jumps, loops (A21 C5 C7 F3 F4 G1).

; case: ja forwards
; verifier: lenient ; result: 1 ; executed: 3
mov64 r0, 1
ja +1
mov64 r0, 2
exit

; case: what ja skips is unreachable
; verify: reject unreachable at 2
mov64 r0, 1
ja +1
mov64 r0, 2
exit

; case: ja over code that is reached
; result: 1 ; executed: 5
mov64 r0, 1
ja +2
back:
add64 r0, 0
exit
ja back

; case: ja32 forwards and backwards (A21)
; result: 7 ; executed: 5
mov64 r0, 1
ja32 over
back:
add64 r0, 6
exit
over:
ja32 back

; case: ja32 by nothing
; result: 5 ; executed: 3
mov64 r0, 5
ja32 +0
exit

; case: ja by nothing
; result: 5 ; executed: 3
mov64 r0, 5
ja +0
exit

; case: a program that ends in a backward jump (F3)
; result: 3
mov64 r0, 0
ja in
out:
exit
in:
add64 r0, 1
jeq r0, 3, out
ja in

; case: a program that starts with a conditional jump (F4)
; kind: raw ; mem: 00 ; result: 2
jeq r2, 0, empty
mov64 r0, 2
exit
empty:
mov64 r0, 1
exit

; case: a jump to instruction 0 (C5)
; result: 10 ; executed: 21
add64 r0, 1
jne r0, 10, -2
exit

; case: a jump to the instruction 0, which is a lddw (C7)
; result: 0x100000001
lddw r2, 0x100000001
jeq r3, 1, out
mov64 r3, 1
ja -5
out:
mov64 r0, r2
exit

; case: a conditional jump by nothing is taken and not
; result: 1 ; executed: 4
mov64 r0, 1
jeq r0, 1, +0
jeq r0, 2, +0
exit

; case: nested loops
; result: 100
mov64 r0, 0
mov64 r1, 10
outer:
mov64 r2, 10
inner:
add64 r0, 1
sub64 r2, 1
jne r2, 0, inner
sub64 r1, 1
jne r1, 0, outer
exit
