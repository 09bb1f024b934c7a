#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
. "${top_srcdir:-.}/tests/cli/lib.sh"
objects=$top_srcdir/tests/objects

needs_elf
exits 0 "$ebpfvm" objdump "$objects/calls-v3.o"
out_has 'license Dual MIT/GPL'
out_has 'socket/first'
out_has 'with what it calls'
out_lacks Unsupported
for object in "$objects"/*.o; do
    exits 0 "$ebpfvm" objdump --json "$object"
    out_json
done
exits 0 "$ebpfvm" objdump "$objects/externs.o"
out_has "copy: 'memcpy' is not defined"
exits 0 "$ebpfvm" objdump "$objects/refused.o"
out_has '3 slots, cannot run here'
out_has 'reads: programs of type xdp have no legacy packet loads'
out_has 'waits: no helper is registered under id 172 (0xac), the kernel'
exits 0 "$ebpfvm" objdump "$objects/kernel_names.o"
out_has 'does_not_ask: a run that gets to instruction 1 ends: weak_function is a function'
out_lacks unknown
exits 0 "$ebpfvm" objdump "$objects/core.o"
out_has 'offset_first and 26 more: CO-RE relocations are not applied'
exits 0 "$ebpfvm" objdump "$objects/globals-v1.o"
out_has 'trace_printk'
exits 0 "$ebpfvm" objdump "$objects/maps_legacy-28.o"
out_has 'array_of_maps, key 4, value 4, entries 3, of hash'
exits 1 "$ebpfvm" objdump "$filter"
err_has 'no ELF object'
exits 3 "$ebpfvm" objdump "$work/missing"
exits 2 "$ebpfvm" objdump

# Programs of objects, wherever programs are read.
exits 0 "$ebpfvm" verify --program=second "$objects/calls-v3.o"
out_has '4 functions'
exits 0 "$ebpfvm" run --program=first --kind=none "$objects/calls-v3.o"
for cpu in v1 v2 v3 gnu; do
    exits 0 "$ebpfvm" run --program=first --mem=00 "$objects/calls-$cpu.o"
    out_has 0xf
    exits 0 "$ebpfvm" run --program=first --kind=none "$objects/calls-$cpu.o"
    out_has 0x23
    exits 0 "$ebpfvm" run --program=second --mem=00 "$objects/calls-$cpu.o"
    out_has 0x23
    exits 0 "$ebpfvm" run --program=second --kind=none "$objects/calls-$cpu.o"
    out_has 0x18
    exits 0 "$ebpfvm" run --program=shown --kind=none "$objects/calls-$cpu.o"
    out_has 0xa
done
# What cannot be in a program array is no reason not to run the others.
exits 0 "$ebpfvm" run --program=asks_both --mem=00 "$objects/refused.o"
out_has 'r0 = 0x3'
err_has "entry 0 of 'next' stays empty: 'reads': programs of type xdp have no legacy"
exits 1 "$ebpfvm" run --program=waits --mem=00 "$objects/refused.o"
err_has timer_cancel
exits 0 "$ebpfvm" disasm --pseudoc --labels --program=xdp "$objects/globals-v1.o"
out_has 'map_val(map_by_fd('
exits 0 "$ebpfvm" dump --program=shown "$objects/calls-v1.o"
exits 1 "$ebpfvm" disasm "$objects/calls-v1.o"
err_has 'one must be named: first, second, hidden, shown; give its name' # and none of .text
err_has 'or --program=NAME'
exits 1 "$ebpfvm" disasm --program=none "$objects/calls-v1.o"
err_has "is called 'none'"
exits 1 "$ebpfvm" disasm --program=main "$filter"
err_has 'is no ELF object'
finish
