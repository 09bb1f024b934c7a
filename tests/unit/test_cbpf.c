/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The front end for classic BPF: each instruction against a plain interpreter, in every engine and
 * policy; refusals; text. */
#include <stdio.h>

#include "tests/cbpf/machines.h"
#include "tests/cbpf/reference.h"
#include "tests/unit/failing_mem.h"
#include "tests/unit/unit.h"

typedef struct ebpf_cbpf_insn insn;
#define I(code, k) {(code), 0, 0, (k)}
#define J(code, jt, jf, k) {(code), (jt), (jf), (k)}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
    LD_W = 0x20, LD_H = 0x28, LD_B = 0x30, LDI_W = 0x40, LDI_H = 0x48, LDI_B = 0x50, MSH = 0xb1,
    LD = 0x00, LDX = 0x01, LD_LEN = 0x80, LDX_LEN = 0x81, LD_M = 0x60, LDX_M = 0x61, ST = 0x02,
    STX = 0x03, JA = 0x05, RET = 0x06, RET_A = 0x16, TAX = 0x07, TXA = 0x87, X = 0x08,
    ADD = 0x04, DIV = 0x34, LSH = 0x64, RSH = 0x74, NEG = 0x84, MOD = 0x94, XOR = 0xa4,
    JEQ = 0x15, JGT = 0x25, JGE = 0x35, JSET = 0x45
};

static const uint32_t edges[] = {0, 1, 2, 3, 31, 32, 33, 0xff, 0x1234, 0x7fffffff, 0x80000000,
                                 0x80000001, 0xfffffffe, 0xffffffff};

/* A filter that is to be accepted, proven and compiled, everywhere. */
static struct machines machines_of(const insn *insns, size_t count, int wire_length)
{
    const struct ebpf_cbpf_options options = {.size = sizeof(options), .wire_length = wire_length};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_stream out = ebpf_stream_file(stderr);
    struct ebpf_program *program;
    struct machines m = {.count = 0};
    ebpf_status status = ebpf_cbpf_convert(insns, (uint32_t)count, &options, diag, &program);
    if (!status)
        status = machines_make(&m, program, diag);
    ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out);
    const struct ebpf_print_options pseudoc = {
        .size = sizeof(pseudoc), .dialect = EBPF_DIALECT_PSEUDOC, .pcs = 1};
    if (status && program)
        ebpf_program_print(program, &pseudoc, &out);
    ck_assert_int_eq(status, EBPF_OK);
    ebpf_diag_free(diag);
    ebpf_program_unref(program);
    return m;
}

/* The packet in a block of its size, so that sanitizers see its end. */
static void compare(const struct machines *m, const insn *insns, const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    const struct reference_packet packet = {copy, size, (uint32_t)size};
    uint32_t expected = reference_run(insns, &packet);
    unsigned wrong = machines_differ(m, size ? copy : NULL, size, expected);
    ck_assert_msg(!wrong, "code 0x%x k 0x%x, %zu bytes: %s %s is not 0x%x", insns[0].code,
                  insns[0].k, size, wrong ? ebpf_vm_backend(m->vms[wrong - 1])->name : "",
                  wrong ? m->names[wrong - 1] : "", expected);
    free(copy);
}

/* All lengths up to that of the packet. */
static void try_lengths(const insn *insns, size_t count, const uint8_t *bytes, size_t size)
{
    struct machines m = machines_of(insns, count, 0);
    for (size_t length = 0; length <= size; length++)
        compare(&m, insns, bytes, length);
    machines_free(&m);
}

static void put(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* A is the word at 0, X that at 4. */
static void try_pairs(const insn *insns, size_t count)
{
    struct machines m = machines_of(insns, count, 0);
    uint8_t packet[8];
    for (size_t i = 0; i < COUNT(edges); i++) {
        for (size_t j = 0; j < COUNT(edges); j++) {
            put(packet, edges[i]);
            put(packet + 4, edges[j]);
            compare(&m, insns, packet, sizeof(packet));
        }
    }
    machines_free(&m);
}

START_TEST(arithmetic)
{
    for (uint16_t op = ADD; op <= XOR; op = (uint16_t)(op + 0x10)) {
        const insn by_x[] = {I(LD_W, 4), I(TAX, 0), I(LD_W, 0), I(op | X, 0), I(RET_A, 0)};
        if (op == NEG) {
            const insn neg[] = {I(LD_W, 0), I(NEG, 0), I(RET_A, 0)};
            try_pairs(neg, COUNT(neg));
            continue;
        }
        try_pairs(by_x, COUNT(by_x));
        for (size_t i = 0; i < COUNT(edges); i++) {
            const insn by_k[] = {I(LD_W, 0), I(op, edges[i]), I(RET_A, 0)};
            bool shift = op == LSH || op == RSH, division = op == DIV || op == MOD;
            if ((shift && edges[i] > 31) || (division && !edges[i]))
                continue;
            try_pairs(by_k, COUNT(by_k));
        }
    }
}
END_TEST

START_TEST(jumps)
{
    static const uint16_t ops[] = {JEQ, JGT, JGE, JSET};
    static const uint8_t ways[][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {1, 2}, {2, 1}, {2, 0},
                                      {0, 2}, {2, 2}};
    for (size_t o = 0; o < COUNT(ops); o++) {
        for (size_t w = 0; w < COUNT(ways); w++) {
            uint8_t jt = ways[w][0], jf = ways[w][1];
            const insn by_x[] = {I(LD_W, 4), I(TAX, 0), I(LD_W, 0), J(ops[o] | X, jt, jf, 0),
                                 I(ADD, 5), I(ADD, 70), I(RET_A, 0)};
            try_pairs(by_x, COUNT(by_x));
            for (size_t i = 0; i < COUNT(edges); i++) {
                const insn by_k[] = {I(LD_W, 0), J(ops[o], jt, jf, edges[i]), I(ADD, 5),
                                     I(ADD, 70), I(RET_A, 0)};
                try_pairs(by_k, COUNT(by_k));
            }
        }
    }
    static const insn skip[] = {I(JA, 0), I(JA, 2), I(RET, 1), I(RET, 2), I(RET, 3)};
    try_pairs(skip, COUNT(skip));
}
END_TEST

static void fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i * 37 + 0x8b);
}

