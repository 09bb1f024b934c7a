/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* In place of what reads type information, where libbpf is missing: objects have no maps of the
 * section `.maps` then, and instructions no source lines. */
#include "frontend/elf/object.h"

ebpf_status ebpf_elf_read_btf(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    if (elf->options.btf || elf->options.kconfig)
        return ebpf_elf_refuse(elf, diag, EBPF_ERR_UNSUPPORTED,
                               "types and settings of a kernel cannot be used: this was built "
                               "without libbpf");
    return EBPF_OK;
}
