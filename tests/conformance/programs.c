/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The programs: each folds what many instances of one instruction compute into its result. */
#include <string.h>

#include "tests/conformance/conformance.h"

static const uint64_t values[] = {
    0, 1, UINT64_MAX, 2, 7, (uint64_t)-7, UINT64_C(1) << 63, INT64_MAX, 0x80000000, INT32_MAX,
    UINT32_MAX, UINT64_C(1) << 32, UINT64_C(0xffffffff80000000), UINT64_C(0x123456789abcdef0),
    UINT64_C(0xfedcba9876543210), 33, 63};
enum { VALUES = sizeof(values) / sizeof(values[0]), PAIRS = 4 };

/* Registers of a program: the address of the memory, what is folded, and two operands. */
struct roles {
    unsigned base, sum, dst, src;
};

static uint64_t state;

static uint32_t below(uint32_t limit)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % limit);
}

static void put(struct program *p, int opcode, unsigned dst, unsigned src, int off, int64_t imm)
{
    p->slots[p->count++] = (struct slot){(uint8_t)opcode, (uint8_t)dst, (uint8_t)src,
                                         (int16_t)off, (int32_t)imm};
}

static void put_lddw(struct program *p, unsigned dst, uint64_t value)
{
    put(p, LD | IMM | SIZE_DW, dst, 0, 0, (int32_t)value);
    put(p, 0, 0, 0, 0, (int32_t)(value >> 32));
}

static void fold(struct program *p, unsigned sum, unsigned reg)
{
    put(p, ALU64 | MUL | K, sum, 0, 0, 1000003);
    put(p, ALU64 | XOR | X, sum, reg, 0, 0);
}

static void fill_memory(struct program *p)
{
    for (unsigned i = 0; i < 8 * VALUES; i++)
        p->memory[i] = (uint8_t)(values[i / 8] >> (8 * (i % 8)));
    p->memory_size = 8 * VALUES;
}

static struct roles begin(struct program *p, unsigned pair)
{
    struct roles r = {.dst = below(10), .src = below(10)};
    if (pair == 0)
        r.src = r.dst;
    do
        r.base = below(10);
    while (r.base == r.dst || r.base == r.src);
    do
        r.sum = below(10);
    while (r.sum == r.dst || r.sum == r.src || r.sum == r.base);
    fill_memory(p);
    put(p, ALU64 | MOV | X, r.base, 1, 0, 0);
    put(p, ALU64 | MOV | K, r.sum, 0, 0, 0);
    return r;
}

static void finish(struct program *p, unsigned sum)
{
    put(p, ALU64 | MOV | X, 0, sum, 0, 0);
    put(p, JMP | EXIT, 0, 0, 0, 0);
}

static void load_operands(struct program *p, const struct roles *r, unsigned i, unsigned j)
{
    put(p, LDX | MEM | SIZE_DW, r->src, r->base, (int)(8 * j), 0);
    put(p, LDX | MEM | SIZE_DW, r->dst, r->base, (int)(8 * i), 0);
}

/* --- arithmetic: class, form and operation, with every pair of operands --- */

static const struct {
    int op;
    int off;
    bool is_unary;
} operations[] = {
    {ADD, 0, false}, {SUB, 0, false}, {MUL, 0, false}, {DIV, 0, false}, {DIV, 1, false},
    {MOD, 0, false}, {MOD, 1, false}, {OR, 0, false}, {AND, 0, false}, {XOR, 0, false},
    {LSH, 0, false}, {RSH, 0, false}, {ARSH, 0, false}, {MOV, 0, false}, {MOV, 8, false},
    {MOV, 16, false}, {MOV, 32, false}, {NEG, 0, true}};
enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

