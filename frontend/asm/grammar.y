/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The shapes of statements.  Which instruction a statement is, is looked up with its name or
 * symbol and the operands that were pushed on the way; tokens.c tells where statements end.
 */
%code requires {
#include "frontend/asm/assembler.h"
}
%define api.pure full
%define api.prefix {ebpf_asm_yy}
%define api.value.type {union ebpf_asm_part}
%define api.location.type {struct ebpf_asm_span}
%define parse.error custom
%define lr.default-reduction consistent /* no action runs before an error is seen */
%locations
%param {struct ebpf_asm *as}
%expect 0

%code {
#include "frontend/asm/tokens.h"

/* The stack has a fixed size: nothing is allocated, and deep nesting is an error. */
#define YYINITDEPTH 600
#define YYMAXDEPTH YYINITDEPTH

#define YYLLOC_DEFAULT(current, rhs, count)                                                        \
    do {                                                                                           \
        (current).start = YYRHSLOC(rhs, (count) ? 1 : 0).start;                                    \
        (current).end = YYRHSLOC(rhs, count).end;                                                  \
    } while (0)

static void ebpf_asm_yyerror(const YYLTYPE *span, struct ebpf_asm *as, const char *message);

#define REG(reg, span)  ebpf_asm_operand(as, EBPF_ASM_REGISTER, span, reg, ebpf_asm_constant(0))
#define VAL(kind, value, span) ebpf_asm_operand(as, kind, span, (struct ebpf_asm_reg){0}, value)
#define MEM(address, span)                                                                         \
    ebpf_asm_operand(as, EBPF_ASM_MEMORY, span, (address).base, (address).offset)
}

%token END "end of the statement"
%token <text> NAME "name" MNEMONIC "instruction" DIRECTIVE "directive" LABEL "label"
%token <text> LOCAL "local label" COMPARE "comparison" ASSIGN "assignment operator"
%token <value> NUMBER "number"
%token <reg> REGISTER "register"
%token <type> CAST "cast" POINTER "pointer type" DEREF "memory type"
%token IF "`if`" GOTO "`goto`" LOCK "`lock`" LL "`ll`" PC "`pc`" SHL "`<<`" SHR "`>>`"
%token '=' "`=`" ',' "`,`" '(' "`(`" ')' "`)`" '[' "`[`" ']' "`]`"
%token '+' "`+`" '-' "`-`" '*' "`*`" '/' "`/`" '%' "`%`" '&' "`&`" '|' "`|`" '^' "`^`" '~' "`~`"
%token NEWLINE COMPOUND BAD /* from the scanner to tokens.c only */

%left '|'
%left '^'
%left '&'
%left SHL SHR
%left '+' '-'
%left '*' '/' '%'
%precedence UNARY

%type <value> expr
%type <address> address
%type <text> condition

%%

program
    : %empty
    | program END
    | program LABEL                     { ebpf_asm_label(as, $LABEL, @LABEL); }
    | program statement END
    | program error END                 { yyerrok; }
    ;

statement
    : MNEMONIC                          { ebpf_asm_instruction(as, @$); }
    | MNEMONIC operands                 { ebpf_asm_instruction(as, @$); }
    | MNEMONIC '(' location ',' reg ')' { ebpf_asm_intrinsic(as, $MNEMONIC, @$); }
    | MNEMONIC '=' expr                 { ebpf_asm_assign(as, $MNEMONIC, $expr, @MNEMONIC); }
    | DIRECTIVE                         { ebpf_asm_directive(as, $DIRECTIVE, @$); }
    | DIRECTIVE operands                { ebpf_asm_directive(as, $DIRECTIVE, @$); }
    | IF reg condition source GOTO target { ebpf_asm_branch(as, $condition, @$); }
    | reg ASSIGN source                 { ebpf_asm_alu(as, $ASSIGN, @$); }
    | reg '=' source                    { ebpf_asm_move(as, @$); }
    | reg '=' '-' reg                   { ebpf_asm_negate(as, @$); }
    | reg '=' CAST reg                  { ebpf_asm_cast(as, $CAST, @$); }
    | reg '=' NAME reg                  { ebpf_asm_swap(as, $NAME, @NAME, @$); }
    | reg '=' immediate LL              { ebpf_asm_load64(as, @$); }
    | reg '=' reference LL              { ebpf_asm_load64(as, @$); }
    | reg '=' DEREF memory              { ebpf_asm_load(as, $DEREF, @$); }
    | reg '=' DEREF NAME '[' index ']'  { ebpf_asm_packet(as, $DEREF, $NAME, @$); }
    | DEREF memory '=' source           { ebpf_asm_store(as, $DEREF, @$); }
    | LOCK DEREF memory ASSIGN reg      { ebpf_asm_lock(as, $DEREF, $ASSIGN, @$); }
    | reg '=' NAME '(' location ')'     { ebpf_asm_intrinsic(as, $NAME, @$); }
    | reg '=' NAME '(' location ',' reg ')'         { ebpf_asm_intrinsic(as, $NAME, @$); }
    | reg '=' NAME '(' location ',' reg ',' reg ')' { ebpf_asm_intrinsic(as, $NAME, @$); }
    ;

