/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Names for the targets of a program, such that the assembler reads them back. */
#ifndef IR_LABELS_H
#define IR_LABELS_H

#include "base/stream.h"
#include "ir/program.h"

/* A place with a name of its own.  Places without one are called by their pc: L7, func_7. */
struct ebpf_label {
    const char *name;
    uint32_t insn;
};

struct ebpf_labels {
    const struct ebpf_program *program;
    uint8_t *marks;        /* bits of enum ebpf_mark, per instruction and for the end */
    struct ebpf_vec names; /* struct ebpf_label in order of address */
    unsigned underscores;  /* in generated names, so that they differ from the program's */
};

enum ebpf_mark {
    EBPF_MARK_TARGET = 1 << 0,   /* something leads here */
    EBPF_MARK_FUNCTION = 1 << 1, /* a function starts here that is worth a name */
    EBPF_MARK_NAMED = 1 << 2     /* `names` has entries for it */
};

/* Names all places of a program; EBPF_ERR_NOMEM leaves nothing behind. */
ebpf_status ebpf_labels_init(struct ebpf_labels *labels, const struct ebpf_program *program);
void ebpf_labels_free(struct ebpf_labels *labels);

/* The names of a place, in `names` from the returned one on while they have its `insn`. */
const struct ebpf_label *ebpf_labels_at(const struct ebpf_labels *labels, uint32_t insn);

/* Prints the name by which others call a place. */
void ebpf_labels_print(const struct ebpf_labels *labels, uint32_t insn, struct ebpf_out *out);

/* Prints the lines that declare a place: `.func name` or `name:`, or none. */
void ebpf_labels_declare(const struct ebpf_labels *labels, uint32_t insn, struct ebpf_out *out);

#endif
