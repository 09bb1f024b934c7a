/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What an object expects the kernel to have: settings, section `.kconfig`, which become a data
 * section of their own; variables and functions, section `.ksyms`. */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "frontend/elf/btf.h"

/* More than objects need. */
enum { NAMES_MAX = 4096, CONFIG_MAX = 1 << 20 };

/* The settings, as they are laid out. */
struct config {
    struct ebpf_elf *elf;
    const struct btf *btf;
    struct ebpf_diag *diag;
    const struct btf_type *section;
    uint8_t *data;
    uint32_t size;
};

/* A setting, and the text of its value. */
struct setting {
    const char *name, *text;
    size_t length;
    uint8_t *to;
    uint32_t size;
};

static bool is_weak(const struct ebpf_elf *elf, const char *name)
{
    for (size_t i = 1; i < elf->symbols.count; i++) {
        const struct elf_symbol *s = elf_symbol_at(elf, i);
        if (s->section == ELF_SECTION_UNDEF && strcmp(s->name, name) == 0)
            return s->bind == STB_WEAK;
    }
    return false;
}

/* The value in a line NAME=VALUE of the options; false if there is none. */
static bool find_text(const char *lines, struct setting *s)
{
    size_t length = strlen(s->name);
    for (const char *at = lines; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
        if (strncmp(at, s->name, length) != 0 || at[length] != '=')
            continue;
        s->text = at + length + 1;
        s->length = strcspn(s->text, "\r\n");
        return true;
    }
    return false;
}

static void put(const struct setting *s, uint64_t value)
{
    for (uint32_t i = 0; i < s->size; i++)
        s->to[i] = (uint8_t)(i < sizeof(value) ? value >> 8 * i : 0);
}

/* Whether a number fits into so many bytes, signed or not. */
static bool fits(int64_t value, bool negative, uint32_t size)
{
    unsigned bits = 8 * size;
    if (bits >= 64)
        return true;
    return negative ? value >= -(INT64_C(1) << (bits - 1))
                    : (uint64_t)value < UINT64_C(1) << bits;
}

static bool put_number(const struct setting *s)
{
    char copy[32], *end;
    bool negative = s->text[0] == '-';
    if (s->length == 0 || s->length >= sizeof(copy))
        return false;
    memcpy(copy, s->text, s->length);
    copy[s->length] = '\0';
    errno = 0;
    uint64_t value = negative ? (uint64_t)strtoll(copy, &end, 0) : strtoull(copy, &end, 0);
    if (errno || *end || !fits((int64_t)value, negative, s->size))
        return false;
    put(s, value);
    return true;
}

/* y, m or n: as a character, or by the numbers of libbpf's tristate. */
static bool put_choice(const struct setting *s, bool as_char, bool may_be_module)
{
    char c = s->length == 1 ? s->text[0] : '\0';
    if (c != 'y' && c != 'n' && !(c == 'm' && may_be_module))
        return false;
    put(s, as_char ? (uint64_t)c : c == 'y' ? 1 : c == 'm' ? 2 : 0);
    return true;
}

/* A string in quotation marks, cut to what there is room for. */
static bool put_string(const struct setting *s)
{
    if (s->length < 2 || s->text[0] != '"' || s->text[s->length - 1] != '"' || s->size == 0)
        return false;
    size_t length = s->length - 2;
    memcpy(s->to, s->text + 1, length < s->size ? length : s->size - 1);
    return true;
}

static bool put_value(const struct config *c, const struct setting *s, const struct btf_type *t)
{
    if (t && btf_is_array(t)) {
        const struct btf_type *element = ebpf_btf_plain(c->btf, btf_array(t)->type);
        return element && btf_is_int(element) && element->size == 1 && put_string(s);
    }
    if (t && btf_is_any_enum(t))
        return put_choice(s, false, true) || put_number(s);
    if (!t || !btf_is_int(t) || t->size > sizeof(uint64_t))
        return false;
    if (btf_int_encoding(t) & BTF_INT_BOOL)
        return put_choice(s, false, false);
    return (t->size == 1 && put_choice(s, true, true)) || put_number(s);
}

static ebpf_status add_name(struct ebpf_elf *elf, const struct elf_kernel_name *name,
                            struct ebpf_diag *diag)
{
    if (elf->kernel_names.count >= NAMES_MAX)
        return ebpf_elf_refuse(elf, diag, EBPF_ERR_LIMIT,
                               "it has more than %d names of the kernel", NAMES_MAX);
    struct elf_kernel_name *to = ebpf_vec_push(&elf->kernel_names, 1);
    if (!to)
        return EBPF_ERR_NOMEM;
    *to = *name;
    return EBPF_OK;
}

/* The variable of entry `i` of a section; NULL if it is none. */
static const char *entry(const struct ebpf_elf *elf, const struct btf *btf,
                         const struct btf_type *section, unsigned i, const struct btf_type **t)
{
    *t = btf__type_by_id(btf, btf_var_secinfos(section)[i].type);
    if (!*t || !(btf_is_var(*t) || btf_is_func(*t)))
        return NULL;
    return elf_btf_string(elf, (*t)->name_off);
}

