/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Runs a fuzz target without libFuzzer, with any compiler: the seeds, then a bounded number of
 * mutations of them, always the same ones.
 *
 * usage: fuzz-NAME [-runs=N] [-seed=N] [-only=N] [FILE...]
 *   -runs=N  mutations to try (FUZZ_RUNS in the environment, or 10000)
 *   -seed=N  of the mutations (1)
 *   -only=N  writes input N to stdout, and runs no other
 * Without files: those in tests/fuzz/corpus/NAME below top_srcdir in the environment.
 */
#include <glob.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#define SIZE_MAX_INPUT 8192

/* Where a target has its own. */
#pragma weak LLVMFuzzerCustomMutator
#pragma weak LLVMFuzzerCustomCrossOver
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

/* Sanitizers end in a signal, so that on_signal() can tell the input. */
const char *__asan_default_options(void)
{
    return "abort_on_error=1:allocator_may_return_null=1";
}

const char *__ubsan_default_options(void)
{
    return "print_stacktrace=1:abort_on_error=1";
}

struct input {
    uint8_t data[SIZE_MAX_INPUT];
    size_t size;
};

struct fuzzer {
    struct input *seeds;
    size_t seed_count;
    uint64_t random;
    long only; /* -1 for all */
    struct input now;
};

/* The number of the input that is being run; only the handler needs it to be global. */
static volatile sig_atomic_t current;

static void on_signal(int number)
{
    char text[] = "\nfuzz-" FUZZ_NAME ": input 0000000000; -only=NUMBER writes it\n";
    char *digit = strchr(text, '0') + 9;
    for (unsigned n = (unsigned)current; n; n /= 10)
        *digit-- = (char)('0' + n % 10);
    if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
        _exit(99);
    signal(number, SIG_DFL);
    raise(number);
}

/* xorshift64 */
static uint64_t next_random(struct fuzzer *f)
{
    f->random ^= f->random << 13;
    f->random ^= f->random >> 7;
    f->random ^= f->random << 17;
    return f->random;
}

static size_t below(struct fuzzer *f, size_t limit)
{
    return limit ? (size_t)(next_random(f) % limit) : 0;
}

static void run(struct fuzzer *f, const struct input *input)
{
    long number = current;
    if (f->only >= 0 && number == f->only) {
        fwrite(input->data, 1, input->size, stdout);
        fflush(stdout); /* before it fails */
    }
    if (f->only < 0 || number == f->only) {
        /* Of the exact size, so that a sanitizer sees the end. */
        uint8_t *copy = malloc(input->size ? input->size : 1);
        if (!copy)
            exit(99);
        memcpy(copy, input->data, input->size);
        LLVMFuzzerTestOneInput(copy, input->size);
        free(copy);
    }
    current++;
}

/* Makes room for `count` bytes at `at`, or takes them away if `count` is negative. */
static void shift(struct input *input, size_t at, long count)
{
    size_t tail = input->size - at;
    if (count < 0) {
        size_t gone = (size_t)-count < tail ? (size_t)-count : tail;
        memmove(input->data + at, input->data + at + gone, tail - gone);
        input->size -= gone;
    } else if (input->size + (size_t)count <= SIZE_MAX_INPUT) {
        memmove(input->data + at + count, input->data + at, tail);
        memset(input->data + at, 0, (size_t)count);
        input->size += (size_t)count;
    }
}

/* Overwrites a piece with a piece of another seed. */
static void splice(struct fuzzer *f, struct input *input)
{
    const struct input *other = &f->seeds[below(f, f->seed_count)];
    size_t from = below(f, other->size), to = below(f, input->size);
    size_t count = 1 + below(f, 64);
    if (count > other->size - from)
        count = other->size - from;
    if (count > input->size - to)
        count = input->size - to;
    memcpy(input->data + to, other->data + from, count);
}

