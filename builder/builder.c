/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <ebpfvm/builder.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "ir/decode.h"
#include "ir/op.h"
#include "ir/program.h"

struct label {
    const char *name; /* in the program's arena, or NULL */
    uint32_t insn;    /* EBPF_TARGET_NONE until it is bound */
    bool used;
};

struct ebpf_builder {
    struct ebpf_mem mem;
    struct ebpf_program *program; /* a jump's target holds its label until the end */
    struct ebpf_vec labels;       /* struct label */
    struct ebpf_vec slots;        /* bytes given to ebpf_build_slot(), not yet decoded */
    struct ebpf_vec jumps;        /* uint32_t: the instructions that have a label as target */
    ebpf_status status;           /* the first error; nothing is done after it */
    uint32_t where;               /* the instruction that it is about */
    char message[160];
};

struct ebpf_builder *ebpf_builder_new(const struct ebpf_mem *mem)
{
    struct ebpf_mem m = ebpf_mem_or_default(mem);
    struct ebpf_builder *b = ebpf_mem_zalloc(&m, 1, sizeof(*b));
    if (!b)
        return NULL;
    b->mem = m;
    ebpf_vec_init(&b->labels, &m, sizeof(struct label));
    ebpf_vec_init(&b->slots, &m, 8);
    ebpf_vec_init(&b->jumps, &m, sizeof(uint32_t));
    return b;
}

static void empty(struct ebpf_builder *b)
{
    ebpf_program_unref(b->program);
    b->program = NULL;
    ebpf_vec_free(&b->labels);
    ebpf_vec_free(&b->slots);
    ebpf_vec_free(&b->jumps);
    b->status = EBPF_OK;
}

void ebpf_builder_free(struct ebpf_builder *b)
{
    if (!b)
        return;
    empty(b);
    ebpf_mem_free(&b->mem, b, sizeof(*b));
}

ebpf_status ebpf_builder_status(const struct ebpf_builder *b)
{
    return b ? b->status : EBPF_ERR_NOMEM;
}

/* Keeps the first error; it is about the instruction that comes next. */
static void fail(struct ebpf_builder *b, ebpf_status status, const char *message, ...)
    EBPF_PRINTF(3, 4);

static void fail(struct ebpf_builder *b, ebpf_status status, const char *message, ...)
{
    if (b->status)
        return;
    va_list args;
    va_start(args, message);
    vsnprintf(b->message, sizeof(b->message), message, args);
    va_end(args);
    b->status = status;
    b->where = b->program ? ebpf_program_count(b->program) : 0;
}

static void fail_memory(struct ebpf_builder *b)
{
    fail(b, EBPF_ERR_NOMEM, "out of memory");
}

/* Whether building can go on; what is the same for all calls. */
static bool ready(struct ebpf_builder *b)
{
    if (!b || b->status)
        return false;
    if (!b->program && !(b->program = ebpf_program_new(&b->mem)))
        fail_memory(b);
    return !b->status;
}

/* Decodes the slots that have come in, so that what follows stands behind them. */
static bool flush_slots(struct ebpf_builder *b)
{
    if (b->slots.count && !ebpf_program_push_bytes(b->program, b->slots.data, b->slots.count))
        fail_memory(b);
    b->slots.count = 0;
    return !b->status;
}

/* --- labels ---------------------------------------------------------------------------------- */

static struct label *find_label(struct ebpf_builder *b, struct ebpf_label label)
{
    if (label.id < b->labels.count)
        return (struct label *)b->labels.data + label.id;
    fail(b, EBPF_ERR_SYMBOL, "a label that is not of this builder");
    return NULL;
}

static const char *label_name(const struct label *label)
{
    return label->name ? label->name : "(without a name)";
}

struct ebpf_label ebpf_label_new(struct ebpf_builder *b, const char *name)
{
    static const struct ebpf_label none = {UINT32_MAX};
    if (!ready(b))
        return none;
    char *copy = name ? ebpf_arena_strndup(&b->program->arena, name, strlen(name)) : NULL;
    struct label *label = name && !copy ? NULL : ebpf_vec_push(&b->labels, 1);
    if (!label) {
        fail_memory(b);
        return none;
    }
    *label = (struct label){.name = copy, .insn = EBPF_TARGET_NONE};
    return (struct ebpf_label){(uint32_t)b->labels.count - 1};
}

