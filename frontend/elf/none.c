/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* In place of the front end, where libelf is missing: the calls are there and say so. */
#include <ebpfvm/elf.h>

static ebpf_status refuse(const char *file, const struct ebpf_elf_options *options,
                          struct ebpf_diag *diag, struct ebpf_elf **out)
{
    const struct ebpf_diag_entry entry = {
        .status = EBPF_ERR_UNSUPPORTED, .file = options && options->file ? options->file : file,
        .pc = EBPF_PC_NONE,
        .advice = "build ebpfvm with libelf (Debian package: libelf-dev)"};
    *out = NULL;
    ebpf_diag_add(diag, &entry, "ELF objects cannot be read: this was built without libelf");
    return EBPF_ERR_UNSUPPORTED;
}

ebpf_status ebpf_elf_open(const void *bytes, size_t length,
                          const struct ebpf_elf_options *options, struct ebpf_diag *diag,
                          struct ebpf_elf **out)
{
    (void)bytes;
    (void)length;
    return refuse("<object>", options, diag, out);
}

ebpf_status ebpf_elf_open_file(const char *path, const struct ebpf_elf_options *options,
                               struct ebpf_diag *diag, struct ebpf_elf **out)
{
    return refuse(path, options, diag, out);
}

void ebpf_elf_close(struct ebpf_elf *elf)
{
    (void)elf;
}

const struct ebpf_elf_section *ebpf_elf_sections(const struct ebpf_elf *elf, uint32_t *count)
{
    (void)elf;
    *count = 0;
    return NULL;
}

const struct ebpf_elf_function *ebpf_elf_functions(const struct ebpf_elf *elf, uint32_t *count)
{
    (void)elf;
    *count = 0;
    return NULL;
}

const struct ebpf_map_decl *ebpf_elf_maps(const struct ebpf_elf *elf, uint32_t *count)
{
    (void)elf;
    *count = 0;
    return NULL;
}

uint32_t ebpf_elf_relocation_count(const struct ebpf_elf *elf)
{
    (void)elf;
    return 0;
}

struct ebpf_elf_relocation ebpf_elf_relocation_at(const struct ebpf_elf *elf, uint32_t index)
{
    (void)elf;
    (void)index;
    return (struct ebpf_elf_relocation){0};
}

const char *ebpf_elf_license(const struct ebpf_elf *elf)
{
    (void)elf;
    return NULL;
}

ebpf_status ebpf_elf_find(const struct ebpf_elf *elf, const char *name, struct ebpf_diag *diag,
                          uint32_t *index)
{
    (void)elf;
    (void)name;
    (void)diag;
    (void)index;
    return EBPF_ERR_UNSUPPORTED;
}

ebpf_status ebpf_elf_load(const struct ebpf_elf *elf, uint32_t function, struct ebpf_diag *diag,
                          struct ebpf_program **out)
{
    (void)elf;
    (void)function;
    (void)diag;
    *out = NULL;
    return EBPF_ERR_UNSUPPORTED;
}
