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

; case: packet loads are in the order of the network
; type: socket_filter
; result: 0x0800
; executed: 3
mov64 r6, r1
ldabsh 12
exit

; case: and of all sizes
; type: sched_cls
; result: 0x11080045
mov64 r6, r1
ldabsw 11
mov64 r7, r0
ldabsb 14
jne r0, 0x45, out
ldabsh 11
jne r0, 0x1108, out
mov64 r2, 10
ldindw r2, 1
jne r0, r7, out
mov64 r0, r7
out:
exit

; case: where there is no packet they end the program
; type: socket_filter
; result: 0
; executed: 2
mov64 r6, r1
ldabsw 12
mov64 r0, 1
exit

; case: offsets of the network header, and of the start
; type: socket_filter
; result: 0x4508
mov64 r6, r1
ldabsb -0x100000
lsh64 r0, 8
mov64 r7, r0
ldabsb -0x1ffff4
or64 r7, r0
mov64 r0, r7
exit

; case: other negative offsets are nowhere
; type: socket_filter
; result: 0
mov64 r6, r1
ldabsb -0x1000
mov64 r0, 1
exit

; case: indexes have 32 bits
; type: socket_filter
; result: 0x45
mov64 r6, r1
lddw r2, 0x100000004
ldindb r2, 10
exit

; case: in functions they return
; type: socket_filter
; result: 5
; executed: 5
mov64 r6, r1
call local f
add64 r0, 5
exit
f:
ldabsw 100
mov64 r0, 1
exit

; case: XDP programs have none
; type: xdp
; compile: error unsupported at 1 "have no legacy packet loads"
mov64 r6, r1
ldabsb 0
exit

; case: packets of a host in user space have no socket
; type: sched_cls
; result: 7
ldxdw r2, [r1+168]
mov64 r0, 7
jeq r2, 0, out
ldxw r0, [r2+4]
out:
exit

; case: nor have whole ones, whatever the kernel has for certain
; type: sk_reuseport
; result: 0
ldxdw r0, [r1+40]
jeq r0, 0, out
mov64 r0, 1
out:
exit
