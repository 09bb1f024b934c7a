/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Loading, verifying and compiling programs; registering helpers; memory that runs out. */
#include "tests/unit/failing_mem.h"
#include "tests/unit/vm_unit.h"

static uint64_t seven(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    return 7 + r1 - r1 + (r2 & r3 & r4 & r5 & 0);
}

static uint64_t eight(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run;
    return *(uint64_t *)ctx + (args[0] & 0);
}

/* Loads text without asserting that it is accepted. */
static ebpf_status try_load(struct ebpf_vm *vm, const char *text, struct ebpf_diag *diag)
{
    struct ebpf_program *program = assemble(text);
    ebpf_status status = ebpf_vm_set_program(vm, program, diag);
    ebpf_program_unref(program);
    return status;
}

START_TEST(calls_come_in_order)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_ERR_NO_PROGRAM);
        ck_assert_int_eq(ebpf_vm_compile(vm, diag), EBPF_ERR_NO_PROGRAM);
        ck_assert_uint_eq(ebpf_diag_count(diag), 1);
        ck_assert_int_eq(try_load(vm, "mov r0, 1\nexit", NULL), EBPF_OK);
        ck_assert_ptr_nonnull(ebpf_vm_program(vm));
        ck_assert_ptr_null(ebpf_vm_code(vm));
        ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_ERR_STATE);
        ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 1);
        ck_assert_int_eq(ebpf_vm_set_program(vm, NULL, NULL), EBPF_OK);
        ck_assert_ptr_null(ebpf_vm_program(vm));
        ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_ERR_NO_PROGRAM);
        ebpf_diag_free(diag);
        ebpf_vm_free(vm);
    }
    ebpf_vm_free(NULL);
}
END_TEST

