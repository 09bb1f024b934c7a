/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tools/tryout.h"

#include <stdlib.h>
#include <string.h>

#include "tools/machine.h"

struct tryout {
    struct tool *tool;
    struct ebpf_elf *elf;
    const char *type;   /* of the programs that `vm` takes */
    struct ebpf_vm *vm; /* it has the maps, which are made once for programs of a type */
};

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* A VM for programs of a type: the last one if that does, for a new one has to make all maps. */
static ebpf_status find_vm(struct tryout *t, const char *type, struct ebpf_diag *diag)
{
    if (t->vm && is_same(t->type, type))
        return EBPF_OK;
    const struct ebpf_pass *passes[TOOL_PASSES_MAX + 1];
    struct tool of_object = *t->tool;
    of_object.elf = t->elf;
    tool_passes(&of_object, passes);
    const struct ebpf_vm_options options = {
        .size = sizeof(options), .kind = type ? EBPF_VM_TYPED : EBPF_VM_RAW, .type = type,
        .passes = passes};
    ebpf_vm_free(t->vm);
    t->vm = NULL;
    ebpf_status status = ebpf_vm_new(&options, diag, &t->vm);
    t->type = type;
    return status ? status : ebpf_vm_register_helpers(t->vm, ebpf_helpers_kernel());
}

static void warn(const char *text, uint32_t pc, struct ebpf_diag *diag)
{
    const struct ebpf_diag_entry entry = {
        .status = EBPF_ERR_HELPER_FAULT, .severity = EBPF_SEVERITY_WARNING, .pc = pc};
    ebpf_diag_add(diag, &entry, "a run that gets to instruction %u ends: %s", pc, text);
}

/* What is missing is told once of each. */
static void warn_of_missing(const struct ebpf_program *program, struct ebpf_diag *diag)
{
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(program, &count);
    const char *last = NULL;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = insns[i].op == EBPF_OP_CALL
                               ? ebpf_program_missing(program, (uint32_t)insns[i].imm) : NULL;
        if (text && text != last)
            warn(text, ebpf_program_pc(program, i), diag);
        last = text ? text : last;
    }
}

static ebpf_status try_out(struct tryout *t, const struct ebpf_elf_function *function,
                           struct ebpf_program *program, struct ebpf_diag *diag)
{
    ebpf_status status = find_vm(t, function->type, diag);
    if (status == EBPF_OK)
        status = ebpf_vm_set_program(t->vm, program, diag);
    if (status == EBPF_OK)
        status = ebpf_vm_compile(t->vm, diag);
    if (status == EBPF_OK)
        warn_of_missing(program, diag);
    return status;
}

/* Not every error is reported where it happens: that there is no memory for a map, say. */
static void explain(ebpf_status status, struct ebpf_diag *diag)
{
    const struct ebpf_diag_entry entry = {.status = status, .pc = EBPF_PC_NONE};
    ebpf_diag_add(diag, &entry, "%s", ebpf_status_text(status));
}

/* @return EBPF_ERR_NOMEM, or something else */
static ebpf_status load(struct tryout *t, uint32_t function, struct tool_loaded *l)
{
    uint32_t count;
    const struct ebpf_elf_function *f = &ebpf_elf_functions(t->elf, &count)[function];
    l->diag = ebpf_diag_new(NULL);
    ebpf_status status =
        l->diag ? ebpf_elf_load(t->elf, function, l->diag, &l->program) : EBPF_ERR_NOMEM;
    if (status)
        return status;
    size_t reported = ebpf_diag_count(l->diag);
    status = f->is_subprogram ? EBPF_OK : try_out(t, f, l->program, l->diag);
    if (status && ebpf_diag_count(l->diag) == reported)
        explain(status, l->diag);
    l->runs = status == EBPF_OK;
    return EBPF_OK;
}

struct tool_loaded *tool_load_functions(struct tool *tool, struct ebpf_elf *elf, uint32_t *count)
{
    struct tryout t = {.tool = tool, .elf = elf};
    ebpf_elf_functions(elf, count);
    struct tool_loaded *loaded = calloc(*count + 1u, sizeof(*loaded));
    bool ok = loaded != NULL;
    for (uint32_t i = 0; i < *count && ok; i++)
        ok = load(&t, i, &loaded[i]) != EBPF_ERR_NOMEM;
    ebpf_vm_free(t.vm);
    if (ok)
        return loaded;
    tool_free_functions(loaded, *count);
    return NULL;
}

void tool_free_functions(struct tool_loaded *loaded, uint32_t count)
{
    for (uint32_t i = 0; i < count && loaded; i++) {
        ebpf_program_unref(loaded[i].program);
        ebpf_diag_free(loaded[i].diag);
    }
    free(loaded);
}
