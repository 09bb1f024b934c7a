/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Labels, functions and constants, and the targets that refer to them. */
#include <stdio.h>
#include <string.h>

#include "frontend/asm/assembler.h"

static uint32_t new_symbol(struct ebpf_asm *as, const struct ebpf_name *name)
{
    struct ebpf_asm_symbol *symbol = ebpf_vec_push(&as->symbols, 1);
    if (!symbol) {
        ebpf_asm_nomem(as);
        return EBPF_ASM_NO_SYMBOL;
    }
    *symbol = (struct ebpf_asm_symbol){.name = name, .backward = EBPF_ASM_NO_SYMBOL,
                                       .forward = EBPF_ASM_NO_SYMBOL};
    return (uint32_t)(as->symbols.count - 1);
}

/* The symbol of a name, new if need be. */
static uint32_t find_symbol(struct ebpf_asm *as, struct ebpf_asm_text text)
{
    struct ebpf_name *name = ebpf_intern(&as->names, text.data, text.length);
    if (!name) {
        ebpf_asm_nomem(as);
        return EBPF_ASM_NO_SYMBOL;
    }
    if (name->value == EBPF_NAME_NEW)
        name->value = new_symbol(as, name);
    return name->value;
}

struct ebpf_asm_value ebpf_asm_name(struct ebpf_asm *as, struct ebpf_asm_text text)
{
    struct ebpf_asm_value value = ebpf_asm_constant(0);
    value.symbol = find_symbol(as, text);
    if (value.symbol == EBPF_ASM_NO_SYMBOL)
        return value;
    const struct ebpf_asm_symbol *symbol = ebpf_asm_symbol_at(as, value.symbol);
    value.constant = symbol->kind == EBPF_ASM_CONSTANT;
    value.bits = symbol->bits;
    value.is_unsigned = symbol->is_unsigned;
    return value;
}

/* `1b` is the latest label `1:`, `1f` the next one. */
struct ebpf_asm_value ebpf_asm_local(struct ebpf_asm *as, struct ebpf_asm_text text,
                                     struct ebpf_asm_span span)
{
    bool forward = text.data[text.length - 1] == 'f';
    uint32_t index = find_symbol(as, (struct ebpf_asm_text){text.data, text.length - 1});
    struct ebpf_asm_value value = ebpf_asm_constant(0);
    if (index == EBPF_ASM_NO_SYMBOL)
        return value;
    struct ebpf_asm_symbol *label = ebpf_asm_symbol_at(as, index);
    if (forward && label->forward == EBPF_ASM_NO_SYMBOL) {
        uint32_t next = new_symbol(as, label->name);
        if (next == EBPF_ASM_NO_SYMBOL)
            return value;
        ebpf_asm_symbol_at(as, next)->local = true;
        label = ebpf_asm_symbol_at(as, index); /* may have moved */
        label->forward = next;
    }
    value.symbol = forward ? label->forward : label->backward;
    value.constant = value.symbol == EBPF_ASM_NO_SYMBOL;
    if (value.constant)
        ebpf_asm_error(as, EBPF_ERR_SYMBOL, span, "`b` looks backward, `f` forward",
                       "no label `%.*s:` above", (int)text.length - 1, text.data);
    return value;
}

void ebpf_asm_define(struct ebpf_asm *as, uint32_t index, struct ebpf_asm_symbol definition)
{
    if (index == EBPF_ASM_NO_SYMBOL)
        return;
    struct ebpf_asm_symbol *symbol = ebpf_asm_symbol_at(as, index);
    /* `.func f` and then `f:` at the same place say the same thing. */
    bool again = symbol->kind == EBPF_ASM_FUNCTION && definition.kind == EBPF_ASM_LABEL &&
                 symbol->insn == definition.insn;
    if (symbol->kind == EBPF_ASM_UNDEFINED) {
        definition.name = symbol->name;
        definition.backward = symbol->backward;
        definition.forward = symbol->forward;
        *symbol = definition;
    } else if (!again) {
        ebpf_asm_error(as, EBPF_ERR_DUPLICATE, definition.span, NULL, "`%.40s` is defined twice",
                       symbol->name->text);
        ebpf_asm_note(as, symbol->span, "it is defined here first");
    }
}

