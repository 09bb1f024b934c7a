/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Maps of the section `.maps`: each is a variable whose structure says what it is by the types of
 * its members.  `int (*type)[N]` stands for the number N, `T *key` for the size of T.
 */
#include <elf.h>
#include <string.h>

#include "base/intern.h"
#include "frontend/elf/btf.h"

/* More than any object needs. */
enum { MAPS_MAX = 4096 };

/* The members of a definition, as bits of those that were seen. */
struct definition {
    struct ebpf_elf *elf;
    const struct btf *btf;
    struct ebpf_diag *diag;
    const char *name; /* of the map */
    struct ebpf_map_def def;
    uint32_t pinning, ignored;
    uint32_t values; /* offset of the member `values` in bytes; 0 if there is none */
    bool is_inner;
};

static ebpf_status refuse(const struct definition *d, const char *what)
{
    return ebpf_elf_refuse(d->elf, d->diag, EBPF_ERR_MAP_DEF, "map '%.100s': %s", d->name, what);
}

/* What a pointer points to; NULL if it is none. */
static const struct btf_type *target_type(const struct btf *btf, uint32_t id)
{
    const struct btf_type *t = ebpf_btf_plain(btf, id);
    return t && btf_is_ptr(t) ? ebpf_btf_plain(btf, t->type) : NULL;
}

static ebpf_status read_number(const struct definition *d, uint32_t type, uint32_t *out)
{
    const struct btf_type *t = target_type(d->btf, type);
    if (!t || !btf_is_array(t))
        return refuse(d, "a number is no pointer to an array");
    *out = btf_array(t)->nelems;
    return EBPF_OK;
}

static ebpf_status read_size(const struct definition *d, uint32_t type, uint32_t *out)
{
    const struct btf_type *t = ebpf_btf_plain(d->btf, type);
    if (!t || !btf_is_ptr(t))
        return refuse(d, "key or value is no pointer to a type");
    int64_t size = btf__resolve_size(d->btf, t->type);
    if (size < 0 || size > INT32_MAX || (*out != 0 && *out != size))
        return refuse(d, "key or value has no size, or another than it says");
    *out = (uint32_t)size;
    return EBPF_OK;
}

static ebpf_status read_definition(struct definition *d, const struct btf_type *type);

/* The pattern of a map of maps is a definition as well. */
static ebpf_status read_inner(struct definition *d, const struct btf_type *type)
{
    struct definition inner = {.elf = d->elf, .btf = d->btf, .diag = d->diag, .name = d->name,
                               .is_inner = true};
    ebpf_status status = read_definition(&inner, type);
    struct ebpf_map_def *def =
        status ? NULL : ebpf_arena_alloc(&d->elf->maps->arena, sizeof(*def));
    if (!def)
        return status ? status : EBPF_ERR_NOMEM;
    *def = inner.def;
    d->def.inner = def;
    return EBPF_OK;
}

static ebpf_status read_values(struct definition *d, const struct btf_type *owner, unsigned index)
{
    const struct btf_member *member = btf_members(owner) + index;
    const struct btf_type *array = ebpf_btf_plain(d->btf, member->type);
    const struct btf_type *t =
        array && btf_is_array(array) ? target_type(d->btf, btf_array(array)->type) : NULL;
    if (d->is_inner || !t || index + 1u != btf_vlen(owner))
        return refuse(d, "the member 'values' is not last, or no array of pointers");
    d->values = btf_member_bit_offset(owner, index) / 8;
    if (!d->def.value_size)
        d->def.value_size = sizeof(uint32_t); /* as for libbpf */
    if (btf_is_composite(t))
        return read_inner(d, t);
    return btf_is_func_proto(t) ? EBPF_OK
                                : refuse(d, "its values are neither maps nor functions");
}

static ebpf_status read_member(struct definition *d, const struct btf_type *owner, unsigned index)
{
    const struct btf_member *member = btf_members(owner) + index;
    const char *name = elf_btf_string(d->elf, member->name_off);
    uint32_t kind = d->def.kind;
    ebpf_status status;
    const struct {
        const char *name;
        uint32_t *number, *size;
    } members[] = {
        {"type", &kind, NULL},
        {"key_size", &d->def.key_size, NULL},
        {"value_size", &d->def.value_size, NULL},
        {"max_entries", &d->def.max_entries, NULL},
        {"map_flags", &d->def.flags, NULL},
        {"pinning", &d->pinning, NULL},
        {"numa_node", &d->ignored, NULL},
        {"map_extra", &d->ignored, NULL},
        {"key", NULL, &d->def.key_size},
        {"value", NULL, &d->def.value_size},
    };
    if (name && strcmp(name, "values") == 0)
        return read_values(d, owner, index);
    for (size_t i = 0; name && i < sizeof(members) / sizeof(members[0]); i++) {
        if (strcmp(name, members[i].name) != 0)
            continue;
        status = members[i].number ? read_number(d, member->type, members[i].number)
                                   : read_size(d, member->type, members[i].size);
        d->def.kind = (enum ebpf_map_kind)kind;
        return status;
    }
    return ebpf_elf_refuse(d->elf, d->diag, EBPF_ERR_UNSUPPORTED,
                           "map '%.100s' has a member '%.60s', which means nothing here", d->name,
                           name ? name : "?");
}

