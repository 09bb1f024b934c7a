/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* How runs end: budgets, interruption, call depth, stacks; and how faults are explained. */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <time.h>

#include "tests/unit/vm_unit.h"

/* Counts r0 up to 10: 1 + 10 * 2 + 1 instructions. */
static const char count_to_10[] = "mov r0, 0\n"
                                  "again:\n"
                                  "add r0, 1\n"
                                  "jlt r0, 10, again\n"
                                  "exit\n";
static const char endless[] = "mov r0, 0\n"
                              "again:\n"
                              "add r0, 1\n"
                              "ja again\n"
                              "exit\n";

static ebpf_status run_for(const struct ebpf_vm *vm, uint64_t budget, struct ebpf_result *result)
{
    const struct ebpf_input in = {.size = sizeof(in), .budget = budget};
    return ebpf_vm_run(vm, &in, result);
}

START_TEST(budgets_are_exact)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_result result;
        struct ebpf_vm *vm = vm_with(&(struct ebpf_vm_options){.backend = name}, count_to_10);
        for (uint64_t budget = 1; budget < 22; budget++) {
            ck_assert_int_eq(run_for(vm, budget, &result), EBPF_ERR_BUDGET);
            ck_assert_uint_eq(result.executed, budget);
            ck_assert_uint_eq(result.fault.pc, budget < 21 ? 1 + (budget - 1) % 2 : 3);
        }
        for (int i = 0; i < 3; i++) {
            static const uint64_t enough[] = {22, 23, EBPF_BUDGET_UNLIMITED};
            ck_assert_int_eq(run_for(vm, enough[i], &result), EBPF_OK);
            ck_assert_uint_eq(result.executed, 22);
            ck_assert_uint_eq(result.r0, 10);
        }
        ebpf_vm_free(vm);

        vm = vm_with(&(struct ebpf_vm_options){.backend = name, .budget = 1000}, endless);
        ck_assert_int_eq(run_for(vm, 0, &result), EBPF_ERR_BUDGET);
        ck_assert_uint_eq(result.executed, 1000);
        ck_assert_int_eq(run_for(vm, 2000000, &result), EBPF_ERR_BUDGET);
        ck_assert_uint_eq(result.executed, 2000000);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* Programs that only compute start by a shorter way, of which nothing can be seen: not in a kind of
 * VM, nor where the stack is large, nor where the budget or the interrupt ends the run. */
static void check_start(const struct ebpf_vm_options *options, const char *text, uint64_t r0)
{
    uint8_t memory[16] = {0};
    bool packet = options->kind != EBPF_VM_NO_DATA;
    struct ebpf_interrupt raised = {0};
    struct ebpf_result result;
    struct ebpf_vm *vm = vm_with(options, text);
    struct ebpf_input in = {.size = sizeof(in), .mem = packet ? memory : NULL,
                            .mem_size = packet ? sizeof(memory) : 0,
                            .mbuff = options->kind == EBPF_VM_MBUFF ? memory : NULL,
                            .mbuff_size = options->kind == EBPF_VM_MBUFF ? sizeof(memory) : 0};
    for (in.budget = 0; in.budget < 6; in.budget++) {
        ebpf_status expected = in.budget && in.budget < 4 ? EBPF_ERR_BUDGET : EBPF_OK;
        ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), expected);
        ck_assert_uint_eq(result.executed, expected ? in.budget : 4);
        ck_assert_uint_eq(result.r0, expected ? 0 : r0);
        ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), expected);
    }
    ebpf_interrupt_raise(&raised);
    in.interrupt = &raised;
    ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_ERR_INTERRUPTED);
    in.interrupt = NULL;
    in.mem_size = SIZE_MAX;
    ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_ERR_INVALID);
    ebpf_vm_free(vm);
}

START_TEST(programs_that_only_compute_start_alike)
{
    static const enum ebpf_vm_kind kinds[] = {EBPF_VM_NO_DATA, EBPF_VM_RAW, EBPF_VM_MBUFF,
                                              EBPF_VM_FIXED_MBUFF};
    FOR_EACH_ENGINE(name)
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
            struct ebpf_vm_options o = {.backend = name, .kind = kinds[i]};
            if (kinds[i] == EBPF_VM_FIXED_MBUFF)
                o.data_end_offset = 8;
            check_start(&o, "mov r0, 0\njne r0, 0, +1\nadd r0, 7\nexit\n", 7);
            check_start(&o, "mov r0, r1\nsub r0, r1\nlddw r0, 0x123456789a\nexit\n",
                        0x123456789a);
            o.stack_size = 1 << 20;
            check_start(&o, "mov r0, r2\nmov r0, 5\nneg r0\nexit\n", (uint64_t)-5);
            check_start(&o, "mov r0, r10\nsub r0, r10\nmul r0, 3\nexit\n", 0);
        }
}
END_TEST

