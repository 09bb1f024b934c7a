/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Measures the engines against native code: the same C source, compiled for BPF and for the host,
 * in one process, all columns interleaved sample by sample.  Times are medians; ratios are medians
 * of the ratios within each sample, which noise of the machine touches least.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/bench.h"
#include "bench/bytecode.h"

enum { MAX_SAMPLES = 1001, SAMPLE_NS = 100000 };

/* The linker names both ends of a section whose name is an identifier: bench/local.mk gives each
 * program one for its code. */
#define BENCH(name)                                                                                \
    uint64_t native_##name(uint8_t *mem, uint64_t size);                                           \
    extern const uint8_t __start_bench_##name[], __stop_bench_##name[];
#include "bench/programs.def"
#undef BENCH

static struct bench_program programs[] = {
#define BENCH(name) {#name, native_##name, code_##name, sizeof(code_##name), 0},
#include "bench/programs.def"
#undef BENCH
};
enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };
_Static_assert((int)PROGRAMS <= (int)BENCH_PROGRAMS, "room for a row each");

static void find_native_sizes(void)
{
    static const struct {
        const uint8_t *start, *stop;
    } code[] = {
#define BENCH(name) {__start_bench_##name, __stop_bench_##name},
#include "bench/programs.def"
#undef BENCH
    };
    for (int p = 0; p < PROGRAMS; p++)
        programs[p].native_size = (size_t)((uintptr_t)code[p].stop - (uintptr_t)code[p].start);
}

struct options {
    int samples;
    const char *engine, *json, *chart;
    bool hardening;
    char **names;
    int name_count;
};

static const char usage[] =
    "usage: ebpfvm-bench [OPTION...] [PROGRAM...]\n"
    "  --samples=N     samples per program and column (31)\n"
    "  --engine=NAME   only this engine\n"
    "  --hardening     the best engine, with each way to make its code harder to attack\n"
    "  --json=FILE     all that was measured; - for standard output, instead of the table\n"
    "  --chart=FILE    a chart, as SVG\n"
    "  --help          this text\n"
    "Times are in ns per call.  x nat.: time relative to native code, median and quartiles.\n"
    "size: machine code relative to native.  compile: us.\n";

