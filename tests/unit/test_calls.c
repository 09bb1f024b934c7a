/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tail calls and calls back, in every engine. */
#include <errno.h>

#include "tests/unit/vm_unit.h"

static struct ebpf_map *new_map(enum ebpf_map_kind kind, uint32_t value_size, uint32_t entries)
{
    const struct ebpf_map_def def = {.kind = kind, .key_size = 4, .value_size = value_size,
                                     .max_entries = entries};
    struct ebpf_map *map;
    ck_assert_int_eq(ebpf_map_new(&def, NULL, NULL, &map), EBPF_OK);
    return map;
}

static struct ebpf_map *programs(uint32_t entries)
{
    return new_map(EBPF_MAP_PROG_ARRAY, 4, entries);
}

static struct ebpf_vm *vm_of(const char *name, struct ebpf_map *map, const char *text)
{
    struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_add_map(vm, 1, map), EBPF_OK);
    load(vm, text);
    return vm;
}

static struct ebpf_result run_with(const struct ebpf_vm *vm, uint64_t budget)
{
    struct ebpf_result result;
    const struct ebpf_input in = {.size = sizeof(in), .budget = budget};
    ebpf_vm_run(vm, &in, &result);
    return result;
}

#define TAIL(index) "lddw r2, map_by_fd(1)\nmov r3, " #index "\ncall 12\n"

START_TEST(programs_go_on_in_others)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = programs(4);
        struct ebpf_vm *first = vm_of(name, map, TAIL(1) "mov r0, -7\nexit\n");
        struct ebpf_vm *second = vm_of(name, map, "ldxdw r0, [r10-8]\nadd r0, 42\nexit\n");
        ck_assert_uint_eq(run(first, NULL, 0, NULL, 0), (uint64_t)-7); /* nothing there */
        ck_assert_int_eq(ebpf_map_set_program(map, 1, second, NULL), EBPF_OK);
        struct ebpf_result result = run_with(first, 0);
        ck_assert_uint_eq(result.r0, 42);
        ck_assert_uint_eq(result.executed, 3 + 3);
        for (uint64_t budget = 1; budget <= 6; budget++) {
            result = run_with(first, budget);
            ck_assert_int_eq(result.fault.status, budget < 6 ? EBPF_ERR_BUDGET : EBPF_OK);
            ck_assert_uint_eq(result.executed, budget);
            if (budget >= 3 && budget < 6) {
                ck_assert_ptr_eq(result.fault.vm, second);
                ck_assert_uint_eq(result.fault.insn, budget - 3);
            }
        }
        ck_assert_int_eq(ebpf_map_set_program(map, 1, NULL, NULL), EBPF_OK);
        ck_assert_uint_eq(run(first, NULL, 0, NULL, 0), (uint64_t)-7);
        ebpf_vm_free(first);
        ebpf_vm_free(second);
        ebpf_map_unref(map);
    }
}
END_TEST

/* What it returns is the number of the last call, in a map of the second id. */
START_TEST(tail_calls_are_33_deep)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = programs(1), *counter = new_map(EBPF_MAP_ARRAY, 8, 1);
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
        ebpf_vm_register_helpers(vm, ebpf_helpers_kernel());
        ck_assert_int_eq(ebpf_vm_add_map(vm, 1, map), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_add_map(vm, 2, counter), EBPF_OK);
        load(vm, "lddw r6, map_val(map_by_fd(2)) + 0\nldxdw r0, [r6]\nadd r0, 1\nstxdw [r6], r0\n"
                 TAIL(0) "exit\n");
        ck_assert_int_eq(ebpf_map_set_program(map, 0, vm, NULL), EBPF_OK);
        ck_assert_int_eq((int64_t)run(vm, NULL, 0, NULL, 0), -E2BIG);
        uint32_t key = 0;
        uint64_t count;
        ebpf_map_lookup(counter, &key, &count);
        ck_assert_uint_eq(count, 1 + EBPF_TAIL_CALLS_MAX);
        ebpf_map_unref(map); /* the program and the array have each other now, and nobody else */
        ebpf_vm_free(vm);
        ebpf_map_unref(counter);
    }
}
END_TEST

