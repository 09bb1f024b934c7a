# SPDX-License-Identifier: MIT OR Apache-2.0
# B2 B3 B4: address + size and base + offset wrap around; NULL and the ends of the address space.
; kind: raw
; mem: 00*16

; case: ldxb, NULL
; fault: load at 4 size 1 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
ldxb r0, [r2+0]
exit

; case: ldxb, NULL minus one
; fault: load at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
ldxb r0, [r2-1]
exit

; case: ldxb, the last bytes of all
; fault: load at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxb r0, [r2+0]
exit

; case: ldxb, across the end of the address space
; fault: load at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxb r0, [r2+0]
exit

; case: ldxb, base + offset wraps
; fault: load at 4 size 1 address 1 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxb r0, [r2+2]
exit

; case: ldxb, base - offset wraps
; fault: load at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 1
ldxb r0, [r2-2]
exit

; case: ldxb, the sign bit
; fault: load at 4 size 1 address 0x8000000000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x8000000000000000
ldxb r0, [r2+0]
exit

; case: ldxb, no canonical address
; fault: load at 4 size 1 address 0x800000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x800000000000
ldxb r0, [r2+0]
exit

; case: ldxb, the greatest positive
; fault: load at 4 size 1 address 0x8000000000007ffe ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x7fffffffffffffff
ldxb r0, [r2+32767]
exit

; case: ldxh, NULL
; fault: load at 4 size 2 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
ldxh r0, [r2+0]
exit

; case: ldxh, across the end of the address space
; fault: load at 4 size 2 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxh r0, [r2+0]
exit

; case: ldxw, NULL
; fault: load at 4 size 4 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
ldxw r0, [r2+0]
exit

; case: ldxw, across the end of the address space
; fault: load at 4 size 4 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxw r0, [r2+0]
exit

; case: ldxdw, NULL
; fault: load at 4 size 8 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
ldxdw r0, [r2+0]
exit

; case: ldxdw, NULL minus one
; fault: load at 4 size 8 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
ldxdw r0, [r2-1]
exit

; case: ldxdw, the last bytes of all
; fault: load at 4 size 8 address 0xfffffffffffffff8 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xfffffffffffffff8
ldxdw r0, [r2+0]
exit

; case: ldxdw, across the end of the address space
; fault: load at 4 size 8 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxdw r0, [r2+0]
exit

; case: ldxdw, base + offset wraps
; fault: load at 4 size 8 address 1 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxdw r0, [r2+2]
exit

; case: ldxdw, base - offset wraps
; fault: load at 4 size 8 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 1
ldxdw r0, [r2-2]
exit

; case: ldxdw, the sign bit
; fault: load at 4 size 8 address 0x8000000000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x8000000000000000
ldxdw r0, [r2+0]
exit

; case: ldxdw, no canonical address
; fault: load at 4 size 8 address 0x800000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x800000000000
ldxdw r0, [r2+0]
exit

; case: ldxdw, the greatest positive
; fault: load at 4 size 8 address 0x8000000000007ffe ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x7fffffffffffffff
ldxdw r0, [r2+32767]
exit

; case: ldxsb, NULL
; fault: load at 4 size 1 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
ldxsb r0, [r2+0]
exit

; case: ldxsb, across the end of the address space
; fault: load at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxsb r0, [r2+0]
exit

; case: ldxsh, NULL
; fault: load at 4 size 2 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
ldxsh r0, [r2+0]
exit

; case: ldxsh, across the end of the address space
; fault: load at 4 size 2 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxsh r0, [r2+0]
exit

; case: ldxsw, NULL
; fault: load at 4 size 4 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
ldxsw r0, [r2+0]
exit

; case: ldxsw, across the end of the address space
; fault: load at 4 size 4 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
ldxsw r0, [r2+0]
exit

; case: stb, NULL
; fault: store at 4 size 1 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stb [r2+0], 1
exit

; case: stb, NULL minus one
; fault: store at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stb [r2-1], 1
exit

; case: stb, the last bytes of all
; fault: store at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stb [r2+0], 1
exit

; case: stb, across the end of the address space
; fault: store at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stb [r2+0], 1
exit

; case: stb, base + offset wraps
; fault: store at 4 size 1 address 1 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stb [r2+2], 1
exit

