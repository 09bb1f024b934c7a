/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Loads, stores and atomics. */
#include <stdio.h>
#include <string.h>

#include "ir/alu.h"
#include "ir/verify/safety/safety.h"

static const char *reg_name(unsigned reg)
{
    static const char *const names[] = {"r0", "r1", "r2", "r3", "r4", "r5",
                                        "r6", "r7", "r8", "r9", "r10"};
    return names[reg];
}

/* The address that a field of the context gives.  The kernel's verifier does not know that it is
 * the one that was loaded, and compared, before. */
static const struct ebpf_value *packet_value(struct ebpf_safety *s, struct ebpf_state *state,
                                             uint8_t field)
{
    struct ebpf_value v;
    memset(&v, 0, sizeof(v));
    v.kind = field == EBPF_FIELD_DATA   ? EBPF_V_PACKET
             : field == EBPF_FIELD_META ? EBPF_V_META
                                        : EBPF_V_END;
    v.id = v.kind == EBPF_V_PACKET ? EBPF_BASE_DATA : v.kind == EBPF_V_META ? EBPF_BASE_META : 0;
    v.number = ebpf_scalar_const(0);
    v.size = v.id && ebpf_is_for_kernel(s);
    state->has_fresh |= v.size;
    return ebpf_value(&s->values, &v);
}

/* The socket that a field of the context gives.  Hosts in user space have none: there it is 0. */
static const struct ebpf_value *socket_value(struct ebpf_safety *s, struct ebpf_state *state,
                                             uint8_t field)
{
    struct ebpf_value v = {
        .kind = EBPF_V_SOCKET, .nullable = field != EBPF_FIELD_SOCK || !ebpf_is_for_kernel(s),
        .frame = field == EBPF_FIELD_COMMON0 ? EBPF_SOCKET_COMMON : EBPF_SOCKET_FULL,
        .number = ebpf_scalar_const(0)};
    if (v.nullable) {
        v.id = EBPF_SITE(s->insn);
        ebpf_state_forget_id(s, state, v.id);
    }
    return ebpf_value(&s->values, &v);
}

static const struct ebpf_value *bytes_value(struct ebpf_safety *s, unsigned size, bool is_signed)
{
    struct ebpf_scalar n = ebpf_scalar_unknown();
    if (size < 8)
        n = is_signed ? ebpf_scalar_sext(&n, size * 8) : ebpf_scalar_zext(&n, size * 8);
    return ebpf_value_scalar(&s->values, &n);
}

static const struct ebpf_value *load_context(struct ebpf_safety *s, struct ebpf_state *state,
                                             const struct ebpf_access *a, bool is_signed)
{
    const struct ebpf_ctx_field *f =
        ebpf_ctx_find(&s->contract->ctx, a->offset, a->size, false);
    if (!f || f->kind < EBPF_FIELD_DATA)
        return bytes_value(s, a->size, is_signed);
    if (f->kind > EBPF_FIELD_END)
        return socket_value(s, state, f->kind);
    if (s->contract->unprivileged || is_signed)
        ebpf_unproven(s, state, EBPF_ERR_LOAD, NULL, "%s may not be loaded here", f->name);
    if (is_signed) /* such a load is none of an address, in a VM: ir/context.h */
        return bytes_value(s, a->size, is_signed);
    s->facts[s->insn].flags |= EBPF_FACT_ADDRESS;
    return packet_value(s, state, f->kind);
}

/* What stands in data that nobody ever writes; NULL if that is not known. */
static const struct ebpf_value *load_frozen(struct ebpf_safety *s, const struct ebpf_access *a)
{
    const struct ebpf_value *base = a->base;
    const struct ebpf_map_decl *data = ebpf_frozen_map(s->program, base->map);
    uint64_t number = 0;
    if (!data || !ebpf_scalar_is_const(&base->number))
        return NULL;
    if (data->data)
        memcpy((uint8_t *)&number + (HOST_LE ? 0 : sizeof(number) - a->size),
               (const uint8_t *)data->data + base->number.umin + a->offset, a->size);
    struct ebpf_scalar n = ebpf_scalar_const(number);
    return ebpf_value_scalar(&s->values, &n);
}

static const struct ebpf_value *sign_extend(struct ebpf_safety *s, const struct ebpf_value *v,
                                            unsigned size)
{
    if (v->kind != EBPF_V_SCALAR)
        return bytes_value(s, size, true);
    struct ebpf_scalar n = ebpf_scalar_sext(&v->number, size * 8);
    return ebpf_value_scalar(&s->values, &n);
}

static void load(struct ebpf_safety *s, struct ebpf_state *state, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    bool is_signed = info->oper == EBPF_OPER_LOADSX;
    struct ebpf_access a = {.base = ebpf_read_reg(s, state, insn->src), .offset = insn->off,
                            .size = info->width / 8u, .load = true, .what = reg_name(insn->src),
                            .atomic = info->oper == EBPF_OPER_LOAD_ACQ};
    const struct ebpf_value *v = NULL;
    if (ebpf_check_access(s, state, &a)) {
        if (a.base->kind == EBPF_V_CTX)
            v = load_context(s, state, &a, is_signed);
        else if (a.base->kind == EBPF_V_STACK)
            v = ebpf_stack_load(s, state, &a);
        else if (a.base->kind == EBPF_V_MAP_VALUE)
            v = load_frozen(s, &a);
        if (v && is_signed && a.base->kind != EBPF_V_CTX)
            v = sign_extend(s, v, a.size);
    }
    ebpf_set_reg(s, state, insn->dst, v ? v : bytes_value(s, a.size, is_signed));
}

