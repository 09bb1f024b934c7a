/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Tells gdb by its JIT interface (gdb manual, 31), and backtrace() by __register_frame() of libgcc.
 * gdb finds the two objects below by their names; so they are the process's, and locked.
 */
#include "config.h"

#include <dlfcn.h>
#include <elf.h>
#include <string.h>

#include "backends/x86_64/frame.h"
#include "backends/x86_64/seen.h"
#include "base/lock.h"
#include "base/mem.h"
#include "ir/program.h"

enum jit_action { JIT_NOACTION, JIT_REGISTER, JIT_UNREGISTER };

struct jit_code_entry {
    struct jit_code_entry *next, *prev;
    const void *symfile;
    uint64_t size;
};

struct jit_descriptor {
    uint32_t version, action;
    struct jit_code_entry *relevant, *first;
};

struct jit_descriptor __jit_debug_descriptor = {.version = 1};
static struct ebpf_lock lock;

void __jit_debug_register_code(void);

/* gdb stops here. */
__attribute__((noinline)) void __jit_debug_register_code(void)
{
    __asm__ volatile("" ::: "memory");
}

enum { GLOBAL_FUNCTION = STB_GLOBAL << 4 | STT_FUNC };

enum section { NONE, TEXT, EH_FRAME, SYMTAB, STRTAB, SHSTRTAB, SECTIONS };

/* An object file in memory: all of it but symbols and their names, which follow. */
struct x64_object {
    Elf64_Ehdr header;
    Elf64_Shdr sections[SECTIONS];
    char names[48];
    uint8_t eh_frame[X64_EH_MAX];
};

struct x64_seen {
    struct jit_code_entry entry;
    void (*deregister)(void *eh_frame);
    void *libgcc;
    size_t size;
    struct x64_object object;
};

static void describe(struct x64_object *o, enum section n, const char *name, uint32_t type)
{
    static const char names[] = "\0.text\0.eh_frame\0.symtab\0.strtab\0.shstrtab";
    memcpy(o->names, names, sizeof(names));
    Elf64_Shdr *s = &o->sections[n];
    for (uint32_t at = 1; at < sizeof(names); at += (uint32_t)strlen(&names[at]) + 1)
        if (strcmp(&names[at], name) == 0)
            s->sh_name = at;
    s->sh_type = type;
    s->sh_addralign = 8;
}

static void place(struct x64_object *o, enum section n, size_t offset, size_t size)
{
    o->sections[n].sh_offset = offset;
    o->sections[n].sh_size = size;
}

static void make_header(Elf64_Ehdr *h)
{
    memcpy(h->e_ident, ELFMAG, SELFMAG);
    h->e_ident[EI_CLASS] = ELFCLASS64;
    h->e_ident[EI_DATA] = ELFDATA2LSB;
    h->e_ident[EI_VERSION] = EV_CURRENT;
    h->e_version = EV_CURRENT;
    h->e_type = ET_EXEC;
    h->e_machine = EM_X86_64;
    h->e_shoff = offsetof(struct x64_object, sections);
    h->e_ehsize = sizeof(*h);
    h->e_shentsize = sizeof(Elf64_Shdr);
    h->e_shnum = SECTIONS;
    h->e_shstrndx = SHSTRTAB;
}

/* Symbols, and their names behind them; the names start with an empty one. */
static void put_symbols(const struct ebpf_code *code, Elf64_Sym *symbols, char *names)
{
    struct x64_symbol s;
    uint32_t at = 1;
    for (uint32_t i = 0; x64_symbol(code, i, &s); i++) {
        symbols[i + 1] = (Elf64_Sym){.st_name = at, .st_info = GLOBAL_FUNCTION,
                                     .st_shndx = TEXT, .st_value = (uintptr_t)s.start,
                                     .st_size = s.size};
        strcpy(names + at, s.name);
        at += (uint32_t)sizeof(s.name);
    }
}

