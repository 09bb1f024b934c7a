/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* From a program to code: verifying, loading, compiling. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ir/op.h"
#include "ir/poison.h"
#include "ir/program.h"
#include "vm/vm.h"

ebpf_status ebpf_vm_set_program(struct ebpf_vm *vm, struct ebpf_program *program,
                                struct ebpf_diag *diag)
{
    if (ebpf_vm_is_shared(vm))
        return ebpf_vm_refuse(diag, EBPF_ERR_STATE, "take it out first, or load into another VM",
                              "the program of this VM stands in a program array");
    struct vm_proof proof = {.facts = NULL};
    if (program) {
        bool proves = vm->options.policy != EBPF_POLICY_TRUSTED;
        ebpf_status status =
            ebpf_vm_verify(vm, program, vm->passes.data, diag, proves ? &proof : NULL);
        if (!status)
            status = ebpf_vm_declare(vm, program, diag);
        if (status) {
            ebpf_mem_free(&vm->mem, proof.facts,
                          ebpf_program_count(program) * sizeof(*proof.facts));
            return status;
        }
        ebpf_program_ref(program);
    }
    ebpf_vm_discard(vm);
    ebpf_vm_forget_facts(vm);
    ebpf_program_unref(vm->program);
    vm->program = program;
    vm->proof = proof;
    vm->proof_stale = false;
    return EBPF_OK;
}

/* Copies a list, so that its maker may go on editing it; false if there is no memory. */
static bool copy_passes(struct ebpf_vec *copy, const struct ebpf_mem *mem,
                        const struct ebpf_pass *const *passes)
{
    size_t count = 0;
    while (passes[count])
        count++;
    ebpf_vec_init(copy, mem, sizeof(*passes));
    void *first = ebpf_vec_push(copy, count + 1);
    if (first)
        memcpy(first, passes, (count + 1) * sizeof(*passes));
    return first != NULL;
}

ebpf_status ebpf_vm_set_verifier(struct ebpf_vm *vm, const struct ebpf_pass *const *passes,
                                 struct ebpf_diag *diag)
{
    struct ebpf_vec copy;
    if (!copy_passes(&copy, &vm->mem, passes ? passes : ebpf_verifier_strict()))
        return EBPF_ERR_NOMEM;
    ebpf_status status =
        vm->program ? ebpf_vm_verify(vm, vm->program, copy.data, diag, NULL) : EBPF_OK;
    if (status) {
        ebpf_vec_free(&copy);
        return status;
    }
    ebpf_vec_free(&vm->passes);
    vm->passes = copy;
    return EBPF_OK;
}

void ebpf_vm_discard(struct ebpf_vm *vm)
{
    if (vm->code)
        vm->backend->destroy(vm->code);
    if (vm->function)
        vm->backend->destroy(vm->function);
    if (vm->short_code)
        vm->short_backend->destroy(vm->short_code);
    if (vm->burst_code)
        vm->backend->destroy(vm->burst_code);
    vm->code = vm->function = vm->short_code = vm->burst_code = NULL;
    vm->entry = vm->burst = (struct ebpf_entry){.call = NULL};
    ebpf_program_unref(vm->lowered);
    vm->lowered = NULL;
    ebpf_mem_free(&vm->mem, vm->table, vm->table_count * sizeof(*vm->table));
    vm->table = NULL;
    ebpf_mem_free(&vm->mem, vm->frame_sizes, vm->frame_count * sizeof(*vm->frame_sizes));
    vm->frame_sizes = NULL;
    ebpf_vm_choose_start(vm);
}

/* Where a helper that is not registered could come from. */
static const char *missing_advice(uint32_t id, char *buffer, size_t size)
{
    const struct ebpf_helper_set *set = ebpf_helpers_kernel();
    const struct ebpf_helper *kernel = ebpf_helper_by_id(set->helpers, set->count, id);
    if (!kernel)
        return ebpf_kernel_helper_name(id)
                   ? "it needs what only a kernel has: register one of your own under this id"
                   : NULL;
    snprintf(buffer, size,
             "register it before compiling; ebpf_helpers_kernel() has %s under this id",
             kernel->name);
    return buffer;
}

