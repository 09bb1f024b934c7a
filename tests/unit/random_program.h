/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Random programs that engines are compared on: well-formed, full of loops, calls, memory accesses
 * in and out of bounds, and registers that nobody set.  They may run for ever: give them a budget.
 */
#ifndef TESTS_RANDOM_PROGRAM_H
#define TESTS_RANDOM_PROGRAM_H

#include "ir/op.h"
#include "tests/unit/rig.h"

enum {
    RANDOM_INSNS = 120,
    RANDOM_FUNCTIONS = 4,
    RND_BYTES = 60 /* room that a word byte by byte may take */
};

struct random_program {
    uint64_t state; /* of the generator; the seed at first */
    struct ebpf_insn insns[RANDOM_INSNS + 16];
    uint32_t count;
    uint32_t first[RANDOM_FUNCTIONS + 1]; /* of each function */
    uint32_t functions;
};

/* A number below `below`; xorshift64*. */
static inline uint32_t rnd(struct random_program *p, uint32_t below)
{
    p->state ^= p->state >> 12;
    p->state ^= p->state << 25;
    p->state ^= p->state >> 27;
    return (uint32_t)((p->state * UINT64_C(2685821657736338717)) >> 33) % below;
}

static inline int64_t rnd_imm(struct random_program *p)
{
    static const int32_t some[] = {0, 1, -1, 2, 3, 7, 8, 10, 16, 31, 32, 33, 63, 64, 127, 128, 255,
                                   256, 1000, 65535, INT32_MAX, INT32_MIN, -2, -7, -128, 0x5555};
    if (rnd(p, 4) == 0)
        return (int32_t)(rnd(p, 1u << 30) << 2 | rnd(p, 4));
    return some[rnd(p, sizeof(some) / sizeof(some[0]))];
}

static inline struct ebpf_insn *rnd_add(struct random_program *p, enum ebpf_op op, unsigned dst,
                                        unsigned src)
{
    struct ebpf_insn *insn = &p->insns[p->count++];
    ebpf_insn_init(insn, op);
    insn->dst = (uint8_t)dst;
    insn->src = (uint8_t)src;
    return insn;
}

/* A row with one of the formats from `low` to `high`. */
static inline enum ebpf_op rnd_op(struct random_program *p, enum ebpf_format low,
                                  enum ebpf_format high)
{
    for (;;) {
        enum ebpf_op op = (enum ebpf_op)(1 + rnd(p, EBPF_OP_COUNT - 1));
        if (ebpf_op_table[op].format >= low && ebpf_op_table[op].format <= high)
            return op;
    }
}

/* r6 to r8 hold pointers, so they are changed less often. */
static inline unsigned rnd_dst(struct random_program *p)
{
    unsigned reg = rnd(p, 10);
    return reg >= 6 && reg <= 8 && rnd(p, 12) ? rnd(p, 6) : reg;
}

static inline void rnd_alu(struct random_program *p)
{
    enum ebpf_op op = rnd_op(p, EBPF_FMT_ALU_IMM, EBPF_FMT_END);
    struct ebpf_insn *insn = rnd_add(p, op, rnd_dst(p), 0);
    if (ebpf_op_table[op].format == EBPF_FMT_ALU_REG)
        insn->src = (uint8_t)rnd(p, 11);
    else if (ebpf_op_table[op].format == EBPF_FMT_ALU_IMM)
        insn->imm = rnd_imm(p);
}

/* A memory operand: mostly in bounds and aligned. */
static inline unsigned rnd_base(struct random_program *p, int16_t *off)
{
    unsigned kind = rnd(p, 20);
    *off = (int16_t)(rnd(p, 30) ? rnd(p, 7) * 8 + (rnd(p, 4) ? 0 : rnd(p, 8)) : rnd(p, 140) - 70);
    if (kind == 0)
        return rnd(p, 10);
    if (kind < 8) {
        *off = (int16_t)(*off - RIG_FRAME);
        return EBPF_REG_FP;
    }
    return kind < 14 ? 6 : kind < 19 ? 7 : 8;
}

