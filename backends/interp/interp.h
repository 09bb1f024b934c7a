/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The interpreter's inside: what a program is compiled to, and the state of a run.
 *
 * An instruction becomes a unit of 16 bytes that starts with the address of the function that
 * executes it.  That function ends with a jump to the function of the next unit, so there is no
 * loop, no decoding, and no counting: see docs/interpreter.md for why each thing is as it is.
 */
#ifndef INTERP_INTERP_H
#define INTERP_INTERP_H

#include <stdbool.h>

#include <ebpfvm/backend.h>

#include "backends/step.h"

struct unit;
struct frame;

/*
 * Executes a unit and what follows it.
 *
 *   limit  the index of the unit before which the budget runs out, if no jump is taken; jumps
 *          move it along, so that index and limit tell the rest of the budget at any time
 *   acc    the accumulator: what the last unit that had a result left in its register
 */
typedef ebpf_status unit_fn(const struct unit *u, struct frame *f, uint64_t limit, uint64_t acc);

struct unit {
    unit_fn *run;
    union {
        struct {
            uint8_t dst, src; /* registers, as byte offsets in struct frame */
            int16_t off;      /* displacement of a memory operand */
        };
        uint32_t jump; /* dst, and in the other 24 bits where a jump goes that needs imm */
    };
    int32_t imm; /* immediate; where a jump goes; index of a constant, helper or function */
};
_Static_assert(sizeof(struct unit) == 8 + sizeof(unit_fn *), "units are dense");

/* Memory that a register has pointed to before, at least SLOT_MIN bytes.  Empty ones do not exist:
 * a slot that nothing is known of yet holds memory of the run that is accessible anyway; under the
 * TRUSTED policy all slots hold everything. */
struct slot {
    uint64_t base, size;
};
enum { SLOT_MIN = 8 };

/* What a local call keeps of its caller. */
struct record {
    const struct unit *next;
    uint64_t saved[5];    /* r6 to r10 */
    uint64_t low;         /* where the caller's frame starts */
    uint32_t unused;      /* see struct clearing */
};

/* Deeper calls than this are left to the reference interpreter. */
enum { RECORDS = 16 };

/*
 * How much of a frame, from its start on, is not zero yet: what its function does not touch
 * directly is cleared only when something else may look at it.  Both in one word, for the sake of
 * the first frame.
 */
struct clearing {
    uint32_t unused; /* of the current frame, in bytes */
    uint32_t any;    /* whether any frame has such a part */
};

/* A run.  The current frame starts at run->stack_low. */
struct frame {
    uint64_t reg[EBPF_REG_COUNT + 1];      /* first: units have offsets; one more for alignment */
    struct slot loads[EBPF_REG_COUNT + 1]; /* by base register */
    struct slot stores[EBPF_REG_COUNT + 1];
    struct ebpf_run *run;
    const struct ebpf_code *code;
    struct clearing clearing;
    const uint32_t *raised;      /* the interrupt; only set if code->set_up */
    struct slot fallback;        /* for slots that nothing is known of */
    struct record *top;          /* the next free one */
    const struct unit *at;       /* between units, where these return to a loop */
    uint64_t limit, acc;
    struct record records[RECORDS];
};

/* What the compiler knows of a function. */
struct function {
    uint32_t frame;           /* size of its frame */
    uint32_t used;            /* how much of it, from its high end, is cleared at the start */
    struct clearing clearing; /* the rest, which no instruction touches directly */
};

struct ebpf_code {
    struct ebpf_mem mem;
    struct ebpf_compile in;      /* with `program` referenced and `frame_sizes` copied */
    uint32_t *frame_sizes;
    struct function *functions;
    uint16_t *kinds;             /* enum unit_kind of each, for people */
    uint32_t count;              /* of units, without the one behind the last */
    uint32_t longest;            /* how many units can run between two looks at the budget */
    uint16_t live;               /* registers that may be read before they are written, as bits */
    bool set_up;                 /* does a run need more than a frame? */
    bool only_computes;          /* does a run need nothing but registers? */
    struct function first;       /* functions[0] */
    uint64_t *constants;
    uint32_t constant_count;
    uint32_t load_count, store_count; /* base registers that slots are used of */
    uint8_t load_regs[EBPF_REG_COUNT], store_regs[EBPF_REG_COUNT];
    struct unit units[];         /* one per instruction, and one behind the last */
};

/* All units, and how to find the one for an instruction. */
#define UNIT(id, way, body, dst, src, oper, width, fx) UNIT_##id##_##way,
enum unit_kind {
#include "backends/interp/units.def"
    UNIT_COUNT
};
#undef UNIT
_Static_assert(UNIT_COUNT < UINT16_MAX, "kinds have 16 bits");

/* The functions that execute units, in run.c. */
extern unit_fn *const interp_unit_fns[UNIT_COUNT];

/* The function that executes `count` units at once, 2 to FUSED_MAX; NULL if there is none. */
enum { FUSED_MAX = 4 };
unit_fn *interp_fused(const uint16_t *kinds, unsigned count);

/* A run, from its first instruction on. */
ebpf_status interp_run(const struct ebpf_code *code, struct ebpf_run *run);

/* The same for programs that only compute, see struct ebpf_entry. */
struct ebpf_counted interp_compute(const struct ebpf_code *code, uint64_t r1, uint64_t r2);

/* Whether an access needs no check: through r10, and within its frame; proven, or trusted. */
bool interp_needs_no_check(const struct ebpf_code *code, uint32_t insn, unsigned base,
                           uint32_t frame);

/* Turns the program of code->in into units; the rest of `code` is filled in. */
ebpf_status interp_compile(struct ebpf_code *code, struct ebpf_diag *diag);

/* Where a jump that needs imm otherwise goes, counted from the next unit. */
static inline int32_t unit_jump(const struct unit *u)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return (int32_t)(u->jump << 8) >> 8;
#else
    return (int32_t)u->jump >> 8;
#endif
}

static inline void unit_set_jump(struct unit *u, uint8_t dst, int32_t distance)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    u->jump = (uint32_t)dst << 24 | ((uint32_t)distance & 0xffffff);
#else
    u->jump = (uint32_t)distance << 8 | dst;
#endif
}

#endif
