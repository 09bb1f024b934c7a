/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * The builder: programs made by calls of C, one function per instruction form.
 *
 * @code
 *     struct ebpf_builder *b = ebpf_builder_new(NULL);
 *     struct ebpf_label out = ebpf_label_new(b, "out");
 *     ebpf_build_mov64_imm(b, EBPF_R0, 0);
 *     ebpf_build_jne64_imm(b, EBPF_R2, 4, out);
 *     ebpf_build_mov64_imm(b, EBPF_R0, 1);
 *     ebpf_label_bind(b, out);
 *     ebpf_build_exit(b);
 *     ebpf_status status = ebpf_builder_finish(b, diag, &program);
 *     ebpf_builder_free(b);
 * @endcode
 *
 * No call but the last need be checked: the first error is kept, whatever comes after it is
 * ignored, and ebpf_builder_finish() reports it.  The functions of the forms are in
 * <ebpfvm/builder_insns.h>, made from the table of instructions; they are named after its rows,
 * and an assembled program has the same bytes.
 */
#ifndef EBPFVM_BUILDER_H
#define EBPFVM_BUILDER_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/insn.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** A program being built.  Thread-safety: one thread at a time. */
struct ebpf_builder;

/** A place in the program: a value, valid for the builder that made it until that is finished. */
struct ebpf_label {
    uint32_t id; /**< private */
};

/** A new builder.  @param mem allocator, or NULL. @return NULL if there is no memory; all calls
 *  allow a NULL builder, and ebpf_builder_finish() then reports EBPF_ERR_NOMEM. */
EBPF_API struct ebpf_builder *ebpf_builder_new(const struct ebpf_mem *mem);

/** Frees a builder.  NULL is allowed. */
EBPF_API void ebpf_builder_free(struct ebpf_builder *builder);

/** The first error so far, EBPF_OK if there was none. */
EBPF_API ebpf_status ebpf_builder_status(const struct ebpf_builder *builder);

/**
 * Completes the program.  The builder is empty afterwards, and may be used for another one.
 * @param out the program, one reference to it; set to NULL on failure
 * @return EBPF_OK, or the status of the first error: EBPF_ERR_NOMEM, EBPF_ERR_REGISTER,
 *         EBPF_ERR_OPERANDS (a form that does not exist, or with operands it does not take),
 *         EBPF_ERR_SYMBOL (a label that was used but not bound), EBPF_ERR_DUPLICATE (bound twice),
 *         EBPF_ERR_RANGE (a jump too far for its form), EBPF_ERR_TOO_LONG
 */
EBPF_API ebpf_status ebpf_builder_finish(struct ebpf_builder *builder, struct ebpf_diag *diag,
                                         struct ebpf_program **out);

/** A new label, to be bound later, or earlier than its uses.  @param name for reports and
 *  listings; copied; NULL for none, and then the program has no symbol for it. */
EBPF_API struct ebpf_label ebpf_label_new(struct ebpf_builder *builder, const char *name);

/** Binds a label to the next instruction. */
EBPF_API void ebpf_label_bind(struct ebpf_builder *builder, struct ebpf_label label);

/** A new label bound to the next instruction: the target of a loop. */
EBPF_API struct ebpf_label ebpf_label_here(struct ebpf_builder *builder, const char *name);

/** Starts a function at the next instruction; it has the name of `label`, which is bound here.
 *  Functions are reached by ebpf_build_call_local() and ebpf_build_lddw_func(). */
EBPF_API void ebpf_build_function(struct ebpf_builder *builder, struct ebpf_label label);

/**
 * Adds an instruction of a form without a target; the functions of <ebpfvm/builder_insns.h> call
 * it.  Operands that the form does not take must be 0.
 * @param imm in the range of an int32_t or uint32_t, or any value for the forms with 64 bits;
 *            references to map values have the map in the low half and the offset in the high one
 */
EBPF_API void ebpf_build_insn(struct ebpf_builder *builder, enum ebpf_op op, enum ebpf_reg dst,
                              enum ebpf_reg src, int16_t off, int64_t imm);

/** Adds an instruction of a form with a target: a jump, a local call, a function's address. */
EBPF_API void ebpf_build_jump(struct ebpf_builder *builder, enum ebpf_op op, enum ebpf_reg dst,
                              enum ebpf_reg src, int32_t imm, struct ebpf_label target);

/** Adds a slot with any bytes, as bytecode has them (RFC 9669, 3.1); jumps count in slots.  Slots
 *  that follow each other are decoded together.  For tests of verifiers, and to carry bytes over.
 *  @param regs dst in the low four bits, src in the high ones */
EBPF_API void ebpf_build_slot(struct ebpf_builder *builder, uint8_t opcode, uint8_t regs,
                              int16_t off, int32_t imm);

/** Prints a program as the C code of builder calls that makes it: a function
 *  `static void NAME(struct ebpf_builder *b)`.
 *  @param name NULL is "build" */
EBPF_API ebpf_status ebpf_program_print_builder(const struct ebpf_program *program,
                                                const char *name,
                                                const struct ebpf_stream *out);

EBPF_END_DECLS

#include <ebpfvm/builder_insns.h>

#endif
