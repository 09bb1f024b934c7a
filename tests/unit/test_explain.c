/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Explanations of the pass "safety": the path to what is not proven, the log, the listing, the
 * picture. */
#include "config.h"

#include <string.h>

#include <ebpfvm/ebpfvm.h>

#include "tests/unit/failing_mem.h"
#include "tests/unit/unit.h"

static const char far_byte[] = "r2 = *(u32 *)(r1 + 0)\n"
                               "r3 = *(u32 *)(r1 + 4)\n"
                               "r4 = r2\n"
                               "r4 += 14\n"
                               "r0 = 0\n"
                               "if r4 > r3 goto out\n"
                               "r5 = *(u8 *)(r2 + 12)\n"
                               "if r5 == 8 goto long\n"
                               "r0 = 1\n"
                               "goto out\n"
                               "long:\n"
                               "r0 = *(u8 *)(r2 + 23)\n"
                               "out:\n"
                               "exit\n";

static struct ebpf_program *assemble(const char *text)
{
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_assemble(text, strlen(text), NULL, NULL, &program), EBPF_OK);
    return program;
}

/* Everything that is said of a program of type xdp. */
struct said {
    struct ebpf_diag *diag;
    struct ebpf_text log, listing, graph, why;
    ebpf_status status;
};

static struct said explain(const char *text, uint32_t log_level)
{
    struct said said = {.diag = ebpf_diag_new(NULL)};
    const struct ebpf_pass *const passes[] = {ebpf_pass_find("safety"), NULL};
    const struct ebpf_stream log = ebpf_stream_text(&said.log),
                             listing = ebpf_stream_text(&said.listing),
                             graph = ebpf_stream_text(&said.graph),
                             why = ebpf_stream_text(&said.why);
    const struct ebpf_verify_options options = {
        .size = sizeof(options), .passes = passes, .type = "xdp", .log = &log,
        .log_level = log_level, .listing = &listing, .graph = &graph, .why = &why};
    struct ebpf_program *program = assemble(text);
    said.status = ebpf_verify_for(program, &options, said.diag);
    ebpf_program_unref(program);
    return said;
}

static void forget(struct said *said)
{
    ebpf_diag_free(said->diag);
    ebpf_text_free(&said->log);
    ebpf_text_free(&said->listing);
    ebpf_text_free(&said->graph);
    ebpf_text_free(&said->why);
}

static void check_note(const struct said *said, size_t index, uint32_t pc, const char *message)
{
    const struct ebpf_diag_entry *note = ebpf_diag_at(said->diag, index);
    ck_assert_ptr_nonnull(note);
    ck_assert_int_eq(note->severity, index ? EBPF_SEVERITY_NOTE : EBPF_SEVERITY_ERROR);
    ck_assert_uint_eq(note->pc, pc);
    ck_assert_msg(strstr(note->message, message), "\"%s\" is not in \"%s\"", message,
                  note->message);
}

START_TEST(the_path_is_told)
{
    struct said said = explain(far_byte, 0);
    ck_assert_int_eq(said.status, EBPF_ERR_LOAD);
    ck_assert_uint_eq(ebpf_diag_count(said.diag), 4);
    check_note(&said, 0, 10, "offset 23 of the packet");
    check_note(&said, 1, 5, "condition does not hold, r4 = packet+14");
    check_note(&said, 2, 7, "condition holds, r5 = 8");
    check_note(&said, 3, 10, "at that point r2 = packet");
    ck_assert_ptr_null(said.log.data);
    forget(&said);
}
END_TEST

/* Of a loop the last round is told, and of calls where they are. */
START_TEST(loops_and_calls_are_told_once)
{
    struct said said = explain("r6 = 0\n"
                               "l: r1 = r6\n"
                               "call f\n"
                               "r6 += 1\n"
                               "if r6 < 5 goto l\n"
                               "r0 = 0\n"
                               "exit\n"
                               ".func f\n"
                               "r0 = 0\n"
                               "if r1 != 3 goto out\n"
                               "r0 = *(u8 *)(r1 + 0)\n"
                               "out: exit\n",
                               0);
    ck_assert_int_eq(said.status, EBPF_ERR_LOAD);
    ck_assert_uint_eq(ebpf_diag_count(said.diag), 5);
    check_note(&said, 1, 4, "condition holds, r6 = 3");
    check_note(&said, 2, 2, "this function is called");
    check_note(&said, 3, 8, "condition does not hold, r1 = 3");
    check_note(&said, 4, 9, "at that point");
    forget(&said);
}
END_TEST

