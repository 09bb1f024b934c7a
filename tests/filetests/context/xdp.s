# SPDX-License-Identifier: MIT OR Apache-2.0
# The context of XDP programs: addresses of the packet in fields of 32 bits.
; type: xdp
; mem: 11 22 33 44

; case: the packet's first byte, after the usual comparison
; result: 0x11 ; executed: 7
ldxw r2, [r1+0]
ldxw r3, [r1+4]
mov64 r4, r2
add64 r4, 1
jgt r4, r3, out
ldxb r0, [r2+0]
exit
out:
mov64 r0, 1
exit

; case: the length of the packet
; result: 4
ldxw r2, [r1+0]
ldxw r0, [r1+4]
sub64 r0, r2
exit

; case: there is no metadata in front of it
; result: 0
ldxw r2, [r1+0]
ldxw r0, [r1+8]
sub64 r0, r2
exit

; case: plain fields come from the caller, parts of them too
; mbuff: 00*12 05 06 00 00 07 00 00 00
; result: 0x060c
ldxw r2, [r1+16]
ldxb r3, [r1+12]
add64 r2, r3
ldxb r0, [r1+13]
lsh64 r0, 8
or64 r0, r2
exit

; case: what the caller says of addresses does not count
; mbuff: ff*12
; result: 0x11
ldxw r2, [r1+0]
ldxb r0, [r2+0]
exit

; case: the context in other registers, on the stack, in local functions
; result: 0x4433
mov64 r6, r1
stxdw [r10-8], r6
mov64 r1, 0
call first
mov64 r7, r0
ldxdw r1, [r10-8]
mov64 r8, r1
call second
exit
.func second
ldxw r2, [r1+0]
ldxh r0, [r2+2]
exit
.func first
mov64 r0, 0
exit

; case: the same register on two ways
; result: 0x22
mov64 r6, r1
ldxw r2, [r1+12]
jeq r2, 0, other
mov64 r7, r6
ja join
other:
mov64 r7, r1
join:
ldxw r3, [r7+0]
ldxb r0, [r3+1]
exit

; case: the context on one way, a number on the other
; compile: error context at 5 "r7 is the context on some paths"
mov64 r7, 0
ldxw r2, [r1+12]
jeq r2, 0, meet
mov64 r7, r1
meet:
mov64 r0, 0
ldxw r3, [r7+0]
exit

; case: a word of the stack at the same offset is none
; result: 7
stxw [r10-8], r10
stw [r10-8], 7
mov64 r2, r10
add64 r2, -8
ldxw r0, [r2+0]
exit

; case: a slot that was written again is not the context
; result: 9
stxdw [r10-8], r1
mov64 r2, r10
add64 r2, -32
stdw [r10-32], 9
stxdw [r10-8], r2
ldxdw r3, [r10-8]
ldxw r0, [r3+0]
exit

; case: beyond the packet
; fault: load size 1
ldxw r2, [r1+4]
ldxb r0, [r2+0]
exit

; case: before the packet
; fault: load size 1
ldxw r2, [r1+0]
ldxb r0, [r2-1]
exit

; case: beyond the context
; fault: load size 8
ldxdw r0, [r1+4096]
exit

; case: an empty packet
; mem: empty
; result: 0
ldxw r2, [r1+0]
ldxw r0, [r1+4]
sub64 r0, r2
exit
