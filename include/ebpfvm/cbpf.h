/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Classic BPF, as tcpdump, libpcap, iptables and `SO_ATTACH_FILTER` have it: filters of
 * packets become programs of kind RAW that every engine runs.
 *
 * @code
 *     struct ebpf_cbpf filter;
 *     ebpf_status status = ebpf_cbpf_parse(text, length, NULL, diag, &filter);
 *     if (status == EBPF_OK)
 *         status = ebpf_cbpf_convert(filter.insns, filter.count, NULL, diag, &program);
 * @endcode
 *
 * docs/cbpf.md tells what filters compute, to the last corner.
 */
#ifndef EBPFVM_CBPF_H
#define EBPFVM_CBPF_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** How many instructions a filter may have; then EBPF_ERR_TOO_LONG. */
#define EBPF_CBPF_MAX 4096u
/** How many words of memory a filter has, M[0] to M[15]; then EBPF_ERR_RANGE. */
#define EBPF_CBPF_WORDS 16u
/** Where the packets end that filters look at, in bytes: loads that reach further find nothing,
 *  as if the packet were shorter. */
#define EBPF_CBPF_PACKET_MAX 0x10000000u
/** Bytes in front of the packet if its length on the wire stands there: see
 *  ebpf_cbpf_options.wire_length. */
#define EBPF_CBPF_HEAD 4u

/** A classic instruction: laid out as the kernel's struct sock_filter and libpcap's struct
 *  bpf_insn, so that arrays of these can be given as they are. */
struct ebpf_cbpf_insn {
    uint16_t code; /**< what it does */
    uint8_t jt;    /**< conditional jumps: how many instructions to skip if it holds */
    uint8_t jf;    /**< the same if it does not hold */
    uint32_t k;    /**< constant, offset into the packet, index of a word, or distance */
};

/** A filter, in the caller's storage. */
struct ebpf_cbpf {
    uint32_t count;                             /**< how many instructions it has */
    struct ebpf_cbpf_insn insns[EBPF_CBPF_MAX]; /**< the instructions */
};

/** How a filter is read and converted.  Start with all zero and set `size`. */
struct ebpf_cbpf_options {
    size_t size;                /**< sizeof(struct ebpf_cbpf_options) */
    const char *file;           /**< name of the source in reports; NULL is "<filter>" */
    const struct ebpf_mem *mem; /**< allocator of the program, or NULL */
    /** What filters find as the length of the packet.  0: what was captured, r2.  Else memory
     *  starts with the length on the wire, EBPF_CBPF_HEAD bytes in the byte order of the host, and
     *  the packet follows: r1 is the address of both together, r2 their length. */
    int wire_length;
};

/**
 * Reads text as `tcpdump -ddd` writes it: the number of instructions, then for each its code, jt,
 * jf and k.  Numbers are decimal, or hexadecimal after 0x; blanks, newlines and commas stand
 * between them, so that the bytecode of iptables' match `bpf` is read as well.  Text that starts
 * with a brace is what `tcpdump -dd` writes: instructions in braces, without their number.
 *
 * @param text    need not be NUL-terminated; may be NULL if length is 0
 * @param length  in bytes
 * @param options or NULL
 * @param diag    report, or NULL; entries have line and column
 * @param out     the filter; its count is 0 on failure.  What it means is not looked at.
 * @return EBPF_OK, EBPF_ERR_INVALID for options of another size, EBPF_ERR_CHARACTER,
 *         EBPF_ERR_RANGE for a number that is too large for its field, EBPF_ERR_TOO_LONG, or
 *         EBPF_ERR_SYNTAX for too few numbers or too many
 */
EBPF_API ebpf_status ebpf_cbpf_parse(const char *text, size_t length,
                                     const struct ebpf_cbpf_options *options,
                                     struct ebpf_diag *diag, struct ebpf_cbpf *out);

/**
 * Reads the bytes of an array of struct sock_filter, in the byte order of the host.
 * @param bytes   may have any alignment; may be NULL if length is 0
 * @param length  in bytes
 * @param options or NULL
 * @param diag    report, or NULL
 * @param out     the filter; its count is 0 on failure
 * @return EBPF_OK, EBPF_ERR_INVALID for options of another size, EBPF_ERR_LENGTH if the length is
 *         no multiple of 8, or EBPF_ERR_TOO_LONG
 */
EBPF_API ebpf_status ebpf_cbpf_decode(const void *bytes, size_t length,
                                      const struct ebpf_cbpf_options *options,
                                      struct ebpf_diag *diag, struct ebpf_cbpf *out);

/** Whether a filter asks for the length of the packet: if it does not, wire_length is not worth
 *  its bytes. */
EBPF_API int ebpf_cbpf_reads_length(const struct ebpf_cbpf_insn *insns, uint32_t count);

/**
 * Checks a filter and makes a program of it: r1 is the packet, r2 its length (kind RAW), r0 the
 * verdict, what bpf_filter() of libpcap returns.  The verifier's pass `safety` proves it, so that
 * it runs unchecked under EBPF_POLICY_CHECKED and may be run under EBPF_POLICY_VERIFIED, as a C
 * function too.  Instructions that cannot be reached, or only matter to packets that are refused
 * anyway, are left out.
 *
 * All mistakes are reported, each with the number of its instruction, from 0, as pc.
 *
 * @param insns   the filter; need not outlive the call
 * @param count   how many instructions it has
 * @param options or NULL
 * @param diag    report, or NULL
 * @param out     the program, one reference to it; set to NULL on failure
 * @return EBPF_OK, EBPF_ERR_NOMEM, EBPF_ERR_INVALID for options of another size, or the status of
 *         the first mistake: EBPF_ERR_EMPTY, EBPF_ERR_TOO_LONG, EBPF_ERR_OPCODE, EBPF_ERR_TARGET
 *         for a jump out of the filter, EBPF_ERR_RANGE for a word that memory does not have,
 *         EBPF_ERR_DIV_ZERO and EBPF_ERR_SHIFT for constants that make no sense,
 *         EBPF_ERR_FALL_THROUGH if the last instruction does not return, EBPF_ERR_UNSUPPORTED for
 *         what only the kernel knows of a packet
 */
EBPF_API ebpf_status ebpf_cbpf_convert(const struct ebpf_cbpf_insn *insns, uint32_t count,
                                       const struct ebpf_cbpf_options *options,
                                       struct ebpf_diag *diag, struct ebpf_program **out);

EBPF_END_DECLS

#endif
