/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What is found in objects of clang and gcc, and that it is linked as the source says. */
#include "tests/unit/elf_unit.h"

#include "ir/op.h"

static const char *const variants[] = {"v1", "v2", "v3", "gnu"};

static struct ebpf_elf *open_variant(const char *name, int variant)
{
    char text[60];
    snprintf(text, sizeof(text), "%s-%s", name, variants[variant]);
    return open_object(text);
}

/* The map with a name. */
static uint32_t find_map(const struct ebpf_map_decl *maps, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(maps[i].def.name, name) == 0)
            return i;
    ck_abort_msg("there is no map %s", name);
    return 0;
}

/* The names of the functions that a program has, in order. */
static void check_functions(const struct ebpf_program *program, const char *expected)
{
    char names[200] = "";
    uint32_t count;
    const struct ebpf_function *f = ebpf_program_functions(program, &count);
    for (uint32_t i = 0; i < count; i++) {
        strcat(names, i ? " " : "");
        strcat(names, f[i].name);
    }
    ck_assert_str_eq(names, expected);
}

/* Whether every call leads to the start of a function. */
static void check_calls(const struct ebpf_program *program, unsigned calls)
{
    uint32_t count, functions;
    const struct ebpf_insn *insn = ebpf_program_insns(program, &count);
    const struct ebpf_function *f = ebpf_program_functions(program, &functions);
    for (uint32_t i = 0; i < count; i++) {
        if (insn[i].op != EBPF_OP_CALL_LOCAL)
            continue;
        ck_assert_uint_lt(insn[i].target, count);
        ck_assert_uint_eq(f[ebpf_program_function_of(program, insn[i].target)].first,
                          insn[i].target);
        calls--;
    }
    ck_assert_uint_eq(calls, 0);
}

START_TEST(functions_are_linked_with_what_they_call)
{
    struct ebpf_elf *elf = open_variant("calls", _i);
    struct ebpf_program *program = load_function(elf, "second");
    check_functions(program, "second both twice square");
    check_calls(program, 5);
    ebpf_program_unref(program);
    program = load_function(elf, "shown");
    check_functions(program, "shown hidden");
    ebpf_program_unref(program);
    program = load_function(elf, "hidden");
    check_functions(program, "hidden");
    ebpf_program_unref(program);
    ebpf_elf_close(elf);
}
END_TEST

START_TEST(functions_are_listed)
{
    struct ebpf_elf *elf = open_variant("calls", _i);
    uint32_t count, shown, hidden, twice, none;
    const struct ebpf_elf_function *f = ebpf_elf_functions(elf, &count);
    ck_assert_uint_eq(count, 7);
    ck_assert_int_eq(ebpf_elf_find(elf, "shown", NULL, &shown), EBPF_OK);
    ck_assert_int_eq(ebpf_elf_find(elf, "hidden", NULL, &hidden), EBPF_OK);
    ck_assert_int_eq(ebpf_elf_find(elf, "twice", NULL, &twice), EBPF_OK);
    ck_assert_str_eq(f[shown].section, "classifier");
    ck_assert_str_eq(f[shown].type, "sched_cls");
    ck_assert(!f[shown].is_local && f[hidden].is_local && f[twice].is_local);
    ck_assert(!f[shown].is_subprogram && f[twice].is_subprogram);
    ck_assert_ptr_null(f[twice].type);
    ck_assert_str_eq(ebpf_elf_license(elf), "Dual MIT/GPL");

    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(ebpf_elf_find(elf, "classifier", diag, &none), EBPF_ERR_NOT_FOUND);
    ck_assert_int_eq(ebpf_elf_find(elf, NULL, diag, &none), EBPF_ERR_NOT_FOUND);
    ck_assert_int_eq(ebpf_elf_find(elf, "nothing", diag, &none), EBPF_ERR_NOT_FOUND);
    ck_assert_uint_eq(ebpf_diag_count(diag), 3);
    ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 2)->message, "shown"));
    ebpf_diag_free(diag);
    ebpf_elf_close(elf);
}
END_TEST

/* Whether a program refers to an offset of a data section, or of what stands there as a number. */
static int refers(const struct ebpf_program *program, uint32_t map, uint32_t offset)
{
    uint32_t count;
    const struct ebpf_insn *insn = ebpf_program_insns(program, &count);
    for (uint32_t i = 0; i < count; i++)
        if (ebpf_insn_map(program, i) == map && (uint64_t)insn[i].imm >> 32 == offset)
            return insn[i].op == EBPF_OP_LDDW_MAP_VAL_FD;
    return 0;
}

