/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Atomic operations, loads that acquire and stores that release. */
#include "backends/x86_64/lower.h"

/* Leaves the code if the address is not a multiple of the access's size. */
static void check_alignment(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width,
                            enum x64_reg base)
{
    if (width == 8 || l->in->as_function || ebpf_compile_is_proven(l->in, l->at))
        return;
    x64_address(l, base, insn->off);
    x64_test_ri(&l->e, 8, TMP2, (int32_t)width / 8 - 1);
    x64_jcc(&l->e, X64_NE, x64_leave_label(l));
}

void x64_lower_load_acquire(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg base = x64_reg(insn->src);
    check_alignment(l, insn, width, base);
    x64_load(l, width, false, x64_reg(insn->dst), x64_at(base, insn->off));
}

void x64_lower_store_release(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg base = x64_reg(insn->dst);
    check_alignment(l, insn, width, base);
    x64_mov_mr(&l->e, width, x64_at(base, insn->off), x64_reg(insn->src));
}

/* Checks the alignment of an atomic access. */
static struct x64_mem atomic(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    enum x64_reg base = x64_reg(insn->dst);
    check_alignment(l, insn, width, base);
    return x64_at(base, insn->off);
}

/* For operations that the processor has as one instruction. */
#define ATOMIC(oper, instruction)                                                                  \
    void x64_lower_##oper(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)       \
    {                                                                                              \
        struct x64_mem m = atomic(l, insn, width);                                                 \
        x64_##instruction##_mr(&l->e, width, m, x64_reg(insn->src));                               \
    }
ATOMIC(A_ADD, lock_add)
ATOMIC(A_OR, lock_or)
ATOMIC(A_AND, lock_and)
ATOMIC(A_XOR, lock_xor)
ATOMIC(AF_ADD, lock_xadd)
ATOMIC(XCHG, xchg)

void x64_lower_CMPXCHG(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)
{
    struct x64_mem m = atomic(l, insn, width);
    x64_lock_cmpxchg_mr(&l->e, width, m, x64_reg(insn->src));
    if (width == 32) /* a successful exchange leaves all of rax as it was */
        x64_mov_rr(&l->e, 32, X64_RAX, X64_RAX);
}

/* Where rax stays meanwhile: in the frame, or where there is none below the stack, in the 128 bytes
 * that signal handlers leave alone. */
static struct x64_mem rax_kept(const struct x64_lower *l)
{
    return l->plan.needs_frame ? X64_FIELD(step.reg[0]) : x64_at(X64_RSP, -8);
}

/* For those that it has not: a loop around compare-and-exchange, which wants rax. */
#define ATOMIC_LOOP(oper, instruction)                                                             \
    void x64_lower_##oper(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width)       \
    {                                                                                              \
        struct x64_mem m = atomic(l, insn, width), at = x64_at(TMP, 0), kept = rax_kept(l);        \
        enum x64_reg src = x64_reg(insn->src);                                                     \
        uint32_t loop = x64_labels(&l->e, 1);                                                      \
        x64_lea_rm(&l->e, 64, TMP, m);                                                             \
        x64_mov_mr(&l->e, 64, kept, X64_RAX);                                    \
        x64_mov_rm(&l->e, width, X64_RAX, at);                                                     \
        x64_bind(&l->e, loop);                                                                     \
        x64_mov_rr(&l->e, 64, TMP2, X64_RAX);                                                      \
        if (src == X64_RAX)                                                                        \
            x64_##instruction##_rm(&l->e, width, TMP2, kept);                    \
        else                                                                                       \
            x64_##instruction##_rr(&l->e, width, TMP2, src);                                       \
        x64_lock_cmpxchg_mr(&l->e, width, at, TMP2);                                               \
        x64_jcc(&l->e, X64_NE, loop);                                                              \
        if (src == X64_RAX)                                                                        \
            return;                                                                                \
        x64_mov_rr(&l->e, 64, src, X64_RAX);                                                       \
        x64_mov_rm(&l->e, 64, X64_RAX, kept);                                    \
    }
ATOMIC_LOOP(AF_OR, or)
ATOMIC_LOOP(AF_AND, and)
ATOMIC_LOOP(AF_XOR, xor)
