/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Programs from objects: a function, what it calls, and references in place of relocations. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "frontend/elf/link.h"
#include "frontend/elf/runtime.h"
#include "ir/decode.h"
#include "ir/op.h"

ebpf_status ebpf_elf_refuse_at(struct elf_linker *l, ebpf_status status, const char *advice,
                               const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const struct ebpf_elf_function *f = elf_function_at(l->elf, l->function);
    uint32_t loc = ebpf_program_at(l->program, l->insn)->loc;
    struct ebpf_location place = ebpf_program_location(l->program, l->insn);
    const struct ebpf_diag_entry entry = {
        .status = status, .file = loc && place.file ? place.file : l->elf->file,
        .line = place.line, .column = place.column, .width = place.width, .pc = EBPF_PC_NONE,
        .source = place.source, .advice = advice ? advice : ebpf_status_advice(status)};
    ebpf_diag_add(l->diag, &entry, "%s (function '%.100s', section '%.100s', offset 0x%llx)", text,
                  f->name, f->section, (unsigned long long)l->offset);
    return status;
}

/* Plans for a function to be in the program; false if there is no memory. */
static bool want(struct elf_linker *l, uint32_t function)
{
    if (l->bases[function] != EBPF_TARGET_NONE)
        return true;
    uint32_t *wanted = ebpf_vec_push(&l->wanted, 1);
    if (!wanted)
        return false;
    *wanted = function;
    l->bases[function] = 0; /* known when it is pushed */
    return true;
}

/* Makes the instruction at hand lead to a function. */
static ebpf_status refer_to(struct elf_linker *l, uint32_t function)
{
    struct elf_fixup *fixup = ebpf_vec_push(&l->fixups, 1);
    if (!fixup || !want(l, function))
        return EBPF_ERR_NOMEM;
    *fixup = (struct elf_fixup){l->insn, function};
    return EBPF_OK;
}

ebpf_status ebpf_elf_refer(struct elf_linker *l, uint32_t section, uint64_t offset)
{
    uint32_t function = ebpf_elf_function_at(l->elf, section, offset);
    if (function == EBPF_MAP_NONE)
        return ebpf_elf_refuse_at(l, EBPF_ERR_TARGET, NULL,
                                  "offset 0x%llx of section '%.100s' is called, where no function "
                                  "starts", (unsigned long long)offset,
                                  elf_section_at(l->elf, section)->info.name);
    return refer_to(l, function);
}

ebpf_status ebpf_elf_refer_to_runtime(struct elf_linker *l, uint32_t index)
{
    return refer_to(l, (uint32_t)l->elf->functions.count + index);
}

/* An instruction without a relocation: what it leads to must be in the same section. */
static ebpf_status link_plain(struct elf_linker *l, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    const struct ebpf_elf_function *f = elf_function_at(l->elf, l->function);
    enum ebpf_field field = ebpf_target_field((enum ebpf_op)insn->op);
    if (insn->op == EBPF_OP_DATA && (insn->imm & 0xff) == ebpf_op_table[EBPF_OP_LDDW].opcode)
        return ebpf_elf_refuse_at(l, EBPF_ERR_LDDW, NULL, "lddw has no second half");
    if (!field)
        return EBPF_OK;
    int64_t slots = field == EBPF_FIELD_OFF ? insn->off : (int32_t)insn->imm;
    int64_t to = (int64_t)l->offset + 8 * (slots + 1);
    if (insn->op == EBPF_OP_CALL_LOCAL || insn->op == EBPF_OP_LDDW_FUNC)
        return ebpf_elf_refer(l, l->section, (uint64_t)to);
    if (to < (int64_t)f->offset || to >= (int64_t)(f->offset + f->size))
        return ebpf_elf_refuse_at(l, EBPF_ERR_CROSS_JUMP, NULL, "%s out of the function, to "
                                  "offset %lld", info->mnemonic, (long long)to);
    return EBPF_OK;
}

