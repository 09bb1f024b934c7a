/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Machine code as others see it: backtraces, perf's files, options that change it. */
#include "config.h"

#include <execinfo.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/unit/vm_unit.h"

static const char *const program = "mov r6, r1\nmov r7, 3\nloop: mov r1, r6\ncall 1\nsub r7, 1\n"
                                   "jne r7, 0, loop\nstdw [r10-8], 7\ncall local f\nexit\n"
                                   "f: mov r8, 0\ncall 1\nmov r9, r0\nmov r0, 0x1234567\nexit";

enum { FRAMES = 64 };
struct trace {
    void *frames[FRAMES];
    int count;
};

/* Whether the stack can be followed up to whoever called ebpf_vm_run(). */
static uint64_t look(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx, (void)args;
    struct trace *trace = run->user;
    trace->count = backtrace(trace->frames, FRAMES);
    return 0;
}

static struct ebpf_vm *seen_vm(const char *engine, uint32_t flags)
{
    const struct ebpf_vm_options o = {.kind = EBPF_VM_RAW, .backend = engine,
                                      .code = {.flags = flags}};
    const struct ebpf_helper helper = {.id = 1, .run_fn = look};
    struct ebpf_vm *vm = empty_vm(&o);
    ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
    load(vm, program);
    return vm;
}

/* Runs; the bottom of the trace is the same as that of our own. */
static bool follows(const struct ebpf_vm *vm)
{
    struct trace inside = {.count = 0}, here;
    struct ebpf_result out;
    const struct ebpf_input in = {.size = sizeof(in), .user = &inside};
    here.count = backtrace(here.frames, FRAMES);
    ck_assert_int_eq(ebpf_vm_run(vm, &in, &out), EBPF_OK);
    ck_assert_uint_eq(out.r0, 0x1234567);
    return here.count > 2 && inside.count > here.count + 2 &&
           inside.frames[inside.count - 1] == here.frames[here.count - 1] &&
           inside.frames[inside.count - 2] == here.frames[here.count - 2];
}

START_TEST(backtraces_cross_machine_code)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = seen_vm(name, EBPF_CODE_GDB), *other = seen_vm(name, EBPF_CODE_GDB);
        ck_assert(follows(vm));
        ck_assert(follows(other));
        ebpf_vm_free(vm);
        ck_assert(follows(other));
        ebpf_vm_free(other);
    }
}
END_TEST

/* How often a file has some text. */
static int count_in(const char *format, const char *text)
{
    char path[64], content[4096];
    int found = 0;
    snprintf(path, sizeof(path), format, (long)getpid());
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    size_t size = fread(content, 1, sizeof(content), file), length = strlen(text);
    for (size_t i = 0; i + length <= size; i++)
        found += memcmp(content + i, text, length) == 0;
    fclose(file);
    unlink(path);
    return found;
}

START_TEST(perf_finds_names)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = seen_vm(name, EBPF_CODE_PERF_MAP | EBPF_CODE_JITDUMP);
        int native = ebpf_vm_backend(vm)->caps & EBPF_BACKEND_NATIVE;
        ck_assert_int_eq(count_in("/tmp/perf-%ld.map", " ebpf:f\n"), native ? 1 : -1);
        ck_assert_int_eq(count_in("/tmp/jit-%ld.dump", "DTiJ\1"), native ? 1 : -1);
        ebpf_vm_free(vm);
        vm = seen_vm(name, EBPF_CODE_JITDUMP);
        ck_assert_int_eq(count_in("/tmp/jit-%ld.dump", "ebpf:f"), native ? 1 : -1);
        ck_assert_int_eq(count_in("/tmp/perf-%ld.map", "ebpf:f"), -1);
        ebpf_vm_free(vm);
    }
}
END_TEST

