/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What is in an open object, and which of its functions a name means. */
#include <stdio.h>
#include <string.h>

#include "frontend/elf/object.h"

const struct ebpf_elf_section *ebpf_elf_sections(const struct ebpf_elf *elf, uint32_t *count)
{
    *count = (uint32_t)elf->infos.count;
    return elf->infos.data;
}

const struct ebpf_elf_function *ebpf_elf_functions(const struct ebpf_elf *elf, uint32_t *count)
{
    *count = (uint32_t)elf->functions.count;
    return elf->functions.data;
}

const struct ebpf_map_decl *ebpf_elf_maps(const struct ebpf_elf *elf, uint32_t *count)
{
    *count = (uint32_t)elf->maps->maps.count;
    return elf->maps->maps.data;
}

struct elf_section *ebpf_elf_section(const struct ebpf_elf *elf, const char *name)
{
    for (size_t i = 1; i < elf->sections.count; i++)
        if (strcmp(elf_section_at(elf, i)->info.name, name) == 0)
            return elf_section_at(elf, i);
    return NULL;
}

uint32_t ebpf_elf_relocation_count(const struct ebpf_elf *elf)
{
    return (uint32_t)elf->relocs.count;
}

struct ebpf_elf_relocation ebpf_elf_relocation_at(const struct ebpf_elf *elf, uint32_t index)
{
    const struct elf_reloc *r = elf_reloc_at(elf, index);
    const struct elf_symbol *symbol = elf_symbol_at(elf, r->symbol);
    return (struct ebpf_elf_relocation){
        .section = elf_section_at(elf, r->section)->info.name, .offset = r->offset,
        .type = r->type, .symbol = ebpf_elf_symbol_name(elf, symbol),
        .is_undefined = symbol->section == ELF_SECTION_UNDEF};
}

const char *ebpf_elf_license(const struct ebpf_elf *elf)
{
    return elf->license;
}

/* What ebpf_elf_find() counts: functions by name, by section, all that are no subprograms, all. */
enum way { BY_NAME, BY_SECTION, PROGRAMS, ALL, WAYS };

static bool matches(const struct ebpf_elf_function *f, const char *name, enum way way)
{
    switch (way) {
    case BY_NAME:
        return name && strcmp(f->name, name) == 0;
    case BY_SECTION:
        return name && strcmp(f->section, name) == 0;
    case PROGRAMS:
        return !name && !f->is_subprogram;
    default:
        return !name;
    }
}

static ebpf_status refuse_name(const struct ebpf_elf *elf, const char *name,
                               struct ebpf_diag *diag)
{
    char names[250] = "";
    size_t used = 0;
    const struct ebpf_elf_function *f = elf->functions.data;
    for (size_t i = 0; i < elf->functions.count && used < sizeof(names); i++)
        if (name || !f[i].is_subprogram)
            used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%.60s",
                                     used ? ", " : "", f[i].name);
    if (used >= sizeof(names))
        memcpy(names + sizeof(names) - 4, "...", 4);
    if (elf->functions.count == 0)
        return ebpf_elf_refuse(elf, diag, EBPF_ERR_NOT_FOUND, "it has no functions");
    if (!name) {
        const struct ebpf_diag_entry entry = {
            .status = EBPF_ERR_NOT_FOUND, .file = elf->file, .pc = EBPF_PC_NONE,
            .advice = "give its name: ebpf_elf_find(), or --program=NAME"};
        ebpf_diag_add(diag, &entry, "it has several programs, one must be named: %s", names);
        return EBPF_ERR_NOT_FOUND;
    }
    return ebpf_elf_refuse(elf, diag, EBPF_ERR_NOT_FOUND,
                           "no function, and no section with just one, is called '%.100s'; there "
                           "are: %s", name, names);
}

ebpf_status ebpf_elf_find(const struct ebpf_elf *elf, const char *name, struct ebpf_diag *diag,
                          uint32_t *index)
{
    for (enum way way = BY_NAME; way < WAYS; way++) {
        uint32_t found = 0;
        for (uint32_t i = 0; i < elf->functions.count; i++) {
            if (!matches(elf_function_at(elf, i), name, way))
                continue;
            if (found++ == 0 || way == BY_NAME)
                *index = i;
        }
        if (found == 1 || (found && way == BY_NAME))
            return EBPF_OK;
    }
    return refuse_name(elf, name, diag);
}
