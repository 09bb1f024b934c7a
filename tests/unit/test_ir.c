/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The table of instructions, and bytecode to programs and back. */
#include "tests/unit/failing_mem.h"
#include "tests/unit/ir_unit.h"

#include "base/bytes.h"

/* --- op.c --- */

enum { FIRST_OP = EBPF_OP_DATA + 1 };

static struct ebpf_slot slot_of(enum ebpf_op op)
{
    struct ebpf_insn insn;
    ebpf_insn_init(&insn, op);
    return (struct ebpf_slot){ebpf_op_table[op].opcode, insn.dst, insn.src, insn.off,
                              (int32_t)insn.imm};
}

START_TEST(rows_are_found_by_slot)
{
    struct ebpf_slot slot = slot_of((enum ebpf_op)_i);
    ck_assert_int_eq(ebpf_op_of_slot(&slot), _i);
    ck_assert(ebpf_opcode_known(slot.opcode));
    uint8_t bytes[8];
    ebpf_slot_pack(&slot, bytes);
    struct ebpf_slot again = ebpf_slot_unpack(bytes);
    ck_assert_int_eq(again.opcode, slot.opcode);
    ck_assert_int_eq(again.src, slot.src);
    ck_assert_int_eq(again.off, slot.off);
    ck_assert_int_eq(again.imm, slot.imm);
}
END_TEST

START_TEST(rows_are_found_by_meaning)
{
    const struct ebpf_op_info *info = ebpf_op_info((enum ebpf_op)_i);
    ck_assert_ptr_eq(info, &ebpf_op_table[_i]);
    ck_assert_int_eq(ebpf_op_of((enum ebpf_format)info->format, (enum ebpf_oper)info->oper,
                                info->width),
                     _i);
}
END_TEST

/* The columns of a row fit each other. */
START_TEST(rows_make_sense)
{
    const struct ebpf_op_info *info = &ebpf_op_table[_i];
    unsigned fx = info->effects;
    ck_assert_ptr_nonnull(info->name);
    ck_assert_str_ne(info->mnemonic, "");
    ck_assert_str_ne(ebpf_group_name((enum ebpf_group)info->group), "");
    ck_assert(info->slots == 1 || (info->slots == 2 && info->opcode == 0x18));
    ck_assert_uint_eq(info->fields & info->disc_field, 0);
    ck_assert(info->disc_field || info->disc == 0);
    ck_assert(info->width == 8 || info->width == 16 || info->width == 32 || info->width == 64);
    if (fx & (EBPF_FX_DEF_DST | EBPF_FX_USE_DST))
        ck_assert(info->fields & EBPF_FIELD_DST);
    if (fx & (EBPF_FX_DEF_SRC | EBPF_FX_USE_SRC))
        ck_assert(info->fields & EBPF_FIELD_SRC);
    if (fx & EBPF_FX_JUMP)
        ck_assert_int_ne(ebpf_target_field((enum ebpf_op)_i), 0);
    if (fx & EBPF_FX_CMPXCHG)
        ck_assert(fx & EBPF_FX_LOAD && fx & EBPF_FX_STORE);
}
END_TEST

START_TEST(other_slots_are_data)
{
    static const struct ebpf_slot slots[] = {
        {.opcode = 0x00}, {.opcode = 0xff},  {.opcode = 0xe5, .src = 1},
        {.opcode = 0x85, .src = 3},          {.opcode = 0x18, .src = 7},
        {.opcode = 0x37, .off = 2},          {.opcode = 0x37, .off = -1},
        {.opcode = 0xbf, .off = 24},         {.opcode = 0xbc, .off = 32},
        {.opcode = 0xdb, .imm = 0xe0},       {.opcode = 0xdb, .imm = 0x10001},
        {.opcode = 0xd4, .imm = 7},          {.opcode = 0xdc, .imm = 0},
        {.opcode = 0xcb, .imm = 0},          {.opcode = 0xd7, .imm = -1}};
    for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
        ck_assert_int_eq(ebpf_op_of_slot(&slots[i]), EBPF_OP_DATA);
    ck_assert(!ebpf_opcode_known(0x00));
    ck_assert_ptr_null(ebpf_op_info(EBPF_OP_COUNT));
    ck_assert_ptr_null(ebpf_op_info((enum ebpf_op)-1));
    ck_assert_str_eq(ebpf_op_info(EBPF_OP_DATA)->name, "DATA");
    ck_assert_int_eq(ebpf_op_of(EBPF_FMT_ALU_UN, EBPF_OPER_ADD, 64), EBPF_OP_DATA);
    ck_assert_int_eq(ebpf_op_of(EBPF_FMT_ALU_IMM, EBPF_OPER_ADD, 64 + 256), EBPF_OP_DATA);
    ck_assert_int_eq(ebpf_op_of(EBPF_FMT_ALU_IMM, (enum ebpf_oper)(EBPF_OPER_ADD + 256), 64),
                     EBPF_OP_DATA);
    ck_assert_str_eq(ebpf_oper_symbol(EBPF_OPER_SDIV), "s/");
    ck_assert_str_eq(ebpf_oper_symbol(EBPF_OPER_MAP_VAL_IDX), "map_by_idx");
    ck_assert_str_eq(ebpf_oper_symbol(EBPF_OPER_LOAD), "");
    ck_assert_str_eq(ebpf_oper_symbol((enum ebpf_oper)9999), "");
    ck_assert_str_eq(ebpf_group_name((enum ebpf_group)3), "");
}
END_TEST

