/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Instructions: operands into fields, with their ranges. */
#include <stdio.h>
#include <string.h>

#include "frontend/asm/assembler.h"

void ebpf_asm_operand(struct ebpf_asm *as, enum ebpf_asm_kind kind, struct ebpf_asm_span span,
                      struct ebpf_asm_reg reg, struct ebpf_asm_value value)
{
    if (as->operand_count < EBPF_ASM_MAX_OPERANDS)
        as->operands[as->operand_count] = (struct ebpf_asm_operand){
            .kind = (uint8_t)kind, .reg = reg, .span = span, .value = value};
    as->operand_count++;
}

struct ebpf_asm_address ebpf_asm_base(struct ebpf_asm *as, struct ebpf_asm_reg reg,
                                      struct ebpf_asm_span span)
{
    if (reg.is32)
        ebpf_asm_error(as, EBPF_ERR_OPERANDS, span, "addresses have 64 bits: write r instead of w",
                       "w%u cannot hold an address", reg.number);
    return (struct ebpf_asm_address){{reg.number, false}, ebpf_asm_constant(0)};
}

struct ebpf_asm_address ebpf_asm_displace(struct ebpf_asm *as, char op,
                                          struct ebpf_asm_address address,
                                          struct ebpf_asm_value value, struct ebpf_asm_span span)
{
    address.offset = ebpf_asm_binary(as, op, address.offset, value, span);
    return address;
}

/* The operation of an lddw that refers to `word(N)`, or to `map_val(word(N)) + N`. */
static enum ebpf_oper find_reference(struct ebpf_asm_text word, bool has_offset)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        const char *text = ebpf_oper_symbol((enum ebpf_oper)info->oper);
        if (info->shape == EBPF_SHAPE_RX && (info->format == EBPF_FMT_REF_OFF) == has_offset &&
            ebpf_asm_is(word, text, strlen(text)))
            return (enum ebpf_oper)info->oper;
    }
    return EBPF_OPER_NONE;
}

void ebpf_asm_refer(struct ebpf_asm *as, struct ebpf_asm_text outer,
                    const struct ebpf_asm_text *inner, struct ebpf_asm_value value,
                    struct ebpf_asm_span span)
{
    enum ebpf_oper oper = find_reference(inner ? *inner : outer, inner != NULL);
    if (inner && !EBPF_ASM_IS(outer, "map_val"))
        oper = EBPF_OPER_NONE;
    if (oper == EBPF_OPER_NONE)
        ebpf_asm_error(as, EBPF_ERR_SYMBOL, span,
                       "there are map_by_fd(N), map_by_idx(N), map_val(map_by_fd(N)) + N, "
                       "map_val(map_by_idx(N)) + N, var_addr(N) and code_addr(label)",
                       "unknown reference");
    ebpf_asm_operand(as, EBPF_ASM_REFERENCE, span, (struct ebpf_asm_reg){0}, value);
    if (as->operand_count <= EBPF_ASM_MAX_OPERANDS) {
        as->operands[as->operand_count - 1].oper = (uint8_t)oper;
        as->operands[as->operand_count - 1].next = ebpf_asm_constant(0);
    }
}

void ebpf_asm_refer_next(struct ebpf_asm *as, char op, struct ebpf_asm_value value,
                         struct ebpf_asm_span span)
{
    if (as->operand_count > EBPF_ASM_MAX_OPERANDS)
        return;
    struct ebpf_asm_operand *operand = &as->operands[as->operand_count - 1];
    operand->span = span;
    operand->next = ebpf_asm_binary(as, op, operand->next, value, span);
    if (operand->oper != EBPF_OPER_MAP_VAL_FD && operand->oper != EBPF_OPER_MAP_VAL_IDX)
        ebpf_asm_error(as, EBPF_ERR_OPERANDS, span, "only map_val() takes an offset",
                       "this reference takes no offset");
}

uint32_t ebpf_asm_loc(struct ebpf_asm *as, struct ebpf_asm_span span)
{
    const uint32_t *starts = as->program->lines.data;
    uint32_t count = (uint32_t)as->program->lines.count, end = as->length;
    while (as->line + 1 < count && starts[as->line + 1] <= span.start)
        as->line++;
    if (as->line + 1 < count)
        end = starts[as->line + 1] - 1;
    if (span.end > end)
        span.end = end;
    uint32_t loc = ebpf_program_add_loc(as->program, as->line + 1,
                                        span.start - starts[as->line] + 1, span.end - span.start);
    if (!loc)
        ebpf_asm_nomem(as);
    return loc;
}

