/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What is proven, who may see it, and what a VM does with it. */
#include "ir/pass.h"
#include "tests/unit/fact_engine.h"
#include "tests/unit/vm_unit.h"

#include <stdio.h>
#include <stdlib.h>

/* What a pass of the user has seen. */
struct seen {
    struct ebpf_fact facts[16];
    uint32_t count;
};

static ebpf_status see(struct ebpf_verify *verify, void *ctx)
{
    struct seen *seen = ctx;
    const struct ebpf_fact *facts = ebpf_verify_facts(verify, &seen->count);
    ck_assert_uint_le(seen->count, 16);
    if (facts)
        memcpy(seen->facts, facts, seen->count * sizeof(*facts));
    return EBPF_OK;
}

static struct seen facts_of(const char *text, const char *type)
{
    struct seen seen = {.count = 0};
    const struct ebpf_pass look = {
        .name = "look", .needs = EBPF_AN_FACTS, .run = see, .ctx = &seen};
    const struct ebpf_pass *const passes[] = {&look, NULL};
    const struct ebpf_verify_options options = {
        .size = sizeof(options), .passes = passes, .type = type};
    struct ebpf_program *program = assemble(text);
    ck_assert_int_eq(ebpf_verify_for(program, &options, NULL), EBPF_OK);
    ebpf_program_unref(program);
    return seen;
}

START_TEST(passes_see_facts)
{
    struct seen seen = facts_of("stdw [r10-8], 1\nldxw r2, [r1+0]\nldxb r0, [r2+0]\n"
                                "jeq r0, 256, +1\nexit\nmov r0, 0\nexit", "xdp");
    ck_assert_uint_eq(seen.count, 7);
    ck_assert(ebpf_fact_is_proven(&seen.facts[0]));
    ck_assert_uint_eq(seen.facts[0].regions, 1u << EBPF_REGION_STACK);
    ck_assert_int_eq(seen.facts[0].least, -8);
    ck_assert_int_eq(seen.facts[0].most, -8);
    ck_assert_uint_eq(seen.facts[1].regions, 1u << EBPF_REGION_CONTEXT);
    ck_assert(!ebpf_fact_is_proven(&seen.facts[2])); /* the packet may be empty */
    ck_assert_uint_eq(seen.facts[3].flags, EBPF_FACT_REACHED | EBPF_FACT_NOT_TAKEN);
    ck_assert_uint_eq(seen.facts[5].flags, 0);
}
END_TEST

START_TEST(loops_have_facts)
{
    struct seen ends = facts_of("mov r0, 0\nadd r0, 1\njlt r0, 10, -2\nexit", "xdp");
    ck_assert_uint_eq(ends.facts[1].flags, EBPF_FACT_REACHED | EBPF_FACT_LOOP);
    struct seen endless = facts_of("mov r0, 0\nl: jeq r0, 0, l\nexit", "xdp");
    ck_assert_uint_eq(endless.facts[1].flags & EBPF_FACT_ENDLESS, EBPF_FACT_ENDLESS);
}
END_TEST

/* Whether instruction `insn` of a raw program is proven. */
static bool raw_is_proven(const char *text, uint32_t insn)
{
    struct seen seen = facts_of(text, "raw");
    return ebpf_fact_is_proven(&seen.facts[insn]);
}

START_TEST(lengths_prove_accesses)
{
    ck_assert(raw_is_proven("jlt r2, 14, +2\nldxh r0, [r1+12]\nexit\nmov r0, 0\nexit", 1));
    ck_assert(!raw_is_proven("jlt r2, 13, +2\nldxh r0, [r1+12]\nexit\nmov r0, 0\nexit", 1));
    ck_assert(raw_is_proven("mov r0, 0\nmov32 r3, r2\njlt32 r3, 14, +1\nldxh r0, [r1+12]\n"
                            "exit", 3));
    /* The low half of a number tells nothing of the other half but that it is not less. */
    ck_assert(!raw_is_proven("mov r0, 0\njgt32 r2, 14, +1\nldxh r0, [r1+0]\nexit", 2));
    ck_assert(raw_is_proven("mov r0, 0\nmov r3, r2\nsub r3, 14\njsgt r3, 0, +1\nexit\n"
                            "ldxb r0, [r1+14]\nexit", 5));
    ck_assert(!raw_is_proven("mov r0, 0\nmov r3, r2\nsub r3, 14\njgt r3, 0, +1\nexit\n"
                             "ldxb r0, [r1+14]\nexit", 5)); /* it may have wrapped around */
}
END_TEST