START_TEST(a_rejected_program_leaves_the_old_one)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm =
            vm_with(&(struct ebpf_vm_options){.backend = name}, "mov r0, 1\nexit");
        ck_assert_int_eq(try_load(vm, "mov r10, 1\nexit", NULL), EBPF_ERR_WRITE_R10);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 1);
        load(vm, "mov r0, 2\nexit");
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 2);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* Engines need it of dead code as well, although a verdict alone is as the kernel's. */
START_TEST(dead_code_is_well_formed_where_it_runs)
{
    static const char text[] = "mov r0, 1\njeq r0, 1, o\nmov r10, 1\no: exit";
    const struct ebpf_pass *passes[] = {ebpf_pass_find("structure"), ebpf_pass_find("cfg"),
                                        ebpf_pass_find("safety"), NULL};
    const struct ebpf_verify_options options = {.size = sizeof(options), .passes = passes,
                                                .type = "xdp"};
    struct ebpf_program *program = assemble(text);
    ck_assert_int_eq(ebpf_verify_for(program, &options, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_verify(program, passes, NULL, NULL), EBPF_ERR_WRITE_R10);
    ebpf_program_unref(program);
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm =
            empty_vm(&(struct ebpf_vm_options){.backend = name, .passes = passes});
        ck_assert_int_eq(try_load(vm, text, NULL), EBPF_ERR_WRITE_R10);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(programs_are_shared_by_reference)
{
    struct ebpf_program *program = assemble("mov r0, 3\nexit");
    struct ebpf_vm *vms[3];
    for (int i = 0; i < 3; i++) {
        vms[i] = empty_vm(&(struct ebpf_vm_options){0});
        ck_assert_int_eq(ebpf_vm_set_program(vms[i], program, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_set_program(vms[i], program, NULL), EBPF_OK);
        ck_assert_ptr_eq(ebpf_vm_program(vms[i]), program);
    }
    ebpf_program_unref(program);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(ebpf_vm_compile(vms[i], NULL), EBPF_OK);
        ck_assert_uint_eq(run(vms[i], NULL, 0, NULL, 0), 3);
        ebpf_vm_free(vms[i]);
    }
}
END_TEST

/* A verifier of the embedder's own: no calls of the helper 66. */
static ebpf_status forbid_66(struct ebpf_verify *verify, void *ctx)
{
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(ebpf_verify_program(verify), &count);
    (void)ctx;
    for (uint32_t i = 0; i < count; i++)
        if (insns[i].op == EBPF_OP_CALL && insns[i].imm == 66)
            return ebpf_verify_reject(verify, EBPF_ERR_REJECTED, i, NULL, "helper 66");
    return EBPF_OK;
}

static const struct ebpf_pass no_66 = {.name = "no-66", .run = forbid_66};
/* The same, boasting. */
static const struct ebpf_pass liar = {
    .name = "liar", .gives = EBPF_AN_WELL_FORMED, .run = forbid_66};

START_TEST(the_verifier_runs_at_once)
{
    const struct ebpf_pass *const mine[] = {&no_66, NULL};
    const struct ebpf_helper helper = {.id = 66, .fn = seven};
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
        ck_assert_int_eq(ebpf_vm_set_verifier(vm, mine, NULL), EBPF_OK); /* nothing is loaded */
        ck_assert_int_eq(try_load(vm, "call 66\nexit", NULL), EBPF_ERR_REJECTED);
        ck_assert_ptr_null(ebpf_vm_program(vm));
        ck_assert_int_eq(ebpf_vm_set_verifier(vm, ebpf_verifier_lenient(), NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
        load(vm, "call 66\nlsh r0, 64\nexit");
        ck_assert_int_eq(ebpf_vm_set_verifier(vm, mine, NULL), EBPF_ERR_REJECTED);
        ck_assert_int_eq(ebpf_vm_set_verifier(vm, NULL, NULL), EBPF_ERR_SHIFT); /* strict */
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 7); /* all as before */
        load(vm, "call 66\nlsh r0, 64\nexit");
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(ill_formed_programs_are_refused_whatever_the_verifier)
{
    static const uint8_t bytes[] = {0xb7, 0x0b, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0};
    const struct ebpf_pass *const none[] = {NULL}, *const mine[] = {&no_66, NULL},
                           *const lies[] = {&liar, NULL};
    const struct ebpf_pass *const *const lists[] = {none, mine, lies};
    struct ebpf_program *bad;
    ck_assert_int_eq(ebpf_program_decode(bytes, sizeof(bytes), NULL, NULL, NULL, &bad), EBPF_OK);
    for (size_t i = 0; i < 3; i++) {
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.passes = lists[i]});
        ck_assert_int_eq(ebpf_vm_set_program(vm, bad, NULL), EBPF_ERR_BAD_REGISTER);
        load(vm, "mov r0, 1\nexit");
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 1);
        ebpf_vm_free(vm);
    }
    ebpf_program_unref(bad);
}
END_TEST

START_TEST(a_list_of_passes_is_copied)
{
    struct ebpf_pass_list *list = ebpf_pass_list_new(ebpf_verifier_lenient(), NULL);
    struct ebpf_vm *vm =
        empty_vm(&(struct ebpf_vm_options){.passes = ebpf_pass_list_passes(list)});
    ck_assert_int_eq(ebpf_pass_list_append(list, &no_66), EBPF_OK);
    ck_assert_int_eq(try_load(vm, "call 66\nexit", NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_set_verifier(vm, ebpf_pass_list_passes(list), NULL),
                     EBPF_ERR_REJECTED);
    ebpf_pass_list_free(list);
    ck_assert_int_eq(try_load(vm, "call 66\nexit", NULL), EBPF_OK);
    ebpf_vm_free(vm);
}
END_TEST

START_TEST(missing_helpers_are_reported_with_advice)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        ck_assert_int_eq(try_load(vm, "call 5\ncall 0x7fffffff\nexit", NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_compile(vm, diag), EBPF_ERR_HELPER);
        ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_ERR_STATE);
        ck_assert_uint_eq(ebpf_diag_count(diag), 2);
        const struct ebpf_diag_entry *entry = ebpf_diag_at(diag, 0);
        ck_assert_uint_eq(entry->line, 1);
        ck_assert_str_eq(entry->message, "no helper is registered under id 5 (0x5), the kernel's "
                                         "ktime_get_ns");
        ck_assert_ptr_nonnull(strstr(entry->advice, "ktime_get_ns"));
        entry = ebpf_diag_at(diag, 1);
        ck_assert_uint_eq(entry->pc, 1);
        ck_assert_str_eq(entry->message,
                         "no helper is registered under id 2147483647 (0x7fffffff)");
        ck_assert_str_eq(entry->advice, ebpf_status_advice(EBPF_ERR_HELPER));
        ebpf_diag_free(diag);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(helpers_may_be_registered_again)
{
    uint64_t value = 8;
    const struct ebpf_helper first = {.id = 1, .fn = seven},
                             second = {.id = 1, .run_fn = eight, .ctx = &value};
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &first), EBPF_OK);
        load(vm, "call 1\nexit");
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 7);
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &second), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_ERR_STATE);
        ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 8);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* Any key, in any order of registration; each helper returns its own. */
