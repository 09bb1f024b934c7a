/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/op.h"

#include <stddef.h>

#include "base/bytes.h"
#include "ir/regs.h"

/* The columns of formats.def, as constants that the table of forms can use. */
#define D EBPF_FIELD_DST
#define S EBPF_FIELD_SRC
#define O EBPF_FIELD_OFF
#define I EBPF_FIELD_IMM
#define N EBPF_FIELD_NEXT_IMM
enum { DISC_NONE = 0, DISC_OFF = O, DISC_IMM = I, DISC_SRC = S };
enum {
#define EBPF_FORMAT(id, disc, fields, shape)                                                       \
    DISC_OF_##id = DISC_##disc, FIELDS_OF_##id = (fields), SHAPE_OF_##id = EBPF_SHAPE_##shape,
#include "ir/formats.def"
#undef EBPF_FORMAT
};
#undef D
#undef S
#undef O
#undef I
#undef N

/* The letters of the effects column of opcodes.def. */
enum {
    D = EBPF_FX_DEF_DST, U = EBPF_FX_USE_DST, S = EBPF_FX_USE_SRC, F = EBPF_FX_DEF_SRC,
    R = EBPF_FX_CMPXCHG, L = EBPF_FX_LOAD, W = EBPF_FX_STORE, J = EBPF_FX_JUMP,
    T = EBPF_FX_TERMINATOR, C = EBPF_FX_CALL, P = EBPF_FX_PACKET
};

enum { LDDW_OPCODE = 0x18 };

const struct ebpf_op_info ebpf_op_table[EBPF_OP_COUNT] = {
    [EBPF_OP_DATA] = {.name = "DATA", .mnemonic = ".8byte", .slots = 1, .effects = T},
#define EBPF_INSN(id, mnemonic_, op, disc_, format_, effects_, group_, oper_, width_)              \
    [EBPF_OP_##id] = {.name = #id, .mnemonic = mnemonic_, .opcode = op,                            \
                      .format = EBPF_FMT_##format_, .shape = SHAPE_OF_##format_,                   \
                      .oper = EBPF_OPER_##oper_, .width = width_,                                  \
                      .slots = (op) == LDDW_OPCODE ? 2 : 1,                                        \
                      .disc_field = DISC_OF_##format_, .fields = FIELDS_OF_##format_,              \
                      .disc = disc_, .effects = (effects_), .group = EBPF_GROUP_##group_},
#include "ir/opcodes.def"
#undef EBPF_INSN
};

const struct ebpf_op_info *ebpf_op_info(enum ebpf_op op)
{
    return (unsigned)op < EBPF_OP_COUNT ? &ebpf_op_table[op] : NULL;
}

struct ebpf_slot ebpf_slot_unpack(const uint8_t bytes[8])
{
    return (struct ebpf_slot){bytes[0], bytes[1] & 15, bytes[1] >> 4,
                              (int16_t)ebpf_get_le16(bytes + 2),
                              (int32_t)ebpf_get_le32(bytes + 4)};
}

void ebpf_slot_pack(const struct ebpf_slot *slot, uint8_t bytes[8])
{
    bytes[0] = slot->opcode;
    bytes[1] = (uint8_t)(slot->src << 4 | (slot->dst & 15));
    ebpf_put_le16(bytes + 2, (uint16_t)slot->off);
    ebpf_put_le32(bytes + 4, (uint32_t)slot->imm);
}

/* The field that tells the forms of an opcode apart; all rows of one opcode agree on it, so that
 * the later ones override the earlier ones with the same value. */
#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif
static const uint8_t disc_field_of[256] = {
#define EBPF_INSN(id, mnemonic, op, disc, format, effects, group, oper, width)                     \
    [op] = DISC_OF_##format,
#include "ir/opcodes.def"
#undef EBPF_INSN
};
#pragma GCC diagnostic pop

/* What tells all forms apart: two rows with one key do not compile. */
#define KEY(op, disc) ((uint32_t)(disc) << 8 | (op))

enum ebpf_op ebpf_op_of_slot(const struct ebpf_slot *slot)
{
    uint32_t disc = 0;
    switch (disc_field_of[slot->opcode]) {
    case DISC_OFF: disc = (uint16_t)slot->off; break;
    case DISC_IMM: disc = (uint32_t)slot->imm; break;
    case DISC_SRC: disc = slot->src; break;
    }
    if (disc > UINT16_MAX)
        return EBPF_OP_DATA;
    switch (KEY(slot->opcode, disc)) {
#define EBPF_INSN(id, mnemonic, op, disc, format, effects, group, oper, width)                     \
    case KEY(op, disc): return EBPF_OP_##id;
#include "ir/opcodes.def"
#undef EBPF_INSN
    }
    return EBPF_OP_DATA;
}

int ebpf_opcode_known(uint8_t opcode)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++)
        if (ebpf_op_table[op].opcode == opcode)
            return 1;
    return 0;
}

