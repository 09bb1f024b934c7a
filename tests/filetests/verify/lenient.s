# SPDX-License-Identifier: MIT OR Apache-2.0
# What conformance suites and other engines run: shifts and divisions by any constant, code that is
# not reached; but nothing that an engine could trip over.
; verifier: lenient

; case: a shift of 64 is a shift of 0
; result: 1
mov64 r0, 1
lsh64 r0, 64
exit

; case: a division by zero is zero
; result: 0
mov64 r0, 1
div64 r0, 0
exit

; case: code behind the exit that runs off the end
; result: 0
mov64 r0, 0
exit
mov64 r0, 1

; case: running off the end is refused
; verify: reject fall-through at 0
mov64 r0, 0

; case: writing r10 is refused
; verify: reject write-r10 at 0
mov64 r10, 0
exit

; case: a jump past the end is refused
; verify: reject target at 0
ja +5
exit

; case: an unknown opcode is refused
; verify: reject opcode at 0
.8byte 0xff
exit
