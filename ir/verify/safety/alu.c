/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Arithmetic on numbers and addresses. */
#include <string.h>

#include "ir/verify/safety/safety.h"

static bool is_mov(enum ebpf_oper oper)
{
    return oper == EBPF_OPER_MOV || oper == EBPF_OPER_MOVSX8 || oper == EBPF_OPER_MOVSX16 ||
           oper == EBPF_OPER_MOVSX32;
}

/* Whether the sum of a packet pointer and a number is where the packet ends, plus a constant: that
 * is how programs find it that are given its size. */
static bool is_end(const struct ebpf_safety *s, const struct ebpf_value *p,
                   const struct ebpf_value *number)
{
    return s->contract->ctx.type == EBPF_TYPE_RAW &&
           p->kind == EBPF_V_PACKET && p->id == EBPF_BASE_DATA &&
           number->id == EBPF_ID_SIZE && number->form == EBPF_LINK_SAME;
}

static const struct ebpf_value *make_end(struct ebpf_safety *s, const struct ebpf_value *p,
                                         const struct ebpf_value *number)
{
    struct ebpf_value v = *p;
    struct ebpf_scalar moved = ebpf_scalar_const((uint64_t)number->delta);
    v.number = ebpf_scalar_alu(EBPF_OPER_SUB, 64, &number->number, &moved); /* the size itself */
    v.id = EBPF_BASE_END;
    v.delta = p->delta + number->delta;
    return ebpf_value(&s->values, &v);
}

/* An address takes a number: the usual kind is the sum.  `slack` is how many bytes of the packet
 * are behind that many, or -1. */
static const struct ebpf_value *move_packet(struct ebpf_safety *s, struct ebpf_state *state,
                                            struct ebpf_value v, const struct ebpf_scalar *by,
                                            int64_t slack)
{
    bool start = v.kind == EBPF_V_PACKET && v.id == EBPF_BASE_DATA;
    int64_t rest = start && slack >= 0 ? slack - v.delta : 0;
    if (ebpf_scalar_is_const(by)) {
        v.delta += (int64_t)by->umin;
        return ebpf_value(&s->values, &v);
    }
    /* A new base.  How far it may be from the start is kept, to know that it did not wrap. */
    struct ebpf_scalar delta = ebpf_scalar_const((uint64_t)v.delta);
    v.number = ebpf_scalar_alu(EBPF_OPER_ADD, 64, &v.number, &delta);
    v.number = ebpf_scalar_alu(EBPF_OPER_ADD, 64, &v.number, by);
    v.delta = 0;
    v.size = 0;
    v.id = EBPF_SITE(s->insn);
    ebpf_state_forget_id(s, state, v.id);
    if (rest > 0 && rest < EBPF_FAR)
        ebpf_state_set_range(state, v.id, (uint32_t)rest);
    return ebpf_value(&s->values, &v);
}

static bool check_moved(struct ebpf_safety *s, struct ebpf_state *state,
                        const struct ebpf_scalar *n, int64_t delta, const char *what)
{
    if (n->smin > -EBPF_FAR && (n->smax < EBPF_FAR || !ebpf_scalar_is_const(n)) &&
        delta > -EBPF_FAR && delta < EBPF_FAR)
        return true;
    ebpf_unproven(s, state, EBPF_ERR_LOAD, "check the number against constants first",
                  "%s an address that is not bounded", what);
    return false;
}

/* How far an address may be moved to the left or to the right and stays in its region. */
static int64_t room_of(const struct ebpf_value *v, bool left)
{
    if (v->kind == EBPF_V_STACK)
        return -v->number.smin;
    return left ? v->number.smin : (int64_t)v->number.umax;
}

/* Lest speculation takes them out of bounds, numbers in registers that the unprivileged add to
 * addresses are limited at run time, by what is known here: so that must be the same on all paths.
 */
