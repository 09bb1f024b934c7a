/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "vm/vm.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/options.h"
#include "vm/tail.h"

const char *ebpf_vm_kind_name(enum ebpf_vm_kind kind)
{
    return (unsigned)kind < ebpf_vm_kind_count ? ebpf_vm_kinds[kind].name : NULL;
}

ebpf_status ebpf_vm_refuse(struct ebpf_diag *diag, ebpf_status status, const char *advice,
                           const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const struct ebpf_diag_entry entry = {
        .status = status, .pc = EBPF_PC_NONE,
        .advice = advice ? advice : ebpf_status_advice(status)};
    ebpf_diag_add(diag, &entry, "%s", text);
    return status;
}

ebpf_status ebpf_vm_check_offsets(struct ebpf_vm *vm, size_t data, size_t data_end,
                                  struct ebpf_diag *diag)
{
    size_t low = data < data_end ? data : data_end, high = data < data_end ? data_end : data;
    if (high > EBPF_DATA_OFFSET_MAX)
        return ebpf_vm_refuse(diag, EBPF_ERR_LIMIT, NULL,
                              "offset %zu in the metadata buffer is beyond the limit of %u", high,
                              EBPF_DATA_OFFSET_MAX);
    if (high - low < sizeof(uint64_t))
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "put them 8 bytes apart or more",
                              "data_offset %zu and data_end_offset %zu overlap: each has 8 bytes",
                              data, data_end);
    vm->options.data_offset = data;
    vm->options.data_end_offset = data_end;
    vm->mbuff_size = high + sizeof(uint64_t);
    ebpf_vm_choose_start(vm);
    return EBPF_OK;
}

static ebpf_status check_stack(struct ebpf_vm_options *o, struct ebpf_diag *diag)
{
    if (o->frame_size == 0)
        o->frame_size = EBPF_FRAME_SIZE_DEFAULT;
    if (o->max_depth == 0)
        o->max_depth = EBPF_DEPTH_DEFAULT;
    if (o->frame_size > EBPF_FRAME_SIZE_MAX || o->frame_size % 16)
        return ebpf_vm_refuse(diag, EBPF_ERR_LIMIT, NULL,
                              "frame_size is %u: it must be a multiple of 16, %u at most",
                              o->frame_size, EBPF_FRAME_SIZE_MAX);
    if (o->max_depth > EBPF_DEPTH_MAX)
        return ebpf_vm_refuse(diag, EBPF_ERR_LIMIT, NULL, "max_depth is %u, the limit is %u",
                              o->max_depth, EBPF_DEPTH_MAX);
    uint64_t most = (uint64_t)EBPF_FRAME_SIZE_MAX * EBPF_DEPTH_MAX;
    if (o->stack_size > most || o->stack_size % 16)
        return ebpf_vm_refuse(diag, EBPF_ERR_LIMIT, NULL,
                              "stack_size is %llu: it must be a multiple of 16, %llu at most",
                              (unsigned long long)o->stack_size, (unsigned long long)most);
    return EBPF_OK;
}

static ebpf_status check_policy(const struct ebpf_vm_options *o, struct ebpf_diag *diag)
{
    if (o->policy == EBPF_POLICY_CHECKED || o->policy == EBPF_POLICY_VERIFIED ||
        o->policy == EBPF_POLICY_TRUSTED)
        return EBPF_OK;
    return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "see enum ebpf_policy", "there is no policy %d",
                          (int)o->policy);
}

static ebpf_status choose_kind(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    const struct ebpf_vm_options *o = &vm->options;
    if ((unsigned)o->kind >= ebpf_vm_kind_count)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "see enum ebpf_vm_kind",
                              "there is no kind of VM with number %d", (int)o->kind);
    vm->kind = &ebpf_vm_kinds[o->kind];
    if (vm->kind->context == CONTEXT_MADE)
        return ebpf_vm_check_offsets(vm, o->data_offset, o->data_end_offset, diag);
    if (vm->kind->context == CONTEXT_TYPED)
        return ebpf_vm_choose_type(vm, diag);
    if (o->type || o->context)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "choose TYPED",
                              "a VM of kind %s has no use for a program %s", vm->kind->name,
                              o->type ? "type" : "context");
    if (o->data_offset || o->data_end_offset)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "leave them out, or choose FIXED_MBUFF",
                              "a VM of kind %s has no use for data offsets", vm->kind->name);
    return EBPF_OK;
}