static void check_has(const struct ebpf_text *text, const char *part)
{
    ck_assert_msg(text->data && strstr(text->data, part), "\"%s\" is not in \"%s\"", part,
                  text->data ? text->data : "");
}

START_TEST(the_log_shows_paths_states_and_work)
{
    struct said paths = explain(far_byte, EBPF_VERIFY_LOG_PATHS);
    check_has(&paths.log, "at 0: r1 = context+0\n0: r2 = *(u32 *)(r1 + 0)\n1: r3 =");
    ck_assert_ptr_null(strstr(paths.log.data, "processed"));
    struct said states = explain(far_byte, EBPF_VERIFY_LOG_STATES);
    check_has(&states.log, "3: r4 += 14  ; r4 = packet+14\n");
    check_has(&states.log, "7: if r5 == 8 goto +2  ; r5 = [0, 255]\n");
    struct said work = explain("r0 = 0\nexit\n", EBPF_VERIFY_LOG_STATS);
    ck_assert_int_eq(work.status, EBPF_OK);
    ck_assert_str_eq(work.log.data, "processed 2 insns (limit 100006) attempts 1 total_states 1 "
                                    "peak_states 1 values 5 call_chains 1 "
                                    "compared 511 (limit 20001200)\n");
    forget(&paths);
    forget(&states);
    forget(&work);
}
END_TEST

START_TEST(the_listing_shows_what_is_proven)
{
    struct said said = explain(far_byte, 0);
    check_has(&said.listing, "0: r2 = *(u32 *)(r1 + 0)                    ; context at 0 | "
                             "r1 = context+0\n");
    check_has(&said.listing, "; packet at 12 | r2 = packet+0\n");
    check_has(&said.listing, "; NOT PROVEN | r2 = packet+0\n");
    check_has(&said.listing, "11: exit                                    ; | r0 varies\n");
    forget(&said);
    said = explain("r0 = 0\nl: r0 += 1\nif r0 < 3 goto l\nif r0 == 3 goto out\nr0 = 7\n"
                   "out: exit\n", 0);
    ck_assert_int_eq(said.status, EBPF_OK);
    check_has(&said.listing, "1: r0 += 1                                  ; loop | r0 varies\n");
    check_has(&said.listing, "3: if r0 == 3 goto +1                       ; always taken | "
                             "r0 = 3\n");
    check_has(&said.listing, "4: r0 = 7                                   ; never reached\n");
    forget(&said);
    said = explain("r0 = 0\nl: if r0 == 0 goto l\nexit\n", 0);
    check_has(&said.listing, "loop NOT SHOWN TO END");
    forget(&said);
}
END_TEST

/* From the start to the failure, and nothing else, is drawn thick. */
START_TEST(the_picture_marks_the_path)
{
    struct said said = explain(far_byte, 0);
    check_has(&said.graph, "b0 -> b1 [color=firebrick, penwidth=3]");
    check_has(&said.graph, "b0 -> b4 [color=darkgreen]");
    check_has(&said.graph, "b1 -> b2 [color=firebrick]");
    check_has(&said.graph, "b1 -> b3 [color=darkgreen, penwidth=3]");
    check_has(&said.graph, "\", penwidth=3, style=filled, fillcolor=mistyrose];\n    b4");
    check_has(&said.graph, "b3 -> b4 [color=black]");
    forget(&said);
    said = explain("r0 = 0\nexit\n", 0);
    ck_assert_ptr_null(strstr(said.graph.data, "penwidth"));
    forget(&said);
}
END_TEST

START_TEST(programs_are_told_why)
{
    struct said said = explain(far_byte, 0);
    ck_assert_str_eq(
        said.why.data,
        "{\"left_out\": 0, \"path\": [{\"pc\": 5, \"kind\": \"branch\", \"to\": 6, "
        "\"file\": \"<input>\", \"line\": 6, "
        "\"source\": \"if r4 > r3 goto out\", \"holds\": false, "
        "\"registers\": {\"r3\": \"packet end\", \"r4\": \"packet+14\"}},\n  "
        "{\"pc\": 7, \"kind\": \"branch\", \"to\": 10, "
        "\"file\": \"<input>\", \"line\": 8, "
        "\"source\": \"if r5 == 8 goto long\", \"holds\": true, "
        "\"registers\": {\"r5\": \"8\"}}],\n  "
        "\"registers\": {\"r2\": \"packet+0\"}}");
    forget(&said);
    said = explain("r0 = 0\nexit\n", 0);
    ck_assert_ptr_null(said.why.data);
    forget(&said);
}
END_TEST

