/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Why bytes are no instruction. */
#include <stdio.h>

#include "base/bytes.h"
#include "ir/verify/rules.h"

enum { LDDW_OPCODE = 0x18, CALL_OPCODE = 0x85, CLASS_MASK = 7, CLASS_STX = 3 };

static struct ebpf_slot slot_of(const struct ebpf_insn *data)
{
    uint8_t bytes[8];
    ebpf_put_le64(bytes, (uint64_t)data->imm);
    return ebpf_slot_unpack(bytes);
}

/* The first form with an opcode, which names the family; NULL if the opcode is unknown. */
static const struct ebpf_op_info *family_of(uint8_t opcode)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++)
        if (ebpf_op_table[op].opcode == opcode)
            return &ebpf_op_table[op];
    return NULL;
}

static const char *name_of_field(uint8_t field)
{
    switch (field) {
    case EBPF_FIELD_OFF: return "offset";
    case EBPF_FIELD_SRC: return "source field";
    default: return "immediate";
    }
}

static int32_t value_of_field(const struct ebpf_slot *slot, uint8_t field)
{
    switch (field) {
    case EBPF_FIELD_OFF: return slot->off;
    case EBPF_FIELD_SRC: return slot->src;
    default: return slot->imm;
    }
}

/* "the immediate of this opcode is 16, 32, 64", from the table. */
static void list_values(char *text, size_t size, const struct ebpf_op_info *family)
{
    const char *format = (family->opcode & CLASS_MASK) == CLASS_STX ? "%s0x%x" : "%s%u";
    const char *separator = " is ";
    int used = snprintf(text, size, "the %s of this opcode", name_of_field(family->disc_field));
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (info->opcode != family->opcode || used < 0 || (size_t)used >= size)
            continue;
        used += snprintf(text + used, size - (size_t)used, format, separator,
                         (unsigned)info->disc);
        separator = ", ";
    }
}

static void reject_form(const struct ebpf_rule_at *at, const struct ebpf_slot *slot,
                        const struct ebpf_op_info *family)
{
    char advice[200];
    list_values(advice, sizeof(advice), family);
    ebpf_verify_reject(at->verify,
                       slot->opcode == CALL_OPCODE ? EBPF_ERR_CALL_KIND : EBPF_ERR_RESERVED,
                       at->index, advice, "opcode 0x%02x (%s) with the %s %d", slot->opcode,
                       family->mnemonic, name_of_field(family->disc_field),
                       value_of_field(slot, family->disc_field));
}

static void reject_lddw(const struct ebpf_rule_at *at)
{
    if (at->index + 1 == ebpf_program_count(at->program))
        ebpf_verify_reject(at->verify, EBPF_ERR_LDDW, at->index, NULL,
                           "incomplete lddw: the program ends before its second slot");
    else
        ebpf_verify_reject(at->verify, EBPF_ERR_LDDW, at->index, NULL,
                           "incomplete lddw: opcode, registers and offset of its second slot must "
                           "be 0");
}

/* A second slot after a first one that was refused: no news. */
static bool is_tail_of_lddw(const struct ebpf_rule_at *at, const struct ebpf_slot *slot)
{
    return slot->opcode == 0 && at->index > 0 && at->insn[-1].op == EBPF_OP_DATA &&
           slot_of(at->insn - 1).opcode == LDDW_OPCODE;
}

bool ebpf_check_encoding(const struct ebpf_rule_at *at)
{
    if (at->insn->op != EBPF_OP_DATA)
        return false;
    struct ebpf_slot slot = slot_of(at->insn);
    const struct ebpf_op_info *family = family_of(slot.opcode);
    if (is_tail_of_lddw(at, &slot))
        return true;
    if (!family)
        ebpf_verify_reject(at->verify, EBPF_ERR_OPCODE, at->index,
                           slot.opcode ? NULL : "the second slot of an lddw lacks its first, or "
                                                "this is no code",
                           "unknown opcode 0x%02x", slot.opcode);
    else if (ebpf_op_table[ebpf_op_of_slot(&slot)].slots == 2)
        reject_lddw(at);
    else
        reject_form(at, &slot, family);
    return true;
}
