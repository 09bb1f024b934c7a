/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What runs may touch, to the byte: every kind of memory, every size of access, every engine. */
#include "tests/unit/vm_unit.h"

/* An access of any size at the address in r6, with what else it needs in r7. */
#define PROLOGUE "mov r8, r1\nldxdw r6, [r8+0]\nldxdw r7, [r8+8]\n"

static const struct {
    const char *insns;
    uint32_t size;
    bool store, atomic;
} accesses[] = {
    {"ldxb r0, [r6+0]", 1, false, false},      {"ldxh r0, [r6+0]", 2, false, false},
    {"ldxw r0, [r6+0]", 4, false, false},      {"ldxdw r0, [r6+0]", 8, false, false},
    {"stb [r6+0], 1", 1, true, false},         {"sth [r6+0], 1", 2, true, false},
    {"stw [r6+0], 1", 4, true, false},         {"stdw [r6+0], 1", 8, true, false},
    {"stxb [r6+0], r7", 1, true, false},       {"stxh [r6+0], r7", 2, true, false},
    {"stxw [r6+0], r7", 4, true, false},       {"stxdw [r6+0], r7", 8, true, false},
    {"stxxaddw [r6+0], r7", 4, true, true},    {"stxxadddw [r6+0], r7", 8, true, true},
};
enum { ACCESSES = sizeof(accesses) / sizeof(accesses[0]) };

/* Memory, with room around it that must not be touched. */
enum { AROUND = 64, MEMORY = 48 };
struct arena {
    _Alignas(64) uint8_t before[AROUND];
    uint8_t memory[MEMORY]; /* starts at a multiple of 64 */
    uint8_t after[AROUND];
};

static void fill(struct arena *arena)
{
    memset(arena, 0x77, sizeof(*arena));
}

static void check_untouched(const struct arena *arena)
{
    for (int i = 0; i < AROUND; i++) {
        ck_assert_uint_eq(arena->before[i], 0x77);
        ck_assert_uint_eq(arena->after[i], 0x77);
    }
}

/* A packet that holds the address to be tried. */
struct aim {
    uint64_t address, value;
};

static struct ebpf_input input_of(struct aim *aim)
{
    return (struct ebpf_input){.size = sizeof(struct ebpf_input), .mbuff = aim,
                               .mbuff_size = sizeof(*aim)};
}

/* Tries an access at [address, address + size), and compares with what is expected of it. */
static void try_access(const struct ebpf_vm *vm, size_t access, uint64_t address,
                       ebpf_status expected, enum ebpf_region_kind kind)
{
    struct aim aim = {address, 3};
    struct ebpf_input in = input_of(&aim);
    struct ebpf_result result;
    ebpf_status status = ebpf_vm_run(vm, &in, &result);
    ck_assert_msg(status == expected, "%s: %s at 0x%llx: %s in place of %s",
                  ebpf_vm_backend(vm)->name, accesses[access].insns, (unsigned long long)address,
                  ebpf_status_name(status), ebpf_status_name(expected));
    if (status == EBPF_OK)
        return;
    ck_assert_uint_eq(result.fault.address, address);
    ck_assert_uint_eq(result.fault.size, accesses[access].size);
    ck_assert_uint_eq(result.fault.pc, 3);
    if (status == EBPF_ERR_ALIGNMENT)
        return;
    ck_assert_int_eq(result.fault.has_nearest, 1);
    ck_assert_int_eq(result.fault.nearest.kind, kind);
}

/* What a model says of an access at `offset` from a piece of memory. */
static ebpf_status expect(size_t access, int64_t offset, bool writable)
{
    int64_t size = accesses[access].size;
    if (offset < 0 || offset + size > MEMORY)
        return accesses[access].store ? EBPF_ERR_STORE : EBPF_ERR_LOAD;
    if (accesses[access].store && !writable)
        return EBPF_ERR_READ_ONLY;
    return accesses[access].atomic && offset % size ? EBPF_ERR_ALIGNMENT : EBPF_OK;
}

