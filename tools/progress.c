/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <time.h>
#include <unistd.h>

#include "tools/output.h"
#include "tools/progress.h"

/* The bar appears after the first, and moves after the second. */
#define DELAY UINT64_C(500000000)
#define INTERVAL UINT64_C(100000000)

uint64_t tool_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void tool_progress_start(const struct tool *tool, struct tool_progress *progress)
{
    /* Lines of a table on the same terminal show progress enough. */
    bool table = tool->options.table != TOOL_TABLE_NONE && isatty(STDOUT_FILENO);
    *progress = (struct tool_progress){.enabled = isatty(STDERR_FILENO) && !table,
                                       .colored = tool_is_colored(tool, stderr),
                                       .started = tool_clock()};
}

static void draw(const struct tool_progress *p, double done, uint64_t packets)
{
    enum { WIDTH = 40 };
    double seconds = (double)(p->last - p->started) / 1e9;
    fputc('\r', stderr);
    if (done >= 0) {
        int filled = (int)(done * WIDTH);
        fputs(p->colored ? "\033[32m" : "", stderr);
        for (int i = 0; i < WIDTH; i++)
            fputc(i < filled ? '#' : '.', stderr);
        fprintf(stderr, "%s %3d %%  ", p->colored ? "\033[0m" : "", (int)(done * 100));
    }
    fprintf(stderr, "%llu packets, %.1f s ", (unsigned long long)packets, seconds);
    if (done > 0.01)
        fprintf(stderr, "of %.1f s", seconds / done);
    fputs("\033[K", stderr);
    fflush(stderr);
}

void tool_progress_update(struct tool_progress *progress, double done, uint64_t packets)
{
    if (!progress->enabled)
        return;
    uint64_t now = tool_clock();
    if (now - progress->started < DELAY || now - progress->last < INTERVAL)
        return;
    progress->last = now;
    progress->shown = true;
    draw(progress, done > 1 ? 1 : done, packets);
}

void tool_progress_end(struct tool_progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
