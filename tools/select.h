/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Which packets of a capture are printed or written: by what became of them. */
#ifndef TOOLS_SELECT_H
#define TOOLS_SELECT_H

#include "tools/packets.h"

enum { TOOL_VERDICTS_MAX = 16 };

struct tool_selection {
    bool passed, dropped, faulted;
    const char *type;
    const char *verdicts[TOOL_VERDICTS_MAX]; /* by name, of packets of `type` */
    unsigned verdict_count;
};

/* Parses a list with commas of all, passed, dropped, faulted, and names of the type's verdicts.
 * Complains about what it does not know, and gives the exit code. */
enum tool_exit tool_select(const char *option, const char *list, const char *type,
                           struct tool_selection *out);

bool tool_is_selected(const struct tool_selection *selection, const struct tool_packet *packet);

#endif
