/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What the pass "safety" accepts does not fault, and what it knows is true: random programs and
 * mutants of them, run with all checks.  SAFETY_RUNS in the environment is how often as many.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/vm.h>

#include "base/bytes.h"
#include "tests/unit/contain.h"
#include "tests/unit/fact_engine.h"
#include "tests/unit/unit.h"

enum { LENGTH = 24, CONTEXT = 192, PROGRAMS = 3000, RUNS = 4, MUTANTS = 6 };

static int times(int count)
{
    const char *wanted = getenv("SAFETY_RUNS");
    return wanted ? count * atoi(wanted) : count;
}

static uint64_t state = 88172645463325252;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Instructions that are likely to be accepted: numbers from the context in r6 to r9, the stack,
 * addresses on the stack in r2 and r3, and jumps forward, seldom backward. */
static void put(uint8_t *bytes, uint8_t opcode, unsigned dst, unsigned src, int off, int32_t imm)
{
    bytes[0] = opcode;
    bytes[1] = (uint8_t)(dst | src << 4);
    ebpf_put_le16(bytes + 2, (uint16_t)off);
    ebpf_put_le32(bytes + 4, (uint32_t)imm);
}

static void random_insn(uint8_t *bytes, int at)
{
    static const uint8_t alu[] = {0x07, 0x0f, 0x17, 0x1f, 0x27, 0x37, 0x3f, 0x47, 0x4f, 0x57, 0x5f,
                                  0x67, 0x6f, 0x77, 0x7f, 0x97, 0x9f, 0xa7, 0xaf, 0xb7, 0xbf, 0xc7,
                                  0x87};
    static const uint8_t jumps[] = {0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d, 0x55, 0x5d,
                                    0x65, 0x6d, 0x75, 0x7d, 0xa5, 0xad, 0xb5, 0xbd, 0xc5, 0xcd,
                                    0xd5, 0xdd};
    uint64_t r = next();
    unsigned dst = 6 + (unsigned)(r >> 8 & 3), src = 6 + (unsigned)(r >> 10 & 3);
    int32_t imm = (int32_t)(r >> 32) >> (r >> 16 & 31);
    unsigned small = (unsigned)(r >> 16 & 1) * 3; /* 64 bits, or 32 */
    int left = LENGTH - at - 3, forward = left > 0 ? (int)(r >> 20 & 7) % left : 0;
    switch (r & 15) {
    case 0: case 1: case 2: case 3: {
        uint8_t op = (uint8_t)(alu[(r >> 40) % sizeof(alu)] - small);
        bool shift = (op & 0xf0) == 0x60 || (op & 0xf0) == 0x70 || (op & 0xf0) == 0xc0;
        bool reg = op & 8, neg = (op & 0xf0) == 0x80;
        imm = shift ? imm & 31 : (op & 0xf0) == 0x30 || (op & 0xf0) == 0x90 ? (imm | 1) : imm;
        put(bytes, op, dst, reg ? src : 0, 0, reg || neg ? 0 : imm);
        break;
    }
    case 4: case 5: case 6: {
        uint8_t op = (uint8_t)(jumps[(r >> 40) % sizeof(jumps)] + (small ? 1 : 0));
        int off = (r >> 24 & 255) == 0 && at > 4 ? -2 : forward;
        put(bytes, op, dst, op & 8 ? src : 0, off, op & 8 ? 0 : imm);
        break;
    }
    case 7: put(bytes, 0x79, dst, 10, -8 * (1 + (int)(r >> 20 & 3)), 0); break;
    case 8: put(bytes, 0x7b, 10, dst, -8 * (1 + (int)(r >> 20 & 3)), 0); break;
    case 9: put(bytes, 0x63, 10, dst, -4 * (1 + (int)(r >> 20 & 7)), 0); break;
    case 10: put(bytes, 0x71, dst, 2, (int)(r >> 20 & 63) - 32, 0); break;
    case 11: put(bytes, 0x73, 2, dst, (int)(r >> 20 & 63) - 32, 0); break;
    case 12: put(bytes, 0x57, dst, 0, 0, imm & 63); break;
    case 13: put(bytes, 0xbf, 2, 10, 0, 0); break;
    case 14: put(bytes, 0x0f, 2, dst, 0, 0); break;
    default: put(bytes, 0x07, 2, 0, 0, -(int32_t)(r >> 20 & 63)); break;
    }
}

static void random_program(uint8_t bytes[LENGTH * 8])
{
    for (int i = 0; i < 4; i++)
        put(bytes + 8 * i, 0x61, 6 + (unsigned)i, 1, 4 * i, 0);
    put(bytes + 32, 0xbf, 2, 10, 0, 0);
    for (int i = 5; i < LENGTH - 2; i++)
        random_insn(bytes + 8 * i, i);
    put(bytes + 8 * (LENGTH - 2), 0xb7, 0, 0, 0, 0);
    put(bytes + 8 * (LENGTH - 1), 0x95, 0, 0, 0, 0);
}

/* Runs a program on random contexts, with all checks, in the engine that believes nothing.  It must
 * find nothing wrong, and programs that are proven must not fault. */
