/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Programs and maps, in every engine: references, helpers, what runs may touch, rights, faults,
 * threads. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

#include "tests/unit/failing_mem.h"
#include "tests/unit/vm_unit.h"

static struct ebpf_map *make(struct ebpf_map_def def)
{
    struct ebpf_map *map;
    ck_assert_int_eq(ebpf_map_new(&def, NULL, NULL, &map), EBPF_OK);
    return map;
}

static struct ebpf_map *make_kind(enum ebpf_map_kind kind, uint32_t flags)
{
    return make((struct ebpf_map_def){.kind = kind, .key_size = 4, .value_size = 8,
                                      .max_entries = 4, .flags = flags});
}

/* A VM that knows maps under the ids 1, 2, ..., and the kernel's helpers. */
static struct ebpf_vm *vm_of(const char *name, struct ebpf_map *const *maps, uint32_t count)
{
    struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
    for (uint32_t i = 0; i < count; i++)
        ck_assert_int_eq(ebpf_vm_add_map(vm, i + 1, maps[i]), EBPF_OK);
    return vm;
}

/* Counts under the key 2 and returns the count. */
static const char counter[] = "stw [r10-4], 2\n"
                              "lddw r1, map_by_fd(1)\n"
                              "mov r2, r10\n"
                              "add r2, -4\n"
                              "call 1\n"
                              "jne r0, 0, found\n"
                              "stdw [r10-16], 0\n"
                              "lddw r1, map_by_fd(1)\n"
                              "mov r2, r10\n"
                              "add r2, -4\n"
                              "mov r3, r10\n"
                              "add r3, -16\n"
                              "mov r4, 1\n"
                              "call 2\n"
                              "lddw r1, map_by_fd(1)\n"
                              "mov r2, r10\n"
                              "add r2, -4\n"
                              "call 1\n"
                              "jne r0, 0, found\n"
                              "mov r0, -1\n"
                              "exit\n"
                              "found:\n"
                              "mov r1, 1\n"
                              "lock fetch_add [r0+0], r1\n"
                              "add r1, 1\n"
                              "mov r0, r1\n"
                              "exit\n";

static const enum ebpf_map_kind counting[] = {EBPF_MAP_ARRAY,    EBPF_MAP_HASH,
                                              EBPF_MAP_LRU_HASH, EBPF_MAP_PERCPU_ARRAY,
                                              EBPF_MAP_PERCPU_HASH, EBPF_MAP_LRU_PERCPU_HASH};

/* The sum of all copies. */
static uint64_t sum_of(struct ebpf_map *map, uint32_t key)
{
    uint64_t values[256], sum = 0;
    ck_assert_int_eq(ebpf_map_lookup(map, &key, values), 0);
    for (size_t i = 0; i < ebpf_map_host_size(map) / 8; i++)
        sum += values[i];
    return sum;
}

START_TEST(programs_count)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = make_kind(counting[_i], 0);
        struct ebpf_vm *vm = vm_of(name, &map, 1);
        load(vm, counter);
        bool one_copy = ebpf_map_host_size(map) == 8;
        for (uint64_t i = 1; i <= 100; i++) {
            uint64_t r0 = run(vm, NULL, 0, NULL, 0);
            ck_assert(one_copy ? r0 == i : r0 <= i && r0 > 0);
        }
        ck_assert_uint_eq(sum_of(map, 2), 100);
        ebpf_vm_free(vm);
        ck_assert_uint_eq(sum_of(map, 2), 100); /* the VM had a reference of its own */
        ebpf_map_unref(map);
    }
}
END_TEST

enum { THREADS = 4, RUNS = 2000 };

static void *count_up(void *vm)
{
    for (int i = 0; i < RUNS; i++)
        if (ebpf_vm_run(vm, NULL, NULL))
            return vm;
    return NULL;
}

/* Deletes and writes another key, so that elements come and go. */
static void *disturb(void *map)
{
    for (uint32_t i = 0; i < RUNS; i++) {
        uint64_t value = i;
        uint32_t key = 3;
        ebpf_map_update(map, &key, &value, 0);
        ebpf_map_delete(map, &key);
    }
    return NULL;
}

