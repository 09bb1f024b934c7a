/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Whatever the printer writes, the assembler reads back to the same bytes. */
#include <ebpfvm/asm.h>

#include "base/bytes.h"
#include "tests/unit/ir_unit.h"

enum { SLOTS = 64, STYLES = 4 };

/* Both dialects, with offsets and with labels. */
static struct ebpf_print_options style(unsigned i)
{
    return (struct ebpf_print_options){.size = sizeof(struct ebpf_print_options),
                                       .dialect = (enum ebpf_dialect)(i & 1),
                                       .labels = i & 2};
}

static void fail_with(const struct ebpf_text *text, const struct ebpf_diag *diag)
{
    struct ebpf_text report = {0};
    struct ebpf_stream stream = ebpf_stream_text(&report);
    ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &stream);
    ck_abort_msg("%s\nof\n%s", report.data, text->data);
}

/* Prints, assembles, compares the bytes; prints once more, compares the text. */
static void check_style(const struct ebpf_program *program, unsigned i)
{
    struct ebpf_print_options options = style(i);
    struct ebpf_text text = text_of(program, &options);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *again;
    if (ebpf_assemble(text.data, text.length, NULL, diag, &again))
        fail_with(&text, diag);
    size_t size = ebpf_program_size(program);
    uint8_t *expected = malloc(size + 1), *bytes = malloc(size + 1);
    ck_assert_uint_eq(ebpf_program_size(again), size);
    ck_assert_int_eq(ebpf_program_encode(program, expected, size), EBPF_OK);
    ck_assert_int_eq(ebpf_program_encode(again, bytes, size), EBPF_OK);
    for (size_t k = 0; k < size; k += 8)
        ck_assert_msg(memcmp(expected + k, bytes + k, 8) == 0,
                      "slot %zu is %016llx, was %016llx, of\n%s", k / 8,
                      (unsigned long long)ebpf_get_le64(bytes + k),
                      (unsigned long long)ebpf_get_le64(expected + k), text.data);
    struct ebpf_text second = text_of(again, &options);
    ck_assert_str_eq(second.data, text.data);
    ebpf_text_free(&second);
    free(expected);
    free(bytes);
    ebpf_program_unref(again);
    ebpf_diag_free(diag);
    ebpf_text_free(&text);
}

static void check_bytes(const uint8_t *bytes, size_t slots)
{
    struct ebpf_program *program = program_of_bytes(bytes, slots, NULL);
    ck_assert_ptr_nonnull(program);
    for (unsigned i = 0; i < STYLES; i++)
        check_style(program, i);
    ebpf_program_unref(program);
}

/* Each form with many operands, most of its targets being nowhere. */
START_TEST(forms_read_back)
{
    uint8_t bytes[SLOTS * 8 + 8];
    uint64_t random = 77 + (uint64_t)_i;
    for (int round = 0; round < 4; round++) {
        size_t slots = 0;
        while (slots < SLOTS) {
            random_slot((enum ebpf_op)_i, &random, bytes + slots * 8);
            slots += ebpf_op_table[_i].slots;
        }
        check_bytes(bytes, slots);
    }
}
END_TEST

/* Operands at the ends of their ranges. */
START_TEST(extreme_operands_read_back)
{
    const struct ebpf_op_info *info = &ebpf_op_table[_i];
    static const int32_t imms[] = {0, 1, -1, INT32_MAX, INT32_MIN, INT32_MIN + 1};
    static const int16_t offs[] = {0, 1, -1, INT16_MAX, INT16_MIN, INT16_MIN + 1};
    for (size_t k = 0; k < sizeof(imms) / sizeof(imms[0]); k++) {
        struct ebpf_insn insn;
        ebpf_insn_init(&insn, (enum ebpf_op)_i);
        struct ebpf_slot slot = {info->opcode, insn.dst, insn.src, insn.off, (int32_t)insn.imm};
        if (info->fields & EBPF_FIELD_DST)
            slot.dst = k & 1 ? 15 : 0;
        if (info->fields & EBPF_FIELD_SRC)
            slot.src = k & 1 ? 0 : 15;
        if (info->fields & EBPF_FIELD_OFF)
            slot.off = offs[k];
        if (info->fields & EBPF_FIELD_IMM)
            slot.imm = imms[k];
        uint8_t bytes[16] = {0};
        ebpf_slot_pack(&slot, bytes);
        if (info->fields & EBPF_FIELD_NEXT_IMM)
            ebpf_put_le32(bytes + 12, (uint32_t)imms[5 - k]);
        check_bytes(bytes, info->slots);
    }
}
END_TEST

