/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Programs: targets, pcs, functions, symbols, source locations, references, memory. */
#include "tests/unit/failing_mem.h"
#include "tests/unit/ir_unit.h"

#include "base/bytes.h"

/* --- targets --- */

#define LDDW "18000000000000000000000000000000 "
#define EXIT "9500000000000000 "

static const struct {
    const char *hex;
    uint32_t insn, target; /* where the instruction leads */
} targets[] = {
    {"0500000000000000 " EXIT, 0, 1},
    {"0500ffff00000000 " EXIT, 0, 0},
    {"0500010000000000 " EXIT, 0, EBPF_TARGET_NONE},  /* one past the end */
    {"0500feff00000000 " EXIT, 0, EBPF_TARGET_NONE},  /* before the start */
    {"0500008000000000 " EXIT, 0, EBPF_TARGET_NONE},
    {"0500ff7f00000000 " EXIT, 0, EBPF_TARGET_NONE},
    {"0600000000000080 " EXIT, 0, EBPF_TARGET_NONE},
    {"06000000ffffff7f " EXIT, 0, EBPF_TARGET_NONE},
    {"0600000000000000 " EXIT, 0, 1},
    {"0500020000000000 " LDDW EXIT, 0, 2},            /* over an lddw */
    {"0500010000000000 " LDDW EXIT, 0, EBPF_TARGET_NONE}, /* into its middle */
    {LDDW "0500fdff00000000", 1, 0},
    {LDDW "0500feff00000000", 1, EBPF_TARGET_NONE},
    {"1500000000000000 " EXIT, 0, 1},                 /* conditional */
    {"1600ffff00000000 " EXIT, 0, 0},
    {"e500000000000000 " EXIT, 0, 1},                 /* may_goto */
    {"8510000000000000 " EXIT, 0, 1},                 /* local call */
    {"85100000ffffffff " EXIT, 0, 0},
    {"85100000feffffff " EXIT, 0, EBPF_TARGET_NONE},
    {"8500000000000000 " EXIT, 0, EBPF_TARGET_NONE},  /* a helper's id is no offset */
    {"18400000010000000000000000000000 " EXIT, 0, 1}, /* function reference: from its second slot */
    {"18400000ffffffff0000000000000000 " EXIT, 0, 0},
};

START_TEST(offsets_become_targets)
{
    struct ebpf_program *program = program_of_hex(targets[_i].hex);
    const struct ebpf_insn *insn = ebpf_program_at(program, targets[_i].insn);
    ck_assert_uint_eq(insn->target, targets[_i].target);
    if (insn->target != EBPF_TARGET_NONE) {
        bool in_off = ebpf_target_field((enum ebpf_op)insn->op) == EBPF_FIELD_OFF;
        ck_assert_int_eq(in_off ? insn->off : (int32_t)insn->imm, 0);
    }
    uint8_t bytes[16];
    ck_assert_int_eq(ebpf_insn_encode(program, targets[_i].insn, bytes), EBPF_OK);
    struct ebpf_slot slot = ebpf_slot_unpack(bytes);
    if (ebpf_target_field((enum ebpf_op)insn->op))
        ck_assert_int_eq(ebpf_insn_offset(program, targets[_i].insn),
                         ebpf_target_field((enum ebpf_op)insn->op) == EBPF_FIELD_OFF ? slot.off
                                                                                     : slot.imm);
    ebpf_program_unref(program);
}
END_TEST

/* A program of `count` exits, the first an instruction to the last. */
static struct ebpf_program *long_jump(enum ebpf_op op, uint32_t count)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    for (uint32_t i = 0; i < count; i++)
        ebpf_insn_init(ebpf_program_push(program), i == 0 ? op : EBPF_OP_EXIT);
    ((struct ebpf_insn *)program->insns.data)->target = count - 1;
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    return program;
}

START_TEST(distant_targets_are_refused)
{
    static const struct {
        enum ebpf_op op;
        uint32_t count;
        ebpf_status status;
    } jumps[] = {{EBPF_OP_JA, 32769, EBPF_OK},
                 {EBPF_OP_JA, 32770, EBPF_ERR_RANGE},
                 {EBPF_OP_JEQ64_IMM, 32770, EBPF_ERR_RANGE},
                 {EBPF_OP_JA32, 32770, EBPF_OK},
                 {EBPF_OP_JA32, EBPF_PROGRAM_MAX_SLOTS, EBPF_OK},
                 {EBPF_OP_CALL_LOCAL, EBPF_PROGRAM_MAX_SLOTS, EBPF_OK}};
    uint8_t *bytes = malloc(8u * EBPF_PROGRAM_MAX_SLOTS);
    for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
        struct ebpf_program *program = long_jump(jumps[i].op, jumps[i].count);
        ck_assert_int_eq(ebpf_program_encode(program, bytes, 8u * EBPF_PROGRAM_MAX_SLOTS),
                         jumps[i].status);
        if (!jumps[i].status)
            ck_assert_int_eq(ebpf_insn_offset(program, 0), jumps[i].count - 2);
        ebpf_program_unref(program);
    }
    free(bytes);
}
END_TEST

