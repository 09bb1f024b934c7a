/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The reference interpreter: plain, exact to the instruction, able to start in the middle.
 *
 * Fast engines check the budget only where that is cheap (loop heads, calls, returns), and hand a
 * run over to this one when too little is left to reach the next such place.  So what happens at
 * the very end of a budget is written once, and the same for all engines.
 */
#ifndef BACKENDS_STEP_H
#define BACKENDS_STEP_H

#include <stdint.h>

#include <ebpfvm/backend.h>

/* Where a run stands. */
struct ebpf_step {
    const struct ebpf_compile *code;  /* what is run; see there */
    struct ebpf_run *run;             /* budget, regions, helpers; the fault goes here */
    uint64_t reg[EBPF_REG_COUNT];     /* r10 is the top of the current frame, which is the lowest of
                                       * the live part of the stack, from run->stack_low */
    uint32_t insn;                    /* the next instruction */
    uint32_t depth;                   /* frames live below the current one */
    /* For tests: called before each instruction; NULL otherwise. */
    void (*watch)(const struct ebpf_step *step, void *ctx);
    void *watch_ctx;
};

/* The state before the first instruction: registers, and a frame of zeros.  EBPF_OK, or the status
 * of run->fault: EBPF_ERR_CALL_DEPTH if the stack has no room for the frame. */
ebpf_status ebpf_step_start(struct ebpf_step *step, const struct ebpf_compile *code,
                            struct ebpf_run *run);

/*
 * Runs until the function in which it was started returns: EBPF_OK, with r0 in step->reg[0] and r6
 * to r9 as the function left them.  Otherwise the status of run->fault; also EBPF_OK with
 * run->ended == 1 if a helper ended the run.  run->budget is brought up to date in every case.
 */
ebpf_status ebpf_step_run(struct ebpf_step *step);

/* The state before the first instruction of a function of a run that is under way, with its frame,
 * which is the caller's to give back.  EBPF_OK, or the status of run->fault. */
ebpf_status ebpf_step_enter(struct ebpf_step *step, const struct ebpf_compile *code,
                            struct ebpf_run *run, uint32_t function);

/* One function of a run that is under way, as ebpf_backend.call() does it. */
ebpf_status ebpf_step_function(const struct ebpf_compile *code, struct ebpf_run *run,
                           uint32_t function);

/* Calls a function before each instruction, so that it can look at the state. */
static inline void ebpf_step_watch(struct ebpf_step *step,
                                   void (*watch)(const struct ebpf_step *step, void *ctx),
                                   void *ctx)
{
    step->watch = watch;
    step->watch_ctx = ctx;
}

/* A whole run, from the first instruction to the exit, as ebpf_backend.run() does it: for engines
 * whose own code is not worth starting. */
ebpf_status ebpf_step_whole(const struct ebpf_compile *code, struct ebpf_run *run)
    __attribute__((cold));

#endif
