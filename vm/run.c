/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One run: its memory, its registers, and what it came to.  What depends on the kind of VM is
 * written once and compiled once for each kind, with the columns of its row as constants. */
#include <string.h>

#include "base/mem.h"
#include "base/options.h"
#include "vm/maps/held.h"
#include "vm/maps/records.h"
#include "vm/vm.h"

/* Stack and metadata buffer of a run are on the host's stack if they need no more than this. */
#define LOCAL_SIZE 8192

/* Keeps the metadata buffer away from the stack's end, so that running past that is noticed. */
#define GAP 64

#define INLINE static inline __attribute__((always_inline))

/* Paths that few runs take are kept out of the others' way. */
#define COLD __attribute__((noinline, cold))

/* Whether a buffer of the caller is one: NULL has no bytes, and none wraps around.  Both in one
 * comparison: the byte before NULL is the last of all, and the first to wrap around. */
static inline bool buffer_valid(const void *base, uint64_t size)
{
    uintptr_t before = (uintptr_t)base - 1;
    return before + size >= before;
}

/* A kind of VM that does not take a buffer gets none. */
INLINE bool buffers_valid(const struct ebpf_input *in, const struct vm_kind *kind)
{
    bool packet = kind->packet ? buffer_valid(in->mem, in->mem_size) : in->mem_size == 0;
    bool context = kind->context == CONTEXT_GIVEN ? buffer_valid(in->mbuff, in->mbuff_size)
                                                  : in->mbuff_size == 0;
    return packet && context;
}

/* The buffer that a run of FIXED_MBUFF finds in r1. */
static void *fill_mbuff(const struct ebpf_vm *vm, const struct ebpf_input *in, uint8_t *mbuff)
{
    uint64_t data = (uintptr_t)in->mem, data_end = data + in->mem_size;
    memset(mbuff, 0, vm->mbuff_size);
    memcpy(mbuff + vm->options.data_offset, &data, sizeof(data));
    memcpy(mbuff + vm->options.data_end_offset, &data_end, sizeof(data_end));
    return mbuff;
}

/* The memory of a run, and what the first registers hold. */
INLINE void set_up_memory(const struct ebpf_vm *vm, const struct ebpf_input *in, uint8_t *memory,
                          const struct vm_kind *kind, struct ebpf_run *run)
{
    uint64_t context = 0, context_size = 0, packet_size = kind->packet ? in->mem_size : 0;
    uint8_t *packet = kind->packet ? in->mem : NULL;
    if (kind->context == CONTEXT_GIVEN) {
        context = (uintptr_t)in->mbuff;
        context_size = in->mbuff_size;
    } else if (kind->context == CONTEXT_MADE) {
        context = (uintptr_t)fill_mbuff(vm, in, memory + vm->stack_size + GAP);
        context_size = vm->mbuff_size;
    }
    run->stack = memory;
    run->stack_end = run->stack_low = (uintptr_t)memory + vm->stack_size;
    run->context = context;
    run->context_size = context_size;
    run->packet = packet;
    run->packet_size = packet_size;
    run->lent_count = 0;

    const uint64_t values[] = {[VALUE_ZERO] = 0,
                               [VALUE_PACKET] = (uintptr_t)packet,
                               [VALUE_PACKET_SIZE] = packet_size,
                               [VALUE_CONTEXT] = context};
    run->args[0] = values[kind->r1];
    run->args[1] = values[kind->r2];
    run->args[2] = run->args[3] = run->args[4] = 0;
}

/* What a run that failed came to. */
static COLD void report_fault(const struct ebpf_vm *vm, ebpf_status status, struct ebpf_run *run,
                              struct ebpf_result *out)
{
    if (status < EBPF_ERR_LOAD) /* no fault of the program: the engine found no memory */
        ebpf_run_fault(run, status, 0, 0);
    out->r0 = 0;
    out->fault = run->fault;
    out->fault.pc = ebpf_program_pc(vm->program, run->fault.insn);
}

/* A run that is over before it starts: what is in no loop would not notice the interrupt. */
static COLD ebpf_status report_interrupt(struct ebpf_result *out)
{
    if (out)
        *out = (struct ebpf_result){.fault.status = EBPF_ERR_INTERRUPTED};
    return EBPF_ERR_INTERRUPTED;
}

/* Gives back what helpers took for the run. */
static __attribute__((noinline)) void release(struct ebpf_run *run)
{
    ebpf_run_discard_records(run);
    ebpf_run_release_maps(run);
}

