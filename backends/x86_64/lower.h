/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * From instructions to machine code, one after the other.
 *
 * BPF registers live in machine registers all the time:
 *
 *     r0 rax   r1 rdi   r2 rsi   r3 rdx   r4 rcx   r5 r8        as a C function has them
 *     r6 rbx   r7 r13   r8 r14   r9 r12   r10 rbp               kept by C functions
 *     r9: what is left of the budget   r10, r11: scratch   r15: the frame (frame.h)
 *
 * A handler of a row of opcodes.def writes code that must not leave an instruction half done: where
 * the code may be left for the reference interpreter, all registers are as before it.
 */
#ifndef BACKENDS_X86_64_LOWER_H
#define BACKENDS_X86_64_LOWER_H

#include "backends/x86_64/cpu.h"
#include "backends/x86_64/emit.h"
#include "backends/x86_64/frame.h"
#include "backends/x86_64/plan.h"
#include "backends/x86_64/seen.h"
#include "ir/regs.h"

#define LEFT X64_R9
#define TMP X64_R10
#define TMP2 X64_R11
#define FRAME X64_R15

/* Code out of line that the current function still needs. */
struct x64_stub {
    uint8_t kind;     /* enum x64_stub_kind */
    uint8_t base;     /* DIVIDE: dst */
    uint8_t width;    /* DIVIDE */
    bool mod;         /* DIVIDE: the remainder */
    uint32_t label;   /* where it starts */
    uint32_t resume;  /* the label where it goes on, if it does */
    uint32_t site;    /* SITE: its index */
    int32_t charge;   /* PAY */
};

enum x64_stub_kind {
    X64_STUB_SITE,  /* asks the host */
    X64_STUB_NULL,  /* r0 = 0 */
    X64_STUB_PAY,   /* pays for instructions, of a way that is taken less often than its ends */
    X64_STUB_DIVIDE /* divides by 0 or -1; see lower_div.c */
};

struct x64_lower {
    struct x64_emit e;
    struct x64_plan plan;
    struct ebpf_code *code;
    const struct ebpf_compile *in;
    struct ebpf_vec stubs;   /* struct x64_stub */
    unsigned features;       /* bits of enum x64_feature */
    uint64_t random;         /* state of x64_random() */
    uint32_t count;          /* of instructions; so many labels come first, one for each */
    uint32_t at;             /* the instruction being lowered */
    uint32_t block;          /* its block, in the plan */
    uint32_t last;           /* the last one of that */
    uint32_t next;           /* the first of the block that is written next, or UINT32_MAX */
    bool falls;              /* whether the block goes on behind it as the program is written */
    int32_t prepaid;         /* of the budget, before it */
    uint32_t next_check;     /* of the plan: the first one further on */
    uint32_t first_wide;     /* the first wide access that may not be done yet */
    uint32_t function;       /* its function */
    int32_t frame_size;
    uint16_t saved;          /* BPF registers that the function saves */
    int32_t unused;          /* bytes of the stack that it takes beside those: to align it, or for
                                the frames of a C function */
    uint16_t upper_zero;     /* BPF registers whose upper 32 bits are known to be 0 */
    struct x64_unwind unwind_info;
    uint32_t flags_at;       /* the instruction that finds the flags of a result, and of which */
    uint8_t flags_reg, flags_width;
    uint32_t leave_stub;     /* label shared by places to leave the current instruction */
    uint32_t leave_insn;     /* which that was */
    uint32_t functions;      /* labels: where each function is called */
    uint32_t epilogue;       /* label: the end of the current function */
    bool epilogue_bound;
    uint32_t burst;          /* as_burst: label: the start of the loop over packets */
    bool entered;            /* the start of the program is written */
    uint32_t unwind;         /* label: ends the run early */
    uint32_t first_site;     /* of the current function */
};

typedef void x64_lower_fn(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width);