START_TEST(variables_are_linked)
{
    struct ebpf_elf *elf = open_variant("globals", _i);
    struct ebpf_program *program = load_function(elf, NULL);
    ebpf_elf_close(elf);
    uint32_t count;
    const struct ebpf_map_decl *maps = ebpf_program_maps(program, &count);
    uint32_t data = find_map(maps, count, ".data"), bss = find_map(maps, count, ".bss");
    uint32_t own = find_map(maps, count, ".data.own");
    ck_assert(maps[data].is_data && !maps[data].is_frozen);
    ck_assert_int_eq(maps[data].def.kind, EBPF_MAP_ARRAY);
    ck_assert_uint_eq(maps[data].def.max_entries, 1);
    ck_assert_uint_eq(maps[own].def.value_size, 4);
    ck_assert_int_eq(((const uint8_t *)maps[own].data)[0], 44);
    ck_assert_uint_eq(maps[bss].def.value_size, 48);
    ck_assert_ptr_null(maps[bss].data);
    ck_assert(refers(program, own, 0));
    for (uint32_t value = 11; value <= 33; value += 11) {
        const uint8_t *bytes = maps[data].data;
        uint32_t at = 0;
        while (at < maps[data].def.value_size && bytes[at] != value)
            at += 4;
        ck_assert_msg(refers(program, data, at), "nothing refers to %u", value);
    }
    uint32_t rodata = find_map(maps, count, ".rodata");
    ck_assert(maps[rodata].is_frozen && maps[rodata].def.flags & EBPF_MAP_RDONLY_PROG);
    const char *text = maps[rodata].data;
    uint32_t at = 0;
    while (at < maps[rodata].def.value_size && text[at] != 'c')
        at++;
    ck_assert_str_eq(text + at, "count %d\n");
    ck_assert(refers(program, rodata, at));
    ebpf_program_unref(program);
}
END_TEST

START_TEST(legacy_maps_of_every_size)
{
    static const int sizes[] = {16, 20, 24, 28, 36, 40};
    char name[40];
    snprintf(name, sizeof(name), "maps_legacy-%d", sizes[_i]);
    struct ebpf_elf *elf = open_object(name);
    struct ebpf_program *program = load_function(elf, "tc/legacy");
    ebpf_elf_close(elf);
    uint32_t count;
    const struct ebpf_map_decl *maps = ebpf_program_maps(program, &count);
    uint32_t counters = find_map(maps, count, "counters");
    uint32_t flows = find_map(maps, count, "flows");
    ck_assert_int_eq(maps[flows].def.kind, EBPF_MAP_LRU_HASH);
    ck_assert_uint_eq(maps[flows].def.key_size, 8);
    ck_assert_uint_eq(maps[flows].def.value_size, 24);
    ck_assert_uint_eq(maps[flows].def.max_entries, 1000);
    uint32_t insns, used = 0;
    ebpf_program_insns(program, &insns);
    for (uint32_t i = 0; i < insns; i++)
        if (ebpf_insn_map(program, i) != EBPF_MAP_NONE)
            used |= 1u << ebpf_insn_map(program, i);
    ck_assert_uint_eq(used & (1u << counters | 1u << flows), 1u << counters | 1u << flows);
    if (sizes[_i] >= 28) {
        uint32_t outer = find_map(maps, count, "outer");
        uint32_t pattern = find_map(maps, count, "pattern");
        ck_assert_uint_eq(maps[outer].inner, pattern);
        ck_assert_ptr_eq(maps[outer].def.inner, &maps[pattern].def);
        ck_assert_uint_eq(maps[pattern].def.flags, 1);
        ck_assert_int_eq(maps[pattern].is_pinned, sizes[_i] >= 36);
        ck_assert(used & 1u << outer);
    }
    ebpf_program_unref(program);
}
END_TEST

START_TEST(helpers_stand_in_for_undefined_functions)
{
    const struct ebpf_elf_extern externs[] = {{"memset", 7}, {"memcpy", 1234}};
    const struct ebpf_elf_options options = {
        .size = sizeof(options), .file = "mine.o", .externs = externs, .extern_count = 2};
    struct bytes bytes = read_object("externs");
    struct ebpf_elf *elf;
    ck_assert_int_eq(ebpf_elf_open(bytes.data, bytes.size, &options, NULL, &elf), EBPF_OK);
    struct ebpf_program *program = load_function(elf, "copy");
    ebpf_elf_close(elf);
    uint32_t count, calls = 0, functions = 0;
    const struct ebpf_insn *insn = ebpf_program_insns(program, &count);
    for (uint32_t i = 0; i < count; i++) {
        calls += insn[i].op == EBPF_OP_CALL && insn[i].imm == 1234;
        functions += insn[i].op == EBPF_OP_LDDW_FUNC;
    }
    ck_assert_uint_eq(calls, 1);
    ck_assert_uint_eq(functions, 1);
    check_functions(program, "copy visit");
    ebpf_program_unref(program);

    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    uint32_t function;
    elf = open_object("externs");
    ck_assert_int_eq(ebpf_elf_find(elf, "copy", diag, &function), EBPF_OK);
    ck_assert_int_eq(ebpf_elf_load(elf, function, diag, &program), EBPF_ERR_SYMBOL);
    ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, "memcpy"));
    ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, "offset"));
    ebpf_elf_close(elf);
    ebpf_diag_free(diag);
}
END_TEST

