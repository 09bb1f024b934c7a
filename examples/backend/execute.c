/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Runs of code: one instruction after the other, each checked and counted. */
#include "count.h"

#include <string.h>

/* A function of the program that runs. */
struct frame {
    const struct ebpf_code *code;
    struct ebpf_run *run;
    uint64_t *counts; /* of this run */
    uint64_t reg[EBPF_REG_COUNT];
    uint32_t depth; /* how many frames are below this one */
    uint32_t at;    /* the instruction */
};

static ebpf_status fault(struct frame *f, ebpf_status status, uint64_t address)
{
    return ebpf_run_fault(f->run, status, f->at, address);
}

/* Takes the frame of the function at `entry` from the stack: zero, and part of what is live. */
static ebpf_status enter(struct frame *f, uint32_t entry)
{
    const struct ebpf_compile *in = &f->code->in;
    struct ebpf_run *run = f->run;
    uint64_t size = in->frame_sizes[ebpf_program_function_of(in->program, entry)];
    if (f->depth >= in->max_depth || run->stack_low - (uintptr_t)run->stack < size)
        return EBPF_ERR_CALL_DEPTH;
    f->reg[EBPF_REG_FP] = run->stack_low;
    f->at = entry;
    run->stack_low -= size;
    memset((void *)(uintptr_t)run->stack_low, 0, size);
    return EBPF_OK;
}

static void leave(struct frame *f)
{
    f->run->stack_low = f->reg[EBPF_REG_FP];
}

/* EBPF_OK if the instruction may access memory; else the status of the fault. */
static ebpf_status check(struct frame *f, uint64_t address, uint32_t size, int store, int aligned)
{
    if (f->code->in.policy == EBPF_POLICY_TRUSTED)
        return EBPF_OK;
    if (!ebpf_run_find(f->run, address, size, store, NULL))
        return ebpf_run_fault_access(f->run, f->at, address, size, store);
    if (aligned && address % size)
        return ebpf_run_fault_alignment(f->run, f->at, address, size);
    return EBPF_OK;
}

/* Memory of the program may have any alignment; atomic accesses are checked for theirs. */
static uint64_t load(uint64_t address, unsigned width)
{
    const void *at = (const void *)(uintptr_t)address;
    uint16_t half;
    uint32_t word;
    uint64_t whole;
    switch (width) {
    case 8: return *(const uint8_t *)at;
    case 16: memcpy(&half, at, 2); return half;
    case 32: memcpy(&word, at, 4); return word;
    default: memcpy(&whole, at, 8); return whole;
    }
}

static void store(uint64_t address, unsigned width, uint64_t value)
{
    void *at = (void *)(uintptr_t)address;
    const uint8_t byte = (uint8_t)value;
    const uint16_t half = (uint16_t)value;
    const uint32_t word = (uint32_t)value;
    switch (width) {
    case 8: memcpy(at, &byte, 1); break;
    case 16: memcpy(at, &half, 2); break;
    case 32: memcpy(at, &word, 4); break;
    default: memcpy(at, &value, 8); break;
    }
}

