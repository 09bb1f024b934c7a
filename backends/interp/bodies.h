/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What each unit does, as two inline functions per row of units.def:
 *
 *   bool do_<unit>(u, f, &acc)               executes it; false if control does not go on to the
 *                                            next unit, or if what has to be done is unusual
 *   ebpf_status out_<unit>(u, f, limit, acc) what to do in that case, never returning to the unit
 *
 * Everything unusual - a fault, an interrupt, a nearly spent budget - is left to the reference
 * interpreter, which starts with the unit once more: nothing has happened by then.
 */
#ifndef INTERP_BODIES_H
#define INTERP_BODIES_H

#include "backends/access.h"
#include "backends/interp/thread.h"

INLINE uint64_t unit_index(const struct unit *u, const struct frame *f)
{
    return (uint64_t)(u - f->code->units);
}

/* Operands, by the letters of units.def. */
#define REG(offset) (*(uint64_t *)(void *)((char *)f + (offset)))
#define GET_M(offset) REG(offset)
#define GET_A(offset) (*acc)
#define GET_S(offset) REG(offset)
#define SET(value) (REG(u->dst) = *acc = (value))
#define WIDE(width, value) ((uint##width##_t)(value))
#define SIMM ((uint64_t)u->imm)
#define SOFF ((uint64_t)u->off)

/* Is an access within the memory that its base register has pointed to?  One comparison does for
 * both ends, since no slot is smaller than the largest access. */
INLINE bool slot_has(const struct slot *slots, unsigned offset, uint64_t address, uint64_t size)
{
    const struct slot *slot =
        (const struct slot *)(const void *)((const char *)slots + 2 * (size_t)offset);
    return LIKELY(address - slot->base <= slot->size - size);
}
#define HIT_M(slots, offset, width) slot_has(f->slots, offset, address, (width) / 8)
#define HIT_A(slots, offset, width) slot_has(f->slots, offset, address, (width) / 8)
#define HIT_S(slots, offset, width) true

void interp_clear(struct frame *f);

/* Forgets where accesses went; false if there is no memory to guess at. */
bool interp_guess_slots(struct frame *f);

/* Calls a helper; false if it ended the run. */
INLINE bool call_helper(const struct ebpf_helper *helper, struct frame *f, uint64_t *acc)
{
    uint64_t *r = f->reg;
    if (f->clearing.any)
        interp_clear(f);
    if (helper->fn) {
        r[0] = *acc = helper->fn(r[1], r[2], r[3], r[4], r[5]);
        return true;
    }
    if (helper->flags & EBPF_HELPER_CALLS_BACK)
        return false; /* see call_back() */
    r[0] = *acc = helper->run_fn(f->run, helper->ctx, &r[1]);
    return LIKELY(!f->run->ended);
}

/* The effects that decide where an atomic operation leaves the old value. */
enum { D = 0, U = 0, S = 0, L = 0, W = 0, J = 0, T = 0, C = 0, P = 0,
       F = EBPF_FX_DEF_SRC, R = EBPF_FX_CMPXCHG };

