#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Input that no subcommand can use: a reason on stderr, a documented exit code, and nothing else.
. "${top_srcdir:-.}/tests/cli/lib.sh"

captures=yes objects=yes
! "$ebpfvm" version | grep -q 'without libpcap' || captures=no

# bad CODE COMMAND...: fails so, with a reason that is neither empty nor very long.
bad() {
    exits "$@"
    shift
    test -s "$work/err" || fail 'no reason on stderr'
    test "$(wc -c <"$work/err")" -lt 20000 || fail 'far too long a reason'
    ! grep -aq 'Sanitizer\|Assertion\|runtime error' "$work/err" || fail 'a mistake of ours'
}
# every CODE FILE: for all that read programs, from a file and from standard input.
every() {
    for command in 'asm --hex' disasm verify run 'run --lenient' dump 'dump --cfg'; do
        # shellcheck disable=SC2086
        bad "$1" "$ebpfvm" $command "$2"
    done
    bad "$1" "$ebpfvm" objdump "$2"
    exits "$1" "$ebpfvm" disasm --json "$2"
    out_json
}

# --- files that are not what they should be ---
printf '' >"$work/empty"
exits 0 "$ebpfvm" asm --hex "$work/empty" # no text is no program, as for rbpf
for command in verify run; do
    bad 1 "$ebpfvm" $command "$work/empty"
done
bad 1 "$ebpfvm" plugin
bad 1 "$ebpfvm" objdump "$work/empty"

head -c 4099 /dev/urandom >"$work/junk.s"
bad 1 "$ebpfvm" asm "$work/junk.s"
head -c 4099 /dev/urandom >"$work/junk.bin"
for command in disasm verify run dump; do
    bad 1 "$ebpfvm" $command "$work/junk.bin"
done
head -c 4096 /dev/urandom >"$work/even.bin"
for command in verify run 'verify --lenient' 'run --lenient'; do
    # shellcheck disable=SC2086
    bad 1 "$ebpfvm" $command "$work/even.bin"
done
bad 1 "$ebpfvm" objdump "$work/even.bin"
bad 1 "$ebpfvm" disasm --format=elf "$work/even.bin"
bad 1 "$ebpfvm" disasm --hex "$work/even.bin"
cp "$work/even.bin" "$work/in"
bad 1 "$ebpfvm" plugin
cp "$work/even.bin" "$work/in"
bad 1 "$ebpfvm" plugin --elf

# A truncated instruction, and half of one of two slots.
printf '\267\0\0\0\2\0\0\0\225\0\0' >"$work/cut.bin"
for command in disasm verify run dump; do
    bad 1 "$ebpfvm" $command "$work/cut.bin"
done
printf '\030\0\0\0\1\0\0\0' >"$work/half.bin"
for command in verify run; do
    bad 1 "$ebpfvm" $command "$work/half.bin"
done

# --- text ---
printf 'mov r0, 1\000exit\n' >"$work/nul.s"
bad 1 "$ebpfvm" asm --hex "$work/nul.s"
err_has 'nul.s:1:'
awk 'BEGIN { printf "mov r0, "; for (i = 0; i < 100000; i++) printf "("; printf "1\nexit\n" }' \
    >"$work/deep.s"
bad 1 "$ebpfvm" asm --hex "$work/deep.s"
awk 'BEGIN { printf "mov r0, "; for (i = 0; i < 100000; i++) printf "("; printf "1";
             for (i = 0; i < 100000; i++) printf ")"; printf "\nexit\n" }' >"$work/deep.s"
bad 1 "$ebpfvm" asm --hex "$work/deep.s"
awk 'BEGIN { printf "mov r0, "; for (i = 0; i < 100000; i++) printf "-"; printf "1\nexit\n" }' \
    >"$work/deep.s"