static bool alu(struct program *p, unsigned n)
{
    unsigned pair = n % PAIRS, form = n / PAIRS % 2 ? X : K;
    unsigned class = n / PAIRS / 2 % 2 ? ALU64 : ALU, which = n / PAIRS / 4;
    if (which >= OPERATIONS)
        return false;
    int op = operations[which].op, off = operations[which].off;
    /* No sign extension of constants, nor of 32 to 32 bits; no second operand of neg. */
    bool is_none = (op == MOV && off && (form == K || (off == 32 && class == ALU))) ||
                   (operations[which].is_unary && form == X);
    const struct roles r = begin(p, pair);
    for (unsigned i = 0; i < VALUES && !is_none; i++) {
        for (unsigned j = 0; j < VALUES; j++) {
            load_operands(p, &r, i, j);
            int32_t imm = form == X || operations[which].is_unary ? 0 : (int32_t)values[j];
            put(p, (int)(class | form) | op, r.dst, form == X ? r.src : 0, off, imm);
            fold(p, r.sum, r.dst);
        }
    }
    finish(p, r.sum);
    return true;
}

static bool swaps(struct program *p, unsigned dst)
{
    if (dst > 9)
        return false;
    struct roles r = {.base = dst == 6 ? 7 : 6, .sum = dst == 8 ? 9 : 8, .dst = dst, .src = dst};
    fill_memory(p);
    put(p, ALU64 | MOV | X, r.base, 1, 0, 0);
    put(p, ALU64 | MOV | K, r.sum, 0, 0, 0);
    for (unsigned i = 0; i < VALUES; i++) {
        for (int bits = 16; bits <= 64; bits *= 2) {
            for (unsigned kind = 0; kind < 3; kind++) {
                static const int opcodes[] = {ALU | END | K, ALU | END | X, ALU64 | END | K};
                load_operands(p, &r, i, i);
                put(p, opcodes[kind], dst, 0, 0, bits);
                fold(p, r.sum, dst);
            }
        }
    }
    finish(p, r.sum);
    return true;
}

/* --- jumps --- */

static const int conditions[] = {JEQ, JGT, JGE, JSET, JNE, JSGT, JSGE, JLT, JLE, JSLT, JSLE};
enum { CONDITIONS = sizeof(conditions) / sizeof(conditions[0]) };

static bool jumps(struct program *p, unsigned n)
{
    unsigned pair = n % PAIRS, form = n / PAIRS % 2 ? X : K;
    unsigned class = n / PAIRS / 2 % 2 ? JMP : JMP32, which = n / PAIRS / 4;
    if (which >= CONDITIONS)
        return false;
    const struct roles r = begin(p, pair);
    for (unsigned i = 0; i < VALUES; i++) {
        for (unsigned j = 0; j < VALUES; j++) {
            load_operands(p, &r, i, j);
            put(p, (int)(class | form) | conditions[which], r.dst, form == X ? r.src : 0, 1,
                form == X ? 0 : (int32_t)values[j]);
            put(p, ALU64 | ADD | K, r.sum, 0, 0, 1);
            put(p, ALU64 | MUL | K, r.sum, 0, 0, 1000003);
        }
    }
    finish(p, r.sum);
    return true;
}

/* `ja` and `gotol`, back and forth: the pieces of a program stand in reverse order. */
static bool reversed(struct program *p, unsigned n)
{
    enum { PIECES = 2000 };
    if (n > 1)
        return false;
    int opcode = n ? JMP32 | JA : JMP | JA;
    put(p, opcode, 0, 0, n ? 0 : 3 * PIECES, n ? 3 * PIECES : 0);
    put(p, JMP | EXIT, 0, 0, 0, 0);
    for (int i = 0; i < PIECES; i++) {
        put(p, ALU64 | ADD | K, 0, 0, 0, i);
        put(p, ALU64 | MUL | K, 0, 0, 0, 3);
        put(p, opcode, 0, 0, n ? 0 : i ? -6 : -4, n ? (i ? -6 : -4) : 0);
    }
    put(p, opcode, 0, 0, n ? 0 : -4, n ? -4 : 0);
    return true;
}

static bool loops(struct program *p, unsigned n)
{
    static const int32_t rounds[] = {1, 1000, 10000000};
    if (n >= 3)
        return false;
    put_lddw(p, 0, UINT64_C(0xcbf29ce484222325));
    put(p, ALU64 | MOV | K, 6, 0, 0, rounds[n]);
    put(p, ALU64 | XOR | X, 0, 6, 0, 0);
    put(p, ALU64 | MUL | K, 0, 0, 0, 16777619);
    put(p, ALU64 | SUB | K, 6, 0, 0, 1);
    put(p, JMP | JNE | K, 6, 0, -4, 0);
    put(p, JMP | EXIT, 0, 0, 0, 0);
    return true;
}

