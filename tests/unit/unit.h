/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What every unit test program starts with. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

/* main() of a program with one suite made of the given test cases. */
static inline int run_suite(const char *name, TCase *(*const cases[])(void), size_t count)
{
    Suite *suite = suite_create(name);
    for (size_t i = 0; i < count; i++)
        suite_add_tcase(suite, cases[i]());
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define RUN_SUITE(name, ...)                                                                       \
    int main(void)                                                                                 \
    {                                                                                              \
        TCase *(*const cases[])(void) = {__VA_ARGS__};                                             \
        return run_suite(name, cases, sizeof(cases) / sizeof(cases[0]));                           \
    }

#endif
