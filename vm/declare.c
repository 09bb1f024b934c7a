/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The maps and data sections that a program's object declares: made with the first program of the
 * object that is loaded, then shared by all that the VM loads of it. */
#include <stdio.h>
#include <string.h>

#include <ebpfvm/map_ops.h>

#include "base/mem.h"
#include "ir/program.h"
#include "vm/vm.h"

/* Maps that are being made, by index in the table; NULL for those that are not. */
struct making {
    struct ebpf_vm *vm;
    const struct ebpf_map_decl *decls;
    struct ebpf_map **maps;
    uint32_t count;
    struct ebpf_diag *diag;
};

/* Whether the entries of a kind of maps are places, of which there may be one per processor. */
static bool has_places(enum ebpf_map_kind kind)
{
    switch (kind) {
    case EBPF_MAP_ARRAY: case EBPF_MAP_PERCPU_ARRAY: case EBPF_MAP_PERF_EVENT_ARRAY:
    case EBPF_MAP_CPUMAP: case EBPF_MAP_XSKMAP:
        return true;
    default:
        return false;
    }
}

/* As loaders complete definitions: what is left open until the machine is known is one entry for
 * each of its processors. */
static struct ebpf_map_def completed(const struct ebpf_map_decl *decl)
{
    struct ebpf_map_def def = decl->def;
    if (has_places(def.kind) && def.max_entries == 0)
        def.max_entries = ebpf_map_cpus();
    bool refers = def.kind == EBPF_MAP_PROG_ARRAY || def.kind == EBPF_MAP_ARRAY_OF_MAPS ||
                  def.kind == EBPF_MAP_HASH_OF_MAPS;
    if (refers && def.value_size == 0)
        def.value_size = sizeof(uint32_t); /* what stands for a program or map */
    if (def.kind == EBPF_MAP_RINGBUF)
        def.key_size = def.value_size = 0; /* some name the type of their records there */
    return def;
}

/* Says that a map cannot be made; `why` has the reason, unless there was no memory for it. */
static ebpf_status refuse(const struct making *m, uint32_t index, ebpf_status status,
                          const struct ebpf_diag *why)
{
    const struct ebpf_diag_entry *reason = why ? ebpf_diag_at(why, 0) : NULL;
    const char *name = m->decls[index].def.name;
    if (status == EBPF_ERR_INVALID) /* an argument, but not one of the caller's */
        status = EBPF_ERR_MAP_DEF;
    if (reason)
        return ebpf_vm_refuse(m->diag, status, reason->advice, "%.250s", reason->message);
    return ebpf_vm_refuse(m->diag, status, NULL, "map '%.60s' of the object cannot be made",
                          name ? name : "");
}

/* What the embedder gives must be what the object expects. */
static ebpf_status check_given(const struct making *m, uint32_t index, const struct ebpf_map *map)
{
    const struct ebpf_map_def whole = completed(&m->decls[index]), *want = &whole;
    const struct ebpf_map_def *have = ebpf_map_definition(map);
    if (want->kind == have->kind && want->key_size == have->key_size &&
        want->value_size == have->value_size)
        return EBPF_OK;
    return ebpf_vm_refuse(m->diag, EBPF_ERR_MAP_DEF, "give it under another id",
                          "map '%.60s' of the object is a %s with keys of %u and values of %u "
                          "bytes; the map given as %u is a %s with %u and %u",
                          want->name ? want->name : "", ebpf_map_kind_name(want->kind),
                          want->key_size, want->value_size, index,
                          ebpf_map_kind_name(have->kind), have->key_size, have->value_size);
}

/* Writes what an entry holds from the start. */
static ebpf_status fill_in(const struct making *m, uint32_t index)
{
    static const uint32_t zero;
    const struct ebpf_map_decl *d = &m->decls[index];
    if (d->data && ebpf_map_update(m->maps[index], &zero, d->data, EBPF_UPDATE_ANY) != 0)
        return refuse(m, index, EBPF_ERR_MAP_DEF, NULL);
    for (uint32_t i = 0; i < d->init_count; i++) {
        uint32_t inner = d->inits[i].map;
        if (inner == EBPF_MAP_NONE || !m->maps[inner])
            continue; /* programs are the embedder's to put in, see ebpf_program_maps() */
        if (ebpf_map_update_inner(m->maps[index], &d->inits[i].key, m->maps[inner],
                                  EBPF_UPDATE_ANY) != 0)
            return refuse(m, index, EBPF_ERR_MAP_DEF, NULL);
    }
    if (d->is_frozen)
        ebpf_map_freeze(m->maps[index]);
    return EBPF_OK;
}

