/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Accesses byte by byte that are one wide access in truth.
 *
 * Where alignment is unknown, compilers load a word as bytes, shifts and ors, and store it
 * likewise; the pieces come interleaved with other code.  This analysis finds them by their data
 * flow.  It does not rewrite the program: an engine that makes use of it leaves out the pieces,
 * checks the whole range where the first piece stood, and makes the wide access where the last one
 * stood.
 *
 *     ldxb r2, [r1+1]     group.start: check that [r1+0, r1+2) can be loaded
 *     lsh64 r2, 8         left out
 *     ldxb r3, [r1+0]     left out
 *     or64 r2, r3         wide.last: r2 = load of 2 bytes at r1+0
 *
 * Counts, faults and memory stay exact: nothing of a group has been done at its start, so if a
 * check fails there, the engine runs the program as it is written from that instruction on: all
 * registers that this needs are as they would be.
 *
 * Hosts with the most significant byte first get no wide accesses.
 */
#ifndef IR_OPT_WIDE_H
#define IR_OPT_WIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "ir/liveness.h"

/* What becomes of an instruction. */
enum ebpf_wide_role {
    EBPF_WIDE_KEEP, /* it is done as it is written */
    EBPF_WIDE_OMIT, /* it is left out */
    EBPF_WIDE_LAST  /* a wide access is done in its place */
};

/* A wide access. */
struct ebpf_wide {
    uint32_t last;  /* the instruction in whose place it is done */
    uint32_t start; /* the instruction before which its range is checked */
    uint32_t end;   /* the last of its pieces */
    /* Its address, at the start and at the last instruction. */
    int32_t start_off, last_off;
    uint8_t start_base, last_base;
    uint8_t value; /* the register that is loaded or stored */
    uint8_t size;  /* 2, 4 or 8 bytes */
    bool store;
    bool swap;     /* the bytes are in the order that is not the host's */
};

/* Result for a program; all zero is empty. */
struct ebpf_wides {
    struct ebpf_vec wides; /* struct ebpf_wide, in order of `start`, then `last` */
    uint8_t *roles;        /* enum ebpf_wide_role of each instruction; NULL if there are no wides */
    uint32_t count;        /* of instructions */
};

/*
 * Looks for wide accesses.
 * @param flow  as ebpf_liveness() gives it
 * @return false if there is no memory; `out` is empty then
 */
bool ebpf_wides_find(const struct ebpf_program *program, const struct ebpf_reg_flow *flow,
                     struct ebpf_wides *out);

/* The wide access that is done in the place of an instruction, whose role is LAST.  Who goes over
 * the program keeps `*next`, at first 0: the first that may not be done yet where he is, `at`. */
const struct ebpf_wide *ebpf_wides_find_last(const struct ebpf_wides *wides, uint32_t *next,
                                             uint32_t at, uint32_t insn);

void ebpf_wides_free(struct ebpf_wides *wides);

#endif