START_TEST(threads_count)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = make_kind(counting[_i], 0);
        struct ebpf_vm *vm = vm_of(name, &map, 1);
        pthread_t threads[THREADS], other;
        bool per_cpu = ebpf_map_host_size(map) != 8;
        load(vm, counter);
        for (int i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, count_up, vm);
        if (!per_cpu)
            pthread_create(&other, NULL, disturb, map);
        for (int i = 0; i < THREADS; i++) {
            void *failed;
            pthread_join(threads[i], &failed);
            ck_assert_ptr_null(failed);
        }
        if (!per_cpu)
            pthread_join(other, NULL);
        ck_assert_uint_eq(sum_of(map, 2), THREADS * RUNS);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

START_TEST(values_of_arrays_are_constants)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = make_kind(EBPF_MAP_ARRAY, 0);
        struct ebpf_vm *vm = vm_of(name, &map, 1);
        uint32_t key = 1;
        uint64_t value = 77;
        ck_assert_int_eq(ebpf_map_update(map, &key, &value, 0), 0);
        load(vm, "lddw r1, map_val(map_by_fd(1)) + 8\nldxdw r0, [r1+0]\nstdw [r1+16], 5\nexit");
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 77);
        ck_assert_uint_eq(sum_of(map, 3), 5);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* A program, and how its run ends. */
static const struct {
    enum ebpf_map_kind kind;
    uint32_t flags;
    ebpf_status status;
    const char *text;
} faults[] = {
    /* A map itself is out of reach. */
    {EBPF_MAP_HASH, 0, EBPF_ERR_LOAD, "lddw r1, map_by_fd(1)\nldxdw r0, [r1+0]\nexit"},
    {EBPF_MAP_HASH, 0, EBPF_ERR_STORE, "lddw r1, map_by_fd(1)\nstdw [r1+0], 0\nexit"},
    /* What is no map is none. */
    {EBPF_MAP_HASH, 0, EBPF_ERR_HELPER_ARG, "mov r1, r10\nmov r2, r10\nadd r2, -4\ncall 1\nexit"},
    {EBPF_MAP_HASH, 0, EBPF_ERR_HELPER_ARG,
     "lddw r1, map_by_fd(1)\nadd r1, 8\nmov r2, r10\nadd r2, -4\ncall 1\nexit"},
    {EBPF_MAP_HASH, 0, EBPF_ERR_HELPER_ARG, "mov r1, 0\nmov r2, r10\nadd r2, -4\ncall 3\nexit"},
    /* Keys and values have to be the run's memory, all of them. */
    {EBPF_MAP_HASH, 0, EBPF_ERR_HELPER_ARG, "lddw r1, map_by_fd(1)\nmov r2, 8\ncall 1\nexit"},
    {EBPF_MAP_HASH, 0, EBPF_ERR_HELPER_ARG,
     "lddw r1, map_by_fd(1)\nmov r2, r10\nadd r2, -3\ncall 1\nexit"},
    {EBPF_MAP_HASH, 0, EBPF_ERR_HELPER_ARG,
     "lddw r1, map_by_fd(1)\nmov r2, r10\nadd r2, -4\nmov r3, r10\nadd r3, -7\nmov r4, 0\n"
     "call 2\nexit"},
    /* Values end. */
    {EBPF_MAP_ARRAY, 0, EBPF_ERR_LOAD,
     "lddw r1, map_val(map_by_fd(1)) + 24\nldxdw r0, [r1+1]\nexit"},
    {EBPF_MAP_ARRAY, 0, EBPF_ERR_LOAD,
     "lddw r1, map_val(map_by_fd(1)) + 0\nldxdw r0, [r1-1]\nexit"},
    /* Rights. */
    {EBPF_MAP_ARRAY, EBPF_MAP_RDONLY_PROG, EBPF_ERR_READ_ONLY,
     "lddw r1, map_val(map_by_fd(1)) + 0\nldxdw r0, [r1+0]\nstdw [r1+0], 1\nexit"},
    {EBPF_MAP_ARRAY, EBPF_MAP_WRONLY_PROG, EBPF_ERR_LOAD,
     "lddw r1, map_val(map_by_fd(1)) + 0\nldxdw r0, [r1+0]\nexit"},
    {EBPF_MAP_HASH, EBPF_MAP_WRONLY_PROG, EBPF_ERR_HELPER_ARG,
     "lddw r1, map_by_fd(1)\nmov r2, r10\nadd r2, -4\ncall 1\nexit"},
    {EBPF_MAP_HASH, EBPF_MAP_RDONLY_PROG, EBPF_ERR_HELPER_ARG,
     "lddw r1, map_by_fd(1)\nmov r2, r10\nadd r2, -4\ncall 3\nexit"},
};

