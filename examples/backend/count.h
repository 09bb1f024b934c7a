/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* An engine from outside of the library: it interprets, and counts what it executes.
 * docs/howto/add-a-backend.md walks through it. */
#ifndef EXAMPLES_BACKEND_COUNT_H
#define EXAMPLES_BACKEND_COUNT_H

#include <stdatomic.h>

#include <ebpfvm/ebpfvm.h>

/* For ebpf_vm_options.backends.  Its dump() writes how often each form was executed so far. */
extern const struct ebpf_backend count_backend;

/* How often code of this engine executed a form, over all runs and threads. */
uint64_t count_of(const struct ebpf_code *code, enum ebpf_op op);

/* The rest is between the files of the engine. */

/* Code is shared by threads: nothing in it changes but the counters, which are atomic. */
struct ebpf_code {
    struct ebpf_compile in; /* with a reference to the program, and frame_sizes of our own */
    struct ebpf_mem mem;
    const struct ebpf_insn *insns;
    uint32_t insn_count, function_count;
    _Atomic uint64_t counts[EBPF_OP_COUNT];
};

ebpf_status count_run(const struct ebpf_code *code, struct ebpf_run *run);

/* One function of a run that is under way. */
ebpf_status count_call(const struct ebpf_code *code, struct ebpf_run *run, uint32_t function);

/* What an operation of a width in bits makes of two operands: arithmetic, byte swaps, conditions
 * (0 or 1), and what atomic operations store. */
uint64_t count_compute(enum ebpf_oper oper, unsigned width, uint64_t a, uint64_t b);

#endif
