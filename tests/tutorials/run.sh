#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# The tutorials as all compilers make them, in every engine.
. "${top_srcdir:-.}/tests/cli/lib.sh"
"$ebpfvm" objdump "$top_srcdir/examples/xdp/firewall.o" >"$work/out" 2>"$work/err" || :
if ! grep -q 'passed.*percpu_array' "$work/out"; then
    echo 'built without libelf or libbpf'
    exit 77
fi
if ! xz --version >/dev/null 2>&1; then
    echo 'xz is missing'
    exit 77
fi
mkdir "$work/objects"
xz -dc "$top_srcdir/tests/objects/tutorials/objects.tar.xz" | tar -C "$work/objects" -xf -
# shellcheck disable=SC2046
"$top_builddir/tests/tutorials/run" "$work/objects" $(ls "$work/objects")
