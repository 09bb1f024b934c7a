/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Which accesses need a check, and against what.
 *
 * Accesses at a known place in the function's own frame need none.  Of those in one block whose
 * addresses are a constant apart, the first checks the range of all: if that fails, one of them
 * would fault, or something rare is going on; either way the run goes on in the reference
 * interpreter from there, so that faults come at the right instruction.  What a check covers needs
 * none in blocks that follow either, as long as there is no other way there.
 *
 * Where pointers come from is followed from instruction to instruction in the order of the
 * program, and from jumps to their targets.  That is a guess and may be wrong; that a register is
 * r10 plus a constant is never guessed, it holds until other paths come in.
 */
#include <string.h>

#include "backends/x86_64/plan.h"
#include "base/mem.h"
#include "ir/op.h"

#define NO_GROUP UINT32_MAX
#define SEEN (1u << 31)

enum {
    FAR = 1 << 20, /* what one check may span */
    SPILLS = 64,
    OTHERS = 0x2aaaaa /* X64_SLOT_OTHER, 11 times */
};

struct state {
    struct x64_plan *plan;
    const struct ebpf_compile *in;
    struct x64_function *function;  /* the current one */
    int32_t frame;                  /* size of its frame */
    uint32_t slots;                 /* two bits per register: enum x64_slot */
    uint16_t at_fp;                 /* registers that are r10 plus a constant, as bits */
    int64_t fp_offset[EBPF_REG_COUNT];
    uint32_t group[EBPF_REG_COUNT]; /* the check that a register's value is covered by */
    int64_t delta[EBPF_REG_COUNT];  /* how far the value is from the one that was checked */
    uint32_t first_of_block;        /* checks from here on are in this block and may be widened */
    uint32_t next_wide;             /* the first wide access that starts further on */
    uint32_t open_until;            /* where the last of those that have started is done */
    bool learned_late;              /* whether a jump back brought something new */
    bool has_checks;                /* if nothing is checked, only frames are of interest */
    bool failed;                    /* for want of memory */
    uint8_t spilled[SPILLS];        /* enum x64_slot of what was stored at r10 - 8 n */
    uint32_t *seen;                 /* by block: slots at jumps to it, + SEEN */
};

static enum x64_slot slot_of(const struct state *s, unsigned reg)
{
    return (enum x64_slot)(s->slots >> 2 * reg & 3);
}

static void set_slot(struct state *s, unsigned reg, enum x64_slot slot)
{
    s->slots = (s->slots & ~(3u << 2 * reg)) | (uint32_t)slot << 2 * reg;
}

static void forget_block(struct state *s)
{
    s->at_fp = 1 << EBPF_REG_FP;
    memset(s->group, 0xff, sizeof(s->group));
}

static uint8_t *spill(struct state *s, int64_t offset)
{
    return offset < 0 && offset >= -8 * SPILLS ? &s->spilled[-offset / 8 % SPILLS] : NULL;
}

/* The slot for accesses through a register; its own frame for what came from r10. */
static enum x64_slot slot_for(const struct state *s, unsigned base)
{
    return s->at_fp >> base & 1 ? X64_SLOT_OTHER : slot_of(s, base);
}

/* Whether an access is known to be in the function's frame. */
static bool in_frame(struct state *s, unsigned base, int32_t low, int32_t size)
{
    if (!(s->at_fp >> base & 1))
        return false;
    int64_t offset = s->fp_offset[base] + low;
    if (offset < -(int64_t)s->frame || offset + size > 0)
        return false;
    if (offset < s->function->stack_low)
        s->function->stack_low = (int32_t)offset;
    return true;
}

/* Whether all pieces of a wide access were. */
static bool is_wide_proven(const struct state *s, const struct ebpf_wide *wide)
{
    for (uint32_t i = wide->start; i <= wide->end; i++)
        if (x64_role(s->plan, i) != EBPF_WIDE_KEEP && !ebpf_compile_is_proven(s->in, i))
            return false;
    return true;
}

