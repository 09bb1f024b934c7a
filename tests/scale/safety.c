/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Measures what the pass "safety" takes for programs of the largest size: those that it has to
 * prove, in linear time, and those whose paths are too many to be followed, for which it has to
 * give up within its limits, and say which one was reached.  A table of seconds and megabytes, for
 * the full size and a tenth of it.  Fails beyond the limits.
 *
 * usage: safety [SLOTS [SECONDS [MEGABYTES]]]
 *   SLOTS      of the largest programs (EBPF_PROGRAM_MAX_SLOTS)
 *   SECONDS    that the proof of a program may take (5)
 *   MEGABYTES  that may be in use, the program included (1000)
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include <ebpfvm/ebpfvm.h>

#include <stdbool.h>
#include <string.h>

#include "tests/scale/scale.h"

/* --- programs that are proven ----------------------------------------------------------------- */

/* Numbers, in registers and on the stack. */
static void straight(struct source *source, unsigned slots)
{
    for (unsigned r = 0; r < 10; r++)
        add(source, "mov64 r%u, %u\n", r, r);
    add(source, "stxdw [r10-8], r2\n");
    for (unsigned i = 0; i + 17 < slots; i += 4)
        add(source, "add64 r%u, %u\nxor32 r%u, r%u\nldxdw r5, [r10-8]\nstxdw [r10-8], r%u\n", i % 4,
            i, i % 3, i % 7, i % 5);
    add(source, "mov64 r0, 0\nexit\n");
}

/* Diamonds: what differs is numbers. */
static void branches(struct source *source, unsigned slots)
{
    add(source, "ldxw r2, [r1+16]\nldxw r3, [r1+20]\nmov64 r0, 0\n");
    for (unsigned i = 0; i < (slots - 5) / 2; i++)
        add(source, "jne r2, %u, L%u\nxor64 r3, %u\nL%u:\n", i, i, i, i);
    add(source, "mov64 r0, 0\nexit\n");
}

/* One comparison after the other, each with a case of its own as far away as a jump may lead;
 * all of them have to wait. */
static void cases(struct source *source, unsigned slots)
{
    enum { GROUP = 7000 };
    unsigned count = (slots - 1000) / 4;
    add(source, "ldxw r2, [r1+16]\n");
    for (unsigned i = 0, end; i < count; i = end) {
        end = i + GROUP < count ? i + GROUP : count;
        for (unsigned k = i; k < end; k++)
            add(source, "jeq r2, %u, L%u\nstxdw [r10-%u], r2\n", k, k, (k % 24 + 2) * 8);
        add(source, "ja out%u\n", i);
        for (unsigned k = i; k < end; k++)
            add(source, "L%u: mov64 r3, %u\nja out%u\n", k, k, i);
        add(source, "out%u:\n", i);
    }
    add(source, "mov64 r0, 0\nexit\n");
}

/* Packet data, looked at anew each time. */
static void packets(struct source *source, unsigned slots)
{
    add(source, "mov64 r6, r1\nmov64 r0, 0\n");
    for (unsigned i = 0; i < (slots - 4) / 6; i++)
        add(source,
            "ldxw r2, [r6]\nldxw r3, [r6+4]\nmov64 r4, r2\nadd64 r4, %u\n"
            "jgt r4, r3, L%u\nldxb r5, [r4-1]\nL%u:\n", i % 200 + 1, i, i);
    add(source, "mov64 r0, 1\nexit\n");
}

/* Values of a map, which are there or not. */
static void maps(struct source *source, unsigned slots)
{
    add(source, "mov64 r6, 0\nstw [r10-4], 0\n");
    for (unsigned i = 0; i < (slots - 4) / 8; i++)
        add(source,
            "lddw r1, map_by_fd(1)\nmov64 r2, r10\nadd64 r2, -4\ncall 1\njeq r0, 0, L%u\n"
            "ldxdw r6, [r0+%u]\nstxdw [r0], r6\nL%u:\n", i, i % 8 * 8, i);
    add(source, "mov64 r0, 0\nexit\n");
}

/* One function, called from everywhere. */
static void calls(struct source *source, unsigned slots)
{
    add(source, "mov64 r1, 1\n");
    for (unsigned i = 0; i < (slots - 6) / 2; i++)
        add(source, "mov64 r1, %u\ncall local f\n", i);
    add(source, "mov64 r0, 0\nexit\n.func f\nmov64 r0, r1\nadd64 r0, 1\nexit\n");
}

