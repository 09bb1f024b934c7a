/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The inside of an open object.  ebpf_elf_open() reads it in this order, a file each:
 *
 *     image.c     the file's tables: sections, symbols, relocations of code and maps
 *     functions.c where functions begin and end
 *     sections.c  what the names of their sections say
 *     maps.c      data sections and maps of the section `maps`
 *     btf.c       whether the type information can be trusted
 *     btf_maps.c  maps of the section `.maps`
 *     inits.c     what these maps hold at the start
 *     lines.c     source lines
 *     kernel_names.c  settings, variables and functions of the kernel
 *     core.c      CO-RE relocations: core_spec.c and core_types.c have the questions
 *
 * and link.c makes programs of it.
 */
#ifndef FRONTEND_ELF_OBJECT_H
#define FRONTEND_ELF_OBJECT_H

#include <stdbool.h>

#include <ebpfvm/backend.h>
#include <ebpfvm/elf.h>

#include "base/arena.h"
#include "base/vec.h"
#include "ir/map_table.h"

/* What is not known of a section by its number. */
enum { ELF_SECTION_UNDEF = 0, ELF_SECTION_ABS = 0xfff1 };

struct elf_section {
    struct ebpf_elf_section info;
    const uint8_t *bytes; /* NULL if it has none in the file */
    uint32_t first_reloc, reloc_count;       /* in ebpf_elf.relocs */
    uint32_t first_function, function_count; /* in ebpf_elf.functions */
    bool is_legacy_maps, is_btf_maps;
};

struct elf_symbol {
    const char *name; /* "" if it has none */
    uint64_t value, size;
    uint32_t section; /* index, or one of the above */
    uint8_t type, bind; /* STT_, STB_ */
};

struct elf_reloc {
    uint64_t offset;
    int64_t addend; /* only if has_addend: else it is in the instruction */
    uint32_t section, symbol, type;
    bool has_addend;
};

/* Where a map stands. */
struct elf_map_place {
    uint32_t section, map;
    uint64_t offset, size;
    uint32_t values; /* from the offset to where its entries at the start are named; 0 if none */
    uint32_t id;     /* of iproute2: by which names of sections refer to it; 0 if it has none */
};

/* The entry of a program array that the name of a section is for. */
struct elf_tail {
    bool has_id; /* of the map with an id; else of the only one */
    uint32_t id, key;
};

/* A record of .BTF.ext, which holds until the next. */
struct elf_line {
    uint32_t section;
    uint32_t offset; /* in the section, in bytes */
    const char *file, *text; /* or NULL */
    uint32_t line, column;
};

/* What the object expects the kernel to have. */
struct elf_kernel_name {
    const char *name;
    bool is_setting;  /* a variable of section `.kconfig`: at an offset of a map */
    bool is_function; /* else a variable */
    bool is_there;    /* has a value, or need not be there */
    uint32_t map, offset;
    uint32_t note; /* functions that need not be there: for calls of them */
};

struct ebpf_elf {
    struct ebpf_mem mem;
    struct ebpf_arena arena;
    struct ebpf_elf_options options; /* what they point to is gone once it is open */
    const char *file;
    uint8_t *image;
    size_t image_size;
    bool is_gnu; /* made by GNU as, which puts the value of a symbol into the immediate as well */
    bool has_core; /* it has CO-RE relocations that were not applied */
    bool has_btf;  /* its type information was read */
    struct ebpf_vec sections;  /* struct elf_section */
    struct ebpf_vec symbols;   /* struct elf_symbol */
    struct ebpf_vec relocs;    /* struct elf_reloc, sorted by section and offset */
    struct ebpf_vec functions; /* struct ebpf_elf_function, sorted by section and offset */
    struct ebpf_vec function_sections; /* uint32_t: the section of each */
    struct ebpf_vec places;    /* struct elf_map_place, sorted by section and offset */
    struct ebpf_vec lines;     /* struct elf_line, sorted by section and offset */
    struct ebpf_vec infos;     /* struct ebpf_elf_section: what users see of the sections */
    struct ebpf_vec externs;   /* struct ebpf_elf_extern */
    struct ebpf_vec kernel_names; /* struct elf_kernel_name */
    struct ebpf_map_table *maps;
    const char *license;
    const char *strings; /* of the type information */
    size_t strings_size;
};

