#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Packets that programs change: written to captures, with the room that they need, on threads.
. "${top_srcdir:-.}/tests/cli/lib.sh"

if "$ebpfvm" version | grep -q 'without libpcap'; then
    exits 1 "$ebpfvm" run --type xdp --pcap "$capture" --out "$work/o" "$two"
    err_has 'built without libpcap'
    test ! -e "$work/o" || fail 'a file was made'
    finish
fi

# bytes FILE: its packets without the capture's header, in hexadecimal.
bytes() { tail -c +25 "$1" | od -An -v -tx1 | tr -d ' \n'; }

# capture_is TEXT: what "$work/o" has is that, headers of packets included.
capture_is() { test "$(bytes "$work/o")" = "$1" || fail "the capture is $(bytes "$work/o")"; }

# A capture of two frames: microseconds, the second one cut off on its way from 100 bytes to 20.
{
    printf '\324\303\262\241\002\0\004\0\0\0\0\0\0\0\0\0\0\0\004\0\001\0\0\0'
    printf '\001\0\0\0\002\0\0\0\020\0\0\0\020\0\0\0ABCDEFGHIJKL\010\0OP'
    printf '\003\0\0\0\004\0\0\0\024\0\0\0\144\0\0\0abcdefghijkl\010\0opqrst'
} >"$work/two.pcap"
time1='01000000d0070000' time2='03000000a00f0000' # nanoseconds
frame1='4142434445464748494a4b4c08004f50'
frame2='6162636465666768696a6b6c08006f7071727374'

# Unchanged, with their times and lengths; the format has nanoseconds.
printf 'mov64 r0, 2\nexit\n' >"$work/pass.s"
exits 0 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" --out "$work/o" "$work/pass.s"
out_has "written                  2   to $work/o"
capture_is "${time1}1000000010000000$frame1${time2}1400000064000000$frame2"
test "$(head -c 4 "$work/o" | od -An -tx1 | tr -d ' ')" = 4d3cb2a1 || fail 'no nanoseconds'
exits 0 "$ebpfvm" run --type xdp --pcap "$work/o" --json "$work/pass.s"
out_json
out_has '"bytes": 36'
# The capture that is read may be the one that is written.
cp "$work/o" "$work/same"
exits 0 "$ebpfvm" run --type xdp --pcap "$work/same" --out "$work/same" "$work/pass.s"
cmp "$work/o" "$work/same" || fail 'the capture has changed'

# The head moves into the room, and what is there now is written.
cat >"$work/grow.s" <<'END'
    mov64 r6, r1
    mov64 r2, -4
    call 44             ; xdp_adjust_head
    jne r0, 0, drop
    ldxw r2, [r6+0]
    ldxw r3, [r6+4]
    mov64 r4, r2
    add64 r4, 4
    jgt r4, r3, drop
    stw [r2], 0x04030201
    mov64 r0, 3
    exit
drop:
    mov64 r0, 1
    exit
END
for backend in interp x86_64; do
    "$ebpfvm" version | grep -q "$backend" || continue
    exits 0 "$ebpfvm" run --backend $backend --type xdp --pcap "$work/two.pcap" --out "$work/o" \
        "$work/grow.s"
    out_has 'XDP_TX                 2'
    capture_is "${time1}140000001400000001020304$frame1${time2}180000006800000001020304$frame2"
done
# Each time on the packet as it was: it does not grow further.
exits 0 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" --out "$work/o" --repeat 5 "$work/grow.s"
out_has 'packets                 10'
out_has 'written                  2'
capture_is "${time1}140000001400000001020304$frame1${time2}180000006800000001020304$frame2"

# Rooms: without one before the packet there is no growing; the largest one is named.
exits 0 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" --out "$work/o" --rooms 3,256 \
    "$work/grow.s"
out_has 'XDP_DROP               2'
capture_is ''
exits 0 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" --rooms 4,0 "$work/grow.s"
out_has 'XDP_TX                 2'
for rooms in 1 1,x 65537,0 0,65537 -1,0 ''; do
    exits 2 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" --rooms "$rooms" "$work/grow.s"
    err_has 'two numbers up to 65536'