/* --- memory --- */

/* Every size at every alignment, in the memory and on all of the stack. */
static bool memory(struct program *p, unsigned n)
{
    static const int sizes[] = {SIZE_B, SIZE_H, SIZE_W, SIZE_DW};
    if (n >= 8)
        return false;
    unsigned size = n % 4, bytes = 1u << size;
    bool is_stack = n / 4;
    unsigned base = is_stack ? 10 : 6, room = is_stack ? STACK : 8 * VALUES;
    int low = is_stack ? -STACK : 0;
    fill_memory(p);
    put(p, ALU64 | MOV | X, 6, 1, 0, 0);
    put(p, ALU64 | MOV | K, 9, 0, 0, 0);
    put_lddw(p, 7, UINT64_C(0x8182838485868788));
    for (unsigned at = 0; at + bytes <= room; at++) {
        int off = low + (int)at;
        put(p, at % 3 ? STX | MEM | sizes[size] : ST | MEM | sizes[size], base, at % 3 ? 7 : 0,
            off, at % 3 ? 0 : -(int)at);
        put(p, ALU64 | ADD | K, 7, 0, 0, 0x01020304);
        put(p, LDX | (at % 2 && size < 3 ? MEMSX : MEM) | sizes[size], 8, base, off, 0);
        fold(p, 9, 8);
    }
    for (unsigned at = 0; at < room; at += 8) {
        put(p, LDX | MEM | SIZE_DW, 8, base, low + (int)at, 0);
        fold(p, 9, 8);
    }
    finish(p, 9);
    return true;
}

/* One access, that may be outside: one byte before the first and behind the last one. */
static bool bounds(struct program *p, unsigned n)
{
    static const int sizes[] = {SIZE_B, SIZE_H, SIZE_W, SIZE_DW};
    if (n >= 32)
        return false;
    unsigned size = n % 4, bytes = 1u << size;
    bool is_stack = n / 4 % 2, is_behind = n / 8 % 2, is_outside = n / 16;
    int room = is_stack ? STACK : 16, low = is_stack ? -STACK : 0;
    int off = is_behind ? low + room - (int)bytes + is_outside : low - is_outside;
    fill_memory(p);
    p->memory_size = 16;
    put(p, LDX | MEM | sizes[size], 0, is_stack ? 10 : 1, off, 0);
    put(p, STX | MEM | sizes[size], is_stack ? 10 : 1, 2, off, 0);
    put(p, JMP | EXIT, 0, 0, 0, 0);
    return true;
}

/* The memory may be empty: r2 is 0 then, and nothing may be read. */
static bool no_memory(struct program *p, unsigned n)
{
    if (n > 1)
        return false;
    put(p, ALU64 | MOV | X, 0, 2, 0, 0);
    if (n)
        put(p, LDX | MEM | SIZE_B, 0, 1, 0, 0);
    put(p, JMP | EXIT, 0, 0, 0, 0);
    return true;
}

/* --- atomic operations --- */

static const int atomics[] = {ADD, OR, AND, XOR, ADD | FETCH, OR | FETCH, AND | FETCH, XOR | FETCH,
                              XCHG, CMPXCHG};
enum { ATOMICS = sizeof(atomics) / sizeof(atomics[0]) };

