/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Random programs as text, and what machine code makes of them against the interpreter: under each
 * policy, with budgets that end on the way. */
#ifndef TESTS_JIT_RANDOM_H
#define TESTS_JIT_RANDOM_H

#include <stdarg.h>
#include <stdio.h>

#include "tests/unit/random.h"
#include "tests/unit/vm_unit.h"

/* The interpreter, machine code that checks, and machine code that trusts. */
enum { VMS = 3, TEXT = 8192, PACKET = 32 };

struct maker {
    uint32_t random;
    char text[TEXT];
    size_t length;
    unsigned labels;
    uint8_t packet[PACKET]; /* what runs start with */
    bool faults;            /* accesses may be out of bounds: nobody may trust it */
    bool recurses;          /* functions may call any others */
};

static inline uint32_t pick(struct maker *m, uint32_t below)
{
    return (next_random(&m->random) >> 8) % below;
}

static inline __attribute__((format(printf, 2, 3))) void put(struct maker *m, const char *format,
                                                             ...)
{
    va_list args;
    va_start(args, format);
    m->length += (size_t)vsnprintf(m->text + m->length, TEXT - m->length, format, args);
    va_end(args);
    ck_assert_uint_lt(m->length, TEXT);
}

static inline void make_vms(struct ebpf_vm *vms[VMS], const struct maker *m, uint32_t max_depth)
{
    const char *native = ebpf_backend_find(NULL)->name;
    for (int i = 0; i < VMS; i++)
        vms[i] = vm_with(&(struct ebpf_vm_options){
                             .kind = EBPF_VM_RAW, .backend = i ? native : "interp",
                             .max_depth = max_depth,
                             .policy = i == 2 ? EBPF_POLICY_TRUSTED : EBPF_POLICY_CHECKED},
                         m->text);
}

static inline void free_vms(struct ebpf_vm *const vms[VMS])
{
    for (int i = 0; i < VMS; i++)
        ebpf_vm_free(vms[i]);
}

/* A run of each with a budget; returns how many instructions were executed. */
static inline uint64_t compare(struct ebpf_vm *const vms[VMS], const struct maker *m,
                               uint64_t budget)
{
    struct ebpf_result results[VMS] = {0};
    uint8_t packets[VMS][PACKET];
    for (int i = 0; i < (m->faults ? VMS - 1 : VMS); i++) {
        memcpy(packets[i], m->packet, PACKET);
        const struct ebpf_input in = {
            .size = sizeof(in), .mem = packets[i], .mem_size = PACKET, .budget = budget};
        ebpf_status status = ebpf_vm_run(vms[i], &in, &results[i]);
        ck_assert_msg(status == results[0].fault.status && results[i].r0 == results[0].r0 &&
                          results[i].executed == results[0].executed &&
                          results[i].fault.insn == results[0].fault.insn &&
                          memcmp(packets[i], packets[0], PACKET) == 0,
                      "machine code %d, budget %llu: %d, %#llx after %llu, but %d, %#llx after "
                      "%llu of\n%s", i, (unsigned long long)budget, status,
                      (unsigned long long)results[i].r0, (unsigned long long)results[i].executed,
                      results[0].fault.status, (unsigned long long)results[0].r0,
                      (unsigned long long)results[0].executed, m->text);
    }
    return results[0].executed;
}

#endif