condition
    : COMPARE
    | '&'                               { $$ = ebpf_asm_quote(as, @$); }
    ;

operands
    : operand
    | operands ',' operand
    ;

operand
    : source
    | reference
    | PC expr                           { VAL(EBPF_ASM_PC, $expr, @$); }
    | LOCAL                             { VAL(EBPF_ASM_VALUE, ebpf_asm_local(as, $1, @$), @$); }
    | '[' address ']'                   { MEM($address, @$); }
    ;

source: reg | immediate;
reg: REGISTER                           { REG($1, @$); };
immediate: expr                         { VAL(EBPF_ASM_VALUE, $1, @$); };
memory: '(' address ')'                 { MEM($address, @$); };

target
    : immediate
    | PC expr                           { VAL(EBPF_ASM_PC, $expr, @$); }
    | LOCAL                             { VAL(EBPF_ASM_VALUE, ebpf_asm_local(as, $1, @$), @$); }
    ;

location
    : address                           { MEM($address, @$); }
    | POINTER memory                    { as->cast = $POINTER.width; }
    ;

index
    : immediate
    | address                           { MEM($address, @$); }
    ;

address
    : REGISTER                          { $$ = ebpf_asm_base(as, $1, @$); }
    | address '+' expr                  { $$ = ebpf_asm_displace(as, '+', $1, $3, @$); }
    | address '-' expr                  { $$ = ebpf_asm_displace(as, '-', $1, $3, @$); }
    ;

reference
    : NAME '(' expr ')'                 { ebpf_asm_refer(as, $1, NULL, $expr, @$); }
    | NAME '(' NAME '(' expr ')' ')'    { ebpf_asm_refer(as, $1, &$3, $expr, @$); }
    | reference '+' expr                { ebpf_asm_refer_next(as, '+', $expr, @$); }
    | reference '-' expr                { ebpf_asm_refer_next(as, '-', $expr, @$); }
    ;

expr
    : NUMBER
    | NAME                              { $$ = ebpf_asm_name(as, $1); }
    | '(' expr ')'                      { $$ = $2; }
    | '-' expr %prec UNARY              { $$ = ebpf_asm_unary(as, '-', $2, @$); }
    | '+' expr %prec UNARY              { $$ = ebpf_asm_unary(as, '+', $2, @$); }
    | '~' expr %prec UNARY              { $$ = ebpf_asm_unary(as, '~', $2, @$); }
    | expr '|' expr                     { $$ = ebpf_asm_binary(as, '|', $1, $3, @$); }
    | expr '^' expr                     { $$ = ebpf_asm_binary(as, '^', $1, $3, @$); }
    | expr '&' expr                     { $$ = ebpf_asm_binary(as, '&', $1, $3, @$); }
    | expr SHL expr                     { $$ = ebpf_asm_binary(as, '<', $1, $3, @$); }
    | expr SHR expr                     { $$ = ebpf_asm_binary(as, '>', $1, $3, @$); }
    | expr '+' expr                     { $$ = ebpf_asm_binary(as, '+', $1, $3, @$); }
    | expr '-' expr                     { $$ = ebpf_asm_binary(as, '-', $1, $3, @$); }
    | expr '*' expr                     { $$ = ebpf_asm_binary(as, '*', $1, $3, @$); }
    | expr '/' expr                     { $$ = ebpf_asm_binary(as, '/', $1, $3, @$); }
    | expr '%' expr                     { $$ = ebpf_asm_binary(as, '%', $1, $3, @$); }
    ;

%%

enum { EXPECTED_MAX = 4 };

/* "unexpected `)`; expected register or number" */
static int yyreport_syntax_error(const yypcontext_t *context, struct ebpf_asm *as)
{
    yysymbol_kind_t expected[EXPECTED_MAX];
    int count = yypcontext_expected_tokens(context, expected, EXPECTED_MAX);
    char list[200] = "";
    size_t length = 0;
    for (int i = 0; i < count && length < sizeof(list) - 40; i++)
        length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
                                   i == 0 ? "expected " : " or ", yysymbol_name(expected[i]));
    bool at_end = yypcontext_token(context) == YYSYMBOL_END;
    ebpf_asm_syntax_error(as, *yypcontext_location(context), at_end, list);
    return 0;
}

/* Bison calls this only when its stack is full. */
static void ebpf_asm_yyerror(const YYLTYPE *span, struct ebpf_asm *as, const char *message)
{
    (void)message;
    ebpf_asm_error(as, EBPF_ERR_LIMIT, *span, "use fewer parentheses and signs",
                   "the expression is nested too deeply");
}
