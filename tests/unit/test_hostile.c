/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Hostile programs: all of them, in every engine, in one process, which must survive.  Letters in
 * brackets name the classes of docs/testing.md. */
#include "config.h"

#include "tests/unit/vm_unit.h"

enum { PACKET = 16, BUFFER = 16 };

/* r1 is a metadata buffer of BUFFER bytes: the address of the packet, and of memory that is
 * read-only. */
struct attack {
    const char *name, *text;
    ebpf_status status;
};

#define PACKET_IN(reg) "ldxdw " reg ", [r1+0]\n"
#define RODATA_IN(reg) "ldxdw " reg ", [r1+8]\n"
#define EXIT "mov r0, 0\nexit\n"

static const struct attack attacks[] = {
    {"null [B1]", "mov r1, 0\nldxdw r0, [r1+0]\n" EXIT, EBPF_ERR_LOAD},
    {"store to null [B1]", "mov r1, 0\nstxdw [r1+0], r1\n" EXIT, EBPF_ERR_STORE},
    {"the kernel's half [B1]", "lddw r1, 0xffff800000000000\nldxb r0, [r1+0]\n" EXIT,
     EBPF_ERR_LOAD},
    {"wraps around [B2]", "mov r1, -4\nldxdw r0, [r1+0]\n" EXIT, EBPF_ERR_LOAD},
    {"store wraps around [B2]", "mov r1, -1\nstdw [r1+0], 1\n" EXIT, EBPF_ERR_STORE},
    {"displacement below zero [B3]", "mov r1, 3\nldxb r0, [r1-8]\n" EXIT, EBPF_ERR_LOAD},
    {"displacement beyond the top [B3]", "mov r1, -8\nldxdw r0, [r1+32767]\n" EXIT,
     EBPF_ERR_LOAD},
    {"behind the packet [B5]", PACKET_IN("r2") "ldxb r0, [r2+16]\n" EXIT, EBPF_ERR_LOAD},
    {"over its end [B5]", PACKET_IN("r2") "ldxdw r0, [r2+9]\n" EXIT, EBPF_ERR_LOAD},
    {"store over its end [B5]", PACKET_IN("r2") "stw [r2+13], 1\n" EXIT, EBPF_ERR_STORE},
    {"before the packet [B5]", PACKET_IN("r2") "ldxb r0, [r2-1]\n" EXIT, EBPF_ERR_LOAD},
    {"over its start [B5]", PACKET_IN("r2") "ldxh r0, [r2-1]\n" EXIT, EBPF_ERR_LOAD},
    {"byte by byte over its end [B5]",
     PACKET_IN("r2") "ldxb r3, [r2+15]\nldxb r4, [r2+16]\nlsh r4, 8\nor r3, r4\n" EXIT,
     EBPF_ERR_LOAD},
    {"a loop over its end [B5]",
     PACKET_IN("r2") "again:\nldxb r3, [r2+0]\nadd r2, 1\nja again\n" EXIT, EBPF_ERR_LOAD},
    {"far away, by a register [B3]",
     PACKET_IN("r2") "lddw r3, 0x7fffffffffffffff\nadd r2, r3\nldxb r0, [r2+0]\n" EXIT,
     EBPF_ERR_LOAD},
    {"behind the buffer [B5]", "ldxdw r0, [r1+9]\n" EXIT, EBPF_ERR_LOAD},
    {"store to read-only memory [B7]", RODATA_IN("r2") "stb [r2+0], 1\n" EXIT,
     EBPF_ERR_READ_ONLY},
    {"atomic on read-only memory [B7]", RODATA_IN("r2") "lock add [r2+0], r1\n" EXIT,
     EBPF_ERR_READ_ONLY},
    {"exchange in read-only memory [B7]", RODATA_IN("r2") "lock cmpxchg [r2+0], r1\n" EXIT,
     EBPF_ERR_READ_ONLY},
    {"behind read-only memory [B5]", RODATA_IN("r2") "ldxdw r0, [r2+12]\n" EXIT, EBPF_ERR_LOAD},
    {"unaligned atomic [B11]", PACKET_IN("r2") "lock add [r2+1], r1\n" EXIT, EBPF_ERR_ALIGNMENT},
    {"unaligned fetch [B11]", PACKET_IN("r2") "lock fetch_add32 [r2+2], r3\n" EXIT,
     EBPF_ERR_ALIGNMENT},
    {"unaligned exchange [B11]", "lock xchg [r10-12], r1\n" EXIT, EBPF_ERR_ALIGNMENT},
    {"atomic over the end [B5]", PACKET_IN("r2") "lock add [r2+12], r1\n" EXIT, EBPF_ERR_STORE},
    {"atomic far away [B1]", "mov r2, 8\nlock or [r2+0], r1\n" EXIT, EBPF_ERR_STORE},
    {"above the stack [D2]", "ldxdw r0, [r10+0]\n" EXIT, EBPF_ERR_LOAD},
    {"over the top of the stack [D2]", "stdw [r10-4], 0\n" EXIT, EBPF_ERR_STORE},
    {"below the frame [D2]", "ldxb r0, [r10-513]\n" EXIT, EBPF_ERR_LOAD},
    {"over the bottom of the frame [D2]", "stdw [r10-516], 0\n" EXIT, EBPF_ERR_STORE},
    {"a frame that is gone [B9]",
     "callx inner\nldxdw r0, [r0+0]\n" EXIT "inner:\nmov r0, r10\nsub r0, 8\nexit\n",
     EBPF_ERR_LOAD},
    {"below the frame of a function [D2]",
     "callx inner\n" EXIT "inner:\nstb [r10-513], 1\nexit\n", EBPF_ERR_STORE},
    {"above the stack, by the caller's frame [D2]",
     "callx inner\n" EXIT "inner:\nldxdw r0, [r10+512]\nexit\n", EBPF_ERR_LOAD},
    {"the return address of a call [C14]",
     "callx inner\n" EXIT "inner:\nmov r2, r10\nadd r2, 520\nstxdw [r2+0], r2\nexit\n",
     EBPF_ERR_STORE},
    {"recursion [D1]", "callx again\n" EXIT "again:\ncallx again\nexit\n", EBPF_ERR_CALL_DEPTH},
    {"the start calls itself [D1]", "start:\ncallx start\n" EXIT, EBPF_ERR_CALL_DEPTH},
    {"mutual recursion [D1]",
     "callx one\n" EXIT "one:\ncallx two\nexit\ntwo:\ncallx one\nexit\n", EBPF_ERR_CALL_DEPTH},
    {"endless loop [G1]", "again:\nmov r0, 1\nja again\n" EXIT, EBPF_ERR_BUDGET},
    {"endless loop of calls [G1]", "again:\ncallx nop\nja again\n" EXIT "nop:\nexit\n",
     EBPF_ERR_BUDGET},
    {"endless loop of helpers [G1]", "again:\ncall 1\nja again\n" EXIT, EBPF_ERR_BUDGET},
    {"endless loop of conditions [G1]",
     "mov r1, 0\nagain:\nadd r1, 2\njne r1, 1, again\n" EXIT, EBPF_ERR_BUDGET},
    {"endless loop of memory [G1]", "again:\nstxdw [r10-8], r1\nja again\n" EXIT,
     EBPF_ERR_BUDGET},
    {"a call by a number of nothing [D9]", "mov r2, 77\ncallx r2\n" EXIT, EBPF_ERR_CALLED_UNKNOWN},
    {"a call by an address [D9]", "mov r2, r1\ncallx r2\n" EXIT, EBPF_ERR_CALLED_UNKNOWN},
    {"a call by more than 32 bits [D9]", "lddw r2, 0x100000001\ncallx r2\n" EXIT,
     EBPF_ERR_CALLED_UNKNOWN},
    {"a call by -1 [D9]", "mov r2, -1\ncallx r2\n" EXIT, EBPF_ERR_CALLED_UNKNOWN},
    {"a helper that fails [G2]", "call 2\n" EXIT, EBPF_ERR_HELPER_FAULT},
    {"a helper that fails, by register [G2]", "mov r5, 2\ncallx r5\n" EXIT,
     EBPF_ERR_HELPER_FAULT},
    {"a helper that fails in a function [C14]", "callx inner\n" EXIT "inner:\ncall 2\nexit\n",
     EBPF_ERR_HELPER_FAULT},
    {"null for a helper [D6]", "mov r1, 0\nmov r2, 8\ncall 3\n" EXIT, EBPF_ERR_HELPER_ARG},
    {"a wild address for a helper", "lddw r1, 0xdeadbeef000\nmov r2, 8\ncall 3\n" EXIT,
     EBPF_ERR_HELPER_ARG},
    {"a size too large for a helper", "mov r2, 17\ncall 3\n" EXIT, EBPF_ERR_HELPER_ARG},
    {"a size of -1 for a helper", "mov r2, -1\ncall 3\n" EXIT, EBPF_ERR_HELPER_ARG},
    {"an address that wraps for a helper", "mov r1, -4\nmov r2, 8\ncall 3\n" EXIT,
     EBPF_ERR_HELPER_ARG},
    {"read-only memory for a helper that writes", RODATA_IN("r1") "mov r2, 8\ncall 3\n" EXIT,
     EBPF_ERR_HELPER_ARG},
    {"stack below the frame for a helper", "mov r1, r10\nsub r1, 520\nmov r2, 16\ncall 3\n" EXIT,
     EBPF_ERR_HELPER_ARG},
    {"packet load behind the end [B5]", "ldabsb 16\n" EXIT, EBPF_ERR_LOAD},
    {"packet load over the end [B5]", "ldabsw 13\n" EXIT, EBPF_ERR_LOAD},
    {"packet load at -1 [B2]", "ldabsb -1\n" EXIT, EBPF_ERR_LOAD},
    {"packet load at the least number [B2]", "ldabsdw -2147483648\n" EXIT, EBPF_ERR_LOAD},
    {"indirect packet load, wrapped around [B2]", "mov r2, -8\nldinddw r2, 4\n" EXIT,
     EBPF_ERR_LOAD},
    {"indirect packet load, far away [B3]",
     "lddw r2, 0x7fffffffffffffff\nldindw r2, 2147483647\n" EXIT, EBPF_ERR_LOAD},
};

