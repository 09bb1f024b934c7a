/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The way from code to the host and back, once for all programs: it is written here and not
 * generated, as most of what a small program needs besides itself would be this.
 *
 * Code calls a thunk with the number of a site (struct x64_site) pushed; r15 is the frame.  The
 * thunk keeps all registers of BPF in the frame and asks x64_site().  That returns 0 if the code
 * may go on, and then all registers are as they were; or where the code goes on instead, with r0
 * to r5 from the frame.  In code that does not count, r9 belongs to nobody.
 */
#include "backends/x86_64/frame.h"

#include <assert.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

/* Offsets in the frame. */
#define AT_LEFT 0
#define AT_STEP 480
#define AT_THUNK_RSP 32
static_assert(offsetof(struct x64_frame, left) == AT_LEFT, "as the thunks have it");
static_assert(offsetof(struct x64_frame, step.reg) == AT_STEP, "as the thunks have it");
static_assert(offsetof(struct x64_frame, thunk_rsp) == AT_THUNK_RSP, "as the thunks have it");

#ifdef __CET__
#define LANDING "endbr64\n"
#else
#define LANDING ""
#endif

#define SAVE(n, reg) "movq %" #reg ", " TEXT(AT_STEP) "+8*" #n "(%r15)\n"
#define RESTORE(n, reg) "movq " TEXT(AT_STEP) "+8*" #n "(%r15), %" #reg "\n"

#define THUNK(name, save_left, restore_left)                                                       \
    __asm__(".text\n"                                                                              \
            ".p2align 4\n"                                                                         \
            ".globl " #name "\n"                                                                   \
            ".hidden " #name "\n"                                                                  \
            ".type " #name ", @function\n" #name ":\n" LANDING                                     \
            SAVE(0, rax) SAVE(1, rdi) SAVE(2, rsi) SAVE(3, rdx) SAVE(4, rcx) SAVE(5, r8)           \
            SAVE(6, rbx) SAVE(7, r13) SAVE(8, r14) SAVE(9, r12) SAVE(10, rbp) save_left            \
            "movq %r15, %rdi\n"                                                                    \
            "movl 8(%rsp), %esi\n"                                                                 \
            "movq %rsp, " TEXT(AT_THUNK_RSP) "(%r15)\n"                                            \
            "andq $-16, %rsp\n"                                                                    \
            "call x64_site\n"                                                                      \
            "movq " TEXT(AT_THUNK_RSP) "(%r15), %rsp\n"                                            \
            "movq %rax, %r10\n"                                                                    \
            "testq %rax, %rax\n"                                                                   \
            RESTORE(0, rax) RESTORE(1, rdi) RESTORE(2, rsi) RESTORE(3, rdx) RESTORE(4, rcx)        \
            RESTORE(5, r8) restore_left                                                            \
            "jne 1f\n"                                                                             \
            "ret $8\n"                                                                             \
            "1: addq $16, %rsp\n"                                                                  \
            "jmp *%r10\n"                                                                          \
            ".size " #name ", . - " #name "\n")

THUNK(x64_thunk, "", "");
THUNK(x64_thunk_counting, "movq %r9, " TEXT(AT_LEFT) "(%r15)\n",
      "movq " TEXT(AT_LEFT) "(%r15), %r9\n");