/* Fills in the defaults of the options, and what follows from them. */
static ebpf_status set_up(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    struct ebpf_vm_options *o = &vm->options;
    ebpf_status status = check_stack(o, diag);
    if (!status)
        status = check_policy(o, diag);
    if (!status)
        status = choose_kind(vm, diag);
    if (!status)
        status = ebpf_vm_choose_engine(vm, diag);
    if (!status && (o->exec_memory == NULL) != (o->exec_size == 0))
        status = ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "set both, or none of them",
                                "exec_memory and exec_size do not fit together");
    if (!status && o->code.flags & ~EBPF_CODE_ALL)
        status = ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "see enum ebpf_code_flags",
                                "code.flags has bits 0x%x that mean nothing",
                                o->code.flags & ~EBPF_CODE_ALL);
    if (status)
        return status;
    if (o->budget == 0)
        o->budget = EBPF_BUDGET_DEFAULT;
    return ebpf_vm_set_verifier(vm, o->passes, diag);
}

ebpf_status ebpf_vm_new(const struct ebpf_vm_options *options, struct ebpf_diag *diag,
                        struct ebpf_vm **out)
{
    struct ebpf_vm_options o;
    *out = NULL;
    ebpf_status status = ebpf_options_copy(&o, sizeof(o), options);
    if (status)
        return ebpf_vm_refuse(diag, status, "set all to zero, then .size = sizeof the struct",
                              "the options have a wrong size, or members that are unknown here");
    struct ebpf_mem mem = ebpf_mem_or_default(o.mem);
    struct ebpf_vm *vm = ebpf_mem_zalloc(&mem, 1, sizeof(*vm));
    if (!vm)
        return EBPF_ERR_NOMEM;
    vm->options = o;
    vm->mem = mem;
    vm->refs = 1;
    ebpf_vec_init(&vm->passes, &mem, sizeof(const struct ebpf_pass *));
    ebpf_vec_init(&vm->helpers, &mem, sizeof(struct ebpf_helper));
    ebpf_vec_init(&vm->maps, &mem, sizeof(struct ebpf_env_map));
    ebpf_vec_init(&vm->map_pointers, &mem, sizeof(struct ebpf_map *));
    ebpf_vec_init(&vm->made, &mem, sizeof(uint32_t));
    ebpf_vec_init(&vm->regions, &mem, sizeof(struct ebpf_region));
    ebpf_vec_init(&vm->own, &mem, sizeof(struct ebpf_ctx_field));
    ebpf_host_init(&vm->host, o.seed);
    vm->env.host = &vm->host;
    vm->env.trace = o.trace.write ? &vm->options.trace : NULL;
    status = set_up(vm, diag);
    ebpf_vm_choose_start(vm);
    if (status)
        ebpf_vm_free(vm);
    else
        *out = vm;
    return status;
}

void ebpf_vm_hold(struct ebpf_vm *vm)
{
    __atomic_fetch_add(&vm->refs, 1, __ATOMIC_RELAXED);
}

void ebpf_vm_free(struct ebpf_vm *vm)
{
    if (!vm)
        return;
    ebpf_vm_forsake_maps(vm);
    ebpf_vm_release(vm);
}

void ebpf_vm_release(struct ebpf_vm *vm)
{
    if (__atomic_fetch_sub(&vm->refs, 1, __ATOMIC_ACQ_REL) != 1)
        return;
    ebpf_vm_discard(vm);
    ebpf_vm_forget_facts(vm);
    ebpf_program_unref(vm->program);
    ebpf_vec_free(&vm->passes);
    ebpf_vec_free(&vm->helpers);
    ebpf_vec_free(&vm->regions);
    ebpf_vec_free(&vm->own);
    ebpf_vm_free_maps(vm);
    ebpf_vec_free(&vm->made);
    ebpf_map_table_unref(vm->declared);
    struct ebpf_mem mem = vm->mem;
    ebpf_mem_free(&mem, vm, sizeof(*vm));
}

ebpf_status ebpf_vm_set_data_offsets(struct ebpf_vm *vm, size_t data_offset,
                                     size_t data_end_offset, struct ebpf_diag *diag)
{
    if (vm->kind->context != CONTEXT_MADE)
        return ebpf_vm_refuse(diag, EBPF_ERR_STATE, "only FIXED_MBUFF has them",
                              "a VM of kind %s has no use for data offsets", vm->kind->name);
    return ebpf_vm_check_offsets(vm, data_offset, data_end_offset, diag);
}

struct ebpf_program *ebpf_vm_program(const struct ebpf_vm *vm)
{
    return vm->program;
}

const struct ebpf_backend *ebpf_vm_backend(const struct ebpf_vm *vm)
{
    return vm->backend;
}

const struct ebpf_code *ebpf_vm_code(const struct ebpf_vm *vm)
{
    return vm->code;
}
