/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Programs from bytes and text from programs, for the tests of ir/. */
#ifndef TESTS_IR_UNIT_H
#define TESTS_IR_UNIT_H

#include <stdint.h>
#include <string.h>

#include "ir/decode.h"
#include "ir/op.h"
#include "ir/program.h"
#include "tests/unit/unit.h"

/* A program of `slots` slots, with an allocator or NULL; NULL if there is no memory. */
static inline struct ebpf_program *program_of_bytes(const uint8_t *bytes, size_t slots,
                                                    const struct ebpf_mem *mem)
{
    struct ebpf_program *program = ebpf_program_new(mem);
    if (program && ebpf_program_push_bytes(program, bytes, slots) &&
        ebpf_program_finish(program, NULL) == EBPF_OK)
        return program;
    ebpf_program_unref(program);
    return NULL;
}

/* A program from hexadecimal digits, blanks between slots allowed. */
static inline struct ebpf_program *program_of_hex(const char *hex)
{
    uint8_t bytes[512];
    size_t length = 0;
    while (*hex) {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        char pair[3] = {hex[0], hex[1], '\0'};
        ck_assert_uint_lt(length, sizeof(bytes));
        bytes[length++] = (uint8_t)strtoul(pair, NULL, 16);
        hex += 2;
    }
    ck_assert_uint_eq(length % 8, 0);
    struct ebpf_program *program = program_of_bytes(bytes, length / 8, NULL);
    ck_assert_ptr_nonnull(program);
    return program;
}

/* What a program prints; to be freed by ebpf_text_free(). */
static inline struct ebpf_text text_of(const struct ebpf_program *program,
                                       const struct ebpf_print_options *options)
{
    struct ebpf_text text = {0};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_program_print(program, options, &stream), EBPF_OK);
    return text;
}

/* Checks what a program of hexadecimal digits prints. */
static inline void check_text(const char *hex, const struct ebpf_print_options *options,
                              const char *expected)
{
    struct ebpf_program *program = program_of_hex(hex);
    struct ebpf_text text = text_of(program, options);
    ck_assert_str_eq(text.data ? text.data : "", expected);
    ebpf_text_free(&text);
    ebpf_program_unref(program);
}

/* Numbers that look random and are the same everywhere (xorshift). */
static inline uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state * 0x2545f4914f6cdd1d;
}

/* A slot of a form, its operand fields random and its reserved ones zero. */
static inline void random_slot(enum ebpf_op op, uint64_t *random, uint8_t bytes[16])
{
    const struct ebpf_op_info *info = &ebpf_op_table[op];
    struct ebpf_insn insn;
    ebpf_insn_init(&insn, op);
    uint64_t r = next_random(random);
    if (info->fields & EBPF_FIELD_DST)
        insn.dst = r & 15;
    if (info->fields & EBPF_FIELD_SRC)
        insn.src = r >> 4 & 15;
    if (info->fields & EBPF_FIELD_OFF)
        insn.off = (int16_t)(r >> 8);
    if (info->fields & EBPF_FIELD_IMM)
        insn.imm = (int32_t)(r >> 32 & (r & 0x80 ? 0xff : 0xffffffff)) * (r & 0x40 ? 1 : -1);
    struct ebpf_slot first = {info->opcode, insn.dst, insn.src, insn.off, (int32_t)insn.imm};
    struct ebpf_slot second = {
        .imm = info->fields & EBPF_FIELD_NEXT_IMM ? (int32_t)next_random(random) : 0};
    ebpf_slot_pack(&first, bytes);
    ebpf_slot_pack(&second, bytes + 8);
}

#endif
