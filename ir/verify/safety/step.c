/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One instruction. */
#include <string.h>

#include "ir/verify/safety/safety.h"

const struct ebpf_value *ebpf_read_reg(struct ebpf_safety *s, const struct ebpf_state *state,
                                       unsigned reg)
{
    const struct ebpf_value *v = ebpf_reg(state, reg);
    if (v)
        return v;
    ebpf_unproven(s, state, EBPF_ERR_REJECTED, "set it on every path that leads here",
                  "r%u is read, but nothing was written to it, or what it holds differs in kind "
                  "from path to path", reg);
    return ebpf_unknown(s);
}

/* Loads of the address of a map or of its value. */
static void load_reference(struct ebpf_safety *s, struct ebpf_state *state,
                           const struct ebpf_insn *insn)
{
    struct ebpf_value v;
    memset(&v, 0, sizeof(v));
    v.map = ebpf_contract_map(s->contract, s->program, (uint32_t)insn->imm);
    v.kind = insn->op == EBPF_OP_LDDW_MAP_FD ? EBPF_V_MAP : EBPF_V_MAP_VALUE;
    uint64_t offset = v.kind == EBPF_V_MAP ? 0 : (uint64_t)insn->imm >> 32;
    v.number = ebpf_scalar_const(offset);
    bool array = v.map && v.map->kind == EBPF_MAP_ARRAY && v.map->max_entries == 1;
    if (!v.map || (v.kind == EBPF_V_MAP_VALUE && (!array || offset >= v.map->value_size))) {
        ebpf_unproven(s, state, EBPF_ERR_REFERENCE, "name the map with its kind and sizes",
                      "lddw of a map that is not known, or that has no fixed values");
        ebpf_set_reg(s, state, insn->dst, ebpf_unknown(s));
        return;
    }
    ebpf_set_reg(s, state, insn->dst, ebpf_value(&s->values, &v));
}

static void load_constant(struct ebpf_safety *s, struct ebpf_state *state,
                          const struct ebpf_insn *insn)
{
    struct ebpf_scalar n = ebpf_scalar_const((uint64_t)insn->imm);
    if (insn->op == EBPF_OP_LDDW) {
        ebpf_set_reg(s, state, insn->dst, ebpf_value_scalar(&s->values, &n));
    } else if (insn->op == EBPF_OP_LDDW_FUNC) {
        struct ebpf_value v;
        memset(&v, 0, sizeof(v));
        v.kind = EBPF_V_FUNCTION;
        v.number = ebpf_scalar_const(insn->target);
        ebpf_set_reg(s, state, insn->dst, ebpf_value(&s->values, &v));
    } else if (insn->op == EBPF_OP_LDDW_MAP_FD || insn->op == EBPF_OP_LDDW_MAP_VAL_FD) {
        load_reference(s, state, insn);
    } else {
        ebpf_unproven(s, state, EBPF_ERR_REFERENCE, NULL,
                      "references to variables cannot be proven yet");
        ebpf_set_reg(s, state, insn->dst, ebpf_unknown(s));
    }
}

/* Legacy loads: r6 is the context; a byte that is not there ends the program. */
static void load_packet(struct ebpf_safety *s, struct ebpf_state *state,
                        const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    const struct ebpf_value *r6 = ebpf_read_reg(s, state, EBPF_R6);
    if (!(s->type->flags & EBPF_TYPE_LEGACY_LOADS))
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "use a helper such as skb_load_bytes",
                      "programs of type %s have no legacy packet loads", s->type->name);
    if (r6->kind != EBPF_V_CTX || r6->number.umax != 0)
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "copy r1 into r6 at the start",
                      "legacy packet loads need the context in r6");
    if (state->acquired_count)
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "give it back first",
                      "a legacy packet load may end the program while a record or socket is held");
    if (state->depth) { /* that it may return here is not followed */
        ebpf_unproven(s, state, EBPF_ERR_REJECTED, "load the packet in the main program",
                      "a legacy packet load in a local function");
        s->lost = true;
    }
    if (info->effects & EBPF_FX_USE_SRC) {
        const struct ebpf_value *v = ebpf_read_reg(s, state, insn->src);
        if (ebpf_value_is_pointer(v) && s->contract->unprivileged)
            ebpf_unproven(s, state, EBPF_ERR_REJECTED, "use a number",
                          "the unprivileged may not use an address as an offset");
    }
    for (unsigned r = EBPF_R1; r <= EBPF_R5; r++)
        ebpf_set_reg(s, state, r, NULL);
    struct ebpf_scalar n = ebpf_scalar_unknown();
    if (info->width < 64)
        n = ebpf_scalar_zext(&n, info->width);
    ebpf_set_reg(s, state, EBPF_R0, ebpf_value_scalar(&s->values, &n));
}

enum ebpf_step ebpf_step(struct ebpf_safety *s, struct ebpf_state *state, uint32_t index,
                         struct ebpf_state **other)
{
    const struct ebpf_insn *insn = ebpf_program_at(s->program, index);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    s->insn = index;
    s->facts[index].flags |= EBPF_FACT_REACHED;
    if (info->effects & EBPF_FX_JUMP)
        return ebpf_step_jump(s, state, insn, other);
    if (insn->op == EBPF_OP_EXIT)
        return ebpf_step_exit(s, state);
    if (insn->op == EBPF_OP_CALL_LOCAL)
        return ebpf_step_call(s, state, insn);
    if (info->effects & EBPF_FX_CALL) {
        if (insn->op == EBPF_OP_CALL)
            return ebpf_step_helper(s, state, insn, other);
        ebpf_unproven(s, state, EBPF_ERR_CALL_KIND, NULL, "a call whose target is not known");
        s->lost = true;
        return EBPF_STEP_END;
    } else if (info->effects & EBPF_FX_PACKET) {
        load_packet(s, state, insn);
    } else if (info->effects & (EBPF_FX_LOAD | EBPF_FX_STORE)) {
        ebpf_step_memory(s, state, insn);
    } else if (info->slots == 2) {
        load_constant(s, state, insn);
    } else {
        ebpf_step_alu(s, state, insn);
    }
    return EBPF_STEP_NEXT;
}
