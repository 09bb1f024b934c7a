/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One run: its memory, its registers, and what it came to. */
#include <string.h>

#include "base/mem.h"
#include "base/options.h"
#include "vm/vm.h"

/* Stack and metadata buffer of a run are on the host's stack if they need no more than this. */
#define LOCAL_SIZE 8192

/* Keeps the metadata buffer away from the stack's end, so that running past that is noticed. */
#define GAP 64

static void add_region(struct ebpf_run *run, const void *base, uint64_t size,
                       enum ebpf_region_kind kind)
{
    run->regions[run->region_count++] =
        (struct ebpf_region){(uintptr_t)base, size, kind, 1};
}

/* A buffer of the caller is there if it has bytes, ends below the end of memory, and if the kind
 * of VM takes it. */
static bool buffer_valid(const void *base, uint64_t size, bool taken)
{
    return size == 0 || (base && taken && (uintptr_t)base + size > (uintptr_t)base);
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

/* Only what is read is set: the struct is large, and runs are short. */
static void set_up(const struct ebpf_vm *vm, const struct ebpf_input *in, uint8_t *memory,
                   struct ebpf_run *run)
{
    static const struct ebpf_interrupt never;
    const struct vm_kind *kind = vm->kind;
    void *context = in->mbuff;
    uint64_t context_size = in->mbuff_size;
    run->stack = memory;
    run->stack_size = vm->stack_size;
    run->region_count = 0;
    add_region(run, memory + vm->stack_size, 0, EBPF_REGION_STACK);
    if (kind->context == CONTEXT_MADE) {
        context = fill_mbuff(vm, in, memory + vm->stack_size + GAP);
        context_size = vm->mbuff_size;
    }
    if (context)
        add_region(run, context, context_size, EBPF_REGION_CONTEXT);
    if (in->mem)
        add_region(run, in->mem, in->mem_size, EBPF_REGION_PACKET);
    run->shared = vm->regions.data;
    run->shared_count = (uint32_t)vm->regions.count;

    const uint64_t values[] = {[VALUE_ZERO] = 0,
                               [VALUE_PACKET] = (uintptr_t)in->mem,
                               [VALUE_PACKET_SIZE] = in->mem_size,
                               [VALUE_CONTEXT] = (uintptr_t)context};
    run->args[0] = values[kind->r1];
    run->args[1] = values[kind->r2];
    run->args[2] = run->args[3] = run->args[4] = 0;
    run->budget = in->budget ? in->budget : vm->options.budget;
    run->may_goto = EBPF_MAY_GOTO_MAX;
    run->packet = in->mem;
    run->packet_size = in->mem_size;
    run->env = &vm->env;
    run->interrupt = in->interrupt ? in->interrupt : &never;
    run->user = in->user;
    run->ended = 0;
    run->fault.status = EBPF_OK;
}

static ebpf_status run_in(const struct ebpf_vm *vm, const struct ebpf_input *in, uint8_t *memory,
                          struct ebpf_result *out)
{
    struct ebpf_run run;
    set_up(vm, in, memory, &run);
    uint64_t budget = run.budget;
    ebpf_status status = vm->backend->run(vm->code, &run);
    if (!out)
        return status;
    out->executed = budget - run.budget;
    if (!status) {
        out->r0 = run.result;
        return EBPF_OK;
    }
    if (!run.fault.status) /* not a fault of the program: an engine that found no memory */
        ebpf_run_fault(&run, status, 0, 0);
    out->fault = run.fault;
    out->fault.pc = ebpf_program_pc(vm->program, run.fault.insn);
    return status;
}

static ebpf_status run_on_heap(const struct ebpf_vm *vm, const struct ebpf_input *in, size_t size,
                               struct ebpf_result *out)
{
    uint8_t *memory = ebpf_mem_alloc(&vm->mem, size);
    if (!memory)
        return EBPF_ERR_NOMEM;
    ebpf_status status = run_in(vm, in, memory, out);
    ebpf_mem_free(&vm->mem, memory, size);
    return status;
}

ebpf_status ebpf_vm_run(const struct ebpf_vm *vm, const struct ebpf_input *in,
                        struct ebpf_result *out)
{
    struct ebpf_input copy;
    if (out) {
        out->r0 = out->executed = 0;
        out->fault.status = EBPF_OK;
    }
    if (!vm->code)
        return vm->program ? EBPF_ERR_STATE : EBPF_ERR_NO_PROGRAM;
    if (!in || in->size != sizeof(*in)) { /* none, or of another version */
        if (ebpf_options_copy(&copy, sizeof(copy), in))
            return EBPF_ERR_INVALID;
        in = &copy;
    }
    if (!buffer_valid(in->mem, in->mem_size, vm->kind->packet) ||
        !buffer_valid(in->mbuff, in->mbuff_size, vm->kind->context == CONTEXT_GIVEN))
        return EBPF_ERR_INVALID;
    size_t size = vm->stack_size + GAP + vm->mbuff_size;
    if (size > LOCAL_SIZE)
        return run_on_heap(vm, in, size, out);
    _Alignas(16) uint8_t memory[LOCAL_SIZE];
    return run_in(vm, in, memory, out);
}
