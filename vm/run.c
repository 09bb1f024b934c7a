/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One run: its memory, its registers, and what it came to.  What depends on the kind of VM is
 * written once and compiled once for each kind, with the columns of its row as constants. */
#include <string.h>

#include "base/mem.h"
#include "base/options.h"
#include "vm/helpers_map.h"
#include "vm/maps/held.h"
#include "vm/maps/records.h"
#include "vm/tail.h"
#include "vm/vm.h"

/* Stack and metadata buffer of a run are on the host's stack if they need no more than this. */
#define LOCAL_SIZE 8192

/* The largest context that is made for code which is called without more. */
#define CALL_CONTEXT 512

/* Keeps the metadata buffer away from the stack's end, so that running past that is noticed. */
#define GAP 64

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define INLINE static inline __attribute__((always_inline))

/* Paths that few runs take are kept out of the others' way. */
#define COLD __attribute__((noinline, cold))

/* The room around a packet, too. */
INLINE bool rooms_valid(const struct ebpf_input *in)
{
    return in->head_room <= (uintptr_t)in->mem && in->mem_size + in->tail_room >= in->mem_size &&
           vm_buffer_valid(in->mem, in->mem_size + in->tail_room);
}

/* A kind of VM that does not take a buffer gets none. */
INLINE bool buffers_valid(const struct ebpf_input *in, const struct vm_kind *kind)
{
    bool packet = kind->packet ? vm_buffer_valid(in->mem, in->mem_size) : in->mem_size == 0;
    bool takes = kind->context == CONTEXT_GIVEN || kind->context == CONTEXT_TYPED;
    bool context = takes ? vm_buffer_valid(in->mbuff, in->mbuff_size) : in->mbuff_size == 0;
    return packet && context && (kind->context != CONTEXT_TYPED || rooms_valid(in));
}

/* The buffer that a run of FIXED_MBUFF finds in r1. */
static uint8_t *fill_mbuff(const struct ebpf_vm *vm, const struct ebpf_input *in, uint8_t *mbuff)
{
    uint64_t data = (uintptr_t)in->mem, data_end = data + in->mem_size;
    memset(mbuff, 0, vm->mbuff_size);
    memcpy(mbuff + vm->options.data_offset, &data, sizeof(data));
    memcpy(mbuff + vm->options.data_end_offset, &data_end, sizeof(data_end));
    return mbuff;
}

/* What a register holds at the start. */
INLINE uint64_t value_of(unsigned value, uint64_t context, const struct ebpf_input *in)
{
    return value == VALUE_PACKET        ? (uintptr_t)in->mem
           : value == VALUE_PACKET_SIZE ? in->mem_size
           : value == VALUE_CONTEXT     ? context
                                        : 0;
}

/* Whether a run makes its context, in memory of its own. */
INLINE bool makes_context(const struct ebpf_vm *vm, const struct vm_kind *kind)
{
    return kind->context == CONTEXT_MADE || (kind->context == CONTEXT_TYPED && vm->mbuff_size);
}

/* The context of a run, which is made in `memory` if it has to be. */
INLINE uint64_t context_of(const struct ebpf_vm *vm, const struct ebpf_input *in, void *memory,
                           const struct vm_kind *kind)
{
    if (kind->context == CONTEXT_NONE)
        return 0;
    if (!makes_context(vm, kind))
        return (uintptr_t)in->mbuff;
    return (uintptr_t)(kind->context == CONTEXT_MADE ? fill_mbuff(vm, in, memory)
                                                     : ebpf_vm_fill_context(vm, in, memory));
}

/* How much of the context programs may write, and how much they may only read behind that. */
INLINE void describe_context(const struct ebpf_vm *vm, const struct ebpf_input *in,
                             const struct vm_kind *kind, struct ebpf_run *run)
{
    run->context_fixed = 0;
    run->context_size = makes_context(vm, kind) ? vm->mbuff_size : in->mbuff_size;
    if (kind->context == CONTEXT_TYPED && vm->mbuff_size) {
        run->context_size = vm->ctx.plain_size;
        run->context_fixed = vm->mbuff_size - run->context_size;
    }
}