/* The low half of the length has no bit 2 and 4: a length of at least 25 is 32 or more, so that one
 * of the ways is never taken.  What the comparison says is learnt nevertheless. */
START_TEST(comparisons_that_go_one_way_prove)
{
    ck_assert(raw_is_proven("mov r0, 0\njlt r2, 25, +5\nmov32 r3, r2\njset32 r3, 20, +3\n"
                            "jlt r2, 26, +2\nldxb r0, [r1+25]\nexit\nexit", 5));
    ck_assert(raw_is_proven("mov r0, 0\nldxb r3, [r1+0]\nand r3, 7\njlt r2, 49, +7\n"
                            "mov32 r4, r2\njge32 r4, 27, +5\nmov r4, r2\nadd r4, -15\n"
                            "jgt r3, r4, +2\nadd r1, r3\nldxb r0, [r1+14]\nexit", 10));
}
END_TEST

START_TEST(differences_prove_accesses)
{
    const char *text = "ldxw r2, [r1+0]\nldxw r3, [r1+4]\nmov r0, r3\nsub r0, r2\n"
                       "jlt r0, %d, +1\nldxh r0, [r2+12]\nexit";
    for (int least = 13; least <= 14; least++) {
        char program[160];
        snprintf(program, sizeof(program), text, least);
        struct seen seen = facts_of(program, "xdp");
        ck_assert_int_eq(ebpf_fact_is_proven(&seen.facts[5]), least == 14);
    }
}
END_TEST

/* Whether four bytes are proven at a header whose length the packet says, behind a comparison of
 * their ends. */
static bool header_is_proven(const char *end, const char *compare)
{
    char text[256];
    snprintf(text, sizeof(text),
             "mov r0, 0\njlt r2, 1, out\nldxb r3, [r1+0]\nand r3, 60\nmov r4, r1\nadd r4, r3\n"
             "mov r6, r4\n%s\n%s\nldxw r0, [r4+0]\nout: exit", end, compare);
    struct ebpf_program *program = assemble(text);
    uint32_t count;
    ebpf_program_insns(program, &count);
    ebpf_program_unref(program);
    return raw_is_proven(text, count - 2);
}

START_TEST(ends_that_programs_compute_prove)
{
    const char *end = "mov r5, r1\nadd r5, r2", *by_size = "mov r5, r2\nadd r5, r1";
    ck_assert(header_is_proven(end, "add r6, 4\njgt r6, r5, out"));
    ck_assert(header_is_proven(by_size, "add r6, 4\njlt r5, r6, out"));
    ck_assert(header_is_proven(end, "add r6, 3\njge r6, r5, out"));
    ck_assert(header_is_proven("mov r5, r1\nadd r5, r2\nadd r5, -4", "jgt r6, r5, out"));
    ck_assert(header_is_proven("mov r5, r2\nadd r5, -1\nadd r5, r1",
                               "add r6, 3\njgt r6, r5, out"));
    ck_assert(!header_is_proven(end, "add r6, 3\njgt r6, r5, out"));
    ck_assert(!header_is_proven(end, "add r6, 4\njgt32 r6, r5, out"));
    ck_assert(!header_is_proven(end, "add r6, 4\njle r6, r5, out"));
    ck_assert(!header_is_proven("mov r5, r1\nadd r5, r2\nadd r5, 1",
                                "add r6, 4\njgt r6, r5, out"));
    ck_assert(!header_is_proven("mov r5, r1\nadd r5, r2\nadd r5, r3",
                                "add r6, 4\njgt r6, r5, out"));
    ck_assert(!header_is_proven("mov32 r5, r2\nadd r5, r1", "add r6, 4\njgt r6, r5, out"));
}
END_TEST

