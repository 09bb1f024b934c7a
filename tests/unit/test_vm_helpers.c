/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Prototypes, and the helpers that come with the library. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "ir/env.h"
#include "tests/unit/vm_unit.h"

/* A VM that reaches its metadata buffer, with a set of helpers. */
static struct ebpf_vm *vm_of(const char *name, const struct ebpf_helper_set *set,
                             struct ebpf_text *trace)
{
    struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_MBUFF, .seed = 12345};
    if (trace)
        options.trace = ebpf_stream_text(trace);
    struct ebpf_vm *vm = empty_vm(&options);
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, set), EBPF_OK);
    return vm;
}

/* Calls helper `id` with r1 to r5 as given: the program loads them from the metadata buffer. */
static ebpf_status call(struct ebpf_vm *vm, unsigned id, const uint64_t given[5],
                        struct ebpf_result *result)
{
    char text[200];
    uint64_t args[5];
    memcpy(args, given, sizeof(args));
    const struct ebpf_input in = {.size = sizeof(in), .mbuff = args, .mbuff_size = sizeof(args)};
    snprintf(text, sizeof(text),
             "ldxdw r5, [r1+32]\nldxdw r4, [r1+24]\nldxdw r3, [r1+16]\nldxdw r2, [r1+8]\n"
             "ldxdw r1, [r1+0]\ncall %u\nexit", id);
    load(vm, text);
    return ebpf_vm_run(vm, &in, result);
}

#define ARGS(...) ((const uint64_t[5]){__VA_ARGS__})
#define AT(pointer) ((uint64_t)(uintptr_t)(pointer))

static uint64_t value(struct ebpf_vm *vm, unsigned id, const uint64_t args[5])
{
    struct ebpf_result result;
    ebpf_status status = call(vm, id, args, &result);
    ck_assert_msg(status == EBPF_OK, "%s: %s", ebpf_status_name(status), result.fault.message);
    return result.r0;
}

/* The call faults because of an argument, and the message says what is wrong. */
static void refused(struct ebpf_vm *vm, unsigned id, const uint64_t args[5], const char *message)
{
    struct ebpf_result result;
    ck_assert_int_eq(call(vm, id, args, &result), EBPF_ERR_HELPER_ARG);
    ck_assert_int_eq(result.fault.status, EBPF_ERR_HELPER_ARG);
    ck_assert_uint_eq(result.fault.pc, 5);
    ck_assert_msg(strstr(result.fault.message, message) != NULL, "%s", result.fault.message);
}

/* --- prototypes --- */

static uint64_t sum_args(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    return r1 + r2 + r3 + r4 + r5;
}

static uint64_t first_arg(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run;
    (void)ctx;
    return args[0];
}

static void with_prototype(struct ebpf_vm *vm, const struct ebpf_prototype *proto)
{
    const struct ebpf_helper helper = {.id = 1, .name = "h", .fn = sum_args, .proto = proto},
                             same = {.id = 2, .run_fn = first_arg, .proto = proto};
    ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_register_helper(vm, &same), EBPF_OK);
}

START_TEST(memory_arguments_are_checked)
{
    static const uint8_t rodata[64];
    static uint8_t data[64];
    static const struct ebpf_prototype
        read = {.args = {{.kind = EBPF_ARG_READ, .size_arg = 2}, {.kind = EBPF_ARG_SIZE}}},
        write = {.args = {{.kind = EBPF_ARG_SIZE, .size = 64},
                          {.kind = EBPF_ARG_WRITE, .size_arg = 1, .nullable = 1}}},
        fixed = {.args = {{.kind = EBPF_ARG_UPDATE, .size = 8}}};
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm =
            empty_vm(&(struct ebpf_vm_options){.backend = name, .kind = EBPF_VM_MBUFF});
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, (void *)AT(rodata), 16, 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, data, 16, 1), EBPF_OK);

        with_prototype(vm, &read);
        ck_assert_uint_eq(value(vm, 1, ARGS(AT(rodata), 16)), AT(rodata) + 16);
        ck_assert_uint_eq(value(vm, 2, ARGS(AT(data + 4), 12, 1, 2, 3)), AT(data + 4));
        value(vm, 1, ARGS(12345, 0)); /* no bytes: nothing is touched */
        refused(vm, 1, ARGS(AT(rodata), 17), "argument 1 of h: cannot read memory at 0x");
        refused(vm, 2, ARGS(AT(rodata) + 1, 16), "argument 1 of the helper: cannot read");
        refused(vm, 1, ARGS(AT(rodata), UINT64_MAX), "argument 1");
        refused(vm, 1, ARGS(UINT64_MAX, 2), "argument 1");
        refused(vm, 1, ARGS(0, 1), "argument 1");

        with_prototype(vm, &write);
        value(vm, 1, ARGS(16, AT(data)));
        value(vm, 1, ARGS(64, 0));
        refused(vm, 1, ARGS(16, AT(rodata)), "argument 2 of h: cannot write to memory at");
        refused(vm, 1, ARGS(65, 0), "argument 1 of h: size is too large: 0x41");
        refused(vm, 1, ARGS(17, AT(data)), "argument 2");

        with_prototype(vm, &fixed);
        value(vm, 1, ARGS(AT(data + 8)));
        refused(vm, 1, ARGS(AT(data + 9)), "argument 1");
        refused(vm, 1, ARGS(AT(rodata)), "argument 1");
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(bad_arguments_name_the_nearest_memory)
{
    static uint8_t data[16];
    static const struct ebpf_prototype read = {
        .args = {{.kind = EBPF_ARG_READ, .size_arg = 2}, {.kind = EBPF_ARG_SIZE}}};
    struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.kind = EBPF_VM_MBUFF});
    struct ebpf_result result;
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, data, 16, 1), EBPF_OK);
    with_prototype(vm, &read);
    ck_assert_int_eq(call(vm, 1, ARGS(AT(data), 20), &result), EBPF_ERR_HELPER_ARG);
    ck_assert_uint_eq(result.fault.address, AT(data));
    ck_assert_uint_eq(result.fault.size, 20);
    ck_assert_int_eq(result.fault.has_nearest, 1);
    ck_assert_uint_eq(result.fault.nearest.base, AT(data));
    ebpf_vm_free(vm);
}
END_TEST