/* A tail call in a function returns to its caller: 5 + 100 * what the function returns. */
static const char from_function[] = "mov r6, 5\n"
                                    "stdw [r10-8], 9\n"
                                    "call local f\n"
                                    "mul r0, 100\n"
                                    "add r0, r6\n"
                                    "ldxdw r1, [r10-8]\n"
                                    "add r0, r1\n"
                                    "exit\n"
                                    "f:\n"
                                    "mov r6, 77\n"
                                    "stdw [r10-8], 3\n" TAIL(0) "mov r0, 1\nexit\n";

static const char *const targets[] = {
    "mov r6, 1\nldxdw r0, [r10-8]\nadd r0, 2\nexit\n",
    /* one with functions of its own, which make a tail call in turn */
    "stdw [r10-8], 1\ncall local f\nldxdw r1, [r10-8]\nadd r0, r1\nexit\n"
    "f:\nmov r6, 3\n" TAIL(1) "mov r0, 1\nexit\n",
};

START_TEST(functions_are_replaced)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = programs(2);
        struct ebpf_vm *vm = vm_of(name, map, from_function);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 100 + 5 + 9);
        struct ebpf_vm *target = vm_of(name, map, targets[_i]);
        ck_assert_int_eq(ebpf_map_set_program(map, 0, target, NULL), EBPF_OK);
        struct ebpf_result whole = run_with(vm, 0);
        ck_assert_int_eq(whole.fault.status, EBPF_OK);
        ck_assert_uint_eq(whole.r0, 200 + 5 + 9);
        for (uint64_t budget = 1; budget <= whole.executed; budget++) {
            struct ebpf_result result = run_with(vm, budget);
            ck_assert_uint_eq(result.executed, budget);
            ck_assert_int_eq(result.fault.status,
                             budget < whole.executed ? EBPF_ERR_BUDGET : EBPF_OK);
        }
        ebpf_vm_free(target);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 200 + 5 + 9); /* the array keeps it */
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

START_TEST(faults_name_the_program)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = programs(1);
        struct ebpf_vm *vm = vm_of(name, map, "call local f\nexit\nf:\n" TAIL(0) "exit\n");
        struct ebpf_vm *bad = vm_of(name, map, "mov r1, 5\nldxb r0, [r1]\nexit\n");
        ck_assert_int_eq(ebpf_map_set_program(map, 0, bad, NULL), EBPF_OK);
        struct ebpf_result result = run_with(vm, 0);
        ck_assert_int_eq(result.fault.status, EBPF_ERR_LOAD);
        ck_assert_ptr_eq(result.fault.vm, bad);
        ck_assert_uint_eq(result.fault.pc, 1);
        ck_assert_uint_eq(result.executed, 4 + 2);
        ebpf_vm_free(vm);
        ebpf_vm_free(bad);
        ebpf_map_unref(map);
    }
}
END_TEST

