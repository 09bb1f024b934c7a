/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the examples share: they check what they show, so they are tests as well. */
#ifndef EXAMPLES_VM_EXAMPLE_H
#define EXAMPLES_VM_EXAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

/* Ends the program if a call failed, with what the report says. */
static inline void expect(ebpf_status status, const char *what, const struct ebpf_diag *diag)
{
    struct ebpf_stream out = ebpf_stream_file(stderr);
    if (status == EBPF_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, ebpf_status_text(status));
    if (diag)
        ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out);
    exit(EXIT_FAILURE);
}

/* Makes a VM and loads a program that is given as text. */
static inline struct ebpf_vm *load(const struct ebpf_vm_options *options, const char *text)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    struct ebpf_vm *vm;
    expect(ebpf_assemble(text, strlen(text), NULL, diag, &program), "assembling", diag);
    expect(ebpf_vm_new(options, diag, &vm), "making a VM", diag);
    expect(ebpf_vm_set_program(vm, program, diag), "loading", diag);
    expect(ebpf_vm_compile(vm, diag), "compiling", diag);
    ebpf_program_unref(program); /* the VM has its own reference */
    ebpf_diag_free(diag);
    return vm;
}

/* Runs, prints and checks the result. */
static inline void run(const struct ebpf_vm *vm, const struct ebpf_input *in, const char *what,
                       uint64_t expected)
{
    struct ebpf_result result;
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ebpf_status status = ebpf_vm_run(vm, in, &result);
    ebpf_vm_explain(vm, &result.fault, diag);
    expect(status, what, diag);
    ebpf_diag_free(diag);
    printf("%s: 0x%llx, %llu instructions\n", what, (unsigned long long)result.r0,
           (unsigned long long)result.executed);
    if (result.r0 != expected)
        exit(EXIT_FAILURE);
}

#endif
