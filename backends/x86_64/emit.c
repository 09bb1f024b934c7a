/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backends/x86_64/emit.h"

#include <string.h>

#include "backends/x86_64/layout.h"
#include "base/bytes.h"
#include "base/mem.h"

enum { LONGEST = 16 /* an instruction has at most 15 bytes */ };

void x64_emit_init(struct x64_emit *emit, const struct ebpf_mem *mem)
{
    *emit = (struct x64_emit){.status = EBPF_OK};
    ebpf_vec_init(&emit->code, mem, 1);
    ebpf_vec_init(&emit->labels, mem, sizeof(struct x64_label));
    ebpf_vec_init(&emit->fixups, mem, sizeof(struct x64_fixup));
}

void x64_emit_free(struct x64_emit *emit)
{
    ebpf_vec_free(&emit->code);
    ebpf_vec_free(&emit->labels);
    ebpf_mem_free(&emit->fixups.mem, emit->moved, x64_moved_size(emit));
    ebpf_vec_free(&emit->fixups);
}

/* Room for one instruction, which is counted by done(). */
static inline uint8_t *room(struct x64_emit *emit)
{
    if (emit->status)
        return emit->sink;
    if (emit->code.capacity - emit->code.count < LONGEST &&
        !ebpf_vec_reserve(&emit->code, LONGEST)) {
        emit->status = EBPF_ERR_NOMEM;
        return emit->sink;
    }
    return (uint8_t *)emit->code.data + emit->code.count;
}

static inline void done(struct x64_emit *emit, const uint8_t *end)
{
    if (!emit->status)
        emit->code.count = (size_t)(end - (const uint8_t *)emit->code.data);
}

enum { REX = 0x40, REX_W = 8, REX_R = 4, REX_X = 2, REX_B = 1 };

/* Prefixes, REX if any of its bits is set, escape bytes and opcode. */
static inline uint8_t *put_opcode(uint8_t *p, uint32_t opcode, unsigned width, unsigned rex)
{
    if (opcode >> 16)
        *p++ = (uint8_t)(opcode >> 16);
    if (width == 16)
        *p++ = 0x66;
    if (width == 64)
        rex |= REX_W;
    if (rex)
        *p++ = (uint8_t)(REX | rex);
    unsigned map = opcode >> 8 & 0xff;
    if (map)
        *p++ = 0x0f;
    if (map >= 2)
        *p++ = map == 2 ? 0x38 : 0x3a;
    *p++ = (uint8_t)opcode;
    return p;
}

static inline uint8_t modrm(unsigned mod, unsigned reg, unsigned rm)
{
    return (uint8_t)(mod << 6 | (reg & 7) << 3 | (rm & 7));
}

static inline unsigned rex_rb(unsigned reg, unsigned rm)
{
    return (reg & 8 ? REX_R : 0) | (rm & 8 ? REX_B : 0);
}

static inline uint8_t *put_registers(uint8_t *p, uint32_t opcode, unsigned width, unsigned reg,
                                     unsigned rm)
{
    p = put_opcode(p, opcode, width, rex_rb(reg, rm));
    *p++ = modrm(3, reg, rm);
    return p;
}

void x64_put_rr(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg, unsigned rm)
{
    done(emit, put_registers(room(emit), opcode, width, reg, rm));
}

/* Of the byte registers, those from 4 on are spl to dil only with a REX prefix. */
static inline uint8_t *put_narrow(uint8_t *p, uint32_t opcode, unsigned width, unsigned reg,
                                  unsigned rm)
{
    unsigned rex = rex_rb(reg, rm) | (rm >= X64_RSP ? REX : 0);
    p = put_opcode(p, opcode, width, rex);
    *p++ = modrm(3, reg, rm);
    return p;
}

void x64_put_extend(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg,
                    unsigned rm)
{
    done(emit, put_narrow(room(emit), opcode, width, reg, rm));
}

/*
 * ModRM, SIB and displacement.  What the encoding cannot say directly: rsp and r12 as a base need
 * an SIB byte; rbp and r13 as a base need a displacement.
 */
