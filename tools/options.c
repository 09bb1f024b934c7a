/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/cli.h"
#include "tools/output.h"

const struct tool_option tool_options[] = {
#define TOOL_OPTION(commands, letter, name, kind, field, value, argument, help)               \
    {commands, letter, name, TOOL_OPTION_##kind, offsetof(struct tool_options, field), value, \
     argument, help},
#include "tools/options.def"
#undef TOOL_OPTION
};

const size_t tool_option_count = sizeof(tool_options) / sizeof(tool_options[0]);

const struct tool_command *tool_command_at(size_t index)
{
    static const struct tool_command *const commands[] = {
#define TOOL_COMMAND(id, name) &tool_cmd_##name,
#include "tools/commands.def"
#undef TOOL_COMMAND
    };
    return index < TOOL_COMMAND_COUNT ? commands[index] : NULL;
}

const struct tool_command *tool_command_find(const char *name)
{
    const struct tool_command *c;
    for (size_t i = 0; (c = tool_command_at(i)); i++) {
        if (!strcmp(c->name, name))
            return c;
    }
    return NULL;
}

const char *tool_choice(const char *argument, size_t index, size_t *length)
{
    const char *word = argument + (*argument == '[');
    for (;; index--) {
        *length = strcspn(word, "|]");
        if (index == 0)
            return word;
        if (word[*length] != '|')
            return NULL;
        word += *length + 1;
    }
}

unsigned tool_distance(const char *a, const char *b)
{
    enum { MAX = 32 };
    unsigned row[MAX + 1];
    size_t n = strlen(a), m = strlen(b);
    if (n > MAX || m > MAX)
        return MAX;
    for (unsigned j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned replace = diagonal + (a[i - 1] != b[j - 1]);
            unsigned edit = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replace < edit ? replace : edit;
        }
    }
    return row[m];
}

bool tool_is_nearer(const char *given, const char *candidate, unsigned *best)
{
    unsigned distance = tool_distance(given, candidate);
    if (distance >= *best || distance > 1 + strlen(given) / 3)
        return false;
    *best = distance;
    return true;
}

static enum tool_exit usage(const struct tool *tool)
{
    const struct tool_command *c = tool->command;
    fprintf(stderr, "Try 'ebpfvm %s%s--help'.\n", c ? c->name : "", c ? " " : "");
    return c ? c->usage_exit : TOOL_EXIT_USAGE;
}

static bool takes(const struct tool *tool, const struct tool_option *o)
{
    return !tool->command ? o->commands == TOOL_ALL : (o->commands & tool->command->bit) != 0;
}

static enum tool_exit unknown_option(const struct tool *tool, const char *name, size_t length)
{
    char given[33];
    snprintf(given, sizeof(given), "%.*s", (int)(length < 33 ? length : 32), name);
    const char *nearest = NULL;
    unsigned best = UINT32_MAX;
    for (size_t i = 0; i < tool_option_count; i++) {
        const struct tool_option *o = &tool_options[i];
        if (takes(tool, o) && o->help && tool_is_nearer(given, o->name, &best))
            nearest = o->name;
    }
    if (nearest)
        tool_error("unknown option '--%s'; did you mean '--%s'?", given, nearest);
    else
        tool_error("unknown option '--%s'", given);
    return usage(tool);
}

static enum tool_exit unknown_command(const struct tool *tool, const char *given)
{
    const struct tool_command *c, *nearest = NULL;
    unsigned best = UINT32_MAX;
    for (size_t i = 0; (c = tool_command_at(i)); i++) {
        if (tool_is_nearer(given, c->name, &best))
            nearest = c;
    }
    if (nearest)
        tool_error("unknown command '%.40s'; did you mean '%s'?", given, nearest->name);
    else
        tool_error("unknown command '%.40s'", given);
    return usage(tool);
}

static bool set_choice(struct tool *tool, const struct tool_option *o, const char *text)
{
    int *field = (int *)((char *)&tool->options + o->offset);
    const char *word;
    size_t length;
    for (size_t i = 0; (word = tool_choice(o->argument, i, &length)); i++) {
        if (strlen(text) == length && !memcmp(text, word, length)) {
            *field = o->value + (int)i;
            return true;
        }
    }
    tool_error("--%s: '%.40s' is none of %s", o->name, text, o->argument);
    return false;
}

bool tool_number(const char *text, uint64_t *out)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = text + (hex ? 2 : 0);
    char *end;
    if (!*digits || strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789") !=
                        strlen(digits))
        return false;
    errno = 0;
    unsigned long long value = strtoull(digits, &end, hex ? 16 : 10);
    *out = value;
    return !errno && !*end;
}

bool tool_numbers(const char *text, uint64_t *first, uint64_t *second)
{
    char copy[24];
    size_t length = strcspn(text, ",");
    if (!text[length] || length >= sizeof(copy))
        return false;
    memcpy(copy, text, length);
    copy[length] = 0;
    return tool_number(copy, first) && tool_number(text + length + 1, second);
}

