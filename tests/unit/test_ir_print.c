/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdio.h>

#include "tests/unit/failing_mem.h"
#include "tests/unit/ir_unit.h"

#define MNEMONIC {.size = sizeof(struct ebpf_print_options), .dialect = EBPF_DIALECT_MNEMONIC}
#define PSEUDOC {.size = sizeof(struct ebpf_print_options), .dialect = EBPF_DIALECT_PSEUDOC}

static const struct {
    const char *hex, *mnemonic, *pseudoc;
} spellings[] = {
    /* arithmetic */
    {"0701000005000000", "add64 r1, 0x5", "r1 += 5"},
    {"07010000feffffff", "add64 r1, 0xfffffffe", "r1 += -2"},
    {"0c21000000000000", "add32 r1, r2", "w1 += w2"},
    {"b700000000000000", "mov64 r0, 0x0", "r0 = 0"},
    {"b4000000ffffffff", "mov32 r0, 0xffffffff", "w0 = -1"},
    {"bf21000000000000", "mov64 r1, r2", "r1 = r2"},
    {"b70f000000000080", "mov64 r15, 0x80000000", "r15 = -2147483648"},
    {"8701000000000000", "neg64 r1", "r1 = -r1"},
    {"8401000000000000", "neg32 r1", "w1 = -w1"},
    {"3712010002000000", ".8byte 0x0000000200011237 ; reserved field is set",
     ".8byte 0x0000000200011237 ; reserved field is set"},
    {"3702010002000000", "sdiv64 r2, 0x2", "r2 s/= 2"},
    {"9c21010000000000", "smod32 r1, r2", "w1 s%= w2"},
    {"c701000003000000", "arsh64 r1, 0x3", "r1 s>>= 3"},
    {"6f21000000000000", "lsh64 r1, r2", "r1 <<= r2"},
    {"bf21080000000000", "movsx864 r1, r2", "r1 = (s8)r2"},
    {"bf21200000000000", "movsx3264 r1, r2", "r1 = (s32)r2"},
    {"bc21100000000000", "movsx1632 r1, r2", "w1 = (s16)w2"},
    {"dc03000010000000", "be16 r3", "r3 = be16 r3"},
    {"d403000040000000", "le64 r3", "r3 = le64 r3"},
    {"d703000020000000", "bswap32 r3", "r3 = bswap32 r3"},
    /* jumps and calls */
    {"0500080000000000", "ja +0x8", "goto +8"},
    {"0500fdff00000000", "ja -0x3", "goto -3"},
    {"0500008000000000", "ja -0x8000", "goto -32768"},
    {"06000000fdffffff", "ja32 -0x3", "gotol -3"},
    {"0600000000000080", "ja32 -0x80000000", "gotol -2147483648"},
    {"1501080004000000", "jeq r1, 0x4, +0x8", "if r1 == 4 goto +8"},
    {"1e21fdff00000000", "jeq32 r1, r2, -0x3", "if w1 == w2 goto -3"},
    {"65010300fbffffff", "jsgt r1, 0xfffffffb, +0x3", "if r1 s> -5 goto +3"},
    {"4501030005000000", "jset r1, 0x5, +0x3", "if r1 & 5 goto +3"},
    {"e500030000000000", "may_goto +0x3", "may_goto +3"},
    {"8500000006000000", "call 0x6", "call 6"},
    {"85000000ffffffff", "call 0xffffffff", "call -1"},
    {"8510000005000000", "callx 0x5", "call pc+5"},
    {"85100000ffffffff", "callx 0xffffffff", "call pc-1"},
    {"8520000005000000", "call runtime 0x5", "call runtime 5"},
    {"8d02000000000000", "callx r2", "callx r2"},
    {"8d00000000000000", "tail_call", "callx r0"},
    {"9500000000000000", "exit", "exit"},
    /* memory */
    {"7121040000000000", "ldxb r1, [r2+0x4]", "r1 = *(u8 *)(r2 + 4)"},
    {"7921000000000000", "ldxdw r1, [r2+0x0]", "r1 = *(u64 *)(r2 + 0)"},
    {"6101008000000000", "ldxw r1, [r0-0x8000]", "r1 = *(u32 *)(r0 - 32768)"},
    {"8921040000000000", "ldxsh r1, [r2+0x4]", "r1 = *(s16 *)(r2 + 4)"},
    {"620afcff07000000", "stw [r10-0x4], 0x7", "*(u32 *)(r10 - 4) = 7"},
    {"6b31020000000000", "stxh [r1+0x2], r3", "*(u16 *)(r1 + 2) = r3"},
    {"2800000004000000", "ldabsh 0x4", "r0 = *(u16 *)skb[4]"},
    {"30000000fcffffff", "ldabsb 0xfffffffc", "r0 = *(u8 *)skb[-4]"},
    {"4810000004000000", "ldindh r1, 0x4", "r0 = *(u16 *)skb[r1 + 4]"},
    {"58100000fcffffff", "ldinddw r1, 0xfffffffc", "r0 = *(u64 *)skb[r1 - 4]"},
    /* atomics */
    {"db21000000000000", "stxxadddw [r1+0x0], r2", "lock *(u64 *)(r1 + 0) += r2"},
    {"c312020000000000", "stxxaddw [r2+0x2], r1", "lock *(u32 *)(r2 + 2) += w1"},
    {"db210000a0000000", "lock xor [r1+0x0], r2", "lock *(u64 *)(r1 + 0) ^= r2"},
    {"db01000001000000", "lock fetch_add [r1+0x0], r0",
     "r0 = atomic_fetch_add((u64 *)(r1 + 0), r0)"},
    {"c321000001000000", "lock fetch_add32 [r1+0x0], r2",
     "w2 = atomic_fetch_add((u32 *)(r1 + 0), w2)"},
    {"db1af8ffe1000000", "lock xchg [r10-0x8], r1", "r1 = xchg_64(r10 - 8, r1)"},
    {"c31a0000e1000000", "lock xchg32 [r10+0x0], r1", "w1 = xchg32_32(r10 + 0, w1)"},
    {"db1af8fff1000000", "lock cmpxchg [r10-0x8], r1", "r0 = cmpxchg_64(r10 - 8, r0, r1)"},
    {"c31a0000f1000000", "lock cmpxchg32 [r10+0x0], r1",
     "w0 = cmpxchg32_32(r10 + 0, w0, w1)"},
    {"db10000000010000", "ldacqdw r0, [r1+0x0]", "r0 = load_acquire((u64 *)(r1 + 0))"},
    {"d310000000010000", "ldacqb r0, [r1+0x0]", "w0 = load_acquire((u8 *)(r1 + 0))"},
    {"db21000010010000", "streldw [r1+0x0], r2", "store_release((u64 *)(r1 + 0), r2)"},
    {"c321000010010000", "strelw [r1+0x0], r2", "store_release((u32 *)(r1 + 0), w2)"},
    /* 64-bit immediates */
    {"18010000887766550000000044332211", "lddw r1, 0x1122334455667788",
     "r1 = 1234605616436508552 ll"},
    {"18010000ffffffff00000000ffffffff", "lddw r1, 0xffffffffffffffff", "r1 = -1 ll"},
    {"18010000000000000000000000000080", "lddw r1, 0x8000000000000000",
     "r1 = -9223372036854775808 ll"},
    {"18110000010000000000000000000000", "lddw r1, map_by_fd(0x1)", "r1 = map_by_fd(1) ll"},
    {"18210000010000000000000004000000", "lddw r1, map_val(map_by_fd(0x1)) + 0x4",
     "r1 = map_val(map_by_fd(1)) + 4 ll"},
    {"18310000010000000000000000000000", "lddw r1, var_addr(0x1)", "r1 = var_addr(1) ll"},
    {"18410000050000000000000000000000", "lddw r1, code_addr(+0x5)", "r1 = code_addr(+5) ll"},
    {"18510000010000000000000000000000", "lddw r1, map_by_idx(0x1)", "r1 = map_by_idx(1) ll"},
    {"186100000100000000000000fcffffff", "lddw r1, map_val(map_by_idx(0x1)) + 0xfffffffc",
     "r1 = map_val(map_by_idx(1)) + 4294967292 ll"},
    /* what is no instruction, or would lose bytes */
    {"0000000000000000", ".8byte 0x0000000000000000 ; not an instruction",
     ".8byte 0x0000000000000000 ; not an instruction"},
    {"ffffffffffffffff", ".8byte 0xffffffffffffffff ; not an instruction",
     ".8byte 0xffffffffffffffff ; not an instruction"},
    {"d401000007000000", ".8byte 0x00000007000001d4 ; not an instruction",
     ".8byte 0x00000007000001d4 ; not an instruction"},
    {"1801000001000000", ".8byte 0x0000000100000118 ; not an instruction",
     ".8byte 0x0000000100000118 ; not an instruction"},
    {"18110000010000000000000002000000",
     ".8byte 0x0000000100001118 ; reserved field is set\n.8byte 0x0000000200000000",
     ".8byte 0x0000000100001118 ; reserved field is set\n.8byte 0x0000000200000000"},
    {"8d00000001000000", ".8byte 0x000000010000008d ; reserved field is set",
     ".8byte 0x000000010000008d ; reserved field is set"},
    {"9501000000000000", ".8byte 0x0000000000000195 ; reserved field is set",
     ".8byte 0x0000000000000195 ; reserved field is set"},
};

