# SPDX-License-Identifier: MIT OR Apache-2.0
# Trees of comparisons as compilers make them of a switch: engines may make tables of them.

; case: unsigned, 32 bits
; kind: raw
; when: 0x0 gives 7
; when: 0x1 gives 7
; when: 0x2 gives 7
; when: 0x3 gives 100
; when: 0xe gives 111
; when: 0xf gives 7
; when: 0x10 gives 7
; when: 0xff gives 7
; when: 0x7fffffff gives 7
; when: 0x80000000 gives 7
; when: 0xffffffff gives 7
; when: 0x100000003 gives 100
; when: 0x8000000000000003 gives 100
; when: 0xffffffffffffffff gives 7
; when: 0xfffffffffffffffd gives 7
; when: 0x4 gives 101
; when: 0x5 gives 102
; when: 0x8 gives 105
; when: 0xd gives 110
    r0 = 0
    r2 = *(u64 *)(r1 + 0)
    if w2 > 8 goto n_0
    if w2 > 5 goto n_1
    if w2 > 3 goto n_2
    if w2 == 3 goto c_0
    goto other
n_2:
    if w2 == 4 goto c_1
    if w2 == 5 goto c_2
    goto other
n_1:
    if w2 > 6 goto n_3
    if w2 == 6 goto c_3
    goto other
n_3:
    if w2 == 7 goto c_4
    if w2 == 8 goto c_5
    goto other
n_0:
    if w2 > 11 goto n_4
    if w2 > 9 goto n_5
    if w2 == 9 goto c_6
    goto other
n_5:
    if w2 == 10 goto c_7
    if w2 == 11 goto c_8
    goto other
n_4:
    if w2 > 12 goto n_6
    if w2 == 12 goto c_9
    goto other
n_6:
    if w2 == 13 goto c_10
    if w2 == 14 goto c_11
    goto other
c_0:
    r0 = 100
    goto done
c_1:
    r0 = 101
    goto done
c_2:
    r0 = 102
    goto done
c_3:
    r0 = 103
    goto done
c_4:
    r0 = 104
    goto done
c_5:
    r0 = 105
    goto done
c_6:
    r0 = 106
    goto done
c_7:
    r0 = 107
    goto done
c_8:
    r0 = 108
    goto done
c_9:
    r0 = 109
    goto done
c_10:
    r0 = 110
    goto done
c_11:
    r0 = 111
    goto done
other:
    r0 = 7
done:
    exit

; case: unsigned, 64 bits
; kind: raw
; when: 0x0 gives 7
; when: 0x1 gives 7
; when: 0x2 gives 7
; when: 0x3 gives 100
; when: 0xe gives 111
; when: 0xf gives 7
; when: 0x10 gives 7
; when: 0xff gives 7
; when: 0x7fffffff gives 7
; when: 0x80000000 gives 7
; when: 0xffffffff gives 7
; when: 0x100000003 gives 7
; when: 0x8000000000000003 gives 7
; when: 0xffffffffffffffff gives 7
; when: 0xfffffffffffffffd gives 7
; when: 0x4 gives 101
; when: 0x5 gives 102
; when: 0x8 gives 105
; when: 0xd gives 110
    r0 = 0
    r2 = *(u64 *)(r1 + 0)
    if r2 > 8 goto n_0
    if r2 > 5 goto n_1
    if r2 > 3 goto n_2
    if r2 == 3 goto c_0
    goto other
n_2:
    if r2 == 4 goto c_1
    if r2 == 5 goto c_2
    goto other
n_1:
    if r2 > 6 goto n_3
    if r2 == 6 goto c_3
    goto other
n_3:
    if r2 == 7 goto c_4
    if r2 == 8 goto c_5
    goto other
n_0:
    if r2 > 11 goto n_4
    if r2 > 9 goto n_5
    if r2 == 9 goto c_6
    goto other
n_5:
    if r2 == 10 goto c_7
    if r2 == 11 goto c_8
    goto other
n_4:
    if r2 > 12 goto n_6
    if r2 == 12 goto c_9
    goto other
n_6:
    if r2 == 13 goto c_10
    if r2 == 14 goto c_11
    goto other
c_0:
    r0 = 100
    goto done
c_1:
    r0 = 101
    goto done
c_2:
    r0 = 102
    goto done
c_3:
    r0 = 103
    goto done