START_TEST(string_arguments_are_checked)
{
    static char text[8] = "abc", endless[4] = {'a', 'b', 'c', 'd'};
    static const struct ebpf_prototype
        string = {.args = {{.kind = EBPF_ARG_STRING}}},
        nullable = {.args = {{.kind = EBPF_ARG_STRING, .nullable = 1}}};
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm =
            empty_vm(&(struct ebpf_vm_options){.backend = name, .kind = EBPF_VM_MBUFF});
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, text, 4, 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, endless, 4, 0), EBPF_OK);
        with_prototype(vm, &string);
        value(vm, 1, ARGS(AT(text)));
        value(vm, 1, ARGS(AT(text + 3)));
        refused(vm, 1, ARGS(AT(text + 4)), "argument 1 of h: no readable string at 0x");
        refused(vm, 1, ARGS(AT(endless)), "no readable string");
        refused(vm, 1, ARGS(0), "no readable string at 0x0");
        with_prototype(vm, &nullable);
        value(vm, 1, ARGS(0));
        refused(vm, 1, ARGS(1), "no readable string");
        ebpf_vm_free(vm);
    }
}
END_TEST

/* The stack below the frames that are live belongs to nobody. */
START_TEST(stack_arguments_are_live)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_of(name, ebpf_helpers_rbpf(), NULL);
        load(vm, "stdw [r10-8], 0\nmov r1, r10\nsub r1, 8\nmov r2, 8\ncall 1\n"
                 "ldxdw r0, [r10-8]\nexit");
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 0x2a2a2a2a2a2a2a2a);
        load(vm, "callx f\nmov r1, r10\nsub r1, 513\nmov r2, 1\ncall 1\nexit\n"
                 "f:\nmov r1, r10\nsub r1, 512\nmov r2, 1024\ncall 1\nexit");
        struct ebpf_fault fault = fault_of(vm, NULL, EBPF_ERR_HELPER_ARG);
        ck_assert_uint_eq(fault.pc, 4);
        ebpf_vm_free(vm);
    }
}
END_TEST

static uint64_t lend_or_lie(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    if (args[0])
        ebpf_run_lend(run, ctx, 8, 0);
    return args[1] ? (uint64_t)(uintptr_t)ctx : 0;
}

START_TEST(returned_memory_is_checked)
{
    static uint64_t data = 99;
    static const struct ebpf_prototype proto = {
        .args = {{.kind = EBPF_ARG_SCALAR}, {.kind = EBPF_ARG_SCALAR}},
        .ret = EBPF_RET_MEMORY, .ret_size = 8};
    const struct ebpf_helper helper = {.id = 1, .run_fn = lend_or_lie, .ctx = &data,
                                       .proto = &proto};
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm =
            empty_vm(&(struct ebpf_vm_options){.backend = name, .kind = EBPF_VM_MBUFF});
        struct ebpf_result result;
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
        ck_assert_uint_eq(value(vm, 1, ARGS(1, 1)), AT(&data));
        ck_assert_uint_eq(value(vm, 1, ARGS(0, 0)), 0);
        ck_assert_int_eq(call(vm, 1, ARGS(0, 1), &result), EBPF_ERR_HELPER_FAULT);
        load(vm, "mov r1, 1\nmov r2, 1\ncall 1\nldxdw r0, [r0+0]\nexit");
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 99);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* --- rbpf's helpers --- */