static inline void rnd_memory(struct random_program *p)
{
    enum ebpf_op op = rnd(p, 5) ? rnd_op(p, EBPF_FMT_LDX, EBPF_FMT_STX)
                                : rnd_op(p, EBPF_FMT_ATOMIC, EBPF_FMT_STORE_REL);
    struct ebpf_insn insn;
    ebpf_insn_init(&insn, op);
    unsigned base = rnd_base(p, &insn.off);
    if (ebpf_op_table[op].effects & EBPF_FX_STORE) {
        insn.dst = (uint8_t)base;
        insn.src = (uint8_t)(ebpf_op_table[op].effects & EBPF_FX_DEF_SRC ? rnd_dst(p) : rnd(p, 11));
    } else {
        insn.src = (uint8_t)base;
        insn.dst = (uint8_t)rnd_dst(p);
    }
    if (ebpf_op_table[op].format == EBPF_FMT_ST)
        insn.imm = rnd_imm(p);
    p->insns[p->count++] = insn;
    if (rnd(p, 3) == 0 && ebpf_op_table[op].effects & EBPF_FX_DEF_DST)
        rnd_add(p, rnd_op(p, EBPF_FMT_END, EBPF_FMT_END), insn.dst, 0);
}

/* Something in between, now and then. */
static inline void rnd_interleave(struct random_program *p)
{
    if (rnd(p, 8) == 0)
        rnd_alu(p);
    else if (rnd(p, 16) == 0)
        rnd_memory(p);
}

/* A word loaded byte by byte, as compilers do where alignment is unknown. */
static inline void rnd_load_bytes(struct random_program *p)
{
    unsigned size = 2u << rnd(p, 3), a = rnd_dst(p), c = rnd_dst(p);
    bool swapped = rnd(p, 2);
    int16_t off;
    unsigned base = rnd_base(p, &off);
    for (unsigned i = 0; i < size; i++) {
        unsigned to = i ? c : a, shift = 8 * (swapped ? size - 1 - i : i);
        rnd_add(p, EBPF_OP_LDXB, to, base)->off = (int16_t)(off + (int)i);
        rnd_interleave(p);
        if (shift)
            rnd_add(p, EBPF_OP_LSH64_IMM, to, 0)->imm = shift;
        if (i)
            rnd_add(p, EBPF_OP_OR64_REG, a, c);
    }
}

static inline void rnd_store_bytes(struct random_program *p)
{
    unsigned size = 2u << rnd(p, 3), v = rnd(p, 10), t = rnd_dst(p);
    bool swapped = rnd(p, 2);
    int16_t off;
    unsigned base = rnd_base(p, &off);
    for (unsigned i = 0; i < size; i++) {
        if (i) {
            rnd_add(p, EBPF_OP_MOV64_REG, t, v);
            rnd_add(p, EBPF_OP_RSH64_IMM, t, 0)->imm = 8 * i;
        }
        rnd_interleave(p);
        rnd_add(p, EBPF_OP_STXB, base, i ? t : v)->off =
            (int16_t)(off + (int)(swapped ? size - 1 - i : i));
    }
}

/* A rotation, or nearly one. */
static inline void rnd_rotation(struct random_program *p, unsigned a, unsigned b, unsigned c)
{
    bool is_wide = rnd(p, 2), left_first = rnd(p, 2);
    unsigned width = is_wide ? 64 : 32, left = rnd(p, width + 1);
    enum ebpf_op move = is_wide ? EBPF_OP_MOV64_REG : EBPF_OP_MOV32_REG;
    enum ebpf_op shl = is_wide ? EBPF_OP_LSH64_IMM : EBPF_OP_LSH32_IMM;
    enum ebpf_op shr = is_wide ? EBPF_OP_RSH64_IMM : EBPF_OP_RSH32_IMM;
    rnd_add(p, move, a, b);
    rnd_add(p, left_first ? shl : shr, a, 0)->imm = left_first ? left : width - left;
    if (rnd(p, 3))
        rnd_add(p, move, c, b);
    else
        c = b;
    rnd_add(p, left_first ? shr : shl, c, 0)->imm = left_first ? width - left : left;
    if (rnd(p, 8) == 0)
        p->insns[p->count - 1].imm ^= 1;
    rnd_add(p, is_wide ? EBPF_OP_OR64_REG : EBPF_OP_OR32_REG, left_first ? a : c,
            left_first ? c : a);
    if (rnd(p, 4)) /* ends the life of the half that is not needed */
        rnd_add(p, EBPF_OP_MOV64_IMM, left_first ? c : a, 0)->imm = 1;
}

