/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The built-in passes, rule by rule, and on programs of a million instructions. */
#include <ebpfvm/verify.h>

#include "tests/unit/failing_mem.h"
#include "tests/unit/ir_unit.h"

#define EXIT " 9500000000000000"

/* What the strict and the lenient list say. */
#define FINE EBPF_OK, EBPF_OK
#define BOTH(id) EBPF_ERR_##id, EBPF_ERR_##id
#define ONLY_STRICT(id) EBPF_ERR_##id, EBPF_OK

/* A program and what the two lists say of it: the status, and where and why for the strict one,
 * or for the lenient one if that is the only one that rejects. */
static const struct sample {
    const char *hex;
    ebpf_status strict, lenient;
    uint32_t pc;        /* of the first finding */
    const char *says;   /* part of the first message */
    const char *advice; /* part of the first advice, or NULL */
} samples[] = {
    /* length and end */
    {"", BOTH(EMPTY), EBPF_PC_NONE, "empty", "exit"},
    {"9500000000000000", FINE, 0, "", NULL},
    {"b400000000000000", BOTH(FALL_THROUGH), 0, "does not end", "exit"},
    /* ends with a call; with a conditional jump; with may_goto */
    {"8500000001000000", BOTH(FALL_THROUGH), 0, "does not end", NULL},
    {"1500feff00000000", BOTH(TARGET), 0, "out of code to #-1", "#0 to #0"},
    {"b700000000000000 1500feff00000000", BOTH(FALL_THROUGH), 1, "does not end", NULL},
    {"b700000000000000 e500feff00000000", BOTH(FALL_THROUGH), 1, "does not end", NULL},
    /* ends with a jump back, as some compilers leave it; starts with a conditional jump */
    {"0500010000000000 9500000000000000 0500feff00000000", FINE, 0, "", NULL},
    {"1500010000000000 b700000000000000" EXIT, FINE, 0, "", NULL},
    {"1500ffff00000000" EXIT, FINE, 0, "", NULL}, /* it may end */
    {"e500ffff00000000" EXIT, FINE, 0, "", NULL}, /* it does end */

    /* opcodes */
    {"ff00000000000000" EXIT, BOTH(OPCODE), 0, "unknown opcode 0xff", "instructions.md"},
    {"0000000000000000" EXIT, BOTH(OPCODE), 0, "unknown opcode 0x00", "second slot of an lddw"},
    {"d400000003000000" EXIT, BOTH(RESERVED), 0, "opcode 0xd4 (le16) with the immediate 3",
     "the immediate of this opcode is 16, 32, 64"},
    {"d700000000000000" EXIT, BOTH(RESERVED), 0, "bswap16", "16, 32, 64"},
    {"db10000002000000" EXIT, BOTH(RESERVED), 0, "with the immediate 2", "is 0x0, 0x40, 0x50"},
    {"db100000e0000000" EXIT, BOTH(RESERVED), 0, "224", "0xe1"},
    {"cb10000000000000" EXIT, BOTH(RESERVED), 0, "ldacqh", "0x100, 0x110"},
    {"3700020001000000" EXIT, BOTH(RESERVED), 0, "with the offset 2",
     "offset of this opcode is 0, 1"},
    {"bf10090000000000" EXIT, BOTH(RESERVED), 0, "offset 9", "0, 8, 16, 32"},
    {"0700010001000000" EXIT, BOTH(RESERVED), 0, "add64", "is 0"},
    {"8530000001000000" EXIT, BOTH(CALL_KIND), 0, "source field 3", "is 0, 1, 2"},
    {"e510000000000000" EXIT, BOTH(RESERVED), 0, "may_goto", "is 0"},

    /* 64-bit immediates */
    {"1800000088776655 0000000044332211" EXIT, FINE, 0, "", NULL},
    {"1800000088776655" EXIT, BOTH(LDDW), 0, "incomplete lddw", "two slots"},
    {"b700000000000000 1800000088776655", BOTH(LDDW), 1, "program ends", NULL},
    {"1800000001000000 0001000000000000" EXIT, BOTH(LDDW), 0, "second slot", NULL},
    {"1800000001000000 0000010000000000" EXIT, BOTH(LDDW), 0, "second slot", NULL},
    {"1870000001000000 0000000000000000" EXIT, BOTH(RESERVED), 0, "source field 7",
     "is 0, 1, 2, 3, 4, 5, 6"},
    {"1800010001000000 0000000000000000" EXIT, BOTH(RESERVED), 0, "offset of lddw", NULL},
    {"1810000003000000 0000000000000000" EXIT, BOTH(REFERENCE), 0, "map_by_fd(3)", "resolved"},
    {"1840000009000000 0000000000000000" EXIT EXIT, BOTH(TARGET), 0, "out of code to #10",
     NULL},

    /* registers */
    {"b70b000001000000" EXIT, BOTH(BAD_REGISTER), 0, "invalid destination register r11",
     "r0 to r10"},
    {"bfb0000000000000" EXIT, BOTH(BAD_REGISTER), 0, "invalid source register r11", NULL},
    {"79f0000000000000" EXIT, BOTH(BAD_REGISTER), 0, "r15", NULL},
    {"40b0000000000000" EXIT, BOTH(BAD_REGISTER), 0, "r11", NULL},
    {"8d0b000000000000" EXIT, BOTH(BAD_REGISTER), 0, "r11", NULL},
    {"b70a000001000000" EXIT, BOTH(WRITE_R10), 0, "writes r10", "copy"},
    {"791a000000000000" EXIT, BOTH(WRITE_R10), 0, "ldxdw", NULL},
    {"180a000001000000 0000000000000000" EXIT, BOTH(WRITE_R10), 0, "lddw", NULL},
    {"dba1f8ff01000000" EXIT, BOTH(WRITE_R10), 0, "fetch_add", NULL},
    {"dba1f8ffe1000000" EXIT, BOTH(WRITE_R10), 0, "xchg", NULL},
    {"dba1f8ff00000000" EXIT, FINE, 0, "", NULL}, /* adds r10, does not fetch */
    {"7b1af8ff00000000" EXIT, FINE, 0, "", NULL}, /* stores at r10 */
    {"bfa1000000000000" EXIT, FINE, 0, "", NULL},

    /* reserved fields */
    {"0710000001000000" EXIT, BOTH(RESERVED), 0, "source field of add64", "clear"},
    {"0f10000001000000" EXIT, BOTH(RESERVED), 0, "must be 0, not 1", NULL},
    {"8710000000000000" EXIT, BOTH(RESERVED), 0, "neg64", NULL},
    {"8700010000000000" EXIT, BOTH(RESERVED), 0, "neg64", NULL},
    {"8700000001000000" EXIT, BOTH(RESERVED), 0, "neg64", NULL},
    {"9501000000000000", BOTH(RESERVED), 0, "destination field of exit", NULL},
    {"9510000000000000", BOTH(RESERVED), 0, "exit", NULL},
    {"9500010000000000", BOTH(RESERVED), 0, "exit", NULL},
    {"9500000001000000", BOTH(RESERVED), 0, "exit", NULL},
    {"0500000001000000" EXIT, BOTH(RESERVED), 0, "immediate of ja", NULL},
    {"0600010000000000" EXIT, BOTH(RESERVED), 0, "offset of ja32", NULL},
    {"1510000000000000" EXIT, BOTH(RESERVED), 0, "jeq", NULL},
    {"1d10000001000000" EXIT, BOTH(RESERVED), 0, "jeq", NULL},
    {"8501000001000000" EXIT, BOTH(RESERVED), 0, "call", NULL},
    {"8500010001000000" EXIT, BOTH(RESERVED), 0, "call", NULL},
    {"8510010001000000" EXIT EXIT, BOTH(RESERVED), 0, "callx", NULL},
    {"6110000001000000" EXIT, BOTH(RESERVED), 0, "ldxw", NULL},
    {"6210000001000000" EXIT, BOTH(RESERVED), 0, "stw", NULL},
    {"6310000001000000" EXIT, BOTH(RESERVED), 0, "stxw", NULL},
    {"d410000010000000" EXIT, BOTH(RESERVED), 0, "le16", NULL},
    {"d400010010000000" EXIT, BOTH(RESERVED), 0, "le16", NULL},
    {"2001000000000000" EXIT, BOTH(RESERVED), 0, "ldabsw", NULL},
    {"3f10000099999999" EXIT, ONLY_STRICT(RESERVED), 0, "immediate of div64", NULL},
    {"9c10010099999999" EXIT, ONLY_STRICT(RESERVED), 0, "immediate of smod32", NULL},
    /* an explicit zero extension, behind 32-bit operations on its register only */
    {"c321fcfff1000000 bc00000001000000" EXIT, ONLY_STRICT(RESERVED), 1, "immediate of mov32",
     NULL},
    {"b403000005000000 bc33000001000000" EXIT, ONLY_STRICT(RESERVED), 1, "mov32", NULL},
    {"bc00000001000000" EXIT, BOTH(RESERVED), 0, "mov32", NULL},
    {"b404000005000000 bc33000001000000" EXIT, BOTH(RESERVED), 1, "mov32", NULL},
    {"b703000005000000 bc33000001000000" EXIT, BOTH(RESERVED), 1, "mov32", NULL},
    {"b403000005000000 bc33000002000000" EXIT, BOTH(RESERVED), 1, "mov32", NULL},
    {"b403000005000000 bc43000001000000" EXIT, BOTH(RESERVED), 1, "mov32", NULL},

    /* constants */
    {"670000003f000000" EXIT, FINE, 0, "", NULL},
    {"6700000040000000" EXIT, ONLY_STRICT(SHIFT), 0, "lsh64 by 64", "0 to 63"},
    {"77000000ffffffff" EXIT, ONLY_STRICT(SHIFT), 0, "rsh64 by -1", "0 to 63"},
    {"c40000001f000000" EXIT, FINE, 0, "", NULL},
    {"c400000020000000" EXIT, ONLY_STRICT(SHIFT), 0, "arsh32 by 32", "0 to 31"},
    {"3700000000000000" EXIT, ONLY_STRICT(DIV_ZERO), 0, "div64", "register"},
    {"3400010000000000" EXIT, ONLY_STRICT(DIV_ZERO), 0, "sdiv32", NULL},
    {"9700000000000000" EXIT, ONLY_STRICT(DIV_ZERO), 0, "mod64", NULL},
    {"9400010000000000" EXIT, ONLY_STRICT(DIV_ZERO), 0, "smod32", NULL},
    {"3f10000000000000" EXIT, FINE, 0, "", NULL},

    /* calls and packet loads */
    {"8500000001000000" EXIT, FINE, 0, "", NULL},
    {"8520000001000000" EXIT, BOTH(CALL_KIND), 0, "BTF id 1", "by id"},
    {"8d03000000000000" EXIT, ONLY_STRICT(CALL_KIND), 0, "id is in r3", "lenient"},
    {"2000000010000000" EXIT, FINE, 0, "", NULL},
    {"3800000010000000" EXIT, ONLY_STRICT(OPCODE), 0, "ldabsdw", "lenient"},
    {"5810000010000000" EXIT, ONLY_STRICT(OPCODE), 0, "ldinddw", "lenient"},

    /* targets */
    {"0500010000000000" EXIT, BOTH(TARGET), 0, "jump out of code to #2", "#0 to #1"},
    {"1500feff00000000" EXIT, BOTH(TARGET), 0, "jump out of code to #-1", NULL},
    {"06000000ffffff7f" EXIT, BOTH(TARGET), 0, "#2147483648", NULL},
    {"0600000000000080" EXIT, BOTH(TARGET), 0, "#-2147483647", NULL},
    {"8510000001000000" EXIT, BOTH(TARGET), 0, "call out of code to #2", NULL},
    {"85100000feffffff" EXIT, BOTH(TARGET), 0, "call out of code to #-1", NULL},
    {"0500010000000000 1800000000000000 0000000000000000" EXIT, BOTH(TARGET_LDDW), 0,
     "middle of lddw at #2", NULL},
    {"8510000001000000 1800000000000000 0000000000000000" EXIT, BOTH(TARGET_LDDW), 0,
     "call to the middle", NULL},
    {"0500ffff00000000" EXIT, BOTH(SELF_LOOP), 0, "infinite loop", NULL},
    {"06000000ffffffff" EXIT, BOTH(SELF_LOOP), 0, "infinite loop", NULL},

    /* functions */
    {"8510000001000000" EXIT EXIT, FINE, 0, "", NULL},
    {"85100000ffffffff" EXIT, FINE, 0, "", NULL}, /* recursion is for the run to bound */
    {"8510000001000000 0500000000000000" EXIT, BOTH(CROSS_JUMP), 1,
     "jump to #2, which is in another function", "call the other"},
    {"8510000001000000" EXIT " 0500feff00000000", BOTH(CROSS_JUMP), 2, "#1", NULL},
    {"8510000001000000 b700000000000000" EXIT, BOTH(FALL_THROUGH), 1, "into the function at #2",
     NULL},
    {"8510000000000000" EXIT, BOTH(FALL_THROUGH), 0, "into the function at #1", NULL},

    /* flow of control */
    {"9500000000000000 b700000000000000" EXIT, ONLY_STRICT(UNREACHABLE), 1,
     "no path leads to the 2 instructions", "remove it"},
    {"0500010000000000 b700000000000000" EXIT, ONLY_STRICT(UNREACHABLE), 1, "the 1 instruction ",
     NULL},
    /* only unreachable code runs off the end */
    {"9500000000000000 b700000000000000", ONLY_STRICT(FALL_THROUGH), 1, "does not end", NULL},
    {"0500000000000000 0500feff00000000", ONLY_STRICT(NO_EXIT), 0, "never comes to an exit",
     "exit"},
    /* an exit that exists but cannot be reached */
    {"b700000000000000 0500feff00000000" EXIT, ONLY_STRICT(UNREACHABLE), 2, "no path", NULL},
    /* a function that is called from unreachable code only */
    {"9500000000000000 8510000001000000" EXIT EXIT, ONLY_STRICT(UNREACHABLE), 1, "no path", NULL},
    /* a called function that never returns */
    {"8510000001000000" EXIT " 0500000000000000 0500feff00000000", ONLY_STRICT(NO_EXIT), 2,
     "the function never", NULL},
};