/* Sums all bytes; `compare` leaves the loop, or stays in it. */
static bool loop_is_proven(const char *add, const char *compare, const char *load)
{
    char text[256];
    snprintf(text, sizeof(text),
             "mov r0, 0\nmov r3, 0\njeq r2, 0, out\nagain: mov r4, r1\nadd r4, r3\n%s\n"
             "add r0, r5\n%s\n%s\nout: exit", load, add, compare);
    return raw_is_proven(text, 5);
}

START_TEST(loops_up_to_the_length_are_proven)
{
    const char *byte = "ldxb r5, [r4+0]", *one = "add r3, 1";
    ck_assert(loop_is_proven(one, "jlt r3, r2, again", byte));
    ck_assert(loop_is_proven(one, "jgt r2, r3, again", byte));
    ck_assert(!loop_is_proven(one, "jle r3, r2, again", byte));
    ck_assert(!loop_is_proven(one, "jge r2, r3, again", byte));
    ck_assert(!loop_is_proven(one, "jne r3, r2, again", "ldxb r5, [r4+1]"));
    ck_assert(!loop_is_proven(one, "jlt r3, r2, again", "ldxh r5, [r4+0]"));
    ck_assert(!loop_is_proven("sub r3, 1", "jlt r3, r2, again", "ldxb r5, [r4+1]"));
    ck_assert(loop_is_proven("add r3, 2\nmov r6, r3\nand r6, 7", "jlt r3, r2, again", byte));
    ck_assert(!loop_is_proven(one, "jlt32 r3, r2, again", "ldxh r5, [r4+0]"));
}
END_TEST

/* A raw program may take for granted how long packets are; where one is shorter, its run is checked
 * as ever. */
/* Whether the quick proof of a raw program finds all accesses safe in packets of so many bytes, and
 * no fewer. */
static bool is_quickly_proven(const char *text, uint32_t bytes)
{
    static const struct ebpf_pass *const none[] = {NULL};
    const struct ebpf_contract contract = {.ctx = {.type = EBPF_TYPE_RAW}, .any_align = true,
                                           .frame_size = EBPF_FRAME_LIMIT, .quick = true};
    struct ebpf_program *program = assemble(text);
    struct ebpf_fact *facts;
    uint32_t least;
    const struct ebpf_verify_results results = {.facts = &facts, .packet_least = &least};
    ck_assert_int_eq(ebpf_verify_against(program, none, &contract, NULL, &results), EBPF_OK);
    bool proven = facts && least == bytes;
    for (uint32_t i = 0; facts && i < ebpf_program_count(program); i++)
        proven &= ebpf_fact_is_proven(&facts[i]);
    free(facts);
    ebpf_program_unref(program);
    return proven;
}

#define ROUND "l: mov r4, r1\nadd r4, r3\nldxb r0, [r4+66]\n"

