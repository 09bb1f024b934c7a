/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Functions that gcc calls where eBPF, up to its version 3, has no instruction, and expects from
 * its library, which nobody has: they become part of the program, as if the object had them. */
#include <string.h>

#include "frontend/elf/runtime.h"

#define MOV_R0_R1 0xbf, 0x10, 0, 0, 0, 0, 0, 0
#define BSWAP_R0(bits) 0xd7, 0x00, 0, 0, bits, 0, 0, 0
#define SDIV_R0_R2 0x3f, 0x20, 1, 0, 0, 0, 0, 0
#define SMOD_R0_R2 0x9f, 0x20, 1, 0, 0, 0, 0, 0
#define EXIT 0x95, 0x00, 0, 0, 0, 0, 0, 0

static const struct elf_runtime_function functions[ELF_RUNTIME_COUNT] = {
    {"__bswapsi2", {MOV_R0_R1, BSWAP_R0(32), EXIT}},
    {"__bswapdi2", {MOV_R0_R1, BSWAP_R0(64), EXIT}},
    {"__divdi3", {MOV_R0_R1, SDIV_R0_R2, EXIT}},
    {"__moddi3", {MOV_R0_R1, SMOD_R0_R2, EXIT}},
};

const struct elf_runtime_function *ebpf_elf_runtime_at(uint32_t index)
{
    return &functions[index];
}

uint32_t ebpf_elf_runtime_find(const char *name)
{
    uint32_t index = 0;
    while (index < ELF_RUNTIME_COUNT && strcmp(functions[index].name, name) != 0)
        index++;
    return index;
}
