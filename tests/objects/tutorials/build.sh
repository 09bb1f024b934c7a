#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Compiles the tutorials of this folder with all compilers that there are, and packs the objects;
# they are checked in, so that tests need no compiler for eBPF.
# (Debian: clang-14 clang-16 clang-19 llvm gcc-bpf xz-utils)
# usage: build.sh
set -eu
cd "$(dirname "$0")"
strip=${LLVM_STRIP:-llvm-strip}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

for source in *.c; do
    name=${source%.c}
    for version in 14 16 19; do
        for cpu in v1 v2 v3 v4; do
            case $version,$cpu in 14,v4 | 16,v4) continue ;; esac
            "clang-$version" --target=bpfel -mcpu=$cpu -O2 -g -Wall -fdebug-compilation-dir=. \
                -ffile-prefix-map="$PWD"=. -c "$source" -o "$out/$name-clang$version-$cpu.o"
            $strip -g "$out/$name-clang$version-$cpu.o"
        done
    done
    ${BPF_GCC:-bpf-gcc} -O2 -c "$source" -o "$out/$name-gcc.o"
done
tar -C "$out" --sort=name --owner=0 --group=0 --mtime=@0 -cf - . | xz -9e >objects.tar.xz
ls "$out" | wc -l
