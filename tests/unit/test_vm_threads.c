/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Many threads run one VM; EBPF_TEST_RUNS says how often each. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "tests/unit/vm_unit.h"

enum { THREADS = 8 };

/* What a thread is given, and how many runs went wrong. */
struct worker {
    const struct ebpf_vm *vm;
    uint64_t number;
    long runs, wrong;
};

static long run_count(void)
{
    const char *text = getenv("EBPF_TEST_RUNS");
    return text ? atol(text) : 20000;
}

/* Its own packet, its own budget; its own number comes back. */
static void *work(void *arg)
{
    struct worker *w = arg;
    for (long i = 0; i < w->runs; i++) {
        uint64_t packet[2] = {w->number, (uint64_t)i};
        struct ebpf_result result;
        const struct ebpf_input in = {.size = sizeof(in), .mem = packet, .mem_size = 16,
                                      .budget = i % 4 ? 0 : 3};
        ebpf_status status = ebpf_vm_run(w->vm, &in, &result);
        bool right = i % 4 ? status == EBPF_OK && result.r0 == w->number * 1000003 + (uint64_t)i &&
                                 packet[1] == ~(uint64_t)i
                           : status == EBPF_ERR_BUDGET && result.executed == 3;
        w->wrong += !right;
    }
    return NULL;
}

static void run_all(const struct ebpf_vm *vm, void *(*function)(void *))
{
    pthread_t threads[THREADS];
    struct worker workers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){vm, i, run_count(), 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, function, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(workers[i].wrong, 0);
    }
}

/* Uses the fixed metadata buffer, the packet, the stack, and a local call. */
static const char program[] = "ldxdw r6, [r1+0]\n"
                              "ldxdw r7, [r1+16]\n"
                              "stxdw [r1+8], r6\n"
                              "sub r7, 16\n"
                              "jne r6, r7, wrong\n"
                              "ldxdw r2, [r6+0]\n"
                              "stxdw [r10-8], r2\n"
                              "mov r1, r6\n"
                              "callx mix\n"
                              "ldxdw r3, [r10-8]\n"
                              "mul r3, 1000003\n"
                              "add r0, r3\n"
                              "exit\n"
                              "wrong:\n"
                              "mov r0, -1\n"
                              "exit\n"
                              "mix:\n"
                              "ldxdw r0, [r1+8]\n"
                              "mov r4, r0\n"
                              "xor r4, -1\n"
                              "stxdw [r1+8], r4\n"
                              "stdw [r10-8], 0\n"
                              "exit\n";

START_TEST(threads_share_a_vm)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {
            .backend = name, .kind = EBPF_VM_FIXED_MBUFF, .data_offset = 0,
            .data_end_offset = 16};
        struct ebpf_vm *vm = vm_with(&options, program);
        run_all(vm, work);
        ebpf_vm_free(vm);
    }
}
END_TEST

static int count_text(void *ctx, const char *data, size_t length)
{
    (void)data;
    atomic_fetch_add_explicit((atomic_size_t *)ctx, length, memory_order_relaxed);
    return 0;
}

static void *call_helpers(void *arg)
{
    struct worker *w = arg;
    for (long i = 0; i < w->runs / 10; i++)
        w->wrong += ebpf_vm_run(w->vm, NULL, NULL) != EBPF_OK;
    return NULL;
}

START_TEST(threads_share_helpers)
{
    FOR_EACH_ENGINE(name) {
        atomic_size_t written = 0;
        const struct ebpf_vm_options options = {.backend = name,
                                                .trace = {count_text, &written}};
        struct ebpf_vm *vm = empty_vm(&options);
        ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_rbpf()), EBPF_OK);
        load(vm, "call 5\nmov r1, 1\nmov r2, 9\ncall 7\nmov r3, 1\nmov r4, 2\nmov r5, 3\n"
                 "call 6\nexit");
        run_all(vm, call_helpers);
        ck_assert_uint_eq(written, (size_t)(run_count() / 10) * THREADS *
                                       strlen("bpf_trace_printf: 0x1, 0x2, 0x3\n"));
        ebpf_vm_free(vm);
    }
}
END_TEST

static TCase *threads(void)
{
    TCase *tc = tcase_create("threads");
    tcase_set_timeout(tc, 600);
    tcase_add_test(tc, threads_share_a_vm);
    tcase_add_test(tc, threads_share_helpers);
    return tc;
}

RUN_SUITE("vm/threads", threads)
