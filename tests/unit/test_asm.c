/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the assembler accepts, and what it makes of it. */
#include "ir/op.h"
#include "ir/program.h"
#include "tests/unit/asm_unit.h"

struct spelling {
    const char *text, *hex;
};

#define COUNT(rows) (int)(sizeof(rows) / sizeof((rows)[0]))

static const struct spelling mnemonics[] = {
    {"", ""},
    {"exit", "9500000000000000"},
    {"add r1, 2", "0701000002000000"},
    {"add64 r1, r3", "0f31000000000000"},
    {"add32 r1, -2", "04010000feffffff"},
    {"add %r1, %r3", "0f31000000000000"},
    {"mov r01 , 010", "b70100000a000000"},
    {"mov\tr1,\r\n 2", "b701000002000000"},
    {"mov r1, +5", "b701000005000000"},
    {"mov r1, -0x10", "b7010000f0ffffff"},
    {"mov r15, r11", "bfbf000000000000"},
    {"sdiv r1, r2", "3f21010000000000"},
    {"smod32 r1, 3", "9401010003000000"},
    {"neg r1", "8701000000000000"},
    {"neg32 r1", "8401000000000000"},
    {"movsx832 r1, r2", "bc21080000000000"},
    {"movsx3264 r1, r2", "bf21200000000000"},
    {"be32 r1", "dc01000020000000"},
    {"le16 r1", "d401000010000000"},
    {"swap16 r1", "d701000010000000"},
    {"bswap64 r1", "d701000040000000"},
    {"ldxw r1, [r2+5]", "6121050000000000"},
    {"ldxdw r1, [ r2 - 0x8000 ]", "7921008000000000"},
    {"ldxb r1, [r2]", "7121000000000000"},
    {"ldxsh r1, [r2+1]", "8921010000000000"},
    {"stw [r2+5], 7", "6202050007000000"},
    {"stxdw [%r10-8], %r8", "7b8af8ff00000000"},
    {"ldabsw 1", "2000000001000000"},
    {"ldinddw r1, 2", "5810000002000000"},
    {"lddw r1, 0x1234abcd5678eeff", "18010000ffee7856 00000000cdab3412"},
    {"lddw r1, -1", "18010000ffffffff 00000000ffffffff"},
    {"lddw r1, 18446744073709551615", "18010000ffffffff 00000000ffffffff"},
    {"lddw r1, -9223372036854775808", "1801000000000000 0000000000000080"},
    {"call 300", "850000002c010000"},
    {"call helper 5", "8500000005000000"},
    {"call runtime 5", "8520000005000000"},
    {"call local +3", "8510000003000000"},
    {"callx 4", "8510000004000000"},
    {"callx 0xffffffff", "85100000ffffffff"},
    {"callx r4", "8d04000000000000"},
    {"call %r2", "8d02000000000000"},
    {"call helper %r2", "8d02000000000000"},
    {"tail_call", "8d00000000000000"},
    {"ja +3", "0500030000000000"},
    {"ja -32768", "0500008000000000"},
    {"ja32 -100000", "060000006079feff"},
    {"gotol 100000", "06000000a0860100"},
    {"may_goto +3", "e500030000000000"},
    {"jeq r1, 5, 3", "1501030005000000"},
    {"jsle32 r1, r2, -3", "de21fdff00000000"},
    {"mov r1, 0xffffffff", "b7010000ffffffff"},
    {"mov32 r1, 4294967295", "b4010000ffffffff"},
    {"stxxaddw [r1+2], r3", "c331020000000000"},
    {"lock add [r1+2], r3", "db31020000000000"},
    {"lock add32 [r1+2], r3", "c331020000000000"},
    {"lock  xor\t[r1], r3", "db310000a0000000"},
    {"lock fetch add [r1], r3", "db31000001000000"},
    {"lock fetch_add32 [r1], r3", "c331000001000000"},
    {"lock fetch or32 [r1], r3", "c331000041000000"},
    {"lock xchg [r1], r3", "db310000e1000000"},
    {"lock cmpxchg32 [r1], r3", "c3310000f1000000"},
    {"ldacqdw r1, [r2+8]", "db21080000010000"},
    {"strelb [r1+8], r2", "d321080010010000"},
    {"lddw r1, map_by_fd(1)", "1811000001000000 0000000000000000"},
    {"lddw r1, map_val(map_by_fd(1)) + 4", "1821000001000000 0000000004000000"},
    {"lddw r1, var_addr(7)", "1831000007000000 0000000000000000"},
    {"lddw r1, code_addr(+1)", "1841000001000000 0000000000000000"},
    {"lddw r1, map_by_idx(1)", "1851000001000000 0000000000000000"},
    {"lddw r1, map_val(map_by_idx(1)) - 4", "1861000001000000 00000000fcffffff"},
};