c_4:
    r0 = 104
    goto done
c_5:
    r0 = 105
    goto done
c_6:
    r0 = 106
    goto done
c_7:
    r0 = 107
    goto done
c_8:
    r0 = 108
    goto done
c_9:
    r0 = 109
    goto done
c_10:
    r0 = 110
    goto done
c_11:
    r0 = 111
    goto done
other:
    r0 = 7
done:
    exit

; case: signed, 32 bits
; kind: raw
; when: 0x0 gives 106
; when: 0x1 gives 107
; when: 0x2 gives 108
; when: 0x3 gives 109
; when: 0xe gives 7
; when: 0xf gives 7
; when: 0x10 gives 7
; when: 0xff gives 7
; when: 0x7fffffff gives 7
; when: 0x80000000 gives 7
; when: 0xffffffff gives 105
; when: 0x100000003 gives 109
; when: 0x8000000000000003 gives 109
; when: 0xffffffffffffffff gives 105
; when: 0xfffffffffffffffd gives 103
; when: 0x4 gives 110
; when: 0x5 gives 111
; when: 0x8 gives 7
; when: 0xd gives 7
; when: 0xfffffffffffffffa gives 100
; when: 0xfffffffffffffff9 gives 7
; when: 0xfffffffffffffffb gives 101
; when: 0xffffffffffffffff gives 105
; when: 0x6 gives 112
; when: 0x7 gives 7
; when: 0xfffffffa gives 100
; when: 0xfffffff9 gives 7
    r0 = 0
    r2 = *(u64 *)(r1 + 0)
    if w2 s> -1 goto n_0
    if w2 s> -4 goto n_1
    if w2 s> -6 goto n_2
    if w2 == -6 goto c_0
    goto other
n_2:
    if w2 == -5 goto c_1
    if w2 == -4 goto c_2
    goto other
n_1:
    if w2 s> -3 goto n_3
    if w2 == -3 goto c_3
    goto other
n_3:
    if w2 == -2 goto c_4
    if w2 == -1 goto c_5
    goto other
n_0:
    if w2 s> 2 goto n_4
    if w2 s> 0 goto n_5
    if w2 == 0 goto c_6
    goto other
n_5:
    if w2 == 1 goto c_7
    if w2 == 2 goto c_8
    goto other
n_4:
    if w2 s> 4 goto n_6
    if w2 == 3 goto c_9
    if w2 == 4 goto c_10
    goto other
n_6:
    if w2 == 5 goto c_11
    if w2 == 6 goto c_12
    goto other
c_0:
    r0 = 100
    goto done
c_1:
    r0 = 101
    goto done
c_2:
    r0 = 102
    goto done
c_3:
    r0 = 103
    goto done
c_4:
    r0 = 104
    goto done
c_5:
    r0 = 105
    goto done
c_6:
    r0 = 106
    goto done
c_7:
    r0 = 107
    goto done
c_8:
    r0 = 108
    goto done
c_9:
    r0 = 109
    goto done
c_10:
    r0 = 110
    goto done
c_11:
    r0 = 111
    goto done
c_12:
    r0 = 112
    goto done
other:
    r0 = 7
done:
    exit

; case: signed, 64 bits
; kind: raw
; when: 0x0 gives 106
; when: 0x1 gives 107
; when: 0x2 gives 108
; when: 0x3 gives 109
; when: 0xe gives 7
; when: 0xf gives 7
; when: 0x10 gives 7
; when: 0xff gives 7
; when: 0x7fffffff gives 7
; when: 0x80000000 gives 7
; when: 0xffffffff gives 7
; when: 0x100000003 gives 7
; when: 0x8000000000000003 gives 7
; when: 0xffffffffffffffff gives 105
; when: 0xfffffffffffffffd gives 103
; when: 0x4 gives 110
; when: 0x5 gives 111
; when: 0x8 gives 7
; when: 0xd gives 7
; when: 0xfffffffffffffffa gives 100
; when: 0xfffffffffffffff9 gives 7
; when: 0xfffffffffffffffb gives 101
; when: 0xffffffffffffffff gives 105
; when: 0x6 gives 112
; when: 0x7 gives 7
; when: 0xfffffffa gives 7
; when: 0xfffffff9 gives 7
    r0 = 0
    r2 = *(u64 *)(r1 + 0)
    if r2 s> -1 goto n_0
    if r2 s> -4 goto n_1
    if r2 s> -6 goto n_2
    if r2 == -6 goto c_0
    goto other
