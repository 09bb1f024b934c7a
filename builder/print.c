/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program as the C code that builds it. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include <ebpfvm/builder.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ir/op.h"
#include "ir/program.h"

/* What is known of an instruction as a place to go to. */
enum { IS_TARGET = 1, IS_FUNCTION = 2 };

struct printer {
    struct ebpf_out out;
    const struct ebpf_program *program;
    uint8_t *places; /* IS_ bits of each instruction */
};

/* Whether an instruction can be written as a call of its form's function. */
static bool has_call(const struct ebpf_insn *insn)
{
    return ebpf_insn_is_canonical(insn) && insn->dst < EBPF_REG_COUNT &&
           (insn->src < EBPF_REG_COUNT || !(ebpf_op_table[insn->op].fields & EBPF_FIELD_SRC)) &&
           (!ebpf_target_field((enum ebpf_op)insn->op) || insn->target != EBPF_TARGET_NONE);
}

static void find_places(struct printer *p)
{
    for (uint32_t i = 0; i < ebpf_program_count(p->program); i++) {
        const struct ebpf_insn *insn = ebpf_program_at(p->program, i);
        if (insn->target != EBPF_TARGET_NONE && has_call(insn))
            p->places[insn->target] |= IS_TARGET;
    }
    uint32_t count;
    const struct ebpf_function *f = ebpf_program_functions(p->program, &count);
    for (uint32_t i = 1; i < count; i++)
        p->places[f[i].first] |= IS_TARGET | IS_FUNCTION;
}

/* The name of a label in C: by place, since names of the program need be none in C. */
static void print_label(struct printer *p, uint32_t insn)
{
    ebpf_out_printf(&p->out, "l%" PRIu32, ebpf_program_pc(p->program, insn));
}

static const char *symbol_at(const struct ebpf_program *program, uint32_t insn)
{
    const struct ebpf_function *f;
    uint32_t count, of = ebpf_program_function_of(program, insn);
    f = ebpf_program_functions(program, &count);
    if (of < count && f[of].first == insn && f[of].name)
        return f[of].name;
    const struct ebpf_symbol *s = ebpf_program_symbols(program, &count);
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (s[middle].insn < insn)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && s[low].insn == insn ? s[low].name : NULL;
}

static void print_declarations(struct printer *p)
{
    for (uint32_t i = 0; i < ebpf_program_count(p->program); i++) {
        if (!(p->places[i] & IS_TARGET))
            continue;
        const char *name = symbol_at(p->program, i);
        ebpf_out_puts(&p->out, "    struct ebpf_label ");
        print_label(p, i);
        ebpf_out_puts(&p->out, " = ebpf_label_new(b, ");
        if (name)
            ebpf_out_json(&p->out, name, strlen(name));
        else
            ebpf_out_puts(&p->out, "NULL");
        ebpf_out_puts(&p->out, ");\n");
    }
}

/* Slots as they are, for what no function builds. */
static void print_slots(struct printer *p, uint32_t index)
{
    uint8_t bytes[16];
    struct ebpf_insn const *insn = ebpf_program_at(p->program, index);
    ebpf_insn_encode(p->program, index, bytes);
    for (unsigned i = 0; i < ebpf_op_table[insn->op].slots; i++) {
        struct ebpf_slot slot = ebpf_slot_unpack(bytes + 8 * i);
        ebpf_out_printf(&p->out, "    ebpf_build_slot(b, 0x%02x, 0x%02x, %d, %" PRId64 ");\n",
                        slot.opcode, bytes[8 * i + 1], slot.off, (int64_t)slot.imm);
    }
}

static void print_register(struct printer *p, unsigned number)
{
    ebpf_out_printf(&p->out, ", EBPF_R%u", number);
}

/* The smallest int32_t has no literal of its own type. */
static void print_imm(struct printer *p, int64_t imm)
{
    if (imm == INT32_MIN)
        ebpf_out_puts(&p->out, ", INT32_MIN");
    else
        ebpf_out_printf(&p->out, ", %" PRId64, imm);
}

static void print_target(struct printer *p, uint32_t target)
{
    ebpf_out_puts(&p->out, ", ");
    print_label(p, target);
}

/* The operands in the order of the form's function: as text has them. */
static void print_operands(struct printer *p, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (info->fields & EBPF_FIELD_DST)
        print_register(p, insn->dst);
    bool store = info->shape == EBPF_SHAPE_MR || info->shape == EBPF_SHAPE_MI;
    if (store)
        ebpf_out_printf(&p->out, ", %d", insn->off);
    if (info->fields & EBPF_FIELD_SRC)
        print_register(p, insn->src);
    if (info->shape == EBPF_SHAPE_RM)
        ebpf_out_printf(&p->out, ", %d", insn->off);
    enum ebpf_field target = ebpf_target_field((enum ebpf_op)insn->op);
    if (info->shape == EBPF_SHAPE_RV)
        ebpf_out_printf(&p->out, ", UINT64_C(0x%" PRIx64 ")", (uint64_t)insn->imm);
    else if (info->shape == EBPF_SHAPE_RX && target == 0)
        ebpf_out_printf(&p->out, ", %" PRIu32, (uint32_t)insn->imm);
    else if (info->fields & EBPF_FIELD_IMM && target != EBPF_FIELD_IMM)
        print_imm(p, insn->imm);
    if (info->format == EBPF_FMT_REF_OFF)
        ebpf_out_printf(&p->out, ", %" PRIu32, (uint32_t)((uint64_t)insn->imm >> 32));
    if (target)
        print_target(p, insn->target);
}

static void print_insn(struct printer *p, uint32_t index)
{
    const struct ebpf_insn *insn = ebpf_program_at(p->program, index);
    if (p->places[index] & IS_TARGET) {
        bool function = p->places[index] & IS_FUNCTION;
        ebpf_out_puts(&p->out, function ? "\n    ebpf_build_function(b, "
                                        : "    ebpf_label_bind(b, ");
        print_label(p, index);
        ebpf_out_puts(&p->out, ");\n");
    }
    if (!has_call(insn)) {
        print_slots(p, index);
        return;
    }
    ebpf_out_puts(&p->out, "    ebpf_build_");
    for (const char *c = ebpf_op_table[insn->op].name; *c; c++)
        ebpf_out_char(&p->out, (char)tolower((unsigned char)*c));
    ebpf_out_puts(&p->out, "(b");
    print_operands(p, insn);
    ebpf_out_puts(&p->out, ");\n");
}

ebpf_status ebpf_program_print_builder(const struct ebpf_program *program, const char *name,
                                       const struct ebpf_stream *stream)
{
    struct printer p = {.program = program};
    uint32_t count = ebpf_program_count(program);
    p.places = ebpf_mem_zalloc(&program->mem, count, 1);
    if (!p.places)
        return EBPF_ERR_NOMEM;
    find_places(&p);
    ebpf_out_init(&p.out, stream);
    ebpf_out_printf(&p.out, "static void %s(struct ebpf_builder *b)\n{\n", name ? name : "build");
    print_declarations(&p);
    for (uint32_t i = 0; i < count; i++)
        print_insn(&p, i);
    ebpf_out_puts(&p.out, "}\n");
    ebpf_mem_free(&program->mem, p.places, count);
    return ebpf_out_flush(&p.out);
}
