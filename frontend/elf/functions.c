/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Where the functions of an object are: its symbols say, or else its sections. */
#include <elf.h>
#include <string.h>

#include "frontend/elf/object.h"

static bool add_function(struct ebpf_elf *elf, uint32_t section, const char *name,
                         uint64_t offset, bool is_local)
{
    struct elf_section *s = elf_section_at(elf, section);
    struct ebpf_elf_function *f = ebpf_vec_push(&elf->functions, 1);
    uint32_t *of = f ? ebpf_vec_push(&elf->function_sections, 1) : NULL;
    if (!of)
        return false;
    *f = (struct ebpf_elf_function){
        .name = *name ? name : s->info.name, .section = s->info.name,
        .offset = offset,
        .is_subprogram = strncmp(s->info.name, ".text", 5) == 0, .is_local = is_local};
    *of = section;
    s->function_count++;
    return true;
}

/* Whether a symbol starts a function, where functions have their own type or where not. */
static bool is_function(const struct elf_symbol *s, bool is_typed)
{
    return is_typed ? s->type == STT_FUNC
                    : s->type == STT_NOTYPE && s->bind != STB_LOCAL && *s->name;
}

/* A candidate, to be sorted. */
struct start {
    uint32_t section, symbol;
    uint64_t offset;
    uint8_t is_local;
};

/* By place; at one place global names come first. */
static int by_place(const void *a, const void *b)
{
    const struct start *x = a, *y = b;
    if (x->section != y->section)
        return x->section < y->section ? -1 : 1;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return x->is_local - y->is_local;
}

static ebpf_status check_start(const struct ebpf_elf *elf, const struct elf_symbol *symbol,
                               struct ebpf_diag *diag)
{
    const struct ebpf_elf_section *s = &elf_section_at(elf, symbol->section)->info;
    if (symbol->value % 8 == 0 && symbol->value < s->size &&
        symbol->size <= s->size - symbol->value)
        return EBPF_OK;
    return ebpf_elf_refuse(elf, diag, EBPF_ERR_OBJECT,
                           "function '%.100s' at offset 0x%llx with %llu bytes does not lie in "
                           "section '%.100s'", symbol->name, (unsigned long long)symbol->value,
                           (unsigned long long)symbol->size, s->name);
}

/* The starts in the sections of code that symbols tell; a byte per section says which are typed. */
static ebpf_status find_starts(struct ebpf_elf *elf, struct ebpf_vec *starts, uint8_t *typed,
                               struct ebpf_diag *diag)
{
    for (size_t i = 1; i < elf->symbols.count; i++) {
        const struct elf_symbol *s = elf_symbol_at(elf, i);
        if (s->section < elf->sections.count && s->type == STT_FUNC)
            typed[s->section] = 1;
    }
    for (size_t i = 1; i < elf->symbols.count; i++) {
        const struct elf_symbol *s = elf_symbol_at(elf, i);
        if (s->section >= elf->sections.count ||
            elf_section_at(elf, s->section)->info.use != EBPF_ELF_CODE ||
            !is_function(s, typed[s->section]))
            continue;
        ebpf_status status = check_start(elf, s, diag);
        if (status)
            return status;
        struct start *start = ebpf_vec_push(starts, 1);
        if (!start)
            return EBPF_ERR_NOMEM;
        *start = (struct start){s->section, (uint32_t)i, s->value, s->bind == STB_LOCAL};
    }
    return ebpf_vec_sort(starts, by_place) ? EBPF_OK : EBPF_ERR_NOMEM;
}

/* Functions of one section: those that start in it, after one without a name if code stands before
 * the first. */
static bool add_section(struct ebpf_elf *elf, uint32_t section, const struct start *start,
                        size_t count)
{
    struct elf_section *s = elf_section_at(elf, section);
    s->first_function = (uint32_t)elf->functions.count;
    if ((count == 0 || start[0].offset != 0) && !add_function(elf, section, "", 0, false))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct elf_symbol *symbol = elf_symbol_at(elf, start[i].symbol);
        if ((i == 0 || start[i].offset != start[i - 1].offset) &&
            !add_function(elf, section, symbol->name, start[i].offset, start[i].is_local))
            return false;
    }
    struct ebpf_elf_function *f = (struct ebpf_elf_function *)elf->functions.data +
                                  s->first_function;
    for (uint32_t i = 0; i < s->function_count; i++)
        f[i].size = (i + 1 < s->function_count ? f[i + 1].offset : s->info.size) - f[i].offset;
    return true;
}

static ebpf_status add_all(struct ebpf_elf *elf, const struct ebpf_vec *starts)
{
    const struct start *list = starts->data;
    size_t at = 0;
    for (size_t i = 1; i < elf->sections.count; i++) {
        const struct ebpf_elf_section *s = &elf_section_at(elf, i)->info;
        if (s->use != EBPF_ELF_CODE || s->size == 0)
            continue;
        size_t first = at;
        while (at < starts->count && list[at].section == i)
            at++;
        if (!add_section(elf, (uint32_t)i, list ? list + first : NULL, at - first))
            return EBPF_ERR_NOMEM;
    }
    return EBPF_OK;
}

ebpf_status ebpf_elf_read_functions(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    struct ebpf_vec starts;
    ebpf_vec_init(&starts, &elf->mem, sizeof(struct start));
    uint8_t *typed = ebpf_arena_zalloc(&elf->arena, elf->sections.count, 1);
    ebpf_status status = typed ? find_starts(elf, &starts, typed, diag) : EBPF_ERR_NOMEM;
    if (!status)
        status = add_all(elf, &starts);
    if (!status)
        ebpf_elf_choose_types(elf);
    ebpf_vec_free(&starts);
    return status;
}

uint32_t ebpf_elf_function_at(const struct ebpf_elf *elf, uint32_t section, uint64_t offset)
{
    const struct elf_section *s = elf_section_at(elf, section);
    uint32_t low = s->first_function, high = low + s->function_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (elf_function_at(elf, middle)->offset <= offset)
            low = middle;
        else
            high = middle;
    }
    return high > low && elf_function_at(elf, low)->offset == offset ? low : EBPF_MAP_NONE;
}
