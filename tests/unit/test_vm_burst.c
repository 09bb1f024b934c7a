/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Bursts come to what single runs come to, in every engine and kind of VM. */
#include <pthread.h>

#include "tests/unit/vm_unit.h"

enum { PACKETS = 40, BYTES = 64, THREADS = 8, HELPER = 100 };

/* Packets of lengths around those that programs look at, and some that are none. */
struct packets {
    uint8_t bytes[PACKETS][BYTES];
    struct ebpf_burst_packet list[PACKETS];
};

static void make_packets(struct packets *p)
{
    for (unsigned i = 0; i < PACKETS; i++) {
        for (unsigned at = 0; at < BYTES; at++)
            p->bytes[i][at] = (uint8_t)(i * 7 + at * 3);
        p->list[i] = (struct ebpf_burst_packet){.mem = p->bytes[i], .mem_size = i * 5 % BYTES,
                                                .r0 = 0xeeee, .status = EBPF_ERR_NOMEM};
    }
    p->list[3].mem_size = 0;
    p->list[9].mem = NULL; /* with a length */
    p->list[10] = (struct ebpf_burst_packet){.mem = NULL, .mem_size = 0};
    p->list[20].mem_size = UINT64_MAX; /* wraps around */
}

/* What must be the same of two packets and results; what moved with the bytes is compared by how
 * far it moved. */
static void compare(const struct packets *a, const struct packets *b, const struct ebpf_result *x,
                    const struct ebpf_result *y, unsigned i)
{
    ck_assert_int_eq(a->list[i].status, b->list[i].status);
    ck_assert_uint_eq(a->list[i].r0, b->list[i].r0);
    if (!y)
        return;
    ck_assert_uint_eq(y->r0, x->r0);
    ck_assert_uint_eq(y->executed, x->executed);
    ck_assert_int_eq(y->fault.status, x->fault.status);
    if (x->fault.status) {
        ck_assert_uint_eq(y->fault.pc, x->fault.pc);
        ck_assert_uint_eq(y->fault.insn, x->fault.insn);
    }
}

/* Runs of their own, then bursts without and with all results: the same of each. */
static void compare_runs(const struct ebpf_vm *vm, struct ebpf_input in)
{
    static struct packets single, burst;
    static struct ebpf_result expected[PACKETS], results[PACKETS];
    make_packets(&single);
    for (unsigned i = 0; i < PACKETS; i++) {
        in.mem = single.list[i].mem;
        in.mem_size = single.list[i].mem_size;
        single.list[i].status = ebpf_vm_run(vm, &in, &expected[i]);
        single.list[i].r0 = expected[i].r0;
    }
    for (int all = 0; all < 2; all++) {
        const struct ebpf_burst b = {.size = sizeof(b), .input = &in, .packets = burst.list,
                                     .count = PACKETS, .results = all ? results : NULL};
        size_t done = 0;
        make_packets(&burst);
        ck_assert_int_eq(ebpf_vm_run_burst(vm, &b, &done), EBPF_OK);
        ck_assert_uint_eq(done, PACKETS);
        ck_assert_mem_eq(burst.bytes, single.bytes, sizeof(burst.bytes));
        for (unsigned i = 0; i < PACKETS; i++)
            compare(&single, &burst, &expected[i], all ? &results[i] : NULL, i);
    }
}

static const struct {
    const char *text;
    enum ebpf_vm_kind kind;
    const char *type;
} programs[] = {
    {"mov r0, 1\nexit\n", EBPF_VM_NO_DATA, NULL},
    {"mov r0, r2\nadd r0, 3\nexit\n", EBPF_VM_RAW, NULL},
    /* A filter: the proof takes a length for granted, other packets are checked. */
    {"ldxb r0, [r1+12]\nldxb r3, [r1+13]\nlsh r3, 8\nor r0, r3\nexit\n", EBPF_VM_RAW, NULL},
    {"mov r0, 0\njlt r2, 14, out\nldxh r3, [r1+12]\njne r3, 0x2d2a, out\nmov r0, 7\n"
     "out:\nexit\n", EBPF_VM_RAW, NULL},
    /* Writes, a loop as long as the packet says, the stack. */
    {"mov r0, 0\njlt r2, 2, out\nldxb r3, [r1+0]\nand r3, 15\nstxdw [r10-8], r3\n"
     "again:\nadd r0, 2\nsub r3, 1\njsgt r3, 0, again\nldxdw r4, [r10-8]\nadd r0, r4\n"
     "stxb [r1+1], r0\nout:\nexit\n", EBPF_VM_RAW, NULL},
    {"mov r0, r1\njeq r0, 0, out\nldxdw r0, [r1+0]\nadd r0, 1\nstxdw [r1+0], r0\nout:\nexit\n",
     EBPF_VM_MBUFF, NULL},
    {"ldxdw r2, [r1+0]\nldxdw r3, [r1+8]\nmov r0, r3\nsub r0, r2\njlt r0, 3, out\n"
     "ldxb r0, [r2+2]\nout:\nexit\n", EBPF_VM_FIXED_MBUFF, NULL},
    {"ldxw r2, [r1+0]\nldxw r3, [r1+4]\nmov r0, 1\nmov r4, r2\nadd r4, 14\njgt r4, r3, out\n"
     "ldxb r0, [r2+13]\nout:\nexit\n", EBPF_VM_TYPED, "xdp"},
    /* Several exits; what the one before has left in registers and on the stack is gone. */
    {"jlt r2, 10, short\nldxb r6, [r1+1]\nldxw r9, [r1+4]\njset r6, 1, odd\nldxdw r0, [r10-16]\n"
     "stxdw [r10-16], r9\nadd r0, r6\nexit\nodd:\nldxw r0, [r10-12]\nstxdw [r10-16], r9\n"
     "exit\nshort:\nldxdw r0, [r10-16]\nstdw [r10-16], 5\nexit\n", EBPF_VM_RAW, NULL},
    {"add r3, 1\nadd r7, r3\nadd r8, r7\nadd r8, r2\nadd r0, r8\nadd r2, 5\nadd r0, r2\nexit\n",
     EBPF_VM_RAW, NULL},
};
enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

