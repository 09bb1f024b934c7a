/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Pseudo-C: statements to instructions, found by (format, operation, width). */
#include <stdio.h>
#include <string.h>

#include "frontend/asm/assembler.h"

/* The form of a format and width whose operation has a symbol, or EBPF_OP_DATA. */
static enum ebpf_op find(enum ebpf_format format, struct ebpf_asm_text symbol, unsigned width)
{
    for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++) {
        const struct ebpf_op_info *info = &ebpf_op_table[op];
        if (info->format != format || info->width != width)
            continue;
        const char *text = ebpf_oper_symbol((enum ebpf_oper)info->oper);
        if (strncmp(text, symbol.data, symbol.length) == 0 && text[symbol.length] == '\0')
            return (enum ebpf_op)op;
    }
    return EBPF_OP_DATA;
}

static void emit(struct ebpf_asm *as, enum ebpf_op op, struct ebpf_asm_span span,
                 const char *advice)
{
    if (op != EBPF_OP_DATA)
        ebpf_asm_emit(as, op, span);
    else
        ebpf_asm_error(as, EBPF_ERR_OPERANDS, span, advice, "there is no such instruction");
}

/* The width that all registers agree on: 64 for r, 32 for w; 0 if they do not, after a report. */
static unsigned register_width(struct ebpf_asm *as, struct ebpf_asm_span span)
{
    unsigned width = as->operands[0].reg.is32 ? 32 : 64;
    for (unsigned i = 1; i < as->operand_count; i++) {
        const struct ebpf_asm_operand *operand = &as->operands[i];
        if (operand->kind != EBPF_ASM_REGISTER || operand->reg.is32 == (width == 32))
            continue;
        ebpf_asm_error(as, EBPF_ERR_OPERANDS, span,
                       "use r for 64 bits or w for 32 bits on both sides",
                       "registers of 64 and 32 bits in one operation");
        return 0;
    }
    return width;
}

static bool same_register(struct ebpf_asm *as, unsigned a, unsigned b)
{
    const struct ebpf_asm_operand *second = &as->operands[b];
    bool same = as->operands[a].reg.number == second->reg.number;
    if (!same)
        ebpf_asm_error(as, EBPF_ERR_OPERANDS, second->span,
                       "the instruction has one register for both",
                       "this must be the register on the left, r%u",
                       as->operands[a].reg.number);
    return same;
}

/* Whether a register of 32 bits, if it is one, may hold a value of this type. */
static bool holds(struct ebpf_asm *as, const struct ebpf_asm_operand *operand,
                  struct ebpf_asm_type type)
{
    bool ok = operand->kind != EBPF_ASM_REGISTER || !operand->reg.is32 ||
              (type.width <= 32 && !type.is_signed);
    if (!ok)
        ebpf_asm_error(as, EBPF_ERR_OPERANDS, operand->span, "write r for 64 bits",
                       "w%u does not hold a value of this type", operand->reg.number);
    return ok;
}

void ebpf_asm_alu(struct ebpf_asm *as, struct ebpf_asm_text symbol, struct ebpf_asm_span span)
{
    unsigned width = register_width(as, span);
    bool by_register = as->operands[1].kind == EBPF_ASM_REGISTER;
    if (width)
        emit(as, find(by_register ? EBPF_FMT_ALU_REG : EBPF_FMT_ALU_IMM, symbol, width), span,
             NULL);
}

void ebpf_asm_move(struct ebpf_asm *as, struct ebpf_asm_span span)
{
    ebpf_asm_alu(as, (struct ebpf_asm_text){"", 0}, span);
}

void ebpf_asm_cast(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_span span)
{
    char symbol[8];
    int length = snprintf(symbol, sizeof(symbol), "(s%u)", type.width);
    unsigned width = register_width(as, span);
    if (width)
        emit(as, find(EBPF_FMT_ALU_REG, (struct ebpf_asm_text){symbol, (uint32_t)length}, width),
             span, "w registers are extended from (s8) and (s16), r registers also from (s32)");
}