START_TEST(mnemonic)
{
    check_hex(mnemonics[_i].text, mnemonics[_i].hex);
}
END_TEST

static const struct spelling pseudoc[] = {
    {"r0 = 0", "b700000000000000"},
    {"r0 = 0; w1 = 1", "b700000000000000"},
    {"w0 = -1", "b4000000ffffffff"},
    {"r1=r2", "bf21000000000000"},
    {"w1 += w2", "0c21000000000000"},
    {"r1 -= -5", "17010000fbffffff"},
    {"r1 *= 2", "2701000002000000"},
    {"r1 /= r2", "3f21000000000000"},
    {"r1 s/= r2", "3f21010000000000"},
    {"w1 s%= 3", "9401010003000000"},
    {"r1 %= 3", "9701000003000000"},
    {"r1 <<= 3", "6701000003000000"},
    {"r1 >>= r3", "7f31000000000000"},
    {"w1 s>>= 3", "c401000003000000"},
    {"r1 |= 1", "4701000001000000"},
    {"r1 &= 1", "5701000001000000"},
    {"r1 ^= 1", "a701000001000000"},
    {"r0 = -r0", "8700000000000000"},
    {"w0 = -w0", "8400000000000000"},
    {"r1 = (s8)r2", "bf21080000000000"},
    {"w1 = (s16)w2", "bc21100000000000"},
    {"r1 = (s32) r2", "bf21200000000000"},
    {"r3 = bswap32 r3", "d703000020000000"},
    {"r3 = be16 r3", "dc03000010000000"},
    {"r3 = le64 r3", "d403000040000000"},
    {"r1 = 5 ll", "1801000005000000 0000000000000000"},
    {"r1 = 0xffffffffffffffff ll", "18010000ffffffff 00000000ffffffff"},
    {"r1 = map_by_fd(1) ll", "1811000001000000 0000000000000000"},
    {"r1 = map_val(map_by_idx(1)) + 4 ll", "1861000001000000 0000000004000000"},
    {"r2 = *(u8 *)(r1 + 4)", "7112040000000000"},
    {"r1 = *(u32*)(r2-4)", "6121fcff00000000"},
    {"w1 = *(u32 *)(r2 + 0)", "6121000000000000"},
    {"r1 = * ( u64 * ) (r10 -8)", "79a1f8ff00000000"},
    {"r1 = *(s8 *)(r2 + 0)", "9121000000000000"},
    {"*(u64 *)(r1 + 0) = r2", "7b21000000000000"},
    {"*(u32 *)(r1) = w2", "6321000000000000"},
    {"*(u32 *)(r10 - 4) = 7", "620afcff07000000"},
    {"r0 = *(u8 *)skb[4]", "3000000004000000"},
    {"r0 = *(u16 *)skb[r1 + 4]", "4810000004000000"},
    {"r0 = *(u32 *)skb[r1]", "4010000000000000"},
    {"if r1 s> 5 goto +2", "6501020005000000"},
    {"if r1 == r2 goto -1", "1d21ffff00000000"},
    {"if w1 & 1 goto +3", "4601030001000000"},
    {"if w1 s<= w2 goto pc+3", "de21030000000000"},
    {"if r1 >= 0x10 goto 3", "3501030010000000"},
    {"if r1 != -1 goto +0", "55010000ffffffff"},
    {"goto +3", "0500030000000000"},
    {"goto pc-3", "0500fdff00000000"},
    {"call 6", "8500000006000000"},
    {"call pc+5", "8510000005000000"},
    {"lock *(u64 *)(r1 + 0) += r2", "db21000000000000"},
    {"lock *(u32 *)(r1 + 4) ^= w2", "c3210400a0000000"},
    {"lock *(u32 *)(r1 + 4) |= r2", "c321040040000000"},
    {"r0 = atomic_fetch_add((u64 *)(r1 + 0), r0)", "db01000001000000"},
    {"w3 = atomic_fetch_or((u32 *)(r1 + 0), w3)", "c331000041000000"},
    {"r0 = atomic64_fetch_xor((u64 *)(r1 + 0), r0)", "db010000a1000000"},
    {"r1 = xchg_64(r10 - 8, r1)", "db1af8ffe1000000"},
    {"w1 = xchg32_32(r10 + 0, w1)", "c31a0000e1000000"},
    {"r0 = cmpxchg_64(r10 - 8, r0, r1)", "db1af8fff1000000"},
    {"w0 = cmpxchg32_32(r10 - 8, w0, w1)", "c31af8fff1000000"},
    {"r1 = atomic64_xchg((u64 *)(r10 -8), r1)", "db1af8ffe1000000"},
    {"r0 = atomic64_cmpxchg((u64 *)(r10 -8), r0, r1)", "db1af8fff1000000"},
    {"r1 = atomic_xchg((u32 *)(r10 -8), r1)", "c31af8ffe1000000"},
    {"r0 = atomic_cmpxchg((u32 *)(r10 -8), r0, r1)", "c31af8fff1000000"},
    {"r0 = load_acquire((u64 *)(r1 + 0))", "db10000000010000"},
    {"w0 = load_acquire((u8 *)(r1 + 0))", "d310000000010000"},
    {"store_release((u16 *)(r1 + 0), w2)", "cb21000010010000"},
};