/* The memory of a run, and what the first registers hold. */
INLINE void set_up_memory(const struct ebpf_vm *vm, const struct ebpf_input *in, uint8_t *memory,
                          uint64_t context, const struct vm_kind *kind, struct ebpf_run *run)
{
    /* What is zero in most runs, at once. */
    enum { ZEROS = offsetof(struct ebpf_run, args[2]) };
    memset((char *)run + ZEROS, 0, offsetof(struct ebpf_run, packet) - ZEROS);
    run->args[0] = value_of(kind->r1, context, in);
    run->args[1] = value_of(kind->r2, context, in);
    if (kind->context != CONTEXT_NONE) {
        run->context = context;
        describe_context(vm, in, kind, run);
    }
    run->packet = kind->packet ? in->mem : NULL;
    run->packet_size = kind->packet ? in->mem_size : 0;
    run->stack = memory;
    run->stack_end = run->stack_low = (uintptr_t)memory + vm->stack_size;
    if (kind->context == CONTEXT_TYPED) {
        run->head_room = in->head_room;
        run->tail_room = in->tail_room;
        run->redirect = (struct ebpf_redirect){.is_set = 0};
        run->clone = in->clone;
        run->clones = 0;
        run->tunnel_given = in->tunnel;
        run->tunnel.is_set = 0;
    }
}

/* What a run that failed came to. */
static void report_fault(const struct ebpf_vm *vm, ebpf_status status, struct ebpf_run *run,
                         struct ebpf_result *out)
{
    if (status < EBPF_ERR_LOAD) /* no fault of the program: the engine found no memory */
        ebpf_run_fault(run, status, 0, 0);
    out->r0 = 0;
    out->fault = run->fault;
    out->fault.pc = ebpf_program_pc(ebpf_run_vm(run)->program, run->fault.insn);
    out->fault.vm = ebpf_run_vm(run) == vm ? NULL : ebpf_run_vm(run);
}

/* A run that is over before it starts. */
static COLD ebpf_status report_interrupt(struct ebpf_result *out)
{
    if (out)
        *out = (struct ebpf_result){.fault.status = EBPF_ERR_INTERRUPTED};
    return EBPF_ERR_INTERRUPTED;
}

INLINE void report(uint64_t r0, uint64_t executed, struct ebpf_result *out)
{
    if (!out)
        return;
    out->r0 = r0;
    out->executed = executed;
    out->fault.status = EBPF_OK;
}

/* What became of the packet of a kernel program type. */
INLINE void report_packet(const struct ebpf_run *run, struct ebpf_result *out)
{
    out->packet = run->packet;
    out->packet_size = run->packet_size;
    out->meta_size = run->meta_size;
    out->redirect = run->redirect;
    out->clones = run->clones;
    out->tunnel.is_set = 0;
    if (UNLIKELY(run->tunnel.is_set))
        out->tunnel = run->tunnel;
}

/* The same of a program that helpers could do nothing for. */
INLINE void report_same_packet(const struct ebpf_input *in, struct ebpf_result *out)
{
    out->packet = in->mem;
    out->packet_size = in->mem_size;
    out->meta_size = out->clones = 0;
    out->redirect = (struct ebpf_redirect){.is_set = 0};
    out->tunnel.is_set = 0;
}

/* The end of a run that failed, or for which helpers took something. */
static __attribute__((noinline)) ebpf_status finish(const struct ebpf_vm *vm, ebpf_status status,
                                                    struct ebpf_run *run, uint64_t budget,
                                                    struct ebpf_result *out)
{
    if (run->ended == EBPF_RUN_TAIL)
        status = ebpf_run_follow(run); /* and so the run has the array */
    ebpf_run_unlock(run);
    if (run->held_count | run->lent_count) {
        ebpf_run_discard_records(run);
        ebpf_run_release_maps(run);
    }
    if (!out)
        return status;
    report(run->result, budget - run->budget, out);
    if (status)
        report_fault(vm, status, run, out);
    return status;
}

