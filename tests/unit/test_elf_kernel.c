/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What objects expect of the kernel that they were made for: types by sections, tails by names,
 * settings, variables, functions, and the layout of structures. */
#include "tests/unit/vm_unit.h"

#include "tests/unit/elf_unit.h"
#include "tests/unit/failing_mem.h"

static ebpf_status open_with(const char *name, const struct ebpf_elf_options *options,
                             struct ebpf_diag *diag, struct ebpf_elf **out)
{
    char path[300];
    object_path(path, sizeof(path), name);
    return ebpf_elf_open_file(path, options, diag, out);
}

/* The message of the first error. */
static const char *message(const struct ebpf_diag *diag)
{
    for (size_t i = 0; i < ebpf_diag_count(diag); i++)
        if (ebpf_diag_at(diag, i)->severity == EBPF_SEVERITY_ERROR)
            return ebpf_diag_at(diag, i)->message;
    return "";
}

/* Names of functions start with what their section says. */
START_TEST(sections_say_types)
{
    struct ebpf_elf *elf = open_object("sections");
    uint32_t count;
    const struct ebpf_elf_function *f = ebpf_elf_functions(elf, &count);
    ck_assert_uint_gt(count, 50);
    for (uint32_t i = 0; i < count; i++) {
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        struct ebpf_program *program;
        ebpf_status status = ebpf_elf_load(elf, i, diag, &program);
        size_t length = f[i].type ? strlen(f[i].type) : 0;
        if (strncmp(f[i].name, "refused_", 8) == 0) {
            ck_assert_int_eq(status, EBPF_ERR_UNSUPPORTED);
            ck_assert_ptr_nonnull(strstr(message(diag), f[i].section));
            ck_assert_ptr_nonnull(strstr(message(diag), "its context"));
            ck_assert_ptr_nonnull(ebpf_diag_at(diag, 0)->advice);
        } else {
            ck_assert_int_eq(status, EBPF_OK);
            ck_assert_msg(strncmp(f[i].name, "none_", 5) == 0
                              ? !f[i].type
                              : length && strncmp(f[i].name, f[i].type, length) == 0 &&
                                    f[i].name[length] == '_',
                          "%s: %s", f[i].section, f[i].type ? f[i].type : "none");
        }
        ebpf_program_unref(program);
        ebpf_diag_free(diag);
    }
    ebpf_elf_close(elf);
}
END_TEST

static const struct ebpf_map_decl *map_named(const struct ebpf_elf *elf, const char *name)
{
    uint32_t count;
    const struct ebpf_map_decl *maps = ebpf_elf_maps(elf, &count);
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(maps[i].def.name, name) == 0)
            return &maps[i];
    ck_abort_msg("there is no map %s", name);
    return NULL;
}

START_TEST(sections_name_entries_of_arrays)
{
    struct ebpf_elf *elf = open_object(_i ? "iproute-xdp" : "iproute-tc");
    uint32_t count, function;
    const struct ebpf_map_decl *calls = map_named(elf, "calls"), *policy = map_named(elf, "policy"),
                               *outer = map_named(elf, "outer");
    ck_assert_uint_eq(calls->init_count, 1);
    ck_assert_uint_eq(calls->inits[0].key, 7);
    ck_assert_str_eq(calls->inits[0].function, "seven");
    ck_assert_uint_eq(policy->init_count, 1);
    ck_assert_uint_eq(policy->inits[0].key, 0xdc06);
    ck_assert_str_eq(policy->inits[0].function, "last");
    ck_assert_uint_eq(outer->init_count, 1);
    ck_assert_uint_eq(outer->inits[0].key, 1);
    const struct ebpf_map_decl *maps = ebpf_elf_maps(elf, &count);
    ck_assert_str_eq(maps[outer->inits[0].map].def.name, "inner");
    ck_assert_uint_eq(maps[outer->inits[0].map].is_pinned, 1);
    /* tails are of the type of the program that calls them */
    ck_assert_int_eq(ebpf_elf_find(elf, "last", NULL, &function), EBPF_OK);
    ck_assert_str_eq(ebpf_elf_functions(elf, &count)[function].type, _i ? "xdp" : "sched_cls");
    ebpf_elf_close(elf);
}
END_TEST

