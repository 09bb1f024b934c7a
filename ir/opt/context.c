/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Which loads read an address of the packet from the context: found by following the context from
 * r1 through registers, the stack and arguments of local functions.  Registers and slots are
 * either the context, something else, or either of the two (on different paths).  Each of them
 * changes twice at most, so the work is linear in the length of the program.
 */
#include <string.h>

#include <ebpfvm/backend.h>

#include "base/mem.h"
#include "ir/context.h"
#include "ir/regs.h"

/* Frames are followed this far down, a bit for each 8 bytes. */
enum { SLOTS = 64 };

/* What is known before an instruction; a bit in both members: the context, or something else. */
struct place {
    uint16_t regs, mixed_regs;
    uint16_t reached;
    uint64_t slots, mixed_slots;
};

struct search {
    const struct ebpf_program *program;
    struct place *at;      /* by instruction */
    struct ebpf_vec todo;  /* uint32_t */
    struct ebpf_mem mem;
};

static bool bit(uint64_t set, unsigned i)
{
    return set >> i & 1;
}

/* The slot of an 8-byte access through r10, or SLOTS. */
static unsigned slot_of(uint8_t base, int16_t off)
{
    if (base != 10 || off >= 0 || off < -8 * SLOTS || off % 8)
        return SLOTS;
    return (unsigned)(-off / 8 - 1);
}

static void set_reg(struct place *p, unsigned reg, bool is, bool mixed)
{
    uint16_t mask = (uint16_t)(1u << reg);
    p->regs = (uint16_t)(is ? p->regs | mask : p->regs & ~mask);
    p->mixed_regs = (uint16_t)(mixed ? p->mixed_regs | mask : p->mixed_regs & ~mask);
}

static void set_slot(struct place *p, unsigned slot, bool is, bool mixed)
{
    uint64_t mask = UINT64_C(1) << slot;
    p->slots = is ? p->slots | mask : p->slots & ~mask;
    p->mixed_slots = mixed ? p->mixed_slots | mask : p->mixed_slots & ~mask;
}

/* What an instruction makes of a place. */
static void step(const struct ebpf_insn *insn, struct place *p)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    unsigned load = insn->op == EBPF_OP_LDXDW ? slot_of(insn->src, insn->off) : SLOTS;
    struct place old = *p;
    uint16_t defs = ebpf_defs(insn);
    p->regs &= (uint16_t)~defs;
    p->mixed_regs &= (uint16_t)~defs;
    if (insn->op == EBPF_OP_MOV64_REG)
        set_reg(p, insn->dst, bit(old.regs, insn->src), bit(old.mixed_regs, insn->src));
    else if (load < SLOTS)
        set_reg(p, insn->dst, bit(old.slots, load), bit(old.mixed_slots, load));
    if (!(info->effects & EBPF_FX_STORE) || insn->dst != 10 || insn->off >= 0)
        return;
    unsigned slot = slot_of(insn->dst, (int16_t)(insn->off & ~7));
    if (slot < SLOTS)
        set_slot(p, slot, insn->op == EBPF_OP_STXDW && bit(old.regs, insn->src),
                 insn->op == EBPF_OP_STXDW && bit(old.mixed_regs, insn->src));
}

/* Joins what is known into a place; looks at it again if that changed it. */
static bool flow(struct search *s, uint32_t insn, const struct place *from)
{
    if (insn >= ebpf_program_count(s->program))
        return true;
    struct place *to = &s->at[insn], joined = *from;
    if (to->reached) {
        joined.mixed_regs |= to->mixed_regs | (uint16_t)(to->regs ^ from->regs);
        joined.mixed_slots |= to->mixed_slots | (to->slots ^ from->slots);
        joined.regs = (uint16_t)((to->regs | from->regs) & ~joined.mixed_regs);
        joined.slots = (to->slots | from->slots) & ~joined.mixed_slots;
    }
    joined.reached = 1;
    if (to->reached && joined.regs == to->regs && joined.mixed_regs == to->mixed_regs &&
        joined.slots == to->slots && joined.mixed_slots == to->mixed_slots)
        return true;
    *to = joined;
    uint32_t *next = ebpf_vec_push(&s->todo, 1);
    if (next)
        *next = insn;
    return next != NULL;
}

/* Where control goes from an instruction but to the next one; `now` becomes what is known there. */
static bool branch(struct search *s, const struct ebpf_insn *insn, struct place *now)
{
    struct place entry = {0};
    if (insn->op == EBPF_OP_CALL_LOCAL) {
        entry.regs = now->regs & EBPF_ARGUMENTS;
        entry.mixed_regs = now->mixed_regs & EBPF_ARGUMENTS;
        if (!flow(s, insn->target, &entry))
            return false;
    } else if (insn->op == EBPF_OP_LDDW_FUNC) { /* a callback: it gets no context */
        if (!flow(s, insn->target, &entry))
            return false;
    }
    step(insn, now);
    return !(ebpf_op_table[insn->op].effects & EBPF_FX_JUMP) || flow(s, insn->target, now);
}

/* Goes on from an instruction, up to one that it has come to before. */
static bool flow_on(struct search *s, uint32_t i)
{
    struct place now = s->at[i];
    for (uint32_t count = ebpf_program_count(s->program); i < count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(s->program, i);
        if (!branch(s, insn, &now))
            return false;
        if (ebpf_op_table[insn->op].effects & EBPF_FX_TERMINATOR)
            return true;
        if (i + 1 == count || s->at[i + 1].reached)
            return flow(s, i + 1, &now);
        s->at[i + 1] = now;
    }
    return true;
}

