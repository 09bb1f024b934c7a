/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the parts of the benchmark share: programs, columns, and what was measured. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <ebpfvm/ebpfvm.h>

/* Bytes of memory that a program works on, and how many of them it is told are the packet. */
enum { BENCH_MEM = 8192, BENCH_PACKET = 1514 };
enum { BENCH_COLUMNS = 12, BENCH_PROGRAMS = 64 };

/* Fills the memory as it is before the first run. */
void bench_fill(uint8_t *mem);

/* A program, as bytecode and as native code of the same source. */
struct bench_program {
    const char *name;
    uint64_t (*native)(uint8_t *mem, uint64_t size);
    const uint8_t *code;
    size_t size;        /* of the bytecode */
    size_t native_size; /* of the machine code that the host's compiler made */
};

/* Something that runs programs. */
struct bench_column {
    char name[32];
    /* Compiles a program.  Returns NULL if this column cannot run it. */
    void *(*open)(const struct bench_column *column, const struct bench_program *program);
    /* Runs it `calls` times; returns the last result. */
    uint64_t (*run)(void *state, uint8_t *mem, long calls);
    void (*close)(void *state);
    size_t (*code_size)(void *state);   /* bytes of machine code; 0 if there is none */
    uint64_t (*executed)(void *state);  /* instructions of the last run; NULL: unknown */
    /* How long compiling takes, decoding and verifying left out, in ns; NULL if it does not. */
    double (*compile)(const struct bench_column *column, const struct bench_program *program);
    const struct ebpf_backend *backend; /* of this library's engines */
    enum ebpf_policy policy;
    uint32_t flags; /* bits of enum ebpf_code_flags */
};

/* Adds columns at `to`, which has room for `room`; each returns how many. */
int bench_vm_columns(struct bench_column *to, int room, const char *engine);
int bench_hardened_columns(struct bench_column *to, int room);
int bench_dpdk_columns(struct bench_column *to, int room);

/* What a column measured on a program.  Ratios are to native code. */
struct bench_cell {
    bool ran;
    double time;                   /* median, ns per call */
    double ratio, ratio_low, ratio_high; /* median and quartiles */
    double compile;                /* median, ns; 0 if unknown */
    size_t code_size;              /* 0 if unknown */
};

struct bench_row {
    const struct bench_program *program;
    uint64_t executed;
    double native;
    bool tiny; /* so short that it is left out of the means */
    struct bench_cell cells[BENCH_COLUMNS];
};

struct bench_result {
    const char *compiler;
    int samples;
    int column_count, row_count;
    struct bench_column columns[BENCH_COLUMNS];
    struct bench_row rows[BENCH_PROGRAMS];
};

/* Geometric means over the rows of a column. */
struct bench_mean {
    double ratio, insn, compile, code_size; /* times native, ns per instruction, ns, times native */
    int count;                              /* of rows that it ran */
};
struct bench_mean bench_mean_of(const struct bench_result *result, int column);

/* One row of text as soon as it is measured; heading and means around them. */
void bench_print_head(const struct bench_result *result);
void bench_print_row(const struct bench_result *result, const struct bench_row *row);
void bench_print_means(const struct bench_result *result);

void bench_print_json(const struct bench_result *result, FILE *out);
void bench_print_chart(const struct bench_result *result, FILE *out);

double bench_now(void); /* ns */
double bench_median(double *values, int count, double *low, double *high); /* sorts them */
_Noreturn void bench_die(const char *what, const char *why);

#endif
