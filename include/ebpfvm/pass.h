/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * For those who write verifier passes: what a pass is, what it sees of the program, and how it
 * reports.  docs/howto/add-a-verifier-pass.md walks through two examples. */
#ifndef EBPFVM_PASS_H
#define EBPFVM_PASS_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/facts.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** One verification: the program, what is known of it so far, and the report. It belongs to the
 *  thread that runs it and is gone when ebpf_verify() returns. */
struct ebpf_verify;

/** What a pass may ask for, as bits of ebpf_pass.needs.  It is computed once, when the first pass
 *  asks for it. */
enum ebpf_analysis {
    /** The program is well-formed: what every engine relies on (docs/verifier.md).  If no pass
     *  has shown it yet, the built-in pass "well-formed" runs first. */
    EBPF_AN_WELL_FORMED = 1 << 0,
    EBPF_AN_CFG = 1 << 1,  /**< control-flow graph and reachability; implies WELL_FORMED */
    EBPF_AN_LOOPS = 1 << 2, /**< dominators and loops; implies CFG */
    /** What can be proven of each instruction, ebpf_verify_facts(); implies LOOPS.  That not all of
     *  it is proven is no reason to reject: the pass "safety" does that. */
    EBPF_AN_FACTS = 1 << 3
};

/**
 * A verifier pass.  Passes only read the program.  One struct may serve many threads at once,
 * as long as its `run` does.
 */
struct ebpf_pass {
    const char *name;    /**< by which lists are edited and reports speak of it */
    const char *summary; /**< a line for people, or NULL */
    uint32_t needs;      /**< bits of enum ebpf_analysis that must stand before it runs */
    /** Bits that stand once it has accepted.  That a program is well-formed is believed of
     *  built-in passes only: engines stake the host's safety on it. */
    uint32_t gives;
    /**
     * Looks at the program.  To reject, calls ebpf_verify_reject() for each thing found and
     * returns the status of one of them; other failures (EBPF_ERR_NOMEM) are returned as they
     * are.  A pass that has rejected anything has rejected, whatever it returns.
     */
    ebpf_status (*run)(struct ebpf_verify *verify, void *ctx);
    void *ctx; /**< passed to run; the pass's own */
};

/** The program being verified. */
EBPF_API const struct ebpf_program *ebpf_verify_program(const struct ebpf_verify *verify);

/** How many findings of one pass are reported in full; further ones are counted. */
#define EBPF_VERIFY_FINDINGS 20

/**
 * Reports a reason to reject.
 * @param insn    the instruction, or EBPF_TARGET_NONE for the whole program
 * @param advice  what to do, or NULL for the usual advice of `status`; is copied
 * @param message printf format
 * @return status, so that a pass can return what this returns
 */
EBPF_API ebpf_status ebpf_verify_reject(struct ebpf_verify *verify, ebpf_status status,
                                        uint32_t insn, const char *advice, const char *message,
                                        ...) EBPF_PRINTF(5, 6);

/** Reports something doubtful that is no reason to reject.  Parameters as above. */
EBPF_API void ebpf_verify_warn(struct ebpf_verify *verify, ebpf_status status, uint32_t insn,
                               const char *advice, const char *message, ...) EBPF_PRINTF(5, 6);

/** Zeroed memory for `count` elements of `size` bytes that lives until the verification ends.
 *  @return NULL if there is none; a pass then returns EBPF_ERR_NOMEM. */
EBPF_API void *ebpf_verify_alloc(struct ebpf_verify *verify, size_t count, size_t size);

/** No block, or no loop. */
#define EBPF_BLOCK_NONE UINT32_MAX

/** Indexes of ebpf_block.succ. */
enum { EBPF_SUCC_NEXT, EBPF_SUCC_TAKEN };

/**
 * A basic block: instructions that run one after the other.  Calls do not end blocks; exit and
 * jumps do.  Blocks stand in the order of the program, those of one function together.
 */
struct ebpf_block {
    uint32_t first; /**< index of its first instruction */
    uint32_t count; /**< how many instructions, at least 1 */
    /** Where control goes on: [EBPF_SUCC_NEXT] by falling through, [EBPF_SUCC_TAKEN] by the jump
     *  at its end; EBPF_BLOCK_NONE where it does not. */
    uint32_t succ[2];
    uint32_t pred_first; /**< private, see ebpf_verify_preds() */
    uint32_t pred_count; /**< edges that lead here */
    uint32_t function;   /**< index of its function */
    /** Position in the reverse post-order of the program; EBPF_BLOCK_NONE if no path from the
     *  entry of its function leads here. */
    uint32_t order;
    uint32_t idom; /**< LOOPS: immediate dominator; NONE for entries and unreachable blocks */
    uint32_t loop; /**< LOOPS: index of the innermost loop that it is in, or EBPF_BLOCK_NONE */
};

/**
 * A loop.  Loops nest or are disjoint.  Those that are entered at their header only are natural
 * loops; others are irreducible: no block of theirs dominates all, and `header` is where a
 * depth-first walk entered first.
 */
struct ebpf_loop {
    uint32_t header;      /**< block */
    uint32_t parent;      /**< index of the loop around it, which is lower, or EBPF_BLOCK_NONE */
    uint32_t depth;       /**< 1 for outermost loops */
    uint32_t block_count; /**< how many blocks, with those of the loops inside */
    uint32_t back_edges;  /**< edges from inside to the header */
    uint32_t irreducible; /**< whether it can be entered elsewhere than at its header */
};

/** The blocks.  Needs CFG. @return belongs to the verification; NULL with a count of 0 if the
 *  analysis does not stand, or the program is empty. So do the others below. */
EBPF_API const struct ebpf_block *ebpf_verify_blocks(const struct ebpf_verify *verify,
                                                     uint32_t *count);

/** The index of the block that holds an instruction.  Needs CFG; else EBPF_BLOCK_NONE. */
EBPF_API uint32_t ebpf_verify_block_of(const struct ebpf_verify *verify, uint32_t insn);

/** The blocks from which edges lead to `block`, once per edge, unreachable ones among them.
 *  Needs CFG. */
EBPF_API const uint32_t *ebpf_verify_preds(const struct ebpf_verify *verify, uint32_t block,
                                           uint32_t *count);

/** The reachable blocks in reverse post-order, function after function: each block comes before
 *  those that it leads to, but for edges that close loops.  Needs CFG. */
EBPF_API const uint32_t *ebpf_verify_order(const struct ebpf_verify *verify, uint32_t *count);

/** The loops, outer ones before the inner ones.  Needs LOOPS. */
EBPF_API const struct ebpf_loop *ebpf_verify_loops(const struct ebpf_verify *verify,
                                                   uint32_t *count);

/** Whether every path to block `b` leads through block `a`; a block dominates itself.  0 if one
 *  of them cannot be reached.  Constant time.  Needs LOOPS; else 0. */
EBPF_API int ebpf_verify_dominates(const struct ebpf_verify *verify, uint32_t a, uint32_t b);

/** What is proven of each instruction, by index.  Needs FACTS, or the pass "safety" before.
 *  @return belongs to the verification; NULL with a count of 0 if the analysis does not stand, or
 *          the program was too complex for it */
EBPF_API const struct ebpf_fact *ebpf_verify_facts(const struct ebpf_verify *verify,
                                                   uint32_t *count);

EBPF_END_DECLS

#endif
