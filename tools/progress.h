/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A progress bar on stderr: only on a terminal, and only for work that takes a while. */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include "tools/cli.h"

struct tool_progress {
    bool enabled, shown, colored;
    uint64_t started, last; /* nanoseconds */
};

/* Nanoseconds of a clock that only goes forward. */
uint64_t tool_clock(void);

void tool_progress_start(const struct tool *tool, struct tool_progress *progress);

/* `done` is 0 to 1, or negative if unknown. */
void tool_progress_update(struct tool_progress *progress, double done, uint64_t packets);

/* Takes the bar away. */
void tool_progress_end(struct tool_progress *progress);

#endif
