/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Ring buffers and perf event arrays: what programs write, in every engine, and what the host
 * reads. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "tests/unit/vm_unit.h"

static struct ebpf_map *ringbuf(uint32_t size)
{
    const struct ebpf_map_def def = {.kind = EBPF_MAP_RINGBUF, .max_entries = size};
    struct ebpf_map *map;
    ck_assert_int_eq(ebpf_map_new(&def, NULL, NULL, &map), EBPF_OK);
    return map;
}

static struct ebpf_map *perf_array(uint32_t entries)
{
    const struct ebpf_map_def def = {.kind = EBPF_MAP_PERF_EVENT_ARRAY, .key_size = 4,
                                     .value_size = 4, .max_entries = entries};
    struct ebpf_map *map;
    ck_assert_int_eq(ebpf_map_new(&def, NULL, NULL, &map), EBPF_OK);
    return map;
}

static struct ebpf_vm *vm_of(const char *name, enum ebpf_vm_kind kind, struct ebpf_map *map,
                             const char *text)
{
    struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name, .kind = kind});
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_add_map(vm, 1, map), EBPF_OK);
    load(vm, text);
    return vm;
}

/* What was read. */
struct seen {
    uint32_t count;
    uint32_t sizes[64];
    uint64_t first[64]; /* the first 8 bytes, as far as there are any */
    uint64_t lost;
    int result;
};

static int note(void *ctx, const struct ebpf_event *event)
{
    struct seen *seen = ctx;
    uint32_t i = seen->count++ % 64;
    ck_assert_uint_eq((uintptr_t)event->data % 8, 0);
    seen->sizes[i] = event->size;
    seen->first[i] = 0;
    memcpy(&seen->first[i], event->data, event->size < 8 ? event->size : 8);
    seen->lost += event->lost;
    return seen->result;
}

#define RESERVE(size)                                                                              \
    "lddw r1, map_by_fd(1)\n"                                                                      \
    "mov r2, " #size "\n"                                                                          \
    "mov r3, 0\n"                                                                                  \
    "call 131\n"

/* A record of 16 bytes that is written, then submitted. */
static const char submits[] = RESERVE(16)
    "jeq r0, 0, full\n"
    "mov r6, r0\n"
    "stdw [r6+0], 7\n"
    "stdw [r6+8], 9\n"
    "mov r1, r6\n"
    "mov r2, 0\n"
    "call 132\n"
    "mov r0, 1\n"
    "exit\n"
    "full:\n"
    "mov r0, 0\n"
    "exit\n";

START_TEST(records_arrive)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = ringbuf(4096);
        struct ebpf_vm *vm = vm_of(name, EBPF_VM_NO_DATA, map, submits);
        struct seen seen = {0};
        ck_assert_int_eq(ebpf_map_wait(map, 0), 0);
        for (int i = 0; i < 3; i++)
            ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 1);
        ck_assert_int_eq(ebpf_map_wait(map, 0), 1);
        ck_assert_int_eq(ebpf_map_consume(map, note, &seen), 3);
        ck_assert_uint_eq(seen.count, 3);
        ck_assert_uint_eq(seen.sizes[2], 16);
        ck_assert_uint_eq(seen.first[2], 7);
        ck_assert_int_eq(ebpf_map_consume(map, note, &seen), 0);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* 4096 / 24 records fit, one byte less than all. */
START_TEST(full_rings_lose)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = ringbuf(4096);
        struct ebpf_vm *vm = vm_of(name, EBPF_VM_NO_DATA, map, submits);
        struct seen seen = {0};
        uint64_t fitted = 0;
        for (int i = 0; i < 200; i++)
            fitted += run(vm, NULL, 0, NULL, 0);
        ck_assert_uint_eq(fitted, 4095 / 24);
        ck_assert_uint_eq(ebpf_map_lost(map), 200 - fitted);
        for (int round = 0; round < 50; round++) { /* over the end, again and again */
            ck_assert_int_eq(ebpf_map_consume(map, note, &seen), (int)fitted);
            for (uint64_t i = 0; i < fitted; i++)
                ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 1);
        }
        seen = (struct seen){.result = -7};
        ck_assert_int_eq(ebpf_map_consume(map, note, &seen), -7);
        ck_assert_uint_eq(seen.count, 1);
        seen.result = 0;
        ck_assert_int_eq(ebpf_map_consume(map, note, &seen), (int)fitted - 1);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* Programs that do something with a record of 8 bytes in r6, and how that ends. */
