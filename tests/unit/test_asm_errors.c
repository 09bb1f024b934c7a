/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the assembler refuses: places, reasons, advice, limits. */
#include "tests/unit/asm_unit.h"
#include "tests/unit/failing_mem.h"

static const struct asm_error errors[] = {
    /* words */
    {"exit\n  mvo r1, 2", EBPF_ERR_MNEMONIC, 2, 3, 3, "`mvo`", "did you mean `mov`?"},
    {"ldxx r1, [r2]", EBPF_ERR_MNEMONIC, 1, 1, 4, NULL, "did you mean `ldx"},
    {"MOV r1, 2", EBPF_ERR_MNEMONIC, 1, 1, 3, "`MOV`", NULL},
    {"qqqqqqq", EBPF_ERR_MNEMONIC, 1, 1, 7, NULL, "docs/instructions.md"},
    {".fnuc f", EBPF_ERR_DIRECTIVE, 1, 1, 5, "`.fnuc`", "did you mean `.func`?"},
    {"r1 = atomic_fech_add((u64 *)(r1 + 0), r1)", EBPF_ERR_MNEMONIC, 1, 1, 41, NULL,
     "did you mean `atomic_fetch_add`?"},
    {"r1 = foo r1", EBPF_ERR_MNEMONIC, 1, 6, 3, "`foo` is no byte swap", "bswap32"},
    /* shapes */
    {"add 1, 2", EBPF_ERR_OPERANDS, 1, 1, 8, "`add`", "add takes `rD, imm` or `rD, rS`"},
    {"add r1, 2, 3, 4, 5, 6", EBPF_ERR_OPERANDS, 1, 1, 21, NULL, NULL},
    {"add r1", EBPF_ERR_OPERANDS, 1, 1, 6, NULL, "add takes"},
    {"add", EBPF_ERR_OPERANDS, 1, 1, 3, NULL, "add takes"},
    {"add\nmov r1, 2", EBPF_ERR_OPERANDS, 1, 1, 3, NULL, NULL},
    {"exit 1", EBPF_ERR_OPERANDS, 1, 1, 6, NULL, "exit takes no operands"},
    {"ldxw r1, r2", EBPF_ERR_OPERANDS, 1, 1, 11, NULL, "`rD, [rS+off]`"},
    {"stw [r1], r2", EBPF_ERR_OPERANDS, 1, 1, 12, NULL, "`[rD+off], imm`"},
    {"jeq r1, 5", EBPF_ERR_OPERANDS, 1, 1, 9, NULL, "`rD, imm, target`"},
    {"mov w1, 2", EBPF_ERR_OPERANDS, 1, 5, 2, NULL, "mov32"},
    {".equ 5, 5", EBPF_ERR_OPERANDS, 1, 1, 9, NULL, ".equ takes `NAME, value`"},
    {".func", EBPF_ERR_OPERANDS, 1, 1, 5, NULL, NULL},
    {".8byte r1", EBPF_ERR_OPERANDS, 1, 1, 9, NULL, NULL},
    {"lddw r1, map_by_fd(1) + 4", EBPF_ERR_OPERANDS, 1, 10, 16, NULL, "map_val"},
    {"lddw r1, map(1)", EBPF_ERR_SYMBOL, 1, 10, 6, NULL, "map_by_fd"},
    {"r1 = w2", EBPF_ERR_OPERANDS, 1, 1, 7, NULL, "both sides"},
    {"if r1 == w2 goto +1", EBPF_ERR_OPERANDS, 1, 1, 19, NULL, NULL},
    {"w1 = (s32)w2", EBPF_ERR_OPERANDS, 1, 1, 12, NULL, "(s32)"},
    {"r0 = -r1", EBPF_ERR_OPERANDS, 1, 7, 2, "r0", NULL},
    {"r3 = bswap32 r4", EBPF_ERR_OPERANDS, 1, 14, 2, "r3", NULL},
    {"w3 = be16 w3", EBPF_ERR_OPERANDS, 1, 1, 2, NULL, NULL},
    {"w1 = *(u64 *)(r2 + 0)", EBPF_ERR_OPERANDS, 1, 1, 2, NULL, "64 bits"},
    {"r1 = *(u32 *)(w2 + 0)", EBPF_ERR_OPERANDS, 1, 15, 2, NULL, "addresses"},
    {"*(s8 *)(r1 + 0) = r2", EBPF_ERR_OPERANDS, 1, 1, 20, NULL, "no sign"},
    {"lock *(u16 *)(r1 + 0) += r2", EBPF_ERR_OPERANDS, 1, 1, 27, NULL, "u64"},
    {"r1 = *(u8 *)skb[4]", EBPF_ERR_OPERANDS, 1, 1, 18, NULL, "skb"},
    {"r2 = atomic_fetch_add((u64 *)(r1 + 0), r3)", EBPF_ERR_OPERANDS, 1, 40, 2, "r2", NULL},
    {"r1 = cmpxchg_64(r10 - 8, r1, r2)", EBPF_ERR_OPERANDS, 1, 1, 2, NULL, "r0"},
    {"r1 = load_acquire(r2 + 0)", EBPF_ERR_OPERANDS, 1, 1, 25, NULL, "width"},
    /* syntax */
    {"mov r1 r2", EBPF_ERR_SYNTAX, 1, 8, 2, "`r2`", "mov takes"},
    {"mov r1,\nmov r2, 3", EBPF_ERR_SYNTAX, 1, 8, 1, "incomplete", NULL},
    {"mov r1, (1 + 2", EBPF_ERR_SYNTAX, 1, 15, 1, "incomplete", NULL},
    {"mov r1, 2\n-3", EBPF_ERR_SYNTAX, 2, 1, 1, "`-`", NULL},
    {"r1 =", EBPF_ERR_SYNTAX, 1, 5, 1, "incomplete", NULL},
    {"if r1 > 5\ngoto out\nout:", EBPF_ERR_SYNTAX, 1, 10, 1, "incomplete", "goto"},
    {"exit,", EBPF_ERR_SYNTAX, 1, 5, 1, "`,`", NULL},
    {"r1: exit", EBPF_ERR_SYNTAX, 1, 1, 2, "register", NULL},
    {"mov r1, 0b11", EBPF_ERR_SYNTAX, 1, 9, 4, "`0b11`", "hexadecimal"},
    {"mov r1, 'ab'", EBPF_ERR_SYNTAX, 1, 9, 4, "character", NULL},
    {"mov r1, '\\q'", EBPF_ERR_SYNTAX, 1, 9, 4, "character", NULL},
    {"exit\nexit /* x\nexit", EBPF_ERR_SYNTAX, 2, 6, 2, "comment", "*/"},
    /* registers and ranges */
    {"mov r16, 1", EBPF_ERR_REGISTER, 1, 5, 3, "`r16`", "r0 to r10"},
    {"mov r99999999999999999999, 1", EBPF_ERR_REGISTER, 1, 5, 21, NULL, NULL},
    {"mov r1, 4294967296", EBPF_ERR_RANGE, 1, 9, 10, "4294967296", "lddw"},
    {"mov r1, -2147483649", EBPF_ERR_RANGE, 1, 9, 11, "-2147483649", NULL},
    {"r1 = 4294967296", EBPF_ERR_RANGE, 1, 6, 10, NULL, "ll"},
    {"mov r1, 0xffffffffffffffff", EBPF_ERR_RANGE, 1, 9, 18, "18446744073709551615", NULL},
    {"lddw r1, 18446744073709551616", EBPF_ERR_RANGE, 1, 10, 20, NULL, "64 bits"},
    {"lddw r1, 0x10000000000000000", EBPF_ERR_RANGE, 1, 10, 19, NULL, NULL},
    {"lddw r1, -9223372036854775809", EBPF_ERR_RANGE, 1, 10, 20, NULL, NULL},
    {"ldxw r1, [r2+32768]", EBPF_ERR_RANGE, 1, 10, 10, "32768", "-32768 to 32767"},
    {"stb [r2-32769], 1", EBPF_ERR_RANGE, 1, 5, 10, NULL, NULL},
    {"ja 32768", EBPF_ERR_RANGE, 1, 4, 5, "32768", "gotol"},
    {"jeq r1, 2, -32769", EBPF_ERR_RANGE, 1, 12, 6, NULL, "-32768"},
    {"mov r1, (1 / 0)", EBPF_ERR_EXPRESSION, 1, 10, 5, "zero", NULL},
    {"mov r1, 1 % (2 - 2)", EBPF_ERR_EXPRESSION, 1, 9, 11, "zero", NULL},
    {"mov r1, 1 << 64", EBPF_ERR_EXPRESSION, 1, 9, 7, "shift", NULL},
    /* names */
    {"goto nwhere\nnowhere: exit", EBPF_ERR_SYMBOL, 1, 6, 6, "`nwhere`", "`nowhere`"},
    {"goto out\nexit", EBPF_ERR_SYMBOL, 1, 6, 3, "`out`", "+N"},
    {"goto 1b\n1: exit", EBPF_ERR_SYMBOL, 1, 6, 2, "`1:`", NULL},
    {"goto 1f\nexit", EBPF_ERR_SYMBOL, 1, 6, 2, "`1f`", NULL},
    {"ja exit\nmov r1, 1", EBPF_ERR_SYMBOL, 1, 4, 4, "`exit`", NULL},
    {"call foo\nexit", EBPF_ERR_SYMBOL, 1, 6, 3, "`foo`", ".func"},
    {"mov r1, foo", EBPF_ERR_SYMBOL, 1, 9, 3, "`foo`", ".equ"},
    {"r1 = foo", EBPF_ERR_SYMBOL, 1, 6, 3, "`foo`", ".equ"},
    {"r1 = foo + 1", EBPF_ERR_SYMBOL, 1, 6, 7, "`foo`", NULL},
    {"l: mov r1, l", EBPF_ERR_SYMBOL, 1, 12, 1, "label", NULL},
    {"ja N\n.equ N, 5", EBPF_ERR_SYMBOL, 1, 4, 1, "before it is defined", NULL},
    {"l: exit\nl: exit", EBPF_ERR_DUPLICATE, 2, 1, 1, "`l`", NULL},
    {".equ N, 1\n.equ N, 2", EBPF_ERR_DUPLICATE, 2, 6, 1, "`N`", NULL},
    /* characters */
    {"mov r1, \xc3\xa9", EBPF_ERR_CHARACTER, 1, 9, 2, "0xc3", "ASCII"},
    {"exit\n@", EBPF_ERR_CHARACTER, 2, 1, 1, "`@`", NULL},
};

