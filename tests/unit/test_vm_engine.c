/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Engines from outside of the library: how a VM chooses among them, and what it refuses. */
#include "config.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/vm_unit.h"

static ebpf_status cannot_run(void)
{
    return EBPF_ERR_UNSUPPORTED;
}

/* The interpreter under another name, with one thing changed. */
static struct ebpf_backend like_interp(const char *name)
{
    struct ebpf_backend backend = *ebpf_backend_find("interp");
    backend.name = name;
    return backend;
}

/* Makes a VM that chooses from a list; the message of the refusal is in `diag`. */
static ebpf_status choose(const struct ebpf_backend *const *list, const char *name,
                          struct ebpf_diag *diag, struct ebpf_vm **vm)
{
    const struct ebpf_vm_options options = {
        .size = sizeof(options), .backend = name, .backends = list};
    return ebpf_vm_new(&options, diag, vm);
}

static void chosen(const struct ebpf_backend *const *list, const char *name,
                   const struct ebpf_backend *expected)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_vm *vm;
    ck_assert_int_eq(choose(list, name, diag, &vm), EBPF_OK);
    ck_assert_ptr_eq(ebpf_vm_backend(vm), expected);
    load(vm, "mov r0, 42\nexit");
    ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 42);
    ebpf_vm_free(vm);
    ebpf_diag_free(diag);
}

static void refused(const struct ebpf_backend *const *list, const char *name, const char *message)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_vm *vm;
    ck_assert_int_eq(choose(list, name, diag, &vm), EBPF_ERR_BACKEND);
    ck_assert_ptr_null(vm);
    ck_assert_uint_eq(ebpf_diag_count(diag), 1);
    ck_assert_str_eq(ebpf_diag_at(diag, 0)->message, message);
    ebpf_diag_free(diag);
}

START_TEST(the_best_that_can_run_is_chosen)
{
    struct ebpf_backend best = like_interp("best"), second = like_interp("second");
    const struct ebpf_backend *interp = ebpf_backend_find("interp");
    const struct ebpf_backend *const list[] = {&best, &second, interp, NULL};
    chosen(list, NULL, &best);
    chosen(list, "second", &second);
    chosen(list, "interp", interp);
    best.probe = cannot_run;
    chosen(list, NULL, &second);
    refused(list, "best", "this host cannot run engine \"best\"");
    refused(list, "third", "there is no engine \"third\"");
    const struct ebpf_backend *const bad[] = {&best, NULL}, *const none[] = {NULL};
    refused(bad, NULL, "none of the engines can run on this host");
    refused(none, NULL, "none of the engines can run on this host");
}
END_TEST

START_TEST(a_list_may_go_once_the_vm_is_made)
{
    struct ebpf_backend mine = like_interp("mine");
    const struct ebpf_backend *list[] = {&mine, NULL};
    struct ebpf_vm *vm;
    ck_assert_int_eq(choose(list, NULL, NULL, &vm), EBPF_OK);
    list[0] = NULL;
    load(vm, "mov r0, 1\nexit");
    load(vm, "mov r0, 2\nexit");
    ck_assert_ptr_eq(ebpf_vm_backend(vm), &mine);
    ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 2);
    ebpf_vm_free(vm);
}
END_TEST

START_TEST(tables_must_be_complete)
{
    static const size_t members[] = {
        offsetof(struct ebpf_backend, summary), offsetof(struct ebpf_backend, probe),
        offsetof(struct ebpf_backend, compile), offsetof(struct ebpf_backend, run),
        offsetof(struct ebpf_backend, dump),    offsetof(struct ebpf_backend, destroy)};
    struct ebpf_backend mine;
    const struct ebpf_backend *const list[] = {&mine, NULL};
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        mine = like_interp("mine");
        memset((char *)&mine + members[i], 0, sizeof(void *));
        refused(list, NULL, "engine mine has members that are NULL");
    }
    mine = like_interp(NULL);
    refused(list, NULL, "engine without a name has members that are NULL");
    refused(list, "mine", "engine without a name has members that are NULL");
}
END_TEST

START_TEST(tables_of_other_versions_are_refused)
{
    struct ebpf_backend mine = like_interp("mine");
    const struct ebpf_backend *const list[] = {&mine, NULL};
    mine.abi = EBPF_BACKEND_ABI + 1;
    mine.probe = NULL; /* may be anything there */
    char message[120];
    snprintf(message, sizeof(message),
             "engine mine is for version %u of the interface, this is version %u",
             EBPF_BACKEND_ABI + 1, EBPF_BACKEND_ABI);
    refused(list, NULL, message);
    mine.abi = 0;
    snprintf(message, sizeof(message),
             "engine mine is for version 0 of the interface, this is version %u",
             EBPF_BACKEND_ABI);
    refused(list, NULL, message);
}
END_TEST

