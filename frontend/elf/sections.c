/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the names of sections say: the types of programs, and which entries of program arrays they
 * are for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/elf/object.h"
#include "ir/env.h"

enum rest { NONE, PATH, MORE, NUMBER };

struct row {
    const char *name;
    enum rest rest;
    enum ebpf_type type; /* EBPF_TYPE_COUNT: none */
    bool is_hook;
    const char *reason, *advice; /* of what is refused */
};

static const struct row rows[] = {
#define ELF_SECTION(name, rest, type) {name, rest, EBPF_TYPE_##type, false, NULL, NULL},
#define ELF_HOOK(name, rest) {name, rest, EBPF_TYPE_COUNT, true, NULL, NULL},
#define ELF_REFUSED(name, rest, reason, advice)                                                    \
    {name, rest, EBPF_TYPE_COUNT, false, reason, advice},
#include "frontend/elf/sections.def"
#undef ELF_REFUSED
#undef ELF_HOOK
#undef ELF_SECTION
};

static bool is_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

static const struct row *row_of(const char *section)
{
    if (*section == '?') /* libbpf: not to be loaded unless asked for */
        section++;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t length = strlen(rows[i].name);
        if (strncmp(section, rows[i].name, length) != 0)
            continue;
        const char *next = section + length;
        if (rows[i].rest == NUMBER ? is_number(next)
                                   : *next == '\0' || rows[i].rest == MORE ||
                                         (rows[i].rest == PATH && *next == '/'))
            return &rows[i];
    }
    return NULL;
}

/* A number as sscanf()'s %i reads it; moves behind it. */
static bool read_number(const char **text, uint32_t *value)
{
    char *end;
    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    unsigned long long number = strtoull(*text, &end, 0);
    *text = end;
    *value = (uint32_t)number;
    return errno == 0 && number <= UINT32_MAX;
}

/* Names of iproute2: the map with an id, a slash, and an index of it. */
static bool read_id_key(const char *section, uint32_t *id, uint32_t *key)
{
    return read_number(&section, id) && *section++ == '/' && read_number(&section, key) &&
           *section == '\0';
}

/* Whether a section is for a program that others call, of a type that its name does not say. */
static bool is_tail(const char *section)
{
    uint32_t id, key;
    const struct row *row = row_of(section);
    return row ? row->is_hook && row->rest == NUMBER : read_id_key(section, &id, &key);
}

static struct ebpf_elf_function *function_at(struct ebpf_elf *elf, size_t index)
{
    return (struct ebpf_elf_function *)elf->functions.data + index;
}

/* The type that all functions have whose sections say one; NULL if there are several or none. */
static const char *common_type(struct ebpf_elf *elf)
{
    const char *common = NULL;
    for (size_t i = 0; i < elf->functions.count; i++) {
        const char *type = function_at(elf, i)->type;
        if (type && common && strcmp(type, common) != 0)
            return NULL;
        common = type ? type : common;
    }
    return common;
}

/* Hooks of traffic control and of XDP may be called alike, but functions for XDP say so. */
static const char *type_of_row(const struct row *row, const char *function)
{
    if (row->type != EBPF_TYPE_COUNT)
        return ebpf_types[row->type].name;
    if (!row->is_hook || row->rest == NUMBER)
        return NULL;
    bool xdp = strncmp(function, "xdp", 3) == 0;
    return ebpf_types[xdp ? EBPF_TYPE_XDP : EBPF_TYPE_SCHED_CLS].name;
}

void ebpf_elf_choose_types(struct ebpf_elf *elf)
{
    for (size_t i = 0; i < elf->functions.count; i++) {
        struct ebpf_elf_function *f = function_at(elf, i);
        const struct row *row = row_of(f->section);
        f->type = row ? type_of_row(row, f->name) : NULL;
    }
    const char *common = common_type(elf);
    for (size_t i = 0; i < elf->functions.count; i++) {
        struct ebpf_elf_function *f = function_at(elf, i);
        if (f->type || f->is_subprogram)
            continue;
        if (is_tail(f->section))
            f->type = common ? common : ebpf_types[EBPF_TYPE_SCHED_CLS].name;
        else if (!row_of(f->section))
            f->type = common; /* a name of its author's own, in good company */
    }
}

const char *ebpf_elf_refusal(const char *section, const char **advice)
{
    const struct row *row = row_of(section);
    *advice = row ? row->advice : NULL;
    return row ? row->reason : NULL;
}

/* The number at the end of a name such as socket/3, xdp/3 or tail-3, which the loaders of samples
 * take as the index in the only program array. */
static bool read_index(const struct ebpf_elf_function *f, uint32_t *key)
{
    size_t length = strlen(f->section), digits = 0;
    while (digits < length && strchr("0123456789", f->section[length - digits - 1]))
        digits++;
    const char *number = f->section + length - digits;
    bool traces = f->type && (strcmp(f->type, ebpf_types[EBPF_TYPE_KPROBE].name) == 0 ||
                              strstr(f->type, "trac"));
    return digits > 0 && number > f->section && (number[-1] == '/' || number[-1] == '-') &&
           !traces && f->type && read_number(&number, key) && *number == '\0';
}

bool ebpf_elf_tail_place(const struct ebpf_elf *elf, size_t function, struct elf_tail *tail)
{
    const struct ebpf_elf_function *f = elf_function_at(elf, function);
    const struct elf_section *s =
        elf_section_at(elf, ((const uint32_t *)elf->function_sections.data)[function]);
    if (s->first_function != function) /* what follows are its subprograms */
        return false;
    tail->has_id = read_id_key(f->section, &tail->id, &tail->key);
    return tail->has_id || read_index(f, &tail->key);
}