START_TEST(arrays_are_for_one_sort)
{
    struct ebpf_map *map = programs(2), *other = new_map(EBPF_MAP_ARRAY, 4, 2);
    struct ebpf_vm *vm = vm_of("interp", map, "mov r0, 0\nexit\n");
    struct ebpf_vm *raw = vm_with(&(struct ebpf_vm_options){.kind = EBPF_VM_RAW,
                                                            .backend = "interp"},
                                  "mov r0, 0\nexit\n");
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    uint32_t key = 0, value = 0;
    ck_assert_int_eq(ebpf_map_set_program(map, 0, raw, diag), EBPF_ERR_INVALID);
    ck_assert_uint_eq(ebpf_diag_count(diag), 1);
    ebpf_diag_free(diag);
    ck_assert_int_eq(ebpf_vm_add_map(raw, 1, map), EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_map_set_program(map, 2, vm, NULL), EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_map_set_program(other, 0, vm, NULL), EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_map_update(map, &key, &value, 0), -EOPNOTSUPP);
    ck_assert_int_eq(ebpf_map_set_program(map, 0, vm, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_set_program(vm, NULL, NULL), EBPF_ERR_STATE);
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_ERR_STATE);
    ck_assert_int_eq(ebpf_vm_add_map(vm, 2, other), EBPF_ERR_STATE);
    ck_assert_int_eq(ebpf_map_delete(map, &key), 0);
    ebpf_map_unref(map);
    ebpf_map_unref(other);
    ebpf_vm_free(vm);
    ebpf_vm_free(raw);
}
END_TEST

/* What programs that call each other must have in common, and what is said if they have not. */
static const struct {
    struct ebpf_vm_options options;
    const char *differs;
} sorts[] = {
    {{.backend = "interp", .kind = EBPF_VM_RAW}, "the kind of VM"},
    {{.backend = "interp", .policy = EBPF_POLICY_TRUSTED}, "the policy"},
    {{.backend = "interp", .max_depth = 3}, "the stack"},
    {{.backend = "interp", .frame_size = 1024}, "the stack"},
    {{.backend = "interp", .stack_size = 4096}, "the stack"},
    {{.backend = "x86_64"}, "the engine"},
};

START_TEST(differences_are_named)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_map *map = programs(2);
    struct ebpf_vm *first = vm_of("interp", map, "mov r0, 0\nexit\n"), *other;
    if (ebpf_backend_find(sorts[_i].options.backend)) {
        other = vm_with(&sorts[_i].options, "mov r0, 0\nexit\n");
        ck_assert_int_eq(ebpf_map_set_program(map, 0, other, diag), EBPF_ERR_INVALID);
        ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, sorts[_i].differs));
        ebpf_vm_free(other);
    }
    /* A program that is not compiled, whatever its sort. */
    other = empty_vm(&(struct ebpf_vm_options){.backend = "interp"});
    ebpf_diag_clear(diag);
    ck_assert_int_eq(ebpf_map_set_program(map, 0, other, diag), EBPF_ERR_STATE);
    ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, "not compiled"));
    ebpf_vm_free(other);
    ebpf_vm_free(first);
    ebpf_map_unref(map);
    ebpf_diag_free(diag);
}
END_TEST

START_TEST(types_of_programs_differ)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_map *map = programs(2);
    const struct ebpf_vm_options xdp = {.backend = "interp", .kind = EBPF_VM_TYPED, .type = "xdp"};
    struct ebpf_vm_options tc = xdp;
    tc.type = "sched_cls";
    struct ebpf_vm *first = vm_with(&xdp, "mov r0, 0\nexit\n");
    struct ebpf_vm *other = vm_with(&tc, "mov r0, 0\nexit\n");
    ck_assert_int_eq(ebpf_map_set_program(map, 0, first, diag), EBPF_OK);
    ck_assert_int_eq(ebpf_map_set_program(map, 1, other, diag), EBPF_ERR_INVALID);
    ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, "the type of programs"));
    ck_assert_int_eq(ebpf_map_set_program(map, 0, NULL, diag), EBPF_OK);
    ebpf_vm_free(other);
    ebpf_vm_free(first);
    ebpf_map_unref(map);
    ebpf_diag_free(diag);
}
END_TEST

START_TEST(tail_calls_want_a_program_array)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = new_map(EBPF_MAP_ARRAY, 4, 2);
        struct ebpf_vm *vm = vm_of(name, map, TAIL(0) "exit\n");
        struct ebpf_fault fault = fault_of(vm, NULL, EBPF_ERR_HELPER_ARG);
        ck_assert_ptr_nonnull(strstr(fault.message, "this map is no program array"));
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* Calls back. */

