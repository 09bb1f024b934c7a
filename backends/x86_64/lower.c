/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backends/x86_64/lower.h"

#include <string.h>

/* What lowers the rows of a format. */
#define LOWER_ALU_IMM(oper) x64_lower_##oper
#define LOWER_ALU_REG(oper) x64_lower_##oper
#define LOWER_ALU_UN(oper) x64_lower_##oper
#define LOWER_END(oper) x64_lower_##oper
#define LOWER_JA(oper) x64_lower_jump
#define LOWER_JA32(oper) x64_lower_jump
#define LOWER_JMP_IMM(oper) x64_lower_##oper
#define LOWER_JMP_REG(oper) x64_lower_##oper
#define LOWER_MAY_GOTO(oper) x64_lower_may_goto
#define LOWER_CALL(oper) x64_lower_call
#define LOWER_CALL_LOCAL(oper) x64_lower_call_local
#define LOWER_CALLX(oper) x64_lower_callx
#define LOWER_EXIT(oper) x64_lower_exit
#define LOWER_LDX(oper) x64_lower_load
#define LOWER_ST(oper) x64_lower_store
#define LOWER_STX(oper) x64_lower_store
#define LOWER_ATOMIC(oper) x64_lower_##oper
#define LOWER_LOAD_ACQ(oper) x64_lower_load_acquire
#define LOWER_STORE_REL(oper) x64_lower_store_release
#define LOWER_IMM64(oper) x64_lower_imm64
#define LOWER_REF(oper) x64_lower_imm64
#define LOWER_REF_OFF(oper) x64_lower_imm64
#define LOWER_REF_FUNC(oper) x64_lower_imm64
#define LOWER_LDABS(oper) x64_lower_packet
#define LOWER_LDIND(oper) x64_lower_packet

