#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Compiles the objects of this folder again; they are checked in, so that tests need no compiler
# for eBPF.  Needs clang 16 or later, llvm-strip and bpf-gcc (Debian: clang llvm gcc-bpf).
# usage: build.sh
set -eu
cd "$(dirname "$0")"
clang=${CLANG:-clang}
strip=${LLVM_STRIP:-llvm-strip}

# compile OUTPUT SOURCE OPTION...
compile() {
    out=$1 source=$2
    shift 2
    # shellcheck disable=SC2086
    $clang --target=bpfel -O2 -g -Wall -Wno-unused-const-variable -fdebug-compilation-dir=. \
        -ffile-prefix-map="$PWD"=. "$@" -c "$source" -o "$out"
    $strip -g "$out"
}

for name in calls globals maps_btf; do
    for cpu in v1 v2 v3; do
        compile "$name-$cpu.o" "$name.c" -mcpu=$cpu
    done
done
compile packets.o packets.c -mcpu=v3
compile refused.o refused.c -mcpu=v3
compile constants.o constants.c -mcpu=v3 -fno-builtin -Wno-incompatible-library-redeclaration
compile externs.o externs.c -fno-builtin -Wno-incompatible-library-redeclaration
compile iproute-tc.o iproute.c
compile iproute-xdp.o iproute.c -DXDP
compile sections.o sections.c
compile kernel_names.o kernel_names.c -mcpu=v3
compile core.o core.c -mcpu=v3
compile core_target.o core_target.c -mcpu=v3
for words in 4 5 6 7 9 10; do
    compile "maps_legacy-$((words * 4)).o" maps_legacy.c -DWORDS=$words
done
for name in calls globals runtime; do
    ${BPF_GCC:-bpf-gcc} -O2 -c $name.c -o $name-gnu.o
done
