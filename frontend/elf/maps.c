/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The table of maps of an object: its data sections, and the records of the section `maps`. */
#include <elf.h>
#include <string.h>

#include "base/bytes.h"
#include "frontend/elf/object.h"

/* More than any object needs; it bounds the search for inner maps. */
enum { MAPS_MAX = 4096 };

/* A record has at least these words: kind, sizes of key and value, number of entries. */
enum { RECORD_MIN = 16, RECORD_MAX = 128 };

/* Words of the records of various loaders, which are told apart by their size. */
enum {
    WORD_KIND, WORD_KEY, WORD_VALUE, WORD_ENTRIES, WORD_FLAGS,
    WORD_INNER_INDEX = 5, /* 24 and 28 bytes, of the kernel's samples: counts the records */
    WORD_ID = 5,          /* of iproute2, whose records are larger, or the same if they say it of
                             a map that is none of maps; and the others below */
    WORD_PINNING = 6,
    WORD_INNER_ID = 7,
    WORD_INNER_PLACE = 8 /* from 36 bytes on: at which index a map of maps holds this one */
};

struct ebpf_map_decl *ebpf_elf_declare(struct ebpf_elf *elf, const struct elf_map_place *place)
{
    struct elf_map_place *p = ebpf_vec_push(&elf->places, 1);
    struct ebpf_map_decl *map = p ? ebpf_map_table_push(elf->maps) : NULL;
    if (!map)
        return NULL;
    *p = *place;
    p->map = (uint32_t)elf->maps->maps.count - 1;
    return map;
}

static int by_place(const void *a, const void *b)
{
    const struct elf_map_place *x = a, *y = b;
    if (x->section != y->section)
        return x->section < y->section ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

bool ebpf_elf_sort_places(struct ebpf_elf *elf)
{
    return ebpf_vec_sort(&elf->places, by_place);
}

const struct elf_map_place *ebpf_elf_map_place(const struct ebpf_elf *elf, uint32_t section,
                                               uint64_t offset, bool exactly)
{
    const struct elf_map_place *p = elf->places.data;
    size_t low = 0, high = elf->places.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        bool before = p[middle].section < section ||
                      (p[middle].section == section && p[middle].offset <= offset);
        if (before)
            low = middle;
        else
            high = middle;
    }
    if (high == low || p[low].section != section || p[low].offset > offset)
        return NULL;
    uint64_t inside = offset - p[low].offset;
    return inside == 0 || (!exactly && inside < p[low].size) ? &p[low] : NULL;
}

static bool is_read_only(const struct ebpf_elf_section *s)
{
    return strncmp(s->name, ".rodata", 7) == 0 || strcmp(s->name, ".kconfig") == 0 ||
           !s->writable;
}

static bool declare_data(struct ebpf_elf *elf, uint32_t index)
{
    struct elf_section *s = elf_section_at(elf, index);
    const struct elf_map_place place = {.section = index, .size = s->info.size};
    struct ebpf_map_decl *map = ebpf_elf_declare(elf, &place);
    if (!map)
        return false;
    s->info.map = (uint32_t)elf->maps->maps.count - 1;
    size_t size = (size_t)s->info.size;
    map->is_data = 1;
    map->is_frozen = is_read_only(&s->info);
    map->def = (struct ebpf_map_def){
        .name = ebpf_arena_strndup(&elf->maps->arena, s->info.name, strlen(s->info.name)),
        .kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = (uint32_t)size, .max_entries = 1,
        .flags = EBPF_MAP_MMAPABLE | (map->is_frozen ? EBPF_MAP_RDONLY_PROG : 0)};
    if (s->bytes) {
        void *data = ebpf_arena_alloc(&elf->maps->arena, size);
        if (!data)
            return false;
        map->data = memcpy(data, s->bytes, size);
    }
    return map->def.name != NULL;
}

