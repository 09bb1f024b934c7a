/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "tools/input.h"
#include "tools/machine.h"
#include "tools/output.h"

enum { PASSES_MAX = 16 };

/* Complains about a pass that does not exist, naming those of the default list. */
static enum tool_exit unknown_pass(const char *name)
{
    char names[200] = "";
    const struct ebpf_pass *const *p = ebpf_verifier_strict();
    for (size_t used = 0; *p && used < sizeof(names); p++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
                                 (*p)->name);
    tool_error("--passes: there is no pass '%s'; the default ones are %s", name, names);
    return TOOL_EXIT_USAGE;
}

/* Fills in the NULL-terminated list that --passes names. */
static enum tool_exit find_passes(const char *text, const struct ebpf_pass *list[PASSES_MAX + 1])
{
    size_t count = 0;
    for (;;) {
        char name[40];
        size_t length = strcspn(text, ",");
        snprintf(name, sizeof(name), "%.*s", (int)(length < 40 ? length : 39), text);
        if (count == PASSES_MAX) {
            tool_error("--passes: more than %d passes", PASSES_MAX);
            return TOOL_EXIT_USAGE;
        }
        list[count] = ebpf_pass_find(name);
        if (!list[count++])
            return unknown_pass(name);
        if (!text[length])
            break;
        text += length + 1;
    }
    list[count] = NULL;
    return TOOL_EXIT_OK;
}

static void report(struct tool *tool, const struct ebpf_program *program, ebpf_status status)
{
    uint32_t insns, functions;
    ebpf_program_insns(program, &insns);
    ebpf_program_functions(program, &functions);
    if (tool->options.json) {
        tool_json(tool, "accepted", status == EBPF_OK ? "true" : "false");
        tool_json(tool, "instructions", "%u", insns);
        tool_json(tool, "functions", "%u", functions);
    } else if (status == EBPF_OK) {
        bool color = tool_is_colored(tool, stdout);
        printf("%s: %saccepted%s: %u instruction%s, %u function%s\n",
               tool_input_name(tool->operands[0]), color ? "\033[1;32m" : "",
               color ? "\033[0m" : "", insns, insns == 1 ? "" : "s", functions,
               functions == 1 ? "" : "s");
    }
}

static enum tool_exit run(struct tool *tool)
{
    const struct ebpf_pass *passes[PASSES_MAX + 1];
    const struct ebpf_pass *const *list = tool_verifier(tool);
    if (tool->options.passes) {
        enum tool_exit code = find_passes(tool->options.passes, passes);
        if (code != TOOL_EXIT_OK)
            return code;
        list = passes;
    }
    struct ebpf_program *program;
    enum tool_exit code = tool_load(tool, tool->operands[0], &program);
    if (code == TOOL_EXIT_OK) {
        ebpf_status status = ebpf_verify(program, list, NULL, tool->diag);
        report(tool, program, status);
        code = tool_exit_of(status);
    }
    ebpf_program_unref(program);
    return code;
}

static const struct tool_example examples[] = {
    {"Check a program as strictly as the kernel", "ebpfvm verify filter.s"},
    {"Only look at the structure, and let a script read the result",
     "ebpfvm verify --passes=structure --json filter.bin"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_verify = {
    .name = "verify",
    .operands = "FILE|-|HEX",
    .summary = "check a program without running it",
    .description =
        "Runs the verifier over a program and says what is wrong with it, at which instruction "
        "and source line, and what to do about it. The default passes are as strict as the "
        "kernel.",
    .examples = examples,
    .bit = TOOL_VERIFY,
    .operands_min = 1,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
