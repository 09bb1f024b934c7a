/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The x86_64 engine's place among the engines. */
#include "backends/x86_64/x86_64.h"

#include <string.h>

#include "backends/x86_64/lower.h"
#include "base/mem.h"

static ebpf_status probe(void)
{
    return EBPF_OK;
}

static void destroy(struct ebpf_code *code)
{
    if (!code)
        return;
    struct ebpf_mem mem = code->mem;
    const struct ebpf_program *program = code->in.program;
    x64_forget_gdb(code);
    ebpf_exec_memory_free(&code->memory);
    ebpf_vec_free(&code->checks);
    ebpf_vec_free(&code->sites);
    ebpf_vec_free(&code->tables);
    ebpf_mem_free(&mem, code->offsets, code->offsets_size);
    ebpf_mem_free(&mem, code->frame_sizes, program->functions.count * sizeof(uint32_t));
    ebpf_mem_free(&mem, code->activations,
                  program->functions.count * sizeof(*code->activations));
    ebpf_program_unref((struct ebpf_program *)(uintptr_t)program);
    ebpf_mem_free(&mem, code, sizeof(*code));
}

/* Code that keeps what it was compiled from, but has no code yet. */
static struct ebpf_code *code_new(const struct ebpf_compile *in)
{
    struct ebpf_mem mem = ebpf_mem_or_default(in->mem);
    size_t size = in->program->functions.count * sizeof(uint32_t);
    struct ebpf_code *code = ebpf_mem_zalloc(&mem, 1, sizeof(*code));
    if (!code)
        return NULL;
    code->mem = mem;
    code->in = *in;
    ebpf_program_ref((struct ebpf_program *)(uintptr_t)in->program);
    ebpf_vec_init(&code->checks, &mem, sizeof(struct x64_check));
    ebpf_vec_init(&code->sites, &mem, sizeof(struct x64_site));
    ebpf_vec_init(&code->tables, &mem, sizeof(struct x64_table));
    code->frame_sizes = ebpf_mem_alloc(&mem, size);
    code->activations =
        ebpf_mem_zalloc(&mem, in->program->functions.count, sizeof(*code->activations));
    if (!code->frame_sizes || !code->activations) {
        destroy(code);
        return NULL;
    }
    memcpy(code->frame_sizes, in->frame_sizes, size);
    code->in.frame_sizes = code->frame_sizes;
    return code;
}

/* What the host must do before and after the code runs. */
static void describe_run(struct ebpf_code *code, const struct x64_plan *plan)
{
    const struct ebpf_compile *in = &code->in;
    const struct x64_block *first = x64_block_at(plan, 0);
    bool host_charges = !(plan->flags[0] & X64_HEAD) && !plan->has_local_calls;
    code->plain = !plan->needs_frame;
    code->starts = !plan->needs_run && in->frame_sizes[0] <= X64_START_FRAME;
    code->counts = plan->counts;
    code->starting.thunk = plan->counts ? x64_thunk_counting : x64_thunk;
    bool whole = plan->has_local_calls || in->code.flags & EBPF_CODE_GDB;
    code->enter = whole ? x64_enter_whole : plan->uses_fp ? x64_enter_stack : x64_enter;
    code->uses_fp = plan->uses_fp;
    code->has_local_calls = plan->has_local_calls;
    code->starting.reserve = plan->reserve;
    code->first_charge = host_charges ? first->total : 0;
    code->first_need = host_charges ? first->total + plan->reserve : 0;
    code->starting.first_paid = code->starting.reserve + (int64_t)code->first_charge;
    code->starting.first_slice = (uint64_t)code->first_need + X64_SLICE;
    code->first_frame = in->frame_sizes[0];
    code->starting.zeroed = plan->zeroed;
    code->frames_differ = plan->frames_differ;
    code->is_lazy = plan->has_local_calls && !plan->fp_escapes;
    code->starting.starts_whole =
        code->has_local_calls ? !code->is_lazy : code->starting.zeroed == code->first_frame;
    uint64_t frames = plan->frames_differ || !code->first_frame
                          ? UINT32_MAX
                          : in->stack_size / code->first_frame;
    code->max_nested = (frames < in->max_depth ? (uint32_t)frames : in->max_depth) - 1;
}

