/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One relocation: what its symbol and addend mean, and the reference that this makes. */
#include <elf.h>
#include <string.h>

#include "frontend/elf/link.h"
#include "frontend/elf/runtime.h"
#include "ir/op.h"
#include "ir/poison.h"

/* Types of relocations of eBPF.  One producer calls them all 0, and means what fits. */
enum { R_ANY = 0, R_64_64 = 1, R_64_32 = 10 };

static const char *const advice_extern =
    "define it, or name the helper that it stands for when opening the object";

/* Whether the immediate of an instruction has the value of the symbol in it. */
static bool counts_twice(const struct elf_linker *l, const struct elf_reloc *reloc,
                         const struct elf_symbol *symbol)
{
    return l->elf->is_gnu && !reloc->has_addend && symbol->type != STT_SECTION;
}

static void make_reference(struct ebpf_insn *insn, enum ebpf_op op, int64_t imm)
{
    uint8_t dst = insn->dst;
    uint32_t loc = insn->loc;
    ebpf_insn_init(insn, op);
    insn->dst = dst;
    insn->loc = loc;
    insn->imm = imm;
}

static ebpf_status refuse_undefined(struct elf_linker *l, const struct elf_symbol *symbol)
{
    return ebpf_elf_refuse_at(l, EBPF_ERR_SYMBOL, advice_extern, "'%.100s' is not defined",
                              symbol->name);
}

static const struct elf_kernel_name *kernel_name(const struct elf_linker *l, const char *name)
{
    const struct elf_kernel_name *names = l->elf->kernel_names.data;
    for (size_t i = 0; i < l->elf->kernel_names.count; i++)
        if (strcmp(names[i].name, name) == 0)
            return &names[i];
    return NULL;
}

static ebpf_status refuse_kernel_name(struct elf_linker *l, const struct elf_kernel_name *k)
{
    if (k->is_setting)
        return ebpf_elf_refuse_at(l, EBPF_ERR_SYMBOL,
                                  "give it: ebpf_elf_options.kconfig, or --kconfig FILE",
                                  "'%.100s' is a setting of the kernel that has no value here",
                                  k->name);
    return ebpf_elf_refuse_at(l, EBPF_ERR_SYMBOL,
                              k->is_function ? "name a helper for it when opening the object"
                                             : "declare it __weak, and look whether it is there",
                              "'%.100s' is a %s of the kernel, which programs do not find here",
                              k->name, k->is_function ? "function" : "variable");
}

/* An address of what is not in the object. */
static ebpf_status refer_to_undefined(struct elf_linker *l, const struct elf_symbol *symbol,
                                      struct ebpf_insn *insn)
{
    const struct elf_kernel_name *k = kernel_name(l, symbol->name);
    if (k && !k->is_there)
        return refuse_kernel_name(l, k);
    if (!k && symbol->bind != STB_WEAK)
        return refuse_undefined(l, symbol);
    if (k && k->is_setting)
        make_reference(insn, EBPF_OP_LDDW_MAP_VAL_FD,
                       (int64_t)((uint64_t)k->offset << 32 | k->map));
    else
        make_reference(insn, EBPF_OP_LDDW, 0);
    return EBPF_OK;
}

static ebpf_status refer_to_map(struct elf_linker *l, const struct elf_symbol *symbol,
                                int64_t position, struct ebpf_insn *insn)
{
    const struct elf_map_place *place =
        position < 0 ? NULL : ebpf_elf_map_place(l->elf, symbol->section, (uint64_t)position, true);
    const struct elf_section *s = elf_section_at(l->elf, symbol->section);
    if (!place && s->is_btf_maps && !l->elf->has_btf)
        return ebpf_elf_refuse_at(l, EBPF_ERR_UNSUPPORTED,
                                  "compile with -g, and build ebpfvm with libbpf",
                                  "map '%.100s' needs the type information of the object",
                                  symbol->name);
    if (!place)
        return ebpf_elf_refuse_at(l, EBPF_ERR_RELOCATION, NULL,
                                  "'%.100s' stands for offset %lld of section '%.100s', where no "
                                  "map starts", symbol->name, (long long)position, s->info.name);
    make_reference(insn, EBPF_OP_LDDW_MAP_FD, place->map);
    return EBPF_OK;
}

static ebpf_status refer_to_data(struct elf_linker *l, const struct elf_symbol *symbol,
                                 int64_t position, struct ebpf_insn *insn)
{
    const struct ebpf_elf_section *s = &elf_section_at(l->elf, symbol->section)->info;
    if (position < 0 || (uint64_t)position > s->size || s->map == EBPF_MAP_NONE)
        return ebpf_elf_refuse_at(l, EBPF_ERR_RELOCATION, NULL,
                                  "'%.100s' stands for offset %lld of section '%.100s', which has "
                                  "%llu bytes", ebpf_elf_symbol_name(l->elf, symbol),
                                  (long long)position, s->name, (unsigned long long)s->size);
    make_reference(insn, EBPF_OP_LDDW_MAP_VAL_FD,
                   (int64_t)((uint64_t)position << 32 | s->map));
    return EBPF_OK;
}

/* The addend of lddw, which has only 32 bits: no section is larger. */
static int64_t wide_addend(const struct elf_linker *l, const struct elf_reloc *reloc,
                           const struct elf_symbol *symbol, const struct ebpf_insn *insn)
{
    if (reloc->has_addend)
        return reloc->addend;
    int64_t imm = (int32_t)(uint32_t)insn->imm;
    return counts_twice(l, reloc, symbol) ? imm - (int64_t)(int32_t)(uint32_t)symbol->value : imm;
}

