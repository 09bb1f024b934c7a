#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Classic BPF: text and bytes in every command, filter expressions, what is refused.
. "${top_srcdir:-.}/tests/cli/lib.sh"

# What `tcpdump -ddd` says of `ip`, `greater 100`, and a division by X.
ip='4
40 0 0 12
21 0 1 2048
6 0 0 262144
6 0 0 0
'
long='4
128 0 0 0
53 0 1 100
6 0 0 262144
6 0 0 0
'
expect='jlt r2, 0xe, +0x5
ldxh r0, [r1+0xc]
be16 r0
jne32 r0, 0x800, +0x2
mov32 r0, 0x40000
exit
mov32 r0, 0x0
exit'
for command in 'disasm --format=cbpf' disasm; do
    input "$ip"
    exits 0 "$ebpfvm" $command -
    out_is "$expect"
done
printf '%s' "$ip" >"$work/ip.ddd"
exits 0 "$ebpfvm" disasm "$work/ip.ddd"
out_is "$expect"
input '4,40 0 0 12,21 0 1 2048,6 0 0 262144,6 0 0 0'
exits 0 "$ebpfvm" disasm -
out_is "$expect"
input '{ 0x28, 0, 0, 0x0000000c },
{ 0x15, 0, 1, 0x00000800 },
{ 0x6, 0, 0, 0x00040000 },
{ 0x6, 0, 0, 0x00000000 },'
exits 0 "$ebpfvm" disasm --format=cbpf -
out_is "$expect"
# An array of struct sock_filter, as a little-endian machine has it.
printf '\050\0\0\0\014\0\0\0\025\0\0\001\0\010\0\0\006\0\0\0\0\0\004\0\006\0\0\0\0\0\0\0' \
    >"$work/ip.bin"
if test "$(printf '\001\0' | od -An -d | tr -d ' ')" = 1; then
    exits 0 "$ebpfvm" disasm --format=cbpf "$work/ip.bin"
    out_is "$expect"
fi
head -c 31 "$work/ip.bin" >"$work/in"
exits 1 "$ebpfvm" disasm --format=cbpf -
err_has 'filter has 31 bytes'

exits 0 "$ebpfvm" verify "$work/ip.ddd"
out_has 'accepted'
exits 0 "$ebpfvm" dump --code --backend=interp "$work/ip.ddd"
exits 0 "$ebpfvm" dump --builder --format=cbpf "$work/ip.ddd"
out_has 'ebpf_build_be16'
exits 0 "$ebpfvm" asm --hex --format=cbpf "$work/ip.ddd"
cp "$work/out" "$work/ip.hex"
exits 0 "$ebpfvm" asm --hex "$work/ip.ddd"
cmp -s "$work/out" "$work/ip.hex" || fail 'asm does not see what it is'
exits 0 "$ebpfvm" disasm --hex "$work/ip.hex"
out_is "$expect"
exits 0 "$ebpfvm" run --policy=verified \
    --mem '000000000000 000000000000 0800' "$work/ip.ddd"
out_has 'r0 = 0x40000'
exits 0 "$ebpfvm" run --mem '000000000000 000000000000 08' "$work/ip.ddd"
out_has 'r0 = 0x0'
exits 0 "$ebpfvm" run "$work/ip.ddd"
out_has 'r0 = 0x0'

# The page lists what the table has.
sed -n 's/^EBPF_CBPF(\(0x[0-9a-f]*\), *"\([^"]*\)".*/| `\1` | `\2` |/p' \
    "$top_srcdir/frontend/cbpf/cbpf.def" >"$work/rows"
test "$(wc -l <"$work/rows")" -gt 40 || fail 'no rows'
while read -r row; do
    grep -qF "$row" "$top_srcdir/docs/cbpf.md" || fail "docs/cbpf.md has no $row"
done <"$work/rows"

# Mistakes: in text by line and column, in the filter by instruction.
input '2
40 0 0 12
6 0 x 1'
exits 1 "$ebpfvm" disasm --format=cbpf -
err_has '<stdin>:3:5: error'
err_has '6 0 x 1'
input '2 52 0 0 0 6 0 0 1'
exits 1 "$ebpfvm" verify --format=cbpf -
err_has 'div #k divides by the constant 0 (insn #0)'
err_has 'E0414'
input '1 0 0 0 0'
exits 1 "$ebpfvm" run --format=cbpf --json -
out_json
out_has 'EBPF_ERR_FALL_THROUGH'
input '2 40 0 0 4294963200 6 0 0 1'
exits 1 "$ebpfvm" run --format=cbpf -
err_has 'SKF_AD_PROTOCOL'