/* The default is bounded: what runs for ever has to be asked for. */
START_TEST(the_default_budget_has_an_end)
{
    struct ebpf_vm *vm = vm_with(&(struct ebpf_vm_options){0}, count_to_10);
    struct ebpf_result result;
    ck_assert_int_eq(run_for(vm, 0, &result), EBPF_OK);
    ck_assert_uint_lt(EBPF_BUDGET_DEFAULT, EBPF_BUDGET_UNLIMITED);
    ebpf_vm_free(vm);
}
END_TEST

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* What interrupts, and when it did. */
struct interrupter {
    struct ebpf_interrupt interrupt;
    double raised;
};

static void *interrupt_soon(void *arg)
{
    struct interrupter *i = arg;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    i->raised = seconds();
    ebpf_interrupt_raise(&i->interrupt);
    return NULL;
}

/* How long a run goes on after it was interrupted: the best of several times, since the machine
 * may have other work. */
enum { TRIES = 20 };
static const double limit = 0.010;

START_TEST(another_thread_interrupts)
{
    FOR_EACH_ENGINE(name) {
        struct interrupter i = {.raised = 0};
        const struct ebpf_input in = {.size = sizeof(in), .budget = EBPF_BUDGET_UNLIMITED,
                                      .interrupt = &i.interrupt};
        struct ebpf_vm *vm = vm_with(&(struct ebpf_vm_options){.backend = name}, endless);
        double best = 1;
        for (int try = 0; try < TRIES && best >= limit; try++) {
            pthread_t thread;
            ebpf_interrupt_clear(&i.interrupt);
            ck_assert_int_eq(pthread_create(&thread, NULL, interrupt_soon, &i), 0);
            fault_of(vm, &in, EBPF_ERR_INTERRUPTED);
            double stopped = seconds();
            pthread_join(thread, NULL);
            best = stopped - i.raised < best ? stopped - i.raised : best;
        }
        ck_assert_msg(best < limit, "%s took %g s", name, best);
        ebpf_vm_free(vm);
    }
}
END_TEST

static struct ebpf_interrupt alarmed;
static volatile double alarmed_at;

static void on_alarm(int signal_number)
{
    (void)signal_number;
    ebpf_interrupt_raise(&alarmed);
    alarmed_at = seconds();
}

