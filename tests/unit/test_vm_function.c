/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Programs as C functions, and runs that need no state. */
#include "config.h"

#include "tests/unit/vm_unit.h"

static const struct ebpf_vm_options trusted = {.kind = EBPF_VM_RAW,
                                               .policy = EBPF_POLICY_TRUSTED};

/* The engine that makes functions; NULL if there is none in this build. */
static const struct ebpf_backend *maker(void)
{
    const struct ebpf_backend *best = ebpf_backend_find(NULL);
    return best->caps & EBPF_BACKEND_NATIVE && best->entry ? best : NULL;
}

/* The function that comes of a program, which `vm` holds. */
static ebpf_function_fn *function_of(const char *text, struct ebpf_vm **vm)
{
    ebpf_function_fn *function = NULL;
    *vm = vm_with(&trusted, text);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ebpf_status status = ebpf_vm_function(*vm, diag, &function);
    show(diag);
    ebpf_diag_free(diag);
    ck_assert_int_eq(status, EBPF_OK);
    ck_assert(function != NULL);
    return function;
}

/* Calls a program as a function and runs it: both have the same result. */
static void same(const char *text)
{
    uint8_t mem[32] = {1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0xff}, again[32];
    struct ebpf_vm *vm;
    ebpf_function_fn *function = function_of(text, &vm);
    memcpy(again, mem, sizeof(mem));
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(function(mem, sizeof(mem)), run(vm, again, sizeof(again), NULL, 0));
        ck_assert_mem_eq(mem, again, sizeof(mem));
    }
    ebpf_vm_free(vm);
}

START_TEST(functions_compute_what_runs_do)
{
    if (!maker())
        return;
    same("mov r0, 0\nexit");
    same("mov r0, r2\nadd r0, r3\nadd r0, r4\nadd r0, r5\nadd r0, r6\nexit");
    same("ldxdw r0, [r1]\nexit");
    same("ldxb r3, [r1+2]\nstxb [r1+5], r3\nmov r0, r3\nexit");
    /* the stack starts as zeros, however much of it is used */
    same("ldxdw r0, [r10-512]\nadd r0, 1\nstxdw [r10-512], r0\nexit");
    same("ldxb r0, [r10-53]\nadd r0, 1\nstxb [r10-53], r0\nexit");
    same("mov r2, r10\nadd r2, -256\nldxdw r0, [r2]\nadd r0, 1\nstxdw [r2], r0\nexit");
    same("mov r6, 0\nmov r0, 0\nadd r0, r6\nadd r6, 1\njlt r6, 1000, -3\nexit");
    same("mov r2, 9\nlock fetch_or [r1], r2\nmov r0, r2\nmov r0, 3\nlock fetch_xor [r1+8], r0\n"
         "add r0, r2\nexit");
}
END_TEST

START_TEST(functions_call_functions)
{
    if (!maker())
        return;
    same("mov r6, r2\nstdw [r10-8], 7\nmov r1, 2\ncall local f\nadd r0, r6\nldxdw r3, [r10-8]\n"
         "add r0, r3\nexit\n"
         "f: stdw [r10-8], 5\nmov r6, r1\ncall local g\nadd r0, r6\nldxdw r2, [r10-8]\n"
         "mul r0, r2\nexit\n"
         "g: ldxdw r0, [r10-8]\nadd r0, 3\nexit");
}
END_TEST

static uint64_t mix(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    uint64_t aligned[2] __attribute__((aligned(16))) = {a, b}; /* the stack must be, too */
    return aligned[0] + 2 * aligned[1] + 4 * c + 8 * d + 16 * e +
           (uintptr_t)__builtin_frame_address(0) % 16;
}

static uint64_t with_run(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run, (void)ctx;
    return args[0];
}

static ebpf_status try_function(const struct ebpf_vm_options *options, const char *text,
                                const char *message)
{
    struct ebpf_vm *vm = empty_vm(options);
    const struct ebpf_helper plain = {.id = 1, .fn = mix}, seeing = {.id = 2, .run_fn = with_run};
    ck_assert_int_eq(ebpf_vm_register_helper(vm, &plain), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_register_helper(vm, &seeing), EBPF_OK);
    struct ebpf_program *program = assemble(text);
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ebpf_function_fn *function;
    ebpf_status status = ebpf_vm_function(vm, diag, &function);
    ck_assert_int_eq(status == EBPF_OK, function != NULL);
    if (status)
        ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, message));
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
    ebpf_vm_free(vm);
    return status;
}