START_TEST(pcs_are_slots)
{
    struct ebpf_program *program = program_of_hex(LDDW EXIT LDDW LDDW EXIT);
    static const uint32_t pcs[] = {0, 2, 3, 5, 7, 8};
    for (uint32_t i = 0; i < 6; i++) {
        ck_assert_uint_eq(ebpf_program_pc(program, i), pcs[i]);
        ck_assert_uint_eq(ebpf_program_insn_at(program, pcs[i]), i < 5 ? i : EBPF_TARGET_NONE);
    }
    static const uint32_t nowhere[] = {1, 4, 6, 8, 9, UINT32_MAX};
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
        ck_assert_uint_eq(ebpf_program_insn_at(program, nowhere[i]), EBPF_TARGET_NONE);
    ebpf_program_unref(program);
    program = program_of_hex(EXIT EXIT);
    ck_assert_uint_eq(ebpf_program_pc(program, 2), 2);
    ck_assert_uint_eq(ebpf_program_insn_at(program, 1), 1);
    ck_assert_uint_eq(ebpf_program_insn_at(program, 2), EBPF_TARGET_NONE);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(a_program_may_be_empty)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    ck_assert(ebpf_program_add_function(program, "main", 4, 0)); /* has no instructions: is none */
    ck_assert(ebpf_program_add_symbol(program, "end", 3, 0));
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    uint32_t count = 7;
    ebpf_program_insns(program, &count);
    ck_assert_uint_eq(count, 0);
    ebpf_program_functions(program, &count);
    ck_assert_uint_eq(count, 0);
    ck_assert_uint_eq(ebpf_program_size(program), 0);
    ck_assert_int_eq(ebpf_program_encode(program, NULL, 0), EBPF_OK);
    ck_assert_uint_eq(ebpf_program_insn_at(program, 0), EBPF_TARGET_NONE);
    ck_assert_uint_eq(ebpf_program_location(program, 0).line, 0);
    ebpf_program_unref(program);
}
END_TEST

static TCase *places(void)
{
    TCase *tc = tcase_create("targets and pcs");
    tcase_add_loop_test(tc, offsets_become_targets, 0,
                        (int)(sizeof(targets) / sizeof(targets[0])));
    tcase_add_test(tc, distant_targets_are_refused);
    tcase_add_test(tc, pcs_are_slots);
    tcase_add_test(tc, a_program_may_be_empty);
    return tc;
}

/* --- functions, symbols, locations --- */

static struct ebpf_program *exits(uint32_t count)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    for (uint32_t i = 0; i < count; i++)
        ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
    return program;
}

static void check_functions(const struct ebpf_program *program, const char *expected)
{
    char text[200] = "";
    uint32_t count;
    const struct ebpf_function *f = ebpf_program_functions(program, &count);
    for (uint32_t i = 0; i < count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used, "%s%s:%u+%u", i ? " " : "",
                 f[i].name ? f[i].name : "-", f[i].first, f[i].count);
        for (uint32_t k = f[i].first; k < f[i].first + f[i].count; k++)
            ck_assert_uint_eq(ebpf_program_function_of(program, k), i);
    }
    ck_assert_str_eq(text, expected);
}

START_TEST(functions_are_found)
{
    static const struct {
        const char *hex, *functions;
    } rows[] = {
        {EXIT, "-:0+1"},
        {"8510000001000000 " EXIT EXIT, "-:0+2 -:2+1"},
        {"8510000001000000 8510000000000000 " EXIT, "-:0+2 -:2+1"}, /* called twice */
        {"85100000ffffffff " EXIT, "-:0+2"},                        /* calls itself */
        {"8510000009000000 " EXIT, "-:0+2"},                        /* calls nowhere */
        {"18400000010000000000000000000000 " EXIT EXIT, "-:0+1 -:1+2"},
        {"0500010000000000 " EXIT EXIT, "-:0+3"}, /* a jump makes no function */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ebpf_program *program = program_of_hex(rows[i].hex);
        check_functions(program, rows[i].functions);
        ebpf_program_unref(program);
    }
}
END_TEST

START_TEST(functions_are_declared)
{
    struct ebpf_program *program = exits(6);
    ck_assert(ebpf_program_add_function(program, "later", 5, 4));
    ck_assert(ebpf_program_add_function(program, "main", 4, 0));
    ck_assert(ebpf_program_add_function(program, "old", 3, 2));
    ck_assert(ebpf_program_add_function(program, "newer", 3, 2)); /* a name of 3 bytes: "new" */
    ck_assert(ebpf_program_add_function(program, "end", 3, 6));
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    check_functions(program, "main:0+2 new:2+2 later:4+2");
    ebpf_program_unref(program);
}
END_TEST

