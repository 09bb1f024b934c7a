/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the pass "safety" accepts does not fault: random programs, run with all checks. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <ebpfvm/vm.h>

#include "base/bytes.h"
#include "tests/unit/unit.h"

enum { LENGTH = 24, CONTEXT = 192, PROGRAMS = 3000, RUNS = 4 };

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

static void run(struct ebpf_program *program)
{
    const struct ebpf_pass *lenient = ebpf_pass_find("well-formed");
    const struct ebpf_pass *passes[] = {lenient, NULL};
    const struct ebpf_vm_options options = {
        .size = sizeof(options), .kind = EBPF_VM_MBUFF, .passes = passes, .backend = "interp",
        .budget = 3000000};
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
        if (status) {
            struct ebpf_stream out = ebpf_stream_file(stdout);
            ebpf_program_print(program, NULL, &out);
            ck_abort_msg("%s at %u", ebpf_status_name(status), result.fault.pc);
        }
    }
    ebpf_vm_free(vm);
}

START_TEST(accepted_programs_do_not_fault)
{
    const struct ebpf_pass *passes[] = {ebpf_pass_find("well-formed"), ebpf_pass_find("safety"),
                                        NULL};
    const struct ebpf_verify_options options = {.size = sizeof(options), .passes = passes};
    uint8_t bytes[LENGTH * 8];
    int accepted = 0;
    for (int i = 0; i < PROGRAMS; i++) {
        struct ebpf_program *program;
        random_program(bytes);
        ck_assert_int_eq(
            ebpf_program_decode(bytes, sizeof(bytes), NULL, NULL, NULL, &program), EBPF_OK);
        if (ebpf_verify_for(program, &options, NULL) == EBPF_OK) {
            run(program);
            accepted++;
        }
        ebpf_program_unref(program);
    }
    printf("%d of %d programs were accepted\n", accepted, (int)PROGRAMS);
    ck_assert_int_gt(accepted, PROGRAMS / 100);
}
END_TEST

static TCase *runs(void)
{
    TCase *tc = tcase_create("runs");
    tcase_add_test(tc, accepted_programs_do_not_fault);
    tcase_set_timeout(tc, 60);
    return tc;
}

RUN_SUITE("safety runs", runs)
