/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Runs batches of packets on one VM, with as many threads as asked for. */
#ifndef TOOLS_RUNNER_H
#define TOOLS_RUNNER_H

#include "tools/input.h"
#include "tools/progress.h"
#include "tools/report.h"

struct tool_worker;
struct tool_pool;

/* Start with all zero, and set what is not private. */
struct tool_runner {
    struct tool *tool;
    struct ebpf_vm *vm;
    const char *type;               /* of a TYPED program, else NULL */
    const struct tool_bytes *mbuff; /* the metadata buffer; each run has a fresh copy */
    const struct ebpf_interrupt *interrupt;
    struct tool_batch *batch;
    struct tool_tally tally;
    struct tool_progress progress;
    struct tool_worker *workers; /* private: the first is the caller's */
    unsigned worker_count;
    struct tool_pool *pool; /* private: what they share */
};

/* Makes the threads that --threads asks for, but no more than there are processors: so each that
 * runs at a time has values of its own in per-CPU maps.  False if there is no memory for them. */
bool tool_runner_start(struct tool_runner *runner);
void tool_runner_stop(struct tool_runner *runner);

/* Runs the batch as often as --repeat asks for.  What was not reached for an interrupt or a
 * failure is taken out of the batch.
 * @param done  for the progress bar; negative if unknown
 * @return EBPF_OK, be it with faults; else why it stopped */
ebpf_status tool_runner_run(struct tool_runner *runner, double done);

#endif
