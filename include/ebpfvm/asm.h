/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * The assembler: text in any of the usual spellings of eBPF assembly to a program. */
#ifndef EBPFVM_ASM_H
#define EBPFVM_ASM_H

#include <stddef.h>

#include <ebpfvm/api.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** How text is assembled.  Start with all zero and set `size`. */
struct ebpf_asm_options {
    size_t size;                /**< sizeof(struct ebpf_asm_options) */
    const char *file;           /**< name of the source in reports; NULL is "<input>" */
    const struct ebpf_mem *mem; /**< allocator, or NULL */
    unsigned max_errors;        /**< stop after so many errors; 0 is 20 */
};

/**
 * Assembles text: rbpf's, uBPF's and bpf_conformance's mnemonics and the pseudo-C of clang and
 * the kernel, freely mixed; docs/assembly.md describes the language.
 *
 * All errors that can be found are reported, up to the maximum, each with its place.
 *
 * @param text    need not be NUL-terminated; may be NULL if length is 0; is copied
 * @param length  in bytes
 * @param options or NULL
 * @param diag    report, or NULL
 * @param out     the program, one reference to it; set to NULL on failure
 * @return EBPF_OK, EBPF_ERR_NOMEM, or the status of the first error
 */
EBPF_API ebpf_status ebpf_assemble(const char *text, size_t length,
                                   const struct ebpf_asm_options *options, struct ebpf_diag *diag,
                                   struct ebpf_program **out);

EBPF_END_DECLS

#endif
