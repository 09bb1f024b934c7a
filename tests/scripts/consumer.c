/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program of somebody else, in the common part of C and C++: assembles a program, runs it over a
 * packet, and prints the library's version. */
#include <ebpfvm/ebpfvm.h>

#include <stdio.h>
#include <string.h>

static const char text[] = "ldxb r0, [r1+2]\n"
                           "add64 r0, 1\n"
                           "exit\n";

static int run(struct ebpf_vm *vm)
{
    unsigned char packet[] = {1, 2, 41};
    struct ebpf_input in;
    struct ebpf_result result;

    memset(&in, 0, sizeof(in));
    in.size = sizeof(in);
    in.mem = packet;
    in.mem_size = sizeof(packet);
    if (ebpf_vm_compile(vm, NULL) != EBPF_OK || ebpf_vm_run(vm, &in, &result) != EBPF_OK)
        return 4;
    return result.r0 == 42 ? 0 : 5;
}

int main(void)
{
    struct ebpf_program *program;
    struct ebpf_vm_options options;
    struct ebpf_vm *vm;
    int failed;

    if (strcmp(ebpf_version(), EBPFVM_VERSION) != 0)
        return 1;
    if (ebpf_assemble(text, sizeof(text) - 1, NULL, NULL, &program) != EBPF_OK)
        return 2;
    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.kind = EBPF_VM_RAW;
    if (ebpf_vm_new(&options, NULL, &vm) != EBPF_OK ||
        ebpf_vm_set_program(vm, program, NULL) != EBPF_OK)
        return 3;
    ebpf_program_unref(program);
    failed = run(vm);
    ebpf_vm_free(vm);
    if (!failed)
        puts(ebpf_version());
    return failed;
}
