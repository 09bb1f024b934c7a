/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The tables of an ELF file, by libelf: sections, symbols, relocations. */
#include <elf.h>
#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>

#include "frontend/elf/object.h"

#ifndef EM_BPF
#define EM_BPF 247
#endif

/* A file that is being read. */
struct reader {
    struct ebpf_elf *elf;
    struct ebpf_diag *diag;
    Elf *file;
    size_t names;   /* section that has the names of sections */
    size_t symtab;  /* section, or 0 */
    uint64_t zeros; /* sizes of all sections that have no bytes */
};

#define REFUSE(r, ...) ebpf_elf_refuse((r)->elf, (r)->diag, EBPF_ERR_OBJECT, __VA_ARGS__)

static ebpf_status check_header(struct reader *r)
{
    GElf_Ehdr header;
    if (elf_kind(r->file) != ELF_K_ELF || !gelf_getehdr(r->file, &header))
        return REFUSE(r, "this is no ELF object");
    if (header.e_ident[EI_CLASS] != ELFCLASS64)
        return ebpf_elf_refuse(r->elf, r->diag, EBPF_ERR_UNSUPPORTED,
                               "the object is not for 64 bits");
    if (header.e_ident[EI_DATA] != ELFDATA2LSB)
        return ebpf_elf_refuse(r->elf, r->diag, EBPF_ERR_UNSUPPORTED,
                               "the object is big-endian: compile it with -target bpfel");
    /* Compilers had no number of their own for eBPF at first. */
    if (header.e_machine != EM_BPF && header.e_machine != EM_NONE)
        return REFUSE(r, "the object is for machine %u, not for BPF (%u)", header.e_machine,
                      EM_BPF);
    if (header.e_type != ET_REL)
        return REFUSE(r, "the file is no relocatable object (type %u, not %u)", header.e_type,
                      ET_REL);
    if (elf_getshdrstrndx(r->file, &r->names) != 0)
        return REFUSE(r, "it has no names of sections: %s", elf_errmsg(-1));
    return EBPF_OK;
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void classify(struct elf_section *s, const GElf_Shdr *header)
{
    const char *name = s->info.name;
    bool has_content = header->sh_type == SHT_PROGBITS || header->sh_type == SHT_NOBITS;
    s->info.use = EBPF_ELF_OTHER;
    s->info.map = EBPF_MAP_NONE;
    s->info.writable = (header->sh_flags & SHF_WRITE) != 0;
    if (!has_content || !(header->sh_flags & SHF_ALLOC) || starts_with(name, ".eh_frame") ||
        !strcmp(name, "license") || !strcmp(name, "version"))
        return;
    s->is_legacy_maps = !strcmp(name, "maps");
    s->is_btf_maps = !strcmp(name, ".maps");
    if (s->is_legacy_maps || s->is_btf_maps)
        s->info.use = EBPF_ELF_MAPS;
    else
        s->info.use = header->sh_flags & SHF_EXECINSTR ? EBPF_ELF_CODE : EBPF_ELF_DATA;
}

static ebpf_status read_bytes(struct reader *r, struct elf_section *s, const GElf_Shdr *header)
{
    if (header->sh_type == SHT_NOBITS) {
        r->zeros += s->info.size <= UINT32_MAX ? s->info.size : UINT32_MAX;
        if (r->zeros > EBPF_ELF_SIZE_MAX)
            return ebpf_elf_refuse(r->elf, r->diag, EBPF_ERR_LIMIT,
                                   "section '%.100s' makes it more than %u bytes of zeros",
                                   s->info.name, EBPF_ELF_SIZE_MAX);
        return s->info.use == EBPF_ELF_DATA || s->info.use == EBPF_ELF_OTHER
                   ? EBPF_OK
                   : REFUSE(r, "section '%.100s' has no bytes in the file", s->info.name);
    }
    if (header->sh_offset > r->elf->image_size ||
        header->sh_size > r->elf->image_size - header->sh_offset)
        return REFUSE(r, "section '%.100s' reaches beyond the end of the file", s->info.name);
    s->bytes = r->elf->image + header->sh_offset;
    return EBPF_OK;
}

static ebpf_status read_section(struct reader *r, Elf_Scn *scn, struct elf_section *s)
{
    GElf_Shdr header;
    if (!gelf_getshdr(scn, &header))
        return REFUSE(r, "section %zu has no header: %s", elf_ndxscn(scn), elf_errmsg(-1));
    const char *name = elf_strptr(r->file, r->names, header.sh_name);
    if (!name)
        return REFUSE(r, "section %zu has no name: %s", elf_ndxscn(scn), elf_errmsg(-1));
    s->info.name = ebpf_arena_strndup(&r->elf->arena, name, strlen(name));
    if (!s->info.name)
        return EBPF_ERR_NOMEM;
    s->info.size = header.sh_size;
    classify(s, &header);
    if (header.sh_type == SHT_SYMTAB) {
        if (r->symtab)
            return REFUSE(r, "it has two tables of symbols");
        r->symtab = elf_ndxscn(scn);
    }
    if (s->info.use == EBPF_ELF_CODE && s->info.size % 8)
        return REFUSE(r, "section '%.100s' has %llu bytes of code, which is not a multiple of 8",
                      name, (unsigned long long)s->info.size);
    return header.sh_type == SHT_NULL ? EBPF_OK : read_bytes(r, s, &header);
}

static ebpf_status read_sections(struct reader *r)
{
    size_t count;
    if (elf_getshdrnum(r->file, &count) != 0 || count == 0)
        return REFUSE(r, "it has no sections");
    /* libelf believes the count; the headers must at least fit into the file. */
    if (count > r->elf->image_size / sizeof(Elf64_Shdr))
        return REFUSE(r, "it has not as many sections as it says, %zu", count);
    struct elf_section *s = ebpf_vec_push(&r->elf->sections, count);
    if (!s)
        return EBPF_ERR_NOMEM;
    memset(s, 0, count * sizeof(*s));
    s->info.name = "";
    s->info.map = EBPF_MAP_NONE;
    for (size_t i = 1; i < count; i++) {
        Elf_Scn *scn = elf_getscn(r->file, i);
        ebpf_status status =
            scn ? read_section(r, scn, &s[i]) : REFUSE(r, "section %zu cannot be read", i);
        if (status)
            return status;
    }
    return EBPF_OK;
}

/* Bytes of a table whose entries have a fixed size. */
static Elf_Data *read_table(struct reader *r, size_t index, size_t entry, ebpf_status *status,
                            GElf_Shdr *header)
{
    Elf_Scn *scn = elf_getscn(r->file, index);
    const char *name = elf_section_at(r->elf, index)->info.name;
    Elf_Data *data = NULL;
    *status = EBPF_OK;
    if (!gelf_getshdr(scn, header) || header->sh_entsize != entry || header->sh_size % entry)
        *status = REFUSE(r, "section '%.100s' has entries of %llu bytes in place of %zu, or a "
                         "part of one", name, (unsigned long long)header->sh_entsize, entry);
    else if (header->sh_link >= r->elf->sections.count)
        *status = REFUSE(r, "section '%.100s' refers to section %u, which is not there", name,
                         header->sh_link);
    else if (!(data = elf_getdata(scn, NULL)))
        *status = REFUSE(r, "section '%.100s' cannot be read: %s", name, elf_errmsg(-1));
    return data;
}

static ebpf_status read_symbol(struct reader *r, size_t index, size_t names,
                               const GElf_Sym *from, struct elf_symbol *to)
{
    const char *name = elf_strptr(r->file, names, from->st_name);
    if (!name)
        return REFUSE(r, "symbol %zu has no name: offset %u is not in the table of strings", index,
                      from->st_name);
    if (from->st_shndx >= SHN_LORESERVE)
        to->section = ELF_SECTION_ABS;
    else if (from->st_shndx >= r->elf->sections.count)
        return REFUSE(r, "symbol '%.100s' is in section %u, which is not there", name,
                      from->st_shndx);
    else
        to->section = from->st_shndx;
    to->name = ebpf_arena_strndup(&r->elf->arena, name, strlen(name));
    to->value = from->st_value;
    to->size = from->st_size;
    to->type = GELF_ST_TYPE(from->st_info);
    to->bind = GELF_ST_BIND(from->st_info);
    return to->name ? EBPF_OK : EBPF_ERR_NOMEM;
}

static ebpf_status read_symbols(struct reader *r)
{
    GElf_Shdr header;
    ebpf_status status;
    if (!r->symtab)
        return EBPF_OK;
    Elf_Data *data = read_table(r, r->symtab, sizeof(Elf64_Sym), &status, &header);
    if (!data)
        return status;
    size_t count = data->d_size / sizeof(Elf64_Sym);
    struct elf_symbol *symbols = count ? ebpf_vec_push(&r->elf->symbols, count) : NULL;
    if (!symbols)
        return count ? EBPF_ERR_NOMEM : EBPF_OK;
    for (size_t i = 0; i < count; i++) {
        GElf_Sym symbol;
        if (i > INT32_MAX || !gelf_getsym(data, (int)i, &symbol))
            return REFUSE(r, "symbol %zu cannot be read", i);
        status = read_symbol(r, i, header.sh_link, &symbol, &symbols[i]);
        if (status)
            return status;
    }
    return EBPF_OK;
}

static ebpf_status read_reloc(struct reader *r, Elf_Data *data, size_t index, bool has_addend,
                              struct elf_reloc *to)
{
    GElf_Rel rel = {0};
    GElf_Rela rela = {0};
    const struct elf_section *target = elf_section_at(r->elf, to->section);
    bool read = has_addend ? gelf_getrela(data, (int)index, &rela) != NULL
                           : gelf_getrel(data, (int)index, &rel) != NULL;
    if (!read)
        return REFUSE(r, "relocation %zu of section '%.100s' cannot be read", index,
                      target->info.name);
    uint64_t info = has_addend ? rela.r_info : rel.r_info;
    to->offset = has_addend ? rela.r_offset : rel.r_offset;
    to->addend = rela.r_addend;
    to->has_addend = has_addend;
    to->symbol = (uint32_t)GELF_R_SYM(info);
    to->type = (uint32_t)GELF_R_TYPE(info);
    if (to->symbol >= r->elf->symbols.count)
        return REFUSE(r, "relocation %zu of section '%.100s' is for symbol %u, which is not there",
                      index, target->info.name, to->symbol);
    if (target->info.size < 8 || to->offset > target->info.size - 8 || to->offset % 8)
        return REFUSE(r, "relocation %zu of section '%.100s' is at offset 0x%llx, where no %s is",
                      index, target->info.name, (unsigned long long)to->offset,
                      target->is_btf_maps ? "pointer" : "instruction");
    return EBPF_OK;
}

/* The relocations of one section, if they are of a kind that matters. */
static ebpf_status read_reloc_section(struct reader *r, size_t index, const GElf_Shdr *found)
{
    GElf_Shdr header;
    ebpf_status status;
    bool has_addend = found->sh_type == SHT_RELA;
    if (found->sh_info >= r->elf->sections.count)
        return REFUSE(r, "section '%.100s' is for section %u, which is not there",
                      elf_section_at(r->elf, index)->info.name, found->sh_info);
    const struct elf_section *target = elf_section_at(r->elf, found->sh_info);
    if (target->info.use != EBPF_ELF_CODE && !target->is_btf_maps)
        return EBPF_OK;
    size_t entry = has_addend ? sizeof(Elf64_Rela) : sizeof(Elf64_Rel);
    Elf_Data *data = read_table(r, index, entry, &status, &header);
    if (!data)
        return status;
    if (header.sh_link != r->symtab || !r->symtab)
        return REFUSE(r, "section '%.100s' does not refer to the table of symbols",
                      elf_section_at(r->elf, index)->info.name);
    size_t count = data->d_size / entry;
    struct elf_reloc *relocs = count ? ebpf_vec_push(&r->elf->relocs, count) : NULL;
    if (!relocs)
        return count ? EBPF_ERR_NOMEM : EBPF_OK;
    for (size_t i = 0; i < count && !status; i++) {
        relocs[i].section = header.sh_info;
        status = read_reloc(r, data, i, has_addend, &relocs[i]);
    }
    return status;
}

static int by_place(const void *a, const void *b)
{
    const struct elf_reloc *x = a, *y = b;
    if (x->section != y->section)
        return x->section < y->section ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static ebpf_status read_relocs(struct reader *r)
{
    for (size_t i = 1; i < r->elf->sections.count; i++) {
        GElf_Shdr header;
        ebpf_status status = EBPF_OK;
        if (gelf_getshdr(elf_getscn(r->file, i), &header) &&
            (header.sh_type == SHT_REL || header.sh_type == SHT_RELA))
            status = read_reloc_section(r, i, &header);
        if (status)
            return status;
    }
    if (!ebpf_vec_sort(&r->elf->relocs, by_place))
        return EBPF_ERR_NOMEM;
    for (size_t i = 0; i < r->elf->relocs.count; i++) {
        const struct elf_reloc *reloc = elf_reloc_at(r->elf, i);
        struct elf_section *s = elf_section_at(r->elf, reloc->section);
        if (s->reloc_count++ == 0)
            s->first_reloc = (uint32_t)i;
        else if (reloc[-1].offset == reloc->offset)
            return REFUSE(r, "section '%.100s' has two relocations at offset 0x%llx",
                          s->info.name, (unsigned long long)reloc->offset);
    }
    return EBPF_OK;
}

/* Who made the object, and under which licence. */
static void read_marks(struct ebpf_elf *elf)
{
    for (size_t i = 1; i < elf->sections.count; i++) {
        const struct elf_section *s = elf_section_at(elf, i);
        if (!s->bytes || s->info.size == 0)
            continue;
        size_t size = (size_t)s->info.size;
        if (!strcmp(s->info.name, ".comment") && size >= 4 && !memcmp(s->bytes, "GCC:", 4))
            elf->is_gnu = true;
        else if (!strcmp(s->info.name, ".comment") && size >= 5 && !memcmp(s->bytes, "\0GCC:", 5))
            elf->is_gnu = true;
        else if (!strcmp(s->info.name, "license") && s->bytes[size - 1] == '\0')
            elf->license = (const char *)s->bytes;
    }
}

ebpf_status ebpf_elf_read_image(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    struct reader r = {.elf = elf, .diag = diag};
    if (elf_version(EV_CURRENT) == EV_NONE)
        return ebpf_elf_refuse(elf, diag, EBPF_ERR_UNSUPPORTED, "libelf is too old");
    errno = 0;
    r.file = elf_memory((char *)elf->image, elf->image_size);
    if (!r.file && errno == ENOMEM) /* libelf says so in words only */
        return EBPF_ERR_NOMEM;
    if (!r.file)
        return REFUSE(&r, "this is no ELF object: %s", elf_errmsg(-1));
    ebpf_status status = check_header(&r);
    if (!status)
        status = read_sections(&r);
    if (!status)
        status = read_symbols(&r);
    if (!status)
        status = read_relocs(&r);
    elf_end(r.file);
    if (!status)
        read_marks(elf);
    return status;
}
