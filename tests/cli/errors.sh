#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Errors that no other test raises by name; check-errors looks for their codes.
. "${top_srcdir:-.}/tests/cli/lib.sh"

input 'b7 00 00 00'
exits 1 "$ebpfvm" disasm --hex -
err_has '[E0301]'
input 'b7 zz'
exits 1 "$ebpfvm" disasm --hex -
err_has '[E0303]'

# A loop that need not end.
printf 'mov r0, 0\nagain: ldxw r2, [r1+12]\njne r2, 5, again\nexit\n' >"$work/loop.s"
exits 1 "$ebpfvm" verify --type=xdp "$work/loop.s"
err_has '[E0504]'

# Type information with another magic number, wherever it stands in the object.
object=${top_srcdir:-.}/tests/objects/maps_btf-v3.o
if "$ebpfvm" objdump "$object" | grep -q 'hash'; then
    at=$(od -An -v -tx1 "$object" | tr -d ' \n' |
        awk '{ print (index($0, "9feb01001800") - 1) / 2 }')
    cp "$object" "$work/damaged.o"
    printf 'XX' | dd of="$work/damaged.o" bs=1 seek="$at" conv=notrunc 2>/dev/null
    exits 1 "$ebpfvm" objdump "$work/damaged.o"
    err_has '[E0307]'
else
    echo 'not tested: E0307, for want of libbpf'
fi
finish
