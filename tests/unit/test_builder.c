/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <ebpfvm/builder.h>

#include "ir/op.h"
#include "tests/unit/unit.h"

/* The bytes of what was built, and how many; fails the test if building failed. */
static size_t finish(struct ebpf_builder *b, uint8_t *bytes, size_t room)
{
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_builder_finish(b, NULL, &program), EBPF_OK);
    size_t size = ebpf_program_size(program);
    ck_assert_uint_le(size, room);
    ck_assert_int_eq(ebpf_program_encode(program, bytes, room), EBPF_OK);
    ebpf_program_unref(program);
    ebpf_builder_free(b);
    return size;
}

static void assert_bytes(struct ebpf_builder *b, const char *hex)
{
    uint8_t bytes[512];
    char text[1025] = "";
    size_t size = finish(b, bytes, sizeof(bytes));
    for (size_t i = 0; i < size; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    ck_assert_str_eq(text, hex);
}

/* Every form, by its row: the operands it has stand in their fields, all else is as its row. */
START_TEST(every_form_encodes_its_row)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        struct ebpf_builder *b = ebpf_builder_new(NULL);
        bool dst = info->fields & EBPF_FIELD_DST, src = info->fields & EBPF_FIELD_SRC;
        bool off = info->fields & EBPF_FIELD_OFF, imm = info->fields & EBPF_FIELD_IMM;
        int16_t offset = off ? -5 : 0;
        int32_t value = imm ? -7 : 0;
        bool jumps = info->effects & EBPF_FX_JUMP || op == EBPF_OP_CALL_LOCAL ||
                     op == EBPF_OP_LDDW_FUNC;
        if (jumps) {
            struct ebpf_label back = ebpf_label_here(b, NULL);
            value = off && imm ? value : 0;
            ebpf_build_jump(b, (enum ebpf_op)op, dst ? EBPF_R3 : EBPF_R0, src ? EBPF_R4 : EBPF_R0,
                            value, back);
            offset = off ? -1 : 0;
            value = off ? value : -1;
        } else {
            ebpf_build_insn(b, (enum ebpf_op)op, dst ? EBPF_R3 : EBPF_R0, src ? EBPF_R4 : EBPF_R0,
                            offset, value);
        }
        uint8_t bytes[16];
        ck_assert_uint_eq(finish(b, bytes, sizeof(bytes)), info->slots * 8u);
        struct ebpf_slot slot = ebpf_slot_unpack(bytes);
        ck_assert_msg(ebpf_op_of_slot(&slot) == (enum ebpf_op)op, "%s", info->name);
        ck_assert_uint_eq(slot.dst, dst ? 3 : 0);
        if (src)
            ck_assert_uint_eq(slot.src, 4);
        if (info->disc_field != EBPF_FIELD_OFF)
            ck_assert_msg(slot.off == offset, "%s", info->name);
        if (info->disc_field != EBPF_FIELD_IMM)
            ck_assert_msg(slot.imm == value, "%s", info->name);
    }
}
END_TEST

START_TEST(functions_take_operands_in_the_order_of_text)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    struct ebpf_label out = ebpf_label_new(b, "out");
    ebpf_build_ldxb(b, EBPF_R2, EBPF_R1, 12);
    ebpf_build_jne64_imm(b, EBPF_R2, 8, out);
    ebpf_build_jsgt32_reg(b, EBPF_R2, EBPF_R3, out);
    ebpf_build_stw(b, EBPF_R10, -4, 7);
    ebpf_build_stxdw(b, EBPF_R10, -16, EBPF_R2);
    ebpf_build_atomic_fetch_add64(b, EBPF_R10, -16, EBPF_R3);
    ebpf_build_lddw(b, EBPF_R4, UINT64_C(0x1122334455667788));
    ebpf_build_lddw_map_val_fd(b, EBPF_R5, 3, 8);
    ebpf_build_movsx8_64_reg(b, EBPF_R0, EBPF_R2);
    ebpf_build_be16(b, EBPF_R0);
    ebpf_build_call(b, 5);
    ebpf_label_bind(b, out);
    ebpf_build_exit(b);
    assert_bytes(b, "71120c0000000000" "55020b0008000000" "6e320a0000000000" "620afcff07000000"
                    "7b2af0ff00000000" "db3af0ff01000000" "18040000887766550000000044332211"
                    "18250000030000000000000008000000" "bf20080000000000" "dc00000010000000"
                    "8500000005000000" "9500000000000000");
}
END_TEST

