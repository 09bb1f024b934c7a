/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* DPDK's librte_bpf as a column, where configure found it. */
#include "bench/bench.h"

#ifdef HAVE_DPDK
#include "bench/dpdk.h"

static void *open_program(const struct bench_column *column, const struct bench_program *program)
{
    (void)column;
    return dpdk_load(program->code, program->size, BENCH_MEM);
}

static uint64_t run(void *state, uint8_t *mem, long calls)
{
    size_t size;
    dpdk_fn *volatile function = dpdk_function(state, &size);
    uint64_t r0 = 0;
    for (long i = 0; i < calls; i++)
        r0 = function(mem);
    return r0;
}

static void close_program(void *state)
{
    dpdk_free(state);
}

static size_t code_size(void *state)
{
    size_t size = 0;
    dpdk_function(state, &size);
    return size;
}

/* Verifying is part of it: it cannot be left out. */
static double compile(const struct bench_column *column, const struct bench_program *program)
{
    double start = bench_now();
    void *state = open_program(column, program);
    double time = bench_now() - start;
    dpdk_free(state);
    return time;
}

int bench_dpdk_columns(struct bench_column *to, int room)
{
    if (room < 1)
        return 0;
    *to = (struct bench_column){.name = "dpdk (no checks)", .open = open_program, .run = run,
                                .close = close_program, .code_size = code_size,
                                .compile = compile};
    return 1;
}
#else
int bench_dpdk_columns(struct bench_column *to, int room)
{
    (void)to, (void)room;
    return 0;
}
#endif