void ebpf_label_bind(struct ebpf_builder *b, struct ebpf_label id)
{
    struct label *label = ready(b) && flush_slots(b) ? find_label(b, id) : NULL;
    if (!label)
        return;
    if (label->insn != EBPF_TARGET_NONE) {
        fail(b, EBPF_ERR_DUPLICATE, "label %s is bound already", label_name(label));
        return;
    }
    label->insn = ebpf_program_count(b->program);
    if (label->name &&
        !ebpf_program_add_symbol(b->program, label->name, strlen(label->name), label->insn))
        fail_memory(b);
}

struct ebpf_label ebpf_label_here(struct ebpf_builder *b, const char *name)
{
    struct ebpf_label label = ebpf_label_new(b, name);
    ebpf_label_bind(b, label);
    return label;
}

void ebpf_build_function(struct ebpf_builder *b, struct ebpf_label id)
{
    ebpf_label_bind(b, id);
    struct label *label = ready(b) ? find_label(b, id) : NULL;
    if (!label)
        return;
    size_t length = label->name ? strlen(label->name) : 0;
    if (!ebpf_program_add_function(b->program, label->name, length, label->insn))
        fail_memory(b);
}

/* --- instructions -----------------------------------------------------------------------------*/

static bool has(const struct ebpf_op_info *info, enum ebpf_field field)
{
    return info->fields & field;
}

/* Whether an operand that stands in a field is fine: 0 if the form does not have it. */
static bool check_register(struct ebpf_builder *b, const struct ebpf_op_info *info,
                           enum ebpf_field field, unsigned value)
{
    if (value >= EBPF_REG_COUNT)
        fail(b, EBPF_ERR_REGISTER, "%s has no register r%u", info->name, value);
    else if (value && !has(info, field))
        fail(b, EBPF_ERR_OPERANDS, "%s takes no %s register", info->name,
             field == EBPF_FIELD_DST ? "destination" : "source");
    return !b->status;
}

static bool check_values(struct ebpf_builder *b, const struct ebpf_op_info *info, int16_t off,
                         int64_t imm)
{
    if (off && !has(info, EBPF_FIELD_OFF))
        fail(b, EBPF_ERR_OPERANDS, "%s takes no offset", info->name);
    else if (imm && !has(info, EBPF_FIELD_IMM))
        fail(b, EBPF_ERR_OPERANDS, "%s takes no immediate", info->name);
    else if (!has(info, EBPF_FIELD_NEXT_IMM) && (imm < INT32_MIN || imm > UINT32_MAX))
        fail(b, EBPF_ERR_RANGE, "immediate %lld of %s does not fit 32 bits", (long long)imm,
             info->name);
    return !b->status;
}

/* A new instruction of a form, or NULL after an error. */
static struct ebpf_insn *add(struct ebpf_builder *b, enum ebpf_op op, enum ebpf_reg dst,
                             enum ebpf_reg src, bool has_target)
{
    const struct ebpf_op_info *info = ebpf_op_info(op);
    if (!ready(b) || !flush_slots(b))
        return NULL;
    if (!info || op == EBPF_OP_DATA || has_target != (ebpf_target_field(op) != 0)) {
        fail(b, EBPF_ERR_OPERANDS, "%s is no form %s a target", info ? info->name : "it",
             has_target ? "with" : "without");
        return NULL;
    }
    if (!check_register(b, info, EBPF_FIELD_DST, dst) ||
        !check_register(b, info, EBPF_FIELD_SRC, src))
        return NULL;
    struct ebpf_insn *insn = ebpf_program_push(b->program);
    if (!insn) {
        fail_memory(b);
        return NULL;
    }
    ebpf_insn_init(insn, op);
    insn->dst = (uint8_t)dst;
    if (has(info, EBPF_FIELD_SRC))
        insn->src = (uint8_t)src;
    return insn;
}

static void set_imm(struct ebpf_insn *insn, int64_t imm)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (info->slots == 2 && !has(info, EBPF_FIELD_NEXT_IMM))
        insn->imm = (uint32_t)imm; /* the second slot's half is reserved */
    else if (has(info, EBPF_FIELD_IMM))
        insn->imm = info->slots == 2 ? imm : (int32_t)(uint32_t)imm;
}

