/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Bursts: one program over many packets in one call, for filters and the like, whose runs are so
 * short that each call of ebpf_vm_run() counts. */
#ifndef EBPFVM_BURST_H
#define EBPFVM_BURST_H

#include <ebpfvm/vm.h>

EBPF_BEGIN_DECLS

/** A packet of a burst, and what its run came to. */
struct ebpf_burst_packet {
    void *mem;          /**< the packet, as in struct ebpf_input */
    uint64_t mem_size;  /**< in bytes */
    uint64_t r0;        /**< out: what the program returned; 0 if it did not */
    ebpf_status status; /**< out: what ebpf_vm_run() would have returned */
};

/** Packets that a program is to run over, one after the other. */
struct ebpf_burst {
    size_t size; /**< sizeof(struct ebpf_burst) */
    /** What all runs are given beside their packet: `mem` and `mem_size` of this do not matter.
     *  The budget is that of each run.  One `mbuff` serves all: each run finds there what the one
     *  before it left.  NULL for nothing. */
    const struct ebpf_input *input;
    struct ebpf_burst_packet *packets; /**< `count` of them */
    size_t count;                      /**< how many packets there are */
    /** All that each run came to, faults explained and packets moved, `count` of them; NULL if
     *  what stands with the packets is enough, which is faster. */
    struct ebpf_result *results;
};

/**
 * Runs the compiled program over packets: the same as ebpf_vm_run() for one after the other.  A
 * run that ends with a fault, or whose input makes no sense, says so in the status of its packet,
 * and the next one follows.  When the interrupt is raised the burst ends: the last packet that
 * was run has the status EBPF_ERR_INTERRUPTED.
 *
 * Thread-safety: as for ebpf_vm_run(); packets and results belong to the call.
 * @param done out: how many packets were run, the first ones; may be NULL
 * @return EBPF_OK if all packets were run, whatever came of it; EBPF_ERR_INTERRUPTED;
 *         EBPF_ERR_NO_PROGRAM or EBPF_ERR_STATE if nothing is loaded or compiled; EBPF_ERR_INVALID
 *         for a struct of a version that is not known
 */
EBPF_API ebpf_status ebpf_vm_run_burst(const struct ebpf_vm *vm, const struct ebpf_burst *burst,
                                       size_t *done);

EBPF_END_DECLS

#endif
