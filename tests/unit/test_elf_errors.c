/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Damaged objects: each is refused with a report, or loads; nothing is read outside of it. */
#include <elf.h>

#include "tests/unit/elf_unit.h"
#include "tests/unit/failing_mem.h"

static const char *const names[] = {"calls-v3", "calls-gnu", "globals-v1", "maps_btf-v2",
                                    "maps_legacy-36", "externs", "iproute-tc"};
enum { OBJECTS = sizeof(names) / sizeof(names[0]) };

/* Opens it and loads all that is in it.  What fails is reported. */
static ebpf_status try_all(const struct bytes *bytes, const struct ebpf_mem *mem)
{
    const struct ebpf_elf_options options = {.size = sizeof(options), .mem = mem};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    struct ebpf_elf *elf;
    uint32_t count = 0;
    ebpf_status status = ebpf_elf_open(bytes->data, bytes->size, &options, diag, &elf);
    if (status)
        ck_assert_ptr_null(elf);
    else
        ebpf_elf_functions(elf, &count);
    for (uint32_t i = 0; i < count && !status; i++) {
        status = ebpf_elf_load(elf, i, diag, &program);
        ebpf_program_unref(program);
    }
    ck_assert(status == EBPF_OK || status == EBPF_ERR_NOMEM || ebpf_diag_count(diag) > 0);
    ebpf_elf_close(elf);
    ebpf_diag_free(diag);
    return status;
}

START_TEST(truncated)
{
    struct bytes bytes = read_object(names[_i]);
    for (size_t size = bytes.size; size-- > 0;) {
        bytes.size = size;
        ck_assert_int_ne(try_all(&bytes, NULL), EBPF_OK);
    }
}
END_TEST

/* Every byte takes a few other values. */
START_TEST(mutated)
{
    static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    struct bytes bytes = read_object(names[_i]);
    for (size_t at = 0; at < bytes.size; at++) {
        uint8_t old = bytes.data[at];
        for (size_t i = 0; i < sizeof(values); i++) {
            bytes.data[at] = values[i];
            try_all(&bytes, NULL);
        }
        bytes.data[at] = old ^ 0x10;
        try_all(&bytes, NULL);
        bytes.data[at] = old;
    }
}
END_TEST

START_TEST(out_of_memory)
{
    struct bytes bytes = read_object(names[_i]);
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        ebpf_status status = try_all(&bytes, &f.mem);
        ck_assert_int_eq(status == EBPF_ERR_NOMEM, f.failed);
    }
}
END_TEST

static Elf64_Shdr *headers(struct bytes *bytes)
{
    return (Elf64_Shdr *)(void *)(bytes->data + ((Elf64_Ehdr *)(void *)bytes->data)->e_shoff);
}

/* The header of a section, by name. */
static Elf64_Shdr *section(struct bytes *bytes, const char *name)
{
    const Elf64_Ehdr *elf = (const Elf64_Ehdr *)(const void *)bytes->data;
    Elf64_Shdr *s = headers(bytes);
    const char *strings = (const char *)bytes->data + s[elf->e_shstrndx].sh_offset;
    for (int i = 0; i < elf->e_shnum; i++)
        if (strcmp(strings + s[i].sh_name, name) == 0)
            return &s[i];
    ck_abort_msg("there is no section %s", name);
    return NULL;
}

static void *content(struct bytes *bytes, const char *name)
{
    return bytes->data + section(bytes, name)->sh_offset;
}

/* The last symbol, a global one. */
static Elf64_Sym *symbol(struct bytes *bytes)
{
    const Elf64_Shdr *s = section(bytes, ".symtab");
    return (Elf64_Sym *)content(bytes, ".symtab") + (s->sh_size / sizeof(Elf64_Sym) - 1);
}

enum damage {
    BIG_ENDIAN, MACHINE, TYPE, SECTION_END, SECTION_NAME, SYMBOL_SECTION, SYMBOL_NAME,
    SYMBOL_SIZE, SYMTAB_ENTRY, SYMTAB_LINK, CODE_SIZE, FUNCTION_ODD, RELOC_OUTSIDE, RELOC_SYMBOL,
    RELOC_SECOND_HALF, RELOC_TYPE, RELOC_TWICE, CALL_MIDDLE, JUMP_OUT, ZEROS, NAMES, DAMAGES
};

