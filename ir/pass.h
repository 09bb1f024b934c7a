/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The inside of a verification, for the built-in passes. */
#ifndef IR_PASS_H
#define IR_PASS_H

#include <ebpfvm/verify.h>

#include "ir/analysis.h"
#include "ir/env.h"

/* Explanations that are wanted, as in struct ebpf_verify_options. */
struct ebpf_state;
struct ebpf_verify_view {
    const struct ebpf_stream *log, *listing, *graph, *why;
    uint32_t log_level;
    /* For tests: told what is known before an instruction each time that one is looked at; NULL
     * otherwise.  With it proofs that do not report are watched as well. */
    void (*states)(void *ctx, const struct ebpf_state *state, uint32_t insn);
    void *states_ctx;
};

struct ebpf_verify {
    const struct ebpf_program *program;
    struct ebpf_diag *diag;
    const struct ebpf_contract *contract; /* NULL if none was given */
    const struct ebpf_verify_view *view;  /* NULL if no explanation is wanted */
    struct ebpf_analyses analyses;
    struct ebpf_arena arena;      /* memory of the passes */
    uint32_t packet_least;        /* facts that assume something hold for so long packets */
    /* What the kernel minds only where a path leads is left to the pass "safety", which is still to
     * come; some was. */
    bool defers, deferred;
    struct ebpf_fact *facts;      /* of each instruction; NULL if not looked for or not found */
    const struct ebpf_pass *pass; /* the one that runs */
    uint32_t findings;            /* rejections and warnings of that pass */
    ebpf_status rejected;         /* status of its first rejection */
};

/* Proves what can be proven, and leaves the facts in `verify`.  With `reports`, what is not proven
 * is a rejection; without, that is fine.  Needs LOOPS. */
ebpf_status ebpf_safety_prove(struct ebpf_verify *verify, bool reports);

/* What a verification leaves behind, and in what memory. */
struct ebpf_verify_results {
    const struct ebpf_mem *mem;
    struct ebpf_fact **facts; /* gets the facts, the caller's to free, or NULL; may be NULL */
    /* If not NULL, the facts may assume that packets have so many bytes. */
    uint32_t *packet_least;
    const struct ebpf_verify_view *view; /* explanations, or NULL */
    bool only_verdict; /* no engine, which needs programs that are well-formed, runs it */
};

/* Verifies as ebpf_verify() does, against a contract, which may be NULL. */
ebpf_status ebpf_verify_against(const struct ebpf_program *program,
                                const struct ebpf_pass *const *passes,
                                const struct ebpf_contract *contract, struct ebpf_diag *diag,
                                const struct ebpf_verify_results *results);

/* The built-in passes. */
#define EBPF_PASS(id, strict, lenient) extern const struct ebpf_pass ebpf_pass_##id;
#include "ir/verify/passes.def"
#undef EBPF_PASS

#endif