static const struct {
    const char *text;
    ebpf_status status;
    int arrives;
} uses[] = {
    {"stdw [r6+0], 1\nmov r0, 0\nexit\n", EBPF_OK, 0}, /* not submitted: dropped */
    {"stdw [r6+1], 1\nexit\n", EBPF_ERR_STORE, 0},
    {"ldxw r0, [r6-4]\nexit\n", EBPF_ERR_LOAD, 0},     /* its header */
    {"mov r1, r6\nmov r2, 0\ncall 133\nmov r0, 0\nexit\n", EBPF_OK, 0},
    {"stdw [r6+0], 1\nmov r1, r6\nmov r2, 0\ncall 132\nldxdw r0, [r6+0]\nexit\n", EBPF_ERR_LOAD, 1},
    {"stdw [r6+0], 1\nmov r1, r6\nmov r2, 0\ncall 132\nstdw [r6+0], 2\nexit\n", EBPF_ERR_STORE, 1},
    {"stdw [r6+0], 1\nmov r1, r6\nmov r2, 0\ncall 133\nstw [r6+0], 2\nexit\n", EBPF_ERR_STORE, 0},
    {"mov r1, r6\nadd r1, 4\nmov r2, 0\ncall 132\nexit\n", EBPF_ERR_HELPER_ARG, 0},
    {"mov r1, r10\nmov r2, 0\ncall 132\nexit\n", EBPF_ERR_HELPER_ARG, 0},
    {"mov r1, r6\nmov r2, 0\ncall 132\nmov r1, r6\nmov r2, 0\ncall 132\nexit\n",
     EBPF_ERR_HELPER_ARG, 1},
};

