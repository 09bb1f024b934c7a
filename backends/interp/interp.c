/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The interpreter as an engine: the life of its code, and a listing of it. */
#include "backends/interp/interp.h"

#include <string.h>

#include "backends/registry.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ir/op.h"
#include "ir/program.h"

static ebpf_status probe(void)
{
    return EBPF_OK;
}

static void destroy(struct ebpf_code *code)
{
    if (!code)
        return;
    struct ebpf_mem mem = code->mem;
    size_t functions = code->in.program->functions.count, units = (size_t)code->count + 1;
    ebpf_mem_free(&mem, code->frame_sizes, functions * sizeof(*code->frame_sizes));
    ebpf_mem_free(&mem, code->functions, functions * sizeof(*code->functions));
    ebpf_mem_free(&mem, code->kinds, units * sizeof(*code->kinds));
    ebpf_mem_free(&mem, code->constants, code->constant_count * sizeof(*code->constants));
    ebpf_program_unref((struct ebpf_program *)(uintptr_t)code->in.program);
    ebpf_mem_free(&mem, code, sizeof(*code) + units * sizeof(*code->units));
}

static uint32_t count_constants(const struct ebpf_program *program)
{
    uint32_t constants = 0;
    for (uint32_t i = 0; i < ebpf_program_count(program); i++)
        constants += ebpf_op_table[ebpf_program_at(program, i)->op].slots == 2;
    return constants;
}

/* All memory that the code needs, none of it filled in. */
static bool allocate(struct ebpf_code *code)
{
    size_t functions = code->in.program->functions.count, units = (size_t)code->count + 1;
    code->frame_sizes = ebpf_mem_zalloc(&code->mem, functions, sizeof(*code->frame_sizes));
    code->functions = ebpf_mem_zalloc(&code->mem, functions, sizeof(*code->functions));
    code->kinds = ebpf_mem_zalloc(&code->mem, units, sizeof(*code->kinds));
    code->constants = ebpf_mem_zalloc(&code->mem, code->constant_count, sizeof(*code->constants));
    return code->frame_sizes && code->functions && code->kinds && code->constants;
}

static ebpf_status compile(const struct ebpf_compile *in, struct ebpf_diag *diag,
                           struct ebpf_code **out)
{
    struct ebpf_mem mem = ebpf_mem_or_default(in->mem);
    *out = NULL;
    if (ebpf_program_count(in->program) == 0)
        return EBPF_ERR_EMPTY;
    size_t units = (size_t)ebpf_program_count(in->program) + 1;
    struct ebpf_code *code =
        ebpf_mem_zalloc(&mem, 1, sizeof(*code) + units * sizeof(*code->units));
    if (!code)
        return EBPF_ERR_NOMEM;
    code->mem = mem;
    code->in = *in;
    ebpf_program_ref((struct ebpf_program *)(uintptr_t)in->program);
    code->count = ebpf_program_count(in->program);
    code->constant_count = count_constants(in->program);
    ebpf_status status = EBPF_ERR_NOMEM;
    if (allocate(code)) {
        memcpy(code->frame_sizes, in->frame_sizes,
               in->program->functions.count * sizeof(*code->frame_sizes));
        code->in.frame_sizes = code->frame_sizes;
        status = interp_compile(code, diag);
    }
    if (status)
        destroy(code);
    else
        *out = code;
    return status;
}

/* What helpers call back is short, and its frames are not those of this interpreter. */
static ebpf_status call(const struct ebpf_code *code, struct ebpf_run *run, uint32_t function)
{
    return ebpf_step_function(&code->in, run, function);
}

static void entry(const struct ebpf_code *code, struct ebpf_entry *out)
{
    *out = (struct ebpf_entry){.executed = (uint64_t)code->longest + 1,
                               .compute = code->only_computes ? interp_compute : NULL};
}

static const char *const kind_names[UNIT_COUNT] = {
#define UNIT(id, way, body, dst, src, oper, width, fx) [UNIT_##id##_##way] = #id "." #way,
#include "backends/interp/units.def"
#undef UNIT
};

/* How many units one function executes. */
static unsigned fused(const struct ebpf_code *code, uint32_t i)
{
    for (unsigned n = 2; n <= FUSED_MAX && n <= code->count - i; n++)
        if (code->units[i].run == interp_fused(&code->kinds[i], n))
            return n;
    return 1;
}

static ebpf_status dump(const struct ebpf_code *code, const struct ebpf_stream *out)
{
    struct ebpf_out text;
    ebpf_out_init(&text, out);
    for (uint32_t i = 0; i < code->count; i++) {
        const struct unit *u = &code->units[i];
        unsigned length = fused(code, i);
        ebpf_out_printf(&text, "%6u  %s", i, kind_names[code->kinds[i]]);
        for (unsigned k = 1; k < length; k++)
            ebpf_out_printf(&text, " + %s", kind_names[code->kinds[i + k]]);
        ebpf_out_printf(&text, "  r%u r%u off %d imm %d\n", u->dst / 8u, u->src / 8u % 16, u->off,
                        u->imm);
    }
    return ebpf_out_flush(&text);
}

const struct ebpf_backend ebpf_backend_interp = {
    .name = "interp",
    .summary = "portable interpreter",
    .abi = EBPF_BACKEND_ABI,
    .caps = 0,
    .groups = EBPF_GROUP_ALL,
    .probe = probe,
    .compile = compile,
    .run = interp_run,
    .call = call,
    .dump = dump,
    .destroy = destroy,
    .entry = entry,
};
