/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/print.h"

#include <string.h>

#include "ir/op.h"

enum { BYTES_COLUMN = 8 * 3 - 1 };

struct columns {
    bool pcs, bytes, labels;
    unsigned pc_width; /* in characters */
};

/* So many blanks, at most 32. */
static void pad(struct ebpf_out *out, unsigned count)
{
    ebpf_out_write(out, "                                ", count);
}

static unsigned decimal_width(uint32_t value)
{
    unsigned width = 1;
    while (value /= 10)
        width++;
    return width;
}

static void print_pc(struct ebpf_out *out, uint32_t pc, unsigned width)
{
    pad(out, width - decimal_width(pc));
    ebpf_out_decimal(out, pc);
    ebpf_out_puts(out, ":  ");
}

/* A slot in hexadecimal; NULL for one that cannot be encoded. */
static void print_slot(struct ebpf_out *out, const uint8_t *bytes)
{
    for (int i = 0; i < 8; i++) {
        if (i)
            ebpf_out_char(out, ' ');
        if (bytes)
            ebpf_out_hex(out, bytes[i], 2);
        else
            ebpf_out_puts(out, "??");
    }
}

/* The lines of an instruction: those of its text, and with a column of bytes one per slot. */
static void print_insn(struct ebpf_printer *p, const struct columns *c, uint32_t index)
{
    struct ebpf_out *out = &p->out;
    unsigned texts = ebpf_print_lines(p->program, index);
    unsigned slots = ebpf_op_table[ebpf_program_at(p->program, index)->op].slots;
    unsigned lines = c->bytes ? slots : texts;
    uint8_t bytes[16];
    bool encoded = c->bytes && ebpf_insn_encode(p->program, index, bytes) == EBPF_OK;
    for (unsigned line = 0; line < lines; line++) {
        if (c->pcs)
            print_pc(out, ebpf_program_pc(p->program, index) + line, c->pc_width);
        if (c->bytes)
            print_slot(out, encoded ? bytes + 8 * line : NULL);
        if (line < texts) {
            pad(out, c->bytes ? 3 : c->labels && !c->pcs ? 4 : 0);
            ebpf_print_line(p, index, line);
        }
        ebpf_out_char(out, '\n');
    }
}

static void print_lines(struct ebpf_printer *p, const struct ebpf_print_options *options)
{
    uint32_t count = ebpf_program_count(p->program);
    unsigned width = decimal_width(p->program->slots);
    struct columns c = {options->pcs != 0, options->bytes != 0, p->labels != NULL,
                        width < 4 ? 4 : width};
    for (uint32_t i = 0; i <= count; i++) {
        if (p->labels)
            ebpf_labels_declare(p->labels, i, &p->out);
        if (i < count)
            print_insn(p, &c, i);
    }
}

ebpf_status ebpf_program_print(const struct ebpf_program *program,
                               const struct ebpf_print_options *given,
                               const struct ebpf_stream *stream)
{
    struct ebpf_print_options options = {0};
    if (given)
        memcpy(&options, given, given->size < sizeof(options) ? given->size : sizeof(options));
    if (!ebpf_dialect_known(options.dialect))
        return EBPF_ERR_INVALID;
    struct ebpf_labels labels;
    struct ebpf_printer p = {.program = program, .dialect = options.dialect};
    ebpf_out_init(&p.out, stream);
    if (options.labels) {
        ebpf_status status = ebpf_labels_init(&labels, program);
        if (status)
            return status;
        p.labels = &labels;
    }
    if (options.json)
        ebpf_print_json(&p);
    else
        print_lines(&p, &options);
    if (p.labels)
        ebpf_labels_free(&labels);
    return ebpf_out_flush(&p.out);
}