START_TEST(mistakes_are_faults)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = make_kind(faults[_i].kind, faults[_i].flags);
        struct ebpf_vm *vm = vm_of(name, &map, 1);
        load(vm, faults[_i].text);
        fault_of(vm, NULL, faults[_i].status);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* What a helper answers that takes map 1, and the stack in place of keys and values. */
static const struct {
    struct ebpf_map_def def;
    uint32_t helper;
    ebpf_status status;
    int64_t r0;
} answers[] = {
    /* Kinds that have no such elements. */
    {{.kind = EBPF_MAP_QUEUE, .value_size = 8, .max_entries = 2}, 1, EBPF_OK, 0},
    {{.kind = EBPF_MAP_QUEUE, .value_size = 8, .max_entries = 2}, 2, EBPF_OK, -EOPNOTSUPP},
    {{.kind = EBPF_MAP_QUEUE, .value_size = 8, .max_entries = 2}, 3, EBPF_OK, -EOPNOTSUPP},
    {{.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8, .max_entries = 2}, 87, EBPF_OK,
     -EOPNOTSUPP},
    {{.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8, .max_entries = 2}, 88, EBPF_OK,
     -EOPNOTSUPP},
    {{.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8, .max_entries = 2}, 89, EBPF_OK,
     -EOPNOTSUPP},
    {{.kind = EBPF_MAP_QUEUE, .value_size = 8, .max_entries = 2}, 88, EBPF_OK, -ENOENT},
    /* Only the host puts maps into maps, and takes them away. */
    {{.kind = EBPF_MAP_HASH_OF_MAPS, .key_size = 4, .value_size = 4, .max_entries = 2,
      .inner = &(struct ebpf_map_def){.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 8,
                                      .max_entries = 1}}, 2, EBPF_OK, -EOPNOTSUPP},
    {{.kind = EBPF_MAP_HASH_OF_MAPS, .key_size = 4, .value_size = 4, .max_entries = 2,
      .inner = &(struct ebpf_map_def){.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 8,
                                      .max_entries = 1}}, 3, EBPF_OK, -EOPNOTSUPP},
    /* Rights. */
    {{.kind = EBPF_MAP_PROG_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 2}, 1,
     EBPF_ERR_HELPER_ARG, 0},
    {{.kind = EBPF_MAP_DEVMAP, .key_size = 4, .value_size = 4, .max_entries = 2}, 1, EBPF_OK, 0},
    {{.kind = EBPF_MAP_DEVMAP, .key_size = 4, .value_size = 4, .max_entries = 2}, 2,
     EBPF_ERR_HELPER_ARG, 0},
    {{.kind = EBPF_MAP_DEVMAP, .key_size = 4, .value_size = 4, .max_entries = 2}, 3,
     EBPF_ERR_HELPER_ARG, 0},
    {{.kind = EBPF_MAP_QUEUE, .value_size = 8, .max_entries = 2, .flags = EBPF_MAP_RDONLY_PROG},
     87, EBPF_ERR_HELPER_ARG, 0},
    {{.kind = EBPF_MAP_QUEUE, .value_size = 8, .max_entries = 2, .flags = EBPF_MAP_RDONLY_PROG},
     88, EBPF_ERR_HELPER_ARG, 0},
    {{.kind = EBPF_MAP_QUEUE, .value_size = 8, .max_entries = 2, .flags = EBPF_MAP_WRONLY_PROG},
     89, EBPF_ERR_HELPER_ARG, 0},
    /* Memory of the run that is too small. */
    {{.kind = EBPF_MAP_HASH, .key_size = 24, .value_size = 8, .max_entries = 2}, 2,
     EBPF_ERR_HELPER_ARG, 0},
    {{.kind = EBPF_MAP_HASH, .key_size = 24, .value_size = 8, .max_entries = 2}, 3,
     EBPF_ERR_HELPER_ARG, 0},
    {{.kind = EBPF_MAP_QUEUE, .value_size = 24, .max_entries = 2}, 87, EBPF_ERR_HELPER_ARG, 0},
    {{.kind = EBPF_MAP_QUEUE, .value_size = 24, .max_entries = 2}, 88, EBPF_ERR_HELPER_ARG, 0},
    {{.kind = EBPF_MAP_QUEUE, .value_size = 24, .max_entries = 2}, 89, EBPF_ERR_HELPER_ARG, 0},
    /* Helpers of other kinds. */
    {{.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8, .max_entries = 2}, 131,
     EBPF_ERR_HELPER_ARG, 0},
};

