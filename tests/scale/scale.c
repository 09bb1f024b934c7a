/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Measures what programs of the largest size cost: a table of seconds per step and shape of
 * program, for the full size and a tenth of it, and the memory in use.  Fails beyond the limits.
 *
 * usage: scale [SLOTS [SECONDS [MEGABYTES]]]
 *   SLOTS      of the largest programs (EBPF_PROGRAM_MAX_SLOTS)
 *   SECONDS    that a step may take (2)
 *   MEGABYTES  that may be in use before compiling, the text of the program included (300)
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include <ebpfvm/ebpfvm.h>

#include <stdbool.h>

#include "tests/scale/scale.h"

/* --- programs ------------------------------------------------------------------------------- */

static void straight(struct source *source, unsigned slots)
{
    for (unsigned i = 0; i + 1 < slots; i++)
        add(source, "add64 r%u, %u\n", i % 10, i);
    add(source, "exit\n");
}

/* A branch on every other instruction, each to a label of its own. */
static void branches(struct source *source, unsigned slots)
{
    unsigned pairs = (slots - 1) / 2;
    for (unsigned i = 0; i < pairs; i++)
        add(source, "jne r1, %u, L%u\nxor64 r2, r3\nL%u:\n", i, i, i);
    add(source, "exit\n");
}

/* Loops within loops, eight deep, one nest after the other. */
static void loops(struct source *source, unsigned slots)
{
    enum { DEPTH = 8 };
    unsigned nests = (slots - 1) / (2 * DEPTH);
    for (unsigned i = 0; i < nests; i++) {
        for (unsigned d = 0; d < DEPTH; d++)
            add(source, "A%u_%u: add64 r%u, 1\n", i, d, d);
        for (unsigned d = DEPTH; d-- > 0;)
            add(source, "jlt r%u, 10, A%u_%u\n", d, i, d);
    }
    add(source, "exit\n");
}

/* A chain of functions, each calling the next. */
static void functions(struct source *source, unsigned slots)
{
    unsigned count = (slots - 2) / 4;
    add(source, "call local f0\nexit\n");
    for (unsigned i = 0; i < count; i++) {
        add(source, ".func f%u\nstxdw [r10-8], r1\n", i);
        if (i + 1 < count)
            add(source, "call local f%u\n", i + 1);
        else
            add(source, "mov64 r0, 0\n");
        add(source, "ldxdw r1, [r10-8]\nexit\n");
    }
}

/* Functions that access memory and call nothing, called one after the other. */
static void leaves(struct source *source, unsigned slots)
{
    unsigned count = (slots - 2) / 4;
    add(source, "mov64 r6, r1\n");
    for (unsigned i = 0; i < count; i++)
        add(source, "mov64 r1, r6\ncall local f%u\n", i);
    add(source, "exit\n");
    for (unsigned i = 0; i < count; i++)
        add(source, ".func f%u\nldxb r0, [r1+0]\nexit\n", i);
}

static void wide(struct source *source, unsigned slots)
{
    for (unsigned i = 0; i < (slots - 1) / 2; i++)
        add(source, "lddw r%u, 0x%x%08x\n", i % 10, i, ~i);
    add(source, "exit\n");
}

static void pseudoc(struct source *source, unsigned slots)
{
    for (unsigned i = 0; i < (slots - 1) / 4; i++)
        add(source, "r2 = *(u32 *)(r1 + %u)\nif r2 s> %u goto +1\nr0 += r2\nw3 <<= 7\n", i % 4096,
            i);
    add(source, "exit\n");
}

static const struct shape {
    const char *name;
    void (*write)(struct source *source, unsigned slots);
} shapes[] = {{"straight", straight}, {"branches", branches}, {"loops", loops},
              {"functions", functions}, {"leaves", leaves}, {"lddw", wide},
              {"pseudo-C", pseudoc}};

/* --- measuring ------------------------------------------------------------------------------ */

enum step { ASSEMBLE, ENCODE, DECODE, VERIFY, PRINT, PRINT_C, COMPILE, STEPS };

static const char *const step_names[] = {"assemble", "encode", "decode", "verify",
                                         "print",    "pseudo-C", "compile"};

/* Measuring one program. */
struct run {
    struct memory_use use; /* the text of the program included */
    struct ebpf_mem mem;   /* counts what the library allocates into that */
    struct ebpf_diag *diag;
    double start; /* of the step that goes on */
    double seconds[STEPS];
    bool good;
};

/* Ends a step, and begins the next one. */
static void lap(struct run *run, enum step step, ebpf_status status)
{
    double end = now();
    run->seconds[step] = end - run->start;
    if (status != EBPF_OK) {
        struct ebpf_stream out = ebpf_stream_file(stdout);
        printf("%s: %s\n", step_names[step], ebpf_status_name(status));
        ebpf_diag_print(run->diag, EBPF_DIAG_PLAIN, &out);
        run->good = false;
    }
    run->start = now();
}