/* Only what is read is set: the struct is large, and runs are short. */
INLINE ebpf_status run_in(const struct ebpf_vm *vm, const struct ebpf_input *in, uint8_t *memory,
                          const struct vm_kind *kind, struct ebpf_result *out)
{
    static const struct ebpf_interrupt never;
    struct ebpf_run run;
    if (in->interrupt && ebpf_interrupt_raised(in->interrupt))
        return report_interrupt(out);
    uint64_t budget = in->budget ? in->budget : vm->options.budget;
    set_up_memory(vm, in, memory, kind, &run);
    run.budget = budget;
    run.may_goto = EBPF_MAY_GOTO_MAX;
    run.ended = 0;
    run.env = &vm->env;
    run.interrupt = in->interrupt ? in->interrupt : &never;
    run.user = in->user;
    run.held_count = 0;
    ebpf_status status = vm->backend->run(vm->code, &run);
    if (run.held_count | run.lent_count)
        release(&run);
    if (!out)
        return status;
    out->executed = budget - run.budget;
    out->fault.status = EBPF_OK;
    out->r0 = run.result;
    if (status)
        report_fault(vm, status, &run, out);
    return status;
}

static COLD ebpf_status refuse(ebpf_status status, struct ebpf_result *out)
{
    if (out) {
        out->r0 = out->executed = 0;
        out->fault.status = EBPF_OK;
    }
    return status;
}

static COLD ebpf_status run_on_heap(const struct ebpf_vm *vm, const struct ebpf_input *in,
                                    struct ebpf_result *out)
{
    if (!buffers_valid(in, vm->kind))
        return refuse(EBPF_ERR_INVALID, out);
    uint8_t *memory = ebpf_mem_alloc(&vm->mem, vm->memory_size);
    if (!memory)
        return refuse(EBPF_ERR_NOMEM, out);
    ebpf_status status = run_in(vm, in, memory, vm->kind, out);
    ebpf_mem_free(&vm->mem, memory, vm->memory_size);
    return status;
}

INLINE ebpf_status run_kind(const struct ebpf_vm *vm, const struct ebpf_input *in,
                            const struct vm_kind *kind, struct ebpf_result *out)
{
    if (!buffers_valid(in, kind))
        return refuse(EBPF_ERR_INVALID, out);
    _Alignas(16) uint8_t memory[LOCAL_SIZE];
    return run_in(vm, in, memory, kind, out);
}

#define EBPF_KIND(id, text, value1, value2, takes_packet, kind_of_context, summary)                \
    static ebpf_status run_##id(const struct ebpf_vm *vm, const struct ebpf_input *in,             \
                                struct ebpf_result *out)                                           \
    {                                                                                              \
        const struct vm_kind kind = {.r1 = VALUE_##value1, .r2 = VALUE_##value2,                   \
                                     .packet = takes_packet,                                       \
                                     .context = CONTEXT_##kind_of_context};                        \
        return run_kind(vm, in, &kind, out);                                                       \
    }
#include "vm/kinds.def"
#undef EBPF_KIND

const struct vm_kind ebpf_vm_kinds[] = {
#define EBPF_KIND(id, name, r1, r2, packet, context, summary)                                      \
    [EBPF_VM_##id] = {name, VALUE_##r1, VALUE_##r2, packet, CONTEXT_##context, run_##id},
#include "vm/kinds.def"
#undef EBPF_KIND
};
const size_t ebpf_vm_kind_count = sizeof(ebpf_vm_kinds) / sizeof(ebpf_vm_kinds[0]);

static COLD ebpf_status run_nothing(const struct ebpf_vm *vm, const struct ebpf_input *in,
                                    struct ebpf_result *out)
{
    (void)in;
    return refuse(vm->program ? EBPF_ERR_STATE : EBPF_ERR_NO_PROGRAM, out);
}

void ebpf_vm_choose_start(struct ebpf_vm *vm)
{
    vm->memory_size = vm->stack_size + GAP + vm->mbuff_size;
    vm->start = !vm->code                       ? run_nothing
                : vm->memory_size > LOCAL_SIZE ? run_on_heap
                                                : vm->kind->run;
}

/* Runs with no input, or with that of another version of the struct. */
static COLD ebpf_status run_with_other(const struct ebpf_vm *vm, const struct ebpf_input *in,
                                       struct ebpf_result *out)
{
    struct ebpf_input copy;
    ebpf_status status = ebpf_options_copy(&copy, sizeof(copy), in);
    return status ? refuse(status, out) : vm->start(vm, &copy, out);
}

ebpf_status ebpf_vm_run(const struct ebpf_vm *vm, const struct ebpf_input *in,
                        struct ebpf_result *out)
{
    if (!in || in->size != sizeof(*in))
        return run_with_other(vm, in, out);
    return vm->start(vm, in, out);
}
