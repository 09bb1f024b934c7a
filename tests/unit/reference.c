/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Writes the reference pages that are derived from the tables; a test compares them with docs/.
 *
 *     reference instructions|errors|helpers
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/decode.h"
#include "ir/op.h"
#include "ir/program.h"

#define LICENCE "<!-- SPDX-License-Identifier: MIT OR Apache-2.0 -->\n"

/* The value column of alu.def, as text. */
static const char *value_of(enum ebpf_oper oper)
{
    switch (oper) {
#define EBPF_OPER(id) case EBPF_OPER_##id: return NULL;
#define EBPF_ALU(id, symbol, value) case EBPF_OPER_##id: return #value;
#define EBPF_UNARY(id, symbol, value) case EBPF_OPER_##id: return #value;
#define EBPF_SWAP(id, symbol, value) case EBPF_OPER_##id: return #value;
#define EBPF_COND(id, symbol, value) case EBPF_OPER_##id: return #value;
#define EBPF_RMW(id, symbol, value) case EBPF_OPER_##id: return #value;
#include "ir/alu.def"
    }
    return NULL;
}

enum section {
    ALU64, ALU32, SWAPS, JUMPS, CALLS, LOADS, ATOMICS, ORDERED, IMMEDIATES, PACKET, SECTIONS
};

static const struct {
    const char *title, *text;
} sections[SECTIONS] = {
    [ALU64] = {"Arithmetic on 64 bits",
               "RFC 9669, 4.1. Immediates are sign-extended. Shifts use the low 6 bits of `b`."},
    [ALU32] = {"Arithmetic on 32 bits",
               "RFC 9669, 4.1. The low halves of the operands are computed with; the high half of "
               "dst\n"
               "becomes zero. Shifts use the low 5 bits of `b`."},
    [SWAPS] = {"Byte swaps",
               "RFC 9669, 4.2. dst is truncated to the width, then zero-extended. `SWAP` reverses "
               "the bytes,\n"
               "`HOST_LE` holds on little-endian hosts."},
    [JUMPS] = {"Jumps",
               "RFC 9669, 4.3. Targets are counted in slots from the next instruction. Immediates "
               "are\n"
               "sign-extended, for unsigned comparisons too. `may_goto` jumps when the run has "
               "passed\n"
               "such instructions too often, and else does nothing."},
    [CALLS] = {"Calls and exit",
               "RFC 9669, 4.3.1 and 4.3.2. Arguments are r1 to r5, the result is r0; r6 to r10 are "
               "kept.\n"
               "The disassembler writes `tail_call` for `callx r0`, as rbpf does."},
    [LOADS] = {"Loads and stores", "RFC 9669, 5.1 and 5.2."},
    [ATOMICS] = {"Atomic operations",
                 "RFC 9669, 5.3. Addresses are aligned to the width. `a` is what memory held, `b` "
                 "is src. What is\n"
                 "fetched into 32-bit operands is zero-extended."},
    [ORDERED] = {"Load-acquire and store-release", "An addition of Linux 6.15."},
    [IMMEDIATES] = {"64-bit immediates",
                    "RFC 9669, 5.4. Two slots; the second has only its immediate, the high half of "
                    "the value."},
    [PACKET] = {"Legacy packet access",
                "RFC 9669, 5.5. Reads the packet of the run, little-endian as rbpf does; beyond "
                "its end is a fault.\n"
                "The 64-bit forms are rbpf's."},
};

static enum section section_of(const struct ebpf_op_info *info)
{
    switch ((enum ebpf_format)info->format) {
    case EBPF_FMT_ALU_IMM: case EBPF_FMT_ALU_REG: case EBPF_FMT_ALU_UN:
        return info->width == 64 ? ALU64 : ALU32;
    case EBPF_FMT_END: return SWAPS;
    case EBPF_FMT_JA: case EBPF_FMT_JA32: case EBPF_FMT_JMP_IMM: case EBPF_FMT_JMP_REG:
    case EBPF_FMT_MAY_GOTO:
        return JUMPS;
    case EBPF_FMT_CALL: case EBPF_FMT_CALL_LOCAL: case EBPF_FMT_CALLX: case EBPF_FMT_EXIT:
        return CALLS;
    case EBPF_FMT_LDX: case EBPF_FMT_ST: case EBPF_FMT_STX: return LOADS;
    case EBPF_FMT_ATOMIC: return ATOMICS;
    case EBPF_FMT_LOAD_ACQ: case EBPF_FMT_STORE_REL: return ORDERED;
    case EBPF_FMT_IMM64: case EBPF_FMT_REF: case EBPF_FMT_REF_OFF: case EBPF_FMT_REF_FUNC:
        return IMMEDIATES;
    case EBPF_FMT_LDABS: case EBPF_FMT_LDIND: return PACKET;
    }
    abort();
}