static void check_sample(const struct sample *s, const struct ebpf_program *program, bool strict)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ebpf_status expected = strict ? s->strict : s->lenient;
    ck_assert_msg(ebpf_verify(program, strict ? NULL : ebpf_verifier_lenient(), NULL, diag) ==
                      expected, "%s: not %s", s->hex, ebpf_status_name(expected));
    if (!expected) {
        ck_assert_uint_eq(ebpf_diag_count(diag), 0);
    } else {
        const struct ebpf_diag_entry *e = ebpf_diag_at(diag, 0);
        ck_assert_ptr_nonnull(e);
        ck_assert_int_eq(e->status, expected);
        ck_assert_msg(e->pc == s->pc, "%s: at %u", s->hex, e->pc);
        ck_assert_msg(strstr(e->message, s->says), "%s: %s", s->hex, e->message);
        ck_assert_msg(e->advice && *e->advice, "%s: no advice", s->hex);
        ck_assert_msg(!s->advice || strstr(e->advice, s->advice), "%s: %s", s->hex, e->advice);
    }
    ebpf_diag_free(diag);
}

START_TEST(programs_are_judged)
{
    const struct sample *s = &samples[_i];
    struct ebpf_program *program = program_of_hex(s->hex);
    check_sample(s, program, true);
    check_sample(s, program, false);
    ebpf_program_unref(program);
}
END_TEST

