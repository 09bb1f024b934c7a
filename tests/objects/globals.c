/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Variables: set, zero, constant, static and not; text; an address behind the start of one. */
#include "bpf.h"

int first_set = 11;
int second_set = 22;
static volatile int hidden_set = 33;
u64 zero_a, zero_b;
static volatile u64 zero_hidden[4];
const volatile int limit = 5;
const volatile int limits[4] = {1, 2, 3, 4};
volatile int own SEC(".data.own") = 44;

SEC("xdp")
int count(void *ctx)
{
    static const char text[] = "count %d\n";
    zero_b += 1;
    zero_hidden[2] += 2;
    second_set += first_set;
    hidden_set++;
    trace_printk(text, sizeof(text), limits[3]);
    return second_set + hidden_set + limit + limits[2] + own + (int)zero_b;
}

LICENSE;
