/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Code out of line: stubs, one per place that may need the host, and thunks, which the stubs of
 * the whole program share.  Thunks save what the host may change and call it.
 */
#include "backends/x86_64/lower.h"

enum { VOLATILE = 0x3f, ALL = 0x3ff /* BPF registers */ };

static struct x64_mem saved_reg(unsigned reg)
{
    return X64_FIELD(step.reg[reg]);
}

uint32_t x64_stub(struct x64_lower *l, struct x64_stub stub)
{
    struct x64_stub *s = ebpf_vec_push(&l->stubs, 1);
    if (!s) {
        l->e.status = l->e.status ? l->e.status : EBPF_ERR_NOMEM;
        return 0;
    }
    stub.label = x64_labels(&l->e, 1);
    *s = stub;
    return stub.label;
}

/* Where the code stands, for a thunk. */
static void name_place(struct x64_lower *l, const struct x64_stub *stub)
{
    x64_mov_ri(&l->e, TMP, stub->insn);
    x64_mov_ri(&l->e, TMP2, (uint32_t)stub->prepaid);
}

/* The thunk's side of it: tells the host. */
static void tell_place(struct x64_lower *l)
{
    x64_mov_mr(&l->e, 32, X64_FIELD(leave_insn), TMP);
    x64_mov_mr(&l->e, 32, X64_FIELD(leave_prepaid), TMP2);
}

/* Returns from a function out of line. */
static void return_now(struct x64_lower *l)
{
    if (l->epilogue_bound)
        x64_jmp(&l->e, l->epilogue);
    else
        x64_return(l);
}

/* Leaves the code; comes back only if there is a caller that goes on. */
static void leave(struct x64_lower *l, uint32_t thunk)
{
    if (!l->plan.has_local_calls) {
        x64_jmp(&l->e, thunk);
        return;
    }
    x64_call(&l->e, thunk);
    return_now(l);
}

/* Asks the host whether the code may go on. */
static void query(struct x64_lower *l, uint32_t thunk, uint32_t resume)
{
    x64_call(&l->e, thunk);
    if (!l->plan.has_local_calls) {
        x64_jmp(&l->e, resume); /* if not, the thunk does not come back */
        return;
    }
    x64_jcc(&l->e, X64_E, resume);
    if (thunk == l->thunk_ended)
        return_now(l);
    else
        leave(l, l->thunk_leave_told);
}

/* Division by 0 or, signed, by -1: of what is in `base`, by what is in TMP2. */
static void divide(struct x64_lower *l, const struct x64_stub *stub)
{
    enum x64_reg dst = (enum x64_reg)stub->base;
    uint32_t is_minus_one = x64_labels(&l->e, 1);
    x64_test_rr(&l->e, stub->width, TMP2, TMP2);
    x64_jcc(&l->e, X64_NE, is_minus_one);
    if (!stub->mod)
        x64_xor_rr(&l->e, 32, dst, dst);
    else if (stub->width == 32)
        x64_mov_rr(&l->e, 32, dst, dst);
    x64_jmp(&l->e, stub->resume);
    x64_bind(&l->e, is_minus_one);
    if (stub->mod)
        x64_xor_rr(&l->e, 32, dst, dst);
    else
        x64_neg_r(&l->e, stub->width, dst);
    x64_jmp(&l->e, stub->resume);
}

/* The call of a helper is done, but code does not go on behind it. */
static void called(struct x64_lower *l, const struct x64_stub *stub)
{
    uint32_t goes = x64_labels(&l->e, 1);
    if (l->plan.has_local_calls) {
        x64_cmp_ri(&l->e, 32, TMP, X64_LEAVE);
        x64_jcc(&l->e, X64_E, goes);
        return_now(l);
    }
    x64_bind(&l->e, goes);
    name_place(l, stub);
    leave(l, l->thunk_leave);
}

static void put_stub(struct x64_lower *l, const struct x64_stub *stub)
{
    x64_bind(&l->e, stub->label);
    switch ((enum x64_stub_kind)stub->kind) {
    case X64_STUB_LEAVE:
        name_place(l, stub);
        leave(l, l->thunk_leave);
        break;
    case X64_STUB_MISS:
        x64_lea_rm(&l->e, 64, TMP2, x64_at((enum x64_reg)stub->base, stub->low));
        x64_mov_ri(&l->e, TMP, stub->check);
        query(l, l->thunk_miss, stub->resume);
        break;
    case X64_STUB_REFILL:
        name_place(l, stub);
        query(l, l->thunk_refill, stub->resume);
        break;
    case X64_STUB_ENDED:
        name_place(l, stub);
        query(l, l->thunk_ended, stub->resume);
        break;
    case X64_STUB_NULL:
        x64_xor_rr(&l->e, 32, X64_RAX, X64_RAX);
        x64_jmp(&l->e, stub->resume);
        break;
    case X64_STUB_CALLED:
        called(l, stub);
        break;
    case X64_STUB_DIVIDE:
        divide(l, stub);
        break;
    }
}