START_TEST(instructions_are_spelt)
{
    struct ebpf_print_options mnemonic = MNEMONIC, pseudoc = PSEUDOC;
    char line[200];
    snprintf(line, sizeof(line), "%s\n", spellings[_i].mnemonic);
    check_text(spellings[_i].hex, &mnemonic, line);
    snprintf(line, sizeof(line), "%s\n", spellings[_i].pseudoc);
    check_text(spellings[_i].hex, &pseudoc, line);

    struct ebpf_program *program = program_of_hex(spellings[_i].hex);
    struct ebpf_text text = {0};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_insn_print(program, 0, EBPF_DIALECT_MNEMONIC, &stream), EBPF_OK);
    ck_assert_str_eq(text.data, spellings[_i].mnemonic);
    ebpf_text_free(&text);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(arguments_are_checked)
{
    struct ebpf_program *program = program_of_hex("9500000000000000");
    struct ebpf_text text = {0};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_insn_print(program, 1, EBPF_DIALECT_MNEMONIC, &stream),
                     EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_insn_print(program, 0, (enum ebpf_dialect)7, &stream),
                     EBPF_ERR_INVALID);
    struct ebpf_print_options options = {.size = sizeof(options), .dialect = (enum ebpf_dialect)7};
    ck_assert_int_eq(ebpf_program_print(program, &options, &stream), EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_program_print(program, NULL, &stream), EBPF_OK);
    ck_assert_str_eq(text.data, "exit\n");
    ebpf_text_free(&text);
    ebpf_program_unref(program);
}
END_TEST

