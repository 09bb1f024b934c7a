/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Changes bytecode, a HEADER of bytes before it, as instructions: they come and go, change places
 * and operands, and jumps lead where they led before.  Pieces of other inputs and those of
 * pieces.def are put in between, and instructions are made a function and called.  libFuzzer calls
 * this in the place of its own mutations, and driver.c does where it is linked.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

#include "base/bytes.h"
#include "tests/fuzz/fuzz.h"

enum { HEADER = 8, SLOT = 8, MOST = 400, NOWHERE = -1, LONGEST_PIECE = 64 * SLOT };

/* Fields of an instruction. */
enum { CLASS = 7, LDX = 1, ST = 2, STX = 3, ALU = 4, JMP = 5, JMP32 = 6, ALU64 = 7, BY_REG = 8,
       SIZE_BITS = 0x18, OPERATION = 0xf0, CALL = 0x85, EXIT = 0x95, LDDW = 0x18, JA = 0x05,
       JA32 = 0x06, LOCAL = 1, FUNCTION = 4 };

struct insn {
    uint8_t bytes[2 * SLOT];
    int target; /* of a jump, a local call, an address of a function: index; or NOWHERE */
};

struct code {
    struct insn insns[MOST];
    int count;
};

struct mutation {
    struct code code, piece;
    uint64_t random;
};

static uint32_t below(struct mutation *m, int limit)
{
    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return limit > 0 ? (uint32_t)(m->random >> 16) % (uint32_t)limit : 0;
}

/* --- bytes and instructions ------------------------------------------------------------------- */

static int slots_of(const struct insn *insn)
{
    return insn->bytes[0] == LDDW ? 2 : 1;
}

static unsigned source_of(const struct insn *insn)
{
    return insn->bytes[1] >> 4;
}

/* Where an instruction has the distance to its target: the offset, the immediate, or nowhere. */
enum distance { NONE, IN_OFFSET, IN_IMMEDIATE };

static enum distance distance_of(const struct insn *insn)
{
    uint8_t op = insn->bytes[0];
    if (op == LDDW)
        return source_of(insn) == FUNCTION ? IN_IMMEDIATE : NONE;
    if (op == CALL)
        return source_of(insn) == LOCAL ? IN_IMMEDIATE : NONE;
    if (op == EXIT || ((op & CLASS) != JMP && (op & CLASS) != JMP32))
        return NONE;
    return op == JA32 ? IN_IMMEDIATE : IN_OFFSET;
}

static void read_code(struct code *code, const uint8_t *bytes, size_t size)
{
    int at[MOST * 2], slot = 0;
    code->count = 0;
    for (size_t i = 0; i + SLOT <= size && code->count < MOST; code->count++) {
        struct insn *insn = &code->insns[code->count];
        memset(insn, 0, sizeof(*insn));
        memcpy(insn->bytes, bytes + i, SLOT);
        if (slots_of(insn) == 2 && i + 2 * SLOT <= size)
            memcpy(insn->bytes + SLOT, bytes + i + SLOT, SLOT);
        i += (size_t)slots_of(insn) * SLOT;
        for (int n = slots_of(insn); n > 0; n--)
            at[slot++] = code->count;
    }
    for (int i = 0, pc = 0; i < code->count; pc += slots_of(&code->insns[i++])) {
        struct insn *insn = &code->insns[i];
        enum distance where = distance_of(insn);
        int64_t by = where == IN_OFFSET ? (int16_t)ebpf_get_le16(insn->bytes + 2)
                                        : (int32_t)ebpf_get_le32(insn->bytes + 4);
        int64_t to = pc + 1 + by;
        insn->target = where != NONE && to >= 0 && to < slot ? at[to] : NOWHERE;
    }
}

/* How many bytes that are. */
static size_t write_code(const struct code *code, uint8_t *bytes, size_t room)
{
    int pcs[MOST + 1] = {0};
    size_t size = 0;
    for (int i = 0; i < code->count; i++)
        pcs[i + 1] = pcs[i] + slots_of(&code->insns[i]);
    for (int i = 0; i < code->count; i++) {
        struct insn insn = code->insns[i];
        size_t bytes_of = (size_t)slots_of(&insn) * SLOT;
        int32_t by = insn.target < 0 ? 0 : pcs[insn.target] - pcs[i] - 1;
        if (size + bytes_of > room)
            break;
        if (insn.target >= 0 && distance_of(&insn) == IN_OFFSET)
            ebpf_put_le16(insn.bytes + 2, (uint16_t)by);
        else if (insn.target >= 0 && distance_of(&insn) == IN_IMMEDIATE)
            ebpf_put_le32(insn.bytes + 4, (uint32_t)by);
        memcpy(bytes + size, insn.bytes, bytes_of);
        size += bytes_of;
    }
    return size;
}

/* --- changes ---------------------------------------------------------------------------------- */

