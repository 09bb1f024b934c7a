#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Compiles the example again; needs clang 14 or later and llvm-strip (Debian: clang llvm).
# usage: build.sh
set -eu
cd "$(dirname "$0")"
${CLANG:-clang} --target=bpfel -mcpu=v3 -O2 -g -Wall -Wno-unused-const-variable \
    -fdebug-compilation-dir=. -ffile-prefix-map="$PWD"=. -c firewall.c -o firewall.o
${LLVM_STRIP:-llvm-strip} -g firewall.o