/* Settings are numbers and strings, no structures; 0 for others. */
static uint32_t alignment(const struct btf *btf, uint32_t id)
{
    const struct btf_type *t = ebpf_btf_plain(btf, id);
    if (t && btf_is_array(t))
        t = ebpf_btf_plain(btf, btf_array(t)->type);
    bool known = t && (btf_is_int(t) || btf_is_any_enum(t)) && t->size > 0;
    return !known ? 0 : t->size < sizeof(uint64_t) ? t->size : (uint32_t)sizeof(uint64_t);
}

/* Where a setting is to be; its size. */
static bool place(struct config *c, const struct btf_type *var, uint32_t *offset, uint32_t *size)
{
    int64_t bytes = btf__resolve_size(c->btf, var->type);
    uint32_t align = alignment(c->btf, var->type);
    if (bytes < 0 || bytes > CONFIG_MAX || align == 0)
        return false;
    *offset = (c->size + align - 1) / align * align;
    *size = (uint32_t)bytes;
    c->size = *offset + *size;
    return c->size <= CONFIG_MAX;
}

/* One pass over the settings: the first, without data, only finds how much room they need. */
static ebpf_status read_settings(struct config *c)
{
    ebpf_status status = EBPF_OK;
    c->size = 0;
    for (unsigned i = 0; i < btf_vlen(c->section) && !status; i++) {
        const struct btf_type *var;
        uint32_t offset;
        struct setting s = {.name = entry(c->elf, c->btf, c->section, i, &var)};
        if (!s.name || !btf_is_var(var) || !place(c, var, &offset, &s.size))
            return ebpf_elf_refuse(c->elf, c->diag, EBPF_ERR_BTF,
                                   "section '.kconfig' holds what is no variable, or too much");
        if (!c->data)
            continue;
        s.to = c->data + offset;
        bool given = find_text(c->elf->options.kconfig, &s);
        if (given && !put_value(c, &s, ebpf_btf_plain(c->btf, var->type)))
            return ebpf_elf_refuse(c->elf, c->diag, EBPF_ERR_INVALID,
                                   "'%.100s' cannot be '%.*s': that is no value of its type",
                                   s.name, (int)(s.length < 60 ? s.length : 60), s.text);
        const struct elf_kernel_name name = {
            .name = s.name, .is_setting = true, .offset = offset,
            .map = (uint32_t)c->elf->maps->maps.count,
            .is_there = given || is_weak(c->elf, s.name)};
        status = add_name(c->elf, &name, c->diag);
    }
    return status;
}

static ebpf_status declare_settings(struct config *c)
{
    static const char name[] = ".kconfig";
    const struct elf_map_place where = {.section = ELF_SECTION_UNDEF, .size = c->size};
    struct ebpf_map_decl *map = ebpf_elf_declare(c->elf, &where);
    if (!map)
        return EBPF_ERR_NOMEM;
    map->is_data = map->is_frozen = 1;
    map->data = c->data;
    map->def = (struct ebpf_map_def){
        .name = ebpf_arena_strndup(&c->elf->maps->arena, name, sizeof(name) - 1),
        .kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = c->size, .max_entries = 1,
        .flags = EBPF_MAP_MMAPABLE | EBPF_MAP_RDONLY_PROG};
    return map->def.name ? EBPF_OK : EBPF_ERR_NOMEM;
}

static const struct btf_type *section_of(const struct btf *btf, const char *name)
{
    int32_t id = btf__find_by_name_kind(btf, name, BTF_KIND_DATASEC);
    return id < 0 ? NULL : btf__type_by_id(btf, (uint32_t)id);
}

static ebpf_status read_config(struct ebpf_elf *elf, const struct btf *btf,
                               struct ebpf_diag *diag)
{
    struct config c = {.elf = elf, .btf = btf, .diag = diag,
                       .section = section_of(btf, ".kconfig")};
    if (!c.section || btf_vlen(c.section) == 0)
        return EBPF_OK;
    ebpf_status status = read_settings(&c);
    if (status || c.size == 0)
        return status;
    c.data = ebpf_arena_zalloc(&elf->maps->arena, c.size, 1);
    status = c.data ? read_settings(&c) : EBPF_ERR_NOMEM;
    return status ? status : declare_settings(&c);
}

/* Functions that may be missing are still called in code that nobody reaches. */
static ebpf_status read_symbols(struct ebpf_elf *elf, const struct btf *btf,
                                struct ebpf_diag *diag)
{
    const struct btf_type *section = section_of(btf, ".ksyms"), *t;
    ebpf_status status = EBPF_OK;
    for (unsigned i = 0; section && i < btf_vlen(section) && !status; i++) {
        struct elf_kernel_name name = {.name = entry(elf, btf, section, i, &t)};
        if (!name.name)
            return ebpf_elf_refuse(elf, diag, EBPF_ERR_BTF,
                                   "section '.ksyms' holds what is neither variable nor function");
        name.is_there = is_weak(elf, name.name);
        name.is_function = btf_is_func(t);
        if (name.is_there && name.is_function)
            status = ebpf_elf_add_note(elf, diag, &name.note,
                                       "%.40s is a function of the kernel, and not here",
                                       name.name);
        if (!status)
            status = add_name(elf, &name, diag);
    }
    return status;
}

ebpf_status ebpf_elf_read_externs(struct ebpf_elf *elf, const struct btf *btf,
                                  struct ebpf_diag *diag)
{
    ebpf_status status = read_config(elf, btf, diag);
    return status ? status : read_symbols(elf, btf, diag);
}
