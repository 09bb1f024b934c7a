/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What program arrays and maps of maps hold at the start: relocations in the section `.maps` say,
 * and names of sections. */
#include <elf.h>
#include <string.h>

#include "base/bytes.h"
#include "frontend/elf/object.h"

/* The offset in its section that a relocation stands for. */
static uint64_t position_of(const struct ebpf_elf *elf, const struct elf_reloc *reloc,
                            const struct elf_symbol *symbol)
{
    const struct elf_section *s = elf_section_at(elf, reloc->section);
    if (reloc->has_addend)
        return symbol->value + (uint64_t)reloc->addend;
    if (elf->is_gnu && symbol->type != STT_SECTION)
        return symbol->value;
    return symbol->value + ebpf_get_le64(s->bytes + reloc->offset);
}

static ebpf_status refuse(const struct ebpf_elf *elf, const struct elf_reloc *reloc,
                          struct ebpf_diag *diag, const char *what)
{
    const struct elf_symbol *symbol = elf_symbol_at(elf, reloc->symbol);
    return ebpf_elf_refuse(elf, diag, EBPF_ERR_RELOCATION,
                           "'%.100s' at offset 0x%llx of section '.maps' %s",
                           ebpf_elf_symbol_name(elf, symbol), (unsigned long long)reloc->offset,
                           what);
}

static ebpf_status read_init(const struct ebpf_elf *elf, const struct elf_reloc *reloc,
                             const struct elf_map_place *place, struct ebpf_map_init *init,
                             struct ebpf_diag *diag)
{
    const struct elf_symbol *symbol = elf_symbol_at(elf, reloc->symbol);
    const struct ebpf_map_def *def = &elf_map_at(elf, place->map)->def;
    uint64_t position = position_of(elf, reloc, symbol);
    *init = (struct ebpf_map_init){
        .key = (uint32_t)((reloc->offset - place->offset - place->values) / 8),
        .map = EBPF_MAP_NONE};
    if (init->key >= def->max_entries)
        return refuse(elf, reloc, diag, "is beyond the map's last entry");
    if (symbol->section == ELF_SECTION_UNDEF || symbol->section == ELF_SECTION_ABS)
        return refuse(elf, reloc, diag, "is not defined");
    if (def->kind == EBPF_MAP_PROG_ARRAY) {
        uint32_t function = ebpf_elf_function_at(elf, symbol->section, position);
        if (function == EBPF_MAP_NONE)
            return refuse(elf, reloc, diag, "is no function");
        init->function = elf_function_at(elf, function)->name;
        return EBPF_OK;
    }
    const struct elf_map_place *inner =
        ebpf_elf_map_place(elf, symbol->section, position, true);
    if (!def->inner || !inner || elf_map_at(elf, inner->map)->def.inner)
        return refuse(elf, reloc, diag, "is no map that another can hold");
    init->map = inner->map;
    return EBPF_OK;
}

/* The entries of one map, from relocation `first` on; moves `first` behind them. */
static ebpf_status read_map(const struct ebpf_elf *elf, uint32_t *first, uint32_t end,
                            struct ebpf_diag *diag)
{
    const struct elf_reloc *reloc = elf_reloc_at(elf, *first);
    const struct elf_map_place *place =
        ebpf_elf_map_place(elf, reloc->section, reloc->offset, false);
    if (!place || place->values == 0 || reloc->offset - place->offset < place->values)
        return refuse(elf, reloc, diag, "is in no map that can hold it");
    uint32_t count = 0;
    while (*first + count < end && reloc[count].offset - place->offset < place->size)
        count++;
    struct ebpf_map_init *inits =
        ebpf_arena_zalloc(&elf->maps->arena, count, sizeof(*inits));
    if (!inits)
        return EBPF_ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        ebpf_status status = read_init(elf, &reloc[i], place, &inits[i], diag);
        if (status)
            return status;
        if (!inits[i].function)
            continue;
        inits[i].function = ebpf_arena_strndup(&elf->maps->arena, inits[i].function,
                                               strlen(inits[i].function));
        if (!inits[i].function)
            return EBPF_ERR_NOMEM;
    }
    struct ebpf_map_decl *map = elf_map_at(elf, place->map);
    map->inits = inits;
    map->init_count = count;
    *first += count;
    return EBPF_OK;
}