; case: stb, base - offset wraps
; fault: store at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 1
stb [r2-2], 1
exit

; case: stb, the sign bit
; fault: store at 4 size 1 address 0x8000000000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x8000000000000000
stb [r2+0], 1
exit

; case: stb, no canonical address
; fault: store at 4 size 1 address 0x800000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x800000000000
stb [r2+0], 1
exit

; case: stb, the greatest positive
; fault: store at 4 size 1 address 0x8000000000007ffe ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x7fffffffffffffff
stb [r2+32767], 1
exit

; case: sth, NULL
; fault: store at 4 size 2 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
sth [r2+0], 1
exit

; case: sth, across the end of the address space
; fault: store at 4 size 2 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
sth [r2+0], 1
exit

; case: stw, NULL
; fault: store at 4 size 4 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stw [r2+0], 1
exit

; case: stw, across the end of the address space
; fault: store at 4 size 4 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stw [r2+0], 1
exit

; case: stdw, NULL
; fault: store at 4 size 8 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stdw [r2+0], 1
exit

; case: stdw, across the end of the address space
; fault: store at 4 size 8 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stdw [r2+0], 1
exit

; case: stxb, NULL
; fault: store at 4 size 1 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stxb [r2+0], r3
exit

; case: stxb, across the end of the address space
; fault: store at 4 size 1 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stxb [r2+0], r3
exit

; case: stxh, NULL
; fault: store at 4 size 2 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stxh [r2+0], r3
exit

; case: stxh, across the end of the address space
; fault: store at 4 size 2 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stxh [r2+0], r3
exit

; case: stxw, NULL
; fault: store at 4 size 4 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stxw [r2+0], r3
exit

; case: stxw, NULL minus one
; fault: store at 4 size 4 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stxw [r2-1], r3
exit

; case: stxw, the last bytes of all
; fault: store at 4 size 4 address 0xfffffffffffffffc ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xfffffffffffffffc
stxw [r2+0], r3
exit

; case: stxw, across the end of the address space
; fault: store at 4 size 4 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stxw [r2+0], r3
exit

; case: stxw, base + offset wraps
; fault: store at 4 size 4 address 1 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stxw [r2+2], r3
exit

; case: stxw, base - offset wraps
; fault: store at 4 size 4 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 1
stxw [r2-2], r3
exit

; case: stxw, the sign bit
; fault: store at 4 size 4 address 0x8000000000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x8000000000000000
stxw [r2+0], r3
exit

; case: stxw, no canonical address
; fault: store at 4 size 4 address 0x800000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x800000000000
stxw [r2+0], r3
exit

; case: stxw, the greatest positive
; fault: store at 4 size 4 address 0x8000000000007ffe ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x7fffffffffffffff
stxw [r2+32767], r3
exit

; case: stxdw, NULL
; fault: store at 4 size 8 address 0 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stxdw [r2+0], r3
exit

; case: stxdw, NULL minus one
; fault: store at 4 size 8 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0
stxdw [r2-1], r3
exit

; case: stxdw, the last bytes of all
; fault: store at 4 size 8 address 0xfffffffffffffff8 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xfffffffffffffff8
stxdw [r2+0], r3
exit

; case: stxdw, across the end of the address space
; fault: store at 4 size 8 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stxdw [r2+0], r3
exit

; case: stxdw, base + offset wraps
; fault: store at 4 size 8 address 1 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0xffffffffffffffff
stxdw [r2+2], r3
exit

; case: stxdw, base - offset wraps
; fault: store at 4 size 8 address 0xffffffffffffffff ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 1
stxdw [r2-2], r3
exit

; case: stxdw, the sign bit
; fault: store at 4 size 8 address 0x8000000000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x8000000000000000
stxdw [r2+0], r3
exit

; case: stxdw, no canonical address
; fault: store at 4 size 8 address 0x800000000000 ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x800000000000
stxdw [r2+0], r3
exit

; case: stxdw, the greatest positive
; fault: store at 4 size 8 address 0x8000000000007ffe ; executed: 4
mov64 r0, 0
mov64 r3, 0
lddw r2, 0x7fffffffffffffff
stxdw [r2+32767], r3
exit
