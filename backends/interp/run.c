/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The functions that execute units. */
#include "backends/interp/bodies.h"

#include "ir/op.h"
#include "ir/program.h"

void interp_clear(struct frame *f)
{
    memset((void *)(uintptr_t)f->run->stack_low, 0, f->clearing.unused);
    f->clearing = (struct clearing){0, 0};
    for (struct record *r = f->records; r < f->top; r++) {
        memset((void *)(uintptr_t)r->low, 0, r->unused);
        r->unused = 0;
    }
}

/* Returns from a local call: registers and the live part of the stack. */
static const struct unit *leave(struct frame *f, uint64_t reg[EBPF_REG_COUNT])
{
    const struct record *r = --f->top;
    memcpy(&reg[6], r->saved, sizeof(r->saved));
    f->run->stack_low = r->low;
    f->clearing.unused = r->unused;
    return r->next;
}

/* Leaves the rest of the run, from `u` on, to the reference interpreter. */
COLD ebpf_status unusual(ARGS)
{
    struct ebpf_run *run = f->run;
    struct ebpf_step step = {.code = &f->code->in, .run = run};
    (void)acc;
    interp_clear(f);
    run->budget = limit - unit_index(u, f);
    memcpy(step.reg, f->reg, sizeof(step.reg));
    for (;;) {
        step.insn = (uint32_t)unit_index(u, f);
        step.depth = (uint32_t)(f->top - f->records);
        ebpf_status status = ebpf_step_run(&step);
        if (status || run->ended)
            return status;
        if (f->top == f->records)
            break;
        u = leave(f, step.reg);
    }
    run->result = step.reg[0];
    return EBPF_OK;
}

/* An access outside its slot: elsewhere in the memory of the run, or a fault.  The slot is moved to
 * where the access is, so that the next ones find it. */
static bool admit(const struct ebpf_insn *insn, struct frame *f, uint64_t address)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    bool store = info->effects & EBPF_FX_STORE, atomic = info->format == EBPF_FMT_ATOMIC ||
                                                         info->format == EBPF_FMT_LOAD_ACQ ||
                                                         info->format == EBPF_FMT_STORE_REL;
    if (atomic && address % (info->width / 8u))
        return false;
    struct ebpf_region region;
    if (!ebpf_run_find(f->run, address, info->width / 8u, store, &region))
        return false;
    if (f->clearing.any && region.kind == EBPF_REGION_STACK)
        interp_clear(f);
    if (region.size >= SLOT_MIN) {
        struct slot *slot = store ? &f->stores[insn->dst] : &f->loads[insn->src];
        *slot = (struct slot){region.base, region.size};
    }
    return true;
}

/* Executes an access that missed its slot, whatever it is. */
#define LOAD_OF(oper, width) SET(ebpf_load##width##_##oper(address))
#define MISS_LDX(oper, width, fx) LOAD_OF(oper, width)
#define MISS_LOAD_ACQ(oper, width, fx) LOAD_OF(oper, width)
#define MISS_ST(oper, width, fx) ebpf_store##width##_##oper(address, SIMM)
#define MISS_STX(oper, width, fx) ebpf_store##width##_##oper(address, REG(u->src))
#define MISS_STORE_REL(oper, width, fx) ebpf_store##width##_##oper(address, REG(u->src))
#define MISS_ATOMIC(oper, width, fx)                                                               \
    uint64_t old = ebpf_rmw_at##width##_##oper(address, REG(u->src), f->reg[0]);                   \
    if ((fx) & F)                                                                                  \
        REG(u->src) = old;                                                                         \
    if ((fx) & R)                                                                                  \
        f->reg[0] = old
#define MISS_ALU_IMM(oper, width, fx)
#define MISS_ALU_REG(oper, width, fx)
#define MISS_ALU_UN(oper, width, fx)
#define MISS_END(oper, width, fx)
#define MISS_JA(oper, width, fx)
#define MISS_JA32(oper, width, fx)
#define MISS_JMP_IMM(oper, width, fx)
#define MISS_JMP_REG(oper, width, fx)
#define MISS_MAY_GOTO(oper, width, fx)
#define MISS_CALL(oper, width, fx)
#define MISS_CALLX(oper, width, fx)
#define MISS_CALL_LOCAL(oper, width, fx)
#define MISS_EXIT(oper, width, fx)
#define MISS_IMM64(oper, width, fx)
#define MISS_REF(oper, width, fx)
#define MISS_REF_OFF(oper, width, fx)
#define MISS_REF_FUNC(oper, width, fx)
#define MISS_LDABS(oper, width, fx)
#define MISS_LDIND(oper, width, fx)