/* Only what is read is set: the struct is large, and runs are short.  The budget is the caller's,
 * the stack begins in `memory`. */
INLINE void fill_run(const struct ebpf_vm *vm, const struct ebpf_input *in, uint8_t *memory,
                     uint64_t context, const struct vm_kind *kind, struct ebpf_run *run)
{
    set_up_memory(vm, in, memory, context, kind, run);
    run->interrupt = vm_interrupt_of(in);
    run->env = &vm->env;
    run->user = in->user;
    run->may_goto = EBPF_MAY_GOTO_MAX;
    run->ended = run->lent_count = run->held_count = run->depth = run->tail_calls = 0;
    run->lock = 0;
}

/* What is in no loop would not notice the interrupt, so it is looked at before. */
INLINE bool is_interrupted(const struct ebpf_input *in)
{
    return ebpf_interrupt_raised(vm_interrupt_of(in));
}

/* Gives the caller back what programs may change of a context that a run has made. */
INLINE void return_context(const struct ebpf_vm *vm, const struct ebpf_input *in,
                           const uint8_t *own, const struct vm_kind *kind)
{
    if (kind->context == CONTEXT_TYPED && makes_context(vm, kind) && in->mbuff_size)
        ebpf_vm_return_context(vm, in, own);
}

INLINE ebpf_status run_in(const struct ebpf_vm *vm, const struct ebpf_input *in, uint8_t *memory,
                          const struct vm_kind *kind, struct ebpf_result *out)
{
    struct ebpf_run run;
    uint64_t budget = vm_budget_of(vm, in);
    if (is_interrupted(in))
        return report_interrupt(out);
    uint8_t *own = memory + vm->stack_size + GAP;
    fill_run(vm, in, memory, context_of(vm, in, own, kind), kind, &run);
    run.budget = budget;
    ebpf_status status = kind->r2 == VALUE_PACKET_SIZE ? ebpf_vm_run_code(vm, &run)
                                                       : vm->backend->run(vm->code, &run);
    if (UNLIKELY(status | run.held_count | run.lent_count | (run.lock != 0)))
        status = finish(vm, status, &run, budget, out);
    else
        report(run.result, budget - run.budget, out);
    return_context(vm, in, own, kind);
    if (kind->context == CONTEXT_TYPED && out)
        report_packet(&run, out);
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

/* How a run starts that needs all of its memory. */
static vm_run_fn *whole_run(const struct ebpf_vm *vm)
{
    return vm->memory_size > LOCAL_SIZE ? run_on_heap : vm->kind->run;
}

/* Code that needs a run only where something unusual happens. */
struct started {
    struct ebpf_start start;
    const struct ebpf_vm *vm;
    const struct ebpf_input *in;
    struct ebpf_result *out;
};

static COLD void make_run(const struct ebpf_start *start, struct ebpf_run *run)
{
    const struct started *s = (const struct started *)(const void *)start;
    /* Kinds that have a context have it in r1. */
    fill_run(s->vm, s->in, NULL, s->start.r1, s->vm->kind, run);
}

static COLD void report_start(const struct ebpf_start *start, ebpf_status status,
                              struct ebpf_run *run)
{
    const struct started *s = (const struct started *)(const void *)start;
    finish(s->vm, status, run, vm_budget_of(s->vm, s->in), s->out);
}

/* What code is called with that needs no run. */
struct call {
    const struct ebpf_vm *vm;
    const struct ebpf_input *in;
    uint64_t r1, r2, budget;
};

INLINE ebpf_status start_code(const struct call *c, struct ebpf_result *out)
{
    static const struct ebpf_start_ops ops = {make_run, report_start};
    struct started s;
    s.start.r1 = c->r1;
    s.start.r2 = c->r2;
    s.start.budget = c->budget;
    s.start.interrupt = c->in->interrupt;
    s.start.ops = &ops;
    s.vm = c->vm;
    s.in = c->in;
    s.out = out;
    ebpf_status status = c->vm->entry.start(c->vm->code, &s.start);
    if (UNLIKELY(status))
        return status;
    report(s.start.result, c->budget - s.start.budget, out);
    return EBPF_OK;
}

/* How code is called that needs no run. */
enum call_form { FORM_CALL, FORM_COUNT, FORM_COMPUTE };

/* The budget is enough for any run of it.  What stands of the result before the call is kept in no
 * register meanwhile. */
INLINE void call_by(enum call_form form, const struct ebpf_vm *vm, uint64_t r1, uint64_t r2,
                    struct ebpf_result *out)
{
    const struct ebpf_entry *entry = &vm->entry;
    struct ebpf_result ignored;
    struct ebpf_result *to = out ? out : &ignored;
    to->fault.status = EBPF_OK;
    if (form == FORM_CALL) {
        to->executed = entry->executed;
        to->r0 = entry->call(r1, r2, 0, 0, 0);
        return;
    }
    struct ebpf_counted counted = form == FORM_COUNT
                                      ? entry->count(r1, r2, 0, 0, 0, UINT64_MAX)
                                      : entry->compute(vm->code, r1, r2);
    to->r0 = counted.r0;
    to->executed = UINT64_MAX - counted.left;
}

INLINE ebpf_status call_code(const struct call *c, struct ebpf_result *out)
{
    const struct ebpf_entry *entry = &c->vm->entry;
    call_by(entry->call    ? FORM_CALL
            : entry->count ? FORM_COUNT
                           : FORM_COMPUTE,
            c->vm, c->r1, c->r2, out);
    return EBPF_OK;
}

/* Code that needs no run is only called; so it has no stack, but may have a context. */
INLINE ebpf_status call_kind(const struct ebpf_vm *vm, const struct ebpf_input *in,
                             const struct vm_kind *kind, bool starts, struct ebpf_result *out)
{
    _Alignas(16) uint8_t own[CALL_CONTEXT];
    struct call c = {.vm = vm, .in = in, .budget = vm_budget_of(vm, in)};
    if (!buffers_valid(in, kind))
        return refuse(EBPF_ERR_INVALID, out);
    if (is_interrupted(in))
        return report_interrupt(out);
    if (c.budget < vm->entry.executed ||
        (kind->r2 == VALUE_PACKET_SIZE && in->mem_size < vm->proof.packet_least))
        return whole_run(vm)(vm, in, out);
    uint64_t context = context_of(vm, in, own, kind);
    c.r1 = value_of(kind->r1, context, in);
    c.r2 = value_of(kind->r2, context, in);
    ebpf_status status = starts ? start_code(&c, out) : call_code(&c, out);
    return_context(vm, in, own, kind);
    if (kind->context == CONTEXT_TYPED && out)
        report_same_packet(in, out);
    return status;
}

/* Whether a run has what most have, so that nothing but its code is left to do. */
INLINE bool is_usual(const struct ebpf_vm *vm, const struct ebpf_input *in,
                     const struct vm_kind *kind, const struct ebpf_result *out)
{
    uint64_t wants = in->budget | (uintptr_t)in->interrupt | in->mbuff_size;
    if (!kind->packet)
        return !(wants | in->mem_size) && out;
    return !wants && out && in->mem_size >= vm->proof.packet_least &&
           vm_buffer_valid(in->mem, in->mem_size);
}

/* The same for kinds without a context, if the budget of the VM is enough for any run. */
INLINE ebpf_status quick_kind(const struct ebpf_vm *vm, const struct ebpf_input *in,
                              const struct vm_kind *kind, enum call_form form,
                              struct ebpf_result *out)
{
    if (kind->context != CONTEXT_NONE || UNLIKELY(!is_usual(vm, in, kind, out)))
        return vm->kind->call(vm, in, out);
    call_by(form, vm, value_of(kind->r1, 0, in), value_of(kind->r2, 0, in), out);
    return EBPF_OK;
}

/* Forms of starting a run, each compiled for the columns of a row. */
#define START(name, expression, ...)                                                               \
    static ebpf_status name(const struct ebpf_vm *vm, const struct ebpf_input *in,                 \
                            struct ebpf_result *out)                                               \
    {                                                                                              \
        const struct vm_kind kind = __VA_ARGS__;                                                   \
        return expression;                                                                         \
    }
#define EBPF_KIND(id, text, value1, value2, takes_packet, kind_of_context, summary)                \
    START(run_##id, run_kind(vm, in, &kind, out), COLUMNS(value1, value2, takes_packet,            \
                                                          kind_of_context))                        \
    START(call_##id, call_kind(vm, in, &kind, false, out), COLUMNS(value1, value2, takes_packet,   \
                                                                   kind_of_context))               \
    START(quick_call_##id, quick_kind(vm, in, &kind, FORM_CALL, out),                              \
          COLUMNS(value1, value2, takes_packet, kind_of_context))                                  \
    START(quick_count_##id, quick_kind(vm, in, &kind, FORM_COUNT, out),                            \
          COLUMNS(value1, value2, takes_packet, kind_of_context))                                  \
    START(quick_compute_##id, quick_kind(vm, in, &kind, FORM_COMPUTE, out),                        \
          COLUMNS(value1, value2, takes_packet, kind_of_context))                                  \
    START(start_##id, call_kind(vm, in, &kind, true, out), COLUMNS(value1, value2, takes_packet,   \
                                                                   kind_of_context))
