/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A metadata buffer of one's own, in the way of the kernel's socket buffers: r1 points to it, and
 * it points to the packet. */
#include <stdint.h>

#include "example.h"

/* What this host tells programs about a packet. */
struct metadata {
    uint64_t data, data_end;
    uint32_t port;
    uint32_t mark; /* for the program to set */
};

int main(void)
{
    static const char text[] = ".equ DATA, 0\n"
                               ".equ PORT, 16\n"
                               ".equ MARK, 20\n"
                               "ldxw  r2, [r1+PORT]\n"
                               "stxw  [r1+MARK], r2\n"
                               "ldxdw r1, [r1+DATA]\n"
                               "ldxh  r0, [r1+2]\n"
                               "exit\n";
    unsigned char packet[] = {0xaa, 0xbb, 0x11, 0x22, 0xcc, 0xdd};
    struct metadata metadata = {.data = (uintptr_t)packet,
                                .data_end = (uintptr_t)(packet + sizeof(packet)), .port = 7};
    const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_MBUFF};
    const struct ebpf_input in = {.size = sizeof(in), .mem = packet, .mem_size = sizeof(packet),
                                  .mbuff = &metadata, .mbuff_size = sizeof(metadata)};
    struct ebpf_vm *vm = load(&options, text);
    run(vm, &in, "bytes 2 and 3", 0x2211);
    ebpf_vm_free(vm);
    return metadata.mark == 7 ? 0 : EXIT_FAILURE;
}
