/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backends/step.h"

#include <string.h>

#include "backends/access.h"
#include "ir/program.h"

/* The effects that decide where an atomic operation leaves the old value; the letters are those
 * of opcodes.def, the others do not matter here. */
enum { D = 0, U = 0, S = 0, L = 0, W = 0, J = 0, T = 0, C = 0, P = 0,
       F = EBPF_FX_DEF_SRC, R = EBPF_FX_CMPXCHG };

static uint64_t frame_size(const struct ebpf_step *s, uint32_t insn)
{
    return s->code->frame_sizes[ebpf_program_function_of(s->code->program, insn)];
}

static ebpf_status fault(const struct ebpf_step *s, ebpf_status status, uint64_t address)
{
    return ebpf_run_fault(s->run, status, s->insn, address);
}

/* Takes the frame of the function that starts at `entry`, below all others. */
static ebpf_status take_frame(struct ebpf_step *s, uint32_t entry)
{
    struct ebpf_run *run = s->run;
    uint64_t size = frame_size(s, entry);
    if (s->depth >= s->code->max_depth || run->stack_low - (uintptr_t)run->stack < size)
        return EBPF_ERR_CALL_DEPTH;
    s->reg[EBPF_REG_FP] = run->stack_low;
    s->insn = entry;
    run->stack_low -= size;
    memset((void *)(uintptr_t)run->stack_low, 0, size);
    return EBPF_OK;
}

static void give_back_frame(struct ebpf_step *s, uint32_t entry)
{
    s->run->stack_low += frame_size(s, entry);
}

ebpf_status ebpf_step_start(struct ebpf_step *step, const struct ebpf_compile *code,
                            struct ebpf_run *run)
{
    *step = (struct ebpf_step){.code = code, .run = run, .depth = run->depth};
    memcpy(&step->reg[1], run->args, sizeof(run->args));
    ebpf_status status = take_frame(step, 0);
    return status ? fault(step, status, 0) : EBPF_OK;
}

/* Whether the current instruction may access memory; if not, the fault tells why. */
static bool may_access(const struct ebpf_step *s, uint64_t address, uint32_t size, bool store)
{
    if (s->code->policy == EBPF_POLICY_TRUSTED)
        return true;
    if (ebpf_run_find(s->run, address, size, store, NULL))
        return true;
    ebpf_run_fault_access(s->run, s->insn, address, size, store);
    return false;
}

/* The same for atomic operations, which need natural alignment also where the host does not. */
static bool may_access_aligned(const struct ebpf_step *s, uint64_t address, uint32_t size,
                               bool store)
{
    if (!may_access(s, address, size, store))
        return false;
    if (address % size == 0)
        return true;
    ebpf_run_fault_alignment(s->run, s->insn, address, size);
    return false;
}

static bool has_packet(const struct ebpf_run *run, uint64_t offset, uint32_t size)
{
    return offset <= run->packet_size && size <= run->packet_size - offset;
}

/* Whether LD_ABS or LD_IND may read there; if not, the fault tells why. */
static bool may_read_packet(const struct ebpf_step *s, uint64_t offset, uint32_t size)
{
    const struct ebpf_run *run = s->run;
    if (has_packet(run, offset, size))
        return true;
    ebpf_run_fault_access(s->run, s->insn, (uintptr_t)run->packet + offset, size, 0);
    return false;
}

/* Calls a helper.  Not EBPF_OK, or run->ended, if the run is over. */
static ebpf_status call_helper(struct ebpf_step *s, uint64_t id)
{
    struct ebpf_run *run = s->run;
    const struct ebpf_helper *helper =
        id <= UINT32_MAX ? ebpf_env_helper(s->code->env, (uint32_t)id) : NULL;
    if (!helper)
        return fault(s, EBPF_ERR_CALLED_UNKNOWN, id);
    uint64_t *r = s->reg;
    if (helper->fn) {
        r[0] = helper->fn(r[1], r[2], r[3], r[4], r[5]);
        return EBPF_OK;
    }
    run->depth = s->depth + 1;
    r[0] = helper->run_fn(run, helper->ctx, &r[1]);
    if (run->ended == EBPF_RUN_MOVED)
        run->ended = EBPF_RUN_GOES_ON; /* nothing is kept here */
    if (run->ended != EBPF_RUN_FAULTED)
        return EBPF_OK;
    return ebpf_run_fault_in_helper(run, s->insn);
}

