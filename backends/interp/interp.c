/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The interpreter's place among the engines. */
#include "backends/registry.h"

#include <string.h>

#include "backends/step.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ir/program.h"

struct ebpf_code {
    struct ebpf_mem mem;
    struct ebpf_compile in;
    uint32_t *frame_sizes; /* of each function */
};

static size_t frame_sizes_bytes(const struct ebpf_program *program)
{
    return program->functions.count * sizeof(uint32_t);
}

static ebpf_status probe(void)
{
    return EBPF_OK;
}

static void destroy(struct ebpf_code *code)
{
    if (!code)
        return;
    struct ebpf_mem mem = code->mem;
    ebpf_mem_free(&mem, code->frame_sizes, frame_sizes_bytes(code->in.program));
    ebpf_program_unref((struct ebpf_program *)(uintptr_t)code->in.program);
    ebpf_mem_free(&mem, code, sizeof(*code));
}

static ebpf_status compile(const struct ebpf_compile *in, struct ebpf_diag *diag,
                           struct ebpf_code **out)
{
    struct ebpf_mem mem = ebpf_mem_or_default(in->mem);
    *out = NULL;
    struct ebpf_code *code = ebpf_mem_zalloc(&mem, 1, sizeof(*code));
    if (!code)
        return EBPF_ERR_NOMEM;
    code->mem = mem;
    code->in = *in;
    ebpf_program_ref((struct ebpf_program *)(uintptr_t)in->program);
    (void)diag;
    code->frame_sizes = ebpf_mem_alloc(&mem, frame_sizes_bytes(in->program));
    if (!code->frame_sizes) {
        destroy(code);
        return EBPF_ERR_NOMEM;
    }
    memcpy(code->frame_sizes, in->frame_sizes, frame_sizes_bytes(in->program));
    code->in.frame_sizes = code->frame_sizes;
    *out = code;
    return EBPF_OK;
}

static ebpf_status run(const struct ebpf_code *code, struct ebpf_run *r)
{
    struct ebpf_step step;
    ebpf_status status = ebpf_step_start(&step, &code->in, r);
    if (!status)
        status = ebpf_step_run(&step);
    if (!status && !r->ended)
        r->result = step.reg[0];
    return status;
}

static ebpf_status dump(const struct ebpf_code *code, const struct ebpf_stream *out)
{
    struct ebpf_out text;
    ebpf_out_init(&text, out);
    ebpf_out_printf(&text, "%u instructions\n", ebpf_program_count(code->in.program));
    return ebpf_out_flush(&text);
}

enum {
    GROUPS = 0
#define EBPF_GROUP(id, name) | EBPF_GROUP_##id
#include "ir/groups.def"
#undef EBPF_GROUP
};

const struct ebpf_backend ebpf_backend_interp = {
    .name = "interp",
    .summary = "portable interpreter",
    .abi = EBPF_BACKEND_ABI,
    .caps = 0,
    .groups = GROUPS,
    .probe = probe,
    .compile = compile,
    .run = run,
    .dump = dump,
    .destroy = destroy,
};
