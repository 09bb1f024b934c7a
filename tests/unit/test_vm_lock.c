/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Spin locks in values of maps: they exclude, nobody waits for ever, ends of runs give back. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "tests/unit/vm_unit.h"

enum { THREADS = 4, RUNS = 5000 };

/* A value: its first word is the lock. */
struct value {
    uint32_t lock, other;
    uint64_t counter;
};

/* r6 is the value; ends without it. */
#define LOOKUP "mov64 r7, 0\nstw [r10-4], 0\nlddw r1, map_by_fd(1)\nmov64 r2, r10\n"               \
               "add64 r2, -4\ncall 1\njeq r0, 0, out\nmov64 r6, r0\n"
#define LOCK "mov64 r1, r6\ncall 93\n"
#define UNLOCK "mov64 r1, r6\ncall 94\n"
#define OUT "mov64 r0, 0\nout: exit\n"

static struct ebpf_vm *vm_of(const char *name, struct ebpf_map *map, const char *text)
{
    const struct ebpf_vm_options options = {.backend = name};
    struct ebpf_vm *vm = empty_vm(&options);
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_add_map(vm, 1, map), EBPF_OK);
    load(vm, text);
    return vm;
}

static struct ebpf_map *map_of(enum ebpf_map_kind kind)
{
    static const struct value zero;
    static const uint32_t key;
    const struct ebpf_map_def def = {.kind = kind, .key_size = 4, .value_size = sizeof(zero),
                                     .max_entries = 2};
    struct ebpf_map *map;
    ck_assert_int_eq(ebpf_map_new(&def, NULL, NULL, &map), EBPF_OK);
    ck_assert_int_eq(ebpf_map_update(map, &key, &zero, EBPF_UPDATE_ANY), 0);
    return map;
}

static struct value value_of(struct ebpf_map *map)
{
    static const uint32_t key;
    struct value value;
    ck_assert_int_eq(ebpf_map_lookup(map, &key, &value), 0);
    return value;
}

/* A run that ends in a fault; the message says why. */
static void faults(const char *name, struct ebpf_map *map, const char *text, ebpf_status status,
                   const char *message)
{
    struct ebpf_vm *vm = vm_of(name, map, text);
    struct ebpf_result result;
    ck_assert_int_eq(ebpf_vm_run(vm, NULL, &result), status);
    ck_assert_msg(strstr(result.fault.message, message) != NULL, "%s", result.fault.message);
    ebpf_vm_free(vm);
}

struct worker {
    const struct ebpf_vm *vm;
    long wrong;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    for (int i = 0; i < RUNS; i++)
        w->wrong += ebpf_vm_run(w->vm, NULL, NULL) != EBPF_OK;
    return NULL;
}

START_TEST(locks_exclude)
{
    static const enum ebpf_map_kind kinds[] = {EBPF_MAP_ARRAY, EBPF_MAP_HASH};
    /* In several steps, between which others would come. */
    static const char text[] = LOOKUP LOCK "ldxdw r7, [r6+8]\nmov64 r8, 50\nagain: sub64 r8, 1\n"
                               "jne r8, 0, again\nadd64 r7, 1\nstxdw [r6+8], r7\n" UNLOCK OUT;
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = map_of(kinds[_i]);
        struct ebpf_vm *vm = vm_of(name, map, text);
        pthread_t threads[THREADS];
        struct worker workers[THREADS];
        for (size_t i = 0; i < THREADS; i++) {
            workers[i] = (struct worker){vm, 0};
            ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
        }
        for (size_t i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            ck_assert_int_eq(workers[i].wrong, 0);
        }
        ck_assert_uint_eq(value_of(map).counter, THREADS * RUNS);
        ck_assert_uint_eq(value_of(map).lock, 0);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

START_TEST(ends_of_runs_give_back)
{
    static const char *const ends[] = {
        LOOKUP LOCK OUT,                                  /* it only forgets */
        LOOKUP LOCK "mov64 r1, 0\nldxb r0, [r1+0]\n" OUT, /* it faults */
        LOOKUP LOCK "again: add64 r7, 2\njne r7, 1, again\n" OUT, /* its budget is over */
    };
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = map_of(EBPF_MAP_ARRAY);
        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
            struct ebpf_vm *vm = vm_of(name, map, ends[i]);
            const struct ebpf_input in = {.size = sizeof(in), .budget = 1000};
            ebpf_vm_run(vm, &in, NULL);
            ck_assert_uint_eq(value_of(map).lock, 0);
            ebpf_vm_free(vm);
        }
        ebpf_map_unref(map);
    }
}
END_TEST

START_TEST(nobody_waits_for_ever)
{
    static const uint32_t key;
    const struct value taken = {.lock = 1};
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = map_of(EBPF_MAP_ARRAY);
        ck_assert_int_eq(ebpf_map_update(map, &key, &taken, EBPF_UPDATE_ANY), 0);
        faults(name, map, LOOKUP LOCK UNLOCK OUT, EBPF_ERR_HELPER_FAULT, "nobody gave the lock");
        ck_assert_uint_eq(value_of(map).lock, 1); /* it is not the run's */
        ebpf_map_unref(map);
    }
}
END_TEST

START_TEST(misuse_ends_the_run)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = map_of(EBPF_MAP_ARRAY);
        faults(name, map, LOOKUP LOCK LOCK OUT, EBPF_ERR_HELPER_FAULT, "has a lock already");
        faults(name, map, LOOKUP UNLOCK OUT, EBPF_ERR_HELPER_ARG, "does not have the lock");
        faults(name, map, LOOKUP LOCK "mov64 r1, r6\nadd64 r1, 8\ncall 94\n" OUT,
               EBPF_ERR_HELPER_ARG, "does not have the lock");
        faults(name, map, LOOKUP "mov64 r1, r6\nadd64 r1, 2\ncall 93\n" OUT, EBPF_ERR_HELPER_ARG,
               "aligned to 4 bytes");
        faults(name, map, "stdw [r10-8], 0\nmov64 r1, r10\nadd64 r1, -8\ncall 93\n" OUT,
               EBPF_ERR_HELPER_ARG, "no value of a map");
        faults(name, map, "mov64 r1, 0\ncall 93\n" OUT, EBPF_ERR_HELPER_ARG, "cannot");
        ck_assert_uint_eq(value_of(map).lock, 0);
        ebpf_map_unref(map);
    }
}
END_TEST

static TCase *locks(void)
{
    TCase *tc = tcase_create("locks");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, locks_exclude, 0, 2);
    tcase_add_test(tc, ends_of_runs_give_back);
    tcase_add_test(tc, nobody_waits_for_ever);
    tcase_add_test(tc, misuse_ends_the_run);
    return tc;
}

RUN_SUITE("vm/locks", locks)
