/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Writes x86_64 machine code: a function per instruction, labels, and one sticky error.
 *
 * The functions are named x64_<instruction>_<operands>: r register, m memory, i immediate; the
 * destination comes first.  `width` is the operand size in bits.  The buffer grows as needed; when
 * it cannot, the status says so and emitting goes on to no effect.
 */
#ifndef BACKENDS_X86_64_EMIT_H
#define BACKENDS_X86_64_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/status.h>

#include "base/vec.h"

enum x64_reg {
    X64_RAX, X64_RCX, X64_RDX, X64_RBX, X64_RSP, X64_RBP, X64_RSI, X64_RDI,
    X64_R8, X64_R9, X64_R10, X64_R11, X64_R12, X64_R13, X64_R14, X64_R15,
    X64_NO_BASE
};

/* Conditions as they are encoded; the lowest bit inverts one. */
enum x64_cc {
    X64_O, X64_NO, X64_B, X64_AE, X64_E, X64_NE, X64_BE, X64_A,
    X64_S, X64_NS, X64_P, X64_NP, X64_L, X64_GE, X64_LE, X64_G
};

/* base + index << scale + disp; an index of rsp means none, as in the encoding. */
struct x64_mem {
    int32_t disp;
    uint8_t base, index, scale;
};

static inline struct x64_mem x64_at(enum x64_reg base, int32_t disp)
{
    return (struct x64_mem){disp, (uint8_t)base, X64_RSP, 0};
}

static inline struct x64_mem x64_at_index(enum x64_reg base, enum x64_reg index, unsigned scale,
                                          int32_t disp)
{
    return (struct x64_mem){disp, (uint8_t)base, (uint8_t)index, (uint8_t)scale};
}

/* Where a label is bound, in the code as emitted, and how many fixups come before it. */
struct x64_label {
    uint32_t at, fixups;
};

struct x64_emit {
    struct ebpf_vec code;   /* bytes, all jumps still long */
    struct ebpf_vec labels; /* struct x64_label */
    struct ebpf_vec fixups; /* struct x64_fixup, by position */
    uint32_t *moved;        /* by how much the layout moves up what comes before each fixup, and
                               behind the last */
    ebpf_status status;     /* the first error */
    bool has_narrow;        /* there are distances of 2 bytes */
    uint8_t sink[32];       /* where bytes go after an error */
};

void x64_emit_init(struct x64_emit *emit, const struct ebpf_mem *mem);
void x64_emit_free(struct x64_emit *emit);

/* Labels.  Numbers count from 0 in the order of making; `count` new ones come in a row. */
uint32_t x64_labels(struct x64_emit *emit, uint32_t count);
static inline void x64_bind(struct x64_emit *emit, uint32_t label);
void x64_jmp(struct x64_emit *emit, uint32_t label);
void x64_jcc(struct x64_emit *emit, enum x64_cc cc, uint32_t label);
void x64_call(struct x64_emit *emit, uint32_t label);
void x64_lea_label(struct x64_emit *emit, enum x64_reg dst, uint32_t label);
/* How far it is from one label to another: 2 or 4 bytes, signed.  With 2 bytes, code of 32 KiB or
 * more is EBPF_ERR_LIMIT. */
void x64_distance(struct x64_emit *emit, uint32_t from, uint32_t label, unsigned size);
void x64_align(struct x64_emit *emit, unsigned boundary); /* a power of two up to 64 */

/*
 * Shortens jumps and fixes the layout, in linear time; then labels hold their final positions.
 * Returns the size of the code, 0 after an error.
 */
size_t x64_finish(struct x64_emit *emit);

/* Writes finished code to memory with room for all of it. */
void x64_write(const struct x64_emit *emit, uint8_t *out);

/* Where a label is in finished code. */
static inline uint32_t x64_position(const struct x64_emit *emit, uint32_t label)
{
    const struct x64_label *l = (const struct x64_label *)emit->labels.data + label;
    return l->at - emit->moved[l->fixups];
}

/* In line, as every instruction has a label. */
static inline void x64_bind(struct x64_emit *emit, uint32_t label)
{
    if (!emit->status)
        ((struct x64_label *)emit->labels.data)[label] =
            (struct x64_label){(uint32_t)emit->code.count, (uint32_t)emit->fixups.count};
}

/* What the forms below are made of. */
void x64_put_rr(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg, unsigned rm);
void x64_put_rm(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg,
                struct x64_mem mem);
void x64_put_imm(struct x64_emit *emit, uint32_t imm, unsigned bytes);
void x64_put_alu_imm(struct x64_emit *emit, unsigned n, unsigned width, enum x64_reg dst,
                     int32_t imm);
void x64_put_alu_mem(struct x64_emit *emit, unsigned n, unsigned width, struct x64_mem dst,
                     int32_t imm);
void x64_put_extend(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg,
                    unsigned rm);
void x64_put_shift(struct x64_emit *emit, unsigned n, unsigned width, enum x64_reg dst,
                   unsigned count);
void x64_put_vex(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg,
                 unsigned vvvv_rm);
void x64_put_in_opcode(struct x64_emit *emit, uint32_t opcode, unsigned width, unsigned reg);
void x64_put_bytes(struct x64_emit *emit, const char *bytes, size_t count);

/* Instructions with an immediate of their own kind. */
void x64_mov_ri(struct x64_emit *emit, enum x64_reg dst, uint64_t imm); /* 64 bits, shortest form */
void x64_mov_mi(struct x64_emit *emit, unsigned width, struct x64_mem dst, int32_t imm);
void x64_test_ri(struct x64_emit *emit, unsigned width, enum x64_reg a, int32_t imm);
void x64_test_mi(struct x64_emit *emit, unsigned width, struct x64_mem a, int32_t imm);
void x64_imul_rri(struct x64_emit *emit, unsigned width, enum x64_reg dst, enum x64_reg src,
                  int32_t imm);
void x64_push_i(struct x64_emit *emit, int32_t imm);
void x64_call_m(struct x64_emit *emit, struct x64_mem target);
void x64_bt_ri(struct x64_emit *emit, unsigned width, enum x64_reg a, unsigned bit);
void x64_rorx_rri(struct x64_emit *emit, unsigned width, enum x64_reg dst, enum x64_reg src,
                  unsigned count);
void x64_movups_m0(struct x64_emit *emit, struct x64_mem dst); /* stores xmm0 */

#include "backends/x86_64/forms.h"

#endif
