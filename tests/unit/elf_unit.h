/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The objects of tests/objects as bytes, and programs from them. */
#ifndef TESTS_ELF_UNIT_H
#define TESTS_ELF_UNIT_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <ebpfvm/elf.h>

#include "tests/unit/unit.h"

struct bytes {
    uint8_t data[20480];
    size_t size;
};

static inline void object_path(char *path, size_t size, const char *name)
{
    const char *top = getenv("top_srcdir");
    snprintf(path, size, "%s/tests/objects/%s.o", top ? top : ".", name);
}

static inline struct bytes read_object(const char *name)
{
    struct bytes bytes;
    char path[300];
    object_path(path, sizeof(path), name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    bytes.size = fread(bytes.data, 1, sizeof(bytes.data), file);
    ck_assert_uint_lt(bytes.size, sizeof(bytes.data));
    fclose(file);
    return bytes;
}

static inline struct ebpf_elf *open_object(const char *name)
{
    struct ebpf_elf *elf;
    char path[300];
    object_path(path, sizeof(path), name);
    ck_assert_int_eq(ebpf_elf_open_file(path, NULL, NULL, &elf), EBPF_OK);
    return elf;
}

/* A program that must load, by the name of its function or section. */
static inline struct ebpf_program *load_function(const struct ebpf_elf *elf, const char *name)
{
    uint32_t function;
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_elf_find(elf, name, NULL, &function), EBPF_OK);
    ck_assert_int_eq(ebpf_elf_load(elf, function, NULL, &program), EBPF_OK);
    return program;
}

#endif
