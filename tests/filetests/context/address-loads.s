# SPDX-License-Identifier: MIT OR Apache-2.0
; type: xdp ; policy: checked

; case: with a sign, it is no load of an address; machine code must not believe that it is
; mem: 11*64
; fault: load at 6 size 1 address 0x0
r2 = *(s32 *)(r1 + 0)
r3 = *(u32 *)(r1 + 4)
r0 = 2
r4 = r2
r4 += 14
if r4 > r3 goto out
r0 = *(u8 *)(r2 + 0)
out:
exit

; case: through an address that was computed
; mem: 11*64
; result: 0x11
r6 = r1
r7 = 0
r6 += r7
r2 = *(u32 *)(r6 + 0)
r3 = *(u32 *)(r6 + 4)
r0 = 2
r4 = r2
r4 += 14
if r4 > r3 goto out
r0 = *(u8 *)(r2 + 0)
out:
exit

; case: through an address on the stack that another register points at
; mem: 11*64
; result: 0x11
r6 = r10
r6 += -16
*(u64 *)(r6 + 8) = r1
r5 = *(u64 *)(r6 + 8)
r2 = *(u32 *)(r5 + 0)
r3 = *(u32 *)(r5 + 4)
r0 = 2
r4 = r2
r4 += 14
if r4 > r3 goto out
r0 = *(u8 *)(r2 + 0)
out:
exit
