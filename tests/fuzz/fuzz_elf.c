/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Feeds any bytes to the reader of ELF objects.  What it opens it lists; what it loads prints, and
 * encodes to as many bytes as it says.  Whatever fails is reported.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/elf.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int condition)
{
    if (!condition)
        abort();
}

/* Reads every byte of a name. */
static size_t read_name(const char *name)
{
    return name ? strlen(name) : 0;
}

static size_t list(const struct ebpf_elf *elf)
{
    uint32_t count;
    size_t sum = read_name(ebpf_elf_license(elf));
    const struct ebpf_elf_section *s = ebpf_elf_sections(elf, &count);
    for (uint32_t i = 0; i < count; i++)
        sum += read_name(s[i].name);
    const struct ebpf_map_decl *m = ebpf_elf_maps(elf, &count);
    for (uint32_t i = 0; i < count; i++) {
        sum += read_name(m[i].def.name) + read_name(ebpf_map_kind_name(m[i].def.kind));
        for (uint32_t j = 0; j < m[i].init_count; j++)
            sum += read_name(m[i].inits[j].function);
        for (uint32_t j = 0; m[i].data && j < m[i].def.value_size; j++)
            sum += ((const uint8_t *)m[i].data)[j];
    }
    count = ebpf_elf_relocation_count(elf);
    for (uint32_t i = 0; i < count; i++)
        sum += read_name(ebpf_elf_relocation_at(elf, i).symbol);
    return sum;
}

static void load(const struct ebpf_elf *elf, uint32_t function)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    ebpf_status status = ebpf_elf_load(elf, function, diag, &program);
    must((program != NULL) == (status == EBPF_OK));
    must(status == EBPF_OK || ebpf_diag_count(diag) > 0);
    if (program) {
        const struct ebpf_print_options options = {.size = sizeof(options), .json = 1};
        struct ebpf_text text = {0};
        struct ebpf_stream out = ebpf_stream_text(&text);
        size_t size = ebpf_program_size(program);
        uint8_t *bytes = malloc(size + 1);
        must(bytes != NULL);
        status = ebpf_program_encode(program, bytes, size);
        must(status == EBPF_OK || status == EBPF_ERR_RANGE);
        must(ebpf_program_print(program, &options, &out) == EBPF_OK);
        ebpf_text_free(&text);
        free(bytes);
    }
    ebpf_program_unref(program);
    ebpf_diag_free(diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_elf *elf;
    uint32_t count;
    ebpf_status status = ebpf_elf_open(data, size, NULL, diag, &elf);
    must((elf != NULL) == (status == EBPF_OK));
    must(status == EBPF_OK || ebpf_diag_count(diag) > 0);
    if (elf) {
        must(list(elf) < SIZE_MAX);
        ebpf_elf_functions(elf, &count);
        /* Programs of one object share most of their code. */
        for (uint32_t i = 0; i < count && i < 8; i++)
            load(elf, i);
    }
    ebpf_elf_close(elf);
    ebpf_diag_free(diag);
    return 0;
}