/* The index of the only program array, if no relocation fills it; EBPF_MAP_NONE. */
static uint32_t only_array(const struct ebpf_elf *elf)
{
    uint32_t found = EBPF_MAP_NONE;
    for (uint32_t i = 0; i < elf->maps->maps.count; i++) {
        if (elf_map_at(elf, i)->def.kind != EBPF_MAP_PROG_ARRAY)
            continue;
        if (found != EBPF_MAP_NONE)
            return EBPF_MAP_NONE;
        found = i;
    }
    return found != EBPF_MAP_NONE && elf_map_at(elf, found)->init_count ? EBPF_MAP_NONE : found;
}

/* Whether the name of a function's section puts it into a program array; where to. */
static bool goes_to(const struct ebpf_elf *elf, size_t function,
                    const struct elf_map_place *place, uint32_t *key)
{
    struct elf_tail tail;
    if (!ebpf_elf_tail_place(elf, function, &tail))
        return false;
    *key = tail.key;
    return tail.has_id ? place->id != 0 && place->id == tail.id : only_array(elf) == place->map;
}

/* A name for ebpf_elf_find(): that of the section, where several functions have the same. */
static const char *name_to_find(const struct ebpf_elf *elf, size_t function)
{
    const struct ebpf_elf_function *f = elf_function_at(elf, function);
    for (size_t i = 0; i < elf->functions.count; i++)
        if (i != function && strcmp(elf_function_at(elf, i)->name, f->name) == 0)
            return f->section;
    return f->name;
}

/* The entries of one program array that names of sections tell. */
static ebpf_status fill_by_names(const struct ebpf_elf *elf, const struct elf_map_place *place,
                                 struct ebpf_diag *diag)
{
    uint32_t key, count = 0, done = 0;
    struct ebpf_map_decl *map = elf_map_at(elf, place->map);
    for (size_t i = 0; i < elf->functions.count; i++)
        count += goes_to(elf, i, place, &key);
    if (count == 0)
        return EBPF_OK;
    struct ebpf_map_init *inits = ebpf_arena_zalloc(&elf->maps->arena, count, sizeof(*inits));
    if (!inits)
        return EBPF_ERR_NOMEM;
    for (size_t i = 0; i < elf->functions.count; i++) {
        if (!goes_to(elf, i, place, &key))
            continue;
        const char *name = name_to_find(elf, i);
        if (key >= map->def.max_entries)
            return ebpf_elf_refuse(elf, diag, EBPF_ERR_MAP_DEF,
                                   "section '%.100s' is for entry %u of map '%.100s', which has %u",
                                   elf_function_at(elf, i)->section, key, map->def.name,
                                   map->def.max_entries);
        inits[done++] = (struct ebpf_map_init){
            .key = key, .map = EBPF_MAP_NONE,
            .function = ebpf_arena_strndup(&elf->maps->arena, name, strlen(name))};
        if (!inits[done - 1].function)
            return EBPF_ERR_NOMEM;
    }
    map->inits = inits;
    map->init_count = count;
    return EBPF_OK;
}

static ebpf_status read_names(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    const struct elf_map_place *places = elf->places.data;
    for (size_t i = 0; i < elf->places.count; i++) {
        const struct ebpf_map_decl *map = elf_map_at(elf, places[i].map);
        ebpf_status status = EBPF_OK;
        if (map->def.kind == EBPF_MAP_PROG_ARRAY && map->init_count == 0)
            status = fill_by_names(elf, &places[i], diag);
        if (status)
            return status;
    }
    return EBPF_OK;
}

ebpf_status ebpf_elf_read_inits(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    for (size_t i = 1; i < elf->sections.count; i++) {
        const struct elf_section *s = elf_section_at(elf, i);
        uint32_t first = s->first_reloc, end = first + s->reloc_count;
        while (s->is_btf_maps && elf->has_btf && first < end) {
            ebpf_status status = read_map(elf, &first, end, diag);
            if (status)
                return status;
        }
    }
    return read_names(elf, diag);
}