START_TEST(rbpf_helpers)
{
    static char abc[] = "abc", abd[] = "abd", ab[] = "ab";
    FOR_EACH_ENGINE(name) {
        struct ebpf_text trace = {0};
        struct ebpf_vm *vm = vm_of(name, ebpf_helpers_rbpf(), &trace);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, abc, 4, 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, abd, 4, 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, ab, 3, 0), EBPF_OK);
        ck_assert_uint_eq(value(vm, 0, ARGS(1, 2, 3, 4, 5)), 0x0102030405);
        ck_assert_uint_eq(value(vm, 0, ARGS(0x11, 0, 0, 0, 0x1ff)), 0x11000001ff);
        ck_assert_uint_eq(value(vm, 3, ARGS(0)), 0);
        ck_assert_uint_eq(value(vm, 3, ARGS(0xff)), 15);
        ck_assert_uint_eq(value(vm, 3, ARGS(UINT64_MAX)), UINT64_C(1) << 32);
        ck_assert_uint_eq(value(vm, 4, ARGS(AT(abc), AT(abc))), 0);
        ck_assert_uint_eq(value(vm, 4, ARGS(AT(abc), AT(abd))), 1);
        ck_assert_uint_eq(value(vm, 4, ARGS(AT(abd), AT(abc))), 1);
        ck_assert_uint_eq(value(vm, 4, ARGS(AT(ab), AT(abc))), 'c');
        ck_assert_uint_eq(value(vm, 4, ARGS(0, AT(abc))), UINT64_MAX);
        ck_assert_uint_eq(value(vm, 4, ARGS(AT(abc), 0)), UINT64_MAX);
        refused(vm, 4, ARGS(AT(abc), 4096), "argument 2 of strcmp");
        refused(vm, 1, ARGS(0, 1), "argument 1 of memfrob");
        ck_assert_uint_eq(value(vm, 6, ARGS(9, 9, 1, 0xabc, UINT64_MAX)), 49);
        ck_assert_str_eq(trace.data, "bpf_trace_printf: 0x1, 0xabc, 0xffffffffffffffff\n");
        ebpf_text_free(&trace);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(rbpf_memfrob_changes_memory)
{
    char bytes[4] = {0, 1, 2, 42};
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_of(name, ebpf_helpers_rbpf(), NULL);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, bytes, 4, 1), EBPF_OK);
        ck_assert_uint_eq(value(vm, 1, ARGS(AT(bytes + 1), 3)), 0);
        ck_assert_mem_eq(bytes, "\0\x2b\x28\0", 4);
        value(vm, 1, ARGS(AT(bytes + 1), 3));
        ck_assert_mem_eq(bytes, "\0\1\2\x2a", 4);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(rbpf_time_and_rand)
{
    struct ebpf_vm *vm = vm_of(NULL, ebpf_helpers_rbpf(), NULL);
    uint64_t last = value(vm, 5, ARGS(0));
    ck_assert_uint_eq(last, 0);
    for (int i = 0; i < 10; i++) {
        uint64_t now = value(vm, 5, ARGS(0));
        ck_assert_uint_ge(now, last);
        last = now;
    }
    ck_assert_uint_gt(last, 0);
    uint32_t seen = 0;
    for (int i = 0; i < 200; i++) {
        uint64_t number = value(vm, 7, ARGS(3, 6));
        ck_assert_uint_ge(number, 3);
        ck_assert_uint_le(number, 6);
        seen |= 1u << number;
    }
    ck_assert_uint_eq(seen, 0x78); /* both ends too */
    ck_assert_uint_ne(value(vm, 7, ARGS(6, 3)), value(vm, 7, ARGS(6, 3)));
    ck_assert_uint_ne(value(vm, 7, ARGS(0, UINT64_MAX)), value(vm, 7, ARGS(0, 0)));
    ebpf_vm_free(vm);
}
END_TEST

START_TEST(seeds_make_random_numbers_repeat)
{
    uint64_t first[3], second[3];
    for (int round = 0; round < 2; round++) {
        struct ebpf_vm *vm = vm_of(NULL, ebpf_helpers_kernel(), NULL);
        for (int i = 0; i < 3; i++)
            (round ? second : first)[i] = value(vm, 7, ARGS(0));
        ebpf_vm_free(vm);
    }
    ck_assert_mem_eq(first, second, sizeof(first));
    ck_assert_uint_ne(first[0], first[1]);
    ck_assert_uint_eq(first[0] >> 32, 0);
}
END_TEST

/* --- the kernel's --- */

START_TEST(kernel_facts_about_the_host)
{
    char comm[16], expected[16] = "";
    prctl(PR_GET_NAME, expected);
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_of(name, ebpf_helpers_kernel(), NULL);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, comm, 16, 1), EBPF_OK);
        uint64_t before = value(vm, 5, ARGS(0));
        ck_assert_uint_le(before, value(vm, 5, ARGS(0)));
        ck_assert_uint_ge(value(vm, 125, ARGS(0)), before); /* sleep counts there */
        ck_assert_uint_gt(value(vm, 160, ARGS(0)), 0);
        ck_assert_uint_le(value(vm, 118, ARGS(0)) / 100, value(vm, 5, ARGS(0)) / 1000000000);
        ck_assert_uint_lt(value(vm, 8, ARGS(0)), 65536);
        ck_assert_uint_lt(value(vm, 42, ARGS(0)), 65536);
        ck_assert_uint_eq(value(vm, 14, ARGS(0)) >> 32, (uint64_t)getpid());
        memset(comm, 'x', sizeof(comm));
        ck_assert_uint_eq(value(vm, 16, ARGS(AT(comm), 16)), 0);
        ck_assert_str_eq(comm, expected);
        ck_assert_int_eq(comm[15], 0);
        memset(comm, 'x', sizeof(comm));
        value(vm, 16, ARGS(AT(comm), 3));
        ck_assert_mem_eq(comm, ((char[]){expected[0], expected[1], 0, 'x'}), 4);
        ck_assert_int_eq((int64_t)value(vm, 16, ARGS(AT(comm), 0)), -EINVAL);
        refused(vm, 16, ARGS(AT(comm), 17), "argument 1 of get_current_comm");
        ebpf_vm_free(vm);
    }
}
END_TEST

