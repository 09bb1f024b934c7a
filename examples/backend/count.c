/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The engine's table, and the life of its code. */
#include "count.h"

#include <stdlib.h>
#include <string.h>

static void *standard_resize(void *ctx, void *old, size_t old_size, size_t new_size)
{
    (void)ctx, (void)old_size;
    if (new_size)
        return realloc(old, new_size);
    free(old);
    return NULL;
}

static void count_destroy(struct ebpf_code *code)
{
    if (!code)
        return;
    struct ebpf_mem mem = code->mem;
    void *sizes = (void *)(uintptr_t)code->in.frame_sizes;
    if (sizes)
        mem.resize(mem.ctx, sizes, code->function_count * sizeof(uint32_t), 0);
    ebpf_program_unref((struct ebpf_program *)(uintptr_t)code->in.program);
    mem.resize(mem.ctx, code, sizeof(*code), 0);
}

static ebpf_status count_compile(const struct ebpf_compile *in, struct ebpf_diag *diag,
                                 struct ebpf_code **out)
{
    struct ebpf_mem mem = in->mem ? *in->mem : (struct ebpf_mem){.resize = standard_resize};
    struct ebpf_code *code = mem.resize(mem.ctx, NULL, 0, sizeof(*code));
    (void)diag;
    *out = NULL;
    if (!code)
        return EBPF_ERR_NOMEM;
    memset(code, 0, sizeof(*code));
    code->mem = mem;
    code->in = *in;
    ebpf_program_ref((struct ebpf_program *)(uintptr_t)in->program);
    code->insns = ebpf_program_insns(in->program, &code->insn_count);
    ebpf_program_functions(in->program, &code->function_count);
    size_t size = code->function_count * sizeof(uint32_t);
    uint32_t *sizes = mem.resize(mem.ctx, NULL, 0, size);
    code->in.frame_sizes = sizes;
    if (!sizes) {
        count_destroy(code);
        return EBPF_ERR_NOMEM;
    }
    memcpy(sizes, in->frame_sizes, size);
    *out = code;
    return EBPF_OK;
}

uint64_t count_of(const struct ebpf_code *code, enum ebpf_op op)
{
    return atomic_load_explicit(&code->counts[op], memory_order_relaxed);
}

static ebpf_status count_dump(const struct ebpf_code *code, const struct ebpf_stream *out)
{
    for (unsigned op = 0; op < EBPF_OP_COUNT; op++) {
        char line[80];
        uint64_t count = count_of(code, (enum ebpf_op)op);
        if (count == 0)
            continue;
        int length = snprintf(line, sizeof(line), "%12llu %s\n", (unsigned long long)count,
                              ebpf_op_info((enum ebpf_op)op)->name);
        if (out->write(out->ctx, line, (size_t)length))
            return EBPF_ERR_IO;
    }
    return EBPF_OK;
}

static ebpf_status count_probe(void)
{
    return EBPF_OK;
}

const struct ebpf_backend count_backend = {
    .name = "count",
    .summary = "interpreter that counts what it executes",
    .abi = EBPF_BACKEND_ABI,
    .groups = EBPF_GROUP_ALL,
    .probe = count_probe,
    .compile = count_compile,
    .run = count_run,
    .call = count_call,
    .dump = count_dump,
    .destroy = count_destroy,
};
