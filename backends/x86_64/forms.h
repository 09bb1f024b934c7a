/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The encoding forms of x64_insn.def, each written once; included by emit.h alone. */

#define X64_VVVV_RM(vvvv, rm) ((unsigned)(vvvv) << 4 | (unsigned)(rm))

#define X64_ALU(name, n)                                                                           \
    static inline void x64_##name##_rr(struct x64_emit *e, unsigned width, enum x64_reg dst,       \
                                       enum x64_reg src)                                           \
    { x64_put_rr(e, 8 * n + 1, width, src, dst); }                                                 \
    static inline void x64_##name##_rm(struct x64_emit *e, unsigned width, enum x64_reg dst,       \
                                       struct x64_mem src)                                         \
    { x64_put_rm(e, 8 * n + 3, width, dst, src); }                                                 \
    static inline void x64_##name##_mr(struct x64_emit *e, unsigned width, struct x64_mem dst,     \
                                       enum x64_reg src)                                           \
    { x64_put_rm(e, 8 * n + 1, width, src, dst); }                                                 \
    static inline void x64_##name##_ri(struct x64_emit *e, unsigned width, enum x64_reg dst,       \
                                       int32_t imm)                                                \
    { x64_put_alu_imm(e, n, width, dst, imm); }                                                    \
    static inline void x64_##name##_mi(struct x64_emit *e, unsigned width, struct x64_mem dst,     \
                                       int32_t imm)                                                \
    { x64_put_alu_mem(e, n, width, dst, imm); }

#define X64_RR(name, mnemonic, opcode, widths)                                                     \
    static inline void x64_##name##_rr(struct x64_emit *e, unsigned width, enum x64_reg dst,       \
                                       enum x64_reg src)                                           \
    { x64_put_rr(e, opcode, width, src, dst); }

#define X64_RR_LOAD(name, mnemonic, opcode, widths)                                                \
    static inline void x64_##name##_rr(struct x64_emit *e, unsigned width, enum x64_reg dst,       \
                                       enum x64_reg src)                                           \
    { x64_put_rr(e, opcode, width, dst, src); }

#define X64_RM(name, mnemonic, opcode, widths)                                                     \
    static inline void x64_##name##_rm(struct x64_emit *e, unsigned width, enum x64_reg dst,       \
                                       struct x64_mem src)                                         \
    { x64_put_rm(e, opcode, width, dst, src); }

#define X64_MR(name, mnemonic, opcode, widths)                                                     \
    static inline void x64_##name##_mr(struct x64_emit *e, unsigned width, struct x64_mem dst,     \
                                       enum x64_reg src)                                           \
    { x64_put_rm(e, (opcode) - (width == 8), width, src, dst); }

#define X64_EXTEND(name, mnemonic, opcode, from)                                                   \
    static inline void x64_##name##_rr(struct x64_emit *e, unsigned width, enum x64_reg dst,       \
                                       enum x64_reg src)                                           \
    { (from) == 8 ? x64_put_extend(e, opcode, width, dst, src)                                     \
                  : x64_put_rr(e, opcode, width, dst, src); }                                      \
    static inline void x64_##name##_rm(struct x64_emit *e, unsigned width, enum x64_reg dst,       \
                                       struct x64_mem src)                                         \
    { x64_put_rm(e, opcode, width, dst, src); }

#define X64_UNARY(name, mnemonic, n)                                                               \
    static inline void x64_##name##_r(struct x64_emit *e, unsigned width, enum x64_reg reg)        \
    { x64_put_rr(e, 0xf7, width, n, reg); }

#define X64_STEP(name, n)                                                                          \
    static inline void x64_##name##_r(struct x64_emit *e, unsigned width, enum x64_reg reg)        \
    { x64_put_rr(e, 0xff, width, n, reg); }

#define X64_SHIFT(name, n)                                                                         \
    static inline void x64_##name##_ri(struct x64_emit *e, unsigned width, enum x64_reg dst,       \
                                       unsigned count)                                             \
    { x64_put_shift(e, n, width, dst, count); }                                                    \
    static inline void x64_##name##_rcl(struct x64_emit *e, unsigned width, enum x64_reg dst)      \
    { x64_put_rr(e, 0xd3, width, n, dst); }

#define X64_SHIFT_BY(name, prefix)                                                                 \
    static inline void x64_##name##_rrr(struct x64_emit *e, unsigned width, enum x64_reg dst,      \
                                        enum x64_reg src, enum x64_reg count)                      \
    { x64_put_vex(e, (prefix) << 16 | 0x2f7, width, dst, X64_VVVV_RM(count, src)); }

#define X64_THREE(name, prefix, opcode)                                                            \
    static inline void x64_##name##_rrr(struct x64_emit *e, unsigned width, enum x64_reg a,        \
                                        enum x64_reg b, enum x64_reg c)                            \
    { x64_put_vex(e, (prefix) << 16 | 0x200 | (opcode), width, a, X64_VVVV_RM(b, c)); }

#define X64_CONDITION(name, opcode)                                                                \
    static inline void x64_##name##_cc(struct x64_emit *e, enum x64_cc cc, unsigned width,         \
                                       enum x64_reg dst, enum x64_reg src)                         \
    { width == 8 ? x64_put_extend(e, (opcode) | cc, 8, 0, dst)                                     \
                 : x64_put_rr(e, (opcode) | cc, width, dst, src); }

#define X64_IN_OPCODE(name, opcode, widths)                                                        \
    static inline void x64_##name##_r(struct x64_emit *e, unsigned width, enum x64_reg reg)        \
    { x64_put_in_opcode(e, opcode, (widths) == W64 ? 32 : width, reg); }

#define X64_INDIRECT(name, mnemonic, n)                                                            \
    static inline void x64_##name##_r(struct x64_emit *e, enum x64_reg reg)                        \
    { x64_put_rr(e, 0xff, 32, n, reg); }

#define X64_PLAIN(name, mnemonic, bytes)                                                           \
    static inline void x64_##name(struct x64_emit *e)                                              \
    { x64_put_bytes(e, bytes, sizeof(bytes) - 1); }

enum { W8 = 1, W16 = 2, W32 = 4, W64 = 8 };

#include "backends/x86_64/x64_insn.def"