/* The end of a run that reaches what the host lacks; `ctx` is the helper's id. */
static uint64_t helper_poison(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    const char *missing = ebpf_program_missing(ebpf_run_vm(run)->program,
                                               (uint32_t)(uintptr_t)ctx);
    (void)args;
    ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT,
                  missing ? missing : "what it refers to is not there");
    return 0;
}

/* Instructions that the front end could not make call helpers of their own. */
static ebpf_status register_poison(struct ebpf_vm *vm)
{
    uint32_t count = vm->program->maps && vm->program->maps->notes.count
                         ? ebpf_program_count(vm->program) : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(vm->program, i);
        uint32_t id = (uint32_t)insn->imm;
        if (insn->op != EBPF_OP_CALL || !ebpf_is_poison(id))
            continue;
        const struct ebpf_helper helper = {.id = id, .name = "missing", .run_fn = helper_poison,
                                           .ctx = (void *)(uintptr_t)id};
        ebpf_status status = ebpf_vm_register_helper(vm, &helper);
        if (status)
            return status;
    }
    return EBPF_OK;
}

/* Every missing helper is reported. */
static ebpf_status resolve_helpers(const struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    ebpf_status status = EBPF_OK;
    uint32_t count = ebpf_program_count(vm->program);
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(vm->program, i);
        uint32_t id = (uint32_t)insn->imm;
        if (insn->op != EBPF_OP_CALL || ebpf_env_helper(&vm->env, id))
            continue;
        char advice[160];
        const char *name = ebpf_kernel_helper_name(id);
        status = EBPF_ERR_HELPER;
        ebpf_program_report(vm->program, diag, EBPF_SEVERITY_ERROR, status, i,
                            missing_advice(id, advice, sizeof(advice)),
                            "no helper is registered under id %u (0x%x)%s%s", id, id,
                            name ? ", the kernel's " : "", name ? name : "");
    }
    return status;
}

/* Every reference to a map that is unknown, or has no such value, is reported. */
static ebpf_status resolve_maps(const struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    ebpf_status status = EBPF_OK;
    bool has_wide = vm->program->pcs != NULL; /* instructions of two slots, as those all are */
    uint32_t count = has_wide ? ebpf_program_count(vm->program) : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(vm->program, i);
        uint64_t value;
        if (ebpf_op_table[insn->op].slots != 2 || !ebpf_env_constant(&vm->env, insn, &value))
            continue;
        status = EBPF_ERR_REFERENCE;
        ebpf_program_report(vm->program, diag, EBPF_SEVERITY_ERROR, status, i,
                            "ebpf_vm_add_map() makes a map known; only arrays have map_val()",
                            "there is no %s %u", insn->op == EBPF_OP_LDDW_MAP_VAL_FD
                                                     ? "value at this offset of map" : "map",
                            (unsigned)insn->imm);
    }
    return status;
}

static ebpf_status make_env(struct ebpf_vm *vm)
{
    struct ebpf_helper *given = vm->helpers.data;
    vm->table_count = vm->helpers.count;
    vm->table = ebpf_mem_alloc(&vm->mem, vm->table_count * sizeof(*vm->table));
    if (!vm->table)
        return EBPF_ERR_NOMEM;
    for (size_t i = 0; i < vm->table_count; i++)
        vm->table[i] = ebpf_helper_checked(&given[i]);
    vm->env.helpers = vm->table;
    vm->env.helper_count = (uint32_t)vm->table_count;
    return EBPF_OK;
}

static ebpf_status refuse_frame(const struct ebpf_vm *vm, uint32_t function, uint64_t size,
                                uint64_t limit, struct ebpf_diag *diag)
{
    uint32_t count;
    const struct ebpf_function *f = &ebpf_program_functions(vm->program, &count)[function];
    ebpf_program_report(vm->program, diag, EBPF_SEVERITY_ERROR, EBPF_ERR_LIMIT, f->first, NULL,
                        "function %s needs %llu bytes of stack, the limit is %llu",
                        f->name ? f->name : "without a name", (unsigned long long)size,
                        (unsigned long long)limit);
    return EBPF_ERR_LIMIT;
}

