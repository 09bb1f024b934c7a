/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The life of an open object, and what users see of it. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/options.h"
#include "frontend/elf/object.h"

ebpf_status ebpf_elf_refuse(const struct ebpf_elf *elf, struct ebpf_diag *diag,
                            ebpf_status status, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const struct ebpf_diag_entry entry = {.status = status, .file = elf->file,
                                          .pc = EBPF_PC_NONE,
                                          .advice = ebpf_status_advice(status)};
    ebpf_diag_add(diag, &entry, "%s", text);
    return status;
}

const char *ebpf_elf_symbol_name(const struct ebpf_elf *elf, const struct elf_symbol *symbol)
{
    if (*symbol->name || symbol->section >= elf->sections.count)
        return symbol->name;
    return elf_section_at(elf, symbol->section)->info.name;
}

static bool copy_externs(struct ebpf_elf *elf, const struct ebpf_elf_options *options)
{
    for (size_t i = 0; i < options->extern_count; i++) {
        const struct ebpf_elf_extern *from = &options->externs[i];
        struct ebpf_elf_extern *to = ebpf_vec_push(&elf->externs, 1);
        char *name = ebpf_arena_strndup(&elf->arena, from->name, strlen(from->name));
        if (!to || !name)
            return false;
        *to = (struct ebpf_elf_extern){name, from->helper};
    }
    return true;
}

/* An object with all but its image; NULL if there is no memory. */
static struct ebpf_elf *new_object(const struct ebpf_elf_options *options, const char *file)
{
    struct ebpf_mem mem = ebpf_mem_or_default(options->mem);
    struct ebpf_elf *elf = ebpf_mem_zalloc(&mem, 1, sizeof(*elf));
    if (!elf)
        return NULL;
    elf->mem = mem;
    elf->options = *options;
    ebpf_arena_init(&elf->arena, &mem);
    ebpf_vec_init(&elf->sections, &mem, sizeof(struct elf_section));
    ebpf_vec_init(&elf->symbols, &mem, sizeof(struct elf_symbol));
    ebpf_vec_init(&elf->relocs, &mem, sizeof(struct elf_reloc));
    ebpf_vec_init(&elf->functions, &mem, sizeof(struct ebpf_elf_function));
    ebpf_vec_init(&elf->function_sections, &mem, sizeof(uint32_t));
    ebpf_vec_init(&elf->places, &mem, sizeof(struct elf_map_place));
    ebpf_vec_init(&elf->lines, &mem, sizeof(struct elf_line));
    ebpf_vec_init(&elf->infos, &mem, sizeof(struct ebpf_elf_section));
    ebpf_vec_init(&elf->externs, &mem, sizeof(struct ebpf_elf_extern));
    ebpf_vec_init(&elf->kernel_names, &mem, sizeof(struct elf_kernel_name));
    elf->maps = ebpf_map_table_new(&mem);
    if (options->file)
        file = options->file;
    elf->file = ebpf_arena_strndup(&elf->arena, file, strlen(file));
    if (elf->maps && elf->file && copy_externs(elf, options))
        return elf;
    ebpf_elf_close(elf);
    return NULL;
}

void ebpf_elf_close(struct ebpf_elf *elf)
{
    if (!elf)
        return;
    struct ebpf_mem mem = elf->mem;
    ebpf_mem_free(&mem, elf->image, elf->image_size);
    ebpf_vec_free(&elf->sections);
    ebpf_vec_free(&elf->symbols);
    ebpf_vec_free(&elf->relocs);
    ebpf_vec_free(&elf->functions);
    ebpf_vec_free(&elf->function_sections);
    ebpf_vec_free(&elf->places);
    ebpf_vec_free(&elf->lines);
    ebpf_vec_free(&elf->infos);
    ebpf_vec_free(&elf->externs);
    ebpf_vec_free(&elf->kernel_names);
    ebpf_map_table_unref(elf->maps);
    ebpf_arena_reset(&elf->arena);
    ebpf_mem_free(&mem, elf, sizeof(*elf));
}

/* Maps of maps know their pattern by index; now that the table does not move any more, also by
 * address. */
static void link_inner(struct ebpf_elf *elf)
{
    for (size_t i = 0; i < elf->maps->maps.count; i++) {
        struct ebpf_map_decl *map = elf_map_at(elf, i);
        if (map->inner != EBPF_MAP_NONE)
            map->def.inner = &elf_map_at(elf, map->inner)->def;
    }
}