static bool atomic(struct program *p, unsigned n)
{
    unsigned which = n % ATOMICS, src = n / ATOMICS % 10;
    bool is_wide = n / ATOMICS / 10 % 2;
    if (n / ATOMICS / 10 > 1)
        return false;
    unsigned base = src == 6 ? 7 : 6, sum = src == 8 ? 9 : 8, dst = src == 4 ? 5 : 4;
    fill_memory(p);
    put(p, ALU64 | MOV | X, base, 1, 0, 0);
    put(p, ALU64 | MOV | K, sum, 0, 0, 0);
    put(p, ALU64 | MOV | X, dst, 10, 0, 0);
    for (unsigned i = 0; i < VALUES; i++) {
        for (unsigned j = 0; j < VALUES; j++) {
            int off = -16 + (is_wide ? 0 : 4 * (int)(i % 2));
            /* r0 is what the memory holds every other time. */
            put(p, LDX | MEM | SIZE_DW, 0, base, (int)(8 * i), 0);
            put(p, STX | MEM | SIZE_DW, dst, 0, -16, 0);
            if (j % 2)
                put(p, LDX | MEM | SIZE_DW, 0, base, (int)(8 * j), 0);
            if (src)
                put(p, LDX | MEM | SIZE_DW, src, base, (int)(8 * j), 0);
            put(p, STX | ATOMIC | (is_wide ? SIZE_DW : SIZE_W), dst, src, off, atomics[which]);
            fold(p, sum, 0);
            fold(p, sum, src);
            put(p, LDX | MEM | SIZE_DW, 0, dst, -16, 0);
            fold(p, sum, 0);
        }
    }
    finish(p, sum);
    return true;
}

/* 5.3: an address that is not aligned is a fault. */
static bool unaligned(struct program *p, unsigned n)
{
    unsigned which = n % ATOMICS, at = n / ATOMICS % 9;
    bool is_wide = n / ATOMICS / 9 % 2;
    if (n / ATOMICS / 9 > 1)
        return false;
    put(p, ALU64 | MOV | K, 3, 0, 0, 1);
    put(p, STX | ATOMIC | (is_wide ? SIZE_DW : SIZE_W), 10, 3, -16 + (int)at, atomics[which]);
    put(p, LDX | MEM | SIZE_DW, 0, 10, -16, 0);
    put(p, JMP | EXIT, 0, 0, 0, 0);
    return true;
}

/* --- immediates and calls --- */

static bool immediates(struct program *p, unsigned n)
{
    if (n)
        return false;
    put(p, ALU64 | MOV | K, 9, 0, 0, 0);
    for (unsigned dst = 0; dst < 9; dst++) {
        for (unsigned i = 0; i < VALUES; i++) {
            put_lddw(p, dst, values[i]);
            fold(p, 9, dst);
        }
    }
    finish(p, 9);
    return true;
}

/* Helper 5 by its id and by a register that holds it; another one is refused. */
static bool helpers(struct program *p, unsigned n)
{
    if (n > 11)
        return false;
    for (unsigned reg = 6; reg <= 9; reg++)
        put_lddw(p, reg, values[13] * reg);
    put_lddw(p, 1, values[14]);
    if (n < 10) {
        put(p, ALU64 | MOV | K, n, 0, 0, 5);
        put(p, JMP | CALL | X, n, 0, 0, 0);
    } else {
        put(p, JMP | CALL, 0, 0, 0, n == 10 ? 5 : 4444);
    }
    for (unsigned reg = 6; reg <= 9; reg++)
        fold(p, 0, reg);
    put(p, JMP | EXIT, 0, 0, 0, 0);
    return true;
}

/* A function that writes all of its stack and its registers, then calls itself, n deep. */
static bool nested(struct program *p, unsigned n)
{
    if (n > DEPTH)
        return false;
    put(p, ALU64 | MOV | K, 0, 0, 0, 1);
    put(p, ALU64 | MOV | K, 1, 0, 0, n);
    for (unsigned reg = 6; reg <= 9; reg++)
        put(p, ALU64 | MOV | K, reg, 0, 0, -(int)reg);
    put(p, ST | MEM | SIZE_DW, 10, 0, -8, 77);
    put(p, JMP | JEQ | K, 1, 0, 1, 0);
    size_t call = p->count;
    put(p, JMP | CALL, 0, 1, 0, 0);
    put(p, LDX | MEM | SIZE_DW, 2, 10, -8, 0);
    fold(p, 0, 2);
    for (unsigned reg = 6; reg <= 7; reg++)
        put(p, ALU64 | ADD | X, 0, reg, 0, 0);
    put(p, JMP | EXIT, 0, 0, 0, 0);
    size_t function = p->count;
    p->slots[call].imm = (int32_t)(function - call - 1);
    for (int off = -STACK; off < 0; off += 8) {
        put(p, LDX | MEM | SIZE_DW, 3, 10, off, 0);
        fold(p, 0, 3);
        put(p, ST | MEM | SIZE_DW, 10, 0, off, off * 3);
    }
    put(p, ALU64 | MOV | X, 6, 1, 0, 0);
    put(p, ALU64 | SUB | K, 1, 0, 0, 1);
    put(p, JMP | JEQ | K, 1, 0, 1, 0);
    put(p, JMP | CALL, 0, 1, 0, (int64_t)function - (int64_t)p->count - 1);
    fold(p, 0, 6);
    put(p, LDX | MEM | SIZE_DW, 3, 10, -STACK, 0);
    fold(p, 0, 3);
    put(p, JMP | EXIT, 0, 0, 0, 0);
    return true;
}

