/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* An object whose types are those of the machine that core.c is to run on. */
#include "bpf.h"
#define TARGET
#include "core.h"

struct machine machine_here;
struct shape shape_here;
enum color color_here;
anonymous_t anonymous_here;

SEC("xdp") u64 nothing(void *ctx)
{
    return machine_here.first + shape_here.x + color_here + anonymous_here.a;
}

LICENSE;
