/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Random trees of comparisons, some of which become jump tables: machine code against the
 * interpreter, with all values around their constants and with budgets that end on the way. */
#include <stdio.h>

#include "tests/unit/random.h"
#include "tests/unit/vm_unit.h"

enum { ROUNDS = 1000, NODES = 16, LEAVES = 5, LONG = 130, TEXT = 4096 };

/* What a tree is made of. */
struct shape {
    const char *reg;
    const char *const *opers;
    unsigned oper_count;
    int least; /* of the constants, of which there are twice as many as nodes */
};

static struct shape random_shape(uint32_t *random)
{
    static const char *const as_unsigned[] = {"==", "==", "!=", ">", ">", ">=", "<", "<="};
    static const char *const as_signed[] = {"==", "==", "!=", "s>", "s>", "s>=", "s<", "s<="};
    static const char *const mixed[] = {"==", ">", "s>", "<=", "s<="};
    unsigned kind = next_random(random) % 8;
    struct shape s = {.reg = next_random(random) % 2 ? "r2" : "w2"};
    s.opers = kind < 4 ? as_unsigned : kind < 7 ? as_signed : mixed;
    s.oper_count = kind < 7 ? 8 : 5;
    s.least = kind < 4 ? (int)(next_random(random) % 3) : (int)(next_random(random) % 24) - 20;
    return s;
}

/* Appends a jump to a later node, or to a leaf: mostly the next two nodes, as in a tree. */
static void put_target(char *text, uint32_t *random, unsigned node)
{
    unsigned to = node + 1 + next_random(random) % 3;
    size_t length = strlen(text);
    if (to < NODES && next_random(random) % 8)
        snprintf(text + length, TEXT - length, " goto n%u\n", to);
    else
        snprintf(text + length, TEXT - length, " goto l%u\n", next_random(random) % LEAVES);
}

/* A program that goes through a tree with what the packet starts with, and counts leaves. */
static void random_tree(char *text, uint32_t *random)
{
    struct shape s = random_shape(random);
    snprintf(text, TEXT, "r0 = 0\nr2 = *(u64 *)(r1 + 0)\n");
    for (unsigned i = 0; i < NODES; i++) {
        size_t length = strlen(text);
        snprintf(text + length, TEXT - length, "n%u: if %s %s %d", i, s.reg,
                 s.opers[next_random(random) % s.oper_count],
                 s.least + (int)(next_random(random) % (2 * NODES)));
        put_target(text, random, i);
        if (next_random(random) % 4 == 0)
            put_target(text, random, i);
    }
    for (unsigned i = 0; i < LEAVES; i++) {
        size_t length = strlen(text);
        snprintf(text + length, TEXT - length, "l%u: r0 += %u\n%s", i, 1 + i,
                 i % 2 ? "exit\n" : "r0 *= 3\n");
    }
    /* Tables of long programs have longer entries. */
    for (unsigned i = next_random(random) % 8 ? LONG : 0; i < LONG; i++)
        strcat(text, "r3 = r2\n");
    strcat(text, "exit\n");
}

static bool has_table(const struct ebpf_vm *vm)
{
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_vm_backend(vm)->dump(ebpf_vm_code(vm), &out), EBPF_OK);
    bool has = strstr(text.data, "(table)") != NULL;
    ebpf_text_free(&text);
    return has;
}

/* A run of each with a value and a budget; returns how many instructions were executed. */
static uint64_t compare(struct ebpf_vm *const vms[2], uint64_t value, uint64_t budget,
                        const char *text)
{
    struct ebpf_result results[2] = {0};
    ebpf_status status[2];
    for (int i = 0; i < 2; i++) {
        const struct ebpf_input in = {
            .size = sizeof(in), .mem = &value, .mem_size = sizeof(value), .budget = budget};
        status[i] = ebpf_vm_run(vms[i], &in, &results[i]);
    }
    ck_assert_msg(status[0] == status[1] && results[0].r0 == results[1].r0 &&
                      results[0].executed == results[1].executed &&
                      results[0].fault.insn == results[1].fault.insn,
                  "value %#llx, budget %llu: %d, %llu after %llu, but %d, %llu after %llu of\n%s",
                  (unsigned long long)value, (unsigned long long)budget, status[0],
                  (unsigned long long)results[0].r0, (unsigned long long)results[0].executed,
                  status[1], (unsigned long long)results[1].r0,
                  (unsigned long long)results[1].executed, text);
    return results[0].executed;
}

static void compare_all(struct ebpf_vm *const vms[2], uint32_t *random, const char *text)
{
    static const uint64_t beyond[] = {0, INT32_MAX, UINT64_C(1) << 31, UINT32_MAX,
                                      UINT64_C(1) << 32, INT64_MAX, UINT64_C(1) << 63, UINT64_MAX};
    for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++)
        for (int near = -2; near <= 2; near++)
            compare(vms, beyond[i] + (uint64_t)(int64_t)near, 0, text);
    for (int64_t v = -24; v < 2 * NODES + 8; v++) {
        uint64_t value = (uint64_t)v ^ (uint64_t)(next_random(random) % 3) << 32;
        uint64_t executed = compare(vms, value, 0, text);
        for (uint64_t budget = 1; budget <= executed; budget++)
            compare(vms, value, budget, text);
    }
}

START_TEST(trees_end_as_they_are_written)
{
    uint32_t random = 20261127;
    unsigned tables = 0;
    const char *native = ebpf_backend_find(NULL)->name;
    for (int round = 0; round < ROUNDS; round++) {
        char text[TEXT];
        random_tree(text, &random);
        struct ebpf_vm *vms[2];
        const char *const names[2] = {"interp", native};
        for (int i = 0; i < 2; i++)
            vms[i] = vm_with(&(struct ebpf_vm_options){.kind = EBPF_VM_RAW, .backend = names[i]},
                             text);
        compare_all(vms, &random, text);
        tables += has_table(vms[1]);
        ebpf_vm_free(vms[0]);
        ebpf_vm_free(vms[1]);
    }
    if (ebpf_backend_find(NULL)->caps & EBPF_BACKEND_NATIVE)
        ck_assert_uint_gt(tables, ROUNDS / 8); /* the test is worth something only with them */
}
END_TEST

static TCase *switches(void)
{
    TCase *tc = tcase_create("switches");
    tcase_add_test(tc, trees_end_as_they_are_written);
    tcase_set_timeout(tc, 120);
    return tc;
}

RUN_SUITE("jit/switches", switches)
