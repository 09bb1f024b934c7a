/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One program in three forms: assembly, calls of the builder, bytecode.  The bytes are the same. */
#include "example.h"

static struct ebpf_program *build(void)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    struct ebpf_label out = ebpf_label_new(b, NULL);
    struct ebpf_program *program;
    ebpf_build_mov64_imm(b, EBPF_R0, 0);
    ebpf_build_jne64_imm(b, EBPF_R2, 4, out);
    ebpf_build_ldxw(b, EBPF_R0, EBPF_R1, 0);
    ebpf_label_bind(b, out);
    ebpf_build_exit(b);
    expect(ebpf_builder_finish(b, NULL, &program), "building", NULL);
    ebpf_builder_free(b);
    return program;
}

int main(void)
{
    static const char text[] = "mov r0, 0\n"
                               "jne r2, 4, out\n"
                               "ldxw r0, [r1]\n"
                               "out: exit\n";
    struct ebpf_program *programs[2] = {NULL, build()};
    unsigned char bytes[2][32];
    expect(ebpf_assemble(text, strlen(text), NULL, NULL, &programs[0]), "assembling", NULL);
    for (int i = 0; i < 2; i++) {
        if (ebpf_program_size(programs[i]) != sizeof(bytes[i]))
            return EXIT_FAILURE;
        expect(ebpf_program_encode(programs[i], bytes[i], sizeof(bytes[i])), "encoding", NULL);
        ebpf_program_unref(programs[i]);
    }
    printf("%s\n", memcmp(bytes[0], bytes[1], sizeof(bytes[0])) ? "different" : "the same bytes");
    return memcmp(bytes[0], bytes[1], sizeof(bytes[0])) ? EXIT_FAILURE : 0;
}
