/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Which registers hold a value that is still needed, at every instruction. */
#ifndef IR_LIVENESS_H
#define IR_LIVENESS_H

#include <stdint.h>

#include "ir/program.h"
#include "ir/regs.h"

/*
 * Fills `live` with the registers that are live behind each instruction, as bits; it has room for
 * every instruction of the program.  Functions are looked at apart: calls use r1 to r5 and define
 * r0, an exit uses r0.  What a call leaves in r1 to r5 nobody may rely on, but a program that was
 * not proven may read it, so calls do not end their life.
 *
 * Time is linear for code as compilers make it.  Where jumps are so tangled that it would not be,
 * every register counts as live.
 */
void ebpf_liveness(const struct ebpf_program *program, uint16_t *live);

/*
 * The same, but local calls use only those of r1 to r5 that their function reads before it writes
 * them: needs[i] for function i, as bits.
 */
void ebpf_liveness_of_calls(const struct ebpf_program *program, const uint16_t *needs,
                            uint16_t *live);

/*
 * The registers, as bits, that may get from one function to another where `live` does not tell
 * of it: r0 and r6 to r9 that a function reads before it writes them, and r1 to r5 that are read
 * behind a local call.  Programs that were verified have none.
 */
uint16_t ebpf_live_across(const struct ebpf_program *program, const uint16_t *live);

#endif