START_TEST(a_signal_handler_interrupts)
{
    signal(SIGALRM, on_alarm);
    FOR_EACH_ENGINE(name) {
        const struct ebpf_input in = {.size = sizeof(in), .budget = EBPF_BUDGET_UNLIMITED,
                                      .interrupt = &alarmed};
        struct ebpf_vm *vm = vm_with(&(struct ebpf_vm_options){.backend = name}, endless);
        const struct timespec soon = {.tv_nsec = 5000000};
        double best = 1;
        for (int try = 0; try < TRIES && best >= limit; try++) {
            timer_t timer;
            ebpf_interrupt_clear(&alarmed);
            ck_assert_int_eq(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
            timer_settime(timer, 0, &(struct itimerspec){.it_value = soon}, NULL);
            fault_of(vm, &in, EBPF_ERR_INTERRUPTED);
            double took = seconds() - alarmed_at;
            timer_delete(timer);
            best = took < best ? took : best;
        }
        ck_assert_msg(best < limit, "%s took %g s", name, best);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* Also of programs that would be over before anybody looks. */
START_TEST(no_run_starts_while_the_interrupt_is_raised)
{
    static const char *const programs[] = {"mov r0, 1\nexit", endless};
    static const uint64_t budgets[] = {0, 1, EBPF_BUDGET_UNLIMITED};
    FOR_EACH_ENGINE(name) {
        for (unsigned i = 0; i < 6; i++) {
            struct ebpf_interrupt interrupt = {0};
            struct ebpf_result result;
            const struct ebpf_input in = {.size = sizeof(in), .budget = budgets[i / 2],
                                          .interrupt = &interrupt};
            const struct ebpf_vm_options options = {.backend = name};
            struct ebpf_vm *vm = vm_with(&options, programs[i % 2]);
            ebpf_interrupt_raise(&interrupt);
            for (int round = 0; round < 2; round++) {
                memset(&result, 0xa5, sizeof(result));
                ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_ERR_INTERRUPTED);
                ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), EBPF_ERR_INTERRUPTED);
                ck_assert_uint_eq(result.executed, 0);
                ck_assert_uint_eq(result.r0, 0);
                ck_assert_int_eq(result.fault.status, EBPF_ERR_INTERRUPTED);
                ck_assert_uint_eq(result.fault.insn, 0);
                ck_assert_uint_eq(result.fault.pc, 0);
            }
            ebpf_interrupt_clear(&interrupt);
            load(vm, "mov r0, 1\nexit");
            ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), budgets[i / 2] == 1 ? EBPF_ERR_BUDGET
                                                                              : EBPF_OK);
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

/* Calls itself r1 times, each frame written from end to end; returns how often. */
static const char recursion[] = "ldxdw r1, [r1+0]\n"
                                "callx deeper\n"
                                "exit\n"
                                "deeper:\n"
                                "stdw [r10-512], 1\n"
                                "stdw [r10-8], 1\n"
                                "mov r6, r1\n"
                                "jeq r6, 0, done\n"
                                "sub r1, 1\n"
                                "callx deeper\n"
                                "add r0, 1\n"
                                "exit\n"
                                "done:\n"
                                "ldxdw r0, [r10-16]\n" /* zero, whatever lay there before */
                                "exit\n";

/* Recurses `depth` times. */
static ebpf_status recurse(const struct ebpf_vm *vm, uint64_t depth)
{
    struct ebpf_result result;
    const struct ebpf_input in = {.size = sizeof(in), .mem = &depth, .mem_size = 8};
    ebpf_status status = ebpf_vm_run(vm, &in, &result);
    ck_assert_uint_eq(result.r0, status ? 0 : depth);
    return status;
}

START_TEST(calls_are_as_deep_as_allowed)
{
    /* main and the first call take two frames */
    static const struct {
        uint32_t max_depth;
        uint64_t stack_size, deepest;
    } rows[] = {{0, 0, 6},          {3, 0, 1},       {1024, 0, 1022}, {0, 2048, 2},
                {8, 2048 - 16, 1}, {16, 65536, 14}, {4, 65536, 2}};
    FOR_EACH_ENGINE(name) {
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            const struct ebpf_vm_options options = {
                .backend = name, .kind = EBPF_VM_RAW, .max_depth = rows[i].max_depth,
                .stack_size = rows[i].stack_size};
            struct ebpf_vm *vm = vm_with(&options, recursion);
            ck_assert_int_eq(recurse(vm, 0), EBPF_OK);
            ck_assert_int_eq(recurse(vm, rows[i].deepest), EBPF_OK);
            ck_assert_int_eq(recurse(vm, rows[i].deepest + 1), EBPF_ERR_CALL_DEPTH);
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

START_TEST(one_frame_means_no_calls)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {
            .backend = name, .kind = EBPF_VM_RAW, .max_depth = 1};
        struct ebpf_vm *vm = vm_with(&options, recursion);
        uint64_t depth = 0;
        const struct ebpf_input in = {.size = sizeof(in), .mem = &depth, .mem_size = 8};
        struct ebpf_fault fault = fault_of(vm, &in, EBPF_ERR_CALL_DEPTH);
        ck_assert_uint_eq(fault.pc, 1);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(frames_have_the_size_asked_for)
{
    static const uint32_t sizes[] = {16, 512, 8192, EBPF_FRAME_SIZE_MAX};
    FOR_EACH_ENGINE(name) {
        for (size_t i = 0; i < 4; i++) {
            const struct ebpf_vm_options options = {.backend = name, .frame_size = sizes[i]};
            char text[128];
            snprintf(text, sizeof(text),
                     "mov r1, r10\nsub r1, %u\nldxb r0, [r1+0]\nstb [r1+0], 5\nexit", sizes[i]);
            struct ebpf_vm *vm = vm_with(&options, text);
            ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 0);
            snprintf(text, sizeof(text), "mov r1, r10\nsub r1, %u\nldxb r0, [r1+0]\nexit",
                     sizes[i] + 1);
            load(vm, text);
            fault_of(vm, NULL, EBPF_ERR_LOAD);
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

/* A helper that runs the VM in its ctx. */
static uint64_t run_other(struct ebpf_run *outer, void *ctx, const uint64_t args[5])
{
    (void)outer;
    (void)args;
    return run(ctx, NULL, 0, NULL, 0) + 1;
}

START_TEST(runs_may_nest)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.backend = name};
        struct ebpf_vm *inner = vm_with(&options, count_to_10), *outer = empty_vm(&options);
        const struct ebpf_helper helper = {.id = 1, .run_fn = run_other, .ctx = inner};
        ck_assert_int_eq(ebpf_vm_register_helper(outer, &helper), EBPF_OK);
        load(outer, "stdw [r10-8], 100\ncall 1\nldxdw r1, [r10-8]\nadd r0, r1\nexit");
        ck_assert_uint_eq(run(outer, NULL, 0, NULL, 0), 111);
        ebpf_vm_free(outer);
        ebpf_vm_free(inner);
    }
}
END_TEST

/* Helpers that end or fail a run, deep inside a call. */
static uint64_t unwind(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    ebpf_run_end(run, args[0]);
    return 1;
}

static uint64_t give_up(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, ctx);
    return args[0];
}

START_TEST(helpers_end_runs)
{
    const struct ebpf_helper end = {.id = 5, .run_fn = unwind},
                             fail = {.id = 6, .run_fn = give_up, .ctx = (char[]){"no luck"}};
    FOR_EACH_ENGINE(name) {
        struct ebpf_result result;
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &end), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &fail), EBPF_OK);
        load(vm, "callx f\nmov r0, 1\nexit\nf:\nmov r1, 42\ncall 5\nmov r0, 2\nexit");
        ck_assert_int_eq(ebpf_vm_run(vm, NULL, &result), EBPF_OK);
        ck_assert_uint_eq(result.r0, 42);
        ck_assert_uint_eq(result.executed, 3);
        load(vm, "callx f\nmov r0, 1\nexit\nf:\nmov r1, 42\ncall 6\nmov r0, 2\nexit");
        struct ebpf_fault fault = fault_of(vm, NULL, EBPF_ERR_HELPER_FAULT);
        ck_assert_uint_eq(fault.pc, 4);
        ck_assert_str_eq(fault.message, "no luck");
        ebpf_vm_free(vm);
    }
}
END_TEST