/* Every access at every offset from well before a piece of memory to well behind it. */
static void sweep(struct ebpf_vm *vm, struct arena *arena, bool writable,
                  enum ebpf_region_kind kind)
{
    for (size_t access = 0; access < ACCESSES; access++) {
        char text[160];
        snprintf(text, sizeof(text), PROLOGUE "%s\nmov r0, 0\nexit", accesses[access].insns);
        load(vm, text);
        for (int64_t offset = -20; offset < MEMORY + 20; offset++)
            try_access(vm, access, (uintptr_t)arena->memory + (uint64_t)offset,
                       expect(access, offset, writable), kind);
    }
    check_untouched(arena);
}

START_TEST(allowed_memory_has_exact_edges)
{
    struct arena arena;
    FOR_EACH_ENGINE(name) {
        for (int writable = 0; writable < 2; writable++) {
            struct ebpf_vm *vm =
                empty_vm(&(struct ebpf_vm_options){.backend = name, .kind = EBPF_VM_MBUFF});
            fill(&arena);
            ck_assert_int_eq(ebpf_vm_allow_memory(vm, arena.memory, MEMORY, writable), EBPF_OK);
            sweep(vm, &arena, writable, EBPF_REGION_USER);
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

static uint64_t lend(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    struct arena *arena = ctx;
    return (uint64_t)ebpf_run_lend(run, arena->memory, MEMORY, args[0] != 0);
}

START_TEST(lent_memory_has_exact_edges)
{
    struct arena arena;
    FOR_EACH_ENGINE(name) {
        for (int writable = 0; writable < 2; writable++) {
            const struct ebpf_helper helper = {.id = 1, .run_fn = lend, .ctx = &arena};
            struct ebpf_vm *vm =
                empty_vm(&(struct ebpf_vm_options){.backend = name, .kind = EBPF_VM_MBUFF});
            fill(&arena);
            ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
            for (size_t access = 0; access < ACCESSES; access++) {
                char text[200];
                snprintf(text, sizeof(text),
                         "mov r8, r1\nmov r1, %d\ncall 1\nldxdw r6, [r8+0]\nldxdw r7, [r8+8]\n"
                         "%s\nmov r0, 0\nexit", writable, accesses[access].insns);
                load(vm, text);
                for (int64_t offset = -9; offset < MEMORY + 9; offset++) {
                    struct aim aim = {(uintptr_t)arena.memory + (uint64_t)offset, 3};
                    struct ebpf_input in = input_of(&aim);
                    ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL),
                                     expect(access, offset, writable));
                }
            }
            check_untouched(&arena);
            /* it ends with the run */
            load(vm, "ldxdw r6, [r1+0]\nldxb r0, [r6+0]\nexit");
            struct aim aim = {(uintptr_t)arena.memory, 0};
            struct ebpf_input in = input_of(&aim);
            fault_of(vm, &in, EBPF_ERR_LOAD);
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

START_TEST(packet_and_context_have_exact_edges)
{
    struct arena arena, context;
    FOR_EACH_ENGINE(name) {
        for (size_t access = 0; access < ACCESSES; access++) {
            const struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_MBUFF};
            char text[200];
            snprintf(text, sizeof(text), PROLOGUE "%s\nmov r0, 0\nexit",
                     accesses[access].insns);
            struct ebpf_vm *vm = vm_with(&options, text);
            for (int which = 0; which < 2; which++) {
                for (int64_t offset = -9; offset < MEMORY + 9; offset++) {
                    fill(&arena);
                    fill(&context);
                    struct arena *target = which ? &context : &arena;
                    struct aim aim = {(uintptr_t)target->memory + (uint64_t)offset, 3};
                    memcpy(context.memory, &aim, sizeof(aim));
                    const struct ebpf_input in = {
                        .size = sizeof(in), .mem = arena.memory, .mem_size = MEMORY,
                        .mbuff = context.memory, .mbuff_size = MEMORY};
                    ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), expect(access, offset, true));
                    check_untouched(&arena);
                    check_untouched(&context);
                }
            }
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

/* The frame of main, from r10 - 512 to r10; and nothing below it, where no function is active. */
START_TEST(the_stack_has_exact_edges)
{
    FOR_EACH_ENGINE(name) {
        for (size_t access = 0; access < ACCESSES; access++) {
            const struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_MBUFF};
            char text[200];
            snprintf(text, sizeof(text),
                     "ldxdw r6, [r1+0]\nadd r6, r10\nmov r7, 1\n%s\nmov r0, 0\nexit",
                     accesses[access].insns);
            struct ebpf_vm *vm = vm_with(&options, text);
            int64_t size = accesses[access].size;
            for (int64_t offset = -530; offset < 20; offset++) {
                struct aim aim = {(uint64_t)offset, 0};
                struct ebpf_input in = input_of(&aim);
                ebpf_status bad = accesses[access].store ? EBPF_ERR_STORE : EBPF_ERR_LOAD;
                bool inside = offset >= -512 && offset + size <= 0;
                bool unaligned = accesses[access].atomic && offset % size;
                ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL),
                                 !inside ? bad : unaligned ? EBPF_ERR_ALIGNMENT : EBPF_OK);
            }
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

/* Frames of callers are live, those of functions that returned are not. */
START_TEST(frames_live_as_long_as_their_functions)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_with(&(struct ebpf_vm_options){.backend = name},
                                     "stdw [r10-8], 77\nmov r1, r10\ncallx f\nexit\n"
                                     "f:\nldxdw r0, [r1-8]\nexit");
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 77);
        load(vm, "callx f\nldxdw r0, [r0-8]\nexit\nf:\nstdw [r10-8], 1\nmov r0, r10\nexit");
        struct ebpf_fault fault = fault_of(vm, NULL, EBPF_ERR_LOAD);
        ck_assert_uint_eq(fault.pc, 1);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* No sum of address, offset and size may come round to memory that is there. */
START_TEST(addresses_do_not_wrap)
{
    static const uint64_t addresses[] = {0, 1, 7, UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - 7,
                                         UINT64_MAX - 8, INT64_MAX, (uint64_t)INT64_MIN};
    FOR_EACH_ENGINE(name) {
        for (size_t access = 0; access < ACCESSES; access++) {
            const struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_MBUFF};
            char text[160];
            snprintf(text, sizeof(text), PROLOGUE "%s\nmov r0, 0\nexit",
                     accesses[access].insns);
            struct ebpf_vm *vm = vm_with(&options, text);
            for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
                struct aim aim = {addresses[i], 0};
                struct ebpf_input in = input_of(&aim);
                fault_of(vm, &in, accesses[access].store ? EBPF_ERR_STORE : EBPF_ERR_LOAD);
            }
            ebpf_vm_free(vm);
        }
        struct ebpf_vm *vm =
            empty_vm(&(struct ebpf_vm_options){.backend = name, .kind = EBPF_VM_RAW});
        uint64_t packet[2] = {0};
        const struct ebpf_input in = {.size = sizeof(in), .mem = packet, .mem_size = 16};
        load(vm, "lddw r2, 0x8000000000000000\nadd r1, r2\nadd r1, r2\nldxw r0, [r1+0]\nexit");
        ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), EBPF_OK); /* twice half a turn is none */
        load(vm, "add r1, 0x7000\nldxw r0, [r1-0x7000]\nexit");
        ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), EBPF_OK); /* the sum counts, not the parts */
        load(vm, "mov r1, 0\nldxw r0, [r1-1]\nexit");
        fault_of(vm, &in, EBPF_ERR_LOAD);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(ranges_that_make_no_sense)
{
    static uint8_t bytes[16];
    struct ebpf_vm *vm =
        empty_vm(&(struct ebpf_vm_options){.kind = EBPF_VM_MBUFF});
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, bytes, UINT64_MAX, 0), EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, bytes, -(uint64_t)(uintptr_t)bytes, 0),
                     EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, bytes, 0, 1), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_allow_memory(vm, NULL, 0, 1), EBPF_OK);
    load(vm, "ldxdw r6, [r1+0]\nldxb r0, [r6+0]\nexit");
    struct aim aim = {(uintptr_t)bytes, 0};
    struct ebpf_input in = input_of(&aim);
    fault_of(vm, &in, EBPF_ERR_LOAD);
    ebpf_vm_free(vm);
}
END_TEST