#ifdef HAVE_BTF
START_TEST(btf_maps)
{
    struct ebpf_elf *elf = open_variant("maps_btf", _i);
    uint32_t count;
    const struct ebpf_map_decl *maps = ebpf_elf_maps(elf, &count);
    const struct ebpf_map_decl *totals = &maps[find_map(maps, count, "totals")];
    ck_assert_int_eq(totals->def.kind, EBPF_MAP_HASH);
    ck_assert_uint_eq(totals->def.key_size, 8);
    ck_assert_uint_eq(totals->def.value_size, 16);
    ck_assert_uint_eq(totals->def.max_entries, 4096);
    ck_assert_uint_eq(totals->def.flags, 1);
    ck_assert(totals->is_pinned);

    const struct ebpf_map_decl *outer = &maps[find_map(maps, count, "outer")];
    ck_assert_int_eq(outer->def.kind, EBPF_MAP_ARRAY_OF_MAPS);
    ck_assert_int_eq(outer->def.inner->kind, EBPF_MAP_ARRAY);
    ck_assert_uint_eq(outer->def.inner->value_size, 8);
    ck_assert_uint_eq(outer->def.value_size, 4); /* nobody says so */
    ck_assert_uint_eq(outer->init_count, 2);
    ck_assert_uint_eq(outer->inits[0].key, 1);
    ck_assert_uint_eq(outer->inits[0].map, find_map(maps, count, "inner_b"));
    ck_assert_uint_eq(outer->inits[1].key, 3);
    ck_assert_uint_eq(outer->inits[1].map, find_map(maps, count, "inner_a"));

    const struct ebpf_map_decl *steps = &maps[find_map(maps, count, "steps")];
    ck_assert_uint_eq(steps->init_count, 2);
    ck_assert_str_eq(steps->inits[0].function, "step_one");
    ck_assert_uint_eq(steps->inits[1].key, 2);
    ck_assert_str_eq(steps->inits[1].function, "step_two");

    struct ebpf_program *program = load_function(elf, "xdp");
    ebpf_elf_close(elf);
    uint32_t insns, used = 0;
    ebpf_program_insns(program, &insns);
    for (uint32_t i = 0; i < insns; i++)
        if (ebpf_insn_map(program, i) != EBPF_MAP_NONE)
            used++;
    ck_assert_uint_eq(used, 3);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(source_lines)
{
    struct ebpf_elf *elf = open_variant("calls", _i);
    struct ebpf_program *program = load_function(elf, "second");
    ebpf_elf_close(elf);
    uint32_t count;
    ebpf_program_insns(program, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct ebpf_location at = ebpf_program_location(program, i);
        ck_assert_ptr_nonnull(at.file);
        ck_assert_ptr_nonnull(strstr(at.file, "calls.c"));
        ck_assert_uint_gt(at.line, 0);
        ck_assert_ptr_nonnull(at.source);
    }
    struct ebpf_location last = ebpf_program_location(program, count - 1);
    ck_assert_ptr_nonnull(strstr(last.source, "return"));
    ebpf_program_unref(program);
}
END_TEST
#endif

static TCase *objects(void)
{
    TCase *tc = tcase_create("objects");
    tcase_add_loop_test(tc, functions_are_listed, 0, 4);
    tcase_add_loop_test(tc, functions_are_linked_with_what_they_call, 0, 4);
    tcase_add_loop_test(tc, variables_are_linked, 0, 4);
    tcase_add_loop_test(tc, legacy_maps_of_every_size, 0, 6);
    tcase_add_test(tc, helpers_stand_in_for_undefined_functions);
#ifdef HAVE_BTF
    tcase_add_loop_test(tc, btf_maps, 0, 3);
    tcase_add_loop_test(tc, source_lines, 0, 3);
#endif
    return tc;
}

RUN_SUITE("elf", objects)