n_2:
    if r2 == -5 goto c_1
    if r2 == -4 goto c_2
    goto other
n_1:
    if r2 s> -3 goto n_3
    if r2 == -3 goto c_3
    goto other
n_3:
    if r2 == -2 goto c_4
    if r2 == -1 goto c_5
    goto other
n_0:
    if r2 s> 2 goto n_4
    if r2 s> 0 goto n_5
    if r2 == 0 goto c_6
    goto other
n_5:
    if r2 == 1 goto c_7
    if r2 == 2 goto c_8
    goto other
n_4:
    if r2 s> 4 goto n_6
    if r2 == 3 goto c_9
    if r2 == 4 goto c_10
    goto other
n_6:
    if r2 == 5 goto c_11
    if r2 == 6 goto c_12
    goto other
c_0:
    r0 = 100
    goto done
c_1:
    r0 = 101
    goto done
c_2:
    r0 = 102
    goto done
c_3:
    r0 = 103
    goto done
c_4:
    r0 = 104
    goto done
c_5:
    r0 = 105
    goto done
c_6:
    r0 = 106
    goto done
c_7:
    r0 = 107
    goto done
c_8:
    r0 = 108
    goto done
c_9:
    r0 = 109
    goto done
c_10:
    r0 = 110
    goto done
c_11:
    r0 = 111
    goto done
c_12:
    r0 = 112
    goto done
other:
    r0 = 7
done:
    exit

; case: from 0 on
; kind: raw
; when: 0x0 gives 100
; when: 0x1 gives 101
; when: 0x2 gives 102
; when: 0x3 gives 103
; when: 0xe gives 7
; when: 0xf gives 7
; when: 0x10 gives 7
; when: 0xff gives 7
; when: 0x7fffffff gives 7
; when: 0x80000000 gives 7
; when: 0xffffffff gives 7
; when: 0x100000003 gives 103
; when: 0x8000000000000003 gives 103
; when: 0xffffffffffffffff gives 7
; when: 0xfffffffffffffffd gives 7
; when: 0x4 gives 104
; when: 0x5 gives 105
; when: 0x8 gives 108
; when: 0xd gives 7
    r0 = 0
    r2 = *(u64 *)(r1 + 0)
    if w2 > 4 goto n_0
    if w2 > 1 goto n_1
    if w2 == 0 goto c_0
    if w2 == 1 goto c_1
    goto other
n_1:
    if w2 > 2 goto n_2
    if w2 == 2 goto c_2
    goto other
n_2:
    if w2 == 3 goto c_3
    if w2 == 4 goto c_4
    goto other
n_0:
    if w2 > 6 goto n_3
    if w2 == 5 goto c_5
    if w2 == 6 goto c_6
    goto other
n_3:
    if w2 > 7 goto n_4
    if w2 == 7 goto c_7
    goto other
n_4:
    if w2 == 8 goto c_8
    if w2 == 9 goto c_9
    goto other
c_0:
    r0 = 100
    goto done
c_1:
    r0 = 101
    goto done
c_2:
    r0 = 102
    goto done
c_3:
    r0 = 103
    goto done
c_4:
    r0 = 104
    goto done
c_5:
    r0 = 105
    goto done
c_6:
    r0 = 106
    goto done
c_7:
    r0 = 107
    goto done
c_8:
    r0 = 108
    goto done
c_9:
    r0 = 109
    goto done
other:
    r0 = 7
done:
    exit

; case: with holes
; kind: raw
; when: 0x0 gives 7
; when: 0x1 gives 7
; when: 0x2 gives 100
; when: 0x3 gives 101
; when: 0xe gives 7
; when: 0xf gives 108
; when: 0x10 gives 7
; when: 0xff gives 7
; when: 0x7fffffff gives 7
; when: 0x80000000 gives 7
; when: 0xffffffff gives 7
; when: 0x100000003 gives 101
; when: 0x8000000000000003 gives 101
; when: 0xffffffffffffffff gives 7
; when: 0xfffffffffffffffd gives 7
; when: 0x4 gives 102
; when: 0x5 gives 7
; when: 0x8 gives 7
; when: 0xd gives 107
; when: 0x9 gives 105
; when: 0xa gives 106
; when: 0xb gives 7
; when: 0xc gives 7
; when: 0x11 gives 109
; when: 0x12 gives 7
    r0 = 0
    r2 = *(u64 *)(r1 + 0)
    if w2 > 7 goto n_0
    if w2 > 3 goto n_1
    if w2 == 2 goto c_0
    if w2 == 3 goto c_1
    goto other