static uint64_t access_anyway(const struct unit *u, struct frame *f, uint64_t address,
                              uint64_t kept)
{
    uint64_t *acc = &kept;
    switch (ebpf_program_at(f->code->in.program, (uint32_t)unit_index(u, f))->op) {
#define EBPF_INSN(id, mnemonic, op, disc, format, effects, group, oper, width)                     \
    case EBPF_OP_##id: {                                                                           \
        MISS_##format(oper, width, effects);                                                       \
        break;                                                                                     \
    }
#include "ir/opcodes.def"
#undef EBPF_INSN
    }
    return kept;
}

COLD ebpf_status miss(ARGS)
{
    const struct ebpf_insn *insn =
        ebpf_program_at(f->code->in.program, (uint32_t)unit_index(u, f));
    bool store = ebpf_op_table[insn->op].effects & EBPF_FX_STORE;
    uint64_t address = REG(store ? u->dst : u->src) + SOFF;
    if (!admit(insn, f, address))
        TAIL_RETURN unusual(PASS);
    acc = access_anyway(u, f, address, acc);
    GO(u + 1);
}

/* Jumps forwards. */
#define JUMP(distance_)                                                                            \
    int64_t distance = (distance_);                                                                \
    limit += (uint64_t)distance;                                                                   \
    GO(u + 1 + distance)

/* Jumps backwards, where the budget and the interrupt are looked at: from there to the next such
 * place no unit can be executed twice. */
#define JUMP_BACK(distance)                                                                        \
    if (!LIKELY(limit - unit_index(u, f) > f->code->longest) ||                                    \
        __atomic_load_n(f->raised, __ATOMIC_RELAXED))                                              \
        TAIL_RETURN unusual(PASS);                                                                 \
    JUMP(distance)

static ebpf_status enter(ARGS)
{
    const struct function *callee = &f->code->functions[u->imm];
    struct ebpf_run *run = f->run;
    struct record *r = f->top;
    uint64_t left = limit - unit_index(u, f), depth = (uint64_t)(r - f->records) + 1;
    if (left <= f->code->longest || __atomic_load_n(f->raised, __ATOMIC_RELAXED) ||
        depth > RECORDS || depth >= f->code->in.max_depth ||
        run->stack_low - (uintptr_t)run->stack < callee->frame)
        TAIL_RETURN unusual(PASS);
    r->next = u + 1;
    memcpy(r->saved, &f->reg[6], sizeof(r->saved));
    r->low = run->stack_low;
    r->unused = f->clearing.unused;
    f->top++;
    f->reg[EBPF_REG_FP] = run->stack_low;
    f->clearing.unused = callee->clearing.unused;
    f->clearing.any |= callee->clearing.any;
    memset((void *)(uintptr_t)(run->stack_low - callee->used), 0, callee->used);
    run->stack_low -= callee->frame;
    int64_t distance = unit_jump(u);
    limit += (uint64_t)distance;
    GO(u + 1 + distance);
}

/* Slots must not outlive a frame. */
static void shrink(struct slot *slots, const uint8_t *regs, uint32_t count, struct frame *f,
                   uint64_t dead)
{
    uint64_t low = f->run->stack_low, size = f->run->stack_end - low;
    for (uint32_t i = 0; i < count; i++) {
        struct slot *slot = &slots[regs[i]];
        if (slot->base == dead)
            *slot = size >= SLOT_MIN ? (struct slot){low, size} : f->fallback;
    }
}

static ebpf_status leave_fast(ARGS)
{
    const struct ebpf_code *code = f->code;
    uint64_t left = limit - unit_index(u, f) - 1, dead = f->run->stack_low;
    u = leave(f, f->reg);
    shrink(f->loads, code->load_regs, code->load_count, f, dead);
    shrink(f->stores, code->store_regs, code->store_count, f, dead);
    limit = unit_index(u, f) + left;
    if (left <= f->code->longest)
        TAIL_RETURN unusual(PASS);
    GO(u);
}