/* The same as one for all threads; returns what was there. */
static uint64_t exchange(uint64_t address, unsigned width, uint64_t old, uint64_t new_value)
{
    void *at = (void *)(uintptr_t)address;
    uint32_t narrow = (uint32_t)old;
    if (width == 64) {
        __atomic_compare_exchange_n((uint64_t *)at, &old, new_value, 0, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST);
        return old;
    }
    __atomic_compare_exchange_n((uint32_t *)at, &narrow, (uint32_t)new_value, 0, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    return narrow;
}

static ebpf_status do_atomic(struct frame *f, const struct ebpf_insn *insn,
                             const struct ebpf_op_info *info)
{
    uint64_t address = f->reg[insn->dst] + (uint64_t)insn->off, old, seen;
    uint64_t operand = f->reg[insn->src];
    enum ebpf_oper oper = (enum ebpf_oper)info->oper;
    ebpf_status status = check(f, address, info->width / 8u, 1, 1);
    if (status)
        return status;
    if (info->effects & EBPF_FX_CMPXCHG) {
        f->reg[EBPF_R0] = exchange(address, info->width, f->reg[EBPF_R0], operand);
        return EBPF_OK;
    }
    seen = load(address, info->width);
    do {
        old = seen;
        seen = exchange(address, info->width, old, count_compute(oper, info->width, old, operand));
    } while (seen != old);
    if (info->effects & EBPF_FX_DEF_SRC)
        f->reg[insn->src] = old;
    return EBPF_OK;
}

static ebpf_status do_load(struct frame *f, const struct ebpf_insn *insn,
                           const struct ebpf_op_info *info)
{
    uint64_t address = f->reg[insn->src] + (uint64_t)insn->off;
    int aligned = info->format == EBPF_FMT_LOAD_ACQ;
    ebpf_status status = check(f, address, info->width / 8u, 0, aligned);
    if (status)
        return status;
    uint64_t value = load(address, info->width);
    if (aligned)
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (info->oper == EBPF_OPER_LOADSX) /* the same as moving it with its sign */
        value = count_compute(info->width == 8    ? EBPF_OPER_MOVSX8
                              : info->width == 16 ? EBPF_OPER_MOVSX16
                                                  : EBPF_OPER_MOVSX32,
                              64, 0, value);
    f->reg[insn->dst] = value;
    return EBPF_OK;
}

static ebpf_status do_store(struct frame *f, const struct ebpf_insn *insn,
                            const struct ebpf_op_info *info)
{
    uint64_t address = f->reg[insn->dst] + (uint64_t)insn->off;
    int aligned = info->format == EBPF_FMT_STORE_REL;
    ebpf_status status = check(f, address, info->width / 8u, 1, aligned);
    if (status)
        return status;
    if (aligned)
        __atomic_thread_fence(__ATOMIC_RELEASE);
    store(address, info->width,
          info->format == EBPF_FMT_ST ? (uint64_t)insn->imm : f->reg[insn->src]);
    return EBPF_OK;
}

/* Where LD_ABS and LD_IND read. */
static uint64_t packet_offset(const struct frame *f, const struct ebpf_insn *insn)
{
    uint64_t offset = (uint64_t)insn->imm;
    if (ebpf_op_info((enum ebpf_op)insn->op)->format == EBPF_FMT_LDIND)
        offset += f->reg[insn->src];
    return f->code->in.kernel_packet ? ebpf_packet_offset(offset) : offset;
}

static int has_packet(const struct ebpf_run *run, uint64_t offset, uint64_t size)
{
    return offset <= run->packet_size && size <= run->packet_size - offset;
}

/* LD_ABS and LD_IND, where there is a packet or a fault; see is_exit(). */
static ebpf_status do_packet(struct frame *f, const struct ebpf_insn *insn,
                             const struct ebpf_op_info *info)
{
    const struct ebpf_run *run = f->run;
    uint64_t offset = packet_offset(f, insn), size = info->width / 8u;
    if (!has_packet(run, offset, size))
        return ebpf_run_fault_access(f->run, f->at, (uintptr_t)run->packet + offset,
                                     (uint32_t)size, 0);
    uint64_t value = load((uintptr_t)run->packet + offset, info->width);
    if (f->code->in.kernel_packet && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        value = __builtin_bswap64(value) >> (64 - info->width);
    f->reg[EBPF_R0] = value;
    return EBPF_OK;
}

/* The kernel's packet loads are an exit with r0 = 0 where there is no packet. */
static int is_exit(struct frame *f, const struct ebpf_insn *insn, const struct ebpf_op_info *info)
{
    if (!(info->effects & EBPF_FX_PACKET) || !f->code->in.kernel_packet ||
        has_packet(f->run, packet_offset(f, insn), info->width / 8u))
        return insn->op == EBPF_OP_EXIT;
    f->reg[EBPF_R0] = 0;
    return 1;
}

static ebpf_status do_call(struct frame *f, uint64_t id)
{
    uint64_t *r = f->reg;
    const struct ebpf_helper *helper =
        id <= UINT32_MAX ? ebpf_env_helper(f->code->in.env, (uint32_t)id) : NULL;
    if (!helper)
        return fault(f, EBPF_ERR_CALLED_UNKNOWN, id);
    if (helper->fn) {
        r[0] = helper->fn(r[1], r[2], r[3], r[4], r[5]);
        return EBPF_OK;
    }
    f->run->depth = f->depth + 1;
    r[0] = helper->run_fn(f->run, helper->ctx, &r[1]);
    if (f->run->ended == EBPF_RUN_MOVED)
        f->run->ended = EBPF_RUN_GOES_ON; /* this engine keeps nothing that may be stale now */
    if (f->run->ended != EBPF_RUN_FAULTED)
        return EBPF_OK;
    return ebpf_run_fault_in_helper(f->run, f->at); /* where, only the engine knows */
}

static ebpf_status execute(struct frame *f);

static ebpf_status do_call_local(struct frame *f, uint32_t target)
{
    struct frame callee = *f; /* it sees all registers, and gives back r0 to r5 */
    callee.depth++;
    if (ebpf_interrupt_raised(f->run->interrupt))
        return fault(f, EBPF_ERR_INTERRUPTED, 0);
    ebpf_status status = enter(&callee, target);
    if (status)
        return fault(f, status, 0);
    status = execute(&callee);
    if (status || f->run->ended)
        return status;
    leave(&callee);
    memcpy(f->reg, callee.reg, 6 * sizeof(f->reg[0]));
    return EBPF_OK;
}

/* All but jumps and exit. */
static ebpf_status execute_one(struct frame *f, const struct ebpf_insn *insn,
                               const struct ebpf_op_info *info)
{
    uint64_t *dst = &f->reg[insn->dst];
    enum ebpf_oper oper = (enum ebpf_oper)info->oper;
    switch (info->format) {
    case EBPF_FMT_ALU_IMM:
        *dst = count_compute(oper, info->width, *dst, (uint64_t)insn->imm);
        break;
    case EBPF_FMT_ALU_REG:
        *dst = count_compute(oper, info->width, *dst, f->reg[insn->src]);
        break;
    case EBPF_FMT_ALU_UN:
    case EBPF_FMT_END:
        *dst = count_compute(oper, info->width, *dst, 0);
        break;
    case EBPF_FMT_IMM64:
    case EBPF_FMT_REF:
    case EBPF_FMT_REF_OFF:
    case EBPF_FMT_REF_FUNC:
        return ebpf_env_constant(f->code->in.env, insn, dst) ? fault(f, EBPF_ERR_ILLEGAL, 0)
                                                             : EBPF_OK;
    case EBPF_FMT_LDX:
    case EBPF_FMT_LOAD_ACQ: return do_load(f, insn, info);
    case EBPF_FMT_ST:
    case EBPF_FMT_STX:
    case EBPF_FMT_STORE_REL: return do_store(f, insn, info);
    case EBPF_FMT_ATOMIC: return do_atomic(f, insn, info);
    case EBPF_FMT_LDABS:
    case EBPF_FMT_LDIND: return do_packet(f, insn, info);
    case EBPF_FMT_CALL:
        return oper == EBPF_OPER_BTF ? fault(f, EBPF_ERR_ILLEGAL, 0)
                                     : do_call(f, (uint32_t)insn->imm);
    case EBPF_FMT_CALLX: return do_call(f, *dst);
    case EBPF_FMT_CALL_LOCAL: return do_call_local(f, insn->target);
    default: return fault(f, EBPF_ERR_ILLEGAL, 0);
    }
    return EBPF_OK;
}

/* Whether a jump jumps. */
static int is_taken(struct frame *f, const struct ebpf_insn *insn, const struct ebpf_op_info *info)
{
    uint64_t operand = info->format == EBPF_FMT_JMP_REG ? f->reg[insn->src] : (uint64_t)insn->imm;
    if (info->format == EBPF_FMT_JMP_REG || info->format == EBPF_FMT_JMP_IMM)
        return count_compute((enum ebpf_oper)info->oper, info->width, f->reg[insn->dst],
                             operand) != 0;
    if (info->format == EBPF_FMT_MAY_GOTO && f->run->may_goto) {
        f->run->may_goto--;
        return 0;
    }
    return 1;
}

/* A helper ended the run; or, by a tail call, the function if it was called. */
static ebpf_status end_by_helper(struct frame *f)
{
    struct ebpf_run *run = f->run;
    if (run->ended != EBPF_RUN_TAIL || f->depth == 0)
        return EBPF_OK;
    uint64_t low = run->stack_low;
    run->stack_low = f->reg[EBPF_REG_FP];
    run->depth = f->depth;
    ebpf_status status = ebpf_run_tail(run);
    run->stack_low = low;
    f->reg[EBPF_R0] = run->result;
    return status;
}

/* A function from its first instruction to its exit. */
static ebpf_status execute(struct frame *f)
{
    const struct ebpf_code *code = f->code;
    for (;;) {
        if (f->run->budget == 0)
            return fault(f, EBPF_ERR_BUDGET, 0);
        f->run->budget--;
        if (f->at >= code->insn_count)
            return fault(f, EBPF_ERR_ILLEGAL, 0);
        const struct ebpf_insn *insn = &code->insns[f->at];
        const struct ebpf_op_info *info = ebpf_op_info((enum ebpf_op)insn->op);
        uint32_t next = f->at + 1;
        f->counts[insn->op]++;
        if (is_exit(f, insn, info))
            return EBPF_OK;
        if (info->effects & EBPF_FX_JUMP) {
            if (is_taken(f, insn, info))
                next = insn->target;
        } else {
            ebpf_status status = execute_one(f, insn, info);
            if (status)
                return status;
            if (f->run->ended)
                return end_by_helper(f);
        }
        if (next <= f->at && ebpf_interrupt_raised(f->run->interrupt))
            return fault(f, EBPF_ERR_INTERRUPTED, 0);
        f->at = next;
    }
}

/* Adds what was counted: `code` is const for who runs it, its counters are what this engine is for.
 */
static void add_counts(const struct ebpf_code *code, const uint64_t *counts)
{
    struct ebpf_code *shared = (struct ebpf_code *)(uintptr_t)code;
    for (unsigned op = 0; op < EBPF_OP_COUNT; op++)
        if (counts[op])
            atomic_fetch_add_explicit(&shared->counts[op], counts[op], memory_order_relaxed);
}

/* Runs a function; if there is no room for its frame, the fault is at the instruction `at`. */
static ebpf_status run_function(const struct ebpf_code *code, struct ebpf_run *run,
                                uint32_t function, uint32_t at)
{
    uint64_t counts[EBPF_OP_COUNT] = {0};
    struct frame f = {.code = code, .run = run, .counts = counts, .depth = run->depth, .at = at};
    uint64_t low = run->stack_low;
    uint32_t count;
    memcpy(&f.reg[EBPF_R1], run->args, sizeof(run->args));
    ebpf_status status =
        enter(&f, ebpf_program_functions(code->in.program, &count)[function].first);
    status = status ? fault(&f, status, 0) : execute(&f);
    if (!status && !run->ended)
        run->result = f.reg[EBPF_R0];
    run->stack_low = low;
    add_counts(code, counts);
    return status;
}

ebpf_status count_run(const struct ebpf_code *code, struct ebpf_run *run)
{
    return run_function(code, run, 0, 0);
}

ebpf_status count_call(const struct ebpf_code *code, struct ebpf_run *run, uint32_t function)
{
    return run_function(code, run, function, EBPF_TARGET_NONE);
}
