/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/opt/lanes.h"

#include "ir/op.h"

static const uint64_t each_lane = UINT64_C(0x0101010101010101);
static const uint64_t ascending = UINT64_C(0x0706050403020100);

/* The lowest `count` lanes; shifts by 64 are not defined. */
static uint64_t low_lanes(unsigned count)
{
    return count < 8 ? (UINT64_C(1) << (8 * count)) - 1 : UINT64_MAX;
}

struct ebpf_lanes ebpf_lanes_from(uint32_t source, unsigned position, unsigned count)
{
    uint64_t mask = low_lanes(count);
    return (struct ebpf_lanes){source, ((ascending + each_lane * position) & mask) | ~mask};
}

/* Reads 0xff, a zero byte, in whatever is shifted in. */
static uint64_t shift_up(uint64_t at, unsigned bits)
{
    return bits ? at << bits | low_lanes(bits / 8) : at;
}

static uint64_t shift_down(uint64_t at, unsigned bits)
{
    return bits ? at >> bits | ~(UINT64_MAX >> bits) : at;
}

/* Bytes that a mask leaves alone stay, bytes that it clears are zero, others cannot be told. */
static bool mask_lanes(uint64_t at, uint64_t mask, uint64_t *result)
{
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t byte = mask >> i & 0xff;
        if (byte == 0)
            at |= UINT64_C(0xff) << i;
        else if (byte != 0xff && (at >> i & 0xff) != EBPF_LANE_ZERO)
            return false;
    }
    *result = at;
    return true;
}

static bool is_all_zero(const struct ebpf_lanes *lanes)
{
    return lanes->at == EBPF_LANES_ZERO;
}

/* The sum, or, or exclusive or of values that have no byte in common. */
static bool merge(const struct ebpf_lanes *a, const struct ebpf_lanes *b, struct ebpf_lanes *result)
{
    const uint64_t zero_marks = each_lane << 7;
    if (((a->at | b->at) & zero_marks) != zero_marks)
        return false;
    if (a->source != b->source && !is_all_zero(a) && !is_all_zero(b))
        return false;
    result->source = is_all_zero(a) ? b->source : a->source;
    result->at = a->at & b->at; /* a zero lane has all bits set */
    return true;
}

static bool step_imm(const struct ebpf_insn *insn, const struct ebpf_lanes *dst,
                     struct ebpf_lanes *result)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    unsigned bits = (unsigned)insn->imm & (info->width - 1u);
    *result = *dst;
    switch (info->oper) {
    case EBPF_OPER_LSH:
        result->at = shift_up(dst->at, bits);
        return bits % 8 == 0;
    case EBPF_OPER_RSH:
        result->at = shift_down(dst->at, bits);
        return bits % 8 == 0;
    case EBPF_OPER_AND:
        return mask_lanes(dst->at, (uint64_t)insn->imm, &result->at);
    case EBPF_OPER_MOV:
        result->at = EBPF_LANES_ZERO;
        return insn->imm == 0;
    default:
        return false;
    }
}

static bool step_reg(const struct ebpf_insn *insn, const struct ebpf_lanes *dst,
                     const struct ebpf_lanes *src, struct ebpf_lanes *result)
{
    switch (ebpf_op_table[insn->op].oper) {
    case EBPF_OPER_MOV:
        *result = *src;
        return true;
    case EBPF_OPER_ADD:
    case EBPF_OPER_OR:
    case EBPF_OPER_XOR:
        return merge(dst, src, result);
    default:
        return false;
    }
}

static uint64_t reverse(uint64_t at, unsigned count)
{
    return __builtin_bswap64(at) >> (64 - 8 * count);
}

static void step_swap(const struct ebpf_insn *insn, const struct ebpf_lanes *dst,
                      struct ebpf_lanes *result)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    unsigned count = info->width / 8u;
    bool keeps = info->oper == EBPF_OPER_LE;
    result->source = dst->source;
    result->at = (keeps ? dst->at : reverse(dst->at, count)) | ~low_lanes(count);
}

bool ebpf_lanes_step(const struct ebpf_insn *insn, const struct ebpf_lanes *dst,
                     const struct ebpf_lanes *src, struct ebpf_lanes *result)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    uint64_t above = info->width == 32 ? ~low_lanes(4) : 0;
    struct ebpf_lanes a = {dst->source, dst->at | above}, b = {src->source, src->at | above};
    bool known = false;
    if (info->format == EBPF_FMT_END) {
        step_swap(insn, dst, result);
        return true;
    }
    if (info->format == EBPF_FMT_ALU_IMM)
        known = step_imm(insn, &a, result);
    else if (info->format == EBPF_FMT_ALU_REG)
        known = step_reg(insn, &a, &b, result);
    result->at |= above;
    return known;
}

bool ebpf_lanes_are_run(const struct ebpf_lanes *lanes, unsigned size, unsigned *position,
                        bool *downwards)
{
    unsigned first = lanes->at & 0xff, last = lanes->at >> (8 * (size - 1)) & 0xff;
    if (first == EBPF_LANE_ZERO || last == EBPF_LANE_ZERO)
        return false;
    *downwards = last < first;
    *position = *downwards ? last : first;
    uint64_t run = ebpf_lanes_from(0, *position, size).at;
    if (*downwards)
        run = reverse(run, size) | ~low_lanes(size);
    return lanes->at == run;
}
