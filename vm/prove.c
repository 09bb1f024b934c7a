/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What is proven of a VM's program: the contract that its verifier judges by, and the facts. */
#include <string.h>

#include "base/mem.h"
#include "ir/pass.h"
#include "ir/program.h"
#include "vm/maps/map.h"
#include "vm/vm.h"

static struct ebpf_ctx context_of(const struct ebpf_vm *vm)
{
    switch (vm->options.kind) {
    case EBPF_VM_TYPED: return vm->type;
    case EBPF_VM_RAW: return (struct ebpf_ctx){.type = EBPF_TYPE_RAW};
    case EBPF_VM_NO_DATA: return (struct ebpf_ctx){.type = EBPF_TYPE_NONE};
    default: return (struct ebpf_ctx){.type = EBPF_TYPE_UNSPEC};
    }
}

/* The embedder may have put a helper of its own in the place of the kernel's. */
static bool is_kernel_helper(const void *ctx, uint32_t id)
{
    const struct ebpf_vm *vm = ctx;
    const struct ebpf_helper *have = ebpf_helper_by_id(vm->helpers.data, vm->helpers.count, id);
    const struct ebpf_helper_set *set = ebpf_helpers_kernel();
    const struct ebpf_helper *want = ebpf_helper_by_id(set->helpers, set->count, id);
    return have && want && have->fn == want->fn && have->run_fn == want->run_fn;
}

/* What the smallest frame of a program has. */
static uint32_t smallest_frame(const struct ebpf_vm *vm, const struct ebpf_program *program)
{
    const struct ebpf_vm_options *o = &vm->options;
    uint32_t functions, least = EBPF_FRAME_LIMIT;
    ebpf_program_functions(program, &functions);
    for (uint32_t i = 0; i < functions && o->stack_use; i++) {
        uint32_t size = o->stack_use(program, i, o->stack_use_ctx);
        least = size < least ? size : least;
    }
    return o->stack_use || o->frame_size > least ? least : o->frame_size;
}

/* The maps that the embedder gave; the verifier knows those that the program declares. */
static uint32_t list_maps(const struct ebpf_vm *vm, struct ebpf_verify_map *known)
{
    const struct ebpf_env_map *maps = vm->maps.data;
    uint32_t count = 0;
    for (size_t i = 0; i < vm->maps.count; i++)
        if (ebpf_vm_given_map(vm, maps[i].id))
            known[count++] = (struct ebpf_verify_map){maps[i].id, maps[i].map->def};
    return count;
}

static bool has_safety(const struct ebpf_pass *const *passes)
{
    while (*passes && *passes != &ebpf_pass_safety)
        passes++;
    return *passes != NULL;
}

/* The passes, and under VERIFIED the proof, wherever the program stands. */
static ebpf_status verify(const struct ebpf_vm *vm, const struct ebpf_program *program,
                          const struct ebpf_pass *const *passes, struct ebpf_diag *diag,
                          struct vm_proof *proof, const struct ebpf_contract *contract)
{
    /* Kernel types compare their packet's ends; a raw program may rely on what its host sends. */
    bool assumes = proof && contract->ctx.type == EBPF_TYPE_RAW && contract->quick;
    const struct ebpf_verify_results results = {
        .mem = &vm->mem, .facts = proof ? &proof->facts : NULL,
        .packet_least = assumes ? &proof->packet_least : NULL};
    if (vm->options.policy != EBPF_POLICY_VERIFIED || has_safety(passes))
        return ebpf_verify_against(program, passes, contract, diag, &results);
    struct ebpf_pass_list *list = ebpf_pass_list_new(passes, &vm->mem);
    ebpf_status status = list ? ebpf_pass_list_append(list, &ebpf_pass_safety) : EBPF_ERR_NOMEM;
    if (!status)
        status = ebpf_verify_against(program, ebpf_pass_list_passes(list), contract, diag,
                                     &results);
    ebpf_pass_list_free(list);
    return status;
}

ebpf_status ebpf_vm_verify(const struct ebpf_vm *vm, const struct ebpf_program *program,
                           const struct ebpf_pass *const *passes, struct ebpf_diag *diag,
                           struct vm_proof *proof)
{
    size_t room = vm->maps.count;
    struct ebpf_verify_map *known =
        room ? ebpf_mem_zalloc(&vm->mem, room, sizeof(*known)) : NULL;
    if (!known && room)
        return EBPF_ERR_NOMEM;
    const struct ebpf_contract contract = {
        .ctx = context_of(vm), .any_align = true, .maps = known, .map_count = list_maps(vm, known),
        .context_size = vm->kind->context == CONTEXT_TYPED ? (uint32_t)vm->mbuff_size : 0,
        .frame_size = smallest_frame(vm, program),
        .others_unproven = vm->options.policy != EBPF_POLICY_VERIFIED,
        .quick = vm->options.policy == EBPF_POLICY_CHECKED && !has_safety(passes),
        .is_kernel_helper = is_kernel_helper, .helper_ctx = vm};
    ebpf_status status = verify(vm, program, passes, diag, proof, &contract);
    ebpf_mem_free(&vm->mem, known, room * sizeof(*known));
    return status;
}

ebpf_status ebpf_vm_prove(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    static const struct ebpf_pass *const nothing[] = {NULL};
    if (!vm->proof_stale || vm->options.policy == EBPF_POLICY_TRUSTED)
        return EBPF_OK;
    ebpf_status status = ebpf_vm_verify(vm, vm->program, nothing, diag, &vm->proof);
    vm->proof_stale = status != EBPF_OK;
    return status;
}

void ebpf_vm_forget_facts(struct ebpf_vm *vm)
{
    ebpf_mem_free(&vm->mem, vm->proof.facts,
                  vm->program ? ebpf_program_count(vm->program) * sizeof(*vm->proof.facts) : 0);
    vm->proof = (struct vm_proof){.facts = NULL};
    vm->proof_stale = vm->program != NULL;
}