void ebpf_build_insn(struct ebpf_builder *b, enum ebpf_op op, enum ebpf_reg dst,
                     enum ebpf_reg src, int16_t off, int64_t imm)
{
    const struct ebpf_op_info *info = ebpf_op_info(op);
    if (info && ready(b) && !check_values(b, info, off, imm))
        return;
    struct ebpf_insn *insn = add(b, op, dst, src, false);
    if (!insn)
        return;
    if (has(info, EBPF_FIELD_OFF))
        insn->off = off;
    set_imm(insn, imm);
}

void ebpf_build_jump(struct ebpf_builder *b, enum ebpf_op op, enum ebpf_reg dst,
                     enum ebpf_reg src, int32_t imm, struct ebpf_label target)
{
    struct ebpf_insn *insn = add(b, op, dst, src, true);
    struct label *label = insn ? find_label(b, target) : NULL;
    uint32_t *jump = label ? ebpf_vec_push(&b->jumps, 1) : NULL;
    if (label && !jump)
        fail_memory(b);
    if (!jump)
        return;
    *jump = ebpf_program_count(b->program) - 1;
    label->used = true;
    insn->target = target.id;
    if (ebpf_target_field(op) == EBPF_FIELD_OFF)
        set_imm(insn, imm);
}

void ebpf_build_slot(struct ebpf_builder *b, uint8_t opcode, uint8_t regs, int16_t off,
                     int32_t imm)
{
    uint8_t *bytes = ready(b) ? ebpf_vec_push(&b->slots, 1) : NULL;
    if (!bytes) {
        if (b)
            fail_memory(b);
        return;
    }
    struct ebpf_slot slot = {opcode, regs & 15, regs >> 4, off, imm};
    ebpf_slot_pack(&slot, bytes);
}

/* --- the end ----------------------------------------------------------------------------------*/

/* Labels to instructions: from here on targets are what they say. */
static void resolve(struct ebpf_builder *b)
{
    const struct label *labels = b->labels.data;
    const uint32_t *jumps = b->jumps.data;
    struct ebpf_insn *insns = b->program->insns.data;
    for (size_t i = 0; i < b->jumps.count && !b->status; i++) {
        const struct label *label = &labels[insns[jumps[i]].target];
        if (label->insn >= b->program->insns.count) {
            fail(b, EBPF_ERR_SYMBOL, "label %s is %s", label_name(label),
                 label->insn == EBPF_TARGET_NONE ? "not bound" : "bound behind the end");
            b->where = jumps[i];
        }
        insns[jumps[i]].target = label->insn;
    }
}

static void check_distances(struct ebpf_builder *b)
{
    const uint32_t *jumps = b->jumps.data;
    uint8_t bytes[16];
    for (size_t i = 0; i < b->jumps.count && !b->status; i++) {
        if (ebpf_insn_encode(b->program, jumps[i], bytes) == EBPF_OK)
            continue;
        fail(b, EBPF_ERR_RANGE, "jump over %lld slots is too far, the limit is 32767",
             (long long)ebpf_insn_distance(b->program, jumps[i],
                                           ebpf_program_at(b->program, jumps[i])->target));
        b->where = jumps[i];
    }
}

static ebpf_status complete(struct ebpf_builder *b, struct ebpf_diag *diag)
{
    if (!ready(b) || !flush_slots(b))
        return b->status;
    resolve(b);
    if (b->status)
        return b->status;
    ebpf_status status = ebpf_program_finish(b->program, diag);
    if (status)
        return status;
    check_distances(b);
    return b->status;
}

ebpf_status ebpf_builder_finish(struct ebpf_builder *b, struct ebpf_diag *diag,
                                struct ebpf_program **out)
{
    *out = NULL;
    if (!b)
        return EBPF_ERR_NOMEM;
    ebpf_status status = complete(b, diag);
    if (b->status) {
        struct ebpf_diag_entry entry = {.status = status, .pc = b->where,
                                        .advice = ebpf_status_advice(status)};
        ebpf_diag_add(diag, &entry, "%s", b->message);
    } else if (!status) {
        *out = b->program;
        b->program = NULL;
    }
    empty(b);
    return status;
}
