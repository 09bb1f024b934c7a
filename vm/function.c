/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program as a plain C function: which ones can be, and how much stack they take. */
#include <string.h>

#include "base/mem.h"
#include "ir/op.h"
#include "ir/program.h"
#include "vm/vm.h"

/* Why an instruction needs a run; NULL if it does not. */
static const char *needs_run(const struct ebpf_env *env, const struct ebpf_insn *insn)
{
    const struct ebpf_helper *helper;
    switch (ebpf_op_table[insn->op].format) {
    case EBPF_FMT_CALL:
        helper = insn->op == EBPF_OP_CALL ? ebpf_env_helper(env, (uint32_t)insn->imm) : NULL;
        return helper && helper->fn ? NULL : "calls a helper that sees the run";
    case EBPF_FMT_CALLX: return "calls a helper that is not known before it runs";
    case EBPF_FMT_MAY_GOTO: return "counts how often it is passed";
    case EBPF_FMT_LDABS:
    case EBPF_FMT_LDIND: return "faults at the end of the packet";
    case EBPF_FMT_REF_FUNC: return "takes the address of a function";
    default: return insn->op == EBPF_OP_DATA ? "is not known" : NULL;
    }
}

static ebpf_status check_instructions(const struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    ebpf_status status = EBPF_OK;
    for (uint32_t i = 0; i < ebpf_program_count(vm->program); i++) {
        const char *why = needs_run(&vm->function_env, ebpf_program_at(vm->program, i));
        if (!why)
            continue;
        status = EBPF_ERR_UNSUPPORTED;
        ebpf_program_report(vm->program, diag, EBPF_SEVERITY_ERROR, status, i,
                            "run the program by ebpf_vm_run()",
                            "a C function has no run, and this instruction %s", why);
    }
    return status;
}

/* Under VERIFIED what is left to be checked at run time: the context's size, say. */
static ebpf_status check_facts(const struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    for (uint32_t i = 0; i < ebpf_program_count(vm->program); i++) {
        if (vm->options.policy == EBPF_POLICY_TRUSTED ||
            (vm->proof.facts && !(vm->proof.facts[i].flags & EBPF_FACT_UNPROVEN)))
            continue;
        ebpf_program_report(vm->program, diag, EBPF_SEVERITY_ERROR, EBPF_ERR_NOT_PROVEN, i,
                            "run the program by ebpf_vm_run()",
                            "a C function checks nothing, and this instruction needs it");
        return EBPF_ERR_NOT_PROVEN;
    }
    return EBPF_OK;
}

static ebpf_status check_vm(const struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    const struct ebpf_vm_options *o = &vm->options;
    if (!vm->program)
        return ebpf_vm_refuse(diag, EBPF_ERR_NO_PROGRAM, NULL, "no program is loaded");
    if (o->policy == EBPF_POLICY_CHECKED)
        return ebpf_vm_refuse(diag, EBPF_ERR_STATE,
                              "use ebpf_vm_run(), EBPF_POLICY_VERIFIED, or EBPF_POLICY_TRUSTED for "
                              "programs of your own",
                              "a C function checks nothing, so the program must be proven or "
                              "trusted");
    if (o->kind != EBPF_VM_RAW && o->kind != EBPF_VM_NO_DATA)
        return ebpf_vm_refuse(diag, EBPF_ERR_UNSUPPORTED, "choose kind RAW or NO_DATA",
                              "a VM of kind %s needs a metadata buffer", vm->kind->name);
    if (!(vm->backend->caps & EBPF_BACKEND_NATIVE) || !vm->backend->entry)
        return ebpf_vm_refuse(diag, EBPF_ERR_UNSUPPORTED, "choose one that makes machine code",
                              "engine %s makes no C functions", vm->backend->name);
    if (o->exec_memory)
        return ebpf_vm_refuse(diag, EBPF_ERR_UNSUPPORTED, "let the library find memory",
                              "the memory for machine code holds what ebpf_vm_run() runs");
    return ebpf_vm_check_groups(vm, diag);
}

