/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backends/interp/wide.h"

#include <string.h>

#include "ir/op.h"
#include "ir/program.h"

/* Whether an instruction touches no memory, or touches it without a check. */
static bool is_unchecked(const struct ebpf_code *code, uint32_t at, uint32_t frame)
{
    const struct ebpf_insn *insn = ebpf_program_at(code->in.program, at);
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    switch (info->format) {
    case EBPF_FMT_LDX:
        return interp_needs_no_check(code, at, insn->src, frame);
    case EBPF_FMT_ST:
    case EBPF_FMT_STX:
        return interp_needs_no_check(code, at, insn->dst, frame);
    default: /* atomic operations have an alignment */
        return !(info->effects & (EBPF_FX_LOAD | EBPF_FX_STORE));
    }
}

/* Words of which the first pieces stand at one place: pieces of theirs may be mixed, and they can
 * only be had all, or none. */
struct group {
    const struct ebpf_wide *first;
    size_t count;
    uint32_t end; /* where the last of them is done, or its last piece stands */
};

static struct group group_at(const struct ebpf_wides *wides, size_t n)
{
    const struct ebpf_wide *all = wides->wides.data;
    struct group g = {.first = &all[n]};
    for (; n < wides->wides.count && all[n].start == g.first->start; n++, g.count++) {
        uint32_t end = all[n].end > all[n].last ? all[n].end : all[n].last;
        g.end = end > g.end ? end : g.end;
    }
    return g;
}

static bool can_be_had(const struct ebpf_code *code, const struct group *g)
{
    uint32_t function = ebpf_program_function_of(code->in.program, g->first->start);
    for (size_t i = 0; i < g->count; i++)
        if (g->first[i].last_off != (int16_t)g->first[i].last_off)
            return false;
    for (uint32_t at = g->first->start; at <= g->end; at++)
        if (!is_unchecked(code, at, code->frame_sizes[function]))
            return false;
    return true;
}

bool interp_find_wides(const struct ebpf_code *code, const struct ebpf_reg_flow *flow,
                       struct ebpf_wides *wides)
{
    if (!ebpf_wides_find(code->in.program, flow, wides))
        return false;
    struct group g;
    for (size_t n = 0; n < wides->wides.count; n += g.count) {
        g = group_at(wides, n);
        if (can_be_had(code, &g))
            continue;
        /* Up to the next group, nothing but these words leaves out what somebody needs. */
        uint32_t next = n + g.count < wides->wides.count ? g.first[g.count].start : wides->count;
        memset(wides->roles + g.first->start, EBPF_WIDE_KEEP, next - g.first->start);
    }
    return true;
}

uint16_t interp_make_wide(const struct ebpf_wide *wide, uint32_t left_out, struct unit *u)
{
#define KINDS(name) {UNIT_##name##16_MM, UNIT_##name##32_MM, UNIT_##name##64_MM}
    static const uint16_t kinds[2][2][3] = {{KINDS(WIDE_LOAD_LE), KINDS(WIDE_LOAD_BE)},
                                            {KINDS(WIDE_STORE_LE), KINDS(WIDE_STORE_BE)}};
#undef KINDS
    uint8_t value = (uint8_t)(wide->value * sizeof(uint64_t));
    uint8_t base = (uint8_t)(wide->last_base * sizeof(uint64_t));
    u->dst = wide->store ? base : value;
    u->src = wide->store ? value : base;
    u->off = (int16_t)wide->last_off;
    u->imm = (int32_t)left_out;
    return kinds[wide->store][wide->swap][wide->size / 4u];
}

uint16_t interp_make_skip(uint32_t left_out, struct unit *u)
{
    u->imm = (int32_t)left_out - 1;
    return UNIT_SKIP_MM;
}

void interp_join_skips(struct ebpf_code *code)
{
    for (uint32_t i = code->count; i-- > 0;) {
        struct unit *u = &code->units[i];
        uint32_t next = i + 1 + (uint32_t)u->imm;
        if (code->kinds[i] < UNIT_SKIP_MM && code->kinds[next] == UNIT_SKIP_MM)
            u->imm += 1 + code->units[next].imm;
    }
}
