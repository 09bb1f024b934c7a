/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Where statements begin and end, so that the grammar need not know.
 *
 * rbpf takes newlines for blanks and several instructions on a line; pseudo-C ends a statement
 * with the line; any word may name an instruction or a label.  So what a token is depends on where
 * it stands:
 *
 *     state         a word is          the end of the line ends the statement
 *     AT_START      an instruction     (there is none)
 *     AT_MNEMONIC   an operand         unless an operand follows on the next line
 *     AT_COMMA      an operand         the same
 *     AT_OPERAND    an operand         yes
 *     AT_END        an instruction     yes; an operand is complete here
 *
 * END ends every statement: at the end of the line, before an instruction on the same line, and at
 * the end of the text.
 */
#include "frontend/asm/tokens.h"

#include <string.h>

/* Ends the statement before a token, which is then the next one. */
static int hold(struct ebpf_asm *as, int token, const union ebpf_asm_part *part,
                struct ebpf_asm_span *span)
{
    as->held = token;
    as->held_part = *part;
    as->held_span = *span;
    as->state = EBPF_ASM_AT_START;
    as->in_if = false;
    *span = (struct ebpf_asm_span){as->end, as->end};
    return END;
}

/* `lock  fetch add` to `lock fetch_add`: as the table spells it. */
static struct ebpf_asm_text squeeze(struct ebpf_asm *as, struct ebpf_asm_text text)
{
    uint32_t length = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        bool blank = text.data[i] == ' ' || text.data[i] < ' ';
        if (blank && length && as->compound[length - 1] == ' ')
            continue;
        if (length == sizeof(as->compound))
            return text;
        as->compound[length++] = blank ? ' ' : text.data[i];
    }
    while (length && as->compound[length - 1] == ' ')
        length--;
    if (length > 11 && memcmp(as->compound, "lock fetch ", 11) == 0)
        as->compound[10] = '_';
    return (struct ebpf_asm_text){as->compound, length};
}

static int start_word(struct ebpf_asm *as, struct ebpf_asm_text word, union ebpf_asm_part *part)
{
    as->state = EBPF_ASM_AT_OPERAND;
    part->text = word;
    if (word.data[0] == '.') {
        if (ebpf_asm_directive_ignored(word))
            ebpf_asm_scan_skip_line(as);
        return DIRECTIVE;
    }
    if (EBPF_ASM_IS(word, "if")) {
        as->in_if = true;
        return IF;
    }
    if (EBPF_ASM_IS(word, "lock"))
        return LOCK;
    as->mnemonic = ebpf_asm_mnemonic(as, word);
    const struct ebpf_asm_mnemonic *mnemonic = ebpf_asm_mnemonic_at(as, as->mnemonic);
    if (mnemonic->count)
        as->state = mnemonic->takes_operands ? EBPF_ASM_AT_MNEMONIC : EBPF_ASM_AT_END;
    return MNEMONIC;
}

/* A word, of one or several parts, by its place. */
static int word(struct ebpf_asm *as, int token, union ebpf_asm_part *part,
                struct ebpf_asm_span *span)
{
    if (as->state == EBPF_ASM_AT_START)
        return start_word(as, token == COMPOUND ? squeeze(as, part->text) : part->text, part);
    if (as->state == EBPF_ASM_AT_END) {
        if (token == NAME && EBPF_ASM_IS(part->text, "ll"))
            return LL;
        if (as->in_if && token == NAME && EBPF_ASM_IS(part->text, "goto")) {
            as->state = EBPF_ASM_AT_OPERAND;
            return GOTO;
        }
        return hold(as, token, part, span);
    }
    as->state = EBPF_ASM_AT_END;
    return NAME;
}

static bool starts_operand(struct ebpf_asm *as, int token, struct ebpf_asm_text text)
{
    switch (token) {
    case REGISTER: case NUMBER: case LOCAL: case PC: case '-': case '+': case '~': case '[':
    case '(':
        return true;
    case NAME:
        return as->state == EBPF_ASM_AT_COMMA && text.data[0] != '.' &&
               !EBPF_ASM_IS(text, "if") &&
               ebpf_asm_mnemonic_at(as, ebpf_asm_mnemonic(as, text))->count == 0;
    }
    return false;
}

/* The next token but newlines. */
static int scan(struct ebpf_asm *as, union ebpf_asm_part *part, struct ebpf_asm_span *span,
                bool *newline)
{
    *newline = false;
    for (;;) {
        int token = ebpf_asm_scan(as, part, span, as->scanner);
        if (token != NEWLINE)
            return token;
        *newline = true;
    }
}

/* The token by its place in the statement. */
static int place(struct ebpf_asm *as, int token, union ebpf_asm_part *part,
                 struct ebpf_asm_span *span)
{
    if (as->state == EBPF_ASM_AT_START) {
        as->operand_count = 0;
        as->mnemonic = UINT32_MAX;
        as->cast = 0;
    }
    as->end = span->end;
    switch (token) {
    case NAME:
    case COMPOUND:
        return word(as, token, part, span);
    case LABEL:
        if (as->state == EBPF_ASM_AT_END)
            return hold(as, token, part, span);
        return LABEL;
    case REGISTER: case NUMBER: case LOCAL: case ']': case ')':
        as->state = EBPF_ASM_AT_END;
        return token;
    case ',':
        as->state = EBPF_ASM_AT_COMMA;
        return token;
    case BAD:
        as->state = EBPF_ASM_AT_OPERAND;
        return EBPF_ASM_YYerror;
    }
    as->state = EBPF_ASM_AT_OPERAND;
    return token;
}

int ebpf_asm_yylex(union ebpf_asm_part *part, struct ebpf_asm_span *span, struct ebpf_asm *as)
{
    bool newline = false;
    int token = as->held;
    if (token >= 0) {
        as->held = -1;
        *span = as->held_span;
        *part = as->held_part;
    } else {
        token = scan(as, part, span, &newline);
    }
    if (as->stopped)
        token = EBPF_ASM_YYEOF;
    if (as->state == EBPF_ASM_AT_START)
        return token == EBPF_ASM_YYEOF ? token : place(as, token, part, span);
    if (token == EBPF_ASM_YYEOF)
        return hold(as, token, part, span);
    bool goes_on = as->state == EBPF_ASM_AT_MNEMONIC || as->state == EBPF_ASM_AT_COMMA;
    if (newline && !(goes_on && starts_operand(as, token, part->text)))
        return hold(as, token, part, span);
    return place(as, token, part, span);
}
