/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tools/capture.h"
#include "tools/maps.h"
#include "tools/output.h"

void tool_version(FILE *out)
{
    fprintf(out, "ebpfvm %s\n", ebpf_version());
}

static enum tool_exit run(struct tool *tool)
{
    (void)tool;
    tool_version(stdout);
    const struct ebpf_backend *b;
    for (size_t i = 0; (b = ebpf_backend_at(i)); i++)
        printf("backend   %-8s  %s%s\n", b->name, b->summary,
               b->probe() == EBPF_OK ? "" : " (cannot run here)");
    printf("captures  %s\n", tool_capture_library());
    printf("json      %s\n", tool_json_library());
    return TOOL_EXIT_OK;
}

static const struct tool_example examples[] = {
    {"Which backends are there?", "ebpfvm version"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_version = {
    .name = "version",
    .operands = "",
    .summary = "print the version, the backends and what is built in",
    .description = "Prints the version, then the backends, best first, and what reads captures "
                   "and JSON.",
    .examples = examples,
    .bit = TOOL_VERSION,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
