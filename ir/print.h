/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the printers share: one instruction in either dialect, by the templates of syntax.def. */
#ifndef IR_PRINT_H
#define IR_PRINT_H

#include "base/stream.h"
#include "ir/labels.h"
#include "ir/program.h"

struct ebpf_printer {
    const struct ebpf_program *program;
    const struct ebpf_labels *labels; /* NULL for offsets */
    enum ebpf_dialect dialect;
    struct ebpf_out out;
};

/* Whether a caller's number is a dialect. */
static inline bool ebpf_dialect_known(enum ebpf_dialect dialect)
{
    return dialect == EBPF_DIALECT_MNEMONIC || dialect == EBPF_DIALECT_PSEUDOC;
}

/* How many lines of text an instruction is: 1, or 2 for a 64-bit immediate that prints as data. */
unsigned ebpf_print_lines(const struct ebpf_program *program, uint32_t insn);

/* Prints one of its lines, without a newline. */
void ebpf_print_line(struct ebpf_printer *p, uint32_t insn, unsigned line);

/* Prints an array of JSON objects. */
void ebpf_print_json(struct ebpf_printer *p);

#endif