/* An address computed in steps, and an access through it; the sum may be needed further on. */
static inline void rnd_sum(struct random_program *p, unsigned a, unsigned b, unsigned c)
{
    if (rnd(p, 2))
        rnd_add(p, EBPF_OP_AND64_IMM, b == EBPF_REG_FP ? a : b, 0)->imm = 7;
    rnd_add(p, EBPF_OP_MOV64_REG, a, b);
    for (unsigned steps = 1 + rnd(p, 3); steps > 0; steps--)
        switch (rnd(p, 3)) {
        case 0: rnd_add(p, EBPF_OP_ADD64_REG, a, rnd(p, 3) ? 6 : EBPF_REG_FP); break;
        case 1: rnd_add(p, EBPF_OP_ADD64_IMM, a, 0)->imm = (int64_t)rnd(p, 40) - 20; break;
        default: rnd_add(p, EBPF_OP_LSH64_IMM, a, 0)->imm = rnd(p, 4);
        }
    if (rnd(p, 2))
        rnd_add(p, rnd_op(p, EBPF_FMT_LDX, EBPF_FMT_LDX), rnd(p, 2) ? a : c, a)->off =
            (int16_t)(rnd(p, 16) - 8);
    else
        rnd_add(p, rnd_op(p, EBPF_FMT_STX, EBPF_FMT_STX), a, c)->off = (int16_t)(rnd(p, 16) - 8);
    if (rnd(p, 3))
        rnd_add(p, EBPF_OP_MOV64_IMM, a, 0)->imm = 1;
}

/* An element of an array: an index, scaled in a register of its own, is added to a base. */
static inline void rnd_element(struct random_program *p, unsigned a, unsigned b)
{
    unsigned c = rnd_dst(p), base = rnd(p, 3) ? 6 : EBPF_REG_FP;
    rnd_add(p, EBPF_OP_AND64_IMM, a, 0)->imm = 7;
    if (rnd(p, 2))
        rnd_add(p, EBPF_OP_MOV64_REG, a, b);
    if (rnd(p, 3))
        rnd_add(p, EBPF_OP_LSH64_IMM, a, 0)->imm = rnd(p, 4);
    rnd_add(p, EBPF_OP_MOV64_REG, c, base);
    if (rnd(p, 2))
        rnd_add(p, EBPF_OP_ADD64_IMM, c, 0)->imm = (int64_t)rnd(p, 64) - 32;
    rnd_add(p, EBPF_OP_ADD64_REG, c, a);
    if (rnd(p, 2))
        rnd_add(p, EBPF_OP_MOV64_IMM, a, 0)->imm = 1;
    rnd_add(p, rnd_op(p, EBPF_FMT_LDX, EBPF_FMT_LDX), rnd(p, 2) ? a : b, c)->off =
        (int16_t)(rnd(p, 16) - 8);
    if (rnd(p, 2))
        rnd_add(p, EBPF_OP_MOV64_IMM, a, 0)->imm = 2;
}

