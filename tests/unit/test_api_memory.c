/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Every allocation of the whole interface fails once: a clean status, and nothing leaks.  Each test
 * is a life of some objects with one allocator, from making them to freeing them. */
#include "tests/unit/failing_mem.h"
#include "tests/unit/vm_unit.h"

static const char text[] = ".equ SIZE, 8\n"
                           ".func main\n"
                           "r6 = r1\n"
                           "r1 = 5\n"
                           "again:\n"
                           "*(u64 *)(r10 - SIZE) = r1\n"
                           "r1 += -1\n"
                           "if r1 != 0 goto again\n"
                           "call inner\n"
                           "call 7\n"
                           "r0 = 3\n"
                           "exit\n"
                           ".func inner\n"
                           "r2 = 0x123456789abcdef ll\n"
                           "r0 = r2\n"
                           "exit\n";
static const char wrong[] = "mov r11, 1\nnonsense r1\nja nowhere\nadd r1\n";

static struct ebpf_program *good_program(void)
{
    return assemble(text);
}

/* What a call whose report may also have lacked memory says: the first failure counts. */
static ebpf_status with_report(struct ebpf_diag *diag, ebpf_status status)
{
    return diag ? status : EBPF_ERR_NOMEM;
}

START_TEST(assembling)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        const struct ebpf_asm_options options = {.size = sizeof(options), .file = "a.s",
                                                 .mem = &f.mem};
        struct ebpf_program *program;
        ebpf_status status = ebpf_assemble(text, sizeof(text) - 1, &options, NULL, &program);
        failing_mem_check(&f, status);
        ck_assert(!status == !!program);
        ebpf_program_unref(program);
    }
}
END_TEST

/* Errors are found with a report that loses entries, too; the status may then be either. */
START_TEST(assembling_what_is_wrong)
{
    static const enum ebpf_diag_style styles[] = {EBPF_DIAG_PLAIN, EBPF_DIAG_COLOR,
                                                  EBPF_DIAG_JSON};
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        const struct ebpf_asm_options options = {.size = sizeof(options), .mem = &f.mem};
        struct ebpf_diag *diag = ebpf_diag_new(&f.mem);
        struct ebpf_program *program;
        ebpf_status status = ebpf_assemble(wrong, sizeof(wrong) - 1, &options, diag, &program);
        ck_assert(status != EBPF_OK && !program);
        for (size_t i = 0; diag && i < sizeof(styles) / sizeof(styles[0]); i++) {
            struct ebpf_text printed = {.mem = &f.mem};
            struct ebpf_stream out = ebpf_stream_text(&printed);
            status = ebpf_diag_print(diag, styles[i], &out);
            ck_assert(status == EBPF_OK || (f.failed && status == EBPF_ERR_NOMEM));
            ebpf_text_free(&printed);
        }
        ebpf_diag_free(diag);
    }
}
END_TEST

START_TEST(decoding)
{
    uint8_t bytes[256];
    struct ebpf_program *from = good_program();
    size_t size = ebpf_program_size(from);
    ck_assert_int_eq(ebpf_program_encode(from, bytes, sizeof(bytes)), EBPF_OK);
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_program *program;
        uint8_t again[sizeof(bytes)];
        ebpf_status status = ebpf_program_decode(bytes, size, "b", &f.mem, NULL, &program);
        failing_mem_check(&f, status);
        ck_assert(!status == !!program);
        if (program) {
            ck_assert_int_eq(ebpf_program_encode(program, again, sizeof(again)), EBPF_OK);
            ck_assert_mem_eq(bytes, again, size);
        }
        ebpf_program_unref(program);
    }
    ebpf_program_unref(from);
}
END_TEST

/* All that prints a program, by number; EBPF_ERR_NOT_FOUND after the last. */
static ebpf_status print(const struct ebpf_program *program, unsigned number,
                         const struct ebpf_stream *out)
{
    const struct ebpf_print_options options = {.size = sizeof(options),
                                               .dialect = number & 1 ? EBPF_DIALECT_PSEUDOC
                                                                     : EBPF_DIALECT_MNEMONIC,
                                               .labels = number >> 1 & 1,
                                               .pcs = number >> 2 & 1,
                                               .bytes = number >> 3 & 1,
                                               .json = number >> 4 & 1};
    switch (number) {
    case 32: return ebpf_program_print_ir(program, out);
    case 33: return ebpf_program_print_dot(program, out);
    case 34: return ebpf_program_print_builder(program, "make", out);
    case 35: return ebpf_insn_print(program, 0, EBPF_DIALECT_PSEUDOC, out);
    default: return number < 32 ? ebpf_program_print(program, &options, out) : EBPF_ERR_NOT_FOUND;
    }
}

/* The program has the allocator as well: printing may need its memory. */
START_TEST(printing)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        const struct ebpf_asm_options options = {.size = sizeof(options), .mem = &f.mem};
        struct ebpf_program *program;
        ebpf_status status = ebpf_assemble(text, sizeof(text) - 1, &options, NULL, &program);
        for (unsigned number = 0; !status; number++) {
            struct ebpf_text printed = {.mem = &f.mem};
            struct ebpf_stream out = ebpf_stream_text(&printed);
            status = print(program, number, &out);
            ebpf_text_free(&printed);
        }
        failing_mem_check(&f, status == EBPF_ERR_NOT_FOUND ? EBPF_OK : status);
        ebpf_program_unref(program);
    }
}
END_TEST