START_TEST(loads)
{
    static const uint16_t codes[] = {LD_W, LD_H, LD_B, LDI_W, LDI_H, LDI_B, MSH};
    static const uint32_t starts[] = {0, 1, 2, 13, 20};
    uint8_t packet[24];
    fill(packet, sizeof(packet));
    for (size_t c = 0; c < COUNT(codes); c++) {
        for (size_t i = 0; i < COUNT(starts); i++) {
            const insn at[] = {I(codes[c], starts[i]), I(ADD | X, 0), I(RET_A, 0)};
            const insn behind[] = {I(LDX, 3), I(codes[c], starts[i]), I(RET_A, 0)};
            const insn header[] = {I(MSH, 0), I(codes[c], starts[i]), I(RET_A, 0)};
            try_lengths(at, COUNT(at), packet, sizeof(packet));
            try_lengths(behind, COUNT(behind), packet, sizeof(packet));
            try_lengths(header, COUNT(header), packet, sizeof(packet));
        }
    }
}
END_TEST

/* X and k, both large. */
START_TEST(far_loads)
{
    static const uint16_t codes[] = {LD_W, LD_H, LD_B, LDI_W, LDI_H, LDI_B, MSH};
    static const uint32_t far[] = {0, 4, 32760, 32764, 32766, 32767, 32768, 65534, 69990, 69999,
                                   EBPF_CBPF_PACKET_MAX - 4, EBPF_CBPF_PACKET_MAX, 0x7ffffffc,
                                   0x7fffffff, 0x80000000, 0xffdfffff};
    enum { SIZE = 70000 };
    static const size_t lengths[] = {0, 4, 8, 32767, 32768, 32770, 65536, SIZE - 1, SIZE};
    uint8_t *packet = malloc(SIZE);
    ck_assert_ptr_nonnull(packet);
    fill(packet, SIZE);
    for (size_t c = 0; c < COUNT(codes); c++) {
        for (size_t i = 0; i < COUNT(far); i++) {
            const insn filter[] = {I(LD_W, 0), I(TAX, 0), I(codes[c], far[i]), I(ST, 1),
                                   I(TXA, 0), I(LDX_M, 1), I(XOR | X, 0), I(RET_A, 0)};
            struct machines m = machines_of(filter, COUNT(filter), 0);
            for (size_t x = 0; x < COUNT(far); x++) {
                put(packet, far[x]);
                for (size_t l = 0; l < COUNT(lengths); l++)
                    compare(&m, filter, packet, lengths[l]);
            }
            machines_free(&m);
        }
    }
    free(packet);
}
END_TEST

/* Registers and words that were not written are 0, on whatever path. */
START_TEST(memory)
{
    static const uint8_t packet[8] = {0, 0, 0, 7, 0, 0, 0, 9};
    for (uint32_t i = 0; i < EBPF_CBPF_WORDS; i++) {
        const insn kept[] = {I(LD_W, 0), I(ST, i), I(LD_W, 4), I(TAX, 0), I(STX, (i + 1) % 16),
                             I(LD_M, i), I(LDX_M, (i + 1) % 16), I(LSH | X, 0), I(RET_A, 0)};
        const insn fresh[] = {I(LD_M, i), I(LDX_M, 15 - i), I(ADD | X, 0), I(RET_A, 0)};
        const insn some[] = {I(LD_B, 3), J(JEQ, 0, 1, 7), I(ST, i), I(LD_M, i), I(RET_A, 0)};
        try_lengths(kept, COUNT(kept), packet, sizeof(packet));
        try_lengths(fresh, COUNT(fresh), packet, sizeof(packet));
        try_lengths(some, COUNT(some), packet, sizeof(packet));
    }
    static const insn a[] = {I(RET_A, 0)}, x[] = {I(TXA, 0), I(RET_A, 0)},
                      st[] = {I(ST, 0), I(STX, 1), I(LDI_B, 0), I(RET_A, 0)};
    try_lengths(a, COUNT(a), packet, 1);
    try_lengths(x, COUNT(x), packet, 1);
    try_lengths(st, COUNT(st), packet, 1);
}
END_TEST

