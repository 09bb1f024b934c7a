/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Runs one case: assembles, verifies, then runs it in every engine under every policy. */
#include "tests/filetests/session.h"

#include "examples/backend/count.h"
#include "tests/unit/contain.h"
#include "tests/unit/fact_engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum ebpf_policy policies[] = {EBPF_POLICY_CHECKED, EBPF_POLICY_TRUSTED};

static const struct ebpf_pass *const *passes_of(const struct ft_case *test)
{
    return test->lenient ? ebpf_verifier_lenient() : ebpf_verifier_strict();
}

const struct ebpf_backend *ft_engine(size_t index)
{
    static const struct ebpf_backend *const others[] = {&count_backend, &fact_engine, NULL};
    size_t built_in = 0;
    while (ebpf_backend_at(built_in))
        built_in++;
    return index < built_in ? ebpf_backend_at(index)
           : index < built_in + 2 ? others[index - built_in] : NULL;
}

static bool verify(struct session *s)
{
    ebpf_diag_clear(s->diag);
    ebpf_status status = ebpf_verify(s->program, passes_of(s->test), NULL, s->diag);
    bool good = ft_check_report(s, &s->test->verify_error, status, "verifier");
    if (status != EBPF_OK && !s->failed) {
        uint32_t count;
        const struct ebpf_insn *insns = ebpf_program_insns(s->program, &count);
        for (uint32_t i = 0; i < count; i++)
            s->totals->refused[insns[i].op] = 1;
    }
    return good;
}

static void copy(struct ft_bytes *to, const struct ft_bytes *from)
{
    if (from->size)
        memcpy(to->data, from->data, from->size);
}

static bool duplicate(struct ft_bytes *to, const struct ft_bytes *from)
{
    *to = *from;
    if (from->given) {
        to->data = malloc(from->size ? from->size : 1);
        if (!to->data)
            return false;
        copy(to, from);
    }
    return true;
}

static ebpf_status run_once(struct session *s, const struct ebpf_vm *vm, uint64_t budget,
                            struct ebpf_result *result)
{
    copy(&s->mem, &s->test->mem);
    copy(&s->mbuff, &s->test->mbuff);
    copy(&s->user, &s->test->user);
    const struct ebpf_input in = {.size = sizeof(in),
                                  .mem = s->mem.data,
                                  .mem_size = s->mem.size,
                                  .mbuff = s->mbuff.data,
                                  .mbuff_size = s->mbuff.size,
                                  .budget = budget,
                                  .user = &s->host};
    memset(result, 0xa5, sizeof(*result));
    s->totals->runs++;
    return ebpf_vm_run(vm, &in, result);
}

static void remember_first(struct session *s, const struct outcome *o)
{
    s->first = *o;
    s->have_first = duplicate(&s->first.mem, &s->mem) && duplicate(&s->first.mbuff, &s->mbuff) &&
                    duplicate(&s->first.user, &s->user);
}

/*
 * Stops the program at each of its instructions: the budget is exact, and the same in all engines.
 * Where it stops is where it was about to go, so this also tells which forms were executed.
 */
static void sweep(struct session *s, const struct ebpf_vm *vm, uint64_t executed)
{
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(s->program, &count);
    if (executed > SWEEP_MAX || s->test->no_sweep)
        return;
    if (executed)
        s->totals->executed[insns[0].op] = 1;
    bool is_first = !s->have_first;
    s->totals->sweeps++;
    for (uint64_t budget = 1; budget < executed && !s->failed; budget++) {
        struct ebpf_result result;
        ebpf_status status = run_once(s, vm, budget, &result);
        if (status != EBPF_ERR_BUDGET || result.executed != budget) {
            ft_fail(s, "with a budget of %" PRIu64 " ends with %s after %" PRIu64 " instructions",
                    budget, ebpf_status_name(status), result.executed);
        } else if (result.fault.insn >= count) {
            ft_fail(s, "the budget stops it outside the program");
        } else if (is_first) {
            s->stops[budget] = result.fault.insn;
            s->totals->executed[insns[result.fault.insn].op] = 1;
        } else if (s->stops[budget] != result.fault.insn) {
            ft_fail(s, "with a budget of %" PRIu64 " stops at instruction %" PRIu32
                    ", the first engine at %" PRIu32, budget, result.fault.insn,
                    s->stops[budget]);
        }
    }
}

/* Twice: a run sees nothing of the one before it. */
static void run_vm(struct session *s, const struct ebpf_vm *vm)
{
    struct outcome o = {0};
    for (int round = 0; round < 2 && !s->failed; round++) {
        o.status = run_once(s, vm, 0, &o.result);
        ft_check_outcome(s, &o);
        if (s->have_first)
            ft_check_against_first(s, &o);
    }
    if (s->failed)
        return;
    if (s->policy == EBPF_POLICY_CHECKED)
        sweep(s, vm, o.result.executed);
    if (s->have_first)
        return;
    if (o.status == EBPF_OK || s->test->fault.given) {
        /* The sweep has left the memory in the middle of the program. */
        o.status = run_once(s, vm, 0, &o.result);
        remember_first(s, &o);
    }
}

