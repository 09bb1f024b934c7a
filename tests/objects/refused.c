/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Programs that load, some of which cannot run here: what objdump and run make of that. */
#include "bpf.h"

u64 load_byte(void *packet, u64 offset) __asm__("llvm.bpf.load.byte");
static long (*const timer_cancel)(void *timer) = (void *)172;

int reads(void *ctx);
int answers(void *ctx);

struct {
    UINT(type, PROG_ARRAY);
    UINT(key_size, 4);
    UINT(max_entries, 2);
    int (*values[])(void *ctx);
} next SEC(".maps") = {.values = {[0] = reads, [1] = answers}};

/* XDP programs have no legacy packet loads. */
SEC("xdp") int reads(void *ctx)
{
    return load_byte(ctx, 0);
}

SEC("xdp") int answers(void *ctx)
{
    return 3;
}

/* The first entry cannot be used, the second one can. */
SEC("xdp") int asks_both(void *ctx)
{
    tail_call(ctx, &next, 0);
    tail_call(ctx, &next, 1);
    return 0;
}

SEC("xdp") int waits(void *ctx)
{
    u64 timer[2] = {0};
    return timer_cancel(timer);
}

LICENSE;