/* Tests that stand early, paths that meet, code that nobody reaches. */
START_TEST(paths)
{
    uint8_t packet[40];
    fill(packet, sizeof(packet));
    static const insn early[] = {I(LD_B, 0), J(JEQ, 0, 2, 0x8b), I(LD_B, 30), I(RET_A, 0),
                                 I(LD_H, 12), I(RET, 0)};
    static const insn later[] = {I(LD_B, 0), J(JGT, 0, 1, 9), I(RET, 3), I(LD_B, 30), I(RET_A, 0)};
    static const insn meet[] = {I(LD_B, 0), J(JSET, 0, 2, 1), I(LD_W, 20), I(JA, 1), I(LD_B, 9),
                                I(LD_B, 22), I(RET_A, 0)};
    static const insn x_meet[] = {I(MSH, 0), J(JSET, 0, 1, 1), I(LDI_W, 9), I(LDI_B, 11),
                                  I(LDX, 4), I(LDI_B, 11), I(RET_A, 0)};
    static const insn dead[] = {I(RET, 5), I(LD_B, 0), I(TAX, 0), I(RET_A, 0)};
    static const insn never[] = {I(LD_B, 1), J(JEQ, 1, 0, 1), I(LD_W, 0x7fffffff), I(RET, 0)};
    static const insn maybe[] = {I(LD_B, 1), J(JEQ, 2, 0, 0xb0), I(LD_W, 0xffffff), I(RET, 1),
                                 I(RET, 2)};
    try_lengths(early, COUNT(early), packet, sizeof(packet));
    try_lengths(later, COUNT(later), packet, sizeof(packet));
    try_lengths(meet, COUNT(meet), packet, sizeof(packet));
    try_lengths(x_meet, COUNT(x_meet), packet, sizeof(packet));
    try_lengths(dead, COUNT(dead), packet, 3);
    try_lengths(never, COUNT(never), packet, 9);
    try_lengths(maybe, COUNT(maybe), packet, 9);
}
END_TEST

