/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The safety verifier's inside: the run over a program that its files share. */
#ifndef IR_VERIFY_SAFETY_SAFETY_H
#define IR_VERIFY_SAFETY_SAFETY_H

#include "ir/dot.h"
#include "ir/env.h"
#include "ir/op.h"
#include "ir/pass.h"
#include "ir/verify/safety/state.h"

enum { EBPF_REASON = 320, EBPF_STEPS = 48 };

/* A chain of calls: the function that runs, and from where it was called. */
struct ebpf_call_chain {
    uint32_t parent, call; /* context and instruction of the call */
    uint32_t first;        /* entry of the function */
    uint32_t depth;
    bool calls_back;       /* a helper calls, and does so until it has had enough */
    uint32_t next;         /* in the hash table, or NONE */
};

/* What an instruction of an unprivileged program did on the first path that led there, and has to
 * do on all others: add a number of that range to an address; call into that map. */
struct ebpf_once {
    bool is_set, negative, constant;
    uint64_t limit;
    const struct ebpf_map_def *map;
};

/* Why an attempt was given up. */
enum ebpf_limit {
    EBPF_LIMIT_NONE,
    EBPF_LIMIT_VISITS, /* as many instructions were looked at as may be */
    EBPF_LIMIT_WORK,   /* as many values were compared and made as may be */
    EBPF_LIMIT_MEMORY, /* states took as much memory as they may */
    EBPF_LIMIT_UNLIKE  /* nothing holds for all states of a place */
};

/* What states and values of an attempt may take, in bytes. */
#define EBPF_STATES_MEMORY ((size_t)384 << 20)

struct ebpf_node;
struct ebpf_watch;
struct attempt;

struct ebpf_safety {
    struct ebpf_verify *verify;
    const struct ebpf_program *program;
    const struct ebpf_cfg *cfg;
    const struct ebpf_contract *contract;
    const struct ebpf_type_info *type;
    struct ebpf_mem mem;
    struct ebpf_values values;
    struct ebpf_fact *facts;    /* per instruction */
    struct ebpf_once *once;     /* the same, of unprivileged programs; or NULL */
    uint16_t *live;             /* registers, before each instruction */
    uint32_t *position;         /* of each instruction in the order of work */
    uint32_t *frame_use;        /* of each function: bytes of stack */
    struct ebpf_vec contexts;   /* struct ebpf_call_chain */
    uint32_t *chains;           /* hash table of contexts: the first of each list, or NONE */
    size_t chain_capacity;      /* a power of two, or 0 */
    struct ebpf_node **nodes;   /* hash table of places where states wait */
    size_t node_capacity, node_count;
    struct ebpf_node **heap;    /* those where states wait, first place first */
    size_t heap_capacity, heap_count;
    unsigned width;             /* how many states may wait at one place */
    bool hasty;                 /* loops are widened soon, and need not end */
    uint64_t steps[EBPF_STEPS]; /* where bounds stop on their way when they are widened so */
    unsigned step_count;
    /* While states are joined or compared: how many bytes the packet has at least in each. */
    uint64_t least_a, least_b;
    uint64_t visits, budget;    /* instructions looked at, and how many may be */
    uint64_t work, work_limit;  /* values of states looked at, and how many may be */
    size_t memory;              /* bytes of states */
    enum ebpf_limit limit;      /* the one that was reached */
    /* Of ebpf_loop_is_budgeted(): what is known of each loop; blocks to look at; of each block, the
     * last loop in which it was seen, plus 1; how much was looked at. */
    uint8_t *loop_kind;
    uint32_t *loop_stack, *seen_in;
    uint64_t loop_work;
    bool last_try;              /* go on behind what is not proven, for the facts */
    bool lost;                  /* some path was not followed to its end: no fact is one */
    bool no_memory;
    const struct attempt *chosen; /* the last attempt */
    uint32_t attempts;          /* how many there were */
    uint32_t states, states_now, states_most; /* of this attempt: made, there, there at once */
    struct ebpf_watch *watch;   /* while the attempt is explained; or NULL */
    struct ebpf_frame scratch;
    uint32_t insn;              /* the one that is looked at */
    /* Where *other goes if not to the target: what it calls back, or behind the call of the
     * function whose place another program takes; or NONE. */
    uint32_t other_at;
    /* The first thing that was not proven. */
    ebpf_status failure;
    uint32_t failed_insn;
    char reason[EBPF_REASON], where[EBPF_REASON];
    const char *advice;
};

static inline const struct ebpf_value *ebpf_unknown(const struct ebpf_safety *s)
{
    return s->values.unknown;
}

/* Whether it is asked what the kernel would say: it is one of its types, and no VM runs it. */
static inline bool ebpf_is_for_kernel(const struct ebpf_safety *s)
{
    return !s->contract->is_kernel_helper && !(s->type->flags & EBPF_TYPE_ANY_HELPER);
}

