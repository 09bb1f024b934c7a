/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Jumps, calls of helpers, and instructions that nothing runs. */
#include "backends/x86_64/lower.h"

/* Whether a conditional jump goes on at the same place in any case. */
static bool falls_through(const struct x64_lower *l, const struct ebpf_insn *insn)
{
    return insn->target == l->at + 1;
}

void x64_lower_jump(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    (void)width;
    if (x64_target(l, insn) != l->next)
        x64_jmp(&l->e, x64_target(l, insn));
}

/* Whether the flags already tell if a register is 0: a result of 32 bits has no others. */
static bool has_flags(const struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum ebpf_oper oper = ebpf_op_table[insn->op].oper;
    return (oper == EBPF_OPER_JEQ || oper == EBPF_OPER_JNE) && l->flags_at == l->at &&
           l->flags_reg == insn->dst && l->flags_width <= width &&
           !(l->plan.flags[l->at] & X64_LEADER) &&
           !(l->in->code.flags & EBPF_CODE_BLINDED);
}

/* Sets the flags of dst - operand, or of dst & operand. */
static void compare(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg a = x64_reg(insn->dst);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    int32_t imm = (int32_t)insn->imm;
    if (info->format == EBPF_FMT_JMP_REG) {
        if (info->oper == EBPF_OPER_JSET)
            x64_test_rr(&l->e, width, a, x64_reg(insn->src));
        else
            x64_cmp_rr(&l->e, width, a, x64_reg(insn->src));
    } else if (info->oper == EBPF_OPER_JSET) {
        if (imm > 0 && imm <= INT8_MAX)
            x64_test_ri(&l->e, 8, a, imm);
        else
            x64_test_ri(&l->e, imm >= 0 ? 32 : width, a, imm);
    } else if (imm == 0 && has_flags(l, insn, width)) {
        return;
    } else if (imm == 0) {
        x64_test_rr(&l->e, width, a, a); /* no carry, no overflow: as if compared with 0 */
    } else {
        x64_cmp_ri(&l->e, width, a, imm);
    }
}

/* What is paid on the way that the current jump takes (n = 1), or on the other one. */
static int32_t paid_on_way(const struct x64_lower *l, unsigned n)
{
    return x64_on_way(&l->plan, l->block, n);
}

/* The label to jump to for one of the two ways: where it leads, or code that pays and goes on. */
static uint32_t way(struct x64_lower *l, unsigned n, uint32_t to)
{
    int32_t charge = paid_on_way(l, n);
    if (!charge)
        return to;
    return x64_stub(l, (struct x64_stub){.kind = X64_STUB_PAY, .charge = charge, .resume = to});
}

void x64_jump_if(struct x64_lower *l, const struct ebpf_insn *insn, enum x64_cc cc)
{
    uint32_t target = x64_target(l, insn), behind = x64_thread(&l->plan, l->in, l->at + 1);
    l->falls = target != l->next || behind == l->next;
    if (l->falls)
        x64_jcc(&l->e, cc, way(l, 1, target));
    else
        x64_jcc(&l->e, (enum x64_cc)(cc ^ 1), way(l, 0, behind));
    x64_pay(l, paid_on_way(l, !l->falls));
}

enum x64_cc x64_condition(enum ebpf_oper oper)
{
    switch (oper) {
    case EBPF_OPER_JEQ: return X64_E;
    case EBPF_OPER_JGT: return X64_A;
    case EBPF_OPER_JGE: return X64_AE;
    case EBPF_OPER_JLT: return X64_B;
    case EBPF_OPER_JLE: return X64_BE;
    case EBPF_OPER_JSGT: return X64_G;
    case EBPF_OPER_JSGE: return X64_GE;
    case EBPF_OPER_JSLT: return X64_L;
    case EBPF_OPER_JSLE: return X64_LE;
    default: return X64_NE; /* JNE, JSET */
    }
}

