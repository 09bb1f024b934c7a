# SPDX-License-Identifier: MIT OR Apache-2.0
# B1 B5 B6: the edges of a region, for every width: the first byte, the last, one past, one before,
# across the end; the fault names instruction, address and size.
; kind: raw
; mem: 00*16

; case: ldxb, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxb r0, [r1+0]
mov64 r0, 0
exit

; case: ldxb, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxb r0, [r1+15]
mov64 r0, 0
exit

; case: ldxb, one byte past the end
; fault: load at 2 size 1 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxb r0, [r1+16]
mov64 r0, 0
exit

; case: ldxb, behind the end
; fault: load at 2 size 1 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxb r0, [r1+16]
mov64 r0, 0
exit

; case: ldxb, one byte before the start
; fault: load at 2 size 1 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxb r0, [r1-1]
mov64 r0, 0
exit

; case: ldxb, one byte past the end, computed
; fault: load at 3 size 1 address mem+16
mov64 r0, 0
mov64 r3, 0
add r1, 16
ldxb r0, [r1+0]
exit

; case: ldxb, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
ldxb r0, [r1-1000]
mov64 r0, 0
exit

; case: ldxh, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxh r0, [r1+0]
mov64 r0, 0
exit

; case: ldxh, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxh r0, [r1+14]
mov64 r0, 0
exit

; case: ldxh, one byte past the end
; fault: load at 2 size 2 address mem+15 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxh r0, [r1+15]
mov64 r0, 0
exit

; case: ldxh, behind the end
; fault: load at 2 size 2 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxh r0, [r1+16]
mov64 r0, 0
exit

; case: ldxh, one byte before the start
; fault: load at 2 size 2 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxh r0, [r1-1]
mov64 r0, 0
exit

; case: ldxh, one byte past the end, computed
; fault: load at 3 size 2 address mem+15
mov64 r0, 0
mov64 r3, 0
add r1, 15
ldxh r0, [r1+0]
exit

; case: ldxh, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
ldxh r0, [r1-1000]
mov64 r0, 0
exit

; case: ldxw, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxw r0, [r1+0]
mov64 r0, 0
exit

; case: ldxw, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxw r0, [r1+12]
mov64 r0, 0
exit

; case: ldxw, one byte past the end
; fault: load at 2 size 4 address mem+13 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxw r0, [r1+13]
mov64 r0, 0
exit

; case: ldxw, behind the end
; fault: load at 2 size 4 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxw r0, [r1+16]
mov64 r0, 0
exit

; case: ldxw, one byte before the start
; fault: load at 2 size 4 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxw r0, [r1-1]
mov64 r0, 0
exit

; case: ldxw, one byte past the end, computed
; fault: load at 3 size 4 address mem+13
mov64 r0, 0
mov64 r3, 0
add r1, 13
ldxw r0, [r1+0]
exit

; case: ldxw, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
ldxw r0, [r1-1000]
mov64 r0, 0
exit

; case: ldxdw, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxdw r0, [r1+0]
mov64 r0, 0
exit

; case: ldxdw, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxdw r0, [r1+8]
mov64 r0, 0
exit

; case: ldxdw, one byte past the end
; fault: load at 2 size 8 address mem+9 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxdw r0, [r1+9]
mov64 r0, 0
exit

; case: ldxdw, behind the end
; fault: load at 2 size 8 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxdw r0, [r1+16]
mov64 r0, 0
exit

; case: ldxdw, one byte before the start
; fault: load at 2 size 8 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxdw r0, [r1-1]
mov64 r0, 0
exit

; case: ldxdw, one byte past the end, computed
; fault: load at 3 size 8 address mem+9
mov64 r0, 0
mov64 r3, 0
add r1, 9
ldxdw r0, [r1+0]
exit

; case: ldxdw, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
ldxdw r0, [r1-1000]
mov64 r0, 0
exit

; case: ldxsb, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxsb r0, [r1+0]
mov64 r0, 0
exit

; case: ldxsb, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxsb r0, [r1+15]
mov64 r0, 0
exit

; case: ldxsb, one byte past the end
; fault: load at 2 size 1 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxsb r0, [r1+16]
mov64 r0, 0
exit

; case: ldxsb, behind the end
; fault: load at 2 size 1 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxsb r0, [r1+16]
mov64 r0, 0
exit

; case: ldxsb, one byte before the start
; fault: load at 2 size 1 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxsb r0, [r1-1]
mov64 r0, 0
exit

; case: ldxsb, one byte past the end, computed
; fault: load at 3 size 1 address mem+16
mov64 r0, 0
mov64 r3, 0
add r1, 16
ldxsb r0, [r1+0]
exit