/* Text in a cell of a table: bars would end it. */
static void put_cell(const char *text)
{
    for (; *text; text++)
        printf(*text == '|' ? "\\|" : "%c", *text);
}

static void put_code(const char *text)
{
    putchar('`');
    put_cell(text);
    putchar('`');
}

/* The spelling of a form with r1, r2 and small numbers as operands. */
static void put_example(enum ebpf_op op, enum ebpf_dialect dialect)
{
    const struct ebpf_op_info *info = &ebpf_op_table[op];
    struct ebpf_program *program = ebpf_program_new(NULL);
    struct ebpf_insn *insn = program ? ebpf_program_push(program) : NULL;
    if (!insn)
        abort();
    ebpf_insn_init(insn, op);
    if (info->fields & EBPF_FIELD_DST)
        insn->dst = 1;
    if (info->fields & EBPF_FIELD_SRC)
        insn->src = 2;
    if (info->fields & EBPF_FIELD_OFF)
        insn->off = 4;
    if (info->fields & EBPF_FIELD_IMM)
        insn->imm = 5;
    if (info->fields & EBPF_FIELD_NEXT_IMM && info->shape == EBPF_SHAPE_RX)
        insn->imm |= INT64_C(8) << 32;
    struct ebpf_text text = {0};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    if (ebpf_program_finish(program, NULL) || ebpf_insn_print(program, 0, dialect, &stream))
        abort();
    put_code(text.data);
    ebpf_text_free(&text);
    ebpf_program_unref(program);
}

static void put_encoding(const struct ebpf_op_info *info)
{
    printf("0x%02x", info->opcode);
    switch (info->disc_field) {
    case EBPF_FIELD_OFF: printf(", off %d", info->disc); break;
    case EBPF_FIELD_IMM: printf(", imm 0x%x", info->disc); break;
    case EBPF_FIELD_SRC: printf(", src %d", info->disc); break;
    }
}

enum { DST = 8, SRC = 9 }; /* such that no fixed register is meant */

/* Names for a set of registers, with commas; a dash for none. */
static void put_registers(unsigned set)
{
    static const struct {
        unsigned bits;
        const char *name;
    } names[] = {{1u << DST, "dst"}, {1u << SRC, "src"}, {1, "r0"}, {0x3e, "r1-r5"}};
    const char *comma = "";
    if (!set)
        putchar('-');
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (set & names[i].bits) {
            printf("%s%s", comma, names[i].name);
            comma = ", ";
        }
    }
}

static void put_effects(enum ebpf_op op)
{
    struct ebpf_insn insn = {.op = (uint16_t)op, .dst = DST, .src = SRC};
    put_registers(ebpf_insn_uses(&insn));
    printf(" | ");
    put_registers(ebpf_insn_defs(&insn));
}

/* The meaning of formats whose operations have no value in alu.def. */
static const char *meaning_of(const struct ebpf_op_info *info)
{
    switch ((enum ebpf_format)info->format) {
    case EBPF_FMT_JA: case EBPF_FMT_JA32: return "jump";
    case EBPF_FMT_MAY_GOTO: return "jump if passed too often";
    case EBPF_FMT_CALL:
        return info->oper == EBPF_OPER_BTF ? "call the function with this BTF id"
                                           : "call the helper function with this id";
    case EBPF_FMT_CALL_LOCAL: return "call the function at the target";
    case EBPF_FMT_CALLX: return "call the helper function whose id is in dst";
    case EBPF_FMT_EXIT: return "return r0 from the function";
    case EBPF_FMT_LDX:
        return info->oper == EBPF_OPER_LOADSX ? "dst = memory, sign-extended"
                                              : "dst = memory, zero-extended";
    case EBPF_FMT_ST: return "memory = immediate";
    case EBPF_FMT_STX: return "memory = src";
    case EBPF_FMT_ATOMIC: return "if a == r0, memory = b; in any case r0 = a";
    case EBPF_FMT_LOAD_ACQ: return "dst = memory, zero-extended; no later access comes before";
    case EBPF_FMT_STORE_REL: return "memory = src; no earlier access comes after";
    case EBPF_FMT_IMM64: return "dst = immediate";
    case EBPF_FMT_REF: return "dst = address of what is named";
    case EBPF_FMT_REF_OFF: return "dst = address in the map's value";
    case EBPF_FMT_REF_FUNC: return "dst = reference to the function at the target";
    case EBPF_FMT_LDABS: return "r0 = packet at the immediate";
    case EBPF_FMT_LDIND: return "r0 = packet at src + immediate";
    default: return "";
    }
}