/* A new instruction; there is always one to fill in, if only for the bin. */
static struct ebpf_insn *push(struct ebpf_asm *as, enum ebpf_op op, struct ebpf_asm_span span)
{
    ebpf_asm_flush_raw(as);
    as->slots += ebpf_op_table[op].slots;
    struct ebpf_insn *insn = NULL;
    if (as->slots > EBPF_PROGRAM_MAX_SLOTS) {
        ebpf_asm_error(as, EBPF_ERR_TOO_LONG, span, NULL, "the program has too many instructions");
        as->stopped = true;
    } else if (!(insn = ebpf_program_push(as->program))) {
        ebpf_asm_nomem(as);
    }
    if (!insn)
        insn = &as->spare;
    ebpf_insn_init(insn, op);
    insn->loc = ebpf_asm_loc(as, span);
    return insn;
}

static bool fits(struct ebpf_asm_value value, int64_t low, int64_t high)
{
    int64_t number = (int64_t)value.bits;
    if (value.is_unsigned && number < 0)
        return false;
    return number >= low && number <= high;
}

static void out_of_range(struct ebpf_asm *as, const struct ebpf_asm_operand *operand,
                         struct ebpf_asm_value value, const char *what, const char *advice)
{
    long long number = (long long)value.bits;
    if (value.is_unsigned)
        ebpf_asm_error(as, EBPF_ERR_RANGE, operand->span, advice, "%s %llu is out of range", what,
                       (unsigned long long)number);
    else
        ebpf_asm_error(as, EBPF_ERR_RANGE, operand->span, advice, "%s %lld is out of range", what,
                       number);
}

/* The low 32 bits of a constant that fits them, signed or not. */
static uint32_t imm32(struct ebpf_asm *as, const struct ebpf_asm_operand *operand,
                      struct ebpf_asm_value value)
{
    if (!value.constant)
        ebpf_asm_undefined(as, value.symbol, operand->span,
                           "define it with .equ before it is used");
    else if (!fits(value, INT32_MIN, UINT32_MAX))
        out_of_range(as, operand, value, "immediate",
                     "allowed are -2147483648 to 4294967295; `lddw rD, imm` and `rD = imm ll` load "
                     "64 bits");
    return (uint32_t)value.bits;
}

static int16_t off16(struct ebpf_asm *as, enum ebpf_op op, const struct ebpf_asm_operand *operand)
{
    if (!fits(operand->value, INT16_MIN, INT16_MAX))
        out_of_range(as, operand, operand->value, "offset",
                     op == EBPF_OP_JA ? "allowed are -32768 to 32767; gotol (ja32) has 32 bits"
                                      : "allowed are -32768 to 32767");
    return (int16_t)operand->value.bits;
}

static void set_target(struct ebpf_asm *as, struct ebpf_insn *insn,
                       const struct ebpf_asm_operand *operand)
{
    enum ebpf_op op = (enum ebpf_op)insn->op;
    if (!operand->value.constant)
        ebpf_asm_fixup(as, operand->value.symbol, operand->span);
    else if (ebpf_target_field(op) == EBPF_FIELD_OFF)
        insn->off = off16(as, op, operand);
    else if (op == EBPF_OP_LDDW_FUNC)
        insn->imm = imm32(as, operand, operand->value);
    else
        insn->imm = (int32_t)imm32(as, operand, operand->value);
}

static void set_reference(struct ebpf_asm *as, struct ebpf_insn *insn,
                          const struct ebpf_asm_operand *operand)
{
    if (insn->op == EBPF_OP_LDDW_FUNC) {
        set_target(as, insn, operand);
        return;
    }
    uint64_t next = imm32(as, operand, operand->next);
    insn->imm = (int64_t)(next << 32 | imm32(as, operand, operand->value));
}

/* Registers go to fields in the order of the text: dst first, if the form has one. */
static void set_register(struct ebpf_insn *insn, unsigned *used, uint8_t number)
{
    if ((*used)++ == 0 && ebpf_op_table[insn->op].fields & EBPF_FIELD_DST)
        insn->dst = number;
    else
        insn->src = number;
}

void ebpf_asm_emit_shape(struct ebpf_asm *as, enum ebpf_op op, const char *shape,
                         struct ebpf_asm_span span)
{
    struct ebpf_insn *insn = push(as, op, span);
    unsigned registers = 0;
    for (const struct ebpf_asm_operand *operand = as->operands; *shape; shape++, operand++) {
        switch (*shape) {
        case 'M':
            if (!operand->value.constant)
                imm32(as, operand, operand->value);
            insn->off = off16(as, op, operand);
            set_register(insn, &registers, operand->reg.number);
            break;
        case 'R': set_register(insn, &registers, operand->reg.number); break;
        case 'I': insn->imm = (int32_t)imm32(as, operand, operand->value); break;
        case 'V': insn->imm = (int64_t)operand->value.bits; break;
        case 'T': set_target(as, insn, operand); break;
        case 'X': set_reference(as, insn, operand); break;
        }
    }
}