#define LOOP(count)                                                                                \
    "mov r1, " #count "\nlddw r2, code_addr(f)\nmov r3, r10\nadd r3, -8\nmov r4, 0\ncall 181\n"

static const struct {
    const char *text;
    int64_t r0;
} loops[] = {
    /* the sum of 0 to 99, in the caller's frame */
    {"stdw [r10-8], 0\n" LOOP(100) "ldxdw r0, [r10-8]\nexit\n"
     "f:\nldxdw r3, [r2]\nadd r3, r1\nstxdw [r2], r3\nmov r0, 0\nexit\n", 4950},
    {"stdw [r10-8], 0\n" LOOP(100) "exit\nf:\nmov r0, 0\nexit\n", 100},
    {LOOP(100) "exit\nf:\nmov r0, 0\njlt r1, 10, +1\nmov r0, 1\nexit\n", 11},
    {LOOP(0) "exit\nf:\nmov r0, 0\nexit\n", 0},
    {LOOP(8388609) "exit\nf:\nmov r0, 0\nexit\n", -E2BIG},
    {"mov r1, 1\nlddw r2, code_addr(f)\nmov r4, 1\ncall 181\nexit\nf:\nmov r0, 0\nexit\n", -EINVAL},
    /* registers and frames stay */
    {"mov r6, 6\nmov r7, 7\nmov r8, 8\nmov r9, 9\nstdw [r10-16], 10\n" LOOP(3)
     "ldxdw r1, [r10-16]\nadd r0, r1\nadd r0, r6\nadd r0, r7\nadd r0, r8\nadd r0, r9\nexit\n"
     "f:\nldxdw r6, [r10-16]\nstdw [r10-16], 5\nmov r7, 1\nmov r8, 1\nmov r9, 1\nmov r0, r6\n"
     "exit\n",
     43},
    /* loops in loops, functions in functions */
    {"stdw [r10-8], 0\n" LOOP(10) "ldxdw r0, [r10-8]\nexit\n"
     "f:\nmov r6, r2\nmov r1, 10\nlddw r2, code_addr(g)\nmov r3, r6\nmov r4, 0\ncall 181\n"
     "mov r0, 0\nexit\n"
     "g:\nmov r1, r2\ncall local h\nmov r0, 0\nexit\n"
     "h:\nmov r3, 1\nlock fetch_add [r1], r3\nexit\n", 100},
    /* from a function that was called */
    {"call local k\nadd r0, 1\nexit\nk:\n" LOOP(4) "exit\nf:\nmov r0, 0\nexit\n", 5},
};

