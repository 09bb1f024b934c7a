# SPDX-License-Identifier: MIT OR Apache-2.0
# Stores of every width: only their own bytes, any alignment; A4: stdw sign-extends.
; kind: raw
; mem: 11*16

; case: stb of 0 at 3
; result: 0 ; mem-after: 11111100111111111111111111111111
stb [r1+3], 0
mov64 r0, 0
exit

; case: stb of -0x1 at 3
; result: 0 ; mem-after: 111111ff111111111111111111111111
stb [r1+3], -0x1
mov64 r0, 0
exit

; case: stb of 0x7fffffff at 3
; result: 0 ; mem-after: 111111ff111111111111111111111111
stb [r1+3], 0x7fffffff
mov64 r0, 0
exit

; case: stb of -0x80000000 at 3
; result: 0 ; mem-after: 11111100111111111111111111111111
stb [r1+3], -0x80000000
mov64 r0, 0
exit

; case: stb of 0x12345678 at 0
; result: 0 ; mem-after: 78111111111111111111111111111111
stb [r1+0], 0x12345678
mov64 r0, 0
exit

; case: stb of 0x12345678 at 3
; result: 0 ; mem-after: 11111178111111111111111111111111
stb [r1+3], 0x12345678
mov64 r0, 0
exit

; case: stb of 0x12345678 at 15
; result: 0 ; mem-after: 11111111111111111111111111111178
stb [r1+15], 0x12345678
mov64 r0, 0
exit

; case: stxb of 0xfedcba9876543210, every pair of registers
; pairs: distinct
; mem-after: 11111111111011111111111111111111 ; result: 0xfedcba9876543210
mov64 rA, r1
lddw rB, 0xfedcba9876543210
stxb [rA+5], rB
mov64 r0, rB
exit

; case: stxb of 0x8000000080008080, every pair of registers
; pairs: distinct
; mem-after: 11111111118011111111111111111111 ; result: 0x8000000080008080
mov64 rA, r1
lddw rB, 0x8000000080008080
stxb [rA+5], rB
mov64 r0, rB
exit

; case: stxb at the least offset (H1)
; mem-after: 11111111111111111011111111111111
lddw r3, 0xfedcba9876543210
add r1, 0x8008
stxb [r1-0x8000], r3
mov64 r0, 0
exit

; case: stb at the greatest offset
; mem-after: 11111111111111117811111111111111
sub r1, 0x7ff7
stb [r1+0x7fff], 0x12345678
mov64 r0, 0
exit

; case: stxb of its own base
; result: 1
mov64 r2, r10
sub r2, 8
stdw [r2+0], 0
stxb [r2+0], r2
ldxb r3, [r2+0]
mov64 r4, r2
lsh r4, 56
rsh r4, 56
mov64 r0, 1
jeq r3, r4, +1
mov64 r0, 0
exit

; case: sth of 0 at 3
; result: 0 ; mem-after: 11111100001111111111111111111111
sth [r1+3], 0
mov64 r0, 0
exit

; case: sth of -0x1 at 3
; result: 0 ; mem-after: 111111ffff1111111111111111111111
sth [r1+3], -0x1
mov64 r0, 0
exit

; case: sth of 0x7fffffff at 3
; result: 0 ; mem-after: 111111ffff1111111111111111111111
sth [r1+3], 0x7fffffff
mov64 r0, 0
exit

; case: sth of -0x80000000 at 3
; result: 0 ; mem-after: 11111100001111111111111111111111
sth [r1+3], -0x80000000
mov64 r0, 0
exit

; case: sth of 0x12345678 at 0
; result: 0 ; mem-after: 78561111111111111111111111111111
sth [r1+0], 0x12345678
mov64 r0, 0
exit

; case: sth of 0x12345678 at 3
; result: 0 ; mem-after: 11111178561111111111111111111111
sth [r1+3], 0x12345678
mov64 r0, 0
exit

; case: sth of 0x12345678 at 14
; result: 0 ; mem-after: 11111111111111111111111111117856
sth [r1+14], 0x12345678
mov64 r0, 0
exit

; case: stxh of 0xfedcba9876543210, every pair of registers
; pairs: distinct
; mem-after: 11111111111032111111111111111111 ; result: 0xfedcba9876543210
mov64 rA, r1
lddw rB, 0xfedcba9876543210
stxh [rA+5], rB
mov64 r0, rB
exit

; case: stxh of 0x8000000080008080, every pair of registers
; pairs: distinct
; mem-after: 11111111118080111111111111111111 ; result: 0x8000000080008080
mov64 rA, r1
lddw rB, 0x8000000080008080
stxh [rA+5], rB
mov64 r0, rB
exit

; case: stxh at the least offset (H1)
; mem-after: 11111111111111111032111111111111
lddw r3, 0xfedcba9876543210
add r1, 0x8008
stxh [r1-0x8000], r3
mov64 r0, 0
exit

; case: sth at the greatest offset
; mem-after: 11111111111111117856111111111111
sub r1, 0x7ff7
sth [r1+0x7fff], 0x12345678
mov64 r0, 0
exit

; case: stxh of its own base
; result: 1
mov64 r2, r10
sub r2, 8
stdw [r2+0], 0
stxh [r2+0], r2
ldxh r3, [r2+0]
mov64 r4, r2
lsh r4, 48
rsh r4, 48
mov64 r0, 1
jeq r3, r4, +1
mov64 r0, 0
exit

