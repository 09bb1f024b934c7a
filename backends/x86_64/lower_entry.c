/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Where programs and functions start and end.
 *
 * A program of one function starts with its prologue and goes on with its first instruction.  With
 * local calls, it starts with its first function, or if it is a C function, with a call of that.
 * Code that has a frame is entered by the library, which keeps what that takes: thunks.c.
 */
#include "backends/x86_64/lower.h"

#include <ebpfvm/burst.h>

enum {
    KEPT = 0x7c0,              /* r6 to r10 live in registers that C functions keep */
    SAVES_FRAME = 1 << 15,     /* in x64_lower.saved of code for bursts: so does FRAME */
    SHORT_EPILOGUE = 3,        /* registers to restore that are worth no jump */
    ZERO_UNROLLED = 256,       /* bytes that are zeroed without a loop */
    KEPT_OF_BURST = 16         /* bytes that code for bursts keeps on the stack */
};

/* Notes for unwinding that a register is on the stack. */
static void note_push(struct x64_lower *l, enum x64_reg reg)
{
    struct x64_unwind *u = &l->unwind_info;
    u->regs[u->count] = (uint8_t)reg;
    u->at[u->count] = x64_labels(&l->e, 1);
    x64_bind(&l->e, u->at[u->count++]);
}

/* Saves the BPF registers in `saved`; aligned afterwards to 16 bytes if `align` is set.  Takes
 * `frames` bytes, a multiple of 16. */
static void save(struct x64_lower *l, uint16_t saved, bool align, int32_t frames)
{
    unsigned pushed = 0;
    bool is_first = !l->entered && l->in->code.flags & EBPF_CODE_GDB;
    for (unsigned reg = 6; reg < EBPF_REG_COUNT; reg++)
        if (saved >> reg & 1) {
            x64_push_r(&l->e, 64, x64_reg(reg));
            pushed++;
            if (is_first)
                note_push(l, x64_reg(reg));
        }
    if (saved & SAVES_FRAME) {
        x64_push_r(&l->e, 64, FRAME);
        pushed++;
        if (is_first)
            note_push(l, FRAME);
    }
    l->saved = saved;
    l->unused = frames + (align && pushed % 2 == 0 ? 8 : 0);
    if (l->unused == 8)
        x64_push_r(&l->e, 64, X64_RAX);
    else if (l->unused)
        x64_lea_rm(&l->e, 64, X64_RSP, x64_at(X64_RSP, -l->unused));
}

static void restore(struct x64_lower *l, uint16_t saved, int32_t unused)
{
    if (unused)
        x64_lea_rm(&l->e, 64, X64_RSP, x64_at(X64_RSP, unused));
    if (saved & SAVES_FRAME)
        x64_pop_r(&l->e, 64, FRAME);
    for (unsigned reg = EBPF_REG_COUNT; reg-- > 6;)
        if (saved >> reg & 1)
            x64_pop_r(&l->e, 64, x64_reg(reg));
    x64_ret(&l->e);
}

static unsigned saved_count(const struct x64_lower *l)
{
    return (unsigned)__builtin_popcount(l->saved) + (l->unused != 0);
}

/* Zeroes `size` bytes below r10, a multiple of 8. */
static void zero_frame(struct x64_lower *l, int32_t size)
{
    int32_t at = -size, looped = size > ZERO_UNROLLED ? size & ~63 : 0;
    x64_zero_xmm0(&l->e);
    if (looped) {
        uint32_t loop = x64_labels(&l->e, 1);
        x64_lea_rm(&l->e, 64, TMP, x64_at(X64_RBP, at));
        x64_lea_rm(&l->e, 64, TMP2, x64_at(X64_RBP, at + looped));
        x64_bind(&l->e, loop);
        for (int32_t i = 0; i < 64; i += 16)
            x64_movups_m0(&l->e, x64_at(TMP, i));
        x64_add_ri(&l->e, 64, TMP, 64);
        x64_cmp_rr(&l->e, 64, TMP, TMP2);
        x64_jcc(&l->e, X64_NE, loop);
        at += looped;
    }
    for (; at <= -16; at += 16)
        x64_movups_m0(&l->e, x64_at(X64_RBP, at));
    if (at < 0)
        x64_mov_mi(&l->e, 64, x64_at(X64_RBP, at), 0);
}

/* The frames of a C function, which are below what it has saved.  With local calls each function
 * zeroes its own. */
static void take_frames(struct x64_lower *l, int32_t size)
{
    x64_lea_rm(&l->e, 64, X64_RBP, x64_at(X64_RSP, size));
    if (l->code->starting.zeroed)
        zero_frame(l, (int32_t)l->code->starting.zeroed);
}

/* How much of the machine's stack is taken for frames: no more than is accessed, if only this code
 * can know where it is. */
