/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The typed representation to bytecode (RFC 9669, 3). */
#include "base/bytes.h"
#include "ir/op.h"
#include "ir/program.h"

bool ebpf_insn_is_canonical(const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    unsigned used = info->fields | info->disc_field;
    return insn->op != EBPF_OP_DATA && (used & EBPF_FIELD_DST || insn->dst == 0) &&
           (used & EBPF_FIELD_SRC || insn->src == 0) &&
           (used & EBPF_FIELD_OFF || insn->off == 0) &&
           (used & EBPF_FIELD_IMM || (uint32_t)insn->imm == 0) &&
           (info->slots == 1 || used & EBPF_FIELD_NEXT_IMM || (uint64_t)insn->imm >> 32 == 0);
}

void ebpf_insn_init(struct ebpf_insn *insn, enum ebpf_op op)
{
    const struct ebpf_op_info *info = &ebpf_op_table[op];
    *insn = (struct ebpf_insn){.op = (uint16_t)op, .target = EBPF_TARGET_NONE};
    switch (info->disc_field) {
    case EBPF_FIELD_OFF: insn->off = (int16_t)info->disc; break;
    case EBPF_FIELD_IMM: insn->imm = info->disc; break;
    case EBPF_FIELD_SRC: insn->src = (uint8_t)info->disc; break;
    }
}

enum ebpf_field ebpf_target_field(enum ebpf_op op)
{
    const struct ebpf_op_info *info = &ebpf_op_table[op];
    bool has_target =
        info->effects & EBPF_FX_JUMP || op == EBPF_OP_CALL_LOCAL || op == EBPF_OP_LDDW_FUNC;
    if (!has_target)
        return (enum ebpf_field)0;
    return info->fields & EBPF_FIELD_OFF ? EBPF_FIELD_OFF : EBPF_FIELD_IMM;
}

int64_t ebpf_insn_distance(const struct ebpf_program *program, uint32_t insn, uint32_t target)
{
    return (int64_t)ebpf_program_pc(program, target) - ebpf_program_pc(program, insn) - 1;
}

int64_t ebpf_insn_offset(const struct ebpf_program *program, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(program, index);
    if (insn->target != EBPF_TARGET_NONE)
        return ebpf_insn_distance(program, index, insn->target);
    bool in_off = ebpf_target_field((enum ebpf_op)insn->op) == EBPF_FIELD_OFF;
    return in_off ? insn->off : (int32_t)insn->imm;
}

ebpf_status ebpf_insn_encode(const struct ebpf_program *program, uint32_t index,
                             uint8_t bytes[16])
{
    const struct ebpf_insn *insn = ebpf_program_at(program, index);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (insn->op == EBPF_OP_DATA) {
        ebpf_put_le64(bytes, (uint64_t)insn->imm);
        return EBPF_OK;
    }
    struct ebpf_slot slot = {info->opcode, insn->dst, insn->src, insn->off, (int32_t)insn->imm};
    if (insn->target != EBPF_TARGET_NONE) {
        int64_t distance = ebpf_insn_distance(program, index, insn->target);
        if (ebpf_target_field((enum ebpf_op)insn->op) == EBPF_FIELD_IMM)
            slot.imm = (int32_t)distance; /* programs are too short for it not to fit */
        else if (distance != (int16_t)distance)
            return EBPF_ERR_RANGE;
        else
            slot.off = (int16_t)distance;
    }
    ebpf_slot_pack(&slot, bytes);
    if (info->slots == 2) {
        struct ebpf_slot next = {.imm = (int32_t)((uint64_t)insn->imm >> 32)};
        ebpf_slot_pack(&next, bytes + 8);
    }
    return EBPF_OK;
}

size_t ebpf_program_size(const struct ebpf_program *program)
{
    return (size_t)program->slots * 8;
}

ebpf_status ebpf_program_encode(const struct ebpf_program *program, void *buffer, size_t size)
{
    uint8_t *out = buffer;
    if (size < ebpf_program_size(program))
        return EBPF_ERR_LIMIT;
    for (uint32_t i = 0; i < ebpf_program_count(program); i++) {
        ebpf_status status = ebpf_insn_encode(program, i, out);
        if (status)
            return status;
        out += 8 * ebpf_op_table[ebpf_program_at(program, i)->op].slots;
    }
    return EBPF_OK;
}
