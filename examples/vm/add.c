/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The smallest program: bytecode that adds two numbers, without any data. */
#include "example.h"

int main(void)
{
    static const unsigned char bytecode[] = {
        0xb4, 0x00, 0x00, 0x00, 0x28, 0x00, 0x00, 0x00, /* mov32 r0, 40 */
        0xb4, 0x01, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, /* mov32 r1, 2 */
        0x0c, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* add32 r0, r1 */
        0x95, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* exit */
    };
    struct ebpf_program *program;
    struct ebpf_vm *vm;
    expect(ebpf_program_decode(bytecode, sizeof(bytecode), "add", NULL, NULL, &program),
           "decoding", NULL);
    expect(ebpf_vm_new(NULL, NULL, &vm), "making a VM", NULL);
    expect(ebpf_vm_set_program(vm, program, NULL), "loading", NULL);
    expect(ebpf_vm_compile(vm, NULL), "compiling", NULL);
    ebpf_program_unref(program);
    run(vm, NULL, "40 + 2", 42);
    ebpf_vm_free(vm);
    return 0;
}
