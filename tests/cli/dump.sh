#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
. "${top_srcdir:-.}/tests/cli/lib.sh"

exits 0 "$ebpfvm" dump "$filter"
cp "$work/out" "$work/ir"
test -s "$work/ir" || fail 'nothing is dumped'
exits 0 "$ebpfvm" dump --ir "$filter"
cmp -s "$work/out" "$work/ir" || fail '--ir is not the default'
exits 0 "$ebpfvm" dump --cfg "$filter"
out_has digraph
out_has '}'
exits 0 "$ebpfvm" dump --builder "$filter"
out_has 'struct ebpf_builder'
exits 0 "$ebpfvm" dump --code --backend=interp "$filter"
test -s "$work/out" || fail 'nothing is dumped'
exits 0 "$ebpfvm" dump --cfg -o "$work/graph.dot" "$filter"
out_empty
grep -q digraph "$work/graph.dot" || fail 'no graph in the file'
exits 1 "$ebpfvm" dump --code --backend=nonsense "$filter"
exits 1 "$ebpfvm" dump --cfg ff00000000000000
exits 0 "$ebpfvm" dump --ir ff00000000000000
exits 3 "$ebpfvm" dump -o "$work/missing/file" "$filter"
finish