START_TEST(groups_that_an_engine_lacks_are_refused_with_their_place)
{
    struct ebpf_backend mine = like_interp("mine");
    const struct ebpf_backend *const list[] = {&mine, NULL};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_vm *vm;
    mine.groups &= ~(uint32_t)(EBPF_GROUP_DIVMUL64 | EBPF_GROUP_ATOMIC32);
    ck_assert_int_eq(choose(list, NULL, diag, &vm), EBPF_OK);
    struct ebpf_program *program = assemble("mov r0, 6\n"
                                            "mul32 r0, 7\n"
                                            "mul r0, 2\n"
                                            "stdw [r10-8], 0\n"
                                            "lock fetch_add32 [r10-8], r0\n"
                                            "exit");
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, diag), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, diag), EBPF_ERR_UNSUPPORTED);
    ck_assert_uint_eq(ebpf_diag_count(diag), 2);
    const struct ebpf_diag_entry *entry = ebpf_diag_at(diag, 0);
    ck_assert_uint_eq(entry->line, 3);
    ck_assert_uint_eq(entry->pc, 2);
    ck_assert_str_eq(entry->message,
                     "engine mine does not take instructions of group divmul64");
    entry = ebpf_diag_at(diag, 1);
    ck_assert_uint_eq(entry->line, 5);
    ck_assert_str_eq(entry->message,
                     "engine mine does not take instructions of group atomic32");
    ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_ERR_STATE);
    load(vm, "mov r0, 6\nmul32 r0, 7\nexit");
    ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 42);
    ebpf_program_unref(program);
    ebpf_vm_free(vm);
    ebpf_diag_free(diag);
}
END_TEST

static void protect(void *page, size_t size, int protection)
{
    ck_assert_int_eq(mprotect(page, size, protection), 0);
}

static uint64_t forty(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    return 40 + 0 * (r1 + r2 + r3 + r4 + r5);
}

/* A VM, with a program loaded, whose machine code has the `size` bytes before `end`. */
static struct ebpf_vm *vm_in(uint8_t *end, size_t size)
{
    const struct ebpf_vm_options options = {.exec_memory = end - size, .exec_size = size};
    const struct ebpf_helper helper = {.id = 1, .fn = forty};
    struct ebpf_program *program = assemble("call 1\nadd r0, 2\nexit");
    struct ebpf_vm *vm = empty_vm(&options);
    ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    ebpf_program_unref(program);
    return vm;
}

/* The page behind is not accessible: a byte too many would be noticed. */
START_TEST(machine_code_goes_where_the_embedder_says)
{
    if (!(ebpf_backend_find(NULL)->caps & EBPF_BACKEND_NATIVE))
        return;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 64;
    uint8_t *map = mmap(NULL, 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(map, MAP_FAILED);
    uint8_t *end = map + page;
    protect(map, page, PROT_READ | PROT_WRITE);
    struct ebpf_vm *vm = vm_in(end, 8); /* too little */
    ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_ERR_LIMIT);
    ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_ERR_STATE);
    for (; ebpf_vm_compile(vm, NULL) == EBPF_ERR_LIMIT; size += 64) { /* then just enough */
        ck_assert_uint_lt(size, page);
        ebpf_vm_free(vm);
        vm = vm_in(end, size);
    }
    for (int round = 0; round < 3; round++) { /* used again after each change */
        const struct ebpf_helper other = {.id = 2, .fn = forty};
        ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
        protect(map, page, PROT_READ | PROT_EXEC); /* sealed */
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 42);
        protect(map, page, PROT_READ | PROT_WRITE);
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &other), EBPF_OK);
    }
    ebpf_vm_free(vm);
    munmap(map, 2 * page);
}
END_TEST

static TCase *engines(void)
{
    TCase *tc = tcase_create("engines");
    tcase_add_test(tc, the_best_that_can_run_is_chosen);
    tcase_add_test(tc, a_list_may_go_once_the_vm_is_made);
    tcase_add_test(tc, tables_must_be_complete);
    tcase_add_test(tc, tables_of_other_versions_are_refused);
    tcase_add_test(tc, machine_code_goes_where_the_embedder_says);
    tcase_add_test(tc, groups_that_an_engine_lacks_are_refused_with_their_place);
    return tc;
}

RUN_SUITE("vm/engine", engines)