static int count_bytes(void *ctx, const char *data, size_t length)
{
    (void)data;
    *(size_t *)ctx += length;
    return 0;
}

static ebpf_status print(const struct ebpf_program *program, enum ebpf_dialect dialect)
{
    size_t length = 0;
    const struct ebpf_print_options options = {
        .size = sizeof(options), .dialect = dialect, .labels = 1};
    const struct ebpf_stream out = {.write = count_bytes, .ctx = &length};
    return ebpf_program_print(program, &options, &out);
}

static ebpf_status compile(struct run *run, struct ebpf_program *program)
{
    static const struct ebpf_pass *const none[] = {NULL};
    const struct ebpf_vm_options options = {
        .size = sizeof(options), .passes = none, .mem = &run->mem};
    struct ebpf_vm *vm;
    ebpf_status status = ebpf_vm_new(&options, run->diag, &vm);
    if (status == EBPF_OK)
        status = ebpf_vm_set_program(vm, program, run->diag);
    run->start = now(); /* it was verified once more */
    if (status == EBPF_OK)
        status = ebpf_vm_compile(vm, run->diag);
    ebpf_vm_free(vm);
    return status;
}

static void measure_bytes(struct run *run, const struct ebpf_program *program)
{
    size_t size = ebpf_program_size(program);
    struct ebpf_program *decoded;
    uint8_t *bytes = count_memory(&run->use, NULL, 0, size);
    if (!bytes)
        exit(99);
    run->start = now();
    lap(run, ENCODE, ebpf_program_encode(program, bytes, size));
    lap(run, DECODE,
        ebpf_program_decode(bytes, size, NULL, &run->mem, run->diag, &decoded));
    ebpf_program_unref(decoded);
    count_memory(&run->use, bytes, size, 0);
}

/* All steps but compiling, whose memory depends on the engine. */
static struct ebpf_program *measure(struct run *run, const struct source *source)
{
    const struct ebpf_asm_options options = {.size = sizeof(options), .mem = &run->mem};
    struct ebpf_program *program;
    run->start = now();
    lap(run, ASSEMBLE,
        ebpf_assemble(source->text, source->length, &options, run->diag, &program));
    if (!program)
        return NULL;
    measure_bytes(run, program);
    lap(run, VERIFY, ebpf_verify(program, NULL, &run->mem, run->diag));
    lap(run, PRINT, print(program, EBPF_DIALECT_MNEMONIC));
    lap(run, PRINT_C, print(program, EBPF_DIALECT_PSEUDOC));
    return program;
}

struct limits {
    double seconds, megabytes;
};

static bool show(const struct run *run, size_t front_peak, const struct limits *limits)
{
    double megabytes = (double)front_peak / 1e6;
    bool good = run->good;
    for (int step = 0; step < STEPS; step++) {
        bool slow = run->seconds[step] > limits->seconds;
        printf(" %8.3f%s", run->seconds[step], slow ? "!" : " ");
        good = good && !slow;
    }
    printf(" %5.0f%s %5.0f\n", megabytes, megabytes > limits->megabytes ? "!" : " ",
           (double)run->use.peak / 1e6);
    return good && megabytes <= limits->megabytes;
}

static bool run_shape(const struct shape *shape, unsigned slots, const struct limits *limits)
{
    /* No line above is longer than this per slot. */
    struct source source = {.room = (size_t)slots * 40 + 100};
    struct run run = {.good = true};
    run.mem = (struct ebpf_mem){count_memory, &run.use};
    run.diag = ebpf_diag_new(&run.mem);
    source.text = malloc(source.room);
    if (!source.text || !run.diag)
        exit(99);
    shape->write(&source, slots);
    run.use.now += source.length;
    struct ebpf_program *program = measure(&run, &source);
    free(source.text);
    run.use.now -= source.length;
    size_t front_peak = run.use.peak;
    run.use.peak = 0;
    if (program)
        lap(&run, COMPILE, compile(&run, program));
    ebpf_program_unref(program);
    ebpf_diag_free(run.diag);
    printf("%-10s %8u", shape->name, slots);
    return show(&run, front_peak, limits);
}

int main(int argc, char **argv)
{
    unsigned slots = argc > 1 ? (unsigned)atoi(argv[1]) : EBPF_PROGRAM_MAX_SLOTS;
    const struct limits limits = {argc > 2 ? atof(argv[2]) : 2, argc > 3 ? atof(argv[3]) : 300};
    bool good = true;
    printf("Seconds of processor time, megabytes at most before compiling and while compiling for "
           "%s:\n\n%-10s %8s", ebpf_backend_find(NULL)->name, "program", "slots");
    for (int step = 0; step < STEPS; step++)
        printf(" %8s ", step_names[step]);
    puts("    MB    MB");
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        good = run_shape(&shapes[i], slots / 10, &limits) && good;
        good = run_shape(&shapes[i], slots, &limits) && good;
    }
    if (!good)
        puts("\nWhat is marked with ! is more than allowed.");
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