static void check_limits(struct ebpf_safety *s, const struct ebpf_state *state, bool subtracts,
                         const struct ebpf_value *p, const struct ebpf_value *v,
                         const struct ebpf_scalar *by)
{
    bool left = subtracts ? by->smin >= 0 : by->smin < 0;
    int64_t moved = room_of(p, left) - room_of(v, left);
    const struct ebpf_once now = {.is_set = true, .negative = by->smin < 0,
                                  .constant = ebpf_scalar_is_const(by),
                                  .limit = (uint64_t)(moved < 0 ? -moved : moved)};
    struct ebpf_once *once = &s->once[s->insn];
    if (once->is_set && (once->negative != now.negative || once->constant != now.constant ||
                         once->limit != now.limit))
        ebpf_unproven(s, state, EBPF_ERR_LOAD, "let all paths add numbers of the same range",
                      "the unprivileged may not add to addresses what differs from path to path");
    *once = now;
}

/* What the unprivileged may not do, lest speculation takes them out of bounds: v is p moved. */
static void check_speculation(struct ebpf_safety *s, struct ebpf_state *state,
                              const struct ebpf_insn *insn, const struct ebpf_value *p,
                              const struct ebpf_value *v, const struct ebpf_scalar *by)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (!s->contract->unprivileged)
        return;
    if (!ebpf_scalar_is_const(by) && (by->smin < 0) != (by->smax < 0))
        ebpf_unproven(s, state, EBPF_ERR_LOAD, "let the number have one sign",
                      "the unprivileged may not add a number of unknown sign to an address");
    if (info->format == EBPF_FMT_ALU_REG && p->kind != EBPF_V_STACK &&
        p->kind != EBPF_V_MAP_VALUE)
        ebpf_unproven(s, state, EBPF_ERR_LOAD, "add a constant",
                      "the unprivileged may not add a register to the address of the %s",
                      ebpf_value_kind_name(p));
    else if (info->format == EBPF_FMT_ALU_REG)
        check_limits(s, state, info->oper == EBPF_OPER_SUB, p, v, by);
    const struct ebpf_scalar *n = &v->number;
    bool out = false;
    if (v->kind == EBPF_V_STACK)
        out = !ebpf_scalar_is_const(n) || n->smin < -EBPF_FRAME_LIMIT || n->smax >= 0;
    else if (v->kind == EBPF_V_MAP_VALUE)
        out = n->smin < 0 || n->smax >= (int64_t)v->map->value_size;
    if (out)
        ebpf_unproven(s, state, EBPF_ERR_LOAD, "stay within the region",
                      "the unprivileged may not compute addresses outside of the %s",
                      ebpf_value_kind_name(v));
}

/* pointer + number or pointer - number; NULL if that is not allowed, which was reported. */
static const struct ebpf_value *move_pointer(struct ebpf_safety *s, struct ebpf_state *state,
                                             const struct ebpf_insn *insn,
                                             const struct ebpf_value *p,
                                             const struct ebpf_value *number)
{
    enum ebpf_oper oper = (enum ebpf_oper)ebpf_op_table[insn->op].oper;
    struct ebpf_scalar zero = ebpf_scalar_const(0), by = number->number;
    bool fixed = p->kind == EBPF_V_MAP || p->kind == EBPF_V_END || p->kind == EBPF_V_SOCKET;
    bool nothing = by.umax == 0 && oper == EBPF_OPER_ADD;
    if (p->nullable) {
        ebpf_unproven(s, state, EBPF_ERR_LOAD, "compare it with 0 first",
                      "arithmetic on an address that may be 0");
        return NULL;
    }
    if ((fixed && !(p->kind == EBPF_V_MAP && nothing)) ||
        (p->kind == EBPF_V_STACK && oper == EBPF_OPER_SUB)) {
        ebpf_unproven(s, state, EBPF_ERR_LOAD,
                      p->kind == EBPF_V_STACK ? "add a negative number" : NULL,
                      "%s the address of the %s",
                      oper == EBPF_OPER_SUB ? "subtraction from" : "addition to",
                      ebpf_value_kind_name(p));
        return NULL;
    }
    if (!check_moved(s, state, &by, 0, "a number is added to"))
        return NULL;
    if (oper == EBPF_OPER_SUB)
        by = ebpf_scalar_alu(EBPF_OPER_SUB, 64, &zero, &by);
    if (ebpf_value_is_packet(p)) {
        int64_t slack =
            oper == EBPF_OPER_ADD ? ebpf_slack(number, ebpf_state_least(state)) : -1;
        const struct ebpf_value *v = oper == EBPF_OPER_ADD && is_end(s, p, number)
                                         ? make_end(s, p, number)
                                         : move_packet(s, state, *p, &by, slack);
        return check_moved(s, state, &v->number, v->delta, "this makes") ? v : NULL;
    }
    struct ebpf_value v = *p;
    v.number = ebpf_scalar_alu(EBPF_OPER_ADD, 64, &p->number, &by);
    if (!check_moved(s, state, &v.number, 0, "this makes"))
        return NULL;
    check_speculation(s, state, insn, p, &v, &number->number);
    if (s->contract->unprivileged && !ebpf_scalar_is_const(&by)) /* limits may make a 0 of it */
        v.number = ebpf_scalar_join(&v.number, &p->number);
    return ebpf_value(&s->values, &v);
}