START_TEST(functions_and_local_calls)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    struct ebpf_label twice = ebpf_label_new(b, "twice");
    ebpf_build_call_local(b, twice);
    ebpf_build_exit(b);
    ebpf_build_function(b, twice);
    ebpf_build_add64_reg(b, EBPF_R0, EBPF_R0);
    ebpf_build_exit(b);
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_builder_finish(b, NULL, &program), EBPF_OK);
    uint32_t count;
    const struct ebpf_function *f = ebpf_program_functions(program, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(f[0].count, 2);
    ck_assert_str_eq(f[1].name, "twice");
    ck_assert_uint_eq(f[1].first, 2);
    ebpf_program_unref(program);
    ebpf_builder_free(b);
}
END_TEST

START_TEST(slots_are_decoded_together)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    ebpf_build_slot(b, 0x05, 0, 2, 0); /* over the two slots that follow */
    ebpf_build_slot(b, 0x18, 0x01, 0, 0x00010203);
    ebpf_build_slot(b, 0x00, 0, 0, 1);
    ebpf_build_exit(b);
    ebpf_build_slot(b, 0x28, 0x05, 0, 0); /* a reserved field is kept */
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_builder_finish(b, NULL, &program), EBPF_OK);
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(program, &count);
    ck_assert_uint_eq(count, 4);
    ck_assert_uint_eq(insns[0].target, 2);
    ck_assert_uint_eq(insns[1].op, EBPF_OP_LDDW);
    ck_assert_int_eq(insns[1].imm, 0x100010203);
    ck_assert_uint_eq(insns[3].dst, 5);
    ebpf_program_unref(program);
    ebpf_builder_free(b);
}
END_TEST

START_TEST(a_builder_can_be_used_again)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    for (int i = 0; i < 3; i++) {
        struct ebpf_program *program;
        ebpf_build_mov32_imm(b, EBPF_R0, i);
        ebpf_build_exit(b);
        ck_assert_int_eq(ebpf_builder_finish(b, NULL, &program), EBPF_OK);
        ck_assert_uint_eq(ebpf_program_size(program), 16);
        ebpf_program_unref(program);
    }
    ebpf_builder_free(b);
}
END_TEST

static TCase *building(void)
{
    TCase *tc = tcase_create("building");
    tcase_add_test(tc, every_form_encodes_its_row);
    tcase_add_test(tc, functions_take_operands_in_the_order_of_text);
    tcase_add_test(tc, functions_and_local_calls);
    tcase_add_test(tc, slots_are_decoded_together);
    tcase_add_test(tc, a_builder_can_be_used_again);
    return tc;
}

/* What each mistake comes to; `pc` is where the report points. */
static void assert_error(struct ebpf_builder *b, ebpf_status status, uint32_t pc,
                         const char *message)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_builder_finish(b, diag, &program), status);
    ck_assert_ptr_null(program);
    ck_assert_uint_eq(ebpf_diag_count(diag), 1);
    ck_assert_str_eq(ebpf_diag_at(diag, 0)->message, message);
    ck_assert_uint_eq(ebpf_diag_at(diag, 0)->pc, pc);
    ck_assert_int_eq(ebpf_builder_status(b), EBPF_OK);
    ebpf_diag_free(diag);
    ebpf_builder_free(b);
}

