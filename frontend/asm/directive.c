/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Directives: words that begin with a dot. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "frontend/asm/assembler.h"
#include "ir/decode.h"

void ebpf_asm_assign(struct ebpf_asm *as, struct ebpf_asm_text name, struct ebpf_asm_value value,
                     struct ebpf_asm_span span)
{
    if (!value.constant) {
        ebpf_asm_undefined(as, value.symbol, span,
                           "a constant is made of numbers and constants defined above it");
        return;
    }
    struct ebpf_asm_symbol constant = {.span = span, .kind = EBPF_ASM_CONSTANT,
                                       .is_unsigned = value.is_unsigned, .bits = value.bits};
    ebpf_asm_define(as, ebpf_asm_name(as, name).symbol, constant);
}

/* The first operand as a name, or one without data. */
static struct ebpf_asm_text operand_name(const struct ebpf_asm *as)
{
    const struct ebpf_asm_operand *operand = &as->operands[0];
    if (as->operand_count == 0 || operand->kind != EBPF_ASM_VALUE ||
        operand->value.symbol == EBPF_ASM_NO_SYMBOL)
        return (struct ebpf_asm_text){NULL, 0};
    const struct ebpf_name *name = ebpf_asm_symbol_at(as, operand->value.symbol)->name;
    return (struct ebpf_asm_text){name->text, name->length};
}

static bool equ(struct ebpf_asm *as)
{
    struct ebpf_asm_text name = operand_name(as);
    if (!name.data || as->operand_count != 2 || as->operands[1].kind != EBPF_ASM_VALUE)
        return false;
    ebpf_asm_assign(as, name, as->operands[1].value, as->operands[0].span);
    return true;
}

static bool func(struct ebpf_asm *as)
{
    struct ebpf_asm_text name = operand_name(as);
    if (!name.data || as->operand_count != 1)
        return false;
    ebpf_asm_flush_raw(as);
    uint32_t insn = ebpf_program_count(as->program);
    struct ebpf_asm_symbol function = {.span = as->operands[0].span, .kind = EBPF_ASM_FUNCTION,
                                       .insn = insn};
    ebpf_asm_define(as, as->operands[0].value.symbol, function);
    if (!ebpf_program_add_function(as->program, name.data, name.length, insn))
        ebpf_asm_nomem(as);
    return true;
}

static bool endfunc(struct ebpf_asm *as)
{
    return as->operand_count == 0 || (as->operand_count == 1 && operand_name(as).data);
}

/* Slots are collected, because two of them may make one instruction. */
static bool raw(struct ebpf_asm *as)
{
    const struct ebpf_asm_operand *operand = &as->operands[0];
    if (as->operand_count != 1 || operand->kind != EBPF_ASM_VALUE)
        return false;
    if (!operand->value.constant) {
        ebpf_asm_undefined(as, operand->value.symbol, operand->span,
                           "define it with .equ before it is used");
        return true;
    }
    struct ebpf_asm_raw *slot = ebpf_vec_push(&as->raw, 1);
    if (!slot)
        ebpf_asm_nomem(as);
    else if (++as->slots > EBPF_PROGRAM_MAX_SLOTS)
        ebpf_asm_error(as, EBPF_ERR_TOO_LONG, operand->span, NULL,
                       "the program has too many instructions");
    else
        *slot = (struct ebpf_asm_raw){operand->value.bits, ebpf_asm_loc(as, operand->span)};
    if (as->slots > EBPF_PROGRAM_MAX_SLOTS)
        as->stopped = true;
    return true;
}

void ebpf_asm_flush_raw(struct ebpf_asm *as)
{
    size_t count = as->raw.count;
    if (count == 0)
        return;
    const struct ebpf_asm_raw *slots = as->raw.data;
    uint32_t first = ebpf_program_count(as->program);
    uint8_t *bytes = ebpf_mem_alloc(&as->mem, count * 8);
    for (size_t i = 0; bytes && i < count; i++)
        ebpf_put_le64(bytes + i * 8, slots[i].bits);
    if (!bytes || !ebpf_program_push_bytes(as->program, bytes, count))
        ebpf_asm_nomem(as);
    ebpf_mem_free(&as->mem, bytes, count * 8);
    struct ebpf_insn *insns = as->program->insns.data;
    for (uint32_t i = first, slot = 0; i < ebpf_program_count(as->program); i++) {
        insns[i].loc = slots[slot].loc;
        slot += ebpf_op_table[insns[i].op].slots;
    }
    as->raw.count = 0;
}

/* What a directive does; false if its operands are wrong.  NULL: the line is ignored. */
static const struct directive {
    const char *name;
    bool (*run)(struct ebpf_asm *as);
    const char *operands;
} directives[] = {
    {".equ", equ, ".equ takes `NAME, value`"},
    {".func", func, ".func takes the name of the function"},
    {".endfunc", endfunc, ".endfunc takes nothing, or the name of the function"},
    {".8byte", raw, ".8byte takes the value of one slot"},
    /* what compilers write around a function and this language has no need of */
    {".text", NULL, NULL},
    {".globl", NULL, NULL},
    {".global", NULL, NULL},
    {".type", NULL, NULL},
    {".size", NULL, NULL},
    {".p2align", NULL, NULL},
};

enum { DIRECTIVE_COUNT = sizeof(directives) / sizeof(directives[0]) };

static const struct directive *find(struct ebpf_asm_text name)
{
    for (size_t i = 0; i < DIRECTIVE_COUNT; i++)
        if (ebpf_asm_is(name, directives[i].name, strlen(directives[i].name)))
            return &directives[i];
    return NULL;
}

bool ebpf_asm_directive_ignored(struct ebpf_asm_text name)
{
    const struct directive *directive = find(name);
    return directive && !directive->run;
}

void ebpf_asm_directive(struct ebpf_asm *as, struct ebpf_asm_text name, struct ebpf_asm_span span)
{
    const struct directive *directive = find(name);
    if (directive && !directive->run)
        return;
    if (directive) {
        if (!directive->run(as))
            ebpf_asm_error(as, EBPF_ERR_OPERANDS, span, directive->operands,
                           "wrong operands for `%s`", directive->name);
        return;
    }
    struct ebpf_asm_nearest nearest = {.word = name};
    char advice[80];
    for (size_t i = 0; i < DIRECTIVE_COUNT; i++)
        ebpf_asm_offer(&nearest, directives[i].name, strlen(directives[i].name));
    snprintf(advice, sizeof(advice), "did you mean `%s`?", nearest.name);
    span.end = span.start + name.length;
    ebpf_asm_error(as, EBPF_ERR_DIRECTIVE, span, nearest.distance ? advice : NULL,
                   "unknown directive `%.*s`", (int)(name.length < 40 ? name.length : 40),
                   name.data);
}