enum ebpf_op ebpf_op_of(enum ebpf_format format, enum ebpf_oper oper, unsigned width)
{
#define MEANING(format, oper, width) ((uint32_t)(format) << 16 | (oper) << 8 | (width))
    if (width > UINT8_MAX || (unsigned)oper > UINT8_MAX)
        return EBPF_OP_DATA;
    switch (MEANING(format, oper, width)) {
#define EBPF_INSN(id, mnemonic, op, disc, format, effects, group, oper, width)                     \
    case MEANING(EBPF_FMT_##format, EBPF_OPER_##oper, width): return EBPF_OP_##id;
#include "ir/opcodes.def"
#undef EBPF_INSN
    }
    return EBPF_OP_DATA;
}

const char *ebpf_oper_symbol(enum ebpf_oper oper)
{
    switch (oper) {
#define EBPF_OPER(id) case EBPF_OPER_##id: return "";
#define EBPF_WORD(id, symbol) case EBPF_OPER_##id: return symbol;
#define EBPF_ALU(id, symbol, value) case EBPF_OPER_##id: return symbol;
#define EBPF_UNARY(id, symbol, value) case EBPF_OPER_##id: return symbol;
#define EBPF_SWAP(id, symbol, value) case EBPF_OPER_##id: return symbol;
#define EBPF_COND(id, symbol, value) case EBPF_OPER_##id: return symbol;
#define EBPF_RMW(id, symbol, value) case EBPF_OPER_##id: return symbol;
#include "ir/alu.def"
#undef EBPF_OPER
#undef EBPF_ALU
#undef EBPF_UNARY
#undef EBPF_SWAP
#undef EBPF_COND
#undef EBPF_RMW
    }
    return "";
}

const char *ebpf_group_name(enum ebpf_group group)
{
    switch (group) {
#define EBPF_GROUP(id, name) case EBPF_GROUP_##id: return name;
#include "ir/groups.def"
#undef EBPF_GROUP
    }
    return "";
}

#define ANY(fx, bits, mask) ((fx) & (bits) ? (mask) : 0)
#define ALL(fx, bit) ANY(fx, bit, UINT16_MAX)

const struct ebpf_op_regs ebpf_op_regs[EBPF_OP_COUNT] = {
#define EBPF_INSN(id, mnemonic, op, disc, format, fx, group, oper, width)                          \
    [EBPF_OP_##id] = {                                                                             \
        .use_dst = ALL(fx, U), .use_src = ALL(fx, S),                                              \
        .def_dst = ALL(fx, D), .def_src = ALL(fx, F),                                              \
        .uses = ANY(fx, C, EBPF_ARGUMENTS) |                                                       \
                ANY(fx, R, 1) | (EBPF_OP_##id == EBPF_OP_EXIT),                                    \
        .defs = ANY(fx, C | P, EBPF_ARGUMENTS) | ANY(fx, C | P | R, 1),                            \
        .ends = ANY(fx, C | P | R, 1)},
#include "ir/opcodes.def"
#undef EBPF_INSN
};

uint16_t ebpf_insn_uses(const struct ebpf_insn *insn)
{
    return ebpf_uses(insn);
}

uint16_t ebpf_insn_defs(const struct ebpf_insn *insn)
{
    return ebpf_defs(insn);
}
