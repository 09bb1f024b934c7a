/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What is decided about a program before its code is written: where instructions are counted,
 * which accesses are checked against what, and what of the stack is used.
 */
#ifndef BACKENDS_X86_64_PLAN_H
#define BACKENDS_X86_64_PLAN_H

#include <ebpfvm/backend.h>

#include "base/arena.h"
#include "ir/liveness.h"
#include "ir/op.h"
#include "ir/opt/wide.h"
#include "ir/program.h"

enum x64_place_flags {
    X64_LEADER = 1 << 0,     /* a block starts here */
    X64_TARGET = 1 << 1,     /* some jump leads here */
    X64_HEAD = 1 << 2,       /* a loop starts here */
    X64_CHECKPOINT = 1 << 3, /* what is left of the budget is compared here */
    X64_ENTRY = 1 << 4,      /* a function starts here */
    X64_INSIDE = 1 << 5,     /* the loop that starts here comes from the instruction before */
    X64_SKIPPED = 1 << 6,    /* the block is a jump that is not written: what leads here goes on */
    X64_ALIGNED = 1 << 7,    /* it pays to start a line here */
    X64_SWITCH = 1 << 8,     /* a jump that looks up a table */
    X64_SUBSUMED = 1 << 9,   /* the block is part of one, and not written */
    X64_OPEN = 1 << 10,      /* the walk that looks for loops has come to the block, */
    X64_LEFT = 1 << 11,      /* and is done with what it leads to */
    X64_SETTLED = 1 << 12    /* nothing is paid in advance for it, as at a checkpoint */
};

/* More instructions than any loop has. */
enum { X64_NEVER = INT32_MAX / 2 };

/* What a checked pointer most likely points to.  A wrong guess costs time, nothing else. */
enum x64_slot {
    X64_SLOT_ARG,    /* the region of r1 at the start */
    X64_SLOT_LOADED, /* what pointers loaded from there lead to: the packet */
    X64_SLOT_OTHER,  /* the region found last */
    X64_SLOT_COUNT,
    X64_SLOT_STACK = X64_SLOT_COUNT /* the frame of the function */
};

/* A check before an instruction: may `span` bytes at the register `base` + low be accessed? */
struct x64_check {
    uint32_t insn;
    int32_t low;
    uint32_t span;
    uint8_t base;    /* BPF register */
    uint8_t slot;    /* enum x64_slot */
    uint8_t store;   /* whether for stores, too */
};

/* Where a value of a switch leads, and what is charged on the way. */
struct x64_way {
    uint32_t block;
    int32_t charge;
};

/* A jump by a table: of `count` values from `low` on. */
struct x64_switch {
    uint32_t insn;
    int32_t low;
    uint32_t count;
    uint32_t first;              /* their ways, in x64_plan.ways */
    struct x64_way below, above; /* of values that are not in the table */
    bool is_signed;              /* what "below" means */
};

#define X64_NO_BLOCK UINT32_MAX

/* A straight piece of code. */
struct x64_block {
    uint32_t first, last; /* instructions */
    uint32_t to[2]; /* the blocks that follow, where it falls through to first, or X64_NO_BLOCK */
    int32_t total;  /* how many instructions are paid for when it starts */
    int32_t charge; /* how many of those are paid for there */
    int32_t round;  /* until a loop goes round, at least; X64_NEVER if none does */
};

/* A block (n = X64_THROUGH) or the edge from it to to[n]; larger the more often control comes
 * along, twice as often being X64_TWICE more. */
struct x64_arc {
    uint32_t block;
    uint16_t often;
    uint8_t n;
};

enum { X64_THROUGH = 2, X64_TWICE = 8 };

/* Of each function. */
struct x64_function {
    uint16_t touched; /* registers that it reads or writes, as bits */
    uint16_t defined; /* that it writes */
    uint8_t calls;    /* whether it calls anything */
    uint8_t leaks_fp; /* whether the address of its frame may be anywhere */
    int32_t stack_low; /* the lowest offset from r10 that it accesses directly */
    uint32_t height;   /* how deep calls in it may nest, if the plan's are bounded */
    /* Instructions on the longest way through it, calls included; 0 if there may be loops, or if
     * others than itself may have a say in it. */
    int32_t cost;
    bool is_checked;   /* some access in it is checked, if the plan's calls are bounded */
    bool is_constant;  /* all ways through it are that long */
    bool is_blind;     /* it has no use for a frame, nor the host for knowing that it runs */
};