START_TEST(entries_beyond_an_array_are_refused)
{
    struct bytes bytes = read_object("iproute-tc");
    const struct ebpf_elf_options options = {.size = sizeof(options)};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_elf *elf;
    for (size_t i = 0; i + 4 < bytes.size; i++)
        if (memcmp(bytes.data + i, "2/7", 4) == 0)
            memcpy(bytes.data + i, "2/\x3a", 3);
    ck_assert_int_eq(ebpf_elf_open(bytes.data, bytes.size, &options, diag, &elf), EBPF_OK);
    ck_assert_uint_eq(map_named(elf, "calls")->init_count, 0); /* no number */
    ebpf_elf_close(elf);
    bytes = read_object("iproute-tc");
    for (size_t i = 0; i + 8 < bytes.size; i++)
        if (memcmp(bytes.data + i, "1/0xdc06", 9) == 0)
            memcpy(bytes.data + i, "2/000013", 8);
    ck_assert_int_eq(ebpf_elf_open(bytes.data, bytes.size, &options, diag, &elf),
                     EBPF_ERR_MAP_DEF);
    ck_assert_ptr_nonnull(strstr(message(diag), "entry 11 of map 'calls', which has 10"));
    ebpf_diag_free(diag);
}
END_TEST

#ifdef HAVE_BTF
/* What a program returns in each engine, or how its run or loading fails. */
static ebpf_status run_in(const char *name, const struct ebpf_elf *elf, const char *function,
                          struct ebpf_result *result, struct ebpf_diag *diag)
{
    const struct ebpf_vm_options options = {.kind = EBPF_VM_TYPED, .type = "xdp", .backend = name};
    uint32_t index;
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_elf_find(elf, function, NULL, &index), EBPF_OK);
    ebpf_status status = ebpf_elf_load(elf, index, diag, &program);
    if (status)
        return status;
    struct ebpf_vm *vm = empty_vm(&options);
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
    status = ebpf_vm_run(vm, NULL, result);
    ebpf_program_unref(program);
    ebpf_vm_free(vm);
    return status;
}

static void returns(const struct ebpf_elf *elf, const char *function, uint64_t expected)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_result result;
        ck_assert_int_eq(run_in(name, elf, function, &result, NULL), EBPF_OK);
        ck_assert_msg(result.r0 == expected, "%s: %llu", function, (unsigned long long)result.r0);
    }
}

/* A run that ends at what is missing, and says so. */
static void misses(const struct ebpf_elf *elf, const char *function, const char *what)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_result result;
        ck_assert_int_eq(run_in(name, elf, function, &result, NULL), EBPF_ERR_HELPER_FAULT);
        ck_assert_str_eq(result.fault.message, what);
    }
}

static void refused(const struct ebpf_elf *elf, const char *function, const char *what)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(run_in(NULL, elf, function, NULL, diag), EBPF_ERR_SYMBOL);
    ck_assert_msg(strstr(message(diag), what) != NULL, "%s", message(diag));
    ebpf_diag_free(diag);
}

START_TEST(names_of_the_kernel_may_be_missing)
{
    struct ebpf_elf *elf = open_object("kernel_names");
    returns(elf, "settings", 0);
    returns(elf, "asks_first", 2);
    misses(elf, "does_not_ask", "weak_function is a function of the kernel, and not here");
    refused(elf, "version", "'LINUX_KERNEL_VERSION' is a setting of the kernel that has no value");
    refused(elf, "needs_variable", "'strong_variable' is a variable of the kernel");
    refused(elf, "needs_function", "'strong_function' is a function of the kernel");
    ebpf_elf_close(elf);
}
END_TEST

