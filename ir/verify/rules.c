/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The rules on one instruction.  Each reports what breaks it and says whether it did. */
#include "ir/verify/rules.h"

#include <stdio.h>

#include <ebpfvm/facts.h>

#include "ir/regs.h"

static bool check_register(const struct ebpf_rule_at *at, enum ebpf_field field, unsigned reg)
{
    if (!(at->info->fields & field) || reg < EBPF_REG_COUNT)
        return false;
    ebpf_verify_reject(at->verify, EBPF_ERR_BAD_REGISTER, at->index, NULL,
                       "invalid %s register r%u of %s",
                       field == EBPF_FIELD_DST ? "destination" : "source", reg,
                       at->info->mnemonic);
    return true;
}

static bool check_registers(const struct ebpf_rule_at *at)
{
    return check_register(at, EBPF_FIELD_DST, at->insn->dst) ||
           check_register(at, EBPF_FIELD_SRC, at->insn->src);
}

static bool check_frame_pointer(const struct ebpf_rule_at *at)
{
    if (!(ebpf_defs(at->insn) & 1u << EBPF_REG_FP))
        return false;
    ebpf_verify_reject(at->verify, EBPF_ERR_WRITE_R10, at->index, NULL,
                       "%s writes r10, the frame pointer", at->info->mnemonic);
    return true;
}

/* A field that the form has no use for: it is neither an operand nor tells the form. */
static bool check_unused(const struct ebpf_rule_at *at, enum ebpf_field field, const char *name,
                         int value)
{
    if ((at->info->fields | at->info->disc_field) & field || value == 0)
        return false;
    ebpf_verify_reject(at->verify, EBPF_ERR_RESERVED, at->index, NULL,
                       "the %s of %s is reserved and must be 0, not %d", name, at->info->mnemonic,
                       value);
    return true;
}

static bool divides(const struct ebpf_rule_at *at)
{
    return at->info->oper == EBPF_OPER_DIV || at->info->oper == EBPF_OPER_SDIV ||
           at->info->oper == EBPF_OPER_MOD || at->info->oper == EBPF_OPER_SMOD;
}

/* `mov32 rX, rX` with the immediate 1 right behind a 32-bit operation on rX: so the kernel spells
 * an explicit zero extension, inside and in the tests of its interpreter. */
static bool is_zero_extension(const struct ebpf_rule_at *at)
{
    const struct ebpf_insn *insn = at->insn;
    if (insn->op != EBPF_OP_MOV32_REG || insn->dst != insn->src || insn->imm != 1 ||
        at->index == at->start)
        return false;
    return ebpf_op_table[insn[-1].op].width == 32 && ebpf_insn_defs(insn - 1) & 1u << insn->dst;
}

/* Immediates without use that others are known to fill: divisions by a register in the tests of
 * rbpf, and zero extensions.  Only "structure" minds. */
static bool may_fill_immediate(const struct ebpf_rule_at *at)
{
    return divides(at) || is_zero_extension(at);
}

static bool check_filled_immediate(const struct ebpf_rule_at *at)
{
    return may_fill_immediate(at) &&
           check_unused(at, EBPF_FIELD_IMM, "immediate", (int32_t)at->insn->imm);
}

static bool check_reserved(const struct ebpf_rule_at *at)
{
    const struct ebpf_insn *insn = at->insn;
    return check_unused(at, EBPF_FIELD_DST, "destination field", insn->dst) ||
           check_unused(at, EBPF_FIELD_SRC, "source field", insn->src) ||
           check_unused(at, EBPF_FIELD_OFF, "offset", insn->off) ||
           (!may_fill_immediate(at) &&
            check_unused(at, EBPF_FIELD_IMM, "immediate", (int32_t)insn->imm)) ||
           (at->info->slots == 2 &&
            check_unused(at, EBPF_FIELD_NEXT_IMM, "second immediate",
                         (int32_t)((uint64_t)insn->imm >> 32)));
}

static bool check_shift(const struct ebpf_rule_at *at)
{
    unsigned width = at->info->width;
    bool shifts = at->info->oper == EBPF_OPER_LSH || at->info->oper == EBPF_OPER_RSH ||
                  at->info->oper == EBPF_OPER_ARSH;
    if (!shifts || at->info->format != EBPF_FMT_ALU_IMM || (uint64_t)at->insn->imm < width)
        return false;
    char advice[60];
    snprintf(advice, sizeof(advice), "shift by 0 to %u, or use the lenient verifier", width - 1);
    ebpf_verify_reject(at->verify, EBPF_ERR_SHIFT, at->index, advice, "%s by %lld",
                       at->info->mnemonic, (long long)at->insn->imm);
    return true;
}

static bool check_divisor(const struct ebpf_rule_at *at)
{
    if (!divides(at) || at->info->format != EBPF_FMT_ALU_IMM || at->insn->imm != 0)
        return false;
    ebpf_verify_reject(at->verify, EBPF_ERR_DIV_ZERO, at->index, NULL, "%s by the constant 0",
                       at->info->mnemonic);
    return true;
}

