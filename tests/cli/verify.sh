#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
. "${top_srcdir:-.}/tests/cli/lib.sh"

exits 0 "$ebpfvm" verify "$filter"
out_has 'accepted'
err_empty
exits 0 "$ebpfvm" verify "$two"
exits 0 "$ebpfvm" verify --json "$two"
out_json
out_has '"accepted": true'

unreachable=95000000000000009500000000000000
exits 1 "$ebpfvm" verify "$unreachable"
out_empty
err_has unreachable
exits 0 "$ebpfvm" verify --lenient "$unreachable"
exits 0 "$ebpfvm" verify --passes=structure "$unreachable"
exits 1 "$ebpfvm" verify --passes=structure,cfg "$unreachable"
exits 1 "$ebpfvm" verify --json "$unreachable"
out_json
out_has '"accepted": false'
out_has EBPF_ERR_UNREACHABLE
exits 2 "$ebpfvm" verify --passes=structure,nonsense "$two"
err_has "there is no pass 'nonsense'; the default ones are structure"
exits 2 "$ebpfvm" verify --passes= "$two"
four=cfg,cfg,cfg,cfg
exits 2 "$ebpfvm" verify --passes=$four,$four,$four,$four,cfg "$two"
err_has 'more than'

# Explanations, on standard output.
cat >"$work/far.s" <<'END'
r2 = *(u32 *)(r1 + 0)
r0 = *(u8 *)(r2 + 23)
exit
END
exits 1 "$ebpfvm" verify --type xdp "$work/far.s" --facts
out_has '; NOT PROVEN | r2 = packet+0'
err_has 'far.s:2:'
exits 1 "$ebpfvm" verify --type xdp "$work/far.s" --log=2
out_has '0: r2 = *(u32 *)(r1 + 0)  ; r2 = packet+0'
out_has 'processed '
exits 1 "$ebpfvm" verify --type xdp "$work/far.s" --log=1
out_has '1: r0 = *(u8 *)(r2 + 23)'
exits 0 "$ebpfvm" verify --type xdp "$two" --log=stats
out_has 'processed '
exits 1 "$ebpfvm" verify --type xdp "$work/far.s" --dot
out_has 'digraph cfg {'
out_has 'fillcolor=mistyrose'
exits 1 "$ebpfvm" verify --type xdp "$work/far.s" --json
out_json
out_has '"findings": [{"status": "EBPF_ERR_LOAD", "pc": 1, "file": '
out_has '"source": "r0 = *(u8 *)(r2 + 23)", "problem": "1 byte at offset 23 of the packet'
out_has '"why": {"left_out": 0, "path": [],'
out_has '"registers": {"r1": "context+0", "r2": "packet+0"}}, "advice": "compare the address'
if has_elf; then
    exits 1 "$ebpfvm" verify --json "$top_srcdir/tests/objects/calls-v2.o" --program square \
        --type xdp
    out_json
    out_has 'calls.c", "line": '
    out_has '"source": "    return '
fi
exits 1 "$ebpfvm" verify --type xdp "$unreachable" --json
out_json
out_has '"why": null, "advice": "remove it'
exits 0 "$ebpfvm" verify --type xdp "$two" --json
out_json
out_has '"findings": []'
exits 0 "$ebpfvm" verify --type xdp "$two" --dot
out_has '}'
exits 2 "$ebpfvm" verify "$two" --facts
err_has 'ask for it with --type=NAME'
exits 2 "$ebpfvm" verify --type xdp "$two" --facts --json
err_has 'which --json is not'
exits 2 "$ebpfvm" verify --type xdp "$two" --log=3
err_has "'3' is none of"

: >"$work/empty.s"
exits 1 "$ebpfvm" verify "$work/empty.s"
err_has 'empty'
: >"$work/empty.bin"
exits 1 "$ebpfvm" verify "$work/empty.bin"
printf 'mov r0, 1\nja +5\n' >"$work/jump.s"
exits 1 "$ebpfvm" verify "$work/jump.s"
err_has 'jump.s:2:'
exits 3 "$ebpfvm" verify "$work/missing"

# A file whose bytes cannot be read; for root, such are few.
if test -r /proc/self/mem; then
    exits 3 "$ebpfvm" verify /proc/self/mem
    err_has "cannot read '/proc/self/mem'"
fi
printf 'exit\n' >"$work/closed.s"
chmod 000 "$work/closed.s"
if test ! -r "$work/closed.s"; then
    exits 3 "$ebpfvm" verify "$work/closed.s"
    err_has 'Permission denied'
fi
finish