START_TEST(pseudo_c)
{
    check_hex(pseudoc[_i].text, pseudoc[_i].hex);
}
END_TEST

#define EXIT "9500000000000000 "

static const struct spelling structures[] = {
    /* several on a line, and a statement on two */
    {"exit exit", EXIT EXIT},
    {"mov r1, 2 exit", "b701000002000000" EXIT},
    {"mov\nr1, 2\n\nja\n+3", "b701000002000000 0500030000000000"},
    {"ldxw r1,\n[r2]\nexit", "6121000000000000" EXIT},
    {"jeq r1, 2,\nout\nout: exit", "1501000002000000" EXIT},
    {"r1 = r2 exit", "bf21000000000000" EXIT},
    {"a: b:\nexit c: exit ja a", EXIT EXIT "0500fdff00000000"},
    /* comments, ends of lines, byte order mark */
    {"exit ; c\nexit # c\nexit // c\nexit /* c\n ** c */ exit", EXIT EXIT EXIT EXIT EXIT},
    {"/**/exit/***/\r\n\r\nexit\r", EXIT EXIT},
    {"\xef\xbb\xbf" "exit", EXIT},
    {"; only a comment", ""},
    /* labels */
    {"ja l\nl: exit", "0500000000000000" EXIT},
    {"l: exit\ngoto l\ngotol l\ncall l", EXIT "0500feff00000000 06000000fdffffff 85100000fcffffff"},
    {"if r1 s> 5 goto .L0_1\nlddw r1, 0\n.L0_1: exit",
     "6501020005000000 1801000000000000 0000000000000000" EXIT},
    {"ja end\nexit\nend:", "0500010000000000" EXIT},
    {"gotol end\nexit\nend:", "0600000001000000" EXIT},
    {"call end\nlddw r1, code_addr(end)\nexit\nend:",
     "8510000003000000 1841000002000000 0000000000000000" EXIT},
    {"1: goto 1b\ngoto 1f\ngoto 2f\n1: goto 1b\n2: exit",
     "0500ffff00000000 0500010000000000 0500010000000000 0500ffff00000000" EXIT},
    {"call f\nexit\n.func f\nexit\n.endfunc", "8510000001000000" EXIT EXIT},
    {".func f\nf: exit\nlddw r1, code_addr(f)", EXIT "18410000feffffff 0000000000000000"},
    {"lddw r1, code_addr(f)\nexit\nf: exit", "1841000002000000 0000000000000000" EXIT EXIT},
    {"call local local\nlocal: exit", "8510000000000000" EXIT},
    {"call local\nlocal: exit", "8510000000000000" EXIT},
    /* `exit` as a target: a label, or else the first exit instruction */
    {"jne r1, 2, exit\nmov r0, 1\nexit\nexit",
     "5501010002000000 b700000001000000" EXIT EXIT},
    {"ja exit\nexit\nexit: mov r0, 1", "0500010000000000" EXIT "b700000001000000"},
    /* names of instructions and keywords are names, where a name stands */
    {"mov: if: lock: exit\nja mov\nja lock", EXIT "0500feff00000000 0500fdff00000000"},
    /* constants */
    {".equ N, 3 + 4 * 2\nmov r1, N\nM = N - 1\nr2 = M", "b70100000b000000 b70200000a000000"},
    {".equ s, 16\nmov r1, s<<2\nmov r1, s>>2", "b701000040000000 b701000004000000"},
    {".equ ll, 1\nmov r1, ll", "b701000001000000"},
    {".equ N, 5\ncall N\nlddw r1, N\nja N",
     "8500000005000000 1801000005000000 0000000000000000 0500050000000000"},
    /* raw slots */
    {".8byte 0x95\n.8byte -1", EXIT "ffffffffffffffff"},
    {".8byte 0x0000000500000118\nl: .8byte 0x700000000\nja l",
     "1801000005000000 0000000007000000 0500feff00000000"},
    /* what compilers write around a function */
    {"\t.text\n\t.globl\tf # -- f\n.p2align 3\n.type f,@function\nf:\nexit\n.size f, .-f", EXIT},
};

