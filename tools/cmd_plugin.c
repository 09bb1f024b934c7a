/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>

#include "tools/input.h"
#include "tools/machine.h"
#include "tools/output.h"

/* Suites have programs that run for some time: more than the usual budget, but still an end. */
static const uint64_t budget = UINT64_C(50000000000);

/* Runs the program on the memory and prints r0 as the suite reads it. */
static enum tool_exit execute(struct tool *tool, struct ebpf_program *program,
                              const struct tool_bytes *memory)
{
    struct ebpf_vm *vm;
    enum tool_exit exit_code = tool_machine(tool, EBPF_VM_RAW, program, &vm);
    if (exit_code == TOOL_EXIT_OK) {
        const struct ebpf_input in = {
            .size = sizeof(in), .mem = memory->data, .mem_size = memory->size};
        struct ebpf_result result = {0};
        ebpf_status status = ebpf_vm_run(vm, &in, &result);
        if (status == EBPF_OK)
            printf("%llx\n", (unsigned long long)result.r0);
        else
            ebpf_vm_explain(vm, &result.fault, tool->diag);
        exit_code = tool_done(tool, status);
    }
    ebpf_vm_free(vm);
    return exit_code;
}

/* An object or bytecode, in hexadecimal; an object may come as it is. */
static enum tool_exit read_program(struct tool *tool, struct ebpf_program **out)
{
    struct tool_bytes text, decoded = {0};
    const struct tool_bytes *bytes = &text;
    enum tool_exit exit_code = tool_read(tool, "-", &text);
    if (exit_code == TOOL_EXIT_OK && !(tool->options.elf && tool_is_object(&text))) {
        exit_code = tool_hex_read(tool, text.data, text.size, "<stdin>", &decoded);
        bytes = &decoded;
    }
    if (exit_code == TOOL_EXIT_OK && tool->options.elf)
        exit_code = tool_load_object(tool, bytes, "<stdin>", out);
    else if (exit_code == TOOL_EXIT_OK)
        exit_code = tool_done(tool, ebpf_program_decode(bytes->data, bytes->size, "<stdin>", NULL,
                                                        tool->diag, out));
    free(text.data);
    free(decoded.data);
    return exit_code;
}

/* A fresh block of the exact size, so that tools that watch memory see an access outside. */
static enum tool_exit read_memory(struct tool *tool, struct tool_bytes *memory)
{
    if (tool->operand_count == 0)
        return TOOL_EXIT_OK;
    const char *text = tool->operands[0];
    size_t length = 0;
    while (text[length])
        length++;
    return tool_hex_read(tool, text, length, "<memory>", memory);
}

static enum tool_exit run(struct tool *tool)
{
    tool->options.lenient = 1;
    tool->options.helpers = TOOL_HELPERS_CONFORMANCE;
    tool->options.budget = budget;

    struct tool_bytes memory = {0};
    struct ebpf_program *program = NULL;
    enum tool_exit exit_code = read_memory(tool, &memory);
    if (exit_code == TOOL_EXIT_OK)
        exit_code = read_program(tool, &program);
    if (exit_code == TOOL_EXIT_OK)
        exit_code = execute(tool, program, &memory);
    free(memory.data);
    ebpf_program_unref(program);
    /* The protocol knows only one failure. */
    return exit_code == TOOL_EXIT_OK ? TOOL_EXIT_OK : TOOL_EXIT_FAILED;
}

static const struct tool_example examples[] = {
    {"Run one program by hand",
     "echo 'b7 00 00 00 02 00 00 00 95 00 00 00 00 00 00 00' | ebpfvm plugin"},
    {"Run the conformance suite",
     "bpf_conformance_runner --plugin_path ebpfvm --plugin_options plugin"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_plugin = {
    .name = "plugin",
    .operands = "[MEMORY-HEX]",
    .summary = "speak the protocol of the BPF conformance suite",
    .description =
        "Reads a program as hexadecimal bytes from standard input and runs it on the memory whose "
        "bytes are the argument: r1 is its address and r2 its length. The verifier is the lenient "
        "one, helper 5 returns its first argument, and 50,000,000,000 instructions may be executed."
        "\n\n"
        "With --elf the input is an object instead, in hexadecimal as well or as it is, and the "
        "program its only one, or the one that --program names.\n\n"
        "Prints r0 in hexadecimal and exits with 0; or says why not on standard error and exits "
        "with 1, whatever went wrong.",
    .examples = examples,
    .bit = TOOL_PLUGIN,
    .operands_min = 0,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_FAILED,
    .run = run,
};