/* Values looked at; making one is worth many. */
static inline uint64_t ebpf_work(const struct ebpf_safety *s)
{
    return s->work + (uint64_t)s->values.count * 100;
}

/* Whether the attempt has reached one of its limits. */
static inline bool ebpf_gives_up(struct ebpf_safety *s)
{
    if (s->limit)
        return true;
    if (s->visits >= s->budget)
        s->limit = EBPF_LIMIT_VISITS;
    else if (ebpf_work(s) >= s->work_limit)
        s->limit = EBPF_LIMIT_WORK;
    else if (s->memory + s->values.count * sizeof(struct ebpf_value) > EBPF_STATES_MEMORY)
        s->limit = EBPF_LIMIT_MEMORY;
    return s->limit != EBPF_LIMIT_NONE;
}

/* Something is not proven: keeps the first such thing with the state that it was found in.  The
 * caller goes on as if the run-time check had passed. */
void ebpf_unproven(struct ebpf_safety *s, const struct ebpf_state *state, ebpf_status status,
                   const char *advice, const char *message, ...) EBPF_PRINTF(5, 6);

/* The same of the loop that starts at the instruction: it is not shown to end, which says nothing
 * of what the instruction does. */
void ebpf_endless(struct ebpf_safety *s, const struct ebpf_state *state, const char *why);

/* Forgets the contents of all stacks: a store that is not proven may have gone there. */
void ebpf_state_forget_stack(struct ebpf_safety *s, struct ebpf_state *state);

/* What becomes of a state behind an instruction. */
enum ebpf_step {
    EBPF_STEP_NEXT,
    EBPF_STEP_JUMP,  /* to the target */
    EBPF_STEP_FORK,  /* both: *other goes to the target, or to `other_at` */
    EBPF_STEP_CALL,  /* a frame was pushed */
    EBPF_STEP_RETURN, /* a frame was popped */
    EBPF_STEP_END
};

enum ebpf_step ebpf_step(struct ebpf_safety *s, struct ebpf_state *state, uint32_t index,
                         struct ebpf_state **other);

/* A register that is read; reports and gives `unknown` if it was not initialised. */
const struct ebpf_value *ebpf_read_reg(struct ebpf_safety *s, const struct ebpf_state *state,
                                       unsigned reg);

/* A value, with an id if its copies are to learn what is found of it: unless it has one, or there
 * is nothing to be found. */
const struct ebpf_value *ebpf_with_id(struct ebpf_safety *s, struct ebpf_state *state,
                                      const struct ebpf_value *value);

/* What an initialised register holds, with such an id. */
const struct ebpf_value *ebpf_identify(struct ebpf_safety *s, struct ebpf_state *state,
                                       unsigned reg);

/* The address where packet data starts, and a size of which nothing is known. */
const struct ebpf_value *ebpf_packet_start(struct ebpf_safety *s);
const struct ebpf_value *ebpf_packet_size(struct ebpf_safety *s);

/* Whether a value is where the packet ends. */
bool ebpf_is_packet_end(const struct ebpf_value *v);

/* What end - p is. */
const struct ebpf_value *ebpf_packet_rest(struct ebpf_safety *s, const struct ebpf_state *state,
                                          const struct ebpf_value *p);

/* Numbers and the size of the packet: by how much a number is below it at least, or -1 if that is
 * not known; `least` is the size's lower bound. */
int64_t ebpf_slack(const struct ebpf_value *number, uint64_t least);

/* The same number with that much slack. */
const struct ebpf_value *ebpf_with_slack(struct ebpf_safety *s, const struct ebpf_value *number,
                                         int64_t slack);

/* What the slack of the operand tells of the result. */
const struct ebpf_value *ebpf_keep_slack(struct ebpf_safety *s, const struct ebpf_op_info *info,
                                         const struct ebpf_value *result,
                                         const struct ebpf_value *a, const struct ebpf_value *b);

/* A jump has compared numbers: learns from that if one of them is the size of the packet. */
void ebpf_slack_compare(struct ebpf_safety *s, struct ebpf_state *state,
                        const struct ebpf_insn *insn, bool holds);

void ebpf_step_alu(struct ebpf_safety *s, struct ebpf_state *state, const struct ebpf_insn *insn);
enum ebpf_step ebpf_step_jump(struct ebpf_safety *s, struct ebpf_state *state,
                              const struct ebpf_insn *insn, struct ebpf_state **other);
void ebpf_step_memory(struct ebpf_safety *s, struct ebpf_state *state,
                      const struct ebpf_insn *insn);
enum ebpf_step ebpf_step_helper(struct ebpf_safety *s, struct ebpf_state *state,
                                const struct ebpf_insn *insn, struct ebpf_state **other);
enum ebpf_step ebpf_step_call(struct ebpf_safety *s, struct ebpf_state *state,
                              const struct ebpf_insn *insn);
enum ebpf_step ebpf_step_exit(struct ebpf_safety *s, struct ebpf_state *state);

