#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# What bash proposes; and that zsh, if it is there, can read its file.
. "${top_srcdir:-.}/tests/cli/lib.sh"
bash=$(command -v bash) || { echo 'no bash'; exit 77; }

# proposes EXPECTED WORD...: what bash offers for the last word of a command line.
proposes() {
    expected=$1
    shift
    last="completion of: ebpfvm $*"
    cases=$((cases + 1))
    # shellcheck disable=SC2016
    "$bash" -c '
        compopt() { :; }
        . "$0"
        COMP_WORDS=(ebpfvm "$@") COMP_CWORD=$# COMP_LINE="ebpfvm $*"
        COMP_POINT=${#COMP_LINE}
        _ebpfvm
        printf "%s\n" "${COMPREPLY[@]}" | sort' \
        "$top_srcdir/tools/completion/bash/ebpfvm" "$@" >"$work/out" 2>"$work/err"
    err_empty
    out_is "$expected"
}
proposes asm a
proposes "$(printf 'verify\nversion')" ver
proposes "$(printf -- '--help\n--hex')" asm --he
proposes "$(printf -- '--pcs\n--program=\n--pseudoc')" disasm --p
proposes "$(printf 'raw')" run --kind=r
touch "$work/file-a"
proposes "$work/file-a" run "$work/file"
proposes "$work/file-a" run "--mem-file=$work/file"
if command -v zsh >/dev/null; then
    exits 0 zsh -n "$top_srcdir/tools/completion/zsh/_ebpfvm"
fi
finish