/* Whether the check of a register's value covers an access, or can be made to. */
static bool is_covered(struct state *s, unsigned base, int32_t low, int32_t size, bool store)
{
    struct x64_check *first = (struct x64_check *)s->plan->checks.data + s->group[base];
    int64_t begin = low + s->delta[base], end = begin + size;
    int64_t first_end = (int64_t)first->low + first->span;
    if (begin >= first->low && end <= first_end && first->store >= store)
        return true;
    if (s->group[base] < s->first_of_block || begin < -FAR || end > FAR)
        return false;
    first->low = begin < first->low ? (int32_t)begin : first->low;
    first->span = (uint32_t)((end > first_end ? end : first_end) - first->low);
    first->store |= store;
    return true;
}

/*
 * Sees to it that an access is checked, by widening the check of its group or by a check before
 * the instruction `at`.  While the pieces of a wide access are left out, the reference interpreter
 * could not go on from here but to a fault: then a check is for one access only.
 */
static void check(struct state *s, uint32_t at, unsigned base, int32_t low, int32_t size,
                  bool store)
{
    if (in_frame(s, base, low, size))
        return;
    if (s->in->policy == EBPF_POLICY_TRUSTED) {
        s->plan->fp_escapes |= s->at_fp >> base & 1; /* to the frame's surroundings */
        return;
    }
    if (s->group[base] != NO_GROUP && is_covered(s, base, low, size, store))
        return;
    struct x64_check *new = ebpf_vec_push(&s->plan->checks, 1);
    if (!new) {
        s->failed = true;
        return;
    }
    *new = (struct x64_check){.insn = at, .low = low, .span = (uint32_t)size,
                              .base = (uint8_t)base, .slot = (uint8_t)slot_for(s, base),
                              .store = store};
    if (at >= s->open_until) {
        s->group[base] = (uint32_t)s->plan->checks.count - 1;
        s->delta[base] = 0;
    }
}

/* The checks of wide accesses whose pieces start at `at`: nothing is left out before that. */
static void check_wides(struct state *s, uint32_t at)
{
    const struct ebpf_wides *wides = &s->plan->wides;
    uint32_t until = s->open_until;
    for (; s->next_wide < wides->wides.count; s->next_wide++) {
        const struct ebpf_wide *wide = (const struct ebpf_wide *)wides->wides.data + s->next_wide;
        if (wide->start > at)
            break;
        s->open_until = 0;
        if (is_wide_proven(s, wide))
            in_frame(s, wide->start_base, wide->start_off, wide->size);
        else
            check(s, at, wide->start_base, wide->start_off, wide->size, wide->store);
        until = wide->last > until ? wide->last : until;
    }
    s->open_until = until;
}

static enum x64_slot slot_of_load(struct state *s, const struct ebpf_insn *insn)
{
    if (s->at_fp >> insn->src & 1) {
        const uint8_t *spilled = spill(s, s->fp_offset[insn->src] + insn->off);
        return spilled ? (enum x64_slot)*spilled : X64_SLOT_OTHER;
    }
    return slot_of(s, insn->src) == X64_SLOT_ARG ? X64_SLOT_LOADED : X64_SLOT_OTHER;
}

static void define(struct state *s, unsigned reg, enum x64_slot slot)
{
    set_slot(s, reg, slot);
    s->at_fp &= (uint16_t)~(1u << reg);
    s->group[reg] = NO_GROUP;
}

static void define_fp(struct state *s, unsigned reg, int64_t offset)
{
    define(s, reg, X64_SLOT_STACK);
    s->at_fp |= (uint16_t)(1u << reg);
    s->fp_offset[reg] = offset;
}

/* dst = src + imm, neither in the frame for all we know. */
static void move_by(struct state *s, unsigned dst, unsigned src, int64_t imm)
{
    uint32_t group = s->group[src];
    int64_t delta = s->delta[src] + imm;
    define(s, dst, slot_of(s, src));
    if (delta > -FAR && delta < FAR) {
        s->group[dst] = group;
        s->delta[dst] = delta;
    }
}