/* At least one operand is an address. */
static const struct ebpf_value *alu_pointer(struct ebpf_safety *s, struct ebpf_state *state,
                                            const struct ebpf_insn *insn,
                                            const struct ebpf_value *a,
                                            const struct ebpf_value *b)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    enum ebpf_oper oper = (enum ebpf_oper)info->oper;
    bool pa = ebpf_value_is_pointer(a), pb = ebpf_value_is_pointer(b), wide = info->width == 64;
    bool unary = info->format == EBPF_FMT_ALU_UN || info->format == EBPF_FMT_END;
    bool privileged = !s->contract->unprivileged;
    if (privileged && unary)
        return NULL; /* some number */
    if (wide && pa && !pb && (oper == EBPF_OPER_ADD || oper == EBPF_OPER_SUB))
        return move_pointer(s, state, insn, a, b);
    if (wide && pb && !pa && oper == EBPF_OPER_ADD)
        return move_pointer(s, state, insn, b, a);
    bool difference = oper == EBPF_OPER_SUB && ((pa && pb) || !wide);
    if (privileged && difference && wide && ebpf_is_packet_end(a) && b->kind == EBPF_V_PACKET)
        return ebpf_packet_rest(s, state, b);
    if (!(privileged && difference))
        ebpf_unproven(s, state, EBPF_ERR_LOAD,
                      "add or subtract a 64-bit number, nothing else, or use a copy of the number",
                      "%s of an address", info->mnemonic);
    return NULL;
}

static const struct ebpf_value *linked(struct ebpf_safety *s, const struct ebpf_value *v,
                                       uint32_t id, uint8_t form, int64_t delta)
{
    struct ebpf_value l = *v;
    l.id = id;
    l.form = form;
    l.delta = delta;
    return ebpf_value(&s->values, &l);
}

/* What follows from the link of the operand. */
static const struct ebpf_value *keep_link(struct ebpf_safety *s, const struct ebpf_op_info *info,
                                          const struct ebpf_value *r, const struct ebpf_value *a,
                                          const struct ebpf_value *b)
{
    bool by_const = ebpf_scalar_is_const(&b->number), wide = info->width == 64;
    uint64_t n = b->number.umin;
    if (!a->id || ebpf_scalar_is_const(&r->number) || !by_const || !wide)
        return r;
    bool small = (int64_t)n > -EBPF_FAR && (int64_t)n < EBPF_FAR && a->delta > -EBPF_FAR &&
                 a->delta < EBPF_FAR;
    if (info->oper == EBPF_OPER_ADD && a->form == EBPF_LINK_SAME && small)
        return linked(s, r, a->id, EBPF_LINK_SAME, a->delta + (int64_t)n);
    if (info->oper == EBPF_OPER_SUB && a->form == EBPF_LINK_SAME && small)
        return linked(s, r, a->id, EBPF_LINK_SAME, a->delta - (int64_t)n);
    if (info->oper == EBPF_OPER_LSH && n == 32 && a->delta == 0 && a->form != EBPF_LINK_SHIFTED)
        return linked(s, r, a->id, EBPF_LINK_SHIFTED, 0);
    if (info->oper == EBPF_OPER_RSH && n == 32 && a->form == EBPF_LINK_SHIFTED)
        return linked(s, r, a->id, EBPF_LINK_ZEXT, 0);
    return r;
}

