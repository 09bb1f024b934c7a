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

/* The maps that the section `.maps` declares. */
ebpf_status ebpf_elf_read_btf_maps(struct ebpf_elf *elf, const struct btf *btf,
                                   struct ebpf_diag *diag);

/* The source lines, from the section `.BTF.ext`. */
ebpf_status ebpf_elf_read_lines(struct ebpf_elf *elf, struct ebpf_diag *diag);

#endif
