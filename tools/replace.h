/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Files that are written next to their place, and take it once they are whole: who has the old one
 * keeps it if the work fails, is killed or runs out of disk. */
#ifndef TOOLS_REPLACE_H
#define TOOLS_REPLACE_H

#include "tools/cli.h"

/* Start with all zero. */
struct tool_replace {
    const char *name; /* as given */
    char *target;     /* what is replaced: `name`, or what it is a link to */
    char *temporary;  /* NULL: what is there is no file, and is written to as it is */
    FILE *file;       /* to write to */
    int error;        /* errno of the first thing that went wrong with it */
};

/* Opens a file that is to take the place of `name`; complains if there can be none. */
enum tool_exit tool_replace_open(struct tool *tool, const char *name, struct tool_replace *r);

/* To be called when writing may just have failed: remembers why.  Whether it ever did. */
bool tool_replace_failed(struct tool_replace *r);

/* Writes what is left and puts it in its place; `code`, unless that fails, which is complained
 * about.  Without an open file does nothing. */
enum tool_exit tool_replace_commit(struct tool *tool, struct tool_replace *r, enum tool_exit code);

/* Leaves what was there before. */
void tool_replace_abort(struct tool_replace *r);

#endif