/* Makes room for instructions at `at`; what led to there leads to the new ones if `first`. */
static bool open_gap(struct code *code, int at, int count, bool first)
{
    if (code->count + count > MOST)
        return false;
    memmove(&code->insns[at + count], &code->insns[at],
            (size_t)(code->count - at) * sizeof(code->insns[0]));
    code->count += count;
    for (int i = 0; i < code->count; i++)
        if ((i < at || i >= at + count) && code->insns[i].target >= at + first)
            code->insns[i].target += count;
    return true;
}

static void erase(struct code *code, int at, int count)
{
    memmove(&code->insns[at], &code->insns[at + count],
            (size_t)(code->count - at - count) * sizeof(code->insns[0]));
    code->count -= count;
    for (int i = 0; i < code->count; i++) {
        int *target = &code->insns[i].target;
        if (*target >= at + count)
            *target -= count;
        else if (*target >= at)
            *target = at < code->count ? at : code->count - 1;
    }
}

/* Copies `count` instructions of `from` to `at`; what leads out of them leads behind the copy. */
static void paste(struct mutation *m, const struct code *from, int first, int count, int at)
{
    struct code *code = &m->code;
    struct insn copy[MOST];
    memcpy(copy, &from->insns[first], (size_t)count * sizeof(copy[0]));
    if (!open_gap(code, at, count, below(m, 2)))
        return;
    memcpy(&code->insns[at], copy, (size_t)count * sizeof(copy[0]));
    for (int i = at; i < at + count; i++) {
        int *target = &code->insns[i].target;
        bool inside = *target >= first && *target < first + count;
        if (*target != NOWHERE)
            *target = inside ? *target - first + at
                             : at + count < code->count ? at + count : code->count - 1;
    }
}

static void swap(struct code *code, int a, int b)
{
    struct insn insn = code->insns[a];
    code->insns[a] = code->insns[b];
    code->insns[b] = insn;
}

/* Pieces that are hard to come by, as text. */
static void add_piece(struct mutation *m)
{
    static const char *const pieces[] = {
#define EBPF_PIECE(text) text,
#include "tests/fuzz/pieces.def"
#undef EBPF_PIECE
    };
    const char *text = pieces[below(m, sizeof(pieces) / sizeof(pieces[0]))];
    uint8_t bytes[LONGEST_PIECE];
    struct ebpf_program *program;
    if (ebpf_assemble(text, strlen(text), NULL, NULL, &program) ||
        ebpf_program_encode(program, bytes, sizeof(bytes)))
        abort(); /* it is not in pieces.def as it should be */
    read_code(&m->piece, bytes, ebpf_program_size(program));
    ebpf_program_unref(program);
    int rest = m->piece.count; /* functions start here, and are put at the end */
    for (int i = 0; i < m->piece.count; i++)
        if (distance_of(&m->piece.insns[i]) == IN_IMMEDIATE && m->piece.insns[i].target < rest)
            rest = m->piece.insns[i].target;
    int at = (int)below(m, m->code.count + 1), end = m->code.count, more = m->piece.count - rest;
    if (end + m->piece.count > MOST)
        return;
    paste(m, &m->piece, rest, more, end);
    paste(m, &m->piece, 0, rest, at);
    for (int i = at; i < at + rest; i++)
        if (m->piece.insns[i - at].target >= rest)
            m->code.insns[i].target = m->piece.insns[i - at].target + end;
}

/* A run of instructions becomes a function, or one of its own is called once more. */
static void make_function(struct mutation *m)
{
    struct code *code = &m->code;
    int first = (int)below(m, code->count), count = 1 + (int)below(m, 12);
    struct insn call = {.bytes = {CALL, LOCAL << 4}}, back = {.bytes = {EXIT}, .target = NOWHERE};
    count = first + count > code->count ? code->count - first : count;
    if (code->count + count + 2 > MOST || count == 0)
        return;
    memcpy(m->piece.insns, code->insns, sizeof(code->insns));
    int at = code->count;
    paste(m, &m->piece, first, count, at);
    code->insns[code->count++] = back;
    for (int i = at; i < at + count; i++) /* jumps out of it return */
        if (code->insns[i].target >= 0 && (code->insns[i].target < at))
            code->insns[i].target = at + count;
    erase(code, first, count);
    if (!open_gap(code, first, 1, true))
        return;
    call.target = at - count + 1;
    code->insns[first] = call;
}

static uint8_t random_register(struct mutation *m)
{
    return (uint8_t)(below(m, 16) ? below(m, 11) : 10);
}

