# SPDX-License-Identifier: MIT OR Apache-2.0
# Legacy packet access in the kinds of VM that have a packet: host byte order, absolute or from a
# register, as the re-created interface has it.
; kind: raw ; verifier: lenient
; mem: 00 81 42 c3 24 a5 66 e7 18 99 5a db 3c bd 7e ff

; case: ldabsb at 0
; result: 0
ldabsb 0
exit

; case: ldindb at 0
; result: 0
mov64 r6, 5
ldindb r6, -5
exit

; case: ldabsb at 3
; result: 0xc3
ldabsb 3
exit

; case: ldindb at 3
; result: 0xc3
mov64 r6, 8
ldindb r6, -5
exit

; case: ldabsb at 15
; result: 0xff
ldabsb 15
exit

; case: ldindb at 15
; result: 0xff
mov64 r6, 20
ldindb r6, -5
exit

; case: ldabsb behind the end
; fault: load at 1 size 1 address mem+16
mov64 r0, 0
ldabsb 16
exit

; case: ldindb behind the end
; fault: load at 1 size 1 address mem+16
mov64 r6, 16
ldindb r6, 0
exit

; case: ldindb before the start
; fault: load at 1 size 1 address mem-1
mov64 r6, -1
ldindb r6, 0
exit

; case: ldindb by every register
; pairs: same
; result: 0x24
mov64 rA, 4
ldindb rA, 0
exit

; case: ldabsh at 0
; result: 0x8100
ldabsh 0
exit

; case: ldindh at 0
; result: 0x8100
mov64 r6, 5
ldindh r6, -5
exit

; case: ldabsh at 3
; result: 0x24c3
ldabsh 3
exit

; case: ldindh at 3
; result: 0x24c3
mov64 r6, 8
ldindh r6, -5
exit

; case: ldabsh at 14
; result: 0xff7e
ldabsh 14
exit

; case: ldindh at 14
; result: 0xff7e
mov64 r6, 19
ldindh r6, -5
exit

; case: ldabsh behind the end
; fault: load at 1 size 2 address mem+15
mov64 r0, 0
ldabsh 15
exit

; case: ldindh behind the end
; fault: load at 1 size 2 address mem+15
mov64 r6, 15
ldindh r6, 0
exit

; case: ldindh before the start
; fault: load at 1 size 2 address mem-1
mov64 r6, -1
ldindh r6, 0
exit

; case: ldindh by every register
; pairs: same
; result: 0xa524
mov64 rA, 4
ldindh rA, 0
exit

; case: ldabsw at 0
; result: 0xc3428100
ldabsw 0
exit

; case: ldindw at 0
; result: 0xc3428100
mov64 r6, 5
ldindw r6, -5
exit

; case: ldabsw at 3
; result: 0x66a524c3
ldabsw 3
exit

; case: ldindw at 3
; result: 0x66a524c3
mov64 r6, 8
ldindw r6, -5
exit

; case: ldabsw at 12
; result: 0xff7ebd3c
ldabsw 12
exit

; case: ldindw at 12
; result: 0xff7ebd3c
mov64 r6, 17
ldindw r6, -5
exit

; case: ldabsw behind the end
; fault: load at 1 size 4 address mem+13
mov64 r0, 0
ldabsw 13
exit

; case: ldindw behind the end
; fault: load at 1 size 4 address mem+13
mov64 r6, 13
ldindw r6, 0
exit

; case: ldindw before the start
; fault: load at 1 size 4 address mem-1
mov64 r6, -1
ldindw r6, 0
exit

; case: ldindw by every register
; pairs: same
; result: 0xe766a524
mov64 rA, 4
ldindw rA, 0
exit

; case: ldabsdw at 0
; result: 0xe766a524c3428100
ldabsdw 0
exit

; case: ldinddw at 0
; result: 0xe766a524c3428100
mov64 r6, 5
ldinddw r6, -5
exit

; case: ldabsdw at 3
; result: 0x5a9918e766a524c3
ldabsdw 3
exit

; case: ldinddw at 3
; result: 0x5a9918e766a524c3
mov64 r6, 8
ldinddw r6, -5
exit

; case: ldabsdw at 8
; result: 0xff7ebd3cdb5a9918
ldabsdw 8
exit

; case: ldinddw at 8
; result: 0xff7ebd3cdb5a9918
mov64 r6, 13
ldinddw r6, -5
exit

; case: ldabsdw behind the end
; fault: load at 1 size 8 address mem+9
mov64 r0, 0
ldabsdw 9
exit

; case: ldinddw behind the end
; fault: load at 1 size 8 address mem+9
mov64 r6, 9
ldinddw r6, 0
exit

; case: ldinddw before the start
; fault: load at 1 size 8 address mem-1
mov64 r6, -1
ldinddw r6, 0
exit

; case: ldinddw by every register
; pairs: same
; result: 0xdb5a9918e766a524
mov64 rA, 4
ldinddw rA, 0
exit