/* What trace_printk writes for a format and three values. */
static void check_trace(struct ebpf_vm *vm, struct ebpf_text *trace, const char *format,
                        const uint64_t values[3], const char *expected)
{
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, (void *)AT(format), strlen(format) + 1, 0), EBPF_OK);
    trace->length = 0;
    uint64_t length = value(vm, 6, ARGS(AT(format), strlen(format) + 1, values[0], values[1],
                                        values[2]));
    ck_assert_msg(length == strlen(expected), "%s: %lld", format, (long long)length);
    ck_assert_uint_eq(trace->length, length);
    ck_assert_str_eq(length ? trace->data : "", expected);
}

#define VALUES(...) ((const uint64_t[3]){__VA_ARGS__})

START_TEST(trace_printk_formats_as_the_kernel)
{
    static char hi[] = "hi";
    FOR_EACH_ENGINE(name) {
        struct ebpf_text trace = {0};
        struct ebpf_vm *vm = vm_of(name, ebpf_helpers_kernel(), &trace);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, hi, sizeof(hi), 0), EBPF_OK);
        check_trace(vm, &trace, "", VALUES(0), "");
        check_trace(vm, &trace, "plain\n", VALUES(0), "plain\n");
        check_trace(vm, &trace, "%d %i %u", VALUES(UINT32_MAX, 0x1fffffffe, UINT64_MAX),
                    "-1 -2 4294967295");
        check_trace(vm, &trace, "%x %X %c", VALUES(0xabcdef, 0xabcdef, 'z'), "abcdef ABCDEF z");
        check_trace(vm, &trace, "%ld %lu %lx", VALUES(UINT64_MAX, UINT64_MAX, UINT64_MAX),
                    "-1 18446744073709551615 ffffffffffffffff");
        check_trace(vm, &trace, "%lld %llu %llx", VALUES((uint64_t)INT64_MIN, 1, 2),
                    "-9223372036854775808 1 2");
        check_trace(vm, &trace, "%p %px", VALUES(0x1234, UINT64_MAX),
                    "0000000000001234 ffffffffffffffff");
        check_trace(vm, &trace, "<%s> %pks %5s", VALUES(AT(hi), AT(hi), AT(hi)), "<hi> hi    hi");
        check_trace(vm, &trace, "100%% %d%%", VALUES(7), "100% 7%");
        check_trace(vm, &trace, "[%5d] [%-5d] [%05d]", VALUES(42, 42, 42),
                    "[   42] [42   ] [00042]");
        check_trace(vm, &trace, "%+d % d %-4sx", VALUES(1, 2, AT(hi)), "+1  2 hi  x");
        ebpf_text_free(&trace);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(trace_printk_refuses)
{
    static const char *const bad[] = {"%", "%q", "%l", "%ls", "%lc", "%n", "%5", "%lln", "\x80",
                                      "a\x01", "%d %d %d %d", "%.3d", "%*d", "%256d", "%hd"};
    static char text[2000], format[32] = "%s";
    struct ebpf_text trace = {0};
    struct ebpf_vm *vm = vm_of(NULL, ebpf_helpers_kernel(), &trace);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, format, 3, 0), EBPF_OK);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, (void *)AT(bad[i]), strlen(bad[i]) + 1, 0),
                         EBPF_OK);
        int64_t status = (int64_t)value(vm, 6, ARGS(AT(bad[i]), strlen(bad[i]) + 1));
        ck_assert_msg(status == -EINVAL, "%s", bad[i]);
    }
    ck_assert_int_eq((int64_t)value(vm, 6, ARGS(AT(format), 2)), -EINVAL); /* no NUL */
    ck_assert_int_eq((int64_t)value(vm, 6, ARGS(AT(format), 0)), -EINVAL);
    ck_assert_uint_eq(trace.length, 0);
    refused(vm, 6, ARGS(AT(format), 4), "argument 1 of trace_printk");
    refused(vm, 6, ARGS(AT(format), 3, 8), "no readable string for %s at 0x8");

    memset(text, 'a', sizeof(text) - 1);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, text, sizeof(text), 0), EBPF_OK);
    ck_assert_uint_eq(value(vm, 6, ARGS(AT(format), 3, AT(text))), 1023); /* cut, as documented */
    ck_assert_uint_eq(trace.length, 1023);
    ebpf_text_free(&trace);
    ebpf_vm_free(vm);
}
END_TEST