/* libpcap jumps back for `protochain`.  That it ends is not proven, so the budget has to end it. */
START_TEST(loops)
{
    static const uint8_t packet[] = {1, 2, 3, 4, 9, 5};
    static const insn search[] = {I(LDX, 0), I(LDI_B, 0), J(JEQ, 4, 0, 9), I(TXA, 0), I(ADD, 1),
                                  I(TAX, 0), I(JA, -6u), I(TXA, 0), I(RET_A, 0)};
    static const insn back[] = {I(JA, 3), I(STX, 2), I(LD_M, 2), I(RET_A, 0), I(MSH, 2),
                                I(LDI_B, 1), J(JEQ, 1, 0, 2), I(JA, -7u), I(RET, 7)};
    static const insn endless[] = {I(LD, 1), J(JEQ, 0, 1, 1), I(JA, -2u), I(RET, 0)};
    struct ebpf_program *program;
    struct ebpf_vm *vm;
    struct ebpf_result result;
    const struct ebpf_vm_options verified = {.size = sizeof(verified), .kind = EBPF_VM_RAW,
                                             .policy = EBPF_POLICY_VERIFIED};
    const struct ebpf_vm_options checked = {.size = sizeof(checked), .kind = EBPF_VM_RAW,
                                            .budget = 1000};
    try_lengths(search, COUNT(search), packet, sizeof(packet));
    try_lengths(back, COUNT(back), packet, sizeof(packet));
    ck_assert_int_eq(ebpf_cbpf_convert(endless, COUNT(endless), NULL, NULL, &program), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_new(&verified, NULL, &vm), EBPF_OK);
    ck_assert_int_ne(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    ebpf_vm_free(vm);
    ck_assert_int_eq(ebpf_vm_new(&checked, NULL, &vm), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_run(vm, NULL, &result), EBPF_ERR_BUDGET);
    ebpf_vm_free(vm);
    ebpf_program_unref(program);
}
END_TEST

/* The longest filters: far jumps, and many that lead to `return 0`. */
START_TEST(longest)
{
    static insn filter[EBPF_CBPF_MAX];
    uint8_t packet[64];
    fill(packet, sizeof(packet));
    packet[0] = 0;
    for (uint32_t i = 0; i < EBPF_CBPF_MAX; i++)
        filter[i] = (insn)I(i % 2 ? LDI_B : MSH, i % 2 ? 40000 + i : 3);
    filter[0] = (insn)I(LD_B, 0);
    filter[1] = (insn)J(JEQ, 0, 1, 0);
    filter[2] = (insn)I(JA, EBPF_CBPF_MAX - 5);
    filter[EBPF_CBPF_MAX - 2] = (insn)I(ADD, 7);
    filter[EBPF_CBPF_MAX - 1] = (insn)I(RET_A, 0);
    for (int near = 0; near < 2; near++) {
        struct ebpf_program *program, *again;
        ck_assert_int_eq(ebpf_cbpf_convert(filter, EBPF_CBPF_MAX, NULL, NULL, &program), EBPF_OK);
        size_t size = ebpf_program_size(program);
        uint8_t *bytes = malloc(size);
        ck_assert_ptr_nonnull(bytes);
        ck_assert_int_eq(ebpf_program_encode(program, bytes, size), EBPF_OK);
        ck_assert_int_eq(ebpf_program_decode(bytes, size, NULL, NULL, NULL, &again), EBPF_OK);
        struct machines m = {.count = 0};
        ck_assert_int_eq(machines_make(&m, again, NULL), EBPF_OK);
        compare(&m, filter, packet, sizeof(packet));
        packet[0] = 1;
        compare(&m, filter, packet, sizeof(packet));
        machines_free(&m);
        free(bytes);
        ebpf_program_unref(program);
        ebpf_program_unref(again);
        for (uint32_t i = 3; i < EBPF_CBPF_MAX - 2; i++)
            filter[i].k = i % 2 ? i % 8 : 3;
    }
}
END_TEST

START_TEST(wire_length)
{
    static const insn filter[] = {I(LD_LEN, 0), I(TAX, 0), I(LD_B, 1), I(LSH, 16), I(ADD | X, 0),
                                  I(LDX_LEN, 0), I(LDX, 1), I(ST, 0), I(LDI_B, 1), I(LDX_M, 0),
                                  I(ADD | X, 0), I(RET_A, 0)};
    uint8_t packet[] = {0, 0, 0, 0, 0xaa, 0xbb, 0xcc};
    uint32_t wire = 0x1234;
    ck_assert_int_eq(ebpf_cbpf_reads_length(filter, COUNT(filter)), 1);
    ck_assert_int_eq(ebpf_cbpf_reads_length(filter + 1, 4), 0);
    memcpy(packet, &wire, sizeof(wire));
    struct machines m = machines_of(filter, COUNT(filter), 1);
    for (size_t size = EBPF_CBPF_HEAD; size <= sizeof(packet); size++) {
        const struct reference_packet p = {packet + EBPF_CBPF_HEAD, size - EBPF_CBPF_HEAD, wire};
        ck_assert_uint_eq(machines_differ(&m, packet, size, reference_run(filter, &p)), 0);
    }
    ck_assert_uint_eq(machines_differ(&m, packet, 3, 0), 0);
    machines_free(&m);
    try_lengths(filter, COUNT(filter), packet, sizeof(packet)); /* what was captured */
}
END_TEST

/* What stands at negative offsets, as far as a packet tells. */
START_TEST(ancillary)
{
    static const insn xored[] = {I(LD_B, 0), I(TAX, 0), I(LD_B, 1), I(LD_W, 0xfffff000 + 40),
                                 I(RET_A, 0)};
    static const insn plain[] = {I(LD_B, 0), I(TAX, 0), I(LD_B, 1), I(XOR | X, 0), I(RET_A, 0)};
    static const insn link[] = {I(LDX, 1), I(LDI_B, 0xffe00000), I(TAX, 0),
                                I(LD_B, 0xffe00003), I(ADD | X, 0), I(RET_A, 0)};
    static const insn same[] = {I(LDX, 1), I(LDI_B, 0), I(TAX, 0), I(LD_B, 3), I(ADD | X, 0),
                                I(RET_A, 0)};
    uint8_t packet[6];
    fill(packet, sizeof(packet));
    struct machines m = machines_of(xored, COUNT(xored), 0);
    struct machines n = machines_of(link, COUNT(link), 0);
    for (size_t size = 0; size <= sizeof(packet); size++) {
        compare(&m, plain, packet, size);
        compare(&n, same, packet, size);
    }
    machines_free(&m);
    machines_free(&n);
}
END_TEST

/* Offsets that count back from X, as in the kernel; from nothing, they are outside. */
START_TEST(back)
{
    static const uint16_t codes[] = {LDI_B, LDI_H, LDI_W};
    static const uint32_t xs[] = {0, 1, 2, 3, 4, 5, 9, 4095, 4096, 4097, 4100, 0x7fffffff,
                                  0x80000000, 0xffffffff};
    static const uint32_t ks[] = {0xffffffff, 0xfffffffe, 0xfffffffd, 0xfffffffc, 0xfffff001,
                                  0xfffff000};
    static const insn nothing[] = {I(LD, 7), I(MSH, 0xffffffff), I(RET_A, 0)};
    uint8_t packet[12];
    fill(packet, sizeof(packet));
    for (size_t i = 0; i < COUNT(codes) * COUNT(xs) * COUNT(ks); i++) {
        insn load = I(codes[i % 3], ks[i / 3 % COUNT(ks)]);
        insn filter[] = {I(LDX, xs[i / 3 / COUNT(ks)]), I(LDI_B, 1), load, I(ST, 0), I(LDI_B, 0),
                         I(LDX_M, 0), I(ADD | X, 0), I(RET_A, 0)};
        try_lengths(filter + 2, COUNT(filter) - 2, packet, sizeof(packet)); /* X is 0 */
        try_lengths(filter, COUNT(filter), packet, sizeof(packet));
        filter[1] = (insn)I(LD, 0);
        try_lengths(filter, COUNT(filter), packet, sizeof(packet));
    }
    try_lengths(nothing, COUNT(nothing), packet, sizeof(packet));
}
END_TEST

static uint32_t below(uint64_t *seed, uint32_t limit)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % limit;
}