START_TEST(error)
{
    check_error(&errors[_i]);
}
END_TEST

START_TEST(errors_are_found_together)
{
    static const char text[] = "mvo r1, 2\nmov r1, 2\nmov r1 r2\nr1 = )\nl: ja m\nl: add r16, 1\n";
    static const struct asm_error expected[] = {
        {text, EBPF_ERR_MNEMONIC, 1, 1, 3, NULL, NULL},
        {text, EBPF_ERR_SYNTAX, 3, 8, 2, NULL, NULL},
        {text, EBPF_ERR_SYNTAX, 4, 6, 1, NULL, NULL},
        {text, EBPF_ERR_DUPLICATE, 6, 1, 1, NULL, NULL},
        {text, EBPF_OK, 5, 1, 1, "first", NULL},
        {text, EBPF_ERR_REGISTER, 6, 8, 3, NULL, NULL},
        {text, EBPF_ERR_SYMBOL, 5, 7, 1, NULL, NULL},
    };
    size_t count = sizeof(expected) / sizeof(expected[0]);
    struct ebpf_diag *diag = assemble_badly(text, strlen(text), EBPF_ERR_MNEMONIC);
    ck_assert_uint_eq(ebpf_diag_count(diag), count);
    for (size_t i = 0; i < count; i++)
        check_entry(ebpf_diag_at(diag, i), &expected[i]);
    ck_assert_int_eq(ebpf_diag_at(diag, 4)->severity, EBPF_SEVERITY_NOTE);
    ebpf_diag_free(diag);
}
END_TEST