static void change_operand(struct mutation *m, struct insn *insn)
{
    static const int16_t offsets[] = {0, -1, -2, -4, -8, -12, -16, -24, -32, -64, -512, 1, 2, 4, 8,
                                      12, 16};
    static const int32_t numbers[] = {0, 1, -1, 2, 3, 4, 7, 8, 16, 31, 32, 63, 255, 256, 0xffff,
                                      INT32_MAX, INT32_MIN, -8, -16, 0x10000, 14, 512, -512, 64};
    uint8_t *b = insn->bytes;
    int32_t imm = (int32_t)ebpf_get_le32(b + 4);
    switch (below(m, 6)) {
    case 0: b[1] = (uint8_t)((b[1] & 0xf0) | random_register(m)); break;
    case 1: b[1] = (uint8_t)((b[1] & 0x0f) | random_register(m) << 4); break;
    case 2: ebpf_put_le16(b + 2, (uint16_t)offsets[below(m, sizeof(offsets) / 2)]); break;
    case 3: ebpf_put_le32(b + 4, (uint32_t)numbers[below(m, sizeof(numbers) / 4)]); break;
    case 4: ebpf_put_le32(b + 4, (uint32_t)imm + (below(m, 2) ? 1 : UINT32_MAX)); break;
    default: ebpf_put_le16(b + 2, (uint16_t)(ebpf_get_le16(b + 2) + below(m, 17) - 8)); break;
    }
}

/* Another size, width, operation, or a register for a constant. */
static void change_operation(struct mutation *m, struct insn *insn)
{
    uint8_t *b = insn->bytes, class = b[0] & CLASS;
    if (class == LDX || class == ST || class == STX)
        b[0] = (uint8_t)((b[0] & ~SIZE_BITS) | below(m, 4) << 3);
    else if (b[0] == CALL || b[0] == EXIT || b[0] == LDDW)
        ebpf_put_le32(b + 4, below(m, 200));
    else if (below(m, 3) == 0)
        b[0] ^= class == ALU || class == ALU64 ? ALU ^ ALU64 : JMP ^ JMP32;
    else if (below(m, 2))
        b[0] = (uint8_t)((b[0] & ~OPERATION) | below(m, 14) << 4);
    else
        b[0] ^= BY_REG;
    if ((class == ALU || class == ALU64 || class == JMP || class == JMP32) && b[0] != CALL) {
        if (b[0] & BY_REG) /* what is not used is 0 */
            ebpf_put_le32(b + 4, 0);
        else
            b[1] &= 0x0f;
    }
}

static void change(struct mutation *m)
{
    struct code *code = &m->code;
    int at = (int)below(m, code->count), most = code->count - at;
    int count = 1 + (int)below(m, most < 8 ? most : 8);
    if (code->count == 0) {
        add_piece(m);
        return;
    }
    switch (below(m, 12)) {
    case 0: case 1: change_operation(m, &code->insns[at]); break;
    case 2: case 3: case 4: change_operand(m, &code->insns[at]); break;
    case 5: erase(code, at, below(m, 2) ? 1 : count); break;
    case 6: paste(m, code, at, count, (int)below(m, code->count + 1)); break;
    case 7: swap(code, at, (int)below(m, code->count)); break;
    case 8: make_function(m); break;
    case 9:
        if (code->insns[at].target >= 0)
            code->insns[at].target = (int)below(m, code->count);
        break;
    default: add_piece(m); break;
    }
}

/* --- what fuzzers call ------------------------------------------------------------------------ */

static size_t finish(const struct mutation *m, const uint8_t *header, uint8_t *out, size_t room)
{
    if (out != header)
        memcpy(out, header, HEADER);
    return HEADER + write_code(&m->code, out + HEADER, room - HEADER);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
    static const uint8_t nothing[HEADER];
    static struct mutation m; /* too large for some stacks; fuzzers have one thread */
    m.random = (uint64_t)seed << 20 | 88172645463325252;
    if (room < HEADER)
        return size;
    if (size < HEADER)
        memcpy(data, nothing, HEADER);
    read_code(&m.code, data + HEADER, size < HEADER ? 0 : size - HEADER);
    for (uint32_t n = 1 + below(&m, 5); n > 0; n--)
        change(&m);
    if (below(&m, 16) == 0)
        data[below(&m, 2)] = (uint8_t)below(&m, 256);
    return finish(&m, data, data, room);
}

/* Some of the second is put into the first. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other,
                                 size_t other_size, uint8_t *out, size_t room, unsigned seed)
{
    static struct mutation m;
    m.random = (uint64_t)seed << 20 | 88172645463325252;
    if (size < HEADER || other_size < HEADER || room < size)
        return 0;
    read_code(&m.code, data + HEADER, size - HEADER);
    read_code(&m.piece, other + HEADER, other_size - HEADER);
    int first = (int)below(&m, m.piece.count), count = 1 + (int)below(&m, 24);
    count = first + count > m.piece.count ? m.piece.count - first : count;
    paste(&m, &m.piece, first, count, (int)below(&m, m.code.count + 1));
    return finish(&m, data, out, room);
}
