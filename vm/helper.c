/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Registering helpers, and holding their callers to the prototypes. */
#include <stdio.h>
#include <string.h>

#include "vm/helpers.h"
#include "vm/vm.h"

static bool is_memory(const struct ebpf_arg *arg)
{
    return arg->kind == EBPF_ARG_READ || arg->kind == EBPF_ARG_WRITE ||
           arg->kind == EBPF_ARG_UPDATE;
}

static bool prototype_valid(const struct ebpf_prototype *proto)
{
    for (size_t i = 0; i < 5; i++) {
        const struct ebpf_arg *arg = &proto->args[i];
        if (arg->kind > EBPF_ARG_RECORD || arg->size_arg > 5)
            return false;
        if (arg->size_arg &&
            (!is_memory(arg) || proto->args[arg->size_arg - 1].kind != EBPF_ARG_SIZE))
            return false;
    }
    return proto->ret <= EBPF_RET_MEMORY;
}

bool ebpf_helper_valid(const struct ebpf_helper *helper)
{
    return (helper->fn == NULL) != (helper->run_fn == NULL) &&
           (!helper->proto || prototype_valid(helper->proto));
}

void ebpf_run_refuse(struct ebpf_run *run, const char *helper, size_t arg, const char *why,
                     uint64_t value)
{
    char text[EBPF_FAULT_MESSAGE];
    snprintf(text, sizeof(text), "argument %zu of %.24s: %s 0x%llx", arg + 1,
             helper ? helper : "the helper", why, (unsigned long long)value);
    ebpf_run_fail(run, EBPF_ERR_HELPER_ARG, text);
    run->fault.address = value;
}

bool ebpf_run_require(struct ebpf_run *run, const char *helper, size_t arg,
                      const struct ebpf_access *a)
{
    if (a->size == 0 || ebpf_run_find(run, a->address, a->size, a->store, NULL))
        return true;
    uint32_t known = a->size <= UINT32_MAX ? (uint32_t)a->size : UINT32_MAX;
    ebpf_run_fault_access(run, 0, a->address, known, a->store); /* finds the nearest memory */
    const struct ebpf_region nearest = run->fault.nearest;
    int has_nearest = run->fault.has_nearest;
    ebpf_run_refuse(run, helper, arg, a->store ? "cannot write to memory at"
                                               : "cannot read memory at", a->address);
    run->fault.nearest = nearest;
    run->fault.has_nearest = has_nearest;
    run->fault.size = known;
    return false;
}

static bool check_memory(struct ebpf_run *run, const struct ebpf_helper *helper, size_t i,
                         const uint64_t args[5])
{
    const struct ebpf_arg *arg = &helper->proto->args[i];
    const struct ebpf_access access = {args[i],
                                       arg->size_arg ? args[arg->size_arg - 1] : arg->size,
                                       arg->kind != EBPF_ARG_READ};
    return (arg->nullable && args[i] == 0) || ebpf_run_require(run, helper->name, i, &access);
}

static bool check_argument(struct ebpf_run *run, const struct ebpf_helper *helper, size_t i,
                           const uint64_t args[5])
{
    const struct ebpf_arg *arg = &helper->proto->args[i];
    uint64_t length;
    const char *why = NULL;
    if (is_memory(arg))
        return check_memory(run, helper, i, args);
    if (arg->kind == EBPF_ARG_SIZE && arg->size && args[i] > arg->size)
        why = "size is too large:";
    if (arg->kind == EBPF_ARG_STRING && !(arg->nullable && args[i] == 0) &&
        !ebpf_run_string(run, args[i], &length))
        why = "no readable string at";
    if (why)
        ebpf_run_refuse(run, helper->name, i, why, args[i]);
    return why == NULL;
}

/* What engines call in place of a helper that has a prototype. */
static uint64_t call_checked(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    const struct ebpf_helper *helper = ctx;
    const struct ebpf_prototype *proto = helper->proto;
    for (size_t i = 0; i < 5; i++)
        if (!check_argument(run, helper, i, args))
            return 0;
    uint64_t result = helper->fn ? helper->fn(args[0], args[1], args[2], args[3], args[4])
                                 : helper->run_fn(run, helper->ctx, args);
    if (proto->ret == EBPF_RET_MEMORY && result && !run->ended &&
        !ebpf_run_find(run, result, proto->ret_size, 0, NULL))
        ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, "it returned memory that it did not lend");
    return result;
}

/* Whether there is something to check. */
static bool needs_checks(const struct ebpf_prototype *proto)
{
    for (size_t i = 0; i < 5; i++)
        if (is_memory(&proto->args[i]) || proto->args[i].kind == EBPF_ARG_STRING ||
            (proto->args[i].kind == EBPF_ARG_SIZE && proto->args[i].size))
            return true;
    return proto->ret == EBPF_RET_MEMORY;
}

struct ebpf_helper ebpf_helper_checked(struct ebpf_helper *given)
{
    struct ebpf_helper checked = *given;
    if (given->proto && needs_checks(given->proto)) {
        checked.fn = NULL;
        checked.run_fn = call_checked;
        checked.ctx = given;
    }
    return checked;
}

/* Puts a helper into its place; there is room for it. */
static void insert(struct ebpf_vec *list, const struct ebpf_helper *helper)
{
    struct ebpf_helper *all = list->data;
    size_t at = list->count;
    while (at > 0 && all[at - 1].id >= helper->id)
        at--;
    if (at == list->count || all[at].id != helper->id) {
        ebpf_vec_push(list, 1);
        memmove(&all[at + 1], &all[at], (list->count - 1 - at) * sizeof(*all));
    }
    all[at] = *helper;
}

ebpf_status ebpf_vm_register_helpers(struct ebpf_vm *vm, const struct ebpf_helper_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (!ebpf_helper_valid(&set->helpers[i]))
            return EBPF_ERR_INVALID;
    if (ebpf_vm_is_shared(vm))
        return EBPF_ERR_STATE;
    ebpf_vm_discard(vm); /* what was compiled may hold on to the list */
    ebpf_vm_forget_facts(vm);
    if (!ebpf_vec_reserve(&vm->helpers, set->count))
        return EBPF_ERR_NOMEM;
    for (size_t i = 0; i < set->count; i++)
        insert(&vm->helpers, &set->helpers[i]);
    return EBPF_OK;
}

ebpf_status ebpf_vm_register_helper(struct ebpf_vm *vm, const struct ebpf_helper *helper)
{
    const struct ebpf_helper_set set = {.helpers = helper, .count = 1};
    return ebpf_vm_register_helpers(vm, &set);
}

const struct ebpf_helper *ebpf_helper_find(const struct ebpf_helper_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->helpers[i].name, name) == 0)
            return &set->helpers[i];
    return NULL;
}