/* Loops that take far more rounds than the quick proof follows, and others. */
START_TEST(long_loops_are_quickly_proven)
{
    ck_assert(is_quickly_proven("mov r3, 0\n" ROUND "add r3, 1\njne r3, 9000, l\nexit", 9066));
    ck_assert(is_quickly_proven("mov r3, 0\n" ROUND "add r3, 1\njlt r3, 9000, l\nexit", 9066));
    ck_assert(is_quickly_proven("mov r3, 0\n" ROUND "add r3, 1\njslt r3, 9000, l\nexit", 9066));
    ck_assert(is_quickly_proven("mov32 r3, 0\n" ROUND "add32 r3, 1\njlt32 r3, 9000, l\nexit",
                                9066));
    ck_assert(is_quickly_proven("mov r3, 9000\n" ROUND "add r3, -1\njne r3, 0, l\nexit", 9067));
    ck_assert(is_quickly_proven("mov r3, 9000\n" ROUND "add r3, -1\njsgt r3, -1, l\nexit", 9067));
    ck_assert(is_quickly_proven("mov r3, 0\n" ROUND "add r3, 8\njne r3, 32768, l\nexit", 32827));
    ck_assert(is_quickly_proven("mov r2, 0\no: mov r3, 0\n" ROUND
                                "add r4, r2\nldxb r0, [r4+0]\nadd r3, 1\njne r3, 300, l\n"
                                "add r2, 1\njne r2, 200, o\nexit", 564 - 66 + 1));
    /* Rounds of 24 meet 1920, but no range says so: that is followed round by round. */
    ck_assert(is_quickly_proven("mov r3, 0\n" ROUND "add r3, 24\njne r3, 1920, l\nexit", 1963));
    ck_assert(!is_quickly_proven("mov r3, 0\n" ROUND "add r3, 7\njne r3, 1920, l\nexit", 1980));
    ck_assert(!is_quickly_proven("mov r3, 0\n" ROUND "add r3, 1\njne r3, r2, l\nexit", 67));
    ck_assert(!is_quickly_proven("mov r3, 0\n" ROUND "mul r3, 3\nadd r3, 1\njne r3, 9000, l\n"
                                 "exit", 9066));
}
END_TEST

START_TEST(short_packets_are_checked)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.size = sizeof(options), .backend = name,
                                                .kind = EBPF_VM_RAW};
        struct ebpf_program *program =
            assemble("ldxb r0, [r1+0]\njne r0, 0, +2\nldxb r2, [r1+9]\nadd r0, r2\nexit");
        struct ebpf_vm *vm;
        uint8_t packet[10] = {0, [9] = 7};
        struct ebpf_input in = {.size = sizeof(in), .mem = packet};
        struct ebpf_result result;
        ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
        for (in.mem_size = 0; in.mem_size <= 10; in.mem_size++) {
            packet[0] = 0;
            ebpf_status status = ebpf_vm_run(vm, &in, &result);
            ck_assert_int_eq(status, in.mem_size < 10 ? EBPF_ERR_LOAD : EBPF_OK);
            if (status)
                ck_assert_uint_eq(result.fault.insn, in.mem_size == 0 ? 0 : 2);
            ck_assert_uint_eq(result.r0, in.mem_size < 10 ? 0 : 7);
            packet[0] = 1;
            status = ebpf_vm_run(vm, &in, &result);
            ck_assert_int_eq(status, in.mem_size == 0 ? EBPF_ERR_LOAD : EBPF_OK);
            ck_assert_uint_eq(result.executed, in.mem_size == 0 ? 1 : 3);
        }
        ebpf_vm_free(vm);
        ebpf_program_unref(program);
    }
}
END_TEST

/* Where there is no packet, what is before its end is not before it: at the highest addresses. */
START_TEST(no_packet_is_an_empty_one)
{
    static const char *const rows[] = {
        "mov r3, r1\nadd r3, r2\nadd r3, -4\njgt r1, r3, o\nldxw r0, [r1]\no: exit",
        "mov r3, r1\nadd r3, r2\nadd r3, -4\njle r1, r3, i\nexit\ni: ldxw r0, [r1]\nexit",
        "mov r3, r1\nadd r3, r2\nadd r3, -4\njge r3, r1, i\nexit\ni: ldxb r0, [r1+3]\nexit",
    };
    const struct ebpf_backend *const backends[] = {&fact_engine, ebpf_backend_find(NULL), NULL};
    uint8_t packet[4] = {1, 2, 3, 4};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int b = 0; b < 2; b++) {
            struct ebpf_vm_options o = {.backends = backends, .backend = backends[b]->name,
                                        .kind = EBPF_VM_RAW};
            struct ebpf_vm *vm = vm_with(&o, rows[i]);
            struct ebpf_input in = {.size = sizeof(in)};
            struct ebpf_result result;
            ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_ERR_LOAD);
            in.mem = packet;
            for (in.mem_size = 0; in.mem_size <= sizeof(packet); in.mem_size++) {
                ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_OK);
                ck_assert_int_eq(result.r0 != 0, in.mem_size == sizeof(packet));
            }
            ebpf_vm_free(vm);
        }
}
END_TEST

