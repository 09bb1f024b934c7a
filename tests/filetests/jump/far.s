# SPDX-License-Identifier: MIT OR Apache-2.0
# Distances at which encodings change (C6 C8 A21): one byte, 16 bits, beyond; and places that have
# been mistaken for marks: instructions 1, 257, 4112, 65793.
; verifier: lenient

; case: a jump over 10 instructions
; result: 1 ; executed: 4
mov64 r0, 1
jeq r0, 1, +10
; fill: 10 mov64 r0, 2
ja +0
exit

; case: a jump over 40 instructions
; result: 1 ; executed: 4
mov64 r0, 1
jeq r0, 1, +40
; fill: 40 mov64 r0, 2
ja +0
exit

; case: a jump over 300 instructions, not taken
; result: 301 ; executed: 303
mov64 r0, 1
jeq r0, 0, +300
; fill: 300 add64 r0, 1
exit

; case: a loop of 300 instructions
; result: 600 ; executed: 603
; fill: 300 add64 r0, 1
jlt r0, 600, -301
exit

; case: the farthest jump forwards
; result: 7 ; executed: 3
mov64 r0, 7
ja +32767
; fill: 32767 mov64 r0, 2
exit

; case: the farthest conditional jump forwards
; result: 7 ; executed: 3
mov64 r0, 7
jeq r0, 7, +32767
; fill: 32767 mov64 r0, 2
exit

; case: the farthest jump backwards
; result: 32766 ; executed: 32769 ; sweep: no
ja +32767
; fill: 32766 add64 r0, 1
exit
ja -32768

; case: the farthest conditional jump backwards
; result: 32766 ; executed: 32769 ; sweep: no
ja +32767
; fill: 32766 add64 r0, 1
exit
jeq r0, 0, -32768
exit

; case: a long jump over 100000 instructions, and back
; result: 3 ; executed: 5
mov64 r0, 1
ja32 +100001
add64 r0, 2
exit
; fill: 99999 mov64 r0, 0
ja32 -100002

; case: a call over 100000 instructions
; result: 5 ; executed: 4
call local far
exit
; fill: 100000 mov64 r0, 2
exit
.func far
mov64 r0, 5
exit

; case: a jump to instruction 1
; result: 2 ; executed: 6
add64 r0, 1
jeq r0, 2, +2
mov64 r0, 2
ja -3
exit

; case: a jump to instruction 257
; result: 9 ; executed: 3
mov64 r0, 9
ja +255
; fill: 255 mov64 r0, 2
exit

; case: a fault at instruction 257
; kind: raw ; fault: load at 257 size 1 ; executed: 3
mov64 r0, 9
ja +255
; fill: 255 mov64 r0, 2
ldxb r0, [r1+0]
exit

; case: a budget that ends at instruction 257
; budget: 2 ; fault: budget at 257
mov64 r0, 9
ja +255
; fill: 255 mov64 r0, 2
exit

; case: a jump to instruction 4112
; result: 9 ; executed: 3
mov64 r0, 9
ja +4110
; fill: 4110 mov64 r0, 2
exit

; case: a fault at instruction 4112
; kind: raw ; fault: store at 4112 size 8 ; executed: 3
mov64 r0, 9
ja +4110
; fill: 4110 mov64 r0, 2
stdw [r1+0], 0
exit

; case: a jump to instruction 65793
; result: 9 ; executed: 3
mov64 r0, 9
ja32 +65791
; fill: 65791 mov64 r0, 2
exit

; case: a function at instruction 65793
; result: 9 ; executed: 4
call local far
exit
; fill: 65790 mov64 r0, 2
exit
.func far
mov64 r0, 9
exit

; case: a fault at instruction 65793
; kind: raw ; fault: load at 65793 size 1 ; executed: 3
mov64 r0, 9
ja32 +65791
; fill: 65791 mov64 r0, 2
ldxb r0, [r1+0]
exit
