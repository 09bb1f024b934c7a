/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The start of a run: what it costs is what a short program costs. */
#include <string.h>

#include "backends/interp/bodies.h"

/* Groups of registers, as bits. */
enum { FIRST_ARGS = 0x6, OTHER_ARGS = 0x38, SAVED = 0x3c0 };

/* Takes the frame of the first function. */
static void take_frame(struct frame *f)
{
    const struct function *first = &f->code->first;
    f->reg[EBPF_REG_FP] = f->run->stack_end;
    f->run->stack_low = f->run->stack_end - first->frame;
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
    f->fallback = (struct slot){run->stack_end - first->used, first->used};
    if (f->fallback.size < SLOT_MIN)
        f->fallback = (struct slot){run->context, run->context_size};
    if (f->fallback.size < SLOT_MIN)
        f->fallback = (struct slot){(uintptr_t)run->packet, run->packet_size};
    return f->fallback.size >= SLOT_MIN;
}

/* A guess, for all registers: the packet, if there is one, or else the context; for r1, the other
 * way round.  What is wrong costs a miss. */
static void fill_slots(struct slot *slots, const uint8_t *regs, uint32_t count,
                       const struct frame *f)
{
    const struct ebpf_run *run = f->run;
    struct slot context = {run->context, run->context_size};
    struct slot packet = {(uintptr_t)run->packet, run->packet_size};
    struct slot first = context, other = packet;
    if (context.size < SLOT_MIN)
        first = packet;
    if (packet.size < SLOT_MIN)
        other = context;
    if (first.size < SLOT_MIN || f->fallback.base == 0)
        first = other = f->fallback;
    for (uint32_t i = 0; i < count; i++)
        slots[regs[i]] = regs[i] == 1 ? first : other;
}

bool interp_guess_slots(struct frame *f)
{
    const struct ebpf_code *code = f->code;
    if (code->load_count + code->store_count == 0)
        return true;
    if (!find_fallback(f))
        return false;
    fill_slots(f->loads, code->load_regs, code->load_count, f);
    fill_slots(f->stores, code->store_regs, code->store_count, f);
    return true;
}

static ebpf_status thread(const struct unit *u, struct frame *f, uint64_t limit)
{
    uint64_t acc = 0;
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
    return interp_guess_slots(f);
}

struct ebpf_counted interp_compute(const struct ebpf_code *code, uint64_t r1, uint64_t r2)
{
    struct ebpf_run run; /* of which such code sees the budget and the result */
    struct frame f;
    f.run = &run;
    f.code = code;
    f.top = f.records;
    if (code->live)
        set_registers(&f, code->live, (const uint64_t[5]){r1, r2, 0, 0, 0});
    thread(code->units, &f, UINT64_MAX); /* wraps around, as do differences to it */
    return (struct ebpf_counted){run.result, run.budget};
}

ebpf_status interp_run(const struct ebpf_code *code, struct ebpf_run *r)
{
    struct frame f;
    if (!LIKELY(r->budget > code->longest))
        return ebpf_step_whole(&code->in, r);
    f.run = r;
    f.code = code;
    f.top = f.records;
    take_frame(&f);
    if (code->set_up && !set_up(&f)) {
        r->stack_low = r->stack_end;
        return ebpf_step_whole(&code->in, r);
    }
    return thread(code->units, &f, r->budget);
}
