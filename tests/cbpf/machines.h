/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One filter in every engine and under every policy, and as a C function: for tests. */
#ifndef TESTS_CBPF_MACHINES_H
#define TESTS_CBPF_MACHINES_H

#include <stdbool.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

enum { MACHINES_MAX = 16 };

struct machines {
    struct ebpf_vm *vms[MACHINES_MAX];
    ebpf_function_fn *functions[MACHINES_MAX]; /* NULL where there are none */
    const char *names[MACHINES_MAX];           /* of the policy */
    unsigned count;
};

/* Adds a VM; EBPF_ERR_NOT_PROVEN if something of a verified one is left to be checked. */
static inline ebpf_status machines_add(struct machines *m, struct ebpf_program *program,
                                       const struct ebpf_backend *backend, enum ebpf_policy policy,
                                       struct ebpf_diag *diag)
{
    const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_RAW,
                                            .backend = backend->name, .policy = policy};
    struct ebpf_vm **vm = &m->vms[m->count];
    m->functions[m->count] = NULL;
    m->names[m->count] = policy == EBPF_POLICY_CHECKED    ? "checked"
                         : policy == EBPF_POLICY_VERIFIED ? "verified"
                                                          : "trusted";
    ebpf_status status = ebpf_vm_new(&options, diag, vm);
    if (status)
        return status;
    m->count++;
    status = ebpf_vm_set_program(*vm, program, diag);
    if (!status)
        status = ebpf_vm_compile(*vm, diag);
    bool native = backend->caps & EBPF_BACKEND_NATIVE;
    if (!status && native && policy != EBPF_POLICY_CHECKED)
        status = ebpf_vm_function(*vm, diag, &m->functions[m->count - 1]);
    return status;
}

/* Whether control may go back: then the verifier cannot tell that it ends. */
static inline bool machines_loops(const struct ebpf_program *program)
{
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(program, &count);
    for (uint32_t i = 0; i < count; i++)
        if (insns[i].target <= i)
            return true;
    return false;
}

static inline ebpf_status machines_make(struct machines *m, struct ebpf_program *program,
                                        struct ebpf_diag *diag)
{
    static const enum ebpf_policy policies[] = {EBPF_POLICY_CHECKED, EBPF_POLICY_VERIFIED,
                                                EBPF_POLICY_TRUSTED};
    const struct ebpf_backend *backend;
    ebpf_status status = EBPF_OK;
    m->count = 0;
    for (size_t i = 0; !status && (backend = ebpf_backend_at(i)); i++)
        for (unsigned p = 0; !status && p < 3 && backend->probe() == EBPF_OK; p++)
            if (policies[p] != EBPF_POLICY_VERIFIED || !machines_loops(program))
                status = machines_add(m, program, backend, policies[p], diag);
    return status;
}

static inline void machines_free(struct machines *m)
{
    for (unsigned i = 0; i < m->count; i++)
        ebpf_vm_free(m->vms[i]);
    m->count = 0;
}

/* Whether a burst of the same packet twice comes to `expected` both times. */
static inline bool machines_burst(const struct ebpf_vm *vm, void *mem, size_t size,
                                  uint64_t expected)
{
    const struct ebpf_burst_packet packet = {.mem = mem, .mem_size = size, .r0 = expected + 1,
                                             .status = EBPF_ERR_NOMEM};
    struct ebpf_burst_packet packets[2] = {packet, packet};
    const struct ebpf_burst burst = {.size = sizeof(burst), .packets = packets, .count = 2};
    size_t done;
    if (ebpf_vm_run_burst(vm, &burst, &done) != EBPF_OK || done != 2)
        return false;
    for (int i = 0; i < 2; i++)
        if (packets[i].status != EBPF_OK || packets[i].r0 != expected)
            return false;
    return true;
}

/* The machine that does not come to `expected`, by its number from 1; 0 if all do. */
static inline unsigned machines_differ(const struct machines *m, void *mem, size_t size,
                                       uint64_t expected)
{
    for (unsigned i = 0; i < m->count; i++) {
        const struct ebpf_input in = {.size = sizeof(in), .mem = mem, .mem_size = size};
        struct ebpf_result result;
        if (ebpf_vm_run(m->vms[i], &in, &result) != EBPF_OK || result.r0 != expected ||
            (m->functions[i] && m->functions[i](mem, size) != expected) ||
            !machines_burst(m->vms[i], mem, size, expected))
            return i + 1;
    }
    return 0;
}

#endif