/* Random ranges, overlapping and touching, against a byte map. */
enum { MAP = 96, UNREADABLE = 0, READABLE = 1, WRITABLE = 2 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

/* An access needs one permission throughout: see ebpf_vm_allow_memory(). */
static bool allowed(const uint8_t map[MAP], size_t offset, size_t size, bool store)
{
    for (size_t i = offset; i < offset + size; i++)
        if (map[i] != map[offset] || map[i] == UNREADABLE || (store && map[i] != WRITABLE))
            return false;
    return true;
}

START_TEST(ranges_may_overlap)
{
    static uint8_t bytes[MAP];
    static const size_t tried[] = {0, 1, 3, 4, 7};
    uint32_t random = 1;
    FOR_EACH_ENGINE(name) {
        for (int round = 0; round < 60; round++) {
            uint8_t map[MAP] = {0};
            struct ebpf_vm *vm =
                empty_vm(&(struct ebpf_vm_options){.backend = name, .kind = EBPF_VM_MBUFF});
            for (uint32_t n = next_random(&random) % 8; n; n--) {
                size_t from = next_random(&random) % MAP;
                size_t size = next_random(&random) % (MAP - from) % 24;
                bool writable = next_random(&random) % 2;
                ck_assert_int_eq(ebpf_vm_allow_memory(vm, bytes + from, size, writable),
                                 EBPF_OK);
                for (size_t i = from; i < from + size; i++)
                    if (writable || map[i] == UNREADABLE)
                        map[i] = writable ? WRITABLE : READABLE;
            }
            for (size_t t = 0; t < sizeof(tried) / sizeof(tried[0]); t++) {
                char text[160];
                snprintf(text, sizeof(text), PROLOGUE "%s\nmov r0, 0\nexit",
                         accesses[tried[t]].insns);
                load(vm, text);
                for (size_t at = 0; at + accesses[tried[t]].size <= MAP; at++) {
                    struct aim aim = {(uintptr_t)bytes + at, 3};
                    struct ebpf_input in = input_of(&aim);
                    bool ok = ebpf_vm_run(vm, &in, NULL) == EBPF_OK;
                    ck_assert_int_eq(ok, allowed(map, at, accesses[tried[t]].size,
                                                 accesses[tried[t]].store));
                }
            }
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

START_TEST(lending_has_a_limit)
{
    static struct arena arena;
    const struct ebpf_helper helper = {.id = 1, .run_fn = lend, .ctx = &arena};
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.backend = name});
        ck_assert_int_eq(ebpf_vm_register_helper(vm, &helper), EBPF_OK);
        load(vm, "mov r6, 0\nagain:\ncall 1\njne r0, 0, out\nadd r6, 1\nja again\n"
                 "out:\nmov r0, r6\nexit");
        ck_assert_uint_ge(run(vm, NULL, 0, NULL, 0), EBPF_RUN_REGIONS);
        ck_assert_uint_ge(run(vm, NULL, 0, NULL, 0), EBPF_RUN_REGIONS);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* The trusted policy checks nothing, and computes the same. */
START_TEST(trusted_programs_compute_the_same)
{
    uint64_t packet[2] = {41, 1};
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {
            .backend = name, .kind = EBPF_VM_RAW, .policy = EBPF_POLICY_TRUSTED};
        struct ebpf_vm *vm = vm_with(&options, "ldxdw r0, [r1+0]\nldxdw r2, [r1+8]\n"
                                               "stxdw [r10-8], r2\nldxdw r3, [r10-8]\n"
                                               "add r0, r3\nexit");
        ck_assert_uint_eq(run(vm, packet, 16, NULL, 0), 42);
        ebpf_vm_free(vm);
    }
}
END_TEST

static TCase *edges(void)
{
    TCase *tc = tcase_create("edges");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, allowed_memory_has_exact_edges);
    tcase_add_test(tc, lent_memory_has_exact_edges);
    tcase_add_test(tc, packet_and_context_have_exact_edges);
    tcase_add_test(tc, the_stack_has_exact_edges);
    tcase_add_test(tc, frames_live_as_long_as_their_functions);
    tcase_add_test(tc, addresses_do_not_wrap);
    return tc;
}

static TCase *ranges(void)
{
    TCase *tc = tcase_create("ranges");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, ranges_that_make_no_sense);
    tcase_add_test(tc, ranges_may_overlap);
    tcase_add_test(tc, lending_has_a_limit);
    tcase_add_test(tc, trusted_programs_compute_the_same);
    return tc;
}

RUN_SUITE("vm/memory", edges, ranges)
