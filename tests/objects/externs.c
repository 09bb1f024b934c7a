/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Names that the object does not define, and the address of a function. */
#include "bpf.h"

extern void *memcpy(void *to, const void *from, unsigned long size);
extern int absent __attribute__((weak));

static long (*const loop)(u32 count, void *fn, void *ctx, u64 flags) = (void *)181;

static NOINLINE long visit(u32 index, void *ctx)
{
    *(u32 *)ctx += index;
    return 0;
}

SEC("socket")
int copy(void *ctx)
{
    u32 sum = 0;
    u8 to[16];
    loop(10, visit, &sum, 0);
    memcpy(to, ctx, sizeof(to));
    return to[sum % sizeof(to)] + (&absent ? 1 : 0);
}

LICENSE;