/* One entry per row: a row without a handler does not compile. */
static x64_lower_fn *const handlers[EBPF_OP_COUNT] = {
    [EBPF_OP_DATA] = x64_lower_illegal,
#define EBPF_INSN(id, mnemonic, op, disc, format, effects, group, oper, width)                     \
    [EBPF_OP_##id] = LOWER_##format(oper),
#include "ir/opcodes.def"
#undef EBPF_INSN
};

enum { HEAD_ALIGNMENT = 16, MANY_HEADS = 1000 /* too many to pad them all */ };

uint32_t x64_leave_label(struct x64_lower *l)
{
    if (l->leave_insn != l->at) {
        l->leave_insn = l->at;
        l->leave_stub = x64_site_stub(
            l, (struct x64_site){.kind = X64_SITE_LEAVE, .prepaid = l->prepaid}, 0);
    }
    return l->leave_stub;
}

void x64_pay(struct x64_lower *l, int32_t charge)
{
    if (charge)
        x64_lea_rm(&l->e, 64, LEFT, x64_at(LEFT, -charge));
}

/* Pays for the block that starts here, and compares what is left where the plan says so. */
static void charge(struct x64_lower *l)
{
    const struct x64_block *block = x64_block_at(&l->plan, l->at);
    unsigned flags = l->plan.flags[l->at];
    bool is_first = l->at == 0 && !(flags & X64_HEAD) && !l->plan.has_local_calls;
    bool counts_itself = l->plan.counts && !l->plan.needs_frame;
    l->prepaid = block->total;
    if ((is_first && !counts_itself) || l->in->as_function)
        return; /* paid for by the host, or not at all */
    if (!(flags & X64_CHECKPOINT) || counts_itself) {
        x64_pay(l, block->charge);
        return;
    }
    uint32_t resume = x64_labels(&l->e, 1);
    uint32_t refill = x64_site_stub(
        l, (struct x64_site){.kind = X64_SITE_REFILL, .prepaid = block->total}, resume);
    x64_sub_ri(&l->e, 64, LEFT, block->charge);
    x64_jcc(&l->e, X64_L, refill); /* no overflow; unlike js, fused by the processor */
    x64_bind(&l->e, resume);
}

/* What rows leave in the upper half of what they define. */
enum upper {
    UPPER_ANY,
    UPPER_ZERO,
    UPPER_OF_IMM, /* zero, if the immediate has no bit there */
    UPPER_OF_SRC,
    UPPER_ASKS    /* any, in r1 to r5 as well */
};

#define ASKS(format)                                                                               \
    (EBPF_FMT_##format == EBPF_FMT_CALL || EBPF_FMT_##format == EBPF_FMT_CALL_LOCAL ||             \
     EBPF_FMT_##format == EBPF_FMT_CALLX || EBPF_FMT_##format == EBPF_FMT_LDABS ||                 \
     EBPF_FMT_##format == EBPF_FMT_LDIND)
#define UPPER(id, format, oper, width)                                                             \
    ASKS(format) ? UPPER_ASKS                                                                      \
    : (id) == EBPF_OP_MOV64_REG ? UPPER_OF_SRC                                                     \
    : (id) == EBPF_OP_MOV64_IMM || (id) == EBPF_OP_AND64_IMM || (id) == EBPF_OP_LDDW               \
        ? UPPER_OF_IMM                                                                             \
    : (width) <= 32 && EBPF_OPER_##oper != EBPF_OPER_LOADSX ? UPPER_ZERO : UPPER_ANY

static const uint8_t uppers[EBPF_OP_COUNT] = {
#define EBPF_INSN(id, mnemonic, op, disc, format, effects, group, oper, width)                     \
    [EBPF_OP_##id] = UPPER(EBPF_OP_##id, format, oper, width),
#include "ir/opcodes.def"
#undef EBPF_INSN
};

/* Keeps track of which registers have a zero upper half, behind an instruction as written. */
static void track_kept(struct x64_lower *l, const struct ebpf_insn *insn, unsigned defs)
{
    bool zero = false;
    switch (uppers[insn->op]) {
    case UPPER_ZERO: zero = true; break;
    case UPPER_OF_IMM: zero = (uint64_t)insn->imm <= UINT32_MAX; break;
    case UPPER_OF_SRC: zero = l->upper_zero >> insn->src & 1; break;
    case UPPER_ASKS: defs |= EBPF_ARGUMENTS; break;
    }
    l->upper_zero = (uint16_t)(zero ? l->upper_zero | defs : l->upper_zero & ~defs);
}

/* The same, for whatever was done in place of the current instruction. */
static void track_upper(struct x64_lower *l)
{
    uint16_t defs = l->plan.flow[l->at].ends; /* but for what calls leave in r1 to r5 */
    if (!defs)
        return;
    enum ebpf_wide_role role = x64_role(&l->plan, l->at);
    if (role == EBPF_WIDE_KEEP) {
        track_kept(l, ebpf_program_at(l->in->program, l->at), defs);
        return;
    }
    l->upper_zero &= (uint16_t)~defs;
    const struct ebpf_wide *wide = role == EBPF_WIDE_LAST ? x64_find_wide(l, l->at) : NULL;
    if (wide && !wide->store && wide->size < 8)
        l->upper_zero |= (uint16_t)(1u << wide->value);
}

void x64_take_next(struct x64_lower *l)
{
    track_upper(l);
    l->at++;
    l->prepaid--;
    x64_bind(&l->e, l->at);
}

static void enter_function(struct x64_lower *l)
{
    x64_stubs(l);
    l->function = ebpf_program_function_of(l->in->program, l->at);
    l->frame_size = (int32_t)l->in->frame_sizes[l->function];
    l->epilogue = x64_labels(&l->e, 1);
    l->epilogue_bound = false;
    if (l->at == 0)
        x64_program_entry(l);
}

void x64_lower_insn(struct x64_lower *l, const struct ebpf_insn *insn)
{
    handlers[insn->op](l, insn, ebpf_op_table[insn->op].width);
}

/* Whether an instruction only computes what nobody needs. */
static bool is_dead(const struct x64_lower *l, const struct ebpf_insn *insn)
{
    const struct ebpf_reg_flow *flow = &l->plan.flow[l->at];
    if (!flow->ends || flow->ends & (flow->live | 1 << EBPF_REG_FP))
        return false;
    switch (ebpf_op_table[insn->op].format) {
    case EBPF_FMT_ALU_IMM:
    case EBPF_FMT_ALU_REG:
    case EBPF_FMT_ALU_UN:
    case EBPF_FMT_END:
        return insn->op != EBPF_OP_DATA;
    default:
        return false;
    }
}

static void lower_kept(struct x64_lower *l)
{
    const struct ebpf_insn *insn = ebpf_program_at(l->in->program, l->at);
    if (is_dead(l, insn))
        return;
    if (l->plan.flags[l->at] & X64_SWITCH) {
        x64_lower_switch(l, insn);
        return;
    }
    if (!(l->in->code.flags & EBPF_CODE_BLINDED) || !x64_lower_blinded(l))
        x64_lower_insn(l, insn);
}

const struct ebpf_wide *x64_find_wide(struct x64_lower *l, uint32_t insn)
{
    return ebpf_wides_find_last(&l->plan.wides, &l->first_wide, l->at, insn);
}

static void lower_wide(struct x64_lower *l)
{
    const struct ebpf_wide *wide = x64_find_wide(l, l->at);
    x64_lower_wide(l, wide, x64_at(x64_reg(wide->last_base), wide->last_off));
}

/* splitmix64 */
uint32_t x64_random(struct x64_lower *l)
{
    uint64_t x = l->random += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(x >> 32);
}

/* Now and then a no-operation of 1 to 3 bytes. */
static void shuffle(struct x64_lower *l)
{
    static const char *const nops[] = {"\x90", "\x66\x90", "\x0f\x1f\x00"};
    uint32_t choice = x64_random(l) % 16;
    if (choice < 3)
        x64_put_bytes(&l->e, nops[choice], choice + 1);
}

/* What comes before the first instruction of a block. */
static void start_block(struct x64_lower *l)
{
    unsigned flags = l->plan.flags[l->at];
    if (flags & X64_ENTRY)
        enter_function(l);
    if (flags & X64_ALIGNED && l->plan.heads < MANY_HEADS)
        x64_align(&l->e, HEAD_ALIGNMENT);
    if (flags & X64_ENTRY && (l->plan.has_local_calls || l->function > 0))
        x64_function_entry(l);
    if (flags & (X64_TARGET | X64_ENTRY))
        l->upper_zero = 0;
    x64_bind(&l->e, l->at);
    charge(l);
}

/* Lowers the instruction at l->at, and those that it is fused with. */
static void lower_one(struct x64_lower *l)
{
    if (l->in->code.flags & EBPF_CODE_SHUFFLED && l->at)
        shuffle(l);
    if (l->plan.flags[l->at] & X64_LEADER)
        start_block(l);
    else
        x64_bind(&l->e, l->at);
    if (l->next_check < l->plan.checks.count)
        x64_checks(l);
    switch (x64_role(&l->plan, l->at)) {
    case EBPF_WIDE_OMIT:
        break;
    case EBPF_WIDE_LAST:
        lower_wide(l);
        break;
    case EBPF_WIDE_KEEP:
        lower_kept(l);
    }
    track_upper(l);
    l->at++;
    l->prepaid--;
}

/* The number of the first element whose instruction, a number at `offset` in it, is not before
 * `insn`. */
static uint32_t first_from(const struct ebpf_vec *sorted, size_t offset, uint32_t insn)
{
    const char *data = sorted->data;
    size_t low = 0, high = sorted->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t at;
        memcpy(&at, data + middle * sorted->element + offset, sizeof(at));
        if (at < insn)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* Turns to a block that is not the one behind the last. */
static void turn_to(struct x64_lower *l, uint32_t first)
{
    l->at = first;
    l->upper_zero = 0;
    l->next_check = first_from(&l->plan.checks, offsetof(struct x64_check, insn), first);
    l->first_wide = first_from(&l->plan.wides.wides, offsetof(struct ebpf_wide, start), first);
}

/* Lowers number `n` of the order. */
static void lower_block(struct x64_lower *l, uint32_t n)
{
    const struct x64_plan *plan = &l->plan;
    const unsigned unwritten = X64_SKIPPED | X64_SUBSUMED;
    if (plan->flags[plan->order[n]] & unwritten) {
        x64_bind(&l->e, plan->order[n]);
        return;
    }
    if (l->at != plan->order[n])
        turn_to(l, plan->order[n]);
    l->next = UINT32_MAX;
    for (n++; n < plan->order_count && l->next == UINT32_MAX; n++)
        if (!(plan->flags[plan->order[n]] & unwritten))
            l->next = plan->order[n];
    l->falls = true;
    l->block = plan->block_of[l->at];
    l->last = plan->blocks[l->block].last;
    while (l->at <= l->last)
        lower_one(l);
    uint16_t last = ebpf_op_table[ebpf_program_at(l->in->program, l->at - 1)->op].effects;
    if (last & EBPF_FX_TERMINATOR || !l->falls)
        return;
    if (l->at == l->count)
        x64_ud2(&l->e);
    else if (x64_thread(plan, l->in, l->at) != l->next)
        x64_jmp(&l->e, x64_thread(plan, l->in, l->at));
}

void x64_lower_program(struct x64_lower *l)
{
    l->leave_insn = UINT32_MAX;
    x64_labels(&l->e, l->count);
    l->functions = x64_labels(&l->e, (uint32_t)l->in->program->functions.count);
    l->unwind = x64_labels(&l->e, 1);
    x64_bind(&l->e, l->unwind); /* until it has a place; with local calls it has none */
    for (uint32_t n = 0; n < l->plan.order_count && !l->e.status; n++)
        lower_block(l, n);
    x64_stubs(l);
}
