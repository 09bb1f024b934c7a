/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tests/unit/fact_engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/step.h"
#include "ir/op.h"
#include "ir/program.h"
#include "tests/unit/contain.h"

/* Values are looked at before so many instructions of a run, if it may have at least WHOLE: runs
 * that are stopped after each instruction show nothing new, nor do loops in the end. */
enum { WHOLE = 1000, LOOKED_AT = 20000 };

struct ebpf_code {
    struct ebpf_compile in;
    struct ebpf_fact *facts; /* NULL if there are none */
    struct contain *known;   /* what was known before each instruction, or NULL */
};

/* A run that is watched. */
struct watch {
    const struct ebpf_code *code;
    uint32_t jump, depth; /* the conditional jump that was executed last, and its depth */
    uint32_t left; /* before so many instructions more values are looked at */
    struct contain_frames frames;
    char wrong[EBPF_FAULT_MESSAGE];
};

/* The run, or run within a run, that is watched now: functions that helpers call are part of it. */
static _Thread_local struct watch *innermost;

static unsigned long long looked_at;

unsigned long long fact_engine_looked_at(void)
{
    return looked_at;
}

static void complain(struct watch *w, uint32_t insn, const char *what)
{
    if (!w->wrong[0])
        snprintf(w->wrong, sizeof(w->wrong), "insn #%u: %s", (unsigned)insn, what);
}

static void look_at_jump(struct watch *w, const struct ebpf_step *s)
{
    uint32_t jump = w->jump;
    w->jump = EBPF_TARGET_NONE;
    if (jump == EBPF_TARGET_NONE || w->depth != s->depth)
        return;
    const struct ebpf_insn *insn = ebpf_program_at(w->code->in.program, jump);
    uint8_t flags = w->code->facts[jump].flags;
    if (insn->target == jump + 1)
        return;
    if (s->insn == insn->target && !(flags & EBPF_FACT_TAKEN))
        complain(w, jump, "is taken, though proven not to be");
    if (s->insn == jump + 1 && !(flags & EBPF_FACT_NOT_TAKEN))
        complain(w, jump, "is not taken, though proven to be");
}

static void look_at_access(struct watch *w, const struct ebpf_step *s,
                           const struct ebpf_insn *insn, const struct ebpf_fact *fact)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    bool stores = info->effects & EBPF_FX_STORE;
    uint64_t address = s->reg[stores ? insn->dst : insn->src] + (uint64_t)insn->off;
    struct ebpf_region region;
    if (!ebpf_fact_is_proven(fact))
        return;
    if (!ebpf_run_find(s->run, address, info->width / 8u, stores, &region)) {
        complain(w, s->insn, "would fault, though proven not to");
        return;
    }
    /* Values of arrays stand among the memory of all runs. */
    uint8_t kinds = (uint8_t)(1u << region.kind);
    if (region.kind == EBPF_REGION_USER)
        kinds |= 1u << EBPF_REGION_MAP;
    if (!(fact->regions & kinds))
        complain(w, s->insn, "accesses other memory than proven");
}

static void look_at_values(struct watch *w, const struct ebpf_step *s)
{
    char text[EBPF_FAULT_MESSAGE - 24];
    if (!w->left || !w->code->known || s->depth >= CONTAIN_FRAMES)
        return;
    w->left--;
    w->frames.tops[s->depth] = s->reg[EBPF_REG_FP];
    if (!contain_fits(w->code->known, s, &w->frames, text, sizeof(text)))
        complain(w, s->insn, text);
}

static void look(const struct ebpf_step *s, void *ctx)
{
    struct watch *w = ctx;
    const struct ebpf_insn *insn = ebpf_program_at(w->code->in.program, s->insn);
    const struct ebpf_fact *fact = &w->code->facts[s->insn];
    uint16_t fx = ebpf_op_table[insn->op].effects;
    looked_at++;
    look_at_jump(w, s);
    look_at_values(w, s);
    if (!(fact->flags & EBPF_FACT_REACHED))
        complain(w, s->insn, "is reached, though proven not to be");
    if (fx & (EBPF_FX_LOAD | EBPF_FX_STORE) && !(fx & EBPF_FX_PACKET))
        look_at_access(w, s, insn, fact);
    if (fx & EBPF_FX_JUMP && !(fx & EBPF_FX_TERMINATOR)) {
        w->jump = s->insn;
        w->depth = s->depth;
    }
}

