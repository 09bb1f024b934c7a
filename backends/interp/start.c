/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The start of a run: what it costs is what a short program costs. */
#include <string.h>

#include "backends/interp/interp.h"

/* The whole run in the reference interpreter. */
static ebpf_status run_plainly(const struct ebpf_code *code, struct ebpf_run *run)
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
        memset(used, 0, SLOT_MIN); /* a store; most programs touch none of it */
    else
        memset(used, 0, size);
}

/* Memory of the run that slots can start with: the used part of the first frame, which is live to
 * the end; or else anything writable. */
static bool find_fallback(struct frame *f)
{
    const struct ebpf_run *run = f->run;
    f->fallback = (struct slot){f->low + f->unused, run->regions[0].size - f->unused};
    for (uint32_t i = 1; i < run->region_count && f->fallback.size < SLOT_MIN; i++)
        if (run->regions[i].writable)
            f->fallback = (struct slot){run->regions[i].base, run->regions[i].size};
    return f->fallback.size >= SLOT_MIN;
}

/* A guess, for all registers: the packet, if there is one, or else the context; for r1, what comes
 * first.  What is wrong costs a miss. */
static void fill_slots(struct slot *slots, const uint8_t *regs, uint32_t count,
                       const struct frame *f, bool store)
{
    const struct ebpf_run *run = f->run;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = regs[i] == 1 ? 1 : 2;
        if (index >= run->region_count)
            index = run->region_count - 1;
        const struct ebpf_region *r = &run->regions[index];
        bool fits = index && r->size >= SLOT_MIN && (r->writable || !store);
        slots[regs[i]] = fits ? (struct slot){r->base, r->size} : f->fallback;
    }
}

ebpf_status interp_run(const struct ebpf_code *code, struct ebpf_run *r)
{
    struct frame f;
    uint64_t longest = (uint64_t)code->count + 1;
    if (r->budget <= longest)
        return run_plainly(code, r);
    f.reg[0] = f.reg[6] = f.reg[7] = f.reg[8] = f.reg[9] = 0;
    for (int i = 0; i < 5; i++)
        f.reg[1 + i] = r->args[i];
    f.units = code->units;
    f.constants = code->constants;
    f.helpers = code->in.env->helpers;
    f.raised = &r->interrupt->raised;
    f.longest = longest;
    f.run = r;
    f.code = code;
    f.top = f.records;
    take_frame(&f);
    if (!find_fallback(&f)) {
        r->regions[0].base += code->functions[0].frame;
        r->regions[0].size -= code->functions[0].frame;
        return run_plainly(code, r);
    }
    fill_slots(f.loads, code->load_regs, code->load_count, &f, false);
    fill_slots(f.stores, code->store_regs, code->store_count, &f, true);
    return interp_start(&f);
}
