/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Runs a program in an engine of one's own, and prints what was executed how often. */
#include <stdlib.h>
#include <string.h>

#include "count.h"

static const char text[] = "mov r0, 0\n"
                           "mov r1, 10\n"
                           "again:\n"
                           "add r0, r1\n"
                           "sub r1, 1\n"
                           "jne r1, 0, again\n"
                           "exit\n";

static int run(const struct ebpf_vm *vm)
{
    struct ebpf_result result;
    struct ebpf_stream out = ebpf_stream_file(stdout);
    if (ebpf_vm_run(vm, NULL, &result) != EBPF_OK || ebpf_vm_run(vm, NULL, &result) != EBPF_OK)
        return EXIT_FAILURE;
    const struct ebpf_code *code = ebpf_vm_code(vm);
    count_backend.dump(code, &out);
    return result.r0 == 55 && result.executed == 33 && count_of(code, EBPF_OP_JNE64_IMM) == 20 &&
                   count_of(code, EBPF_OP_EXIT) == 2
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}

int main(void)
{
    const struct ebpf_backend *const engines[] = {&count_backend, NULL};
    const struct ebpf_vm_options options = {.size = sizeof(options), .backends = engines};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_stream err = ebpf_stream_file(stderr);
    struct ebpf_program *program = NULL;
    struct ebpf_vm *vm = NULL;
    ebpf_status status = diag ? EBPF_OK : EBPF_ERR_NOMEM;
    if (!status)
        status = ebpf_assemble(text, strlen(text), NULL, diag, &program);
    if (!status)
        status = ebpf_vm_new(&options, diag, &vm);
    if (!status)
        status = ebpf_vm_set_program(vm, program, diag);
    if (!status)
        status = ebpf_vm_compile(vm, diag);
    if (status && diag)
        ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &err);
    int exit_code = status ? EXIT_FAILURE : run(vm);
    ebpf_vm_free(vm);
    ebpf_program_unref(program);
    ebpf_diag_free(diag);
    return exit_code;
}
