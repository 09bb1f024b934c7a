/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The maps and data that objects declare, in VMs: made once for all programs of an object, given by
 * the embedder, replaced by those of another object, and memory that runs out meanwhile. */
#include "tests/unit/elf_unit.h"
#include "tests/unit/failing_mem.h"
#include "tests/unit/vm_unit.h"

static struct ebpf_program *program_of(const struct bytes *bytes, const char *function)
{
    const struct ebpf_elf_options options = {.size = sizeof(options)};
    struct ebpf_elf *elf;
    ck_assert_int_eq(ebpf_elf_open(bytes->data, bytes->size, &options, NULL, &elf), EBPF_OK);
    struct ebpf_program *program = load_function(elf, function);
    ebpf_elf_close(elf);
    return program;
}

static struct ebpf_program *program_in(const char *object, const char *function)
{
    struct bytes bytes = read_object(object);
    return program_of(&bytes, function);
}

/* A VM for functions that look at nothing of their context, with the kernel's helpers. */
static ebpf_status vm_new(const char *name, const struct ebpf_mem *mem, struct ebpf_vm **vm)
{
    const struct ebpf_vm_options options = {.size = sizeof(options), .backend = name, .mem = mem,
                                            .passes = ebpf_verifier_lenient()};
    ebpf_status status = ebpf_vm_new(&options, NULL, vm);
    if (!status)
        status = ebpf_vm_register_helpers(*vm, ebpf_helpers_kernel());
    return status;
}

static struct ebpf_vm *machine(const char *name)
{
    struct ebpf_vm *vm;
    ck_assert_int_eq(vm_new(name, NULL, &vm), EBPF_OK);
    return vm;
}

static ebpf_status put(struct ebpf_vm *vm, struct ebpf_program *program)
{
    ebpf_status status = ebpf_vm_set_program(vm, program, NULL);
    return status ? status : ebpf_vm_compile(vm, NULL);
}

/* The variables of tests/objects/globals.c after so many runs: what count() returns. */
static uint64_t counted(uint64_t runs)
{
    uint64_t second_set = 22 + 11 * runs, hidden_set = 33 + runs, zero_b = runs;
    return second_set + hidden_set + 5 + 3 + 44 + zero_b;
}

/* gcc calls functions of its library, which are in no object. */
START_TEST(functions_of_the_compiler_are_linked)
{
    struct { uint32_t word, unused; uint64_t wide; int64_t dividend, divisor; } numbers;
    struct ebpf_program *program = program_in("runtime-gnu", NULL);
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.size = sizeof(options), .backend = name,
                                                .kind = EBPF_VM_RAW};
        struct ebpf_vm *vm;
        ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_OK);
        ck_assert_int_eq(put(vm, program), EBPF_OK);
        numbers.word = 0xddccbbaa;
        numbers.wide = 0x8877665544332211;
        numbers.dividend = -100;
        numbers.divisor = 7;
        ck_assert_uint_eq(run(vm, &numbers, sizeof(numbers), NULL, 0), 1);
        numbers.dividend = 100;
        ck_assert_uint_eq(run(vm, &numbers, sizeof(numbers), NULL, 0), 0);
        ebpf_vm_free(vm);
    }
    ebpf_program_unref(program);
}
END_TEST

START_TEST(variables_live_as_long_as_their_object_is_loaded)
{
    struct ebpf_program *count = program_in("globals-v3", NULL);
    struct ebpf_program *other = program_in("globals-v2", NULL);
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = machine(name);
        ck_assert_int_eq(put(vm, count), EBPF_OK);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), counted(1));
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), counted(2));
        ck_assert_int_eq(put(vm, count), EBPF_OK);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), counted(3));
        ck_assert_int_eq(put(vm, other), EBPF_OK);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), counted(1));
        ck_assert_int_eq(put(vm, count), EBPF_OK);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), counted(1));
        ck_assert_ptr_nonnull(ebpf_vm_map_by_name(vm, ".bss"));
        ebpf_vm_free(vm);
    }
    ebpf_program_unref(count);
    ebpf_program_unref(other);
}
END_TEST

/* One VM's variables, as another one sees them: two VMs of an object do not share them unless the
 * embedder says so. */
