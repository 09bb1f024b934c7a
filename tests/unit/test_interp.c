/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The interpreter's own ways: units executed at once, unusual runs, the host's stack, large
 * programs.  What all engines have in common is in test_backends.c. */
#include "backends/interp/interp.h"
#include "ir/op.h"
#include "tests/unit/failing_mem.h"
#include "tests/unit/rig.h"

/* Which instruction a unit executes, and in which way. */
static const struct {
    uint16_t op;
    const char *way;
} units[UNIT_COUNT] = {
#define UNITS_OF_INSTRUCTIONS
#define UNIT(id, way, body, dst, src, oper, width, fx) [UNIT_##id##_##way] = {EBPF_OP_##id, #way},
#include "backends/interp/units.def"
#undef UNIT
#undef UNITS_OF_INSTRUCTIONS
};

static const struct {
    unsigned count;
    uint16_t kinds[FUSED_MAX];
} rows[] = {
#define PAIR(a, b) {2, {UNIT_##a, UNIT_##b}},
#define TRIPLE(a, b, c) {3, {UNIT_##a, UNIT_##b, UNIT_##c}},
#define QUAD(a, b, c, d) {4, {UNIT_##a, UNIT_##b, UNIT_##c, UNIT_##d}},
#include "backends/interp/fuse.def"
#undef PAIR
#undef TRIPLE
#undef QUAD
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static uint32_t any(uint32_t n)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)((state >> 20) % n);
}

/* r0 to r9, but not `other`. */
static uint8_t any_reg(unsigned other)
{
    uint32_t r = any(10);
    return (uint8_t)(r == other ? (r + 1) % 10 : r);
}

/* The instruction of a unit, if the accumulator holds register `cached` before it. */
static struct ebpf_insn insn_of(uint16_t kind, unsigned cached)
{
    const char *way = units[kind].way;
    struct ebpf_insn insn = {.op = units[kind].op,
                             .dst = (uint8_t)(way[0] == 'A' ? cached : any_reg(cached)),
                             .src = (uint8_t)(way[1] == 'A' ? cached : any_reg(cached)),
                             .off = (int16_t)any(60),
                             .target = EBPF_TARGET_NONE,
                             .imm = any(3) ? (int64_t)any(70) : -(int64_t)any(70)};
    if (way[0] == 'S')
        insn.dst = EBPF_REG_FP, insn.off = -8;
    if (way[1] == 'S')
        insn.src = EBPF_REG_FP, insn.off = -8;
    return insn;
}

/* Whether some of a program is left out, since words are loaded or stored at once. */
static bool has_words(const struct ebpf_code *code)
{
    for (uint32_t i = 0; i < code->count; i++)
        if (code->kinds[i] <= UNIT_SKIP_MM)
            return true;
    return false;
}

/* A program with a row of fuse.def in its midst: le64, which is in none, stands on both sides, so
 * that the row can only be executed at once. */
static uint32_t make_row(struct rig *rig, size_t row)
{
    struct ebpf_insn insns[32] = {I(MOV64_REG, 6, 1, 0, 0), I(MOV64_REG, 7, 2, 0, 0),
                                  I(STXDW, 10, 1, -8, 0)};
    uint32_t n = 3, start;
    unsigned cached = any(10);
    for (uint8_t r = 0; r < 10; r++)
        if (r != 1 && r != 2 && r != 6 && r != 7)
            insns[n++] = any(3) ? (struct ebpf_insn)I(MOV64_REG, r, (uint8_t)(6 + any(2)), 0, 0)
                                : (struct ebpf_insn)I(MOV64_IMM, r, 0, 0, (int64_t)any(99) - 20);
    insns[n++] = (struct ebpf_insn)I(LE64, (uint8_t)cached, 0, 0, 0);
    start = n;
    for (unsigned i = 0; i < rows[row].count; i++, n++) {
        insns[n] = insn_of(rows[row].kinds[i], cached);
        if (ebpf_op_table[insns[n].op].effects & EBPF_FX_DEF_DST)
            cached = insns[n].dst;
    }
    for (uint8_t r = 0; r < 10; r++)
        insns[n++] = r ? (struct ebpf_insn)I(ADD64_REG, 0, r, 0, 0)
                       : (struct ebpf_insn)I(LE64, 0, 0, 0, 0);
    insns[n++] = (struct ebpf_insn)I(EXIT, 0, 0, 0, 0);
    for (uint32_t i = 0; i < n; i++) {
        bool jumps = ebpf_op_table[insns[i].op].effects & EBPF_FX_JUMP;
        bool back = i >= start && i < start + rows[row].count &&
                    strlen(units[rows[row].kinds[i - start]].way) == 3;
        insns[i].target = !jumps ? EBPF_TARGET_NONE : back ? start - 1 : n - 1;
    }
    rig_init_linked(rig, insns, n);
    return start;
}

