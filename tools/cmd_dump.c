/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tools/input.h"
#include "tools/machine.h"
#include "tools/output.h"

/* Writes what --ir, --cfg or --code asks for; `vm` is only there for the latter. */
static enum tool_exit write(struct tool *tool, const struct ebpf_program *program,
                            const struct ebpf_vm *vm, FILE *file)
{
    struct ebpf_stream out = ebpf_stream_file(file);
    ebpf_status status = EBPF_OK;
    switch ((enum tool_dump)tool->options.dump) {
    case TOOL_DUMP_IR:
        status = ebpf_program_print_ir(program, &out);
        break;
    case TOOL_DUMP_CFG:
        status = ebpf_program_print_dot(program, &out);
        break;
    case TOOL_DUMP_BUILDER:
        status = ebpf_program_print_builder(program, NULL, &out);
        break;
    case TOOL_DUMP_CODE:
        status = ebpf_vm_backend(vm)->dump(ebpf_vm_code(vm), &out);
        break;
    }
    if (status == EBPF_OK || status == EBPF_ERR_IO) /* closing the file reports the latter */
        return TOOL_EXIT_OK;
    return tool_fail(tool, status, "%s", ebpf_status_text(status));
}

/* The graph and the code need a program that the verifier's structure pass accepts. */
static enum tool_exit check(struct tool *tool, struct ebpf_program *program, struct ebpf_vm **vm)
{
    *vm = NULL;
    if (tool->options.dump == TOOL_DUMP_CODE)
        return tool_machine(tool, EBPF_VM_RAW, program, vm);
    if (tool->options.dump == TOOL_DUMP_CFG)
        return tool_done(tool,
                         ebpf_verify(program, ebpf_verifier_lenient(), NULL, tool->diag));
    return TOOL_EXIT_OK;
}

static enum tool_exit run(struct tool *tool)
{
    struct ebpf_program *program;
    struct ebpf_vm *vm = NULL;
    enum tool_exit code = tool_load(tool, tool->operands[0], &program);
    if (code == TOOL_EXIT_OK)
        code = check(tool, program, &vm);
    if (code == TOOL_EXIT_OK) {
        FILE *file = tool_output_open(tool);
        code = TOOL_EXIT_IO;
        if (file)
            code = tool_output_close(tool, file, write(tool, program, vm, file));
    }
    ebpf_vm_free(vm);
    ebpf_program_unref(program);
    return code;
}

static const struct tool_example examples[] = {
    {"Draw the control-flow graph", "ebpfvm dump --cfg filter.s | dot -Tsvg -o filter.svg"},
    {"What the interpreter made of a program", "ebpfvm dump --code --backend=interp filter.s"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_dump = {
    .name = "dump",
    .operands = "FILE|-|HEX",
    .summary = "show a program as the library sees it",
    .description =
        "Prints the typed intermediate representation, the control-flow graph, C code that makes "
        "the same program, or what a backend made of it.",
    .examples = examples,
    .bit = TOOL_DUMP,
    .operands_min = 1,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