; case: stw of 0 at 3
; result: 0 ; mem-after: 11111100000000111111111111111111
stw [r1+3], 0
mov64 r0, 0
exit

; case: stw of -0x1 at 3
; result: 0 ; mem-after: 111111ffffffff111111111111111111
stw [r1+3], -0x1
mov64 r0, 0
exit

; case: stw of 0x7fffffff at 3
; result: 0 ; mem-after: 111111ffffff7f111111111111111111
stw [r1+3], 0x7fffffff
mov64 r0, 0
exit

; case: stw of -0x80000000 at 3
; result: 0 ; mem-after: 11111100000080111111111111111111
stw [r1+3], -0x80000000
mov64 r0, 0
exit

; case: stw of 0x12345678 at 0
; result: 0 ; mem-after: 78563412111111111111111111111111
stw [r1+0], 0x12345678
mov64 r0, 0
exit

; case: stw of 0x12345678 at 3
; result: 0 ; mem-after: 11111178563412111111111111111111
stw [r1+3], 0x12345678
mov64 r0, 0
exit

; case: stw of 0x12345678 at 12
; result: 0 ; mem-after: 11111111111111111111111178563412
stw [r1+12], 0x12345678
mov64 r0, 0
exit

; case: stxw of 0xfedcba9876543210, every pair of registers
; pairs: distinct
; mem-after: 11111111111032547611111111111111 ; result: 0xfedcba9876543210
mov64 rA, r1
lddw rB, 0xfedcba9876543210
stxw [rA+5], rB
mov64 r0, rB
exit

; case: stxw of 0x8000000080008080, every pair of registers
; pairs: distinct
; mem-after: 11111111118080008011111111111111 ; result: 0x8000000080008080
mov64 rA, r1
lddw rB, 0x8000000080008080
stxw [rA+5], rB
mov64 r0, rB
exit

; case: stxw at the least offset (H1)
; mem-after: 11111111111111111032547611111111
lddw r3, 0xfedcba9876543210
add r1, 0x8008
stxw [r1-0x8000], r3
mov64 r0, 0
exit

; case: stw at the greatest offset
; mem-after: 11111111111111117856341211111111
sub r1, 0x7ff7
stw [r1+0x7fff], 0x12345678
mov64 r0, 0
exit

; case: stxw of its own base
; result: 1
mov64 r2, r10
sub r2, 8
stdw [r2+0], 0
stxw [r2+0], r2
ldxw r3, [r2+0]
mov64 r4, r2
lsh r4, 32
rsh r4, 32
mov64 r0, 1
jeq r3, r4, +1
mov64 r0, 0
exit

; case: stdw of 0 at 3
; result: 0 ; mem-after: 11111100000000000000001111111111
stdw [r1+3], 0
mov64 r0, 0
exit

; case: stdw of -0x1 at 3
; result: 0 ; mem-after: 111111ffffffffffffffff1111111111
stdw [r1+3], -0x1
mov64 r0, 0
exit

; case: stdw of 0x7fffffff at 3
; result: 0 ; mem-after: 111111ffffff7f000000001111111111
stdw [r1+3], 0x7fffffff
mov64 r0, 0
exit

; case: stdw of -0x80000000 at 3
; result: 0 ; mem-after: 11111100000080ffffffff1111111111
stdw [r1+3], -0x80000000
mov64 r0, 0
exit

; case: stdw of 0x12345678 at 0
; result: 0 ; mem-after: 78563412000000001111111111111111
stdw [r1+0], 0x12345678
mov64 r0, 0
exit

; case: stdw of 0x12345678 at 3
; result: 0 ; mem-after: 11111178563412000000001111111111
stdw [r1+3], 0x12345678
mov64 r0, 0
exit

; case: stdw of 0x12345678 at 8
; result: 0 ; mem-after: 11111111111111117856341200000000
stdw [r1+8], 0x12345678
mov64 r0, 0
exit

; case: stxdw of 0xfedcba9876543210, every pair of registers
; pairs: distinct
; mem-after: 11111111111032547698badcfe111111 ; result: 0xfedcba9876543210
mov64 rA, r1
lddw rB, 0xfedcba9876543210
stxdw [rA+5], rB
mov64 r0, rB
exit

; case: stxdw of 0x8000000080008080, every pair of registers
; pairs: distinct
; mem-after: 11111111118080008000000080111111 ; result: 0x8000000080008080
mov64 rA, r1
lddw rB, 0x8000000080008080
stxdw [rA+5], rB
mov64 r0, rB
exit

; case: stxdw at the least offset (H1)
; mem-after: 11111111111111111032547698badcfe
lddw r3, 0xfedcba9876543210
add r1, 0x8008
stxdw [r1-0x8000], r3
mov64 r0, 0
exit

; case: stdw at the greatest offset
; mem-after: 11111111111111117856341200000000
sub r1, 0x7ff7
stdw [r1+0x7fff], 0x12345678
mov64 r0, 0
exit

; case: stxdw of its own base
; result: 1
mov64 r2, r10
sub r2, 8
stdw [r2+0], 0
stxdw [r2+0], r2
ldxdw r3, [r2+0]
mov64 r4, r2
mov64 r0, 1
jeq r3, r4, +1
mov64 r0, 0
exit