static struct ebpf_vm *vm_of(enum ebpf_policy policy, enum ebpf_vm_kind kind)
{
    const struct ebpf_backend *const backends[] = {&fact_engine, NULL};
    const struct ebpf_vm_options options = {.size = sizeof(options), .kind = kind,
                                            .policy = policy, .backends = backends};
    struct ebpf_vm *vm;
    ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_OK);
    return vm;
}

static ebpf_status try_verified(const char *text, const char *message)
{
    struct ebpf_vm *vm = vm_of(EBPF_POLICY_VERIFIED, EBPF_VM_RAW);
    struct ebpf_program *program = assemble(text);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ebpf_status status = ebpf_vm_set_program(vm, program, diag);
    if (status)
        ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, message));
    ck_assert_int_eq(ebpf_vm_program(vm) == NULL, status != EBPF_OK);
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
    ebpf_vm_free(vm);
    return status;
}

#define CALL_BACK                                                                                  \
    "lddw r2, code_addr(f)\nmov r3, r10\nadd r3, -8\nmov r4, 0\ncall 181\n"

/* Whatever the functions have left behind, what was proven of the rest is true, and all of it is
 * proven. */
START_TEST(facts_hold_around_callbacks)
{
    static const struct {
        const char *text;
        uint64_t r0;
    } rows[] = {
        {"stdw [r10-8], 0\nstdw [r10-16], 9\nmov r1, 100\n" CALL_BACK
         "mov r0, 77\nldxdw r1, [r10-8]\njgt r1, 7, o\nmov r2, r10\nadd r2, -16\nadd r2, r1\n"
         "ldxb r0, [r2]\no: exit\n"
         "f: ldxdw r3, [r2]\nadd r3, 3\nand r3, 7\nstxdw [r2], r3\nmov r0, 0\nexit\n", 0},
        {"stdw [r10-8], 0\nmov r1, 5\n" CALL_BACK "ldxdw r1, [r10-8]\njne r1, 0, +2\n"
         "mov r0, 1\nexit\nmov r0, r1\nexit\n"
         "f: stdw [r2], 7\nmov r0, 0\njlt r1, 3, +1\nmov r0, 1\nexit\n", 7},
        {"stdw [r10-8], 3\nmov r1, 0\n" CALL_BACK "ldxdw r0, [r10-8]\nexit\n"
         "f: stdw [r2], 7\nmov r0, 0\nexit\n", 3},
    };
    const struct ebpf_backend *const backends[] = {&fact_engine, ebpf_backend_find(NULL), NULL};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int b = 0; b < 2; b++) {
            struct ebpf_vm_options o = {.backends = backends, .backend = backends[b]->name,
                                        .policy = b ? EBPF_POLICY_VERIFIED : EBPF_POLICY_CHECKED};
            struct ebpf_vm *vm = empty_vm(&o);
            ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
            load(vm, rows[i].text);
            ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), rows[i].r0);
            ebpf_vm_free(vm);
        }
}
END_TEST

