/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * An instruction of the typed intermediate representation, and what is known of its form. */
#ifndef EBPFVM_INSN_H
#define EBPFVM_INSN_H

#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/opcodes.h>

EBPF_BEGIN_DECLS

/** Registers r0 to r10 (RFC 9669, 2.3). */
#define EBPF_REG_COUNT 11
/** Registers by name. */
enum ebpf_reg {
    EBPF_R0, /**< return value */
    EBPF_R1, /**< first argument */
    EBPF_R2, EBPF_R3, EBPF_R4,
    EBPF_R5, /**< last argument */
    EBPF_R6, /**< r6 to r9 are kept over calls */
    EBPF_R7, EBPF_R8, EBPF_R9,
    EBPF_R10, /**< frame pointer, read-only */
    EBPF_REG_FP = EBPF_R10
};

/** The value of ebpf_insn.target where there is none, or where it leads nowhere. */
#define EBPF_TARGET_NONE UINT32_MAX

/**
 * An instruction, 1:1 with the bytecode: a 64-bit immediate (two slots) is one instruction.
 * Fields that the form does not use are zero, or hold what the bytecode had there.
 */
struct ebpf_insn {
    uint16_t op; /**< enum ebpf_op */
    uint8_t dst; /**< destination register, 0 to 15 */
    uint8_t src; /**< source register, 0 to 15 */
    int16_t off; /**< displacement of a memory operand; of a jump only where target is NONE */
    uint16_t reserved; /**< 0 */
    /** Index of the instruction that a jump, local call or function reference leads to;
     *  EBPF_TARGET_NONE for other forms, and where the offset leads to no instruction. */
    uint32_t target;
    uint32_t loc; /**< source location, see ebpf_program_location(); 0 if unknown */
    /** Immediate, sign-extended.  Two-slot forms: the first slot's immediate in the low half, the
     *  second's in the high half.  EBPF_OP_DATA: the eight bytes, little-endian.  The raw offset
     *  of forms that keep their target in the immediate, where target is NONE. */
    int64_t imm;
};

/** What a form does, as bits of ebpf_op_info.effects. */
enum ebpf_effect {
    EBPF_FX_DEF_DST = 1 << 0,    /**< writes dst */
    EBPF_FX_USE_DST = 1 << 1,    /**< reads dst */
    EBPF_FX_USE_SRC = 1 << 2,    /**< reads src */
    EBPF_FX_DEF_SRC = 1 << 3,    /**< writes src: atomics that fetch */
    EBPF_FX_CMPXCHG = 1 << 4,    /**< reads and writes r0 */
    EBPF_FX_LOAD = 1 << 5,       /**< reads memory */
    EBPF_FX_STORE = 1 << 6,      /**< writes memory */
    EBPF_FX_JUMP = 1 << 7,       /**< may go to its target */
    EBPF_FX_TERMINATOR = 1 << 8, /**< never goes on to the next instruction */
    EBPF_FX_CALL = 1 << 9,       /**< reads r1 to r5, writes r0 to r5 */
    EBPF_FX_PACKET = 1 << 10     /**< reads the packet into r0, clobbers r1 to r5 */
};

/** Shapes of operands in text: R register, I immediate, M memory, T target, V 64-bit value,
 *  X reference to a map, variable or function. */
enum ebpf_shape {
    EBPF_SHAPE_NONE, EBPF_SHAPE_R, EBPF_SHAPE_I, EBPF_SHAPE_T, EBPF_SHAPE_RI, EBPF_SHAPE_RR,
    EBPF_SHAPE_RM, EBPF_SHAPE_MI, EBPF_SHAPE_MR, EBPF_SHAPE_RIT, EBPF_SHAPE_RRT, EBPF_SHAPE_RV,
    EBPF_SHAPE_RX
};

/** Fields of the encoding (RFC 9669, 3.1), as bits of ebpf_op_info.fields. */
enum ebpf_field {
    EBPF_FIELD_DST = 1 << 0,     /**< destination register */
    EBPF_FIELD_SRC = 1 << 1,     /**< source register */
    EBPF_FIELD_OFF = 1 << 2,     /**< 16-bit offset */
    EBPF_FIELD_IMM = 1 << 3,     /**< 32-bit immediate */
    EBPF_FIELD_NEXT_IMM = 1 << 4 /**< immediate of the second slot */
};

/** What is known of an instruction form; the columns of ir/opcodes.def and ir/formats.def. */
struct ebpf_op_info {
    const char *name;     /**< EBPF_OP_<name> */
    const char *mnemonic; /**< as the disassembler prints it */
    uint8_t opcode;       /**< first byte */
    uint8_t format;       /**< enum ebpf_format */
    uint8_t shape;        /**< enum ebpf_shape */
    uint8_t oper;         /**< enum ebpf_oper */
    uint8_t width;        /**< of the operation or access, in bits */
    uint8_t slots;        /**< 1, or 2 for 64-bit immediates */
    uint8_t disc_field;   /**< the enum ebpf_field that tells forms of one opcode apart, or 0 */
    uint8_t fields;       /**< bits of enum ebpf_field: the operands */
    uint16_t disc;        /**< the value of disc_field */
    uint16_t effects;     /**< bits of enum ebpf_effect */
    uint16_t group;       /**< enum ebpf_group */
};

/** What is known of a form.  @return NULL if `op` is none (EBPF_OP_DATA has an entry). */
EBPF_API const struct ebpf_op_info *ebpf_op_info(enum ebpf_op op);

/** The registers that an instruction reads, as bits; bit 0 is r0. */
EBPF_API uint16_t ebpf_insn_uses(const struct ebpf_insn *insn);

/** The registers that an instruction writes, as bits; bit 0 is r0. */
EBPF_API uint16_t ebpf_insn_defs(const struct ebpf_insn *insn);

EBPF_END_DECLS

#endif