static inline uint8_t *put_mem(uint8_t *p, unsigned reg, struct x64_mem m)
{
    if (m.base == X64_NO_BASE) {
        *p++ = modrm(0, reg, X64_RSP);
        *p++ = modrm(m.scale, m.index, X64_RBP);
        ebpf_put_le32(p, (uint32_t)m.disp);
        return p + 4;
    }
    unsigned mod = m.disp == 0 && (m.base & 7) != X64_RBP ? 0 : m.disp == (int8_t)m.disp ? 1 : 2;
    if (m.index != X64_RSP || (m.base & 7) == X64_RSP) {
        *p++ = modrm(mod, reg, X64_RSP);
        *p++ = modrm(m.scale, m.index, m.base);
    } else {
        *p++ = modrm(mod, reg, m.base);
    }
    if (mod == 1)
        *p++ = (uint8_t)m.disp;
    if (mod != 2)
        return p;
    ebpf_put_le32(p, (uint32_t)m.disp);
    return p + 4;
}

void x64_put_rm(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg,
                struct x64_mem mem)
{
    unsigned base = mem.base == X64_NO_BASE ? 0 : mem.base;
    unsigned rex = rex_rb(reg, base) | (mem.index & 8 ? REX_X : 0);
    if (width == 8 && reg >= X64_RSP)
        rex |= REX;
    uint8_t *p = put_opcode(room(emit), opcode, width, rex);
    done(emit, put_mem(p, reg, mem));
}

void x64_put_imm(struct x64_emit *emit, uint32_t imm, unsigned bytes)
{
    uint8_t *p = room(emit);
    ebpf_put_le32(p, imm);
    done(emit, p + bytes);
}

void x64_put_alu_imm(struct x64_emit *emit, unsigned n, unsigned width, enum x64_reg dst,
                     int32_t imm)
{
    bool is_byte = width == 8, is_short = is_byte || imm == (int8_t)imm;
    uint8_t *p = room(emit);
    if (dst == X64_RAX && (is_byte || !is_short))
        p = put_opcode(p, 8 * n + 5 - is_byte, width, 0);
    else if (is_byte)
        p = put_narrow(p, 0x80, 8, n, dst);
    else
        p = put_registers(p, is_short ? 0x83 : 0x81, width, n, dst);
    ebpf_put_le32(p, (uint32_t)imm);
    done(emit, p + (is_short ? 1 : width == 16 ? 2 : 4));
}

/* The register field is part of the opcode: it asks for no prefix. */
void x64_put_alu_mem(struct x64_emit *emit, unsigned n, unsigned width, struct x64_mem dst,
                     int32_t imm)
{
    bool is_byte = width == 8, is_short = is_byte || imm == (int8_t)imm;
    x64_put_rm(emit, is_byte ? 0x80 : is_short ? 0x83 : 0x81, is_byte ? 32 : width, n, dst);
    x64_put_imm(emit, (uint32_t)imm, is_short ? 1 : width == 16 ? 2 : 4);
}

void x64_put_shift(struct x64_emit *emit, unsigned n, unsigned width, enum x64_reg dst,
                   unsigned count)
{
    x64_put_rr(emit, count == 1 ? 0xd1 : 0xc1, width, n, dst);
    if (count != 1)
        x64_put_imm(emit, count, 1);
}

/* The three-byte VEX prefix; the prefix byte of the opcode is its pp field here. */
void x64_put_vex(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg,
                 unsigned vvvv_rm)
{
    unsigned vvvv = vvvv_rm >> 4, rm = vvvv_rm & 15;
    uint8_t *p = room(emit);
    *p++ = 0xc4;
    *p++ = (uint8_t)((reg & 8 ? 0 : 0x80) | 0x40 | (rm & 8 ? 0 : 0x20) | (opcode >> 8 & 0xff));
    *p++ = (uint8_t)((width == 64 ? 0x80 : 0) | (~vvvv & 15) << 3 | opcode >> 16);
    *p++ = (uint8_t)opcode;
    *p++ = modrm(3, reg, rm);
    done(emit, p);
}

