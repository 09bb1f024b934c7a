#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Prints the dictionary of a fuzz target: that of the assembler is made from the tables of mnemonics
# and of its grammar's words, those of bytecode from the opcodes, of classic BPF too; the others are
# files.
# usage: dictionary.sh TARGET
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
case $1 in
asm)
    sed -n 's/^EBPF_INSN([^,]*, *"\([^"]*\)".*/"\1"/p; s/^[A-Z_]*([^"]*"\([a-z0-9_]*\)".*/"\1"/p' \
        "$root/ir/opcodes.def" "$root/frontend/asm/aliases.def" "$root/ir/syntax.def" | sort -u
    ;;
decode|verify)
    sed -n 's/^EBPF_INSN([^"]*"[^"]*", *0x\([0-9a-f][0-9a-f]\).*/"\\x\1"/p' \
        "$root/ir/opcodes.def" | sort -u
    ;;
cbpf)
    sed -n 's/^EBPF_CBPF(0x\([0-9a-f][0-9a-f]\),.*/"\\x\1\\x00"/p' "$root/frontend/cbpf/cbpf.def"
    ;;
*)
    test ! -f "$root/tests/fuzz/dict/$1.dict" || cat "$root/tests/fuzz/dict/$1.dict"
    ;;
esac