static int32_t own_frames(const struct x64_lower *l)
{
    const struct x64_plan *plan = &l->plan;
    if (plan->needs_frame || !plan->uses_fp)
        return 0;
    if (plan->has_local_calls || plan->fp_escapes)
        return (int32_t)l->in->stack_size;
    return (int32_t)((plan->zeroed + 15) & ~15u);
}

/* What code for bursts keeps on the machine's stack, above the frames. */
static struct x64_mem burst_end(const struct x64_lower *l)
{
    return x64_at(X64_RSP, l->unused - KEPT_OF_BURST);
}

static struct x64_mem burst_interrupt(const struct x64_lower *l)
{
    return x64_at(X64_RSP, l->unused - KEPT_OF_BURST + 8);
}

#define PACKET(member) x64_at(FRAME, offsetof(struct ebpf_burst_packet, member))

/* The start of the loop over packets: what comes before all of them, then before each.  It ends
 * where packets are not as code has to have them, or are to be run no more. */
static void enter_burst(struct x64_lower *l)
{
    x64_mov_rr(&l->e, 64, FRAME, X64_RDI);
    x64_mov_mr(&l->e, 64, burst_end(l), X64_RSI);
    x64_mov_mr(&l->e, 64, burst_interrupt(l), X64_RDX);
    l->burst = x64_labels(&l->e, 1);
    x64_align(&l->e, 32);
    x64_bind(&l->e, l->burst);
    x64_mov_rm(&l->e, 64, X64_RDI, PACKET(mem));
    x64_mov_rm(&l->e, 64, X64_RSI, PACKET(mem_size));
    x64_mov_rm(&l->e, 64, TMP2, burst_interrupt(l));
    x64_lea_rm(&l->e, 64, TMP, x64_at(X64_RDI, -1));
    x64_add_rr(&l->e, 64, TMP, X64_RSI);
    x64_jcc(&l->e, X64_B, l->unwind);
    x64_cmp_mi(&l->e, 32, x64_at(TMP2, offsetof(struct ebpf_interrupt, raised)), 0);
    x64_jcc(&l->e, X64_NE, l->unwind);
    if (!l->in->packet_least)
        return;
    x64_cmp_ri(&l->e, 64, X64_RSI, (int32_t)l->in->packet_least);
    x64_jcc(&l->e, X64_B, l->unwind);
}

/* The end of a packet's run. */
static void next_packet(struct x64_lower *l)
{
    x64_mov_mr(&l->e, 64, PACKET(r0), X64_RAX);
    x64_mov_mi(&l->e, 32, PACKET(status), EBPF_OK);
    x64_add_ri(&l->e, 64, FRAME, sizeof(struct ebpf_burst_packet));
    x64_cmp_rm(&l->e, 64, FRAME, burst_end(l));
    x64_jcc(&l->e, X64_B, l->burst);
    if (l->epilogue_bound) {
        x64_jmp(&l->e, l->unwind);
        return;
    }
    l->epilogue_bound = true;
    x64_bind(&l->e, l->unwind);
    x64_mov_rr(&l->e, 64, X64_RAX, FRAME);
    restore(l, l->saved, l->unused);
}

/* What the start of the program saves of the BPF registers.  With a frame, r10 has been set, and in
 * code with local calls each function saves its own. */
static uint16_t saved_at_start(const struct x64_lower *l, bool *calls)
{
    const struct x64_plan *plan = &l->plan;
    uint16_t saved = plan->live_at_start & KEPT; /* which is set to 0, for whichever function */
    *calls = false;
    if (plan->needs_frame && plan->has_local_calls)
        return 0;
    size_t count = plan->has_local_calls ? l->in->program->functions.count : 1;
    for (size_t i = 0; i < count; i++) {
        saved |= plan->functions[i].touched & KEPT;
        *calls |= plan->functions[i].calls;
    }
    if (l->in->as_burst)
        saved |= SAVES_FRAME;
    if (plan->needs_frame)
        return saved & ~(1 << EBPF_REG_FP);
    return plan->uses_fp ? saved | 1 << EBPF_REG_FP : saved;
}

/* A C function with local calls calls the first one. */
static void call_first(struct x64_lower *l)
{
    x64_call(&l->e, l->functions);
    restore(l, l->saved, l->unused);
}

void x64_program_entry(struct x64_lower *l)
{
    const struct x64_plan *plan = &l->plan;
    bool calls, has_wrapper = plan->has_local_calls && !plan->needs_frame;
#ifdef __CET__
    x64_endbr64(&l->e);
#endif
    int32_t frames = own_frames(l);
    uint16_t saved = saved_at_start(l, &calls);
    if (has_wrapper || !plan->has_local_calls)
        save(l, saved, calls, frames + (l->in->as_burst ? KEPT_OF_BURST : 0));
    if (l->in->as_burst)
        enter_burst(l);
    l->entered = true;
    l->unwind_info.body = x64_labels(&l->e, 1);
    x64_bind(&l->e, l->unwind_info.body);
    l->unwind_info.size = 8 * (uint32_t)__builtin_popcount(l->saved) + (uint32_t)l->unused + 8;
    l->unwind_info.framed = plan->needs_frame;
    if (frames)
        take_frames(l, frames);
    /* C functions get r1 and r2 from their callers, and zeros in place of the rest. */
    for (unsigned reg = 0; reg < EBPF_REG_FP; reg++)
        if ((reg == 0 || reg > (l->in->as_function ? 2 : 5)) && plan->live_at_start >> reg & 1)
            x64_xor_rr(&l->e, 32, x64_reg(reg), x64_reg(reg));
    if (has_wrapper)
        call_first(l);
}