static uint64_t nothing(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    return r1 ^ r2 ^ r3 ^ r4 ^ r5;
}

static uint64_t give_up(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx, (void)args;
    ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, "no");
    return 0;
}

static uint64_t fill(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run, (void)ctx;
    memset((void *)(uintptr_t)args[0], 0x77, args[1]);
    return 0;
}

static const struct ebpf_prototype fill_prototype = {
    .args = {{.kind = EBPF_ARG_WRITE, .size_arg = 2}, {.kind = EBPF_ARG_SIZE}}};
static const struct ebpf_helper helpers[] = {
    {.id = 1, .name = "nothing", .fn = nothing},
    {.id = 2, .name = "fail", .run_fn = give_up},
    {.id = 3, .name = "fill", .run_fn = fill, .proto = &fill_prototype}};
static const struct ebpf_helper_set set = {"hostile", helpers, 3};

/* The memory of a run, between bytes that nobody may touch. */
struct memory {
    uint64_t before[8], buffer[BUFFER / 8], between[8], packet[PACKET / 8], after[8];
    uint64_t rodata[2], last[8];
};

static void guard(struct memory *m)
{
    memset(m, 0xc3, sizeof(*m));
    m->buffer[0] = (uintptr_t)m->packet;
    m->buffer[1] = (uintptr_t)m->rodata;
}