static bool check_packet_width(const struct ebpf_rule_at *at)
{
    if (!(at->info->effects & EBPF_FX_PACKET) || at->info->group == EBPF_GROUP_PACKET)
        return false;
    ebpf_verify_reject(at->verify, EBPF_ERR_OPCODE, at->index,
                       "load 8, 16 or 32 bits, or use the lenient verifier",
                       "%s is an extension that the kernel does not have", at->info->mnemonic);
    return true;
}

static bool check_call_by_register(const struct ebpf_rule_at *at)
{
    if (at->insn->op != EBPF_OP_CALLX)
        return false;
    ebpf_verify_reject(at->verify, EBPF_ERR_CALL_KIND, at->index,
                       "call the helper by its id, or use the lenient verifier",
                       "call of the helper whose id is in r%u", at->insn->dst);
    return true;
}

static bool check_call_by_btf(const struct ebpf_rule_at *at)
{
    if (at->insn->op != EBPF_OP_CALL_BTF)
        return false;
    ebpf_verify_reject(at->verify, EBPF_ERR_CALL_KIND, at->index, NULL,
                       "call of the kernel function with BTF id %lld", (long long)at->insn->imm);
    return true;
}

static bool check_reference(const struct ebpf_rule_at *at)
{
    const struct ebpf_contract *contract = at->verify->contract;
    bool map = at->insn->op == EBPF_OP_LDDW_MAP_FD || at->insn->op == EBPF_OP_LDDW_MAP_VAL_FD;
    if (at->info->slots != 2 || at->insn->op == EBPF_OP_LDDW || at->insn->op == EBPF_OP_LDDW_FUNC ||
        (map && ebpf_contract_map(contract, at->program, (uint32_t)at->insn->imm)))
        return false;
    ebpf_verify_reject(at->verify, EBPF_ERR_REFERENCE, at->index, NULL,
                       "unresolved reference: lddw of %s(%d)",
                       ebpf_oper_symbol((enum ebpf_oper)at->info->oper), (int)at->insn->imm);
    return true;
}

/* A target that is none: outside of the program, or the second slot of an lddw. */
static bool check_target(const struct ebpf_rule_at *at)
{
    const struct ebpf_insn *insn = at->insn;
    enum ebpf_field field = ebpf_target_field((enum ebpf_op)insn->op);
    uint32_t count = ebpf_program_count(at->program);
    if (!field || insn->target < count)
        return false;
    const char *what = at->info->effects & EBPF_FX_CALL ? "call" : "jump";
    uint32_t slots = ebpf_program_pc(at->program, count);
    int64_t to = ebpf_program_pc(at->program, at->index) + 1 +
                 (int64_t)(field == EBPF_FIELD_OFF ? insn->off : (int32_t)insn->imm);
    if (insn->target != EBPF_TARGET_NONE) /* a label at the end */
        to = slots;
    char advice[100];
    snprintf(advice, sizeof(advice),
             "the slots are #0 to #%u; the offset is counted from the next one", slots - 1);
    if (to >= 0 && to < slots)
        ebpf_verify_reject(at->verify, EBPF_ERR_TARGET_LDDW, at->index, NULL,
                           "%s to the middle of lddw at #%lld", what, (long long)to);
    else
        ebpf_verify_reject(at->verify, EBPF_ERR_TARGET, at->index, advice,
                           "%s out of code to #%lld", what, (long long)to);
    return true;
}

static bool check_jump(const struct ebpf_rule_at *at)
{
    uint16_t fx = at->info->effects;
    uint32_t target = at->insn->target;
    if (!(fx & EBPF_FX_JUMP))
        return false;
    if (target < at->start || target >= at->end) {
        ebpf_verify_reject(at->verify, EBPF_ERR_CROSS_JUMP, at->index, NULL,
                           "jump to #%u, which is in another function",
                           ebpf_program_pc(at->program, target));
        return true;
    }
    if (fx & EBPF_FX_TERMINATOR && target == at->index) {
        ebpf_verify_reject(at->verify, EBPF_ERR_SELF_LOOP, at->index, NULL,
                           "infinite loop: the jump leads to itself");
        return true;
    }
    return false;
}

void ebpf_reject_fall_through(struct ebpf_verify *verify, uint32_t index)
{
    if (index + 1 == ebpf_program_count(verify->program))
        ebpf_verify_reject(verify, EBPF_ERR_FALL_THROUGH, index, NULL,
                           "the program does not end with exit or a jump");
    else
        ebpf_verify_reject(verify, EBPF_ERR_FALL_THROUGH, index, NULL,
                           "control runs on into the function at #%u",
                           ebpf_program_pc(verify->program, index + 1));
}

static bool check_end(const struct ebpf_rule_at *at)
{
    if (at->index + 1 != at->end || at->info->effects & EBPF_FX_TERMINATOR)
        return false;
    ebpf_reject_fall_through(at->verify, at->index);
    return true;
}

#define FORMAT(id) (1u << EBPF_FMT_##id)
#define ALL_FORMATS UINT32_MAX

