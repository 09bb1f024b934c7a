/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The way from host to code, from code to the host and back, once for all programs: it is written
 * here and not generated, as most of what a small program needs besides itself would be this.
 *
 * Code is entered with the frame in r15, what is left of the budget in r9 and the end of the first
 * frame in rbp; it gives back r0 in rax and the budget in r9.
 *
 * At a site (struct x64_site) code calls a thunk, which keeps all registers of BPF in the frame and
 * asks x64_site().  That returns where the code goes on, with r0 to r5 from the frame.  In code
 * that does not count, r9 belongs to nobody.
 */
#include "backends/x86_64/frame.h"

#include <assert.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

/* Offsets in the frame. */
#define AT_LEFT 0
#define AT_RUN 8
#define AT_THUNK 16
#define AT_TOP 24
#define AT_THUNK_RSP 32
#define AT_OVER 44
#define AT_STEP 480
#define AT_CODE 592
#define AT_RSP 600
#define AT_TEXT 608
#define AT_REST 632
#define AT_START 640
#define AT_WHOLE 660
#define AT_STATUS 664
#define IS_AT(field, at)                                                                           \
    static_assert(offsetof(struct x64_frame, field) == (at), "as it is written below")
IS_AT(left, AT_LEFT);
IS_AT(run, AT_RUN);
IS_AT(thunk, AT_THUNK);
IS_AT(top, AT_TOP);
IS_AT(thunk_rsp, AT_THUNK_RSP);
IS_AT(over, AT_OVER);
IS_AT(step.reg, AT_STEP);
IS_AT(code, AT_CODE);
IS_AT(rsp, AT_RSP);
IS_AT(text, AT_TEXT);
IS_AT(rest, AT_REST);
IS_AT(start, AT_START);
IS_AT(whole, AT_WHOLE);
IS_AT(status, AT_STATUS);

#ifdef __CET__
#define LANDING "endbr64\n"
#else
#define LANDING ""
#endif

#define FUNCTION(name)                                                                             \
    ".text\n"                                                                                      \
    ".p2align 4\n"                                                                                 \
    ".globl " #name "\n"                                                                           \
    ".hidden " #name "\n"                                                                          \
    ".type " #name ", @function\n" #name ":\n"

/* For unwinding: a push is the second after the return address, or further on. */
#define PUSH(reg) "pushq %" #reg "\n.cfi_adjust_cfa_offset 8\n.cfi_rel_offset %" #reg ", 0\n"
#define POP(reg) "popq %" #reg "\n.cfi_adjust_cfa_offset -8\n.cfi_restore %" #reg "\n"

