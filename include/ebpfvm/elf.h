/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * ELF objects, as clang and gcc make them for the Linux kernel: what is in them, and programs from
 * them.  Of a library that was built without libelf every call returns EBPF_ERR_UNSUPPORTED. */
#ifndef EBPFVM_ELF_H
#define EBPFVM_ELF_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** How large an object may be, in bytes, unless told otherwise; and all its `.bss` together. */
#define EBPF_ELF_SIZE_MAX 67108864u

/** An undefined function of an object, and the helper that it stands for. */
struct ebpf_elf_extern {
    const char *name; /**< such as "memcpy" */
    uint32_t helper;  /**< id of the helper that is called */
};

/** How an object is opened.  Start with all zero and set `size`. */
struct ebpf_elf_options {
    size_t size;                /**< sizeof(struct ebpf_elf_options) */
    const char *file;           /**< name in reports; NULL is "<object>", or the path */
    const struct ebpf_mem *mem; /**< allocator, or NULL; libelf and libbpf have their own */
    size_t max_size;            /**< bytes; 0 is EBPF_ELF_SIZE_MAX */
    const struct ebpf_elf_extern *externs; /**< what undefined functions are; is copied */
    size_t extern_count;                   /**< how many */
    /** Type information of the machine that CO-RE relocations are for, such as the bytes of
     *  /sys/kernel/btf/vmlinux, or an ELF file with a section .BTF; only read while opening.  NULL
     *  leaves offsets, sizes and numbers as they were compiled. */
    const void *btf;
    size_t btf_size; /**< in bytes */
    /** Values of the variables in section .kconfig, a line NAME=VALUE each, as in the files of
     *  kernels; also LINUX_KERNEL_VERSION=NUMBER.  Weak variables without a line are 0, programs
     *  that use others are refused.  Only read while opening; may be NULL. */
    const char *kconfig;
};

/** What a section is for. */
enum ebpf_elf_use {
    EBPF_ELF_OTHER, /**< nothing: debug information, notes, tables of the object itself */
    EBPF_ELF_CODE,  /**< functions */
    EBPF_ELF_MAPS,  /**< definitions of maps */
    EBPF_ELF_DATA   /**< data that programs may refer to */
};

/** A section. */
struct ebpf_elf_section {
    const char *name;  /**< "" if it has none */
    uint64_t size;     /**< in bytes */
    uint8_t use;       /**< enum ebpf_elf_use */
    uint8_t writable;  /**< whether its flags say that programs write it */
    uint32_t map;      /**< DATA: its index in the table of maps; else EBPF_MAP_NONE */
};

/** A function of an object: each can be loaded as a program. */
struct ebpf_elf_function {
    const char *name;    /**< of its symbol; that of the section if it has none */
    const char *section; /**< name of the section */
    const char *type;    /**< type of program that the section's name says, such as "xdp"; NULL if
                              it says none */
    uint64_t offset;     /**< in the section, in bytes */
    uint64_t size;       /**< in bytes */
    uint8_t is_subprogram; /**< it stands in `.text`: meant to be called by others */
    uint8_t is_local;    /**< its symbol is local to the object */
};

/** A relocation of code. */
struct ebpf_elf_relocation {
    const char *section; /**< name of the section that it changes */
    uint64_t offset;     /**< where, in bytes */
    uint32_t type;       /**< R_BPF_ number, such as 1 for R_BPF_64_64 */
    const char *symbol;  /**< name of the symbol, or of its section */
    uint8_t is_undefined; /**< the symbol is not in this object */
};

/** An open object.  It does not change; programs made from it do not need it.  Any number of
 *  threads may use one. */
struct ebpf_elf;

/**
 * Opens an object in memory.  Every field is checked; what cannot be right is refused with the
 * section, offset or symbol in the report.
 * @param bytes   may have any alignment; is copied
 * @param length  in bytes
 * @param options or NULL
 * @param diag    report, or NULL
 * @param out     the object; set to NULL on failure
 * @return EBPF_OK, EBPF_ERR_NOMEM, EBPF_ERR_OBJECT, EBPF_ERR_MAP_DEF, EBPF_ERR_BTF, EBPF_ERR_LIMIT
 *         if it is too large, EBPF_ERR_INVALID for options that make no sense, or
 *         EBPF_ERR_UNSUPPORTED
 */
EBPF_API ebpf_status ebpf_elf_open(const void *bytes, size_t length,
                                   const struct ebpf_elf_options *options,
                                   struct ebpf_diag *diag, struct ebpf_elf **out);

/** Opens a file, as ebpf_elf_open() does. @return also EBPF_ERR_IO */
EBPF_API ebpf_status ebpf_elf_open_file(const char *path, const struct ebpf_elf_options *options,
                                        struct ebpf_diag *diag, struct ebpf_elf **out);

/** Frees an object.  NULL is allowed. */
EBPF_API void ebpf_elf_close(struct ebpf_elf *elf);

/** The sections in order; the first is the one that ELF reserves. @return the object's */
EBPF_API const struct ebpf_elf_section *ebpf_elf_sections(const struct ebpf_elf *elf,
                                                          uint32_t *count);

/** The functions by section and offset. @return the object's */
EBPF_API const struct ebpf_elf_function *ebpf_elf_functions(const struct ebpf_elf *elf,
                                                            uint32_t *count);

/** The maps and data sections, the table of all its programs. @return the object's */
EBPF_API const struct ebpf_map_decl *ebpf_elf_maps(const struct ebpf_elf *elf, uint32_t *count);

/** How many relocations of code there are. */
EBPF_API uint32_t ebpf_elf_relocation_count(const struct ebpf_elf *elf);

/** A relocation, by section and offset; `index` must be less than the count. */
EBPF_API struct ebpf_elf_relocation ebpf_elf_relocation_at(const struct ebpf_elf *elf,
                                                           uint32_t index);

/** What the section `license` says, or NULL. */
EBPF_API const char *ebpf_elf_license(const struct ebpf_elf *elf);

/**
 * The function that a name chooses: of that name, or the only one of the section of that name;
 * NULL chooses the only one that is no subprogram, or else the only one at all.
 * @param index as ebpf_elf_functions() counts
 * @return EBPF_OK or EBPF_ERR_NOT_FOUND; the report names those that there are
 */
EBPF_API ebpf_status ebpf_elf_find(const struct ebpf_elf *elf, const char *name,
                                   struct ebpf_diag *diag, uint32_t *index);

/**
 * Makes a program of a function and all that it calls or refers to, itself first.  It has the
 * object's table of maps; see ebpf_program_maps() for how instructions refer to that.
 * @param function as ebpf_elf_functions() counts
 * @param diag     report, or NULL; has warnings also on success
 * @param out      the program, one reference to it; set to NULL on failure
 * @return EBPF_OK, EBPF_ERR_NOMEM, EBPF_ERR_RELOCATION, EBPF_ERR_SYMBOL for what is not defined,
 *         EBPF_ERR_UNSUPPORTED, EBPF_ERR_TARGET or EBPF_ERR_CROSS_JUMP for a call or jump that
 *         leads nowhere, or EBPF_ERR_TOO_LONG
 */
EBPF_API ebpf_status ebpf_elf_load(const struct ebpf_elf *elf, uint32_t function,
                                   struct ebpf_diag *diag, struct ebpf_program **out);

EBPF_END_DECLS

#endif