/* An instruction that is valid where `left` others follow. */
static insn random_insn(uint64_t *seed, uint32_t left)
{
    static const uint16_t codes[] = {
        LD_W, LD_H, LD_B, LDI_W, LDI_H, LDI_B, MSH, LD, LDX, LD_LEN, LDX_LEN, LD_M, LDX_M, ST, STX,
        JA, RET, RET_A, TAX, TXA, ADD, 0x14, 0x24, DIV, 0x44, 0x54, LSH, RSH, NEG, MOD, XOR,
        ADD | X, 0x1c, 0x2c, DIV | X, 0x4c, 0x5c, LSH | X, RSH | X, MOD | X, XOR | X, JEQ, JGT, JGE,
        JSET, JEQ | X, JGT | X, JGE | X, JSET | X, LD_B, LD_H, MSH, JEQ, JGT, LDI_B, LDI_H};
    insn i = {codes[below(seed, COUNT(codes))], 0, 0, below(seed, 80)};
    bool leads = (i.code & 7) == 5;
    if (below(seed, 8) == 0)
        i.k = edges[below(seed, COUNT(edges))] & 0x7fffffff;
    if ((i.code == LDI_W || i.code == LDI_H || i.code == LDI_B) && below(seed, 6) == 0)
        i.k = 0 - 1 - i.k % 4096;
    if (i.code == LD_M || i.code == LDX_M || i.code == ST || i.code == STX)
        i.k %= EBPF_CBPF_WORDS;
    if (i.code == LSH || i.code == RSH)
        i.k %= 32;
    if (i.code == DIV || i.code == MOD)
        i.k |= 1;
    if (left == 0) {
        i.code = below(seed, 4) ? RET_A : RET;
    } else if (i.code == JA) {
        i.k = below(seed, left);
    } else if (leads) {
        i.jt = (uint8_t)below(seed, left);
        i.jf = (uint8_t)below(seed, left);
    }
    return i;
}

START_TEST(random_filters)
{
    enum { FILTERS = 3000, LONGEST = 24, PACKETS = 12 };
    uint64_t seed = 1;
    uint8_t packet[64];
    for (int round = 0; round < FILTERS; round++) {
        insn filter[LONGEST];
        uint32_t count = 1 + below(&seed, LONGEST);
        for (uint32_t i = 0; i < count; i++)
            filter[i] = random_insn(&seed, count - i - 1);
        struct machines m = machines_of(filter, count, 0);
        for (int i = 0; i < PACKETS; i++) {
            for (size_t b = 0; b < sizeof(packet); b++)
                packet[b] = (uint8_t)below(&seed, below(&seed, 3) ? 256 : 4);
            compare(&m, filter, packet, below(&seed, 2) ? sizeof(packet) : below(&seed, 64));
        }
        machines_free(&m);
    }
}
END_TEST

struct refusal {
    ebpf_status status;
    uint32_t pc;
    const char *text; /* in the message */
    insn insns[3];
    uint32_t count;
};

