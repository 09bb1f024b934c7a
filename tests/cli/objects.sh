#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Programs of ELF objects run on the maps, the data and the context that they were made for.
. "${top_srcdir:-.}/tests/cli/lib.sh"
objects=$top_srcdir/tests/objects
firewall=$top_srcdir/examples/xdp/firewall.o
needs_elf

for backend in interp x86_64; do
    "$ebpfvm" version | grep -q "$backend" || continue
    for program in known_index unknown_index known_way known_string; do
        exits 0 "$ebpfvm" run --backend=$backend --program $program "$objects/constants.o"
        out_is 'r0 = 0x2 (2)'
    done
    # Variables of all kinds: those that are set, those that are zero, and constants.
    for variant in v1 v2 v3 gnu; do
        exits 0 "$ebpfvm" run --backend=$backend "$objects/globals-$variant.o"
        out_is 'r0 = 0x78 (120)'
    done
    # What a run leaves in variables the next one finds: 11 + 1 + 1 more each time.
    exits 0 "$ebpfvm" run --backend=$backend --repeat 3 --maps "$objects/globals-v3.o"
    out_has 'map .data,'
    # Tail calls through an array that the object fills.
    exits 0 "$ebpfvm" run --backend=$backend --program step_one "$objects/maps_btf-v3.o"
    out_is 'r0 = 0x2 (2)'

    # An XDP program over a capture.
    exits 0 "$ebpfvm" run --backend=$backend --pcap "$capture" --maps "$firewall"
    out_has 'XDP_DROP               8'
    out_has 'XDP_PASS             212'
    out_has 'map passed, percpu_array of 256'
    out_has 'map .bss, array of 1'
    out_has '  0 = 8'
    out_lacks '.rodata'
    exits 0 "$ebpfvm" run --backend=$backend --pcap "$capture" --maps --json "$firewall"
    out_json
    out_has '"XDP_DROP": 8'
    out_has '"name": "passed"'
done

# Objects as iproute2 loads them, settings and types of the kernel.
for backend in interp x86_64; do
    "$ebpfvm" version | grep -q "$backend" || continue
    exits 0 "$ebpfvm" run --backend=$backend --program from-netdev "$objects/iproute-tc.o"
    out_is 'r0 = 0x2a (42)'
    exits 0 "$ebpfvm" run --backend=$backend --program from-netdev "$objects/iproute-xdp.o"
    out_is 'r0 = 0x2a (42)'
done
exits 1 "$ebpfvm" run --program netfilter "$objects/sections.o"
err_has "programs of section 'netfilter' run in a kernel only"
err_has 'write it as an XDP or tc program'
# Constant data is known when programs are verified; what can be written is not.
for program in known_index known_way known_string; do
    exits 0 "$ebpfvm" verify --program $program "$objects/constants.o"
done
exits 1 "$ebpfvm" verify --program unknown_index "$objects/constants.o"
err_has 'an offset that is not bounded'
exits 1 "$ebpfvm" verify --program written_string "$objects/constants.o"
err_has 'r3 of strncmp must be a string that nobody can change'
exits 1 "$ebpfvm" verify --program open_string "$objects/constants.o"
err_has 'r3 of strncmp is a string without an end'
target=$objects/core_target.o
if "$ebpfvm" objdump "$objects/core.o" --btf "$target" >"$work/out" 2>"$work/err"; then
    exits 1 "$ebpfvm" run --program version "$objects/kernel_names.o"
    err_has "'LINUX_KERNEL_VERSION' is a setting of the kernel that has no value here"
    echo 'LINUX_KERNEL_VERSION=0x60100' >"$work/config"
    exits 0 "$ebpfvm" run --kconfig "$work/config" --program version "$objects/kernel_names.o"
    out_is 'r0 = 0x60100 (393472)'
    exits 1 "$ebpfvm" verify --program does_not_ask "$objects/kernel_names.o"
    err_has 'a run that gets here ends: weak_function is a function of the kernel, and not here'
    exits 0 "$ebpfvm" verify --program asks_first "$objects/kernel_names.o"
    echo 'LINUX_KERNEL_VERSION=six' >"$work/config"
    exits 1 "$ebpfvm" run --kconfig "$work/config" --program version "$objects/kernel_names.o"
    err_has "'LINUX_KERNEL_VERSION' cannot be 'six'"
    exits 0 "$ebpfvm" run --program offset_nested "$objects/core.o"
    out_is 'r0 = 0x18 (24)'
    err_has 'CO-RE relocations are not applied'
    exits 0 "$ebpfvm" run --btf "$target" --program offset_nested "$objects/core.o"
    out_is 'r0 = 0x38 (56)'
    exits 1 "$ebpfvm" run --btf "$target" --program offset_gone "$objects/core.o"
    err_has 'machine.gone is not in the given BTF'
    exits 1 "$ebpfvm" run --btf "$objects/core.c" --program offset_gone "$objects/core.o"
    err_has 'the given BTF is damaged'
fi

# The verifier proves it as what its section says.
exits 0 "$ebpfvm" verify "$firewall"
exits 1 "$ebpfvm" verify --type socket_filter "$firewall"

# Helpers that are not there are named, or stubbed.
foreign='85 00 00 00 a9 00 00 00 95 00 00 00 00 00 00 00'
exits 1 "$ebpfvm" run --type sched_cls --mem 0102 "$foreign"
err_has 'under id 169 (0xa9), the kernel'
err_has 'timer_init'
err_has 'it needs what only a kernel has'
exits 0 "$ebpfvm" run --type sched_cls --stub-helpers --mem 0102 "$foreign"
out_has 'r0 = 0xffffffffffffffa1'

# Types.
exits 0 "$ebpfvm" run --type xdp --mem 0102 '61 12 04 00 00 00 00 00 61 10 00 00 00 00 00 00
    1f 02 00 00 00 00 00 00 bf 20 00 00 00 00 00 00 95 00 00 00 00 00 00 00'
out_is 'r0 = 0x2 (2)'
exits 1 "$ebpfvm" run --type nothing --mem 00 "$two"
err_has "no program type 'nothing'"
err_has 'such as xdp, tc,'
exits 0 "$ebpfvm" verify --type tc "$two"
exits 0 "$ebpfvm" run --type tc --mem 00 "$two"
exits 2 "$ebpfvm" verify --type nothing "$two"
exits 2 "$ebpfvm" run --type xdp --kind raw --mem 00 "$two"
err_has 'exclude each other'

# The example, as `./dev run` calls it.
EBPFVM=$ebpfvm
export EBPFVM
exits 0 "$top_srcdir/examples/run-firewall.sh"
out_has 'dropped                  8'
finish
