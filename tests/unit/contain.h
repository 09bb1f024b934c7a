/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What the safety verifier knows before each instruction, kept to be compared with runs: whatever
 * a run holds in its registers and its stack has to be among that ("containment").
 */
#ifndef TESTS_CONTAIN_H
#define TESTS_CONTAIN_H

#include <stdbool.h>

#include <ebpfvm/verify.h>

#include "backends/step.h"

/* What is known of one program. */
struct contain;

/* The passes, and behind them one that proves once more as the VM does, and keeps what it knows.
 * The list is valid until the next call. */
const struct ebpf_pass *const *contain_passes(const struct ebpf_pass *const *passes);

/* What the pass has kept last, the caller's to free, if it was of this program; or NULL. */
struct contain *contain_take(const struct ebpf_program *program);

/* NULL is allowed. */
void contain_free(struct contain *known);

/* Where the frames of a run end, so far as they are live. */
enum { CONTAIN_FRAMES = 64 };

struct contain_frames {
    uint32_t first; /* the depth of the program's own frame */
    uint64_t tops[CONTAIN_FRAMES]; /* what r10 holds at each depth */
};

/* Whether what a run holds before an instruction is among what is known; if not, *text says what
 * is not. */
bool contain_fits(const struct contain *known, const struct ebpf_step *step,
                  const struct contain_frames *frames, char *text, size_t size);

/* How many instructions were looked at so far, and how many values; not for threads. */
struct contain_count {
    unsigned long long insns, values;
};
struct contain_count contain_looked_at(void);

#endif
