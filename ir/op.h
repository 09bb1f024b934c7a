/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Look-ups in the table of instructions. */
#ifndef IR_OP_H
#define IR_OP_H

#include <stdint.h>

#include <ebpfvm/insn.h>

/* The fields of one 8-byte slot (RFC 9669, 3.1). */
struct ebpf_slot {
    uint8_t opcode, dst, src;
    int16_t off;
    int32_t imm;
};

struct ebpf_slot ebpf_slot_unpack(const uint8_t bytes[8]);
void ebpf_slot_pack(const struct ebpf_slot *slot, uint8_t bytes[8]);

/* The form that a slot encodes, or EBPF_OP_DATA. */
enum ebpf_op ebpf_op_of_slot(const struct ebpf_slot *slot);

/* The form with an operation, a width in bits and a format, or EBPF_OP_DATA if there is none. */
enum ebpf_op ebpf_op_of(enum ebpf_format format, enum ebpf_oper oper, unsigned width);

/* Whether any form has this opcode byte. */
int ebpf_opcode_known(uint8_t opcode);

/* The symbol of an operation in text, mostly pseudo-C's, "" if it has none; see alu.def. */
const char *ebpf_oper_symbol(enum ebpf_oper oper);

/* The name of a conformance group, such as "base32". */
const char *ebpf_group_name(enum ebpf_group group);

/* The entry for a valid op; faster than ebpf_op_info(), which checks. */
extern const struct ebpf_op_info ebpf_op_table[EBPF_OP_COUNT];

#endif