START_TEST(any_32_bit_key)
{
    static const uint32_t ids[] = {0xffffffff, 0, 0x80000000, 1000, 1, 0x7fffffff, 63, 64, 999};
    uint64_t values[9];
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
        for (size_t i = 0; i < 9; i++) {
            const struct ebpf_helper helper = {.id = ids[i], .run_fn = eight, .ctx = &values[i]};
            values[i] = ids[i];
            ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
        }
        for (size_t i = 0; i < 9; i++) {
            char text[64];
            snprintf(text, sizeof(text), "call %d\nexit", (int32_t)ids[i]);
            load(vm, text);
            ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), ids[i]);
        }
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(helpers_must_make_sense)
{
    static const struct ebpf_prototype kind = {.args = {{.kind = EBPF_ARG_RECORD + 1}}},
        size_arg = {.args = {{.kind = EBPF_ARG_READ, .size_arg = 6}}},
        no_size = {.args = {{.kind = EBPF_ARG_READ, .size_arg = 2}, {.kind = EBPF_ARG_SCALAR}}},
        scalar_size = {.args = {{.kind = EBPF_ARG_SCALAR, .size_arg = 2},
                                {.kind = EBPF_ARG_SIZE}}},
        ret = {.ret = 2}, good = {.args = {{.kind = EBPF_ARG_READ, .size_arg = 2},
                                           {.kind = EBPF_ARG_SIZE}}};
    const struct {
        struct ebpf_helper helper;
        ebpf_status status;
    } rows[] = {
        {{.id = 1}, EBPF_ERR_INVALID},
        {{.id = 1, .fn = seven, .run_fn = eight}, EBPF_ERR_INVALID},
        {{.id = 1, .fn = seven, .proto = &kind}, EBPF_ERR_INVALID},
        {{.id = 1, .fn = seven, .proto = &size_arg}, EBPF_ERR_INVALID},
        {{.id = 1, .fn = seven, .proto = &no_size}, EBPF_ERR_INVALID},
        {{.id = 1, .fn = seven, .proto = &scalar_size}, EBPF_ERR_INVALID},
        {{.id = 1, .fn = seven, .proto = &ret}, EBPF_ERR_INVALID},
        {{.id = 1, .fn = seven, .proto = &good}, EBPF_OK},
    };
    struct ebpf_vm *vm = vm_with(&(struct ebpf_vm_options){0}, "mov r0, 1\nexit");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        /* what is refused changes nothing */
        ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &rows[i].helper), rows[i].status);
    }
    const struct ebpf_helper two[] = {rows[7].helper, rows[0].helper};
    const struct ebpf_helper_set set = {"two", two, 2};
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, &set), EBPF_ERR_INVALID);
    ebpf_vm_free(vm);
}
END_TEST

/* What a calculator is asked, and what it answers. */
struct calculator {
    uint32_t asked, answer;
    const struct ebpf_program *program;
};

static uint32_t calculate(const struct ebpf_program *program, uint32_t function, void *ctx)
{
    struct calculator *c = ctx;
    c->asked |= 1u << function;
    c->program = program;
    return function == 1 ? c->answer : 16;
}

static const char two_functions[] = "mov r1, 1\n"
                                    "callx inner\n"
                                    "exit\n"
                                    "inner:\n"
                                    "stdw [r10-40], 5\n"
                                    "ldxdw r0, [r10-40]\n"
                                    "exit\n";