START_TEST(maps_may_be_given)
{
    struct ebpf_program *count = program_in("globals-v3", NULL);
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *first = machine(name), *second = machine(name), *third = machine(name);
        ck_assert_int_eq(put(first, count), EBPF_OK);
        ck_assert_int_eq(put(second, count), EBPF_OK);
        for (uint32_t i = 0, id; (id = ebpf_vm_map_at(first, i)) != EBPF_MAP_NONE; i++)
            ck_assert_int_eq(ebpf_vm_add_map(third, id, ebpf_vm_map(first, id)), EBPF_OK);
        ck_assert_int_eq(put(third, count), EBPF_OK);
        ck_assert_uint_eq(run(first, NULL, 0, NULL, 0), counted(1));
        ck_assert_uint_eq(run(second, NULL, 0, NULL, 0), counted(1));
        ck_assert_uint_eq(run(third, NULL, 0, NULL, 0), counted(2));
        ebpf_vm_free(first);
        ck_assert_uint_eq(run(third, NULL, 0, NULL, 0), counted(3));
        ck_assert_int_eq(ebpf_vm_set_program(third, NULL, NULL), EBPF_OK);
        ck_assert_int_eq(put(third, count), EBPF_OK);
        ck_assert_uint_eq(run(third, NULL, 0, NULL, 0), counted(4)); /* given maps stay */
        ebpf_vm_free(second);
        ebpf_vm_free(third);
    }
    ebpf_program_unref(count);
}
END_TEST

/* The index of a map that a program's object declares. */
static uint32_t map_index(const struct ebpf_program *program, const char *name)
{
    uint32_t count;
    const struct ebpf_map_decl *maps = ebpf_program_maps(program, &count);
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(maps[i].def.name, name) == 0)
            return i;
    ck_abort_msg("there is no map %s", name);
    return 0;
}

START_TEST(given_maps_must_fit)
{
    static const struct ebpf_map_def wrong[] = {
        {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8, .max_entries = 16},
        {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 16, .max_entries = 16},
    };
    struct ebpf_program *program = program_in("maps_legacy-20", NULL);
    struct ebpf_vm *vm = machine(NULL);
    struct ebpf_map *map;
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(ebpf_map_new(&wrong[_i], NULL, NULL, &map), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_add_map(vm, map_index(program, "counters"), map), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, diag), EBPF_ERR_MAP_DEF);
    const char *message = ebpf_diag_at(diag, 0)->message;
    ck_assert_ptr_nonnull(strstr(message, "map 'counters' of the object is a array with keys of 4 "
                                          "and values of 8 bytes"));
    ck_assert_ptr_null(ebpf_vm_program(vm));
    ck_assert_ptr_null(ebpf_vm_map_by_name(vm, "flows"));
    ebpf_diag_free(diag);
    ebpf_vm_free(vm);
    ebpf_map_unref(map);
    ebpf_program_unref(program);
}
END_TEST

/* Replaces the first words of a map's record, which is found by them. */
static void redefine(struct bytes *bytes, const uint32_t old[4], const uint32_t new[4])
{
    for (size_t i = 0; i + 16 <= bytes->size; i++)
        if (memcmp(bytes->data + i, old, 16) == 0) {
            memcpy(bytes->data + i, new, 16);
            return;
        }
    ck_abort_msg("there is no such record");
}

/* What cannot be made matters only to programs that use it. */
START_TEST(maps_that_cannot_be_made_are_refused_if_they_are_needed)
{
    static const uint32_t counters[4] = {EBPF_MAP_ARRAY, 4, 8, 16};
    static const struct {
        uint32_t record[4];
        ebpf_status status;
        const char *says;
    } cases[] = {
        {{EBPF_MAP_ARENA, 4, 8, 16}, EBPF_ERR_UNSUPPORTED,
         "map counters of kind arena: there are no maps of this kind"},
        {{EBPF_MAP_HASH, 4, 8, 0}, EBPF_ERR_MAP_DEF, "map counters of kind hash: max_entries is 0"},
        {{EBPF_MAP_ARRAY, 4, 1 << 20, 1 << 30}, EBPF_ERR_LIMIT, "map counters of kind array: it "
         "would have more than"},
    };
    struct bytes bytes = read_object("maps_legacy-20");
    redefine(&bytes, counters, cases[_i].record);
    struct ebpf_program *user = program_of(&bytes, NULL);
    struct ebpf_vm *vm = machine(NULL);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(ebpf_vm_set_program(vm, user, diag), cases[_i].status);
    const struct ebpf_diag_entry *entry = ebpf_diag_at(diag, 0);
    ck_assert_int_eq(entry->status, cases[_i].status);
    ck_assert_ptr_eq(strstr(entry->message, cases[_i].says), entry->message);
    ck_assert_int_eq(ebpf_vm_set_program(vm, user, NULL), cases[_i].status);
    ck_assert_ptr_null(ebpf_vm_program(vm));
    ebpf_diag_free(diag);
    ebpf_vm_free(vm);
    ebpf_program_unref(user);
}
END_TEST

/* Arrays whose size the loader is to set. */
START_TEST(arrays_without_a_size_have_an_entry_per_processor)
{
    static const uint32_t counters[4] = {EBPF_MAP_ARRAY, 4, 8, 16};
    static const uint32_t open[] = {EBPF_MAP_ARRAY, EBPF_MAP_PERCPU_ARRAY};
    for (size_t i = 0; i < 2; i++) {
        struct bytes bytes = read_object("maps_legacy-20");
        redefine(&bytes, counters, (const uint32_t[4]){open[i], 4, 8, 0});
        struct ebpf_program *user = program_of(&bytes, NULL);
        struct ebpf_vm *vm = machine(NULL);
        ck_assert_int_eq(put(vm, user), EBPF_OK);
        const struct ebpf_map *map = ebpf_vm_map_by_name(vm, "counters");
        ck_assert_uint_eq(ebpf_map_definition(map)->max_entries, ebpf_map_cpus());
        ebpf_vm_free(vm);
        ebpf_program_unref(user);
    }
}
END_TEST

