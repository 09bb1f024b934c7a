/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The typed representation as text, for people who look at what a front end made. */
#include <string.h>

#include "ir/op.h"
#include "ir/print.h"

/* A word and blanks up to a width, one at least. */
static void column(struct ebpf_out *out, const char *word, size_t width)
{
    size_t length = strlen(word);
    ebpf_out_puts(out, word);
    do
        ebpf_out_char(out, ' ');
    while (++length < width);
}

static void name_or(struct ebpf_out *out, const char *name, const char *other)
{
    if (name)
        ebpf_out_json(out, name, strlen(name)); /* objects may call things what they like */
    else
        ebpf_out_puts(out, other);
}

static void print_insn(struct ebpf_printer *p, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(p->program, index);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    struct ebpf_location place = ebpf_program_location(p->program, index);
    struct ebpf_out *out = &p->out;
    ebpf_out_printf(out, "%7u  pc %-7u ", index, ebpf_program_pc(p->program, index));
    column(out, info->name, 18);
    ebpf_out_printf(out, "dst=%u src=%u off=%d imm=0x%llx", insn->dst, insn->src, insn->off,
                    (unsigned long long)insn->imm);
    if (insn->target != EBPF_TARGET_NONE)
        ebpf_out_printf(out, " target=%u", insn->target);
    if (place.line)
        ebpf_out_printf(out, " at=%u:%u", place.line, place.column);
    ebpf_out_puts(out, "  ; ");
    ebpf_print_line(p, index, 0);
    ebpf_out_char(out, '\n');
}

static void print_header(struct ebpf_printer *p)
{
    const struct ebpf_program *program = p->program;
    ebpf_out_printf(&p->out, "program of %u instructions in %u slots, %zu functions, source ",
                    ebpf_program_count(program), program->slots, program->functions.count);
    name_or(&p->out, program->file, "unknown");
    ebpf_out_char(&p->out, '\n');
}

static void print_function(struct ebpf_printer *p, const struct ebpf_function *f)
{
    ebpf_out_puts(&p->out, "\nfunction ");
    name_or(&p->out, f->name, "without name");
    ebpf_out_printf(&p->out, " of %u instructions\n", f->count);
}

ebpf_status ebpf_program_print_ir(const struct ebpf_program *program,
                                  const struct ebpf_stream *stream)
{
    struct ebpf_printer p = {.program = program, .dialect = EBPF_DIALECT_PSEUDOC};
    const struct ebpf_function *f = program->functions.data;
    const struct ebpf_symbol *s = program->symbols.data;
    uint32_t count = ebpf_program_count(program);
    ebpf_out_init(&p.out, stream);
    print_header(&p);
    for (uint32_t i = 0, nf = 0, ns = 0; i <= count; i++) {
        if (nf < program->functions.count && f[nf].first == i)
            print_function(&p, &f[nf++]);
        for (; ns < program->symbols.count && s[ns].insn == i; ns++) {
            name_or(&p.out, s[ns].name, "");
            ebpf_out_puts(&p.out, ":\n");
        }
        if (i < count)
            print_insn(&p, i);
    }
    return ebpf_out_flush(&p.out);
}