/* Whether the program was one that shows the row. */
static bool run_row(struct rig *rig, uint32_t start, size_t row)
{
    const struct ebpf_backend *backend = ebpf_backend_find("interp");
    struct ebpf_code *code;
    rig_reset(rig);
    rig->run.budget = 300;
    ebpf_status status = rig_step(rig);
    struct rig expected = *rig;
    rig_reset(rig);
    rig->run.budget = 300;
    ck_assert_int_eq(backend->compile(&rig->code, NULL, &code), EBPF_OK);
    bool shows = !has_words(code);
    for (unsigned i = 0; shows && i < rows[row].count; i++)
        ck_assert_uint_eq(code->kinds[start + i], rows[row].kinds[i]);
    ck_assert(!shows ||
              code->units[start].run == interp_fused(rows[row].kinds, rows[row].count));
    ck_assert_int_eq(backend->run(code, &rig->run), status);
    backend->destroy(code);
    ck_assert_uint_eq(rig->run.budget, expected.run.budget);
    ck_assert_int_eq(memcmp(rig->context, expected.context, RIG_MEM), 0);
    ck_assert_int_eq(memcmp(rig->packet, expected.packet, RIG_MEM), 0);
    if (status)
        ck_assert_uint_eq(rig->run.fault.insn, expected.run.fault.insn);
    else
        ck_assert_uint_eq(rig->run.result, expected.run.result);
    return shows;
}

START_TEST(rows_of_units_are_executed_at_once)
{
    for (size_t row = 0; row < ROWS; row++) {
        for (int shown = 0; shown < 12;) {
            struct rig rig;
            uint32_t start = make_row(&rig, row);
            shown += run_row(&rig, start, row);
            rig_free(&rig);
        }
    }
}
END_TEST

/* The address of a helper's frame: how deep the host's stack is. */
static uint64_t depth(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return (uintptr_t)__builtin_frame_address(0);
}

static const struct ebpf_helper helpers[] = {{.id = 1, .fn = depth}};

/* Every unit passes control on to the next one; none may leave anything on the host's stack. */
START_TEST(host_stack_does_not_grow)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (info->oper >= EBPF_OPER_BTF || op == EBPF_OP_EXIT || op == EBPF_OP_CALL_LOCAL ||
            op == EBPF_OP_CALLX)
            continue;
        bool store = info->effects & EBPF_FX_STORE;
        int64_t imm = op == EBPF_OP_CALL ? 1 : op == EBPF_OP_JA32 ? 0 : 8;
        RIG(rig, I(MOV64_REG, 6, 1, 0, 0), I(CALL, 0, 0, 0, 1), I(MOV64_REG, 9, 0, 0, 0),
            I(MOV64_IMM, 8, 0, 0, 5000), /* loop: */ I(MOV64_IMM, 7, 0, 0, 8),
            {.op = (uint16_t)op, .dst = store ? 6 : 7, .src = info->effects & EBPF_FX_LOAD &&
             !store && !(info->effects & EBPF_FX_PACKET) ? 6 : 7, .imm = imm},
            I(SUB64_IMM, 8, 0, 0, 1), I(JNE64_IMM, 8, 0, -4, 0), I(CALL, 0, 0, 0, 1),
            I(SUB64_REG, 0, 9, 0, 0), I(EXIT, 0, 0, 0, 0));
        rig.env.helpers = helpers;
        rig.env.helper_count = 1;
        ck_assert_msg(rig_run(&rig, ebpf_backend_find("interp")) == EBPF_OK, "%s", info->name);
        ck_assert_msg(rig.run.result == 0, "%s", info->name);
        rig_free(&rig);
    }
}
END_TEST

