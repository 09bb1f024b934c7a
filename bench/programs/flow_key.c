/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Builds a flow key on the stack, orders it, and hashes it. */
#define BENCH_NAME flow_key
#include "bench/programs/program.h"

struct key { u32 a, b; u16 ap, bp; u8 protocol, pad[3]; };

PROGRAM
{
    struct key k = {0};
    if (len < PAYLOAD)
        return 0;
    k.a = get32(mem + IP + 12);
    k.b = get32(mem + IP + 16);
    k.ap = get16(mem + TCP);
    k.bp = get16(mem + TCP + 2);
    k.protocol = mem[IP + 9];
    if (k.a > k.b) {
        u32 t = k.a;
        u16 p = k.ap;
        k.a = k.b, k.b = t;
        k.ap = k.bp, k.bp = p;
    }
    volatile struct key *stored = &k;
    u32 h = stored->a * 0x9e3779b1u;
    h = rol32(h ^ stored->b, 13) * 0x85ebca6bu;
    h = rol32(h ^ stored->ap ^ (u32)stored->bp << 16, 15) * 0xc2b2ae35u;
    return h ^ stored->protocol;
}
