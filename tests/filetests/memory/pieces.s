# SPDX-License-Identifier: MIT OR Apache-2.0
# Words that are accessed byte by byte, of which only some bytes are proven to be in the packet.
; type: xdp ; mem: 01

; case: the second byte of a store is not in the packet
; fault: store at 11 size 1 address mem+1
; mem-after: 35
    r2 = *(u32 *)(r1+0)
    r3 = *(u32 *)(r1+4)
    r0 = 0
    r4 = r2
    r4 += 1
    if r4 > r3 goto +6
    r6 = *(u8 *)(r2+0)
    r6 += 0x1234
    r7 = r6
    r7 >>= 8
    *(u8 *)(r2+0) = r6
    *(u8 *)(r2+1) = r7
    exit

; case: the second byte of a load is not in the packet
; fault: load at 7 size 1 address mem+1
    r2 = *(u32 *)(r1+0)
    r3 = *(u32 *)(r1+4)
    r0 = 0
    r4 = r2
    r4 += 1
    if r4 > r3 goto +4
    r6 = *(u8 *)(r2+0)
    r0 = *(u8 *)(r2+1)
    r0 <<= 8
    r0 |= r6
    exit

; case: the first byte of a store is not in the packet
; fault: store at 10 size 1 address mem+1
; mem-after: 01
    r2 = *(u32 *)(r1+0)
    r3 = *(u32 *)(r1+4)
    r0 = 0
    r4 = r2
    r4 += 1
    if r4 > r3 goto +6
    r6 = *(u8 *)(r2+0)
    r6 += 0x1234
    r7 = r6
    r7 >>= 8
    *(u8 *)(r2+1) = r7
    *(u8 *)(r2+0) = r6
    exit