n_1:
    if w2 > 4 goto n_2
    if w2 == 4 goto c_2
    goto other
n_2:
    if w2 == 6 goto c_3
    if w2 == 7 goto c_4
    goto other
n_0:
    if w2 > 10 goto n_3
    if w2 == 9 goto c_5
    if w2 == 10 goto c_6
    goto other
n_3:
    if w2 > 13 goto n_4
    if w2 == 13 goto c_7
    goto other
n_4:
    if w2 == 15 goto c_8
    if w2 == 17 goto c_9
    goto other
c_0:
    r0 = 100
    goto done
c_1:
    r0 = 101
    goto done
c_2:
    r0 = 102
    goto done
c_3:
    r0 = 103
    goto done
c_4:
    r0 = 104
    goto done
c_5:
    r0 = 105
    goto done
c_6:
    r0 = 106
    goto done
c_7:
    r0 = 107
    goto done
c_8:
    r0 = 108
    goto done
c_9:
    r0 = 109
    goto done
other:
    r0 = 7
done:
    exit

; case: a tree in a loop, of which a part is entered from elsewhere
; kind: raw
; when: 0 gives 1344
; when: 1 gives 1344
; when: 0x100 gives 444
    r3 = 0
    r0 = 0
    r4 = *(u64 *)(r1 + 0)
again:
    r2 = r3
    if r2 > 7 goto high
    if r2 > 3 goto middle
    if r2 == 0 goto one
    if r2 == 1 goto two
    if r2 == 2 goto one
    goto three
middle:
    if r2 == 4 goto two
    if r2 == 5 goto one
    if r2 == 6 goto three
    goto two
high:
    if r2 == 8 goto one
    if r2 == 9 goto two
    if r2 == 10 goto three
    r2 = 6
    if r4 > r3 goto middle
    goto four
one:
    r0 += 1
    goto next
two:
    r0 += 10
    goto next
three:
    r0 += 100
    goto next
four:
    r0 += 1000
next:
    r3 += 1
    if r3 < 12 goto again
    r0 &= 0xffff
    exit

; case: signed, from the least value on that an instruction can have
; kind: raw
; when: 0xffffffff7fffffff gives 1
; when: 0xffffffff80000000 gives 2
; when: 0xffffffff80000001 gives 3
; when: 0xffffffff80000005 gives 7
; when: 0xffffffff80000006 gives 0
; when: 0x80000000 gives 0
; when: 0 gives 0
    r0 = 0
    r2 = *(u64 *)(r1 + 0)
    if r2 s< -2147483648 goto below
    if r2 == -2147483648 goto c_0
    if r2 == -2147483647 goto c_1
    if r2 == -2147483646 goto c_2
    if r2 == -2147483645 goto c_3
    if r2 == -2147483644 goto c_4
    if r2 == -2147483643 goto c_5
    exit
below:
    r0 = 1
    exit
c_0:
    r0 = 2
    exit
c_1:
    r0 = 3
    exit
c_2:
    r0 = 4
    exit
c_3:
    r0 = 5
    exit
c_4:
    r0 = 6
    exit
c_5:
    r0 = 7
    exit

; case: the same with 32 bits, where no value is below
; kind: raw
; when: 0x80000000 gives 1
; when: 0x80000001 gives 2
; when: 0x80000006 gives 3
; when: 0x80000007 gives 0
; when: 0x7fffffff gives 0
; when: 0xffffffff gives 0
    r0 = 0
    r2 = *(u32 *)(r1 + 0)
    if w2 s< -2147483647 goto least
    if w2 == -2147483647 goto one
    if w2 == -2147483646 goto two
    if w2 == -2147483645 goto one
    if w2 == -2147483644 goto two
    if w2 == -2147483643 goto one
    if w2 == -2147483642 goto two
    exit
least:
    r0 = 1
    exit
one:
    r0 = 2
    exit
two:
    r0 = 3
    exit
