/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A filter that blocks a port, in a VM that makes the metadata buffer itself: each run finds the
 * packet's address and that of its end at the two offsets asked for. */
#include "example.h"

/* Returns 0 to block a packet, and 0xffffffff to let it pass, as socket filters do. */
static const char filter[] = ".equ DATA, 0x40\n"
                             ".equ DATA_END, 0x50\n"
                             ".equ BLOCKED, 0x1234\n"
                             "        ldxdw r2, [r1+DATA]\n"
                             "        ldxdw r3, [r1+DATA_END]\n"
                             "        mov32 r0, -1\n"
                             "        mov   r4, r2\n"
                             "        add   r4, 38            ; Ethernet, IPv4, ports\n"
                             "        jgt   r4, r3, pass\n"
                             "        ldxh  r4, [r2+12]\n"
                             "        jne   r4, 0x0008, pass  ; IPv4, as it lies in memory\n"
                             "        ldxb  r4, [r2+14]\n"
                             "        jne   r4, 0x45, pass    ; without options\n"
                             "        ldxb  r4, [r2+23]\n"
                             "        jeq   r4, 6, ports      ; TCP\n"
                             "        jne   r4, 17, pass      ; UDP\n"
                             "ports:  ldxh  r4, [r2+36]\n"
                             "        be16  r4\n"
                             "        jne   r4, BLOCKED, pass\n"
                             "        mov   r0, 0\n"
                             "pass:   exit\n";

int main(void)
{
    unsigned char packet[64] = {
        [12] = 0x08, [14] = 0x45, [23] = 6,   /* IPv4, TCP */
        [34] = 0x99, [35] = 0x99,             /* source port */
        [36] = 0x12, [37] = 0x34};            /* destination port */
    const struct ebpf_vm_options options = {
        .size = sizeof(options), .kind = EBPF_VM_FIXED_MBUFF, .data_offset = 0x40,
        .data_end_offset = 0x50};
    struct ebpf_vm *vm = load(&options, filter);
    struct ebpf_input in = {.size = sizeof(in), .mem = packet, .mem_size = sizeof(packet)};
    run(vm, &in, "TCP to the blocked port", 0);
    packet[23] = 17;
    run(vm, &in, "UDP to the blocked port", 0);
    packet[37] = 0x35;
    run(vm, &in, "UDP to another port", 0xffffffff);
    packet[37] = 0x34;
    packet[23] = 1;
    run(vm, &in, "ICMP", 0xffffffff);
    in.mem_size = 20;
    run(vm, &in, "a short packet", 0xffffffff);
    ebpf_vm_free(vm);
    return 0;
}