bad 1 "$ebpfvm" asm --hex "$work/deep.s"
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "abcdefghij"; print "" }' >"$work/line.s"
bad 1 "$ebpfvm" asm --hex "$work/line.s"
err_has 'line.s:1:'
bad 1 "$ebpfvm" run "$work/line.s"
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "9 "; print "" }' >"$work/line.s"
bad 1 "$ebpfvm" asm --hex "$work/line.s"
tr ' ' '0' <"$work/line.s" >"$work/number.s"
bad 1 "$ebpfvm" asm --hex "$work/number.s"
awk 'BEGIN { for (i = 0; i < 200000; i++) print "nonsense r" i }' >"$work/errors.s"
bad 1 "$ebpfvm" asm --hex "$work/errors.s"

# CRLF and the mark of UTF-8 at the start are no mistakes.
printf 'mov r0, 2\r\nexit\r\n' >"$work/crlf.s"
exits 0 "$ebpfvm" run "$work/crlf.s"
printf '\357\273\277mov r0, 2\nexit\n' >"$work/bom.s"
exits 0 "$ebpfvm" run "$work/bom.s"
printf '\377\376m\0o\0v\0' >"$work/utf16.s"
bad 1 "$ebpfvm" asm --hex "$work/utf16.s"

# --- files that cannot be read or written ---
every 3 "$work/no such file"
mkdir "$work/directory" "$work/directory.s"
every 3 "$work/directory"
bad 3 "$ebpfvm" asm --hex "$work/directory.s"
bad 3 "$ebpfvm" asm -o "$work/directory" "$filter"
bad 3 "$ebpfvm" asm -o "$work/no/such" "$filter"
bad 3 "$ebpfvm" run --mem-file "$work/directory" "$two"
bad 3 "$ebpfvm" run --mem-file "$work/none" "$two"
if test "$(id -u)" -ne 0; then
    : >"$work/secret"
    chmod 000 "$work/secret"
    every 3 "$work/secret"
fi
if test -e /dev/zero; then
    bad 3 timeout 100 "$ebpfvm" disasm /dev/zero
    err_has 'large'
fi

# --- captures ---
if test $captures = yes; then
    bad 3 "$ebpfvm" run --pcap "$work/none" "$filter"
    bad 3 "$ebpfvm" run --pcap "$work/directory" "$filter"
    bad 3 "$ebpfvm" run --pcap "$work/empty" "$filter"
    bad 3 "$ebpfvm" run --pcap "$work/even.bin" "$filter"
    for size in 10 24 30 50 1000 3001; do
        head -c $size "$capture" >"$work/cut.pcap"
        case $size in
        24) exits 0 "$ebpfvm" run --pcap "$work/cut.pcap" "$filter" ;;
        *)  bad 3 "$ebpfvm" run --pcap "$work/cut.pcap" "$filter" ;;
        esac
        test $size -lt 1000 || out_has 'packets'
    done
    cp "$work/cut.pcap" "$work/in"
    bad 3 "$ebpfvm" run --pcap - "$filter"
    out_has 'packets'
fi

# --- the command line ---
bad 2 "$ebpfvm" nonsense
bad 2 "$ebpfvm" ''
bad 2 "$ebpfvm" run
bad 2 "$ebpfvm" run "$two" "$two"
bad 2 "$ebpfvm" run --budget=-1 "$two"
bad 2 "$ebpfvm" run --budget=99999999999999999999999 "$two"
bad 2 "$ebpfvm" run --budget= "$two"
bad 2 "$ebpfvm" run --kind=nothing "$two"
long=$(awk 'BEGIN { for (i = 0; i < 100000; i++) printf "a" }')
bad 2 "$ebpfvm" "$long"
bad 2 "$ebpfvm" run "--$long" "$two"
bad 2 "$ebpfvm" run "--kind=$long" "$two"
bad 1 "$ebpfvm" run --mem "$long$(printf z)" "$two"
bad 1 "$ebpfvm" plugin "${long}a"
bad 3 "$ebpfvm" run "/$long"
finish