START_TEST(the_first_error_is_kept)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    ebpf_build_exit(b);
    ebpf_build_mov64_imm(b, (enum ebpf_reg)11, 1);
    ebpf_build_insn(b, EBPF_OP_EXIT, EBPF_R1, EBPF_R0, 0, 0);
    ck_assert_int_eq(ebpf_builder_status(b), EBPF_ERR_REGISTER);
    assert_error(b, EBPF_ERR_REGISTER, 1, "MOV64_IMM has no register r11");
}
END_TEST

START_TEST(operands_that_a_form_does_not_take)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    ebpf_build_insn(b, EBPF_OP_EXIT, EBPF_R1, EBPF_R0, 0, 0);
    assert_error(b, EBPF_ERR_OPERANDS, 0, "EXIT takes no destination register");
    b = ebpf_builder_new(NULL);
    ebpf_build_insn(b, EBPF_OP_ADD64_REG, EBPF_R1, EBPF_R2, 4, 0);
    assert_error(b, EBPF_ERR_OPERANDS, 0, "ADD64_REG takes no offset");
    b = ebpf_builder_new(NULL);
    ebpf_build_insn(b, EBPF_OP_ADD64_REG, EBPF_R1, EBPF_R2, 0, 4);
    assert_error(b, EBPF_ERR_OPERANDS, 0, "ADD64_REG takes no immediate");
    b = ebpf_builder_new(NULL);
    ebpf_build_insn(b, EBPF_OP_ADD64_IMM, EBPF_R1, EBPF_R0, 0, INT64_C(1) << 32);
    assert_error(b, EBPF_ERR_RANGE, 0, "immediate 4294967296 of ADD64_IMM does not fit 32 bits");
    b = ebpf_builder_new(NULL);
    ebpf_build_insn(b, EBPF_OP_JA, EBPF_R0, EBPF_R0, 0, 0);
    assert_error(b, EBPF_ERR_OPERANDS, 0, "JA is no form without a target");
    b = ebpf_builder_new(NULL);
    ebpf_build_insn(b, EBPF_OP_COUNT, EBPF_R0, EBPF_R0, 0, 0);
    assert_error(b, EBPF_ERR_OPERANDS, 0, "it is no form without a target");
}
END_TEST

START_TEST(labels_must_be_bound_once)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    struct ebpf_label label = ebpf_label_new(b, "out");
    ebpf_build_exit(b);
    ebpf_build_ja(b, label);
    assert_error(b, EBPF_ERR_SYMBOL, 1, "label out is not bound");

    b = ebpf_builder_new(NULL);
    label = ebpf_label_here(b, "loop");
    ebpf_build_exit(b);
    ebpf_label_bind(b, label);
    assert_error(b, EBPF_ERR_DUPLICATE, 1, "label loop is bound already");

    b = ebpf_builder_new(NULL);
    label = ebpf_label_new(b, NULL);
    ebpf_build_ja(b, label);
    ebpf_label_bind(b, label);
    assert_error(b, EBPF_ERR_SYMBOL, 0, "label (without a name) is bound behind the end");

    b = ebpf_builder_new(NULL);
    ebpf_build_ja(b, (struct ebpf_label){99});
    assert_error(b, EBPF_ERR_SYMBOL, 1, "a label that is not of this builder");
}
END_TEST

START_TEST(jumps_have_a_reach)
{
    for (int too_far = 0; too_far < 2; too_far++) {
        struct ebpf_builder *b = ebpf_builder_new(NULL);
        struct ebpf_label end = ebpf_label_new(b, "end");
        struct ebpf_program *program;
        ebpf_build_ja(b, end);
        for (int i = 0; i < INT16_MAX + too_far; i++)
            ebpf_build_mov64_imm(b, EBPF_R0, 0);
        ebpf_label_bind(b, end);
        ebpf_build_exit(b);
        if (too_far) {
            assert_error(b, EBPF_ERR_RANGE, 0,
                         "jump over 32768 slots is too far, the limit is 32767");
            continue;
        }
        ck_assert_int_eq(ebpf_builder_finish(b, NULL, &program), EBPF_OK);
        ebpf_program_unref(program);
        ebpf_builder_free(b);
    }
}
END_TEST

