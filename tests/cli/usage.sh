#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Help, versions, wrong command lines, and what is written from the tables.
. "${top_srcdir:-.}/tests/cli/lib.sh"
commands='asm disasm verify run dump plugin help version'

exits 0 "$ebpfvm" --help
out_has 'Usage: ebpfvm COMMAND'
for c in $commands; do
    out_has "  $c "
done
for c in $commands; do
    exits 0 "$ebpfvm" "$c" --help
    out_has "Usage: ebpfvm $c"
    out_has 'Exit codes:'
    out_has 'Examples:'
    err_empty
    cp "$work/out" "$work/help"
    exits 0 "$ebpfvm" help "$c"
    cmp -s "$work/out" "$work/help" || fail "'help $c' and '$c --help' differ"
    awk -v c="$c" 'length > 80 { print c ": line of " length " columns: " $0; bad = 1 }
        END { exit bad }' "$work/help" || failed=1
done
exits 0 "$ebpfvm" --version
out_has 'ebpfvm '
exits 0 "$ebpfvm" run -V
out_has 'ebpfvm '
exits 0 "$ebpfvm" version
out_has interp
out_has libpcap

exits 2 "$ebpfvm"
err_has 'no command is given'
out_empty
exits 2 "$ebpfvm" rnu
err_has "did you mean 'run'?"
exits 2 "$ebpfvm" xyzzy
err_has "unknown command 'xyzzy'"
exits 2 "$ebpfvm" ''
exits 2 "$ebpfvm" help xyzzy
exits 2 "$ebpfvm" run --tabel=all x
err_has "unknown option '--tabel'; did you mean '--table'?"
err_has "ebpfvm run --help"
exits 2 "$ebpfvm" run --xyzzy x
err_has "unknown option '--xyzzy'"
exits 2 "$ebpfvm" run -x x
err_has "unknown option '-x'"
exits 2 "$ebpfvm" asm --mem 00 x
err_has "unknown option '--mem'"
exits 2 "$ebpfvm" run
err_has 'run needs an argument: FILE|-|HEX'
exits 2 "$ebpfvm" run a b
err_has "'b' is one argument too many"
exits 2 "$ebpfvm" run --mem
err_has '--mem needs a value'
exits 2 "$ebpfvm" run --count=1 x
err_has '--count takes no value'
exits 2 "$ebpfvm" run --kind=row x
err_has 'none|raw|mbuff|fixed'
for n in 0 -1 1x 0x '' 99999999999999999999 1e3; do
    exits 2 "$ebpfvm" run "--budget=$n" x
    err_has 'is not a number'
done
long=$(printf '%0500d' 0)
exits 2 "$ebpfvm" run "--$long" x
exits 2 "$ebpfvm" "$long"

# Options may come anywhere; after "--" they are operands.
exits 0 "$ebpfvm" --color=never disasm "$two" --pcs --dialect pseudoc
out_has 'r0 = 2'
exits 0 "$ebpfvm" disasm -- "$two"
exits 3 "$ebpfvm" disasm -- --pcs
err_has "cannot read '--pcs'"

# Pages and completions are as the tables have them.
for c in '' $commands; do
    page=$top_srcdir/docs/man/ebpfvm${c:+-$c}.1
    exits 0 "$ebpfvm" help --man $c
    cmp -s "$work/out" "$page" || fail "$page is out of date: make update-man"
done
exits 0 "$ebpfvm" help --bash
cmp -s "$work/out" "$top_srcdir/tools/completion/bash/ebpfvm" || fail 'make update-man'
exits 0 "$ebpfvm" help --zsh
cmp -s "$work/out" "$top_srcdir/tools/completion/zsh/_ebpfvm" || fail 'make update-man'
finish
