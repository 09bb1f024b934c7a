/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* From instructions to units, in three passes: where jumps lead to, a unit for each instruction,
 * and what is executed at once. */
#include <string.h>

#include "backends/interp/wide.h"
#include "base/mem.h"
#include "ir/liveness.h"
#include "ir/regs.h"
#include "ir/program.h"

/* The ways of units.def. */
enum way {
    WAY_MM, WAY_AM, WAY_MA, WAY_MS, WAY_SM, WAY_SA, WAY_MMB, WAY_AMB, WAY_MAB,
    WAY_COUNT
};

static const uint16_t kind_of[EBPF_OP_COUNT][WAY_COUNT] = {
#define UNITS_OF_INSTRUCTIONS
#define UNIT(id, way, body, dst, src, oper, width, fx)                                             \
    [EBPF_OP_##id][WAY_##way] = UNIT_##id##_##way,
#include "backends/interp/units.def"
#undef UNIT
#undef UNITS_OF_INSTRUCTIONS
};

enum { NO_REG = 255 };

/* What is known while units are made. */
struct maker {
    struct ebpf_code *code;
    struct ebpf_diag *diag;
    uint8_t *leaders;           /* of each instruction: whether control may come from elsewhere */
    uint32_t insn;
    uint32_t cached;            /* the register that the accumulator holds, or NO_REG */
    uint32_t frame;             /* of the current function */
    uint32_t touched;           /* how much of it is accessed directly, from its upper end */
    bool escapes;               /* whether r10 is used otherwise */
    uint32_t constants;         /* how many there are so far */
    uint32_t load_bases, store_bases; /* registers, as bits */
    struct ebpf_reg_flow *flow;       /* as ebpf_liveness() gives it */
    struct ebpf_wides wides;
    uint32_t next_wide;               /* the first one that may not be done yet */
    uint32_t kept;                    /* the next instruction that is not left out */
};

static void mark_leaders(struct maker *m)
{
    const struct ebpf_program *program = m->code->in.program;
    for (uint32_t i = 0; i < m->code->count; i++) {
        uint32_t target = ebpf_program_at(program, i)->target;
        if (target < m->code->count)
            m->leaders[target] = 1;
    }
}

/* Is an access through r10 within the frame for certain? */
static bool in_frame(const struct ebpf_insn *insn, unsigned base, uint32_t frame)
{
    int size = ebpf_op_table[insn->op].width / 8;
    return base == EBPF_REG_FP && insn->off < 0 && insn->off + size <= 0 &&
           (uint32_t)-insn->off <= frame;
}

bool interp_needs_no_check(const struct ebpf_code *code, uint32_t insn, unsigned base,
                           uint32_t frame)
{
    return code->in.policy == EBPF_POLICY_TRUSTED || ebpf_compile_is_proven(&code->in, insn) ||
           in_frame(ebpf_program_at(code->in.program, insn), base, frame);
}

/* Which way an access goes whose base is dst (`store`) or src. */
static enum way way_of_access(struct maker *m, const struct ebpf_insn *insn, bool store)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    unsigned base = store ? insn->dst : insn->src;
    bool value_cached = info->format == EBPF_FMT_STX && insn->src == m->cached;
    if (info->format == EBPF_FMT_STX && insn->src == EBPF_REG_FP)
        m->escapes = true;
    if (!in_frame(insn, base, m->frame))
        m->escapes |= base == EBPF_REG_FP;
    else if ((uint32_t)-insn->off > m->touched)
        m->touched = (uint32_t)-insn->off;
    if (interp_needs_no_check(m->code, m->insn, base, m->frame))
        return value_cached ? WAY_SA : store ? WAY_SM : WAY_MS;
    *(store ? &m->store_bases : &m->load_bases) |= 1u << base;
    if (base == m->cached)
        return store ? WAY_AM : WAY_MA;
    return value_cached ? WAY_MA : WAY_MM;
}