/* Accesses that miss their slots take another way, and must not leave anything either. */
START_TEST(host_stack_does_not_grow_when_slots_miss)
{
    RIG(rig, I(MOV64_REG, 6, 1, 0, 0), I(MOV64_REG, 7, 2, 0, 0), I(CALL, 0, 0, 0, 1),
        I(MOV64_REG, 9, 0, 0, 0), I(MOV64_IMM, 8, 0, 0, 5000), /* loop: */
        I(MOV64_REG, 1, 6, 0, 0), I(LDXB, 0, 1, 0, 0), I(STXB, 1, 0, 0, 0),
        I(MOV64_REG, 1, 7, 0, 0), I(LDXB, 0, 1, 0, 0), I(STXB, 1, 0, 0, 0),
        I(CALL_LOCAL, 0, 0, 0, 5), I(SUB64_IMM, 8, 0, 0, 1), I(JNE64_IMM, 8, 0, -9, 0),
        I(CALL, 0, 0, 0, 1), I(SUB64_REG, 0, 9, 0, 0), I(EXIT, 0, 0, 0, 0),
        I(MOV64_REG, 2, 10, 0, 0), I(LDXB, 0, 2, -1, 0), I(EXIT, 0, 0, 0, 0));
    rig.env.helpers = helpers;
    rig.env.helper_count = 1;
    ck_assert_int_eq(rig_run(&rig, ebpf_backend_find("interp")), EBPF_OK);
    ck_assert_uint_eq(rig.run.result, 0);
    rig_free(&rig);
}
END_TEST

START_TEST(recursion_deeper_than_the_records)
{
    RIG(rig, I(MOV64_IMM, 1, 0, 0, 40), I(CALL_LOCAL, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0),
        I(MOV64_IMM, 0, 0, 0, 0), I(JEQ64_IMM, 1, 0, 4, 0), I(MOV64_REG, 6, 1, 0, 0),
        I(SUB64_IMM, 1, 0, 0, 1), I(CALL_LOCAL, 0, 0, 0, -5), I(ADD64_REG, 0, 6, 0, 0),
        I(EXIT, 0, 0, 0, 0));
    for (int i = 0; i < RIG_FUNCTIONS; i++)
        rig.frame_sizes[i] = 0;
    rig.code.max_depth = 50;
    ck_assert_int_eq(rig_run(&rig, ebpf_backend_find("interp")), EBPF_OK);
    ck_assert_uint_eq(rig.run.result, 40 * 41 / 2);
    rig_free(&rig);
}
END_TEST

START_TEST(runs_without_any_memory)
{
    RIG(rig, I(MOV64_IMM, 0, 0, 0, 7), I(EXIT, 0, 0, 0, 0));
    rig.frame_sizes[0] = 0;
    rig.run.context = rig.run.context_size = rig.run.packet_size = 0;
    rig.run.packet = NULL;
    ck_assert_int_eq(rig_run(&rig, ebpf_backend_find("interp")), EBPF_OK);
    ck_assert_uint_eq(rig.run.result, 7);
    ck_assert_uint_eq(rig.run.stack_low, rig.run.stack_end);
    rig_free(&rig);
}
END_TEST

