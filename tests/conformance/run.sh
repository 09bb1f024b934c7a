#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Conformance of every engine.  The command itself is run, not libtool's script around it, which
# takes longer than the programs.
top_builddir=${top_builddir:-.}
command=$top_builddir/ebpfvm
if test -x "$top_builddir/.libs/ebpfvm"; then
    command=$top_builddir/.libs/ebpfvm
    LD_LIBRARY_PATH=$top_builddir/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
fi
engines=$("$command" version | awk '$1 == "backend" { print $2 }')
test -n "$engines" || { echo 'conformance: the command names no engines'; exit 99; }
# shellcheck disable=SC2086
exec "$top_builddir/tests/conformance/conformance" "$command" $engines