/* --- mixtures, short and long --- */

static void random_alu(struct program *p)
{
    unsigned which = below(OPERATIONS), form = below(2) ? X : K, class = below(2) ? ALU64 : ALU;
    int op = operations[which].op, off = operations[which].off;
    if (op == MOV && off)
        form = X, class = off == 32 ? ALU64 : class;
    if (operations[which].is_unary)
        form = K;
    int32_t imm = form == X || operations[which].is_unary ? 0
                                                          : (int32_t)values[below(VALUES)];
    put(p, (int)(class | form) | op, below(10), form == X ? below(10) : 0, off, imm);
}

static void random_jump(struct program *p)
{
    unsigned form = below(2) ? X : K;
    put(p, (int)((below(2) ? JMP : JMP32) | form) | conditions[below(CONDITIONS)], below(10),
        form == X ? below(10) : 0, 1 + (int)below(4),
        form == X ? 0 : (int32_t)values[below(VALUES)]);
}

/* Registers keep to the stack: what is stored was computed, what is loaded was stored. */
static void random_access(struct program *p)
{
    static const int sizes[] = {SIZE_B, SIZE_H, SIZE_W, SIZE_DW};
    int off = -8 - (int)below(STACK - 7), size = sizes[below(4)];
    if (below(2))
        put(p, STX | MEM | size, 10, below(10), off, 0);
    else
        put(p, LDX | (size != SIZE_DW && below(2) ? MEMSX : MEM) | size, below(10), 10, off, 0);
}

static bool mixed(struct program *p, unsigned n)
{
    static const size_t sizes[] = {64, 100, 200, 4096, 60000};
    if (n >= 240)
        return false;
    size_t size = sizes[n < 200 ? n % 3 : n < 236 ? 3 : 4];
    for (unsigned reg = 0; reg < 10; reg++)
        put_lddw(p, reg, values[below(VALUES)] + below(3));
    while (p->count < size - 30) {
        unsigned what = below(10);
        if (what < 6)
            random_alu(p);
        else if (what < 8)
            random_jump(p);
        else
            random_access(p);
    }
    for (int i = 0; i < 5; i++) /* where the last jumps lead */
        put(p, ALU64 | ADD | K, 0, 0, 0, i);
    for (unsigned reg = 1; reg < 10; reg++)
        fold(p, 0, reg);
    while (p->count < size - 1)
        put(p, ALU64 | ADD | K, 0, 0, 0, 1);
    put(p, JMP | EXIT, 0, 0, 0, 0);
    return true;
}

static const struct {
    const char *name;
    bool (*make)(struct program *p, unsigned n);
} kinds[] = {
    {"arithmetic", alu}, {"byte swaps", swaps}, {"conditional jumps", jumps},
    {"jumps", reversed}, {"loops", loops}, {"memory", memory}, {"bounds", bounds},
    {"no memory", no_memory}, {"atomics", atomic}, {"alignment of atomics", unaligned},
    {"64-bit immediates", immediates}, {"helpers", helpers}, {"local calls", nested},
    {"mixtures", mixed}};

bool make_program(struct program *p, unsigned *kind, unsigned *number)
{
    while (*kind < sizeof(kinds) / sizeof(kinds[0])) {
        p->count = 0;
        p->memory_size = 0;
        p->name = kinds[*kind].name;
        state = *kind * 100000 + *number;
        if (kinds[*kind].make(p, (*number)++))
            return true;
        ++*kind;
        *number = 0;
    }
    return false;
}