/* The records of source lines as the functions go by. */
static void set_line(struct elf_linker *l, struct ebpf_insn *insn)
{
    const struct elf_line *lines = l->elf->lines.data;
    bool moved = false;
    while (l->line < l->elf->lines.count && lines[l->line].section == l->section &&
           lines[l->line].offset <= l->offset) {
        l->line++;
        moved = true;
    }
    if (moved) {
        const struct elf_line *at = &lines[l->line - 1];
        l->loc = ebpf_program_add_foreign_loc(l->program, at->file, at->text, at->line,
                                              at->column);
        l->no_memory |= l->loc == 0;
    }
    insn->loc = l->loc;
}

/* The first of the sorted records that is not before a place. */
static size_t first_line(const struct ebpf_elf *elf, uint32_t section, uint64_t offset)
{
    const struct elf_line *lines = elf->lines.data;
    size_t low = 0, high = elf->lines.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool before = lines[middle].section < section ||
                      (lines[middle].section == section && lines[middle].offset < offset);
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t first_reloc(const struct ebpf_elf *elf, const struct elf_section *s,
                            uint64_t offset)
{
    uint32_t low = s->first_reloc, high = low + s->reloc_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (elf_reloc_at(elf, middle)->offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* One instruction, with its relocation if there is one at it. */
static ebpf_status link_insn(struct elf_linker *l, uint32_t *reloc, uint32_t reloc_end)
{
    struct ebpf_insn *insn = (struct ebpf_insn *)l->program->insns.data + l->insn;
    uint64_t end = l->offset + 8u * ebpf_op_table[insn->op].slots;
    const struct elf_reloc *r = *reloc < reloc_end ? elf_reloc_at(l->elf, *reloc) : NULL;
    set_line(l, insn);
    if (l->no_memory)
        return EBPF_ERR_NOMEM;
    if (!r || r->offset >= end)
        return link_plain(l, insn);
    if (r->offset == l->offset) {
        ++*reloc;
        ebpf_status status = ebpf_elf_relocate(l, r, insn);
        if (status)
            return status;
    }
    if (*reloc < reloc_end && elf_reloc_at(l->elf, *reloc)->offset < end)
        return ebpf_elf_refuse_at(l, EBPF_ERR_RELOCATION, NULL,
                                  "the second half of lddw has a relocation");
    return EBPF_OK;
}

/* Appends a function that is wanted. */
static ebpf_status push_function(struct elf_linker *l, uint32_t function)
{
    const struct ebpf_elf_function *f = elf_function_at(l->elf, function);
    l->function = function;
    l->section = ((const uint32_t *)l->elf->function_sections.data)[function];
    l->insn = ebpf_program_count(l->program);
    l->offset = f->offset;
    l->line = first_line(l->elf, l->section, f->offset);
    l->loc = 0;
    l->bases[function] = l->insn;
    const struct elf_section *s = elf_section_at(l->elf, l->section);
    if (!ebpf_program_add_function(l->program, f->name, strlen(f->name), l->insn) ||
        !ebpf_program_push_bytes(l->program, s->bytes + f->offset, (size_t)f->size / 8))
        return EBPF_ERR_NOMEM;
    uint32_t reloc = first_reloc(l->elf, s, f->offset), end = s->first_reloc + s->reloc_count;
    ebpf_status status = EBPF_OK;
    for (; l->insn < ebpf_program_count(l->program) && !status; l->insn++) {
        unsigned slots = ebpf_op_table[ebpf_program_at(l->program, l->insn)->op].slots;
        status = link_insn(l, &reloc, end);
        l->offset += 8u * slots;
    }
    return status;
}

/* Appends a function of the compiler's library: it refers to nothing. */
static ebpf_status push_runtime(struct elf_linker *l, uint32_t index)
{
    const struct elf_runtime_function *f = ebpf_elf_runtime_at(index);
    uint32_t base = ebpf_program_count(l->program);
    l->bases[l->elf->functions.count + index] = base;
    bool pushed = ebpf_program_add_function(l->program, f->name, strlen(f->name), base) &&
                  ebpf_program_push_bytes(l->program, f->code, ELF_RUNTIME_SLOTS);
    return pushed ? EBPF_OK : EBPF_ERR_NOMEM;
}

static ebpf_status push_wanted(struct elf_linker *l, uint32_t function)
{
    uint32_t own = (uint32_t)l->elf->functions.count;
    return function < own ? push_function(l, function) : push_runtime(l, function - own);
}

static void link_calls(struct elf_linker *l)
{
    const struct elf_fixup *fixup = l->fixups.data;
    struct ebpf_insn *insns = l->program->insns.data;
    for (size_t i = 0; i < l->fixups.count; i++) {
        insns[fixup[i].insn].target = l->bases[fixup[i].function];
        insns[fixup[i].insn].imm &= ~INT64_C(0xffffffff);
    }
}

static void warn(const struct ebpf_elf *elf, struct ebpf_diag *diag, const char *message)
{
    const struct ebpf_diag_entry entry = {.severity = EBPF_SEVERITY_WARNING,
                                          .status = EBPF_ERR_UNSUPPORTED, .file = elf->file,
                                          .pc = EBPF_PC_NONE};
    ebpf_diag_add(diag, &entry, "%s", message);
}

static ebpf_status build(struct elf_linker *l, uint32_t function)
{
    ebpf_status status = EBPF_ERR_NOMEM;
    if (ebpf_program_set_source(l->program, l->elf->file, NULL, 0) && want(l, function))
        status = EBPF_OK;
    for (size_t i = 0; i < l->wanted.count && !status; i++)
        status = push_wanted(l, ((const uint32_t *)l->wanted.data)[i]);
    if (status)
        return status;
    link_calls(l);
    ebpf_program_set_maps(l->program, l->elf->maps);
    if (l->elf->has_core)
        warn(l->elf, l->diag, "CO-RE relocations are not applied, since no BTF is given: offsets "
             "in kernel structures are those of the headers that it was compiled with");
    return ebpf_program_finish(l->program, l->diag);
}

static ebpf_status refuse_section(const struct ebpf_elf *elf, struct ebpf_diag *diag,
                                  const char *section, const char *reason, const char *advice)
{
    const struct ebpf_diag_entry entry = {.status = EBPF_ERR_UNSUPPORTED, .file = elf->file,
                                          .pc = EBPF_PC_NONE, .advice = advice};
    ebpf_diag_add(diag, &entry, "programs of section '%.100s' run in a kernel only: %s", section,
                  reason);
    return EBPF_ERR_UNSUPPORTED;
}

ebpf_status ebpf_elf_load(const struct ebpf_elf *elf, uint32_t function, struct ebpf_diag *diag,
                          struct ebpf_program **out)
{
    *out = NULL;
    if (function >= elf->functions.count)
        return EBPF_ERR_INVALID;
    const char *advice, *section = elf_function_at(elf, function)->section;
    const char *refusal = ebpf_elf_refusal(section, &advice);
    if (refusal)
        return refuse_section(elf, diag, section, refusal, advice);
    size_t size = (elf->functions.count + ELF_RUNTIME_COUNT) * sizeof(uint32_t);
    struct elf_linker l = {.elf = elf, .diag = diag, .program = ebpf_program_new(&elf->mem),
                           .bases = ebpf_mem_alloc(&elf->mem, size)};
    ebpf_vec_init(&l.wanted, &elf->mem, sizeof(uint32_t));
    ebpf_vec_init(&l.fixups, &elf->mem, sizeof(struct elf_fixup));
    ebpf_status status = EBPF_ERR_NOMEM;
    if (l.program && l.bases) {
        memset(l.bases, 0xff, size); /* EBPF_TARGET_NONE */
        status = build(&l, function);
    }
    ebpf_vec_free(&l.wanted);
    ebpf_vec_free(&l.fixups);
    ebpf_mem_free(&elf->mem, l.bases, size);
    if (status)
        ebpf_program_unref(l.program);
    else
        *out = l.program;
    return status;
}