START_TEST(report_shows_the_line)
{
    static const char text[] = "exit\r\n\tmvo r1, 2\r\n";
    struct ebpf_asm_options options = {.size = sizeof(options), .file = "f.s"};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_assemble(text, strlen(text), &options, diag, &program),
                     EBPF_ERR_MNEMONIC);
    struct ebpf_text report = {0};
    struct ebpf_stream stream = ebpf_stream_text(&report);
    ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &stream);
    ck_assert_str_eq(report.data, "f.s:2:2: error: unknown instruction `mvo`; did you mean `mov`? "
                                  "[E0203]\n"
                                  "    2 | \tmvo r1, 2\n"
                                  "      | \t^~~\n");
    ebpf_text_free(&report);
    ebpf_diag_free(diag);
}
END_TEST

START_TEST(errors_are_limited)
{
    char text[40 * 4 + 1];
    for (int i = 0; i < 40; i++)
        memcpy(text + i * 4, "foo\n", 5);
    for (unsigned most = 0; most < 4; most++) {
        struct ebpf_asm_options options = {.size = sizeof(options), .max_errors = most};
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        struct ebpf_program *program;
        ck_assert_int_eq(ebpf_assemble(text, strlen(text), &options, diag, &program),
                         EBPF_ERR_MNEMONIC);
        ck_assert_uint_eq(ebpf_diag_count(diag), (most ? most : 20) + 1);
        ebpf_diag_free(diag);
    }
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_assemble(text, strlen(text), NULL, NULL, &program), EBPF_ERR_MNEMONIC);
}
END_TEST