void x64_stubs(struct x64_lower *l)
{
    for (size_t i = 0; i < l->stubs.count && !l->e.status; i++)
        put_stub(l, (const struct x64_stub *)l->stubs.data + i);
    l->stubs.count = 0;
}

static void save(struct x64_lower *l, uint16_t regs)
{
    for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
        if (regs >> reg & 1)
            x64_mov_mr(&l->e, 64, saved_reg(reg), x64_reg(reg));
    if (l->plan.counts)
        x64_mov_mr(&l->e, 64, X64_FIELD(left), LEFT);
}

static void restore(struct x64_lower *l, uint16_t regs)
{
    for (unsigned reg = 0; reg < EBPF_REG_COUNT; reg++)
        if (regs >> reg & 1)
            x64_mov_rm(&l->e, 64, x64_reg(reg), saved_reg(reg));
    if (l->plan.counts)
        x64_mov_rm(&l->e, 64, LEFT, X64_FIELD(left));
}

void x64_call_host(struct x64_lower *l, uintptr_t function)
{
    x64_mov_ri(&l->e, TMP, function);
    x64_call_r(&l->e, TMP);
}

/* Calls function(frame, TMP2, TMP), with the stack aligned, whatever it was. */
static void call_aligned(struct x64_lower *l, uintptr_t function)
{
    x64_mov_rr(&l->e, 64, X64_RDI, FRAME);
    x64_mov_rr(&l->e, 64, X64_RSI, TMP2);
    x64_mov_rr(&l->e, 64, X64_RDX, TMP);
    x64_mov_mr(&l->e, 64, X64_FIELD(thunk_rsp), X64_RSP);
    x64_and_ri(&l->e, 64, X64_RSP, -16);
    x64_call_host(l, function);
    x64_mov_rm(&l->e, 64, X64_RSP, X64_FIELD(thunk_rsp));
}

/* Calls the host and comes back with all registers as they were; "not equal" if the code may not
 * go on, or not at all if there is nobody to come back to. */
static void put_query(struct x64_lower *l, uintptr_t function)
{
    save(l, l->plan.has_local_calls ? VOLATILE | 1 << EBPF_REG_FP : VOLATILE);
    call_aligned(l, function);
    x64_mov_rr(&l->e, 32, TMP, X64_RAX);
    restore(l, VOLATILE);
    x64_test_rr(&l->e, 32, TMP, TMP);
    if (!l->plan.has_local_calls)
        x64_jcc(&l->e, X64_NE, l->thunk_leave_told);
    x64_ret(&l->e);
}

/* The whole program without local calls: unwinding is what its last exit does, but that the host
 * has already accounted for the budget. */
static void put_unwind(struct x64_lower *l)
{
    if (l->plan.has_local_calls)
        return; /* stands behind the call of the first function */
    x64_bind(&l->e, l->unwind);
    x64_mov_rm(&l->e, 64, X64_RSP, X64_FIELD(rsp));
    if (l->plan.counts)
        x64_mov_rm(&l->e, 64, LEFT, X64_FIELD(left));
    x64_return(l);
}

void x64_thunks(struct x64_lower *l)
{
    if (!l->plan.needs_frame)
        return;
    x64_bind(&l->e, l->thunk_miss);
    put_query(l, (uintptr_t)x64_miss);
    x64_bind(&l->e, l->thunk_refill);
    tell_place(l);
    put_query(l, (uintptr_t)x64_refill);
    x64_bind(&l->e, l->thunk_leave);
    tell_place(l);
    x64_bind(&l->e, l->thunk_leave_told);
    save(l, l->plan.uses_fp ? ALL | 1 << EBPF_REG_FP : ALL);
    call_aligned(l, (uintptr_t)x64_leave);
    x64_test_rr(&l->e, 32, X64_RAX, X64_RAX);
    x64_jcc(&l->e, X64_NE, l->unwind);
    restore(l, VOLATILE);
    x64_ret(&l->e);
    x64_bind(&l->e, l->thunk_ended);
    tell_place(l);
    save(l, l->plan.has_local_calls ? VOLATILE | 1 << EBPF_REG_FP : VOLATILE);
    call_aligned(l, (uintptr_t)x64_ended);
    x64_mov_rr(&l->e, 32, TMP, X64_RAX);
    x64_cmp_ri(&l->e, 32, TMP, X64_UNWIND);
    x64_jcc(&l->e, X64_E, l->unwind);
    restore(l, VOLATILE);
    x64_test_rr(&l->e, 32, TMP, TMP);
    x64_ret(&l->e);
    put_unwind(l);
}