START_TEST(functions_take_names_of_symbols)
{
    struct ebpf_program *program = exits(4);
    ck_assert(ebpf_program_add_symbol(program, "x", 1, 3));
    ck_assert(ebpf_program_add_symbol(program, "main", 4, 0));
    ck_assert(ebpf_program_add_symbol(program, "end", 3, 4));
    ck_assert(ebpf_program_add_function(program, NULL, 0, 3));
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    check_functions(program, "main:0+3 x:3+1");
    uint32_t count;
    const struct ebpf_symbol *s = ebpf_program_symbols(program, &count);
    ck_assert_uint_eq(count, 3);
    ck_assert_str_eq(s[0].name, "main");
    ck_assert_str_eq(s[1].name, "x");
    ck_assert_uint_eq(s[2].insn, 4);
    ebpf_program_unref(program);
}
END_TEST

/* Symbols of one place stay in the order in which they were added, however many there are. */
START_TEST(symbols_keep_their_order)
{
    enum { INSNS = 100, EACH = 50 };
    struct ebpf_program *program = exits(INSNS);
    for (uint32_t round = 0; round < EACH; round++) {
        for (uint32_t insn = INSNS; insn-- > 0;) {
            char name[16];
            int length = snprintf(name, sizeof(name), "s%u", round);
            ck_assert(ebpf_program_add_symbol(program, name, (size_t)length, insn));
        }
    }
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    uint32_t count;
    const struct ebpf_symbol *s = ebpf_program_symbols(program, &count);
    ck_assert_uint_eq(count, INSNS * EACH);
    for (uint32_t i = 0; i < count; i++) {
        ck_assert_uint_eq(s[i].insn, i / EACH);
        ck_assert_uint_eq(strtoul(s[i].name + 1, NULL, 10), i % EACH);
    }
    ebpf_program_unref(program);
}
END_TEST

START_TEST(locations_point_into_the_source)
{
    static const char source[] = "one\r\n\ntwo three\nlast";
    struct ebpf_program *program = exits(4);
    ck_assert(ebpf_program_set_source(program, "f.s", source, sizeof(source) - 1));
    struct ebpf_insn *insns = program->insns.data;
    insns[0].loc = ebpf_program_add_loc(program, 1, 1, 3);
    insns[1].loc = ebpf_program_add_loc(program, 3, 70000, 70000);
    insns[2].loc = ebpf_program_add_loc(program, 4, 2, 1);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    static const struct {
        uint32_t line, column, width;
        const char *text;
    } places[] = {{1, 1, 3, "one"}, {3, 0, 65535, "two three"}, {4, 2, 1, "last"}, {0, 0, 0, ""}};
    for (uint32_t i = 0; i < 4; i++) {
        struct ebpf_location place = ebpf_program_location(program, i);
        ck_assert_str_eq(place.file, "f.s");
        ck_assert_uint_eq(place.line, places[i].line);
        ck_assert_uint_eq(place.column, places[i].column);
        ck_assert_uint_eq(place.width, places[i].width);
        ck_assert_uint_eq(place.source_length, strlen(places[i].text));
        if (place.source_length)
            ck_assert_mem_eq(place.source, places[i].text, place.source_length);
    }
    ck_assert_uint_eq(ebpf_program_location(program, 4).line, 0);
    ebpf_program_unref(program);
}
END_TEST

