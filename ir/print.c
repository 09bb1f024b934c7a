/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/print.h"

#include <string.h>

#include "base/bytes.h"
#include "ir/op.h"

enum { DIALECTS = 2 };

/* The templates of a form, per dialect. */
static const char *const format_syntax[][DIALECTS] = {
#define EBPF_SYNTAX(format, mnemonic, pseudoc) [EBPF_FMT_##format] = {mnemonic, pseudoc},
#define EBPF_SYNTAX_OPER(oper, pseudoc)
#include "ir/syntax.def"
#undef EBPF_SYNTAX
#undef EBPF_SYNTAX_OPER
};

static const char *template_of(const struct ebpf_op_info *info, enum ebpf_dialect dialect)
{
    if (dialect == EBPF_DIALECT_PSEUDOC) {
        switch (info->oper) {
#define EBPF_SYNTAX(format, mnemonic, pseudoc)
#define EBPF_SYNTAX_OPER(oper, pseudoc) case EBPF_OPER_##oper: return pseudoc;
#include "ir/syntax.def"
#undef EBPF_SYNTAX
#undef EBPF_SYNTAX_OPER
        }
    }
    return format_syntax[info->format][dialect];
}

static void put_hex(struct ebpf_out *out, uint64_t value)
{
    ebpf_out_puts(out, "0x");
    ebpf_out_hex(out, value, 1);
}

/* An offset with its sign in hexadecimal: `+0x5`. */
static void put_hex_offset(struct ebpf_out *out, int64_t offset)
{
    ebpf_out_char(out, offset < 0 ? '-' : '+');
    put_hex(out, (uint64_t)(offset < 0 ? -offset : offset)); /* it has 32 bits */
}

/* The same in decimal, behind a word for its sign: `+5`, ` - 5`, `pc+5`. */
static void put_offset(struct ebpf_out *out, int64_t offset, const char *plus, const char *minus)
{
    ebpf_out_puts(out, offset < 0 ? minus : plus);
    ebpf_out_decimal(out, offset < 0 ? -offset : offset);
}

static void put_register(struct ebpf_out *out, unsigned number, bool narrow)
{
    ebpf_out_char(out, narrow ? 'w' : 'r');
    ebpf_out_decimal(out, number);
}

static void put_target(struct ebpf_printer *p, uint32_t index, char letter)
{
    const struct ebpf_insn *insn = ebpf_program_at(p->program, index);
    if (p->labels && insn->target != EBPF_TARGET_NONE) {
        ebpf_labels_print(p->labels, insn->target, &p->out);
        return;
    }
    int64_t offset = ebpf_insn_offset(p->program, index);
    switch (letter) {
    case 't': put_hex_offset(&p->out, offset); break;
    case 'T': put_offset(&p->out, offset, "+", "-"); break;
    case 'c': put_hex(&p->out, (uint32_t)offset); break;
    case 'C': put_offset(&p->out, offset, "pc+", "pc-"); break;
    }
}

/* What an assignment does: MOV has no symbol, MOVSX has a cast, the others an operator. */
static void put_assignment(struct ebpf_out *out, const char *symbol)
{
    bool operator = *symbol && *symbol != '(';
    if (operator)
        ebpf_out_puts(out, symbol);
    ebpf_out_puts(out, "= ");
    if (!operator)
        ebpf_out_puts(out, symbol);
}

/* The fields whose value is a number of the instruction itself. */
static void put_number(struct ebpf_out *out, const struct ebpf_insn *insn, char letter)
{
    uint32_t next = (uint32_t)((uint64_t)insn->imm >> 32);
    switch (letter) {
    case 'x': put_hex(out, (uint32_t)insn->imm); break;
    case 'i': ebpf_out_decimal(out, (int32_t)insn->imm); break;
    case 'X': put_hex(out, (uint64_t)insn->imm); break;
    case 'I': ebpf_out_decimal(out, insn->imm); break;
    case 'y': put_hex(out, next); break;
    case 'Y': ebpf_out_decimal(out, next); break;
    case 'm': put_hex_offset(out, insn->off); break;
    case 'M': put_offset(out, insn->off, " + ", " - "); break;
    case 'K': put_offset(out, (int32_t)insn->imm, " + ", " - "); break;
    }
}