static int refuse_to_write(void *ctx, const char *data, size_t length)
{
    (void)ctx, (void)data, (void)length;
    return -1;
}

START_TEST(trace_goes_only_where_asked)
{
    static char format[] = "lost";
    struct ebpf_vm *vm = vm_of(NULL, ebpf_helpers_kernel(), NULL);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, format, 5, 0), EBPF_OK);
    ck_assert_uint_eq(value(vm, 6, ARGS(AT(format), 5)), 4);
    ebpf_vm_free(vm);
    const struct ebpf_vm_options options = {.kind = EBPF_VM_MBUFF,
                                            .trace = {.write = refuse_to_write}};
    vm = empty_vm(&options);
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, format, 5, 0), EBPF_OK);
    ck_assert_int_eq((int64_t)value(vm, 6, ARGS(AT(format), 5)), -EIO);
    ebpf_vm_free(vm);
}
END_TEST

START_TEST(snprintf_fills_a_buffer)
{
    static char out[16], format[] = "%d-%llx-%s", word[] = "word", big[] = "%d";
    static uint64_t values[16] = {7, 0xabc};
    values[2] = AT(word);
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_of(name, ebpf_helpers_kernel(), NULL);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, out, sizeof(out), 1), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, format, sizeof(format), 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, word, sizeof(word), 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, big, sizeof(big), 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, values, 96, 0), EBPF_OK);
        ck_assert_uint_eq(
            value(vm, 165, ARGS(AT(out), 16, AT(format), AT(values), 24)), 11);
        ck_assert_str_eq(out, "7-abc-word");
        memset(out, 'x', sizeof(out));
        ck_assert_uint_eq(value(vm, 165, ARGS(AT(out), 4, AT(format), AT(values), 24)), 11);
        ck_assert_mem_eq(out, "7-a\0xx", 6);
        ck_assert_uint_eq(value(vm, 165, ARGS(0, 0, AT(format), AT(values), 24)), 11);
        ck_assert_int_eq((int64_t)value(vm, 165, ARGS(AT(out), 16, AT(format), AT(values), 16)),
                         -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 165, ARGS(AT(out), 16, AT(big), AT(values), 4)),
                         -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 165, ARGS(0, 16, AT(big), AT(values), 8)), -EINVAL);
        refused(vm, 165, ARGS(AT(out), 17, AT(big), AT(values), 8), "argument 1");
        refused(vm, 165, ARGS(AT(out), 16, 5, AT(values), 8), "argument 3");
        refused(vm, 165, ARGS(AT(out), 16, AT(big), AT(values) + 8, 96), "argument 4");
        refused(vm, 165, ARGS(AT(out), 16, AT(big), 0, 104), "argument 5");
        ebpf_vm_free(vm);
    }
}
END_TEST

/* The checksum of a header (RFC 1071, 3), by hand. */
START_TEST(csum_diff_updates_checksums)
{
    static uint8_t from[32] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}, to[32];
    memcpy(to, from, 8);
    to[3] ^= 0x55;
    to[6] = 0;
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_of(name, ebpf_helpers_kernel(), NULL);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, from, 8, 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, to, 8, 0), EBPF_OK);
        uint64_t sum = value(vm, 28, ARGS(0, 0, AT(from), 8, 0));
        uint16_t words[4];
        uint32_t expected = 0;
        memcpy(words, from, 8);
        for (int i = 0; i < 4; i++)
            expected += words[i];
        expected = (expected & 0xffff) + (expected >> 16);
        ck_assert_uint_eq(sum, expected);
        /* the difference, added to the old sum, is the new one */
        uint64_t updated = value(vm, 28, ARGS(AT(from), 8, AT(to), 8, sum));
        ck_assert_uint_eq(updated, value(vm, 28, ARGS(0, 0, AT(to), 8, 0)));
        /* what is taken away leaves nothing: all bits set is the other zero */
        ck_assert_uint_eq(value(vm, 28, ARGS(AT(from), 8, 0, 0, sum)) % 0xffff, 0);
        ck_assert_uint_eq(value(vm, 28, ARGS(0, 0, 0, 0, 77)), 77);
        ck_assert_int_eq((int64_t)value(vm, 28, ARGS(AT(from), 6, 0, 0, 0)), -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 28, ARGS(0, 0, AT(to), 3, 0)), -EINVAL);
        refused(vm, 28, ARGS(AT(from), 12, 0, 0, 0), "argument 1");
        refused(vm, 28, ARGS(0, 0, 0, 516, 0), "argument 4 of csum_diff: size is too large");
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(strncmp_compares)
{
    static char text[32] = "packet", word[] = "pack", other[] = "paint";
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_of(name, ebpf_helpers_kernel(), NULL);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, text, 7, 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, word, sizeof(word), 0), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, other, sizeof(other), 0), EBPF_OK);
        ck_assert_int_eq((int64_t)value(vm, 182, ARGS(AT(text), 4, AT(word))), 0);
        ck_assert_int_eq((int64_t)value(vm, 182, ARGS(AT(text), 0, AT(word))), 0);
        ck_assert_int_gt((int64_t)value(vm, 182, ARGS(AT(text), 5, AT(word))), 0);
        ck_assert_int_lt((int64_t)value(vm, 182, ARGS(AT(text), 7, AT(other))), 0);
        refused(vm, 182, ARGS(AT(text), 8, AT(word)), "argument 1 of strncmp");
        refused(vm, 182, ARGS(AT(text), 7, 1), "argument 3 of strncmp");
        ebpf_vm_free(vm);
    }
}
END_TEST

