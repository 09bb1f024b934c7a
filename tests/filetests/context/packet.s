# SPDX-License-Identifier: MIT OR Apache-2.0
# Helpers that read, change and move the packet.
; helpers: kernel
; mem: 11*12 08 00 45 00*2 1c 00 01 00*2 40 11 00*2 0a 00*2 01 0a 00*2 02 01*4 02*4

; case: skb_load_bytes copies
; type: sched_cls
; result: 0x0008
mov64 r6, r1
mov64 r2, 12
mov64 r3, r10
add64 r3, -8
mov64 r4, 2
call 26
jne r0, 0, out
ldxh r0, [r10-8]
out:
exit

; case: skb_load_bytes beyond the end gives zeros and an error
; type: sched_cls
; result: 0xfffffffffffffff2
stdw [r10-8], -1
mov64 r2, 40
mov64 r3, r10
add64 r3, -8
mov64 r4, 4
call 26
ldxw r2, [r10-8]
jeq r2, 0, out
mov64 r0, 1
out:
exit

; case: skb_store_bytes changes the packet
; type: sched_cls
; mem-after: 11*12 08 06 45 00*2 1c 00 01 00*2 40 11 00*2 0a 00*2 01 0a 00*2 02 01*4 02*4
; result: 0
sth [r10-2], 0x0608
mov64 r2, 12
mov64 r3, r10
add64 r3, -2
mov64 r4, 2
mov64 r5, 0
call 9
exit

; case: l3_csum_replace keeps a checksum right
; type: sched_cls
; mem-after: 11*12 08 00 45 00*2 1c 00 01 00*2 40 11 ff fe 0a 00*2 01 0a 00*2 02 01*4 02*4
; result: 0
mov64 r2, 24
mov64 r3, 0x0100
mov64 r4, 0x0200
mov64 r5, 2
call 10
exit

; case: an odd offset has no checksum
; type: sched_cls
; result: 0xfffffffffffffff2
mov64 r2, 25
mov64 r3, 0
mov64 r4, 0
mov64 r5, 2
call 10
exit

; case: the start moves, and with it what may be read
; type: xdp
; result: 0x45
mov64 r6, r1
mov64 r2, 14
call 44
jne r0, 0, out
ldxw r2, [r6+0]
ldxw r3, [r6+4]
mov64 r4, r2
add64 r4, 1
jgt r4, r3, out
ldxb r0, [r2+0]
out:
exit

; case: what was before the start is out of reach
; type: xdp
; fault: load at 8
mov64 r6, r1
ldxw r7, [r6+0]
ldxw r3, [r6+4]
mov64 r4, r7
add64 r4, 1
jgt r4, r3, out
mov64 r2, 14
call 44
ldxb r0, [r7+0]
out:
exit

; case: an old address is checked against the new end
; type: xdp
; fault: load at 9
mov64 r6, r1
ldxw r7, [r6+0]
ldxw r3, [r6+4]
mov64 r4, r7
add64 r4, 40
jgt r4, r3, out
ldxb r0, [r7+39]
mov64 r2, -3
call 65
ldxb r0, [r7+39]
out:
exit

; case: the end does not move below a header
; type: xdp
; result: 0xffffffffffffffea
mov64 r2, -29
call 65
exit

; case: without room nothing grows
; type: xdp
; result: 0xffffffffffffffea
mov64 r2, 1
call 65
exit

; case: without room there is no VLAN header
; type: sched_cls
; result: 0xfffffffffffffff4
mov64 r2, 0x0081
mov64 r3, 5
call 18
exit

; case: redirect is a verdict
; type: xdp
; result: 4
mov64 r1, 3
mov64 r2, 0
call 23
exit

; case: redirect of traffic control is another
; type: sched_cls
; result: 7
mov64 r1, 3
mov64 r2, 0
call 23
exit

; case: the hash stays what it is
; type: sched_cls
; result: 1
mov64 r6, r1
call 34
mov64 r7, r0
ldxw r8, [r6+68]
jne r7, r8, out
mov64 r1, r6
call 34
jne r0, r7, out
jeq r0, 0, out
mov64 r0, 1
exit
out:
mov64 r0, 0
exit

; case: probe_read reads what the program may read
; type: kprobe
; result: 7
stdw [r10-8], 7
mov64 r1, r10
add64 r1, -16
mov64 r2, 8
mov64 r3, r10
add64 r3, -8
call 4
jne r0, 0, out
ldxdw r0, [r10-16]
out:
exit

; case: and nothing else
; type: kprobe
; result: 0xfffffffffffffff2
stdw [r10-16], 7
mov64 r1, r10
add64 r1, -16
mov64 r2, 8
mov64 r3, 4096
call 4
ldxdw r2, [r10-16]
jeq r2, 0, out
mov64 r0, 0
out:
exit

; case: probe_read_str cuts strings
; type: kprobe
; result: 3
stw [r10-8], 0x00636261
mov64 r1, r10
add64 r1, -16
mov64 r2, 3
mov64 r3, r10
add64 r3, -8
call 45
ldxb r2, [r10-14]
jeq r2, 0, out
mov64 r0, 0
out:
exit

; case: packets of raw programs do not move
; kind: raw
; result: 0xfffffffffffffdf4
mov64 r2, 14
call 44
exit