/* Arithmetic: copies and sums of pointers are pointers to the same. */
static void follow_alu(struct state *s, const struct ebpf_insn *insn)
{
    unsigned dst = insn->dst, src = insn->src;
    bool dst_at_fp = s->at_fp >> dst & 1;
    switch (insn->op) {
    case EBPF_OP_MOV64_REG:
        if (s->at_fp >> src & 1)
            define_fp(s, dst, s->fp_offset[src]);
        else
            move_by(s, dst, src, 0);
        break;
    case EBPF_OP_ADD64_IMM:
    case EBPF_OP_SUB64_IMM:
        if (dst_at_fp)
            define_fp(s, dst, s->fp_offset[dst] +
                                  (insn->op == EBPF_OP_ADD64_IMM ? insn->imm : -insn->imm));
        else
            move_by(s, dst, dst, insn->op == EBPF_OP_ADD64_IMM ? insn->imm : -insn->imm);
        break;
    case EBPF_OP_ADD64_REG:
        define(s, dst, slot_of(s, dst) == X64_SLOT_OTHER ? slot_of(s, src) : slot_of(s, dst));
        break;
    case EBPF_OP_SUB64_REG:
    case EBPF_OP_AND64_IMM:
    case EBPF_OP_AND64_REG:
        define(s, dst, slot_of(s, dst));
        break;
    default:
        define(s, dst, X64_SLOT_OTHER);
    }
}

/* r10 in any place but that of the base of an access with a constant offset. */
static bool leaks_fp(const struct ebpf_insn *insn)
{
    uint16_t fx = ebpf_op_table[insn->op].effects;
    bool loads = fx & EBPF_FX_LOAD, stores = fx & EBPF_FX_STORE;
    return (fx & EBPF_FX_USE_SRC && insn->src == EBPF_REG_FP && (stores || !loads)) ||
           (fx & EBPF_FX_USE_DST && insn->dst == EBPF_REG_FP && !stores);
}

/* `slots`, where they say nothing better than X64_SLOT_OTHER those of `others`. */
static uint32_t merge_slots(uint32_t slots, uint32_t others)
{
    uint32_t other = (slots >> 1 & ~slots & 0x155555) * 3;
    return (slots & ~other) | (others & other);
}

static void see(struct state *s, uint32_t at, uint32_t target)
{
    uint32_t *seen = &s->seen[s->plan->block_of[target]], before = *seen;
    *seen = (before ? merge_slots(before, s->slots) : s->slots) | SEEN;
    s->learned_late |= target <= at && *seen != before;
}

/* Whether an instruction may call something that looks at memory by itself. */
static bool looks(const struct state *s, const struct ebpf_insn *insn)
{
    const struct ebpf_helper *helper =
        insn->op == EBPF_OP_CALL ? ebpf_env_helper(s->in->env, (uint32_t)insn->imm) : NULL;
    return insn->op == EBPF_OP_CALLX || (helper && helper->run_fn);
}

static void follow(struct state *s, uint32_t at, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    uint16_t fx = info->effects;
    s->function->leaks_fp |= leaks_fp(insn);
    if (fx & EBPF_FX_CALL) {
        s->plan->fp_escapes |= looks(s, insn);
        memset(s->group, 0xff, sizeof(s->group));
        for (unsigned reg = 0; reg <= (insn->op == EBPF_OP_CALL_LOCAL ? 5u : 0u); reg++)
            define(s, reg, X64_SLOT_OTHER);
    } else if (fx & EBPF_FX_PACKET) {
        define(s, 0, X64_SLOT_OTHER);
    } else if (fx & (EBPF_FX_LOAD | EBPF_FX_STORE)) {
        bool stores = fx & EBPF_FX_STORE;
        if (ebpf_compile_is_proven(s->in, at))
            in_frame(s, stores ? insn->dst : insn->src, insn->off, info->width / 8);
        else if (x64_role(s->plan, at) == EBPF_WIDE_KEEP)
            check(s, at, stores ? insn->dst : insn->src, insn->off, info->width / 8, stores);
        uint8_t *spilled = insn->op == EBPF_OP_STXDW && s->at_fp >> insn->dst & 1
                               ? spill(s, s->fp_offset[insn->dst] + insn->off)
                               : NULL;
        if (spilled)
            *spilled = (uint8_t)slot_of(s, insn->src);
        if (fx & EBPF_FX_DEF_DST)
            define(s, insn->dst, slot_of_load(s, insn));
        if (fx & EBPF_FX_DEF_SRC)
            define(s, insn->src, X64_SLOT_OTHER);
        if (fx & EBPF_FX_CMPXCHG)
            define(s, 0, X64_SLOT_OTHER);
    } else if (fx & EBPF_FX_DEF_DST) {
        follow_alu(s, insn);
    }
    if (fx & EBPF_FX_JUMP)
        see(s, at, insn->target);
}

