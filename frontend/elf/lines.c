/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The section `.BTF.ext`: from which line of which file an instruction came. */
#include <string.h>

#include "base/bytes.h"
#include "base/intern.h"
#include "frontend/elf/btf.h"

enum { HEADER_MIN = 24, HEADER_CORE = 32, RECORD_MIN = 16 };

struct lines {
    struct ebpf_elf *elf;
    struct ebpf_diag *diag;
    struct ebpf_intern sections; /* of code, by name */
    const uint8_t *at;           /* what is left of the records */
    uint64_t left;
    uint32_t record; /* size of one */
};

static ebpf_status refuse(const struct lines *l, const char *what)
{
    return ebpf_elf_refuse(l->elf, l->diag, EBPF_ERR_BTF, "section '.BTF.ext': %s", what);
}

static ebpf_status read_record(struct lines *l, uint32_t section, struct elf_line *line)
{
    const struct elf_section *s = elf_section_at(l->elf, section);
    uint32_t column = ebpf_get_le32(l->at + 12);
    *line = (struct elf_line){
        .section = section, .offset = ebpf_get_le32(l->at),
        .file = elf_btf_string(l->elf, ebpf_get_le32(l->at + 4)),
        .text = elf_btf_string(l->elf, ebpf_get_le32(l->at + 8)),
        .line = column >> 10, .column = column & 0x3ff};
    if (line->file && !*line->file)
        line->file = NULL;
    if (line->text && !*line->text)
        line->text = NULL;
    l->at += l->record;
    l->left -= l->record;
    return line->offset % 8 == 0 && line->offset < s->info.size
               ? EBPF_OK
               : refuse(l, "a line is for an instruction that is not there");
}

/* The lines of one section. */
static ebpf_status read_section(struct lines *l)
{
    const char *name = l->left >= 8 ? elf_btf_string(l->elf, ebpf_get_le32(l->at)) : NULL;
    if (!name)
        return refuse(l, "it ends in the middle of a section, or one has no name");
    uint32_t count = ebpf_get_le32(l->at + 4);
    l->at += 8;
    l->left -= 8;
    if (count > l->left / l->record)
        return refuse(l, "it has not as many lines as it says");
    const struct ebpf_name *known = ebpf_intern_find(&l->sections, name, strlen(name));
    if (!known) {
        l->at += (uint64_t)count * l->record;
        l->left -= (uint64_t)count * l->record;
        return EBPF_OK;
    }
    struct elf_line *lines = count ? ebpf_vec_push(&l->elf->lines, count) : NULL;
    if (!lines)
        return count ? EBPF_ERR_NOMEM : EBPF_OK;
    /* What compilers make by themselves has line 0; the line before says more. */
    ebpf_status status = EBPF_OK;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count && !status; i++) {
        status = read_record(l, known->value, &lines[kept]);
        kept += lines[kept].line != 0;
    }
    l->elf->lines.count -= count - kept;
    return status;
}

static int by_place(const void *a, const void *b)
{
    const struct elf_line *x = a, *y = b;
    if (x->section != y->section)
        return x->section < y->section ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool index_sections(struct lines *l)
{
    for (size_t i = 1; i < l->elf->sections.count; i++) {
        const struct ebpf_elf_section *s = &elf_section_at(l->elf, i)->info;
        if (s->use != EBPF_ELF_CODE)
            continue;
        struct ebpf_name *name = ebpf_intern(&l->sections, s->name, strlen(s->name));
        if (!name)
            return false;
        name->value = (uint32_t)i;
    }
    return true;
}

static ebpf_status read_all(struct lines *l)
{
    if (l->left == 0)
        return EBPF_OK;
    if (l->left < 4)
        return refuse(l, "the lines have no size");
    l->record = ebpf_get_le32(l->at);
    l->at += 4;
    l->left -= 4;
    if (l->record < RECORD_MIN || l->record % 4)
        return refuse(l, "a line has too few bytes");
    ebpf_status status = index_sections(l) ? EBPF_OK : EBPF_ERR_NOMEM;
    while (l->left && !status)
        status = read_section(l);
    if (!status && !ebpf_vec_sort(&l->elf->lines, by_place))
        status = EBPF_ERR_NOMEM;
    return status;
}

ebpf_status ebpf_elf_read_lines(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    const struct elf_section *s = ebpf_elf_section(elf, ".BTF.ext");
    struct lines l = {.elf = elf, .diag = diag};
    if (!s || !s->bytes)
        return EBPF_OK;
    uint64_t size = s->info.size, header = size >= HEADER_MIN ? ebpf_get_le32(s->bytes + 4) : 0;
    if (header < HEADER_MIN || header > size || ebpf_get_le16(s->bytes) != BTF_MAGIC ||
        s->bytes[2] != BTF_VERSION)
        return refuse(&l, "its header is damaged");
    uint64_t start = header + ebpf_get_le32(s->bytes + 16);
    l.left = ebpf_get_le32(s->bytes + 20);
    if (start > size || l.left > size - start)
        return refuse(&l, "the lines reach beyond its end");
    elf->has_core = header >= HEADER_CORE && ebpf_get_le32(s->bytes + 28) != 0;
    l.at = s->bytes + start;
    ebpf_intern_init(&l.sections, &elf->mem);
    ebpf_status status = read_all(&l);
    ebpf_intern_free(&l.sections);
    return status;
}