static void put_meaning(const struct ebpf_op_info *info)
{
    const char *value = value_of((enum ebpf_oper)info->oper);
    if (!value) {
        put_cell(meaning_of(info));
        return;
    }
    bool atomic = info->format == EBPF_FMT_ATOMIC;
    printf("%s", info->effects & EBPF_FX_JUMP ? "jump if " : atomic ? "memory = " : "dst = ");
    put_code(value);
    if (info->effects & EBPF_FX_DEF_SRC)
        printf("; src = `a`");
}

static void put_row(enum ebpf_op op)
{
    const struct ebpf_op_info *info = &ebpf_op_table[op];
    printf("| ");
    put_example(op, EBPF_DIALECT_MNEMONIC);
    printf(" | ");
    put_example(op, EBPF_DIALECT_PSEUDOC);
    printf(" | ");
    put_encoding(info);
    printf(" | ");
    put_meaning(info);
    printf(" | ");
    put_effects(op);
    printf(" | %s |\n", ebpf_group_name((enum ebpf_group)info->group));
}

static void write_instructions(void)
{
    printf("%s# Instructions\n\n"
           "All %d instruction forms: with r1 as dst, r2 as src, 4 as offset and 5 as immediate, "
           "as the\n"
           "disassembler writes them. The assembler reads both spellings and others beside them, "
           "see\n"
           "[assembly.md](assembly.md). `make update-reference` writes this page from `ir/*.def`, "
           "of which all\n"
           "engines are made.\n\n"
           "* *encoding*: the opcode byte, and the field that tells forms of one opcode apart\n"
           "  (RFC 9669, 3). A field that is neither this nor an operand must be zero.\n"
           "* *meaning*: an expression of C. `a` is dst and `b` the other operand, both unsigned "
           "of the type `U`\n"
           "  of the operation's width; `S` is the signed type of that width.\n"
           "* *reads*, *writes*: registers.\n"
           "* *group*: the conformance group (RFC 9669, 2.4); *extra* is outside of the RFC.\n\n"
           "Slots that are none of these print as `.8byte 0x0123456789abcdef`, and so do those "
           "with a\n"
           "reserved field that is not zero.\n",
           LICENCE, EBPF_OP_COUNT - 1);
    for (int section = 0; section < SECTIONS; section++) {
        printf("\n## %s\n\n%s\n\n"
               "| mnemonic | pseudo-C | encoding | meaning | reads | writes | group |\n"
               "|---|---|---|---|---|---|---|\n",
               sections[section].title, sections[section].text);
        for (int op = EBPF_OP_DATA + 1; op < EBPF_OP_COUNT; op++)
            if (section_of(&ebpf_op_table[op]) == (enum section)section)
                put_row((enum ebpf_op)op);
    }
}

static void write_errors(void)
{
    static const char *const hundreds[] = {
        NULL, "General", "Reading text", "Reading bytes and objects", "Verifier",
        "Virtual machine and compilers", "Faults of running programs"};
    static const struct {
        const char *id;
        int code;
        const char *text, *advice;
    } rows[] = {
#define EBPF_ERROR(id, code, text, advice) {#id, code, text, advice},
#include "base/errors.def"
    };
    int section = 0;
    printf("%s# Errors\n\n"
           "Every call that can fail returns an `ebpf_status`; reports show its code as `[E0412]`. "
           "Codes are\n"
           "never reused. Reports say more than this page where they can: the place, the values, "
           "the reason.\n"
           "It is written by `make update-reference` from `base/errors.def`.\n",
           LICENCE);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].code / 100 != section) {
            section = rows[i].code / 100;
            printf("\n## %s\n\n| code | status | meaning | what to do |\n|---|---|---|---|\n",
                   hundreds[section]);
        }
        printf("| E%04d | `EBPF_ERR_%s` | ", rows[i].code, rows[i].id);
        put_cell(rows[i].text);
        printf(" | ");
        put_cell(rows[i].advice);
        printf(" |\n");
    }
}

