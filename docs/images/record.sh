#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Writes docs/images/session.svg: what a terminal shows of the commands below, as they are run in
# one.
# usage: record.sh [--check]     (top_srcdir, top_builddir in the environment)
# --check writes nothing and tells whether the image shows what happens today, times aside.
set -eu
here=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
image=$here/docs/images/session.svg
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v script >/dev/null || { echo 'no script(1), which gives commands a terminal'; exit 77; }
"$build/ebpfvm" version | grep -q '^captures.*libpcap' || { echo 'needs libpcap'; exit 77; }
! "$build/ebpfvm" objdump "$here/examples/xdp/firewall.o" 2>&1 | grep 'built without' || exit 77
mkdir "$work/bin" "$work/desk"
ln -s "$build/ebpfvm" "$work/bin/ebpfvm"
cp "$here/examples/data/traffic.pcap" "$here/examples/xdp/firewall.o" "$work/desk"
cd "$work/desk"
PATH=$work/bin:$PATH
TERM=xterm
export PATH TERM
unset NO_COLOR

cat >ethertype.s <<'END'
    ldxw r2, [r1]       ; data
    ldxw r3, [r1+4]     ; data_end
    mov r4, r2
    add r4, 12
    jgt r4, r3, out
    ldxh r5, [r2+12]
    mov r0, 2           ; XDP_PASS
    exit
out:
    mov r0, 1           ; XDP_DROP
    exit
END
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
    script -qec "$1" /dev/null </dev/null | tr -d '\r'
    echo
}
{
    show 'ebpfvm run --pcap traffic.pcap firewall.o'
    show 'ebpfvm verify --type xdp ethertype.s'
    show 'ebpfvm run --mem 0102030405 loop.s'
    show 'ebpfvm asm --hex typo.s'
} | sed 's/0x[0-9a-f]\{12\}/0x7f…/g' | LC_ALL=C ${AWK:-awk} -f "$here/docs/images/terminal.awk" \
    >"$work/session.svg"

steady() {
    sed 's/>time .*</>time</' "$1"
}
if test "${1-}" = --check; then
    steady "$image" >"$work/old"
    steady "$work/session.svg" | diff "$work/old" - || {
        echo 'docs/images/session.svg shows what is not so any more: make update-session'
        exit 1
    }
    echo 'docs/images/session.svg shows what happens'
else
    cp "$work/session.svg" "$image"
fi