START_TEST(helpers_answer)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = make(answers[_i].def);
        struct ebpf_vm *vm = vm_of(name, &map, 1);
        char text[300];
        snprintf(text, sizeof(text),
                 "stdw [r10-8], 0\nstdw [r10-16], 0\nlddw r1, map_by_fd(1)\nmov r2, r10\n"
                 "add r2, -16\nmov r3, r10\nadd r3, -8\nmov r4, 0\ncall %u\nexit",
                 answers[_i].helper);
        load(vm, text);
        if (answers[_i].status)
            fault_of(vm, NULL, answers[_i].status);
        else
            ck_assert_int_eq((int64_t)run(vm, NULL, 0, NULL, 0), answers[_i].r0);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* A run holds the values of 16 maps; a 17th is one too many. */
START_TEST(a_run_holds_so_many_maps)
{
    enum { MAPS = 17 };
    struct ebpf_map *hashes[MAPS];
    for (int i = 0; i < MAPS; i++)
        hashes[i] = make_kind(EBPF_MAP_HASH, 0);
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_of(name, hashes, MAPS);
        for (int count = MAPS - 1; count <= MAPS; count++) {
            char text[MAPS * 80 + 80];
            int length = snprintf(text, sizeof(text), "stdw [r10-8], 0\n");
            for (int i = 1; i <= count; i++)
                length += snprintf(text + length, sizeof(text) - (size_t)length,
                                   "lddw r1, map_by_fd(%d)\nmov r2, r10\nadd r2, -8\ncall 1\n", i);
            snprintf(text + length, sizeof(text) - (size_t)length, "mov r0, 7\nexit");
            load(vm, text);
            if (count < MAPS)
                ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 7);
            else
                fault_of(vm, NULL, EBPF_ERR_HELPER_FAULT);
        }
        ebpf_vm_free(vm);
    }
    for (int i = 0; i < MAPS; i++)
        ebpf_map_unref(hashes[i]);
}
END_TEST

/* One run after another sees nothing of what an earlier one held. */
START_TEST(values_are_held_for_a_run_only)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = make_kind(EBPF_MAP_HASH, 0);
        struct ebpf_vm *vm = vm_of(name, &map, 1);
        load(vm, "stw [r10-4], 2\nlddw r1, map_by_fd(1)\nmov r2, r10\nadd r2, -4\ncall 1\nexit");
        uint32_t key = 2;
        uint64_t value = 9;
        ck_assert_int_eq(ebpf_map_update(map, &key, &value, 0), 0);
        uint64_t address = run(vm, NULL, 0, NULL, 0);
        ck_assert_uint_ne(address, 0);
        char text[80];
        snprintf(text, sizeof(text), "lddw r1, 0x%llx\nldxdw r0, [r1+0]\nexit",
                 (unsigned long long)address);
        load(vm, text);
        fault_of(vm, NULL, EBPF_ERR_LOAD);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* A run that holds a value sees it unchanged when its key is gone and others have come. */
START_TEST(removed_values_stay_while_held)
{
    static const char text[] = "stw [r10-4], 2\n"
                               "stdw [r10-16], 123\n"
                               "mov r6, 0\n"
                               "put:\n"
                               "lddw r1, map_by_fd(1)\n"
                               "mov r2, r10\n"
                               "add r2, -4\n"
                               "mov r3, r10\n"
                               "add r3, -16\n"
                               "mov r4, 0\n"
                               "call 2\n"
                               "jne r0, 0, bad\n"
                               "jne r6, 0, second\n"
                               "lddw r1, map_by_fd(1)\n"
                               "mov r2, r10\n"
                               "add r2, -4\n"
                               "call 1\n"
                               "mov r6, r0\n"
                               "mov r7, 60\n"
                               "second:\n"
                               "lddw r1, map_by_fd(1)\n"
                               "mov r2, r10\n"
                               "add r2, -4\n"
                               "call 3\n"
                               "jne r0, 0, bad\n"
                               "stdw [r10-16], 9\n"
                               "add r7, -1\n"
                               "jne r7, 0, put\n"
                               "ldxdw r0, [r6+0]\n"
                               "exit\n"
                               "bad:\n"
                               "exit\n";
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = make_kind(EBPF_MAP_HASH, 0);
        struct ebpf_vm *vm = vm_of(name, &map, 1);
        load(vm, text);
        for (int i = 0; i < 10; i++)
            ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 123);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

