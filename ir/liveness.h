/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What happens to registers, and which of them hold a value that is still needed, at every
 * instruction. */
#ifndef IR_LIVENESS_H
#define IR_LIVENESS_H

#include <stdint.h>

#include "ir/program.h"
#include "ir/regs.h"

/* Registers as bits.  Passes that ask again and again find here what would have to be put together
 * from operands each time. */
struct ebpf_reg_flow {
    uint16_t uses; /* ebpf_uses() of an instruction */
    uint16_t ends; /* ebpf_ends() of it */
    uint16_t live; /* which are live behind it */
};

/* What is live before an instruction, if `behind` is live behind it. */
static inline uint16_t ebpf_flow_through(const struct ebpf_reg_flow *flow, uint16_t behind)
{
    return (uint16_t)((behind & ~flow->ends) | flow->uses);
}

/* What is live before an instruction. */
static inline uint16_t ebpf_flow_before(const struct ebpf_reg_flow *flow)
{
    return ebpf_flow_through(flow, flow->live);
}

/*
 * Fills `flow`, which has room for every instruction of the program.  Functions are looked at
 * apart: calls use r1 to r5 and define r0, an exit uses r0.  What a call leaves in r1 to r5 nobody
 * may rely on, but a program that was not proven may read it, so calls do not end their life.
 *
 * Time is linear for code as compilers make it.  Where jumps are so tangled that it would not be,
 * every register counts as live.
 */
void ebpf_liveness(const struct ebpf_program *program, struct ebpf_reg_flow *flow);

/*
 * Finds what is live once more, but local calls use only those of r1 to r5 that their function
 * reads before it writes them: needs[i] for function i, as bits.
 */
void ebpf_liveness_of_calls(const struct ebpf_program *program, const uint16_t *needs,
                            struct ebpf_reg_flow *flow);

/*
 * The registers, as bits, that may get from one function to another where `live` does not tell
 * of it: r0 and r6 to r9 that a function reads before it writes them, and r1 to r5 that are read
 * behind a local call.  Programs that were verified have none.
 */
uint16_t ebpf_live_across(const struct ebpf_program *program,
                          const struct ebpf_reg_flow *flow);

#endif
