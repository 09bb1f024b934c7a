#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# The programs of all objects of tests and examples, over packets, against what is known of them.
. "${top_srcdir:-.}/tests/cli/lib.sh"
"$ebpfvm" objdump "$top_srcdir/examples/xdp/firewall.o" >"$work/out" 2>"$work/err" || :
if ! grep -q 'passed.*percpu_array' "$work/out"; then
    echo 'built without libelf or libbpf'
    exit 77
fi
mkdir "$work/objects"
if xz --version >/dev/null 2>&1; then
    xz -dc "$top_srcdir/tests/objects/tutorials/objects.tar.xz" | tar -C "$work/objects" -xf -
fi
find "$top_srcdir/tests/objects" "$top_srcdir/examples/xdp" "$work/objects" -name '*.o' |
    LC_ALL=C sort | xargs "$top_builddir/tests/unit/contain-objects"