/* Whether any instruction refers to a map. */
static bool is_used(const struct ebpf_program *program, uint32_t index)
{
    for (uint32_t i = 0; i < ebpf_program_count(program); i++)
        if (ebpf_insn_map(program, i) == index)
            return true;
    return false;
}

/* Makes a map.  One that cannot be made is a mistake only if the program needs it. */
static ebpf_status make_one(const struct making *m, const struct ebpf_program *program,
                            uint32_t index)
{
    const struct ebpf_map_def def = completed(&m->decls[index]);
    struct ebpf_diag *why = m->diag ? ebpf_diag_new(&m->vm->mem) : NULL;
    ebpf_status status = ebpf_map_new(&def, &m->vm->mem, why, &m->maps[index]);
    if (status && status != EBPF_ERR_NOMEM)
        status = is_used(program, index) ? refuse(m, index, status, why) : EBPF_OK;
    ebpf_diag_free(why);
    return status;
}

/* Makes the maps that the embedder has not given. */
static ebpf_status make(const struct making *m, const struct ebpf_program *program)
{
    ebpf_status status = EBPF_OK;
    for (uint32_t i = 0; i < m->count && !status; i++) {
        struct ebpf_map *given = ebpf_vm_given_map(m->vm, i);
        if (given) {
            status = check_given(m, i, given);
            m->maps[i] = status ? NULL : ebpf_map_ref(given);
        } else {
            status = make_one(m, program, i);
        }
    }
    for (uint32_t i = 0; i < m->count && !status; i++)
        if (m->maps[i] && !ebpf_vm_given_map(m->vm, i))
            status = fill_in(m, i);
    return status;
}

static void free_maps(const struct making *m)
{
    for (uint32_t i = 0; m->maps && i < m->count; i++)
        ebpf_map_unref(m->maps[i]);
    ebpf_mem_free(&m->vm->mem, m->maps, m->count * sizeof(*m->maps));
}

/* Puts what was made into the VM. */
static ebpf_status hand_over(const struct making *m, struct ebpf_map_table *table)
{
    struct ebpf_vm *vm = m->vm;
    ebpf_status status = EBPF_OK;
    if (!ebpf_vec_reserve(&vm->made, m->count))
        return EBPF_ERR_NOMEM;
    for (uint32_t i = 0; i < m->count && !status; i++) {
        if (!m->maps[i] || ebpf_vm_given_map(vm, i))
            continue;
        status = ebpf_vm_add_map(vm, i, m->maps[i]);
        if (!status)
            *(uint32_t *)ebpf_vec_push(&vm->made, 1) = i;
    }
    vm->declared = ebpf_map_table_ref(table);
    return status;
}

ebpf_status ebpf_vm_declare(struct ebpf_vm *vm, const struct ebpf_program *program,
                            struct ebpf_diag *diag)
{
    struct making m = {.vm = vm, .diag = diag};
    m.decls = ebpf_program_maps(program, &m.count);
    if (m.count == 0 || program->maps == vm->declared)
        return EBPF_OK;
    m.maps = ebpf_mem_zalloc(&vm->mem, m.count, sizeof(struct ebpf_map *));
    ebpf_status status = m.maps ? make(&m, program) : EBPF_ERR_NOMEM;
    if (!status) {
        ebpf_vm_forget_declared(vm);
        status = hand_over(&m, program->maps);
        if (status)
            ebpf_vm_forget_declared(vm); /* some may be missing */
    }
    free_maps(&m);
    return status;
}

void ebpf_vm_forget_declared(struct ebpf_vm *vm)
{
    const uint32_t *made = vm->made.data;
    for (size_t i = vm->made.count; i-- > 0;)
        ebpf_vm_remove_map(vm, made[i]);
    vm->made.count = 0;
    ebpf_map_table_unref(vm->declared);
    vm->declared = NULL;
}