START_TEST(maps_that_cannot_be_made_do_not_disturb_others)
{
    static const uint32_t inner[4] = {EBPF_MAP_ARRAY, 4, 4, 1};
    static const uint32_t arena[4] = {EBPF_MAP_ARENA, 4, 4, 1};
    struct bytes bytes = read_object("iproute-tc");
    redefine(&bytes, inner, arena);
    struct ebpf_program *seven = program_of(&bytes, "seven");
    struct ebpf_vm *vm = machine(NULL);
    ck_assert_int_eq(put(vm, seven), EBPF_OK);
    ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 2);
    ck_assert_ptr_null(ebpf_vm_map_by_name(vm, "inner"));
    ck_assert_ptr_nonnull(ebpf_vm_map_by_name(vm, "policy"));
    ebpf_vm_free(vm);
    ebpf_program_unref(seven);
}
END_TEST

/* A map of maps holds from the start what the object puts there. */
START_TEST(inner_maps_are_where_the_object_puts_them)
{
    struct ebpf_program *last = program_in("iproute-tc", "last");
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = machine(name);
        struct ebpf_map *inner;
        ck_assert_int_eq(put(vm, last), EBPF_OK);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 42);
        struct ebpf_map *outer = ebpf_vm_map_by_name(vm, "outer");
        ck_assert_int_eq(ebpf_map_lookup_inner(outer, &(uint32_t){1}, &inner), 0);
        ck_assert_ptr_eq(inner, ebpf_vm_map_by_name(vm, "inner"));
        ebpf_map_unref(inner);
        ebpf_vm_free(vm);
    }
    ebpf_program_unref(last);
}
END_TEST

/* Two objects, and what the first run of a function of theirs returns. */
struct pair {
    struct ebpf_program *programs[2];
    uint64_t results[2];
};

/* Loads the second object in the place of the first with too little memory.  Whatever comes of
 * that, one of them is there, and both can be loaded again. */
static void replace(struct failing_mem *f, const char *name, const struct pair *p)
{
    struct ebpf_vm *vm;
    size_t fail_at = f->fail_at;
    f->fail_at = 0; /* nothing, until then */
    ck_assert_int_eq(vm_new(name, &f->mem, &vm), EBPF_OK);
    ck_assert_int_eq(put(vm, p->programs[0]), EBPF_OK);
    ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), p->results[0]);
    f->fail_at = f->calls + fail_at;
    ebpf_status status = put(vm, p->programs[1]);
    ck_assert_int_eq(status, f->failed ? EBPF_ERR_NOMEM : EBPF_OK);
    ck_assert(ebpf_vm_program(vm) == p->programs[0] || ebpf_vm_program(vm) == p->programs[1]);
    f->fail_at = 0; /* and nothing from here on */
    for (int i = 1; i >= 0; i--) {
        ck_assert_int_eq(put(vm, p->programs[i]), EBPF_OK);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), p->results[i]);
    }
    ebpf_vm_free(vm);
    f->fail_at = fail_at;
}

START_TEST(loading_works_again_after_memory_ran_out)
{
    struct pair p = {{program_in("globals-v3", NULL), program_in("iproute-tc", "last")},
                     {counted(1), 42}};
    if (_i)
        p = (struct pair){{p.programs[1], p.programs[0]}, {p.results[1], p.results[0]}};
    FOR_EACH_ENGINE(name)
        for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);)
            replace(&f, name, &p);
    ebpf_program_unref(p.programs[0]);
    ebpf_program_unref(p.programs[1]);
}
END_TEST

static TCase *objects(void)
{
    TCase *tc = tcase_create("objects");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, functions_of_the_compiler_are_linked);
    tcase_add_test(tc, variables_live_as_long_as_their_object_is_loaded);
    tcase_add_test(tc, maps_may_be_given);
    tcase_add_loop_test(tc, given_maps_must_fit, 0, 2);
    tcase_add_loop_test(tc, maps_that_cannot_be_made_are_refused_if_they_are_needed, 0, 3);
    tcase_add_test(tc, arrays_without_a_size_have_an_entry_per_processor);
    tcase_add_test(tc, maps_that_cannot_be_made_do_not_disturb_others);
    tcase_add_test(tc, inner_maps_are_where_the_object_puts_them);
    tcase_add_loop_test(tc, loading_works_again_after_memory_ran_out, 0, 2);
    return tc;
}

RUN_SUITE("vm/objects", objects)
