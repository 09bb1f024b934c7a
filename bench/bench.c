/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Measures the engines against native code: the same C source, compiled for BPF and for the host,
 * in one process, all columns interleaved sample by sample.  Times are medians; ratios are medians
 * of the ratios within each sample, which noise of the machine touches least.
 *
 * usage: ebpfvm-bench [--samples=N] [--engine=NAME] [--trusted] [PROGRAM...]
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ebpfvm/ebpfvm.h>

#include "bench/bench.h"
#include "bench/bytecode.h"

enum { MAX_ENGINES = 8, MAX_SAMPLES = 1001, SAMPLE_NS = 100000 };

typedef uint64_t native_fn(uint8_t *mem, uint64_t size);
#define BENCH(name) native_fn native_##name;
#include "bench/programs.def"
#undef BENCH

struct program {
    const char *name;
    native_fn *native;
    const uint8_t *code;
    size_t size;
};

static const struct program programs[] = {
#define BENCH(name) {#name, native_##name, code_##name, sizeof(code_##name)},
#include "bench/programs.def"
#undef BENCH
};
enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

/* A column: an engine and a policy. */
struct engine {
    char name[32];
    const struct ebpf_backend *backend;
    enum ebpf_policy policy;
    double log_ratio, log_insn; /* sums, for the means */
};

struct options {
    int samples;
    const char *engine;
    int trusted;
    char **names;
    int name_count;
};

struct bench {
    struct options options;
    struct engine engines[MAX_ENGINES];
    int engine_count, program_count;
    _Alignas(64) uint8_t mem[BENCH_MEM];
};

static void die(const char *what, ebpf_status status)
{
    fprintf(stderr, "ebpfvm-bench: %s: %s\n", what, ebpf_status_text(status));
    exit(EXIT_FAILURE);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static struct ebpf_vm *make_vm(const struct engine *engine, const struct program *program)
{
    struct ebpf_vm_options options = {.size = sizeof(options),
                                      .kind = EBPF_VM_RAW,
                                      .backend = engine->backend->name,
                                      .policy = engine->policy};
    struct ebpf_program *code;
    struct ebpf_vm *vm = NULL;
    ebpf_status status =
        ebpf_program_decode(program->code, program->size, program->name, NULL, NULL, &code);
    if (!status)
        status = ebpf_vm_new(&options, NULL, &vm);
    if (!status)
        status = ebpf_vm_set_program(vm, code, NULL);
    if (!status)
        status = ebpf_vm_compile(vm, NULL);
    if (status)
        die(program->name, status);
    ebpf_program_unref(code);
    return vm;
}

/* The time of one call, in ns: of native code if `vm` is NULL. */
static double measure(struct bench *b, const struct program *program, const struct ebpf_vm *vm,
                      long calls)
{
    native_fn *volatile native = program->native;
    struct ebpf_input in = {.size = sizeof(in), .mem = b->mem, .mem_size = BENCH_MEM};
    struct ebpf_result out;
    double start = now();
    if (vm)
        for (long i = 0; i < calls; i++)
            ebpf_vm_run(vm, &in, &out);
    else
        for (long i = 0; i < calls; i++)
            native(b->mem, BENCH_MEM);
    return (now() - start) / (double)calls;
}

static long calibrate(struct bench *b, const struct program *program, const struct ebpf_vm *vm)
{
    long calls = 1;
    double time;
    while ((time = measure(b, program, vm, calls) * (double)calls) < SAMPLE_NS / 4)
        calls *= 2;
    return (long)((double)calls * SAMPLE_NS / time) + 1;
}

/* Runs once from the same memory as native code, and compares. */
static uint64_t check(struct bench *b, const struct program *program, const struct ebpf_vm *vm)
{
    static uint8_t expected[BENCH_MEM];
    struct ebpf_input in = {.size = sizeof(in), .mem = b->mem, .mem_size = BENCH_MEM};
    struct ebpf_result out;
    bench_fill(expected);
    uint64_t r0 = program->native(expected, BENCH_MEM);
    bench_fill(b->mem);
    ebpf_status status = ebpf_vm_run(vm, &in, &out);
    if (status)
        die(program->name, status);
    if (out.r0 != r0 || memcmp(b->mem, expected, BENCH_MEM) != 0) {
        fprintf(stderr, "ebpfvm-bench: %s: got %llx, native code returns %llx\n", program->name,
                (unsigned long long)out.r0, (unsigned long long)r0);
        exit(EXIT_FAILURE);
    }
    return out.executed;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof(*values), by_value);
    return values[count / 2];
}

