/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tools/input.h"
#include "tools/output.h"

static enum tool_exit print(struct tool *tool, const struct ebpf_program *program, FILE *file)
{
    const struct tool_options *o = &tool->options;
    const struct ebpf_print_options options = {
        .size = sizeof(options), .dialect = (enum ebpf_dialect)o->dialect, .labels = o->labels,
        .pcs = o->pcs, .bytes = o->bytes, .json = o->json};
    struct ebpf_stream out = ebpf_stream_file(file);
    ebpf_status status = ebpf_program_print(program, &options, &out);
    if (status == EBPF_OK || status == EBPF_ERR_IO) /* closing the file reports the latter */
        return TOOL_EXIT_OK;
    return tool_fail(tool, status, "%s", ebpf_status_text(status));
}

static enum tool_exit run(struct tool *tool)
{
    struct ebpf_program *program;
    enum tool_exit code = tool_load(tool, tool->operands[0], &program);
    FILE *file = code == TOOL_EXIT_OK ? tool_output_open(tool) : NULL;
    if (code == TOOL_EXIT_OK && !file)
        code = TOOL_EXIT_IO;
    if (file) {
        if (file == stdout && tool->options.json)
            tool_json(tool, "insns", "%s", "");
        code = tool_output_close(tool, file, print(tool, program, file));
    }
    ebpf_program_unref(program);
    return code;
}

static const struct tool_example examples[] = {
    {"Bytes on the command line", "ebpfvm disasm 'b7 00 00 00 07 00 00 00 95000000 00000000'"},
    {"Pseudo-C with labels and pcs", "ebpfvm disasm --pseudoc --labels --pcs filter.bin"},
    {"What the assembler made of a text", "ebpfvm asm filter.s | ebpfvm disasm -"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_disasm = {
    .name = "disasm",
    .operands = "FILE|-|HEX",
    .summary = "print bytecode as text",
    .description =
        "Prints a program as assembly, which the assembler reads back to the same bytes (without "
        "--pcs and --bytes). Slots that are no instruction print as data.\n\n"
        "Bytes may be raw, or hexadecimal in any spelling: with blanks, commas or colons, 0x or "
        "\\x in front, capital letters, comments, or a C array. An argument that names no file "
        "and is nothing but hexadecimal is taken as the bytes themselves.",
    .examples = examples,
    .bit = TOOL_DISASM,
    .operands_min = 1,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