/* In the kernel, the process is somewhere else; here, what is written to it may be the stack. */
START_TEST(facts_hold_behind_writes_to_the_process)
{
    const char *text = "stdw [r10-8], 7\nstdw [r10-16], 0x10000\nmov r1, r10\nadd r1, -8\n"
                       "mov r2, r10\nadd r2, -16\nmov r3, 8\ncall 36\nldxdw r1, [r10-8]\n"
                       "mov r2, r10\nadd r2, -8\nadd r2, r1\nldxb r0, [r2]\nexit";
    const struct ebpf_backend *const backends[] = {&fact_engine, ebpf_backend_find(NULL), NULL};
    for (int b = 0; b < 2; b++) {
        const struct ebpf_vm_options o = {.backends = backends, .backend = backends[b]->name};
        struct ebpf_vm *vm = empty_vm(&o);
        const struct ebpf_input in = {.size = sizeof(in)};
        struct ebpf_result result;
        ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
        load(vm, text);
        ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_ERR_LOAD);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* Another program takes the place of a function: what that returns is not what the function would
 * have, the packet is not where it was, and what stood on the stack of callers may be gone. */
START_TEST(facts_hold_behind_tail_calls_in_functions)
{
    static const struct {
        const char *text, *other;
        ebpf_status status;
        uint64_t r0;
    } rows[] = {
        {"stdw [r10-8], 7\ncall local f\nmov r2, r10\nadd r2, -8\nadd r2, r0\nldxb r0, [r2]\n"
         "exit\nf: lddw r2, map_by_fd(1)\nmov r3, 0\ncall 12\nmov r0, 0\nexit",
         "mov r0, 4096\nexit", EBPF_ERR_LOAD, 0},
        {"call local f\njeq r0, 0, o\nmov r0, 9\no: exit\n"
         "f: lddw r2, map_by_fd(1)\nmov r3, 0\ncall 12\nmov r0, 0\nexit",
         "mov r0, 4096\nexit", EBPF_OK, 9},
        {"ldxw r6, [r1]\nldxw r3, [r1+4]\nmov r4, r6\nadd r4, 60\njgt r4, r3, o\n"
         "call local f\nldxb r0, [r6+59]\no: exit\n"
         "f: lddw r2, map_by_fd(1)\nmov r3, 0\ncall 12\nmov r0, 0\nexit",
         "mov r2, -30\ncall 65\nexit", EBPF_ERR_LOAD, 0},
        {"stdw [r10-8], 7\ncall local f\nldxdw r1, [r10-8]\nmov r2, r10\nadd r2, -8\n"
         "add r2, r1\nldxb r0, [r2]\nexit\n"
         "f: lddw r2, map_by_fd(1)\nmov r3, 0\ncall 12\nmov r0, 0\nexit",
         "stdw [r10+504], 4096\nmov r0, 0\nexit", EBPF_ERR_LOAD, 0},
    };
    const struct ebpf_backend *const backends[] = {&fact_engine, ebpf_backend_find(NULL), NULL};
    const struct ebpf_map_def def = {.kind = EBPF_MAP_PROG_ARRAY, .key_size = 4, .value_size = 4,
                                     .max_entries = 1};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int b = 0; b < 2; b++) {
            struct ebpf_vm_options o = {.backends = backends, .backend = backends[b]->name,
                                        .kind = EBPF_VM_TYPED, .type = "xdp"};
            struct ebpf_vm *vms[2];
            struct ebpf_map *map;
            uint8_t packet[60] = {0};
            const struct ebpf_input in = {.size = sizeof(in), .mem = packet,
                                          .mem_size = sizeof(packet)};
            struct ebpf_result result;
            ck_assert_int_eq(ebpf_map_new(&def, NULL, NULL, &map), EBPF_OK);
            for (int v = 0; v < 2; v++) {
                vms[v] = empty_vm(&o);
                ck_assert_int_eq(ebpf_vm_register_helpers(vms[v], ebpf_helpers_kernel()), EBPF_OK);
                ck_assert_int_eq(ebpf_vm_add_map(vms[v], 1, map), EBPF_OK);
                load(vms[v], v ? rows[i].other : rows[i].text);
            }
            ck_assert_int_eq(ebpf_map_set_program(map, 0, vms[1], NULL), EBPF_OK);
            ck_assert_int_eq(ebpf_vm_run(vms[0], &in, &result), rows[i].status);
            if (!rows[i].status)
                ck_assert_uint_eq(result.r0, rows[i].r0);
            ebpf_vm_free(vms[0]);
            ebpf_vm_free(vms[1]);
            ebpf_map_unref(map);
        }
}
END_TEST