#define ENTER(name, pushes, on_entry, on_exit, pops)                                               \
    __asm__(FUNCTION(name)                                                                         \
            ".cfi_startproc\n" PUSH(r15) pushes                                                    \
            "movq %r9, %r15\n" on_entry                                                            \
            "movq " TEXT(AT_LEFT) "(%r15), %r9\n"                                                  \
            "call *" TEXT(AT_TEXT) "(%r15)\n" on_exit                                              \
            "movq %r9, %rdx\n" pops POP(r15)                                                       \
            "ret\n"                                                                                \
            ".cfi_endproc\n"                                                                       \
            ".size " #name ", . - " #name "\n")

/* The stack is aligned where the code is called. */
#define ALIGN "subq $8, %rsp\n.cfi_adjust_cfa_offset 8\n"
#define UNALIGN "addq $8, %rsp\n.cfi_adjust_cfa_offset -8\n"
#define LOAD_TOP "movq " TEXT(AT_TOP) "(%r15), %rbp\n"

ENTER(x64_enter, "", "", "", "");
ENTER(x64_enter_stack, PUSH(rbp) ALIGN, LOAD_TOP, "", UNALIGN POP(rbp));
ENTER(x64_enter_whole, PUSH(rbp) PUSH(rbx) PUSH(r12) PUSH(r13) PUSH(r14) ALIGN,
      LOAD_TOP "movq %rsp, " TEXT(AT_RSP) "(%r15)\n",
      ".globl x64_leave_whole\n.hidden x64_leave_whole\nx64_leave_whole:\n",
      UNALIGN POP(r14) POP(r13) POP(r12) POP(rbx) POP(rbp));

/* Offsets in struct x64_starting, which is where struct ebpf_code starts. */
#define CODE_THUNK 0
#define CODE_TEXT 8
#define CODE_SLICE 16
#define CODE_PAID 24
#define CODE_RESERVE 32
#define CODE_ZEROED 40
#define CODE_WHOLE 44
#define CODE_IS_AT(field, at)                                                                      \
    static_assert(offsetof(struct ebpf_code, starting.field) == (at), "as it is written below")
CODE_IS_AT(thunk, CODE_THUNK);
CODE_IS_AT(text, CODE_TEXT);
CODE_IS_AT(first_slice, CODE_SLICE);
CODE_IS_AT(first_paid, CODE_PAID);
CODE_IS_AT(reserve, CODE_RESERVE);
CODE_IS_AT(zeroed, CODE_ZEROED);
CODE_IS_AT(starts_whole, CODE_WHOLE);

/* Offsets in struct ebpf_start. */
#define START_R1 0
#define START_R2 8
#define START_BUDGET 16
#define START_RESULT 24
#define START_IS_AT(field, at)                                                                     \
    static_assert(offsetof(struct ebpf_start, field) == (at), "as it is written below")
START_IS_AT(r1, START_R1);
START_IS_AT(r2, START_R2);
START_IS_AT(budget, START_BUDGET);
START_IS_AT(result, START_RESULT);

/* The frame, and above it that of the first function. */
#define START_ROOM 1184
static_assert(sizeof(struct x64_frame) + X64_START_FRAME == START_ROOM && START_ROOM % 16 == 0,
              "as it is written below");

/* Starts code that needs a run only when its budget ends: most runs of short programs are no longer
 * than what this takes, so that it is no C function that calls one of those above. */
__asm__(FUNCTION(x64_start) LANDING
        ".cfi_startproc\n" PUSH(rbp) PUSH(rbx) PUSH(r15)
        "subq $" TEXT(START_ROOM) ", %rsp\n.cfi_adjust_cfa_offset " TEXT(START_ROOM) "\n"
        "movq %rsp, %r15\n"
        "leaq " TEXT(START_ROOM) "(%rsp), %rbp\n"
        "movq %rdi, %rbx\n"
        /* r9 is the first slice of the budget, less what is paid for already */
        "movq " TEXT(START_BUDGET) "(%rsi), %rdx\n"
        "movq " TEXT(CODE_SLICE) "(%rdi), %r9\n"
        "movq " TEXT(CODE_THUNK) "(%rdi), %rax\n"
        "movl " TEXT(CODE_ZEROED) "(%rdi), %ecx\n"
        "movl " TEXT(CODE_WHOLE) "(%rdi), %r8d\n"
        "cmpq %rdx, %r9\n"
        "cmovaq %rdx, %r9\n"
        "subq %r9, %rdx\n"
        "subq " TEXT(CODE_PAID) "(%rdi), %r9\n"
        "movq %rdx, " TEXT(AT_REST) "(%r15)\n"
        "xorl %edx, %edx\n"
        "movq %rax, " TEXT(AT_THUNK) "(%r15)\n"
        "movl %r8d, " TEXT(AT_WHOLE) "(%r15)\n"
        "movq %rsi, " TEXT(AT_START) "(%r15)\n"
        "movq %rdi, " TEXT(AT_CODE) "(%r15)\n"
        "movq %rbp, " TEXT(AT_TOP) "(%r15)\n"
        "movq %r15, " TEXT(AT_RSP) "(%r15)\n"
        "movq %rdx, " TEXT(AT_RUN) "(%r15)\n"
        "movl %edx, " TEXT(AT_OVER) "(%r15)\n"
        "negq %rcx\n"
        "jne 2f\n"
        "1: movq " TEXT(CODE_TEXT) "(%rdi), %rax\n"
        "movq " TEXT(START_R1) "(%rsi), %rdi\n"
        "movq " TEXT(START_R2) "(%rsi), %rsi\n"
        "xorl %r8d, %r8d\n"
        "call *%rax\n"
        "cmpl $0, " TEXT(AT_OVER) "(%r15)\n"
        "jne 3f\n"
        "movq " TEXT(AT_START) "(%r15), %rdx\n"
        "addq " TEXT(AT_REST) "(%r15), %r9\n"
        "addq " TEXT(CODE_RESERVE) "(%rbx), %r9\n"
        "movq %rax, " TEXT(START_RESULT) "(%rdx)\n"
        "movq %r9, " TEXT(START_BUDGET) "(%rdx)\n"
        "xorl %eax, %eax\n"
        ".cfi_remember_state\n"
        "4: addq $" TEXT(START_ROOM) ", %rsp\n.cfi_adjust_cfa_offset -" TEXT(START_ROOM) "\n"
        POP(r15) POP(rbx) POP(rbp)
        "ret\n"
        ".cfi_restore_state\n"
        /* zeroes what is used of the frame, which has room for 16 bytes at a time */
        "2: andq $-16, %rcx\n"
        "xorps %xmm0, %xmm0\n"
        "5: movaps %xmm0, (%rbp,%rcx)\n"
        "addq $16, %rcx\n"
        "jne 5b\n"
        "jmp 1b\n"
        "3: movl " TEXT(AT_STATUS) "(%r15), %eax\n"
        "jmp 4b\n"
        ".cfi_endproc\n"
        ".size x64_start, . - x64_start\n");

#define SAVE(n, reg) "movq %" #reg ", " TEXT(AT_STEP) "+8*" #n "(%r15)\n"
#define RESTORE(n, reg) "movq " TEXT(AT_STEP) "+8*" #n "(%r15), %" #reg "\n"

/* To go on right behind the call is a return, as the processor predicts it. */
#define THUNK(name, save_left, restore_left)                                                       \
    __asm__(FUNCTION(name) LANDING                                                                 \
            SAVE(0, rax) SAVE(1, rdi) SAVE(2, rsi) SAVE(3, rdx) SAVE(4, rcx) SAVE(5, r8)           \
            SAVE(6, rbx) SAVE(7, r13) SAVE(8, r14) SAVE(9, r12) SAVE(10, rbp) save_left            \
            "movq %r15, %rdi\n"                                                                    \
            "movq (%rsp), %rsi\n"                                                                  \
            "movq %rsp, " TEXT(AT_THUNK_RSP) "(%r15)\n"                                            \
            "andq $-16, %rsp\n"                                                                    \
            "call x64_site\n"                                                                      \
            "movq " TEXT(AT_THUNK_RSP) "(%r15), %rsp\n"                                            \
            "movq %rax, %r10\n"                                                                    \
            RESTORE(0, rax) RESTORE(1, rdi) RESTORE(2, rsi) RESTORE(3, rdx) RESTORE(4, rcx)        \
            RESTORE(5, r8) restore_left                                                            \
            "cmpq %r10, (%rsp)\n"                                                                  \
            "jne 1f\n"                                                                             \
            "ret\n"                                                                                \
            "1: addq $8, %rsp\n"                                                                   \
            "jmp *%r10\n"                                                                          \
            ".size " #name ", . - " #name "\n")

THUNK(x64_thunk, "", "");
THUNK(x64_thunk_counting, "movq %r9, " TEXT(AT_LEFT) "(%r15)\n",
      "movq " TEXT(AT_LEFT) "(%r15), %r9\n");