done
exits 2 "$ebpfvm" run --pcap "$work/two.pcap" --rooms 1,1 "$two"
err_has '--rooms is for programs of a type'
# The tail: bytes behind the packet are zeros.
printf 'mov64 r2, 3\ncall 65\nmov64 r0, 2\nexit\n' >"$work/tail.s"
exits 0 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" -n 1 --out "$work/o" "$work/tail.s"
capture_is "${time1}1300000013000000${frame1}000000"
# A VLAN tag: its room is taken from before the packet, too.
printf 'mov64 r2, 0x0081\nmov64 r3, 42\ncall 18\nexit\n' >"$work/vlan.s"
exits 0 "$ebpfvm" run --type sched_cls --pcap "$work/two.pcap" -n 1 --out "$work/o" "$work/vlan.s"
out_has 'TC_ACT_OK              1'
capture_is "${time1}14000000140000004142434445464748494a4b4c8100002a08004f50"
# Metadata goes nowhere, and is no part of the packet.
printf 'mov64 r2, -8\ncall 54\nadd64 r0, 2\nexit\n' >"$work/meta.s"
exits 0 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" -n 1 --out "$work/o" "$work/meta.s"
out_has 'XDP_PASS               1'
capture_is "${time1}1000000010000000$frame1"
# On a single packet.
exits 0 "$ebpfvm" run --type xdp --mem "$frame1" "$work/grow.s"
out_is 'r0 = 0x3 (3)'
exits 0 "$ebpfvm" run --type xdp --mem "$frame1" --rooms 0,0 "$work/grow.s"
out_is 'r0 = 0x1 (1)'

# Which ones: r0 is 3 (XDP_TX) for the longer one, 1 (XDP_DROP) for the other, or faults.
cat >"$work/sort.s" <<'END'
    ldxw r2, [r1+0]
    ldxw r3, [r1+4]
    sub64 r3, r2
    mov64 r0, 1
    jle r3, 16, +1
    mov64 r0, 3
    exit
END
short="${time1}1000000010000000$frame1" long="${time2}1400000064000000$frame2"
kept() {
    exits 0 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" --out "$work/o" --keep "$1" \
        "$work/sort.s"
    capture_is "$2"
}
kept passed "$long"
kept dropped "$short"
kept all "$short$long"
kept faulted ''
kept XDP_DROP "$short"
kept XDP_TX,XDP_DROP "$short$long"
kept XDP_TX,dropped "$short$long"
kept XDP_ABORTED ''
exits 2 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" --out "$work/o" --keep passed,TC_ACT_OK \
    "$work/sort.s"
err_has "'TC_ACT_OK' is none of"
exits 2 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" --keep all "$work/sort.s"
err_has '--keep is for --out'
exits 2 "$ebpfvm" run --mem 00 --out "$work/o" "$two"
err_has '--out are for --pcap'
byte17='71 10 11 00 00 00 00 00 95 00 00 00 00 00 00 00'
exits 1 "$ebpfvm" run --pcap "$work/two.pcap" --out "$work/o" --keep faulted "$byte17"
capture_is "$short"
exits 1 "$ebpfvm" run --pcap "$work/two.pcap" --out "$work/o" "$byte17"
capture_is "$long"
# Verdicts that are negative have names, and so does what is none.
exits 0 "$ebpfvm" run --type sched_cls --pcap "$work/two.pcap" 'b7000000ffffffff9500000000000000'
out_has 'TC_ACT_UNSPEC          2'
exits 0 "$ebpfvm" run --type xdp --pcap "$work/two.pcap" 'b7000000070000009500000000000000'
out_has 'no verdict             2'

# Filters see the length on the wire, which stands before the packet and is not written.
exits 0 "$ebpfvm" run --filter 'len > 50' --pcap "$work/two.pcap" --out "$work/o" --repeat 2
capture_is "$long"
exits 0 "$ebpfvm" run --filter 'ip' --pcap "$work/two.pcap" --out "$work/o" --threads 2
capture_is "$short$long"
exits 2 "$ebpfvm" run --filter 'ip' --pcap "$work/two.pcap" --rooms 1,1
err_has '--rooms is for programs of a type'

# Output that fails leaves what was there, and nothing beside it.
echo old >"$work/o"
exits 3 "$ebpfvm" run --pcap "$work/missing" --out "$work/o" "$two"
test "$(cat "$work/o")" = old || fail 'the old file is gone'
exits 3 "$ebpfvm" run --pcap "$work/two.pcap" --out "$work/none/o" "$two"
err_has "cannot write '$work/none/o': No such file"
exits 3 "$ebpfvm" run --pcap "$work/two.pcap" --out "$work" "$two"
err_has 'Is a directory'
exits 3 "$ebpfvm" run --pcap "$work/two.pcap" --json --out "$work/none/o" "$two"
out_json
out_has 'EBPF_ERR_IO'
if test -w /dev/full; then
    exits 3 "$ebpfvm" run --pcap "$work/two.pcap" --out /dev/full "$two"
    err_has "cannot write '/dev/full': No space left on device"
    exits 3 "$ebpfvm" run --pcap "$capture" --out /dev/full "$two"
    err_has 'No space left on device'