static ebpf_status read_object(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    ebpf_status status = ebpf_elf_read_image(elf, diag);
    if (!status)
        status = ebpf_elf_read_functions(elf, diag);
    if (!status)
        status = ebpf_elf_read_maps(elf, diag);
    if (!status)
        status = ebpf_elf_read_btf(elf, diag);
    if (!status && !ebpf_elf_sort_places(elf))
        status = EBPF_ERR_NOMEM;
    if (!status)
        status = ebpf_elf_read_inits(elf, diag);
    elf->options = (struct ebpf_elf_options){.size = sizeof(elf->options)};
    if (status)
        return status;
    link_inner(elf);
    struct ebpf_elf_section *infos = ebpf_vec_push(&elf->infos, elf->sections.count);
    if (!infos)
        return EBPF_ERR_NOMEM;
    for (size_t i = 0; i < elf->sections.count; i++)
        infos[i] = elf_section_at(elf, i)->info;
    return EBPF_OK;
}

/* Opens the image that an object has got; frees the object on failure. */
static ebpf_status finish(struct ebpf_elf *elf, struct ebpf_diag *diag, struct ebpf_elf **out)
{
    ebpf_status status = read_object(elf, diag);
    if (status)
        ebpf_elf_close(elf);
    else
        *out = elf;
    return status;
}

static size_t size_limit(const struct ebpf_elf_options *options)
{
    return options->max_size ? options->max_size : EBPF_ELF_SIZE_MAX;
}

static ebpf_status refuse_size(const struct ebpf_elf *elf, struct ebpf_diag *diag, size_t limit)
{
    return ebpf_elf_refuse(elf, diag, EBPF_ERR_LIMIT, "the object has more than %zu bytes", limit);
}

ebpf_status ebpf_elf_open(const void *bytes, size_t length,
                          const struct ebpf_elf_options *given, struct ebpf_diag *diag,
                          struct ebpf_elf **out)
{
    struct ebpf_elf_options known, *options = &known;
    *out = NULL;
    ebpf_status status = ebpf_options_copy(&known, sizeof(known), given);
    if (status)
        return status;
    struct ebpf_elf *elf = new_object(options, "<object>");
    if (!elf)
        return EBPF_ERR_NOMEM;
    status = EBPF_ERR_NOMEM;
    if (length > size_limit(options))
        status = refuse_size(elf, diag, size_limit(options));
    else if ((elf->image = ebpf_mem_alloc(&elf->mem, length)) != NULL) {
        elf->image_size = length;
        if (length)
            memcpy(elf->image, bytes, length);
        return finish(elf, diag, out);
    }
    ebpf_elf_close(elf);
    return status;
}

/* Reads a file to its end. */
static ebpf_status read_file(struct ebpf_elf *elf, FILE *file, size_t limit,
                             struct ebpf_diag *diag)
{
    for (size_t used = 0;;) {
        size_t wanted = elf->image_size ? elf->image_size * 2 : 65536;
        wanted = wanted <= limit ? wanted : limit + 1;
        uint8_t *image = ebpf_mem_resize(&elf->mem, elf->image, elf->image_size, wanted);
        if (!image)
            return EBPF_ERR_NOMEM;
        elf->image = image;
        elf->image_size = wanted;
        used += fread(image + used, 1, wanted - used, file);
        if (ferror(file))
            return ebpf_elf_refuse(elf, diag, EBPF_ERR_IO, "cannot read it: %s", strerror(errno));
        if (used > limit)
            return refuse_size(elf, diag, limit);
        if (used == wanted)
            continue;
        image = ebpf_mem_resize(&elf->mem, image, wanted, used ? used : 1);
        if (!image)
            return EBPF_ERR_NOMEM;
        elf->image = image;
        elf->image_size = used ? used : 1;
        return EBPF_OK;
    }
}

ebpf_status ebpf_elf_open_file(const char *path, const struct ebpf_elf_options *given,
                               struct ebpf_diag *diag, struct ebpf_elf **out)
{
    struct ebpf_elf_options known, *options = &known;
    *out = NULL;
    ebpf_status status = ebpf_options_copy(&known, sizeof(known), given);
    if (status)
        return status;
    struct ebpf_elf *elf = new_object(options, path);
    if (!elf)
        return EBPF_ERR_NOMEM;
    FILE *file = fopen(path, "rb");
    status = file ? read_file(elf, file, size_limit(options), diag)
                              : ebpf_elf_refuse(elf, diag, EBPF_ERR_IO, "cannot open it: %s",
                                                strerror(errno));
    if (file)
        fclose(file);
    if (!status)
        return finish(elf, diag, out);
    ebpf_elf_close(elf);
    return status;
}