/* An allocator that fails once `left` allocations have succeeded. */
static void *failing(void *ctx, void *old, size_t old_size, size_t new_size)
{
    int *left = ctx;
    (void)old_size;
    if (new_size == 0) {
        free(old);
        return NULL;
    }
    return (*left)-- > 0 ? realloc(old, new_size) : NULL;
}

START_TEST(every_allocation_may_fail)
{
    ebpf_status status = EBPF_ERR_NOMEM;
    for (int fail_at = 0; status; fail_at++) {
        int left = fail_at;
        struct ebpf_mem mem = {failing, &left};
        struct ebpf_builder *b = ebpf_builder_new(&mem);
        struct ebpf_label f = ebpf_label_new(b, "f");
        ebpf_build_call_local(b, f);
        ebpf_build_slot(b, 0x95, 0, 0, 0);
        ebpf_build_function(b, f);
        ebpf_build_lddw(b, EBPF_R0, 1);
        ebpf_build_exit(b);
        struct ebpf_program *program;
        status = ebpf_builder_finish(b, NULL, &program);
        ck_assert(status == EBPF_OK || status == EBPF_ERR_NOMEM);
        ck_assert_int_eq(program == NULL, status != EBPF_OK);
        ebpf_program_unref(program);
        ebpf_builder_free(b);
    }
}
END_TEST

static TCase *mistakes(void)
{
    TCase *tc = tcase_create("mistakes");
    tcase_add_test(tc, the_first_error_is_kept);
    tcase_add_test(tc, operands_that_a_form_does_not_take);
    tcase_add_test(tc, labels_must_be_bound_once);
    tcase_add_test(tc, jumps_have_a_reach);
    tcase_add_test(tc, every_allocation_may_fail);
    return tc;
}

START_TEST(programs_print_as_the_code_that_builds_them)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    struct ebpf_label f = ebpf_label_new(b, "f\"1"), out = ebpf_label_new(b, NULL);
    ebpf_build_call_local(b, f);
    ebpf_build_jeq64_imm(b, EBPF_R0, INT32_MIN, out);
    ebpf_build_stxh(b, EBPF_R10, -2, EBPF_R0);
    ebpf_build_slot(b, 0xff, 0x21, 3, -4);
    ebpf_label_bind(b, out);
    ebpf_build_exit(b);
    ebpf_build_function(b, f);
    ebpf_build_lddw(b, EBPF_R0, UINT64_MAX);
    ebpf_build_exit(b);
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_builder_finish(b, NULL, &program), EBPF_OK);
    struct ebpf_text text = {0};
    struct ebpf_stream out_stream = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_program_print_builder(program, NULL, &out_stream), EBPF_OK);
    ck_assert_str_eq(text.data, "static void build(struct ebpf_builder *b)\n{\n"
                                "    struct ebpf_label l4 = ebpf_label_new(b, NULL);\n"
                                "    struct ebpf_label l5 = ebpf_label_new(b, \"f\\\"1\");\n"
                                "    ebpf_build_call_local(b, l5);\n"
                                "    ebpf_build_jeq64_imm(b, EBPF_R0, INT32_MIN, l4);\n"
                                "    ebpf_build_stxh(b, EBPF_R10, -2, EBPF_R0);\n"
                                "    ebpf_build_slot(b, 0xff, 0x21, 3, -4);\n"
                                "    ebpf_label_bind(b, l4);\n"
                                "    ebpf_build_exit(b);\n"
                                "\n    ebpf_build_function(b, l5);\n"
                                "    ebpf_build_lddw(b, EBPF_R0, UINT64_C(0xffffffffffffffff));\n"
                                "    ebpf_build_exit(b);\n}\n");
    ebpf_text_free(&text);
    ebpf_program_unref(program);
    ebpf_builder_free(b);
}
END_TEST

static TCase *printing(void)
{
    TCase *tc = tcase_create("printing");
    tcase_add_test(tc, programs_print_as_the_code_that_builds_them);
    return tc;
}

RUN_SUITE("builder", building, mistakes, printing)