fi
# A file may become no larger than this: as if the disk were full, in the middle of the work.
(
    ulimit -f 8
    trap '' XFSZ
    "$ebpfvm" run --pcap "$capture" --out "$work/o" "$two" >"$work/out" 2>"$work/err"
    echo $? >"$work/code"
)
last='a full disk'
cases=$((cases + 1))
test "$(cat "$work/code")" -eq 3 || fail "exit code $(cat "$work/code"), not 3"
err_has 'File too large; the file is left as it was'
test "$(cat "$work/o")" = old || fail 'the old file is gone'
test "$(ls "$work" | grep -c '^o\.')" -eq 0 || fail 'a temporary file is left'
# What a link leads to is replaced, with its permissions.
echo old >"$work/real"
chmod 640 "$work/real"
ln -s real "$work/link"
exits 0 "$ebpfvm" run --pcap "$work/two.pcap" --out "$work/link" "$two"
test -h "$work/link" || fail 'the link is gone'
cmp -s "$work/real" "$work/same" || fail 'the file of the link has other packets'
test "$(ls -l "$work/real" | cut -c 1-10)" = -rw-r----- || fail 'the permissions have changed'
# Of a capture that is damaged there is what was read before.
head -c 60 "$work/two.pcap" >"$work/cut.pcap"
exits 3 "$ebpfvm" run --pcap "$work/cut.pcap" --out "$work/o" "$two"
err_has 'is damaged after packet 1'
capture_is "$short"

# Threads: the same results in the same order, whatever their number.
exits 0 "$ebpfvm" run --pcap "$capture" --table --out "$work/o1" "$filter"
grep -v -e '^time' -e '^written' "$work/out" >"$work/out1"
for threads in 1 2 3 1000; do
    exits 0 "$ebpfvm" run --pcap "$capture" --table --threads $threads --out "$work/o2" "$filter"
    grep -v -e '^time' -e '^written' "$work/out" >"$work/out2"
    cmp "$work/out1" "$work/out2" || fail 'another table'
    cmp "$work/o1" "$work/o2" || fail 'other packets'
done
exits 0 "$ebpfvm" run --pcap "$capture" --threads 2 --repeat 100 --json "$filter"
out_json
out_has '"packets": 22000'
out_has '"passed": 6800'
exits 1 "$ebpfvm" run --pcap "$capture" --threads 2 \
    '71 10 45 00 00 00 00 00 95 00 00 00 00 00 00 00'
out_has 'out of bounds memory load, first in packet 3'
test "$(grep -c 'error:' "$work/err")" -eq 1 || fail 'not explained once'
exits 2 "$ebpfvm" run --pcap "$capture" --threads 0 "$filter"
err_has 'at least 1'
exits 0 "$ebpfvm" run --threads 4 "$two"
out_is 'r0 = 0x2 (2)'
exits 0 "$ebpfvm" run --kind=mbuff --mbuff '07 08 09' --threads 2 --pcap "$capture" \
    '71 10 02 00 00 00 00 00 95 00 00 00 00 00 00 00'
out_has 'passed                 220'

# What programs print is shown, be it with threads.
cat >"$work/print.s" <<'END'
    mov64 r1, 0x0a6968      ; "hi\n"
    stxdw [r10-8], r1
    mov64 r1, r10
    add64 r1, -8
    mov64 r2, 4
    call 6
    mov64 r0, 2
    exit
END
exits 0 "$ebpfvm" run --pcap "$capture" -n 20 --threads 2 "$work/print.s"
test "$(grep -c hi "$work/err")" -eq 20 || fail 'not 20 lines'

# Ctrl-C: what was done by then is printed and written.
cat >"$work/slow.s" <<'END'
    mov64 r0, 0
    mov64 r3, 400000000
loop:
    add64 r0, 1
    jne r0, r3, loop
    mov64 r0, 2
    exit
END
for threads in 1 2; do
    last="Ctrl-C with $threads threads"
    cases=$((cases + 1))
    "$ebpfvm" run --type xdp --pcap "$capture" --table --threads $threads --out "$work/o" \
        --budget unlimited "$work/slow.s" >"$work/out" 2>"$work/err" &
    pid=$!
    code=0
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        sleep 1
        kill -INT $pid 2>/dev/null || break
    done
    wait $pid || code=$?
    test $code -eq 130 || fail "exit code $code, not 130"
    err_has 'interrupted'
    out_has 'written'
    rows=$(grep -c '^ *[0-9][0-9]* *[0-9]*\.' "$work/out")
    out_has "$(printf 'packets       %12u' "$rows")"
    exits 0 "$ebpfvm" run --pcap "$work/o" "$two"
    out_has "$(printf 'packets       %12u' "$rows")"
done
finish