static void make_object(const struct ebpf_code *code, const struct x64_unwind *unwind,
                        struct x64_object *o, size_t count)
{
    make_header(&o->header);
    describe(o, TEXT, ".text", SHT_NOBITS);
    o->sections[TEXT].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
    o->sections[TEXT].sh_addr = (uintptr_t)code->starting.text;
    place(o, TEXT, 0, code->text_size);
    describe(o, EH_FRAME, ".eh_frame", SHT_PROGBITS);
    o->sections[EH_FRAME].sh_flags = SHF_ALLOC;
    o->sections[EH_FRAME].sh_addr = (uintptr_t)o->eh_frame;
    place(o, EH_FRAME, offsetof(struct x64_object, eh_frame),
          x64_write_eh_frame(code, unwind, o->eh_frame));
    describe(o, SYMTAB, ".symtab", SHT_SYMTAB);
    o->sections[SYMTAB].sh_link = STRTAB;
    o->sections[SYMTAB].sh_info = 1;
    o->sections[SYMTAB].sh_entsize = sizeof(Elf64_Sym);
    place(o, SYMTAB, sizeof(*o), (count + 1) * sizeof(Elf64_Sym));
    describe(o, STRTAB, ".strtab", SHT_STRTAB);
    place(o, STRTAB, sizeof(*o) + (count + 1) * sizeof(Elf64_Sym),
          1 + count * sizeof(((struct x64_symbol *)0)->name));
    describe(o, SHSTRTAB, ".shstrtab", SHT_STRTAB);
    place(o, SHSTRTAB, offsetof(struct x64_object, names), sizeof(o->names));
    Elf64_Sym *symbols = (Elf64_Sym *)(o + 1);
    put_symbols(code, symbols, (char *)(symbols + count + 1));
}

/* libgcc may not be there; then backtrace() is not, either. */
static void tell_unwinder(struct x64_seen *seen)
{
    void (*add)(void *);
    seen->libgcc = dlopen("libgcc_s.so.1", RTLD_NOW);
    void *symbol = seen->libgcc ? dlsym(seen->libgcc, "__register_frame") : NULL;
    void *remove = seen->libgcc ? dlsym(seen->libgcc, "__deregister_frame") : NULL;
    if (!symbol || !remove)
        return;
    memcpy(&add, &symbol, sizeof(add));
    memcpy(&seen->deregister, &remove, sizeof(remove));
    add(seen->object.eh_frame);
}

static void tell_debugger(struct jit_code_entry *entry, enum jit_action action)
{
    struct jit_descriptor *d = &__jit_debug_descriptor;
    ebpf_lock(&lock);
    if (action == JIT_REGISTER) {
        entry->next = d->first;
        d->first = entry;
    } else if (entry->prev) {
        entry->prev->next = entry->next;
    } else {
        d->first = entry->next;
    }
    if (entry->next)
        entry->next->prev = action == JIT_REGISTER ? entry : entry->prev;
    d->relevant = entry;
    d->action = action;
    __jit_debug_register_code();
    ebpf_unlock(&lock);
}

ebpf_status x64_tell_gdb(struct ebpf_code *code, const struct x64_unwind *unwind)
{
    if (!(code->in.code.flags & EBPF_CODE_GDB))
        return EBPF_OK;
    size_t count = code->in.program->functions.count;
    size_t size = sizeof(struct x64_seen) + (count + 1) * sizeof(Elf64_Sym) + 1 +
                  count * sizeof(((struct x64_symbol *)0)->name);
    struct x64_seen *seen = ebpf_mem_zalloc(&code->mem, 1, size);
    if (!seen)
        return EBPF_ERR_NOMEM;
    seen->size = size;
    make_object(code, unwind, &seen->object, count);
    seen->entry.symfile = &seen->object;
    seen->entry.size = size - offsetof(struct x64_seen, object);
    tell_unwinder(seen);
    tell_debugger(&seen->entry, JIT_REGISTER);
    code->seen = seen;
    return EBPF_OK;
}

void x64_forget_gdb(struct ebpf_code *code)
{
    struct x64_seen *seen = code->seen;
    if (!seen)
        return;
    tell_debugger(&seen->entry, JIT_UNREGISTER);
    if (seen->deregister)
        seen->deregister(seen->object.eh_frame);
    if (seen->libgcc)
        dlclose(seen->libgcc);
    ebpf_mem_free(&code->mem, seen, seen->size);
    code->seen = NULL;
}