/* Takes the place of a BPF register in an instruction whose constant is blinded (blind.c): the
 * register that counts, which is put aside, or where no other use is made of it, TMP. */
enum { X64_BLIND = EBPF_REG_COUNT, X64_BLIND_TMP, X64_REGS };

/* The machine register of a BPF register. */
static inline enum x64_reg x64_reg(unsigned reg)
{
    static const uint8_t regs[X64_REGS] = {X64_RAX, X64_RDI, X64_RSI, X64_RDX, X64_RCX,
                                           X64_R8,  X64_RBX, X64_R13, X64_R14, X64_R12,
                                           X64_RBP, LEFT,    TMP};
    return (enum x64_reg)regs[reg];
}

static inline struct x64_mem x64_frame_field(size_t offset)
{
    return x64_at(FRAME, (int32_t)offset);
}
#define X64_FIELD(name) x64_frame_field(offsetof(struct x64_frame, name))

/* Whether a BPF register is needed behind the current instruction. */
static inline bool x64_live(const struct x64_lower *l, unsigned reg)
{
    return l->plan.flow[l->at].live >> reg & 1;
}

/* The instruction `ahead` places further if nothing stands in the way of fusing it with the current
 * one, or NULL. */
static inline const struct ebpf_insn *x64_next(const struct x64_lower *l, uint32_t ahead)
{
    uint32_t last = l->at + ahead;
    const struct x64_check *checks = l->plan.checks.data;
    if (l->in->code.flags & EBPF_CODE_BLINDED)
        return NULL; /* its constant has to be looked at first */
    if (l->next_check < l->plan.checks.count && checks[l->next_check].insn <= last)
        return NULL;
    if (last > l->last)
        return NULL;
    for (uint32_t i = l->at + 1; l->plan.wides.roles && i <= last; i++)
        if (x64_role(&l->plan, i) != EBPF_WIDE_KEEP)
            return NULL;
    return ebpf_program_at(l->in->program, l->at + ahead);
}

/* Where the jump of an instruction leads. */
static inline uint32_t x64_target(const struct x64_lower *l, const struct ebpf_insn *insn)
{
    return x64_thread(&l->plan, l->in, insn->target);
}

/* Goes on as if the next instruction had been lowered: it was done together with this one. */
void x64_take_next(struct x64_lower *l);

/* Notes that the flags are those of a result in a BPF register, compared with 0. */
static inline void x64_set_flags(struct x64_lower *l, unsigned reg, unsigned width)
{
    l->flags_at = l->at + 1;
    l->flags_reg = (uint8_t)reg;
    l->flags_width = (uint8_t)width;
}

/* A label that leaves the code before the current instruction. */
uint32_t x64_leave_label(struct x64_lower *l);

/* Writes code that is out of line; a fresh label where it starts. */
uint32_t x64_stub(struct x64_lower *l, struct x64_stub stub);
void x64_stubs(struct x64_lower *l);

/* The same for a place that asks the host, at the current instruction; it goes on at the label
 * `resume`.  `check` is for X64_SITE_MISS. */
uint32_t x64_site_stub(struct x64_lower *l, struct x64_site site, uint32_t resume);

/* The checks that the plan has before the current instruction. */
void x64_checks(struct x64_lower *l);

/* TMP2 = base + offset */
void x64_address(struct x64_lower *l, enum x64_reg base, int32_t offset);

/* dst = memory, extended to 64 bits. */
void x64_load(struct x64_lower *l, unsigned width, bool is_signed, enum x64_reg dst,
              struct x64_mem m);

/* A random number below 2^32. */
uint32_t x64_random(struct x64_lower *l);

/* Lowers the current instruction with its constant blinded; false if that is not needed. */
bool x64_lower_blinded(struct x64_lower *l);

/* A jump that looks up a table. */
void x64_lower_switch(struct x64_lower *l, const struct ebpf_insn *insn);

/* Lowers an instruction by its handler. */
void x64_lower_insn(struct x64_lower *l, const struct ebpf_insn *insn);

