/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What a lookup in a map costs a program, beside the same program with the call of a helper that
 * does nothing, and with none.  `make bench-maps`; arguments are names of engines.  Samples of all
 * programs are taken in turn; of each the median counts.
 */
#include "config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ebpfvm/ebpfvm.h>

enum { MANY = 100000, FEW = 1000, LOOKUPS = 20000, SAMPLES = 25, EMPTY = 1000, TEXT = 1000 };

/* Random keys below a number in [r10-16]; CALL is what is measured. */
#define LOOP(call)                                                                                 \
    "mov r6, 1\n"                                                                                  \
    "mov r7, 20000\n"                                                                              \
    "mov r9, 0\n"                                                                                  \
    "stdw [r10-8], 0\n"                                                                            \
    "again:\n"                                                                                     \
    "lddw r1, 6364136223846793005\n"                                                               \
    "mul r6, r1\n"                                                                                 \
    "add r6, 12345\n"                                                                              \
    "mov r1, r6\n"                                                                                 \
    "rsh r1, 32\n"                                                                                 \
    "mul r1, %u\n"                                                                                 \
    "rsh r1, 32\n"                                                                                 \
    "stxdw [r10-16], r1\n"                                                                         \
    "mov r0, 0\n" call "jeq r0, 0, none\n"                                                         \
    "ldxdw r1, [r0+0]\n"                                                                           \
    "add r9, r1\n"                                                                                 \
    "none:\n"                                                                                      \
    "sub r7, 1\n"                                                                                  \
    "jne r7, 0, again\n"                                                                           \
    "mov r0, r9\n"                                                                                 \
    "exit\n"
#define LOOKUP "lddw r1, map_by_fd(1)\nmov r2, r10\nadd r2, -16\ncall 1\n"

