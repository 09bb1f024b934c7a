/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "base/bytes.h"
#include "ir/op.h"
#include "ir/print.h"

static void key(struct ebpf_out *out, const char *name)
{
    ebpf_out_puts(out, ", \"");
    ebpf_out_puts(out, name);
    ebpf_out_puts(out, "\": ");
}

static void string(struct ebpf_out *out, const char *name, const char *text)
{
    key(out, name);
    ebpf_out_json(out, text, strlen(text));
}

static void number(struct ebpf_out *out, const char *name, int64_t value)
{
    key(out, name);
    ebpf_out_decimal(out, value);
}

/* The text of an instruction holds no character that JSON strings do not: names are letters,
 * digits, dots. */
static void text(struct ebpf_printer *p, uint32_t index)
{
    key(&p->out, "text");
    ebpf_out_char(&p->out, '"');
    for (unsigned line = 0; line < ebpf_print_lines(p->program, index); line++) {
        if (line)
            ebpf_out_puts(&p->out, "\\n");
        ebpf_print_line(p, index, line);
    }
    ebpf_out_char(&p->out, '"');
}

static void labels(struct ebpf_printer *p, uint32_t index)
{
    uint8_t mark = p->labels ? p->labels->marks[index] : 0;
    if (mark == 0)
        return;
    key(&p->out, mark & EBPF_MARK_FUNCTION ? "function" : "label");
    ebpf_out_char(&p->out, '"');
    ebpf_labels_print(p->labels, index, &p->out);
    ebpf_out_char(&p->out, '"');
}

/* The fields as they are encoded: offsets where the typed form has targets. */
static void fields(struct ebpf_out *out, const uint8_t *bytes, bool wide)
{
    struct ebpf_slot slot = ebpf_slot_unpack(bytes);
    uint64_t next = wide ? ebpf_get_le32(bytes + 12) : 0;
    number(out, "dst", slot.dst);
    number(out, "src", slot.src);
    number(out, "off", slot.off);
    number(out, "imm", wide ? (int64_t)(next << 32 | (uint32_t)slot.imm) : slot.imm);
}

static void bytes_and_fields(struct ebpf_printer *p, uint32_t index, unsigned slots)
{
    uint8_t bytes[16];
    if (ebpf_insn_encode(p->program, index, bytes) != EBPF_OK)
        return;
    key(&p->out, "bytes");
    ebpf_out_char(&p->out, '"');
    for (unsigned i = 0; i < slots * 8; i++)
        ebpf_out_hex(&p->out, bytes[i], 2);
    ebpf_out_char(&p->out, '"');
    fields(&p->out, bytes, slots == 2);
}

static void object(struct ebpf_printer *p, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(p->program, index);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    struct ebpf_location place = ebpf_program_location(p->program, index);
    struct ebpf_out *out = &p->out;
    ebpf_out_puts(out, "{\"pc\": ");
    ebpf_out_decimal(out, ebpf_program_pc(p->program, index));
    labels(p, index);
    string(out, "op", info->name);
    string(out, "mnemonic", info->mnemonic);
    text(p, index);
    bytes_and_fields(p, index, info->slots);
    if (insn->target != EBPF_TARGET_NONE)
        number(out, "target_pc", ebpf_program_pc(p->program, insn->target));
    if (place.line) {
        number(out, "line", place.line);
        number(out, "column", place.column);
    }
    ebpf_out_char(out, '}');
}

void ebpf_print_json(struct ebpf_printer *p)
{
    uint32_t count = ebpf_program_count(p->program);
    ebpf_out_char(&p->out, '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            ebpf_out_puts(&p->out, ",\n ");
        object(p, i);
    }
    ebpf_out_puts(&p->out, "]\n");
}