START_TEST(functions_are_called_back)
{
    uint64_t executed = 0;
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = programs(1);
        struct ebpf_vm *vm = vm_of(name, map, loops[_i].text);
        struct ebpf_result whole = run_with(vm, 0);
        ck_assert_int_eq(whole.fault.status, EBPF_OK);
        ck_assert_int_eq((int64_t)whole.r0, loops[_i].r0);
        ck_assert(executed == 0 || executed == whole.executed);
        executed = whole.executed;
        for (uint64_t budget = 1; budget <= whole.executed; budget++) {
            struct ebpf_result result = run_with(vm, budget);
            ck_assert_uint_eq(result.executed, budget);
            ck_assert_int_eq(result.fault.status,
                             budget < whole.executed ? EBPF_ERR_BUDGET : EBPF_OK);
        }
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

static const struct {
    const char *text;
    ebpf_status status;
    uint32_t insn;
} bad_loops[] = {
    {LOOP(5) "exit\nf:\nmov r1, 1\nldxb r0, [r1]\nexit\n", EBPF_ERR_LOAD, 8},
    {"mov r1, 1\nmov r2, 3\nmov r4, 0\ncall 181\nexit\n", EBPF_ERR_HELPER_ARG, 3},
    /* into the middle of a function */
    {"mov r1, 1\nlddw r2, code_addr(f)\nadd r2, 1\nmov r4, 0\ncall 181\nexit\n"
     "f:\nmov r0, 0\nexit\n",
     EBPF_ERR_HELPER_ARG, 4},
    /* a function calls itself until there is no stack left: 8 frames, each by `call 181` */
    {"mov r1, 1\nmov r2, 0\ncall local f\nexit\n"
     "f:\nmov r1, 1\nlddw r2, code_addr(f)\nmov r3, 0\nmov r4, 0\ncall 181\nexit\n",
     EBPF_ERR_CALL_DEPTH, 8},
    {"lddw r1, code_addr(f)\nldxb r0, [r1]\nexit\nf:\nexit\n", EBPF_ERR_LOAD, 1},
};

START_TEST(calls_back_fail)
{
    uint64_t executed = 0;
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = programs(1);
        struct ebpf_vm *vm = vm_of(name, map, bad_loops[_i].text);
        struct ebpf_result result = run_with(vm, 0);
        ck_assert_int_eq(result.fault.status, bad_loops[_i].status);
        ck_assert_uint_eq(result.fault.insn, bad_loops[_i].insn);
        ck_assert(executed == 0 || executed == result.executed);
        executed = result.executed;
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* Adds keys and values up; removes each element of hash tables. */
static const char each[] = "stdw [r10-8], 0\n"
                           "lddw r1, map_by_fd(1)\n"
                           "lddw r2, code_addr(f)\n"
                           "mov r3, r10\n"
                           "add r3, -8\n"
                           "mov r4, 0\n"
                           "call 164\n"
                           "mul r0, 1000\n"
                           "ldxdw r1, [r10-8]\n"
                           "add r0, r1\n"
                           "exit\n"
                           "f:\n"
                           "ldxw r5, [r2]\n"
                           "ldxdw r0, [r3]\n"
                           "add r5, r0\n"
                           "ldxdw r0, [r4]\n"
                           "add r5, r0\n"
                           "stxdw [r4], r5\n"
                           "call 3\n"
                           "mov r0, 0\n"
                           "exit\n";

static const enum ebpf_map_kind visited[] = {EBPF_MAP_ARRAY, EBPF_MAP_HASH, EBPF_MAP_LRU_HASH};

START_TEST(elements_are_visited)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_map *map = new_map(visited[_i], 8, 10);
        struct ebpf_vm *vm = vm_of(name, map, each);
        uint64_t value = 7;
        for (uint32_t key = 0; key < 10; key++)
            ck_assert_int_eq(ebpf_map_update(map, &key, &value, 0), 0);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 10000 + 45 + 70);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0),
                          visited[_i] == EBPF_MAP_ARRAY ? 10000 + 45 + 70 : 0);
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

static TCase *calls(void)
{
    TCase *tc = tcase_create("calls");
    tcase_add_test(tc, programs_go_on_in_others);
    tcase_add_test(tc, tail_calls_are_33_deep);
    tcase_add_loop_test(tc, functions_are_replaced, 0, sizeof(targets) / sizeof(targets[0]));
    tcase_add_test(tc, faults_name_the_program);
    tcase_add_test(tc, arrays_are_for_one_sort);
    tcase_add_loop_test(tc, differences_are_named, 0, sizeof(sorts) / sizeof(sorts[0]));
    tcase_add_test(tc, types_of_programs_differ);
    tcase_add_test(tc, tail_calls_want_a_program_array);
    tcase_add_loop_test(tc, functions_are_called_back, 0, sizeof(loops) / sizeof(loops[0]));
    tcase_add_loop_test(tc, calls_back_fail, 0, sizeof(bad_loops) / sizeof(bad_loops[0]));
    tcase_add_loop_test(tc, elements_are_visited, 0, sizeof(visited) / sizeof(visited[0]));
    return tc;
}

RUN_SUITE("vm/calls", calls)
