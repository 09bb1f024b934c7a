/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "tools/machine.h"
#include "tools/output.h"

/* As rbpf's examples have them. */
enum { DATA_OFFSET = 0x40, DATA_END_OFFSET = 0x50 };

const struct ebpf_pass *const *tool_verifier(const struct tool *tool)
{
    return tool->options.lenient ? ebpf_verifier_lenient() : ebpf_verifier_strict();
}

/* Parses the two numbers of --offsets. */
static bool parse_offsets(const char *text, uint64_t *data, uint64_t *data_end)
{
    char first[24];
    size_t length = strcspn(text, ",");
    if (!text[length] || length >= sizeof(first))
        return false;
    memcpy(first, text, length);
    first[length] = 0;
    return tool_number(first, data) && tool_number(text + length + 1, data_end) &&
           *data <= SIZE_MAX && *data_end <= SIZE_MAX;
}

static enum tool_exit fill(struct tool *tool, enum ebpf_vm_kind kind,
                           struct ebpf_vm_options *options)
{
    static const enum ebpf_policy policies[] = {EBPF_POLICY_CHECKED, EBPF_POLICY_TRUSTED};
    const struct tool_options *o = &tool->options;
    uint64_t data = DATA_OFFSET, data_end = DATA_END_OFFSET;
    if (o->offsets && !parse_offsets(o->offsets, &data, &data_end)) {
        tool_error("--offsets: '%.40s' is not two numbers with a comma between", o->offsets);
        return TOOL_EXIT_USAGE;
    }
    *options = (struct ebpf_vm_options){
        .size = sizeof(*options), .kind = kind, .backend = o->backend,
        .policy = policies[o->policy], .passes = tool_verifier(tool), .budget = o->budget,
        .trace = ebpf_stream_file(stderr)};
    if (kind == EBPF_VM_FIXED_MBUFF) {
        options->data_offset = (size_t)data;
        options->data_end_offset = (size_t)data_end;
    }
    return TOOL_EXIT_OK;
}

/* What the conformance suite calls as helper 5. */
static uint64_t first_argument(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    (void)r2, (void)r3, (void)r4, (void)r5;
    return r1;
}

static ebpf_status register_helpers(struct ebpf_vm *vm, enum tool_helpers set)
{
    const struct ebpf_helper conformance = {.id = 5, .name = "unwind", .fn = first_argument};
    switch (set) {
    case TOOL_HELPERS_KERNEL:
        return ebpf_vm_register_helpers(vm, ebpf_helpers_kernel());
    case TOOL_HELPERS_RBPF:
        return ebpf_vm_register_helpers(vm, ebpf_helpers_rbpf());
    case TOOL_HELPERS_CONFORMANCE:
        return ebpf_vm_register_helper(vm, &conformance);
    case TOOL_HELPERS_NONE:
        break;
    }
    return EBPF_OK;
}

/* A failed call may have left it to us to say why. */
static enum tool_exit explain(struct tool *tool, ebpf_status status)
{
    const struct tool_options *o = &tool->options;
    if (ebpf_diag_count(tool->diag) > 0)
        return tool_exit_of(status);
    if (status == EBPF_ERR_BACKEND && o->backend)
        return tool_fail(tool, status, "backend '%.40s': %s; 'ebpfvm version' lists them",
                         o->backend, ebpf_status_text(status));
    return tool_fail(tool, status, "%s; %s", ebpf_status_text(status),
                     ebpf_status_advice(status));
}

enum tool_exit tool_machine(struct tool *tool, enum ebpf_vm_kind kind,
                            struct ebpf_program *program, struct ebpf_vm **out)
{
    struct ebpf_vm_options options;
    *out = NULL;
    enum tool_exit code = fill(tool, kind, &options);
    if (code != TOOL_EXIT_OK)
        return code;
    ebpf_status status = ebpf_vm_new(&options, tool->diag, out);
    if (status == EBPF_OK)
        status = register_helpers(*out, (enum tool_helpers)tool->options.helpers);
    if (status == EBPF_OK)
        status = ebpf_vm_set_program(*out, program, tool->diag);
    if (status == EBPF_OK)
        status = ebpf_vm_compile(*out, tool->diag);
    if (status == EBPF_OK)
        return TOOL_EXIT_OK;
    ebpf_vm_free(*out);
    *out = NULL;
    return explain(tool, status);
}