static void put_field(struct ebpf_printer *p, uint32_t index, char letter)
{
    const struct ebpf_insn *insn = ebpf_program_at(p->program, index);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    struct ebpf_out *out = &p->out;
    bool narrow = info->width < 64;
    switch (letter) {
    case 'n': ebpf_out_puts(out, info->mnemonic); break;
    case 'o': ebpf_out_puts(out, ebpf_oper_symbol((enum ebpf_oper)info->oper)); break;
    case 'a': put_assignment(out, ebpf_oper_symbol((enum ebpf_oper)info->oper)); break;
    case 'd': put_register(out, insn->dst, false); break;
    case 's': put_register(out, insn->src, false); break;
    case 'D': put_register(out, insn->dst, narrow); break;
    case 'S': put_register(out, insn->src, narrow); break;
    case 'r': put_register(out, 0, narrow); break;
    case 'z': ebpf_out_char(out, info->oper == EBPF_OPER_LOADSX ? 's' : 'u'); /* fall through */
    case 'w': ebpf_out_decimal(out, info->width); break;
    case 'v':
        if (narrow)
            ebpf_out_decimal(out, info->width);
        break;
    case 't': case 'T': case 'c': case 'C': put_target(p, index, letter); break;
    default: put_number(out, insn, letter); break;
    }
}

/* What rbpf calls a tail call is callx with nothing in its fields. */
static bool is_tail_call(const struct ebpf_insn *insn)
{
    return insn->op == EBPF_OP_CALLX && insn->dst == 0;
}

static void put_insn(struct ebpf_printer *p, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(p->program, index);
    if (p->dialect == EBPF_DIALECT_MNEMONIC && is_tail_call(insn)) {
        ebpf_out_puts(&p->out, "tail_call");
        return;
    }
    const char *text = template_of(&ebpf_op_table[insn->op], p->dialect);
    while (*text) {
        size_t literal = strcspn(text, "%");
        ebpf_out_write(&p->out, text, literal);
        text += literal;
        if (*text) {
            put_field(p, index, text[1]);
            text += 2;
        }
    }
}

/* Whether text that says what an instruction does would lose some of its bytes.  Then those are
 * printed; but no bytes exist of a jump that is too far. */
static bool is_data(const struct ebpf_program *program, uint32_t index, uint8_t bytes[16])
{
    return !ebpf_insn_is_canonical(ebpf_program_at(program, index)) &&
           ebpf_insn_encode(program, index, bytes) == EBPF_OK;
}

unsigned ebpf_print_lines(const struct ebpf_program *program, uint32_t index)
{
    uint8_t bytes[16];
    const struct ebpf_insn *insn = ebpf_program_at(program, index);
    return is_data(program, index, bytes) ? ebpf_op_table[insn->op].slots : 1;
}

void ebpf_print_line(struct ebpf_printer *p, uint32_t index, unsigned line)
{
    uint8_t bytes[16];
    if (!is_data(p->program, index, bytes)) {
        put_insn(p, index);
        return;
    }
    bool unknown = ebpf_program_at(p->program, index)->op == EBPF_OP_DATA;
    ebpf_out_puts(&p->out, ebpf_op_table[EBPF_OP_DATA].mnemonic);
    ebpf_out_puts(&p->out, " 0x");
    ebpf_out_hex(&p->out, ebpf_get_le64(bytes + 8 * line), 16);
    if (line == 0)
        ebpf_out_puts(&p->out, unknown ? " ; not an instruction" : " ; reserved field is set");
}

ebpf_status ebpf_insn_print(const struct ebpf_program *program, uint32_t insn,
                            enum ebpf_dialect dialect, const struct ebpf_stream *stream)
{
    if (insn >= ebpf_program_count(program) || !ebpf_dialect_known(dialect))
        return EBPF_ERR_INVALID;
    struct ebpf_printer p = {.program = program, .dialect = dialect};
    ebpf_out_init(&p.out, stream);
    unsigned lines = ebpf_print_lines(program, insn);
    for (unsigned line = 0; line < lines; line++) {
        if (line)
            ebpf_out_char(&p.out, '\n');
        ebpf_print_line(&p, insn, line);
    }
    return ebpf_out_flush(&p.out);
}
