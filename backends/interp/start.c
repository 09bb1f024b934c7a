/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The start of a run: what it costs is what a short program costs. */
#include <string.h>

#include "backends/interp/thread.h"

/* The whole run in the reference interpreter. */
COLD ebpf_status run_plainly(const struct ebpf_code *code, struct ebpf_run *run)
{
    struct ebpf_step step;
    ebpf_status status = ebpf_step_start(&step, &code->in, run);
    if (!status)
        status = ebpf_step_run(&step);
    if (!status && !run->ended)
        run->result = step.reg[0];
    return status;
}

/* Takes the frame of the first function. */
static void take_frame(struct frame *f)
{
    const struct function *function = &f->code->functions[0];
    struct ebpf_region *live = &f->run->regions[0];
    f->reg[EBPF_REG_FP] = live->base;
    live->base -= function->frame;
    live->size += function->frame;
    f->low = live->base;
    f->unused = function->unused;
    f->uncleared = function->unused != 0;
    uint64_t size = function->frame - function->unused;
    void *used = (void *)(uintptr_t)(f->low + f->unused);
    if (size == SLOT_MIN)
        memset(used, 0, SLOT_MIN); /* no call, but a store */
    else if (size)
        memset(used, 0, size);
}

/* Memory of the run that slots can start with: the used part of the first frame, which is live to
 * the end; or else anything writable. */
static bool find_fallback(struct frame *f)
{
    const struct ebpf_run *run = f->run;
    if (f->code->in.policy == EBPF_POLICY_TRUSTED) {
        f->fallback = (struct slot){0, UINT64_MAX};
        return true;
    }
    f->fallback = (struct slot){f->low + f->unused, run->regions[0].size - f->unused};
    for (uint32_t i = 1; i < run->region_count && f->fallback.size < SLOT_MIN; i++)
        if (run->regions[i].writable)
            f->fallback = (struct slot){run->regions[i].base, run->regions[i].size};
    return f->fallback.size >= SLOT_MIN;
}

/* A guess, for all registers: the packet, if there is one, or else the context; for r1, what comes
 * first.  What is wrong costs a miss. */
static struct slot guess(const struct frame *f, unsigned reg, bool store)
{
    const struct ebpf_run *run = f->run;
    uint32_t index = reg == 1 ? 1 : 2;
    if (index >= run->region_count)
        index = run->region_count - 1;
    const struct ebpf_region *r = &run->regions[index];
    bool fits = index && r->size >= SLOT_MIN && (r->writable || !store) && f->fallback.base;
    return fits ? (struct slot){r->base, r->size} : f->fallback;
}

static bool fill_slots(struct frame *f)
{
    const struct ebpf_code *code = f->code;
    if (!find_fallback(f))
        return false;
    for (uint32_t i = 0; i < code->load_count; i++)
        f->loads[code->load_regs[i]] = guess(f, code->load_regs[i], false);
    for (uint32_t i = 0; i < code->store_count; i++)
        f->stores[code->store_regs[i]] = guess(f, code->store_regs[i], true);
    return true;
}

static ebpf_status thread(struct frame *f)
{
    uint64_t limit = f->run->budget, acc = 0;
    const struct unit *u = f->units;
#if TAIL_CALLS
    return u->run(PASS);
#else
    ebpf_status status;
    while ((status = u->run(PASS)) == (ebpf_status)GO_ON)
        u = f->at, limit = f->limit, acc = f->acc;
    return status;
#endif
}

ebpf_status interp_run(const struct ebpf_code *code, struct ebpf_run *r)
{
    struct frame f;
    uint64_t longest = (uint64_t)code->count + 1;
    if (!LIKELY(r->budget > longest))
        return run_plainly(code, r);
    f.reg[0] = 0;
    memset(&f.reg[6], 0, 4 * sizeof(f.reg[6]));
    f.reg[1] = r->args[0];
    f.reg[2] = r->args[1];
    f.reg[3] = r->args[2];
    f.reg[4] = r->args[3];
    f.reg[5] = r->args[4];
    f.units = code->units;
    f.raised = &r->interrupt->raised;
    f.longest = longest;
    f.run = r;
    f.code = code;
    f.top = f.records;
    take_frame(&f);
    if (code->load_count + code->store_count && !fill_slots(&f)) {
        r->regions[0].base += code->functions[0].frame;
        r->regions[0].size -= code->functions[0].frame;
        return run_plainly(code, r);
    }
    return thread(&f);
}