/* Every form of the table, with operands that keep all rules, is accepted or refused by name. */
START_TEST(every_form_of_the_table_is_judged)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        struct ebpf_program *program = ebpf_program_new(NULL);
        ebpf_insn_init(ebpf_program_push(program), (enum ebpf_op)op);
        struct ebpf_insn *first = program->insns.data;
        if (info->fields & EBPF_FIELD_IMM)
            first->imm = 1;
        if (info->format == EBPF_FMT_REF_FUNC) /* behind its own second slot, and an exit */
            first->imm = 2, ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
        if (info->format == EBPF_FMT_CALL_LOCAL)
            first->imm = 1, ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
        if (info->format == EBPF_FMT_JA32)
            ((struct ebpf_insn *)program->insns.data)->imm = 0;
        ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
        ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
        ebpf_status lenient = ebpf_verify(program, ebpf_verifier_lenient(), NULL, NULL);
        ebpf_status strict = ebpf_verify(program, NULL, NULL, NULL);
        bool reference = info->slots == 2 && op != EBPF_OP_LDDW && op != EBPF_OP_LDDW_FUNC;
        bool btf = op == EBPF_OP_CALL_BTF;
        bool extra = op == EBPF_OP_CALLX || op == EBPF_OP_LDABSDW || op == EBPF_OP_LDINDDW;
        ebpf_status expected = reference ? EBPF_ERR_REFERENCE : btf ? EBPF_ERR_CALL_KIND : EBPF_OK;
        ck_assert_msg(lenient == expected, "%s: %d", info->name, (int)lenient);
        if (op == EBPF_OP_EXIT)
            ck_assert_int_eq(strict, EBPF_ERR_UNREACHABLE);
        else if (extra)
            ck_assert_int_ne(strict, EBPF_OK);
        else
            ck_assert_msg(strict == expected, "%s: %d", info->name, (int)strict);
        ebpf_program_unref(program);
    }
}
END_TEST

