/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Labels, and the choice between short and long jumps.
 *
 * Jumps are emitted long and alignment with the most padding it can need, so every distance in the
 * buffer is an upper bound.  Shortening what fits and moving all up can only make distances
 * smaller: a choice once made stays right.  Two rounds find nearly all; each is one walk over the
 * jumps, and labels follow from how many of those come before them.
 */
#include <string.h>

#include "backends/x86_64/emit.h"
#include "backends/x86_64/layout.h"
#include "base/bytes.h"
#include "base/mem.h"

enum { SHORT_JUMP = 2, CODE_MAX = 1 << 30 /* far from what 32-bit displacements reach */ };

uint32_t x64_labels(struct x64_emit *emit, uint32_t count)
{
    uint32_t first = (uint32_t)emit->labels.count;
    struct x64_label *labels = emit->status ? NULL : ebpf_vec_push(&emit->labels, count);
    if (!labels) {
        emit->status = emit->status ? emit->status : EBPF_ERR_NOMEM;
        return 0;
    }
    return first;
}

static void add_fixup(struct x64_emit *emit, struct x64_fixup fixup)
{
    if (emit->status)
        return;
    struct x64_fixup *f = ebpf_vec_push(&emit->fixups, 1);
    if (!f || !ebpf_vec_push(&emit->code, fixup.longest) || emit->code.count > CODE_MAX) {
        emit->status = emit->code.count > CODE_MAX ? EBPF_ERR_LIMIT : EBPF_ERR_NOMEM;
        return;
    }
    fixup.at = (uint32_t)emit->code.count - fixup.longest;
    fixup.length = fixup.longest;
    *f = fixup;
}

void x64_jmp(struct x64_emit *emit, uint32_t label)
{
    add_fixup(emit, (struct x64_fixup){.label = label, .kind = X64_FIX_JMP, .longest = 5});
}

void x64_jcc(struct x64_emit *emit, enum x64_cc cc, uint32_t label)
{
    add_fixup(emit, (struct x64_fixup){
                        .label = label, .kind = X64_FIX_JCC, .cc = (uint8_t)cc, .longest = 6});
}

void x64_call(struct x64_emit *emit, uint32_t label)
{
    add_fixup(emit, (struct x64_fixup){.label = label, .kind = X64_FIX_CALL, .longest = 5});
}

void x64_lea_label(struct x64_emit *emit, enum x64_reg dst, uint32_t label)
{
    add_fixup(emit, (struct x64_fixup){
                        .label = label, .kind = X64_FIX_LEA, .cc = (uint8_t)dst, .longest = 7});
}

void x64_distance(struct x64_emit *emit, uint32_t from, uint32_t label, unsigned size)
{
    emit->has_narrow |= size == 2;
    add_fixup(emit, (struct x64_fixup){.label = label, .from = from, .kind = X64_FIX_DISTANCE,
                                       .longest = (uint8_t)size});
}

void x64_align(struct x64_emit *emit, unsigned boundary)
{
    if (boundary > 1)
        add_fixup(emit, (struct x64_fixup){.label = boundary, .kind = X64_FIX_ALIGN,
                                           .longest = (uint8_t)(boundary - 1)});
}

/* Whether a jump that starts at `at` and is `length` long now reaches its target in two bytes. */
static bool fits_short(uint32_t at, uint32_t length, uint32_t target)
{
    if (target > at)
        return target - (at + length) <= INT8_MAX;
    return at + SHORT_JUMP - target <= -INT8_MIN;
}

/* Shortens the jumps that can be, by what has moved up so far. */
static void shorten(struct x64_emit *emit)
{
    struct x64_fixup *f = emit->fixups.data;
    for (size_t i = 0; i < emit->fixups.count; i++) {
        bool is_jump = f[i].kind == X64_FIX_JMP || f[i].kind == X64_FIX_JCC;
        if (is_jump && f[i].length != SHORT_JUMP &&
            fits_short(f[i].at - emit->moved[i], f[i].length, x64_position(emit, f[i].label)))
            f[i].length = SHORT_JUMP;
    }
}