/* Text as strtol (105) or strtoul (106) reads it: what it returns, and the number. */
static void check_number(struct ebpf_vm *vm, unsigned id, const char *text, uint64_t flags,
                         int64_t expected, uint64_t number)
{
    static char buffer[64];
    static uint64_t out;
    size_t length = strlen(text);
    memcpy(buffer, text, length);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, buffer, sizeof(buffer), 0), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, &out, 8, 1), EBPF_OK);
    out = 0x55;
    int64_t result = (int64_t)value(vm, id, ARGS(AT(buffer), length, flags, AT(&out)));
    ck_assert_msg(result == expected, "%s: %lld", text, (long long)result);
    ck_assert_uint_eq(out, expected < 0 ? 0x55 : number);
}

START_TEST(numbers_are_read)
{
    struct ebpf_vm *vm = vm_of(NULL, ebpf_helpers_kernel(), NULL);
    check_number(vm, 105, "123", 0, 3, 123);
    check_number(vm, 105, " \t-42xyz", 10, 5, (uint64_t)-42);
    check_number(vm, 105, "0x1F", 0, 4, 31);
    check_number(vm, 105, "0X1f", 16, 4, 31);
    check_number(vm, 105, "ff", 16, 2, 255);
    check_number(vm, 105, "017", 0, 3, 15);
    check_number(vm, 105, "018", 8, 2, 1);
    check_number(vm, 105, "0xg", 0, 1, 0);
    check_number(vm, 105, "9223372036854775807", 0, 19, INT64_MAX);
    check_number(vm, 105, "-9223372036854775808", 0, 20, (uint64_t)INT64_MIN);
    check_number(vm, 105, "9223372036854775808", 0, -ERANGE, 0);
    check_number(vm, 105, "-9223372036854775809", 0, -ERANGE, 0);
    check_number(vm, 105, "18446744073709551616", 0, -ERANGE, 0);
    check_number(vm, 106, "18446744073709551615", 0, 20, UINT64_MAX);
    check_number(vm, 106, "18446744073709551616", 0, -ERANGE, 0);
    check_number(vm, 106, "99999999999999999999", 0, -ERANGE, 0);
    check_number(vm, 106, "-1", 0, -EINVAL, 0);
    check_number(vm, 106, "ffffffffffffffff", 16, 16, UINT64_MAX);
    check_number(vm, 105, "", 0, -EINVAL, 0);
    check_number(vm, 105, " ", 0, -EINVAL, 0);
    check_number(vm, 105, "-", 0, -EINVAL, 0);
    check_number(vm, 105, "x", 0, -EINVAL, 0);
    check_number(vm, 105, "1", 2, -EINVAL, 0);
    check_number(vm, 105, "1", 32, -EINVAL, 0);
    ebpf_vm_free(vm);
}
END_TEST

/* What the verifier takes for granted of an argument is what is checked at run time. */
static bool agree(const struct ebpf_arg *ours, const struct ebpf_contract_arg *verifiers)
{
    switch (verifiers->kind) {
    case EBPF_TAKES_NONE:
        return ours->kind == EBPF_ARG_UNUSED;
    case EBPF_TAKES_NUM:
        return ours->kind == EBPF_ARG_SCALAR;
    case EBPF_TAKES_CTX: /* whatever it is, no helper so far looks at it */
        return ours->kind == EBPF_ARG_SCALAR;
    case EBPF_TAKES_SOCKET: /* there are none */
    case EBPF_TAKES_CONST:
    case EBPF_TAKES_FUNC: /* the helper looks whether it is one */
    case EBPF_TAKES_DATA: /* for the function */
        return ours->kind == EBPF_ARG_SCALAR;
    case EBPF_TAKES_MAP:
        return ours->kind == EBPF_ARG_MAP;
    case EBPF_TAKES_KEY:
        return ours->kind == EBPF_ARG_KEY;
    case EBPF_TAKES_VALUE:
        return ours->kind == EBPF_ARG_VALUE;
    case EBPF_TAKES_VALUE_OUT:
        return ours->kind == EBPF_ARG_VALUE_OUT;
    case EBPF_TAKES_RECORD:
        return ours->kind == EBPF_ARG_RECORD;
    case EBPF_TAKES_SIZE:
        return ours->kind == EBPF_ARG_SIZE;
    case EBPF_TAKES_STR:
        return ours->kind == EBPF_ARG_STRING;
    case EBPF_TAKES_LOCK:
        return ours->kind == EBPF_ARG_UPDATE && ours->size == sizeof(uint32_t);
    case EBPF_TAKES_MEM:
    case EBPF_TAKES_OUT:
        return ours->kind == (verifiers->kind == EBPF_TAKES_MEM ? EBPF_ARG_READ
                              : verifiers->update               ? EBPF_ARG_UPDATE
                                                                : EBPF_ARG_WRITE) &&
               ours->size_arg == verifiers->size_arg && ours->nullable == verifiers->nullable &&
               (ours->size_arg || ours->size == verifiers->size);
    default:
        return false;
    }
}