static void bench_program(struct bench *b, const struct program *program)
{
    static double native[MAX_SAMPLES], times[MAX_ENGINES][MAX_SAMPLES], ratios[MAX_SAMPLES];
    struct ebpf_vm *vms[MAX_ENGINES];
    long calls[MAX_ENGINES], native_calls = calibrate(b, program, NULL);
    uint64_t executed = 0;
    int samples = b->options.samples;
    for (int e = 0; e < b->engine_count; e++) {
        vms[e] = make_vm(&b->engines[e], program);
        executed = check(b, program, vms[e]);
        calls[e] = calibrate(b, program, vms[e]);
    }
    for (int s = 0; s < samples; s++) {
        native[s] = measure(b, program, NULL, native_calls);
        for (int e = 0; e < b->engine_count; e++)
            times[e][s] = measure(b, program, vms[e], calls[e]);
    }
    printf("%-17s %6llu", program->name, (unsigned long long)executed);
    for (int e = 0; e < b->engine_count; e++) {
        for (int s = 0; s < samples; s++)
            ratios[s] = times[e][s] / native[s];
        double ratio = median(ratios, samples), time = median(times[e], samples);
        if (e == 0)
            printf(" %9.1f", time / ratio);
        printf("  %9.1f %6.2f %6.2f", time, ratio, time / (double)executed);
        if (program->native != native_empty) {
            b->engines[e].log_ratio += log(ratio);
            b->engines[e].log_insn += log(time / (double)executed);
        }
        ebpf_vm_free(vms[e]);
    }
    b->program_count += program->native != native_empty;
    printf("\n");
    fflush(stdout);
}

static int selected(const struct options *options, const char *name)
{
    for (int i = 0; i < options->name_count; i++)
        if (strcmp(options->names[i], name) == 0)
            return 1;
    return options->name_count == 0;
}

static void add_engines(struct bench *b)
{
    const struct ebpf_backend *backend;
    for (size_t i = 0; (backend = ebpf_backend_at(i)); i++) {
        if (backend->probe() || (b->options.engine && strcmp(b->options.engine, backend->name)))
            continue;
        for (int trusted = 0; trusted <= b->options.trusted; trusted++) {
            if (b->engine_count == MAX_ENGINES)
                return;
            struct engine *e = &b->engines[b->engine_count++];
            e->backend = backend;
            e->policy = trusted ? EBPF_POLICY_TRUSTED : EBPF_POLICY_CHECKED;
            snprintf(e->name, sizeof(e->name), "%s%s", backend->name, trusted ? ", trusted" : "");
        }
    }
}

static struct options parse(int argc, char **argv)
{
    struct options o = {.samples = 31};
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strncmp(argv[i], "--samples=", 10) == 0)
            o.samples = atoi(argv[i] + 10);
        else if (strncmp(argv[i], "--engine=", 9) == 0)
            o.engine = argv[i] + 9;
        else if (strcmp(argv[i], "--trusted") == 0)
            o.trusted = 1;
        else
            die(argv[i], EBPF_ERR_INVALID);
    }
    if (o.samples < 1 || o.samples > MAX_SAMPLES)
        die("--samples", EBPF_ERR_INVALID);
    o.names = argv + i;
    o.name_count = argc - i;
    return o;
}

int main(int argc, char **argv)
{
    static struct bench b;
    b.options = parse(argc, argv);
    add_engines(&b);
    bench_fill(b.mem);
    printf("native code by %s; times in ns per call\n%-17s %6s %9s", BENCH_COMPILER, "program",
           "insns", "native");
    for (int e = 0; e < b.engine_count; e++)
        printf("  %9.20s x nat. ns/ins", b.engines[e].name);
    printf("\n");
    for (int p = 0; p < PROGRAMS; p++)
        if (selected(&b.options, programs[p].name))
            bench_program(&b, &programs[p]);
    printf("%-34s", "geometric mean without `empty'");
    for (int e = 0; e < b.engine_count && b.program_count; e++)
        printf("  %9s %6.2f %6.2f", "", exp(b.engines[e].log_ratio / b.program_count),
               exp(b.engines[e].log_insn / b.program_count));
    printf("\n");
    return EXIT_SUCCESS;
}