/* Which way a computation or comparison goes. */
static enum way way_of_operands(struct maker *m, const struct ebpf_insn *insn)
{
    uint16_t fx = ebpf_op_table[insn->op].effects;
    if (ebpf_uses(insn) >> EBPF_REG_FP & 1)
        m->escapes = true;
    if (fx & EBPF_FX_USE_DST && insn->dst == m->cached)
        return WAY_AM;
    if (fx & EBPF_FX_USE_SRC && insn->src == m->cached)
        return WAY_MA;
    return WAY_MM;
}

static enum way way_of(struct maker *m, const struct ebpf_insn *insn)
{
    bool back = insn->target <= m->insn;
    switch (ebpf_op_table[insn->op].format) {
    case EBPF_FMT_LDX:
        return way_of_access(m, insn, false);
    case EBPF_FMT_ST:
    case EBPF_FMT_STX:
        return way_of_access(m, insn, true);
    case EBPF_FMT_LOAD_ACQ:
        m->load_bases |= 1u << insn->src;
        break;
    case EBPF_FMT_ATOMIC:
    case EBPF_FMT_STORE_REL:
        m->store_bases |= 1u << insn->dst;
        break;
    case EBPF_FMT_JMP_IMM:
    case EBPF_FMT_JMP_REG:
        return (enum way)(way_of_operands(m, insn) + (back ? WAY_MMB - WAY_MM : 0));
    case EBPF_FMT_JA:
    case EBPF_FMT_JA32:
    case EBPF_FMT_MAY_GOTO:
        return back ? WAY_MMB : WAY_MM;
    case EBPF_FMT_CALL_LOCAL:
        return WAY_MM;
    case EBPF_FMT_ALU_IMM:
    case EBPF_FMT_ALU_REG:
    case EBPF_FMT_ALU_UN:
    case EBPF_FMT_END:
        return way_of_operands(m, insn);
    }
    if (ebpf_uses(insn) >> EBPF_REG_FP & 1)
        m->escapes = true;
    return WAY_MM;
}

/* Which register the accumulator holds after an instruction. */
static uint32_t cached_after(const struct maker *m, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (info->effects & EBPF_FX_CALL)
        return insn->op == EBPF_OP_CALL_LOCAL ? NO_REG : 0;
    if (info->effects & EBPF_FX_DEF_DST)
        return insn->dst;
    if (m->cached == NO_REG || ebpf_defs(insn) >> m->cached & 1)
        return NO_REG;
    return m->cached;
}

static ebpf_status refuse(const struct maker *m, ebpf_status status, const char *what)
{
    ebpf_program_report(m->code->in.program, m->diag, EBPF_SEVERITY_ERROR, status, m->insn, NULL,
                        "%s", what);
    return status;
}

/* The operand that has its own meaning: a constant, a helper, a function. */
static ebpf_status set_operand(struct maker *m, const struct ebpf_insn *insn, struct unit *u)
{
    const struct ebpf_env *env = m->code->in.env;
    const struct ebpf_helper *helper;
    switch (ebpf_op_table[insn->op].format) {
    case EBPF_FMT_IMM64:
    case EBPF_FMT_REF:
    case EBPF_FMT_REF_OFF:
    case EBPF_FMT_REF_FUNC:
        u->imm = (int32_t)m->constants;
        if (ebpf_env_constant(env, insn, &m->code->constants[m->constants++]))
            return refuse(m, EBPF_ERR_REFERENCE, "unresolved reference to a map or variable");
        break;
    case EBPF_FMT_CALL:
        if (insn->op == EBPF_OP_CALL_BTF)
            return refuse(m, EBPF_ERR_CALL_KIND, "calls by BTF id are not supported");
        helper = ebpf_env_helper(env, (uint32_t)insn->imm);
        if (!helper) {
            ebpf_program_report(m->code->in.program, m->diag, EBPF_SEVERITY_ERROR,
                                EBPF_ERR_HELPER, m->insn, NULL, "unknown helper function %u",
                                (unsigned)insn->imm);
            return EBPF_ERR_HELPER;
        }
        u->imm = (int32_t)(helper - env->helpers);
        break;
    case EBPF_FMT_CALL_LOCAL:
        u->imm = (int32_t)ebpf_program_function_of(m->code->in.program, insn->target);
        break;
    }
    return EBPF_OK;
}

