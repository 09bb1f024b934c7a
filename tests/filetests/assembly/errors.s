# SPDX-License-Identifier: MIT OR Apache-2.0
# What the assembler says of mistakes: line, column, reason.

; case: an unknown instruction
; asm: error mnemonic at 6:1
addd r0, 1
exit

; case: a register that is none
; asm: error
mov64 r16, 1

; case: an immediate of 33 bits (H5)
; asm: error range
mov64 r0, 0x1ffffffff

; case: an offset of 17 bits (H5)
; asm: error range
ldxb r0, [r1+32768]

; case: an offset of 17 bits, negative (H1)
; asm: error range
ldxb r0, [r1-32769]

; case: operands of a load in the wrong order (H5)
; asm: error operands
ldxb [r1+0], r0

; case: operands of a store in the wrong order (H5)
; asm: error operands
stxb r0, [r1+0]

; case: too many operands
; asm: error operands
add64 r0, 1, 2

; case: too few operands
; asm: error operands
add64 r0

; case: a label that is not there
; asm: error symbol
ja nowhere
exit

; case: a label twice
; asm: error duplicate
here:
here:
exit

; case: a division by zero in an expression
; asm: error expression
mov64 r0, 1 / 0

; case: a character that is none of ours
; asm: error
mov64 r0, §

; case: an unknown directive
; asm: error directive
.frobnicate 1

; case: the second mistake is reported too
; asm: error mnemonic "subb"
addd r0, 1
subb r0, 1
exit