/* The wide access that is done in place of an instruction: one of those that have started and are
 * not all done. */
const struct ebpf_wide *x64_find_wide(struct x64_lower *l, uint32_t insn);

/* It at an address, in place of the current instruction. */
void x64_lower_wide(struct x64_lower *l, const struct ebpf_wide *wide, struct x64_mem m);

/* The current instruction, a load or store, at an address. */
void x64_load_from(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width,
                   struct x64_mem m);
void x64_store_to(struct x64_lower *l, const struct ebpf_insn *insn, unsigned width,
                  struct x64_mem m);

/* The current instruction makes the value of a BPF register: `width` bits of memory, or of another
 * register, without sign, the bytes swapped if `swap` is set.  If that is but the operand of what
 * follows, does both together; otherwise false, and nothing is done. */
struct x64_operand {
    struct x64_mem m;
    uint8_t reg;     /* BPF's, whose value it becomes */
    uint8_t width;   /* 8 to 64 */
    bool swap;
    bool in_reg;     /* m.base is a register whose lower bits it is */
};
bool x64_lower_operand(struct x64_lower *l, struct x64_operand operand);

/* Pays for so many instructions; keeps the flags. */
void x64_pay(struct x64_lower *l, int32_t charge);

/* A conditional jump by the flags, and the condition that is true of them if an operation is. */
void x64_jump_if(struct x64_lower *l, const struct ebpf_insn *insn, enum x64_cc cc);
enum x64_cc x64_condition(enum ebpf_oper oper);

/* An instruction that starts a sum, together with what follows; false if that does not pay. */
bool x64_lower_sum(struct x64_lower *l, const struct ebpf_insn *insn);

/* Lowers a call of map_lookup_elem in a better way than other calls, if there is one. */
struct ebpf_map;
bool x64_lower_lookup(struct x64_lower *l);
void x64_call_lookup(struct x64_lower *l, const struct ebpf_map *map, struct x64_mem key);

/* Calls a function of the host; the address goes through TMP. */
void x64_call_host(struct x64_lower *l, uintptr_t function);

/* The start of the program, of a function that local calls lead to, and what EXIT does. */
void x64_program_entry(struct x64_lower *l);
void x64_function_entry(struct x64_lower *l);
void x64_return(struct x64_lower *l);

/* Tells the run which part of the stack is live, before a helper looks at it.  Uses rax. */
void x64_sync_stack(struct x64_lower *l);

/* dst = dst, 32 bits: clears the upper half where it is not known to be zero.  `reg` is BPF's. */
void x64_zero_extend(struct x64_lower *l, unsigned reg);

/* Makes code of the whole program; the emitter's status tells whether that went well. */
void x64_lower_program(struct x64_lower *l);

/* The handlers: one per operation where the operation decides, else one per format. */
#define EBPF_OPER(id)
#define EBPF_ALU(id, symbol, value) x64_lower_fn x64_lower_##id;
#define EBPF_UNARY(id, symbol, value) x64_lower_fn x64_lower_##id;
#define EBPF_SWAP(id, symbol, value) x64_lower_fn x64_lower_##id;
#define EBPF_COND(id, symbol, value) x64_lower_fn x64_lower_##id;
#define EBPF_RMW(id, symbol, value) x64_lower_fn x64_lower_##id;
#include "ir/alu.def"
#undef EBPF_OPER
#undef EBPF_ALU
#undef EBPF_UNARY
#undef EBPF_SWAP
#undef EBPF_COND
#undef EBPF_RMW
x64_lower_fn x64_lower_CMPXCHG, x64_lower_jump, x64_lower_may_goto, x64_lower_call,
    x64_lower_call_local, x64_lower_callx, x64_lower_exit, x64_lower_load, x64_lower_store,
    x64_lower_load_acquire, x64_lower_store_release, x64_lower_imm64, x64_lower_packet,
    x64_lower_illegal;

#endif