START_TEST(prototypes_are_the_verifiers)
{
    const struct ebpf_helper_set *set = ebpf_helpers_kernel();
    for (size_t i = 0; i < set->count; i++) {
        const struct ebpf_helper *helper = &set->helpers[i];
        const struct ebpf_contract_helper *contract = ebpf_contract_helper(helper->id);
        ck_assert_ptr_nonnull(contract);
        ck_assert_str_eq(contract->name, helper->name);
        for (size_t a = 0; a < 5; a++)
            ck_assert_msg(agree(&helper->proto->args[a], &contract->args[a]),
                          "%s, argument %zu", helper->name, a + 1);
    }
}
END_TEST

/* Whatever the arguments are, a helper answers or faults; the host lives. */
START_TEST(helpers_survive_any_arguments)
{
    static uint8_t memory[64];
    const struct ebpf_helper_set *const sets[] = {ebpf_helpers_rbpf(), ebpf_helpers_kernel()};
    const uint64_t values[] = {0, 1, 8, 64, 65, AT(memory), AT(memory + 60), 4096,
                               UINT64_MAX, UINT64_MAX - 7, AT(memory) - 1, (uint64_t)INT64_MIN};
    enum { VALUES_COUNT = sizeof(values) / sizeof(values[0]) };
    uint32_t random = 7;
    for (size_t s = 0; s < 2; s++) {
        struct ebpf_vm *vm = vm_of(NULL, sets[s], NULL);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, memory, 64, 1), EBPF_OK);
        for (size_t h = 0; h < sets[s]->count; h++) {
            for (int i = 0; i < 300; i++) {
                uint64_t args[5];
                struct ebpf_result result;
                for (int a = 0; a < 5; a++) {
                    random = random * 1664525u + 1013904223u;
                    args[a] = values[(random >> 16) % VALUES_COUNT];
                }
                ebpf_status status = call(vm, sets[s]->helpers[h].id, args, &result);
                ck_assert_msg(status == EBPF_OK || status == EBPF_ERR_HELPER_ARG, "%s: %s",
                              sets[s]->helpers[h].name, ebpf_status_name(status));
            }
        }
        ebpf_vm_free(vm);
    }
}
END_TEST

/* What there is none of here is answered as the kernel answers those who ask in vain. */
START_TEST(what_only_a_kernel_has_is_not_there)
{
    static const struct {
        unsigned id;
        int64_t answer;
    } rows[] = {
        {22, -ENOENT}, {27, -EFAULT}, {33, -ENOENT}, {35, 0}, {37, -EAGAIN}, {52, 0},
        {53, -EOPNOTSUPP}, {59, -EINVAL}, {60, 0}, {70, -EOPNOTSUPP}, {71, 0}, {72, 0}, {79, 0},
        {80, 0}, {82, -ENOENT}, {83, 0}, {86, -EINVAL}, {95, 0}, {96, 0}, {98, 0}, {109, -EPERM},
        {117, -EPERM}, {122, 1}, {123, 0}, {151, 0}, {158, 0}, {173, 0}, {174, 0}};
    uint8_t filled[16];
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_of(name, ebpf_helpers_kernel(), NULL);
        ck_assert_int_eq(ebpf_vm_allow_memory(vm, filled, sizeof(filled), 1), EBPF_OK);
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
            ck_assert_msg((int64_t)value(vm, rows[i].id, ARGS(0)) == rows[i].answer, "helper %u",
                          rows[i].id);
        const uint64_t at = AT(filled), size = sizeof(filled);
        ck_assert_int_eq((int64_t)value(vm, 49, ARGS(0, 0, 0, at, size)), -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 64, ARGS(0, at, size)), -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 69, ARGS(0, at, size)), 4);
        for (unsigned id = 84; id < 100; id += id == 85 ? 14 : 1)
            ck_assert_int_eq((int64_t)value(vm, id, ARGS(0, at, size)), 0);
        memset(filled, 1, sizeof(filled));
        ck_assert_int_eq((int64_t)value(vm, 55, ARGS(0, 0, at, 4)), -ENOENT);
        ck_assert_int_eq((int64_t)value(vm, 57, ARGS(0, 0, 0, at + 4, 4)), -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 67, ARGS(0, at + 8, 4)), -EFAULT);
        for (size_t i = 0; i < sizeof(filled); i++)
            ck_assert_uint_eq(filled[i], i < 12 ? 0 : 1);
        ck_assert_int_eq((int64_t)value(vm, 56, ARGS(0, at + 12, 4)), -EINVAL);
        ck_assert_uint_eq(filled[12], 0);
        ck_assert_int_eq((int64_t)value(vm, 66, ARGS(0, 0, at, size)), -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 120, ARGS(0, 0, at, size)), -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 100, ARGS(0, at, size, at, size)), -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 110, ARGS(0, at, size, at, size)), -EINVAL);
        ck_assert_int_eq((int64_t)value(vm, 163, ARGS(0, 0, at, 0, 0)), -ENODEV);
        refused(vm, 163, ARGS(0, 0, at + 13, 0, 0), "memory at");
        refused(vm, 55, ARGS(0, 0, at, 17), "cannot write");
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(user_memory_is_what_the_program_has)
{
    uint64_t ours[2] = {1, 2}, others[2] = {3, 4};
    struct ebpf_text trace = {0};
    struct ebpf_vm *vm = vm_of(NULL, ebpf_helpers_kernel(), &trace);
    static const char format[] = "%d and %d";
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, ours, sizeof(ours), 1), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, (void *)(uintptr_t)format, sizeof(format), 0),
                     EBPF_OK);
    ck_assert_int_eq((int64_t)value(vm, 36, ARGS(AT(&ours[1]), AT(&ours[0]), 8)), 0);
    ck_assert_uint_eq(ours[1], 1);
    ck_assert_int_eq((int64_t)value(vm, 36, ARGS(AT(&others[1]), AT(&ours[0]), 8)), -EPERM);
    ck_assert_uint_eq(others[1], 4);
    ck_assert_int_eq((int64_t)value(vm, 36, ARGS(AT(format), AT(&ours[0]), 8)), -EPERM);
    ck_assert_int_eq((int64_t)value(vm, 148, ARGS(AT(&ours[1]), 8, AT(others))), -EFAULT);
    ck_assert_uint_eq(ours[1], 0);
    ck_assert_int_eq((int64_t)value(vm, 177, ARGS(AT(format), sizeof(format), AT(ours), 16)), 7);
    ck_assert_str_eq(trace.data, "1 and 0");
    ck_assert_int_eq((int64_t)value(vm, 177, ARGS(AT(format), sizeof(format), AT(ours), 12)),
                     -EINVAL);
    ck_assert_uint_gt(value(vm, 208, ARGS(0)), UINT64_C(1500000000000000000));
    ebpf_text_free(&trace);
    ebpf_vm_free(vm);
}
END_TEST