static TCase *rules(void)
{
    TCase *tc = tcase_create("rules");
    tcase_add_loop_test(tc, programs_are_judged, 0, sizeof(samples) / sizeof(samples[0]));
    tcase_add_test(tc, every_form_of_the_table_is_judged);
    return tc;
}

/* How a program is reported, one line per entry: severity, pc, status. */
static void check_report(const char *hex, const struct ebpf_pass *const *passes,
                         const char *expected)
{
    struct ebpf_program *program = program_of_hex(hex);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    char text[1000] = "";
    ebpf_verify(program, passes, NULL, diag);
    for (size_t i = 0; i < ebpf_diag_count(diag); i++) {
        const struct ebpf_diag_entry *e = ebpf_diag_at(diag, i);
        size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used, "%c%d:%d ", "EWN"[e->severity], (int)e->pc,
                 (int)e->status);
    }
    ck_assert_str_eq(text, expected);
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
}

START_TEST(all_findings_are_reported_in_order)
{
    check_report("b70b000001000000 6700000040000000 b70a000001000000 ff00000000000000", NULL,
                 "E0:404 E1:409 E2:405 E3:402 ");
    /* one fault, one finding: not for the second slots nor for fields of what is no instruction */
    check_report("1870000001000000 0000000000000000" EXIT, NULL, "E0:403 ");
    check_report("1800000001000000 0001000000000000" EXIT, NULL, "E0:406 ");
    check_report("dc0b000003000000" EXIT, NULL, "E0:403 ");
    /* unreachable code is told once per run, and does not hide what else there is */
    check_report("0500020000000000 b700000000000000 b700000000000000 0500010000000000 "
                 "b700000000000000" EXIT, NULL, "E1:412 E4:412 ");
}
END_TEST

