/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The inside of the assembler.
 *
 *     text ─ scanner.l ─ tokens.c ─ grammar.y ─┬─ instruction.c   mnemonic and operands ┐
 *            words,      where a    shapes     ├─ pseudoc.c       pseudo-C statements   ├─ program
 *            numbers     statement             ├─ directive.c     .equ, .func, .8byte   │
 *                        ends                  └─ symbol.c        labels and targets    ┘
 *
 * The grammar knows shapes of operands, not instructions: those are found in ir/opcodes.def by
 * (name, shape) or, for pseudo-C, by (format, operation, width).
 */
#ifndef FRONTEND_ASM_ASSEMBLER_H
#define FRONTEND_ASM_ASSEMBLER_H

#include <stdbool.h>
#include <stdint.h>

#include <ebpfvm/asm.h>

#include "base/intern.h"
#include "base/vec.h"
#include "ir/op.h"
#include "ir/program.h"

/* Bytes of the text, [start, end). */
struct ebpf_asm_span {
    uint32_t start, end;
};

struct ebpf_asm_text {
    const char *data; /* not NUL-terminated */
    uint32_t length;
};

#define EBPF_ASM_NO_SYMBOL UINT32_MAX

/* A constant, or a name that is not known to be one. */
struct ebpf_asm_value {
    uint64_t bits;
    uint32_t symbol;  /* the name, if the expression is just one; or EBPF_ASM_NO_SYMBOL */
    bool is_unsigned; /* as in C: a literal beyond INT64_MAX, and what is computed with one */
    bool constant;
};

struct ebpf_asm_reg {
    uint8_t number;
    bool is32; /* w0 rather than r0 */
};

/* A register and a displacement. */
struct ebpf_asm_address {
    struct ebpf_asm_reg base;
    struct ebpf_asm_value offset;
};

/* u8 to s64 */
struct ebpf_asm_type {
    uint8_t width; /* in bits */
    bool is_signed;
};

/* What a token or a part of a statement carries. */
union ebpf_asm_part {
    struct ebpf_asm_text text;
    struct ebpf_asm_value value;
    struct ebpf_asm_reg reg;
    struct ebpf_asm_address address;
    struct ebpf_asm_type type;
};

/* The kinds of operands as they are written; what an instruction takes are the letters of
 * enum ebpf_shape. */
enum ebpf_asm_kind {
    EBPF_ASM_REGISTER, /* reg */
    EBPF_ASM_VALUE,    /* value: an immediate or a target */
    EBPF_ASM_PC,       /* value: `pc+3`, a target only */
    EBPF_ASM_MEMORY,   /* reg + value */
    EBPF_ASM_REFERENCE /* oper, value, next: `map_val(map_by_fd(value)) + next` */
};

struct ebpf_asm_operand {
    uint8_t kind; /* enum ebpf_asm_kind */
    uint8_t oper; /* enum ebpf_oper */
    struct ebpf_asm_reg reg;
    struct ebpf_asm_span span;
    struct ebpf_asm_value value, next;
};

enum {
    EBPF_ASM_MAX_OPERANDS = 4, /* of one statement: `w0 = cmpxchg32_32(r1 + 0, w0, w2)` */
    EBPF_ASM_MAX_FORMS = 8     /* of one mnemonic: lddw has 7 */
};

/* The forms of one mnemonic. */
struct ebpf_asm_mnemonic {
    struct ebpf_asm_text name;
    uint8_t count; /* 0: no such mnemonic */
    bool takes_operands;
    uint16_t ops[EBPF_ASM_MAX_FORMS];        /* enum ebpf_op */
    const char *shapes[EBPF_ASM_MAX_FORMS]; /* "RI": the letters of enum ebpf_shape */
};

enum ebpf_asm_symbol_kind {
    EBPF_ASM_UNDEFINED, EBPF_ASM_LABEL, EBPF_ASM_FUNCTION, EBPF_ASM_CONSTANT
};

struct ebpf_asm_symbol {
    const struct ebpf_name *name;
    struct ebpf_asm_span span; /* where it is defined */
    uint8_t kind;              /* enum ebpf_asm_symbol_kind */
    bool is_unsigned;          /* of a constant */
    bool local;                /* one definition of a numeric label such as `1:` */
    bool reported;             /* as undefined */
    uint32_t insn;             /* of a label or function: the instruction it stands before */
    uint32_t backward, forward; /* of a numeric label: what 1b and 1f lead to */
    uint64_t bits;             /* of a constant */
};

/* A slot that .8byte gave. */
struct ebpf_asm_raw {
    uint64_t bits;
    uint32_t loc;
};

/* A target to be filled in when all labels are known. */
struct ebpf_asm_fixup {
    uint32_t insn, symbol;
    struct ebpf_asm_span span;
};

/* Where in a statement the next token stands; see tokens.c. */
enum ebpf_asm_state {
    EBPF_ASM_AT_START, EBPF_ASM_AT_MNEMONIC, EBPF_ASM_AT_COMMA, EBPF_ASM_AT_OPERAND,
    EBPF_ASM_AT_END
};

