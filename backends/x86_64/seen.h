/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Machine code that others can see: perf by files, gdb and backtrace() by unwind information.
 */
#ifndef BACKENDS_X86_64_SEEN_H
#define BACKENDS_X86_64_SEEN_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/status.h>

struct ebpf_code;

/* What the start of a program saves, one push after the other, for unwinding. */
enum { X64_PUSHES = 6 };
struct x64_unwind {
    uint32_t count;
    uint8_t regs[X64_PUSHES]; /* enum x64_reg */
    uint32_t at[X64_PUSHES];  /* label behind each push; later its place in the code */
    uint32_t body;            /* the same of what follows all that */
    uint32_t size;            /* of all that is on the stack then, the return address included */
    uint32_t framed;          /* whether struct x64_frame knows where that is */
};

/* A function's piece of the code, with a name like "ebpf:filter". */
struct x64_symbol {
    const uint8_t *start;
    size_t size;
    char name[56];
};

/* Symbol `index`; 0 if there are no more. */
int x64_symbol(const struct ebpf_code *code, uint32_t index, struct x64_symbol *symbol);

/* Writes to the files of perf that code->in.code.flags asks for.  That a file cannot be written is
 * no error: the program runs as well. */
void x64_tell_perf(const struct ebpf_code *code);

/* Registers the code with gdb and the unwinder of the C library, if flags ask for it. */
ebpf_status x64_tell_gdb(struct ebpf_code *code, const struct x64_unwind *unwind);
void x64_forget_gdb(struct ebpf_code *code);

/* A place for unwind information in the form of .eh_frame, and how much was written: it ends with a
 * terminator. */
enum { X64_EH_MAX = 256 };
size_t x64_write_eh_frame(const struct ebpf_code *code, const struct x64_unwind *unwind,
                          uint8_t out[X64_EH_MAX]);

#endif
