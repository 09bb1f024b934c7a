/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* VMs of every kind in every engine, for the tests of vm/. */
#ifndef TESTS_VM_UNIT_H
#define TESTS_VM_UNIT_H

#include <string.h>

#include <ebpfvm/ebpfvm.h>

#include "tests/unit/unit.h"

/* A program made by builder calls: PROGRAM(p, ebpf_build_exit(b)); */
#define PROGRAM(program, ...)                                                                      \
    struct ebpf_program *program;                                                                  \
    do {                                                                                           \
        struct ebpf_builder *b = ebpf_builder_new(NULL);                                           \
        __VA_ARGS__;                                                                               \
        ck_assert_int_eq(ebpf_builder_finish(b, NULL, &program), EBPF_OK);                         \
        ebpf_builder_free(b);                                                                      \
    } while (0)

/* The engines that can run here, by a number from 0; NULL after the last. */
static inline const char *engine(size_t index)
{
    const struct ebpf_backend *backend;
    for (size_t i = 0; (backend = ebpf_backend_at(i)); i++)
        if (backend->probe() == EBPF_OK && index-- == 0)
            return backend->name;
    return NULL;
}

/* Runs what follows once for each engine, `name` being its name. */
#define FOR_EACH_ENGINE(name)                                                                      \
    size_t name##_number = 0;                                                                      \
    for (const char *name; (name = engine(name##_number)); name##_number++)

/* A VM that holds the program, compiled with the lenient verifier; the program is kept by it. */
static inline struct ebpf_vm *vm_with(const struct ebpf_vm_options *options,
                                      struct ebpf_program *program)
{
    struct ebpf_vm_options o = *options;
    struct ebpf_vm *vm;
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_stream out = ebpf_stream_file(stderr);
    o.size = sizeof(o);
    o.passes = o.passes ? o.passes : ebpf_verifier_lenient();
    ebpf_status status = ebpf_vm_new(&o, diag, &vm);
    if (!status)
        status = ebpf_vm_register_helpers(vm, ebpf_helpers_rbpf());
    if (!status)
        status = ebpf_vm_set_program(vm, program, diag);
    if (!status)
        status = ebpf_vm_compile(vm, diag);
    ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out);
    ebpf_diag_free(diag);
    ck_assert_int_eq(status, EBPF_OK);
    return vm;
}

#endif
