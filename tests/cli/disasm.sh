#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
. "${top_srcdir:-.}/tests/cli/lib.sh"

expect='mov64 r0, 0x2
exit'
# Every spelling of the same bytes, as an argument and from stdin.
for hex in "$two" b7000000020000009500000000000000 B7000000020000009500000000000000 \
    0xb7000000020000009500000000000000 'b7:00:00:00:02:00:00:00:95:00:00:00:00:00:00:00' \
    'b7,00,00,00,02,00,00,00, 95,00,00,00,00,00,00,00' \
    '\xb7\x00\x00\x00\x02\x00\x00\x00\x95\x00\x00\x00\x00\x00\x00\x00' \
    '"\xb7\x00\x00\x00\x02\x00\x00\x00" "\x95\x00\x00\x00\x00\x00\x00\x00"' \
    '{0xb7, 0x0, 0x0, 0x0, 0x2, 0x0, 0x0, 0x0, 0x95, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0}' \
    'static const unsigned char code[] = { 0xB7, 0, 0, 0 };' \
    'unsigned char code[16] = {
        0xb7, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, /* first */
        0x95, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, // second
    };
    unsigned int code_len = 16;' \
    '# a comment
b7 00 00 00	02 00 00 00
95 00 00 00	00 00 00 00
'; do
    case $hex in
    *'0, 0, 0 };') # half bytes
        input "$hex"
        exits 1 "$ebpfvm" disasm --hex -
        err_has 'odd number'
        continue ;;
    esac
    exits 0 "$ebpfvm" disasm "$hex"
    out_is "$expect"
    input "$hex"
    exits 0 "$ebpfvm" disasm -
    out_is "$expect"
    printf '%s' "$hex" | tr '\n' '\r' >"$work/in"
    case $hex in
    *//*) rm "$work/in" ;;
    *'# a'*) rm "$work/in" ;;
    *)
        exits 0 "$ebpfvm" disasm --format=hex -
        out_is "$expect" ;;
    esac
done

printf '\267\0\0\0\2\0\0\0\225\0\0\0\0\0\0\0' >"$work/two.bin"
cp "$work/two.bin" "$work/two"
for f in "$work/two.bin" "$work/two"; do
    exits 0 "$ebpfvm" disasm "$f"
    out_is "$expect"
    exits 0 "$ebpfvm" disasm --raw "$f"
    out_is "$expect"
done
cp "$work/two" "$work/in"
exits 0 "$ebpfvm" disasm -
out_is "$expect"
exits 1 "$ebpfvm" disasm --hex "$work/two"
err_has 'is not a hexadecimal digit'
exits 0 "$ebpfvm" disasm -o "$work/out.s" "$work/two"
out_empty
test "$(cat "$work/out.s")" = "$expect" || fail '--output has other text'

exits 0 "$ebpfvm" disasm --pseudoc "$two"
out_is 'r0 = 2
exit'
exits 0 "$ebpfvm" disasm --dialect=pseudoc --pcs --bytes "$two"
out_has 'b7 00 00 00 02 00 00 00'
exits 0 "$ebpfvm" disasm --labels "$endless"
out_has ':'
exits 0 "$ebpfvm" disasm --json "$two"
out_json
out_has '"insns": ['
exits 0 "$ebpfvm" disasm ff00000000000000
exits 0 "$ebpfvm" disasm --format=asm "$filter"

# Truncated, empty and wrong input.
exits 1 "$ebpfvm" disasm "b7 00 00 00 02 00 00"
err_has 'not a multiple of 8'
exits 1 "$ebpfvm" disasm b70000000200000095000000000000000
err_has 'an odd number of hexadecimal digits'
input 'b7 00 00 00 02 00 00 00
95 00 0g 00 00 00 00 00'
exits 1 "$ebpfvm" disasm --hex -
err_has "<stdin>:2:8: error: 'g' is not a hexadecimal digit"
err_has '    2 | 95 00 0g'
exits 1 "$ebpfvm" disasm --json --hex xyz
out_json
exits 1 "$ebpfvm" disasm --hex '/* b700'
exits 3 "$ebpfvm" disasm "$work/missing"
exits 3 "$ebpfvm" disasm "$work"
head -c 100 "$top_builddir/ebpfvm" >/dev/null
printf '\177ELF\002\001\001' >"$work/prog.o"
exits 1 "$ebpfvm" disasm "$work/prog.o"
err_has 'ELF object'
finish
