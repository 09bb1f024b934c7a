# SPDX-License-Identifier: MIT OR Apache-2.0
# What the strict verifier refuses, with place and reason (D3 E12 F1 F2 F6 H4).

; case: an empty program
; verify: reject empty

; case: no exit at the end (F2 C16)
; verify: reject fall-through at 0
mov64 r0, 0

; case: a conditional jump at the end
; verify: reject fall-through at 1
exit
jeq r0, 0, -1

; case: a call at the end
; verify: reject fall-through at 1
mov64 r1, 0
call 5

; case: opcode 0xff (F1)
; verify: reject opcode at 0
.8byte 0xff
exit

; case: opcode 0
; verify: reject opcode at 0
.8byte 0
exit

; case: opcode 0x8f, NEG with the bit of register operands (A17)
; verify: reject opcode at 0
.8byte 0x8f
exit

; case: register r11 as destination
; verify: reject bad-register at 0
.8byte 0x0b07
exit

; case: registers of which the encoding has more (D5)
; verify: reject bad-register at 0
mov64 r0, r11
exit

; case: writing r10
; verify: reject write-r10 at 0
mov64 r10, 1
exit

; case: loading into r10
; verify: reject write-r10 at 0
ldxb r10, [r1+0]
exit

; case: fetching into r10
; verify: reject write-r10 at 0
lock fetch_add [r1+0], r10
exit

; case: storing r10 is allowed
; verify: ok
stxdw [r10-8], r10
mov64 r0, 0
exit

; case: a jump past the end
; verify: reject target at 0
ja +1
exit

; case: a jump before the start
; verify: reject target at 0
ja -2
exit

; case: a conditional jump past the end
; verify: reject target at 0
jeq r0, 0, +1
exit

; case: a long jump past the end
; verify: reject target at 0
ja32 +100000
exit

; case: a call past the end (D3)
; verify: reject target at 0
callx 1
exit

; case: a call before the start (D3)
; verify: reject target at 0
callx -2
exit

; case: a jump into lddw
; verify: reject target-lddw at 0
jeq r0, 0, +1
lddw r0, 1
exit

; case: a call into lddw (D3)
; verify: reject target-lddw at 0
callx 1
lddw r0, 1
exit

; case: a lddw without its second slot (H4)
; verify: reject lddw at 1
mov64 r0, 0
.8byte 0x18

; case: a lddw whose second slot is an instruction (F6)
; verify: reject lddw at 0
.8byte 0x18
exit

; case: a jump to itself
; verify: reject self-loop at 0
ja -1
exit

; case: a shift of 64
; verify: reject shift at 0
lsh64 r0, 64
exit

; case: a shift of 32 in 32 bits
; verify: reject shift at 0
rsh32 r0, 32
exit

; case: a negative shift
; verify: reject shift at 0
arsh64 r0, -1
exit

; case: a shift of 63
; verify: ok
lsh64 r0, 63
rsh64 r0, 63
arsh64 r0, 63
exit

; case: a division by zero
; verify: reject div-zero at 0
div64 r0, 0
exit

; case: a remainder by zero
; verify: reject div-zero at 0
mod32 r0, 0
exit

; case: a signed division by zero
; verify: reject div-zero at 0
sdiv32 r0, 0
exit

; case: ADD with a source register that it does not use (F6)
; verify: reject reserved at 0
.8byte 0x0000000100001007
exit

; case: ADD with an offset
; verify: reject reserved at 0
.8byte 0x0000000100010007
exit

; case: NEG with an immediate
; verify: reject reserved at 0
.8byte 0x0000000100000087
exit

; case: a register move with an immediate (A12)
; verify: reject reserved at 0
.8byte 0x00000001000010bf
exit

; case: MOVSX of 5 bits
; verify: reject at 0
.8byte 0x00000000000510bf
exit

; case: a byte swap of 8 bits
; verify: reject at 0
.8byte 0x00000008000000dc
exit

; case: exit with a register
; verify: reject reserved at 0
.8byte 0x0000000000000195

; case: an atomic operation that is none (F6)
; verify: reject at 0
.8byte 0x00000010000000db
exit

; case: XCHG without FETCH (F6)
; verify: reject at 0
.8byte 0x000000e0000000db
exit

; case: CMPXCHG without FETCH (F6)
; verify: reject at 0
.8byte 0x000000f0000000db
exit

; case: a lddw of an unknown kind (F6)
; verify: reject at 0
.8byte 0x0000000000007018
.8byte 0
exit

; case: a call of an unknown kind
; verify: reject call-kind at 0
.8byte 0x0000000100003085
exit

; case: a load of packet data of 64 bits, which the kernel lacks
; verify: reject opcode at 0
ldabsdw 0
exit

; case: two mistakes, both reported: the second one
; verify: reject div-zero at 1
mov64 r10, 1
div64 r0, 0
exit

; case: two mistakes, both reported: the first one
; verify: reject write-r10 at 0
mov64 r10, 1
div64 r0, 0
exit