/* A program of random forms whose targets are mostly within it. */
static size_t random_program(uint64_t *random, uint8_t *bytes)
{
    size_t slots = 0;
    while (slots < SLOTS - 1) {
        uint64_t r = next_random(random);
        enum ebpf_op op = (enum ebpf_op)(1 + (r >> 16) % (EBPF_OP_COUNT - 1));
        uint8_t *slot = bytes + slots * 8;
        random_slot(op, random, slot);
        int32_t offset = (int32_t)((r >> 32) % (SLOTS + 2)) - (int32_t)slots - 2;
        if (ebpf_target_field(op) == EBPF_FIELD_OFF)
            ebpf_put_le16(slot + 2, (uint16_t)offset);
        else if (ebpf_target_field(op) == EBPF_FIELD_IMM)
            ebpf_put_le32(slot + 4, (uint32_t)offset);
        slots += ebpf_op_table[op].slots;
    }
    return slots;
}

START_TEST(programs_read_back)
{
    uint8_t bytes[SLOTS * 8 + 16];
    uint64_t random = 4711;
    for (int round = 0; round < 150; round++)
        check_bytes(bytes, random_program(&random, bytes));
}
END_TEST

START_TEST(junk_reads_back)
{
    uint8_t bytes[SLOTS * 8 + 16];
    uint64_t random = 815;
    for (int round = 0; round < 100; round++) {
        size_t slots = random_program(&random, bytes);
        for (size_t i = 0; i < 16; i++) { /* spoil some */
            uint64_t r = next_random(&random);
            bytes[r % (slots * 8)] = (uint8_t)(r >> 32);
        }
        check_bytes(bytes, slots);
        for (size_t i = 0; i < slots * 8; i++)
            bytes[i] = (uint8_t)(next_random(&random) >> 32);
        check_bytes(bytes, slots);
    }
}
END_TEST

/* Names that mean something elsewhere in the language. */
START_TEST(names_read_back)
{
    static const char *const names[] = {
        "exit",  "if",    "goto", "lock",   "ll",  "call", "pc",   "add64",     "s8",  "map_by_fd",
        "skb",   "be16",  "L4",   "_",      "r1x", "R1",   "a.b",  "func_2",    "fp",  "code_addr",
        "local", "func",  "x",    "u32",    "equ", "s",    "lddw", "runtime",   "w",   "cmpxchg_64",
        "r",     "ja",    "L_1",  "helper", "map_val",     "may_goto",          "load_acquire"};
    enum { NAMES = sizeof(names) / sizeof(names[0]) };
    struct ebpf_program *program = ebpf_program_new(NULL);
    for (uint32_t i = 0; i < NAMES; i++) {
        static const enum ebpf_op ops[] = {EBPF_OP_JA, EBPF_OP_CALL_LOCAL, EBPF_OP_JEQ64_IMM,
                                           EBPF_OP_JSET32_REG, EBPF_OP_LDDW_FUNC, EBPF_OP_JA32,
                                           EBPF_OP_MAY_GOTO};
        struct ebpf_insn *insn = ebpf_program_push(program);
        ebpf_insn_init(insn, ops[i % (sizeof(ops) / sizeof(ops[0]))]);
        insn->target = NAMES - 1 - i;
        ebpf_program_add_symbol(program, names[i], strlen(names[i]), i);
    }
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    for (unsigned i = 0; i < STYLES; i++)
        check_style(program, i);
    ebpf_program_unref(program);
}
END_TEST

static TCase *text(void)
{
    TCase *tc = tcase_create("text");
    tcase_add_loop_test(tc, forms_read_back, EBPF_OP_DATA + 1, EBPF_OP_COUNT);
    tcase_add_loop_test(tc, extreme_operands_read_back, EBPF_OP_DATA + 1, EBPF_OP_COUNT);
    tcase_add_test(tc, programs_read_back);
    tcase_add_test(tc, junk_reads_back);
    tcase_add_test(tc, names_read_back);
    return tc;
}

RUN_SUITE("round trip", text)