/* Maps with few elements stay in the first caches: what is left is the cost of code. */
static const struct {
    const char *name;
    enum ebpf_map_kind kind; /* EBPF_MAP_UNSPEC for none */
    unsigned entries;
    unsigned key_size;
    const char *text;
} rows[] = {
    {"nothing", EBPF_MAP_UNSPEC, MANY, 0, LOOP("")},
    {"empty helper", EBPF_MAP_UNSPEC, MANY, 0, LOOP("mov r2, r10\nadd r2, -16\ncall 1000\n")},
    {"array", EBPF_MAP_ARRAY, MANY, 4, LOOP(LOOKUP)},
    {"percpu_array", EBPF_MAP_PERCPU_ARRAY, MANY, 4, LOOP(LOOKUP)},
    {"hash", EBPF_MAP_HASH, MANY, 8, LOOP(LOOKUP)},
    {"hash, 4-byte keys", EBPF_MAP_HASH, MANY, 4, LOOP(LOOKUP)},
    {"hash, 16-byte keys", EBPF_MAP_HASH, MANY, 16, LOOP(LOOKUP)},
    {"percpu_hash", EBPF_MAP_PERCPU_HASH, MANY, 8, LOOP(LOOKUP)},
    {"lru_hash", EBPF_MAP_LRU_HASH, MANY, 8, LOOP(LOOKUP)},
    {"few: array", EBPF_MAP_ARRAY, FEW, 4, LOOP(LOOKUP)},
    {"few: percpu_array", EBPF_MAP_PERCPU_ARRAY, FEW, 4, LOOP(LOOKUP)},
    {"few: hash", EBPF_MAP_HASH, FEW, 8, LOOP(LOOKUP)},
    {"few: 16-byte keys", EBPF_MAP_HASH, FEW, 16, LOOP(LOOKUP)},
    {"few: lru_hash", EBPF_MAP_LRU_HASH, FEW, 8, LOOP(LOOKUP)},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static uint64_t empty(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run, (void)ctx, (void)args;
    return 0;
}

static void check(ebpf_status status, const char *what)
{
    if (!status)
        return;
    fprintf(stderr, "bench-maps: %s: %s\n", what, ebpf_status_text(status));
    exit(EXIT_FAILURE);
}

/* A map with all its elements, 1 each. */
static struct ebpf_map *full_map(int row)
{
    const struct ebpf_map_def def = {.kind = rows[row].kind, .key_size = rows[row].key_size,
                                     .value_size = 8, .max_entries = rows[row].entries};
    struct ebpf_map *map;
    check(ebpf_map_new(&def, NULL, NULL, &map), "map");
    uint64_t *value = calloc(1, ebpf_map_host_size(map));
    for (size_t i = 0; value && i < ebpf_map_host_size(map) / sizeof(*value); i++)
        value[i] = 1;
    for (uint64_t key[2] = {0}; value && key[0] < rows[row].entries; key[0]++)
        ebpf_map_update(map, key, value, EBPF_UPDATE_ANY);
    free(value);
    return map;
}

static struct ebpf_program *make_program(int row)
{
    char text[TEXT];
    struct ebpf_program *program;
    snprintf(text, sizeof(text), rows[row].text, rows[row].entries);
    check(ebpf_assemble(text, strlen(text), NULL, NULL, &program), rows[row].name);
    return program;
}

static struct ebpf_vm *make_vm(const char *engine, int row)
{
    const struct ebpf_vm_options options = {.size = sizeof(options), .backend = engine,
                                            .budget = EBPF_BUDGET_UNLIMITED};
    const struct ebpf_helper helper = {.id = EMPTY, .name = "empty", .run_fn = empty};
    struct ebpf_program *program = make_program(row);
    struct ebpf_vm *vm;
    check(ebpf_vm_new(&options, NULL, &vm), engine);
    check(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), "helpers");
    check(ebpf_vm_register_helper(vm, &helper), "helper");
    if (rows[row].kind != EBPF_MAP_UNSPEC) {
        struct ebpf_map *map = full_map(row);
        check(ebpf_vm_add_map(vm, 1, map), "map");
        ebpf_map_unref(map);
    }
    check(ebpf_vm_set_program(vm, program, NULL), "program");
    check(ebpf_vm_compile(vm, NULL), "compile");
    ebpf_program_unref(program);
    return vm;
}

/* Nanoseconds of one iteration. */
static double sample(const struct ebpf_vm *vm)
{
    struct timespec start, end;
    struct ebpf_result result;
    clock_gettime(CLOCK_MONOTONIC, &start);
    check(ebpf_vm_run(vm, NULL, &result), "run");
    clock_gettime(CLOCK_MONOTONIC, &end);
    return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
           LOOKUPS;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *engine)
{
    static double samples[ROWS][SAMPLES];
    struct ebpf_vm *vms[ROWS];
    for (int row = 0; row < ROWS; row++)
        vms[row] = make_vm(engine, row);
    for (int i = 0; i < SAMPLES; i++)
        for (int row = 0; row < ROWS; row++)
            samples[row][i] = sample(vms[row]);
    printf("%-20s %10s %12s %12s\n", engine, "ns", "- nothing", "/ empty");
    double base = 0, call = 0;
    for (int row = 0; row < ROWS; row++) {
        qsort(samples[row], SAMPLES, sizeof(double), compare);
        double median = samples[row][SAMPLES / 2];
        base = row == 0 ? median : base;
        call = row == 1 ? median - base : call;
        printf("%-20s %10.2f %12.2f %12.2f\n", rows[row].name, median, median - base,
               row > 0 && call > 0 ? (median - base) / call : 0);
        ebpf_vm_free(vms[row]);
    }
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc < 2 && ebpf_backend_at(i); i++)
        if (ebpf_backend_at(i)->probe() == EBPF_OK)
            measure(ebpf_backend_at(i)->name);
    for (int i = 1; i < argc; i++)
        measure(argv[i]);
    return EXIT_SUCCESS;
}