static ebpf_status relocate_wide(struct elf_linker *l, const struct elf_reloc *reloc,
                                 const struct elf_symbol *symbol, struct ebpf_insn *insn)
{
    if (symbol->section == ELF_SECTION_UNDEF)
        return refer_to_undefined(l, symbol, insn);
    const struct elf_section *s = elf_section_at(l->elf, symbol->section);
    int64_t position =
        (int64_t)((symbol->value & INT64_MAX) +
                  (uint64_t)wide_addend(l, reloc, symbol, insn));
    switch ((enum ebpf_elf_use)s->info.use) {
    case EBPF_ELF_CODE:
        make_reference(insn, EBPF_OP_LDDW_FUNC, 0);
        return ebpf_elf_refer(l, symbol->section, (uint64_t)position);
    case EBPF_ELF_MAPS:
        return refer_to_map(l, symbol, position, insn);
    case EBPF_ELF_DATA:
        return refer_to_data(l, symbol, position, insn);
    case EBPF_ELF_OTHER:
        break;
    }
    return ebpf_elf_refuse_at(l, EBPF_ERR_UNSUPPORTED, NULL,
                              "'%.100s' is in section '%.100s', which programs cannot use",
                              ebpf_elf_symbol_name(l->elf, symbol), s->info.name);
}

static ebpf_status call_extern(struct elf_linker *l, const struct elf_symbol *symbol,
                               struct ebpf_insn *insn)
{
    const struct ebpf_elf_extern *externs = l->elf->externs.data;
    for (size_t i = 0; i < l->elf->externs.count; i++) {
        if (strcmp(externs[i].name, symbol->name) == 0) {
            make_reference(insn, EBPF_OP_CALL, (int32_t)externs[i].helper);
            return EBPF_OK;
        }
    }
    uint32_t runtime = ebpf_elf_runtime_find(symbol->name);
    if (runtime < ELF_RUNTIME_COUNT) {
        make_reference(insn, EBPF_OP_CALL_LOCAL, 0);
        return ebpf_elf_refer_to_runtime(l, runtime);
    }
    const struct elf_kernel_name *k = kernel_name(l, symbol->name);
    if (!k)
        return refuse_undefined(l, symbol);
    if (!k->is_there)
        return refuse_kernel_name(l, k);
    make_reference(insn, EBPF_OP_CALL, (int32_t)(EBPF_POISON_FIRST + k->note));
    return EBPF_OK;
}

/* Where a call leads.  The immediate counts slots from the one behind the call; that of GNU as
 * counts bytes from there in old versions, and has the value of the symbol in it. */
static uint64_t call_position(const struct elf_linker *l, const struct elf_reloc *reloc,
                              const struct elf_symbol *symbol, const struct ebpf_insn *insn)
{
    int64_t imm = (int32_t)insn->imm;
    if (reloc->has_addend)
        return symbol->value + (uint64_t)reloc->addend;
    if (counts_twice(l, reloc, symbol))
        return symbol->value;
    if (l->elf->is_gnu && ebpf_elf_function_at(l->elf, symbol->section,
                                               symbol->value + (uint64_t)imm + 1) != EBPF_MAP_NONE)
        return symbol->value + (uint64_t)imm + 1;
    return symbol->value + (uint64_t)(8 * (imm + 1));
}

static ebpf_status relocate_call(struct elf_linker *l, const struct elf_reloc *reloc,
                                 const struct elf_symbol *symbol, struct ebpf_insn *insn)
{
    if (symbol->section == ELF_SECTION_UNDEF)
        return call_extern(l, symbol, insn);
    const struct ebpf_elf_section *s = &elf_section_at(l->elf, symbol->section)->info;
    if (s->use != EBPF_ELF_CODE)
        return ebpf_elf_refuse_at(l, EBPF_ERR_RELOCATION, NULL,
                                  "'%.100s' is called, but section '%.100s' has no code",
                                  ebpf_elf_symbol_name(l->elf, symbol), s->name);
    uint64_t position = call_position(l, reloc, symbol, insn);
    make_reference(insn, EBPF_OP_CALL_LOCAL, 0);
    return ebpf_elf_refer(l, symbol->section, position);
}

ebpf_status ebpf_elf_relocate(struct elf_linker *l, const struct elf_reloc *reloc,
                              struct ebpf_insn *insn)
{
    const struct elf_symbol *symbol = elf_symbol_at(l->elf, reloc->symbol);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (symbol->section == ELF_SECTION_ABS)
        return ebpf_elf_refuse_at(l, EBPF_ERR_UNSUPPORTED, NULL,
                                  "'%.100s' is in no section", symbol->name);
    if (info->slots == 2 && (reloc->type == R_64_64 || reloc->type == R_ANY))
        return relocate_wide(l, reloc, symbol, insn);
    if ((insn->op == EBPF_OP_CALL || insn->op == EBPF_OP_CALL_LOCAL ||
         insn->op == EBPF_OP_CALL_BTF) &&
        (reloc->type == R_64_32 || reloc->type == R_ANY))
        return relocate_call(l, reloc, symbol, insn);
    if (reloc->type != R_64_64 && reloc->type != R_64_32 && reloc->type != R_ANY)
        return ebpf_elf_refuse_at(l, EBPF_ERR_UNSUPPORTED, NULL,
                                  "relocation of type %u in code", reloc->type);
    return ebpf_elf_refuse_at(l, EBPF_ERR_RELOCATION, NULL,
                              "relocation of type %u for '%.100s' does not fit the instruction",
                              reloc->type, ebpf_elf_symbol_name(l->elf, symbol));
}
