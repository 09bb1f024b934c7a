# SPDX-License-Identifier: MIT OR Apache-2.0
# The context of programs that see socket buffers.
; mem: 11*12 08 00 45

; case: length and protocol follow from the packet
; type: sched_cls
; result: 0x0008000f
ldxw r0, [r1+0]
ldxw r2, [r1+16]
lsh64 r2, 16
or64 r0, r2
exit

; case: data and data_end
; type: sched_cls
; result: 0x45
ldxw r2, [r1+76]
ldxw r3, [r1+80]
mov64 r4, r2
add64 r4, 15
jgt r4, r3, out
ldxb r0, [r2+14]
exit
out:
mov64 r0, 0
exit

; case: fields that are written come back
; type: sched_cls
; mbuff: 00*12
; mbuff-after: 0f 00*7 2a 00 00 00
; result: 0
stw [r1+8], 42
stw [r1+32], 7
mov64 r0, 0
exit

; case: the addresses of the packet cannot be written
; type: sched_cls
; fault: read-only at 1
mov64 r2, r1
stxdw [r1+192], r2
mov64 r0, 0
exit

; case: nor by a store of which nothing is proven
; type: sched_cls
; mem: 11*12 08 00 45
; fault: read-only at 3
mov64 r2, r1
lsh64 r2, 1
rsh64 r2, 1
stdw [r2+192], 0
mov64 r0, 0
exit

; case: socket filters have no addresses
; type: socket_filter
; result: 0
ldxw r0, [r1+76]
exit

; case: packet loads of the kernel are another matter
; type: socket_filter
; compile: error unsupported at 1 "legacy packet loads"
mov64 r6, r1
ldabsb 0
exit
