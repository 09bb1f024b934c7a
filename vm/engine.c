/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Which engine a VM has, and whether that takes the VM's program. */
#include "ir/op.h"
#include "ir/program.h"
#include "vm/vm.h"

#include <string.h>

/* Engine `index` of those that a VM may choose from, best first; NULL after the last one. */
static const struct ebpf_backend *engine_at(const struct ebpf_vm_options *o, size_t index)
{
    return o->backends ? o->backends[index] : ebpf_backend_at(index);
}

/* Tables come from outside.  Of one for another version only `name` and `abi` are looked at. */
static ebpf_status check_table(const struct ebpf_backend *b, struct ebpf_diag *diag)
{
    const char *name = b->name ? b->name : "without a name";
    if (b->abi != EBPF_BACKEND_ABI)
        return ebpf_vm_refuse(diag, EBPF_ERR_BACKEND,
                              "compile it again, with the headers of this library",
                              "engine %s is for version %u of the interface, this is version %u",
                              name, b->abi, EBPF_BACKEND_ABI);
    if (!b->name || !b->summary || !b->probe || !b->compile || !b->run || !b->call || !b->dump ||
        !b->destroy)
        return ebpf_vm_refuse(diag, EBPF_ERR_BACKEND, "an engine has all members set",
                              "engine %s has members that are NULL", name);
    return EBPF_OK;
}

static ebpf_status refuse_all(const struct ebpf_vm_options *o, struct ebpf_diag *diag)
{
    if (o->backend)
        return ebpf_vm_refuse(diag, EBPF_ERR_BACKEND, NULL, "there is no engine \"%s\"",
                              o->backend);
    return ebpf_vm_refuse(diag, EBPF_ERR_BACKEND, "add ebpf_backend_find(\"interp\") to the list",
                          "none of the engines can run on this host");
}

ebpf_status ebpf_vm_choose_engine(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    struct ebpf_vm_options *o = &vm->options;
    const struct ebpf_backend *b;
    for (size_t i = 0; (b = engine_at(o, i)); i++) {
        ebpf_status status = check_table(b, diag);
        if (status)
            return status;
        if (o->backend && strcmp(b->name, o->backend) != 0)
            continue;
        if (b->probe() == EBPF_OK)
            break;
        if (o->backend)
            return ebpf_vm_refuse(diag, EBPF_ERR_BACKEND, NULL,
                                  "this host cannot run engine \"%s\"", b->name);
    }
    if (!b)
        return refuse_all(o, diag);
    vm->backend = b;
    o->backend = b->name;
    o->backends = NULL; /* may be gone from now on */
    return EBPF_OK;
}

ebpf_status ebpf_vm_check_groups(const struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    ebpf_status status = EBPF_OK;
    uint32_t missing = EBPF_GROUP_ALL & ~vm->backend->groups;
    uint32_t count = missing ? ebpf_program_count(vm->program) : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_op_info *info = &ebpf_op_table[ebpf_program_at(vm->program, i)->op];
        if (!(info->group & missing))
            continue;
        status = EBPF_ERR_UNSUPPORTED;
        ebpf_program_report(vm->program, diag, EBPF_SEVERITY_ERROR, status, i,
                            "choose another engine, or compile the program without them",
                            "engine %s does not take instructions of group %s", vm->backend->name,
                            ebpf_group_name((enum ebpf_group)info->group));
    }
    return status;
}
