# SPDX-License-Identifier: MIT OR Apache-2.0
# Local calls: frames, registers, depth (C15 D1 D2 D3 D8 D11).
; helpers: test

; case: arguments and result
; result: 54321
mov64 r1, 1
mov64 r2, 2
mov64 r3, 3
mov64 r4, 4
mov64 r5, 5
call local weigh
exit
.func weigh
mov64 r0, r1
mul64 r2, 10
add64 r0, r2
mul64 r3, 100
add64 r0, r3
mul64 r4, 1000
add64 r0, r4
mul64 r5, 10000
add64 r0, r5
exit

; case: r6 to r9 survive (D8)
; result: 0xf
mov64 r6, 1
mov64 r7, 2
mov64 r8, 4
mov64 r9, 8
call local spoil
mov64 r0, r6
or64 r0, r7
or64 r0, r8
or64 r0, r9
exit
.func spoil
mov64 r6, -1
mov64 r7, -1
mov64 r8, -1
mov64 r9, -1
mov64 r0, -1
exit

; case: r1 to r5 come back as the function leaves them, r0 too
; result: 0x21
mov64 r1, 0
call local f
or64 r0, r1
exit
.func f
mov64 r1, 0x20
mov64 r0, 1
exit

; case: r6 to r9 are seen in the function
; result: 0x1234
mov64 r6, 0x1234
call local f
exit
.func f
mov64 r0, r6
exit

; case: each function has a frame of its own (D2)
; result: 0x55
stdw [r10-8], 0x55
call local f
ldxdw r0, [r10-8]
exit
.func f
stdw [r10-8], 0x77
stdw [r10-512], 0x77
exit

; case: frames do not overlap at all (D2)
; result: 0
stdw [r10-512], 0
call local f
ldxdw r0, [r10-512]
exit
.func f
stdw [r10-8], -1
exit

; case: a new frame is zero, even where one was before (B9)
; result: 0
call local f
call local f
exit
.func f
ldxdw r0, [r10-8]
ldxdw r1, [r10-512]
or64 r0, r1
stdw [r10-8], -1
stdw [r10-512], -1
exit

; case: a function reads the frame of its caller by address
; result: 0x99
stdw [r10-16], 0x99
mov64 r1, r10
call local f
exit
.func f
ldxdw r0, [r1-16]
exit

; case: a function cannot write below its frame (D2)
; fault: store at 2 size 8
call local f
exit
.func f
stdw [r10-520], 1
exit

; case: a frame that was left is gone (B9)
; fault: load at 1 size 8
call local f
ldxdw r0, [r0-8]
exit
.func f
mov64 r0, r10
exit

; case: eight frames
; result: 8 ; executed: 38
mov64 r0, 1
mov64 r1, 7
call local f
exit
.func f
add64 r0, 1
sub64 r1, 1
jeq r1, 0, +1
call local f
exit

; case: nine frames are too many (D1)
; fault: call-depth at 7
mov64 r0, 1
mov64 r1, 8
call local f
exit
.func f
add64 r0, 1
sub64 r1, 1
jeq r1, 0, +1
call local f
exit

; case: endless recursion (D1)
; fault: call-depth at 2 ; executed: 8
call local f
exit
.func f
call local f
exit

; case: endless recursion, one frame at most
; max-depth: 1 ; fault: call-depth at 0
call local f
exit
.func f
exit

; case: two frames at most
; max-depth: 2 ; result: 5
call local f
exit
.func f
mov64 r0, 5
exit

; case: a thousand frames
; max-depth: 1024 ; result: 1024 ; sweep: no
mov64 r0, 1
mov64 r1, 1023
call local f
exit
.func f
add64 r0, 1
sub64 r1, 1
jeq r1, 0, +1
call local f
exit

; case: recursion with a frame per level (D1 D2)
; result: 120
mov64 r1, 5
call local factorial
exit
.func factorial
mov64 r0, 1
jle r1, 1, out
stxdw [r10-8], r1
sub64 r1, 1
call local factorial
ldxdw r1, [r10-8]
mul64 r0, r1
out:
exit

; case: a function that calls a helper (D11)
; result: 9
mov64 r6, 4
call local f
add64 r0, r6
exit
.func f
mov64 r1, 5
call 5
exit

; case: a jump into another function (D3)
; verify: reject cross-jump at 0
ja main
.func f
mov64 r0, 3
exit
.func main
call local f
exit

; case: control that runs into another function (D3)
; verify: reject fall-through at 1
call local f
mov64 r0, 1
.func f
exit

; case: a function that calls the program's entry (C5)
; result: 1 ; max-depth: 3
start:
jne r1, 0, inner
mov64 r1, 1
call local f
exit
inner:
mov64 r0, 1
exit
.func f
call local start
exit

; case: the same by distance
; result: 1 ; max-depth: 3
jne r1, 0, +3
mov64 r1, 1
callx 3
exit
mov64 r0, 1
exit
callx -7
exit

; case: mutual recursion
; result: 1
mov64 r1, 6
call local even
exit
.func even
mov64 r0, 1
jeq r1, 0, +2
sub64 r1, 1
call local odd
exit
.func odd
mov64 r0, 0
jeq r1, 0, +2
sub64 r1, 1
call local even
exit

; case: the address of a frame that is gone, left in its caller's
; fault: load at 5
stdw [r10-8], 1
mov64 r1, r10
add64 r1, -8
call local f
ldxdw r2, [r10-8]
ldxdw r0, [r2-8]
exit
.func f
stxdw [r1+0], r10
mov64 r0, 0
exit

; case: the address of a frame that is gone, handed to a function that has that frame now
; result: 5
mov64 r1, r10
add64 r1, -8
call local f
ldxdw r1, [r10-8]
call local g
exit
.func f
stxdw [r1+0], r10
mov64 r0, 0
exit
.func g
stdw [r1-8], 5
ldxdw r0, [r10-8]
exit