START_TEST(refusals)
{
    static const struct refusal rows[] = {
        {EBPF_ERR_EMPTY, EBPF_PC_NONE, "empty", {I(0, 0)}, 0},
        {EBPF_ERR_OPCODE, 0, "0x08 is no instruction", {I(0x08, 0), I(RET, 0)}, 2},
        {EBPF_ERR_OPCODE, 1, "0x120", {I(LD, 0), I(0x120, 0), I(RET, 0)}, 3},
        {EBPF_ERR_OPCODE, 0, "0x0e", {I(0x0e, 0)}, 1},
        {EBPF_ERR_OPCODE, 0, "0x18", {I(0x18, 0), I(RET, 0)}, 2},
        {EBPF_ERR_TARGET, 0, "k of 1", {I(JA, 1), I(RET, 0)}, 2},
        {EBPF_ERR_TARGET, 0, "k of -2", {I(JA, 0xfffffffe), I(RET, 0)}, 2},
        {EBPF_ERR_TARGET, 1, "from instruction 1 to -2", {I(TAX, 0), I(JA, -4u), I(RET, 0)}, 3},
        {EBPF_ERR_SELF_LOOP, 0, "to itself", {I(JA, 0xffffffff), I(RET, 0)}, 2},
        {EBPF_ERR_TARGET, 1, "jt of 1", {I(LD, 0), J(JEQ, 1, 0, 0), I(RET, 0)}, 3},
        {EBPF_ERR_TARGET, 1, "jf of 255", {I(LD, 0), J(JSET | X, 0, 255, 0), I(RET, 0)}, 3},
        {EBPF_ERR_RANGE, 0, "no M[16]", {I(ST, 16), I(RET, 0)}, 2},
        {EBPF_ERR_RANGE, 0, "no M[16]", {I(STX, 16), I(RET, 0)}, 2},
        {EBPF_ERR_RANGE, 0, "no M[4294967295]", {I(LD_M, 0xffffffff), I(RET, 0)}, 2},
        {EBPF_ERR_RANGE, 0, "no M[17]", {I(LDX_M, 17), I(RET, 0)}, 2},
        {EBPF_ERR_DIV_ZERO, 0, "div #k", {I(DIV, 0), I(RET, 0)}, 2},
        {EBPF_ERR_DIV_ZERO, 0, "mod #k", {I(MOD, 0), I(RET, 0)}, 2},
        {EBPF_ERR_SHIFT, 0, "by 32", {I(LSH, 32), I(RET, 0)}, 2},
        {EBPF_ERR_SHIFT, 0, "by 4294967295", {I(RSH, 0xffffffff), I(RET, 0)}, 2},
        {EBPF_ERR_FALL_THROUGH, 1, "ld #k, does not return", {I(RET, 0), I(LD, 0)}, 2},
        {EBPF_ERR_FALL_THROUGH, 0, "tax", {I(TAX, 0)}, 1},
        {EBPF_ERR_UNSUPPORTED, 0, "SKF_NET_OFF", {I(LD_B, 0xfff00000), I(RET, 0)}, 2},
        {EBPF_ERR_UNSUPPORTED, 0, "SKF_NET_OFF", {I(LDI_B, 0xffffefff), I(RET, 0)}, 2},
        {EBPF_ERR_UNSUPPORTED, 0, "what stands there", {I(LD_B, 0xfffff001), I(RET, 0)}, 2},
        {EBPF_ERR_UNSUPPORTED, 0, "what stands there", {I(LD_W, 0xffffffff), I(RET, 0)}, 2},
        {EBPF_ERR_UNSUPPORTED, 0, "SKF_AD_CPU", {I(LD_H, 0xfffff024), I(RET, 0)}, 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        struct ebpf_program *program;
        ebpf_status status =
            ebpf_cbpf_convert(rows[i].insns, rows[i].count, NULL, diag, &program);
        const struct ebpf_diag_entry *entry = ebpf_diag_at(diag, 0);
        ck_assert_ptr_null(program);
        ck_assert_ptr_nonnull(entry);
        ck_assert_msg(status == rows[i].status && entry->status == status, "row %zu: %s", i,
                      entry->message);
        ck_assert_uint_eq(entry->pc, rows[i].pc);
        ck_assert_msg(strstr(entry->message, rows[i].text), "%s", entry->message);
        ck_assert_ptr_nonnull(entry->advice);
        ck_assert_str_eq(entry->file, "<filter>");
        ebpf_diag_free(diag);
    }
}
END_TEST

START_TEST(kernel_only)
{
    static const char *const names[] = {
        "PROTOCOL", "PKTTYPE", "IFINDEX", "NLATTR", "NLATTR_NEST", "MARK", "QUEUE", "HATYPE",
        "RXHASH", "CPU", NULL, "VLAN_TAG", "VLAN_TAG_PRESENT", "PAY_OFFSET", "RANDOM", "VLAN_TPID"};
    for (uint32_t i = 0; i < COUNT(names); i++) {
        const insn filter[] = {I(LD_W, 0xfffff000 + 4 * i), I(RET_A, 0)};
        char name[40];
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        struct ebpf_program *program;
        ebpf_status status = ebpf_cbpf_convert(filter, 2, NULL, diag, &program);
        ck_assert_int_eq(status, names[i] ? EBPF_ERR_UNSUPPORTED : EBPF_OK);
        snprintf(name, sizeof(name), ": SKF_AD_%s is ", names[i] ? names[i] : "");
        if (names[i])
            ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, name));
        ebpf_program_unref(program);
        ebpf_diag_free(diag);
    }
}
END_TEST