START_TEST(uses_and_defs_are_registers)
{
    static const struct {
        enum ebpf_op op;
        uint16_t uses, defs; /* of the form with dst = r6, src = r7 */
    } rows[] = {
        {EBPF_OP_ADD64_IMM, 1 << 6, 1 << 6},     {EBPF_OP_MOV32_REG, 1 << 7, 1 << 6},
        {EBPF_OP_NEG64, 1 << 6, 1 << 6},         {EBPF_OP_JEQ64_REG, 3 << 6, 0},
        {EBPF_OP_JA, 0, 0},                      {EBPF_OP_CALL, 0x3e, 0x3f},
        {EBPF_OP_CALLX, 0x3e | 1 << 6, 0x3f},    {EBPF_OP_EXIT, 1, 0},
        {EBPF_OP_LDXW, 1 << 7, 1 << 6},          {EBPF_OP_STW, 1 << 6, 0},
        {EBPF_OP_STXB, 3 << 6, 0},               {EBPF_OP_ATOMIC_ADD64, 3 << 6, 0},
        {EBPF_OP_ATOMIC_XCHG32, 3 << 6, 1 << 7}, {EBPF_OP_ATOMIC_CMPXCHG64, 3 << 6 | 1, 1},
        {EBPF_OP_LDDW, 0, 1 << 6},               {EBPF_OP_LDABSB, 0, 0x3f},
        {EBPF_OP_LDINDW, 1 << 7, 0x3f},          {EBPF_OP_LOAD_ACQ_B, 1 << 7, 1 << 6},
        {EBPF_OP_STORE_REL_DW, 3 << 6, 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ebpf_insn insn = {.op = (uint16_t)rows[i].op, .dst = 6, .src = 7};
        ck_assert_uint_eq(ebpf_insn_uses(&insn), rows[i].uses);
        ck_assert_uint_eq(ebpf_insn_defs(&insn), rows[i].defs);
    }
}
END_TEST

static TCase *table(void)
{
    TCase *tc = tcase_create("table");
    tcase_add_loop_test(tc, rows_are_found_by_slot, FIRST_OP, EBPF_OP_COUNT);
    tcase_add_loop_test(tc, rows_are_found_by_meaning, FIRST_OP, EBPF_OP_COUNT);
    tcase_add_loop_test(tc, rows_make_sense, FIRST_OP, EBPF_OP_COUNT);
    tcase_add_test(tc, other_slots_are_data);
    tcase_add_test(tc, uses_and_defs_are_registers);
    return tc;
}

/* --- decode.c, encode.c --- */

/* Bytes in are bytes out. */
static void check_round_trip(const uint8_t *bytes, size_t slots)
{
    struct ebpf_program *program = program_of_bytes(bytes, slots, NULL);
    ck_assert_ptr_nonnull(program);
    ck_assert_uint_eq(ebpf_program_size(program), slots * 8);
    uint8_t *again = malloc(slots * 8 + 1);
    ck_assert_int_eq(ebpf_program_encode(program, again, slots * 8), EBPF_OK);
    ck_assert_mem_eq(again, bytes, slots * 8);
    if (slots)
        ck_assert_int_eq(ebpf_program_encode(program, again, slots * 8 - 1), EBPF_ERR_LIMIT);
    free(again);
    ebpf_program_unref(program);
}

START_TEST(forms_round_trip)
{
    uint64_t random = 1 + (uint64_t)_i;
    uint8_t bytes[16];
    unsigned slots = ebpf_op_table[_i].slots;
    for (int round = 0; round < 200; round++) {
        random_slot((enum ebpf_op)_i, &random, bytes);
        check_round_trip(bytes, slots);
        struct ebpf_program *program = program_of_bytes(bytes, slots, NULL);
        ck_assert_int_eq(ebpf_program_at(program, 0)->op, _i);
        ck_assert(ebpf_insn_is_canonical(ebpf_program_at(program, 0)));
        ebpf_program_unref(program);
    }
}
END_TEST

/* A set bit in a field that is neither operand nor tells the form makes it not canonical. */
START_TEST(reserved_fields_are_seen)
{
    const struct ebpf_op_info *info = &ebpf_op_table[_i];
    unsigned reserved = ~((unsigned)info->fields | info->disc_field);
    static const struct {
        enum ebpf_field field;
        unsigned byte;
        uint8_t bit;
    } bits[] = {{EBPF_FIELD_DST, 1, 1},   {EBPF_FIELD_DST, 1, 8},    {EBPF_FIELD_SRC, 1, 16},
                {EBPF_FIELD_SRC, 1, 128}, {EBPF_FIELD_OFF, 2, 1},    {EBPF_FIELD_OFF, 3, 128},
                {EBPF_FIELD_IMM, 4, 1},   {EBPF_FIELD_IMM, 7, 128},  {EBPF_FIELD_NEXT_IMM, 12, 1},
                {EBPF_FIELD_NEXT_IMM, 15, 128}};
    for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
        if (!(reserved & bits[i].field) || (bits[i].byte > 7 && info->slots == 1))
            continue;
        struct ebpf_slot slot = slot_of((enum ebpf_op)_i);
        uint8_t bytes[16] = {0};
        ebpf_slot_pack(&slot, bytes);
        bytes[bits[i].byte] |= bits[i].bit;
        check_round_trip(bytes, info->slots);
        struct ebpf_program *program = program_of_bytes(bytes, info->slots, NULL);
        ck_assert_int_eq(ebpf_program_at(program, 0)->op, _i);
        ck_assert(!ebpf_insn_is_canonical(ebpf_program_at(program, 0)));
        ebpf_program_unref(program);
    }
}
END_TEST