START_TEST(programs_are_told_of_calls_and_long_loops)
{
    struct said said = explain("r6 = 0\nl: call f\nr6 += 1\nif r6 < 50 goto l\n"
                               "r0 = *(u8 *)(r6 + 0)\nexit\n.func f\nr0 = 0\nexit\n", 0);
    ck_assert_int_eq(said.status, EBPF_ERR_LOAD);
    check_has(&said.why, "{\"left_out\": 50, \"path\": [");
    check_has(&said.why, "{\"pc\": 1, \"kind\": \"call\", \"to\": 6, "
                         "\"file\": \"<input>\", \"line\": 2, "
                         "\"source\": \"l: call f\"}");
    check_has(&said.why, "\"kind\": \"return\", \"to\": 2,");
    check_has(&said.why, "\"registers\": {\"r6\": \"50\"}}");
    forget(&said);
    said = explain("lddw r2, code_addr(f)\nr1 = 3\nr3 = 0\nr4 = 0\ncall 181\nr0 = 0\nexit\n"
                   ".func f\nr0 = *(u8 *)(r1 + 0)\nexit\n", 0);
    check_has(&said.why, "\"kind\": \"callback\", \"to\": 8,");
    forget(&said);
}
END_TEST

static int refuse_to_write(void *ctx, const char *data, size_t length)
{
    (void)ctx, (void)data, (void)length;
    return 1;
}

/* The verdict does not depend on where explanations go. */
START_TEST(streams_may_fail)
{
    const struct ebpf_stream broken = {refuse_to_write, NULL};
    const struct ebpf_pass *const passes[] = {ebpf_pass_find("safety"), NULL};
    const struct ebpf_verify_options options = {
        .size = sizeof(options), .passes = passes, .type = "xdp", .log = &broken,
        .log_level = 7, .listing = &broken, .graph = &broken, .why = &broken};
    struct ebpf_program *program = assemble(far_byte), *good = assemble("r0 = 0\nexit\n");
    ck_assert_int_eq(ebpf_verify_for(program, &options, NULL), EBPF_ERR_LOAD);
    ck_assert_int_eq(ebpf_verify_for(good, &options, NULL), EBPF_OK);
    ebpf_program_unref(program);
    ebpf_program_unref(good);
}
END_TEST

START_TEST(memory_may_run_out)
{
    const struct ebpf_pass *const passes[] = {ebpf_pass_find("safety"), NULL};
    struct ebpf_program *program = assemble(far_byte);
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct said said = {.diag = ebpf_diag_new(NULL)};
        const struct ebpf_stream log = ebpf_stream_text(&said.log),
                                 listing = ebpf_stream_text(&said.listing),
                                 why = ebpf_stream_text(&said.why);
        const struct ebpf_verify_options options = {
            .size = sizeof(options), .passes = passes, .type = "xdp", .mem = &f.mem, .log = &log,
            .log_level = EBPF_VERIFY_LOG_STATES, .listing = &listing, .why = &why};
        said.status = ebpf_verify_for(program, &options, said.diag);
        ck_assert(said.status == EBPF_ERR_LOAD ||
                  (f.failed && said.status == EBPF_ERR_NOMEM));
        forget(&said);
    }
    ebpf_program_unref(program);
}
END_TEST

static TCase *explanations(void)
{
    TCase *tc = tcase_create("explanations");
    tcase_add_test(tc, the_path_is_told);
    tcase_add_test(tc, loops_and_calls_are_told_once);
    tcase_add_test(tc, the_log_shows_paths_states_and_work);
    tcase_add_test(tc, the_listing_shows_what_is_proven);
    tcase_add_test(tc, the_picture_marks_the_path);
    tcase_add_test(tc, programs_are_told_why);
    tcase_add_test(tc, programs_are_told_of_calls_and_long_loops);
    tcase_add_test(tc, streams_may_fail);
    tcase_add_test(tc, memory_may_run_out);
    return tc;
}

RUN_SUITE("explain", explanations)