static void run(struct ebpf_program *program, bool proven)
{
    const struct ebpf_pass *const lenient[] = {ebpf_pass_find("well-formed"), NULL};
    const struct ebpf_backend *const doubts[] = {&fact_engine, NULL};
    const struct ebpf_vm_options options = {
        .size = sizeof(options), .kind = EBPF_VM_MBUFF, .budget = proven ? 3000000 : 20000,
        .passes = contain_passes(lenient), .backends = doubts};
    struct ebpf_vm *vm;
    ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
    for (int i = 0; i < RUNS; i++) {
        uint8_t context[CONTEXT];
        for (size_t b = 0; b < sizeof(context); b += 8)
            ebpf_put_le64(context + b, next() >> (next() & 63));
        const struct ebpf_input in = {
            .size = sizeof(in), .mbuff = context, .mbuff_size = sizeof(context)};
        struct ebpf_result result;
        ebpf_status status = ebpf_vm_run(vm, &in, &result);
        if (status == EBPF_ERR_ILLEGAL || (status && proven)) {
            struct ebpf_stream out = ebpf_stream_file(stdout);
            ebpf_program_print(program, NULL, &out);
            ck_abort_msg("%s at %u: %s", ebpf_status_name(status), result.fault.pc,
                         result.fault.message);
        }
    }
    ebpf_vm_free(vm);
}

/* Whether the bytes are a program that is proven; it is run in any case. */
static bool try_program(const uint8_t bytes[LENGTH * 8])
{
    const struct ebpf_pass *const passes[] = {ebpf_pass_find("well-formed"),
                                              ebpf_pass_find("safety"), NULL};
    const struct ebpf_verify_options options = {.size = sizeof(options), .passes = passes};
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_program_decode(bytes, LENGTH * 8, NULL, NULL, NULL, &program), EBPF_OK);
    bool proven = ebpf_verify_for(program, &options, NULL) == EBPF_OK;
    if (proven || ebpf_verify(program, ebpf_verifier_lenient(), NULL, NULL) == EBPF_OK)
        run(program, proven);
    ebpf_program_unref(program);
    return proven;
}

START_TEST(accepted_programs_do_not_fault)
{
    uint8_t bytes[LENGTH * 8];
    int accepted = 0;
    for (int i = 0; i < times(PROGRAMS); i++) {
        random_program(bytes);
        accepted += try_program(bytes);
    }
    printf("%d of %d programs were accepted\n", accepted, times(PROGRAMS));
    ck_assert_int_gt(accepted, times(PROGRAMS) / 100);
}
END_TEST

/* One instruction gets another operand, immediate, offset or opcode. */
static void mutate(uint8_t bytes[LENGTH * 8])
{
    uint64_t r = next();
    uint8_t *insn = bytes + 8 * (5 + (r >> 8) % (LENGTH - 7));
    int32_t imm = (int32_t)ebpf_get_le32(insn + 4);
    switch (r & 7) {
    case 0: insn[1] = (uint8_t)((insn[1] & 0xf0) | (r >> 32) % 11); break;
    case 1: insn[1] = (uint8_t)((insn[1] & 0x0f) | (r >> 32) % 11 << 4); break;
    case 2: ebpf_put_le32(insn + 4, (uint32_t)(r >> 32)); break;
    case 3: ebpf_put_le32(insn + 4, (uint32_t)imm + (r >> 32 & 1 ? 1 : -1)); break;
    case 4: ebpf_put_le32(insn + 4, (uint32_t)imm ^ UINT32_C(1) << (r >> 32 & 31)); break;
    case 5:
        ebpf_put_le16(insn + 2, (uint16_t)(ebpf_get_le16(insn + 2) + (r >> 32) % 17 - 8));
        break;
    case 6: insn[0] ^= (uint8_t)(1u << (r >> 32 & 7)); break;
    default: insn[0] = (uint8_t)(r >> 32); break;
    }
}

/* A mistake in an accepted program is found, or does no harm. */
START_TEST(accepted_mutants_do_not_fault)
{
    uint8_t bytes[LENGTH * 8], mutant[LENGTH * 8];
    int accepted = 0, tried = 0;
    for (int i = 0; i < times(PROGRAMS / 4); i++) {
        do
            random_program(bytes);
        while (!try_program(bytes));
        for (int m = 0; m < MUTANTS; m++, tried++) {
            memcpy(mutant, bytes, sizeof(mutant));
            mutate(mutant);
            accepted += try_program(mutant);
        }
    }
    printf("%d of %d mutants were accepted; %llu values were as known at %llu instructions\n",
           accepted, tried, contain_looked_at().values, contain_looked_at().insns);
    ck_assert_int_gt(accepted, tried / 100);
    ck_assert_uint_gt(contain_looked_at().values, 0);
}
END_TEST

static TCase *runs(void)
{
    TCase *tc = tcase_create("runs");
    tcase_add_test(tc, accepted_programs_do_not_fault);
    tcase_add_test(tc, accepted_mutants_do_not_fault);
    tcase_set_timeout(tc, times(60));
    return tc;
}

RUN_SUITE("safety runs", runs)