/* The frame of each function, and the stack of a run. */
static ebpf_status lay_out_stack(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    const struct ebpf_vm_options *o = &vm->options;
    uint32_t largest = 0;
    ebpf_program_functions(vm->program, &vm->frame_count);
    vm->frame_sizes = ebpf_mem_zalloc(&vm->mem, vm->frame_count, sizeof(*vm->frame_sizes));
    if (!vm->frame_sizes)
        return EBPF_ERR_NOMEM;
    for (uint32_t i = 0; i < vm->frame_count; i++) {
        uint32_t size = o->stack_use ? o->stack_use(vm->program, i, o->stack_use_ctx)
                                     : o->frame_size;
        if (size > EBPF_FRAME_SIZE_MAX)
            return refuse_frame(vm, i, size, EBPF_FRAME_SIZE_MAX, diag);
        vm->frame_sizes[i] = (size + 7) & ~7u;
        if (vm->frame_sizes[i] > largest)
            largest = vm->frame_sizes[i];
    }
    uint64_t all_frames = ((uint64_t)largest * o->max_depth + 15) & ~UINT64_C(15);
    vm->stack_size = o->stack_size ? o->stack_size : all_frames;
    if (vm->frame_sizes[0] > vm->stack_size)
        return refuse_frame(vm, 0, vm->frame_sizes[0], vm->stack_size, diag);
    return EBPF_OK;
}

/* Code for packets that are too short for the proof.  Where the embedder has given memory for one
 * program's machine code, there is none for this. */
static ebpf_status compile_short(struct ebpf_vm *vm, struct ebpf_compile in,
                                 struct ebpf_diag *diag)
{
    const struct ebpf_backend *interpreter = ebpf_backend_find("interp");
    vm->short_backend = in.exec_memory && interpreter ? interpreter : vm->backend;
    in.facts = NULL;
    in.exec_memory = NULL;
    in.exec_size = 0;
    return vm->short_backend->compile(&in, diag, &vm->short_code);
}

/* Code for bursts, of programs that are called with a packet and need no more. */
static ebpf_status compile_burst(struct ebpf_vm *vm, struct ebpf_compile in)
{
    if ((!vm->entry.call && !vm->entry.count) || !ebpf_vm_takes_packet(vm) || in.exec_memory)
        return EBPF_OK;
    in.as_function = in.as_burst = 1;
    in.packet_least = vm->proof.packet_least;
    ebpf_status status = vm->backend->compile(&in, NULL, &vm->burst_code);
    if (!status)
        vm->backend->entry(vm->burst_code, &vm->burst);
    return status == EBPF_ERR_UNSUPPORTED ? EBPF_OK : status;
}

ebpf_status ebpf_vm_compile(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    if (!vm->program)
        return ebpf_vm_refuse(diag, EBPF_ERR_NO_PROGRAM, NULL, "no program is loaded");
    if (vm->code)
        return EBPF_OK;
    ebpf_status status = register_poison(vm);
    if (!status)
        status = ebpf_vm_prove(vm, diag);
    if (!status)
        status = make_env(vm);
    if (!status)
        status = ebpf_vm_check_groups(vm, diag);
    if (!status)
        status = resolve_helpers(vm, diag);
    if (!status)
        status = resolve_maps(vm, diag);
    if (!status)
        status = lay_out_stack(vm, diag);
    if (!status)
        status = ebpf_vm_lower(vm, diag);
    if (!status) {
        const struct ebpf_compile in = {
            .size = sizeof(in), .env = &vm->env,
            .program = vm->lowered ? vm->lowered : vm->program,
            .policy = vm->options.policy, .frame_sizes = vm->frame_sizes,
            .max_depth = vm->options.max_depth, .stack_size = vm->stack_size,
            .exec_memory = vm->options.exec_memory, .exec_size = vm->options.exec_size,
            .mem = &vm->mem, .facts = vm->proof.facts, .code = vm->options.code,
            .seed = atomic_load(&vm->host.random),
            .kernel_packet = vm->kind->context == CONTEXT_TYPED};
        status = vm->backend->compile(&in, diag, &vm->code);
        if (!status && vm->proof.packet_least)
            status = compile_short(vm, in, diag);
        if (!status && vm->backend->entry) {
            vm->backend->entry(vm->code, &vm->entry);
            status = compile_burst(vm, in);
        }
    }
    if (status)
        ebpf_vm_discard(vm);
    ebpf_vm_choose_start(vm);
    return status;
}
