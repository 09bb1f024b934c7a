/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Manual pages, from the tables that parse the command line. */
#include <ctype.h>
#include <string.h>

#include "tools/cli.h"

/* Text for roff: hyphens and backslashes stay what they are, paragraphs are apart. */
static void print_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n' && text[1] == '\n') {
            fputs("\n.PP\n", out);
            text++;
        } else if (*text == '-') {
            fputs("\\-", out);
        } else if (*text == '\\') {
            fputs("\\e", out);
        } else if (*text == '\'') {
            fputs("\\(aq", out);
        } else {
            fputc(*text, out);
        }
    }
}

static void print_bold(FILE *out, const char *text)
{
    fputs("\\fB", out);
    print_text(out, text);
    fputs("\\fR", out);
}

static void print_option(FILE *out, const struct tool_option *o)
{
    bool optional = o->argument && o->argument[0] == '[';
    fputs(".TP\n", out);
    if (o->letter)
        fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
    fputs("\\fB\\-\\-", out);
    print_text(out, o->name);
    fputs("\\fR", out);
    if (o->argument) {
        fputs(optional ? "[=\\fI" : "=\\fI", out);
        print_text(out, o->argument + optional);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    print_text(out, o->help);
    fputc('\n', out);
}

static void print_options(FILE *out, const struct tool_command *command)
{
    fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; i < tool_option_count; i++) {
        const struct tool_option *o = &tool_options[i];
        if (o->help && (command ? (o->commands & command->bit) != 0 : o->commands == TOOL_ALL))
            print_option(out, o);
    }
}

static void print_exit_codes(FILE *out)
{
    fputs(".SH \"EXIT STATUS\"\n", out);
#define TOOL_EXIT(id, code, text)           \
    fprintf(out, ".TP\n\\fB%d\\fR\n", code); \
    print_text(out, text);                  \
    fputc('\n', out);
#include "tools/exits.def"
#undef TOOL_EXIT
}

static void print_head(FILE *out, const char *name, const char *summary)
{
    fputs(".\\\" SPDX-License-Identifier: MIT OR Apache-2.0\n"
          ".\\\" Made by `ebpfvm help --man` from the tables in tools/: `make update-man`.\n"
          ".TH EBPFVM", out);
    for (const char *p = name; *p; p++)
        fputc(toupper((unsigned char)*p), out);
    fprintf(out, " 1 \"\" \"ebpfvm %s\" \"User Commands\"\n.SH NAME\nebpfvm", EBPFVM_VERSION);
    print_text(out, name);
    fputs(" \\- ", out);
    print_text(out, summary);
    fputs("\n.SH SYNOPSIS\n", out);
}

static void print_see_also(FILE *out, const struct tool_command *except)
{
    const struct tool_command *c;
    fputs(".SH \"SEE ALSO\"\n", out);
    fputs(except ? ".BR ebpfvm (1)" : "", out);
    for (size_t i = 0; (c = tool_command_at(i)); i++) {
        if (c != except)
            fprintf(out, "%s.BR ebpfvm\\-%s (1)", i || except ? ",\n" : "", c->name);
    }
    fputc('\n', out);
}

static void man_all(FILE *out)
{
    const struct tool_command *c;
    print_head(out, "", "assemble, check, show and run eBPF programs");
    fputs("\\fBebpfvm\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR]\n"
          ".SH DESCRIPTION\n"
          "Runs eBPF programs in user space: no kernel takes part, no privilege is needed, and "
          "a program can touch only the memory that it was given.\n.SH COMMANDS\n", out);
    for (size_t i = 0; (c = tool_command_at(i)); i++) {
        fputs(".TP\n", out);
        print_bold(out, c->name);
        fputc('\n', out);
        print_text(out, c->summary);
        fputc('\n', out);
    }
    print_options(out, NULL);
    print_exit_codes(out);
    print_see_also(out, NULL);
}

void tool_man(const struct tool_command *command, FILE *out)
{
    if (!command) {
        man_all(out);
        return;
    }
    char name[20];
    snprintf(name, sizeof(name), "-%s", command->name);
    print_head(out, name, command->summary);
    fprintf(out, "\\fBebpfvm %s\\fR [\\fIOPTION\\fR...] \\fI", command->name);
    print_text(out, command->operands);
    fputs("\\fR\n.SH DESCRIPTION\n", out);
    print_text(out, command->description);
    fputc('\n', out);
    print_options(out, command);
    print_exit_codes(out);
    fputs(".SH EXAMPLES\n", out);
    for (const struct tool_example *e = command->examples; e->text; e++) {
        fputs(".TP\n", out);
        print_text(out, e->text);
        fputs("\n.EX\n", out);
        print_text(out, e->command);
        fputs("\n.EE\n", out);
    }
    print_see_also(out, command);
}
