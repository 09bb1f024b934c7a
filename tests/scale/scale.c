/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Measures what programs of the largest size cost: a table of seconds per step and shape of
 * program, for the full size and a tenth of it, and the most memory that was in use.  Fails beyond
 * the limits.
 *
 * usage: scale [SLOTS [SECONDS [MEGABYTES]]]
 *   SLOTS      of the largest programs (EBPF_PROGRAM_MAX_SLOTS)
 *   SECONDS    that a step may take (2)
 *   MEGABYTES  of memory that may be in use, the text of the program included (300)
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include <ebpfvm/ebpfvm.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* --- programs ------------------------------------------------------------------------------- */

/* A program's text, in one allocation. */
struct source {
    char *text;
    size_t length, room;
};

static void add(struct source *source, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct source *source, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    source->length += (size_t)vsnprintf(source->text + source->length,
                                        source->room - source->length, format, args);
    va_end(args);
}

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
              {"functions", functions}, {"lddw", wide}, {"pseudo-C", pseudoc}};

/* --- measuring ------------------------------------------------------------------------------ */

enum step { ASSEMBLE, ENCODE, DECODE, VERIFY, PRINT, PRINT_C, COMPILE, STEPS };

static const char *const step_names[] = {"assemble", "encode", "decode", "verify",
                                         "print",    "pseudo-C", "compile"};

struct times {
    double seconds[STEPS];
};

/* Of this process: a busy machine changes nothing. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Ends a step that began at *start, and begins the next one. */
static void lap(struct times *times, enum step step, double *start)
{
    double end = now();
    times->seconds[step] = end - *start;
    *start = end;
}

static bool check(ebpf_status status, const char *what, struct ebpf_diag *diag)
{
    if (status == EBPF_OK)
        return true;
    struct ebpf_stream out = ebpf_stream_file(stdout);
    printf("%s: %s\n", what, ebpf_status_name(status));
    ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out);
    return false;
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

static bool compile(struct ebpf_program *program, struct ebpf_diag *diag)
{
    static const struct ebpf_pass *const none[] = {NULL};
    const struct ebpf_vm_options options = {.size = sizeof(options), .passes = none};
    struct ebpf_vm *vm;
    bool good = check(ebpf_vm_new(&options, diag, &vm), "ebpf_vm_new", diag) &&
                check(ebpf_vm_set_program(vm, program, diag), "ebpf_vm_set_program", diag) &&
                check(ebpf_vm_compile(vm, diag), "ebpf_vm_compile", diag);
    ebpf_vm_free(vm);
    return good;
}

static bool measure_bytes(const struct ebpf_program *program, struct times *times, double *start,
                          struct ebpf_diag *diag)
{
    size_t size = ebpf_program_size(program);
    uint8_t *bytes = malloc(size);
    struct ebpf_program *decoded = NULL;
    bool good = bytes && check(ebpf_program_encode(program, bytes, size), "encode", diag);
    lap(times, ENCODE, start);
    good = good &&
           check(ebpf_program_decode(bytes, size, NULL, NULL, diag, &decoded), "decode", diag);
    lap(times, DECODE, start);
    ebpf_program_unref(decoded);
    free(bytes);
    return good;
}

static bool measure(const struct source *source, struct times *times)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    double start = now();
    bool good = check(ebpf_assemble(source->text, source->length, NULL, diag, &program),
                      "assemble", diag);
    lap(times, ASSEMBLE, &start);
    if (good) {
        good = measure_bytes(program, times, &start, diag);
        start = now();
        good = check(ebpf_verify(program, NULL, NULL, diag), "verify", diag) && good;
        lap(times, VERIFY, &start);
        good = check(print(program, EBPF_DIALECT_MNEMONIC), "print", diag) && good;
        lap(times, PRINT, &start);
        good = check(print(program, EBPF_DIALECT_PSEUDOC), "print", diag) && good;
        lap(times, PRINT_C, &start);
        good = compile(program, diag) && good;
        lap(times, COMPILE, &start);
    }
    ebpf_program_unref(program);
    ebpf_diag_free(diag);
    return good;
}

static bool run_shape(const struct shape *shape, unsigned slots, double limit)
{
    /* No line above is longer than this per slot. */
    struct source source = {.room = (size_t)slots * 40 + 100};
    struct times times = {{0}};
    source.text = malloc(source.room);
    if (!source.text)
        return false;
    shape->write(&source, slots);
    bool good = measure(&source, &times);
    free(source.text);
    printf("%-10s %8u", shape->name, slots);
    for (int step = 0; step < STEPS; step++) {
        bool slow = times.seconds[step] > limit;
        printf(" %8.3f%s", times.seconds[step], slow ? "!" : " ");
        good = good && !slow;
    }
    putchar('\n');
    return good;
}

int main(int argc, char **argv)
{
    unsigned slots = argc > 1 ? (unsigned)atoi(argv[1]) : EBPF_PROGRAM_MAX_SLOTS;
    double limit = argc > 2 ? atof(argv[2]) : 2;
    double megabytes = argc > 3 ? atof(argv[3]) : 300;
    bool good = true;
    printf("%-10s %8s", "seconds", "slots");
    for (int step = 0; step < STEPS; step++)
        printf(" %8s ", step_names[step]);
    putchar('\n');
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        good = run_shape(&shapes[i], slots / 10, limit) && good;
        good = run_shape(&shapes[i], slots, limit) && good;
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double used = (double)usage.ru_maxrss / 1024;
    printf("at most %.0f MB of memory, with the default engine, %s\n", used,
           ebpf_backend_find(NULL)->name);
    if (used > megabytes)
        printf("that is more than %.0f MB\n", megabytes);
    return good && used <= megabytes ? EXIT_SUCCESS : EXIT_FAILURE;
}
