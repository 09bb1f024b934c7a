/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program of somebody else, in the common part of C and C++: prints the library's version. */
#include <ebpfvm/ebpfvm.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    /* mov64 r0, 42; exit */
    static const unsigned char bytes[] = {0xb7, 0, 0, 0, 42, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0};
    struct ebpf_program *program;
    unsigned char copy[sizeof(bytes)];

    if (strcmp(ebpf_version(), EBPFVM_VERSION) != 0)
        return 1;
    if (ebpf_program_decode(bytes, sizeof(bytes), NULL, NULL, NULL, &program) != EBPF_OK)
        return 2;
    if (ebpf_program_encode(program, copy, sizeof(copy)) != EBPF_OK ||
        memcmp(bytes, copy, sizeof(bytes)) != 0)
        return 3;
    ebpf_program_unref(program);
    puts(ebpf_version());
    return 0;
}