START_TEST(building)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_builder *b = ebpf_builder_new(&f.mem);
        struct ebpf_diag *diag = ebpf_diag_new(&f.mem);
        struct ebpf_program *program;
        struct ebpf_label out = ebpf_label_new(b, "out"), inner = ebpf_label_new(b, "inner");
        for (int i = 0; i < 100; i++)
            ebpf_build_jeq64_imm(b, EBPF_R1, i, out);
        ebpf_build_call_local(b, inner);
        ebpf_label_bind(b, out);
        ebpf_build_exit(b);
        ebpf_build_function(b, inner);
        ebpf_build_exit(b);
        ebpf_status status = ebpf_builder_finish(b, diag, &program);
        ck_assert(!status == !!program);
        failing_mem_check(&f, with_report(diag, status));
        ebpf_program_unref(program);
        ebpf_diag_free(diag);
        ebpf_builder_free(b);
    }
}
END_TEST

/* Every built-in pass, in a list that is edited. */
START_TEST(verifying)
{
    struct ebpf_program *program = good_program();
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_diag *diag = ebpf_diag_new(&f.mem);
        struct ebpf_pass_list *list = ebpf_pass_list_new(NULL, &f.mem);
        ebpf_status status = list && diag ? EBPF_OK : EBPF_ERR_NOMEM;
        const struct ebpf_pass *pass;
        for (size_t i = 0; !status && (pass = ebpf_pass_at(i)); i++)
            if (strcmp(pass->name, "safety") != 0) /* needs helpers that are known */
                status = ebpf_pass_list_append(list, pass);
        if (!status)
            status = ebpf_pass_list_prepend(list, ebpf_pass_at(0));
        if (!status)
            status = ebpf_verify(program, ebpf_pass_list_passes(list), &f.mem, diag);
        if (!status)
            status = ebpf_verify(program, NULL, &f.mem, NULL);
        if (!status)
            status = ebpf_verify(program, ebpf_verifier_lenient(), &f.mem, NULL);
        failing_mem_check(&f, status);
        ebpf_pass_list_free(list);
        ebpf_diag_free(diag);
    }
    ebpf_program_unref(program);
}
END_TEST

/* Makes, fills, compiles, runs: one run that succeeds and one that faults and is explained. */
static ebpf_status live(const struct ebpf_vm_options *options, struct ebpf_program *program,
                        struct ebpf_diag *diag)
{
    static uint8_t bytes[16];
    struct ebpf_vm *vm;
    struct ebpf_result result;
    const struct ebpf_input in = {.size = sizeof(in), .budget = 3};
    ebpf_status status = ebpf_vm_new(options, diag, &vm);
    if (!status)
        status = ebpf_vm_register_helpers(vm, ebpf_helpers_rbpf());
    if (!status)
        status = ebpf_vm_register_helpers(vm, ebpf_helpers_kernel());
    if (!status)
        status = ebpf_vm_allow_memory(vm, bytes, 16, 1);
    if (!status)
        status = ebpf_vm_set_program(vm, program, diag);
    if (!status)
        status = ebpf_vm_set_verifier(vm, ebpf_verifier_lenient(), diag);
    if (!status)
        status = ebpf_vm_compile(vm, diag);
    if (!status)
        status = ebpf_vm_run(vm, NULL, &result);
    if (!status) {
        status = ebpf_vm_run(vm, &in, &result);
        ebpf_vm_explain(vm, &result.fault, diag);
        if (status == EBPF_ERR_BUDGET) /* what a report has no memory for, it counts */
            status = diag && ebpf_diag_dropped(diag) ? EBPF_ERR_NOMEM : EBPF_OK;
    }
    if (!status) {
        struct ebpf_text dumped = {.mem = options->mem};
        struct ebpf_stream out = ebpf_stream_text(&dumped);
        status = ebpf_vm_backend(vm)->dump(ebpf_vm_code(vm), &out);
        ebpf_text_free(&dumped);
    }
    ebpf_vm_free(vm);
    return status;
}

/* Frames so large that the stack of a run comes from the allocator, and small ones. */
static void all_kinds(const char *name, uint32_t frame_size)
{
    static const enum ebpf_vm_kind kinds[] = {EBPF_VM_NO_DATA, EBPF_VM_RAW, EBPF_VM_MBUFF,
                                              EBPF_VM_FIXED_MBUFF};
    struct ebpf_program *program = good_program();
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
            const struct ebpf_vm_options options = {
                .size = sizeof(options), .backend = name, .kind = kinds[i], .mem = &f.mem,
                .data_end_offset = kinds[i] == EBPF_VM_FIXED_MBUFF ? 8 : 0,
                .frame_size = frame_size};
            struct ebpf_diag *diag = ebpf_diag_new(&f.mem);
            failing_mem_check(&f, with_report(diag, live(&options, program, diag)));
            ebpf_diag_free(diag);
        }
    }
    ebpf_program_unref(program);
}

START_TEST(running)
{
    FOR_EACH_ENGINE(name) {
        all_kinds(name, 0);
        all_kinds(name, 4096);
    }
}
END_TEST

static TCase *allocations(void)
{
    TCase *tc = tcase_create("every allocation fails once");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, assembling);
    tcase_add_test(tc, assembling_what_is_wrong);
    tcase_add_test(tc, decoding);
    tcase_add_test(tc, printing);
    tcase_add_test(tc, building);
    tcase_add_test(tc, verifying);
    tcase_add_test(tc, running);
    return tc;
}

RUN_SUITE("api/memory", allocations)
