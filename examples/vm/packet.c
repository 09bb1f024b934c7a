/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packet data: r1 is its address, r2 its length.  A run that reaches too far ends in a fault that
 * says so, and the host goes on. */
#include "example.h"

int main(void)
{
    static const char text[] = "ldxh r0, [r1+12]  ; the type of an Ethernet frame\n"
                               "be16 r0\n"
                               "exit\n";
    unsigned char frame[60] = {[12] = 0x86, [13] = 0xdd};
    const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_RAW};
    struct ebpf_vm *vm = load(&options, text);
    struct ebpf_input in = {.size = sizeof(in), .mem = frame, .mem_size = sizeof(frame)};
    run(vm, &in, "EtherType", 0x86dd);

    struct ebpf_result result;
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_stream out = ebpf_stream_file(stdout);
    in.mem_size = 13; /* a truncated frame */
    if (ebpf_vm_run(vm, &in, &result) != EBPF_ERR_LOAD)
        return EXIT_FAILURE;
    ebpf_vm_explain(vm, &result.fault, diag);
    ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out);
    ebpf_diag_free(diag);
    ebpf_vm_free(vm);
    return 0;
}
