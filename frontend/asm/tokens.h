/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The tokens and the two layers that make them. */
#ifndef FRONTEND_ASM_TOKENS_H
#define FRONTEND_ASM_TOKENS_H

#include "frontend/asm/assembler.h"
#include "frontend/asm/grammar.h"

/* The next token whatever stands around it; 0 at the end (scanner.l). */
int ebpf_asm_scan(struct ebpf_asm *as, union ebpf_asm_part *part, struct ebpf_asm_span *span,
                  void *scanner);

/* The next token of the grammar (tokens.c). */
int ebpf_asm_yylex(union ebpf_asm_part *part, struct ebpf_asm_span *span, struct ebpf_asm *as);

#endif
