/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What nobody writes is known when the program is verified: numbers and strings. */
#include "bpf.h"

static const volatile u32 last = 12;
volatile u32 changing = 12;
static const char name[] = "eth0";
static char written[] = "eth0";
SEC(".rodata.open") static const char open[4] = {'e', 't', 'h', '0'};

static long (*const strncmp)(const char *text, u32 size, const char *constant) = (void *)182;

SEC("xdp")
int known_index(void *ctx)
{
    volatile u8 bytes[16] = {0};
    bytes[last] = 2;
    return bytes[12];
}

SEC("xdp")
int unknown_index(void *ctx)
{
    volatile u8 bytes[16] = {0};
    bytes[changing] = 2;
    return bytes[12];
}

SEC("xdp")
int known_way(void *ctx)
{
    if (last > 12)
        return *(volatile u32 *)8;
    return 2;
}

SEC("xdp")
int known_string(void *ctx)
{
    char text[8] = "eth0";
    return strncmp(text, sizeof(text), name) ? 1 : 2;
}

SEC("xdp")
int written_string(void *ctx)
{
    char text[8] = "eth0";
    written[3] = '1';
    return strncmp(text, sizeof(text), written) ? 1 : 2;
}

SEC("xdp")
int open_string(void *ctx)
{
    char text[8] = "eth0";
    return strncmp(text, sizeof(text), open) ? 1 : 2;
}

LICENSE;