static ebpf_status search(struct search *s)
{
    const struct place entry = {.regs = 1u << 1};
    bool ok = flow(s, 0, &entry);
    while (ok && s->todo.count > 0)
        ok = flow_on(s, ((const uint32_t *)s->todo.data)[--s->todo.count]);
    return ok ? EBPF_OK : EBPF_ERR_NOMEM;
}

/* Which address stands at an offset of the context, or EBPF_CTX_ADDRESSES. */
static unsigned address_at(const struct ebpf_ctx_host *host, int offset)
{
    unsigned i = 0;
    while (i < EBPF_CTX_ADDRESSES && (!host->has[i] || (int)host->field[i] != offset))
        i++;
    return i;
}

/* Whether facts are of a load of an address. */
static bool of_address(const struct ebpf_fact *fact)
{
    return fact && fact->flags & EBPF_FACT_ADDRESS;
}

/* Whether any load may read one. */
static bool may_read(const struct ebpf_program *program, const struct ebpf_ctx_host *host,
                     const struct ebpf_fact *facts)
{
    for (uint32_t i = 0; i < ebpf_program_count(program); i++) {
        const struct ebpf_insn *insn = ebpf_program_at(program, i);
        if (insn->op == EBPF_OP_LDXW && (of_address(facts ? &facts[i] : NULL) ||
                                         address_at(host, insn->off) < EBPF_CTX_ADDRESSES))
            return true;
    }
    return false;
}

static void load_host(const struct ebpf_ctx_host *host, unsigned address, struct ebpf_insn *insn)
{
    insn->op = EBPF_OP_LDXDW;
    insn->off = (int16_t)(insn->off + (int)host->host[address] - (int)host->field[address]);
}

/* Whether facts tell what a load reads: the context at one place, or nothing of it. */
static bool rewrite_proven(const struct ebpf_ctx_host *host, const struct ebpf_fact *fact,
                           struct ebpf_insn *insn)
{
    const uint8_t context = 1u << EBPF_REGION_CONTEXT;
    if (!fact || !ebpf_fact_is_proven(fact))
        return false;
    if (!(fact->regions & context))
        return true;
    unsigned address = address_at(host, fact->least);
    if (fact->regions != context || fact->least != fact->most)
        return false;
    if (address < EBPF_CTX_ADDRESSES)
        load_host(host, address, insn);
    return true;
}

/* Any other one, of which the search may know. */
static ebpf_status rewrite_found(const struct search *s, const struct ebpf_ctx_host *host,
                                 struct ebpf_diag *diag, uint32_t i, struct ebpf_insn *insn)
{
    unsigned address = address_at(host, insn->off);
    if (address == EBPF_CTX_ADDRESSES || !s->at[i].reached)
        return EBPF_OK;
    if (bit(s->at[i].mixed_regs, insn->src)) {
        ebpf_program_report(s->program, diag, EBPF_SEVERITY_ERROR, EBPF_ERR_CONTEXT, i, NULL,
                            "r%u is the context on some paths and something else on others",
                            insn->src);
        return EBPF_ERR_CONTEXT;
    }
    if (bit(s->at[i].regs, insn->src))
        load_host(host, address, insn);
    return EBPF_OK;
}

static ebpf_status rewrite(const struct search *s, const struct ebpf_ctx_host *host,
                           const struct ebpf_fact *facts, struct ebpf_diag *diag,
                           struct ebpf_program *copy, bool *agrees)
{
    struct ebpf_insn *insns = copy->insns.data;
    ebpf_status status = EBPF_OK;
    for (uint32_t i = 0; i < copy->insns.count; i++) {
        const struct ebpf_fact *fact = facts ? &facts[i] : NULL;
        if (insns[i].op != EBPF_OP_LDXW || rewrite_proven(host, fact, &insns[i]))
            continue;
        ebpf_status found = rewrite_found(s, host, diag, i, &insns[i]);
        if (found)
            status = found;
        if (fact && fact->flags & EBPF_FACT_REACHED &&
            (of_address(fact) || insns[i].op != EBPF_OP_LDXW))
            *agrees = false;
    }
    return status;
}

ebpf_status ebpf_ctx_lower(const struct ebpf_program *program, const struct ebpf_ctx_host *host,
                           const struct ebpf_fact *facts, struct ebpf_diag *diag,
                           struct ebpf_program **out, bool *agrees)
{
    size_t count = ebpf_program_count(program);
    *out = NULL;
    *agrees = true;
    if (!may_read(program, host, facts))
        return EBPF_OK;
    struct search s = {.program = program, .mem = program->mem,
                       .at = ebpf_mem_zalloc(&program->mem, count, sizeof(*s.at))};
    ebpf_vec_init(&s.todo, &s.mem, sizeof(uint32_t));
    struct ebpf_program *copy = ebpf_program_clone(program, &program->mem);
    ebpf_status status = s.at && copy ? search(&s) : EBPF_ERR_NOMEM;
    if (!status)
        status = rewrite(&s, host, facts, diag, copy, agrees);
    if (!status)
        status = ebpf_program_finish(copy, diag);
    ebpf_vec_free(&s.todo);
    ebpf_mem_free(&s.mem, s.at, count * sizeof(*s.at));
    if (status)
        ebpf_program_unref(copy);
    else
        *out = copy;
    return status;
}
