/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * RFC 9669 once more, written from its text alone and as plainly as it goes.  Addresses are numbers
 * of its own: the memory starts at MEMORY, frame n of the stack at FRAMES + n * STACK.
 */
#include <string.h>

#include "tests/conformance/conformance.h"

#define MEMORY UINT64_C(0x100000)
#define FRAMES UINT64_C(0x200000)

struct machine {
    const struct program *program;
    uint64_t reg[11];
    uint64_t saved[DEPTH][5]; /* r6 to r9 and the pc */
    unsigned depth;
    size_t pc;
    uint8_t memory[MAX_MEMORY];
    uint8_t stack[DEPTH * STACK];
    bool is_faulty;
};

/* Where an access goes, or NULL.  A function sees the frames of its callers, too. */
static uint8_t *at(struct machine *m, uint64_t address, unsigned size)
{
    uint64_t frames = (uint64_t)(m->depth + 1) * STACK;
    if (address >= MEMORY && address + size <= MEMORY + m->program->memory_size)
        return m->memory + (address - MEMORY);
    if (address >= FRAMES && address + size <= FRAMES + frames)
        return m->stack + (address - FRAMES);
    m->is_faulty = true;
    return NULL;
}

static uint64_t load(struct machine *m, uint64_t address, unsigned size)
{
    const uint8_t *bytes = at(m, address, size);
    uint64_t value = 0;
    for (unsigned i = 0; bytes && i < size; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static void store(struct machine *m, uint64_t address, unsigned size, uint64_t value)
{
    uint8_t *bytes = at(m, address, size);
    for (unsigned i = 0; bytes && i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

/* The low bits of a value, with the highest of them as its sign. */
static uint64_t extend(uint64_t value, unsigned bits)
{
    uint64_t sign = UINT64_C(1) << (bits - 1);
    uint64_t mask = (sign << 1) - 1;
    return ((value & mask) ^ sign) - sign;
}

/* 4.1: quotients are truncated towards zero, what is left has the sign of the dividend. */
static uint64_t divide(uint64_t a, uint64_t b, unsigned bits, bool is_signed, bool is_rest)
{
    uint64_t mask = bits == 64 ? UINT64_MAX : UINT32_MAX;
    bool minus_a = false, minus_b = false;
    a &= mask, b &= mask;
    if (b == 0)
        return is_rest ? a : 0;
    if (is_signed) {
        minus_a = a >> (bits - 1), minus_b = b >> (bits - 1);
        a = minus_a ? (0 - a) & mask : a;
        b = minus_b ? (0 - b) & mask : b;
    }
    uint64_t value = is_rest ? a % b : a / b;
    return (is_rest ? minus_a : minus_a != minus_b) ? 0 - value : value;
}

static uint64_t swap(uint64_t value, unsigned bits, bool is_reversed)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < bits; i += 8)
        result |= (value >> i & 0xff) << (is_reversed ? bits - 8 - i : i);
    return result;
}

static void alu(struct machine *m, const struct slot *s)
{
    unsigned bits = (s->opcode & 7) == ALU64 ? 64 : 32;
    uint64_t a = m->reg[s->dst];
    uint64_t b = s->opcode & X ? m->reg[s->src] : (uint64_t)(int64_t)s->imm;
    unsigned shift = (unsigned)b & (bits - 1);
    uint64_t mask = bits == 64 ? UINT64_MAX : UINT32_MAX;
    switch (s->opcode & 0xf0) {
    case ADD: a += b; break;
    case SUB: a -= b; break;
    case MUL: a *= b; break;
    case DIV: a = divide(a, b, bits, s->off == 1, false); break;
    case MOD: a = divide(a, b, bits, s->off == 1, true); break;
    case OR: a |= b; break;
    case AND: a &= b; break;
    case XOR: a ^= b; break;
    case LSH: a <<= shift; break;
    case RSH: a = (a & mask) >> shift; break;
    case ARSH: a = shift ? extend((a & mask) >> shift, bits - shift) : a; break;
    case NEG: a = 0 - a; break;
    case MOV: a = s->off ? extend(b, (unsigned)s->off) : b; break;
    default: /* 4.2: the class tells swapping always from swapping where the host differs */
        m->reg[s->dst] = swap(a, (unsigned)s->imm, bits == 64 || s->opcode & X);
        return;
    }
    m->reg[s->dst] = a & mask;
}

static bool is_taken(const struct machine *m, const struct slot *s)
{
    uint64_t a = m->reg[s->dst];
    uint64_t b = s->opcode & X ? m->reg[s->src] : (uint64_t)(int64_t)s->imm;
    unsigned bits = (s->opcode & 7) == JMP ? 64 : 32;
    if (bits == 32)
        a &= UINT32_MAX, b &= UINT32_MAX;
    /* Signed numbers compare as unsigned ones do once their signs are turned round. */
    uint64_t sign = UINT64_C(1) << (bits - 1), sa = a ^ sign, sb = b ^ sign;
    switch (s->opcode & 0xf0) {
    case JEQ: return a == b;
    case JNE: return a != b;
    case JGT: return a > b;
    case JGE: return a >= b;
    case JLT: return a < b;
    case JLE: return a <= b;
    case JSET: return (a & b) != 0;
    case JSGT: return sa > sb;
    case JSGE: return sa >= sb;
    case JSLT: return sa < sb;
    default: return sa <= sb;
    }
}

static void call(struct machine *m, const struct slot *s)
{
    int64_t helper = s->opcode & X ? (int64_t)m->reg[s->dst] : s->imm;
    if (s->src == 1) {
        if (m->depth + 1 == DEPTH) {
            m->is_faulty = true;
            return;
        }
        memcpy(m->saved[m->depth], m->reg + 6, 4 * sizeof(uint64_t));
        m->saved[m->depth++][4] = m->pc;
        m->reg[10] += STACK;
        memset(m->stack + m->depth * STACK, 0, STACK);
        m->pc += (size_t)(int64_t)s->imm;
    } else if (helper == 5) {
        m->reg[0] = m->reg[1];
    } else {
        m->is_faulty = true;
    }
}

/* @return whether this was the exit of the program */
static bool leave(struct machine *m)
{
    if (m->depth == 0)
        return true;
    m->depth--;
    memcpy(m->reg + 6, m->saved[m->depth], 4 * sizeof(uint64_t));
    m->reg[10] -= STACK;
    m->pc = m->saved[m->depth][4];
    return false;
}

static void atomic(struct machine *m, const struct slot *s)
{
    unsigned size = (s->opcode & 0x18) == SIZE_DW ? 8 : 4;
    uint64_t address = m->reg[s->dst] + (uint64_t)(int64_t)s->off;
    uint64_t mask = size == 8 ? UINT64_MAX : UINT32_MAX, src = m->reg[s->src] & mask;
    if (address % size) {
        m->is_faulty = true;
        return;
    }
    uint64_t old = load(m, address, size), value = src;
    switch (s->imm & ~FETCH) {
    case ADD: value = old + src; break;
    case OR: value = old | src; break;
    case AND: value = old & src; break;
    case XOR: value = old ^ src; break;
    case CMPXCHG & ~FETCH: value = old == (m->reg[0] & mask) ? src : old; break;
    }
    store(m, address, size, value);
    if (s->imm == CMPXCHG)
        m->reg[0] = old;
    else if (s->imm & FETCH)
        m->reg[s->src] = old;
}

static void access(struct machine *m, const struct slot *s)
{
    static const unsigned sizes[] = {4, 2, 1, 8};
    unsigned size = sizes[s->opcode >> 3 & 3], class = s->opcode & 7;
    uint64_t offset = (uint64_t)(int64_t)s->off;
    if (class == LD) { /* 5.4: the only one there is here */
        uint64_t high = (uint32_t)m->program->slots[m->pc++].imm;
        m->reg[s->dst] = high << 32 | (uint32_t)s->imm;
    } else if (class == LDX) {
        uint64_t value = load(m, m->reg[s->src] + offset, size);
        m->reg[s->dst] = (s->opcode & 0xe0) == MEMSX ? extend(value, 8 * size) : value;
    } else if ((s->opcode & 0xe0) == ATOMIC) {
        atomic(m, s);
    } else {
        uint64_t value = class == ST ? (uint64_t)(int64_t)s->imm : m->reg[s->src];
        store(m, m->reg[s->dst] + offset, size, value);
    }
}

static void jump(struct machine *m, const struct slot *s)
{
    if ((s->opcode & 0xf0) == JA)
        m->pc += (size_t)(int64_t)((s->opcode & 7) == JMP ? s->off : s->imm);
    else if (is_taken(m, s))
        m->pc += (size_t)(int64_t)s->off;
}

bool reference_run(const struct program *program, uint64_t *result)
{
    static struct machine machine;
    struct machine *m = &machine;
    memset(m, 0, sizeof(*m));
    m->program = program;
    memcpy(m->memory, program->memory, program->memory_size);
    m->reg[1] = MEMORY;
    m->reg[2] = program->memory_size;
    m->reg[10] = FRAMES + STACK;
    while (!m->is_faulty) {
        const struct slot *s = &program->slots[m->pc++];
        unsigned class = s->opcode & 7, op = s->opcode & 0xf0;
        if (class == ALU || class == ALU64)
            alu(m, s);
        else if (class != JMP && class != JMP32)
            access(m, s);
        else if (op == CALL)
            call(m, s);
        else if (op == EXIT && leave(m))
            break;
        else if (op != EXIT)
            jump(m, s);
    }
    *result = m->reg[0];
    return !m->is_faulty;
}
