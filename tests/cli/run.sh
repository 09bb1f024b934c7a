#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
. "${top_srcdir:-.}/tests/cli/lib.sh"

exits 0 "$ebpfvm" run "$two"
out_is 'r0 = 0x2 (2)'
exits 0 "$ebpfvm" run b7000000ffffffff9500000000000000
out_is 'r0 = 0xffffffffffffffff (18446744073709551615, -1)'
exits 0 "$ebpfvm" run --count "$two"
out_has 'instructions             2'
out_has 'time'
exits 0 "$ebpfvm" run --repeat 1000 "$two"
out_has 'instructions          2000   2.0 per run'
exits 0 "$ebpfvm" run --json "$two"
out_json
out_has '"r0": 2'
out_has '"instructions": 2'

# Memory: r0 = the third byte; r0 = the length.
third='71 10 02 00 00 00 00 00 95 00 00 00 00 00 00 00'
length='bf 20 00 00 00 00 00 00 95 00 00 00 00 00 00 00'
exits 0 "$ebpfvm" run --mem '01 02 2a' "$third"
out_is 'r0 = 0x2a (42)'
printf '\001\002\052' >"$work/mem"
exits 0 "$ebpfvm" run --mem-file "$work/mem" "$third"
out_is 'r0 = 0x2a (42)'
exits 0 "$ebpfvm" run --mem-file "$work/mem" "$length"
out_is 'r0 = 0x3 (3)'
exits 0 "$ebpfvm" run --mem '' "$length"
out_is 'r0 = 0x0 (0)'
exits 1 "$ebpfvm" run --mem '01 02' "$third"
out_empty
err_has 'out of bounds memory load'
exits 1 "$ebpfvm" run --json --mem '01 02' "$third"
out_json
out_has '"fault": "EBPF_ERR_LOAD"'
exits 1 "$ebpfvm" run --mem 012 "$third"
err_has 'odd number'
exits 3 "$ebpfvm" run --mem-file "$work/missing" "$third"

# A program that changes its memory finds it fresh each time: r0 = *r1; *r1 = r0 + 1.
increment='71 10 00 00 00 00 00 00 bf 02 00 00 00 00 00 00 07 02 00 00 01 00 00 00
    73 21 00 00 00 00 00 00 95 00 00 00 00 00 00 00'
exits 0 "$ebpfvm" run --mem 05 --repeat 10 "$increment"
out_has 'r0 = 0x5 (5)'

# Kinds.
exits 0 "$ebpfvm" run --kind=mbuff --mbuff '07 08 09' "$third"
out_is 'r0 = 0x9 (9)'
exits 0 "$ebpfvm" run --kind=mbuff --mem ff --mbuff '07 08 09' "$third"
out_is 'r0 = 0x9 (9)'
end_minus_start='79 10 40 00 00 00 00 00 79 12 50 00 00 00 00 00 1f 02 00 00 00 00 00 00
    bf 20 00 00 00 00 00 00 95 00 00 00 00 00 00 00'
exits 0 "$ebpfvm" run --kind=fixed --mem 0102030405 "$end_minus_start"
out_is 'r0 = 0x5 (5)'
other_offsets='79 10 00 00 00 00 00 00 79 12 08 00 00 00 00 00 1f 02 00 00 00 00 00 00
    bf 20 00 00 00 00 00 00 95 00 00 00 00 00 00 00'
exits 0 "$ebpfvm" run --kind=fixed --offsets=0,0x8 --mem 010203 "$other_offsets"
out_is 'r0 = 0x3 (3)'
exits 2 "$ebpfvm" run --kind=fixed --offsets=1 --mem 01 "$two"
exits 2 "$ebpfvm" run --kind=mbuff "$two"
exits 2 "$ebpfvm" run --kind=none --mem 01 "$two"
exits 2 "$ebpfvm" run --mem 01 --mem-file x "$two"
exits 2 "$ebpfvm" run --table "$two"
exits 2 "$ebpfvm" run --mem-file - -
err_has 'cannot both come from standard input'

# Engines, policies, budget, helpers, verifier.
exits 0 "$ebpfvm" run --backend interp "$two"
exits 1 "$ebpfvm" run --backend nonsense "$two"
err_has nonsense
exits 0 "$ebpfvm" run --policy trusted "$two"
exits 1 "$ebpfvm" run --budget 1000 "$endless"
err_has 'budget'
exits 0 "$ebpfvm" run --budget 2 "$two"
exits 1 "$ebpfvm" run --budget 1 "$two"
exits 0 "$ebpfvm" run --budget unlimited "$two"
call5='85 00 00 00 05 00 00 00 95 00 00 00 00 00 00 00'
exits 0 "$ebpfvm" run "$call5"
exits 0 "$ebpfvm" run --helpers=rbpf "$call5"
exits 1 "$ebpfvm" run --helpers=none "$call5"
err_has 'helper'
exits 1 "$ebpfvm" run 95000000000000009500000000000000
exits 0 "$ebpfvm" run --lenient 95000000000000009500000000000000

# Programs as text and from stdin.
printf 'mov r0, 3\nexit\n' >"$work/three.s"
exits 0 "$ebpfvm" run "$work/three.s"
out_is 'r0 = 0x3 (3)'
cp "$work/three.s" "$work/in"
exits 0 "$ebpfvm" run -
out_is 'r0 = 0x3 (3)'
finish
