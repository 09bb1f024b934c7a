/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The helper functions that test files call. */
#include "tests/filetests/filetest.h"

/* 1: tells its arguments apart. */
static uint64_t weigh(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    return r1 + 10 * r2 + 100 * r3 + 1000 * r4 + 10000 * r5;
}

/* 5: its first argument. */
static uint64_t identity(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    (void)r2, (void)r3, (void)r4, (void)r5;
    return r1;
}

/* 0xffffffff: the largest id. */
static uint64_t last(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    (void)r1, (void)r2, (void)r3, (void)r4, (void)r5;
    return 0xfedcba9876543210u;
}

/* 9: 1 if its frame has the alignment that the ABI promises, which vector code relies upon. */
static __attribute__((noinline)) uint64_t aligned(uint64_t r1, uint64_t r2, uint64_t r3,
                                                  uint64_t r4, uint64_t r5)
{
    (void)r1, (void)r2, (void)r3, (void)r4, (void)r5;
    return (uintptr_t)__builtin_frame_address(0) % 16 == 0;
}

/* 10: overwrites what a called function may overwrite. */
static uint64_t clobber(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    (void)r1, (void)r2, (void)r3, (void)r4, (void)r5;
#if defined(__x86_64__)
    __asm__ volatile("movq $-1, %%rax\n\tmovq %%rax, %%rcx\n\tmovq %%rax, %%rdx\n\t"
                     "movq %%rax, %%rsi\n\tmovq %%rax, %%rdi\n\tmovq %%rax, %%r8\n\t"
                     "movq %%rax, %%r9\n\tmovq %%rax, %%r10\n\tmovq %%rax, %%r11"
                     :
                     :
                     : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc");
#endif
    return 0;
}

static struct ft_host *host_of(struct ebpf_run *run)
{
    return run->user;
}

/* 2: the address of the memory allowed to the VM; 3: its size. */
static uint64_t user_address(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx, (void)args;
    return (uintptr_t)host_of(run)->user->data;
}

static uint64_t user_size(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx, (void)args;
    return host_of(run)->user->size;
}

/* 6: fails the run. */
static uint64_t fail(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx, (void)args;
    ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, "the helper has had enough");
    return 0;
}

/* 7: ends the run with its first argument as the result. */
static uint64_t end(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    ebpf_run_end(run, args[0]);
    return 0;
}

/* 8: lends 16 bytes of 0x11, writable if the first argument is not 0. */
static uint64_t lend(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    struct ft_host *host = host_of(run);
    for (size_t i = 0; i < sizeof(host->lent); i++)
        host->lent[i] = 0x11;
    if (ebpf_run_lend(run, host->lent, sizeof(host->lent), args[0] != 0) != EBPF_OK)
        return 0;
    return (uintptr_t)host->lent;
}

/* 11: adds its arguments together through `ctx`, which must be the registered one. */
static uint64_t context(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run;
    return *(const uint64_t *)ctx + args[0] + args[1] + args[2] + args[3] + args[4];
}

ebpf_status ft_register_helpers(struct ebpf_vm *vm)
{
    static const uint64_t thousand = 1000;
    const struct ebpf_helper helpers[] = {
        {.id = 1, .name = "weigh", .fn = weigh},
        {.id = 2, .name = "user_address", .run_fn = user_address},
        {.id = 3, .name = "user_size", .run_fn = user_size},
        {.id = 5, .name = "identity", .fn = identity},
        {.id = 6, .name = "fail", .run_fn = fail},
        {.id = 7, .name = "end", .run_fn = end},
        {.id = 8, .name = "lend", .run_fn = lend},
        {.id = 9, .name = "aligned", .fn = aligned},
        {.id = 10, .name = "clobber", .fn = clobber},
        {.id = 11, .name = "context", .run_fn = context, .ctx = (void *)(uintptr_t)&thousand},
        {.id = UINT32_MAX, .name = "last", .fn = last},
    };
    for (size_t i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++) {
        ebpf_status status = ebpf_vm_register_helper(vm, &helpers[i]);
        if (status != EBPF_OK)
            return status;
    }
    return EBPF_OK;
}
