/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What is known at one place of the program: registers and stack of each frame, how much of the
 * packet is there, what has to be given back.  Copies share frames and stacks until they change.
 */
#ifndef IR_VERIFY_SAFETY_STATE_H
#define IR_VERIFY_SAFETY_STATE_H

#include <ebpfvm/insn.h>

#include "ir/verify/safety/value.h"

/* Offsets beyond this are refused: so sums of a few never overflow. */
enum { EBPF_FAR = 1 << 29 };

enum { EBPF_FRAMES = 8, EBPF_RANGES = 12, EBPF_ACQUIRED = 8 };

/* What a byte of the stack holds. */
enum ebpf_byte {
    EBPF_B_INVALID, /* nothing that was written */
    EBPF_B_MISC,    /* some number */
    EBPF_B_ZERO,
    EBPF_B_SPILL    /* part of a value that was stored */
};

/* Four bytes at a multiple of 4.  A value of up to 4 bytes stands in the cell where it starts; the
 * upper cell of one of 8 bytes has SPILL without a value. */
struct ebpf_cell {
    uint8_t bytes[4];
    uint32_t unused;
    const struct ebpf_value *value;
};

/* Cell i holds the bytes from -4(i+1) to -4i-1 relative to the frame pointer. */
struct ebpf_stack {
    uint32_t refs, count;
    struct ebpf_cell cells[];
};

struct ebpf_frame {
    uint32_t refs;
    const struct ebpf_value *regs[EBPF_REG_COUNT];
    struct ebpf_stack *stack; /* NULL if nothing was written */
};

/* How many values a frame has. */
static inline uint32_t ebpf_frame_work(const struct ebpf_frame *frame)
{
    return EBPF_REG_COUNT + (frame->stack ? frame->stack->count : 0);
}

/* So many bytes behind a base are in the packet. */
struct ebpf_range {
    uint32_t base, bytes;
};

struct ebpf_turn;

struct ebpf_state {
    struct ebpf_state *next; /* in the list of a node */
    struct ebpf_frame *frames[EBPF_FRAMES];
    const struct ebpf_value *size; /* of the packet */
    uint64_t ids;            /* a bit for each id that may be in use, modulo 64 */
    struct ebpf_range ranges[EBPF_RANGES];
    uint32_t acquired[EBPF_ACQUIRED]; /* ids of records to give back */
    const struct ebpf_turn *turn; /* how control came here; NULL unless somebody watches */
    uint32_t context;        /* chain of calls */
    uint8_t depth;           /* index of the current frame */
    uint8_t range_count, acquired_count;
    uint8_t back;            /* came along an edge that closes a loop */
    bool has_fresh;          /* there may be packet pointers that no comparison speaks of */
};

struct ebpf_safety;

/* A state with one frame that knows nothing but r10; NULL if there is no memory. */
struct ebpf_state *ebpf_state_new(struct ebpf_safety *s);
struct ebpf_state *ebpf_state_copy(struct ebpf_safety *s, const struct ebpf_state *from);
void ebpf_state_free(struct ebpf_safety *s, struct ebpf_state *state);

/* Adds a frame; false if there is no memory. */
bool ebpf_state_push_frame(struct ebpf_safety *s, struct ebpf_state *state);
void ebpf_state_pop_frame(struct ebpf_safety *s, struct ebpf_state *state);

/* A frame that may be changed.  Without memory a scratch one. */
struct ebpf_frame *ebpf_state_frame(struct ebpf_safety *s, struct ebpf_state *state,
                                    unsigned frame);

/* The cells of a frame that may be changed, at least `count` of them; NULL without memory. */
struct ebpf_cell *ebpf_state_cells(struct ebpf_safety *s, struct ebpf_state *state, unsigned frame,
                                   unsigned count);

static inline const struct ebpf_value *ebpf_reg(const struct ebpf_state *state, unsigned reg)
{
    return state->frames[state->depth]->regs[reg];
}

void ebpf_set_reg(struct ebpf_safety *s, struct ebpf_state *state, unsigned reg,
                  const struct ebpf_value *value);

/* Replaces every value, of registers and stacks, by what `map` makes of it; those that it returns
 * NULL for become uninitialised. */
typedef const struct ebpf_value *ebpf_remap(struct ebpf_safety *s, const struct ebpf_value *value,
                                            void *ctx);
void ebpf_state_remap(struct ebpf_safety *s, struct ebpf_state *state, ebpf_remap *map, void *ctx);

/* An id is going to be given anew: what has it from before loses it. */
void ebpf_state_forget_id(struct ebpf_safety *s, struct ebpf_state *state, uint32_t id);

/* How many bytes behind a base are known to be in the packet. */
uint32_t ebpf_state_range(const struct ebpf_state *state, uint32_t base);
void ebpf_state_set_range(struct ebpf_state *state, uint32_t base, uint32_t bytes);

/* Everything that `part` stands for, `whole` stands for too. */
bool ebpf_state_includes(struct ebpf_safety *s, const struct ebpf_state *whole,
                         const struct ebpf_state *part);

/* How much would be lost by joining; UINT32_MAX if they cannot be joined. */
uint32_t ebpf_state_distance(struct ebpf_safety *s, const struct ebpf_state *a,
                             const struct ebpf_state *b);

/* Makes *a stand for both; they can be joined. */
void ebpf_state_join(struct ebpf_safety *s, struct ebpf_state *a, const struct ebpf_state *b);

/* Makes *a, which stands for `old` as well, forget the numbers that changed. */
void ebpf_state_widen(struct ebpf_safety *s, struct ebpf_state *a, const struct ebpf_state *old,
                      bool far);

/* How many bytes the packet has at least. */
static inline uint64_t ebpf_state_least(const struct ebpf_state *state)
{
    return state->size ? state->size->number.umin : 0;
}

/* Forgets registers that are not live, and ids that one value alone has. */
void ebpf_state_tidy(struct ebpf_safety *s, struct ebpf_state *state, uint16_t live);

#endif
