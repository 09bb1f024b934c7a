/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What code and host share while a program runs: the frame, and the host's functions that code
 * calls.  The frame lives on the host's stack, one per run; its address is in r15 of code.
 */
#ifndef BACKENDS_X86_64_FRAME_H
#define BACKENDS_X86_64_FRAME_H

#include <stddef.h>

#include "backends/exec_memory.h"
#include "backends/step.h"
#include "backends/x86_64/plan.h"

enum { X64_LIMITS = 48 };

/* How many instructions run between two looks at the interrupt flag: less than a millisecond. */
enum { X64_SLICE = 1 << 20 };

/*
 * A kind of check: `span` bytes in the region of `slot`.  Each has a limit in the frame, the number
 * of offsets in the region at which so many bytes start; 0 if the region is too small, or
 * read-only where stores are checked.
 */
struct x64_limit {
    uint32_t span;
    uint8_t slot; /* enum x64_slot */
    uint8_t store;
};

/* A place where code asks the host; see thunks.c. */
struct x64_site {
    uint8_t kind;      /* enum x64_site_kind */
    uint32_t behind;   /* where the call of the thunk ends, by which the site is known: offset in
                          the code, a label until that is finished */
    uint32_t resume;   /* the same of where it goes on */
    uint32_t insn;
    int32_t prepaid;   /* of the budget, where it stands */
    uint32_t check;    /* MISS: index of the check */
    uint32_t epilogue; /* where the function returns, if code is left there: offset in the code */
};

enum x64_site_kind {
    X64_SITE_LEAVE,  /* leaves the code */
    X64_SITE_MISS,   /* looks for the region of an access that the check in line did not find */
    X64_SITE_REFILL, /* gets the next slice of the budget */
    X64_SITE_ENDED,  /* a helper ended the run, or wants something */
    X64_SITE_CALLED  /* x64_call_by_id() did not return 0 */
};

/* Data in code: its offsets, labels until the code is finished. */
struct x64_table {
    uint32_t start, end;
};

/* What a function in code with local calls does when it starts. */
struct x64_activation {
    uint32_t zeroed; /* how much of its frame, from the top */
    uint32_t saved;  /* bytes on the machine's stack, above which its return address is */
};

/* What code uses often comes first: displacements of less than 128 bytes are short. */
struct x64_frame {
    int64_t left;                   /* of the slice of the budget, less the reserve */
    struct ebpf_run *run;           /* NULL: there is none (yet), and `start` is */
    void (*thunk)(void);            /* how sites are called */
    uint64_t top;                   /* r10 of the first function */
    uint64_t thunk_rsp;             /* while the host is called out of line */
    uint32_t depth_left;            /* how many calls may still nest */
    uint32_t over;                  /* whether the run is over other than by its last exit */
    uint64_t deepest;               /* r10 below which calls nest no more, if frames are alike */
    uint64_t base[X64_SLOT_COUNT];  /* of the regions that checks compare with */
    uint64_t limit[X64_LIMITS];     /* see struct x64_limit */
    struct ebpf_step step;          /* registers, while the host is called */
    const struct ebpf_code *code;
    uint64_t rsp;                   /* of who called the code */
    const void *text;               /* the code */
    uint64_t packet, packet_size;   /* run->packet and its size */
    uint64_t rest;                  /* of the budget, beyond the slice */
    struct ebpf_start *start;
    uint32_t leave_insn;            /* where code is left, and what is prepaid there */
    int32_t leave_prepaid;
    uint32_t then;                  /* what x64_call_by_id() returned */
    uint32_t whole;                 /* whether all of the frame is zero that code left out */
    ebpf_status status;             /* if it is over */
};

/* Calls frame->text with registers as at a program's start.  Returns r0, and what code that counts
 * has left of frame->left. */
typedef struct ebpf_counted x64_enter_fn(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4,
                                         uint64_t r5, struct x64_frame *frame);
x64_enter_fn x64_enter;       /* for code that makes no use of r10 */
x64_enter_fn x64_enter_stack; /* for code that does */

/* For code with local calls, which may end at any depth: then by a jump to x64_leave_whole with the
 * stack pointer as in frame->rsp; and for code that debuggers know of. */
x64_enter_fn x64_enter_whole;
void x64_leave_whole(void);

/* How code starts: what x64_start() looks at. */
struct x64_starting {
    void (*thunk)(void);            /* for frames */
    uint8_t *text;                  /* the code */
    uint64_t first_slice;           /* how much of the budget code is given at first, at most */
    int64_t first_paid;             /* of that, what code cannot spend */
    int64_t reserve;                /* of the plan */
    uint32_t zeroed;                /* how much of the first frame must be zero when code starts */
    uint32_t starts_whole;          /* whether that is all that has to be */
};

struct ebpf_code {
    struct x64_starting starting;   /* comes first */
    struct ebpf_mem mem;
    struct ebpf_compile in;
    uint32_t *frame_sizes;          /* of each function */
    struct ebpf_exec_memory memory;
    uint32_t text_size;
    struct x64_seen *seen;          /* what gdb was told, or NULL */
    struct ebpf_vec checks;         /* struct x64_check, of the plan */
    struct ebpf_vec sites;          /* struct x64_site */
    struct ebpf_vec tables;         /* struct x64_table: what of the code is none */
    x64_enter_fn *enter;            /* how the code is called, if it needs a frame */
    uint32_t unwind;                /* offset of the code that ends the run early */
    struct x64_limit limits[X64_LIMITS];
    uint32_t limit_count;
    uint32_t *offsets;              /* of the code of each instruction, and its end */
    size_t offsets_size;            /* in bytes */
    int32_t first_charge;           /* what the host charges for the first block */
    int32_t first_need;             /* how much budget it takes to start */
    uint32_t first_frame;           /* size of the first frame */
    uint32_t max_nested;            /* how many calls may nest */
    bool plain;                     /* the code needs no frame */
    bool starts;                    /* or no run in it */
    bool counts;                    /* and counts instructions by itself */
    bool uses_fp;
    bool has_local_calls;
    bool frames_differ;             /* in size; then depth is counted */
    bool is_lazy;                   /* functions zero only what they access directly */
    struct x64_activation *activations; /* of each function */
};

/* The frame of the first function of code that is started without a run. */
enum { X64_START_FRAME = 512 };

ebpf_status x64_run(const struct ebpf_code *code, struct ebpf_run *run);
ebpf_status x64_start(const struct ebpf_code *code, struct ebpf_start *start); /* thunks.c */

/* What ebpf_backend.dump does. */
ebpf_status x64_dump(const struct ebpf_code *code, const struct ebpf_stream *out);

/* Called by code, through a thunk, at the site whose call ends at `behind`: the address to go on
 * at. */
uintptr_t x64_site(struct x64_frame *frame, uintptr_t behind);

/* The thunks, for code that does not count instructions and for code that does. */
void x64_thunk(void);
void x64_thunk_counting(void);

/* How code goes on after it asked the host. */
enum x64_then {
    X64_GO_ON,  /* where it asked */
    X64_UNWIND, /* the run is over */
    X64_LEAVE,  /* in the reference interpreter, until the function returns */
    X64_RETURN  /* the function returns */
};

/* Called by code for `callx` and helpers that call back: calls helper `id` with r1 to r5 of
 * frame->step, where r0 goes as well.  If that returns not 0, a site must follow. */
uint32_t x64_call_by_id(struct x64_frame *frame, uint64_t id);

/* One function of a run that is under way. */
ebpf_status x64_call_function(const struct ebpf_code *code, struct ebpf_run *run,
                              uint32_t function);

#endif