/* A column of helpers.def in words. */
static const char *argument_in_words(const char *column)
{
    static const char *const words[][2] = {
        {"SCALAR", "number"},          {"SIZE", "size"},
        {"STRING_OR_NULL", "string or 0"}, {"STRING", "string"},
        {"READ_OR_NULL", "memory or 0"},   {"READ", "memory"},
        {"WRITE_OR_NULL", "writable memory or 0"},
        {"WRITE_FIXED", "writable memory"},
        {"UPDATE_FIXED", "writable memory"}, {"WRITE", "writable memory"},
        {"UPDATE", "writable memory"},
        {"MAP", "map"},                    {"KEY", "key"},
        {"VALUE_OUT", "room for a value"}, {"VALUE", "value"},
        {"RECORD", "record"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strncmp(column, words[i][0], strlen(words[i][0])) == 0)
            return words[i][1];
    return "";
}

static void write_helper(unsigned id, const char *name, const char *summary,
                         const char *const columns[5])
{
    size_t last = 5;
    while (last > 0 && *argument_in_words(columns[last - 1]) == '\0')
        last--;
    printf("| %u | `%s` | ", id, name);
    for (size_t i = 0; i < last; i++)
        printf("%s%s", i ? ", " : "",
               *argument_in_words(columns[i]) ? argument_in_words(columns[i]) : "–");
    printf(" | %s |\n", summary);
}

static void write_helpers(void)
{
    const char *table = "| id | name | r1, r2, … | what it does and returns |\n|---:|---|---|---|";
    puts(LICENCE "# Built-in helpers\n\n"
         "Functions of the host that programs may call, in two sets. A VM has none unless it is "
         "given them:\n`ebpf_vm_register_helpers(vm, ebpf_helpers_kernel())`. The sets use some "
         "ids alike, so what is\nregistered later wins. [vm.md](vm.md#helpers) tells how to "
         "write helpers.\n\n"
         "Arguments are checked before each call, in every engine: memory must be the run's, all "
         "of it, and\nwritable where the helper writes; strings end in memory that the run may "
         "read. What fails that ends\nthe run with `EBPF_ERR_HELPER_ARG`.\n\n"
         "## Those of rbpf: `ebpf_helpers_rbpf()`\n\n"
         "The ids are those of rbpf's tests.\n");
    puts(table);
#define EBPF_HELPER(set, id, form, name, summary, ...) HELPER_##set(id, name, summary, __VA_ARGS__)
#define WRITE_ROW(id, name, summary, r1, r2, r3, r4, r5)                                           \
    write_helper(id, #name, summary, (const char *const[5]){#r1, #r2, #r3, #r4, #r5});
#define HELPER_RBPF WRITE_ROW
#define HELPER_KERNEL(...)
#define HELPER_MAP(...)
#include "vm/helpers.def"
#undef HELPER_RBPF
#undef HELPER_KERNEL
#undef HELPER_MAP
    puts("\n## Those of the Linux kernel: `ebpf_helpers_kernel()`\n\n"
         "By their kernel numbers. Errors are negative numbers of `errno.h`, as in the kernel.\n");
    puts(table);
#define HELPER_RBPF(...)
#define HELPER_KERNEL WRITE_ROW
#define HELPER_MAP WRITE_ROW
#include "vm/helpers.def"
    puts("\nFormats of `trace_printk` and `snprintf`: flags `-`, `+`, blank and `0`, a width up "
         "to 255; `%d %i %u\n%x %X`, also with `l` and `ll`; `%c`, `%s`, `%p %px %pK`, `%pks "
         "%pus`, `%%`. Others are `-EINVAL`, as are\nbytes that are not ASCII text. "
         "`trace_printk` takes three values and cuts its text to 1,023 bytes.\nThe trace goes to "
         "`ebpf_vm_options.trace`; without it, text is dropped.\n\n"
         "Random numbers repeat if `ebpf_vm_options.seed` is set; they are not for secrets.");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "instructions") == 0) {
        write_instructions();
    } else if (argc == 2 && strcmp(argv[1], "errors") == 0) {
        write_errors();
    } else if (argc == 2 && strcmp(argv[1], "helpers") == 0) {
        write_helpers();
    } else {
        fprintf(stderr, "usage: %s instructions|errors|helpers\n", argv[0]);
        return 2;
    }
    return fflush(stdout) ? 1 : 0;
}