static ebpf_status set_up(struct session *s, struct ebpf_vm *vm)
{
    const struct ft_case *test = s->test;
    ebpf_status status = EBPF_OK;
    if (test->rbpf_helpers)
        status = ebpf_vm_register_helpers(vm, ebpf_helpers_rbpf());
    if (status == EBPF_OK && test->kernel_helpers)
        status = ebpf_vm_register_helpers(vm, ebpf_helpers_kernel());
    if (status == EBPF_OK && test->test_helpers)
        status = ft_register_helpers(vm);
    if (status == EBPF_OK && test->user.given)
        status = ebpf_vm_allow_memory(vm, s->user.data, s->user.size, test->user_writable);
    if (status == EBPF_OK)
        status = ebpf_vm_set_program(vm, s->program, s->diag);
    return status;
}

/* What machine code is made with, one column each: all that this CPU has, nothing of it, and all
 * that makes attacks harder. */
static const struct {
    const char *suffix;
    struct ebpf_code_options code;
} columns[] = {
    {"", {NULL, 0}},
    {"-plain", {"none", 0}},
    {"-hardened", {NULL, EBPF_CODE_BLINDED | EBPF_CODE_SHUFFLED | EBPF_CODE_MASKED |
                             EBPF_CODE_SEALED}},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static void run_engine(struct session *s, const struct ebpf_backend *backend,
                       const struct ebpf_code_options *code)
{
    const struct ft_case *test = s->test;
    const struct ebpf_pass *const *passes = passes_of(test);
    if (backend == &fact_engine)
        passes = contain_passes(passes);
    const struct ebpf_vm_options options = {.size = sizeof(options),
                                            .kind = test->kind,
                                            .type = test->type,
                                            .backends = (const struct ebpf_backend *const[]){
                                                backend, NULL},
                                            .policy = s->policy,
                                            .code = *code,
                                            .passes = passes,
                                            .budget = test->budget,
                                            .frame_size = test->frame_size,
                                            .max_depth = test->max_depth,
                                            .data_offset = test->data_offset,
                                            .data_end_offset = test->data_end_offset};
    struct ebpf_vm *vm;
    ebpf_diag_clear(s->diag);
    ebpf_status status = ebpf_vm_new(&options, s->diag, &vm);
    if (status == EBPF_OK)
        status = set_up(s, vm);
    if (status != EBPF_OK) {
        ft_fail(s, "virtual machine: %s", ebpf_status_name(status));
        ft_print_diag(s);
    } else {
        status = ebpf_vm_compile(vm, s->diag);
        if (ft_check_report(s, &test->compile_error, status, "compiler") && !s->failed)
            run_vm(s, vm);
    }
    ebpf_vm_free(vm);
}

/* Whether an engine says that it takes all instructions of the program. */
static bool accepts(const struct ebpf_backend *backend, const struct ebpf_program *program)
{
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(program, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_op_info *info = ebpf_op_info((enum ebpf_op)insns[i].op);
        if (!(info->group & backend->groups))
            return false;
    }
    return true;
}

static bool must_run(const struct ft_case *test)
{
    return test->result.given || test->fault.given || test->compile_error.given ||
           test->executed.given || test->mem_after.given || test->mbuff_after.given ||
           test->user_after.given;
}

static void run_policies(struct session *s, const struct ebpf_backend *backend,
                         const struct ebpf_code_options *code)
{
    for (size_t p = 0; p < sizeof(policies) / sizeof(policies[0]) && !s->failed; p++) {
        s->policy = policies[p];
        /* A program that faults is none to be trusted. */
        if (s->policy == EBPF_POLICY_TRUSTED && (s->test->checked_only || s->test->fault.given))
            continue;
        run_engine(s, backend, code);
    }
}

static void run_engines(struct session *s)
{
    const struct ebpf_backend *backend;
    for (size_t i = 0; (backend = ft_engine(i)) != NULL; i++) {
        if (backend->probe() != EBPF_OK || !accepts(backend, s->program))
            continue;
        size_t count = backend->caps & EBPF_BACKEND_NATIVE ? COLUMNS : 1;
        for (size_t n = 0; n < count; n++) {
            char name[64];
            snprintf(name, sizeof(name), "%s%s", backend->name, columns[n].suffix);
            s->engine = name;
            run_policies(s, backend, &columns[n].code);
        }
        s->engine = backend->name;
    }
}

static bool start(struct session *s)
{
    s->diag = ebpf_diag_new(NULL);
    s->host.user = &s->user;
    return s->diag && duplicate(&s->mem, &s->test->mem) &&
           duplicate(&s->mbuff, &s->test->mbuff) && duplicate(&s->user, &s->test->user);
}

static void finish(struct session *s)
{
    struct ft_bytes *all[] = {&s->mem, &s->mbuff, &s->user, &s->first.mem, &s->first.mbuff,
                              &s->first.user};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        free(all[i]->data);
    ebpf_program_unref(s->program);
    ebpf_diag_free(s->diag);
}

void ft_run_case(const struct ft_case *test, struct ft_totals *totals)
{
    struct session s = {.test = test, .totals = totals};
    ebpf_status status;
    totals->cases++;
    if (!start(&s)) {
        ft_fail(&s, "out of memory");
    } else {
        s.program = ft_assemble(test->text, test->length, test->file, s.diag, &status);
        if (ft_check_report(&s, &test->asm_error, status, "assembler") && !s.failed) {
            ft_check_text(&s);
            if (verify(&s) && must_run(test))
                run_engines(&s);
        }
    }
    finish(&s);
    totals->failed += s.failed;
    if (totals->verbose && !s.failed)
        printf("%s:%u: %s: passes\n", test->file, test->line, test->name);
}
