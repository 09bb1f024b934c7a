#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Pipes that close, disks that are full, Ctrl-C, terminals.
. "${top_srcdir:-.}/tests/cli/lib.sh"

# A reader that has enough ends the command quietly.
last='disasm | head'
: >"$work/out"
awk 'BEGIN { for (i = 0; i < 50000; i++) print "mov r0, 1"; print "exit" }' >"$work/long.s"
"$ebpfvm" disasm --format=asm "$work/long.s" 2>"$work/err" | head -n 1 >"$work/out"
out_is 'mov64 r0, 0x1'
err_empty
# The same if the parent ignores the signal.
(trap '' PIPE; "$ebpfvm" disasm --format=asm "$work/long.s" 2>"$work/err" | head -n 1 >"$work/out")
out_is 'mov64 r0, 0x1'
err_empty

if test -w /dev/full; then
    full() {
        last="$* >/dev/full"
        cases=$((cases + 1))
        code=0
        "$@" >/dev/full 2>"$work/err" </dev/null || code=$?
        : >"$work/out"
        test $code -eq 3 || fail "exit code $code, not 3"
        err_has 'No space left on device'
    }
    full "$ebpfvm" asm --hex "$filter"
    full "$ebpfvm" asm "$filter"
    full "$ebpfvm" disasm "$two"
    full "$ebpfvm" disasm --json --format=asm "$work/long.s"
    full "$ebpfvm" verify "$two"
    full "$ebpfvm" run "$two"
    full "$ebpfvm" run --json "$two"
    full "$ebpfvm" dump "$filter"
    full "$ebpfvm" --help
    full "$ebpfvm" asm -o /dev/full "$filter"
    full "$ebpfvm" dump --cfg -o /dev/full "$filter"
    full "$ebpfvm" disasm -o /dev/full --format=asm "$work/long.s"
fi

# Streams that are closed are not written to, and do not become files that are opened.
if ! "$ebpfvm" version | grep -q 'without libpcap'; then
    last='closed streams'
    cases=$((cases + 2))
    "$ebpfvm" run --pcap "$capture" --out "$work/good" "$two" >"$work/out" 2>"$work/err"
    code=0
    "$ebpfvm" run --pcap "$capture" --table --out "$work/other" "$two" <&- >&- 2>"$work/err" ||
        code=$?
    test $code -eq 3 || fail "exit code $code, not 3"
    err_has 'cannot write to standard output: Bad file descriptor'
    cmp "$work/good" "$work/other" || fail 'something else is in the file'
    "$ebpfvm" run --pcap "$capture" --table --out "$work/third" "$two" <&- >&- 2>&- || code=$?
    test $code -eq 3 || fail "exit code $code, not 3"
    cmp "$work/good" "$work/third" || fail 'something else is in the file'
fi
last='closed input'
code=0
"$ebpfvm" run - <&- >"$work/out" 2>"$work/err" || code=$?
test $code -eq 3 || fail "exit code $code, not 3"
err_has "cannot read '<stdin>': Bad file descriptor"

# interrupted COMMAND...: runs it in the background until Ctrl-C has an effect.
interrupted() {
    last="$* (interrupted)"
    cases=$((cases + 1))
    "$@" >"$work/out" 2>"$work/err" &
    pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        sleep 1
        kill -INT $pid 2>/dev/null || break
    done
    code=0
    wait $pid || code=$?
    test $code -eq 130 || fail "exit code $code, not 130"
}
interrupted "$ebpfvm" run --budget unlimited "$endless"
err_has 'interrupted'
interrupted "$ebpfvm" run --json --budget unlimited "$endless"
out_json
if ! "$ebpfvm" version | grep -q 'without libpcap'; then
    interrupted "$ebpfvm" run --pcap "$capture" --repeat 1000000000 "$filter"
    out_has 'packets '
    out_has 'passed '
    err_has 'interrupted'
fi

# Terminals, by way of script(1).
if command -v script >/dev/null; then
    terminal() {
        last="$1 (on a terminal)"
        cases=$((cases + 1))
        : >"$work/err"
        script -qec "$1" /dev/null </dev/null >"$work/out" 2>&1
    }
    terminal "'$ebpfvm' asm '$filter'"
    out_has 'will not write raw bytes to a terminal'
    terminal "TERM=xterm '$ebpfvm' verify '$two'"
    out_has "$(printf '\033[1;32maccepted')"
    terminal "TERM=xterm NO_COLOR=1 '$ebpfvm' verify '$two'"
    out_lacks "$(printf '\033[')"
    terminal "TERM=xterm '$ebpfvm' verify --color=never '$two'"
    out_lacks "$(printf '\033[')"
    terminal "TERM=dumb '$ebpfvm' verify '$two'"
    out_lacks "$(printf '\033[')"
    terminal "'$ebpfvm' run --repeat 60000000 '$two'"
    out_has ' %  '
    terminal "'$ebpfvm' run --repeat 10 '$two'"
    out_lacks ' %  '
else
    echo 'not tested: terminals, for want of script(1)'
fi
finish
