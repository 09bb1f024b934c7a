# SPDX-License-Identifier: MIT OR Apache-2.0
# may_goto falls through until its count is used up, then jumps.

; case: it falls through
; result: 1
mov64 r0, 0
may_goto +1
add64 r0, 1
exit

; case: it ends a loop that would not end
; sweep: no ; result: 8388608
mov64 r0, 0
again:
may_goto out
add64 r0, 1
ja again
out:
exit

; case: the count is that of the run, not of the place
; sweep: no ; result: 8388608
mov64 r0, 0
again:
may_goto out
add64 r0, 1
may_goto out
add64 r0, 1
ja again
out:
exit