/* loop: r1 += -1; if r1 != 0 goto loop; call 4; goto 9 (nowhere); exit; 4: r0 = 5 ll; exit */
#define LABELLED                                                                                   \
    "07010000ffffffff 5501feff00000000 8510000002000000 0500090000000000 9500000000000000 "        \
    "18000000050000000000000000000000 9500000000000000"

START_TEST(targets_get_labels)
{
    struct ebpf_print_options mnemonic = MNEMONIC, pseudoc = PSEUDOC;
    mnemonic.labels = pseudoc.labels = 1;
    check_text(LABELLED, &mnemonic,
               ".func func_0\n    add64 r1, 0xffffffff\n    jne r1, 0x0, func_0\n    callx func_5\n"
               "    ja +0x9\n    exit\n.func func_5\n    lddw r0, 0x5\n    exit\n");
    check_text(LABELLED, &pseudoc,
               ".func func_0\n    r1 += -1\n    if r1 != 0 goto func_0\n    call func_5\n"
               "    goto +9\n    exit\n.func func_5\n    r0 = 5 ll\n    exit\n");
}
END_TEST

START_TEST(columns_are_tidy)
{
    struct ebpf_print_options options = MNEMONIC;
    options.pcs = options.bytes = 1;
    check_text("18000000050000000000000000000000 18110000010000000000000002000000 "
               "9500000000000000",
               &options,
               "   0:  18 00 00 00 05 00 00 00   lddw r0, 0x5\n"
               "   1:  00 00 00 00 00 00 00 00\n"
               "   2:  18 11 00 00 01 00 00 00   .8byte 0x0000000100001118 ; reserved field "
               "is set\n"
               "   3:  00 00 00 00 02 00 00 00   .8byte 0x0000000200000000\n"
               "   4:  95 00 00 00 00 00 00 00   exit\n");
    options.bytes = 0;
    options.labels = 1;
    check_text("0500ffff00000000", &options, ".func func_0\n   0:  ja func_0\n");
}
END_TEST