/* One step further along calls: the stack of functions whose callees need more than was known.
 * Returns whether there were any. */
static bool deepen(const struct ebpf_program *program, const uint32_t *frames, uint64_t *needs)
{
    bool changed = false;
    for (uint32_t i = 0; i < ebpf_program_count(program); i++) {
        const struct ebpf_insn *insn = ebpf_program_at(program, i);
        if (insn->op != EBPF_OP_CALL_LOCAL)
            continue;
        uint32_t caller = ebpf_program_function_of(program, i);
        uint64_t need = frames[caller] + 1 + needs[ebpf_program_function_of(program, insn->target)];
        changed |= need > needs[caller];
        if (need > needs[caller])
            needs[caller] = need;
    }
    return changed;
}

/* The stack of the deepest calls.  A byte more per frame makes recursion be seen even where frames
 * have none. */
static ebpf_status measure_stack(const struct ebpf_vm *vm, struct ebpf_diag *diag, uint64_t *size)
{
    size_t bytes = vm->frame_count * sizeof(uint64_t);
    uint64_t *needs = ebpf_mem_alloc(&vm->mem, bytes);
    if (!needs)
        return EBPF_ERR_NOMEM;
    for (uint32_t i = 0; i < vm->frame_count; i++)
        needs[i] = (uint64_t)vm->frame_sizes[i] + 1;
    uint32_t depth = 0;
    while (deepen(vm->program, vm->frame_sizes, needs) && depth < vm->options.max_depth)
        depth++;
    *size = (needs[0] - 1 + 15) & ~UINT64_C(15);
    ebpf_mem_free(&vm->mem, needs, bytes);
    if (depth >= vm->options.max_depth)
        return ebpf_vm_refuse(diag, EBPF_ERR_LIMIT, "run the program by ebpf_vm_run()",
                              "a C function cannot recurse, nor call deeper than %u",
                              vm->options.max_depth);
    if (*size > EBPF_FUNCTION_STACK_MAX)
        return ebpf_vm_refuse(diag, EBPF_ERR_LIMIT, "run the program by ebpf_vm_run()",
                              "a C function has at most %u bytes of stack, this needs %llu",
                              EBPF_FUNCTION_STACK_MAX, (unsigned long long)*size);
    return EBPF_OK;
}

static ebpf_status make_function(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    uint64_t stack_size;
    /* Nothing is checked, the arguments of helpers neither. */
    vm->function_env = vm->env;
    vm->function_env.helpers = vm->helpers.data;
    ebpf_status status = check_instructions(vm, diag);
    if (!status)
        status = measure_stack(vm, diag, &stack_size);
    if (status)
        return status;
    const struct ebpf_compile in = {
        .size = sizeof(in), .program = vm->program, .env = &vm->function_env,
        .policy = EBPF_POLICY_TRUSTED, .frame_sizes = vm->frame_sizes,
        .max_depth = vm->options.max_depth, .stack_size = stack_size, .mem = &vm->mem,
        .as_function = 1, .code = vm->options.code, .seed = atomic_load(&vm->host.random)};
    return vm->backend->compile(&in, diag, &vm->function);
}

ebpf_status ebpf_vm_function(struct ebpf_vm *vm, struct ebpf_diag *diag, ebpf_function_fn **out)
{
    struct ebpf_entry entry;
    *out = NULL;
    ebpf_status status = check_vm(vm, diag);
    if (!status)
        status = ebpf_vm_compile(vm, diag);
    if (!status)
        status = check_facts(vm, diag);
    if (!status && !vm->function)
        status = make_function(vm, diag);
    if (status)
        return status;
    vm->backend->entry(vm->function, &entry);
    if (!entry.call)
        return ebpf_vm_refuse(diag, EBPF_ERR_UNSUPPORTED, NULL,
                              "engine %s made no C function of the program", vm->backend->name);
    memcpy(out, &entry.call, sizeof(*out));
    return EBPF_OK;
}
