/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "tools/cli.h"

enum { COLUMNS = 80, OPTION_COLUMN = 28 };

/* Prints words up to the end of a paragraph, broken into lines.  `column` is where the cursor is;
 * further lines start at `indent`. @return what follows the paragraph */
static const char *print_paragraph(FILE *out, const char *text, int column, int indent)
{
    while (*text && *text != '\n') {
        int length = (int)strcspn(text, " \n");
        if (column > indent && column + 1 + length > COLUMNS) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", length, text);
        column += length;
        text += length;
        text += *text == ' ';
    }
    fputc('\n', out);
    return text + strspn(text, "\n");
}

static void print_text(FILE *out, const char *text, int indent)
{
    while (*text) {
        fprintf(out, "%*s", indent, "");
        text = print_paragraph(out, text, indent, indent);
        if (*text)
            fputc('\n', out);
    }
}

static void print_option(FILE *out, const struct tool_option *o)
{
    char left[80];
    bool optional = o->argument && o->argument[0] == '[';
    int n = o->letter ? snprintf(left, sizeof(left), "  -%c, --%s", o->letter, o->name)
                      : snprintf(left, sizeof(left), "      --%s", o->name);
    if (o->argument)
        n += snprintf(left + n, sizeof(left) - (size_t)n, optional ? "[=%s" : "=%s",
                      o->argument + optional);
    fputs(left, out);
    if (n >= OPTION_COLUMN) {
        fputc('\n', out);
        n = 0;
    }
    fprintf(out, "%*s", OPTION_COLUMN - n, "");
    print_paragraph(out, o->help, OPTION_COLUMN, OPTION_COLUMN);
}

static void print_options(FILE *out, const struct tool_command *command)
{
    fputs("\nOptions:\n", out);
    for (size_t i = 0; i < tool_option_count; i++) {
        const struct tool_option *o = &tool_options[i];
        if (o->help && (command ? (o->commands & command->bit) != 0 : o->commands == TOOL_ALL))
            print_option(out, o);
    }
}

static void print_exit_codes(FILE *out)
{
    fputs("\nExit codes:\n", out);
#define TOOL_EXIT(id, code, text)  \
    fprintf(out, "  %-5d", code); \
    print_paragraph(out, text, 7, 7);
#include "tools/exits.def"
#undef TOOL_EXIT
}

static void help_all(FILE *out)
{
    const struct tool_command *c;
    fputs("Usage: ebpfvm COMMAND [OPTION...] [ARGUMENT]\n\n"
          "Assembles, checks, shows and runs eBPF programs in user space.\n\nCommands:\n", out);
    for (size_t i = 0; (c = tool_command_at(i)); i++)
        fprintf(out, "  %-8s  %s\n", c->name, c->summary);
    print_options(out, NULL);
    print_exit_codes(out);
    fputs("\n'ebpfvm COMMAND --help' tells more about a command.\n", out);
}

void tool_help(const struct tool_command *command, FILE *out)
{
    if (!command) {
        help_all(out);
        return;
    }
    fprintf(out, "Usage: ebpfvm %s [OPTION...]%s%s\n\n", command->name,
            *command->operands ? " " : "", command->operands);
    print_text(out, command->description, 0);
    print_options(out, command);
    fputs("\nExamples:\n", out);
    for (const struct tool_example *e = command->examples; e->text; e++)
        fprintf(out, "  %s:\n      %s\n", e->text, e->command);
    print_exit_codes(out);
}
