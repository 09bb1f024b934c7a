/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Bytecode to instructions, for every front end that has bytes. */
#ifndef IR_DECODE_H
#define IR_DECODE_H

#include "ir/program.h"

/* Appends the instructions of `slots` 8-byte slots; targets stay offsets until the program is
 * finished.  What is no instruction becomes EBPF_OP_DATA, a slot each.  False: no memory. */
bool ebpf_program_push_bytes(struct ebpf_program *program, const uint8_t *bytes, size_t slots);

#endif