static void check_guards(const struct memory *m, const char *name)
{
    struct memory untouched;
    memset(&untouched, 0xc3, sizeof(untouched));
    ck_assert_msg(!memcmp(m->before, untouched.before, sizeof(m->before)) &&
                      !memcmp(m->between, untouched.between, sizeof(m->between)) &&
                      !memcmp(m->after, untouched.after, sizeof(m->after)) &&
                      !memcmp(m->rodata, untouched.rodata, sizeof(m->rodata)) &&
                      !memcmp(m->last, untouched.last, sizeof(m->last)),
                  "%s wrote where it must not", name);
}

static void attack(struct ebpf_vm *vm, const struct attack *a, struct memory *m,
                   struct ebpf_result *result)
{
    const struct ebpf_input in = {.size = sizeof(in), .mem = m->packet, .mem_size = PACKET,
                                  .mbuff = m->buffer, .mbuff_size = BUFFER, .budget = 100000};
    load(vm, a->text);
    for (int round = 0; round < 2; round++) {
        guard(m);
        ebpf_status status = ebpf_vm_run(vm, &in, result);
        ck_assert_msg(status == a->status, "%s: %s: %s in place of %s", a->name,
                      ebpf_vm_backend(vm)->name, ebpf_status_name(status),
                      ebpf_status_name(a->status));
        ck_assert_int_eq(result->fault.status, a->status);
        ck_assert_uint_eq(result->r0, 0);
        check_guards(m, a->name);
    }
}

START_TEST(the_host_survives_all)
{
    static struct memory memory;
    for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
        struct ebpf_result first = {.executed = 0}, result;
        FOR_EACH_ENGINE(name) {
            const struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_MBUFF};
            struct ebpf_vm *vm = empty_vm(&options);
            ck_assert_int_eq(ebpf_vm_register_helpers(vm, &set), EBPF_OK);
            ck_assert_int_eq(ebpf_vm_allow_memory(vm, memory.rodata, 16, 0), EBPF_OK);
            attack(vm, &attacks[i], &memory, &result);
            if (name_number == 0)
                first = result;
            ck_assert_uint_eq(result.executed, first.executed);
            ck_assert_uint_eq(result.fault.insn, first.fault.insn);
            ck_assert_uint_eq(result.fault.size, first.fault.size);
            load(vm, "mov r0, 42\nexit"); /* and goes on */
            ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 42);
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

static TCase *hostile(void)
{
    TCase *tc = tcase_create("hostile");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, the_host_survives_all);
    return tc;
}

RUN_SUITE("hostile", hostile)
