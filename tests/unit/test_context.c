/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Contexts that the embedder describes. */
#include "tests/unit/failing_mem.h"
#include "tests/unit/vm_unit.h"

/* An event with a payload. */
struct event {
    uint32_t kind, payload, payload_end, verdict;
    uint64_t cookie;
};

static const struct ebpf_context_field fields[] = {
    {"kind", 0, 4, EBPF_CONTEXT_NUMBER, 0},
    {"payload", 4, 4, EBPF_CONTEXT_DATA, 0},
    {"payload_end", 8, 4, EBPF_CONTEXT_DATA_END, 0},
    {"verdict", 12, 4, EBPF_CONTEXT_NUMBER, 1},
    {"cookie", 16, 8, EBPF_CONTEXT_NUMBER, 0},
};
static const struct ebpf_context events = {fields, sizeof(fields) / sizeof(fields[0])};

/* Adds kind, cookie and the second byte of the payload; writes the first one as the verdict. */
static const char sum[] = "r2 = *(u32 *)(r1 + 4)\n"
                          "r3 = *(u32 *)(r1 + 8)\n"
                          "r0 = *(u32 *)(r1 + 0)\n"
                          "r4 = *(u64 *)(r1 + 16)\n"
                          "r0 += r4\n"
                          "r4 = r2\n"
                          "r4 += 2\n"
                          "if r4 > r3 goto out\n"
                          "r4 = *(u8 *)(r2 + 0)\n"
                          "*(u32 *)(r1 + 12) = r4\n"
                          "r4 = *(u8 *)(r2 + 1)\n"
                          "r0 += r4\n"
                          "out: exit\n";

static struct ebpf_vm *vm_for(const char *engine, enum ebpf_policy policy, const char *text)
{
    const struct ebpf_vm_options options = {.backend = engine, .kind = EBPF_VM_TYPED,
                                            .policy = policy, .context = &events};
    return vm_with(&options, text);
}

START_TEST(programs_find_their_fields)
{
    static const enum ebpf_policy policies[] = {EBPF_POLICY_CHECKED, EBPF_POLICY_VERIFIED,
                                                EBPF_POLICY_TRUSTED};
    FOR_EACH_ENGINE(name)
        for (int p = 0; p < 3; p++) {
            struct ebpf_vm *vm = vm_for(name, policies[p], sum);
            struct event event = {.kind = 1000, .cookie = 30000};
            uint8_t payload[] = {77, 200};
            ck_assert_uint_eq(run(vm, payload, 2, &event, sizeof(event)), 31200);
            ck_assert_uint_eq(event.verdict, 77);
            ck_assert_uint_eq(event.kind, 1000);
            /* Short payloads, and contexts that are given in part. */
            ck_assert_uint_eq(run(vm, payload, 1, &event, sizeof(event)), 31000);
            ck_assert_uint_eq(run(vm, payload, 2, &event, 4), 1200);
            ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 0);
            ebpf_vm_free(vm);
        }
}
END_TEST

#define LOAD "mov r0, 0\nmov r5, r4\nadd r5, 4\njgt r5, r3, o\nldxw r0, [r4]\no: exit\n"

/* What is proven is proven of the program, whose loads of addresses are others when it runs: where
 * it is not agreed upon which these are, nothing is believed. */
START_TEST(proofs_are_of_what_runs)
{
    static const struct {
        const char *text;
        ebpf_status status;
        uint64_t r0;
    } rows[] = {
        {"ldxw r3, [r1+8]\nstxdw [r10-8], r1\nldxdw r6, [r10-8]\nldxw r4, [r6+4]\n" LOAD,
         EBPF_OK, 0x04030201},
        {"ldxw r3, [r1+8]\nmov r2, r10\nstxdw [r2-8], r1\nldxdw r6, [r10-8]\n"
         "ldxw r4, [r6+4]\n" LOAD, EBPF_OK, 0x04030201},
        {"ldxw r3, [r1+8]\nstxdw [r10-8], r1\nmov r1, r10\nadd r1, -8\ncall local f\n"
         "mov r0, 0\nexit\nf: ldxdw r1, [r1]\nldxw r3, [r1+8]\nldxw r4, [r1+4]\n" LOAD,
         EBPF_OK, 0},
        {"mov r7, r10\nadd r7, -8\nstdw [r10-8], 1\nstxdw [r10-16], r1\nmov r2, r10\n"
         "stxdw [r2-16], r7\nldxdw r6, [r10-16]\nldxw r0, [r6+4]\nexit",
         EBPF_OK, 0},
        {"ldxw r3, [r1+8]\nldxsw r4, [r1+4]\n" LOAD, EBPF_ERR_LOAD, 0},
        {"ldxw r3, [r1+8]\nstxdw [r10-8], r1\nldxdw r6, [r10-8]\nldxb r7, [r6]\nldxb r8, [r6]\n"
         "add r7, r10\nstb [r7-256], 1\nadd r8, r10\nldxb r8, [r8-256]\nldxdw r6, [r10-8]\n"
         "ldxw r4, [r6+4]\nldxw r7, [r6+4]\nrsh r7, 32\njeq r7, 0, o\nmov r0, 9\no: exit",
         EBPF_OK, 9},
    };
    FOR_EACH_ENGINE(name)
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            const struct ebpf_vm_options options = {
                .backend = name, .kind = EBPF_VM_TYPED, .context = &events};
            struct ebpf_vm *vm = empty_vm(&options);
            struct ebpf_program *program = assemble(rows[i].text);
            struct event event = {.kind = 1};
            uint8_t payload[] = {1, 2, 3, 4};
            const struct ebpf_input in = {
                .size = sizeof(in), .mem = payload, .mem_size = sizeof(payload),
                .mbuff = (uint8_t *)&event, .mbuff_size = sizeof(event)};
            struct ebpf_result result;
            ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
            ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
            ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), rows[i].status);
            if (!rows[i].status)
                ck_assert_uint_eq(result.r0, rows[i].r0);
            ebpf_program_unref(program);
            ebpf_vm_free(vm);
        }
}
END_TEST

