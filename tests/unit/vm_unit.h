/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* VMs of every kind in every engine, for the tests of vm/. */
#ifndef TESTS_VM_UNIT_H
#define TESTS_VM_UNIT_H

#include <stdbool.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

#include "tests/unit/unit.h"

/* The engine with a number from 0, of those that can run here; NULL after the last. */
static inline const char *engine(size_t number)
{
    const struct ebpf_backend *backend;
    for (size_t i = 0; (backend = ebpf_backend_at(i)); i++)
        if (backend->probe() == EBPF_OK && number-- == 0)
            return backend->name;
    return NULL;
}

/* Runs what follows once for each engine, `name` being its name. */
#define FOR_EACH_ENGINE(name)                                                                      \
    size_t name##_number = 0;                                                                      \
    for (const char *name; (name = engine(name##_number)); name##_number++)

/* Prints a report, so that a test that fails says why. */
static inline void show(const struct ebpf_diag *diag)
{
    struct ebpf_stream out = ebpf_stream_file(stderr);
    ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out);
}

static inline struct ebpf_program *assemble(const char *text)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    ebpf_status status = ebpf_assemble(text, strlen(text), NULL, diag, &program);
    show(diag);
    ebpf_diag_free(diag);
    ck_assert_int_eq(status, EBPF_OK);
    return program;
}

/* An empty VM; the verifier is the lenient one unless the options say otherwise. */
static inline struct ebpf_vm *empty_vm(const struct ebpf_vm_options *options)
{
    struct ebpf_vm_options o = *options;
    struct ebpf_vm *vm;
    o.size = sizeof(o);
    o.passes = o.passes ? o.passes : ebpf_verifier_lenient();
    ck_assert_int_eq(ebpf_vm_new(&o, NULL, &vm), EBPF_OK);
    return vm;
}

/* Loads and compiles a program given as text. */
static inline void load(struct ebpf_vm *vm, const char *text)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program = assemble(text);
    ebpf_status status = ebpf_vm_set_program(vm, program, diag);
    if (!status)
        status = ebpf_vm_compile(vm, diag);
    show(diag);
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
    ck_assert_int_eq(status, EBPF_OK);
}

static inline struct ebpf_vm *vm_with(const struct ebpf_vm_options *options, const char *text)
{
    struct ebpf_vm *vm = empty_vm(options);
    load(vm, text);
    return vm;
}

/* A run that is to succeed, with a packet and a metadata buffer or NULL; returns r0. */
static inline uint64_t run(const struct ebpf_vm *vm, void *mem, size_t mem_size, void *mbuff,
                           size_t mbuff_size)
{
    struct ebpf_result result;
    const struct ebpf_input in = {.size = sizeof(in), .mem = mem, .mem_size = mem_size,
                                  .mbuff = mbuff, .mbuff_size = mbuff_size};
    ebpf_status status = ebpf_vm_run(vm, &in, &result);
    ck_assert_int_eq(status, result.fault.status);
    ck_assert_msg(status == EBPF_OK, "%s: %s at insn %u, address 0x%llx, %s",
                  ebpf_vm_backend(vm)->name, ebpf_status_name(status), result.fault.insn,
                  (unsigned long long)result.fault.address, result.fault.message);
    return result.r0;
}

/* A run that is to fault with a status; returns the fault. */
static inline struct ebpf_fault fault_of(const struct ebpf_vm *vm, const struct ebpf_input *in,
                                         ebpf_status expected)
{
    struct ebpf_result result;
    ebpf_status status = ebpf_vm_run(vm, in, &result);
    ck_assert_msg(status == expected, "%s: %s in place of %s", ebpf_vm_backend(vm)->name,
                  ebpf_status_name(status), ebpf_status_name(expected));
    ck_assert_int_eq(result.fault.status, expected);
    ck_assert_uint_eq(result.r0, 0);
    return result.fault;
}

#endif