START_TEST(json_has_all_fields)
{
    struct ebpf_print_options options = PSEUDOC;
    options.json = 1;
    check_text("", &options, "[]\n");
    check_text("0500ffff00000000 180a000001000000000000000100000a 0600000000000000", &options,
               "[{\"pc\": 0, \"op\": \"JA\", \"mnemonic\": \"ja\", \"text\": \"goto -1\", "
               "\"bytes\": \"0500ffff00000000\", \"dst\": 0, \"src\": 0, \"off\": -1, \"imm\": 0, "
               "\"target_pc\": 0},\n"
               " {\"pc\": 1, \"op\": \"LDDW\", \"mnemonic\": \"lddw\", "
               "\"text\": \"r10 = 720575944674246657 ll\", "
               "\"bytes\": \"180a000001000000000000000100000a\", \"dst\": 10, \"src\": 0, "
               "\"off\": 0, \"imm\": 720575944674246657},\n"
               " {\"pc\": 3, \"op\": \"JA32\", \"mnemonic\": \"ja32\", \"text\": \"gotol +0\", "
               "\"bytes\": \"0600000000000000\", \"dst\": 0, \"src\": 0, \"off\": 0, "
               "\"imm\": 0}]\n");
    options.labels = 1;
    check_text("0500ffff00000000", &options,
               "[{\"pc\": 0, \"function\": \"func_0\", \"op\": \"JA\", \"mnemonic\": \"ja\", "
               "\"text\": \"goto func_0\", \"bytes\": \"0500ffff00000000\", \"dst\": 0, "
               "\"src\": 0, \"off\": -1, \"imm\": 0, \"target_pc\": 0}]\n");
    options.labels = 0;
    check_text("18110000010000000000000002000000", &options,
               "[{\"pc\": 0, \"op\": \"LDDW_MAP_FD\", \"mnemonic\": \"lddw\", \"text\": \".8byte "
               "0x0000000100001118 ; reserved field is set\\n.8byte 0x0000000200000000\", "
               "\"bytes\": \"18110000010000000000000002000000\", \"dst\": 1, \"src\": 1, "
               "\"off\": 0, \"imm\": 8589934593}]\n");
}
END_TEST

static TCase *text(void)
{
    TCase *tc = tcase_create("text");
    tcase_add_loop_test(tc, instructions_are_spelt, 0,
                        (int)(sizeof(spellings) / sizeof(spellings[0])));
    tcase_add_test(tc, arguments_are_checked);
    tcase_add_test(tc, targets_get_labels);
    tcase_add_test(tc, columns_are_tidy);
    tcase_add_test(tc, json_has_all_fields);
    return tc;
}

/* A program of gotos to each other with symbols, in order of address. */
static struct ebpf_program *with_names(const struct ebpf_symbol *symbols, size_t count,
                                       const struct ebpf_mem *mem)
{
    struct ebpf_program *program = ebpf_program_new(mem);
    bool ok = program != NULL;
    for (uint32_t i = 0; ok && i < 4; i++) {
        struct ebpf_insn *insn = ebpf_program_push(program);
        ok = insn != NULL;
        if (ok) {
            ebpf_insn_init(insn, i == 2 ? EBPF_OP_CALL_LOCAL : EBPF_OP_JA);
            insn->target = 3 - i;
        }
    }
    for (size_t i = 0; ok && i < count; i++)
        ok = ebpf_program_add_symbol(program, symbols[i].name, strlen(symbols[i].name),
                                     symbols[i].insn);
    if (ok && ebpf_program_finish(program, NULL) == EBPF_OK)
        return program;
    ebpf_program_unref(program);
    return NULL;
}