; case: ldxsb, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
ldxsb r0, [r1-1000]
mov64 r0, 0
exit

; case: ldxsh, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxsh r0, [r1+0]
mov64 r0, 0
exit

; case: ldxsh, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxsh r0, [r1+14]
mov64 r0, 0
exit

; case: ldxsh, one byte past the end
; fault: load at 2 size 2 address mem+15 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxsh r0, [r1+15]
mov64 r0, 0
exit

; case: ldxsh, behind the end
; fault: load at 2 size 2 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxsh r0, [r1+16]
mov64 r0, 0
exit

; case: ldxsh, one byte before the start
; fault: load at 2 size 2 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxsh r0, [r1-1]
mov64 r0, 0
exit

; case: ldxsh, one byte past the end, computed
; fault: load at 3 size 2 address mem+15
mov64 r0, 0
mov64 r3, 0
add r1, 15
ldxsh r0, [r1+0]
exit

; case: ldxsh, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
ldxsh r0, [r1-1000]
mov64 r0, 0
exit

; case: ldxsw, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxsw r0, [r1+0]
mov64 r0, 0
exit

; case: ldxsw, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
ldxsw r0, [r1+12]
mov64 r0, 0
exit

; case: ldxsw, one byte past the end
; fault: load at 2 size 4 address mem+13 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxsw r0, [r1+13]
mov64 r0, 0
exit

; case: ldxsw, behind the end
; fault: load at 2 size 4 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxsw r0, [r1+16]
mov64 r0, 0
exit

; case: ldxsw, one byte before the start
; fault: load at 2 size 4 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
ldxsw r0, [r1-1]
mov64 r0, 0
exit

; case: ldxsw, one byte past the end, computed
; fault: load at 3 size 4 address mem+13
mov64 r0, 0
mov64 r3, 0
add r1, 13
ldxsw r0, [r1+0]
exit

; case: ldxsw, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
ldxsw r0, [r1-1000]
mov64 r0, 0
exit

; case: stb, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stb [r1+0], 1
mov64 r0, 0
exit

; case: stb, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stb [r1+15], 1
mov64 r0, 0
exit

; case: stb, one byte past the end
; fault: store at 2 size 1 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stb [r1+16], 1
mov64 r0, 0
exit

; case: stb, behind the end
; fault: store at 2 size 1 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stb [r1+16], 1
mov64 r0, 0
exit

; case: stb, one byte before the start
; fault: store at 2 size 1 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stb [r1-1], 1
mov64 r0, 0
exit

; case: stb, one byte past the end, computed
; fault: store at 3 size 1 address mem+16
mov64 r0, 0
mov64 r3, 0
add r1, 16
stb [r1+0], 1
exit

; case: stb, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
stb [r1-1000], 1
mov64 r0, 0
exit

; case: sth, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
sth [r1+0], 1
mov64 r0, 0
exit

; case: sth, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
sth [r1+14], 1
mov64 r0, 0
exit

; case: sth, one byte past the end
; fault: store at 2 size 2 address mem+15 ; executed: 3
mov64 r0, 0
mov64 r3, 0
sth [r1+15], 1
mov64 r0, 0
exit

; case: sth, behind the end
; fault: store at 2 size 2 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
sth [r1+16], 1
mov64 r0, 0
exit

; case: sth, one byte before the start
; fault: store at 2 size 2 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
sth [r1-1], 1
mov64 r0, 0
exit

; case: sth, one byte past the end, computed
; fault: store at 3 size 2 address mem+15
mov64 r0, 0
mov64 r3, 0
add r1, 15
sth [r1+0], 1
exit

; case: sth, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
sth [r1-1000], 1
mov64 r0, 0
exit

; case: stw, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stw [r1+0], 1
mov64 r0, 0
exit

; case: stw, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stw [r1+12], 1
mov64 r0, 0
exit

; case: stw, one byte past the end
; fault: store at 2 size 4 address mem+13 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stw [r1+13], 1
mov64 r0, 0
exit

; case: stw, behind the end
; fault: store at 2 size 4 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stw [r1+16], 1
mov64 r0, 0
exit

; case: stw, one byte before the start
; fault: store at 2 size 4 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stw [r1-1], 1
mov64 r0, 0
exit

; case: stw, one byte past the end, computed
; fault: store at 3 size 4 address mem+13
mov64 r0, 0
mov64 r3, 0
add r1, 13
stw [r1+0], 1
exit

; case: stw, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
stw [r1-1000], 1
mov64 r0, 0
exit

