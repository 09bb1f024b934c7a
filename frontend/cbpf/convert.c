/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* From a filter to a program: check, plan, emit, link. */
#include <string.h>

#include "base/mem.h"
#include "base/options.h"
#include "frontend/cbpf/cbpf.h"

/* Jumps that wait for a `return 0` get one of their own before it is too far for 16 bits. */
enum { PATIENCE = 30000 };

void ebpf_cbpf_jump(struct cbpf *c, enum ebpf_op op, unsigned dst, unsigned src, int64_t imm,
                    uint32_t target)
{
    struct ebpf_vec *waiting = target == CBPF_DROP ? &c->drops : &c->jumps;
    struct ebpf_insn *insn = ebpf_cbpf_emit(c, op, dst, src, 0, imm);
    uint32_t *place = insn ? ebpf_vec_push(waiting, 1) : NULL;
    if (!place) {
        c->status = EBPF_ERR_NOMEM;
        return;
    }
    insn->target = target;
    *place = ebpf_program_count(c->program) - 1;
}

void ebpf_cbpf_drop(struct cbpf *c)
{
    struct ebpf_insn *insns = c->program->insns.data;
    const uint32_t *drops = c->drops.data;
    for (size_t i = 0; i < c->drops.count; i++)
        insns[drops[i]].target = ebpf_program_count(c->program);
    c->drops.count = 0;
    ebpf_cbpf_emit(c, EBPF_OP_MOV32_IMM, CBPF_A, 0, 0, 0);
    ebpf_cbpf_emit(c, EBPF_OP_EXIT, 0, 0, 0, 0);
}

/* In the way of what follows, if the oldest jump cannot wait longer. */
static void drop_in_time(struct cbpf *c)
{
    const uint32_t *drops = c->drops.data;
    uint32_t now = ebpf_program_count(c->program);
    if (c->drops.count == 0 || now - drops[0] < PATIENCE)
        return;
    struct ebpf_insn *over = ebpf_cbpf_emit(c, EBPF_OP_JA, 0, 0, 0, 0);
    if (over)
        over->target = now + 3;
    ebpf_cbpf_drop(c);
}

/* What filters read before they write it is 0. */
static void emit_zeros(struct cbpf *c, uint32_t unwritten)
{
    if (unwritten & CBPF_HAS_A)
        ebpf_cbpf_emit(c, EBPF_OP_MOV32_IMM, CBPF_A, 0, 0, 0);
    if (unwritten & CBPF_HAS_X)
        ebpf_cbpf_emit(c, EBPF_OP_MOV32_IMM, CBPF_X, 0, 0, 0);
    for (uint32_t i = 0; i < EBPF_CBPF_WORDS; i++)
        if (unwritten & CBPF_WORD(i))
            ebpf_cbpf_emit(c, EBPF_OP_STW, EBPF_R10, 0, ebpf_cbpf_word(i), 0);
}

static void emit_all(struct cbpf *c, uint32_t unwritten)
{
    emit_zeros(c, unwritten);
    for (uint32_t i = 0; i < c->count && !c->status; i++) {
        struct cbpf_point *p = &c->points[i];
        const struct cbpf_row *row = ebpf_cbpf_row(c->insns[i].code);
        if (!p->reached)
            continue;
        drop_in_time(c);
        p->first = ebpf_program_count(c->program);
        if (p->need == CBPF_DROP)
            ebpf_cbpf_drop(c);
        else
            row->emit(c, i, row);
    }
    if (c->drops.count && !c->status)
        ebpf_cbpf_drop(c);
}

/* Jumps lead to what was made of their targets; far ones have room for 32 bits. */
static void link_jumps(struct cbpf *c)
{
    struct ebpf_insn *insns = c->program->insns.data;
    const uint32_t *jumps = c->jumps.data;
    for (size_t i = 0; i < c->jumps.count; i++) {
        struct ebpf_insn *insn = &insns[jumps[i]];
        uint32_t to = c->points[insn->target].first;
        int64_t distance = (int64_t)to - jumps[i] - 1;
        if (insn->op == EBPF_OP_JA && (distance > INT16_MAX || distance < INT16_MIN))
            ebpf_insn_init(insn, EBPF_OP_JA32);
        insn->target = to;
    }
}

/* The points have one more, behind the end. */
static ebpf_status convert(struct cbpf *c, const struct ebpf_cbpf_insn *insns)
{
    c->insns = ebpf_mem_zalloc(&c->mem, c->count, sizeof(*c->insns));
    c->points = ebpf_mem_zalloc(&c->mem, c->count + 1, sizeof(*c->points));
    c->program = ebpf_program_new(&c->mem);
    if (!c->insns || !c->points || !c->program ||
        !ebpf_program_set_source(c->program, c->file, NULL, 0))
        return EBPF_ERR_NOMEM;
    memcpy(c->insns, insns, c->count * sizeof(*insns));
    ebpf_cbpf_check(c);
    if (c->status)
        return c->status;
    emit_all(c, ebpf_cbpf_plan(c));
    if (c->status)
        return c->status;
    link_jumps(c);
    return ebpf_program_finish(c->program, c->diag);
}

static ebpf_status refuse(const struct cbpf *c, ebpf_status status, const char *message)
{
    const struct ebpf_diag_entry entry = {.status = status, .file = c->file, .pc = EBPF_PC_NONE,
                                          .advice = "a filter has 1 to 4096 instructions"};
    ebpf_diag_add(c->diag, &entry, message, c->count);
    return status;
}

ebpf_status ebpf_cbpf_convert(const struct ebpf_cbpf_insn *insns, uint32_t count,
                              const struct ebpf_cbpf_options *options, struct ebpf_diag *diag,
                              struct ebpf_program **out)
{
    struct ebpf_cbpf_options o;
    *out = NULL;
    ebpf_status status = ebpf_options_copy(&o, sizeof(o), options);
    if (status)
        return status;
    struct cbpf c = {.file = o.file ? o.file : "<filter>", .mem = ebpf_mem_or_default(o.mem),
                     .diag = diag, .count = count, .head = o.wire_length ? EBPF_CBPF_HEAD : 0};
    if (count == 0)
        return refuse(&c, EBPF_ERR_EMPTY, "the filter is empty");
    if (count > EBPF_CBPF_MAX)
        return refuse(&c, EBPF_ERR_TOO_LONG, "the filter has %u instructions");
    ebpf_vec_init(&c.jumps, &c.mem, sizeof(uint32_t));
    ebpf_vec_init(&c.drops, &c.mem, sizeof(uint32_t));
    status = convert(&c, insns);
    if (status == EBPF_OK)
        *out = c.program;
    else
        ebpf_program_unref(c.program);
    ebpf_mem_free(&c.mem, c.insns, count * sizeof(*c.insns));
    ebpf_mem_free(&c.mem, c.points, (count + 1) * sizeof(*c.points));
    ebpf_vec_free(&c.jumps);
    ebpf_vec_free(&c.drops);
    return status;
}

int ebpf_cbpf_reads_length(const struct ebpf_cbpf_insn *insns, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct cbpf_row *row = ebpf_cbpf_row(insns[i].code);
        if (row && ebpf_cbpf_has(row, CBPF_FX_LENGTH))
            return 1;
    }
    return 0;
}
