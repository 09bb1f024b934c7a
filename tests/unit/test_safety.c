/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The pass "safety": programs that it must prove, and programs that it must not. */
#include <stdio.h>
#include <string.h>

#include <ebpfvm/asm.h>
#include <ebpfvm/verify.h>

#include "tests/unit/failing_mem.h"
#include "tests/unit/unit.h"

static const struct {
    const char *name, *type;
    bool safe;
    uint32_t flags;
    struct ebpf_verify_map map; /* an id of 0: none */
    const char *text;
} programs[] = {
#include "tests/unit/safety_cases.h"
};

static const struct {
    const char *name, *type;
    struct ebpf_verify_map map;
    const char *says; /* NULL: is proven */
    const char *text;
} pitfalls[] = {
#include "tests/unit/safety_pitfalls.h"
};

static ebpf_status verify(const char *text, const struct ebpf_verify_options *options)
{
    struct ebpf_program *program;
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ebpf_status status = ebpf_assemble(text, strlen(text), NULL, diag, &program);
    if (status)
        ck_abort_msg("%s: %s", ebpf_diag_at(diag, 0)->message, text);
    status = ebpf_verify_for(program, options, diag);
    if (status && !ebpf_diag_count(diag))
        ck_abort_msg("refused without a reason: %s", text);
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
    return status;
}

START_TEST(what_is_safe_is_proven_and_nothing_else)
{
    const struct ebpf_pass *passes[] = {ebpf_pass_find("structure"), ebpf_pass_find("cfg"),
                                        ebpf_pass_find("safety"), NULL};
    int wrong = 0;
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        const struct ebpf_verify_options options = {
            .size = sizeof(options), .passes = passes, .type = programs[i].type,
            .flags = programs[i].flags,
            .maps = &programs[i].map, .map_count = programs[i].map.id ? 1 : 0};
        ebpf_status status = verify(programs[i].text, &options);
        if ((status == EBPF_OK) != programs[i].safe) {
            printf("%s: %s\n", programs[i].name, ebpf_status_name(status));
            wrong++;
        }
    }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

/* Whether the report is as the row says; all else is printed. */
static bool is_as_told(size_t i, ebpf_status status, const struct ebpf_diag *diag)
{
    const char *message = status ? ebpf_diag_at(diag, 0)->message : "it was proven";
    const char *says = pitfalls[i].says;
    bool good = says ? status && strstr(message, says) : !status;
    if (!good)
        printf("%s: %s\n", pitfalls[i].name, message);
    return good;
}

