/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Where control goes: all code can be reached, and exit can be reached. */
#include <string.h>

#include "ir/op.h"
#include "ir/pass.h"

struct flow {
    struct ebpf_verify *verify;
    const struct ebpf_cfg *cfg;
    const struct ebpf_function *functions;
    uint32_t function_count;
    uint8_t *called;   /* per function: the program can call it, or it is the entry */
    uint8_t *can_exit; /* per block: a path leads from it to exit */
    uint32_t *stack;   /* of functions, then of blocks */
};

static const struct ebpf_insn *last_of(const struct flow *flow, const struct ebpf_block *block)
{
    return ebpf_program_at(flow->verify->program, block->first + block->count - 1);
}

static void call(struct flow *flow, uint32_t function, uint32_t *count)
{
    if (flow->called[function])
        return;
    flow->called[function] = 1;
    flow->stack[(*count)++] = function;
}

/* Marks the functions that can be called from the entry on. */
static void find_called(struct flow *flow)
{
    const struct ebpf_program *program = flow->verify->program;
    const struct ebpf_cfg *cfg = flow->cfg;
    uint32_t count = 0;
    call(flow, 0, &count);
    while (count) {
        const struct ebpf_function *f = &flow->functions[flow->stack[--count]];
        for (uint32_t i = f->first; i < f->first + f->count; i++) {
            const struct ebpf_insn *insn = ebpf_program_at(program, i);
            bool refers = insn->op == EBPF_OP_CALL_LOCAL || insn->op == EBPF_OP_LDDW_FUNC;
            if (refers && cfg->blocks[cfg->block_of[i]].order != EBPF_BLOCK_NONE)
                call(flow, cfg->blocks[cfg->block_of[insn->target]].function, &count);
        }
    }
}

/* Marks the blocks from which exit can be reached: backwards from the exits. */
static void find_exits(struct flow *flow)
{
    const struct ebpf_cfg *cfg = flow->cfg;
    uint32_t count = 0;
    for (uint32_t b = 0; b < cfg->block_count; b++) {
        flow->can_exit[b] = last_of(flow, &cfg->blocks[b])->op == EBPF_OP_EXIT;
        if (flow->can_exit[b])
            flow->stack[count++] = b;
    }
    while (count) {
        const struct ebpf_block *block = &cfg->blocks[flow->stack[--count]];
        for (uint32_t i = 0; i < block->pred_count; i++) {
            uint32_t from = cfg->preds[block->pred_first + i];
            if (!flow->can_exit[from]) {
                flow->can_exit[from] = 1;
                flow->stack[count++] = from;
            }
        }
    }
}

static void report_uncalled(struct flow *flow, const struct ebpf_function *f)
{
    bool named = f->name != NULL;
    ebpf_verify_reject(flow->verify, EBPF_ERR_UNREACHABLE, f->first,
                       "call it, remove it, or use the lenient verifier",
                       "nothing calls the function%s%s", named ? " " : "", named ? f->name : "");
}

/* Reports each run of blocks that cannot be reached once. */
static void report_unreachable(struct flow *flow, uint32_t first, uint32_t end)
{
    const struct ebpf_block *blocks = flow->cfg->blocks;
    for (uint32_t b = first, behind; b < end; b = behind) {
        behind = b + 1;
        if (blocks[b].order != EBPF_BLOCK_NONE)
            continue;
        uint32_t count = blocks[b].count;
        for (; behind < end && blocks[behind].order == EBPF_BLOCK_NONE; behind++)
            count += blocks[behind].count;
        ebpf_verify_reject(flow->verify, EBPF_ERR_UNREACHABLE, blocks[b].first, NULL,
                           "unreachable code: no path leads to the %u instruction%s from here on",
                           count, count == 1 ? "" : "s");
    }
}

/* Warns where control goes for good into code that never exits. */
static void report_traps(struct flow *flow, uint32_t first, uint32_t end)
{
    const struct ebpf_cfg *cfg = flow->cfg;
    for (uint32_t b = first; b < end; b++) {
        const struct ebpf_block *block = &cfg->blocks[b];
        if (!flow->can_exit[b] || block->order == EBPF_BLOCK_NONE)
            continue;
        for (int i = 0; i < 2; i++)
            if (block->succ[i] != EBPF_BLOCK_NONE && !flow->can_exit[block->succ[i]])
                ebpf_verify_warn(flow->verify, EBPF_ERR_NO_EXIT, cfg->blocks[block->succ[i]].first,
                                 NULL, "from here on no path leads to exit");
    }
}

static void check_function(struct flow *flow, uint32_t index)
{
    const struct ebpf_function *f = &flow->functions[index];
    uint32_t first = flow->cfg->block_of[f->first];
    uint32_t end = ebpf_cfg_function_end(flow->cfg, f);
    if (!flow->called[index]) {
        report_uncalled(flow, f);
        return;
    }
    report_unreachable(flow, first, end);
    if (!flow->can_exit[first])
        ebpf_verify_reject(flow->verify, EBPF_ERR_NO_EXIT, f->first, NULL,
                           "the %s never comes to an exit", index ? "function" : "program");
    else
        report_traps(flow, first, end);
}

static ebpf_status run(struct ebpf_verify *verify, void *ctx)
{
    (void)ctx;
    struct flow flow = {.verify = verify, .cfg = &verify->analyses.cfg};
    uint32_t blocks = flow.cfg->block_count;
    flow.functions = ebpf_program_functions(verify->program, &flow.function_count);
    flow.called = ebpf_verify_alloc(verify, flow.function_count, 1);
    flow.can_exit = ebpf_verify_alloc(verify, blocks, 1);
    flow.stack = ebpf_verify_alloc(verify, blocks, sizeof(*flow.stack));
    if (!flow.called || !flow.can_exit || !flow.stack)
        return EBPF_ERR_NOMEM;
    find_called(&flow);
    find_exits(&flow);
    for (uint32_t i = 0; i < flow.function_count; i++)
        check_function(&flow, i);
    return EBPF_OK;
}

const struct ebpf_pass ebpf_pass_cfg = {
    .name = "cfg",
    .summary = "no unreachable code, no function without calls, an exit that can be reached",
    .needs = EBPF_AN_CFG,
    .run = run};
