/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Copies of programs, for passes that rewrite instructions one by one. */
#include <string.h>

#include "ir/program.h"

static bool copy_functions(const struct ebpf_program *from, struct ebpf_program *to)
{
    const struct ebpf_function *f = from->functions.data;
    for (size_t i = 0; i < from->functions.count; i++)
        if (!ebpf_program_add_function(to, f[i].name, f[i].name ? strlen(f[i].name) : 0,
                                       f[i].first))
            return false;
    return true;
}

struct ebpf_program *ebpf_program_clone(const struct ebpf_program *program,
                                        const struct ebpf_mem *mem)
{
    struct ebpf_program *copy = ebpf_program_new(mem);
    size_t count = program->insns.count;
    struct ebpf_insn *insns = copy ? ebpf_vec_push(&copy->insns, count) : NULL;
    if (!insns || !copy_functions(program, copy)) {
        ebpf_program_unref(copy);
        return NULL;
    }
    memcpy(insns, program->insns.data, count * sizeof(*insns));
    for (size_t i = 0; i < count; i++)
        insns[i].loc = 0;
    if (program->maps)
        ebpf_program_set_maps(copy, program->maps);
    return copy;
}