static const struct {
    struct ebpf_symbol symbols[3];
    size_t count;
    const char *expected;
} namings[] = {
    {{{"", 0}}, 0,
     ".func func_0\n    goto L3\n.func func_1\n    goto L2\nL2:\n    call func_1\n"
     "L3:\n    goto func_0\n"},
    {{{"main", 0}, {"again", 0}, {"last", 4}}, 3,
     ".func main\nagain:\n    goto L3\n.func func_1\n    goto L2\nL2:\n    call func_1\n"
     "L3:\n    goto main\nlast:\n"},
    /* names that generated ones would clash with */
    {{{"func_3", 0}, {"L3", 2}}, 2,
     ".func func_3\n    goto L_3\n.func func__1\n    goto L3\nL3:\n    call func__1\n"
     "L_3:\n    goto func_3\n"},
    /* a name twice: the first has it */
    {{{"x", 0}, {"x", 2}}, 2,
     ".func x\n    goto L3\n.func func_1\n    goto L2\nL2:\n    call func_1\nL3:\n    goto x\n"},
    /* names that no text can hold, and registers */
    {{{"a b", 0}, {"r7", 1}, {"7up", 2}}, 3,
     ".func func_0\n    goto L3\n.func func_1\n    goto L2\nL2:\n    call func_1\n"
     "L3:\n    goto func_0\n"},
    {{{"r7a", 1}, {"_", 2}, {"a.b", 3}}, 3,
     ".func func_0\n    goto a.b\n.func r7a\n    goto _\n_:\n    call r7a\n"
     "a.b:\n    goto func_0\n"},
};

START_TEST(names_of_the_program_are_used)
{
    struct ebpf_print_options options = PSEUDOC;
    options.labels = 1;
    struct ebpf_program *program = with_names(namings[_i].symbols, namings[_i].count, NULL);
    struct ebpf_text text = text_of(program, &options);
    ck_assert_str_eq(text.data, namings[_i].expected);
    ebpf_text_free(&text);
    ebpf_program_unref(program);
}
END_TEST

/* All spellings of generated names are taken: clashing symbols give way. */
START_TEST(names_that_clash_give_way)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    ebpf_insn_init(ebpf_program_push(program), EBPF_OP_JA);
    ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
    ((struct ebpf_insn *)program->insns.data)->target = 1;
    char name[32] = "L";
    for (size_t i = 1; i < 12; i++) {
        strcpy(name + i, i == 8 ? "5" : "1");
        ck_assert(ebpf_program_add_symbol(program, name, i + 1, i == 8 ? 1 : 2));
        strcpy(name + i, "_");
    }
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    struct ebpf_print_options options = PSEUDOC;
    options.labels = 1;
    struct ebpf_text text = text_of(program, &options);
    ck_assert_ptr_nonnull(strstr(text.data, "    goto L_______1\nL_______1:\n    exit\nL1:\n"));
    ck_assert_ptr_null(strstr(text.data, "5:"));
    ebpf_text_free(&text);
    ebpf_program_unref(program);
}
END_TEST

static ebpf_status print_labelled(struct failing_mem *f)
{
    struct ebpf_program *program = with_names(namings[1].symbols, namings[1].count, &f->mem);
    if (!program)
        return EBPF_ERR_NOMEM;
    struct ebpf_text text = {.mem = &f->mem};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    struct ebpf_print_options options = PSEUDOC;
    options.labels = 1;
    ebpf_status status = ebpf_program_print(program, &options, &stream);
    if (!status)
        ck_assert_str_eq(text.data, namings[1].expected);
    ebpf_text_free(&text);
    ebpf_program_unref(program);
    return status;
}

START_TEST(memory_may_run_out)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);)
        failing_mem_check(&f, print_labelled(&f));
}
END_TEST

static int refuse(void *ctx, const char *data, size_t length)
{
    (void)ctx, (void)data, (void)length;
    return 1;
}

