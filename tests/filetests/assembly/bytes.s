# SPDX-License-Identifier: MIT OR Apache-2.0
# H1 H2 H3 H5: the bytes of what is easily encoded wrong; every case in this and all other files is
# also printed in both dialects, assembled again and compared.

; case: the least offset of a load
; bytes: 71 10 00 80 00000000 95 00*7
ldxb r0, [r1-0x8000]
exit

; case: the greatest offset of a load
; bytes: 71 10 ff 7f 00000000 95 00*7
ldxb r0, [r1+0x7fff]
exit

; case: the least immediate
; bytes: b7 00 00 00 00 00 00 80 95 00*7
mov64 r0, -0x80000000
exit

; case: the greatest immediate, as a pattern
; bytes: b7 00 00 00 ff ff ff ff 95 00*7
mov64 r0, 0xffffffff
exit

; case: minus one
; bytes: b7 00 00 00 ff ff ff ff 95 00*7
mov64 r0, -1
exit

; case: a function as llvm-objdump prints it
; bytes: b4 00*7 05 00 01 00*5 07 02 00 00 01 00*3 15 02 01 00 64 00*3 66 00 fd ff 03 00*3 95 00*7
0000000000000000 <g>:
       0:	w0 = 0
       1:	goto +1 <LBB0_1>

0000000000000010 <LBB0_6>:
       2:	r2 += 1

0000000000000018 <LBB0_1>:
       3:	if r2 == 100 goto +1 <.text+0x28>
       4:	if w0 s> 3 goto -3 <LBB0_6>
       5:	exit

; case: a jump backwards
; verifier: lenient ; bytes: 95 00*7 05 00 fe ff 00*4
exit
ja -2

; case: a long jump backwards
; verifier: lenient ; bytes: 95 00*7 06 00 00 00 fe ff ff ff
exit
ja32 -2

; case: atomics
; bytes: db 21 08 00 01 00 00 00 c3 21 f8 ff f1 00 00 00 95 00*7
lock fetch_add [r1+8], r2
lock cmpxchg32 [r1-8], r2
exit

; case: a store of a constant
; bytes: 7a 01 02 00 fd ff ff ff 95 00*7
stdw [r1+2], -3
exit

; case: pseudo-C says the same
; bytes: 07 01 00 00 05 00 00 00 0c 21 00*6 71 12 04 00 00*4 63 21 f8 ff 00*4 95 00*7
r1 += 5
w1 += w2
r2 = *(u8 *)(r1 + 4)
*(u32 *)(r1 - 8) = r2
exit