void x64_put_in_opcode(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg)
{
    done(emit, put_opcode(room(emit), opcode | (reg & 7), width, rex_rb(0, reg)));
}

void x64_put_bytes(struct x64_emit *emit, const char *bytes, size_t count)
{
    uint8_t *p = room(emit);
    memcpy(p, bytes, count);
    done(emit, p + count);
}

void x64_mov_ri(struct x64_emit *emit, enum x64_reg dst, uint64_t imm)
{
    if (imm <= UINT32_MAX) {
        x64_put_in_opcode(emit, 0xb8, 32, dst);
        x64_put_imm(emit, (uint32_t)imm, 4);
    } else if (imm == (uint64_t)(int64_t)(int32_t)imm) {
        x64_put_rr(emit, 0xc7, 64, 0, dst);
        x64_put_imm(emit, (uint32_t)imm, 4);
    } else {
        x64_put_in_opcode(emit, 0xb8, 64, dst);
        x64_put_imm(emit, (uint32_t)imm, 4);
        x64_put_imm(emit, (uint32_t)(imm >> 32), 4);
    }
}

void x64_mov_mi(struct x64_emit *emit, unsigned width, struct x64_mem dst, int32_t imm)
{
    x64_put_rm(emit, width == 8 ? 0xc6 : 0xc7, width, 0, dst);
    x64_put_imm(emit, (uint32_t)imm, width >= 32 ? 4 : width / 8);
}

void x64_test_ri(struct x64_emit *emit, unsigned width, enum x64_reg a, int32_t imm)
{
    unsigned narrow = width == 8;
    if (a == X64_RAX)
        done(emit, put_opcode(room(emit), 0xa9 - narrow, width, 0));
    else if (narrow)
        x64_put_extend(emit, 0xf6, 8, 0, a);
    else
        x64_put_rr(emit, 0xf7, width, 0, a);
    x64_put_imm(emit, (uint32_t)imm, narrow ? 1 : 4);
}

void x64_test_mi(struct x64_emit *emit, unsigned width, struct x64_mem a, int32_t imm)
{
    unsigned narrow = width == 8;
    x64_put_rm(emit, 0xf7 - narrow, narrow ? 32 : width, 0, a);
    x64_put_imm(emit, (uint32_t)imm, narrow ? 1 : 4);
}

void x64_imul_rri(struct x64_emit *emit, unsigned width, enum x64_reg dst, enum x64_reg src,
                  int32_t imm)
{
    bool is_short = imm == (int8_t)imm;
    x64_put_rr(emit, is_short ? 0x6b : 0x69, width, dst, src);
    x64_put_imm(emit, (uint32_t)imm, is_short ? 1 : 4);
}

void x64_push_i(struct x64_emit *emit, int32_t imm)
{
    bool is_short = imm == (int8_t)imm;
    x64_put_bytes(emit, is_short ? "\x6a" : "\x68", 1);
    x64_put_imm(emit, (uint32_t)imm, is_short ? 1 : 4);
}

void x64_call_m(struct x64_emit *emit, struct x64_mem target)
{
    x64_put_rm(emit, 0xff, 32, 2, target);
}

void x64_bt_ri(struct x64_emit *emit, unsigned width, enum x64_reg a, unsigned bit)
{
    x64_put_rr(emit, 0x1ba, width, 4, a);
    x64_put_imm(emit, bit, 1);
}

void x64_rorx_rri(struct x64_emit *emit, unsigned width, enum x64_reg dst, enum x64_reg src,
                  unsigned count)
{
    x64_put_vex(emit, 3 << 16 | 0x3f0, width, dst, X64_VVVV_RM(0, src));
    x64_put_imm(emit, count, 1);
}

void x64_movups_m0(struct x64_emit *emit, struct x64_mem dst)
{
    x64_put_rm(emit, 0x111, 32, 0, dst);
}
