/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Bursts: what runs have in common is looked at once for all of them. */
#include "vm/vm.h"

#include <ebpfvm/burst.h>

#include "base/options.h"

/* So that all of a loop is in registers. */
#define LOOP static __attribute__((noinline)) struct ebpf_burst_packet *

/* Packets that code is called with, one after the other, as long as nothing unusual turns up. */
struct calls {
    struct ebpf_burst_packet *packets, *end;
    const struct ebpf_interrupt *interrupt;
    uint64_t budget;
    uint64_t least; /* how long packets are, so that nothing needs to be checked */
};

/* Whether code may be called with a packet.  One that is none, or too short, is for the VM's usual
 * start to judge, and so is an interrupt. */
static inline bool may_call(const struct ebpf_burst_packet *p, uint64_t least,
                            const struct ebpf_interrupt *interrupt)
{
    return __builtin_expect(vm_buffer_valid(p->mem, p->mem_size) & (p->mem_size >= least), 1) &&
           __builtin_expect(!ebpf_interrupt_raised(interrupt), 1);
}

/* Returns the first packet that it did not run. */
LOOP call_all(const struct ebpf_entry *entry, const struct calls *c)
{
    uint64_t (*const call)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t) = entry->call;
    const struct ebpf_interrupt *const interrupt = c->interrupt;
    const struct ebpf_burst_packet *const end = c->end;
    const uint64_t least = c->least;
    struct ebpf_burst_packet *p = c->packets;
    for (; p < end && may_call(p, least, interrupt); p++) {
        p->r0 = call((uintptr_t)p->mem, p->mem_size, 0, 0, 0);
        p->status = EBPF_OK;
    }
    return p;
}

LOOP count_all(const struct ebpf_entry *entry, const struct calls *c)
{
    struct ebpf_counted (*const count)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t) =
        entry->count;
    const struct ebpf_interrupt *const interrupt = c->interrupt;
    const struct ebpf_burst_packet *const end = c->end;
    const uint64_t least = c->least, budget = c->budget;
    struct ebpf_burst_packet *p = c->packets;
    for (; p < end && may_call(p, least, interrupt); p++) {
        p->r0 = count((uintptr_t)p->mem, p->mem_size, 0, 0, 0, budget).r0;
        p->status = EBPF_OK;
    }
    return p;
}

/* Whether runs are nothing but a call of code with the packet and its length. */
static bool is_called(const struct ebpf_vm *vm, const struct ebpf_input *in, uint64_t budget)
{
    return (vm->entry.call || vm->entry.count) && ebpf_vm_takes_packet(vm) &&
           in->mbuff_size == 0 && budget >= vm->entry.executed;
}

/* Packets from `at` on, as far as that goes. @return where it ended */
static size_t call_some(const struct ebpf_vm *vm, const struct ebpf_burst *b,
                        const struct ebpf_input *in, size_t at)
{
    uint64_t budget = vm_budget_of(vm, in);
    if (at == b->count || b->results || !is_called(vm, in, budget))
        return at;
    const struct calls calls = {b->packets + at, b->packets + b->count,
                                vm_interrupt_of(in), budget, vm->proof.packet_least};
    struct ebpf_burst_packet *p =
        vm->burst.burst ? vm->burst.burst(calls.packets, calls.end, calls.interrupt)
        : vm->entry.call ? call_all(&vm->entry, &calls)
                         : count_all(&vm->entry, &calls);
    return (size_t)(p - b->packets);
}

static ebpf_status run_one(const struct ebpf_vm *vm, struct ebpf_input *in,
                           struct ebpf_burst_packet *p, struct ebpf_result *result)
{
    in->mem = p->mem;
    in->mem_size = p->mem_size;
    p->status = vm->start(vm, in, result);
    p->r0 = result->r0;
    return p->status;
}

static ebpf_status run_all(const struct ebpf_vm *vm, const struct ebpf_burst *b,
                           const struct ebpf_input *given, size_t *done)
{
    *done = call_some(vm, b, given, 0);
    if (*done == b->count)
        return EBPF_OK;
    struct ebpf_input in = *given;
    struct ebpf_result result;
    do {
        struct ebpf_burst_packet *p = &b->packets[*done];
        ebpf_status status = run_one(vm, &in, p, b->results ? &b->results[*done] : &result);
        ++*done;
        if (status == EBPF_ERR_INTERRUPTED)
            return status;
        *done = call_some(vm, b, &in, *done);
    } while (*done < b->count);
    return EBPF_OK;
}

/* A struct as it is now: mostly the given one, else a copy of it. */
static const void *current(const void *given, void *copy, size_t size, ebpf_status *status)
{
    if (given && *(const size_t *)given == size)
        return given;
    if (!*status)
        *status = ebpf_options_copy(copy, size, given);
    return copy;
}

ebpf_status ebpf_vm_run_burst(const struct ebpf_vm *vm, const struct ebpf_burst *given,
                              size_t *done)
{
    static const struct ebpf_input nothing = {.size = sizeof(nothing)};
    struct ebpf_burst burst;
    struct ebpf_input input;
    size_t count = 0;
    ebpf_status status = EBPF_OK;
    const struct ebpf_burst *b = current(given, &burst, sizeof(burst), &status);
    const struct ebpf_input *in = status || !b->input ? &nothing : b->input;
    in = current(in, &input, sizeof(input), &status);
    if (!status && !vm->code)
        status = vm_not_ready(vm);
    if (!status)
        status = run_all(vm, b, in, &count);
    if (done)
        *done = count;
    return status;
}