enum { WRITES = EBPF_FX_DEF_DST | EBPF_FX_DEF_SRC, LEADS = EBPF_FX_JUMP | EBPF_FX_CALL };

/* In order: a rule may rely on those before it.  Some the kernel minds only where a path leads; no
 * pass needs that they hold elsewhere, but engines do.  Forms that have neither one of the formats
 * nor one of the effects cannot break a rule. */
static const struct rule {
    bool (*check)(const struct ebpf_rule_at *at);
    uint32_t formats; /* as bits */
    uint16_t effects; /* bits of enum ebpf_effect */
    enum ebpf_strictness strictness;
    enum { EVERYWHERE, WHERE_REACHED } where;
} rules[] = {
    {ebpf_check_encoding, 0, EBPF_FX_TERMINATOR, EBPF_LENIENT, EVERYWHERE}, /* as DATA has it */
    {check_registers, ALL_FORMATS, 0, EBPF_LENIENT, EVERYWHERE},
    {check_frame_pointer, 0, WRITES, EBPF_LENIENT, WHERE_REACHED},
    {check_call_by_btf, 0, EBPF_FX_CALL, EBPF_LENIENT, WHERE_REACHED},
    {check_call_by_register, 0, EBPF_FX_CALL, EBPF_STRICT, EVERYWHERE},
    {check_packet_width, 0, EBPF_FX_PACKET, EBPF_STRICT, EVERYWHERE},
    {check_target, FORMAT(REF_FUNC), LEADS, EBPF_LENIENT, EVERYWHERE},
    {check_jump, 0, EBPF_FX_JUMP, EBPF_LENIENT, EVERYWHERE},
    {check_reference, FORMAT(IMM64) | FORMAT(REF) | FORMAT(REF_OFF) | FORMAT(REF_FUNC), 0,
     EBPF_LENIENT, EVERYWHERE},
    {check_reserved, ALL_FORMATS, 0, EBPF_LENIENT, EVERYWHERE},
    {check_filled_immediate, FORMAT(ALU_IMM) | FORMAT(ALU_REG), 0, EBPF_STRICT, EVERYWHERE},
    {check_shift, FORMAT(ALU_IMM), 0, EBPF_STRICT, WHERE_REACHED},
    {check_divisor, FORMAT(ALU_IMM), 0, EBPF_STRICT, WHERE_REACHED},
    {check_end, ALL_FORMATS, 0, EBPF_STRICT, EVERYWHERE},
};

enum { RULES = sizeof(rules) / sizeof(rules[0]), FOUND = 1 << 15 };

/* The rules that a form may break, as bits, and FOUND; without those that are deferred. */
static uint16_t rules_of(const struct ebpf_op_info *info, enum ebpf_strictness strictness,
                         bool defers)
{
    unsigned found = FOUND;
    for (unsigned i = 0; i < RULES; i++) {
        bool concerned = rules[i].formats >> info->format & 1 || rules[i].effects & info->effects;
        if (concerned && rules[i].strictness <= strictness &&
            !(defers && rules[i].where == WHERE_REACHED))
            found |= 1u << i;
    }
    return (uint16_t)found;
}

void ebpf_check_rules(struct ebpf_verify *verify, enum ebpf_strictness strictness)
{
    struct ebpf_rule_at at = {.verify = verify, .program = verify->program};
    uint32_t count = ebpf_program_count(at.program), functions;
    const struct ebpf_function *f = ebpf_program_functions(at.program, &functions);
    uint16_t concern[EBPF_OP_COUNT] = {0}; /* rules_of() each form that there is in the program */
    bool defers = verify->defers && strictness == EBPF_STRICT;
    verify->deferred |= defers;
    if (count == 0)
        ebpf_verify_reject(verify, EBPF_ERR_EMPTY, EBPF_TARGET_NONE, NULL, "the program is empty");
    for (; at.index < count; at.index++) {
        if (at.index == at.end) {
            at.start = f->first;
            at.end = f->first + f->count;
            f++;
        }
        at.insn = ebpf_program_at(at.program, at.index);
        at.info = &ebpf_op_table[at.insn->op];
        uint16_t *of_form = &concern[at.insn->op];
        if (!*of_form)
            *of_form = rules_of(at.info, strictness, defers);
        for (unsigned left = *of_form & (FOUND - 1); left; left &= left - 1)
            if (rules[__builtin_ctz(left)].check(&at))
                break;
    }
}

bool ebpf_check_deferred(struct ebpf_verify *verify, const struct ebpf_fact *facts)
{
    struct ebpf_rule_at at = {.verify = verify, .program = verify->program};
    uint32_t count = verify->deferred ? ebpf_program_count(at.program) : 0;
    bool found = false;
    for (; at.index < count; at.index++) {
        at.insn = ebpf_program_at(at.program, at.index);
        at.info = &ebpf_op_table[at.insn->op];
        for (size_t i = 0; i < RULES && facts[at.index].flags & EBPF_FACT_REACHED; i++)
            found |= rules[i].where == WHERE_REACHED && rules[i].check(&at);
    }
    return found;
}