/* Goes on behind a helper that may have moved memory, and may have spent some of the budget. */
COLD ebpf_status go_on(ARGS)
{
    f->run->ended = EBPF_RUN_GOES_ON;
    u++;
    if (limit - unit_index(u, f) <= f->code->longest || !interp_guess_slots(f))
        TAIL_RETURN unusual(PASS);
    GO(u);
}

/* A tail call in a function that was called: it returns what the other program returns. */
COLD ebpf_status tail_call(ARGS)
{
    struct ebpf_run *run = f->run;
    uint64_t low = run->stack_low;
    interp_clear(f);
    run->budget = limit - unit_index(u, f) - 1;
    run->stack_low = f->reg[EBPF_REG_FP];
    run->depth = (uint32_t)(f->top - f->records);
    ebpf_status status = ebpf_run_tail(run);
    if (status || run->ended)
        return status;
    run->stack_low = low;
    f->reg[0] = acc = run->result;
    limit = run->budget + unit_index(u, f) + 1;
    if (!interp_guess_slots(f)) {
        u = leave(f, f->reg);
        limit = run->budget + unit_index(u, f);
        TAIL_RETURN unusual(PASS);
    }
    TAIL_RETURN leave_fast(PASS);
}

/* A helper ended the run, or wants something. */
COLD ebpf_status helper_ended(ARGS)
{
    struct ebpf_run *run = f->run;
    if (run->ended == EBPF_RUN_MOVED)
        TAIL_RETURN go_on(PASS);
    if (run->ended == EBPF_RUN_TAIL && f->top != f->records)
        TAIL_RETURN tail_call(PASS);
    run->budget = limit - unit_index(u, f) - 1;
    if (run->ended != EBPF_RUN_FAULTED)
        return EBPF_OK;
    return ebpf_run_fault_in_helper(run, (uint32_t)unit_index(u, f));
}

/* Calls a helper that calls functions of the program, unless the helper is unknown. */
COLD ebpf_status call_back(ARGS)
{
    struct ebpf_run *run = f->run;
    const struct ebpf_insn *insn =
        ebpf_program_at(f->code->in.program, (uint32_t)unit_index(u, f));
    uint64_t id = insn->op == EBPF_OP_CALL ? (uint32_t)insn->imm : f->reg[insn->dst];
    const struct ebpf_helper *helper =
        id <= UINT32_MAX ? ebpf_env_helper(f->code->in.env, (uint32_t)id) : NULL;
    if (!helper)
        TAIL_RETURN unusual(PASS);
    interp_clear(f);
    run->budget = limit - unit_index(u, f) - 1;
    run->depth = (uint32_t)(f->top - f->records) + 1;
    f->reg[0] = acc = helper->run_fn(run, helper->ctx, &f->reg[1]);
    limit = run->budget + unit_index(u, f) + 1;
    if (run->ended && run->ended != EBPF_RUN_MOVED)
        TAIL_RETURN helper_ended(PASS);
    TAIL_RETURN go_on(PASS);
}

COLD ebpf_status helper_out(ARGS)
{
    if (f->run->ended)
        TAIL_RETURN helper_ended(PASS);
    TAIL_RETURN call_back(PASS);
}

#define FINISH                                                                                     \
    if (f->top != f->records)                                                                      \
        TAIL_RETURN leave_fast(PASS);                                                              \
    f->run->budget = limit - unit_index(u, f) - 1;                                                 \
    f->run->result = f->reg[0];                                                                    \
    return EBPF_OK

#define TO(function) TAIL_RETURN function(PASS)