START_TEST(functions_of_the_kernel_may_be_helpers)
{
    const struct ebpf_elf_extern externs[] = {{"strong_function", 7}};
    const struct ebpf_elf_options options = {.size = sizeof(options), .externs = externs,
                                             .extern_count = 1};
    struct ebpf_elf *elf;
    uint32_t index;
    struct ebpf_program *program;
    ck_assert_int_eq(open_with("kernel_names", &options, NULL, &elf), EBPF_OK);
    ck_assert_int_eq(ebpf_elf_find(elf, "needs_function", NULL, &index), EBPF_OK);
    ck_assert_int_eq(ebpf_elf_load(elf, index, NULL, &program), EBPF_OK);
    ebpf_program_unref(program);
    ebpf_elf_close(elf);
}
END_TEST

static const struct {
    const char *text;
    uint64_t settings; /* what the program makes of them */
} good_settings[] = {
    {"", 0},
    {"# CONFIG_SMP is not set\nXCONFIG_SMP=y\nCONFIG_SMPX=y\n", 0},
    {"CONFIG_SMP=y", 100000},
    {"CONFIG_SMP=n\n", 0},
    {"CONFIG_IPV6=y\n", 10000},
    {"CONFIG_IPV6=m\r\n", 20000},
    {"CONFIG_LETTER=m\n", 1000},
    {"CONFIG_HZ=250\nCONFIG_SMP=y\n", 250100000},
    {"CONFIG_HZ=0x10\n", 16000000},
    {"CONFIG_NAME=\"vm\"\n", 100},
    {"CONFIG_NAME=\"very long name\"\n", 100},
    {"CONFIG_SMALL=-1\n", 10},
};

START_TEST(settings_have_values)
{
    const struct ebpf_elf_options options = {.size = sizeof(options),
                                             .kconfig = good_settings[_i].text};
    struct ebpf_elf *elf;
    ck_assert_int_eq(open_with("kernel_names", &options, NULL, &elf), EBPF_OK);
    returns(elf, "settings", good_settings[_i].settings);
    ebpf_elf_close(elf);
}
END_TEST

static const char *const bad_settings[] = {
    "CONFIG_SMP=m", "CONFIG_SMP=1", "CONFIG_SMP=", "CONFIG_IPV6=yes", "CONFIG_HZ=y",
    "CONFIG_HZ=18446744073709551616", "CONFIG_SMALL=65536", "CONFIG_SMALL=-32769",
    "CONFIG_NAME=vm", "CONFIG_NAME=\"", "CONFIG_LETTER=256", "LINUX_KERNEL_VERSION=6.1",
};

START_TEST(bad_settings_are_refused)
{
    const struct ebpf_elf_options options = {.size = sizeof(options), .kconfig = bad_settings[_i]};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_elf *elf;
    ck_assert_int_eq(open_with("kernel_names", &options, diag, &elf), EBPF_ERR_INVALID);
    ck_assert_ptr_nonnull(strstr(message(diag), "no value of its type"));
    ebpf_diag_free(diag);
}
END_TEST

START_TEST(the_version_is_a_setting)
{
    const struct ebpf_elf_options options = {.size = sizeof(options),
                                             .kconfig = "LINUX_KERNEL_VERSION=0x60100\n"};
    struct ebpf_elf *elf;
    ck_assert_int_eq(open_with("kernel_names", &options, NULL, &elf), EBPF_OK);
    returns(elf, "version", 0x60100);
    ebpf_elf_close(elf);
}
END_TEST