START_TEST(structure)
{
    check_hex(structures[_i].text, structures[_i].hex);
}
END_TEST

static const struct {
    const char *text;
    int64_t value;
} expressions[] = {
    {"1 + 2 * 3", 7},
    {"(1 + 2) * 3", 9},
    {"10 - 4 - 3", 3},
    {"2 | 1 ^ 3 & 5", 2 | (1 ^ (3 & 5))},
    {"1 << 4 + 1", 32},
    {"-7 / 2", -3},
    {"-7 % 3", -1},
    {"- - 3", 3},
    {"~0", -1},
    {"-(1 << 4)", -16},
    {"'a'", 'a'},
    {"'a' + 1", 'b'},
    {"'\\n'", '\n'},
    {"'\\x41'", 'A'},
    {"'\\''", '\''},
    {"';'", ';'},
    {"'#'", '#'},
    {"0x7fffffffffffffff", INT64_MAX},
    {"0xffffffff00000000 >> 32", 0xffffffff},
    {"-1 >> 60", -1},
    {"-9223372036854775808 / -1", INT64_MIN},
    {"-9223372036854775808 % -1", 0},
    {"9223372036854775807 + 1", INT64_MIN},
    {"0x8000000000000000 / 2", INT64_C(1) << 62},
    {"0xffffffffffffffff % 10", 5},
};

START_TEST(expression)
{
    char text[100];
    snprintf(text, sizeof(text), "lddw r1, %s", expressions[_i].text);
    struct ebpf_program *program = assemble(text);
    ck_assert_msg(ebpf_program_at(program, 0)->imm == expressions[_i].value, "%s gives %lld", text,
                  (long long)ebpf_program_at(program, 0)->imm);
    ebpf_program_unref(program);
}
END_TEST

/* Random bits that are the same in every run. */
static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* An instruction of a form, all its operands random; targets lead to instruction 0. */
static struct ebpf_insn random_insn(enum ebpf_op op, uint64_t *state)
{
    const struct ebpf_op_info *info = &ebpf_op_table[op];
    struct ebpf_insn insn;
    ebpf_insn_init(&insn, op);
    if (info->fields & EBPF_FIELD_DST)
        insn.dst = (uint8_t)(next_random(state) % 11);
    if (info->fields & EBPF_FIELD_SRC)
        insn.src = (uint8_t)(next_random(state) % 11);
    if (ebpf_target_field(op)) {
        insn.target = 0;
        return insn;
    }
    if (info->fields & EBPF_FIELD_OFF)
        insn.off = (int16_t)next_random(state);
    if (info->fields & EBPF_FIELD_IMM)
        insn.imm = (int32_t)(next_random(state) << 1);
    if (info->slots == 2)
        insn.imm &= UINT32_MAX;
    if (info->fields & EBPF_FIELD_NEXT_IMM)
        insn.imm |= (int64_t)((uint64_t)next_random(state) << 33);
    return insn;
}

/* Prints a program of one random instruction and an exit, and reads the text back. */
static void check_round_trip(enum ebpf_op op, enum ebpf_dialect dialect, int labels,
                             uint64_t *state)
{
    struct ebpf_program *program = ebpf_program_new(NULL), *again;
    *ebpf_program_push(program) = random_insn(op, state);
    ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);

    struct ebpf_print_options options = {sizeof(options), dialect, labels, 0, 0, 0};
    struct ebpf_text text = {0};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_program_print(program, &options, &stream), EBPF_OK);
    again = assemble_bytes(text.data, text.length);
    uint8_t a[24], b[24];
    ck_assert_uint_eq(ebpf_program_size(program), ebpf_program_size(again));
    ck_assert_int_eq(ebpf_program_encode(program, a, sizeof(a)), EBPF_OK);
    ck_assert_int_eq(ebpf_program_encode(again, b, sizeof(b)), EBPF_OK);
    ck_assert_msg(memcmp(a, b, ebpf_program_size(again)) == 0, "%s", text.data);
    ck_assert_int_eq(ebpf_program_at(again, 0)->op, op);
    ebpf_text_free(&text);
    ebpf_program_unref(program);
    ebpf_program_unref(again);
}