static ebpf_status declare_sections(struct ebpf_elf *elf)
{
    for (size_t i = 1; i < elf->sections.count; i++) {
        const struct ebpf_elf_section *s = &elf_section_at(elf, i)->info;
        if (s->use == EBPF_ELF_DATA && s->size != 0 && !declare_data(elf, (uint32_t)i))
            return EBPF_ERR_NOMEM;
    }
    return EBPF_OK;
}

/* The symbols of the section `maps`, a map each. */
struct legacy {
    struct ebpf_elf *elf;
    struct ebpf_diag *diag;
    uint32_t section;
    const struct elf_section *at;
    struct ebpf_vec symbols; /* struct elf_symbol, by value, of different values */
    uint64_t record;         /* size of a record in bytes */
    uint32_t first;          /* index of the first in the table */
};

static int by_value(const void *a, const void *b)
{
    uint64_t x = ((const struct elf_symbol *)a)->value, y = ((const struct elf_symbol *)b)->value;
    return (x > y) - (x < y);
}

static ebpf_status find_records(struct legacy *l)
{
    for (size_t i = 1; i < l->elf->symbols.count; i++) {
        const struct elf_symbol *s = elf_symbol_at(l->elf, i);
        if (s->section != l->section || s->type == STT_SECTION || !*s->name)
            continue;
        struct elf_symbol *kept = ebpf_vec_push(&l->symbols, 1);
        if (!kept)
            return EBPF_ERR_NOMEM;
        *kept = *s;
    }
    if (!ebpf_vec_sort(&l->symbols, by_value))
        return EBPF_ERR_NOMEM;
    struct elf_symbol *s = l->symbols.data;
    size_t kept = 0;
    for (size_t i = 0; i < l->symbols.count; i++)
        if (kept == 0 || s[kept - 1].value != s[i].value)
            s[kept++] = s[i];
    l->symbols.count = kept;
    return EBPF_OK;
}

static ebpf_status check_records(struct legacy *l)
{
    uint64_t size = l->at->info.size, count = l->symbols.count;
    l->record = count ? size / count : 0;
    if (count > MAPS_MAX)
        return ebpf_elf_refuse(l->elf, l->diag, EBPF_ERR_LIMIT, "section 'maps' has more than %d "
                               "maps", MAPS_MAX);
    if (count == 0 || size % count || l->record < RECORD_MIN || l->record > RECORD_MAX ||
        l->record % 4)
        return ebpf_elf_refuse(l->elf, l->diag, EBPF_ERR_MAP_DEF,
                               "section 'maps' has %llu bytes for %llu maps: a record has 16 to "
                               "128 bytes, a multiple of 4", (unsigned long long)size,
                               (unsigned long long)count);
    const struct elf_symbol *s = l->symbols.data;
    for (uint64_t i = 0; i < count; i++)
        if (s[i].value != i * l->record)
            return ebpf_elf_refuse(l->elf, l->diag, EBPF_ERR_MAP_DEF,
                                   "map '%.100s' is at offset 0x%llx of section 'maps', where no "
                                   "record of %llu bytes starts", s[i].name,
                                   (unsigned long long)s[i].value, (unsigned long long)l->record);
    return EBPF_OK;
}

/* Word `i` of record `index`, or 0 if records are shorter. */
static uint32_t word(const struct legacy *l, uint64_t index, unsigned i)
{
    return (i + 1) * 4u <= l->record ? ebpf_get_le32(l->at->bytes + index * l->record + i * 4u) : 0;
}

static bool is_of_maps(enum ebpf_map_kind kind)
{
    return kind == EBPF_MAP_ARRAY_OF_MAPS || kind == EBPF_MAP_HASH_OF_MAPS;
}

/* Which record is the pattern for the values of a map of maps; the count of records if none is. */
static uint64_t inner_record(const struct legacy *l, uint64_t index)
{
    uint64_t count = l->symbols.count;
    if (l->record < 24)
        return count;
    if (l->record <= 28)
        return word(l, index, WORD_INNER_INDEX);
    for (uint64_t i = 0; i < count; i++)
        if (i != index && word(l, index, WORD_INNER_ID) != 0 &&
            word(l, i, WORD_ID) == word(l, index, WORD_INNER_ID))
            return i;
    return count;
}

