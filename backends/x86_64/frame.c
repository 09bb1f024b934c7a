/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backends/x86_64/frame.h"

#include <string.h>

/* What a check of a kind compares the offset in a region with, in one of `size` bytes. */
static inline uint64_t limit_in(const struct x64_limit *limit, uint64_t size)
{
    return size >= limit->span ? size - limit->span + 1 : 0;
}

/* Points a slot at a region. */
static void set_slot(struct x64_frame *frame, unsigned slot, const struct ebpf_region *region)
{
    const struct ebpf_code *code = frame->code;
    frame->base[slot] = region->base;
    for (uint32_t i = 0; i < code->limit_count; i++)
        if (code->limits[i].slot == slot)
            frame->limit[i] = limit_in(&code->limits[i], region->writable || !code->limits[i].store
                                                             ? region->size
                                                             : 0);
}

/*
 * First guesses: r1 points to the context, or where there is none to the packet; what is loaded
 * from there leads to the packet; other pointers to memory that all runs share, or else to the
 * frame of the first function, the only part of the stack that is live for the whole run.  If not
 * all of that is zero, nobody has its address, and those who guess it must come by x64_miss().
 */
static void set_slots(struct x64_frame *frame)
{
    const struct ebpf_code *code = frame->code;
    const struct ebpf_run *run = frame->run;
    uint64_t size[X64_SLOT_COUNT];
    bool writable = true; /* X64_SLOT_OTHER, that is; the others are */
    frame->base[X64_SLOT_LOADED] = (uintptr_t)run->packet;
    size[X64_SLOT_LOADED] = run->packet_size;
    frame->base[X64_SLOT_ARG] = run->context ? run->context : (uintptr_t)run->packet;
    size[X64_SLOT_ARG] = run->context ? run->context_size : run->packet_size;
    if (run->env->region_count) {
        frame->base[X64_SLOT_OTHER] = run->env->regions->base;
        size[X64_SLOT_OTHER] = run->env->regions->size;
        writable = run->env->regions->writable;
    } else {
        frame->base[X64_SLOT_OTHER] = frame->top - code->first_frame;
        size[X64_SLOT_OTHER] = frame->whole ? code->first_frame : 0;
    }
    for (uint32_t i = 0; i < code->limit_count; i++) {
        const struct x64_limit *l = &code->limits[i];
        bool allowed = writable || !l->store || l->slot != X64_SLOT_OTHER;
        frame->limit[i] = limit_in(l, allowed ? size[l->slot] : 0);
    }
}

/* The frame of the first function; the part of it that code uses is made zero. */
static inline void take_first_frame(struct x64_frame *frame, uint64_t stack_end)
{
    const struct ebpf_code *code = frame->code;
    frame->top = stack_end;
    frame->whole = code->starting.starts_whole;
    if (code->starting.zeroed)
        memset((void *)(uintptr_t)(stack_end - code->starting.zeroed), 0, code->starting.zeroed);
}

/* The first slice of the budget, which is paid for already as far as the host charges. */
static inline void take_budget(struct x64_frame *frame, uint64_t budget)
{
    uint64_t most = frame->code->starting.first_slice, slice = budget < most ? budget : most;
    frame->rest = budget - slice;
    frame->left = (int64_t)slice - frame->code->starting.first_paid;
}

/* What is left of it. */
static inline uint64_t budget_left(const struct x64_frame *frame)
{
    return frame->rest + (uint64_t)(frame->left + frame->code->starting.reserve);
}

/* Code without loops that needs no frame is given the whole budget. */
static ebpf_status run_counted(const struct ebpf_code *code, struct ebpf_run *run)
{
    const uint64_t *a = run->args;
    struct ebpf_counted (*entry)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
    memcpy(&entry, &(void *){code->starting.text}, sizeof(entry));
    struct ebpf_counted counted = entry(a[0], a[1], a[2], a[3], a[4], run->budget);
    run->result = counted.r0;
    run->budget = counted.left;
    return EBPF_OK;
}

/* Code that needs no frame only computes. */
static ebpf_status run_plain(const struct ebpf_code *code, struct ebpf_run *run)
{
    if (code->counts)
        return run_counted(code, run);
    const uint64_t *a = run->args;
    uint64_t (*entry)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
    memcpy(&entry, &(void *){code->starting.text}, sizeof(entry));
    run->budget -= (uint64_t)code->first_charge;
    run->result = entry(a[0], a[1], a[2], a[3], a[4]);
    return EBPF_OK;
}

/* What of the frame depends on the code alone. */
static inline void take_code(struct x64_frame *frame, const struct ebpf_code *code)
{
    frame->code = code;
    frame->text = code->starting.text;
    frame->thunk = code->starting.thunk;
    frame->over = 0;
}