START_TEST(unknown_maps_are_refused)
{
    struct ebpf_map *map = make_kind(EBPF_MAP_HASH, 0);
    struct ebpf_vm *vm = vm_of(NULL, &map, 1);
    struct ebpf_program *program = assemble("lddw r1, map_by_fd(7)\nmov r0, 0\nexit");
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_ERR_REFERENCE);
    ebpf_program_unref(program);
    /* A hash table has no first value. */
    program = assemble("lddw r1, map_val(map_by_fd(1)) + 0\nmov r0, 0\nexit");
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_ERR_REFERENCE);
    ebpf_program_unref(program);
    ck_assert_int_eq(ebpf_vm_add_map(vm, 1, map), EBPF_ERR_EXISTS);
    ck_assert_ptr_eq(ebpf_vm_map(vm, 1), map);
    ck_assert_ptr_null(ebpf_vm_map(vm, 2));
    ebpf_vm_free(vm);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(two_vms_share_a_map)
{
    struct ebpf_map *map = make_kind(EBPF_MAP_HASH, 0);
    struct ebpf_vm *first = vm_of(NULL, &map, 1), *second = vm_of("interp", &map, 1);
    load(first, counter);
    load(second, counter);
    ck_assert_uint_eq(run(first, NULL, 0, NULL, 0), 1);
    ck_assert_uint_eq(run(second, NULL, 0, NULL, 0), 2);
    ebpf_vm_free(first);
    ck_assert_uint_eq(run(second, NULL, 0, NULL, 0), 3);
    ebpf_vm_free(second);
    ebpf_map_unref(map);
}
END_TEST

/* Looks key 0 up in map 1, and key 2 in the map found there. */
START_TEST(maps_hold_maps)
{
    static const char text[] = "stw [r10-4], 0\n"
                               "stw [r10-8], 2\n"
                               "lddw r1, map_by_fd(1)\n"
                               "mov r2, r10\n"
                               "add r2, -4\n"
                               "call 1\n"
                               "jeq r0, 0, out\n"
                               "mov r1, r0\n"
                               "mov r2, r10\n"
                               "add r2, -8\n"
                               "call 1\n"
                               "jeq r0, 0, out\n"
                               "ldxdw r0, [r0+0]\n"
                               "out:\n"
                               "exit\n";
    static const enum ebpf_map_kind outers[] = {EBPF_MAP_HASH_OF_MAPS, EBPF_MAP_ARRAY_OF_MAPS};
    static const enum ebpf_map_kind inners[] = {EBPF_MAP_HASH, EBPF_MAP_ARRAY};
    FOR_EACH_ENGINE(name) {
        struct ebpf_map_def inner_def = {.kind = inners[_i % 2], .key_size = 4, .value_size = 8,
                                         .max_entries = 4};
        struct ebpf_map *inner = make(inner_def), *found;
        struct ebpf_map *outer = make((struct ebpf_map_def){
            .kind = outers[_i / 2], .key_size = 4, .value_size = 4, .max_entries = 2,
            .inner = &inner_def});
        struct ebpf_vm *vm = vm_of(name, &outer, 1);
        uint32_t key = 2, zero = 0;
        uint64_t value = 55;
        load(vm, text);
        ck_assert_int_eq(ebpf_map_update(inner, &key, &value, 0), 0);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 0);
        ck_assert_int_eq(ebpf_map_lookup_inner(outer, &zero, &found), -ENOENT);
        ck_assert_int_eq(ebpf_map_update_inner(outer, &zero, outer, 0), -EINVAL);
        ck_assert_int_eq(ebpf_map_update_inner(outer, &zero, inner, 0), 0);
        ck_assert_int_eq(ebpf_map_update_inner(outer, &zero, inner, 0), 0);
        ck_assert_int_eq(ebpf_map_lookup_inner(outer, &zero, &found), 0);
        ck_assert_ptr_eq(found, inner);
        ebpf_map_unref(found);
        ebpf_map_unref(inner); /* the outer map has it */
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 55);
        ck_assert_int_eq(ebpf_map_delete(outer, &zero), 0);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 0);
        ebpf_vm_free(vm);
        ebpf_map_unref(outer);
    }
}
END_TEST