struct x64_plan {
    struct ebpf_arena arena;
    uint16_t *flags;                /* of each instruction: bits of enum x64_place_flags */
    struct x64_function *functions; /* of each function */
    struct ebpf_reg_flow *flow;     /* of each instruction */
    struct ebpf_wides wides;        /* accesses byte by byte that are done at once */
    /* What an instruction that does one reads and writes; NULL if there are none. */
    uint16_t *wide_uses, *wide_defs;
    struct ebpf_vec checks;         /* struct x64_check, in order of `insn` */
    struct ebpf_vec switches;       /* struct x64_switch */
    struct ebpf_vec ways;           /* struct x64_way */
    uint16_t live_at_start;         /* registers that a function may read before it writes them */
    struct x64_block *blocks; /* successors first, but for those that loops start with */
    uint32_t block_count;
    /* If there are not too many blocks: all arcs, the most used first; of each block, how often it
     * runs; and what is paid for on the way to to[n], NULL if nothing is. */
    struct x64_arc *arcs;
    uint32_t arc_count;
    uint16_t *often;
    int32_t (*on_way)[2];
    uint32_t *block_of; /* the number of the block that each leader starts */
    uint32_t *order;    /* the first instruction of each block, as they are to be written */
    uint32_t order_count;
    uint32_t heads;     /* how many jumps lead back to where a loop starts */
    bool has_local_calls; /* of functions that have frames, or that may be left */
    bool is_bounded;    /* calls cannot nest too deeply */
    bool frames_differ; /* in size, so that calls have to look at what is left of the stack */
    bool uses_fp;      /* r10 is needed */
    bool needs_frame;  /* the code needs struct x64_frame */
    bool needs_run;    /* and in it a struct ebpf_run, from the start on */
    bool fp_escapes;   /* the address of some frame may be anywhere */
    bool counts;       /* some instruction but the first charges the budget */
    uint32_t zeroed;   /* how much of the frame must be zero when a sole function starts */
    int32_t reserve;   /* what may still be charged between two comparisons of the budget */
};

/* The block that starts at an instruction. */
static inline struct x64_block *x64_block_at(const struct x64_plan *plan, uint32_t leader)
{
    return &plan->blocks[plan->block_of[leader]];
}

/* What becomes of an instruction that may be part of a wide access. */
static inline enum ebpf_wide_role x64_role(const struct x64_plan *plan, uint32_t insn)
{
    return plan->wides.roles ? (enum ebpf_wide_role)plan->wides.roles[insn] : EBPF_WIDE_KEEP;
}

ebpf_status x64_plan_make(struct x64_plan *plan, const struct ebpf_compile *in);
void x64_plan_free(struct x64_plan *plan);

/* Whether an instruction may need a run; accesses do only if they are checked. */
bool x64_needs_run(const struct ebpf_insn *insn);

/* The function that a local call leads to. */
static inline struct x64_function *x64_callee(const struct x64_plan *plan,
                                              const struct ebpf_program *program,
                                              const struct ebpf_insn *call)
{
    return &plan->functions[ebpf_program_function_of(program, call->target)];
}

/* Whether a function's callers pay for it: its ways are all as long, and it cannot be left. */
static inline bool x64_is_paid_for(const struct x64_function *f)
{
    return f->is_constant && f->is_blind;
}

/* The parts of it. */
ebpf_status x64_plan_loops(struct x64_plan *plan, const struct ebpf_program *program);
void x64_plan_calls(struct x64_plan *plan, const struct ebpf_compile *in);
ebpf_status x64_plan_runs(struct x64_plan *plan, const struct ebpf_program *program);
ebpf_status x64_plan_budget(struct x64_plan *plan, const struct ebpf_program *program);
ebpf_status x64_plan_checks(struct x64_plan *plan, const struct ebpf_compile *in);
ebpf_status x64_plan_switches(struct x64_plan *plan, const struct ebpf_compile *in);
ebpf_status x64_plan_layout(struct x64_plan *plan, const struct ebpf_compile *in);

/* What is paid for on the way from a block to to[n]. */
static inline int32_t x64_on_way(const struct x64_plan *plan, uint32_t block, unsigned n)
{
    return plan->on_way ? plan->on_way[block][n] : 0;
}

/* Whether a block is but a jump. */
static inline bool x64_is_jump(const struct ebpf_program *program, const struct x64_block *b)
{
    uint8_t format = ebpf_op_table[ebpf_program_at(program, b->first)->op].format;
    return b->first == b->last && (format == EBPF_FMT_JA || format == EBPF_FMT_JA32);
}

/* Whether it would take too long to find out which blocks run often, for what that is worth. */
static inline bool x64_has_many_blocks(const struct x64_plan *plan)
{
    return plan->block_count > 1 << 16;
}

/* Where a jump to an instruction leads, past blocks that are not written. */
static inline uint32_t x64_thread(const struct x64_plan *plan, const struct ebpf_compile *in,
                                  uint32_t target)
{
    while (target < ebpf_program_count(in->program) && plan->flags[target] & X64_SKIPPED)
        target = ebpf_program_at(in->program, target)->target;
    return target;
}

/* The successors of the block that `insn` ends, into to[2]; returns how many. */
int x64_successors(const struct ebpf_program *program, uint32_t insn, uint32_t to[2]);

#endif