struct ebpf_asm {
    struct ebpf_mem mem;
    struct ebpf_diag *diag;
    struct ebpf_program *program;
    char *text; /* the scanner's copy: two NULs follow */
    uint32_t length;
    void *scanner;

    ebpf_status status; /* the first error */
    unsigned errors, max_errors;
    bool stopped; /* no more tokens */

    enum ebpf_asm_state state;
    bool in_if;   /* a `goto` belongs to the statement */
    int held;     /* a token to be given next, or -1 */
    union ebpf_asm_part held_part;
    struct ebpf_asm_span held_span;
    uint32_t end; /* of the latest token */
    struct ebpf_asm_span comment; /* where a comment starts */
    char compound[32]; /* a mnemonic of several words, with single blanks */

    struct ebpf_asm_operand operands[EBPF_ASM_MAX_OPERANDS]; /* of the statement */
    unsigned operand_count;     /* may exceed the array */
    uint8_t cast;               /* bits of `(u64 *)` in an atomic operation; 0 if it has none */
    uint32_t mnemonic;          /* of the statement; an index, or UINT32_MAX */

    struct ebpf_intern words, names; /* values are indexes into mnemonics and symbols */
    struct ebpf_vec mnemonics, symbols, fixups;
    struct ebpf_vec raw;        /* struct ebpf_asm_raw: consecutive .8byte slots */
    uint32_t slots;             /* of all instructions so far */
    uint32_t line;              /* index of the line of the latest instruction */
    struct ebpf_insn spare;     /* to be filled in when there is no memory for another */
};

/* report.c: errors.  An advice of NULL is that of the status. */
void ebpf_asm_error(struct ebpf_asm *as, ebpf_status status, struct ebpf_asm_span span,
                    const char *advice, const char *message, ...) EBPF_PRINTF(5, 6);
void ebpf_asm_note(struct ebpf_asm *as, struct ebpf_asm_span span, const char *message);
void ebpf_asm_nomem(struct ebpf_asm *as);
void ebpf_asm_syntax_error(struct ebpf_asm *as, struct ebpf_asm_span span, bool at_end,
                           const char *expected);
struct ebpf_asm_text ebpf_asm_quote(const struct ebpf_asm *as, struct ebpf_asm_span span);

/* The nearest of the names that are offered one by one; start with all zero but for `word`. */
enum { EBPF_ASM_NEAR_MAX = 32 /* bytes of a name that is compared */ };
struct ebpf_asm_nearest {
    struct ebpf_asm_text word;
    char name[EBPF_ASM_NEAR_MAX + 1];
    unsigned distance; /* 0: none yet */
};
void ebpf_asm_offer(struct ebpf_asm_nearest *nearest, const char *name, size_t length);

/* scanner.l */
bool ebpf_asm_scan_open(struct ebpf_asm *as);
void ebpf_asm_scan_skip_line(struct ebpf_asm *as);

/* mnemonic.c: the forms of a name. */
uint32_t ebpf_asm_mnemonic(struct ebpf_asm *as, struct ebpf_asm_text name);
const struct ebpf_asm_mnemonic *ebpf_asm_mnemonic_at(const struct ebpf_asm *as, uint32_t index);
void ebpf_asm_offer_mnemonics(struct ebpf_asm_nearest *nearest);
/* The shape of a form as in enum ebpf_shape: "RI". */
const char *ebpf_asm_shape(enum ebpf_op op);
/* "add64 takes `rD, imm` or `rD, rS`" */
void ebpf_asm_describe(const struct ebpf_asm_mnemonic *mnemonic, char *text, size_t size);

/* expr.c: constant expressions on 64 bits. */
struct ebpf_asm_value ebpf_asm_number(struct ebpf_asm *as, struct ebpf_asm_text text,
                                      struct ebpf_asm_span span);
struct ebpf_asm_value ebpf_asm_char(struct ebpf_asm *as, struct ebpf_asm_text text,
                                    struct ebpf_asm_span span);
struct ebpf_asm_value ebpf_asm_unary(struct ebpf_asm *as, char op, struct ebpf_asm_value a,
                                     struct ebpf_asm_span span);
struct ebpf_asm_value ebpf_asm_binary(struct ebpf_asm *as, char op, struct ebpf_asm_value a,
                                      struct ebpf_asm_value b, struct ebpf_asm_span span);
static inline struct ebpf_asm_value ebpf_asm_constant(uint64_t bits)
{
    return (struct ebpf_asm_value){bits, EBPF_ASM_NO_SYMBOL, false, true};
}

struct ebpf_asm_reg ebpf_asm_register(struct ebpf_asm *as, struct ebpf_asm_text text,
                                      struct ebpf_asm_span span);