START_TEST(what_others_fell_for_is_refused)
{
    const struct ebpf_pass *passes[] = {ebpf_pass_find("structure"), ebpf_pass_find("cfg"),
                                        ebpf_pass_find("safety"), NULL};
    int wrong = 0;
    for (size_t i = 0; i < sizeof(pitfalls) / sizeof(pitfalls[0]); i++) {
        const struct ebpf_verify_options options = {
            .size = sizeof(options), .passes = passes, .type = pitfalls[i].type,
            .maps = &pitfalls[i].map, .map_count = pitfalls[i].map.id ? 1 : 0};
        struct ebpf_program *program;
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        const char *text = pitfalls[i].text;
        if (ebpf_assemble(text, strlen(text), NULL, diag, &program))
            ck_abort_msg("%s: %s", pitfalls[i].name, ebpf_diag_at(diag, 0)->message);
        ebpf_status status = ebpf_verify_for(program, &options, diag);
        wrong += !is_as_told(i, status, diag);
        ebpf_program_unref(program);
        ebpf_diag_free(diag);
    }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

/* One tail call may be into this map or that one. */
START_TEST(the_unprivileged_call_into_one_map)
{
    static const char text[] = "lddw r2, map_by_fd(1)\nldxw r3, [r1]\njeq r3, 0, c\n"
                               "lddw r2, map_by_fd(2)\nc: mov r3, 0\ncall 12\nmov r0, 0\nexit";
    const struct ebpf_map_def table = {.kind = EBPF_MAP_PROG_ARRAY, .key_size = 4,
                                       .value_size = 4, .max_entries = 1};
    const struct ebpf_verify_map maps[] = {{1, table}, {2, table}};
    const struct ebpf_pass *passes[] = {ebpf_pass_find("safety"), NULL};
    struct ebpf_verify_options options = {.size = sizeof(options), .passes = passes,
                                          .type = "socket_filter", .maps = maps, .map_count = 2};
    ck_assert_int_eq(verify(text, &options), EBPF_OK);
    options.flags = EBPF_VERIFY_UNPRIVILEGED;
    ck_assert_int_eq(verify(text, &options), EBPF_ERR_HELPER_ARG);
}
END_TEST

START_TEST(programs_of_the_unprivileged_are_short)
{
    static char text[4097 * sizeof("mov r0, 0\n")];
    const struct ebpf_pass *passes[] = {ebpf_pass_find("safety"), NULL};
    struct ebpf_verify_options options = {.size = sizeof(options), .passes = passes,
                                          .type = "socket_filter",
                                          .flags = EBPF_VERIFY_UNPRIVILEGED};
    for (int i = 0; i < 4095; i++)
        strcat(text + 10 * i, "mov r0, 0\n");
    strcat(text, "exit\n");
    ck_assert_int_eq(verify(text, &options), EBPF_OK);
    memcpy(text + 10 * 4095, "mov r0, 0\nexit\n", sizeof("mov r0, 0\nexit\n"));
    ck_assert_int_eq(verify(text, &options), EBPF_ERR_LIMIT);
    options.flags = 0;
    ck_assert_int_eq(verify(text, &options), EBPF_OK);
}
END_TEST

START_TEST(options_are_checked)
{
    struct ebpf_program *program;
    struct ebpf_verify_options options = {.size = sizeof(options), .type = "no such type"};
    ck_assert_int_eq(ebpf_assemble("exit", 4, NULL, NULL, &program), EBPF_OK);
    ck_assert_int_eq(ebpf_verify_for(program, &options, NULL), EBPF_ERR_NOT_FOUND);
    ck_assert_int_eq(ebpf_verify_for(NULL, &options, NULL), EBPF_ERR_INVALID);
    options.size = 1;
    ck_assert_int_eq(ebpf_verify_for(program, &options, NULL), EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_verify_for(program, NULL, NULL), EBPF_OK);
    ebpf_program_unref(program);
}
END_TEST

/* Every allocation is made to fail once: no leak, no crash, and never an acceptance. */
START_TEST(memory_may_run_out)
{
    static const char text[] = "mov r6, 0\nl: stxdw [r10-8], r6\nmov r1, r6\ncall f\nadd r6, 1\n"
                               "jlt r6, 3, l\nmov r0, 0\nexit\nf: mov r0, r1\n"
                               "jset r1, 1, g\ng: exit";
    struct ebpf_program *program;
    const struct ebpf_pass *passes[] = {ebpf_pass_find("safety"), NULL};
    ck_assert_int_eq(ebpf_assemble(text, strlen(text), NULL, NULL, &program), EBPF_OK);
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        const struct ebpf_verify_options options = {
            .size = sizeof(options), .passes = passes, .mem = &f.mem};
        failing_mem_check(&f, ebpf_verify_for(program, &options, NULL));
    }
    ebpf_program_unref(program);
}
END_TEST

static TCase *safety(void)
{
    TCase *tc = tcase_create("safety");
    tcase_add_test(tc, what_is_safe_is_proven_and_nothing_else);
    tcase_add_test(tc, what_others_fell_for_is_refused);
    tcase_add_test(tc, the_unprivileged_call_into_one_map);
    tcase_add_test(tc, programs_of_the_unprivileged_are_short);
    tcase_add_test(tc, options_are_checked);
    tcase_add_test(tc, memory_may_run_out);
    return tc;
}

RUN_SUITE("safety", safety)