/* The shapes that compilers fuse. */
static inline void rnd_pattern(struct random_program *p)
{
    unsigned a = rnd_dst(p), b = rnd(p, 10), c = rnd(p, 10);
    switch (rnd(p, 10)) {
    case 0:
        rnd_add(p, EBPF_OP_LSH64_IMM, a, 0)->imm = 32;
        rnd_add(p, rnd(p, 2) ? EBPF_OP_RSH64_IMM : EBPF_OP_ARSH64_IMM, a, 0)->imm = 32;
        break;
    case 1:
        rnd_add(p, EBPF_OP_MOV64_REG, a, b);
        rnd_add(p, rnd_op(p, EBPF_FMT_ALU_IMM, EBPF_FMT_ALU_IMM), a, 0)->imm = rnd_imm(p);
        break;
    case 2:
        rnd_add(p, EBPF_OP_MOV64_REG, a, b);
        rnd_add(p, rnd_op(p, EBPF_FMT_ALU_REG, EBPF_FMT_ALU_REG), a, c);
        break;
    case 3:
        rnd_add(p, EBPF_OP_MOV64_REG, a, b);
        rnd_add(p, EBPF_OP_LSH64_IMM, a, 0)->imm = rnd(p, 4);
        rnd_add(p, EBPF_OP_ADD64_REG, a, c);
        break;
    case 4: rnd_rotation(p, a, b, c); break;
    case 5:
        rnd_add(p, EBPF_OP_MOV64_REG, a, EBPF_REG_FP);
        rnd_add(p, EBPF_OP_ADD64_IMM, a, 0)->imm = -(int64_t)rnd(p, RIG_FRAME + 8);
        rnd_add(p, EBPF_OP_STXW, a, b)->off = (int16_t)rnd(p, 16);
        break;
    case 6: rnd_sum(p, a, b, c); break;
    case 8: rnd_element(p, a, rnd_dst(p)); break;
    case 7: /* its result's flags are those that the jump wants, if the width is right */
        rnd_add(p, rnd_op(p, EBPF_FMT_ALU_IMM, EBPF_FMT_ALU_IMM), a, 0)->imm = rnd_imm(p);
        rnd_add(p, rnd(p, 2) ? rnd(p, 2) ? EBPF_OP_JNE64_IMM : EBPF_OP_JEQ32_IMM
                             : rnd_op(p, EBPF_FMT_JMP_IMM, EBPF_FMT_JMP_IMM), a, 0)->imm = 0;
        break;
    default:
        rnd_add(p, EBPF_OP_AND64_IMM, a, 0)->imm = 31;
        rnd_add(p, EBPF_OP_ADD64_REG, a, rnd(p, 2) ? 6 : EBPF_REG_FP);
        rnd_add(p, EBPF_OP_LDXB, b, a)->off = (int16_t)(rnd(p, 2) ? 0 : -32);
    }
}

static inline void rnd_call(struct random_program *p, uint32_t function)
{
    unsigned kind = rnd(p, 8);
    if (kind < 3 && function + 1 < p->functions) {
        /* the target's index for now; fixed up when all functions are known */
        rnd_add(p, EBPF_OP_CALL_LOCAL, 0, 0)->imm =
            rnd(p, 6) ? function + 1 + rnd(p, p->functions - function - 1) : rnd(p, p->functions);
    } else if (kind == 3) {
        rnd_add(p, EBPF_OP_MOV64_IMM, 5, 0)->imm = rnd(p, 4);
        rnd_add(p, EBPF_OP_CALLX, 5, 0);
    } else {
        rnd_add(p, EBPF_OP_CALL, 0, 0)->imm = rnd(p, 30) ? 1 + rnd(p, 2) : 9;
    }
}

/* A jump to anywhere in the function; the target is fixed up later. */
static inline void rnd_jump(struct random_program *p)
{
    enum ebpf_op op = rnd(p, 12) ? rnd_op(p, EBPF_FMT_JMP_IMM, EBPF_FMT_JMP_REG)
                                 : rnd_op(p, EBPF_FMT_JA, EBPF_FMT_MAY_GOTO);
    struct ebpf_insn *insn = rnd_add(p, op, rnd(p, 10), 0);
    if (ebpf_op_table[op].format == EBPF_FMT_JMP_REG)
        insn->src = (uint8_t)rnd(p, 10);
    else if (ebpf_op_table[op].format == EBPF_FMT_JMP_IMM)
        insn->imm = rnd_imm(p);
    else
        insn->dst = 0;
}