/* Runs code in a frame that is filled in; returns r0. */
static inline uint64_t enter(const struct ebpf_code *code, const struct ebpf_run *run,
                             struct x64_frame *frame)
{
    const uint64_t *a = run->args;
    struct ebpf_counted out = code->enter(a[0], a[1], a[2], a[3], a[4], frame);
    if (code->counts)
        frame->left = (int64_t)out.left;
    return out.r0;
}

static __attribute__((noinline)) ebpf_status run_framed(const struct ebpf_code *code,
                                                        struct ebpf_run *run)
{
    struct x64_frame frame;
    frame.run = run;
    take_code(&frame, code);
    take_budget(&frame, run->budget);
    frame.packet = (uintptr_t)run->packet;
    frame.packet_size = run->packet_size;
    frame.depth_left = code->max_nested;
    take_first_frame(&frame, run->stack_end);
    run->stack_low = frame.top - code->first_frame;
    frame.deepest = frame.top - (uint64_t)code->max_nested * code->first_frame;
    if (code->limit_count)
        set_slots(&frame);
    uint64_t result = enter(code, run, &frame);
    if (frame.over)
        return frame.status;
    run->result = result;
    run->budget = budget_left(&frame);
    return EBPF_OK;
}

ebpf_status x64_run(const struct ebpf_code *code, struct ebpf_run *run)
{
    if (run->budget < (uint64_t)code->first_need)
        return ebpf_step_whole(&code->in, run);
    return code->plain ? run_plain(code, run) : run_framed(code, run);
}