void bench_die(const char *what, const char *why)
{
    fprintf(stderr, "ebpfvm-bench: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, int count, double *low, double *high)
{
    qsort(values, (size_t)count, sizeof(*values), by_value);
    if (low)
        *low = values[count / 4];
    if (high)
        *high = values[count - 1 - count / 4];
    return values[count / 2];
}

static uint64_t run_native(const struct bench_program *program, uint8_t *mem, long calls)
{
    uint64_t (*volatile native)(uint8_t *, uint64_t) = program->native;
    uint64_t r0 = 0;
    for (long i = 0; i < calls; i++)
        r0 = native(mem, BENCH_MEM);
    return r0;
}

/* One program in one column, column -1 being native code. */
struct subject {
    const struct bench_program *program;
    const struct bench_column *column;
    void *state;
    long calls;
};

static double measure(const struct subject *s, uint8_t *mem, long calls)
{
    double start = bench_now();
    if (s->column)
        s->column->run(s->state, mem, calls);
    else
        run_native(s->program, mem, calls);
    return (bench_now() - start) / (double)calls;
}

static void calibrate(struct subject *s, uint8_t *mem)
{
    double time;
    s->calls = 1;
    while ((time = measure(s, mem, s->calls) * (double)s->calls) < SAMPLE_NS / 4)
        s->calls *= 2;
    s->calls = (long)((double)s->calls * SAMPLE_NS / time) + 1;
}

/* Runs once from the same memory as native code, and compares. */
static void check(const struct subject *s, uint8_t *mem)
{
    static uint8_t expected[BENCH_MEM];
    bench_fill(expected);
    bench_fill(mem);
    uint64_t native = run_native(s->program, expected, 1), r0 = s->column->run(s->state, mem, 1);
    if (r0 == native && memcmp(mem, expected, BENCH_MEM) == 0)
        return;
    fprintf(stderr, "ebpfvm-bench: %s: %s returns %llx, native code %llx\n", s->program->name,
            s->column->name, (unsigned long long)r0, (unsigned long long)native);
    exit(EXIT_FAILURE);
}

static double compile_time(const struct subject *s)
{
    double times[31];
    if (!s->column->compile)
        return 0;
    for (int i = 0; i < 31; i++)
        times[i] = s->column->compile(s->column, s->program);
    return bench_median(times, 31, NULL, NULL);
}

/* Prepares a program in every column that can run it. */
static void open_row(const struct bench_result *r, struct bench_row *row, struct subject *subjects,
                     uint8_t *mem)
{
    for (int c = 0; c < r->column_count; c++) {
        struct subject *s = &subjects[c];
        struct bench_cell *cell = &row->cells[c];
        *s = (struct subject){row->program, &r->columns[c], NULL, 0};
        s->state = s->column->open(s->column, s->program);
        cell->ran = s->state;
        if (!cell->ran)
            continue;
        check(s, mem);
        calibrate(s, mem);
        if (s->column->executed)
            row->executed = s->column->executed(s->state);
        cell->code_size = s->column->code_size(s->state);
        cell->compile = compile_time(s);
    }
}

static void close_row(const struct bench_result *r, struct subject *subjects)
{
    for (int c = 0; c < r->column_count; c++)
        if (subjects[c].state)
            subjects[c].column->close(subjects[c].state);
}

static void bench_program(struct bench_result *r, struct bench_row *row)
{
    static _Alignas(64) uint8_t mem[BENCH_MEM];
    static double native[MAX_SAMPLES], times[BENCH_COLUMNS][MAX_SAMPLES];
    static double ratios[BENCH_COLUMNS][MAX_SAMPLES];
    struct subject subjects[BENCH_COLUMNS], host = {row->program, NULL, NULL, 0};
    bench_fill(mem);
    calibrate(&host, mem);
    open_row(r, row, subjects, mem);
    for (int s = 0; s < r->samples; s++) {
        native[s] = measure(&host, mem, host.calls);
        for (int c = 0; c < r->column_count; c++) {
            if (!row->cells[c].ran)
                continue;
            times[c][s] = measure(&subjects[c], mem, subjects[c].calls);
            ratios[c][s] = times[c][s] / native[s];
        }
    }
    close_row(r, subjects);
    row->native = bench_median(native, r->samples, NULL, NULL);
    row->tiny = row->program->native == native_empty;
    for (int c = 0; c < r->column_count; c++) {
        struct bench_cell *cell = &row->cells[c];
        if (!cell->ran)
            continue;
        cell->time = bench_median(times[c], r->samples, NULL, NULL);
        cell->ratio = bench_median(ratios[c], r->samples, &cell->ratio_low, &cell->ratio_high);
    }
}

static bool is_selected(const struct options *options, const char *name)
{
    for (int i = 0; i < options->name_count; i++)
        if (strcmp(options->names[i], name) == 0)
            return true;
    return options->name_count == 0;
}

static const char *value_of(const char *argument, const char *option)
{
    size_t length = strlen(option);
    return strncmp(argument, option, length) == 0 && argument[length] == '=' ? argument + length + 1
                                                                            : NULL;
}

static struct options parse(int argc, char **argv)
{
    struct options o = {.samples = 31};
    const char *value;
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if ((value = value_of(argv[i], "--samples"))) {
            o.samples = atoi(value);
        } else if ((value = value_of(argv[i], "--engine"))) {
            o.engine = value;
        } else if (strcmp(argv[i], "--hardening") == 0) {
            o.hardening = true;
        } else if ((value = value_of(argv[i], "--json"))) {
            o.json = value;
        } else if ((value = value_of(argv[i], "--chart"))) {
            o.chart = value;
        } else if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            exit(EXIT_SUCCESS);
        } else {
            bench_die(argv[i], "there is no such option; see --help");
        }
    }
    if (o.samples < 1 || o.samples > MAX_SAMPLES)
        bench_die("--samples", "a number from 1 to 1001 is needed");
    o.names = argv + i;
    o.name_count = argc - i;
    return o;
}

static void write_file(const char *name, const struct bench_result *result,
                       void (*print)(const struct bench_result *, FILE *))
{
    bool is_stdout = strcmp(name, "-") == 0;
    FILE *file = is_stdout ? stdout : fopen(name, "w");
    if (!file)
        bench_die(name, "cannot be written");
    print(result, file);
    if (is_stdout ? fflush(file) : fclose(file))
        bench_die(name, "cannot be written");
}

int main(int argc, char **argv)
{
    static struct bench_result r;
    struct options o = parse(argc, argv);
    bool prints = !o.json || strcmp(o.json, "-") != 0;
    r.compiler = BENCH_COMPILER;
    r.samples = o.samples;
    r.column_count = o.hardening ? bench_hardened_columns(r.columns, BENCH_COLUMNS)
                                 : bench_vm_columns(r.columns, BENCH_COLUMNS, o.engine);
    if (!o.engine && !o.hardening)
        r.column_count += bench_dpdk_columns(r.columns + r.column_count,
                                             BENCH_COLUMNS - r.column_count);
    if (r.column_count == 0)
        bench_die(o.engine ? o.engine : "engines", "there is none of that name");
    find_native_sizes();
    if (prints)
        bench_print_head(&r);
    for (int p = 0; p < PROGRAMS; p++) {
        if (!is_selected(&o, programs[p].name))
            continue;
        struct bench_row *row = &r.rows[r.row_count++];
        row->program = &programs[p];
        bench_program(&r, row);
        if (prints)
            bench_print_row(&r, row);
    }
    if (prints)
        bench_print_means(&r);
    if (o.json)
        write_file(o.json, &r, bench_print_json);
    if (o.chart)
        write_file(o.chart, &r, bench_print_chart);
    return EXIT_SUCCESS;
}