#define OUT_ALU_IMM TO(unusual) /* never */
#define OUT_ALU_REG TO(unusual)
#define OUT_ALU_UN TO(unusual)
#define OUT_END TO(unusual)
#define OUT_IMM64 TO(unusual)
#define OUT_JA JUMP(u->imm)
#define OUT_JMP_IMM JUMP(unit_jump(u))
#define OUT_JMP_REG OUT_JA
#define OUT_MAY_GOTO OUT_JA
#define OUT_JA_B JUMP_BACK(u->imm)
#define OUT_JMP_IMM_B JUMP_BACK(unit_jump(u))
#define OUT_JMP_REG_B OUT_JA_B
#define OUT_MAY_GOTO_B OUT_JA_B
#define OUT_CALL TO(helper_out)
#define OUT_CALLX TO(helper_out)
#define OUT_CALL_LOCAL TO(enter)
#define OUT_EXIT FINISH
#define OUT_LDX TO(miss)
#define OUT_ST TO(miss)
#define OUT_STX TO(miss)
#define OUT_ATOMIC TO(miss)
#define OUT_LOAD_ACQ TO(miss)
#define OUT_STORE_REL TO(miss)
#define OUT_LDABS TO(unusual)
#define OUT_LDIND TO(unusual)
#define OUT_WIDE_LOAD GO(u + 1 + u->imm)
#define OUT_WIDE_STORE GO(u + 1 + u->imm)
#define OUT_SKIP GO(u + 1 + u->imm)
#define OUT_ILLEGAL TO(unusual)

#define UNIT(id, way, body, dst_, src_, oper, width, fx)                                           \
    INLINE ebpf_status out_##id##_##way(ARGS)                                                      \
    {                                                                                              \
        OUT_##body;                                                                                \
    }                                                                                              \
    static ebpf_status run_##id##_##way(ARGS)                                                      \
    {                                                                                              \
        if (!do_##id##_##way(u, f, &acc))                                                          \
            TAIL_RETURN out_##id##_##way(PASS);                                                    \
        GO(u + 1);                                                                                 \
    }
#include "backends/interp/units.def"
#undef UNIT

unit_fn *const interp_unit_fns[UNIT_COUNT] = {
#define UNIT(id, way, body, dst_, src_, oper, width, fx) [UNIT_##id##_##way] = run_##id##_##way,
#include "backends/interp/units.def"
#undef UNIT
};

#define PART(unit)                                                                                 \
    if (!do_##unit(u, f, &acc))                                                                    \
        TAIL_RETURN out_##unit(PASS);                                                              \
    u++
#define PAIR(a, b)                                                                                 \
    static ebpf_status run_##a##_##b(ARGS)                                                         \
    {                                                                                              \
        PART(a);                                                                                   \
        PART(b);                                                                                   \
        GO(u);                                                                                     \
    }
#define TRIPLE(a, b, c)                                                                            \
    static ebpf_status run_##a##_##b##_##c(ARGS)                                                   \
    {                                                                                              \
        PART(a);                                                                                   \
        PART(b);                                                                                   \
        PART(c);                                                                                   \
        GO(u);                                                                                     \
    }
#define QUAD(a, b, c, d)                                                                           \
    static ebpf_status run_##a##_##b##_##c##_##d(ARGS)                                             \
    {                                                                                              \
        PART(a);                                                                                   \
        PART(b);                                                                                   \
        PART(c);                                                                                   \
        PART(d);                                                                                   \
        GO(u);                                                                                     \
    }
#include "backends/interp/fuse.def"
#undef PAIR
#undef TRIPLE
#undef QUAD

#define KEY(a, b, c, d)                                                                            \
    ((uint64_t)(a) << 48 | (uint64_t)(b) << 32 | (uint64_t)(c) << 16 | (uint64_t)(d))

unit_fn *interp_fused(const uint16_t *kinds, unsigned count)
{
    switch (KEY(kinds[0], kinds[1], count > 2 ? kinds[2] : 0, count > 3 ? kinds[3] : 0)) {
#define PAIR(a, b)                                                                                 \
    case KEY(UNIT_##a, UNIT_##b, 0, 0): return run_##a##_##b;
#define TRIPLE(a, b, c)                                                                            \
    case KEY(UNIT_##a, UNIT_##b, UNIT_##c, 0): return run_##a##_##b##_##c;
#define QUAD(a, b, c, d)                                                                           \
    case KEY(UNIT_##a, UNIT_##b, UNIT_##c, UNIT_##d): return run_##a##_##b##_##c##_##d;
#include "backends/interp/fuse.def"
#undef PAIR
#undef TRIPLE
#undef QUAD
    }
    return NULL;
}