#define CONSTANTS                                                                                  \
    "mov r0, 0x12345678\nlddw r1, 0x1122334455667788\njne r0, 0x12345678, +2\n"                    \
    "stw [r10-8], 0x12345678\nxor r0, 0x12345678\nexit"

/* The code of a program that returns 0, as dumped. */
static void code_of(const char *source, uint32_t flags, struct ebpf_text *text)
{
    const struct ebpf_vm_options o = {.code = {.flags = flags}, .seed = 7};
    struct ebpf_vm *vm = vm_with(&o, source);
    struct ebpf_stream out = ebpf_stream_text(text);
    *text = (struct ebpf_text){0};
    ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 0);
    ck_assert_int_eq(ebpf_vm_backend(vm)->dump(ebpf_vm_code(vm), &out), EBPF_OK);
    ebpf_vm_free(vm);
}

START_TEST(constants_are_blinded)
{
    if (!(ebpf_backend_find(NULL)->caps & EBPF_BACKEND_NATIVE))
        return;
    struct ebpf_text plain, blinded;
    code_of(CONSTANTS, 0, &plain);
    code_of(CONSTANTS, EBPF_CODE_BLINDED, &blinded);
    ck_assert_ptr_nonnull(strstr(plain.data, "78 56 34 12"));
    ck_assert_ptr_nonnull(strstr(plain.data, "88 77 66 55 44 33 22 11"));
    ck_assert_ptr_null(strstr(blinded.data, "78 56 34 12"));
    ck_assert_ptr_null(strstr(blinded.data, "88 77 66 55"));
    ck_assert_ptr_null(strstr(blinded.data, "44 33 22 11"));
    ebpf_text_free(&plain);
    ebpf_text_free(&blinded);
}
END_TEST

/* But not where speculation, or who looks for constants, must find none. */
START_TEST(large_switches_are_tables)
{
    if (!(ebpf_backend_find(NULL)->caps & EBPF_BACKEND_NATIVE))
        return;
    static const uint32_t flags[] = {0, EBPF_CODE_SHUFFLED, EBPF_CODE_MASKED, EBPF_CODE_BLINDED};
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        struct ebpf_text text;
        code_of("mov r0, 5\njgt r0, 4, high\njeq r0, 1, a\njeq r0, 2, b\njeq r0, 3, a\nja b\n"
                "high: jeq r0, 5, a\njeq r0, 6, b\njeq r0, 7, a\nja b\n"
                "a: mov r0, 0\nexit\nb: mov r0, 1\nexit", flags[i], &text);
        ck_assert_int_eq(strstr(text.data, "(table)") != NULL, i < 2);
        ebpf_text_free(&text);
    }
}
END_TEST

START_TEST(options_are_checked)
{
    struct ebpf_vm_options o = {.size = sizeof(o), .code = {.flags = 1u << 31}};
    struct ebpf_vm *vm;
    ck_assert_int_eq(ebpf_vm_new(&o, NULL, &vm), EBPF_ERR_INVALID);
    if (!(ebpf_backend_find(NULL)->caps & EBPF_BACKEND_NATIVE))
        return;
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *empty = assemble("mov r0, 0\nexit");
    o.code = (struct ebpf_code_options){.cpu = "movbe,sse9"};
    ck_assert_int_eq(ebpf_vm_new(&o, NULL, &vm), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_set_program(vm, empty, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, diag), EBPF_ERR_INVALID);
    ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, "sse9"));
    ebpf_vm_free(vm);
    ebpf_program_unref(empty);
    ebpf_diag_free(diag);
}
END_TEST

static TCase *seen(void)
{
    TCase *tc = tcase_create("seen");
    tcase_add_test(tc, backtraces_cross_machine_code);
    tcase_add_test(tc, perf_finds_names);
    tcase_add_test(tc, constants_are_blinded);
    tcase_add_test(tc, large_switches_are_tables);
    tcase_add_test(tc, options_are_checked);
    return tc;
}

RUN_SUITE("jit/seen", seen)
