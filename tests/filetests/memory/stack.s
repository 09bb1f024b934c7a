# SPDX-License-Identifier: MIT OR Apache-2.0
# The frame: 512 bytes below r10, zero at first (B9), and nothing beyond them.
; kind: none

; case: the highest 1
; result: 0x5a
stxb [r10-1], r10
stb [r10-1], 0x5a
ldxb r0, [r10-1]
exit

; case: the lowest 1
; result: 0x5a
stb [r10-512], 0x5a
ldxb r0, [r10-512]
exit

; case: load of 1 above the frame
; fault: load at 1 size 1 ; executed: 2
mov64 r0, 0
ldxb r0, [r10+0]
exit

; case: store of 1 across the top
; fault: store at 1 size 1
mov64 r0, 0
stb [r10-0], 1
exit

; case: load of 1 below the frame
; fault: load at 1 size 1
mov64 r0, 0
ldxb r0, [r10-513]
exit

; case: store of 1 below the frame
; fault: store at 1 size 1
mov64 r0, 0
stb [r10-513], 1
exit

; case: the highest 2
; result: 0x5a
stxh [r10-2], r10
sth [r10-2], 0x5a
ldxh r0, [r10-2]
exit

; case: the lowest 2
; result: 0x5a
sth [r10-512], 0x5a
ldxh r0, [r10-512]
exit

; case: load of 2 above the frame
; fault: load at 1 size 2 ; executed: 2
mov64 r0, 0
ldxh r0, [r10+0]
exit

; case: store of 2 across the top
; fault: store at 1 size 2
mov64 r0, 0
sth [r10-1], 1
exit

; case: load of 2 below the frame
; fault: load at 1 size 2
mov64 r0, 0
ldxh r0, [r10-513]
exit

; case: store of 2 below the frame
; fault: store at 1 size 2
mov64 r0, 0
sth [r10-513], 1
exit

; case: the highest 4
; result: 0x5a
stxw [r10-4], r10
stw [r10-4], 0x5a
ldxw r0, [r10-4]
exit

; case: the lowest 4
; result: 0x5a
stw [r10-512], 0x5a
ldxw r0, [r10-512]
exit

; case: load of 4 above the frame
; fault: load at 1 size 4 ; executed: 2
mov64 r0, 0
ldxw r0, [r10+0]
exit

; case: store of 4 across the top
; fault: store at 1 size 4
mov64 r0, 0
stw [r10-3], 1
exit

; case: load of 4 below the frame
; fault: load at 1 size 4
mov64 r0, 0
ldxw r0, [r10-513]
exit

; case: store of 4 below the frame
; fault: store at 1 size 4
mov64 r0, 0
stw [r10-513], 1
exit

; case: the highest 8
; result: 0x5a
stxdw [r10-8], r10
stdw [r10-8], 0x5a
ldxdw r0, [r10-8]
exit

; case: the lowest 8
; result: 0x5a
stdw [r10-512], 0x5a
ldxdw r0, [r10-512]
exit

; case: load of 8 above the frame
; fault: load at 1 size 8 ; executed: 2
mov64 r0, 0
ldxdw r0, [r10+0]
exit

; case: store of 8 across the top
; fault: store at 1 size 8
mov64 r0, 0
stdw [r10-7], 1
exit

; case: load of 8 below the frame
; fault: load at 1 size 8
mov64 r0, 0
ldxdw r0, [r10-513]
exit

; case: store of 8 below the frame
; fault: store at 1 size 8
mov64 r0, 0
stdw [r10-513], 1
exit

; case: all zero at first, and again in the second run (B9)
; result: 0
mov64 r0, 0
mov64 r1, r10
mov64 r2, 64
next:
sub r1, 8
ldxdw r3, [r1+0]
or64 r0, r3
stdw [r1+0], -1
sub r2, 1
jne r2, 0, next
exit

; case: a frame of 16 bytes
; frame-size: 16
; result: 7
stdw [r10-16], 7
ldxdw r0, [r10-16]
exit

; case: a frame of 16 bytes has no 17th
; frame-size: 16
; fault: load at 1 size 1
mov64 r0, 0
ldxb r0, [r10-17]
exit

; case: a frame of 65536 bytes
; frame-size: 65536
; result: 7
mov64 r1, r10
sub r1, 65536
stdw [r1+0], 7
ldxdw r0, [r1+0]
exit

; case: both halves of what was stored whole, in either byte order
; result: 6
lddw r2, 0x300000005
stxdw [r10-8], r2
ldxw r0, [r10-8]
ldxw r3, [r10-4]
xor64 r0, r3
exit

; case: bytes and pairs of bytes of what was stored whole, in either byte order
; result: 0x6
lddw r2, 0x0300000000000005
stxdw [r10-16], r2
ldxb r0, [r10-16]
ldxb r3, [r10-9]
xor64 r0, r3
stxdw [r10-8], r2
ldxh r3, [r10-8]
ldxh r4, [r10-2]
lsh64 r2, 56
mov64 r5, r4
or64 r5, r3
jset r5, 5, +1
mov64 r0, 0
exit