void ebpf_asm_negate(struct ebpf_asm *as, struct ebpf_asm_span span)
{
    unsigned width = register_width(as, span);
    if (!width || !same_register(as, 0, 1))
        return;
    as->operand_count = 1;
    emit(as, ebpf_op_of(EBPF_FMT_ALU_UN, EBPF_OPER_NEG, width), span, NULL);
}

void ebpf_asm_swap(struct ebpf_asm *as, struct ebpf_asm_text name, struct ebpf_asm_span name_span,
                   struct ebpf_asm_span span)
{
    uint32_t index = ebpf_asm_mnemonic(as, name);
    const struct ebpf_asm_mnemonic *mnemonic = ebpf_asm_mnemonic_at(as, index);
    if (mnemonic->count == 0 || ebpf_op_table[mnemonic->ops[0]].format != EBPF_FMT_END) {
        ebpf_asm_error(as, EBPF_ERR_MNEMONIC, name_span,
                       "byte swaps are le16, le32, le64, be16, be32, be64, bswap16, bswap32 and "
                       "bswap64",
                       "`%.*s` is no byte swap", (int)(name.length < 40 ? name.length : 40),
                       name.data);
    } else if (same_register(as, 0, 1)) {
        struct ebpf_asm_type type = {64, false};
        if (holds(as, &as->operands[0], type) && holds(as, &as->operands[1], type))
            ebpf_asm_emit(as, (enum ebpf_op)mnemonic->ops[0], span);
    }
}

void ebpf_asm_load64(struct ebpf_asm *as, struct ebpf_asm_span span)
{
    as->mnemonic = ebpf_asm_mnemonic(as, (struct ebpf_asm_text){"lddw", 4});
    ebpf_asm_instruction(as, span);
}

void ebpf_asm_load(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_span span)
{
    enum ebpf_oper oper = type.is_signed ? EBPF_OPER_LOADSX : EBPF_OPER_LOAD;
    if (holds(as, &as->operands[0], type))
        emit(as, ebpf_op_of(EBPF_FMT_LDX, oper, type.width), span, "write u64 for 64 bits");
}

void ebpf_asm_store(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_span span)
{
    enum ebpf_format format =
        as->operands[1].kind == EBPF_ASM_REGISTER ? EBPF_FMT_STX : EBPF_FMT_ST;
    if (type.is_signed)
        emit(as, EBPF_OP_DATA, span, "stores have no sign: write u");
    else if (holds(as, &as->operands[1], type))
        emit(as, ebpf_op_of(format, EBPF_OPER_STORE, type.width), span, NULL);
}

/* `r0 = *(u8 *)skb[4]`, `r0 = *(u8 *)skb[r1 + 4]` */
void ebpf_asm_packet(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_text name,
                     struct ebpf_asm_span span)
{
    struct ebpf_asm_operand *index = &as->operands[1];
    const struct ebpf_asm_reg dst = as->operands[0].reg;
    if (!EBPF_ASM_IS(name, "skb") || dst.number != 0 || dst.is32 || type.is_signed) {
        ebpf_asm_error(as, EBPF_ERR_OPERANDS, span,
                       "packets are read as in `r0 = *(u16 *)skb[r1 + 4]`",
                       "there is no such instruction");
        return;
    }
    bool indirect = index->kind == EBPF_ASM_MEMORY;
    as->operands[0] = *index;
    as->operands[0].kind = indirect ? EBPF_ASM_REGISTER : EBPF_ASM_VALUE;
    as->operands[1] = *index;
    emit(as, ebpf_op_of(indirect ? EBPF_FMT_LDIND : EBPF_FMT_LDABS, EBPF_OPER_LOAD, type.width),
         span, NULL);
}

void ebpf_asm_lock(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_text symbol,
                   struct ebpf_asm_span span)
{
    if (type.is_signed || holds(as, &as->operands[1], type))
        emit(as, type.is_signed ? EBPF_OP_DATA : find(EBPF_FMT_ATOMIC, symbol, type.width), span,
             "atomic operations are +=, |=, &= and ^= on u32 and u64");
}

void ebpf_asm_branch(struct ebpf_asm *as, struct ebpf_asm_text symbol, struct ebpf_asm_span span)
{
    unsigned width = register_width(as, span);
    bool by_register = as->operands[1].kind == EBPF_ASM_REGISTER;
    if (width)
        emit(as, find(by_register ? EBPF_FMT_JMP_REG : EBPF_FMT_JMP_IMM, symbol, width), span,
             NULL);
}