/* What ebpf_vm_explain() says of a run, and where. */
static void check_explained(const struct ebpf_vm *vm, const struct ebpf_input *in,
                            uint32_t line, const char *format, ...)
{
    char expected[320];
    struct ebpf_result result;
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    va_list args;
    va_start(args, format);
    vsnprintf(expected, sizeof(expected), format, args);
    va_end(args);
    ck_assert_int_ne(ebpf_vm_run(vm, in, &result), EBPF_OK);
    ebpf_vm_explain(vm, &result.fault, diag);
    ck_assert_uint_eq(ebpf_diag_count(diag), 1);
    const struct ebpf_diag_entry *entry = ebpf_diag_at(diag, 0);
    ck_assert_int_eq(entry->status, result.fault.status);
    ck_assert_str_eq(entry->message, expected);
    ck_assert_uint_eq(entry->line, line);
    ck_assert_str_ne(entry->advice, "");
    ebpf_diag_free(diag);
}

START_TEST(accesses_are_explained)
{
    static const uint8_t rodata[16];
    _Alignas(16) uint8_t packet[16] = {0};
    unsigned long long start = (uintptr_t)packet, end = start + 16, ro = (uintptr_t)rodata;
    const struct ebpf_input in = {.size = sizeof(in), .mem = packet, .mem_size = 16};
    FOR_EACH_ENGINE(name) {
        char text[128];
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){
            .backend = name, .kind = EBPF_VM_RAW});
        ck_assert_int_eq(
            ebpf_vm_allow_memory(vm, (void *)(uintptr_t)rodata, sizeof(rodata), 0), EBPF_OK);
        load(vm, "mov r0, 1\nldxw r0, [r1+19]\nexit");
        check_explained(vm, &in, 2,
                        "out of bounds memory load: address 0x%llx size 4 is 3 bytes past the "
                        "end of packet [0x%llx, 0x%llx)", end + 3, start, end);
        load(vm, "ldxw r0, [r1+16]\nexit");
        check_explained(vm, &in, 1,
                        "out of bounds memory load: address 0x%llx size 4 is at the end of "
                        "packet [0x%llx, 0x%llx)", end, start, end);
        load(vm, "stb [r1-1], 1\nexit");
        check_explained(vm, &in, 1,
                        "out of bounds memory store: address 0x%llx size 1 is 1 byte before the "
                        "start of packet [0x%llx, 0x%llx)", start - 1, start, end);
        load(vm, "ldxdw r0, [r1+14]\nexit");
        check_explained(vm, &in, 1,
                        "out of bounds memory load: address 0x%llx size 8 is 6 bytes past the "
                        "end, starting in packet [0x%llx, 0x%llx)", end - 2, start, end);
        snprintf(text, sizeof(text), "lddw r2, 0x%llx\nstw [r2+4], 1\nexit", ro);
        load(vm, text);
        check_explained(vm, &in, 2,
                        "store to read-only memory: address 0x%llx size 4 is 4 bytes into "
                        "read-only memory [0x%llx, 0x%llx)", ro + 4, ro, ro + 16);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(other_faults_are_explained)
{
    const struct ebpf_helper fail = {.id = 6, .run_fn = give_up, .ctx = (char[]){"no luck"}};
    uint64_t depth = 1000, packet[2] = {0};
    const struct ebpf_input in = {.size = sizeof(in), .mem = &depth, .mem_size = 8},
                            data = {.size = sizeof(data), .mem = packet, .mem_size = 16},
                            short_of = {.size = sizeof(in), .budget = 5};
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){
            .backend = name, .kind = EBPF_VM_RAW});
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &fail), EBPF_OK);
        load(vm, "call 6\nexit");
        check_explained(vm, NULL, 1, "a helper function failed: no luck");
        load(vm, recursion);
        check_explained(vm, &in, 10,
                        "too many nested calls: at most 8 functions may be active, with 4096 "
                        "bytes of stack");
        load(vm, endless);
        check_explained(vm, &short_of, 3, "instruction budget exhausted");
        load(vm, "mov r2, 1\nstxxadddw [r1+4], r2\nexit");
        check_explained(vm, &data, 2, "unaligned atomic access: address 0x%llx size 8",
                        (unsigned long long)(uintptr_t)packet + 4);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(no_fault_needs_no_words)
{
    struct ebpf_vm *vm = vm_with(&(struct ebpf_vm_options){0}, count_to_10);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_result result;
    ck_assert_int_eq(ebpf_vm_run(vm, NULL, &result), EBPF_OK);
    ebpf_vm_explain(vm, &result.fault, diag);
    ck_assert_uint_eq(ebpf_diag_count(diag), 0);
    result.fault = (struct ebpf_fault){.status = EBPF_ERR_BUDGET};
    ck_assert_int_eq(ebpf_vm_set_program(vm, NULL, NULL), EBPF_OK);
    ebpf_vm_explain(vm, &result.fault, diag);
    ck_assert_uint_eq(ebpf_diag_count(diag), 1);
    ebpf_diag_free(diag);
    ebpf_vm_free(vm);
}
END_TEST

static TCase *ends(void)
{
    TCase *tc = tcase_create("ends");
    tcase_add_test(tc, budgets_are_exact);
    tcase_add_test(tc, programs_that_only_compute_start_alike);
    tcase_add_test(tc, the_default_budget_has_an_end);
    tcase_add_test(tc, another_thread_interrupts);
    tcase_add_test(tc, a_signal_handler_interrupts);
    tcase_add_test(tc, no_run_starts_while_the_interrupt_is_raised);
    tcase_add_test(tc, calls_are_as_deep_as_allowed);
    tcase_add_test(tc, one_frame_means_no_calls);
    tcase_add_test(tc, frames_have_the_size_asked_for);
    tcase_add_test(tc, runs_may_nest);
    tcase_add_test(tc, helpers_end_runs);
    return tc;
}

static TCase *explanations(void)
{
    TCase *tc = tcase_create("explanations");
    tcase_add_test(tc, accesses_are_explained);
    tcase_add_test(tc, other_faults_are_explained);
    tcase_add_test(tc, no_fault_needs_no_words);
    return tc;
}

RUN_SUITE("vm/run", ends, explanations)
