/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Completions for bash and zsh, from the tables that parse the command line. */
#include <string.h>

#include "tools/cli.h"

static bool is_choice(const struct tool_option *o)
{
    return o->kind == TOOL_OPTION_CHOICE;
}

/* The options of a command, and for choices every word they take. */
static void print_bash_options(FILE *out, const struct tool_command *c)
{
    for (size_t i = 0; i < tool_option_count; i++) {
        const struct tool_option *o = &tool_options[i];
        if (!o->help || !(o->commands & c->bit))
            continue;
        const char *word;
        size_t length;
        if (!is_choice(o) || o->argument[0] == '[')
            fprintf(out, " --%s%s", o->name, o->argument && o->argument[0] != '[' ? "=" : "");
        for (size_t n = 0; is_choice(o) && (word = tool_choice(o->argument, n, &length)); n++)
            fprintf(out, " --%s=%.*s", o->name, (int)length, word);
    }
}

void tool_bash(FILE *out)
{
    const struct tool_command *c;
    fputs("# SPDX-License-Identifier: MIT OR Apache-2.0\n"
          "# Made by `ebpfvm help --bash`; `make update-man` does it.\n"
          "_ebpfvm()\n{\n"
          "    local line=${COMP_LINE:0:COMP_POINT} word options\n"
          "    word=${line##*[[:space:]]}\n"
          "    COMPREPLY=()\n"
          "    case ${COMP_WORDS[1]} in\n", out);
    for (size_t i = 0; (c = tool_command_at(i)); i++) {
        fprintf(out, "    %s) options='", c->name);
        print_bash_options(out, c);
        fputs("' ;;\n", out);
    }
    fputs("    *) options='", out);
    for (size_t i = 0; (c = tool_command_at(i)); i++)
        fprintf(out, "%s%s", i ? " " : "", c->name);
    fputs("' ;;\n    esac\n"
          "    if [[ $word == -* || $COMP_CWORD -eq 1 ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
          "    fi\n"
          "    if ((${#COMPREPLY[@]} == 0)) && [[ $word != -* || $word == *=* ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"${word#-*=}\")\n"
          "    elif [[ $word == *=* && $COMP_WORDBREAKS == *=* ]]; then\n"
          "        # readline takes '=' for the start of a word\n"
          "        COMPREPLY=(\"${COMPREPLY[@]#\"${word%%=*}=\"}\")\n"
          "    fi\n"
          "    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n"
          "    return 0\n}\n"
          "complete -o filenames -F _ebpfvm ebpfvm\n", out);
}

/* Text between single quotes, for a specification of _arguments. */
static void print_zsh_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr("[]:\\", *text))
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
}

static void print_zsh_option(FILE *out, const struct tool_option *o)
{
    bool optional = o->argument && o->argument[0] == '[';
    fprintf(out, "            '--%s%s[", o->name, !o->argument ? "" : optional ? "=-" : "=");
    print_zsh_text(out, o->help);
    fputs("]", out);
    if (o->argument)
        fprintf(out, "%s%s:", optional ? "::" : ":", o->name);
    const char *word;
    size_t length;
    for (size_t n = 0; is_choice(o) && (word = tool_choice(o->argument, n, &length)); n++)
        fprintf(out, "%s%.*s", n ? " " : "(", (int)length, word);
    if (is_choice(o))
        fputc(')', out);
    else if (o->argument && !strcmp(o->argument, "FILE"))
        fputs("_files", out);
    fputs("' \\\n", out);
}

void tool_zsh(FILE *out)
{
    const struct tool_command *c;
    fputs("#compdef ebpfvm\n"
          "# SPDX-License-Identifier: MIT OR Apache-2.0\n"
          "# Made by `ebpfvm help --zsh`; `make update-man` does it.\n"
          "local -a commands\ncommands=(\n", out);
    for (size_t i = 0; (c = tool_command_at(i)); i++) {
        fprintf(out, "    '%s:", c->name);
        print_zsh_text(out, c->summary);
        fputs("'\n", out);
    }
    fputs(")\nif ((CURRENT == 2)); then\n    _describe command commands\n    return\nfi\n"
          "local command=${words[2]}\nshift words\n((CURRENT--))\ncase $command in\n", out);
    for (size_t i = 0; (c = tool_command_at(i)); i++) {
        fprintf(out, "    %s)\n        _arguments \\\n", c->name);
        for (size_t n = 0; n < tool_option_count; n++) {
            if (tool_options[n].help && (tool_options[n].commands & c->bit))
                print_zsh_option(out, &tool_options[n]);
        }
        fputs("            '*:file:_files' ;;\n", out);
    }
    fputs("esac\n", out);
}
