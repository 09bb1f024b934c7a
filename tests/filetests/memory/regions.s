# SPDX-License-Identifier: MIT OR Apache-2.0
# Context, packet, the embedder's memory, memory lent by a helper (B7 B13).

; case: an empty packet has no bytes
; kind: raw ; mem: empty
; fault: load at 1 size 1
mov64 r0, 0
ldxb r0, [r1+0]
exit

; case: an empty packet has the length 0
; kind: raw ; mem: empty
; result: 0
mov64 r0, r2
exit

; case: no packet at all
; kind: raw
; result: 0
mov64 r0, r1
or64 r0, r2
exit

; case: registers of a raw run
; kind: raw ; mem: 01 02 03
; result: mem+3
mov64 r0, r1
add64 r0, r2
exit

; case: registers of a run without data
; kind: none
; result: 0
mov64 r0, r1
exit

; case: registers of a run with a metadata buffer
; kind: mbuff ; mbuff: 01 02 03 04 05 06 07 08
; result: mbuff
mov64 r0, r1
exit

; case: the metadata buffer is read and written
; kind: mbuff ; mbuff: 01 02 03 04 05 06 07 08 ; mbuff-after: 01 02 03 04 05 06 07 09
; result: 0x0807060504030201
ldxdw r0, [r1+0]
stb [r1+7], 9
exit

; case: the metadata buffer has an end
; kind: mbuff ; mbuff: 01 02 03 04 05 06 07 08
; fault: load at 1 size 8 address mbuff+1
mov64 r0, 0
ldxdw r0, [r1+1]
exit

; case: no metadata buffer
; kind: mbuff
; fault: load at 1 size 1 address 0
mov64 r0, 0
ldxb r0, [r1+0]
exit

; case: the packet through the fixed buffer
; kind: fixed-mbuff ; data-offset: 0x40 ; data-end-offset: 0x50 ; mem: 0a 0b 0c 0d
; result: 0x0d
ldxdw r2, [r1+0x40]
ldxdw r3, [r1+0x50]
mov64 r4, r3
sub64 r4, r2
mov64 r0, -1
jne r4, 4, out
ldxb r0, [r3-1]
out:
exit

; case: the end of the packet through the fixed buffer
; kind: fixed-mbuff ; data-offset: 0 ; data-end-offset: 8 ; mem: 0a 0b 0c 0d
; fault: load at 1 size 1 address mem+4
ldxdw r3, [r1+8]
ldxb r0, [r3+0]
exit

; case: the embedder's memory
; kind: none ; helpers: test ; user: 01 02 03 04 ; user-after: 01 02 03 09
; result: 0x04030201
call 2
mov64 r1, r0
ldxw r0, [r1+0]
stb [r1+3], 9
exit

; case: the embedder's memory has an end
; kind: none ; helpers: test ; user: 01 02 03 04
; fault: load at 1 size 4 address user+1
call 2
ldxw r0, [r0+1]
exit

; case: the embedder's memory has a start
; kind: none ; helpers: test ; user: 01 02 03 04
; fault: store at 1 size 2 address user-1
call 2
sth [r0-1], 0
exit

; case: reading read-only memory
; kind: none ; helpers: test ; user-read-only: 01 02 03 04
; result: 0x04030201
call 2
ldxw r0, [r0+0]
exit

; case: writing read-only memory (B7)
; kind: none ; helpers: test ; user-read-only: 01 02 03 04 ; user-after: 01 02 03 04
; fault: read-only at 1 size 1 address user+3
call 2
stb [r0+3], 0
exit

; case: an atomic operation on read-only memory (B7)
; kind: none ; helpers: test ; user-read-only: 01 02 03 04 ; user-after: 01 02 03 04
; fault: read-only at 2 size 4 address user
call 2
mov64 r1, 1
lock add32 [r0+0], r1
exit

; case: memory lent for writing
; kind: none ; helpers: test
; result: 0x1111111111111107
mov64 r1, 1
call 8
mov64 r1, r0
stb [r1+0], 7
ldxdw r0, [r1+0]
exit

; case: memory lent for reading
; kind: none ; helpers: test
; fault: read-only at 4 size 1
mov64 r1, 0
call 8
mov64 r1, r0
ldxdw r0, [r1+8]
stb [r1+0], 7
exit

; case: memory lent has an end
; kind: none ; helpers: test
; fault: load at 2 size 8
mov64 r1, 1
call 8
ldxdw r0, [r0+9]
exit

; case: memory is lent at most 16 times
; kind: none ; helpers: test
; result: 16
mov64 r6, 0
again:
mov64 r1, 1
call 8
jeq r0, 0, out
add64 r6, 1
jlt r6, 100, again
out:
mov64 r0, r6
exit

; case: the result of a program is a number, whatever it was
; kind: raw ; mem: 01 02
; result: mem+1
mov64 r0, r1
add64 r0, 1
exit