/* A text of one piece many times. */
static char *repeat(const char *piece, size_t times)
{
    size_t length = strlen(piece);
    char *text = malloc(length * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * length, piece, length);
    text[length * times] = '\0';
    return text;
}

START_TEST(far_targets_need_gotol)
{
    char *middle = repeat("exit ", 40000);
    char *text = malloc(strlen(middle) + 100);
    struct ebpf_diag *diag;
    sprintf(text, "if r1 == 0 goto far\ngoto far\n%s\nfar: exit", middle);
    diag = assemble_badly(text, strlen(text), EBPF_ERR_RANGE);
    const struct asm_error first = {"if", EBPF_ERR_RANGE, 1, 17, 3, "40001", "gotol"};
    const struct asm_error second = {"goto", EBPF_ERR_RANGE, 2, 6, 3, "40000", "gotol"};
    check_entry(ebpf_diag_at(diag, 0), &first);
    check_entry(ebpf_diag_at(diag, 1), &second);
    ebpf_diag_free(diag);
    sprintf(text, "gotol far\n%s\nfar: exit", middle);
    ebpf_program_unref(assemble(text));
    free(text);
    free(middle);
}
END_TEST

START_TEST(programs_have_a_million_slots)
{
    char *text = repeat("exit ", 1000001);
    struct ebpf_diag *diag = assemble_badly(text, strlen(text), EBPF_ERR_TOO_LONG);
    ck_assert_uint_eq(ebpf_diag_at(diag, 0)->column, 5000001);
    ebpf_diag_free(diag);
    text[strlen(text) - 5] = '\0';
    struct ebpf_program *program = assemble(text);
    ck_assert_uint_eq(ebpf_program_size(program), 8000000);
    ebpf_program_unref(program);
    free(text);

    text = repeat("lddw r1, 1\n", 500001);
    ebpf_diag_free(assemble_badly(text, strlen(text), EBPF_ERR_TOO_LONG));
    free(text);
    text = repeat(".8byte 0\n", 1000001);
    ebpf_diag_free(assemble_badly(text, strlen(text), EBPF_ERR_TOO_LONG));
    free(text);
}
END_TEST