#define COLUMNS(value1, value2, takes_packet, kind_of_context)                                     \
    {.r1 = VALUE_##value1, .r2 = VALUE_##value2, .packet = takes_packet,                           \
     .context = CONTEXT_##kind_of_context}
#include "vm/kinds.def"
#undef EBPF_KIND

const struct vm_kind ebpf_vm_kinds[] = {
#define EBPF_KIND(id, name, r1, r2, packet, context, summary)                                      \
    [EBPF_VM_##id] = {name,     VALUE_##r1, VALUE_##r2, packet, CONTEXT_##context,                 \
                      run_##id, call_##id, quick_call_##id, quick_count_##id,                      \
                      quick_compute_##id, start_##id},
#include "vm/kinds.def"
#undef EBPF_KIND
};
const size_t ebpf_vm_kind_count = sizeof(ebpf_vm_kinds) / sizeof(ebpf_vm_kinds[0]);

static COLD ebpf_status run_nothing(const struct ebpf_vm *vm, const struct ebpf_input *in,
                                    struct ebpf_result *out)
{
    (void)in;
    return refuse(vm_not_ready(vm), out);
}

void ebpf_vm_choose_start(struct ebpf_vm *vm)
{
    vm->memory_size = vm->stack_size + GAP + vm_context_room(vm->mbuff_size);
    vm->start = run_nothing;
    if (!vm->code)
        return;
    vm->start = whole_run(vm);
    if (vm_context_room(vm->mbuff_size) > CALL_CONTEXT)
        return;
    if (vm->entry.call || vm->entry.count || vm->entry.compute)
        vm->start = vm->options.budget < vm->entry.executed ? vm->kind->call
                    : vm->entry.call                        ? vm->kind->quick_call
                    : vm->entry.count                       ? vm->kind->quick_count
                                                            : vm->kind->quick_compute;
    else if (vm->entry.start)
        vm->start = vm->kind->start;
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
