/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Functions: in .text, static and not; several in one section; calls between all of them. */
#include "bpf.h"

NOINLINE int square(int x)
{
    return x * x;
}

static NOINLINE int twice(int x)
{
    return x + x;
}

static NOINLINE int both(int x)
{
    return twice(x) + square(x);
}

SEC("socket/first")
int first(void *ctx)
{
    return ctx ? both(3) : both(5);
}

SEC("socket/first")
int second(void *ctx)
{
    return ctx ? first(0) : twice(10) + square(2);
}

static SEC("classifier") NOINLINE int hidden(void *ctx)
{
    return ctx ? 7 : 9;
}

SEC("classifier")
int shown(void *ctx)
{
    return hidden(ctx) + 1;
}

LICENSE;