static ebpf_status verify(const char *text, const struct ebpf_context *context)
{
    const struct ebpf_pass *const passes[] = {ebpf_pass_find("safety"), NULL};
    const struct ebpf_verify_options options = {
        .size = sizeof(options), .passes = passes, .context = context};
    struct ebpf_program *program = assemble(text);
    ebpf_status status = ebpf_verify_for(program, &options, NULL);
    ebpf_program_unref(program);
    return status;
}

START_TEST(fields_are_proven)
{
    ck_assert_int_eq(verify(sum, &events), EBPF_OK);
    ck_assert_int_eq(verify("r0 = *(u16 *)(r1 + 18)\nexit", &events), EBPF_OK);
    ck_assert_int_eq(verify("r0 = *(u64 *)(r1 + 8)\nexit", &events), EBPF_ERR_LOAD);
    ck_assert_int_eq(verify("r0 = *(u32 *)(r1 + 24)\nexit", &events), EBPF_ERR_LOAD);
    ck_assert_int_eq(verify("r0 = *(u16 *)(r1 + 4)\nexit", &events), EBPF_ERR_LOAD);
    ck_assert_int_eq(verify("r0 = 0\n*(u32 *)(r1 + 0) = r0\nexit", &events), EBPF_ERR_STORE);
    ck_assert_int_eq(verify("r0 = 0\n*(u32 *)(r1 + 4) = r0\nexit", &events), EBPF_ERR_STORE);
    ck_assert_int_eq(verify("r0 = *(u32 *)(r1 + 4)\nr0 = *(u8 *)(r0 + 0)\nexit", &events),
                     EBPF_ERR_LOAD);
}
END_TEST

/* Addresses stay what they are, whatever a program tries. */
START_TEST(addresses_cannot_be_written)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_for(name, EBPF_POLICY_CHECKED,
                                    "r2 = 7\n*(u64 *)(r1 + 24) = r2\nr0 = *(u32 *)(r1 + 4)\n"
                                    "r0 = *(u8 *)(r0 + 0)\nexit");
        uint8_t payload[] = {5};
        struct ebpf_input in = {.size = sizeof(in), .mem = payload, .mem_size = 1};
        struct ebpf_fault fault = fault_of(vm, &in, EBPF_ERR_READ_ONLY);
        ck_assert_uint_eq(fault.insn, 1);
        ebpf_vm_free(vm);
    }
}
END_TEST

static void check_refused(const struct ebpf_context_field *list, uint32_t count,
                          ebpf_status status, const char *message)
{
    const struct ebpf_context context = {list, count};
    const struct ebpf_vm_options options = {
        .size = sizeof(options), .kind = EBPF_VM_TYPED, .context = &context};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_vm *vm;
    ck_assert_int_eq(ebpf_vm_new(&options, diag, &vm), status);
    ck_assert_ptr_null(vm);
    ck_assert_msg(strstr(ebpf_diag_at(diag, 0)->message, message), "%s",
                  ebpf_diag_at(diag, 0)->message);
    ebpf_diag_free(diag);
    ck_assert_int_eq(verify("r0 = 0\nexit", &context), EBPF_ERR_INVALID);
}