; case: stdw, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stdw [r1+0], 1
mov64 r0, 0
exit

; case: stdw, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stdw [r1+8], 1
mov64 r0, 0
exit

; case: stdw, one byte past the end
; fault: store at 2 size 8 address mem+9 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stdw [r1+9], 1
mov64 r0, 0
exit

; case: stdw, behind the end
; fault: store at 2 size 8 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stdw [r1+16], 1
mov64 r0, 0
exit

; case: stdw, one byte before the start
; fault: store at 2 size 8 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stdw [r1-1], 1
mov64 r0, 0
exit

; case: stdw, one byte past the end, computed
; fault: store at 3 size 8 address mem+9
mov64 r0, 0
mov64 r3, 0
add r1, 9
stdw [r1+0], 1
exit

; case: stdw, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
stdw [r1-1000], 1
mov64 r0, 0
exit

; case: stxb, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stxb [r1+0], r3
mov64 r0, 0
exit

; case: stxb, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stxb [r1+15], r3
mov64 r0, 0
exit

; case: stxb, one byte past the end
; fault: store at 2 size 1 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxb [r1+16], r3
mov64 r0, 0
exit

; case: stxb, behind the end
; fault: store at 2 size 1 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxb [r1+16], r3
mov64 r0, 0
exit

; case: stxb, one byte before the start
; fault: store at 2 size 1 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxb [r1-1], r3
mov64 r0, 0
exit

; case: stxb, one byte past the end, computed
; fault: store at 3 size 1 address mem+16
mov64 r0, 0
mov64 r3, 0
add r1, 16
stxb [r1+0], r3
exit

; case: stxb, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
stxb [r1-1000], r3
mov64 r0, 0
exit

; case: stxh, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stxh [r1+0], r3
mov64 r0, 0
exit

; case: stxh, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stxh [r1+14], r3
mov64 r0, 0
exit

; case: stxh, one byte past the end
; fault: store at 2 size 2 address mem+15 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxh [r1+15], r3
mov64 r0, 0
exit

; case: stxh, behind the end
; fault: store at 2 size 2 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxh [r1+16], r3
mov64 r0, 0
exit

; case: stxh, one byte before the start
; fault: store at 2 size 2 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxh [r1-1], r3
mov64 r0, 0
exit

; case: stxh, one byte past the end, computed
; fault: store at 3 size 2 address mem+15
mov64 r0, 0
mov64 r3, 0
add r1, 15
stxh [r1+0], r3
exit

; case: stxh, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
stxh [r1-1000], r3
mov64 r0, 0
exit

; case: stxw, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stxw [r1+0], r3
mov64 r0, 0
exit

; case: stxw, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stxw [r1+12], r3
mov64 r0, 0
exit

; case: stxw, one byte past the end
; fault: store at 2 size 4 address mem+13 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxw [r1+13], r3
mov64 r0, 0
exit

; case: stxw, behind the end
; fault: store at 2 size 4 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxw [r1+16], r3
mov64 r0, 0
exit

; case: stxw, one byte before the start
; fault: store at 2 size 4 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxw [r1-1], r3
mov64 r0, 0
exit

; case: stxw, one byte past the end, computed
; fault: store at 3 size 4 address mem+13
mov64 r0, 0
mov64 r3, 0
add r1, 13
stxw [r1+0], r3
exit

; case: stxw, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
stxw [r1-1000], r3
mov64 r0, 0
exit

; case: stxdw, the first byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stxdw [r1+0], r3
mov64 r0, 0
exit

; case: stxdw, the last byte
; result: 0
mov64 r0, 0
mov64 r3, 0
stxdw [r1+8], r3
mov64 r0, 0
exit

; case: stxdw, one byte past the end
; fault: store at 2 size 8 address mem+9 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxdw [r1+9], r3
mov64 r0, 0
exit

; case: stxdw, behind the end
; fault: store at 2 size 8 address mem+16 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxdw [r1+16], r3
mov64 r0, 0
exit

; case: stxdw, one byte before the start
; fault: store at 2 size 8 address mem-1 ; executed: 3
mov64 r0, 0
mov64 r3, 0
stxdw [r1-1], r3
mov64 r0, 0
exit

; case: stxdw, one byte past the end, computed
; fault: store at 3 size 8 address mem+9
mov64 r0, 0
mov64 r3, 0
add r1, 9
stxdw [r1+0], r3
exit

; case: stxdw, back inside
; result: 0
mov64 r0, 0
mov64 r3, 0
add r1, 1000
stxdw [r1-1000], r3
mov64 r0, 0
exit