static struct watch start(const struct ebpf_code *code, const struct ebpf_run *run)
{
    return (struct watch){.code = code, .jump = EBPF_TARGET_NONE, .frames.first = run->depth,
                          .left = run->budget >= WHOLE ? LOOKED_AT : 0};
}

/* Goes on from where a step was started. */
static ebpf_status go_on(struct watch *w, struct ebpf_step *step)
{
    struct watch *outer = innermost;
    struct ebpf_run *run = step->run;
    innermost = w;
    if (w->code->facts)
        ebpf_step_watch(step, look, w);
    ebpf_status status = ebpf_step_run(step);
    innermost = outer;
    if (!status && !run->ended)
        run->result = step->reg[0];
    if (w->wrong[0]) {
        status = ebpf_run_fault(run, EBPF_ERR_ILLEGAL, step->insn, 0);
        memcpy(run->fault.message, w->wrong, sizeof(w->wrong));
        fprintf(stderr, "%s\n", w->wrong);
    }
    return status;
}

static ebpf_status run(const struct ebpf_code *code, struct ebpf_run *run)
{
    struct watch w = start(code, run);
    struct ebpf_step step;
    ebpf_status status = ebpf_step_start(&step, &code->in, run);
    return status ? status : go_on(&w, &step);
}

/* Of functions that are called by what is not proven, nothing is. */
static bool is_followed(const struct ebpf_code *code, uint32_t function)
{
    uint32_t count;
    const struct ebpf_function *f = ebpf_program_functions(code->in.program, &count) + function;
    return code->facts && code->facts[f->first].flags & EBPF_FACT_REACHED;
}

/* A function that a helper calls, or all of another program in the place of a function. */
static ebpf_status call(const struct ebpf_code *code, struct ebpf_run *run, uint32_t function)
{
    struct watch other = start(code, run), *w = &other;
    uint64_t low = run->stack_low;
    struct ebpf_step step;
    if (!is_followed(code, function))
        return ebpf_step_function(&code->in, run, function);
    if (innermost && innermost->code == code && run->depth > innermost->frames.first && function)
        w = innermost;
    ebpf_status status = ebpf_step_enter(&step, &code->in, run, function);
    if (status)
        return status;
    w->jump = EBPF_TARGET_NONE;
    status = go_on(w, &step);
    w->jump = EBPF_TARGET_NONE;
    run->stack_low = low;
    return status;
}

static void destroy(struct ebpf_code *code)
{
    if (!code)
        return;
    ebpf_program_unref((struct ebpf_program *)(uintptr_t)code->in.program);
    free((void *)(uintptr_t)code->in.frame_sizes);
    free(code->facts);
    contain_free(code->known);
    free(code);
}

static void *copy(const void *from, size_t size)
{
    void *to = malloc(size);
    if (to)
        memcpy(to, from, size);
    return to;
}

static ebpf_status compile(const struct ebpf_compile *in, struct ebpf_diag *diag,
                           struct ebpf_code **out)
{
    struct ebpf_code *code = calloc(1, sizeof(*code));
    uint32_t functions;
    (void)diag;
    *out = NULL;
    if (!code)
        return EBPF_ERR_NOMEM;
    code->in = *in;
    ebpf_program_ref((struct ebpf_program *)(uintptr_t)in->program);
    ebpf_program_functions(in->program, &functions);
    code->in.frame_sizes = copy(in->frame_sizes, functions * sizeof(*in->frame_sizes));
    if (in->facts)
        code->facts =
            copy(in->facts, ebpf_program_count(in->program) * sizeof(*in->facts));
    code->in.facts = NULL;
    code->known = contain_take(in->program);
    if (!code->in.frame_sizes || (in->facts && !code->facts)) {
        destroy(code);
        return EBPF_ERR_NOMEM;
    }
    *out = code;
    return EBPF_OK;
}

static ebpf_status probe(void)
{
    return EBPF_OK;
}

static ebpf_status dump(const struct ebpf_code *code, const struct ebpf_stream *out)
{
    (void)code, (void)out;
    return EBPF_ERR_UNSUPPORTED;
}

const struct ebpf_backend fact_engine = {
    .name = "facts",
    .summary = "looks whether what was proven is true",
    .abi = EBPF_BACKEND_ABI,
    .groups = EBPF_GROUP_ALL,
    .probe = probe,
    .compile = compile,
    .run = run,
    .call = call,
    .dump = dump,
    .destroy = destroy};
