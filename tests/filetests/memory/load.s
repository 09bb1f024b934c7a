# SPDX-License-Identifier: MIT OR Apache-2.0
# Loads of every width: little-endian, zero- or sign-extended, any alignment (B11).
; kind: raw
; mem: 00 81 42 c3 24 a5 66 e7 18 99 5a db 3c bd 7e ff

; case: ldxb at 0
; result: 0
ldxb r0, [r1+0]
exit

; case: ldxb at 1
; result: 0x81
ldxb r0, [r1+1]
exit

; case: ldxb at 3
; result: 0xc3
ldxb r0, [r1+3]
exit

; case: ldxb at 15
; result: 0xff
ldxb r0, [r1+15]
exit

; case: ldxb into its own base
; result: 0x18
add r1, 9
ldxb r1, [r1-1]
mov64 r0, r1
exit

; case: ldxb, every pair of registers
; pairs: distinct
; result: 0x18
mov64 rB, r1
ldxb rA, [rB+8]
mov64 r0, rA
exit

; case: ldxb, every register into itself
; pairs: same
; result: 0x18
mov64 rA, r1
ldxb rA, [rA+8]
mov64 r0, rA
exit

; case: ldxb at the least offset (H1)
; result: 0x18
add r1, 0x8008
ldxb r0, [r1-0x8000]
exit

; case: ldxb at the greatest offset
; result: 0x18
sub r1, 0x7ff7
ldxb r0, [r1+0x7fff]
exit

; case: ldxh at 0
; result: 0x8100
ldxh r0, [r1+0]
exit

; case: ldxh at 1
; result: 0x4281
ldxh r0, [r1+1]
exit

; case: ldxh at 3
; result: 0x24c3
ldxh r0, [r1+3]
exit

; case: ldxh at 14
; result: 0xff7e
ldxh r0, [r1+14]
exit

; case: ldxh into its own base
; result: 0x9918
add r1, 9
ldxh r1, [r1-1]
mov64 r0, r1
exit

; case: ldxh, every pair of registers
; pairs: distinct
; result: 0x9918
mov64 rB, r1
ldxh rA, [rB+8]
mov64 r0, rA
exit

; case: ldxh, every register into itself
; pairs: same
; result: 0x9918
mov64 rA, r1
ldxh rA, [rA+8]
mov64 r0, rA
exit

; case: ldxh at the least offset (H1)
; result: 0x9918
add r1, 0x8008
ldxh r0, [r1-0x8000]
exit

; case: ldxh at the greatest offset
; result: 0x9918
sub r1, 0x7ff7
ldxh r0, [r1+0x7fff]
exit

; case: ldxw at 0
; result: 0xc3428100
ldxw r0, [r1+0]
exit

; case: ldxw at 1
; result: 0x24c34281
ldxw r0, [r1+1]
exit

; case: ldxw at 3
; result: 0x66a524c3
ldxw r0, [r1+3]
exit

; case: ldxw at 12
; result: 0xff7ebd3c
ldxw r0, [r1+12]
exit

; case: ldxw into its own base
; result: 0xdb5a9918
add r1, 9
ldxw r1, [r1-1]
mov64 r0, r1
exit

; case: ldxw, every pair of registers
; pairs: distinct
; result: 0xdb5a9918
mov64 rB, r1
ldxw rA, [rB+8]
mov64 r0, rA
exit

; case: ldxw, every register into itself
; pairs: same
; result: 0xdb5a9918
mov64 rA, r1
ldxw rA, [rA+8]
mov64 r0, rA
exit

; case: ldxw at the least offset (H1)
; result: 0xdb5a9918
add r1, 0x8008
ldxw r0, [r1-0x8000]
exit

; case: ldxw at the greatest offset
; result: 0xdb5a9918
sub r1, 0x7ff7
ldxw r0, [r1+0x7fff]
exit

; case: ldxdw at 0
; result: 0xe766a524c3428100
ldxdw r0, [r1+0]
exit

; case: ldxdw at 1
; result: 0x18e766a524c34281
ldxdw r0, [r1+1]
exit

; case: ldxdw at 3
; result: 0x5a9918e766a524c3
ldxdw r0, [r1+3]
exit

; case: ldxdw at 8
; result: 0xff7ebd3cdb5a9918
ldxdw r0, [r1+8]
exit

; case: ldxdw into its own base
; result: 0xff7ebd3cdb5a9918
add r1, 9
ldxdw r1, [r1-1]
mov64 r0, r1
exit