START_TEST(code_that_never_ends_is_warned_of)
{
    check_report("1501010000000000 9500000000000000 b700000000000000 0500feff00000000", NULL,
                 "W2:413 ");
}
END_TEST

START_TEST(further_findings_are_counted)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    for (int i = 0; i < EBPF_VERIFY_FINDINGS + 5; i++)
        ebpf_insn_init(ebpf_program_push(program), EBPF_OP_LDDW_MAP_FD);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(ebpf_verify(program, ebpf_verifier_lenient(), NULL, diag),
                     EBPF_ERR_REFERENCE);
    ck_assert_uint_eq(ebpf_diag_count(diag), EBPF_VERIFY_FINDINGS + 1);
    ck_assert_uint_eq(ebpf_diag_at(diag, EBPF_VERIFY_FINDINGS - 1)->pc,
                      2 * (EBPF_VERIFY_FINDINGS - 1));
    const struct ebpf_diag_entry *last = ebpf_diag_at(diag, EBPF_VERIFY_FINDINGS);
    ck_assert_int_eq(last->severity, EBPF_SEVERITY_NOTE);
    ck_assert_ptr_nonnull(strstr(last->message, "well-formed found 6 more"));
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(a_function_that_nobody_calls_is_named)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
    ck_assert(ebpf_program_add_function(program, "lonely", 6, 1));
    ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(ebpf_verify(program, NULL, NULL, diag), EBPF_ERR_UNREACHABLE);
    ck_assert_str_eq(ebpf_diag_at(diag, 0)->message, "nothing calls the function lonely");
    ck_assert_int_eq(ebpf_verify(program, ebpf_verifier_lenient(), NULL, NULL), EBPF_OK);
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
}
END_TEST

static TCase *reports(void)
{
    TCase *tc = tcase_create("reports");
    tcase_add_test(tc, all_findings_are_reported_in_order);
    tcase_add_test(tc, code_that_never_ends_is_warned_of);
    tcase_add_test(tc, further_findings_are_counted);
    tcase_add_test(tc, a_function_that_nobody_calls_is_named);
    return tc;
}

enum { LARGE = 1000000 };

/* Large programs: instruction i of n. */
static void straight(struct ebpf_insn *insn, uint32_t i)
{
    ebpf_insn_init(insn, EBPF_OP_ADD64_IMM);
    insn->imm = i;
}

static void ladder(struct ebpf_insn *insn, uint32_t i)
{
    ebpf_insn_init(insn, EBPF_OP_JEQ64_IMM);
    insn->target = i + 2 < LARGE ? i + 2 : i + 1;
}

