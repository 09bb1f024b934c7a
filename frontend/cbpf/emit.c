/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What is made of each kind of instruction, and the table of them. */
#include "frontend/cbpf/cbpf.h"

struct ebpf_insn *ebpf_cbpf_emit(struct cbpf *c, enum ebpf_op op, unsigned dst, unsigned src,
                                 int32_t off, int64_t imm)
{
    struct ebpf_insn *insn = ebpf_program_push(c->program);
    if (!insn) {
        c->status = EBPF_ERR_NOMEM;
        return NULL;
    }
    ebpf_insn_init(insn, op);
    insn->dst = (uint8_t)dst;
    insn->src = (uint8_t)src;
    if (off)
        insn->off = (int16_t)off;
    if (imm)
        insn->imm = (int32_t)(uint32_t)imm;
    return insn;
}

/* The register that an instruction loads. */
static unsigned target(const struct cbpf_row *row)
{
    return ebpf_cbpf_has(row, CBPF_FX_DEF_X) ? CBPF_X : CBPF_A;
}

/* Refuses packets that are too short. */
static void test_length(struct cbpf *c, uint32_t index)
{
    uint32_t test = c->points[index].test;
    if (test)
        ebpf_cbpf_jump(c, EBPF_OP_JLT64_IMM, CBPF_LENGTH, 0, test, CBPF_DROP);
}

/* Loads from `off` bytes behind an address, and brings the bytes into order. */
static void load(struct cbpf *c, const struct cbpf_row *row, unsigned base, uint32_t off)
{
    unsigned to = target(row);
    ebpf_cbpf_emit(c, row->op, to, base, (int32_t)off, 0);
    if (row->other != EBPF_OP_DATA)
        ebpf_cbpf_emit(c, row->other, to, 0, 0, 0);
}

static void absolute(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    uint32_t off = c->insns[index].k + c->head;
    test_length(c, index);
    if (off <= INT16_MAX) {
        load(c, row, CBPF_PACKET, off);
        return;
    }
    ebpf_cbpf_emit(c, EBPF_OP_MOV64_REG, CBPF_AT, CBPF_PACKET, 0, 0);
    ebpf_cbpf_emit(c, EBPF_OP_ADD64_IMM, CBPF_AT, 0, 0, off);
    load(c, row, CBPF_AT, 0);
}

/* Refuses packets with less than `bytes` bytes behind the offset in a register; that the packet has
 * so many at all is known. */
static void test_behind(struct cbpf *c, unsigned offset, uint32_t bytes)
{
    ebpf_cbpf_emit(c, EBPF_OP_MOV64_REG, CBPF_LIMIT, CBPF_LENGTH, 0, 0);
    ebpf_cbpf_emit(c, EBPF_OP_ADD64_IMM, CBPF_LIMIT, 0, 0, -(int64_t)bytes);
    ebpf_cbpf_jump(c, EBPF_OP_JGT64_REG, offset, CBPF_LIMIT, 0, CBPF_DROP);
}

/* Loads at so many bytes before X; what is before the packet is huge. */
static void back(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    ebpf_cbpf_emit(c, EBPF_OP_MOV32_REG, CBPF_AT, CBPF_X, 0, 0);
    ebpf_cbpf_emit(c, EBPF_OP_ADD32_IMM, CBPF_AT, 0, 0, c->insns[index].k);
    ebpf_cbpf_jump(c, EBPF_OP_JGT32_IMM, CBPF_AT, 0, EBPF_CBPF_PACKET_MAX, CBPF_DROP);
    test_behind(c, CBPF_AT, c->head + row->size);
    ebpf_cbpf_emit(c, EBPF_OP_ADD64_REG, CBPF_AT, CBPF_PACKET, 0, 0);
    load(c, row, CBPF_AT, c->head);
}

static void indirect(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    uint32_t off = c->insns[index].k + c->head, bytes = c->points[index].test_behind;
    bool near = ebpf_cbpf_is_near(off + row->size);
    test_length(c, index);
    if (ebpf_cbpf_counts_back(row, c->insns[index].k)) {
        back(c, index, row);
        return;
    }
    if (c->points[index].test_x)
        ebpf_cbpf_jump(c, EBPF_OP_JGT32_IMM, CBPF_X, 0, EBPF_CBPF_PACKET_MAX, CBPF_DROP);
    if (near && bytes)
        test_behind(c, CBPF_X, bytes);
    ebpf_cbpf_emit(c, EBPF_OP_MOV64_REG, CBPF_AT, near ? CBPF_PACKET : CBPF_X, 0, 0);
    if (!near) {
        ebpf_cbpf_emit(c, EBPF_OP_ADD64_IMM, CBPF_AT, 0, 0, off);
        test_behind(c, CBPF_AT, row->size);
    }
    ebpf_cbpf_emit(c, EBPF_OP_ADD64_REG, CBPF_AT, near ? CBPF_X : CBPF_PACKET, 0, 0);
    load(c, row, CBPF_AT, near ? off : 0);
}

/* The length of an IP header. */
static void nibble(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    absolute(c, index, row);
    ebpf_cbpf_emit(c, EBPF_OP_AND32_IMM, CBPF_X, 0, 0, 0xf);
    ebpf_cbpf_emit(c, EBPF_OP_LSH32_IMM, CBPF_X, 0, 0, 2);
}