START_TEST(descriptions_make_sense)
{
    static const struct ebpf_context_field bad[][2] = {
        {{"a", 0, 4, EBPF_CONTEXT_NUMBER, 0}, {NULL, 4, 4, EBPF_CONTEXT_NUMBER, 0}},
        {{"a", 0, 4, EBPF_CONTEXT_NUMBER, 0}, {"a", 4, 4, EBPF_CONTEXT_NUMBER, 0}},
        {{"a", 0, 4, EBPF_CONTEXT_NUMBER, 0}, {"b", 3, 4, EBPF_CONTEXT_NUMBER, 0}},
        {{"a", 0, 4, EBPF_CONTEXT_NUMBER, 0}, {"b", 4, 0, EBPF_CONTEXT_NUMBER, 0}},
        {{"a", 0, 4, EBPF_CONTEXT_NUMBER, 0}, {"b", 4093, 4, EBPF_CONTEXT_NUMBER, 0}},
        {{"a", 0, 4, EBPF_CONTEXT_NUMBER, 0}, {"b", UINT32_MAX, 4, EBPF_CONTEXT_NUMBER, 0}},
        {{"a", 0, 4, EBPF_CONTEXT_DATA, 0}, {"b", 4, 4, EBPF_CONTEXT_DATA, 0}},
        {{"a", 0, 4, EBPF_CONTEXT_DATA, 0}, {"b", 8, 8, EBPF_CONTEXT_DATA_END, 0}},
        {{"a", 0, 4, EBPF_CONTEXT_DATA, 0}, {"b", 6, 4, EBPF_CONTEXT_DATA_END, 0}},
        {{"a", 0, 4, EBPF_CONTEXT_DATA, 0}, {"b", 4, 4, EBPF_CONTEXT_DATA_END, 1}},
        {{"a", 0, 4, EBPF_CONTEXT_NUMBER, 0}, {"b", 4, 4, (enum ebpf_context_kind)9, 0}},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        check_refused(bad[i], 2, EBPF_ERR_INVALID, "field 1 of the context makes no sense");
    check_refused(fields, 0, EBPF_ERR_LIMIT, "a context of 0 fields");
    check_refused(NULL, 3, EBPF_ERR_LIMIT, "a context of 0 fields");
    check_refused(fields, 257, EBPF_ERR_LIMIT, "a context of 257 fields");
}
END_TEST

START_TEST(contexts_and_types_exclude_each_other)
{
    struct ebpf_vm *vm;
    struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_TYPED,
                                      .context = &events, .type = "xdp"};
    ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_ERR_INVALID);
    options.context = NULL;
    options.type = "custom";
    ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_ERR_INVALID);
    options.type = "raw"; /* what finds no context: its proof would be of another kind of VM */
    ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_ERR_INVALID);
    options.type = "none";
    ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_ERR_INVALID);
    options = (struct ebpf_vm_options){
        .size = sizeof(options), .kind = EBPF_VM_RAW, .context = &events};
    ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_ERR_INVALID);
}
END_TEST

/* A program may go on in another one only if both find the same. */
START_TEST(tail_calls_need_the_same_context)
{
    const struct ebpf_map_def def = {.kind = EBPF_MAP_PROG_ARRAY, .key_size = 4, .value_size = 4,
                                     .max_entries = 2};
    struct ebpf_context other = {fields, events.field_count - 1};
    struct ebpf_vm_options options = {.kind = EBPF_VM_TYPED, .context = &other};
    struct ebpf_map *map;
    ck_assert_int_eq(ebpf_map_new(&def, NULL, NULL, &map), EBPF_OK);
    struct ebpf_vm *same = vm_for(NULL, EBPF_POLICY_CHECKED, "r0 = 1\nexit"),
                   *differs = vm_with(&options, "r0 = 2\nexit");
    ck_assert_int_eq(ebpf_map_set_program(map, 0, same, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_map_set_program(map, 1, differs, NULL), EBPF_ERR_INVALID);
    ebpf_map_unref(map);
    ebpf_vm_free(same);
    ebpf_vm_free(differs);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    struct ebpf_program *program = assemble(sum);
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_TYPED,
                                                .context = &events, .mem = &f.mem};
        struct ebpf_vm *vm;
        ebpf_status status = ebpf_vm_new(&options, NULL, &vm);
        if (!status)
            status = ebpf_vm_set_program(vm, program, NULL);
        if (!status)
            status = ebpf_vm_compile(vm, NULL);
        failing_mem_check(&f, status);
        ebpf_vm_free(vm);
    }
    ebpf_program_unref(program);
}
END_TEST

static TCase *contexts(void)
{
    TCase *tc = tcase_create("contexts");
    tcase_add_test(tc, programs_find_their_fields);
    tcase_add_test(tc, proofs_are_of_what_runs);
    tcase_add_test(tc, fields_are_proven);
    tcase_add_test(tc, addresses_cannot_be_written);
    tcase_add_test(tc, descriptions_make_sense);
    tcase_add_test(tc, contexts_and_types_exclude_each_other);
    tcase_add_test(tc, tail_calls_need_the_same_context);
    tcase_add_test(tc, every_allocation_may_fail);
    return tc;
}

RUN_SUITE("vm/contexts", contexts)