/* Many functions, each called once. */
static void functions(struct source *source, unsigned slots)
{
    unsigned count = (slots - 2) / 6;
    for (unsigned i = 0; i < count; i++)
        add(source, "mov64 r1, %u\ncall local f%u\n", i, i);
    add(source, "mov64 r0, 0\nexit\n");
    for (unsigned i = 0; i < count; i++)
        add(source, ".func f%u\nstxdw [r10-8], r1\nldxdw r0, [r10-8]\nadd64 r0, 1\nexit\n", i);
}

/* Short loops, one after the other. */
static void loops(struct source *source, unsigned slots)
{
    for (unsigned i = 0; i < (slots - 2) / 4; i++)
        add(source, "mov64 r1, 0\nL%u: add64 r1, 1\nadd64 r1, 1\njlt r1, 4, L%u\n", i, i);
    add(source, "mov64 r0, 0\nexit\n");
}

/* --- programs with too many paths ------------------------------------------------------------- */

/* So many states that differ in the last words of a full stack only. */
static void alike(struct source *source, unsigned bits)
{
    add(source, "mov64 r6, r1\n");
    for (unsigned i = 1; i <= 64; i++)
        add(source, "ldxw r2, [r1+16]\nstxdw [r10-%u], r2\n", i * 8);
    for (unsigned i = 0; i < bits; i++)
        add(source,
            "ldxw r2, [r6+16]\nstdw [r10-%u], 0\njset r2, 1, A%u\nstdw [r10-%u], 1\nA%u:\n",
            512 - i * 8, i, 512 - i * 8, i);
}

/* What follows needs the first of them apart; then all of them. */
static void tell_apart(struct source *source, unsigned bits)
{
    for (unsigned i = 0; i < bits; i += bits - 1) {
        add(source, "mov64 r7, 0\n");
        for (unsigned k = 0; k <= i; k++)
            add(source, "ldxdw r2, [r10-%u]\nadd64 r7, r2\n", 512 - k * 8);
        for (unsigned k = 0; k <= i; k++)
            add(source, "ldxdw r2, [r10-%u]\nsub64 r7, r2\n", 512 - k * 8);
        add(source, "jeq r7, 0, B%u\nstxdw [r10], r3\nB%u:\n", i, i);
    }
    add(source, "mov64 r0, 0\nexit\n");
}

/* Diamonds that double the states each time. */
static void diamonds(struct source *source, unsigned slots)
{
    enum { BITS = 7 };
    alike(source, BITS);
    for (unsigned i = 0; i < (slots - 300) / 3; i++)
        add(source, "ldxw r2, [r6+16]\njset r2, 1, L%u\nmov64 r3, %u\nL%u:\n", i, i, i);
    tell_apart(source, BITS);
}

/* All of the states wait for the end at each of many places. */
static void waiting(struct source *source, unsigned slots)
{
    enum { BITS = 7, GROUP = 7000 };
    unsigned count = (slots - 300) / 3;
    alike(source, BITS);
    for (unsigned i = 0, end; i < count; i = end) {
        end = i + GROUP < count ? i + GROUP : count;
        for (unsigned k = i; k < end; k++)
            add(source, "jeq r2, %u, L%u\nstxdw [r10-%u], r2\n", k, k, (k % 50 + 2) * 8);
        for (unsigned k = i; k < end; k++)
            add(source, "L%u: mov64 r3, %u\n", k, k);
    }
    tell_apart(source, BITS);
}

/* Comparisons, each of which tells something new of sixty numbers. */
static void linked(struct source *source, unsigned slots)
{
    enum { GROUP = 30000 };
    unsigned count = slots - 300;
    add(source, "ldxw r2, [r1+16]\n");
    for (unsigned i = 1; i <= 60; i++)
        add(source, "mov64 r3, r2\nadd64 r3, %u\nstxdw [r10-%u], r3\n", i, i * 8);
    for (unsigned i = 0; i < count; i++) {
        add(source, "jlt r2, %u, L%u\n", i, i / GROUP);
        if (i + 1 == count || (i + 1) % GROUP == 0)
            add(source, "L%u:\n", i / GROUP);
    }
    add(source, "mov64 r0, 0\nexit\n");
}

/* Loops within loops, as deep as there are registers, one nest after the other. */
static void nested(struct source *source, unsigned slots)
{
    enum { DEPTH = 8 };
    for (unsigned i = 0; i < (slots - 2) / (3 * DEPTH); i++) {
        for (unsigned d = 0; d < DEPTH; d++)
            add(source, "mov64 r%u, 0\nA%u_%u: add64 r%u, 1\n", d, i, d, d);
        for (unsigned d = DEPTH; d-- > 0;)
            add(source, "jlt r%u, 100, A%u_%u\n", d, i, d);
    }
    add(source, "mov64 r0, 0\nexit\n");
}