static const struct intrinsic {
    const char *name;
    uint8_t format, oper, width;
} intrinsics[] = {
#define EBPF_ALIAS(name, shape, op)
#define EBPF_INTRINSIC(name, format, oper, width)                                                  \
    {name, EBPF_FMT_##format, EBPF_OPER_##oper, width},
#include "frontend/asm/aliases.def"
#undef EBPF_ALIAS
#undef EBPF_INTRINSIC
};

enum { INTRINSIC_COUNT = sizeof(intrinsics) / sizeof(intrinsics[0]) };

static const struct intrinsic *find_intrinsic(struct ebpf_asm *as, struct ebpf_asm_text name,
                                              struct ebpf_asm_span span)
{
    struct ebpf_asm_nearest nearest = {.word = name};
    for (size_t i = 0; i < INTRINSIC_COUNT; i++) {
        if (ebpf_asm_is(name, intrinsics[i].name, strlen(intrinsics[i].name)))
            return &intrinsics[i];
        ebpf_asm_offer(&nearest, intrinsics[i].name, strlen(intrinsics[i].name));
    }
    char advice[80];
    snprintf(advice, sizeof(advice), "did you mean `%s`?", nearest.name);
    ebpf_asm_error(as, EBPF_ERR_MNEMONIC, span, nearest.distance ? advice : NULL,
                   "unknown function `%.*s`", (int)(name.length < 40 ? name.length : 40),
                   name.data);
    return NULL;
}

/*
 * Brings the operands into the order of the form and drops those that it implies:
 *   r = load_acquire(m)          store_release(m, r)
 *   r = fetch(m, r)              r0 = cmpxchg(m, r0, r)
 * False if they are not these.
 */
static bool arrange(struct ebpf_asm *as, enum ebpf_op op)
{
    unsigned fx = ebpf_op_table[op].effects;
    struct ebpf_asm_operand *operands = as->operands;
    if (!(fx & (EBPF_FX_DEF_SRC | EBPF_FX_CMPXCHG))) {
        bool has_result = operands[0].kind == EBPF_ASM_REGISTER;
        return as->operand_count == 2 && has_result == !!(fx & EBPF_FX_DEF_DST);
    }
    unsigned count = fx & EBPF_FX_CMPXCHG ? 4 : 3;
    if (as->operand_count != count || operands[0].kind != EBPF_ASM_REGISTER)
        return false;
    bool good = same_register(as, 0, 2);
    if (fx & EBPF_FX_CMPXCHG && operands[0].reg.number != 0) {
        ebpf_asm_error(as, EBPF_ERR_OPERANDS, operands[0].span, "write r0",
                       "the old value is always compared with r0 and returned in r0");
        good = false;
    }
    operands[0] = operands[1];
    operands[1] = operands[count - 1];
    as->operand_count = 2;
    return good;
}

void ebpf_asm_intrinsic(struct ebpf_asm *as, struct ebpf_asm_text name, struct ebpf_asm_span span)
{
    const struct intrinsic *f = find_intrinsic(as, name, span);
    if (!f)
        return;
    unsigned width = f->width ? f->width : as->cast;
    enum ebpf_op op = as->cast && as->cast != width
                          ? EBPF_OP_DATA
                          : ebpf_op_of((enum ebpf_format)f->format, (enum ebpf_oper)f->oper, width);
    for (unsigned i = 0; i < as->operand_count; i++)
        if (!holds(as, &as->operands[i], (struct ebpf_asm_type){(uint8_t)width, false}))
            return;
    unsigned before = as->errors;
    if (op == EBPF_OP_DATA)
        emit(as, op, span, "give the width as in `((u64 *)(r1 + 0), r0)`; most are u32 or u64");
    else if (arrange(as, op))
        ebpf_asm_emit(as, op, span);
    else if (as->errors == before)
        ebpf_asm_error(as, EBPF_ERR_OPERANDS, span, "docs/assembly.md shows how it is called",
                       "wrong operands for `%s`", f->name);
}
