/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The runner, lists of passes, and what passes see. */
#include <ebpfvm/verify.h>

#include "tests/unit/failing_mem.h"
#include "tests/unit/ir_unit.h"

/* if r1 == 0 goto 3; r0 = 1; goto 0; exit: a loop of three instructions in two blocks. */
#define LOOP "1501020000000000 b700000001000000 0500fdff00000000 9500000000000000"
#define BAD "b70b000000000000 9500000000000000"

static ebpf_status verify_hex(const char *hex, const struct ebpf_pass *const *passes,
                              struct ebpf_diag *diag)
{
    struct ebpf_program *program = program_of_hex(hex);
    ebpf_status status = ebpf_verify(program, passes, NULL, diag);
    ebpf_program_unref(program);
    return status;
}

static ebpf_status count_run(struct ebpf_verify *verify, void *ctx)
{
    (void)verify;
    ++*(int *)ctx;
    return EBPF_OK;
}

START_TEST(a_list_without_structure_is_safe)
{
    int runs = 0;
    const struct ebpf_pass plain = {.name = "plain", .run = count_run, .ctx = &runs};
    const struct ebpf_pass graph = {
        .name = "graph", .needs = EBPF_AN_CFG, .run = count_run, .ctx = &runs};
    const struct ebpf_pass liar = {
        .name = "liar", .gives = EBPF_AN_WELL_FORMED, .run = count_run, .ctx = &runs};
    const struct ebpf_pass *const empty[] = {NULL};
    const struct ebpf_pass *const first[] = {&plain, NULL}, *const second[] = {&graph, NULL};
    const struct ebpf_pass *const third[] = {&liar, NULL}, *const fourth[] = {&liar, &graph, NULL};
    ck_assert_int_eq(verify_hex(BAD, empty, NULL), EBPF_ERR_BAD_REGISTER);
    ck_assert_int_eq(verify_hex(BAD, first, NULL), EBPF_ERR_BAD_REGISTER);
    ck_assert_int_eq(runs, 1); /* it asks for nothing and runs on anything */
    ck_assert_int_eq(verify_hex(BAD, second, NULL), EBPF_ERR_BAD_REGISTER);
    ck_assert_int_eq(runs, 1); /* it never saw the program */
    ck_assert_int_eq(verify_hex(BAD, third, NULL), EBPF_ERR_BAD_REGISTER);
    ck_assert_int_eq(verify_hex(BAD, fourth, NULL), EBPF_ERR_BAD_REGISTER);
    ck_assert_int_eq(runs, 3);
    ck_assert_int_eq(verify_hex(LOOP, empty, NULL), EBPF_OK);
    ck_assert_int_eq(verify_hex(LOOP, fourth, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_verify(NULL, NULL, NULL, NULL), EBPF_ERR_INVALID);
}
END_TEST

static ebpf_status look_at_all(struct ebpf_verify *verify, void *ctx)
{
    uint32_t count;
    (void)ctx;
    const struct ebpf_block *blocks = ebpf_verify_blocks(verify, &count);
    ck_assert_uint_eq(count, 3);
    ck_assert_uint_eq(blocks[1].first, 1);
    ck_assert_uint_eq(blocks[1].count, 2);
    ck_assert_uint_eq(blocks[0].succ[EBPF_SUCC_NEXT], 1);
    ck_assert_uint_eq(blocks[0].succ[EBPF_SUCC_TAKEN], 2);
    ck_assert_uint_eq(blocks[1].succ[EBPF_SUCC_NEXT], EBPF_BLOCK_NONE);
    ck_assert_uint_eq(blocks[1].succ[EBPF_SUCC_TAKEN], 0);
    ck_assert_uint_eq(ebpf_verify_block_of(verify, 2), 1);
    ck_assert_uint_eq(ebpf_verify_block_of(verify, 4), EBPF_BLOCK_NONE);
    const uint32_t *preds = ebpf_verify_preds(verify, 0, &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(preds[0], 1);
    ck_assert_ptr_null(ebpf_verify_preds(verify, 3, &count));
    const uint32_t *order = ebpf_verify_order(verify, &count);
    ck_assert_uint_eq(count, 3);
    ck_assert_uint_eq(order[0], 0);
    const struct ebpf_loop *loops = ebpf_verify_loops(verify, &count);
    ck_assert_uint_eq(count, 1);
    ck_assert(loops[0].header == 0 && loops[0].parent == EBPF_BLOCK_NONE && loops[0].depth == 1 &&
              loops[0].block_count == 2 && loops[0].back_edges == 1 && !loops[0].irreducible);
    ck_assert(blocks[1].loop == 0 && blocks[2].loop == EBPF_BLOCK_NONE && blocks[2].idom == 0);
    ck_assert(ebpf_verify_dominates(verify, 0, 1) && !ebpf_verify_dominates(verify, 1, 2));
    ck_assert(!ebpf_verify_dominates(verify, 0, 3));
    uint64_t *zeros = ebpf_verify_alloc(verify, 10, sizeof(*zeros));
    for (int i = 0; i < 10; i++)
        ck_assert_uint_eq(zeros[i], 0);
    return EBPF_OK;
}

static ebpf_status look_at_nothing(struct ebpf_verify *verify, void *ctx)
{
    uint32_t count = 7;
    (void)ctx;
    ck_assert_ptr_nonnull(ebpf_verify_program(verify));
    ck_assert_ptr_null(ebpf_verify_blocks(verify, &count));
    ck_assert_uint_eq(count, 0);
    ck_assert_ptr_null(ebpf_verify_preds(verify, 0, &count));
    ck_assert_ptr_null(ebpf_verify_order(verify, &count));
    ck_assert_ptr_null(ebpf_verify_loops(verify, &count));
    ck_assert_uint_eq(ebpf_verify_block_of(verify, 0), EBPF_BLOCK_NONE);
    ck_assert_int_eq(ebpf_verify_dominates(verify, 0, 0), 0);
    return EBPF_OK;
}

START_TEST(a_pass_sees_what_it_asked_for)
{
    const struct ebpf_pass nothing = {.name = "nothing", .run = look_at_nothing};
    const struct ebpf_pass all = {.name = "all", .needs = EBPF_AN_LOOPS, .run = look_at_all};
    const struct ebpf_pass *const passes[] = {&nothing, &all, NULL};
    ck_assert_int_eq(verify_hex(LOOP, passes, NULL), EBPF_OK);
}
END_TEST

static ebpf_status reject_twice(struct ebpf_verify *verify, void *ctx)
{
    (void)ctx;
    ebpf_verify_warn(verify, EBPF_ERR_LIMIT, 0, "warned", "number %d", 0);
    ebpf_verify_reject(verify, EBPF_ERR_HELPER, 3, "this way", "number %d", 1);
    ebpf_verify_reject(verify, EBPF_OK, EBPF_TARGET_NONE, NULL, "number %d", 2);
    return EBPF_OK; /* counts for nothing */
}

static void check_entry(const struct ebpf_diag *diag, size_t index,
                        const struct ebpf_diag_entry *expected)
{
    const struct ebpf_diag_entry *e = ebpf_diag_at(diag, index);
    ck_assert_ptr_nonnull(e);
    ck_assert_int_eq(e->status, expected->status);
    ck_assert_int_eq(e->severity, expected->severity);
    ck_assert_uint_eq(e->pc, expected->pc);
    ck_assert_str_eq(e->message, expected->message);
    ck_assert_str_eq(e->advice, expected->advice);
}

START_TEST(a_pass_rejects_with_place_and_advice)
{
    int runs = 0;
    const struct ebpf_pass rejects = {.name = "rejects", .run = reject_twice};
    const struct ebpf_pass after = {.name = "after", .run = count_run, .ctx = &runs};
    const struct ebpf_pass *const passes[] = {&rejects, &after, NULL};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(verify_hex(LOOP, passes, diag), EBPF_ERR_HELPER);
    ck_assert_int_eq(runs, 0);
    ck_assert_uint_eq(ebpf_diag_count(diag), 3);
    check_entry(diag, 0, &(struct ebpf_diag_entry){
        .status = EBPF_ERR_LIMIT, .severity = EBPF_SEVERITY_WARNING, .pc = 0,
        .message = "number 0", .advice = "warned"});
    check_entry(diag, 1, &(struct ebpf_diag_entry){
        .status = EBPF_ERR_HELPER, .severity = EBPF_SEVERITY_ERROR, .pc = 3,
        .message = "number 1", .advice = "this way"});
    check_entry(diag, 2, &(struct ebpf_diag_entry){
        .status = EBPF_ERR_REJECTED, .severity = EBPF_SEVERITY_ERROR, .pc = EBPF_PC_NONE,
        .message = "number 2", .advice = "see the verifier's report"});
    ebpf_diag_free(diag);
}
END_TEST

static TCase *runner(void)
{
    TCase *tc = tcase_create("runner");
    tcase_add_test(tc, a_list_without_structure_is_safe);
    tcase_add_test(tc, a_pass_sees_what_it_asked_for);
    tcase_add_test(tc, a_pass_rejects_with_place_and_advice);
    return tc;
}

/* The names in a list, with a blank after each. */
static void check_names(const struct ebpf_pass *const *passes, const char *expected)
{
    char text[200] = "";
    for (; *passes; passes++)
        strcat(strcat(text, (*passes)->name), " ");
    ck_assert_str_eq(text, expected);
}

START_TEST(built_in_passes_have_names)
{
    check_names(ebpf_verifier_strict(), "structure cfg ");
    check_names(ebpf_verifier_lenient(), "well-formed ");
    size_t count = 0;
    for (const struct ebpf_pass *pass; (pass = ebpf_pass_at(count)) != NULL; count++) {
        ck_assert_ptr_eq(ebpf_pass_find(pass->name), pass);
        ck_assert_ptr_nonnull(pass->summary);
    }
    ck_assert_uint_eq(count, 4);
    ck_assert_ptr_null(ebpf_pass_at(count + 1));
    ck_assert_ptr_null(ebpf_pass_find("no such pass"));
}
END_TEST

static const struct ebpf_pass a = {.name = "a"}, b = {.name = "b"}, c = {.name = "c"};

START_TEST(lists_are_edited_by_name)
{
    struct ebpf_pass_list *list = ebpf_pass_list_new(ebpf_verifier_strict(), NULL);
    check_names(ebpf_pass_list_passes(list), "structure cfg ");
    ck_assert_int_eq(ebpf_pass_list_append(list, &a), EBPF_OK);
    ck_assert_int_eq(ebpf_pass_list_prepend(list, &b), EBPF_OK);
    check_names(ebpf_pass_list_passes(list), "b structure cfg a ");
    ck_assert_int_eq(ebpf_pass_list_insert_before(list, "cfg", &c), EBPF_OK);
    ck_assert_int_eq(ebpf_pass_list_insert_after(list, "a", &b), EBPF_OK);
    check_names(ebpf_pass_list_passes(list), "b structure c cfg a b ");
    ck_assert_int_eq(ebpf_pass_list_replace(list, "b", &a), EBPF_OK);
    check_names(ebpf_pass_list_passes(list), "a structure c cfg a b ");
    ck_assert_int_eq(ebpf_pass_list_remove(list, "structure"), EBPF_OK);
    ck_assert_int_eq(ebpf_pass_list_remove(list, "b"), EBPF_OK);
    check_names(ebpf_pass_list_passes(list), "a c cfg a ");
    ebpf_pass_list_free(list);
    check_names(ebpf_verifier_strict(), "structure cfg ");
}
END_TEST

START_TEST(names_that_are_not_there_change_nothing)
{
    struct ebpf_pass_list *list = ebpf_pass_list_new(NULL, NULL);
    ck_assert_int_eq(ebpf_pass_list_remove(list, "a"), EBPF_ERR_NOT_FOUND);
    ck_assert_int_eq(ebpf_pass_list_replace(list, "a", &a), EBPF_ERR_NOT_FOUND);
    ck_assert_int_eq(ebpf_pass_list_insert_before(list, "a", &a), EBPF_ERR_NOT_FOUND);
    ck_assert_int_eq(ebpf_pass_list_insert_after(list, "a", &a), EBPF_ERR_NOT_FOUND);
    check_names(ebpf_pass_list_passes(list), "");
    ebpf_pass_list_free(list);
    ebpf_pass_list_free(NULL);
}
END_TEST

static ebpf_status make_list(const struct ebpf_mem *mem)
{
    struct ebpf_pass_list *list = ebpf_pass_list_new(ebpf_verifier_strict(), mem);
    if (!list)
        return EBPF_ERR_NOMEM;
    ebpf_status status = EBPF_OK;
    for (int i = 0; i < 40 && !status; i++) /* grows more than once */
        status = ebpf_pass_list_insert_after(list, "structure", &a);
    ck_assert_str_eq(ebpf_pass_list_passes(list)[0]->name, "structure");
    ebpf_pass_list_free(list);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);)
        failing_mem_check(&f, make_list(&f.mem));
}
END_TEST

static TCase *lists(void)
{
    TCase *tc = tcase_create("lists");
    tcase_add_test(tc, built_in_passes_have_names);
    tcase_add_test(tc, lists_are_edited_by_name);
    tcase_add_test(tc, names_that_are_not_there_change_nothing);
    tcase_add_test(tc, every_allocation_may_fail);
    return tc;
}

RUN_SUITE("ir/pass", runner, lists)