static inline void rnd_statement(struct random_program *p, uint32_t function)
{
    switch (rnd(p, 24)) {
    case 0: rnd_call(p, function); break;
    case 1: case 2: case 3: rnd_jump(p); break;
    case 4: {
        uint64_t low = (uint64_t)rnd_imm(p);
        rnd_add(p, EBPF_OP_LDDW, rnd_dst(p), 0)->imm = (int64_t)(low << rnd(p, 33));
        break;
    }
    case 5: case 6: case 7: case 8: case 9: case 10: rnd_memory(p); break;
    case 11: case 12: case 13: rnd_pattern(p); break;
    case 14:
        if (rnd(p, 3) == 0) {
            enum ebpf_op op = rnd_op(p, EBPF_FMT_LDABS, EBPF_FMT_LDIND);
            rnd_add(p, op, 0, rnd(p, 10))->imm = rnd(p, 8) ? rnd(p, 60) : rnd_imm(p);
            if (ebpf_op_table[op].format == EBPF_FMT_LDABS)
                p->insns[p->count - 1].src = 0;
        }
        break;
    default: rnd_alu(p);
    }
}

static inline void rnd_function(struct random_program *p, uint32_t function, uint32_t end)
{
    p->first[function] = p->count;
    if (function == 0) {
        for (unsigned reg = 6; reg <= 8; reg++)
            rnd_add(p, EBPF_OP_MOV64_REG, reg, reg - 5);
    } else if (rnd(p, 2)) {
        for (unsigned reg = 6; reg <= 8; reg++)
            if (rnd(p, 2))
                rnd_add(p, EBPF_OP_MOV64_REG, reg, rnd(p, 6));
    }
    while (p->count < end - 4)
        if (end - p->count > RND_BYTES && rnd(p, 16) == 0)
            rnd(p, 2) ? rnd_load_bytes(p) : rnd_store_bytes(p);
        else
            rnd_statement(p, function);
    rnd_add(p, EBPF_OP_EXIT, 0, 0);
}

/* Gives jumps targets in their function, mostly forwards, and local calls theirs. */
static inline void rnd_fix(struct random_program *p)
{
    uint32_t pc[RANDOM_INSNS + 16], slots = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        pc[i] = slots;
        slots += ebpf_op_table[p->insns[i].op].slots;
    }
    for (uint32_t f = 0; f < p->functions; f++) {
        uint32_t first = p->first[f], last = p->first[f + 1] - 1;
        for (uint32_t i = first; i <= last; i++) {
            struct ebpf_insn *insn = &p->insns[i];
            uint32_t target;
            if (insn->op == EBPF_OP_CALL_LOCAL)
                target = p->first[insn->imm];
            else if (!(ebpf_op_table[insn->op].effects & EBPF_FX_JUMP))
                continue;
            else if (rnd(p, 5) && i < last)
                target = i + 1 + rnd(p, last - i < 12 ? last - i : 12);
            else
                target = first + rnd(p, last - first + 1);
            int32_t offset = (int32_t)pc[target] - (int32_t)pc[i] - 1;
            if (ebpf_target_field((enum ebpf_op)insn->op) == EBPF_FIELD_OFF)
                insn->off = (int16_t)offset;
            else
                insn->imm = offset;
        }
    }
}

static inline void random_program_make(struct random_program *p, uint64_t seed)
{
    memset(p, 0, sizeof(*p));
    p->state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    p->functions = rnd(p, 2) ? 1 : 1 + rnd(p, RANDOM_FUNCTIONS);
    uint32_t size = 12 + rnd(p, RANDOM_INSNS / p->functions - 12);
    for (uint32_t f = 0; f < p->functions; f++)
        rnd_function(p, f, p->count + size);
    p->first[p->functions] = p->count;
    rnd_fix(p);
}

#endif