START_TEST(records_are_memory_until_submitted)
{
    FOR_EACH_ENGINE(name) {
        char text[512];
        struct ebpf_map *map = ringbuf(4096);
        struct ebpf_result result;
        struct seen seen = {0};
        snprintf(text, sizeof(text), RESERVE(8) "mov r6, r0\nldxb r7, [r6+7]\n%s", uses[_i].text);
        struct ebpf_vm *vm = vm_of(name, EBPF_VM_NO_DATA, map, text);
        for (int i = 0; i < 3; i++) {
            ck_assert_int_eq(ebpf_vm_run(vm, NULL, &result), uses[_i].status);
            ck_assert_int_eq(ebpf_map_consume(map, note, &seen), uses[_i].arrives);
        }
        ck_assert_uint_eq(ebpf_map_lost(map), 0);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

static const struct {
    const char *text;
    int64_t r0;
} answers[] = {
    {RESERVE(4096) "exit\n", 0},
    {"lddw r1, map_by_fd(1)\nlddw r2, 0x40000000\nmov r3, 0\ncall 131\nexit\n", 0},
    {"lddw r1, map_by_fd(1)\nmov r2, 8\nmov r3, 1\ncall 131\nexit\n", 0},
    {"lddw r1, map_by_fd(1)\nmov r2, r10\nadd r2, -8\nmov r3, 8\nmov r4, 4\ncall 130\nexit\n",
     -EINVAL},
    {"lddw r1, map_by_fd(1)\nmov r2, r10\nadd r2, -8\nmov r3, 8\nmov r4, 0\ncall 130\nexit\n", 0},
    {"lddw r1, map_by_fd(1)\nmov r2, 1\ncall 134\nexit\n", 4096},
    {"lddw r1, map_by_fd(1)\nmov r2, 0\ncall 134\nexit\n", 0},
    {"lddw r1, map_by_fd(1)\nmov r2, 4\ncall 134\nexit\n", 0},
    {"lddw r1, map_by_fd(1)\nmov r2, r10\nadd r2, -5\nmov r3, 5\nmov r4, 0\ncall 130\n"
     "lddw r1, map_by_fd(1)\nmov r2, 3\ncall 134\nexit\n", 16},
};

START_TEST(ring_answers)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = ringbuf(4096);
        struct ebpf_vm *vm = vm_of(name, EBPF_VM_NO_DATA, map, answers[_i].text);
        ck_assert_int_eq((int64_t)run(vm, NULL, 0, NULL, 0), answers[_i].r0);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* The stack, r3 >> 32 bytes of the packet, into the buffer r6. */
static const char outputs[] = "stdw [r10-8], 5\n"
                              "mov r6, r1\n"
                              "lddw r2, map_by_fd(1)\n"
                              "ldxdw r3, [r6+0]\n"
                              "mov r4, r10\n"
                              "add r4, -8\n"
                              "mov r5, 8\n"
                              "call 25\n"
                              "exit\n";

static int64_t output(const struct ebpf_vm *vm, uint64_t flags)
{
    uint64_t packet[2] = {flags, 0};
    return (int64_t)run(vm, packet, sizeof(packet), NULL, 0);
}

START_TEST(perf_events_arrive)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = perf_array(ebpf_map_cpus() + 1);
        struct ebpf_vm *vm = vm_of(name, EBPF_VM_RAW, map, outputs);
        struct seen seen = {0};
        ck_assert_int_eq(output(vm, EBPF_PERF_CURRENT_CPU), 0);
        ck_assert_int_eq(output(vm, ebpf_map_cpus()), 0);
        ck_assert_int_eq(output(vm, UINT64_C(16) << 32), 0);
        ck_assert_int_eq(output(vm, UINT64_C(17) << 32), -EFAULT);
        ck_assert_int_eq(output(vm, UINT64_C(1) << 52), -EINVAL);
        ck_assert_int_eq(output(vm, ebpf_map_cpus() + 1), -E2BIG);
        ck_assert_int_eq(ebpf_map_consume(map, note, &seen), 3);
        ck_assert_uint_eq(seen.first[0], 5);
        ck_assert_uint_eq(seen.sizes[0] + seen.sizes[1] + seen.sizes[2], 8 + 8 + 24);
        int64_t error = 0;
        while (!error)
            error = output(vm, 0);
        ck_assert_int_eq(error, -ENOSPC);
        ck_assert_uint_eq(ebpf_map_lost(map), 1);
        ck_assert_int_gt(ebpf_map_consume(map, note, &seen), 1000);
        ck_assert_uint_eq(seen.lost, 1); /* told once */
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

enum { WRITERS = 4, RECORDS = 20000 };

static void *write_records(void *vm)
{
    for (uint64_t i = 0; i < RECORDS;) {
        struct ebpf_result result;
        if (ebpf_vm_run(vm, NULL, &result))
            return vm;
        i += result.r0; /* what was lost is tried again */
        if (!result.r0)
            sched_yield();
    }
    return NULL;
}

START_TEST(writers_and_a_reader)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = ringbuf(8192);
        struct ebpf_vm *vm = vm_of(name, EBPF_VM_NO_DATA, map, submits);
        pthread_t threads[WRITERS];
        struct seen seen = {0};
        for (int i = 0; i < WRITERS; i++)
            pthread_create(&threads[i], NULL, write_records, vm);
        while (seen.count < WRITERS * RECORDS) {
            ck_assert_int_eq(ebpf_map_wait(map, 10000), 1);
            ck_assert_int_ge(ebpf_map_consume(map, note, &seen), 0);
            ck_assert_uint_eq(seen.sizes[0], 16);
            ck_assert_uint_eq(seen.first[0], 7);
        }
        for (int i = 0; i < WRITERS; i++) {
            void *failed;
            pthread_join(threads[i], &failed);
            ck_assert_ptr_null(failed);
        }
        ck_assert_uint_eq(seen.count, WRITERS * RECORDS);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

static int consume_again(void *map, const struct ebpf_event *event)
{
    (void)event;
    return ebpf_map_consume(map, consume_again, map);
}

START_TEST(one_reader_at_a_time)
{
    struct ebpf_map *map = ringbuf(4096);
    struct ebpf_vm *vm = vm_of(NULL, EBPF_VM_NO_DATA, map, submits);
    run(vm, NULL, 0, NULL, 0);
    ck_assert_int_eq(ebpf_map_consume(map, consume_again, map), -EBUSY);
    ebpf_vm_free(vm);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(definitions_are_checked)
{
    static const struct ebpf_map_def bad[] = {
        {.kind = EBPF_MAP_RINGBUF, .max_entries = 0},
        {.kind = EBPF_MAP_RINGBUF, .max_entries = 1000},
        {.kind = EBPF_MAP_RINGBUF, .max_entries = 2048},
        {.kind = EBPF_MAP_RINGBUF, .max_entries = 3 * 4096},
        {.kind = EBPF_MAP_RINGBUF, .max_entries = 4096, .value_size = 4},
        {.kind = EBPF_MAP_PERF_EVENT_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1},
        {.kind = EBPF_MAP_PERF_EVENT_ARRAY, .key_size = 4, .value_size = 4, .extra = 100},
    };
    struct ebpf_map *map;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_int_eq(ebpf_map_new(&bad[i], NULL, NULL, &map), EBPF_ERR_INVALID);
        ck_assert_ptr_null(map);
    }
    map = perf_array(0);
    ck_assert_uint_eq(ebpf_map_definition(map)->max_entries, ebpf_map_cpus());
    ebpf_map_unref(map);
    const struct ebpf_map_def array = {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 4,
                                       .max_entries = 1};
    ck_assert_int_eq(ebpf_map_new(&array, NULL, NULL, &map), EBPF_OK);
    ck_assert_int_eq(ebpf_map_consume(map, note, NULL), -EOPNOTSUPP);
    ck_assert_int_eq(ebpf_map_wait(map, 0), -EOPNOTSUPP);
    ck_assert_uint_eq(ebpf_map_lost(map), 0);
    ebpf_map_unref(map);
}
END_TEST

static TCase *events(void)
{
    TCase *tc = tcase_create("events");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, records_arrive);
    tcase_add_test(tc, full_rings_lose);
    tcase_add_loop_test(tc, records_are_memory_until_submitted, 0,
                        sizeof(uses) / sizeof(uses[0]));
    tcase_add_loop_test(tc, ring_answers, 0, sizeof(answers) / sizeof(answers[0]));
    tcase_add_test(tc, perf_events_arrive);
    tcase_add_test(tc, writers_and_a_reader);
    tcase_add_test(tc, one_reader_at_a_time);
    tcase_add_test(tc, definitions_are_checked);
    return tc;
}

RUN_SUITE("vm/events", events)
