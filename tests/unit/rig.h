/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Runs programs of a few instructions in any engine, with memory whose every byte is known. */
#ifndef TESTS_RIG_H
#define TESTS_RIG_H

#include <string.h>

#include <ebpfvm/backend.h>

#include "backends/step.h"
#include "ir/program.h"
#include "tests/unit/unit.h"

enum { RIG_FRAME = 64, RIG_DEPTH = 4, RIG_MEM = 64, RIG_FUNCTIONS = 16,
       RIG_INSNS = 1024 };

struct rig {
    struct ebpf_program *program;
    struct ebpf_compile code;
    struct ebpf_env env;
    struct ebpf_interrupt interrupt;
    struct ebpf_run run;
    struct ebpf_region user; /* read-only */
    uint32_t frame_sizes[RIG_FUNCTIONS];
    uint64_t packet_size; /* how much of `packet` the run is given; RIG_MEM at first */
    _Alignas(64) uint8_t stack[RIG_FRAME * RIG_DEPTH];
    _Alignas(64) uint8_t context[RIG_MEM], packet[RIG_MEM], rodata[RIG_MEM];
};

/* An instruction; targets are offsets in slots, as in bytecode. */
#define I(id, d, s, o, i) {.op = EBPF_OP_##id, .dst = d, .src = s, .off = o, .imm = i}
#define RIG(name, ...)                                                                             \
    const struct ebpf_insn name##_insns[] = {__VA_ARGS__};                                         \
    struct rig name;                                                                               \
    rig_init(&name, name##_insns, sizeof(name##_insns) / sizeof(name##_insns[0]))

/* Memory and registers as at the start of every run: r1 context, r2 packet, r3 read-only memory,
 * r4 just above the packet. */
static inline void rig_reset(struct rig *rig)
{
    memset(rig->stack, 0x5a, sizeof(rig->stack));
    for (int i = 0; i < RIG_MEM; i++) {
        rig->context[i] = (uint8_t)(i * 3 + 1);
        rig->packet[i] = (uint8_t)(0xf0 + i * 7);
        rig->rodata[i] = (uint8_t)(i * 5 + 2);
    }
    rig->user = (struct ebpf_region){(uintptr_t)rig->rodata, RIG_MEM, EBPF_REGION_USER, 0};
    rig->env.regions = &rig->user;
    rig->env.region_count = 1;
    rig->run = (struct ebpf_run){
        .args = {(uintptr_t)rig->context, (uintptr_t)rig->packet, (uintptr_t)rig->rodata,
                 (uintptr_t)rig->packet + RIG_MEM, 5},
        .budget = UINT64_MAX,
        .stack = rig->stack,
        .stack_end = (uintptr_t)rig->stack + sizeof(rig->stack),
        .stack_low = (uintptr_t)rig->stack + sizeof(rig->stack),
        .context = (uintptr_t)rig->context,
        .context_size = RIG_MEM,
        .may_goto = 3,
        .packet = rig->packet,
        .packet_size = rig->packet_size,
        .env = &rig->env,
        .interrupt = &rig->interrupt};
}

/* From instructions that have targets. */
static inline void rig_init_linked(struct rig *rig, const struct ebpf_insn *insns, size_t count)
{
    memset(rig, 0, sizeof(*rig));
    rig->packet_size = RIG_MEM;
    rig->program = ebpf_program_new(NULL);
    for (size_t i = 0; i < count; i++)
        *ebpf_program_push(rig->program) = insns[i];
    ck_assert_int_eq(ebpf_program_finish(rig->program, NULL), EBPF_OK);
    for (int i = 0; i < RIG_FUNCTIONS; i++)
        rig->frame_sizes[i] = RIG_FRAME;
    rig->code = (struct ebpf_compile){.size = sizeof(rig->code),
                                      .program = rig->program,
                                      .env = &rig->env,
                                      .frame_sizes = rig->frame_sizes,
                                      .max_depth = RIG_DEPTH,
                                      .stack_size = sizeof(rig->stack)};
    rig_reset(rig);
}

/* From instructions that have offsets. */
static inline void rig_init(struct rig *rig, const struct ebpf_insn *insns, size_t count)
{
    struct ebpf_insn linked[RIG_INSNS];
    ck_assert_uint_le(count, RIG_INSNS);
    for (size_t i = 0; i < count; i++) {
        linked[i] = insns[i];
        linked[i].target = EBPF_TARGET_NONE;
    }
    rig_init_linked(rig, linked, count);
}

static inline void rig_free(struct rig *rig)
{
    ebpf_program_unref(rig->program);
}

/* Runs the program from its start, in the reference interpreter. */
static inline ebpf_status rig_step(struct rig *rig)
{
    struct ebpf_step step;
    ebpf_status status = ebpf_step_start(&step, &rig->code, &rig->run);
    if (!status)
        status = ebpf_step_run(&step);
    if (!status && !rig->run.ended)
        rig->run.result = step.reg[0];
    return status;
}

/* The same in an engine, code made and destroyed. */
static inline ebpf_status rig_run(struct rig *rig, const struct ebpf_backend *backend)
{
    struct ebpf_code *code;
    ebpf_status status = backend->compile(&rig->code, NULL, &code);
    if (status)
        return status;
    status = backend->run(code, &rig->run);
    backend->destroy(code);
    return status;
}

#endif