static inline struct elf_section *elf_section_at(const struct ebpf_elf *elf, size_t index)
{
    return (struct elf_section *)elf->sections.data + index;
}

static inline const struct elf_symbol *elf_symbol_at(const struct ebpf_elf *elf, size_t index)
{
    return (const struct elf_symbol *)elf->symbols.data + index;
}

static inline const struct elf_reloc *elf_reloc_at(const struct ebpf_elf *elf, size_t index)
{
    return (const struct elf_reloc *)elf->relocs.data + index;
}

static inline const struct ebpf_elf_function *elf_function_at(const struct ebpf_elf *elf,
                                                              size_t index)
{
    return (const struct ebpf_elf_function *)elf->functions.data + index;
}

static inline struct ebpf_map_decl *elf_map_at(const struct ebpf_elf *elf, size_t index)
{
    return (struct ebpf_map_decl *)elf->maps->maps.data + index;
}

/* Reports what is wrong with an object; returns `status`. */
ebpf_status ebpf_elf_refuse(const struct ebpf_elf *elf, struct ebpf_diag *diag,
                            ebpf_status status, const char *format, ...) EBPF_PRINTF(4, 5);

/* Name of a symbol for people: that of its section if it has none. */
const char *ebpf_elf_symbol_name(const struct ebpf_elf *elf, const struct elf_symbol *symbol);

/* The steps of opening; each refuses what is damaged. */
ebpf_status ebpf_elf_read_image(struct ebpf_elf *elf, struct ebpf_diag *diag);
ebpf_status ebpf_elf_read_functions(struct ebpf_elf *elf, struct ebpf_diag *diag);
ebpf_status ebpf_elf_read_maps(struct ebpf_elf *elf, struct ebpf_diag *diag);
ebpf_status ebpf_elf_read_btf(struct ebpf_elf *elf, struct ebpf_diag *diag);
ebpf_status ebpf_elf_read_inits(struct ebpf_elf *elf, struct ebpf_diag *diag);

/* The type of each function, as the names of sections tell. */
void ebpf_elf_choose_types(struct ebpf_elf *elf);

/* Why functions of a section cannot run, or NULL. */
const char *ebpf_elf_refusal(const char *section, const char **advice);

/* Whether the name of a function's section is for an entry of a program array. */
bool ebpf_elf_tail_place(const struct ebpf_elf *elf, size_t function, struct elf_tail *tail);

/* The bytes of the types that the caller gave, which may be in an ELF file. */
ebpf_status ebpf_elf_target_btf(struct ebpf_elf *elf, const uint8_t **bytes, uint64_t *size,
                                struct ebpf_diag *diag);

/* Keeps what is missing, for instructions that end the run with it. */
ebpf_status ebpf_elf_add_note(struct ebpf_elf *elf, struct ebpf_diag *diag, uint32_t *index,
                              const char *format, ...) EBPF_PRINTF(4, 5);

/* Makes some slots of code such instructions. */
void ebpf_elf_poison(uint8_t *insn, unsigned slots, uint32_t note);

/* The section with a name, or NULL. */
struct elf_section *ebpf_elf_section(const struct ebpf_elf *elf, const char *name);

/* The function that starts at an offset of a section; EBPF_MAP_NONE if none does. */
uint32_t ebpf_elf_function_at(const struct ebpf_elf *elf, uint32_t section, uint64_t offset);

/* The map that stands at an offset, or NULL.  `exactly`: and begins there. */
const struct elf_map_place *ebpf_elf_map_place(const struct ebpf_elf *elf, uint32_t section,
                                               uint64_t offset, bool exactly);

/* Declares a map that stands somewhere, and sorts all declared ones. */
struct ebpf_map_decl *ebpf_elf_declare(struct ebpf_elf *elf, const struct elf_map_place *place);
bool ebpf_elf_sort_places(struct ebpf_elf *elf);

#endif