START_TEST(bursts_are_single_runs)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {
            .backend = name, .kind = programs[_i].kind, .type = programs[_i].type,
            .data_end_offset = programs[_i].kind == EBPF_VM_FIXED_MBUFF ? 8 : 0};
        struct ebpf_vm *vm = vm_with(&options, programs[_i].text);
        uint64_t mbuff[2] = {40, 0};
        for (uint64_t budget = 0; budget < 30; budget++) {
            struct ebpf_input in = {.size = sizeof(in), .budget = budget};
            compare_runs(vm, in);
            in.mbuff = mbuff; /* not every kind takes one */
            in.mbuff_size = sizeof(mbuff);
            if (programs[_i].kind != EBPF_VM_MBUFF)
                compare_runs(vm, in);
        }
        ebpf_vm_free(vm);
    }
}
END_TEST

/* One buffer for all: each run finds there what the one before it left. */
START_TEST(the_metadata_buffer_is_shared)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_MBUFF};
        struct ebpf_vm *vm = vm_with(&options, programs[5].text);
        uint64_t count = 40;
        const struct ebpf_input in = {.size = sizeof(in), .mbuff = &count,
                                      .mbuff_size = sizeof(count)};
        struct ebpf_burst_packet packets[PACKETS] = {{0}};
        const struct ebpf_burst b = {.size = sizeof(b), .input = &in, .packets = packets,
                                     .count = PACKETS};
        ck_assert_int_eq(ebpf_vm_run_burst(vm, &b, NULL), EBPF_OK);
        for (unsigned i = 0; i < PACKETS; i++)
            ck_assert_uint_eq(packets[i].r0, 41 + i);
        ck_assert_uint_eq(count, 40 + PACKETS);
        ebpf_vm_free(vm);
    }
}
END_TEST

static struct ebpf_interrupt interrupt;

static uint64_t raise_at_3(uint64_t value, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    (void)b, (void)c, (void)d, (void)e;
    if (value == 3)
        ebpf_interrupt_raise(&interrupt);
    return value;
}

/* The run that is on when it is raised is done if nothing looks at the interrupt any more; the next
 * one is the last, and does not start. */