/* A helper has ended the run, or the function by a tail call: that is over in either case. */
static ebpf_status end_by_helper(struct ebpf_step *s)
{
    struct ebpf_run *run = s->run;
    if (run->ended != EBPF_RUN_TAIL || s->depth == 0)
        return EBPF_OK;
    uint64_t low = run->stack_low;
    run->stack_low = s->reg[EBPF_REG_FP];
    run->depth = s->depth;
    ebpf_status status = ebpf_run_tail(run);
    run->stack_low = low;
    s->reg[EBPF_R0] = run->result;
    return status;
}

/* Calls a local function: r0 to r5 come back as it left them, the others as they were. */
static ebpf_status call_local(struct ebpf_step *s, uint32_t target)
{
    if (ebpf_interrupt_raised(s->run->interrupt))
        return fault(s, EBPF_ERR_INTERRUPTED, 0);
    struct ebpf_step callee = *s;
    callee.depth++;
    ebpf_status status = take_frame(&callee, target);
    if (status)
        return fault(s, status, 0);
    status = ebpf_step_run(&callee);
    if (status || s->run->ended)
        return status;
    give_back_frame(s, target);
    memcpy(s->reg, callee.reg, 6 * sizeof(s->reg[0]));
    return EBPF_OK;
}

/* What each format does, with the operation and width of the row.  `dst` and `src` point to the
 * registers; BYTES turns a width into a size. */
#define WIDE(width, value) ((uint##width##_t)(value))
#define BYTES(width) ((uint32_t)(width) / 8)
#define JUMP next = insn->target
#define IF_OK(call)                                                                                \
    status = (call);                                                                               \
    if (status || run->ended)                                                                      \
        return status
#define HELPER(call)                                                                               \
    status = (call);                                                                               \
    if (status)                                                                                    \
        return status;                                                                             \
    if (run->ended)                                                                                \
        return end_by_helper(s)
#define ILLEGAL return fault(s, EBPF_ERR_ILLEGAL, 0)

#define DO_ALU_IMM(oper, width, fx)                                                                \
    *dst = ebpf_alu##width##_##oper(WIDE(width, *dst), WIDE(width, imm))
#define DO_ALU_REG(oper, width, fx)                                                                \
    *dst = ebpf_alu##width##_##oper(WIDE(width, *dst), WIDE(width, *src))