/* Formats of instructions that nothing but registers has to do with. */
static bool computes(uint8_t format)
{
    return format == EBPF_FMT_ALU_IMM || format == EBPF_FMT_ALU_REG || format == EBPF_FMT_ALU_UN ||
           format == EBPF_FMT_END || format == EBPF_FMT_IMM64 || format == EBPF_FMT_JA ||
           format == EBPF_FMT_JA32 || format == EBPF_FMT_JMP_IMM || format == EBPF_FMT_JMP_REG ||
           format == EBPF_FMT_EXIT;
}

/* If an instruction is left out, or the last piece of a word: its unit does the word, where nothing
 * but what is left out stands in between, and passes over that. */
static bool make_piece(struct maker *m, const struct ebpf_insn *insn, struct unit *u)
{
    uint32_t left_out;
    const uint8_t *roles = m->wides.roles;
    if (!roles || roles[m->insn] == EBPF_WIDE_KEEP)
        return false;
    way_of(m, insn); /* for what it notes of the frame */
    if (m->kept < m->insn)
        m->kept = m->insn;
    while (roles[m->kept] == EBPF_WIDE_OMIT)
        m->kept++;
    left_out = m->kept - m->insn;
    if (roles[m->kept] == EBPF_WIDE_KEEP) {
        m->code->kinds[m->insn] = interp_make_skip(left_out, u);
        return true;
    }
    const struct ebpf_wide *wide =
        ebpf_wides_find_last(&m->wides, &m->next_wide, m->insn, m->kept);
    m->code->kinds[m->insn] = interp_make_wide(wide, left_out, u);
    m->code->only_computes = false;
    if (left_out == 0 && !wide->store)
        m->cached = wide->value;
    return true;
}

static ebpf_status make_unit(struct maker *m, const struct ebpf_insn *insn)
{
    struct unit *u = &m->code->units[m->insn];
    if (m->leaders[m->insn])
        m->cached = NO_REG;
    if (make_piece(m, insn, u))
        return EBPF_OK;
    m->code->kinds[m->insn] = kind_of[insn->op][way_of(m, insn)];
    u->dst = (uint8_t)(insn->dst * sizeof(uint64_t));
    u->src = (uint8_t)(insn->src * sizeof(uint64_t));
    u->off = insn->off;
    u->imm = (int32_t)insn->imm;
    uint8_t format = ebpf_op_table[insn->op].format;
    m->code->only_computes &= computes(format);
    if (insn->target != EBPF_TARGET_NONE) {
        m->code->set_up |= insn->target <= m->insn;
        m->code->only_computes &= insn->target > m->insn;
        int32_t distance = (int32_t)insn->target - (int32_t)m->insn - 1;
        if (format == EBPF_FMT_JMP_IMM || format == EBPF_FMT_CALL_LOCAL)
            unit_set_jump(u, u->dst, distance);
        else
            u->imm = distance;
    }
    m->cached = cached_after(m, insn);
    return set_operand(m, insn, u);
}

/* How much of a frame is cleared at the start. */
static void set_used(struct function *function, uint32_t frame, uint32_t used)
{
    *function = (struct function){frame, used, {frame - used, frame != used}};
}

static ebpf_status make_function(struct maker *m, uint32_t index)
{
    const struct ebpf_program *program = m->code->in.program;
    const struct ebpf_function *source = (const struct ebpf_function *)program->functions.data;
    uint32_t end = source[index].first + source[index].count;
    m->frame = m->code->frame_sizes[index];
    m->touched = 0;
    m->escapes = m->code->in.policy == EBPF_POLICY_TRUSTED;
    m->cached = NO_REG;
    for (m->insn = source[index].first; m->insn < end; m->insn++) {
        ebpf_status status = make_unit(m, ebpf_program_at(program, m->insn));
        if (status)
            return status;
    }
    set_used(&m->code->functions[index], m->frame, m->escapes ? m->frame : (m->touched + 7) & ~7u);
    return EBPF_OK;
}

/* Chooses what is executed at once, so that every way through the program has as few steps as
 * possible: backwards, from how many steps it takes from each unit to the last one. */
