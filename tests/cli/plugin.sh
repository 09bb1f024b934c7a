#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# The protocol of the BPF conformance suite.
. "${top_srcdir:-.}/tests/cli/lib.sh"

# plugin RESULT PROGRAM [ARGUMENT...]
plugin() {
    result=$1
    input "$2
"
    shift 2
    exits 0 "$ebpfvm" plugin "$@"
    out_is "$result"
    err_empty
}
# refused REASON PROGRAM [ARGUMENT...]: any failure is exit code 1 and a reason.
refused() {
    reason=$1
    input "$2"
    shift 2
    exits 1 "$ebpfvm" plugin "$@"
    out_empty
    err_has "$reason"
}

plugin 2 "$two"
plugin 2 "$two" ''
plugin 2 b7000000020000009500000000000000 'aa bb cc '
plugin 2 'b7 00 00 00 02 00 00 00
95 00 00 00 00 00 00 00'
plugin ffffffffffffffff 'b7 00 00 00 ff ff ff ff 95 00 00 00 00 00 00 00 '
plugin deadbeef 'b4 00 00 00 ef be ad de 95 00 00 00 00 00 00 00'
plugin 2a '71 10 02 00 00 00 00 00 95 00 00 00 00 00 00 00' '01 02 2a'
plugin 2a '71 10 02 00 00 00 00 00 95 00 00 00 00 00 00 00' 01022A
plugin 3 'bf 20 00 00 00 00 00 00 95 00 00 00 00 00 00 00' '01 02 03'
plugin 0 'bf 20 00 00 00 00 00 00 95 00 00 00 00 00 00 00'
# Helper 5 returns its first argument: r1 = 7.
plugin 7 'b7 01 00 00 07 00 00 00 85 00 00 00 05 00 00 00 95 00 00 00 00 00 00 00'
# The lenient verifier: code that is never reached; a shift by 64.
plugin 2 "$two 95 00 00 00 00 00 00 00"
plugin 1 'b7 00 00 00 01 00 00 00 67 00 00 00 40 00 00 00 95 00 00 00 00 00 00 00'
plugin 2 "$two" --backend=interp --policy=checked
plugin 2 "$two" '' --backend=interp

# More than 1,000,000,000 instructions: r0 = 0x1fffffff, then r0 -= 1 until it is 0.
plugin 0 'b7 00 00 00 ff ff ff 1f 17 00 00 00 01 00 00 00
55 00 fe ff 00 00 00 00 95 00 00 00 00 00 00 00'

refused 'odd number' 'b7 00 0'
refused 'not a hexadecimal digit' 'hello'
refused 'multiple of 8' 'b7 00 00 00'
refused 'empty' ''
refused 'odd number' "$two" 'a'
refused 'not a hexadecimal digit' "$two" 'zz'
refused 'out of bounds' '71 10 03 00 00 00 00 00 95 00 00 00 00 00 00 00' '01 02 03'
refused 'helper' '85 00 00 00 63 00 00 00 95 00 00 00 00 00 00 00'
refused 'opcode' 'ff 00 00 00 00 00 00 00 95 00 00 00 00 00 00 00'
refused 'nonsense' "$two" --backend=nonsense
refused 'checked|verified|trusted' "$two" --policy=nonsense
refused 'unknown option' "$two" --nonsense

# Objects, in hexadecimal and as they are: both(5) of tests/objects/calls.c without a context,
# both(3) with one.
object=${top_srcdir:-.}/tests/objects/calls-v3.o
exits 1 "$ebpfvm" plugin --elf
if grep -q 'built without libelf' "$work/err"; then
    err_has 'libelf'
else
    plugin 23 "$(od -An -v -tx1 "$object")" --elf --program=first
    plugin f "$(od -An -v -tx1 "$object")" 00 --elf --program=first --backend=interp
    cp "$object" "$work/in"
    exits 0 "$ebpfvm" plugin --elf --program=shown
    out_is a
    cp "$object" "$work/in"
    exits 1 "$ebpfvm" plugin --elf
    err_has 'one must be named'
    head -c 300 "$object" >"$work/in"
    exits 1 "$ebpfvm" plugin --elf --program=shown
    err_has 'no sections'
    refused 'error' "$two" --elf
    refused 'error' '' --elf
    refused 'odd number' '7f 45 4c 4' --elf
fi
finish