/* Takes a frame for a function that the helper of the current instruction calls; its arguments are
 * still to be set.  False if it cannot be followed. */
bool ebpf_enter_callback(struct ebpf_safety *s, struct ebpf_state *state, uint32_t first);

/* Takes away the frame of a function that returns so to its caller. */
void ebpf_leave_function(struct ebpf_safety *s, struct ebpf_state *state,
                         const struct ebpf_value *r0);

/* Frees the contexts. */
void ebpf_contexts_free(struct ebpf_safety *s);

/* Whether an instruction calls a helper that calls back, which ends by itself. */
bool ebpf_calls_back(const struct ebpf_safety *s, uint32_t insn);

/* How many bytes behind the base of an address are known to be in the packet. */
uint32_t ebpf_packet_range(const struct ebpf_state *state, const struct ebpf_value *p);

/* Packet pointers: learns from a comparison.  Whether it was one of those. */
bool ebpf_packet_compare(struct ebpf_safety *s, struct ebpf_state *taken, struct ebpf_state *next,
                         enum ebpf_oper oper, const struct ebpf_value *a,
                         const struct ebpf_value *b);

/* Whether it may be assumed, and now is, that packets have so many bytes. */
bool ebpf_assume_packet(struct ebpf_safety *s, uint64_t bytes);

/* Which way such a comparison goes, if the packet is known to be too short. */
enum ebpf_branch ebpf_packet_decide(struct ebpf_safety *s, const struct ebpf_state *state,
                                    enum ebpf_oper oper, const struct ebpf_value *a,
                                    const struct ebpf_value *b);

/* An access as the checks see it. */
struct ebpf_access {
    const struct ebpf_value *base;
    int64_t offset;
    uint32_t size;      /* in bytes */
    bool load, store, atomic;
    bool helper;        /* by a helper; `size` may be anything */
    bool aligned;       /* it has to be, whatever was asked for */
    const char *what;   /* what to call the address in reports, such as "r1" */
};

/* Whether the access is proven to lie within its region; if not, that was reported. */
bool ebpf_check_access(struct ebpf_safety *s, struct ebpf_state *state,
                       const struct ebpf_access *access);

/* Stack accesses, which were checked. */
const struct ebpf_value *ebpf_stack_load(struct ebpf_safety *s, struct ebpf_state *state,
                                         const struct ebpf_access *access);
void ebpf_stack_store(struct ebpf_safety *s, struct ebpf_state *state,
                      const struct ebpf_access *access, const struct ebpf_value *value);
/* Whether a number that is stored in so many bytes is all there. */
bool ebpf_stack_fits(const struct ebpf_value *number, uint32_t size);
/* Reports bytes that a helper would read without their being written, or that hold addresses. */
void ebpf_stack_check_bytes(struct ebpf_safety *s, struct ebpf_state *state,
                            const struct ebpf_access *access);

/* Follows all paths; false if memory or the budget ran out, or something is not proven. */
bool ebpf_safety_explore(struct ebpf_safety *s);

/* Fills in `position`: loops stand together, their heads first. */
bool ebpf_safety_order(struct ebpf_safety *s);

/* Whether each way around the loop whose head an instruction is passes a may_goto that falls
 * through, which all of them together do so many times only. */
bool ebpf_loop_is_budgeted(struct ebpf_safety *s, uint32_t head);

/* --- explanations (watch.c) ------------------------------------------------------------------- */

/* How control came to a state: the turn before, the instruction, and where that led. */
struct ebpf_turn {
    const struct ebpf_turn *before;
    uint32_t insn, next;
    const struct ebpf_value *dst, *src; /* operands as they are known behind it */
};

/* Starts to watch an attempt; NULL if there is no memory. */
struct ebpf_watch *ebpf_watch_new(struct ebpf_safety *s);
void ebpf_watch_free(struct ebpf_safety *s);

/* A state is followed from an instruction on; it is about to execute one; it has, and goes on at
 * `next`, and *other, if there is one, goes to the target. */
void ebpf_watch_start(struct ebpf_safety *s, const struct ebpf_state *state, uint32_t insn);
void ebpf_watch_before(struct ebpf_safety *s, const struct ebpf_state *state, uint32_t insn);
void ebpf_watch_after(struct ebpf_safety *s, struct ebpf_state *state, struct ebpf_state *other,
                      enum ebpf_step step, uint32_t insn, uint32_t next);

/* The first thing that is not proven was found. */
void ebpf_watch_failed(struct ebpf_safety *s, const struct ebpf_state *state);

/* Writes why something is not proven, as JSON (why_json.c). */
void ebpf_why_write(struct ebpf_safety *s, const struct ebpf_state *state);

/* Writes what is wanted; values still stand. */
void ebpf_watch_end(struct ebpf_safety *s);

/* The path to the first thing that is not proven. */
const struct ebpf_waypoint *ebpf_watch_path(const struct ebpf_watch *watch, uint32_t *count);

#endif
