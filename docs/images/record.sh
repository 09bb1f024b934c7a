#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Writes docs/images/session.svg: what a terminal shows of the commands below, as they are run.
# usage: record.sh     (top_srcdir, top_builddir in the environment)
set -eu
here=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ln -s "$build/ebpfvm" "$work/ebpfvm"
cp "$here/examples/data/traffic.pcap" "$here/examples/filters/port.s" "$work"
cd "$work"
PATH=$work:$PATH
TERM=xterm
export PATH TERM

cat >typo.s <<'END'
    ldxh r3, [r1+12]
    be61 r3
    jne r3, 0x0800, out
END
cat >loop.s <<'END'
    mov r0, 0
again:
    ldxdw r2, [r1+8]
    jne r2, 0, again
    exit
END

show() {
    echo "\$ $1"
    sh -c "$1" 2>&1 || :
    echo
}
{
    show 'ebpfvm asm --color=always typo.s'
    show 'ebpfvm run --color=always --mem 0102030405 loop.s | cut -c1-115'
    show 'ebpfvm run --color=always --pcap traffic.pcap port.s | tail -n 8'
} | sed 's/0x[0-9a-f]\{12\}/0x7f…/g' | ${AWK:-awk} -f "$here/docs/images/terminal.awk" \
    >"$here/docs/images/session.svg"