static const struct {
    const char *head, *piece;
    ebpf_status status;
} huge[] = {
    {"mov r1, ", "(", EBPF_ERR_LIMIT},
    {"mov r1, ", "-", EBPF_ERR_LIMIT},
    {"mov r1, 1", "+1", EBPF_OK},
    {"mov r1, ", "9", EBPF_ERR_RANGE},
    {"mov r1, ", "0", EBPF_OK},
    {"mov r", "9", EBPF_ERR_REGISTER},
    {"", "x", EBPF_ERR_MNEMONIC},
    {"", "x ", EBPF_ERR_MNEMONIC},
    {"", "\xff", EBPF_ERR_CHARACTER},
    {"", "\xff ", EBPF_ERR_CHARACTER},
    {"", "]", EBPF_ERR_SYNTAX},
    {"mov ", "r1, ", EBPF_ERR_SYNTAX},
    {"/*", "*", EBPF_ERR_SYNTAX},
    {"//", "/", EBPF_OK},
    {"", "\n", EBPF_OK},
    {"", "\r", EBPF_OK},
    {"exit ", "a:", EBPF_ERR_DUPLICATE},
    {"goto ", "a", EBPF_ERR_SYMBOL},
    {"", "lock ", EBPF_ERR_MNEMONIC},
    {"", "'", EBPF_ERR_CHARACTER},
    {"", "goto x\n", EBPF_ERR_SYMBOL},
};

START_TEST(long_text_is_no_danger)
{
    char *text = repeat(huge[_i].piece, 1000000);
    char *whole = malloc(strlen(huge[_i].head) + strlen(text) + 1);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    sprintf(whole, "%s%s", huge[_i].head, text);
    ebpf_status status = ebpf_assemble(whole, strlen(whole), NULL, diag, &program);
    ck_assert_msg(status == huge[_i].status, "%s%s...: %s", huge[_i].head, huge[_i].piece,
                  ebpf_status_name(status));
    ebpf_program_unref(program);
    ebpf_diag_free(diag);
    free(whole);
    free(text);
}
END_TEST

START_TEST(nul_bytes_are_refused)
{
    static const char text[] = "exit\n\0\0exit\n";
    struct ebpf_diag *diag = assemble_badly(text, sizeof(text) - 1, EBPF_ERR_CHARACTER);
    const struct asm_error expected = {text, EBPF_ERR_CHARACTER, 2, 1, 2, "0x00", NULL};
    check_entry(ebpf_diag_at(diag, 0), &expected);
    ebpf_diag_free(diag);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    static const char text[] = ".equ N, 5\n.func f\nmov r1, N\nl: ja l\nr0 = 5 ll\n1: goto 1b\n"
                               ".8byte 5\ngoto 2f\n2: call f\nexit";
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_asm_options options = {.size = sizeof(options), .mem = &f.mem};
        struct ebpf_program *program;
        ebpf_status status = ebpf_assemble(text, strlen(text), &options, NULL, &program);
        failing_mem_check(&f, status);
        ebpf_program_unref(program);
    }
}
END_TEST

static TCase *places(void)
{
    TCase *tc = tcase_create("places");
    tcase_add_loop_test(tc, error, 0, (int)(sizeof(errors) / sizeof(errors[0])));
    tcase_add_test(tc, errors_are_found_together);
    tcase_add_test(tc, report_shows_the_line);
    tcase_add_test(tc, errors_are_limited);
    tcase_add_test(tc, far_targets_need_gotol);
    tcase_add_test(tc, nul_bytes_are_refused);
    return tc;
}

static TCase *limits(void)
{
    TCase *tc = tcase_create("limits");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, programs_have_a_million_slots);
    tcase_add_loop_test(tc, long_text_is_no_danger, 0, (int)(sizeof(huge) / sizeof(huge[0])));
    tcase_add_test(tc, every_allocation_may_fail);
    return tc;
}

RUN_SUITE("asm-errors", places, limits)