static ebpf_status read_definition(struct definition *d, const struct btf_type *type)
{
    if (!type || !btf_is_struct(type))
        return refuse(d, "its type is no structure");
    for (unsigned i = 0; i < btf_vlen(type); i++) {
        ebpf_status status = read_member(d, type, i);
        if (status)
            return status;
    }
    bool of_maps = d->def.kind == EBPF_MAP_ARRAY_OF_MAPS || d->def.kind == EBPF_MAP_HASH_OF_MAPS;
    if (!ebpf_map_kind_name(d->def.kind))
        return refuse(d, "it has no type, or one that does not exist");
    if (of_maps && d->def.value_size == 0)
        d->def.value_size = 4;
    if (d->def.inner && !of_maps)
        return refuse(d, "its values are maps, but it is no map of maps");
    return EBPF_OK;
}

static ebpf_status declare(struct definition *d, const struct elf_symbol *symbol)
{
    const struct elf_map_place place = {.section = symbol->section, .offset = symbol->value,
                                        .size = symbol->size, .values = d->values};
    const struct ebpf_elf_section *s = &elf_section_at(d->elf, symbol->section)->info;
    if (symbol->value >= s->size || symbol->size > s->size - symbol->value)
        return refuse(d, "its symbol does not lie in the section");
    if (d->elf->places.count >= MAPS_MAX)
        return ebpf_elf_refuse(d->elf, d->diag, EBPF_ERR_LIMIT, "it has more than %d maps",
                               MAPS_MAX);
    d->def.name = ebpf_arena_strndup(&d->elf->maps->arena, d->name, strlen(d->name));
    struct ebpf_map_decl *map = d->def.name ? ebpf_elf_declare(d->elf, &place) : NULL;
    if (!map)
        return EBPF_ERR_NOMEM;
    map->def = d->def;
    map->is_pinned = d->pinning != 0;
    return EBPF_OK;
}

/* One variable of the section; symbols by name. */
static ebpf_status read_variable(struct ebpf_elf *elf, const struct btf *btf, uint32_t id,
                                 const struct ebpf_intern *symbols, struct ebpf_diag *diag)
{
    const struct btf_type *var = btf__type_by_id(btf, id);
    const char *name = var && btf_is_var(var) ? elf_btf_string(elf, var->name_off) : NULL;
    if (!name)
        return ebpf_elf_refuse(elf, diag, EBPF_ERR_BTF,
                               "section '.maps' holds what is no variable");
    struct definition d = {.elf = elf, .btf = btf, .diag = diag, .name = name};
    const struct ebpf_name *known = ebpf_intern_find(symbols, name, strlen(name));
    if (!known)
        return refuse(&d, "it has no symbol");
    ebpf_status status = read_definition(&d, ebpf_btf_plain(btf, var->type));
    return status ? status : declare(&d, elf_symbol_at(elf, known->value));
}

static bool index_symbols(const struct ebpf_elf *elf, struct ebpf_intern *symbols)
{
    for (size_t i = 1; i < elf->symbols.count; i++) {
        const struct elf_symbol *s = elf_symbol_at(elf, i);
        if (s->section >= elf->sections.count || s->type == STT_SECTION || !*s->name ||
            !elf_section_at(elf, s->section)->is_btf_maps)
            continue;
        struct ebpf_name *name = ebpf_intern(symbols, s->name, strlen(s->name));
        if (!name)
            return false;
        name->value = (uint32_t)i;
    }
    return true;
}

ebpf_status ebpf_elf_read_btf_maps(struct ebpf_elf *elf, const struct btf *btf,
                                   struct ebpf_diag *diag)
{
    int32_t id = btf__find_by_name_kind(btf, ".maps", BTF_KIND_DATASEC);
    if (id < 0)
        return EBPF_OK;
    const struct btf_type *section = btf__type_by_id(btf, (uint32_t)id);
    struct ebpf_intern symbols;
    ebpf_intern_init(&symbols, &elf->mem);
    ebpf_status status = index_symbols(elf, &symbols) ? EBPF_OK : EBPF_ERR_NOMEM;
    for (unsigned i = 0; i < btf_vlen(section) && !status; i++)
        status = read_variable(elf, btf, btf_var_secinfos(section)[i].type, &symbols, diag);
    ebpf_intern_free(&symbols);
    return status;
}
