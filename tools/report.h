/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What `run` found out: counts, faults by kind, and how they are printed. */
#ifndef TOOLS_REPORT_H
#define TOOLS_REPORT_H

#include "tools/packets.h"

/* A kind of fault: how often it came, and where first. */
struct tool_fault {
    uint64_t count, packet;
    struct ebpf_fault first;
};

enum { TOOL_FAULT_KINDS = 16, TOOL_RESULTS = 17 };

/* What all runs so far came to. */
struct tool_tally {
    uint64_t packets, passed, dropped, bytes, executed;
    uint64_t nanoseconds; /* of running, without reading and printing */
    struct tool_fault faults[TOOL_FAULT_KINDS];
    unsigned fault_kinds;
    uint64_t results[TOOL_RESULTS]; /* how often r0 was -1, 0, 1, …; the last counts all others */
};

/* What r0 was where it is counted as result `slot`. */
uint64_t tool_result_of(unsigned slot);

void tool_tally_add(struct tool_tally *tally, const struct tool_packet *packet,
                    const struct ebpf_fault *fault);
/* Adds what others found. */
void tool_tally_merge(struct tool_tally *tally, const struct tool_tally *other);
uint64_t tool_tally_faults(const struct tool_tally *tally);

/* The table of --table: its head, the lines of a batch, its end. */
void tool_table_begin(struct tool *tool);
void tool_table_print(struct tool *tool, const struct tool_batch *batch, enum tool_link link);
void tool_table_end(struct tool *tool);

/* @param written  how many packets --out got; UINT64_MAX if it was not asked for */
void tool_summary(struct tool *tool, const struct tool_tally *tally, uint64_t written);

/* r0 of a single run; and, with --count or --repeat, how much work it was. */
void tool_result(struct tool *tool, const struct tool_packet *packet,
                 const struct tool_tally *tally);

#endif
