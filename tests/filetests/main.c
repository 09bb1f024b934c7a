/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Runs the test files: all of them, or those named.
 * usage: run-filetests [-v] [FILE...]      (top_srcdir in the environment; default .)
 */
#include "tests/filetests/filetest.h"
#include "tests/unit/contain.h"
#include "tests/unit/fact_engine.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void each_case(const struct ft_case *test, void *ctx)
{
    ft_run_case(test, ctx);
}

static void run_file(const char *file, struct ft_totals *totals)
{
    totals->files++;
    if (!ft_parse_file(file, each_case, totals))
        totals->failed++;
}

/* All files in the folder of the tests.  Returns false if there is none. */
static bool run_all(struct ft_totals *totals)
{
    const char *root = getenv("top_srcdir");
    char pattern[4096];
    glob_t found;
    snprintf(pattern, sizeof(pattern), "%s/tests/filetests/*/*.s", root ? root : ".");
    if (glob(pattern, 0, NULL, &found) != 0) {
        printf("no files match %s\n", pattern);
        return false;
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        run_file(found.gl_pathv[i], totals);
    globfree(&found);
    return true;
}

/*
 * References to maps, variables and kernel functions have no meaning until a loader has resolved
 * them, and there is none here: these forms cannot run. That they are refused is tested.
 */
static bool cannot_run(const struct ebpf_op_info *info)
{
    return info->format == EBPF_FMT_REF || info->format == EBPF_FMT_REF_OFF ||
           info->oper == EBPF_OPER_BTF;
}

/* Every row of the table of instructions is executed by some file. */
static unsigned check_coverage(const struct ft_totals *totals)
{
    unsigned missing = 0, covered = 0, refused = 0;
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = ebpf_op_info((enum ebpf_op)op);
        bool refusable = cannot_run(info);
        if (refusable ? totals->refused[op] : totals->executed[op]) {
            refused += refusable;
            covered += !refusable;
        } else {
            printf("no file %s EBPF_OP_%s (%s)\n", refusable ? "refuses" : "executes", info->name,
                   info->mnemonic);
            missing++;
        }
    }
    printf("%u instruction forms executed, %u refused, %u neither\n", covered, refused, missing);
    return missing;
}

static void list_engines(void)
{
    const struct ebpf_backend *backend;
    printf("engines:");
    for (size_t i = 0; (backend = ft_engine(i)) != NULL; i++)
        printf(" %s%s", backend->name, backend->probe() == EBPF_OK ? "" : " (cannot run here)");
    putchar('\n');
}

int main(int argc, char **argv)
{
    static struct ft_totals totals;
    int first = 1;
    bool good = true;
    if (first < argc && strcmp(argv[first], "-v") == 0) {
        totals.verbose = true;
        first++;
    }
    list_engines();
    if (first < argc) {
        for (int i = first; i < argc; i++)
            run_file(argv[i], &totals);
    } else {
        good = run_all(&totals) && check_coverage(&totals) == 0;
    }
    printf("%u files, %u cases, %u failed; %lu runs, %lu cases stopped at each instruction; "
           "%llu times was what is proven of an instruction true, %llu values were as known\n",
           totals.files, totals.cases, totals.failed, totals.runs, totals.sweeps,
           fact_engine_looked_at(), contain_looked_at().values);
    good = good && (first < argc || contain_looked_at().values > 0);
    return good && totals.failed == 0 && totals.cases > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
