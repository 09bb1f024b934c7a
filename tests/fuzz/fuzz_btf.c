/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Fuzzes type information without the object around it: two bytes say how long `.BTF` is, the rest
 * is `.BTF.ext`.  An object with one program and one map is made around them.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/elf.h>

enum { TEXT = 1, MAPS, BTF, EXT, SYMBOLS, STRINGS, SECTIONS, SYMBOL_COUNT = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char names[] = "\0.text\0.maps\0.BTF\0.BTF.ext\0.symtab\0.strtab\0program\0map";
enum { N_TEXT = 1, N_MAPS = 7, N_BTF = 13, N_EXT = 18, N_SYMTAB = 27, N_STRTAB = 35,
       N_PROGRAM = 43, N_MAP = 51 };

/* A file that grows. */
struct object {
    uint8_t *bytes;
    size_t size;
    Elf64_Shdr sections[SECTIONS];
};

static void add(struct object *o, unsigned section, const void *data, size_t size,
                const Elf64_Shdr *header)
{
    o->sections[section] = *header;
    o->sections[section].sh_offset = o->size;
    o->sections[section].sh_size = size;
    if (size)
        memcpy(o->bytes + o->size, data, size);
    o->size += (size + 7) & ~(size_t)7;
}

static void build(struct object *o, const uint8_t *btf, size_t btf_size, size_t size)
{
    static const uint8_t code[16] = {0xb7, [8] = 0x95}, map[64] = {0};
    const Elf64_Sym symbols[SYMBOL_COUNT] = {
        {0},
        {.st_name = N_PROGRAM, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), .st_shndx = TEXT,
         .st_size = sizeof(code)},
        {.st_name = N_MAP, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), .st_shndx = MAPS,
         .st_size = 32}};
    o->size = sizeof(Elf64_Ehdr);
    add(o, TEXT, code, sizeof(code), &(Elf64_Shdr){
        .sh_name = N_TEXT, .sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC | SHF_EXECINSTR});
    add(o, MAPS, map, sizeof(map), &(Elf64_Shdr){
        .sh_name = N_MAPS, .sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC | SHF_WRITE});
    add(o, BTF, btf, btf_size, &(Elf64_Shdr){.sh_name = N_BTF, .sh_type = SHT_PROGBITS});
    add(o, EXT, btf + btf_size, size - btf_size, &(Elf64_Shdr){
        .sh_name = N_EXT, .sh_type = SHT_PROGBITS});
    add(o, SYMBOLS, symbols, sizeof(symbols), &(Elf64_Shdr){
        .sh_name = N_SYMTAB, .sh_type = SHT_SYMTAB, .sh_link = STRINGS, .sh_info = 1,
        .sh_entsize = sizeof(Elf64_Sym)});
    add(o, STRINGS, names, sizeof(names), &(Elf64_Shdr){
        .sh_name = N_STRTAB, .sh_type = SHT_STRTAB});
    Elf64_Ehdr header = {.e_type = ET_REL, .e_machine = EM_BPF, .e_version = EV_CURRENT,
                         .e_shoff = o->size, .e_ehsize = sizeof(header),
                         .e_shentsize = sizeof(Elf64_Shdr), .e_shnum = SECTIONS,
                         .e_shstrndx = STRINGS};
    memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    memcpy(o->bytes, &header, sizeof(header));
    memcpy(o->bytes + o->size, o->sections, sizeof(o->sections));
    o->size += sizeof(o->sections);
}

static void open_object(const struct object *o, const struct ebpf_elf_options *options)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    struct ebpf_elf *elf;
    if (!diag)
        abort();
    ebpf_status status = ebpf_elf_open(o->bytes, o->size, options, diag, &elf);
    if ((status == EBPF_OK) != (elf != NULL) || (status != EBPF_OK && !ebpf_diag_count(diag)))
        abort();
    if (elf && ebpf_elf_load(elf, 0, diag, &program) == EBPF_OK)
        ebpf_program_unref(program);
    ebpf_elf_close(elf);
    ebpf_diag_free(diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct object o = {.bytes = calloc(1, size + 4096)};
    if (!o.bytes)
        abort();
    size_t btf_size = size < 2 ? 0 : (size_t)(data[0] | data[1] << 8);
    const uint8_t *btf = size < 2 ? data : data + 2;
    size -= size < 2 ? size : 2;
    btf_size = btf_size < size ? btf_size : size;
    build(&o, btf, btf_size, size);
    /* As they are, and with themselves as the types that they are to run on. */
    const struct ebpf_elf_options plain = {.size = sizeof(plain)};
    const struct ebpf_elf_options target = {.size = sizeof(target), .btf = btf,
                                            .btf_size = btf_size, .kconfig = "A=y\nB=\"b\"\n"};
    open_object(&o, &plain);
    open_object(&o, &target);
    free(o.bytes);
    return 0;
}