void ebpf_asm_emit(struct ebpf_asm *as, enum ebpf_op op, struct ebpf_asm_span span)
{
    ebpf_asm_emit_shape(as, op, ebpf_asm_shape(op), span);
}

/* Whether an operand may stand where a form has this letter of a shape. */
static bool accepts(char letter, const struct ebpf_asm_operand *operand, enum ebpf_op op)
{
    switch (letter) {
    case 'R': return operand->kind == EBPF_ASM_REGISTER;
    case 'M': return operand->kind == EBPF_ASM_MEMORY;
    case 'I':
    case 'V': return operand->kind == EBPF_ASM_VALUE && operand->value.constant;
    case 'T': return operand->kind == EBPF_ASM_VALUE || operand->kind == EBPF_ASM_PC;
    case 'X':
        return operand->kind == EBPF_ASM_REFERENCE && operand->oper == ebpf_op_table[op].oper;
    }
    return false;
}

static bool matches(const struct ebpf_asm *as, const char *shape, enum ebpf_op op)
{
    unsigned i = 0;
    for (; shape[i] && i < as->operand_count; i++)
        if (!accepts(shape[i], &as->operands[i], op))
            return false;
    return !shape[i] && i == as->operand_count;
}

static void unknown(struct ebpf_asm *as, struct ebpf_asm_text name, struct ebpf_asm_span span)
{
    struct ebpf_asm_nearest nearest = {.word = name};
    char advice[80];
    ebpf_asm_offer_mnemonics(&nearest);
    snprintf(advice, sizeof(advice), "did you mean `%s`?", nearest.name);
    span.end = span.start + name.length;
    ebpf_asm_error(as, EBPF_ERR_MNEMONIC, span, nearest.distance ? advice : NULL,
                   "unknown instruction `%.*s`", (int)(name.length < 40 ? name.length : 40),
                   name.data);
}

/* Says why no form takes the operands. */
static void mismatch(struct ebpf_asm *as, const struct ebpf_asm_mnemonic *mnemonic,
                     struct ebpf_asm_span span)
{
    unsigned count = as->operand_count;
    for (unsigned i = 0; i < count && i < EBPF_ASM_MAX_OPERANDS; i++) {
        const struct ebpf_asm_operand *operand = &as->operands[i];
        if (operand->kind == EBPF_ASM_VALUE && !operand->value.constant) {
            ebpf_asm_undefined(as, operand->value.symbol, operand->span,
                               "define it with .equ before it is used");
            return;
        }
    }
    char advice[200];
    ebpf_asm_describe(mnemonic, advice, sizeof(advice));
    ebpf_asm_error(as, EBPF_ERR_OPERANDS, span, advice, "wrong operands for `%.*s`",
                   (int)mnemonic->name.length, mnemonic->name.data);
}

/* Reports a register by its name of 32 bits. */
static void refuse_w(struct ebpf_asm *as)
{
    for (unsigned i = 0; i < as->operand_count && i < EBPF_ASM_MAX_OPERANDS; i++) {
        const struct ebpf_asm_operand *operand = &as->operands[i];
        if (operand->kind == EBPF_ASM_REGISTER && operand->reg.is32)
            ebpf_asm_error(as, EBPF_ERR_OPERANDS, operand->span,
                           "write r, and give the width with the mnemonic, as in mov32",
                           "w%u is a name for pseudo-C only", operand->reg.number);
    }
}

void ebpf_asm_instruction(struct ebpf_asm *as, struct ebpf_asm_span span)
{
    const struct ebpf_asm_mnemonic *mnemonic = ebpf_asm_mnemonic_at(as, as->mnemonic);
    if (mnemonic->count == 0) {
        unknown(as, mnemonic->name, span);
        return;
    }
    refuse_w(as);
    for (unsigned i = 0; i < mnemonic->count; i++) {
        enum ebpf_op op = (enum ebpf_op)mnemonic->ops[i];
        if (matches(as, mnemonic->shapes[i], op)) {
            ebpf_asm_emit_shape(as, op, mnemonic->shapes[i], span);
            return;
        }
    }
    mismatch(as, mnemonic, span);
}
