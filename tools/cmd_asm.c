/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "tools/input.h"
#include "tools/output.h"

static void write_hex(FILE *file, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        putc(digits[bytes[i] >> 4], file);
        putc(digits[bytes[i] & 15], file);
    }
}

static void write_json(struct tool *tool, const unsigned char *bytes, size_t size)
{
    tool_json(tool, "size", "%zu", size);
    tool_json(tool, "hex", "%s", "\"");
    write_hex(stdout, bytes, size);
    putchar('"');
}

static enum tool_exit write_program(struct tool *tool, const unsigned char *bytes, size_t size)
{
    if (tool->options.json)
        write_json(tool, bytes, size);
    if (tool->options.json && !tool->options.output)
        return TOOL_EXIT_OK;
    FILE *file = tool_output_open(tool);
    if (!file)
        return TOOL_EXIT_IO;
    if (tool->options.hex) {
        write_hex(file, bytes, size);
        putc('\n', file);
    } else {
        fwrite(bytes, 1, size, file);
    }
    return tool_output_close(tool, file, TOOL_EXIT_OK);
}

static enum tool_exit encode(struct tool *tool, const struct ebpf_program *program)
{
    size_t size = ebpf_program_size(program);
    unsigned char *bytes = malloc(size + 1);
    if (!bytes)
        return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    ebpf_status status = ebpf_program_encode(program, bytes, size);
    enum tool_exit code = status == EBPF_OK
                              ? write_program(tool, bytes, size)
                              : tool_fail(tool, status, "%s", ebpf_status_text(status));
    free(bytes);
    return code;
}

static enum tool_exit run(struct tool *tool)
{
    const struct tool_options *o = &tool->options;
    if (!o->hex && !o->json && !o->output && isatty(STDOUT_FILENO)) {
        tool_error("will not write raw bytes to a terminal; use --hex, or --output=FILE");
        return TOOL_EXIT_USAGE;
    }
    struct ebpf_program *program;
    enum tool_exit code = tool_load_text(tool, tool->operands[0], &program);
    if (code == TOOL_EXIT_OK)
        code = encode(tool, program);
    ebpf_program_unref(program);
    return code;
}

static const struct tool_example examples[] = {
    {"See a program's bytes", "ebpfvm asm --hex filter.s"},
    {"Assemble into a file", "ebpfvm asm -o filter.bin filter.s"},
    {"Assemble and run what was typed", "echo 'mov r0, 7; exit' | tr ';' '\\n' | ebpfvm run -"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_asm = {
    .name = "asm",
    .operands = "FILE|-",
    .summary = "assemble text into bytecode",
    .description =
        "Reads assembly text and writes bytecode: raw, or one line of hexadecimal. The mnemonics "
        "of rbpf, uBPF and the conformance suite and the pseudo-C of clang and the kernel may be "
        "mixed freely.\n\n"
        "All errors that can be found are reported, each with its line, a caret and advice.",
    .examples = examples,
    .bit = TOOL_ASM,
    .operands_min = 1,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
