/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The type information that the caller gives for CO-RE, and instructions that must not be
 * reached. */
#include <gelf.h>
#include <libelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "frontend/elf/object.h"
#include "ir/poison.h"

/* The section .BTF of an ELF file, such as an uncompressed kernel; false if it has none. */
static bool find_section(Elf *file, const uint8_t *base, uint64_t room, const uint8_t **bytes,
                         uint64_t *size)
{
    size_t names;
    Elf_Scn *scn = NULL;
    if (elf_getshdrstrndx(file, &names) != 0)
        return false;
    while ((scn = elf_nextscn(file, scn)) != NULL) {
        GElf_Shdr header;
        const char *name =
            gelf_getshdr(scn, &header) ? elf_strptr(file, names, header.sh_name) : NULL;
        if (!name || strcmp(name, ".BTF") != 0 || header.sh_type == SHT_NOBITS)
            continue;
        *bytes = base + header.sh_offset;
        *size = header.sh_size;
        return header.sh_offset <= room && header.sh_size <= room - header.sh_offset;
    }
    return false;
}

ebpf_status ebpf_elf_target_btf(struct ebpf_elf *elf, const uint8_t **bytes, uint64_t *size,
                                struct ebpf_diag *diag)
{
    static const char magic[] = ELFMAG;
    const uint8_t *given = elf->options.btf;
    uint64_t length = elf->options.btf_size;
    *bytes = given;
    *size = length;
    if (length < EI_NIDENT || memcmp(given, magic, SELFMAG) != 0)
        return EBPF_OK;
    /* libelf may change what is not in the byte order of the host. */
    Elf *file = given[EI_DATA] == ELFDATA2LSB ? elf_memory((char *)(uintptr_t)given, length) : NULL;
    bool found = file && find_section(file, given, length, bytes, size);
    elf_end(file);
    return found ? EBPF_OK
                 : ebpf_elf_refuse(elf, diag, EBPF_ERR_BTF,
                                   "the file that is given for CO-RE has no section '.BTF'");
}

ebpf_status ebpf_elf_add_note(struct ebpf_elf *elf, struct ebpf_diag *diag, uint32_t *index,
                              const char *format, ...)
{
    char text[EBPF_FAULT_MESSAGE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    struct ebpf_map_table *table = elf->maps;
    if (table->notes.count >= EBPF_POISON_MAX)
        return ebpf_elf_refuse(elf, diag, EBPF_ERR_LIMIT,
                               "more than %u of its instructions refer to what is not there",
                               EBPF_POISON_MAX);
    char *copy = ebpf_arena_strndup(&table->arena, text, strlen(text));
    const char **note = copy ? ebpf_vec_push(&table->notes, 1) : NULL;
    if (!note)
        return EBPF_ERR_NOMEM;
    *note = copy;
    *index = (uint32_t)table->notes.count - 1;
    return EBPF_OK;
}

void ebpf_elf_poison(uint8_t *insn, unsigned slots, uint32_t note)
{
    enum { CALL = 0x85, SLOT = 8 };
    for (unsigned i = 0; i < slots; i++) {
        memset(insn + i * SLOT, 0, SLOT);
        insn[i * SLOT] = CALL;
        ebpf_put_le32(insn + i * SLOT + 4, EBPF_POISON_FIRST + note);
    }
}
