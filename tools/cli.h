/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The command line as data: subcommands, options, exit codes, and the parsed result. */
#ifndef TOOLS_CLI_H
#define TOOLS_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <ebpfvm/ebpfvm.h>

enum tool_exit {
#define TOOL_EXIT(id, code, text) TOOL_EXIT_##id = code,
#include "tools/exits.def"
#undef TOOL_EXIT
};

enum tool_command_index {
#define TOOL_COMMAND(id, name) TOOL_INDEX_##id,
#include "tools/commands.def"
#undef TOOL_COMMAND
    TOOL_COMMAND_COUNT
};

/* Subcommands as bits, for tool_option.commands. */
enum tool_command_bit {
#define TOOL_COMMAND(id, name) TOOL_##id = 1 << TOOL_INDEX_##id,
#include "tools/commands.def"
#undef TOOL_COMMAND
    TOOL_ALL = (1 << TOOL_COMMAND_COUNT) - 1
};

/* The values of options; the order is that of the words in options.def. */
enum tool_format { TOOL_FORMAT_AUTO, TOOL_FORMAT_ASM, TOOL_FORMAT_CBPF, TOOL_FORMAT_HEX,
                   TOOL_FORMAT_RAW, TOOL_FORMAT_ELF };
enum tool_dump { TOOL_DUMP_IR, TOOL_DUMP_CFG, TOOL_DUMP_BUILDER, TOOL_DUMP_CODE };
enum tool_helpers { TOOL_HELPERS_KERNEL, TOOL_HELPERS_RBPF, TOOL_HELPERS_NONE,
                    TOOL_HELPERS_CONFORMANCE /* of `plugin` only */ };
enum tool_table { TOOL_TABLE_NONE, TOOL_TABLE_ALL, TOOL_TABLE_PASSED, TOOL_TABLE_DROPPED,
                  TOOL_TABLE_FAULTED };
enum tool_color { TOOL_COLOR_AUTO, TOOL_COLOR_ALWAYS, TOOL_COLOR_NEVER };
enum tool_generate { TOOL_GENERATE_NONE, TOOL_GENERATE_MAN, TOOL_GENERATE_BASH,
                     TOOL_GENERATE_ZSH };

/* What the options of options.def set; all zero is the default. */
enum { TOOL_LIST_MAX = 64 };

/* The arguments of an option that may stand more than once. */
struct tool_list {
    const char *items[TOOL_LIST_MAX];
    unsigned count;
};

struct tool_options {
    int help, version, color, json, count, elf, hex, format, lenient;
    int dialect, labels, pcs, bytes;
    int dump, generate, helpers, kind, policy, table;
    const char *output, *passes, *mem, *mem_file, *pcap, *mbuff, *offsets, *backend;
    const char *cpu, *harden, *announce;
    const char *type, *program, *filter, *link, *btf, *kconfig, *out, *keep, *rooms, *save_maps;
    int log, facts, dot;
    int strict_align, any_align, unprivileged, show_maps, stub_helpers;
    struct tool_list maps;
    uint64_t budget, repeat, limit, threads;
};

enum { TOOL_OPERANDS_MAX = 2 };

/* One invocation of the command. */
struct tool {
    const struct tool_command *command; /* NULL before one is named */
    struct tool_options options;
    const char *operands[TOOL_OPERANDS_MAX];
    unsigned operand_count;
    const char *type; /* of the program, if an object told it */
    struct ebpf_diag *diag; /* printed at the end */
    int write_error; /* errno of what went wrong with the output, if it is known */
    struct ebpf_elf *elf; /* the object that the program is of, or NULL */
    struct tool_capture *capture; /* that a filter is for, or NULL */
    bool is_filter; /* the program was classic BPF */
    uint32_t head;  /* bytes that it wants in front of packets: EBPF_CBPF_HEAD or 0 */
    bool json_open; /* the object on stdout has members */
    uint64_t rows;  /* of the table in it */
};

struct tool_example {
    const char *text, *command;
};

/* A subcommand. */
struct tool_command {
    const char *name, *operands, *summary;
    const char *description;                    /* paragraphs, apart by an empty line */
    const struct tool_example *examples;        /* ends with a NULL text */
    enum tool_command_bit bit;
    unsigned operands_min, operands_max;
    enum tool_exit usage_exit;                  /* how it ends if the command line is wrong */
    enum tool_exit (*run)(struct tool *tool);
};

enum tool_option_kind { TOOL_OPTION_SET, TOOL_OPTION_CHOICE, TOOL_OPTION_NUMBER,
                        TOOL_OPTION_TEXT, TOOL_OPTION_LIST };

/* A row of options.def. */
struct tool_option {
    unsigned commands;
    char letter; /* or 0 */
    const char *name;
    enum tool_option_kind kind;
    size_t offset; /* in struct tool_options */
    int value;
    const char *argument;
    const char *help; /* NULL: not shown */
};

extern const struct tool_option tool_options[];
extern const size_t tool_option_count;

#define TOOL_COMMAND(id, name) extern const struct tool_command tool_cmd_##name;
#include "tools/commands.def"
#undef TOOL_COMMAND

/* The subcommand `index`, in the order of commands.def; NULL after the last. */
const struct tool_command *tool_command_at(size_t index);
const struct tool_command *tool_command_find(const char *name);

/* Parses argv[1...].  Complains on stderr, and gives the exit code to end with. */
enum tool_exit tool_parse(struct tool *tool, int argc, char *const argv[]);

/* The `index`th word of a CHOICE argument, its length in `length`; NULL after the last. */
const char *tool_choice(const char *argument, size_t index, size_t *length);

/* How many edits make `a` into `b`; where it matters little, large numbers are not exact. */
unsigned tool_distance(const char *a, const char *b);

/* Whether `candidate` is nearer to `given` than what was found so far, and near enough at all. */
bool tool_is_nearer(const char *given, const char *candidate, unsigned *best);

void tool_help(const struct tool_command *command, FILE *out); /* NULL: of all */
void tool_version(FILE *out);
void tool_man(const struct tool_command *command, FILE *out); /* NULL: of all */
void tool_bash(FILE *out);
void tool_zsh(FILE *out);

#endif
