/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tools/output.h"

static enum tool_exit run(struct tool *tool)
{
    const struct tool_command *command = NULL;
    if (tool->operand_count) {
        command = tool_command_find(tool->operands[0]);
        if (!command) {
            tool_error("there is no command '%.40s'; 'ebpfvm help' lists them", tool->operands[0]);
            return TOOL_EXIT_USAGE;
        }
    }
    switch ((enum tool_generate)tool->options.generate) {
    case TOOL_GENERATE_NONE:
        tool_help(command, stdout);
        break;
    case TOOL_GENERATE_MAN:
        tool_man(command, stdout);
        break;
    case TOOL_GENERATE_BASH:
        tool_bash(stdout);
        break;
    case TOOL_GENERATE_ZSH:
        tool_zsh(stdout);
        break;
    }
    return TOOL_EXIT_OK;
}

static const struct tool_example examples[] = {
    {"All options of a command", "ebpfvm help run"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "print help",
    .description = "Prints an overview, or all about one command, as --help does.",
    .examples = examples,
    .bit = TOOL_HELP,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