#define DO_ALU_UN(oper, width, fx) *dst = ebpf_alu##width##_##oper(WIDE(width, *dst))
#define DO_END(oper, width, fx) *dst = ebpf_swap##width##_##oper(WIDE(width, *dst))
#define DO_JA(oper, width, fx) JUMP
#define DO_JA32(oper, width, fx) JUMP
#define DO_JMP_IMM(oper, width, fx)                                                                \
    if (ebpf_cond##width##_##oper(WIDE(width, *dst), WIDE(width, imm)))                            \
        JUMP
#define DO_JMP_REG(oper, width, fx)                                                                \
    if (ebpf_cond##width##_##oper(WIDE(width, *dst), WIDE(width, *src)))                           \
        JUMP
#define DO_MAY_GOTO(oper, width, fx)                                                               \
    if (run->may_goto)                                                                             \
        run->may_goto--;                                                                           \
    else                                                                                           \
        JUMP
#define DO_CALL(oper, width, fx)                                                                   \
    if (EBPF_OPER_##oper == EBPF_OPER_BTF)                                                         \
        ILLEGAL;                                                                                   \
    HELPER(call_helper(s, (uint32_t)imm))
#define DO_CALLX(oper, width, fx) HELPER(call_helper(s, *dst))
#define DO_CALL_LOCAL(oper, width, fx) IF_OK(call_local(s, insn->target))
#define DO_EXIT(oper, width, fx) return EBPF_OK
#define DO_LDX(oper, width, fx)                                                                    \
    address = *src + (uint64_t)insn->off;                                                          \
    if (!may_access(s, address, BYTES(width), false))                                              \
        return run->fault.status;                                                                  \
    *dst = ebpf_load##width##_##oper(address)
#define STORE(oper, width, value, may)                                                             \
    address = *dst + (uint64_t)insn->off;                                                          \
    if (!may(s, address, BYTES(width), true))                                                      \
        return run->fault.status;                                                                  \
    ebpf_store##width##_##oper(address, value)
#define DO_ST(oper, width, fx) STORE(oper, width, imm, may_access)
#define DO_STX(oper, width, fx) STORE(oper, width, *src, may_access)
#define DO_STORE_REL(oper, width, fx) STORE(oper, width, *src, may_access_aligned)
#define DO_LOAD_ACQ(oper, width, fx)                                                               \
    address = *src + (uint64_t)insn->off;                                                          \
    if (!may_access_aligned(s, address, BYTES(width), false))                                      \
        return run->fault.status;                                                                  \
    *dst = ebpf_load##width##_##oper(address)
#define DO_ATOMIC(oper, width, fx)                                                                 \
    address = *dst + (uint64_t)insn->off;                                                          \
    if (!may_access_aligned(s, address, BYTES(width), true))                                       \
        return run->fault.status;                                                                  \
    old = ebpf_rmw_at##width##_##oper(address, *src, s->reg[0]);                                   \
    if ((fx) & F)                                                                                  \
        *src = old;                                                                                \
    if ((fx) & R)                                                                                  \
        s->reg[0] = old
#define PACKET_LOAD(offset, oper, width)                                                           \
    address = s->code->kernel_packet ? ebpf_packet_offset(offset) : (offset);                      \
    if (s->code->kernel_packet && !has_packet(run, address, BYTES(width))) {                       \
        s->reg[0] = 0;                                                                             \
        return EBPF_OK; /* an exit */                                                              \
    }                                                                                              \
    if (!may_read_packet(s, address, BYTES(width)))                                                \
        return run->fault.status;                                                                  \
    s->reg[0] = ebpf_load##width##_##oper((uintptr_t)run->packet + address);                       \
    if (s->code->kernel_packet)                                                                    \
        s->reg[0] = ebpf_from_network(s->reg[0], width)
#define DO_LDABS(oper, width, fx) PACKET_LOAD(imm, oper, width)
#define DO_LDIND(oper, width, fx) PACKET_LOAD(*src + imm, oper, width)
#define DO_IMM64(oper, width, fx) *dst = imm
#define DO_REF(oper, width, fx)                                                                    \
    if (ebpf_env_constant(s->code->env, insn, dst))                                                \
        ILLEGAL
#define DO_REF_OFF(oper, width, fx) DO_REF(oper, width, fx)
#define DO_REF_FUNC(oper, width, fx) DO_REF(oper, width, fx)

ebpf_status ebpf_step_run(struct ebpf_step *s)
{
    const struct ebpf_program *program = s->code->program;
    const uint32_t count = ebpf_program_count(program);
    struct ebpf_run *run = s->run;
    for (;;) {
        if (run->budget == 0)
            return fault(s, EBPF_ERR_BUDGET, 0);
        run->budget--;
        if (s->insn >= count)
            ILLEGAL;
        if (s->watch)
            s->watch(s, s->watch_ctx);
        const struct ebpf_insn *insn = ebpf_program_at(program, s->insn);
        uint64_t *dst = &s->reg[insn->dst], *src = &s->reg[insn->src];
        uint64_t imm = (uint64_t)insn->imm, address, old;
        uint32_t next = s->insn + 1;
        ebpf_status status;
        switch (insn->op) {
#define EBPF_INSN(id, mnemonic, op, disc, format, effects, group, oper, width)                     \
        case EBPF_OP_##id: {                                                                       \
            DO_##format(oper, width, effects);                                                     \
            break;                                                                                 \
        }
#include "ir/opcodes.def"
#undef EBPF_INSN
        default:
            ILLEGAL;
        }
        if (next <= s->insn && ebpf_interrupt_raised(run->interrupt))
            return fault(s, EBPF_ERR_INTERRUPTED, 0);
        s->insn = next;
    }
}

ebpf_status ebpf_step_whole(const struct ebpf_compile *code, struct ebpf_run *run)
{
    struct ebpf_step step;
    ebpf_status status = ebpf_step_start(&step, code, run);
    if (!status)
        status = ebpf_step_run(&step);
    if (!status && !run->ended)
        run->result = step.reg[0];
    return status;
}

ebpf_status ebpf_step_enter(struct ebpf_step *step, const struct ebpf_compile *code,
                            struct ebpf_run *run, uint32_t function)
{
    const struct ebpf_function *functions = code->program->functions.data;
    *step = (struct ebpf_step){.code = code, .run = run, .depth = run->depth};
    memcpy(&step->reg[1], run->args, sizeof(run->args));
    ebpf_status status = take_frame(step, functions[function].first);
    return status ? ebpf_run_fault(run, status, EBPF_TARGET_NONE, 0) : EBPF_OK;
}

ebpf_status ebpf_step_function(const struct ebpf_compile *code, struct ebpf_run *run,
                           uint32_t function)
{
    struct ebpf_step step;
    uint64_t low = run->stack_low;
    ebpf_status status = ebpf_step_enter(&step, code, run, function);
    if (status)
        return status;
    status = ebpf_step_run(&step);
    run->stack_low = low;
    if (!status && !run->ended)
        run->result = step.reg[0];
    return status;
}
