/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The functions of the compiler's library that programs may call. */
#ifndef FRONTEND_ELF_RUNTIME_H
#define FRONTEND_ELF_RUNTIME_H

#include <stdint.h>

enum { ELF_RUNTIME_COUNT = 4, ELF_RUNTIME_SLOTS = 3 };

struct elf_runtime_function {
    const char *name;
    uint8_t code[8 * ELF_RUNTIME_SLOTS];
};

const struct elf_runtime_function *ebpf_elf_runtime_at(uint32_t index);

/* The index of a function, or ELF_RUNTIME_COUNT. */
uint32_t ebpf_elf_runtime_find(const char *name);

#endif