START_TEST(helpers_are_found_by_name)
{
    ck_assert_str_eq(ebpf_helpers_rbpf()->name, "rbpf");
    ck_assert_uint_eq(ebpf_helpers_rbpf()->count, 7);
    ck_assert_str_eq(ebpf_helpers_kernel()->name, "kernel");
    ck_assert_uint_eq(ebpf_helper_find(ebpf_helpers_kernel(), "csum_diff")->id, 28);
    ck_assert_ptr_null(ebpf_helper_find(ebpf_helpers_kernel(), "memfrob"));
    struct ebpf_helper helper = *ebpf_helper_find(ebpf_helpers_rbpf(), "sqrti");
    struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.kind = EBPF_VM_MBUFF});
    helper.id = 4000000000;
    ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
    load(vm, "mov r1, 81\ncall -294967296\nexit");
    ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 9);
    ebpf_vm_free(vm);
}
END_TEST

static TCase *prototypes(void)
{
    TCase *tc = tcase_create("prototypes");
    tcase_add_test(tc, memory_arguments_are_checked);
    tcase_add_test(tc, bad_arguments_name_the_nearest_memory);
    tcase_add_test(tc, string_arguments_are_checked);
    tcase_add_test(tc, stack_arguments_are_live);
    tcase_add_test(tc, returned_memory_is_checked);
    return tc;
}

static TCase *rbpf(void)
{
    TCase *tc = tcase_create("rbpf");
    tcase_add_test(tc, rbpf_helpers);
    tcase_add_test(tc, rbpf_memfrob_changes_memory);
    tcase_add_test(tc, rbpf_time_and_rand);
    return tc;
}

static TCase *kernel(void)
{
    TCase *tc = tcase_create("kernel");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, seeds_make_random_numbers_repeat);
    tcase_add_test(tc, kernel_facts_about_the_host);
    tcase_add_test(tc, trace_printk_formats_as_the_kernel);
    tcase_add_test(tc, trace_printk_refuses);
    tcase_add_test(tc, trace_goes_only_where_asked);
    tcase_add_test(tc, snprintf_fills_a_buffer);
    tcase_add_test(tc, csum_diff_updates_checksums);
    tcase_add_test(tc, strncmp_compares);
    tcase_add_test(tc, numbers_are_read);
    tcase_add_test(tc, prototypes_are_the_verifiers);
    tcase_add_test(tc, helpers_survive_any_arguments);
    tcase_add_test(tc, what_only_a_kernel_has_is_not_there);
    tcase_add_test(tc, user_memory_is_what_the_program_has);
    tcase_add_test(tc, helpers_are_found_by_name);
    return tc;
}

RUN_SUITE("vm/helpers", prototypes, rbpf, kernel)