; case: ldxdw, every pair of registers
; pairs: distinct
; result: 0xff7ebd3cdb5a9918
mov64 rB, r1
ldxdw rA, [rB+8]
mov64 r0, rA
exit

; case: ldxdw, every register into itself
; pairs: same
; result: 0xff7ebd3cdb5a9918
mov64 rA, r1
ldxdw rA, [rA+8]
mov64 r0, rA
exit

; case: ldxdw at the least offset (H1)
; result: 0xff7ebd3cdb5a9918
add r1, 0x8008
ldxdw r0, [r1-0x8000]
exit

; case: ldxdw at the greatest offset
; result: 0xff7ebd3cdb5a9918
sub r1, 0x7ff7
ldxdw r0, [r1+0x7fff]
exit

; case: ldxsb at 0
; result: 0
ldxsb r0, [r1+0]
exit

; case: ldxsb at 1
; result: 0xffffffffffffff81
ldxsb r0, [r1+1]
exit

; case: ldxsb at 3
; result: 0xffffffffffffffc3
ldxsb r0, [r1+3]
exit

; case: ldxsb at 15
; result: 0xffffffffffffffff
ldxsb r0, [r1+15]
exit

; case: ldxsb into its own base
; result: 0x18
add r1, 9
ldxsb r1, [r1-1]
mov64 r0, r1
exit

; case: ldxsb, every pair of registers
; pairs: distinct
; result: 0x18
mov64 rB, r1
ldxsb rA, [rB+8]
mov64 r0, rA
exit

; case: ldxsb, every register into itself
; pairs: same
; result: 0x18
mov64 rA, r1
ldxsb rA, [rA+8]
mov64 r0, rA
exit

; case: ldxsb at the least offset (H1)
; result: 0x18
add r1, 0x8008
ldxsb r0, [r1-0x8000]
exit

; case: ldxsb at the greatest offset
; result: 0x18
sub r1, 0x7ff7
ldxsb r0, [r1+0x7fff]
exit

; case: ldxsh at 0
; result: 0xffffffffffff8100
ldxsh r0, [r1+0]
exit

; case: ldxsh at 1
; result: 0x4281
ldxsh r0, [r1+1]
exit

; case: ldxsh at 3
; result: 0x24c3
ldxsh r0, [r1+3]
exit

; case: ldxsh at 14
; result: 0xffffffffffffff7e
ldxsh r0, [r1+14]
exit

; case: ldxsh into its own base
; result: 0xffffffffffff9918
add r1, 9
ldxsh r1, [r1-1]
mov64 r0, r1
exit

; case: ldxsh, every pair of registers
; pairs: distinct
; result: 0xffffffffffff9918
mov64 rB, r1
ldxsh rA, [rB+8]
mov64 r0, rA
exit

; case: ldxsh, every register into itself
; pairs: same
; result: 0xffffffffffff9918
mov64 rA, r1
ldxsh rA, [rA+8]
mov64 r0, rA
exit

; case: ldxsh at the least offset (H1)
; result: 0xffffffffffff9918
add r1, 0x8008
ldxsh r0, [r1-0x8000]
exit

; case: ldxsh at the greatest offset
; result: 0xffffffffffff9918
sub r1, 0x7ff7
ldxsh r0, [r1+0x7fff]
exit

; case: ldxsw at 0
; result: 0xffffffffc3428100
ldxsw r0, [r1+0]
exit

; case: ldxsw at 1
; result: 0x24c34281
ldxsw r0, [r1+1]
exit

; case: ldxsw at 3
; result: 0x66a524c3
ldxsw r0, [r1+3]
exit

; case: ldxsw at 12
; result: 0xffffffffff7ebd3c
ldxsw r0, [r1+12]
exit

; case: ldxsw into its own base
; result: 0xffffffffdb5a9918
add r1, 9
ldxsw r1, [r1-1]
mov64 r0, r1
exit

; case: ldxsw, every pair of registers
; pairs: distinct
; result: 0xffffffffdb5a9918
mov64 rB, r1
ldxsw rA, [rB+8]
mov64 r0, rA
exit

; case: ldxsw, every register into itself
; pairs: same
; result: 0xffffffffdb5a9918
mov64 rA, r1
ldxsw rA, [rA+8]
mov64 r0, rA
exit

; case: ldxsw at the least offset (H1)
; result: 0xffffffffdb5a9918
add r1, 0x8008
ldxsw r0, [r1-0x8000]
exit

; case: ldxsw at the greatest offset
; result: 0xffffffffdb5a9918
sub r1, 0x7ff7
ldxsw r0, [r1+0x7fff]
exit