exits 2 "$ebpfvm" run --link RAW "$work/ip.ddd"
err_has '--link is for --filter'
exits 2 "$ebpfvm" run --filter ip "$work/ip.ddd"
err_has '--filter takes the place of'
exits 2 "$ebpfvm" run --filter ip --kind=none
err_has '--kind=raw'
exits 2 "$ebpfvm" run --filter
err_has '--filter needs a value'
exits 2 "$ebpfvm" asm --format=hex "$work/ip.ddd"

if "$ebpfvm" version | grep -q 'without libpcap'; then
    for command in run asm disasm verify dump; do
        exits 1 "$ebpfvm" $command --filter ip
        err_has 'built without libpcap'
        err_has 'tcpdump -ddd'
    done
    finish
fi

# Expressions: for the link of the capture, or the one that is asked for.
exits 0 "$ebpfvm" disasm --filter ip
out_is "$expect"
exits 0 "$ebpfvm" asm --hex --filter ip
cmp -s "$work/out" "$work/ip.hex" || fail 'asm --filter'
exits 0 "$ebpfvm" disasm --filter ip --link RAW --pseudoc
out_has 'r0 = *(u8 *)(r1 + 0)'
exits 0 "$ebpfvm" verify --filter 'tcp port 80 and host 10.0.0.1'
exits 0 "$ebpfvm" dump --filter ip
out_has 'LDXH'
exits 0 "$ebpfvm" run --policy=verified --filter ip --mem '000000000000 000000000000 0800'
out_has 'r0 = 0x40000'
# What tcpdump says of the capture.
for row in '68:port 53' '48:udp port 53' '20:tcp port 53' '53:greater 101' '220:ether[0] = 0'; do
    for engine in $("$ebpfvm" version | sed -n 's/^backend *\([^ ]*\) .*/\1/p'); do
        exits 0 "$ebpfvm" run --backend="$engine" --filter "${row#*:}" --pcap "$capture"
        out_has "passed $(printf '%19d' "${row%%:*}")"
    done
done
cp "$capture" "$work/in"
exits 0 "$ebpfvm" run --filter 'port 53' --pcap - --table=passed --json
out_json
out_has '"passed": 68'

# The length is that on the wire: 8 of 200 bytes of a frame were captured; a second is whole.
{
    printf '\324\303\262\241\002\0\004\0\0\0\0\0\0\0\0\0\0\0\004\0\001\0\0\0'
    printf '\0\0\0\0\0\0\0\0\010\0\0\0\310\0\0\0abcdefgh'
    printf '\0\0\0\0\0\0\0\0\010\0\0\0\010\0\0\0ABCDEFGH'
} >"$work/cut.pcap"
exits 0 "$ebpfvm" run --filter 'len > 100' --pcap "$work/cut.pcap" --repeat 3 --table=passed
out_has 'passed                   3'
exits 0 "$ebpfvm" run --filter 'len <= 100 and ether[7] = 0x48' --pcap "$work/cut.pcap"
out_has 'passed                   1'
exits 0 "$ebpfvm" run --filter 'ether[len - 1] = 0x48' --pcap "$work/cut.pcap"
out_has 'passed                   1'
input "$long"
exits 0 "$ebpfvm" run --pcap "$work/cut.pcap" -
out_has 'passed                   1'

# A loop, as protochain has it, ends by the budget at the latest, and is not proven.
exits 0 "$ebpfvm" run --filter 'ip6 protochain 17' --pcap "$capture"
exits 1 "$ebpfvm" run --policy=verified --filter 'ip6 protochain 17' --pcap "$capture"
exits 1 "$ebpfvm" verify --filter 'ip6 protochain 17'
err_has 'E0504'

exits 1 "$ebpfvm" run --filter 'tcp port' --pcap "$capture"
err_has "--filter: 'tcp port': "
exits 1 "$ebpfvm" disasm --filter ip --link NOSUCH
err_has "'NOSUCH' is no type of link"
exits 2 "$ebpfvm" run --filter ip --link RAW --pcap "$capture"
err_has '--pcap, which tells it'
exits 3 "$ebpfvm" run --filter ip --pcap "$work/missing"
err_has 'cannot read'
exits 1 "$ebpfvm" disasm --json --filter 'tcp['
out_json
finish
