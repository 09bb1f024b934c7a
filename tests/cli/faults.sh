#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Every allocation, mapping, thread, and every file opened, read, closed or renamed fails once:
# tests/cli/faults.c is linked into this `ebpfvm`. Nothing crashes, nothing is silent or lost,
# nothing leaks.
. "${top_srcdir:-.}/tests/cli/lib.sh"

faulty=$top_builddir/tests/cli/ebpfvm-faults
if test ! -x "$faulty"; then
    echo 'sanitizers have allocators of their own'
    exit 77
fi
FAULT_REPORT=$work/report
export FAULT_REPORT

# What came of a command that is the same each time: all but times.
steady() { sed '/time/d; /nanoseconds/d' "$1"; }

# faulted COMMAND...: a call fails, the one of $number; false if there are not so many.
faulted() {
    code=0
    last="$* (call $number)"
    FAULT_AT=$number "$faulty" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
    read -r calls blocks mappings descriptors name <"$FAULT_REPORT"
    test "$name" != - || return 1
    last="$last, $name"
    cases=$((cases + 1))
    if test $code -eq 0; then
        # There was another way, as if nothing had happened; or what failed is part of the result:
        # objdump tells what cannot be run, and why.
        steady "$work/out" | cmp -s - "$work/good" || grep -q 'out of memory' "$work/out" ||
            fail 'another result'
        return 0
    fi
    test $code -le 3 || fail "exit code $code"
    case $name in
    *alloc) word=memory ;;
    *) word=. ;;
    esac
    grep -qi $word "$work/err" || grep -qi "\"message\".*$word" "$work/out" ||
        fail "no word of $name"
}

# What is left after that.
nothing_left() {
    test "$blocks" -le "$good_blocks" || fail "$blocks blocks are left, not $good_blocks"
    test "$mappings" -le "$good_mappings" || fail "$mappings mappings are left"
    test "$descriptors" -le "$good_descriptors" || fail "$descriptors files are left open"
    test "$(ls "$work")" = "$files" || fail 'a file is left'
}

# each COMMAND...: runs it once as it is, then with each of its calls failing. It may replace $old.
each() {
    echo old >"$old"
    exits 0 env FAULT_AT=0 "$faulty" "$@"
    steady "$work/out" >"$work/good"
    cp "$old" "$work/new"
    read -r calls good_blocks good_mappings good_descriptors name <"$FAULT_REPORT"
    files=$(ls "$work")
    number=1
    before=$failed
    failed=0
    while test $failed -eq 0; do
        echo old >"$old"
        faulted "$@" || break
        nothing_left
        case "$*" in *--json*) out_json ;; esac
        # (What was read of a capture until reading failed is written.)
        test "$name" = fread || test "$(cat "$old")" = old || cmp -s "$old" "$work/new" ||
            fail 'the old file is gone'
        number=$((number + 1))
    done
    test "$number" -gt 8 || fail "only $number calls failed"
    failed=$((before + failed))
}

old=$work/old
third='71 10 02 00 00 00 00 00 95 00 00 00 00 00 00 00'
each disasm "$two"
each asm --hex "$filter"
each verify "$filter"
each dump --cfg "$filter"
each run "$two"
each run --json "$two"
each run --backend interp --mem 000102 --repeat 2 "$third"

"$top_builddir/tests/cli/save-map" "$work/ports.map"
each maps "$work/ports.map"

object=$top_srcdir/examples/xdp/firewall.o
if has_elf; then
    each objdump "$object"
    each maps --json "$object"
    each verify "$object"
    each run --map blocked="$work/ports.map" --mem 00 --maps --json "$object"
fi
if has_elf && ! "$ebpfvm" version | grep -q 'without jansson'; then
    printf '{"entries": [{"key": "901f", "value": 0}]}' >"$work/ports.json"
    each run --map blocked="$work/ports.json" --mem 00 --maps --save-maps "$old" "$object"
fi
# (What libpcap does when memory lacks while it compiles an expression is not for us to say.)
if ! "$ebpfvm" version | grep -q 'without libpcap'; then
    printf '2\n48 0 0 9\n22 0 0 0\n' >"$work/filter.txt"
    each run --pcap "$capture" --table --threads 2 --out "$old" "$filter"
    each run --pcap "$capture" -n 5 --json "$filter"
    each run --pcap "$capture" "$work/filter.txt"
fi
finish