START_TEST(what_cannot_be_compiled_is_refused)
{
    static const struct {
        struct ebpf_insn insn;
        ebpf_status status;
    } bad[] = {{I(CALL, 0, 0, 0, 99), EBPF_ERR_HELPER},
               {I(CALL_BTF, 0, 0, 0, 1), EBPF_ERR_CALL_KIND},
               {I(LDDW_MAP_FD, 0, 0, 0, 1), EBPF_ERR_REFERENCE}};
    for (size_t i = 0; i < 3; i++) {
        RIG(rig, bad[i].insn, I(EXIT, 0, 0, 0, 0));
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        struct ebpf_code *code;
        ck_assert_int_eq(ebpf_backend_find("interp")->compile(&rig.code, diag, &code),
                         bad[i].status);
        ck_assert_uint_eq(ebpf_diag_count(diag), 1);
        ck_assert_ptr_null(code);
        ebpf_diag_free(diag);
        rig_free(&rig);
    }
}
END_TEST

static void check_listing(struct rig *rig, const char *has)
{
    const struct ebpf_backend *backend = ebpf_backend_find("interp");
    struct ebpf_code *code;
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    ck_assert_int_eq(backend->compile(&rig->code, NULL, &code), EBPF_OK);
    ck_assert_int_eq(backend->dump(code, &out), EBPF_OK);
    ck_assert_msg(strstr(text.data, has) != NULL, "%s", text.data);
    ebpf_text_free(&text);
    backend->destroy(code);
}

START_TEST(listing_shows_what_is_executed_at_once)
{
    RIG(rig, I(LDXB, 0, 1, 0, 0), I(LSH64_IMM, 0, 0, 0, 8), I(EXIT, 0, 0, 0, 0));
    check_listing(&rig, "LDXB.MM + LSH64_IMM.AM");
    rig_free(&rig);
}
END_TEST

/* As ebpf_wides_find() gives them, with what is left out before and behind; but not where one of
 * the accesses is not proven, or has an alignment. */
START_TEST(words_are_accessed_at_once)
{
    static const struct ebpf_insn others[] = {I(MOV64_IMM, 4, 0, 0, 0), I(LDXW, 4, 10, -8, 0),
                                              I(LDXW, 4, 1, 0, 0), I(ATOMIC_ADD64, 10, 4, -8, 0)};
    for (unsigned i = 0; i < 4; i++) {
        RIG(rig, I(LDXB, 0, 10, -15, 0), I(LSH64_IMM, 0, 0, 0, 8), others[i],
            I(LDXB, 3, 10, -16, 0), I(OR64_REG, 0, 3, 0, 0), I(STXB, 10, 0, -24, 0),
            I(RSH64_IMM, 0, 0, 0, 8), I(STXB, 10, 0, -23, 0), I(MOV64_REG, 0, 4, 0, 0),
            I(EXIT, 0, 0, 0, 0));
        check_listing(&rig, i < 2 ? "0  SKIP.MM  r0 r0 off 0 imm 1\n"
                                  : "0  LDXB.MS");
        check_listing(&rig, i < 2 ? "3  WIDE_LOAD_LE16.MM  r0 r10 off -16 imm 1\n" : "3  LDXB.MS");
        check_listing(&rig, "5  WIDE_STORE_LE16.MM  r10 r0 off -24 imm 2\n");
        rig_free(&rig);
    }
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    RIG(rig, I(LDDW, 0, 0, 0, 1), I(CALL_LOCAL, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0),
        I(EXIT, 0, 0, 0, 0));
    const struct ebpf_backend *backend = ebpf_backend_find("interp");
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_code *code;
        rig.code.mem = &f.mem;
        failing_mem_check(&f, backend->compile(&rig.code, NULL, &code));
        backend->destroy(code);
    }
    rig_free(&rig);
}
END_TEST

static TCase *ways(void)
{
    TCase *tc = tcase_create("ways");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, rows_of_units_are_executed_at_once);
    tcase_add_test(tc, host_stack_does_not_grow);
    tcase_add_test(tc, host_stack_does_not_grow_when_slots_miss);
    tcase_add_test(tc, recursion_deeper_than_the_records);
    tcase_add_test(tc, runs_without_any_memory);
    tcase_add_test(tc, what_cannot_be_compiled_is_refused);
    tcase_add_test(tc, every_allocation_may_fail);
    tcase_add_test(tc, listing_shows_what_is_executed_at_once);
    tcase_add_test(tc, words_are_accessed_at_once);
    return tc;
}

RUN_SUITE("interp", ways)