/* Every mistake is reported, and how large a filter and its options may be. */
START_TEST(all_mistakes)
{
    static const insn bad[] = {I(DIV, 0), I(ST, 99), I(0xffff, 0), I(JA, 9), I(TAX, 0)};
    static insn many[EBPF_CBPF_MAX + 1];
    struct {
        struct ebpf_cbpf_options known;
        int news;
    } newer = {.known = {.size = sizeof(newer), .file = "f"}, .news = 1};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    ck_assert_int_eq(ebpf_cbpf_convert(bad, COUNT(bad), NULL, diag, &program), EBPF_ERR_DIV_ZERO);
    ck_assert_uint_eq(ebpf_diag_count(diag), COUNT(bad));
    for (uint32_t i = 0; i < COUNT(bad); i++)
        ck_assert_uint_eq(ebpf_diag_at(diag, i)->pc, i);
    ebpf_diag_free(diag);
    for (size_t i = 0; i <= EBPF_CBPF_MAX; i++)
        many[i] = (insn)I(RET, 1);
    ck_assert_int_eq(ebpf_cbpf_convert(many, EBPF_CBPF_MAX + 1, NULL, NULL, &program),
                     EBPF_ERR_TOO_LONG);
    ck_assert_int_eq(ebpf_cbpf_convert(many, EBPF_CBPF_MAX, NULL, NULL, &program), EBPF_OK);
    ebpf_program_unref(program);
    ck_assert_int_eq(ebpf_cbpf_convert(many, 1, &newer.known, NULL, &program), EBPF_ERR_INVALID);
    newer.news = 0;
    ck_assert_int_eq(ebpf_cbpf_convert(many, 1, &newer.known, NULL, &program), EBPF_OK);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    static const insn filter[] = {I(MSH, 0), I(LDI_H, 2), I(DIV | X, 0), J(JEQ, 0, 1, 3),
                                  I(RET, 1), I(RET_A, 0)};
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        const struct ebpf_cbpf_options options = {.size = sizeof(options), .mem = &f.mem};
        struct ebpf_program *program;
        ebpf_status status = ebpf_cbpf_convert(filter, COUNT(filter), &options, NULL, &program);
        failing_mem_check(&f, status);
        ebpf_program_unref(program);
    }
}
END_TEST

/* --- text and bytes ---------------------------------------------------------------------------*/

static struct ebpf_cbpf parsed;

START_TEST(spellings)
{
    static const insn want[] = {I(LD_H, 12), J(JEQ, 0, 1, 2048), I(RET, 65535), I(RET, 0)};
    static const char *const texts[] = {
        "4\n40 0 0 12\n21 0 1 2048\n6 0 0 65535\n6 0 0 0\n",
        "4\r\n40 0 0 12\r\n21 0 1 2048\r\n6 0 0 65535\r\n6 0 0 0",
        "4,40 0 0 12,21 0 1 2048,6 0 0 65535,6 0 0 0",
        " 4 40 0 0 12\t21 0 1 0x800 6 0 0 0xFFFF 0x6 0 0 000 ",
        ("{ 0x28, 0, 0, 0x0000000c },\n{ 0x15, 0, 1, 0x00000800 },\n"
         "{ 0x6, 0, 0, 0x0000ffff },\n{ 0x6, 0, 0, 0x00000000 },\n")};
    for (size_t i = 0; i < COUNT(texts); i++) {
        ck_assert_int_eq(
            ebpf_cbpf_parse(texts[i], strlen(texts[i]), NULL, NULL, &parsed), EBPF_OK);
        ck_assert_uint_eq(parsed.count, COUNT(want));
        ck_assert_mem_eq(parsed.insns, want, sizeof(want));
    }
    ck_assert_int_eq(ebpf_cbpf_parse("0", 1, NULL, NULL, &parsed), EBPF_OK);
    ck_assert_uint_eq(parsed.count, 0);
    ck_assert_int_eq(ebpf_cbpf_decode(want, sizeof(want), NULL, NULL, &parsed), EBPF_OK);
    ck_assert_uint_eq(parsed.count, COUNT(want));
    ck_assert_mem_eq(parsed.insns, want, sizeof(want));
    ck_assert_int_eq(ebpf_cbpf_decode(NULL, 0, NULL, NULL, &parsed), EBPF_OK);
    ck_assert_uint_eq(parsed.count, 0);
}
END_TEST

struct mistake {
    const char *text;
    ebpf_status status;
    uint32_t line, column;
    const char *message;
};

