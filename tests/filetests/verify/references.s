# SPDX-License-Identifier: MIT OR Apache-2.0
# References that only a loader can resolve decode, print, assemble, and are refused.

; case: a map by its descriptor
; verify: reject reference at 0 ; bytes: 18 11 00 00 05 00 00 00 00*8 95 00*7
lddw r1, map_by_fd(5)
exit

; case: a value of a map by its descriptor
; verify: reject reference at 0 ; bytes: 18 21 00 00 05 00 00 00 00*4 08 00 00 00 95 00*7
lddw r1, map_val(map_by_fd(5)) + 8
exit

; case: a variable
; verify: reject reference at 0 ; bytes: 18 31 00 00 07 00 00 00 00*8 95 00*7
lddw r1, var_addr(7)
exit

; case: a function is a number that helpers know, and no address
; result: 0xebf0000000000003 ; executed: 3
lddw r0, code_addr(f)
mov64 r1, r0
exit
.func f
mov64 r0, 0
exit

; case: a function cannot be reached by its number
; fault: load at 2 size 1 address 0xebf0000000000003
lddw r1, code_addr(f)
ldxb r0, [r1+0]
exit
.func f
mov64 r0, 0
exit

; case: a map by its index
; verify: reject reference at 0 ; bytes: 18 51 00 00 02 00 00 00 00*8 95 00*7
lddw r1, map_by_idx(2)
exit

; case: a value of a map by its index
; verify: reject reference at 0 ; bytes: 18 61 00 00 02 00 00 00 00*4 10 00 00 00 95 00*7
lddw r1, map_val(map_by_idx(2)) + 16
exit

; case: a kernel function by its BTF id
; verify: reject call-kind at 0 ; bytes: 85 20 00 00 07 00 00 00 95 00*7
call runtime 7
exit