/* symbol.c: names. */
struct ebpf_asm_value ebpf_asm_name(struct ebpf_asm *as, struct ebpf_asm_text text);
struct ebpf_asm_value ebpf_asm_local(struct ebpf_asm *as, struct ebpf_asm_text text,
                                     struct ebpf_asm_span span);
void ebpf_asm_label(struct ebpf_asm *as, struct ebpf_asm_text text, struct ebpf_asm_span span);
void ebpf_asm_define(struct ebpf_asm *as, uint32_t symbol, struct ebpf_asm_symbol definition);
void ebpf_asm_fixup(struct ebpf_asm *as, uint32_t symbol, struct ebpf_asm_span span);
void ebpf_asm_undefined(struct ebpf_asm *as, uint32_t symbol, struct ebpf_asm_span span,
                        const char *advice);
void ebpf_asm_resolve(struct ebpf_asm *as);
void ebpf_asm_check_targets(struct ebpf_asm *as);
static inline struct ebpf_asm_symbol *ebpf_asm_symbol_at(const struct ebpf_asm *as, uint32_t index)
{
    return (struct ebpf_asm_symbol *)as->symbols.data + index;
}

/* instruction.c: operands into fields. */
void ebpf_asm_operand(struct ebpf_asm *as, enum ebpf_asm_kind kind, struct ebpf_asm_span span,
                      struct ebpf_asm_reg reg, struct ebpf_asm_value value);
struct ebpf_asm_address ebpf_asm_base(struct ebpf_asm *as, struct ebpf_asm_reg reg,
                                      struct ebpf_asm_span span);
struct ebpf_asm_address ebpf_asm_displace(struct ebpf_asm *as, char op,
                                          struct ebpf_asm_address address,
                                          struct ebpf_asm_value value, struct ebpf_asm_span span);
/* `outer(value)` or, if inner is not NULL, `outer(inner(value))`; then ` + value`. */
void ebpf_asm_refer(struct ebpf_asm *as, struct ebpf_asm_text outer,
                    const struct ebpf_asm_text *inner, struct ebpf_asm_value value,
                    struct ebpf_asm_span span);
void ebpf_asm_refer_next(struct ebpf_asm *as, char op, struct ebpf_asm_value value,
                         struct ebpf_asm_span span);

/* The instruction of the statement's mnemonic and operands. */
void ebpf_asm_instruction(struct ebpf_asm *as, struct ebpf_asm_span span);
/* The instruction `op` with the statement's operands, which have its shape. */
void ebpf_asm_emit(struct ebpf_asm *as, enum ebpf_op op, struct ebpf_asm_span span);
void ebpf_asm_emit_shape(struct ebpf_asm *as, enum ebpf_op op, const char *shape,
                         struct ebpf_asm_span span);
uint32_t ebpf_asm_loc(struct ebpf_asm *as, struct ebpf_asm_span span);

/* directive.c */
bool ebpf_asm_directive_ignored(struct ebpf_asm_text name);
void ebpf_asm_directive(struct ebpf_asm *as, struct ebpf_asm_text name,
                        struct ebpf_asm_span span);
void ebpf_asm_assign(struct ebpf_asm *as, struct ebpf_asm_text name, struct ebpf_asm_value value,
                     struct ebpf_asm_span span);
/* Turns the .8byte slots read so far into instructions. */
void ebpf_asm_flush_raw(struct ebpf_asm *as);

/* pseudoc.c: statements of pseudo-C, with the statement's operands. */
void ebpf_asm_alu(struct ebpf_asm *as, struct ebpf_asm_text symbol, struct ebpf_asm_span span);
void ebpf_asm_move(struct ebpf_asm *as, struct ebpf_asm_span span);
void ebpf_asm_cast(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_span span);
void ebpf_asm_negate(struct ebpf_asm *as, struct ebpf_asm_span span);
void ebpf_asm_swap(struct ebpf_asm *as, struct ebpf_asm_text name,
                   struct ebpf_asm_span name_span, struct ebpf_asm_span span);
void ebpf_asm_load64(struct ebpf_asm *as, struct ebpf_asm_span span);
void ebpf_asm_load(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_span span);
void ebpf_asm_store(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_span span);
void ebpf_asm_packet(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_text name,
                     struct ebpf_asm_span span);
void ebpf_asm_lock(struct ebpf_asm *as, struct ebpf_asm_type type, struct ebpf_asm_text symbol,
                   struct ebpf_asm_span span);
void ebpf_asm_intrinsic(struct ebpf_asm *as, struct ebpf_asm_text name, struct ebpf_asm_span span);
void ebpf_asm_branch(struct ebpf_asm *as, struct ebpf_asm_text symbol, struct ebpf_asm_span span);

static inline bool ebpf_asm_is(struct ebpf_asm_text text, const char *word, size_t length)
{
    return text.length == length && __builtin_memcmp(text.data, word, length) == 0;
}
#define EBPF_ASM_IS(text, word) ebpf_asm_is(text, word, sizeof(word) - 1)

#endif