/* A location of a line that the text does not have. */
START_TEST(locations_without_source_are_harmless)
{
    struct ebpf_program *program = exits(2);
    ck_assert(ebpf_program_set_source(program, NULL, "", 0));
    struct ebpf_insn *insns = program->insns.data;
    insns[0].loc = ebpf_program_add_loc(program, 9, 1, 1);
    insns[1].loc = ebpf_program_add_loc(program, 1, 1, 1);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    struct ebpf_location place = ebpf_program_location(program, 0);
    ck_assert_ptr_null(place.file);
    ck_assert_ptr_null(place.source);
    ck_assert_uint_eq(place.line, 9);
    ck_assert_uint_eq(ebpf_program_location(program, 1).source_length, 0);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(reports_point_at_instructions)
{
    struct ebpf_program *program = exits(2);
    ck_assert(ebpf_program_set_source(program, "f.s", "a\nb b\n", 6));
    ((struct ebpf_insn *)program->insns.data)[1].loc = ebpf_program_add_loc(program, 2, 3, 1);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ebpf_program_report(program, diag, EBPF_SEVERITY_ERROR, EBPF_ERR_OPCODE, 1, "advice", "n %d",
                        7);
    ebpf_program_report(program, diag, EBPF_SEVERITY_WARNING, EBPF_ERR_EMPTY, EBPF_TARGET_NONE,
                        NULL, "whole");
    ebpf_program_report(program, NULL, EBPF_SEVERITY_ERROR, EBPF_ERR_OPCODE, 1, NULL, "nobody");
    const struct ebpf_diag_entry *e = ebpf_diag_at(diag, 0);
    ck_assert_str_eq(e->message, "n 7");
    ck_assert_str_eq(e->advice, "advice");
    ck_assert_str_eq(e->source, "b b");
    ck_assert_uint_eq(e->line, 2);
    ck_assert_uint_eq(e->column, 3);
    ck_assert_uint_eq(e->pc, 1);
    e = ebpf_diag_at(diag, 1);
    ck_assert_uint_eq(e->pc, EBPF_PC_NONE);
    ck_assert_str_eq(e->advice, ebpf_status_advice(EBPF_ERR_EMPTY));
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
}
END_TEST

static TCase *names(void)
{
    TCase *tc = tcase_create("functions, symbols, locations");
    tcase_add_test(tc, functions_are_found);
    tcase_add_test(tc, functions_are_declared);
    tcase_add_test(tc, functions_take_names_of_symbols);
    tcase_add_test(tc, symbols_keep_their_order);
    tcase_add_test(tc, locations_point_into_the_source);
    tcase_add_test(tc, locations_without_source_are_harmless);
    tcase_add_test(tc, reports_point_at_instructions);
    return tc;
}

/* --- limits and memory --- */

START_TEST(programs_have_a_longest)
{
    struct ebpf_program *program = exits(EBPF_PROGRAM_MAX_SLOTS);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    ck_assert_uint_eq(ebpf_program_size(program), 8u * EBPF_PROGRAM_MAX_SLOTS);
    ebpf_program_unref(program);

    program = exits(EBPF_PROGRAM_MAX_SLOTS - 1);
    ebpf_insn_init(ebpf_program_push(program), EBPF_OP_LDDW); /* a slot too many */
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(ebpf_program_finish(program, diag), EBPF_ERR_TOO_LONG);
    ck_assert_str_eq(ebpf_diag_at(diag, 0)->message,
                     "program has 1000001 slots, the limit is 1000000");
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(references_are_counted)
{
    struct failing_mem f = failing_mem_first();
    ck_assert(failing_mem_next(&f));
    f.fail_at = 0;
    uint8_t exit[8] = {0x95};
    struct ebpf_program *program = program_of_bytes(exit, 1, &f.mem);
    ck_assert_ptr_eq(ebpf_program_ref(program), program);
    ebpf_program_unref(program);
    ck_assert_uint_gt(f.used, 0);
    ck_assert_uint_eq(ebpf_program_size(program), 8);
    ebpf_program_unref(program);
    ck_assert_uint_eq(f.used, 0);
    ebpf_program_unref(NULL);
}
END_TEST

/* Makes a program in every way that allocates. */
static ebpf_status make(const struct ebpf_mem *mem, struct ebpf_program **out)
{
    static const char source[] = "a\nb\nc\n";
    uint8_t bytes[8 * 64] = {0};
    for (size_t i = 0; i < 32; i++) {
        bytes[16 * i] = 0x18;             /* a 64-bit immediate */
        bytes[16 * i + 1] = i & 1 ? 0 : 0x40; /* half of them refer to functions */
        bytes[16 * i + 4] = 1;
    }
    struct ebpf_program *p = *out = ebpf_program_new(mem);
    if (!p || !ebpf_program_set_source(p, "file", source, sizeof(source) - 1) ||
        !ebpf_program_push_bytes(p, bytes, 64) || !ebpf_program_add_loc(p, 1, 1, 1) ||
        !ebpf_program_add_symbol(p, "x", 1, 3) || !ebpf_program_add_symbol(p, "y", 1, 1) ||
        !ebpf_program_add_function(p, "f", 1, 0))
        return EBPF_ERR_NOMEM;
    return ebpf_program_finish(p, NULL);
}

START_TEST(memory_may_run_out)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_program *program;
        failing_mem_check(&f, make(&f.mem, &program));
        if (!f.failed) {
            uint32_t count;
            ebpf_program_functions(program, &count);
            ck_assert_uint_eq(count, 17);
        }
        ebpf_program_unref(program);
    }
}
END_TEST

static TCase *limits(void)
{
    TCase *tc = tcase_create("limits and memory");
    tcase_add_test(tc, programs_have_a_longest);
    tcase_add_test(tc, references_are_counted);
    tcase_add_test(tc, memory_may_run_out);
    return tc;
}

RUN_SUITE("ir/program", places, names, limits)