static bool set_number(struct tool *tool, const struct tool_option *o, const char *text)
{
    uint64_t *field = (uint64_t *)(void *)((char *)&tool->options + o->offset);
    if (strstr(o->argument, "|unlimited") && !strcmp(text, "unlimited")) {
        *field = UINT64_MAX;
        return true;
    }
    if (tool_number(text, field) && *field >= (uint64_t)o->value)
        return true;
    tool_error("--%s: '%.40s' is not a number of at least %d", o->name, text, o->value);
    return false;
}

static bool add_to_list(struct tool *tool, const struct tool_option *o, const char *text)
{
    struct tool_list *list = (struct tool_list *)(void *)((char *)&tool->options + o->offset);
    if (list->count < TOOL_LIST_MAX) {
        list->items[list->count++] = text;
        return true;
    }
    tool_error("--%s: more than %d of them", o->name, (int)TOOL_LIST_MAX);
    return false;
}

static bool set(struct tool *tool, const struct tool_option *o, const char *text)
{
    char *field = (char *)&tool->options + o->offset;
    switch (o->kind) {
    case TOOL_OPTION_SET:
        *(int *)(void *)field = o->value;
        return true;
    case TOOL_OPTION_TEXT:
        *(const char **)(void *)field = text;
        return true;
    case TOOL_OPTION_NUMBER:
        return set_number(tool, o, text);
    case TOOL_OPTION_LIST:
        return add_to_list(tool, o, text);
    case TOOL_OPTION_CHOICE:
        break;
    }
    if (!text) /* left out where it may be */
        *(int *)(void *)field = o->value;
    return !text || set_choice(tool, o, text);
}

/* The option that `arg` names, and its value where that is part of `arg`. */
static const struct tool_option *find(const struct tool *tool, const char *arg, const char **value)
{
    bool is_long = arg[1] == '-';
    const char *name = arg + (is_long ? 2 : 1);
    size_t length = is_long ? strcspn(name, "=") : 1;
    for (size_t i = 0; i < tool_option_count; i++) {
        const struct tool_option *o = &tool_options[i];
        if (!takes(tool, o))
            continue;
        if (is_long ? strlen(o->name) == length && !memcmp(name, o->name, length)
                    : o->letter == *name) {
            *value = name[length] ? name + length + (is_long ? 1 : 0) : NULL;
            return o;
        }
    }
    return NULL;
}

/* Parses the option argv[*at], taking its value from the next argument where needed. */
static enum tool_exit parse_option(struct tool *tool, char *const argv[], int *at)
{
    const char *arg = argv[*at], *value;
    const struct tool_option *o = find(tool, arg, &value);
    if (!o && arg[1] != '-') {
        tool_error("unknown option '%.2s'", arg);
        return usage(tool);
    }
    if (!o)
        return unknown_option(tool, arg + 2, strcspn(arg + 2, "="));
    if (o->kind == TOOL_OPTION_SET && value) {
        tool_error("--%s takes no value", o->name);
        return usage(tool);
    }
    if (o->kind != TOOL_OPTION_SET && !value && o->argument[0] != '[') {
        value = argv[*at + 1];
        if (!value) {
            tool_error("--%s needs a value: %s", o->name, o->argument);
            return usage(tool);
        }
        ++*at;
    }
    return set(tool, o, value) ? TOOL_EXIT_OK : usage(tool);
}

static enum tool_exit parse_operand(struct tool *tool, const char *text)
{
    if (!tool->command) {
        tool->command = tool_command_find(text);
        return tool->command ? TOOL_EXIT_OK : unknown_command(tool, text);
    }
    if (tool->operand_count == tool->command->operands_max) {
        tool_error("'%.60s' is one argument too many", text);
        return usage(tool);
    }
    tool->operands[tool->operand_count++] = text;
    return TOOL_EXIT_OK;
}

/* --filter stands for the operand. */
static enum tool_exit check_operands(struct tool *tool)
{
    const struct tool_command *c = tool->command;
    if (tool->options.filter && tool->operand_count > 0)
        tool_error("--filter takes the place of '%.60s'", tool->operands[0]);
    else if (tool->options.link && !tool->options.filter)
        tool_error("--link is for --filter");
    else if (!tool->options.filter && tool->operand_count < c->operands_min)
        tool_error("%s needs an argument: %s", c->name, c->operands);
    else
        return TOOL_EXIT_OK;
    return usage(tool);
}

enum tool_exit tool_parse(struct tool *tool, int argc, char *const argv[])
{
    bool options = true; /* until "--" */
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];
        enum tool_exit code = TOOL_EXIT_OK;
        if (options && !strcmp(arg, "--"))
            options = false;
        else if (options && arg[0] == '-' && arg[1])
            code = parse_option(tool, argv, &i);
        else
            code = parse_operand(tool, arg);
        if (code != TOOL_EXIT_OK)
            return code;
    }
    if (tool->options.help || tool->options.version)
        return TOOL_EXIT_OK;
    if (!tool->command) {
        tool_error("no command is given");
        return usage(tool);
    }
    enum tool_exit code = check_operands(tool);
    if (code == TOOL_EXIT_OK && tool->options.filter)
        tool->operands[0] = "--filter"; /* what reports call it */
    return code;
}