START_TEST(errors_of_the_stream_are_told)
{
    struct ebpf_program *program = program_of_hex("9500000000000000");
    struct ebpf_stream stream = {.write = refuse};
    ck_assert_int_eq(ebpf_program_print(program, NULL, &stream), EBPF_ERR_IO);
    ck_assert_int_eq(ebpf_program_print_ir(program, &stream), EBPF_ERR_IO);
    ck_assert_int_eq(ebpf_insn_print(program, 0, EBPF_DIALECT_PSEUDOC, &stream), EBPF_ERR_IO);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(ir_shows_everything)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    static const char source[] = "main: ja main\nlddw r1, 7\n";
    ck_assert(ebpf_program_set_source(program, "a \"file\".s", source, sizeof(source) - 1));
    struct ebpf_insn *insn = ebpf_program_push(program);
    ebpf_insn_init(insn, EBPF_OP_JA);
    insn->target = 0;
    insn->loc = ebpf_program_add_loc(program, 1, 7, 7);
    insn = ebpf_program_push(program);
    ebpf_insn_init(insn, EBPF_OP_LDDW);
    insn->dst = 1;
    insn->imm = -1;
    ebpf_program_add_symbol(program, "main", 4, 0);
    ebpf_program_add_symbol(program, "end", 3, 2);
    ebpf_program_add_function(program, "f", 1, 1);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    struct ebpf_text text = {0};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_program_print_ir(program, &stream), EBPF_OK);
    ck_assert_str_eq(
        text.data,
        "program of 2 instructions in 3 slots, 2 functions, source \"a \\\"file\\\".s\"\n"
        "\nfunction \"main\" of 1 instructions\n\"main\":\n"
        "      0  pc 0       JA                dst=0 src=0 off=0 imm=0x0 target=0 at=1:7"
        "  ; goto -1\n"
        "\nfunction \"f\" of 1 instructions\n"
        "      1  pc 1       LDDW              dst=1 src=0 off=0 imm=0xffffffffffffffff"
        "  ; r1 = -1 ll\n"
        "\"end\":\n");
    ebpf_text_free(&text);
    ebpf_program_unref(program);
}
END_TEST

/* Junk prints, whatever the options. */
START_TEST(junk_prints)
{
    uint8_t bytes[8 * 64];
    uint64_t random = 88172645463325252;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (uint8_t)(next_random(&random) >> 40);
        if (round & 1) /* mostly instructions, jumps nearby */
            for (size_t i = 0; i < sizeof(bytes); i += 8)
                memset(bytes + i + 2, (int)(bytes[i + 2] % 32u), 1), bytes[i + 3] = 0;
        struct ebpf_program *program = program_of_bytes(bytes, 64, NULL);
        for (unsigned bits = 0; bits < 32; bits++) {
            struct ebpf_print_options options = {
                .size = sizeof(options), .dialect = (enum ebpf_dialect)(bits & 1),
                .labels = bits & 2, .pcs = bits & 4, .bytes = bits & 8, .json = bits & 16};
            struct ebpf_text text = text_of(program, &options);
            ck_assert_uint_gt(text.length, 64);
            ebpf_text_free(&text);
        }
        ebpf_program_unref(program);
    }
}
END_TEST

static int count_lines(void *ctx, const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++)
        *(size_t *)ctx += data[i] == '\n';
    return 0;
}

/* The longest program, all of it calls of functions of one instruction: no look-up may be slow. */
START_TEST(long_programs_print)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    for (uint32_t i = 0; i < EBPF_PROGRAM_MAX_SLOTS; i++) {
        struct ebpf_insn *insn = ebpf_program_push(program);
        ebpf_insn_init(insn, EBPF_OP_CALL_LOCAL);
        insn->target = EBPF_PROGRAM_MAX_SLOTS - 1 - i;
        if (i % 2) {
            char name[16];
            int length = snprintf(name, sizeof(name), "name%u", i);
            ck_assert(ebpf_program_add_symbol(program, name, (size_t)length, i));
        }
    }
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    size_t lines = 0;
    struct ebpf_stream stream = {.write = count_lines, .ctx = &lines};
    struct ebpf_print_options options = PSEUDOC;
    options.labels = 1;
    ck_assert_int_eq(ebpf_program_print(program, &options, &stream), EBPF_OK);
    ck_assert_uint_eq(lines, 2 * EBPF_PROGRAM_MAX_SLOTS);
    ebpf_program_unref(program);
}
END_TEST

static TCase *whole(void)
{
    TCase *tc = tcase_create("whole programs");
    tcase_add_loop_test(tc, names_of_the_program_are_used, 0,
                        (int)(sizeof(namings) / sizeof(namings[0])));
    tcase_add_test(tc, names_that_clash_give_way);
    tcase_add_test(tc, memory_may_run_out);
    tcase_add_test(tc, errors_of_the_stream_are_told);
    tcase_add_test(tc, ir_shows_everything);
    tcase_add_test(tc, junk_prints);
    tcase_add_test(tc, long_programs_print);
    return tc;
}

RUN_SUITE("ir/print", text, whole)