static void fuse(struct ebpf_code *code)
{
    uint32_t steps[FUSED_MAX + 1] = {0}; /* from unit i + 1 on, from i + 2 on, ... */
    for (uint32_t i = code->count; i-- > 0;) {
        const uint16_t *kinds = &code->kinds[i];
        unit_fn *best = interp_unit_fns[kinds[0]], *fn;
        uint32_t least = steps[0];
        for (unsigned n = 2; n <= FUSED_MAX && n <= code->count - i; n++)
            if (steps[n - 1] < least && (fn = interp_fused(kinds, n)))
                best = fn, least = steps[n - 1];
        code->units[i].run = best;
        memmove(&steps[1], steps, FUSED_MAX * sizeof(steps[0]));
        steps[0] = least + 1;
    }
}

static uint32_t list_regs(uint32_t bits, uint8_t *regs)
{
    uint32_t count = 0;
    for (uint8_t r = 0; r < EBPF_REG_COUNT; r++)
        if (bits >> r & 1)
            regs[count++] = r;
    return count;
}

/* What is live, and which words that lets us do at once. */
static ebpf_status find_live(struct maker *m)
{
    const struct ebpf_code *code = m->code;
    const struct ebpf_program *program = code->in.program;
    ebpf_liveness(program, m->flow);
    if (program->functions.count > 1 && ebpf_live_across(program, m->flow))
        return EBPF_OK;
    return interp_find_wides(code, m->flow, &m->wides) ? EBPF_OK : EBPF_ERR_NOMEM;
}

/* What a run has to set up.  Where there are local calls that is everything: liveness looks at
 * functions apart, and a program that was not verified may read what its caller left. */
static void choose_start(struct maker *m)
{
    struct ebpf_code *code = m->code;
    const struct ebpf_program *program = code->in.program;
    struct function *first = &code->functions[0];
    /* Slots may start with the used part of the first frame: it must hold an access. */
    if ((m->load_bases | m->store_bases) && first->used < SLOT_MIN)
        set_used(first, first->frame, first->frame < SLOT_MIN ? first->frame : SLOT_MIN);
    code->load_count = list_regs(m->load_bases, code->load_regs);
    code->store_count = list_regs(m->store_bases, code->store_regs);
    code->longest = code->count + 1;
    code->first = *first;
    code->live = (1 << EBPF_REG_COUNT) - 1;
    if (program->functions.count == 1)
        code->live = ebpf_flow_before(&m->flow[0]);
    code->set_up |= (code->live & ~(1 << EBPF_REG_FP)) || first->used ||
                    code->load_count + code->store_count;
    code->only_computes &= !(code->live >> EBPF_REG_FP & 1);
}

static ebpf_status make_all(struct maker *m)
{
    struct ebpf_code *code = m->code;
    mark_leaders(m);
    code->only_computes = true;
    ebpf_status status = find_live(m);
    for (uint32_t i = 0; i < code->in.program->functions.count && !status; i++)
        status = make_function(m, i);
    if (status)
        return status;
    code->kinds[code->count] = UNIT_DATA_MM;
    code->units[code->count] = (struct unit){.run = interp_unit_fns[UNIT_DATA_MM]};
    if (m->wides.roles)
        interp_join_skips(code);
    fuse(code);
    choose_start(m);
    return EBPF_OK;
}

ebpf_status interp_compile(struct ebpf_code *code, struct ebpf_diag *diag)
{
    struct maker m = {.code = code, .diag = diag};
    m.leaders = ebpf_mem_zalloc(&code->mem, code->count, 1);
    m.flow = ebpf_mem_alloc(&code->mem, code->count * sizeof(*m.flow));
    ebpf_status status = m.leaders && m.flow ? make_all(&m) : EBPF_ERR_NOMEM;
    code->in.facts = NULL; /* they are gone from now on */
    ebpf_wides_free(&m.wides);
    ebpf_mem_free(&code->mem, m.flow, code->count * sizeof(*m.flow));
    ebpf_mem_free(&code->mem, m.leaders, code->count);
    return status;
}