static void length(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    test_length(c, index);
    if (c->head)
        load(c, row, CBPF_PACKET, 0);
    else
        ebpf_cbpf_emit(c, EBPF_OP_MOV32_REG, target(row), CBPF_LENGTH, 0, 0);
}

static void constant(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    ebpf_cbpf_emit(c, row->op, target(row), 0, 0, c->insns[index].k);
}

static void fetch(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    ebpf_cbpf_emit(c, row->op, target(row), EBPF_R10, ebpf_cbpf_word(c->insns[index].k), 0);
}

static void keep(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    ebpf_cbpf_emit(c, row->op, EBPF_R10, ebpf_cbpf_has(row, CBPF_FX_USE_X) ? CBPF_X : CBPF_A,
                   ebpf_cbpf_word(c->insns[index].k), 0);
}

static void by_const(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    ebpf_cbpf_emit(c, row->op, CBPF_A, 0, 0, c->insns[index].k);
}

static void negate(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    (void)index;
    ebpf_cbpf_emit(c, row->op, CBPF_A, 0, 0, 0);
}

static void by_x(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    (void)index;
    ebpf_cbpf_emit(c, row->op, CBPF_A, CBPF_X, 0, 0);
}

static void divide(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    ebpf_cbpf_jump(c, EBPF_OP_JEQ32_IMM, CBPF_X, 0, 0, CBPF_DROP);
    by_x(c, index, row);
}

/* Shifts by 32 or more leave nothing, as in libpcap.  The shift itself looks at the low bits of X
 * only, and leaves 0 as it is. */
static void shift_x(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    struct ebpf_insn *jump = ebpf_cbpf_emit(c, EBPF_OP_JLT32_IMM, CBPF_X, 0, 0, 32);
    if (jump)
        jump->target = ebpf_program_count(c->program) + 1;
    ebpf_cbpf_emit(c, EBPF_OP_MOV32_IMM, CBPF_A, 0, 0, 0);
    by_x(c, index, row);
}

static void always(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    uint32_t skip = c->insns[index].k;
    if (skip)
        ebpf_cbpf_jump(c, row->op, 0, 0, 0, index + 1 + skip);
}

/* One jump if one of the ways is the next instruction. */
static void branch(struct cbpf *c, uint32_t index, const struct cbpf_row *row, unsigned src,
                   uint32_t imm)
{
    const struct ebpf_cbpf_insn *insn = &c->insns[index];
    uint32_t next = index + 1;
    if (insn->jt != insn->jf && (insn->jt || row->other == EBPF_OP_DATA))
        ebpf_cbpf_jump(c, row->op, CBPF_A, src, imm, next + insn->jt);
    else if (insn->jt != insn->jf)
        ebpf_cbpf_jump(c, row->other, CBPF_A, src, imm, next + insn->jf);
    if (insn->jf && (insn->jt == insn->jf || insn->jt || row->other == EBPF_OP_DATA))
        ebpf_cbpf_jump(c, EBPF_OP_JA, 0, 0, 0, next + insn->jf);
}

static void if_const(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    branch(c, index, row, 0, c->insns[index].k);
}

static void if_x(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    branch(c, index, row, CBPF_X, 0);
}

static void give(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    ebpf_cbpf_emit(c, row->op, CBPF_A, 0, 0, c->insns[index].k);
    ebpf_cbpf_emit(c, EBPF_OP_EXIT, 0, 0, 0, 0);
}

static void give_a(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    (void)index;
    ebpf_cbpf_emit(c, row->op, 0, 0, 0, 0);
}

static void move(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    (void)index;
    bool to_x = ebpf_cbpf_has(row, CBPF_FX_DEF_X);
    ebpf_cbpf_emit(c, row->op, to_x ? CBPF_X : CBPF_A, to_x ? CBPF_A : CBPF_X, 0, 0);
}

/* --- the table --------------------------------------------------------------------------------*/

#define EBPF_OP_NONE EBPF_OP_DATA
enum {
    UA = CBPF_FX_USE_A, UX = CBPF_FX_USE_X, DA = CBPF_FX_DEF_A, DX = CBPF_FX_DEF_X,
    RM = CBPF_FX_READ_M, WM = CBPF_FX_WRITE_M, PK = CBPF_FX_AT_K, PX = CBPF_FX_AT_X,
    LN = CBPF_FX_LENGTH, NZ = CBPF_FX_NONZERO, SH = CBPF_FX_SHIFT, JA = CBPF_FX_ALWAYS,
    JC = CBPF_FX_BRANCH, RT = CBPF_FX_RETURN
};

static const struct cbpf_row rows[] = {
#define EBPF_CBPF(code, text, effects, emit, op, other, size)                                      \
    {text, emit, code, EBPF_OP_##op, EBPF_OP_##other, effects, size},
#include "frontend/cbpf/cbpf.def"
#undef EBPF_CBPF
};

enum {
#define EBPF_CBPF(code, text, effects, emit, op, other, size) PLACE_##code,
#include "frontend/cbpf/cbpf.def"
#undef EBPF_CBPF
};

/* The place of a code among the rows, plus 1. */
static const uint8_t places[256] = {
#define EBPF_CBPF(code, text, effects, emit, op, other, size) [code] = PLACE_##code + 1,
#include "frontend/cbpf/cbpf.def"
#undef EBPF_CBPF
};

const struct cbpf_row *ebpf_cbpf_row(uint16_t code)
{
    return code < sizeof(places) && places[code] ? &rows[places[code] - 1] : NULL;
}
