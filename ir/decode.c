/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/decode.h"

#include "base/bytes.h"
#include "ir/op.h"

/* Whether a slot can be the second of a 64-bit immediate: nothing but imm is set. */
static bool is_second_half(const uint8_t *bytes)
{
    return ebpf_get_le32(bytes) == 0;
}

/* One instruction from `left` slots, at least one; returns how many it took. */
static unsigned decode_insn(struct ebpf_insn *insn, const uint8_t *bytes, size_t left)
{
    struct ebpf_slot slot = ebpf_slot_unpack(bytes);
    enum ebpf_op op = ebpf_op_of_slot(&slot);
    bool wide = ebpf_op_table[op].slots == 2;
    if (op == EBPF_OP_DATA || (wide && (left < 2 || !is_second_half(bytes + 8)))) {
        insn->op = EBPF_OP_DATA;
        insn->imm = (int64_t)ebpf_get_le64(bytes);
        return 1;
    }
    insn->op = (uint16_t)op;
    insn->dst = slot.dst;
    insn->src = slot.src;
    insn->off = slot.off;
    insn->imm = slot.imm;
    if (wide)
        insn->imm = (int64_t)((uint64_t)ebpf_get_le32(bytes + 12) << 32 | (uint32_t)slot.imm);
    return wide ? 2 : 1;
}

bool ebpf_program_push_bytes(struct ebpf_program *program, const uint8_t *bytes, size_t slots)
{
    if (!ebpf_vec_reserve(&program->insns, slots))
        return false;
    for (size_t i = 0; i < slots;) {
        struct ebpf_insn *insn = ebpf_program_push(program);
        if (!insn)
            return false;
        i += decode_insn(insn, bytes + i * 8, slots - i);
    }
    return true;
}