/* Every row of the table, in every dialect: what is printed is read back to the same bytes. */
START_TEST(every_form_is_read_back)
{
    uint64_t state = (uint64_t)_i;
    for (int round = 0; round < 20; round++)
        for (int style = 0; style < 4; style++)
            check_round_trip((enum ebpf_op)_i,
                             style & 1 ? EBPF_DIALECT_PSEUDOC : EBPF_DIALECT_MNEMONIC, style >> 1,
                             &state);
}
END_TEST

START_TEST(program_has_names_and_places)
{
    struct ebpf_program *program = assemble("\xef\xbb\xbf"
                                            "start:\n  mov r1, 2 exit ; c\n"
                                            ".func f\n\tmov\n\tr2, 3\nend:");
    uint32_t count;
    const struct ebpf_symbol *symbols = ebpf_program_symbols(program, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(symbols[0].name, "start");
    ck_assert_str_eq(symbols[1].name, "end");
    ck_assert_uint_eq(symbols[1].insn, 3);
    const struct ebpf_function *functions = ebpf_program_functions(program, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(functions[0].name, "start");
    ck_assert_str_eq(functions[1].name, "f");
    ck_assert_uint_eq(functions[1].first, 2);

    static const struct ebpf_location expected[] = {{.line = 2, .column = 3, .width = 9},
                                                    {.line = 2, .column = 13, .width = 4},
                                                    {.line = 4, .column = 2, .width = 3}};
    for (uint32_t i = 0; i < 3; i++) {
        struct ebpf_location place = ebpf_program_location(program, i);
        ck_assert_str_eq(place.file, "<input>");
        ck_assert_uint_eq(place.line, expected[i].line);
        ck_assert_uint_eq(place.column, expected[i].column);
        ck_assert_uint_eq(place.width, expected[i].width);
    }
    struct ebpf_location place = ebpf_program_location(program, 1);
    ck_assert_uint_eq(place.source_length, strlen("  mov r1, 2 exit ; c"));
    ck_assert_mem_eq(place.source, "  mov r1, 2 exit ; c", place.source_length);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(raw_slots_have_places)
{
    struct ebpf_program *program = assemble(".8byte 0x18\n.8byte 0\n.8byte 0x95");
    ck_assert_uint_eq(ebpf_program_count(program), 2);
    ck_assert_uint_eq(ebpf_program_location(program, 0).line, 1);
    ck_assert_uint_eq(ebpf_program_location(program, 1).line, 3);
    ebpf_program_unref(program);
}
END_TEST

/* Every example of the page that describes the language assembles. */
START_TEST(examples_of_the_documentation)
{
    const char *top = getenv("top_srcdir");
    char path[1000], line[200], block[8000];
    unsigned blocks = 0;
    snprintf(path, sizeof(path), "%s/docs/assembly.md", top ? top : ".");
    FILE *page = fopen(path, "r");
    ck_assert_msg(page != NULL, "%s cannot be read", path);
    while (fgets(line, sizeof(line), page)) {
        if (strcmp(line, "```asm\n") != 0)
            continue;
        size_t length = 0;
        while (fgets(line, sizeof(line), page) && strcmp(line, "```\n") != 0) {
            ck_assert_uint_lt(length + strlen(line), sizeof(block));
            length += (size_t)sprintf(block + length, "%s", line);
        }
        struct ebpf_program *program = assemble_bytes(block, length);
        ck_assert_uint_gt(ebpf_program_size(program), 0);
        ebpf_program_unref(program);
        blocks++;
    }
    fclose(page);
    ck_assert_uint_gt(blocks, 5);
}
END_TEST

static TCase *spellings(void)
{
    TCase *tc = tcase_create("spellings");
    tcase_add_loop_test(tc, mnemonic, 0, COUNT(mnemonics));
    tcase_add_loop_test(tc, pseudo_c, 0, COUNT(pseudoc));
    tcase_add_loop_test(tc, structure, 0, COUNT(structures));
    tcase_add_loop_test(tc, expression, 0, COUNT(expressions));
    return tc;
}

static TCase *programs(void)
{
    TCase *tc = tcase_create("programs");
    tcase_add_loop_test(tc, every_form_is_read_back, EBPF_OP_DATA + 1, EBPF_OP_COUNT);
    tcase_add_test(tc, program_has_names_and_places);
    tcase_add_test(tc, raw_slots_have_places);
    tcase_add_test(tc, examples_of_the_documentation);
    return tc;
}

RUN_SUITE("asm", spellings, programs)