#define DO_ALU_IMM(dst_, src_, oper, width, fx)                                                    \
    SET(ebpf_alu##width##_##oper(WIDE(width, GET_##dst_(u->dst)), WIDE(width, SIMM)));             \
    return true
#define DO_ALU_REG(dst_, src_, oper, width, fx)                                                    \
    SET(ebpf_alu##width##_##oper(WIDE(width, GET_##dst_(u->dst)),                                  \
                                 WIDE(width, GET_##src_(u->src))));                                \
    return true
#define DO_ALU_UN(dst_, src_, oper, width, fx)                                                     \
    SET(ebpf_alu##width##_##oper(WIDE(width, GET_##dst_(u->dst))));                                \
    return true
#define DO_END(dst_, src_, oper, width, fx)                                                        \
    SET(ebpf_swap##width##_##oper(WIDE(width, GET_##dst_(u->dst))));                               \
    return true
#define DO_JMP_IMM(dst_, src_, oper, width, fx)                                                    \
    return !ebpf_cond##width##_##oper(WIDE(width, GET_##dst_(u->dst)), WIDE(width, SIMM))
#define DO_JMP_REG(dst_, src_, oper, width, fx)                                                    \
    return !ebpf_cond##width##_##oper(WIDE(width, GET_##dst_(u->dst)),                             \
                                      WIDE(width, GET_##src_(u->src)))
#define DO_JMP_IMM_B DO_JMP_IMM
#define DO_JMP_REG_B DO_JMP_REG
#define DO_JA(dst_, src_, oper, width, fx) return false
#define DO_JA_B DO_JA
#define DO_CALL_LOCAL DO_JA
#define DO_EXIT DO_JA
#define DO_ILLEGAL DO_JA
#define DO_MAY_GOTO(dst_, src_, oper, width, fx)                                                   \
    if (!f->run->may_goto)                                                                         \
        return false;                                                                              \
    f->run->may_goto--;                                                                            \
    return true
#define DO_MAY_GOTO_B DO_MAY_GOTO
#define DO_CALL(dst_, src_, oper, width, fx)                                                       \
    return call_helper(&f->code->in.env->helpers[u->imm], f, acc)
#define DO_CALLX(dst_, src_, oper, width, fx)                                                      \
    uint64_t id = REG(u->dst);                                                                     \
    const struct ebpf_helper *helper =                                                             \
        id <= UINT32_MAX ? ebpf_env_helper(f->code->in.env, (uint32_t)id) : NULL;                  \
    return helper && call_helper(helper, f, acc)
#define DO_LDX(dst_, src_, oper, width, fx)                                                        \
    uint64_t address = GET_##src_(u->src) + SOFF;                                                  \
    if (!HIT_##src_(loads, u->src, width))                                                         \
        return false;                                                                              \
    SET(ebpf_load##width##_##oper(address));                                                       \
    return true
#define STORE(dst_, oper, width, value)                                                            \
    uint64_t address = GET_##dst_(u->dst) + SOFF;                                                  \
    if (!HIT_##dst_(stores, u->dst, width))                                                        \
        return false;                                                                              \
    ebpf_store##width##_##oper(address, value);                                                    \
    return true
#define DO_ST(dst_, src_, oper, width, fx) STORE(dst_, oper, width, SIMM)
#define DO_STX(dst_, src_, oper, width, fx) STORE(dst_, oper, width, GET_##src_(u->src))
#define ALIGNED(slots, base, width)                                                                \
    uint64_t address = REG(base) + SOFF;                                                           \
    if (!HIT_M(slots, base, width) || address % ((width) / 8))                                     \
        return false
#define DO_LOAD_ACQ(dst_, src_, oper, width, fx)                                                   \
    ALIGNED(loads, u->src, width);                                                                 \
    SET(ebpf_load##width##_##oper(address));                                                       \
    return true
#define DO_STORE_REL(dst_, src_, oper, width, fx)                                                  \
    ALIGNED(stores, u->dst, width);                                                                \
    ebpf_store##width##_##oper(address, REG(u->src));                                              \
    return true
#define DO_ATOMIC(dst_, src_, oper, width, fx)                                                     \
    ALIGNED(stores, u->dst, width);                                                                \
    uint64_t old = ebpf_rmw_at##width##_##oper(address, REG(u->src), f->reg[0]);                   \
    if ((fx) & F)                                                                                  \
        REG(u->src) = old;                                                                         \
    if ((fx) & R)                                                                                  \
        f->reg[0] = old;                                                                           \
    return true
#define PACKET_LOAD(offset, oper, width)                                                           \
    uint64_t at = (offset), size = f->run->packet_size;                                            \
    if (at > size || size - at < (width) / 8)                                                      \
        return false;                                                                              \
    f->reg[0] = ebpf_load##width##_##oper((uintptr_t)f->run->packet + at);                         \
    if (f->code->in.kernel_packet)                                                                 \
        f->reg[0] = ebpf_from_network(f->reg[0], width);                                           \
    return true
#define DO_LDABS(dst_, src_, oper, width, fx) PACKET_LOAD(SIMM, oper, width)
#define DO_LDIND(dst_, src_, oper, width, fx) PACKET_LOAD(REG(u->src) + SIMM, oper, width)
#define DO_WIDE_LOAD(dst_, src_, oper, width, fx)                                                  \
    SET(ebpf_swap##width##_##oper((uint##width##_t)ebpf_load##width##_LOAD(REG(u->src) + SOFF)));  \
    return false
#define DO_WIDE_STORE(dst_, src_, oper, width, fx)                                                 \
    ebpf_store##width##_STORE(REG(u->dst) + SOFF,                                                  \
                              ebpf_swap##width##_##oper(WIDE(width, REG(u->src))));                \
    return false
#define DO_SKIP DO_JA
#define DO_IMM64(dst_, src_, oper, width, fx)                                                      \
    SET(f->code->constants[u->imm]);                                                               \
    return true

#define UNIT(id, way, body, dst_, src_, oper, width, fx)                                           \
    INLINE bool do_##id##_##way(const struct unit *u, struct frame *f, uint64_t *acc)              \
    {                                                                                              \
        (void)u, (void)f, (void)acc;                                                               \
        DO_##body(dst_, src_, oper, width, fx);                                                    \
    }
#include "backends/interp/units.def"
#undef UNIT

#endif
