#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
. "${top_srcdir:-.}/tests/cli/lib.sh"

input 'mov r0, 2
exit'
exits 0 "$ebpfvm" asm --hex -
out_is b7000000020000009500000000000000
test "$(wc -l <"$work/out")" -eq 1 || fail 'not one line'
err_empty
input 'r0 = 2
exit'
exits 0 "$ebpfvm" asm -
test "$(wc -c <"$work/out")" -eq 16 || fail 'not 16 bytes'
exits 0 "$ebpfvm" asm --hex "$filter"
cp "$work/out" "$work/filter.hex"
exits 0 "$ebpfvm" asm -o "$work/filter.bin" "$filter"
out_empty
exits 0 "$ebpfvm" asm --hex --output="$work/again.hex" "$filter"
cmp -s "$work/filter.hex" "$work/again.hex" || fail '--output differs from stdout'
exits 0 "$ebpfvm" disasm "$work/filter.bin"
cp "$work/out" "$work/filter.s"
exits 0 "$ebpfvm" asm --hex "$work/filter.s"
cmp -s "$work/filter.hex" "$work/out" || fail 'the disassembly assembles to other bytes'

# Errors: all of them, with place, line and caret; and as JSON.
printf 'mov r0, 1\nmvo r1, 2\nmov r99, 3\nexit\n' >"$work/bad.s"
exits 1 "$ebpfvm" asm --hex "$work/bad.s"
out_empty
err_has 'bad.s:2:1: error:'
err_has 'mvo r1, 2'
err_has '^'
err_has 'bad.s:3:'
exits 1 "$ebpfvm" asm --json "$work/bad.s"
out_json
out_has '"line": 2'
out_has '"exit": 1'
err_empty
input 'exit'
exits 0 "$ebpfvm" asm --json -
out_json
out_has '"hex": "9500000000000000"'
out_has '"size": 8'
exits 1 "$ebpfvm" asm --color=always --hex "$work/bad.s"
err_has "$(printf '\033[')"
exits 1 "$ebpfvm" asm --hex "$work/bad.s"
grep -q "$(printf '\033')" "$work/err" && fail 'colours without a terminal'

# Bad input is an error, never a crash.
for text in 'mov' 'mov r0,' '[' '"' '.equ' '\' 'é' 'exit exit exit ('; do
    input "$text"
    exits 1 "$ebpfvm" asm --hex -
done
printf 'exit\000exit\n' >"$work/in"
exits 1 "$ebpfvm" asm --hex -
head -c 100000 "$top_builddir/ebpfvm" >"$work/in"
exits 1 "$ebpfvm" asm --hex -
head -c 10000000 /dev/zero | tr '\0' 'a' >"$work/in"
exits 1 "$ebpfvm" asm --hex -

exits 3 "$ebpfvm" asm --hex "$work/missing.s"
err_has "ebpfvm: cannot read '$work/missing.s': No such file or directory"
exits 3 "$ebpfvm" asm --hex "$work"
err_has 'Is a directory'
exits 3 "$ebpfvm" asm --json "$work/missing.s"
out_json
exits 3 "$ebpfvm" asm -o "$work/missing/out.bin" "$filter"
err_has 'cannot write'
finish
