/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Words that the program accesses byte by byte, and the interpreter at once: see ir/opt/wide.h. */
#ifndef INTERP_WIDE_H
#define INTERP_WIDE_H

#include "backends/interp/interp.h"
#include "ir/opt/wide.h"

/*
 * Finds those that units can do.  Units do not check what has been left out before, and what goes
 * on in the reference interpreter must find every register as the program left it: so all accesses
 * from the first piece of a word to the last one must be such as need no check.
 * @param flow  as ebpf_liveness() gives it
 * @return false if there is no memory
 */
bool interp_find_wides(const struct ebpf_code *code, const struct ebpf_reg_flow *flow,
                       struct ebpf_wides *wides);

/* Makes the unit of a wide access that passes over what is left out before it.
 * @return its kind */
uint16_t interp_make_wide(const struct ebpf_wide *wide, uint32_t left_out, struct unit *u);

/* Makes a unit that does nothing but that. */
uint16_t interp_make_skip(uint32_t left_out, struct unit *u);

/* Lets the units of wide accesses pass over what is left out behind them, too. */
void interp_join_skips(struct ebpf_code *code);

#endif