/* Whether any access may have to be checked. */
static bool has_checks(const struct ebpf_compile *in)
{
    if (in->policy == EBPF_POLICY_TRUSTED)
        return false;
    for (uint32_t i = 0; i < ebpf_program_count(in->program); i++) {
        uint16_t fx = ebpf_op_table[ebpf_program_at(in->program, i)->op].effects;
        if (fx & (EBPF_FX_LOAD | EBPF_FX_STORE) && !ebpf_compile_is_proven(in, i))
            return true;
    }
    return false;
}

/* Whether an instruction may have to do with frames: most have not.  Calls set r0. */
static bool concerns_frames(const struct state *s, const struct ebpf_reg_flow *flow,
                            const struct ebpf_insn *insn)
{
    return (flow->uses | flow->ends) & s->at_fp ||
           (flow->ends & 1 && ebpf_op_table[insn->op].effects & EBPF_FX_CALL);
}

/* Whether nothing is checked, and nothing can have to do with frames. */
static bool is_idle(const struct state *s)
{
    bool frames = s->has_checks;
    for (size_t i = 0; i < s->in->program->functions.count && !frames; i++)
        frames = s->plan->functions[i].calls ||
                 s->plan->functions[i].touched >> EBPF_REG_FP & 1;
    return !frames;
}

/* What holds at the start of a block. */
static void enter_block(struct state *s, uint32_t at)
{
    unsigned flags = s->plan->flags[at];
    s->first_of_block = (uint32_t)s->plan->checks.count;
    if (flags & X64_ENTRY) {
        forget_block(s);
        uint32_t number = ebpf_program_function_of(s->in->program, at);
        s->function = &s->plan->functions[number];
        s->frame = (int32_t)s->in->frame_sizes[number];
        memset(s->spilled, X64_SLOT_OTHER, sizeof(s->spilled));
        s->slots = OTHERS;
        set_slot(s, EBPF_REG_FP, X64_SLOT_STACK);
        if (at == 0)
            set_slot(s, 1, X64_SLOT_ARG);
        return;
    }
    bool falls = !(ebpf_op_table[ebpf_program_at(s->in->program, at - 1)->op].effects &
                   EBPF_FX_TERMINATOR);
    if (!falls || flags & X64_TARGET)
        forget_block(s);
    if (!s->has_checks)
        return; /* slots are guesses for checks */
    uint32_t seen = s->seen[s->plan->block_of[at]];
    s->slots = merge_slots(falls ? s->slots : OTHERS, seen ? seen & ~SEEN : OTHERS);
}

/* One walk over the program; the second one knows what jumps back bring. */
static void walk(struct state *s, uint32_t count)
{
    s->next_wide = s->open_until = 0;
    s->plan->checks.count = 0;
    for (uint32_t i = 0; i < count && !s->failed; i++) {
        if (s->plan->flags[i] & X64_LEADER)
            enter_block(s, i);
        if (s->next_wide < s->plan->wides.wides.count)
            check_wides(s, i);
        const struct ebpf_insn *insn = ebpf_program_at(s->in->program, i);
        if (s->has_checks || concerns_frames(s, &s->plan->flow[i], insn))
            follow(s, i, insn);
    }
}

ebpf_status x64_plan_checks(struct x64_plan *plan, const struct ebpf_compile *in)
{
    uint32_t count = ebpf_program_count(in->program);
    struct state s = {.plan = plan, .in = in, .has_checks = has_checks(in)};
    if (is_idle(&s))
        return EBPF_OK;
    s.seen = ebpf_mem_zalloc(&plan->arena.mem, plan->block_count, sizeof(*s.seen));
    if (!s.seen)
        return EBPF_ERR_NOMEM;
    walk(&s, count);
    if (s.learned_late && s.has_checks)
        walk(&s, count);
    for (size_t i = 0; i < in->program->functions.count; i++)
        plan->fp_escapes |= plan->functions[i].leaks_fp;
    ebpf_mem_free(&plan->arena.mem, s.seen, plan->block_count * sizeof(*s.seen));
    return s.failed ? EBPF_ERR_NOMEM : EBPF_OK;
}