START_TEST(stack_use_is_asked_for_each_function)
{
    FOR_EACH_ENGINE(name) {
        struct calculator c = {.answer = 33}; /* rounded up to 40 */
        const struct ebpf_vm_options options = {
            .backend = name, .stack_use = calculate, .stack_use_ctx = &c};
        struct ebpf_vm *vm = vm_with(&options, two_functions);
        ck_assert_uint_eq(c.asked, 3);
        ck_assert_ptr_eq(c.program, ebpf_vm_program(vm));
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 5);
        c.answer = 32;
        load(vm, two_functions);
        struct ebpf_fault fault = fault_of(vm, NULL, EBPF_ERR_STORE);
        ck_assert_uint_eq(fault.insn, 3);
        ck_assert_int_eq(fault.nearest.kind, EBPF_REGION_STACK);
        ck_assert_uint_eq(fault.nearest.size, 48);
        c.answer = 0;
        load(vm, two_functions);
        fault_of(vm, NULL, EBPF_ERR_STORE);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(frames_too_large_are_refused)
{
    struct calculator c = {.answer = EBPF_FRAME_SIZE_MAX + 1};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    const struct ebpf_vm_options options = {.stack_use = calculate, .stack_use_ctx = &c};
    struct ebpf_vm *vm = empty_vm(&options);
    ck_assert_int_eq(try_load(vm, two_functions, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, diag), EBPF_ERR_LIMIT);
    const struct ebpf_diag_entry *entry = ebpf_diag_at(diag, 0);
    ck_assert_uint_eq(entry->line, 5);
    ck_assert_str_eq(entry->message,
                     "function inner needs 65537 bytes of stack, the limit is 65536");
    ebpf_vm_free(vm);
    ebpf_diag_clear(diag);

    vm = empty_vm(&(struct ebpf_vm_options){.stack_size = 496});
    ck_assert_int_eq(try_load(vm, "mov r0, 0\nexit", NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, diag), EBPF_ERR_LIMIT);
    ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, "512 bytes of stack"));
    ebpf_vm_free(vm);
    ebpf_diag_free(diag);
}
END_TEST

/* A life of a VM, as far as memory allows. */
static ebpf_status live(const struct ebpf_vm_options *options, struct ebpf_program *program)
{
    static char bytes[64];
    struct ebpf_vm *vm;
    struct ebpf_diag *diag = ebpf_diag_new(options->mem);
    ebpf_status status = ebpf_vm_new(options, diag, &vm);
    if (!status)
        status = ebpf_vm_register_helpers(vm, ebpf_helpers_kernel());
    if (!status)
        status = ebpf_vm_allow_memory(vm, bytes, 64, 0);
    if (!status)
        status = ebpf_vm_allow_memory(vm, bytes + 16, 8, 1);
    if (!status)
        status = ebpf_vm_set_program(vm, program, diag);
    if (!status)
        status = ebpf_vm_set_verifier(vm, NULL, diag);
    if (!status)
        status = ebpf_vm_compile(vm, diag);
    if (!status)
        status = ebpf_vm_run(vm, NULL, NULL);
    if (!status)
        status = ebpf_vm_set_program(vm, program, diag);
    ebpf_vm_free(vm);
    if (!diag)
        return EBPF_ERR_NOMEM;
    ebpf_diag_free(diag);
    return status;
}

START_TEST(every_allocation_fails_once)
{
    struct ebpf_program *program = assemble(two_functions);
    FOR_EACH_ENGINE(name) {
        for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
            const struct ebpf_vm_options options = {
                .size = sizeof(options), .backend = name, .mem = &f.mem, .max_depth = 512};
            failing_mem_check(&f, live(&options, program));
        }
    }
    ebpf_program_unref(program);
}
END_TEST

static TCase *programs(void)
{
    TCase *tc = tcase_create("programs");
    tcase_add_test(tc, calls_come_in_order);
    tcase_add_test(tc, a_rejected_program_leaves_the_old_one);
    tcase_add_test(tc, dead_code_is_well_formed_where_it_runs);
    tcase_add_test(tc, programs_are_shared_by_reference);
    tcase_add_test(tc, the_verifier_runs_at_once);
    tcase_add_test(tc, ill_formed_programs_are_refused_whatever_the_verifier);
    tcase_add_test(tc, a_list_of_passes_is_copied);
    tcase_add_test(tc, stack_use_is_asked_for_each_function);
    tcase_add_test(tc, frames_too_large_are_refused);
    tcase_add_test(tc, every_allocation_fails_once);
    return tc;
}

static TCase *helpers(void)
{
    TCase *tc = tcase_create("helpers");
    tcase_add_test(tc, missing_helpers_are_reported_with_advice);
    tcase_add_test(tc, helpers_may_be_registered_again);
    tcase_add_test(tc, any_32_bit_key);
    tcase_add_test(tc, helpers_must_make_sense);
    return tc;
}

RUN_SUITE("vm/load", programs, helpers)