/* Answers as compiled, and with the types of core.h's TARGET. */
static const struct {
    const char *name;
    uint64_t own, target;
    const char *missing; /* of the target */
} answers[] = {
    {"offset_first", 0, 8, NULL},
    {"offset_nested", 24, 56, NULL},
    {"offset_gone", 48, 0, "machine.gone is not in the given BTF"},
    {"offset_old", 0, 8, NULL},
    {"offset_other", 0, 112, NULL},
    {"offset_typedef", 4, 8, NULL},
    {"size_in", 24, 80, NULL},
    {"size_grows", 4, 8, NULL},
    {"exists_counter", 1, 1, NULL},
    {"exists_gone", 1, 0, NULL},
    {"signed_level", 1, 1, NULL},
    {"signed_flag", 0, 0, NULL},
    {"lshift_flag", 29, 54, NULL},
    {"rshift_flag", 61, 61, NULL},
    {"type_exists", 1, 1, NULL},
    {"type_absent", 1, 0, NULL},
    {"type_size", 56, 128, NULL},
    {"size_absent", 4, 0, "absent is not in the given BTF"},
    {"type_matches", 1, 1, NULL},
    {"type_differs", 1, 0, NULL},
    {"enum_exists", 1, 1, NULL},
    {"enum_absent", 1, 0, NULL},
    {"enum_value", 3, 30, NULL},
    {"id_exists", 1, 1, NULL},
    {"loads", 0x23222120, 0x63626160, NULL},
    {"loads_larger", 0x27262524, 0x6f6e6d6c6b6a6968, NULL},
    {"asks_first", 48, 77, NULL},
};
enum { ANSWERS = sizeof(answers) / sizeof(answers[0]) };

START_TEST(without_types_all_stays)
{
    struct ebpf_elf *elf = open_object("core");
    for (int i = 0; i < ANSWERS; i++)
        returns(elf, answers[i].name, answers[i].own);
    ebpf_elf_close(elf);
}
END_TEST

/* The section .BTF of an object, at its start. */
static struct bytes types_of(const struct bytes *object)
{
    static const uint8_t magic[] = {0x9f, 0xeb, 1, 0, 24, 0, 0, 0};
    struct bytes types = {.size = 0};
    for (size_t i = 0; i + 24 < object->size && !types.size; i++)
        if (memcmp(object->data + i, magic, sizeof(magic)) == 0) {
            uint32_t end, size;
            memcpy(&end, object->data + i + 16, 4);
            memcpy(&size, object->data + i + 20, 4);
            types.size = 24 + (size_t)end + size;
            memcpy(types.data, object->data + i, types.size);
        }
    return types;
}

/* As bytes, or as an ELF file that has them. */
START_TEST(types_of_a_target_count)
{
    struct bytes object = read_object("core_target"), types = types_of(&object);
    const struct bytes *given = _i ? &object : &types;
    const struct ebpf_elf_options options = {.size = sizeof(options), .btf = given->data,
                                             .btf_size = given->size};
    struct ebpf_elf *elf;
    ck_assert_int_eq(open_with("core", &options, NULL, &elf), EBPF_OK);
    for (int i = 0; i < ANSWERS; i++) {
        if (answers[i].missing)
            misses(elf, answers[i].name, answers[i].missing);
        else
            returns(elf, answers[i].name, answers[i].target);
    }
    ebpf_elf_close(elf);
}
END_TEST

/* An object is a target for itself: nothing changes, but for types that its flavours stand for, and
 * the word of a bit field, which clang takes as large as its structure is aligned. */
START_TEST(own_types_change_nothing)
{
    struct bytes object = read_object("core"), types = types_of(&object);
    const struct ebpf_elf_options options = {.size = sizeof(options), .btf = types.data,
                                             .btf_size = types.size};
    struct ebpf_elf *elf;
    ck_assert_int_eq(open_with("core", &options, NULL, &elf), EBPF_OK);
    for (int i = 0; i < ANSWERS; i++)
        if (strncmp(answers[i].name, "offset_o", 8) != 0 &&
            strcmp(answers[i].name, "lshift_flag") != 0 &&
            strcmp(answers[i].name, "type_size") != 0 && strcmp(answers[i].name, "id_exists") != 0)
            returns(elf, answers[i].name, answers[i].own);
    misses(elf, "id_exists", "shape means several things in the given BTF");
    misses(elf, "type_size", "machine means several things in the given BTF");
    ebpf_elf_close(elf);
}
END_TEST