#define CONDITION(oper)                                                                            \
    void x64_lower_##oper(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)       \
    {                                                                                              \
        if (falls_through(l, insn))                                                                \
            return;                                                                                \
        compare(l, insn, width);                                                                   \
        x64_jump_if(l, insn, x64_condition(EBPF_OPER_##oper));                                     \
    }
CONDITION(JEQ)
CONDITION(JNE)
CONDITION(JSET)
CONDITION(JGT)
CONDITION(JGE)
CONDITION(JLT)
CONDITION(JLE)
CONDITION(JSGT)
CONDITION(JSGE)
CONDITION(JSLT)
CONDITION(JSLE)

void x64_lower_may_goto(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    (void)width;
    struct x64_mem passes = x64_at(TMP, offsetof(struct ebpf_run, may_goto));
    x64_mov_rm(&l->e, 64, TMP, X64_FIELD(run));
    x64_cmp_mi(&l->e, 32, passes, 0);
    if (falls_through(l, insn)) {
        uint32_t over = x64_labels(&l->e, 1);
        x64_jcc(&l->e, X64_E, over);
        x64_sub_mi(&l->e, 32, passes, 1);
        x64_bind(&l->e, over);
        return;
    }
    x64_jcc(&l->e, X64_E, way(l, 1, x64_target(l, insn)));
    x64_sub_mi(&l->e, 32, passes, 1);
    x64_pay(l, paid_on_way(l, 0));
}

enum { KEPT_BYTES = 48 /* r1 to r5, aligned to 16 */ };

/* Where r1 to r5 are during a call: in the frame, or where there is none at the stack's end. */
static struct x64_mem kept(const struct x64_lower *l, unsigned reg)
{
    return l->plan.needs_frame ? X64_FIELD(step.reg[reg])
                               : x64_at(X64_RSP, (int32_t)(reg - 1) * 8);
}

/* Keeps r1 to r5, as far as they are in `regs`. */
static void keep_arguments(struct x64_lower *l, unsigned regs)
{
    if (!l->plan.needs_frame && regs & EBPF_ARGUMENTS)
        x64_sub_ri(&l->e, 64, X64_RSP, KEPT_BYTES);
    for (unsigned reg = 1; reg <= 5; reg++)
        if (regs >> reg & 1)
            x64_mov_mr(&l->e, 64, kept(l, reg), x64_reg(reg));
    if (l->plan.counts)
        x64_mov_mr(&l->e, 64, X64_FIELD(left), LEFT);
}

/* After a call of the host: what it may have changed and is still needed. */
static void bring_back(struct x64_lower *l)
{
    for (unsigned reg = 1; reg <= 5; reg++)
        if (x64_live(l, reg))
            x64_mov_rm(&l->e, 64, x64_reg(reg), kept(l, reg));
    if (!l->plan.needs_frame && l->plan.flow[l->at].live & EBPF_ARGUMENTS)
        x64_add_ri(&l->e, 64, X64_RSP, KEPT_BYTES);
    if (l->plan.counts)
        x64_mov_rm(&l->e, 64, LEFT, X64_FIELD(left));
}

/* Behind the call of something that may end the run. */
static void look_whether_ended(struct x64_lower *l)
{
    x64_mov_rm(&l->e, 64, TMP, X64_FIELD(run));
    x64_cmp_mi(&l->e, 32, x64_at(TMP, offsetof(struct ebpf_run, ended)), 0);
    uint32_t resume = x64_labels(&l->e, 1);
    uint32_t ended = x64_site_stub(
        l, (struct x64_site){.kind = X64_SITE_ENDED, .prepaid = l->prepaid - 1}, resume);
    /* The stub saves what is left of the budget, so that must stand in its register. */
    bring_back(l);
    x64_jcc(&l->e, X64_NE, ended);
    x64_bind(&l->e, resume);
}

/* A helper that sees the run: it may end it. */
static void call_with_run(struct x64_lower *l, const struct ebpf_helper *helper)
{
    keep_arguments(l, EBPF_ARGUMENTS);
    x64_sync_stack(l);
    x64_mov_rm(&l->e, 64, X64_RDI, X64_FIELD(run));
    x64_mov_ri(&l->e, X64_RSI, (uintptr_t)helper->ctx);
    x64_lea_rm(&l->e, 64, X64_RDX, X64_FIELD(step.reg[1]));
    x64_call_host(l, (uintptr_t)helper->run_fn);
    look_whether_ended(l);
}

void x64_call_lookup(struct x64_lower *l, const struct ebpf_map *map, struct x64_mem key)
{
    keep_arguments(l, l->plan.flow[l->at].live);
    x64_lea_rm(&l->e, 64, X64_RDX, key);
    x64_mov_ri(&l->e, X64_RSI, (uintptr_t)map);
    x64_mov_rm(&l->e, 64, X64_RDI, X64_FIELD(run));
    x64_call_host(l, (uintptr_t)l->in->env->lookup);
    look_whether_ended(l);
}

/* A helper that may do anything: its id stands in rsi. */
static void call_by_id(struct x64_lower *l)
{
    uint32_t resume = x64_labels(&l->e, 1);
    uint32_t site = x64_site_stub(
        l, (struct x64_site){.kind = X64_SITE_CALLED, .prepaid = l->prepaid - 1}, resume);
    x64_mov_mi(&l->e, 32, X64_FIELD(leave_insn), (int32_t)l->at);
    x64_mov_mi(&l->e, 32, X64_FIELD(leave_prepaid), l->prepaid - 1);
    x64_sync_stack(l);
    if (l->plan.has_local_calls) {
        x64_mov_mr(&l->e, 64, X64_FIELD(step.reg[EBPF_REG_FP]), X64_RBP);
        x64_lea_rm(&l->e, 64, TMP, x64_at(X64_RSP, -8)); /* as at a site */
        x64_mov_mr(&l->e, 64, X64_FIELD(thunk_rsp), TMP);
    }
    x64_mov_rr(&l->e, 64, X64_RDI, FRAME);
    x64_call_host(l, (uintptr_t)x64_call_by_id);
    x64_mov_rr(&l->e, 32, TMP, X64_RAX);
    x64_mov_rm(&l->e, 64, X64_RAX, X64_FIELD(step.reg[0]));
    bring_back(l);
    x64_test_rr(&l->e, 32, TMP, TMP);
    x64_jcc(&l->e, X64_NE, site);
    x64_bind(&l->e, resume);
}

void x64_lower_call(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    const struct ebpf_helper *helper =
        insn->op == EBPF_OP_CALL ? ebpf_env_helper(l->in->env, (uint32_t)insn->imm) : NULL;
    if (!helper) {
        x64_lower_illegal(l, insn, width);
        return;
    }
    if (helper->flags & EBPF_HELPER_MAP_LOOKUP && x64_lower_lookup(l))
        return;
    if (helper->flags & EBPF_HELPER_CALLS_BACK) {
        keep_arguments(l, EBPF_ARGUMENTS);
        x64_mov_ri(&l->e, X64_RSI, helper->id);
        call_by_id(l);
        return;
    }
    if (helper->run_fn) {
        call_with_run(l, helper);
        return;
    }
    keep_arguments(l, l->plan.flow[l->at].live);
    x64_call_host(l, (uintptr_t)helper->fn);
    bring_back(l);
}

void x64_lower_callx(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    (void)width;
    keep_arguments(l, EBPF_ARGUMENTS);
    x64_mov_rr(&l->e, 64, X64_RSI, x64_reg(insn->dst));
    call_by_id(l);
}

/* What no engine runs: the reference interpreter says so. */
void x64_lower_illegal(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    (void)insn, (void)width;
    x64_jmp(&l->e, x64_leave_label(l));
}
