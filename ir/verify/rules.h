/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The rules that a single instruction has to keep, shared by the passes "structure" and
 * "well-formed". */
#ifndef IR_VERIFY_RULES_H
#define IR_VERIFY_RULES_H

#include "ir/op.h"
#include "ir/pass.h"

/* Where the walk over the instructions stands. */
struct ebpf_rule_at {
    struct ebpf_verify *verify;
    const struct ebpf_program *program;
    uint32_t index; /* of the instruction */
    const struct ebpf_insn *insn;
    const struct ebpf_op_info *info;
    uint32_t start, end; /* its function: the first instruction, and the one behind the last */
};

/* Whether to look for the faults that only the strict verifier minds. */
enum ebpf_strictness { EBPF_LENIENT, EBPF_STRICT };

/* Walks over all instructions and reports the first rule that each of them breaks.  An empty
 * program breaks one as well. */
void ebpf_check_rules(struct ebpf_verify *verify, enum ebpf_strictness strictness);

/* Reports what was deferred of instructions that a path reaches; whether there is such a thing. */
bool ebpf_check_deferred(struct ebpf_verify *verify, const struct ebpf_fact *facts);

/* The rule on EBPF_OP_DATA: says what is wrong with bytes that are no instruction. */
bool ebpf_check_encoding(const struct ebpf_rule_at *at);

/* Reports that control runs past the end of the function that ends with this instruction. */
void ebpf_reject_fall_through(struct ebpf_verify *verify, uint32_t index);

#endif