START_TEST(junk_round_trips)
{
    enum { SLOTS = 64 };
    uint8_t bytes[SLOTS * 8];
    uint64_t random = 20;
    for (int round = 0; round < 3000; round++) {
        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (uint8_t)(next_random(&random) >> 32);
        for (size_t i = 0; i < SLOTS; i++) { /* known opcodes, few bits, lddw halves */
            uint64_t r = next_random(&random);
            if (r & 1)
                bytes[i * 8] = ebpf_op_table[1 + (r >> 8) % (EBPF_OP_COUNT - 1)].opcode;
            if (r & 2)
                memset(bytes + i * 8 + 1, 0, 7);
            if (r & 4)
                bytes[i * 8 + 2] &= 15, bytes[i * 8 + 3] = (uint8_t)(r & 8 ? 0xff : 0);
            if ((r & 0xf0) == 0)
                memset(bytes + i * 8, 0, 4);
        }
        check_round_trip(bytes, (size_t)(next_random(&random) >> 40) % (SLOTS + 1));
    }
}
END_TEST

START_TEST(halves_of_lddw_are_checked)
{
    /* at the end; before something else; before what is only nearly a second half */
    static const char *const alone[] = {"18010000ffffffff", "1801000001000000 9500000000000000",
                                        "1801000001000000 0001000000000000",
                                        "1801000001000000 0000010000000000"};
    for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++) {
        struct ebpf_program *program = program_of_hex(alone[i]);
        ck_assert_int_eq(ebpf_program_at(program, 0)->op, EBPF_OP_DATA);
        ck_assert_uint_eq(ebpf_program_count(program), i == 0 ? 1 : 2);
        ebpf_program_unref(program);
    }
    struct ebpf_program *program = program_of_hex("18010000ffffffff 00000000feffffff");
    ck_assert_uint_eq(ebpf_program_count(program), 1);
    ck_assert_int_eq(ebpf_program_at(program, 0)->imm, INT64_C(-0x100000001));
    ebpf_program_unref(program);
}
END_TEST

START_TEST(initial_forms_are_canonical)
{
    struct ebpf_insn insn;
    ebpf_insn_init(&insn, (enum ebpf_op)_i);
    ck_assert(ebpf_insn_is_canonical(&insn));
    ck_assert_uint_eq(insn.target, EBPF_TARGET_NONE);
}
END_TEST

static TCase *bytecode(void)
{
    TCase *tc = tcase_create("bytecode");
    tcase_add_loop_test(tc, forms_round_trip, FIRST_OP, EBPF_OP_COUNT);
    tcase_add_loop_test(tc, reserved_fields_are_seen, FIRST_OP, EBPF_OP_COUNT);
    tcase_add_test(tc, junk_round_trips);
    tcase_add_test(tc, halves_of_lddw_are_checked);
    tcase_add_loop_test(tc, initial_forms_are_canonical, FIRST_OP, EBPF_OP_COUNT);
    return tc;
}

RUN_SUITE("ir", table, bytecode)