START_TEST(verified_refuses_what_is_not_proven)
{
    ck_assert_int_eq(try_verified("mov r0, 0\nexit", ""), EBPF_OK);
    ck_assert_int_eq(try_verified("ldxb r0, [r1+0]\nexit", "of the packet"), EBPF_ERR_LOAD);
    ck_assert_int_eq(try_verified("ldxb r0, [r10+0]\nexit", "not within the stack"),
                     EBPF_ERR_LOAD);
    ck_assert_int_eq(try_verified("mov r0, 0\nl: jeq r0, 0, l\nexit", "not shown to end"),
                     EBPF_ERR_NOT_PROVEN);
    ck_assert_int_eq(try_verified("mov r0, r3\nldxb r0, [r0+0]\nexit", "no address"),
                     EBPF_ERR_LOAD);
}
END_TEST

static uint64_t overwrite(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    uint64_t nowhere = 16;
    (void)r2, (void)r3, (void)r4, (void)r5;
    memcpy((void *)(uintptr_t)r1, &nowhere, sizeof(nowhere));
    return 0;
}

/* A helper that the embedder put in the place of the kernel's does what it likes with the stack
 * that it is given: nothing is known of that any more. */
START_TEST(helpers_of_ones_own_are_not_believed)
{
    const struct ebpf_helper own = {.id = 5, .name = "own", .fn = overwrite};
    const char *text = "stxdw [r10-8], r10\nmov r1, r10\nadd r1, -8\ncall 5\n"
                       "ldxdw r2, [r10-8]\nldxdw r0, [r2-8]\nexit";
    struct ebpf_program *program = assemble(text);
    struct ebpf_vm *vm = vm_of(EBPF_POLICY_CHECKED, EBPF_VM_RAW);
    struct ebpf_result result;
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_run(vm, NULL, &result), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_register_helper(vm, &own), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_run(vm, NULL, &result), EBPF_ERR_LOAD);
    ck_assert_str_eq(result.fault.message, "");
    ebpf_program_unref(program);
    ebpf_vm_free(vm);
}
END_TEST

/* The proof is for the frames that the VM gives. */
START_TEST(small_frames_are_small)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.size = sizeof(options), .backend = name,
                                                .frame_size = 16};
        struct ebpf_program *program = assemble("mov r2, r10\nadd r2, -24\nmov r0, 1\n"
                                                "stxdw [r2+0], r0\nexit");
        struct ebpf_vm *vm;
        ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_ERR_STORE);
        ebpf_vm_free(vm);
        ebpf_program_unref(program);
    }
}
END_TEST

static TCase *facts(void)
{
    TCase *tc = tcase_create("facts");
    tcase_add_test(tc, passes_see_facts);
    tcase_add_test(tc, loops_have_facts);
    tcase_add_test(tc, lengths_prove_accesses);
    tcase_add_test(tc, comparisons_that_go_one_way_prove);
    tcase_add_test(tc, differences_prove_accesses);
    tcase_add_test(tc, loops_up_to_the_length_are_proven);
    tcase_add_test(tc, ends_that_programs_compute_prove);
    tcase_add_test(tc, long_loops_are_quickly_proven);
    tcase_add_test(tc, short_packets_are_checked);
    tcase_add_test(tc, no_packet_is_an_empty_one);
    tcase_add_test(tc, facts_hold_around_callbacks);
    tcase_add_test(tc, facts_hold_behind_writes_to_the_process);
    tcase_add_test(tc, facts_hold_behind_tail_calls_in_functions);
    tcase_add_test(tc, verified_refuses_what_is_not_proven);
    tcase_add_test(tc, helpers_of_ones_own_are_not_believed);
    tcase_add_test(tc, small_frames_are_small);
    return tc;
}

RUN_SUITE("facts", facts)
