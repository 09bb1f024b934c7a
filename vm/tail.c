/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tail calls: programs in arrays, and how a run goes on in one of them. */
#include "vm/tail.h"

#include "vm/helpers_map.h"
#include "vm/map_call.h"
#include "vm/maps/slots.h"
#include "vm/vm.h"

/* A number that differs where contexts of the embedder's do; 0 for others.  (FNV-1a.) */
static uint64_t digest(const struct ebpf_ctx *ctx)
{
    uint64_t sum = ctx->own ? UINT64_C(0xcbf29ce484222325) : 0;
    for (uint32_t i = 0; i < ctx->own_count; i++) {
        const struct ebpf_ctx_field *f = &ctx->own[i];
        const uint64_t words[] = {(uint64_t)f->offset << 16 | f->size,
                                  (uint64_t)f->kind << 8 | f->write};
        for (int w = 0; w < 2; w++)
            sum = (sum ^ words[w]) * UINT64_C(0x100000001b3);
    }
    return sum;
}

/* The program of a VM as what may stand in an array. */
static struct ebpf_program_type type_of(const struct ebpf_vm *vm)
{
    const struct ebpf_vm_options *o = &vm->options;
    return (struct ebpf_program_type){
        .kind = vm->kind, .type = vm->type.type, .context = digest(&vm->type),
        .backend = vm->backend, .policy = o->policy, .max_depth = o->max_depth,
        .frame_size = o->frame_size, .stack_size = o->stack_size,
        .data_offset = o->data_offset, .data_end_offset = o->data_end_offset};
}

/* What differs, or NULL. */
static const char *difference(const struct ebpf_program_type *a, const struct ebpf_program_type *b)
{
    if (a->kind != b->kind || a->data_offset != b->data_offset ||
        a->data_end_offset != b->data_end_offset)
        return "the kind of VM";
    if (a->context != b->context)
        return "the context";
    if (a->type != b->type)
        return "the type of programs";
    if (a->backend != b->backend)
        return "the engine";
    if (a->policy != b->policy)
        return "the policy";
    if (a->max_depth != b->max_depth || a->frame_size != b->frame_size ||
        a->stack_size != b->stack_size)
        return "the stack";
    return NULL;
}

ebpf_status ebpf_vm_claim_array(const struct ebpf_vm *vm, struct ebpf_map *map,
                                struct ebpf_diag *diag)
{
    const struct ebpf_program_type type = type_of(vm);
    struct ebpf_program_type owner = ebpf_slots_claim(map, &type);
    const char *what = difference(&owner, &type);
    if (!what)
        return EBPF_OK;
    return ebpf_vm_refuse(diag, EBPF_ERR_INVALID,
                          "programs that call each other must have these in common",
                          "the program array %s is used with programs of another sort: %s differs",
                          map->def.name ? map->def.name : "without a name", what);
}

ebpf_status ebpf_map_set_program(struct ebpf_map *map, uint32_t index, struct ebpf_vm *vm,
                                 struct ebpf_diag *diag)
{
    if (map->ops != &ebpf_map_prog_array)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "make one of kind EBPF_MAP_PROG_ARRAY",
                              "the map is no program array, but a %s", map->ops->name);
    if (index >= map->def.max_entries)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, NULL,
                              "index %u is out of range: the program array has %u elements", index,
                              map->def.max_entries);
    if (!vm) {
        map->ops->remove(map, &index);
        return EBPF_OK;
    }
    if (!vm->code)
        return ebpf_vm_refuse(diag, EBPF_ERR_STATE, "call ebpf_vm_compile() first",
                              "the program of this VM is not compiled");
    ebpf_status status = ebpf_vm_claim_array(vm, map, diag);
    if (status)
        return status;
    const struct ebpf_map_value value = {.data = (const uint8_t *)&vm,
                                         .cpu = EBPF_MAP_ALL_CPUS};
    ebpf_vm_hold(vm); /* the array's own, if it takes it */
    if (map->ops->update(map, &index, &value, EBPF_UPDATE_ANY) == 0)
        return EBPF_OK;
    ebpf_vm_release(vm);
    return EBPF_ERR_NOMEM;
}

ebpf_status ebpf_run_follow(struct ebpf_run *run)
{
    ebpf_status status = EBPF_OK;
    while (!status && run->ended == EBPF_RUN_TAIL) {
        const struct ebpf_vm *vm = run->next;
        run->env = &vm->env;
        run->ended = EBPF_RUN_GOES_ON;
        run->stack_low = run->stack_end;
        status = ebpf_vm_run_code(vm, run);
    }
    return status;
}

/* As another run inside of the run: the caller's frames stay as they are. */
ebpf_status ebpf_run_tail_inside(struct ebpf_run *run)
{
    const struct ebpf_env *caller = run->env;
    const struct ebpf_vm *vm = run->next;
    run->env = &vm->env;
    run->ended = EBPF_RUN_GOES_ON;
    ebpf_status status = ebpf_vm_call_code(vm, run, 0);
    if (status)
        return status;
    run->env = caller;
    return EBPF_OK;
}

/* Where the program of an index is, if there is one. */
static const struct ebpf_vm *find_program(const struct map_call *call, uint32_t index)
{
    struct ebpf_map *map = call->map;
    if (index >= map->def.max_entries || !ebpf_run_hold(call->run, map))
        return NULL;
    const void *element = map->ops->lookup(map, &index);
    return element ? *(const struct ebpf_vm *const *)element : NULL;
}

/* What the context is, the run knows; the argument is not looked at. */
HELPER(tail_call)
{
    CALL(tail_call, 1);
    if (call.map->ops != &ebpf_map_prog_array) {
        ebpf_run_refuse(run, "tail_call", 1, "this map is no program array:", args[1]);
        return 0;
    }
    if ((uint32_t)args[2] >= call.map->def.max_entries || run->tail_calls >= EBPF_TAIL_CALLS_MAX)
        return ebpf_call_result(-E2BIG);
    const struct ebpf_vm *vm = find_program(&call, (uint32_t)args[2]);
    if (!vm)
        return ebpf_call_result(-ENOENT);
    if (vm->stack_size > run->stack_end - (uintptr_t)run->stack)
        return ebpf_call_result(-EINVAL); /* frames of its own size, by ebpf_vm_options.stack_use */
    run->tail_calls++;
    run->next = vm;
    run->ended = EBPF_RUN_TAIL;
    return 0;
}
