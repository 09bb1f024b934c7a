/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the making of a program from an object knows: where it is, and what is still to come. */
#ifndef FRONTEND_ELF_LINK_H
#define FRONTEND_ELF_LINK_H

#include <stdarg.h>

#include "frontend/elf/object.h"
#include "ir/program.h"

/* An instruction that leads to the start of a function. */
struct elf_fixup {
    uint32_t insn, function;
};

struct elf_linker {
    const struct ebpf_elf *elf;
    struct ebpf_diag *diag;
    struct ebpf_program *program;
    uint32_t *bases; /* by function, those of runtime.h behind the object's: its first instruction;
                      * EBPF_TARGET_NONE if it is not wanted */
    struct ebpf_vec wanted; /* uint32_t: functions in order of their place in the program */
    struct ebpf_vec fixups; /* struct elf_fixup */
    bool no_memory;

    /* the instruction at hand */
    uint32_t function, section, insn;
    uint64_t offset; /* in the section */
    size_t line;     /* the record of a source line that comes next */
    uint32_t loc;    /* that of the record before it */
};

/* Reports an error at the instruction at hand; returns `status`. */
ebpf_status ebpf_elf_refuse_at(struct elf_linker *l, ebpf_status status, const char *advice,
                               const char *format, ...) EBPF_PRINTF(4, 5);

/* Makes the instruction at hand lead to the function at a place, which becomes part of the
 * program. */
ebpf_status ebpf_elf_refer(struct elf_linker *l, uint32_t section, uint64_t offset);

/* Makes the instruction at hand lead to a function of runtime.h. */
ebpf_status ebpf_elf_refer_to_runtime(struct elf_linker *l, uint32_t index);

/* Applies a relocation to the instruction at hand. */
ebpf_status ebpf_elf_relocate(struct elf_linker *l, const struct elf_reloc *reloc,
                              struct ebpf_insn *insn);

#endif