static void define_local(struct ebpf_asm *as, uint32_t index, struct ebpf_asm_symbol definition)
{
    if (index == EBPF_ASM_NO_SYMBOL)
        return;
    uint32_t target = ebpf_asm_symbol_at(as, index)->forward;
    if (target == EBPF_ASM_NO_SYMBOL)
        target = new_symbol(as, ebpf_asm_symbol_at(as, index)->name);
    if (target == EBPF_ASM_NO_SYMBOL)
        return;
    struct ebpf_asm_symbol *label = ebpf_asm_symbol_at(as, index);
    label->backward = target;
    label->forward = EBPF_ASM_NO_SYMBOL;
    definition.local = true;
    ebpf_asm_define(as, target, definition);
}

static bool is_register(struct ebpf_asm_text text)
{
    if (text.length < 2 || (text.data[0] != 'r' && text.data[0] != 'w'))
        return false;
    for (uint32_t i = 1; i < text.length; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}

void ebpf_asm_label(struct ebpf_asm *as, struct ebpf_asm_text text, struct ebpf_asm_span span)
{
    ebpf_asm_flush_raw(as);
    struct ebpf_asm_symbol label = {.span = {span.start, span.start + text.length},
                                    .kind = EBPF_ASM_LABEL,
                                    .insn = ebpf_program_count(as->program)};
    if (is_register(text))
        ebpf_asm_error(as, EBPF_ERR_SYNTAX, label.span, "choose another name",
                       "a register cannot be a label");
    else if (text.data[0] >= '0' && text.data[0] <= '9')
        define_local(as, find_symbol(as, text), label);
    else
        ebpf_asm_define(as, find_symbol(as, text), label);
}

void ebpf_asm_fixup(struct ebpf_asm *as, uint32_t symbol, struct ebpf_asm_span span)
{
    struct ebpf_asm_fixup *fixup = ebpf_vec_push(&as->fixups, 1);
    if (!fixup)
        ebpf_asm_nomem(as);
    else
        *fixup = (struct ebpf_asm_fixup){ebpf_program_count(as->program) - 1, symbol, span};
}

enum { NAMES_COMPARED = 10000 }; /* so that reports of many errors stay fast */

void ebpf_asm_undefined(struct ebpf_asm *as, uint32_t index, struct ebpf_asm_span span,
                        const char *advice)
{
    if (index == EBPF_ASM_NO_SYMBOL)
        return;
    struct ebpf_asm_symbol *symbol = ebpf_asm_symbol_at(as, index);
    const char *name = symbol->name->text;
    struct ebpf_asm_nearest nearest = {.word = {name, symbol->name->length}};
    char text[80];
    if (symbol->reported)
        return;
    symbol->reported = symbol->kind == EBPF_ASM_UNDEFINED;
    for (uint32_t i = 0; i < as->symbols.count && i < NAMES_COMPARED; i++) {
        const struct ebpf_asm_symbol *other = ebpf_asm_symbol_at(as, i);
        if (other->kind != EBPF_ASM_UNDEFINED && !other->local && i != index)
            ebpf_asm_offer(&nearest, other->name->text, other->name->length);
    }
    if (nearest.distance) {
        snprintf(text, sizeof(text), "did you mean `%s`?", nearest.name);
        advice = text;
    }
    if (symbol->kind == EBPF_ASM_UNDEFINED)
        ebpf_asm_error(as, EBPF_ERR_SYMBOL, span, advice, "`%.40s%s` is not defined", name,
                       symbol->local ? "f" : "");
    else
        ebpf_asm_error(as, EBPF_ERR_SYMBOL, span, advice,
                       symbol->kind == EBPF_ASM_CONSTANT
                           ? "the constant `%.40s` is used before it is defined"
                           : "`%.40s` is a label, not a constant",
                       name);
}

/* bpf_conformance jumps to `exit` where no label is so named: the first exit instruction. */
static uint32_t first_exit(const struct ebpf_asm *as)
{
    for (uint32_t i = 0; i < ebpf_program_count(as->program); i++)
        if (ebpf_program_at(as->program, i)->op == EBPF_OP_EXIT)
            return i;
    return EBPF_TARGET_NONE;
}

static void resolve_exit(struct ebpf_asm *as)
{
    const struct ebpf_name *name = ebpf_intern_find(&as->names, "exit", 4);
    if (!name || name->value == EBPF_NAME_NEW)
        return;
    struct ebpf_asm_symbol *symbol = ebpf_asm_symbol_at(as, name->value);
    uint32_t target = symbol->kind == EBPF_ASM_UNDEFINED ? first_exit(as) : EBPF_TARGET_NONE;
    if (target == EBPF_TARGET_NONE)
        return;
    symbol->kind = EBPF_ASM_LABEL;
    symbol->insn = target;
    symbol->local = true; /* not a name of the program */
}

static void resolve_fixup(struct ebpf_asm *as, const struct ebpf_asm_fixup *fixup)
{
    const struct ebpf_asm_symbol *symbol = ebpf_asm_symbol_at(as, fixup->symbol);
    struct ebpf_insn *insn = (struct ebpf_insn *)as->program->insns.data + fixup->insn;
    bool is_call = insn->op == EBPF_OP_CALL_LOCAL;
    if (symbol->kind != EBPF_ASM_LABEL && symbol->kind != EBPF_ASM_FUNCTION)
        ebpf_asm_undefined(as, fixup->symbol, fixup->span,
                           is_call ? "define it with .func, or call helpers by number"
                                   : "define the label, or write the offset as +N");
    else if (symbol->insn < ebpf_program_count(as->program))
        insn->target = symbol->insn;
    else if (ebpf_target_field((enum ebpf_op)insn->op) == EBPF_FIELD_IMM)
        insn->imm = INT32_MAX; /* until slots are numbered: leads nowhere, starts no function */
}

void ebpf_asm_resolve(struct ebpf_asm *as)
{
    const struct ebpf_asm_fixup *fixups = as->fixups.data;
    resolve_exit(as);
    for (size_t i = 0; i < as->fixups.count && !as->stopped; i++)
        resolve_fixup(as, &fixups[i]);
    for (uint32_t i = 0; i < as->symbols.count && !as->stopped; i++) {
        const struct ebpf_asm_symbol *symbol = ebpf_asm_symbol_at(as, i);
        if (symbol->kind == EBPF_ASM_LABEL && !symbol->local &&
            !ebpf_program_add_symbol(as->program, symbol->name->text, symbol->name->length,
                                     symbol->insn))
            ebpf_asm_nomem(as);
    }
}

/* A label at the end is a target that is no instruction: it stays an offset. */
static void set_end(struct ebpf_insn *insn, int64_t distance)
{
    insn->target = EBPF_TARGET_NONE;
    if (ebpf_target_field((enum ebpf_op)insn->op) == EBPF_FIELD_OFF)
        insn->off = (int16_t)distance;
    else
        insn->imm = insn->op == EBPF_OP_LDDW_FUNC ? (int64_t)(uint32_t)distance : distance;
}

static void check_target(struct ebpf_asm *as, const struct ebpf_asm_fixup *fixup)
{
    struct ebpf_insn *insn = (struct ebpf_insn *)as->program->insns.data + fixup->insn;
    enum ebpf_op op = (enum ebpf_op)insn->op;
    uint32_t target = ebpf_asm_symbol_at(as, fixup->symbol)->insn;
    int64_t distance = ebpf_insn_distance(as->program, fixup->insn, target);
    if (ebpf_target_field(op) == EBPF_FIELD_OFF && distance != (int16_t)distance)
        ebpf_asm_error(as, EBPF_ERR_RANGE, fixup->span,
                       op == EBPF_OP_JA ? "write gotol (ja32), which has 32 bits"
                                        : "jump over a gotol (ja32), which has 32 bits",
                       "the target is %lld instructions away; the field holds -32768 to 32767",
                       (long long)distance);
    else if (target == ebpf_program_count(as->program))
        set_end(insn, distance);
}

void ebpf_asm_check_targets(struct ebpf_asm *as)
{
    const struct ebpf_asm_fixup *fixups = as->fixups.data;
    for (size_t i = 0; i < as->fixups.count; i++)
        check_target(as, &fixups[i]);
}