START_TEST(mistakes_in_text)
{
    static const struct mistake rows[] = {
        {"", EBPF_ERR_SYNTAX, 1, 1, "where the number of instructions should be"},
        {"\n \n", EBPF_ERR_SYNTAX, 3, 1, "where the number"},
        {"1\n6 0 0", EBPF_ERR_SYNTAX, 2, 6, "where k should be"},
        {"2\n6 0 0 1\n", EBPF_ERR_SYNTAX, 3, 1, "where the code should be"},
        {"1\n6 0 0 1\n6 0 0 1\n", EBPF_ERR_SYNTAX, 3, 1, "more than the 1 instructions"},
        {"ldh [12]", EBPF_ERR_CHARACTER, 1, 1, "no digit"},
        {"1\n6 0 -1 1", EBPF_ERR_CHARACTER, 2, 5, "no digit"},
        {"1\n6 0 0 12a", EBPF_ERR_CHARACTER, 2, 9, "no digit"},
        {"1\n6 0 0 0x", EBPF_ERR_CHARACTER, 2, 8, "no digit"},
        {"1\n65536 0 0 1", EBPF_ERR_RANGE, 2, 1, "the code is at most 65535"},
        {"1\n6 256 0 1", EBPF_ERR_RANGE, 2, 3, "jt is at most 255"},
        {"1\n6 0 999 1", EBPF_ERR_RANGE, 2, 5, "jf is at most 255"},
        {"1\n6 0 0 4294967296", EBPF_ERR_RANGE, 2, 7, "k is at most 4294967295"},
        {"1\n6 0 0 99999999999999999999999999", EBPF_ERR_RANGE, 2, 7, "k is at most"},
        {"4097\n", EBPF_ERR_TOO_LONG, 1, 1, "at most 4096"},
        {"{ 6, 0, 0 }", EBPF_ERR_SYNTAX, 1, 12, "where k should be"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct ebpf_cbpf_options options = {.size = sizeof(options), .file = "f.ddd"};
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        ebpf_status status =
            ebpf_cbpf_parse(rows[i].text, strlen(rows[i].text), &options, diag, &parsed);
        ck_assert_uint_eq(parsed.count, 0);
        ck_assert_uint_eq(ebpf_diag_count(diag), 1);
        const struct ebpf_diag_entry *entry = ebpf_diag_at(diag, 0);
        ck_assert_msg(status == rows[i].status && entry->status == status, "row %zu: %s", i,
                      entry->message);
        ck_assert_msg(strstr(entry->message, rows[i].message), "row %zu: %s", i, entry->message);
        ck_assert_msg(entry->line == rows[i].line && entry->column == rows[i].column,
                      "row %zu: %u:%u", i, entry->line, entry->column);
        ck_assert_str_eq(entry->file, "f.ddd");
        ebpf_diag_free(diag);
    }
}
END_TEST

START_TEST(too_much_of_it)
{
    static char text[(EBPF_CBPF_MAX + 1) * 12 + 1];
    static uint8_t bytes[(EBPF_CBPF_MAX + 1) * 8];
    const struct ebpf_cbpf_options bad = {.size = 1};
    for (size_t i = 0; i <= EBPF_CBPF_MAX; i++)
        memcpy(text + i * 12, "{6, 0, 0, 1}", 12);
    ck_assert_int_eq(ebpf_cbpf_parse(text, EBPF_CBPF_MAX * 12, NULL, NULL, &parsed), EBPF_OK);
    ck_assert_uint_eq(parsed.count, EBPF_CBPF_MAX);
    ck_assert_int_eq(ebpf_cbpf_parse(text, sizeof(text) - 1, NULL, NULL, &parsed),
                     EBPF_ERR_TOO_LONG);
    ck_assert_int_eq(ebpf_cbpf_decode(bytes, sizeof(bytes) - 8, NULL, NULL, &parsed), EBPF_OK);
    ck_assert_int_eq(ebpf_cbpf_decode(bytes, sizeof(bytes), NULL, NULL, &parsed),
                     EBPF_ERR_TOO_LONG);
    ck_assert_int_eq(ebpf_cbpf_decode(bytes, 9, NULL, NULL, &parsed), EBPF_ERR_LENGTH);
    ck_assert_uint_eq(parsed.count, 0);
    ck_assert_int_eq(ebpf_cbpf_decode(bytes, 8, &bad, NULL, &parsed), EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_cbpf_parse(text, 12, &bad, NULL, &parsed), EBPF_ERR_INVALID);
}
END_TEST

static TCase *meaning(void)
{
    TCase *tcase = tcase_create("meaning");
    tcase_add_test(tcase, arithmetic);
    tcase_add_test(tcase, jumps);
    tcase_add_test(tcase, loads);
    tcase_add_test(tcase, far_loads);
    tcase_add_test(tcase, memory);
    tcase_add_test(tcase, paths);
    tcase_add_test(tcase, loops);
    tcase_add_test(tcase, longest);
    tcase_add_test(tcase, wire_length);
    tcase_add_test(tcase, ancillary);
    tcase_add_test(tcase, back);
    tcase_add_test(tcase, random_filters);
    return tcase;
}

static TCase *errors(void)
{
    TCase *tcase = tcase_create("errors");
    tcase_add_test(tcase, refusals);
    tcase_add_test(tcase, kernel_only);
    tcase_add_test(tcase, all_mistakes);
    tcase_add_test(tcase, every_allocation_may_fail);
    return tcase;
}

static TCase *reading(void)
{
    TCase *tcase = tcase_create("reading");
    tcase_add_test(tcase, spellings);
    tcase_add_test(tcase, mistakes_in_text);
    tcase_add_test(tcase, too_much_of_it);
    return tcase;
}

RUN_SUITE("cbpf", meaning, errors, reading)