/* Addresses may not be left where others can read them, by the unprivileged; nor in part on the
 * stack; nor may the address of a frame go where it could outlive it. */
static void check_stored(struct ebpf_safety *s, struct ebpf_state *state,
                         const struct ebpf_access *a, const struct ebpf_value *v)
{
    if (!ebpf_value_is_pointer(v))
        return;
    bool stack = a->base->kind == EBPF_V_STACK;
    if (s->contract->unprivileged && (!stack || a->size != 8))
        ebpf_unproven(s, state, EBPF_ERR_STORE, "store numbers only",
                      "the unprivileged may not store an address into the %s",
                      ebpf_value_kind_name(a->base));
    else if (stack && a->size != 8 && ebpf_scalar_is_const(&a->base->number))
        ebpf_unproven(s, state, EBPF_ERR_STORE, "store all 8 bytes",
                      "part of an address is stored on the stack");
    else if (stack && v->kind == EBPF_V_STACK && a->base->frame != state->depth)
        ebpf_unproven(s, state, EBPF_ERR_STORE, "hand over the value instead",
                      "the address of a frame is stored into the frame of a caller");
}

static void store_value(struct ebpf_safety *s, struct ebpf_state *state,
                        const struct ebpf_access *a, const struct ebpf_value *v)
{
    if (!ebpf_check_access(s, state, a)) {
        ebpf_state_forget_stack(s, state);
        return;
    }
    check_stored(s, state, a, v);
    if (a->base->kind != EBPF_V_STACK)
        return;
    bool ends = v && (v->kind == EBPF_V_STACK || v->kind == EBPF_V_LENT);
    if (ends && v->frame > a->base->frame)
        v = ebpf_unknown(s); /* no value speaks of a frame that may be gone */
    ebpf_stack_store(s, state, a, v);
}

static void store(struct ebpf_safety *s, struct ebpf_state *state, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    struct ebpf_access a = {.base = ebpf_read_reg(s, state, insn->dst), .offset = insn->off,
                            .size = info->width / 8u, .store = true, .what = reg_name(insn->dst),
                            .atomic = info->oper == EBPF_OPER_STORE_REL};
    struct ebpf_scalar imm = ebpf_scalar_const((uint64_t)insn->imm);
    const struct ebpf_value *v = info->format == EBPF_FMT_ST
                                     ? ebpf_value_scalar(&s->values, &imm)
                                     : ebpf_read_reg(s, state, insn->src);
    /* What is stored and loaded again is the same. */
    if (info->format == EBPF_FMT_STX && a.base->kind == EBPF_V_STACK &&
        ebpf_reg(state, insn->src) == v &&
        (ebpf_value_is_pointer(v) || ebpf_stack_fits(v, a.size)))
        v = ebpf_identify(s, state, insn->src);
    store_value(s, state, &a, v);
}

static void atomic(struct ebpf_safety *s, struct ebpf_state *state, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    struct ebpf_access a = {.base = ebpf_read_reg(s, state, insn->dst), .offset = insn->off,
                            .size = info->width / 8u, .load = true, .store = true, .atomic = true,
                            .what = reg_name(insn->dst)};
    bool swaps = info->effects & EBPF_FX_CMPXCHG;
    const struct ebpf_value *src = ebpf_read_reg(s, state, insn->src);
    const struct ebpf_value *r0 = swaps ? ebpf_read_reg(s, state, EBPF_R0) : NULL;
    if (s->contract->unprivileged && (ebpf_value_is_pointer(src) || ebpf_value_is_pointer(r0)))
        ebpf_unproven(s, state, EBPF_ERR_STORE, "use numbers only",
                      "the unprivileged may not store an address");
    const struct ebpf_value *old = bytes_value(s, a.size, false);
    if (!ebpf_check_access(s, state, &a)) {
        ebpf_state_forget_stack(s, state);
    } else if (a.base->kind == EBPF_V_STACK) {
        old = ebpf_stack_load(s, state, &a);
        if (ebpf_value_is_pointer(old) && s->contract->unprivileged)
            ebpf_unproven(s, state, EBPF_ERR_LOAD, "use numbers only",
                          "the unprivileged may not take an address for a number");
        ebpf_stack_store(s, state, &a, NULL);
    }
    if (swaps)
        ebpf_set_reg(s, state, EBPF_R0, old);
    else if (info->effects & EBPF_FX_DEF_SRC)
        ebpf_set_reg(s, state, insn->src, old);
}

void ebpf_step_memory(struct ebpf_safety *s, struct ebpf_state *state,
                      const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (info->format == EBPF_FMT_ATOMIC)
        atomic(s, state, insn);
    else if (info->effects & EBPF_FX_STORE)
        store(s, state, insn);
    else
        load(s, state, insn);
}
