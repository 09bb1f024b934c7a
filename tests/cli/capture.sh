#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Captures: the example filter, tables, summaries, damage.
. "${top_srcdir:-.}/tests/cli/lib.sh"

if "$ebpfvm" version | grep -q 'without libpcap'; then
    exits 1 "$ebpfvm" run --pcap "$capture" "$filter"
    err_has 'built without libpcap'
    err_has 'libpcap-dev'
    exits 1 "$ebpfvm" run --json --pcap "$capture" "$filter"
    out_json
    finish
fi

# What tcpdump says of the capture: 68 of 220 packets are from or to port 53.
exits 0 "$ebpfvm" run --pcap "$capture" "$filter"
out_has 'packets                220'
out_has 'passed                  68'
out_has 'dropped                152'
out_has 'faults                   0'
err_empty
exits 0 "$ebpfvm" run --pcap "$capture" --table=passed "$filter"
test "$(grep -c ':53\b' "$work/out")" -eq 68 || fail 'not 68 lines with port 53'
out_lacks ':8080'
exits 0 "$ebpfvm" run --pcap "$capture" --table "$filter"
test "$(grep -c '^ *[0-9][0-9]* *[0-9]*\.' "$work/out")" -eq 220 || fail 'not 220 lines'
exits 0 "$ebpfvm" run --pcap "$capture" --table=dropped "$filter"
out_has 'ICMP 127.0.0.1 > 127.0.0.1'
out_has 'TCP [::1]:'
out_lacks ':53 '
cp "$capture" "$work/in"
exits 0 "$ebpfvm" run --pcap - "$filter"
out_has 'passed                  68'
exits 0 "$ebpfvm" run --pcap "$capture" -n 10 --table "$filter"
out_has 'packets                 10'
exits 0 "$ebpfvm" run --pcap "$capture" --repeat 3 "$filter"
out_has 'packets                660'
exits 0 "$ebpfvm" run --pcap "$capture" --table --json "$filter"
out_json
out_has '"passed": 68'
test "$(grep -c '{"packet":' "$work/out")" -eq 220 || fail 'not 220 rows'
exits 0 "$ebpfvm" run --pcap "$capture" --json --table=faulted "$filter"
out_json

# pcapng: a section, an interface, a frame of 16 bytes. r0 = its length.
{
    printf '\012\015\015\012\034\0\0\0\115\074\053\032\001\0\0\0'
    printf '\377\377\377\377\377\377\377\377\034\0\0\0'
    printf '\001\0\0\0\024\0\0\0\001\0\0\0\0\0\004\0\024\0\0\0'
    printf '\006\0\0\0\060\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\020\0\0\0\020\0\0\0'
    printf '0123456789abcdef\060\0\0\0'
} >"$work/one.pcapng"
length='bf 20 00 00 00 00 00 00 95 00 00 00 00 00 00 00'
exits 0 "$ebpfvm" run --pcap "$work/one.pcapng" --table "$length"
out_has '16 0x10'
out_has 'packets                  1   16 bytes'

# Cut anywhere in its packet it is damaged, with nothing read before.
for bytes in 52 60 79 80 92 95; do
    head -c $bytes "$work/one.pcapng" >"$work/cut.pcapng"
    exits 3 "$ebpfvm" run --pcap "$work/cut.pcapng" --table "$length"
    err_has 'is damaged after packet 0'
    out_has 'packets                  0'
done

# The example, as `./dev run` calls it.
EBPFVM=$ebpfvm
export EBPFVM
exits 0 "$top_srcdir/examples/run-port-filter.sh"
out_has 'passed                  68'
exits 0 "$top_srcdir/examples/run-port-filter.sh" "$capture" 514
out_has 'passed                   3'
exits 2 "$top_srcdir/examples/run-port-filter.sh" "$capture" http

# Faults: the byte at 69 is missing in short packets. The first one is explained.
byte69='71 10 45 00 00 00 00 00 95 00 00 00 00 00 00 00'
exits 1 "$ebpfvm" run --pcap "$capture" --table=faulted "$byte69"
out_has 'out of bounds memory load, first in packet 3'
err_has 'out of bounds memory load'
test "$(grep -c 'error:' "$work/err")" -eq 1 || fail 'not explained once'
exits 1 "$ebpfvm" run --pcap "$capture" --json "$byte69"
out_json
out_has '"status": "EBPF_ERR_LOAD"'
exits 1 "$ebpfvm" run --pcap "$capture" --budget 5 "$filter"
out_has 'instruction budget exhausted'

# Damage: what was read before it counts.
head -c 20000 "$capture" >"$work/cut.pcap"
exits 3 "$ebpfvm" run --pcap "$work/cut.pcap" "$filter"
err_has 'is damaged after packet 1'
out_has 'passed '
exits 3 "$ebpfvm" run --json --pcap "$work/cut.pcap" "$filter"
out_json
for bytes in 0 1 4 23; do
    head -c $bytes "$capture" >"$work/cut.pcap"
    exits 3 "$ebpfvm" run --pcap "$work/cut.pcap" "$filter"
    err_has 'is no packet capture'
done
head -c 24 "$capture" >"$work/cut.pcap"
exits 0 "$ebpfvm" run --pcap "$work/cut.pcap" --table "$filter"
out_has 'packets                  0'
exits 3 "$ebpfvm" run --pcap "$filter" "$filter"
err_has 'is no packet capture'
exits 3 "$ebpfvm" run --pcap "$work/missing" "$filter"
exits 3 "$ebpfvm" run --pcap "$work" "$filter"
# Junk in the middle of a capture never crashes.
for at in 30 3000 30000; do
    { head -c $at "$capture"; head -c 5000 "$ebpfvm"; } >"$work/junk.pcap"
    "$ebpfvm" run --pcap "$work/junk.pcap" --table "$filter" >"$work/out" 2>"$work/err"
    test $? -le 3 || fail "junk at $at"
done
finish