const struct ebpf_value *ebpf_with_id(struct ebpf_safety *s, struct ebpf_state *state,
                                      const struct ebpf_value *value)
{
    struct ebpf_value v = *value;
    if (v.id || (v.kind == EBPF_V_SCALAR ? ebpf_scalar_is_const(&v.number) : !v.nullable))
        return value;
    v.id = EBPF_SITE(s->insn);
    ebpf_state_forget_id(s, state, v.id);
    return ebpf_value(&s->values, &v);
}

const struct ebpf_value *ebpf_identify(struct ebpf_safety *s, struct ebpf_state *state,
                                       unsigned reg)
{
    const struct ebpf_value *was = ebpf_reg(state, reg), *v = ebpf_with_id(s, state, was);
    if (v != was)
        ebpf_set_reg(s, state, reg, v);
    return v;
}

static const struct ebpf_value *mov(struct ebpf_safety *s, struct ebpf_state *state,
                                    const struct ebpf_insn *insn, const struct ebpf_value *b)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    bool plain = info->oper == EBPF_OPER_MOV, wide = info->width == 64;
    if (ebpf_value_is_pointer(b)) {
        if (plain && wide)
            return ebpf_identify(s, state, insn->src);
        if (s->contract->unprivileged)
            ebpf_unproven(s, state, EBPF_ERR_LOAD, "copy all 64 bits",
                          "the unprivileged may not copy part of an address");
        b = ebpf_unknown(s);
    }
    bool registers = info->format == EBPF_FMT_ALU_REG;
    if (plain && registers && ebpf_reg(state, insn->src) == b)
        b = ebpf_identify(s, state, insn->src);
    if (plain && wide)
        return b;
    struct ebpf_scalar n =
        ebpf_scalar_alu((enum ebpf_oper)info->oper, info->width, &b->number, &b->number);
    const struct ebpf_value *r = ebpf_value_scalar(&s->values, &n);
    bool low = plain && b->id && b->delta == 0 && b->form != EBPF_LINK_SHIFTED;
    if (low && !ebpf_scalar_is_const(&n))
        r = linked(s, r, b->id, EBPF_LINK_ZEXT, 0);
    return plain ? ebpf_keep_slack(s, info, r, b, b) : r;
}

void ebpf_step_alu(struct ebpf_safety *s, struct ebpf_state *state, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    enum ebpf_oper oper = (enum ebpf_oper)info->oper;
    struct ebpf_scalar imm = ebpf_scalar_const((uint64_t)insn->imm);
    const struct ebpf_value *b = info->effects & EBPF_FX_USE_SRC
                                     ? ebpf_read_reg(s, state, insn->src)
                                     : ebpf_value_scalar(&s->values, &imm);
    if (is_mov(oper)) {
        ebpf_set_reg(s, state, insn->dst, mov(s, state, insn, b));
        return;
    }
    const struct ebpf_value *a = ebpf_read_reg(s, state, insn->dst), *r;
    bool same = info->format == EBPF_FMT_ALU_REG && insn->src == insn->dst;
    if (ebpf_value_is_pointer(a) || ebpf_value_is_pointer(b)) {
        r = alu_pointer(s, state, insn, a, b);
        struct ebpf_scalar any = ebpf_scalar_unknown();
        if (!r && info->width != 64)
            any = ebpf_scalar_zext(&any, info->width);
        if (!r)
            r = ebpf_value_scalar(&s->values, &any);
    } else if (same && (oper == EBPF_OPER_XOR || oper == EBPF_OPER_SUB)) {
        struct ebpf_scalar zero = ebpf_scalar_const(0);
        r = ebpf_value_scalar(&s->values, &zero);
    } else if (oper == EBPF_OPER_NEG && s->contract->unprivileged) {
        /* The limits of what is added to addresses are those that the kernel's verifier finds. */
        struct ebpf_scalar any = ebpf_scalar_unknown();
        any = info->width == 64 ? any : ebpf_scalar_zext(&any, info->width);
        r = ebpf_value_scalar(&s->values, &any);
    } else {
        struct ebpf_scalar n = ebpf_scalar_alu(oper, info->width, &a->number, &b->number);
        r = keep_link(s, info, ebpf_value_scalar(&s->values, &n), a, b);
        r = ebpf_keep_slack(s, info, r, a, b);
    }
    ebpf_set_reg(s, state, insn->dst, r);
}
