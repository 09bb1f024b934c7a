/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Helpers: functions of the host that programs call.  One is plain; one sees the run and has a
 * prototype, so that a bad pointer ends the run before the helper sees it. */
#include "example.h"

static uint64_t largest(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    (void)r3, (void)r4, (void)r5;
    return r1 > r2 ? r1 : r2;
}

/* Counts, in what `ctx` points to, the bytes that programs log. */
static uint64_t log_bytes(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    size_t *count = ctx;
    (void)run;
    printf("log: %.*s\n", (int)args[1], (const char *)(uintptr_t)args[0]);
    *count += args[1];
    return 0;
}

static const struct ebpf_prototype log_prototype = {
    .args = {{.kind = EBPF_ARG_READ, .size_arg = 2}, {.kind = EBPF_ARG_SIZE, .size = 64}}};

int main(void)
{
    static const char text[] = "mov r1, 7\n"
                               "mov r2, 30\n"
                               "call 1000000         ; any number of 32 bits\n"
                               "mov r6, r0\n"
                               "lddw r1, 0x6f6c6c6568 ; hello\n"
                               "stxdw [r10-8], r1\n"
                               "mov r1, r10\n"
                               "sub r1, 8\n"
                               "mov r2, 5\n"
                               "call 2\n"
                               "mov r0, r6\n"
                               "exit\n";
    size_t logged = 0;
    const struct ebpf_helper helpers[] = {
        {.id = 1000000, .name = "largest", .fn = largest},
        {.id = 2, .name = "log", .run_fn = log_bytes, .ctx = &logged, .proto = &log_prototype}};
    const struct ebpf_helper_set set = {"mine", helpers, 2};
    struct ebpf_program *program;
    struct ebpf_vm *vm;
    expect(ebpf_assemble(text, strlen(text), NULL, NULL, &program), "assembling", NULL);
    expect(ebpf_vm_new(NULL, NULL, &vm), "making a VM", NULL);
    expect(ebpf_vm_register_helpers(vm, &set), "registering", NULL);
    expect(ebpf_vm_set_program(vm, program, NULL), "loading", NULL);
    expect(ebpf_vm_compile(vm, NULL), "compiling", NULL);
    ebpf_program_unref(program);
    run(vm, NULL, "the largest", 30);
    ebpf_vm_free(vm);
    return logged == 5 ? 0 : EXIT_FAILURE;
}
