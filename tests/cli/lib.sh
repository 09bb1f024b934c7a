# SPDX-License-Identifier: MIT OR Apache-2.0
# What the tests of the command share: run it, then compare its exit code and what it wrote.
top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
ebpfvm=$top_builddir/ebpfvm
# The command itself: libtool's script around it takes longer than most of what it does.
if test -x "$top_builddir/.libs/ebpfvm"; then
    ebpfvm=$top_builddir/.libs/ebpfvm
    LD_LIBRARY_PATH=$top_builddir/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
fi
json_check=$top_builddir/tests/cli/json-check
filter=$top_srcdir/examples/filters/port.s
capture=$top_srcdir/examples/data/traffic.pcap
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failed=0
cases=0
unset NO_COLOR
LC_ALL=C
export LC_ALL

# `mov r0, 2; exit`, and `mov r0, 0; l: add r0, 1; jne r0, 0, l; exit`, which takes ages.
two='b7 00 00 00 02 00 00 00 95 00 00 00 00 00 00 00'
endless=b70000000000000007000000010000005500feff000000009500000000000000

# Whether the command reads objects.
has_elf() {
    "$ebpfvm" objdump "$top_srcdir/examples/xdp/firewall.o" >"$work/out" 2>"$work/err" || :
    ! grep -q 'built without libelf' "$work/err"
}

# What is about objects only has nothing to test where there is no libelf.
needs_elf() {
    has_elf || { echo 'built without libelf'; exit 77; }
}

fail() {
    echo "FAIL: $last"
    echo "    $1"
    sed 's/^/    stdout: /' "$work/out" | head -n 20
    sed 's/^/    stderr: /' "$work/err" | head -n 20
    failed=1
}

# exits CODE COMMAND...: runs it; stdin is $work/in if there is one.
exits() {
    want=$1
    shift
    last=$*
    cases=$((cases + 1))
    test -e "$work/in" || : >"$work/in"
    code=0
    "$@" <"$work/in" >"$work/out" 2>"$work/err" || code=$?
    rm -f "$work/in"
    test "$code" -eq "$want" || fail "exit code $code, not $want"
}

# What the last command wrote: exactly this line, or with this text in it, or nothing.
out_is() { test "$(cat "$work/out")" = "$1" || fail "stdout is not: $1"; }
out_has() { grep -qF -- "$1" "$work/out" || fail "stdout has no: $1"; }
out_lacks() { ! grep -qF -- "$1" "$work/out" || fail "stdout has: $1"; }
err_has() { grep -qF -- "$1" "$work/err" || fail "stderr has no: $1"; }
out_empty() { test ! -s "$work/out" || fail 'stdout is not empty'; }
err_empty() { test ! -s "$work/err" || fail 'stderr is not empty'; }
out_json() { "$json_check" <"$work/out" 2>>"$work/err" || fail 'stdout is not JSON'; }

# Stdin of the next command.
input() { printf '%s' "$1" >"$work/in"; }

finish() {
    echo "$cases commands run"
    exit $failed
}