static ebpf_status try(const struct bytes *object, const struct bytes *types,
                       const struct ebpf_mem *mem)
{
    const struct ebpf_elf_options options = {
        .size = sizeof(options), .btf = types->data, .btf_size = types->size, .mem = mem,
        .kconfig = "CONFIG_SMP=y\nCONFIG_NAME=\"x\"\n"};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    struct ebpf_elf *elf;
    uint32_t count = 0;
    ebpf_status status = ebpf_elf_open(object->data, object->size, &options, diag, &elf);
    if (!status)
        ebpf_elf_functions(elf, &count);
    for (uint32_t i = 0; i < count && !status; i++) {
        ebpf_status loaded = ebpf_elf_load(elf, i, diag, &program);
        status = loaded == EBPF_ERR_NOMEM ? loaded : status;
        ebpf_program_unref(program);
    }
    ck_assert(status == EBPF_OK || status == EBPF_ERR_NOMEM || ebpf_diag_count(diag) > 0);
    ebpf_elf_close(elf);
    ebpf_diag_free(diag);
    return status;
}

static void mutate(struct bytes *bytes, const struct bytes *object, const struct bytes *types,
                   size_t step)
{
    static const uint8_t values[] = {0x00, 0x01, 0x7f, 0xff};
    for (size_t at = 0; at < bytes->size; at += step) {
        uint8_t old = bytes->data[at];
        for (size_t i = 0; i < sizeof(values); i++) {
            bytes->data[at] = values[i];
            try(object, types, NULL);
        }
        bytes->data[at] = old;
    }
}

START_TEST(damaged_types_are_survived)
{
    struct bytes target = read_object("core_target"), types = types_of(&target);
    struct bytes object = read_object(_i ? "core" : "kernel_names");
    mutate(&types, &object, &types, 1);
    mutate(&object, &object, &types, 1);
    while (types.size-- > 0)
        ck_assert_int_eq(try(&object, &types, NULL), _i ? EBPF_ERR_BTF : EBPF_OK);
}
END_TEST

START_TEST(out_of_memory)
{
    struct bytes target = read_object("core_target"), types = types_of(&target);
    struct bytes object = read_object(_i ? "core" : "kernel_names");
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);)
        ck_assert_int_eq(try(&object, &types, &f.mem) == EBPF_ERR_NOMEM, f.failed);
}
END_TEST
#endif

static TCase *kernel(void)
{
    TCase *tc = tcase_create("kernel");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, sections_say_types);
    tcase_add_loop_test(tc, sections_name_entries_of_arrays, 0, 2);
    tcase_add_test(tc, entries_beyond_an_array_are_refused);
#ifdef HAVE_BTF
    tcase_add_test(tc, names_of_the_kernel_may_be_missing);
    tcase_add_test(tc, functions_of_the_kernel_may_be_helpers);
    tcase_add_loop_test(tc, settings_have_values, 0,
                        sizeof(good_settings) / sizeof(good_settings[0]));
    tcase_add_loop_test(tc, bad_settings_are_refused, 0,
                        sizeof(bad_settings) / sizeof(bad_settings[0]));
    tcase_add_test(tc, the_version_is_a_setting);
    tcase_add_test(tc, without_types_all_stays);
    tcase_add_loop_test(tc, types_of_a_target_count, 0, 2);
    tcase_add_test(tc, own_types_change_nothing);
    tcase_add_loop_test(tc, damaged_types_are_survived, 0, 2);
    tcase_add_loop_test(tc, out_of_memory, 0, 2);
#endif
    return tc;
}

RUN_SUITE("elf kernel", kernel)