static void loops(struct ebpf_insn *insn, uint32_t i)
{
    ebpf_insn_init(insn, i < LARGE / 2 ? EBPF_OP_MOV64_IMM : EBPF_OP_JNE64_IMM);
    if (i >= LARGE / 2)
        insn->target = LARGE - 1 - i;
}

static void calls(struct ebpf_insn *insn, uint32_t i)
{
    ebpf_insn_init(insn, i % 2 ? EBPF_OP_EXIT : EBPF_OP_CALL_LOCAL);
    if (i % 2 == 0)
        insn->target = i + 2 < LARGE ? i + 2 : 0;
}

static void unreachable(struct ebpf_insn *insn, uint32_t i)
{
    ebpf_insn_init(insn, i % 2 ? EBPF_OP_MOV64_IMM : EBPF_OP_JA);
    insn->target = i % 2 ? EBPF_TARGET_NONE : i + 2 < LARGE ? i + 2 : i + 1;
}

static void bad(struct ebpf_insn *insn, uint32_t i)
{
    (void)i;
    *insn = (struct ebpf_insn){.op = EBPF_OP_DATA, .target = EBPF_TARGET_NONE, .imm = 0xff};
}

static const struct {
    void (*make)(struct ebpf_insn *insn, uint32_t i);
    ebpf_status strict, lenient;
} large[] = {{straight, FINE},
             {ladder, FINE},
             {loops, FINE},
             {calls, FINE},
             {unreachable, ONLY_STRICT(UNREACHABLE)},
             {bad, BOTH(OPCODE)}};

static ebpf_status nothing(struct ebpf_verify *verify, void *ctx)
{
    (void)verify, (void)ctx;
    return EBPF_OK;
}

START_TEST(large_programs_take_linear_time_and_memory)
{
    static const struct ebpf_pass want_loops = {
        .name = "want-loops", .needs = EBPF_AN_LOOPS, .run = nothing};
    static const struct ebpf_pass *const with_loops[] = {&want_loops, NULL};
    struct ebpf_program *program = ebpf_program_new(NULL);
    for (uint32_t i = 0; i + 1 < LARGE; i++)
        large[_i].make(ebpf_program_push(program), i);
    ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(ebpf_verify(program, NULL, NULL, diag), large[_i].strict);
    ck_assert_int_eq(ebpf_verify(program, ebpf_verifier_lenient(), NULL, diag), large[_i].lenient);
    ck_assert_int_eq(ebpf_verify(program, with_loops, NULL, diag), large[_i].lenient);
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    static const struct ebpf_pass want_loops = {
        .name = "want-loops", .needs = EBPF_AN_LOOPS, .run = nothing};
    static const struct ebpf_pass *const all[] = {&want_loops, NULL};
    struct ebpf_program *program = program_of_hex("b700000000000000 1500feff00000000" EXIT);
    const struct ebpf_pass *const *const lists[] = {NULL, ebpf_verifier_lenient(), all};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);)
            failing_mem_check(&f, ebpf_verify(program, lists[i], &f.mem, NULL));
    ebpf_program_unref(program);
}
END_TEST

/* Any bytes are judged without harm, and what is accepted keeps its promises. */
START_TEST(random_bytes_are_judged)
{
    uint64_t random = 4711;
    for (int round = 0; round < 3000; round++) {
        uint8_t bytes[16 * 12];
        size_t slots = 1 + next_random(&random) % 20;
        for (size_t i = 0; i < slots; i++) {
            enum ebpf_op op = (enum ebpf_op)(1 + next_random(&random) % (EBPF_OP_COUNT - 1));
            random_slot(op, &random, bytes + i * 8);
            if (next_random(&random) % 4)
                bytes[i * 8 + 1] = 0, bytes[i * 8 + 3] = 0, bytes[i * 8 + 2] %= 8;
        }
        struct ebpf_program *program = program_of_bytes(bytes, slots, NULL);
        ebpf_status strict = ebpf_verify(program, NULL, NULL, NULL);
        ebpf_status lenient = ebpf_verify(program, ebpf_verifier_lenient(), NULL, NULL);
        ck_assert(strict || !lenient); /* what strict accepts, lenient accepts */
        ebpf_program_unref(program);
    }
}
END_TEST

static TCase *limits(void)
{
    TCase *tc = tcase_create("limits");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, large_programs_take_linear_time_and_memory, 0,
                        sizeof(large) / sizeof(large[0]));
    tcase_add_test(tc, every_allocation_may_fail);
    tcase_add_test(tc, random_bytes_are_judged);
    return tc;
}

RUN_SUITE("ir/verify", rules, reports, limits)
