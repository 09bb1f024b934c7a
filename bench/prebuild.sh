#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Compiles the benchmark programs to bytecode: writes bench/bytecode.h, which is checked in, so that
# building the benchmark needs no clang.  usage: bench/prebuild.sh
set -eu
cd "$(dirname "$0")/.."
clang=${CLANG:-clang-19} objcopy=${OBJCOPY:-llvm-objcopy}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
    echo '/* SPDX-License-Identifier: MIT OR Apache-2.0 */'
    echo "/* Made by bench/prebuild.sh with $("$clang" --version | head -n 1); do not edit. */"
    sed -n 's/^BENCH(\(.*\))$/\1/p' bench/programs.def | while read -r name; do
        "$clang" -target bpf -mcpu=v3 -O2 -ffreestanding -Wall -Wextra -Werror -I. \
            -c "bench/programs/$name.c" -o "$work/$name.o"
        "$objcopy" -O binary -j .text "$work/$name.o" "$work/$name.bin"
        echo "static const uint8_t code_$name[] = {"
        od -An -v -tx1 -w8 "$work/$name.bin" | sed 's/ \(..\)/0x\1, /g; s/^/    /; s/ *$//'
        echo '};'
    done
} >"$work/bytecode.h"
mv "$work/bytecode.h" bench/bytecode.h