/* Loops around each other, as deep as the program is long. */
static void deep(struct source *source, unsigned slots)
{
    enum { GROUP = 15000 }; /* as far as a jump leads */
    unsigned depth = (slots - 3) / 2;
    add(source, "ldxw r2, [r1+16]\n");
    for (unsigned i = 0, end; i < depth; i = end) {
        end = i + GROUP < depth ? i + GROUP : depth;
        for (unsigned k = i; k < end; k++)
            add(source, "A%u: add64 r2, %u\n", k, k);
        for (unsigned k = end; k-- > i;)
            add(source, "jeq r2, %u, A%u\n", k, k);
    }
    add(source, "mov64 r0, 0\nexit\n");
}

/* Functions that call the next one from each of many places. */
static void trees(struct source *source, unsigned slots)
{
    enum { DEPTH = 7 };
    unsigned each = (slots - 2 * DEPTH) / DEPTH;
    for (unsigned d = 0; d < DEPTH; d++) {
        if (d)
            add(source, ".func f%u\n", d);
        for (unsigned i = 0; i < each; i++) {
            if (d + 1 < DEPTH)
                add(source, "call local f%u\n", d + 1);
            else
                add(source, "mov64 r0, %u\n", i);
        }
        add(source, "mov64 r0, 0\nexit\n");
    }
}

static const struct shape {
    const char *name;
    void (*write)(struct source *source, unsigned slots);
    bool safe; /* is proven; if not, the report tells a limit */
} shapes[] = {{"straight", straight, true},
              {"branches", branches, true},
              {"cases", cases, true},
              {"packets", packets, true},
              {"maps", maps, true},
              {"calls", calls, true},
              {"functions", functions, true},
              {"loops", loops, true},
              {"diamonds", diamonds, false},
              {"waiting", waiting, false},
              {"linked", linked, false},
              {"nested", nested, false},
              {"deep", deep, true},
              {"trees", trees, false}};

/* --- measuring ------------------------------------------------------------------------------ */

struct limits {
    double seconds, megabytes;
};

static ebpf_status prove(const struct ebpf_program *program, const struct ebpf_mem *mem,
                         struct ebpf_diag *diag)
{
    const struct ebpf_pass *passes[] = {ebpf_pass_find("safety"), NULL};
    const struct ebpf_verify_map map = {1, {.kind = EBPF_MAP_HASH, .key_size = 4,
                                            .value_size = 64, .max_entries = 100}};
    const struct ebpf_verify_options options = {.size = sizeof(options), .passes = passes,
                                                .type = "xdp", .maps = &map, .map_count = 1,
                                                .mem = mem};
    return ebpf_verify_for(program, &options, diag);
}

static bool run_shape(const struct shape *shape, unsigned slots, const struct limits *limits)
{
    struct memory_use use = {0};
    const struct ebpf_mem mem = {count_memory, &use};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct source source = {.room = (size_t)slots * 40 + 10000};
    struct ebpf_program *program;
    source.text = malloc(source.room);
    if (!source.text || !diag)
        exit(99);
    shape->write(&source, slots);
    const struct ebpf_asm_options options = {.size = sizeof(options), .mem = &mem};
    ebpf_status status = ebpf_assemble(source.text, source.length, &options, diag, &program);
    free(source.text);
    use.peak = use.now;
    double start = now();
    if (status == EBPF_OK)
        status = prove(program, &mem, diag);
    double seconds = now() - start, megabytes = (double)use.peak / 1e6;
    ebpf_program_unref(program);
    const char *says = ebpf_diag_count(diag) ? ebpf_diag_at(diag, 0)->message : "proven";
    bool slow = seconds > limits->seconds, large = megabytes > limits->megabytes;
    bool wrong = shape->safe ? status != EBPF_OK : !status || !strstr(says, "limit");
    printf("%-10s %8u %8.3f%s %6.0f%s %s%s\n", shape->name, slots, seconds, slow ? "!" : " ",
           megabytes, large ? "!" : " ", says, wrong ? " !" : "");
    ebpf_diag_free(diag);
    return !slow && !large && !wrong;
}

int main(int argc, char **argv)
{
    unsigned slots = argc > 1 ? (unsigned)atoi(argv[1]) : EBPF_PROGRAM_MAX_SLOTS;
    const struct limits limits = {argc > 2 ? atof(argv[2]) : 5, argc > 3 ? atof(argv[3]) : 1000};
    bool good = true;
    printf("Seconds of processor time and megabytes for the proof of safety:\n\n"
           "program       slots  seconds      MB  outcome\n");
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        good = run_shape(&shapes[i], slots / 10, &limits) && good;
        good = run_shape(&shapes[i], slots, &limits) && good;
    }
    if (!good)
        puts("\nWhat is marked with ! is more than allowed, or not what it has to be.");
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
