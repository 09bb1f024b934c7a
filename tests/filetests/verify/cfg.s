# SPDX-License-Identifier: MIT OR Apache-2.0
# Control flow: code that is not reached, programs that do not end.

; case: unreachable code
; verify: reject unreachable at 1
exit
mov64 r0, 1
exit

; case: unreachable code, leniently
; verifier: lenient ; result: 0 ; executed: 1
exit
mov64 r0, 1
exit

; case: a function that nothing calls
; verify: reject unreachable at 1
exit
.func f
exit

; case: no exit that can be reached
; verify: reject no-exit
mov64 r0, 0
again:
add64 r0, 1
ja again

; case: a function without an exit
; verify: reject no-exit
call local f
exit
.func f
ja +0
ja -2

; case: a loop with an exit
; verify: ok
again:
add64 r0, 1
jne r0, 0, again
exit

; case: deep nesting of branches is no work (F5)
; verify: ok
jeq r1, 1, +1
add64 r0, 1
jeq r1, 2, +1
add64 r0, 2
jeq r1, 3, +1
add64 r0, 3
jeq r1, 4, +1
add64 r0, 4
jeq r1, 5, +1
add64 r0, 5
jeq r1, 6, +1
add64 r0, 6
jeq r1, 7, +1
add64 r0, 7
jeq r1, 8, +1
add64 r0, 8
jeq r1, 9, +1
add64 r0, 9
jeq r1, 10, +1
add64 r0, 10
jeq r1, 11, +1
add64 r0, 11
jeq r1, 12, +1
add64 r0, 12
jeq r1, 13, +1
add64 r0, 13
jeq r1, 14, +1
add64 r0, 14
jeq r1, 15, +1
add64 r0, 15
jeq r1, 16, +1
add64 r0, 16
jeq r1, 17, +1
add64 r0, 17
jeq r1, 18, +1
add64 r0, 18
jeq r1, 19, +1
add64 r0, 19
jeq r1, 20, +1
add64 r0, 20
jeq r1, 21, +1
add64 r0, 21
jeq r1, 22, +1
add64 r0, 22
jeq r1, 23, +1
add64 r0, 23
jeq r1, 24, +1
add64 r0, 24
jeq r1, 25, +1
add64 r0, 25
jeq r1, 26, +1
add64 r0, 26
jeq r1, 27, +1
add64 r0, 27
jeq r1, 28, +1
add64 r0, 28
jeq r1, 29, +1
add64 r0, 29
jeq r1, 30, +1
add64 r0, 30
jeq r1, 31, +1
add64 r0, 31
jeq r1, 32, +1
add64 r0, 32
jeq r1, 33, +1
add64 r0, 33
jeq r1, 34, +1
add64 r0, 34
jeq r1, 35, +1
add64 r0, 35
jeq r1, 36, +1
add64 r0, 36
jeq r1, 37, +1
add64 r0, 37
jeq r1, 38, +1
add64 r0, 38
jeq r1, 39, +1
add64 r0, 39
jeq r1, 40, +1
add64 r0, 40
exit