/* The pattern itself is an element, unless its index is -1. */
static ebpf_status place_inner(struct legacy *l, uint64_t inner, struct ebpf_map_decl *map)
{
    uint32_t key = word(l, inner, WORD_INNER_PLACE);
    if (l->record < 4 * (WORD_INNER_PLACE + 1) || map->def.kind != EBPF_MAP_ARRAY_OF_MAPS ||
        key >= map->def.max_entries)
        return EBPF_OK;
    struct ebpf_map_init *init = ebpf_arena_zalloc(&l->elf->maps->arena, 1, sizeof(*init));
    if (!init)
        return EBPF_ERR_NOMEM;
    *init = (struct ebpf_map_init){.key = key, .map = l->first + (uint32_t)inner};
    map->inits = init;
    map->init_count = 1;
    return EBPF_OK;
}

static ebpf_status declare_record(struct legacy *l, uint64_t index)
{
    const struct elf_symbol *s = (const struct elf_symbol *)l->symbols.data + index;
    const struct elf_map_place place = {
        .section = l->section, .offset = s->value, .size = l->record,
        .id = is_of_maps((enum ebpf_map_kind)word(l, index, WORD_KIND)) && l->record < 32
                  ? 0 : word(l, index, WORD_ID)};
    struct ebpf_map_decl *map = ebpf_elf_declare(l->elf, &place);
    if (!map)
        return EBPF_ERR_NOMEM;
    map->def = (struct ebpf_map_def){
        .name = ebpf_arena_strndup(&l->elf->maps->arena, s->name, strlen(s->name)),
        .kind = (enum ebpf_map_kind)word(l, index, WORD_KIND),
        .key_size = word(l, index, WORD_KEY), .value_size = word(l, index, WORD_VALUE),
        .max_entries = word(l, index, WORD_ENTRIES), .flags = word(l, index, WORD_FLAGS)};
    map->is_pinned = l->record >= 32 && word(l, index, WORD_PINNING) != 0;
    if (!map->def.name)
        return EBPF_ERR_NOMEM;
    if (!ebpf_map_kind_name(map->def.kind))
        return ebpf_elf_refuse(l->elf, l->diag, EBPF_ERR_MAP_DEF,
                               "map '%.100s' is of kind %u, which does not exist", s->name,
                               (unsigned)map->def.kind);
    uint64_t inner = is_of_maps(map->def.kind) ? inner_record(l, index) : l->symbols.count;
    if (inner < l->symbols.count &&
        !is_of_maps((enum ebpf_map_kind)word(l, inner, WORD_KIND)))
        map->inner = l->first + (uint32_t)inner;
    return map->inner != EBPF_MAP_NONE ? place_inner(l, inner, map) : EBPF_OK;
}

static ebpf_status declare_records(struct legacy *l)
{
    ebpf_status status = find_records(l);
    if (!status)
        status = check_records(l);
    for (uint64_t i = 0; !status && i < l->symbols.count; i++)
        status = declare_record(l, i);
    return status;
}

ebpf_status ebpf_elf_read_maps(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    ebpf_status status = EBPF_OK;
    for (size_t i = 1; i < elf->sections.count && !status; i++) {
        const struct elf_section *s = elf_section_at(elf, i);
        if (!s->is_legacy_maps || s->info.size == 0)
            continue;
        struct legacy l = {.elf = elf, .diag = diag, .section = (uint32_t)i, .at = s,
                           .first = (uint32_t)elf->maps->maps.count};
        ebpf_vec_init(&l.symbols, &elf->mem, sizeof(struct elf_symbol));
        status = declare_records(&l);
        ebpf_vec_free(&l.symbols);
    }
    return status ? status : declare_sections(elf);
}