START_TEST(helpers_keep_what_is_live)
{
    if (!maker())
        return;
    struct ebpf_vm *vm = empty_vm(&trusted);
    const struct ebpf_helper plain = {.id = 1, .fn = mix};
    ck_assert_int_eq(ebpf_vm_register_helper(vm, &plain), EBPF_OK);
    load(vm, "mov r1, 1\nmov r2, 2\nmov r3, 3\nmov r4, 4\nmov r5, 5\nmov r9, r10\ncall 1\n"
             "mov r6, r0\ncall 1\nadd r0, r6\nadd r0, r5\nexit");
    ebpf_function_fn *function;
    ck_assert_int_eq(ebpf_vm_function(vm, NULL, &function), EBPF_OK);
    ck_assert_uint_eq(function(NULL, 0), 2 * (1 + 4 + 12 + 32 + 80) + 5);
    ebpf_vm_free(vm);
}
END_TEST

START_TEST(what_needs_a_run_is_refused)
{
    if (!maker())
        return;
    struct ebpf_vm_options o = trusted;
    const char *empty = "mov r0, 0\nexit";
    ck_assert_int_eq(try_function(&o, empty, ""), EBPF_OK);
    ck_assert_int_eq(try_function(&o, "mov r1, 1\ncall 2\nexit", "sees the run"),
                     EBPF_ERR_UNSUPPORTED);
    ck_assert_int_eq(try_function(&o, "mov r2, 1\ncallx r2\nexit", "not known"),
                     EBPF_ERR_UNSUPPORTED);
    ck_assert_int_eq(try_function(&o, "ldabsb 0\nexit", "end of the packet"),
                     EBPF_ERR_UNSUPPORTED);
    ck_assert_int_eq(try_function(&o, "call local f\nexit\nf: call local f\nexit", "recurse"),
                     EBPF_ERR_LIMIT);
    o.frame_size = EBPF_FRAME_SIZE_MAX;
    ck_assert_int_eq(try_function(&o, "call local f\nexit\nf: mov r0, 0\nexit", "bytes of stack"),
                     EBPF_ERR_LIMIT);
    o = trusted;
    o.policy = EBPF_POLICY_CHECKED;
    ck_assert_int_eq(try_function(&o, empty, "must be proven or trusted"), EBPF_ERR_STATE);
    o = trusted;
    o.kind = EBPF_VM_MBUFF;
    ck_assert_int_eq(try_function(&o, empty, "metadata buffer"), EBPF_ERR_UNSUPPORTED);
    o = trusted;
    o.backend = "interp";
    ck_assert_int_eq(try_function(&o, empty, "makes no C functions"), EBPF_ERR_UNSUPPORTED);
}
END_TEST

START_TEST(functions_go_with_the_program)
{
    if (!maker())
        return;
    struct ebpf_vm *vm;
    ebpf_function_fn *first = function_of("mov r0, 1\nexit", &vm), *second;
    ck_assert_uint_eq(first(NULL, 0), 1);
    ck_assert_int_eq(ebpf_vm_function(vm, NULL, &second), EBPF_OK);
    ck_assert(second == first);
    load(vm, "mov r0, 2\nexit");
    ck_assert_int_eq(ebpf_vm_function(vm, NULL, &second), EBPF_OK);
    ck_assert_uint_eq(second(NULL, 0), 2);
    ck_assert_int_eq(ebpf_vm_set_program(vm, NULL, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_function(vm, NULL, &second), EBPF_ERR_NO_PROGRAM);
    ck_assert(second == NULL);
    ebpf_vm_free(vm);
}
END_TEST

/* Straight programs are only called, but count, obey, and look at their input as all do. */
START_TEST(runs_without_state_are_runs)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options o = {.kind = EBPF_VM_RAW, .backend = name};
        struct ebpf_vm *vm = vm_with(&o, "mov r0, r2\nadd r0, 1\nexit");
        struct ebpf_interrupt raised = {0};
        struct ebpf_result out;
        struct ebpf_input in = {.size = sizeof(in), .mem = &raised, .mem_size = 4, .budget = 3};
        ck_assert_int_eq(ebpf_vm_run(vm, &in, &out), EBPF_OK);
        ck_assert_uint_eq(out.r0, 5);
        ck_assert_uint_eq(out.executed, 3);
        ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), EBPF_OK);
        in.budget = 2;
        ck_assert_uint_eq(fault_of(vm, &in, EBPF_ERR_BUDGET).insn, 2);
        in.budget = 0;
        in.interrupt = &raised;
        ebpf_interrupt_raise(&raised);
        fault_of(vm, &in, EBPF_ERR_INTERRUPTED);
        in.interrupt = NULL;
        in.mem_size = UINT64_MAX;
        ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), EBPF_ERR_INVALID);
        ebpf_vm_free(vm);
    }
}
END_TEST

static TCase *functions(void)
{
    TCase *tc = tcase_create("functions");
    tcase_add_test(tc, functions_compute_what_runs_do);
    tcase_add_test(tc, functions_call_functions);
    tcase_add_test(tc, helpers_keep_what_is_live);
    tcase_add_test(tc, what_needs_a_run_is_refused);
    tcase_add_test(tc, functions_go_with_the_program);
    tcase_add_test(tc, runs_without_state_are_runs);
    return tc;
}

RUN_SUITE("vm/function", functions)
