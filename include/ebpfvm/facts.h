/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * What the verifier's pass "safety" has proven of each instruction, for engines and for passes:
 * see docs/verifier.md. */
#ifndef EBPFVM_FACTS_H
#define EBPFVM_FACTS_H

#include <stdint.h>

#include <ebpfvm/api.h>

EBPF_BEGIN_DECLS

/** Bits of ebpf_fact.flags. */
enum ebpf_fact_flags {
    EBPF_FACT_REACHED = 1 << 0,   /**< some path leads here */
    EBPF_FACT_UNPROVEN = 1 << 1,  /**< what it does must be checked at run time */
    EBPF_FACT_TAKEN = 1 << 2,     /**< conditional jumps: the condition may hold */
    EBPF_FACT_NOT_TAKEN = 1 << 3, /**< conditional jumps: it may not hold */
    EBPF_FACT_LOOP = 1 << 4,      /**< a loop starts here that control comes back to */
    EBPF_FACT_ENDLESS = 1 << 5,   /**< heads of loops: it is not proven that the loop ends */
    EBPF_FACT_ADDRESS = 1 << 6    /**< on some path it loads an address from the context */
};

/**
 * What holds of one instruction in every run, whatever its input, as long as the engine checks all
 * accesses that are not proven and ends the run where such a check fails.
 */
struct ebpf_fact {
    uint8_t flags;    /**< bits of enum ebpf_fact_flags */
    uint8_t regions;  /**< proven accesses: bits 1 << enum ebpf_region_kind of where they may go */
    uint16_t reserved; /**< 0 */
    /** Proven accesses: the lowest offset of the first byte.  On the stack from the end of the
     *  frame that the address is of; in the packet from the address that the proof knows, which
     *  need not be its start; elsewhere from the start of the region. */
    int32_t least;
    int32_t most; /**< the highest such offset; no less than `least` if the two mean anything */
};

/** Whether an instruction needs no check at run time: memory accesses are within memory that the
 *  program may access, and aligned where that matters; arguments of helpers are what they take. */
static inline int ebpf_fact_is_proven(const struct ebpf_fact *fact)
{
    return (fact->flags & (EBPF_FACT_REACHED | EBPF_FACT_UNPROVEN)) == EBPF_FACT_REACHED;
}

EBPF_END_DECLS

#endif
