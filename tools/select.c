/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "tools/output.h"
#include "tools/report.h"
#include "tools/select.h"

static bool is(const char *word, size_t length, const char *name)
{
    return strlen(name) == length && !memcmp(word, name, length);
}

/* The verdict of a name, or NULL. */
static const char *verdict(const char *type, const char *word, size_t length)
{
    for (unsigned slot = 0; type && slot < TOOL_RESULTS - 1; slot++) {
        const char *name = ebpf_verdict_of(type, tool_result_of(slot)).name;
        if (name && is(word, length, name))
            return name;
    }
    return NULL;
}

static bool add(struct tool_selection *s, const char *word, size_t length)
{
    bool all = is(word, length, "all"), passed = is(word, length, "passed"),
         dropped = is(word, length, "dropped"), faulted = is(word, length, "faulted");
    s->passed |= all | passed;
    s->dropped |= all | dropped;
    s->faulted |= all | faulted;
    if (all | passed | dropped | faulted)
        return true;
    const char *name = verdict(s->type, word, length);
    if (name && s->verdict_count < TOOL_VERDICTS_MAX)
        s->verdicts[s->verdict_count++] = name;
    return name != NULL;
}

enum tool_exit tool_select(const char *option, const char *list, const char *type,
                           struct tool_selection *out)
{
    *out = (struct tool_selection){.type = type};
    do {
        size_t length = strcspn(list, ",");
        if (!add(out, list, length)) {
            tool_error("--%s: '%.*s' is none of all, passed, dropped, faulted%s%s", option,
                       (int)(length < 40 ? length : 40), list,
                       type ? ", nor a verdict of type " : "", type ? type : "");
            return TOOL_EXIT_USAGE;
        }
        list += length;
    } while (*list++);
    return TOOL_EXIT_OK;
}

bool tool_is_selected(const struct tool_selection *s, const struct tool_packet *p)
{
    if (p->status != EBPF_OK)
        return s->faulted;
    if (p->passes ? s->passed : s->dropped)
        return true;
    const char *name = s->verdict_count ? ebpf_verdict_of(s->type, p->r0).name : NULL;
    for (unsigned i = 0; name && i < s->verdict_count; i++)
        if (!strcmp(s->verdicts[i], name))
            return true;
    return false;
}
