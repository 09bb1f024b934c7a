/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Places in code that depend on its layout: jumps, calls, alignment. */
#ifndef BACKENDS_X86_64_LAYOUT_H
#define BACKENDS_X86_64_LAYOUT_H

#include "backends/x86_64/emit.h"

enum x64_fixup_kind {
    X64_FIX_JMP, X64_FIX_JCC, X64_FIX_CALL, X64_FIX_ALIGN, X64_FIX_LEA, X64_FIX_DISTANCE
};

/* Until the layout is fixed, code holds the longest form of each. */
struct x64_fixup {
    uint32_t at;     /* where it starts, in the code as emitted; its final place when finished */
    uint32_t label;  /* target, or the boundary of X64_FIX_ALIGN */
    uint32_t from;   /* X64_FIX_DISTANCE: the label that it is counted from */
    uint8_t kind;    /* enum x64_fixup_kind */
    uint8_t cc;      /* condition of a jump, register of a lea */
    uint8_t length;  /* in bytes, now */
    uint8_t longest; /* in bytes, as emitted */
};

/* The size of `moved`, in bytes. */
static inline size_t x64_moved_size(const struct x64_emit *emit)
{
    return (emit->fixups.count + 1) * sizeof(*emit->moved);
}

#endif