/* Pushes 5 and 6; takes one and looks at the other: 10 * first + second. */
START_TEST(queues_and_stacks)
{
    static const char text[] = "mov r6, 5\n"
                               "push:\n"
                               "stxdw [r10-8], r6\n"
                               "lddw r1, map_by_fd(1)\n"
                               "mov r2, r10\n"
                               "add r2, -8\n"
                               "mov r3, 0\n"
                               "call 87\n"
                               "jne r0, 0, out\n"
                               "add r6, 1\n"
                               "jne r6, 7, push\n"
                               "lddw r1, map_by_fd(1)\n"
                               "mov r2, r10\n"
                               "add r2, -8\n"
                               "call 88\n"
                               "jne r0, 0, out\n"
                               "ldxdw r6, [r10-8]\n"
                               "mul r6, 10\n"
                               "lddw r1, map_by_fd(1)\n"
                               "mov r2, r10\n"
                               "add r2, -8\n"
                               "call 89\n"
                               "jne r0, 0, out\n"
                               "ldxdw r0, [r10-8]\n"
                               "add r0, r6\n"
                               "out:\n"
                               "exit\n";
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = make((struct ebpf_map_def){
            .kind = _i ? EBPF_MAP_STACK : EBPF_MAP_QUEUE, .value_size = 8, .max_entries = 2});
        struct ebpf_vm *vm = vm_of(name, &map, 1);
        load(vm, text);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), _i ? 65 : 56);
        ck_assert_int_eq((int)run(vm, NULL, 0, NULL, 0), -E2BIG);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* The route to 10.1.2.3. */
START_TEST(longest_prefixes)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = make((struct ebpf_map_def){
            .kind = EBPF_MAP_LPM_TRIE, .key_size = 8, .value_size = 4, .max_entries = 8,
            .flags = EBPF_MAP_NO_PREALLOC});
        struct ebpf_vm *vm = vm_of(name, &map, 1);
        const struct {
            uint32_t length;
            uint8_t bytes[4];
        } routes[] = {{8, {10, 0, 0, 0}}, {16, {10, 1, 0, 0}}, {24, {10, 1, 9, 0}}};
        for (uint32_t i = 0; i < 3; i++)
            ck_assert_int_eq(ebpf_map_update(map, &routes[i], &i, 0), 0);
        load(vm, "stw [r10-8], 32\nstw [r10-4], 0x0302010a\nlddw r1, map_by_fd(1)\nmov r2, r10\n"
                 "add r2, -8\ncall 1\njeq r0, 0, out\nldxw r0, [r0+0]\nout:\nexit");
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 1);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        const struct ebpf_vm_options options = {.size = sizeof(options), .mem = &f.mem};
        struct ebpf_map *map = make_kind(EBPF_MAP_ARRAY, 0);
        struct ebpf_program *program =
            assemble("lddw r1, map_by_fd(1)\nlddw r1, map_val(map_by_fd(2)) + 0\nmov r0, 0\nexit");
        struct ebpf_vm *vm;
        ebpf_status status = ebpf_vm_new(&options, NULL, &vm);
        if (!status)
            status = ebpf_vm_add_map(vm, 1, map);
        if (!status)
            status = ebpf_vm_add_map(vm, 2, map);
        if (!status)
            status = ebpf_vm_set_program(vm, program, NULL);
        if (!status)
            status = ebpf_vm_compile(vm, NULL);
        failing_mem_check(&f, status);
        ebpf_vm_free(vm);
        ebpf_program_unref(program);
        ebpf_map_unref(map);
    }
}
END_TEST

static TCase *maps(void)
{
    TCase *tc = tcase_create("maps");
    tcase_add_loop_test(tc, programs_count, 0, sizeof(counting) / sizeof(counting[0]));
    tcase_add_loop_test(tc, threads_count, 0, sizeof(counting) / sizeof(counting[0]));
    tcase_add_test(tc, values_of_arrays_are_constants);
    tcase_add_loop_test(tc, mistakes_are_faults, 0, sizeof(faults) / sizeof(faults[0]));
    tcase_add_loop_test(tc, helpers_answer, 0, sizeof(answers) / sizeof(answers[0]));
    tcase_add_test(tc, a_run_holds_so_many_maps);
    tcase_add_test(tc, values_are_held_for_a_run_only);
    tcase_add_test(tc, removed_values_stay_while_held);
    tcase_add_test(tc, unknown_maps_are_refused);
    tcase_add_test(tc, two_vms_share_a_map);
    tcase_add_loop_test(tc, maps_hold_maps, 0, 4);
    tcase_add_loop_test(tc, queues_and_stacks, 0, 2);
    tcase_add_test(tc, longest_prefixes);
    tcase_add_test(tc, every_allocation_may_fail);
    return tc;
}

RUN_SUITE("vm/maps-in-programs", maps)