/* Notes by how much the new lengths move up what is behind them. */
static void move_up(struct x64_emit *emit, bool final)
{
    struct x64_fixup *f = emit->fixups.data;
    uint32_t moved = 0;
    for (size_t i = 0; i < emit->fixups.count; i++) {
        emit->moved[i] = moved;
        if (final)
            f[i].at -= moved;
        if (final && f[i].kind == X64_FIX_ALIGN)
            f[i].length = (uint8_t)(-f[i].at & (f[i].label - 1));
        moved += (uint32_t)f[i].longest - f[i].length;
    }
    emit->moved[emit->fixups.count] = moved;
}

size_t x64_finish(struct x64_emit *emit)
{
    emit->moved = ebpf_mem_zalloc(&emit->fixups.mem, 1, x64_moved_size(emit));
    if (!emit->moved && !emit->status)
        emit->status = EBPF_ERR_NOMEM;
    for (int round = 0; round < 2 && !emit->status; round++) {
        shorten(emit);
        move_up(emit, round == 1);
    }
    size_t size = emit->status ? 0 : emit->code.count - emit->moved[emit->fixups.count];
    if (!emit->has_narrow || size <= INT16_MAX)
        return size;
    emit->status = EBPF_ERR_LIMIT;
    return 0;
}

/* The recommended no-operations of 1 to 9 bytes (Intel SDM, NOP). */
static void put_nops(uint8_t *out, size_t length)
{
    static const uint8_t nops[9][9] = {
        {0x90}, {0x66, 0x90}, {0x0f, 0x1f, 0x00}, {0x0f, 0x1f, 0x40, 0x00},
        {0x0f, 0x1f, 0x44, 0x00, 0x00}, {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
        {0x0f, 0x1f, 0x80, 0, 0, 0, 0}, {0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0},
        {0x66, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0}};
    while (length) {
        size_t n = length < 9 ? length : 9;
        memcpy(out, nops[n - 1], n);
        out += n;
        length -= n;
    }
}

static void put_distance(const struct x64_emit *emit, const struct x64_fixup *f, uint8_t *out)
{
    uint32_t distance = x64_position(emit, f->label) - x64_position(emit, f->from);
    if (f->length == 2)
        ebpf_put_le16(out, (uint16_t)distance);
    else
        ebpf_put_le32(out, distance);
}

static void put_fixup(const struct x64_emit *emit, const struct x64_fixup *f, uint8_t *out)
{
    if (f->kind == X64_FIX_ALIGN) {
        put_nops(out, f->length);
        return;
    }
    uint32_t offset = x64_position(emit, f->label) - (f->at + f->length);
    if (f->kind == X64_FIX_LEA) {
        out[0] = (uint8_t)(0x48 | (f->cc & 8) >> 1);
        out[1] = 0x8d;
        out[2] = (uint8_t)((f->cc & 7) << 3 | 5);
        ebpf_put_le32(out + 3, offset);
    } else if (f->kind == X64_FIX_DISTANCE) {
        put_distance(emit, f, out);
    } else if (f->length == SHORT_JUMP) {
        out[0] = (uint8_t)(f->kind == X64_FIX_JMP ? 0xeb : 0x70 | f->cc);
        out[1] = (uint8_t)offset;
    } else if (f->kind == X64_FIX_JCC) {
        out[0] = 0x0f;
        out[1] = (uint8_t)(0x80 | f->cc);
        ebpf_put_le32(out + 2, offset);
    } else {
        out[0] = f->kind == X64_FIX_JMP ? 0xe9 : 0xe8;
        ebpf_put_le32(out + 1, offset);
    }
}

void x64_write(const struct x64_emit *emit, uint8_t *out)
{
    const uint8_t *in = emit->code.data, *end = in + emit->code.count;
    const struct x64_fixup *f = emit->fixups.data;
    size_t at = 0;
    for (size_t i = 0; i < emit->fixups.count; i++) {
        size_t gap = f[i].at - at;
        memcpy(out + at, in, gap);
        in += gap + f[i].longest;
        put_fixup(emit, &f[i], out + f[i].at);
        at = f[i].at + f[i].length;
    }
    memcpy(out + at, in, (size_t)(end - in));
}
