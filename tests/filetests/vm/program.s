# SPDX-License-Identifier: MIT OR Apache-2.0
# Whole programs.
; kind: raw

; case: the smallest one
; result: 0 ; executed: 1 ; bytes: 95 00*7
exit

; case: a filter of TCP packets to a port
; mem: 00 11 22 33 44 55 66 77 88 99 aa bb 08 00
; result: 0
mov64 r0, 0
mov64 r6, r1
jlt r2, 38, out
ldxh r3, [r6+12]
be16 r3
jne r3, 0x800, out
ldxb r3, [r6+23]
jne r3, 6, out
ldxh r3, [r6+36]
be16 r3
jne r3, 80, out
mov64 r0, 1
out:
exit

; case: the same, with a packet that passes
; mem: 00*12 08 00 45 00*8 06 00*12 00 50 00*16
; result: 1
mov64 r0, 0
mov64 r6, r1
jlt r2, 38, out
ldxh r3, [r6+12]
be16 r3
jne r3, 0x800, out
ldxb r3, [r6+23]
jne r3, 6, out
ldxh r3, [r6+36]
be16 r3
jne r3, 80, out
mov64 r0, 1
out:
exit

; case: an Internet checksum
; mem: 45 00 00 73 00 00 40 00 40 11 00 00 c0 a8 00 01 c0 a8 00 c7
; result: 0xb861
mov64 r0, 0
mov64 r3, r1
add64 r3, r2
sum:
ldxh r4, [r1+0]
be16 r4
add64 r0, r4
add64 r1, 2
jlt r1, r3, sum
fold:
mov64 r4, r0
rsh64 r4, 16
jeq r4, 0, done
and64 r0, 0xffff
add64 r0, r4
ja fold
done:
xor64 r0, 0xffff
exit

; case: the same in pseudo-C
; mem: 45 00 00 73 00 00 40 00 40 11 00 00 c0 a8 00 01 c0 a8 00 c7
; result: 0xb861
r0 = 0
r3 = r1
r3 += r2
sum:
r4 = *(u16 *)(r1 + 0)
r4 = be16 r4
r0 += r4
r1 += 2
if r1 < r3 goto sum
fold:
r4 = r0
r4 >>= 16
if r4 == 0 goto done
r0 &= 0xffff
r0 += r4
goto fold
done:
r0 ^= 0xffff
exit

; case: bytes reversed in place
; mem: 01 02 03 04 05 ; mem-after: 05 04 03 02 01 ; result: 2
mov64 r0, 0
mov64 r3, r1
add64 r3, r2
sub64 r3, 1
next:
jge r1, r3, out
ldxb r4, [r1+0]
ldxb r5, [r3+0]
stxb [r1+0], r5
stxb [r3+0], r4
add64 r1, 1
sub64 r3, 1
add64 r0, 1
ja next
out:
exit

; case: prime numbers below 50, by division
; sweep: no ; result: 15
mov64 r0, 0
mov64 r6, 2
candidate:
mov64 r7, 2
try:
mov64 r8, r7
mul64 r8, r7
jgt r8, r6, prime
mov64 r8, r6
mod64 r8, r7
jeq r8, 0, composite
add64 r7, 1
ja try
prime:
add64 r0, 1
composite:
add64 r6, 1
jlt r6, 50, candidate
exit