/* What an exit of the current function does: in line if that is short, else once per function. */
void x64_return(struct x64_lower *l)
{
    if (l->in->as_burst) {
        next_packet(l);
        return;
    }
    if (l->epilogue_bound && saved_count(l) > SHORT_EPILOGUE) {
        x64_jmp(&l->e, l->epilogue);
        return;
    }
    if (!l->epilogue_bound)
        x64_bind(&l->e, l->epilogue);
    /* What has been left without local calls is over: it ends as the function does. */
    if (!l->epilogue_bound && !l->plan.has_local_calls && l->function == 0)
        x64_bind(&l->e, l->unwind);
    l->epilogue_bound = true;
    if (l->plan.counts && !l->plan.needs_frame && l->function == 0)
        x64_mov_rr(&l->e, 64, X64_RDX, LEFT);
    restore(l, l->saved, l->unused);
}

void x64_function_entry(struct x64_lower *l)
{
    const struct x64_function *function = &l->plan.functions[l->function];
    x64_bind(&l->e, l->functions + l->function);
    save(l, function->defined & KEPT, function->calls, 0);
    /* Nobody looks at the rest of the frame, or it is zeroed then: see make_whole() in frame.c. */
    bool is_lazy = l->code->is_lazy || (l->in->policy == EBPF_POLICY_TRUSTED &&
                                        !function->leaks_fp);
    int32_t zeroed = is_lazy ? -(function->stack_low & -8) : l->frame_size;
    if (function->is_blind)
        zeroed = 0; /* r10 is still the caller's */
    if (zeroed)
        zero_frame(l, zeroed);
    struct x64_activation *activation = &l->code->activations[l->function];
    activation->zeroed = (uint32_t)zeroed;
    activation->saved = 8 * saved_count(l);
}

/*
 * The frame is taken here, but the live part of the stack is brought up to date only when the host
 * may look at it: see x64_sync_stack() and the thunks.
 */
void x64_lower_call_local(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    (void)width;
    uint32_t callee = ebpf_program_function_of(l->in->program, insn->target);
    if (l->plan.functions[callee].is_blind) {
        x64_call(&l->e, l->functions + callee);
        return;
    }
    if (l->in->as_function || l->plan.is_bounded) { /* a C function is, as the host has found */
        x64_sub_ri(&l->e, 64, X64_RBP, l->frame_size);
        x64_call(&l->e, l->functions + callee);
        x64_add_ri(&l->e, 64, X64_RBP, l->frame_size);
        return;
    }
    if (!l->plan.frames_differ) {
        x64_cmp_rm(&l->e, 64, X64_RBP, X64_FIELD(deepest));
        x64_jcc(&l->e, X64_BE, x64_leave_label(l));
    } else {
        x64_cmp_mi(&l->e, 32, X64_FIELD(depth_left), 0);
        x64_jcc(&l->e, X64_E, x64_leave_label(l));
        x64_lea_rm(&l->e, 64, TMP2, x64_at(X64_RBP, -l->frame_size));
        x64_mov_rm(&l->e, 64, TMP, X64_FIELD(run));
        x64_sub_rm(&l->e, 64, TMP2, x64_at(TMP, offsetof(struct ebpf_run, stack)));
        x64_cmp_ri(&l->e, 64, TMP2, (int32_t)l->in->frame_sizes[callee]);
        x64_jcc(&l->e, X64_B, x64_leave_label(l));
        x64_sub_mi(&l->e, 32, X64_FIELD(depth_left), 1);
    }
    x64_sub_ri(&l->e, 64, X64_RBP, l->frame_size);
    x64_call(&l->e, l->functions + callee);
    x64_add_ri(&l->e, 64, X64_RBP, l->frame_size);
    if (l->plan.frames_differ)
        x64_add_mi(&l->e, 32, X64_FIELD(depth_left), 1);
}

void x64_sync_stack(struct x64_lower *l)
{
    if (!l->plan.has_local_calls)
        return;
    x64_mov_rm(&l->e, 64, X64_RAX, X64_FIELD(run));
    x64_lea_rm(&l->e, 64, TMP, x64_at(X64_RBP, -l->frame_size));
    x64_mov_mr(&l->e, 64, x64_at(X64_RAX, offsetof(struct ebpf_run, stack_low)), TMP);
}

void x64_lower_exit(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    (void)insn, (void)width;
    x64_return(l);
}
