#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Conformance of every engine.
. "${top_srcdir:-.}/tests/cli/lib.sh"
engines=$("$ebpfvm" version | awk '$1 == "backend" { print $2 }')
test -n "$engines" || { echo 'conformance: the command names no engines'; exit 99; }
# shellcheck disable=SC2086
"$top_builddir/tests/conformance/conformance" "$ebpfvm" $engines
