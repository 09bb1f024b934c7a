/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Where the bytes of a register come from: for each of its eight bytes, which byte of one source
 * (a piece of memory, or an earlier value) it is, or that it is zero.
 */
#ifndef IR_OPT_LANES_H
#define IR_OPT_LANES_H

#include <stdbool.h>
#include <stdint.h>

#include "ir/program.h"

/* A lane is a byte of `at`: a position from 0 to EBPF_LANE_MAX in the source, or ZERO. */
#define EBPF_LANE_ZERO 0xffu
#define EBPF_LANE_MAX 0x7fu
#define EBPF_LANES_ZERO UINT64_MAX

struct ebpf_lanes {
    uint32_t source; /* the owner's number for it; of no meaning if all lanes are zero */
    uint64_t at;     /* lane 0, the least significant byte, in the low byte */
};

/* All bytes of a source that has eight. */
static inline struct ebpf_lanes ebpf_lanes_of(uint32_t source)
{
    return (struct ebpf_lanes){source, UINT64_C(0x0706050403020100)};
}

/* `count` bytes of a source from a position on, zero above. */
struct ebpf_lanes ebpf_lanes_from(uint32_t source, unsigned position, unsigned count);

/* The lanes of the result of an arithmetic instruction, from those of dst and src before it.
 * False if they are not bytes of one source. */
bool ebpf_lanes_step(const struct ebpf_insn *insn, const struct ebpf_lanes *dst,
                     const struct ebpf_lanes *src, struct ebpf_lanes *result);

/* How many lanes there are up to the highest that is not zero. */
static inline unsigned ebpf_lanes_used(const struct ebpf_lanes *lanes)
{
    return lanes->at == EBPF_LANES_ZERO ? 0 : 8 - (unsigned)__builtin_clzll(~lanes->at) / 8;
}

/* Whether the lanes are `size` bytes that follow each other in the source, and zero above; which
 * is the lowest, and whether they run downwards. */
bool ebpf_lanes_are_run(const struct ebpf_lanes *lanes, unsigned size, unsigned *position,
                        bool *downwards);

#endif