enum { SHUFFLE_LINES = 16, LINE = 64 };

static ebpf_status find_memory(struct ebpf_code *code, size_t size)
{
    const struct ebpf_compile *in = &code->in;
    if (in->exec_memory)
        return ebpf_exec_memory_take(&code->memory, size, in->exec_memory, in->exec_size);
    if (in->code.flags & EBPF_CODE_SEALED)
        return ebpf_exec_memory_new(&code->memory, size);
    return ebpf_exec_memory_share(&code->memory, size);
}

/* Puts finished code where it can run, `skip` bytes into its memory. */
static ebpf_status place_code(struct ebpf_code *code, struct x64_emit *e, size_t skip,
                              struct ebpf_diag *diag)
{
    size_t size = x64_finish(e) + skip;
    if (e->status)
        return e->status;
    const struct ebpf_compile *in = &code->in;
    ebpf_status status = find_memory(code, size);
    if (status == EBPF_ERR_LIMIT)
        ebpf_program_report(in->program, diag, EBPF_SEVERITY_ERROR, status, EBPF_TARGET_NONE,
                            "give more memory, or none and let the library find it",
                            "the machine code has %zu bytes, the memory for it %zu", size,
                            in->exec_size);
    if (status)
        return status;
    memset(code->memory.write, 0xcc, skip); /* traps */
    x64_write(e, code->memory.write + skip);
    code->starting.text = code->memory.code + skip;
    code->text_size = (uint32_t)(size - skip);
    status = ebpf_exec_memory_seal(&code->memory);
    if (status)
        ebpf_program_report(in->program, diag, EBPF_SEVERITY_ERROR, status, EBPF_TARGET_NONE,
                            "use the interpreter, or ask for the right to make code executable",
                            "the system forbids executable memory");
    return status;
}

/* Keeps where the code of each instruction is, and where sites go on: no labels any more. */
static ebpf_status keep_offsets(struct ebpf_code *code, const struct x64_lower *l)
{
    size_t size = l->count * sizeof(uint32_t);
    code->offsets = ebpf_mem_alloc(&code->mem, size);
    if (!code->offsets)
        return EBPF_ERR_NOMEM;
    code->offsets_size = size;
    for (uint32_t i = 0; i < l->count; i++)
        code->offsets[i] = x64_position(&l->e, i);
    struct x64_site *sites = code->sites.data;
    for (size_t i = 0; i < code->sites.count; i++) {
        sites[i].behind = x64_position(&l->e, sites[i].behind);
        sites[i].resume = x64_position(&l->e, sites[i].resume);
        sites[i].epilogue = x64_position(&l->e, sites[i].epilogue);
    }
    struct x64_table *tables = code->tables.data;
    for (size_t i = 0; i < code->tables.count; i++) {
        tables[i].start = x64_position(&l->e, tables[i].start);
        tables[i].end = x64_position(&l->e, tables[i].end);
    }
    code->unwind = x64_position(&l->e, l->unwind);
    return EBPF_OK;
}

/* Room for what most programs need, so that it need not grow. */
static void reserve_room(struct x64_lower *l)
{
    size_t count = l->count, functions = l->in->program->functions.count;
    size_t labels = count + count / 4 + 8 * functions + 32;
    if (!ebpf_vec_reserve(&l->e.code, 8 * count + 48 * functions + 768) ||
        !ebpf_vec_reserve(&l->e.labels, labels) ||
        !ebpf_vec_reserve(&l->e.fixups, count / 4 + 8 * functions + 32) ||
        !ebpf_vec_reserve(&l->stubs, count / 8 + 16) ||
        !ebpf_vec_reserve(&l->code->sites, count / 8 + 2 * functions + 16))
        l->e.status = EBPF_ERR_NOMEM;
}

