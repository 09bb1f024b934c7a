/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Type information of an object, which libbpf reads once it is known to be sound. */
#ifndef FRONTEND_ELF_BTF_H
#define FRONTEND_ELF_BTF_H

#include <bpf/btf.h>

#include "frontend/elf/object.h"

/* A string of the type information, or NULL if the offset is outside. */
static inline const char *elf_btf_string(const struct ebpf_elf *elf, uint32_t offset)
{
    return offset < elf->strings_size ? elf->strings + offset : NULL;
}

/* A type without its typedefs and qualifiers; NULL, or 0, if there is none. */
const struct btf_type *ebpf_btf_plain(const struct btf *btf, uint32_t id);
uint32_t ebpf_btf_plain_id(const struct btf *btf, uint32_t id);

/* The types of some bytes, which may be damaged; `name` is what people call them.  NULL, with
 * EBPF_OK, if there are kinds of types that are not known yet. */
ebpf_status ebpf_elf_parse_btf(struct ebpf_elf *elf, const char *name, const uint8_t *bytes,
                               uint64_t size, struct btf **out, struct ebpf_diag *diag);

/* Applies the CO-RE relocations to the code, if there are types of a target. */
ebpf_status ebpf_elf_apply_core(struct ebpf_elf *elf, const struct btf *btf,
                                struct ebpf_diag *diag);

/* The variables and functions of the kernel that the sections `.kconfig` and `.ksyms` name. */
ebpf_status ebpf_elf_read_externs(struct ebpf_elf *elf, const struct btf *btf,
                                  struct ebpf_diag *diag);

/* The maps that the section `.maps` declares. */
ebpf_status ebpf_elf_read_btf_maps(struct ebpf_elf *elf, const struct btf *btf,
                                   struct ebpf_diag *diag);

/* The source lines, from the section `.BTF.ext`. */
ebpf_status ebpf_elf_read_lines(struct ebpf_elf *elf, struct ebpf_diag *diag);

#endif