/* As libFuzzer does it: what the target makes of the input, and sometimes of two. */
static void mutate_by_target(struct fuzzer *f, struct input *input)
{
    const struct input *other = &f->seeds[below(f, f->seed_count)];
    static struct input both;
    if (LLVMFuzzerCustomCrossOver && below(f, 4) == 0) {
        size_t size = LLVMFuzzerCustomCrossOver(input->data, input->size, other->data, other->size,
                                                both.data, SIZE_MAX_INPUT,
                                                (unsigned)next_random(f));
        if (size)
            memcpy(input->data, both.data, input->size = size);
    }
    input->size = LLVMFuzzerCustomMutator(input->data, input->size, SIZE_MAX_INPUT,
                                          (unsigned)next_random(f));
}

static void mutate_once(struct fuzzer *f, struct input *input)
{
    static const uint8_t interesting[] = {0, 1, 7, 0x18, 0x7f, 0x80, 0x85, 0x95, 0xc3, 0xdb, 0xff,
                                          '\n', ' ', '0', '9', '[', '-', ',', ';', ':', 'r', 'x'};
    size_t at = below(f, input->size);
    switch (below(f, 7)) {
    case 0:
        if (input->size)
            input->data[at] ^= (uint8_t)(1u << below(f, 8));
        break;
    case 1:
        if (input->size)
            input->data[at] = interesting[below(f, sizeof(interesting))];
        break;
    case 2:
        if (input->size)
            input->data[at] = (uint8_t)next_random(f);
        break;
    case 3: shift(input, at, (long)(1 + below(f, 16))); break;
    case 4: shift(input, at, -(long)(1 + below(f, 16))); break;
    case 5: input->size = at; break;
    default:
        if (input->size)
            splice(f, input);
        break;
    }
}

static void fuzz(struct fuzzer *f, long runs)
{
    struct input *now = &f->now;
    now->size = 0;
    run(f, now);
    for (size_t i = 0; i < f->seed_count; i++)
        run(f, &f->seeds[i]);
    for (long i = 0; i < runs; i++) {
        *now = f->seeds[below(f, f->seed_count)];
        if (LLVMFuzzerCustomMutator && below(f, 8))
            mutate_by_target(f, now);
        else
            for (size_t n = 1 + below(f, 6); n > 0; n--)
                mutate_once(f, now);
        run(f, now);
    }
}

static int add_seed(struct fuzzer *f, const char *file)
{
    FILE *stream = fopen(file, "rb");
    struct input *seeds = realloc(f->seeds, (f->seed_count + 1) * sizeof(*seeds));
    if (!stream || !seeds) {
        perror(file);
        exit(99);
    }
    f->seeds = seeds;
    seeds[f->seed_count].size = fread(seeds[f->seed_count].data, 1, SIZE_MAX_INPUT, stream);
    f->seed_count++;
    return fclose(stream);
}

static void add_corpus(struct fuzzer *f)
{
    const char *root = getenv("top_srcdir");
    char pattern[4096];
    glob_t found;
    snprintf(pattern, sizeof(pattern), "%s/tests/fuzz/corpus/" FUZZ_NAME "/*", root ? root : ".");
    if (glob(pattern, 0, NULL, &found) != 0) {
        fprintf(stderr, "no seeds match %s\n", pattern);
        exit(99);
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        add_seed(f, found.gl_pathv[i]);
    globfree(&found);
}

int main(int argc, char **argv)
{
    static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    struct fuzzer *f = calloc(1, sizeof(*f));
    const char *runs_wanted = getenv("FUZZ_RUNS");
    long runs = runs_wanted ? atol(runs_wanted) : 10000;
    if (!f)
        return 99;
    f->random = 1;
    f->only = -1;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "-runs=", 6) == 0)
            runs = atol(argv[i] + 6);
        else if (strncmp(argv[i], "-seed=", 6) == 0)
            f->random = strtoull(argv[i] + 6, NULL, 10) | 1;
        else if (strncmp(argv[i], "-only=", 6) == 0)
            f->only = atol(argv[i] + 6);
        else
            add_seed(f, argv[i]);
    }
    if (f->seed_count == 0)
        add_corpus(f);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        signal(signals[i], on_signal);
    fuzz(f, runs);
    fprintf(stderr, "fuzz-" FUZZ_NAME ": %zu seeds, %ld inputs\n", f->seed_count, (long)current);
    free(f->seeds);
    free(f);
    return 0;
}