START_TEST(interrupts_end_bursts)
{
    const struct ebpf_helper helper = {.id = HELPER, .name = "raise_at_3", .fn = raise_at_3};
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_RAW};
        struct ebpf_vm *vm = empty_vm(&options);
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
        load(vm, "mov r1, r2\ncall 100\nexit\n");
        uint8_t bytes[8] = {0};
        struct ebpf_burst_packet packets[8];
        const struct ebpf_input in = {.size = sizeof(in), .interrupt = &interrupt};
        const struct ebpf_burst b = {.size = sizeof(b), .input = &in, .packets = packets,
                                     .count = 8};
        for (size_t first = 0; first < 3; first++) {
            size_t done = 99;
            for (size_t i = 0; i < 8; i++)
                packets[i] = (struct ebpf_burst_packet){.mem = bytes, .mem_size = i + first,
                                                        .status = EBPF_ERR_NOMEM};
            ebpf_interrupt_clear(&interrupt);
            ck_assert_int_eq(ebpf_vm_run_burst(vm, &b, &done), EBPF_ERR_INTERRUPTED);
            ck_assert_uint_eq(done, 5 - first);
            for (size_t i = 0; i < 8; i++)
                ck_assert_int_eq(packets[i].status, i + 1 < done    ? EBPF_OK
                                                    : i + 1 == done ? EBPF_ERR_INTERRUPTED
                                                                    : EBPF_ERR_NOMEM);
            ck_assert_uint_eq(packets[3 - first].r0, 3);
        }
        size_t done = 99; /* it is raised from the start */
        ck_assert_int_eq(ebpf_vm_run_burst(vm, &b, &done), EBPF_ERR_INTERRUPTED);
        ck_assert_uint_eq(done, 1);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(bursts_that_cannot_be)
{
    const struct ebpf_vm_options options = {.kind = EBPF_VM_RAW};
    struct ebpf_vm *vm = empty_vm(&options);
    struct ebpf_burst_packet packet = {.status = EBPF_ERR_NOMEM};
    struct {
        struct ebpf_burst b;
        uint64_t more; /* as a later version may have */
    } later = {{.size = sizeof(later), .packets = &packet, .count = 1}, 1};
    struct ebpf_burst *b = &later.b;
    struct ebpf_input in = {.size = 1};
    size_t done = 99;
    b->size = sizeof(*b);
    ck_assert_int_eq(ebpf_vm_run_burst(vm, b, &done), EBPF_ERR_NO_PROGRAM);
    ck_assert_uint_eq(done, 0);
    struct ebpf_program *program = assemble("mov r0, r2\nexit\n");
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    ebpf_program_unref(program);
    ck_assert_int_eq(ebpf_vm_run_burst(vm, b, &done), EBPF_ERR_STATE);
    ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
    b->size = sizeof(later);
    ck_assert_int_eq(ebpf_vm_run_burst(vm, b, &done), EBPF_ERR_INVALID);
    b->size = sizeof(*b);
    b->input = &in;
    ck_assert_int_eq(ebpf_vm_run_burst(vm, b, &done), EBPF_ERR_INVALID);
    ck_assert_int_eq(packet.status, EBPF_ERR_NOMEM);
    ck_assert_uint_eq(done, 0);
    later.more = 0; /* what is not used is no matter */
    b->size = sizeof(later);
    b->input = NULL;
    ck_assert_int_eq(ebpf_vm_run_burst(vm, b, &done), EBPF_OK);
    ck_assert_uint_eq(done, 1);
    ck_assert_int_eq(packet.status, EBPF_OK);
    done = 99;
    ck_assert_int_eq(ebpf_vm_run_burst(vm, NULL, &done), EBPF_OK); /* of nothing */
    ck_assert_uint_eq(done, 0);
    ebpf_vm_free(vm);
}
END_TEST

struct worker {
    const struct ebpf_vm *vm;
    uint64_t number;
    int wrong;
};

/* Bursts of packets that say who they belong to. */
static void *work(void *arg)
{
    struct worker *w = arg;
    const char *text = getenv("EBPF_TEST_RUNS");
    for (int run = text ? atoi(text) / 100 : 200; run > 0; run--) {
        uint64_t bytes[PACKETS][2];
        struct ebpf_burst_packet packets[PACKETS];
        const struct ebpf_burst b = {.size = sizeof(b), .packets = packets, .count = PACKETS};
        for (uint64_t i = 0; i < PACKETS; i++) {
            bytes[i][0] = w->number * PACKETS + i;
            packets[i] = (struct ebpf_burst_packet){.mem = bytes[i], .mem_size = i % 8 ? 16 : 4};
        }
        w->wrong += ebpf_vm_run_burst(w->vm, &b, NULL) != EBPF_OK;
        for (uint64_t i = 0; i < PACKETS; i++)
            w->wrong += i % 8 ? packets[i].status != EBPF_OK || bytes[i][1] != bytes[i][0] + 1 ||
                                    packets[i].r0 != w->number * PACKETS + i
                              : packets[i].status != EBPF_ERR_LOAD;
    }
    return NULL;
}

START_TEST(threads_run_bursts)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_RAW};
        struct ebpf_vm *vm = vm_with(&options, "ldxdw r0, [r1+0]\nmov r3, r0\nadd r3, 1\n"
                                               "stxdw [r1+8], r3\nexit\n");
        pthread_t threads[THREADS];
        struct worker workers[THREADS];
        for (size_t i = 0; i < THREADS; i++) {
            workers[i] = (struct worker){vm, i, 0};
            ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
        }
        for (size_t i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            ck_assert_int_eq(workers[i].wrong, 0);
        }
        ebpf_vm_free(vm);
    }
}
END_TEST

static TCase *bursts(void)
{
    TCase *tc = tcase_create("bursts");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, bursts_are_single_runs, 0, PROGRAMS);
    tcase_add_test(tc, the_metadata_buffer_is_shared);
    tcase_add_test(tc, interrupts_end_bursts);
    tcase_add_test(tc, bursts_that_cannot_be);
    tcase_add_test(tc, threads_run_bursts);
    return tc;
}

RUN_SUITE("vm/bursts", bursts)