/* Damages an object of calls or globals; what must come of it. */
static ebpf_status do_damage(enum damage damage, struct bytes *calls, struct bytes *globals)
{
    Elf64_Ehdr *elf = (Elf64_Ehdr *)(void *)calls->data;
    Elf64_Rel *call = content(calls, ".relsocket/first");
    Elf64_Rel *wide = content(globals, ".relxdp");
    uint8_t *code = content(calls, "socket/first");
    switch (damage) {
    case BIG_ENDIAN: elf->e_ident[EI_DATA] = ELFDATA2MSB; return EBPF_ERR_UNSUPPORTED;
    case MACHINE: elf->e_machine = EM_X86_64; return EBPF_ERR_OBJECT;
    case TYPE: elf->e_type = ET_EXEC; return EBPF_ERR_OBJECT;
    case NAMES: elf->e_shstrndx = 2; return EBPF_ERR_OBJECT;
    case SECTION_END: section(calls, "license")->sh_offset = calls->size; return EBPF_ERR_OBJECT;
    case SECTION_NAME: section(calls, "license")->sh_name = 100000; return EBPF_ERR_OBJECT;
    case SYMBOL_SECTION: symbol(calls)->st_shndx = 999; return EBPF_ERR_OBJECT;
    case SYMBOL_NAME: symbol(calls)->st_name = 100000; return EBPF_ERR_OBJECT;
    case SYMBOL_SIZE: symbol(calls)[-1].st_size = 1000; return EBPF_ERR_OBJECT;
    case SYMTAB_ENTRY: section(calls, ".symtab")->sh_entsize = 8; return EBPF_ERR_OBJECT;
    case SYMTAB_LINK: section(calls, ".symtab")->sh_link = 240; return EBPF_ERR_OBJECT;
    case CODE_SIZE: section(calls, "classifier")->sh_size -= 4; return EBPF_ERR_OBJECT;
    case FUNCTION_ODD: symbol(calls)[-1].st_value += 4; return EBPF_ERR_OBJECT;
    case RELOC_OUTSIDE: call->r_offset = 4096; return EBPF_ERR_OBJECT;
    case RELOC_SYMBOL: call->r_info = ELF64_R_INFO(1000, 10); return EBPF_ERR_OBJECT;
    case RELOC_SECOND_HALF: wide->r_offset += 8; return EBPF_ERR_RELOCATION;
    case RELOC_TYPE: wide->r_info = ELF64_R_INFO(ELF64_R_SYM(wide->r_info), 3);
        return EBPF_ERR_UNSUPPORTED;
    case RELOC_TWICE: wide[1].r_offset = wide[0].r_offset; return EBPF_ERR_OBJECT;
    case CALL_MIDDLE: code[call->r_offset + 4]++; return EBPF_ERR_TARGET;
    case JUMP_OUT: memcpy(code, "\x05\x00\x10\x00\x00\x00\x00", 8); return EBPF_ERR_CROSS_JUMP;
    case ZEROS: section(globals, ".bss")->sh_size = UINT64_C(1) << 60; return EBPF_ERR_LIMIT;
    case DAMAGES: break;
    }
    return EBPF_OK;
}

START_TEST(damaged)
{
    struct bytes calls = read_object("calls-v2"), globals = read_object("globals-v2");
    ebpf_status expected = do_damage((enum damage)_i, &calls, &globals);
    ebpf_status first = try_all(&calls, NULL), second = try_all(&globals, NULL);
    ck_assert_msg((first ? first : second) == expected, "damage %d: %s, %s in place of %s", _i,
                  ebpf_status_name(first), ebpf_status_name(second), ebpf_status_name(expected));
}
END_TEST

START_TEST(maps_must_fit_their_section)
{
    struct bytes bytes = read_object("maps_legacy-20");
    section(&bytes, "maps")->sh_size = 36;
    ck_assert_int_eq(try_all(&bytes, NULL), EBPF_ERR_MAP_DEF);
    bytes = read_object("maps_legacy-20");
    section(&bytes, "maps")->sh_size = 24;
    ck_assert_int_eq(try_all(&bytes, NULL), EBPF_ERR_MAP_DEF);
    bytes = read_object("maps_legacy-20");
    ((uint8_t *)content(&bytes, "maps"))[0] = 200;
    ck_assert_int_eq(try_all(&bytes, NULL), EBPF_ERR_MAP_DEF);
}
END_TEST

START_TEST(too_large)
{
    struct bytes bytes = read_object("calls-v1");
    struct ebpf_elf_options options = {.size = sizeof(options), .max_size = bytes.size};
    struct ebpf_elf *elf;
    char path[300];
    object_path(path, sizeof(path), "calls-v1");
    ck_assert_int_eq(ebpf_elf_open_file(path, &options, NULL, &elf), EBPF_OK);
    ebpf_elf_close(elf);
    options.max_size--;
    ck_assert_int_eq(ebpf_elf_open_file(path, &options, NULL, &elf), EBPF_ERR_LIMIT);
    ck_assert_int_eq(ebpf_elf_open(bytes.data, bytes.size, &options, NULL, &elf), EBPF_ERR_LIMIT);
    ck_assert_int_eq(ebpf_elf_open_file("/nonexistent.o", NULL, NULL, &elf), EBPF_ERR_IO);
    ck_assert_int_eq(ebpf_elf_open(NULL, 0, NULL, NULL, &elf), EBPF_ERR_OBJECT);
}
END_TEST

static TCase *errors(void)
{
    TCase *tc = tcase_create("errors");
    tcase_add_loop_test(tc, truncated, 0, OBJECTS);
    tcase_add_loop_test(tc, mutated, 0, OBJECTS);
    tcase_add_loop_test(tc, out_of_memory, 0, OBJECTS);
    tcase_add_loop_test(tc, damaged, 0, DAMAGES);
    tcase_add_test(tc, maps_must_fit_their_section);
    tcase_add_test(tc, too_large);
    return tc;
}

RUN_SUITE("elf errors", errors)