/* Lets others see the code, if that is wanted. */
static ebpf_status announce(struct ebpf_code *code, struct x64_lower *l)
{
    struct x64_unwind *u = &l->unwind_info;
    x64_tell_perf(code);
    for (uint32_t i = 0; i < u->count; i++)
        u->at[i] = x64_position(&l->e, u->at[i]);
    u->body = x64_position(&l->e, u->body);
    return x64_tell_gdb(code, u);
}

static ebpf_status generate(struct ebpf_code *code, unsigned features, struct ebpf_diag *diag)
{
    struct x64_lower l = {.code = code, .in = &code->in, .features = features,
                          .random = code->in.seed, .count = ebpf_program_count(code->in.program)};
    if (code->in.code.flags & EBPF_CODE_MASKED)
        code->in.facts = NULL; /* proofs rely on branches, which speculation does not heed */
    x64_emit_init(&l.e, &code->mem);
    ebpf_vec_init(&l.stubs, &code->mem, sizeof(struct x64_stub));
    ebpf_status status = x64_plan_make(&l.plan, &code->in);
    if (!status) {
        describe_run(code, &l.plan);
        reserve_room(&l);
        x64_lower_program(&l);
        size_t skip = code->in.code.flags & EBPF_CODE_SHUFFLED
                          ? x64_random(&l) % SHUFFLE_LINES * LINE : 0;
        status = place_code(code, &l.e, skip, diag);
    }
    if (!status)
        status = keep_offsets(code, &l);
    if (!status && code->in.code.flags)
        status = announce(code, &l);
    code->in.facts = NULL; /* they are gone from now on */
    code->checks = l.plan.checks;
    ebpf_vec_init(&l.plan.checks, &code->mem, sizeof(struct x64_check));
    x64_plan_free(&l.plan);
    ebpf_vec_free(&l.stubs);
    x64_emit_free(&l.e);
    return status;
}

ebpf_status x64_compile_for(const struct ebpf_compile *in, unsigned features,
                            struct ebpf_diag *diag, struct ebpf_code **out)
{
    *out = NULL;
    struct ebpf_code *code = code_new(in);
    ebpf_status status = code ? generate(code, features, diag) : EBPF_ERR_NOMEM;
    if (status)
        destroy(code);
    else
        *out = code;
    return status;
}

static ebpf_status compile(const struct ebpf_compile *in, struct ebpf_diag *diag,
                           struct ebpf_code **out)
{
    unsigned allowed = ~0u;
    *out = NULL;
    if (!in->code.cpu || x64_cpu_parse(in->code.cpu, &allowed))
        return x64_compile_for(in, x64_cpu_features() & allowed, diag, out);
    const struct ebpf_diag_entry entry = {.status = EBPF_ERR_INVALID, .pc = EBPF_PC_NONE,
                                          .advice = "all, none, or some of bmi2, movbe"};
    ebpf_diag_add(diag, &entry, "unknown feature of the CPU in \"%.60s\"", in->code.cpu);
    return EBPF_ERR_INVALID;
}

static size_t code_size(const struct ebpf_code *code)
{
    return code->text_size;
}

static void entry(const struct ebpf_code *code, struct ebpf_entry *out)
{
    *out = (struct ebpf_entry){.executed = (uint64_t)code->first_need};
    if (code->in.as_burst)
        memcpy(&out->burst, &(void *){code->starting.text}, sizeof(out->burst));
    else if (!code->plain)
        out->start = code->starts ? x64_start : NULL;
    else if (code->counts)
        memcpy(&out->count, &(void *){code->starting.text}, sizeof(out->count));
    else
        memcpy(&out->call, &(void *){code->starting.text}, sizeof(out->call));
}

const struct ebpf_backend ebpf_backend_x86_64 = {
    .name = "x86_64",
    .summary = "compiler to machine code for x86_64",
    .abi = EBPF_BACKEND_ABI,
    .caps = EBPF_BACKEND_NATIVE,
    .groups = EBPF_GROUP_ALL,
    .probe = probe,
    .compile = compile,
    .run = x64_run,
    .call = x64_call_function,
    .dump = x64_dump,
    .destroy = destroy,
    .code_size = code_size,
    .entry = entry,
};
