/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Conformance of the command, as a suite from outside would test it: programs go through `ebpfvm
 * plugin` and results are compared with a second implementation of RFC 9669, which shares nothing
 * with the library, its table of instructions included.
 */
#ifndef TESTS_CONFORMANCE_H
#define TESTS_CONFORMANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_SLOTS = 100000, MAX_MEMORY = 4096, STACK = 512, DEPTH = 8 };

/* A slot as RFC 9669, 3.1 draws it. */
struct slot {
    uint8_t opcode;
    uint8_t dst, src;
    int16_t off;
    int32_t imm;
};

struct program {
    const char *name;
    struct slot slots[MAX_SLOTS];
    size_t count;
    uint8_t memory[MAX_MEMORY];
    size_t memory_size;
};

/* Instruction classes, sizes and modes of the RFC. */
enum {
    LD = 0, LDX = 1, ST = 2, STX = 3, ALU = 4, JMP = 5, JMP32 = 6, ALU64 = 7,
    K = 0, X = 8,
    SIZE_W = 0x00, SIZE_H = 0x08, SIZE_B = 0x10, SIZE_DW = 0x18,
    IMM = 0x00, MEM = 0x60, MEMSX = 0x80, ATOMIC = 0xc0,
    ADD = 0x00, SUB = 0x10, MUL = 0x20, DIV = 0x30, OR = 0x40, AND = 0x50, LSH = 0x60,
    RSH = 0x70, NEG = 0x80, MOD = 0x90, XOR = 0xa0, MOV = 0xb0, ARSH = 0xc0, END = 0xd0,
    JA = 0x00, JEQ = 0x10, JGT = 0x20, JGE = 0x30, JSET = 0x40, JNE = 0x50, JSGT = 0x60,
    JSGE = 0x70, CALL = 0x80, EXIT = 0x90, JLT = 0xa0, JLE = 0xb0, JSLT = 0xc0, JSLE = 0xd0,
    FETCH = 1, XCHG = 0xe1, CMPXCHG = 0xf1
};

/* Runs a program by the reference. @return whether it ends with a result, not with a fault */
bool reference_run(const struct program *program, uint64_t *result);

/* Makes the next program; both numbers are 0 at first. @return false if there are no more */
bool make_program(struct program *p, unsigned *kind, unsigned *number);

#endif
