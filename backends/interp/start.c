/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The start of a run: what it costs is what a short program costs. */
#include <string.h>

#include "backends/interp/thread.h"

/* Groups of registers, as bits. */
enum { FIRST_ARGS = 0x6, OTHER_ARGS = 0x38, SAVED = 0x3c0 };

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
    const struct function *first = &f->code->first;
    struct ebpf_region *live = &f->run->regions[0];
    f->reg[EBPF_REG_FP] = live->base;
    live->base -= first->frame;
    live->size = first->frame;
    f->clearing = first->clearing;
}

/* Of the first frame, what its function touches. */
static void clear_used(struct frame *f)
{
    uint64_t size = f->code->first.used;
    void *used = (void *)(uintptr_t)(f->reg[EBPF_REG_FP] - size);
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
    const struct function *first = &f->code->first;
    f->fallback = (struct slot){run->regions[0].base + first->clearing.unused, first->used};
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
    const struct unit *u = f->code->units;
#if TAIL_CALLS
    return u->run(PASS);
#else
    ebpf_status status;
    while ((status = u->run(PASS)) == (ebpf_status)GO_ON)
        u = f->at, limit = f->limit, acc = f->acc;
    return status;
#endif
}

/* Sets the registers that the program may read before it writes them. */
static void set_registers(struct frame *f, uint16_t live, const uint64_t args[5])
{
    if (live & FIRST_ARGS) {
        f->reg[1] = args[0];
        f->reg[2] = args[1];
    }
    if (live & OTHER_ARGS) {
        f->reg[3] = args[2];
        f->reg[4] = args[3];
        f->reg[5] = args[4];
    }
    if (live & SAVED)
        memset(&f->reg[6], 0, 4 * sizeof(f->reg[6]));
    if (live & 1)
        f->reg[0] = 0;
}

/* What some programs need; false if there is no memory that slots can start with. */
static __attribute__((noinline)) bool set_up(struct frame *f)
{
    const struct ebpf_code *code = f->code;
    set_registers(f, code->live, f->run->args);
    f->raised = &f->run->interrupt->raised;
    clear_used(f);
    return code->load_count + code->store_count == 0 || fill_slots(f);
}

ebpf_status interp_run(const struct ebpf_code *code, struct ebpf_run *r)
{
    struct frame f;
    if (!LIKELY(r->budget > code->longest))
        return run_plainly(code, r);
    f.run = r;
    f.code = code;
    f.top = f.records;
    take_frame(&f);
    if (code->set_up && !set_up(&f)) {
        r->regions[0].base += code->first.frame;
        r->regions[0].size = 0;
        return run_plainly(code, r);
    }
    return thread(&f);
}