/* The instruction whose code a call came from. */
static uint32_t find_call(const struct ebpf_code *code, uint32_t return_offset)
{
    uint32_t low = 0, high = ebpf_program_count(code->in.program);
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (code->offsets[middle] < return_offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Zeroes what functions have left out of their frames: all that are live, by return addresses. */
static void make_all_whole(const struct x64_frame *frame)
{
    const struct ebpf_code *code = frame->code;
    uintptr_t sp = (uintptr_t)frame->thunk_rsp + sizeof(uint64_t);
    uint64_t top = frame->step.reg[EBPF_REG_FP];
    for (uint32_t insn = frame->leave_insn;;) {
        uint32_t function = ebpf_program_function_of(code->in.program, insn);
        const struct x64_activation *activation = &code->activations[function];
        uint32_t size = code->in.frame_sizes[function];
        memset((void *)(uintptr_t)(top - size), 0, size - activation->zeroed);
        sp += activation->saved + sizeof(uint64_t);
        uint64_t caller = *(const uint64_t *)(sp - sizeof(uint64_t));
        uint64_t offset = caller - (uintptr_t)code->starting.text;
        if (offset > code->text_size)
            return;
        insn = find_call(code, (uint32_t)offset);
        top += code->in.frame_sizes[ebpf_program_function_of(code->in.program, insn)];
    }
}

/* Parts of frames that code never touches are zero only when something else may look. */
static void make_whole(struct x64_frame *frame)
{
    const struct ebpf_code *code = frame->code;
    if (code->is_lazy) {
        make_all_whole(frame);
        return;
    }
    if (!frame->whole)
        memset((void *)(uintptr_t)(frame->top - code->first_frame), 0,
               code->first_frame - code->starting.zeroed);
    frame->whole = 1;
}

/* Code with local calls does not keep the live part of the stack up to date: it ends with the frame
 * of the function that `insn` is in. */
static void sync_stack(struct x64_frame *frame, uint32_t insn)
{
    const struct ebpf_compile *in = &frame->code->in;
    if (!frame->code->has_local_calls)
        return;
    frame->run->stack_low = frame->step.reg[EBPF_REG_FP] -
                            in->frame_sizes[ebpf_program_function_of(in->program, insn)];
}

/* Whether an access is allowed that did not pass its check. */
static bool is_allowed(struct x64_frame *frame, uint32_t check)
{
    const struct x64_check *c = (const struct x64_check *)frame->code->checks.data + check;
    uint64_t address = c->base == EBPF_REG_FP && !frame->code->uses_fp ? frame->top
                                                                       : frame->step.reg[c->base];
    address += (uint64_t)(int64_t)c->low;
    sync_stack(frame, c->insn);
    struct ebpf_region region;
    if (!ebpf_run_find(frame->run, address, c->span, c->store, &region))
        return false;
    if (region.kind != EBPF_REGION_STACK) {
        if (c->slot < X64_SLOT_COUNT)
            set_slot(frame, c->slot, &region);
        return true;
    }
    if (frame->code->is_lazy)
        return false; /* what is written to parts that were left out must not be zeroed again */
    make_whole(frame);
    /* Of the stack, only the first frame stays where it is for the whole run. */
    region.base = frame->top - frame->code->first_frame;
    region.size = frame->code->first_frame;
    if (c->slot == X64_SLOT_OTHER && address >= region.base)
        set_slot(frame, X64_SLOT_OTHER, &region);
    return true;
}

/* Gives code a slice of `all` that is left; whether it reaches the next checkpoint. */
static bool hand_out(struct x64_frame *frame, uint64_t all)
{
    uint64_t need = (uint64_t)(frame->leave_prepaid + frame->code->starting.reserve);
    const struct ebpf_interrupt *interrupt =
        frame->run ? frame->run->interrupt : frame->start->interrupt;
    bool goes_on = all >= need && !(interrupt && ebpf_interrupt_raised(interrupt));
    uint64_t slice = !goes_on ? 0 : all - need < X64_SLICE ? all : need + X64_SLICE;
    frame->rest = all - slice;
    frame->left = (int64_t)(slice - need);
    return goes_on;
}

/* Whether there is more budget than the slice that is used up. */
static bool refill(struct x64_frame *frame)
{
    int64_t reserve = frame->code->starting.reserve, charge = frame->leave_prepaid;
    return hand_out(frame, frame->rest + (uint64_t)(frame->left + charge + reserve));
}

/* The budget as it is where code was left, then nothing of it is left to code. */
static void settle(struct x64_frame *frame)
{
    int64_t left = frame->left + frame->leave_prepaid + frame->code->starting.reserve;
    frame->run->budget = frame->rest + (uint64_t)left;
}

/* How many frames are live below the current one. */
static uint32_t depth_of(const struct x64_frame *frame)
{
    const struct ebpf_code *code = frame->code;
    if (!code->has_local_calls)
        return 0;
    if (code->frames_differ)
        return code->max_nested - frame->depth_left;
    return (uint32_t)((frame->top - frame->step.reg[EBPF_REG_FP]) / code->first_frame);
}

/* The reference interpreter does the rest of the function. */
static enum x64_then leave(struct x64_frame *frame)
{
    struct ebpf_run *run = frame->run;
    struct ebpf_step *step = &frame->step;
    settle(frame);
    sync_stack(frame, frame->leave_insn);
    make_whole(frame);
    step->code = &frame->code->in;
    step->run = run;
    step->watch = NULL;
    step->insn = frame->leave_insn;
    if (!frame->code->uses_fp)
        step->reg[EBPF_REG_FP] = frame->top;
    step->depth = depth_of(frame);
    frame->status = ebpf_step_run(step);
    frame->over = frame->status || run->ended || step->depth == 0;
    if (frame->over && !frame->status && !run->ended)
        run->result = step->reg[0];
    frame->rest = run->budget;
    frame->left = -(int64_t)frame->code->starting.reserve;
    return frame->over ? X64_UNWIND : X64_RETURN;
}

/* The same for code that was started without a run: here it gets one. */
static enum x64_then leave_start(struct x64_frame *frame)
{
    struct ebpf_run run;
    struct ebpf_start *start = frame->start;
    start->ops->make_run(start, &run);
    run.stack_end = frame->top;
    run.stack_low = frame->top - frame->code->first_frame;
    run.stack = (uint8_t *)(uintptr_t)run.stack_low;
    frame->run = &run;
    leave(frame);
    frame->run = NULL;
    start->result = run.result;
    start->budget = run.budget;
    if (frame->status)
        start->ops->report(start, frame->status, &run);
    return X64_UNWIND;
}

/* What code keeps of the memory of the run. */
static void look_again(struct x64_frame *frame)
{
    frame->run->ended = EBPF_RUN_GOES_ON;
    frame->packet = (uintptr_t)frame->run->packet;
    frame->packet_size = frame->run->packet_size;
    set_slots(frame);
}

/* The run is over; its budget is up to date. */
static enum x64_then end_run(struct x64_frame *frame, ebpf_status status)
{
    frame->over = 1;
    frame->status = status;
    return X64_UNWIND;
}

/* A tail call in a function that was called; what is left of the budget is handed out by its
 * caller, where the next checkpoint is. */
static enum x64_then tail_call(struct x64_frame *frame)
{
    struct ebpf_run *run = frame->run;
    make_whole(frame);
    run->stack_low = frame->step.reg[EBPF_REG_FP];
    run->depth = depth_of(frame);
    ebpf_status status = ebpf_run_tail(run);
    if (status || run->ended)
        return end_run(frame, status);
    frame->step.reg[EBPF_R0] = run->result;
    frame->rest = run->budget;
    frame->left = -(int64_t)frame->code->starting.reserve;
    look_again(frame);
    return X64_RETURN;
}

/* After a helper that set run->ended. */
static enum x64_then ended(struct x64_frame *frame)
{
    struct ebpf_run *run = frame->run;
    if (run->ended == EBPF_RUN_MOVED) {
        look_again(frame);
        return X64_GO_ON;
    }
    settle(frame);
    if (run->ended == EBPF_RUN_TAIL && depth_of(frame) > 0)
        return tail_call(frame);
    return end_run(frame, run->ended == EBPF_RUN_FAULTED
                              ? ebpf_run_fault_in_helper(run, frame->leave_insn)
                              : EBPF_OK);
}

/* The helper may run functions of the program, on the same budget. */
static enum x64_then call_back(struct x64_frame *frame, const struct ebpf_helper *helper)
{
    struct ebpf_run *run = frame->run;
    uint64_t *r = frame->step.reg;
    settle(frame);
    make_whole(frame);
    run->depth = depth_of(frame) + 1;
    r[0] = helper->run_fn(run, helper->ctx, &r[1]);
    if (run->ended == EBPF_RUN_FAULTED)
        return end_run(frame, ebpf_run_fault_in_helper(run, frame->leave_insn));
    if (run->ended == EBPF_RUN_ENDED)
        return end_run(frame, EBPF_OK);
    look_again(frame);
    return hand_out(frame, run->budget) ? X64_GO_ON : X64_LEAVE;
}

static enum x64_then call_by_id(struct x64_frame *frame, uint64_t id)
{
    struct ebpf_run *run = frame->run;
    uint64_t *r = frame->step.reg;
    const struct ebpf_helper *helper =
        id <= UINT32_MAX ? ebpf_env_helper(frame->code->in.env, (uint32_t)id) : NULL;
    if (!helper) {
        settle(frame);
        return end_run(frame, ebpf_run_fault(run, EBPF_ERR_CALLED_UNKNOWN, frame->leave_insn, id));
    }
    if (helper->flags & EBPF_HELPER_CALLS_BACK)
        return call_back(frame, helper);
    r[0] = helper->fn ? helper->fn(r[1], r[2], r[3], r[4], r[5])
                      : helper->run_fn(run, helper->ctx, &r[1]);
    return run->ended ? ended(frame) : X64_GO_ON;
}

uint32_t x64_call_by_id(struct x64_frame *frame, uint64_t id)
{
    frame->then = call_by_id(frame, id);
    return frame->then;
}

/* What a site is for; X64_GO_ON if code may. */
static enum x64_then ask(struct x64_frame *frame, const struct x64_site *site)
{
    switch ((enum x64_site_kind)site->kind) {
    case X64_SITE_ENDED:
        return ended(frame);
    case X64_SITE_CALLED:
        frame->leave_insn++; /* the call is done */
        return (enum x64_then)frame->then;
    case X64_SITE_MISS:
        return is_allowed(frame, site->check) ? X64_GO_ON : X64_LEAVE;
    case X64_SITE_REFILL:
        return refill(frame) ? X64_GO_ON : X64_LEAVE;
    default:
        return X64_LEAVE;
    }
}

/* Sites are in the order of their code. */
static const struct x64_site *find_site(const struct ebpf_code *code, uint32_t behind)
{
    const struct x64_site *sites = code->sites.data;
    size_t low = 0, high = code->sites.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (sites[middle].behind <= behind)
            low = middle;
        else
            high = middle;
    }
    return &sites[low];
}

/* Where to go to end the run. */
static uintptr_t unwind(struct x64_frame *frame)
{
    const struct ebpf_code *code = frame->code;
    if (!code->has_local_calls)
        return (uintptr_t)code->starting.text + code->unwind;
    frame->thunk_rsp = frame->rsp - sizeof(uint64_t); /* as if the caller had asked */
    return (uintptr_t)x64_leave_whole;
}

uintptr_t x64_site(struct x64_frame *frame, uintptr_t behind)
{
    const struct ebpf_code *code = frame->code;
    uintptr_t start = (uintptr_t)code->starting.text;
    const struct x64_site *site = find_site(code, (uint32_t)(behind - start));
    frame->leave_insn = site->insn;
    frame->leave_prepaid = site->prepaid;
    enum x64_then then = ask(frame, site);
    if (then == X64_LEAVE)
        then = frame->run ? leave(frame) : leave_start(frame);
    if (then == X64_UNWIND)
        return unwind(frame);
    return start + (then == X64_GO_ON ? site->resume : site->epilogue);
}

ebpf_status x64_call_function(const struct ebpf_code *code, struct ebpf_run *run,
                              uint32_t function)
{
    return ebpf_step_function(&code->in, run, function);
}
