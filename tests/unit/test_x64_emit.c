/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The emitter against GNU as: every form of x64_insn.def with every register, width, and kind of
 * displacement and immediate, byte for byte.  The texts come from the same rows.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backends/x86_64/emit.h"
#include "base/bytes.h"
#include "tests/unit/unit.h"

/* A listing in the assembler's language beside our bytes. */
struct listing {
    struct x64_emit emit;
    struct ebpf_vec ends;  /* uint32_t: where our bytes for each line end */
    struct ebpf_vec lines; /* uint32_t: where each line starts in the text */
    FILE *text;
    char *buffer;
    size_t length;
};

static const char *reg_name(unsigned width, unsigned reg)
{
    static const char *const names[4][16] = {
        {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b",
         "r13b", "r14b", "r15b"},
        {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w",
         "r13w", "r14w", "r15w"},
        {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d",
         "r12d", "r13d", "r14d", "r15d"},
        {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
         "r13", "r14", "r15"}};
    return names[width == 8 ? 0 : width == 16 ? 1 : width == 32 ? 2 : 3][reg];
}

static const char *const cc_name[] = {"o", "no", "b", "ae", "e", "ne", "be", "a",
                                      "s", "ns", "p", "np", "l", "ge", "le", "g"};

/* The text of a memory operand; `size` 0 for lea. */
static const char *mem_name(unsigned size, struct x64_mem m)
{
    static char text[2][96];
    static int turn;
    char *t = text[turn ^= 1];
    const char *kind = size == 8    ? "byte ptr "
                       : size == 16 ? "word ptr "
                       : size == 32 ? "dword ptr "
                       : size == 64 ? "qword ptr "
                       : size       ? "xmmword ptr "
                                    : "";
    int n = sprintf(t, "%s[", kind);
    if (m.base != X64_NO_BASE)
        n += sprintf(t + n, "%s", reg_name(64, m.base));
    if (m.index != X64_RSP)
        n += sprintf(t + n, "%s%s*%d", m.base == X64_NO_BASE ? "" : "+", reg_name(64, m.index),
                     1 << m.scale);
    sprintf(t + n, "%+d]", m.disp);
    return t;
}

/* Adds the line that stands for what was emitted since the last one. */
static void line(struct listing *l, const char *format, ...)
{
    va_list args;
    fflush(l->text);
    *(uint32_t *)ebpf_vec_push(&l->lines, 1) = (uint32_t)l->length;
    va_start(args, format);
    vfprintf(l->text, format, args);
    va_end(args);
    fputc('\n', l->text);
    *(uint32_t *)ebpf_vec_push(&l->ends, 1) = (uint32_t)l->emit.code.count;
}

static void listing_init(struct listing *l)
{
    x64_emit_init(&l->emit, NULL);
    ebpf_vec_init(&l->ends, NULL, sizeof(uint32_t));
    ebpf_vec_init(&l->lines, NULL, sizeof(uint32_t));
    l->text = open_memstream(&l->buffer, &l->length);
    fputs(".intel_syntax noprefix\n.text\n", l->text);
}

/* What GNU as makes of the listing. */
static uint8_t *assemble(struct listing *l, size_t *size)
{
    char dir[] = "x64-emit-XXXXXX", path[64], command[256];
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/t.s", dir);
    FILE *s = fopen(path, "w");
    ck_assert_ptr_nonnull(s);
    fwrite(l->buffer, 1, l->length, s);
    fclose(s);
    snprintf(command, sizeof(command),
             "cd %s && as --64 -o t.o t.s && objcopy -O binary -j .text t.o t.bin", dir);
    ck_assert_msg(system(command) == 0, "GNU as and objcopy are needed for this test");
    snprintf(path, sizeof(path), "%s/t.bin", dir);
    FILE *bin = fopen(path, "rb");
    ck_assert_ptr_nonnull(bin);
    uint8_t *bytes = malloc(l->emit.code.count + 64);
    *size = fread(bytes, 1, l->emit.code.count + 64, bin);
    fclose(bin);
    snprintf(command, sizeof(command), "rm -r %s", dir);
    ck_assert_int_eq(system(command), 0);
    return bytes;
}

static void compare(struct listing *l)
{
    size_t size;
    fclose(l->text);
    uint8_t *theirs = assemble(l, &size);
    const uint8_t *ours = l->emit.code.data;
    const uint32_t *ends = l->ends.data, *lines = l->lines.data;
    ck_assert_int_eq(l->emit.status, EBPF_OK);
    for (size_t i = 0, at = 0; i < l->ends.count; at = ends[i++]) {
        const char *text = l->buffer + lines[i];
        ck_assert_msg(ends[i] <= size && memcmp(ours + at, theirs + at, ends[i] - at) == 0,
                      "line %zu: %.*s: %02x %02x %02x %02x, as: %02x %02x %02x %02x", i,
                      (int)strcspn(text, "\n"), text, ours[at], ours[at + 1], ours[at + 2],
                      ours[at + 3], theirs[at], theirs[at + 1], theirs[at + 2], theirs[at + 3]);
    }
    ck_assert_uint_eq(size, l->emit.code.count);
    free(theirs);
    free(l->buffer);
    ebpf_vec_free(&l->ends);
    ebpf_vec_free(&l->lines);
    x64_emit_free(&l->emit);
}

static const int32_t displacements[] = {0, 1, -1, 127, 128, -128, -129, INT32_MAX, INT32_MIN};
enum { DISPLACEMENTS = sizeof(displacements) / sizeof(displacements[0]) };

#define EACH_REG(r) for (enum x64_reg r = X64_RAX; r <= X64_R15; r++)
#define EACH_WIDTH(w, widths)                                                                      \
    for (unsigned w = 8; w <= 64; w *= 2)                                                          \
        if ((unsigned)(widths) & w / 8)
#define EACH_IMM(i)                                                                                \
    for (int i##_at = 0, i = displacements[0]; i##_at < DISPLACEMENTS;                             \
         i = displacements[++i##_at % DISPLACEMENTS])

/* Memory operands, by number: all bases with all displacements, then all with an index. */
enum { PLAIN_MEMS = 16 * DISPLACEMENTS, INDEX_MEMS = 17 * 16 * 4, MEMS = PLAIN_MEMS + INDEX_MEMS };

static struct x64_mem mem_number(int n)
{
    if (n < PLAIN_MEMS)
        return x64_at((enum x64_reg)(n / DISPLACEMENTS), displacements[n % DISPLACEMENTS]);
    n -= PLAIN_MEMS;
    enum x64_reg index = (enum x64_reg)(n / 4 % 16);
    if (index == X64_RSP)
        index = X64_RAX;
    return x64_at_index((enum x64_reg)(n / 64), index, n % 4u, displacements[n % DISPLACEMENTS]);
}

/* All registers with all memory operands, a part of the pairs: each register meets each base. */
#define EACH_REG_MEM(r, m)                                                                         \
    for (int m##_at = 0; m##_at < 16 * MEMS; m##_at += m##_at < 16 * PLAIN_MEMS ? 1 : 7)           \
        for (enum x64_reg r = (enum x64_reg)(m##_at % 16), r##_once = X64_RAX;                     \
             r##_once == X64_RAX; r##_once = X64_RCX)                                              \
            for (struct x64_mem m = mem_number(m##_at / 16); r##_once == X64_RAX;                  \
                 r##_once = X64_RCX)

START_TEST(two_operands)
{
    struct listing l;
    listing_init(&l);
#define X64_ALU(name, n)                                                                           \
    EACH_WIDTH(w, W32 | W64) {                                                                     \
        EACH_REG(a) EACH_REG(b) {                                                                  \
            x64_##name##_rr(&l.emit, w, a, b);                                                     \
            line(&l, #name " %s, %s", reg_name(w, a), reg_name(w, b));                             \
        }                                                                                          \
        EACH_REG(a) EACH_IMM(i) {                                                                  \
            x64_##name##_ri(&l.emit, w, a, i);                                                     \
            line(&l, #name " %s, %d", reg_name(w, a), i);                                          \
            x64_##name##_mi(&l.emit, w, x64_at(a, i), i);                                          \
            line(&l, #name " %s, %d", mem_name(w, x64_at(a, i)), i);                               \
        }                                                                                          \
    }                                                                                              \
    EACH_WIDTH(w, W8 | W16) EACH_REG(a) EACH_IMM(i) {                                              \
        int narrow = w == 8 ? (int8_t)i : (int16_t)i;                                              \
        x64_##name##_ri(&l.emit, w, a, narrow);                                                    \
        line(&l, #name " %s, %d", reg_name(w, a), narrow);                                         \
        x64_##name##_mi(&l.emit, w, x64_at(a, i), narrow);                                         \
        line(&l, #name " %s, %d", mem_name(w, x64_at(a, i)), narrow);                              \
    }
#define X64_RR(name, mnemonic, opcode, widths)                                                     \
    EACH_WIDTH(w, widths) EACH_REG(a) EACH_REG(b) {                                                \
        x64_##name##_rr(&l.emit, w, a, b);                                                         \
        line(&l, mnemonic " %s, %s", reg_name(w, a), reg_name(w, b));                              \
    }
#define X64_RR_LOAD X64_RR
#define X64_EXTEND(name, mnemonic, opcode, from)                                                   \
    EACH_WIDTH(w, (from) == 32 ? W64 : W32 | W64) EACH_REG(a) EACH_REG(b) {                        \
        x64_##name##_rr(&l.emit, w, a, b);                                                         \
        line(&l, mnemonic " %s, %s", reg_name(w, a), reg_name(from, b));                           \
    }
#include "backends/x86_64/x64_insn.def"
    compare(&l);
}
END_TEST

START_TEST(memory)
{
    struct listing l;
    listing_init(&l);
#define X64_ALU(name, n)                                                                           \
    EACH_WIDTH(w, W32 | W64) EACH_REG_MEM(a, m) {                                                  \
        x64_##name##_rm(&l.emit, w, a, m);                                                         \
        line(&l, #name " %s, %s", reg_name(w, a), mem_name(w, m));                                 \
        x64_##name##_mr(&l.emit, w, m, a);                                                         \
        line(&l, #name " %s, %s", mem_name(w, m), reg_name(w, a));                                 \
    }
#define X64_RM(name, mnemonic, opcode, widths)                                                     \
    EACH_WIDTH(w, widths) EACH_REG_MEM(a, m) {                                                     \
        x64_##name##_rm(&l.emit, w, a, m);                                                         \
        line(&l, mnemonic " %s, %s", reg_name(w, a),                                               \
             mem_name(strcmp(mnemonic, "lea") ? w : 0, m));                                        \
    }
#define X64_MR(name, mnemonic, opcode, widths)                                                     \
    EACH_WIDTH(w, widths) EACH_REG_MEM(a, m) {                                                     \
        x64_##name##_mr(&l.emit, w, m, a);                                                         \
        line(&l, mnemonic " %s, %s", mem_name(w, m), reg_name(w, a));                              \
    }
#define X64_EXTEND(name, mnemonic, opcode, from)                                                   \
    EACH_WIDTH(w, (from) == 32 ? W64 : W32 | W64) EACH_REG_MEM(a, m) {                             \
        x64_##name##_rm(&l.emit, w, a, m);                                                         \
        line(&l, mnemonic " %s, %s", reg_name(w, a), mem_name(from, m));                           \
    }
#include "backends/x86_64/x64_insn.def"
    for (int n = 0; n < MEMS; n++) {
        EACH_WIDTH(w, W8 | W16 | W32 | W64) {
            x64_mov_mi(&l.emit, w, mem_number(n), n - 100);
            line(&l, "mov %s, %d", mem_name(w, mem_number(n)),
                 w == 8 ? (int8_t)(n - 100) : n - 100);
        }
        EACH_WIDTH(w, W8 | W32 | W64) {
            x64_test_mi(&l.emit, w, mem_number(n), n - 100);
            line(&l, "test %s, %d", mem_name(w, mem_number(n)),
                 w == 8 ? (int8_t)(n - 100) : n - 100);
        }
        x64_call_m(&l.emit, mem_number(n));
        line(&l, "call %s", mem_name(64, mem_number(n)));
        x64_movups_m0(&l.emit, mem_number(n));
        line(&l, "movups %s, xmm0", mem_name(128, mem_number(n)));
    }
    compare(&l);
}
END_TEST

START_TEST(one_and_three_operands)
{
    struct listing l;
    listing_init(&l);
#define X64_UNARY(name, mnemonic, n)                                                               \
    EACH_WIDTH(w, W32 | W64) EACH_REG(a) {                                                         \
        x64_##name##_r(&l.emit, w, a);                                                             \
        line(&l, mnemonic " %s", reg_name(w, a));                                                  \
    }
#define X64_STEP(name, n) X64_UNARY(name, #name, n)
#define X64_SHIFT(name, n)                                                                         \
    EACH_WIDTH(w, W32 | W64) EACH_REG(a) {                                                         \
        x64_##name##_rcl(&l.emit, w, a);                                                           \
        line(&l, #name " %s, cl", reg_name(w, a));                                                 \
        for (unsigned i = 0; i < w; i++) {                                                         \
            x64_##name##_ri(&l.emit, w, a, i);                                                     \
            line(&l, #name " %s, %u", reg_name(w, a), i);                                          \
        }                                                                                          \
    }
#define X64_SHIFT_BY(name, prefix)                                                                 \
    EACH_WIDTH(w, W32 | W64) EACH_REG(a) EACH_REG(b) EACH_REG(c) {                                 \
        x64_##name##_rrr(&l.emit, w, a, b, c);                                                     \
        line(&l, #name " %s, %s, %s", reg_name(w, a), reg_name(w, b), reg_name(w, c));             \
    }
#define X64_THREE(name, prefix, opcode) X64_SHIFT_BY(name, prefix)
#define X64_CONDITION(name, opcode)                                                                \
    for (enum x64_cc cc = X64_O; cc <= X64_G; cc++)                                                \
        EACH_REG(a) EACH_WIDTH(w, #name[0] == 's' ? W8 : W32 | W64) EACH_REG(b) {                  \
            x64_##name##_cc(&l.emit, cc, w, a, b);                                                 \
            line(&l, w == 8 ? #name "%s %s" : #name "%s %s, %s", cc_name[cc], reg_name(w, a),      \
                 reg_name(w, b));                                                                  \
        }
#define X64_IN_OPCODE(name, opcode, widths)                                                        \
    EACH_WIDTH(w, widths) EACH_REG(a) {                                                            \
        x64_##name##_r(&l.emit, w, a);                                                             \
        line(&l, #name " %s", reg_name(w, a));                                                     \
    }
#define X64_INDIRECT(name, mnemonic, n)                                                            \
    EACH_REG(a) {                                                                                  \
        x64_##name##_r(&l.emit, a);                                                                \
        line(&l, mnemonic " %s", reg_name(64, a));                                                 \
    }
#define X64_PLAIN(name, mnemonic, bytes)                                                           \
    x64_##name(&l.emit);                                                                           \
    line(&l, mnemonic);
#include "backends/x86_64/x64_insn.def"
    compare(&l);
}
END_TEST

START_TEST(immediates)
{
    static const uint64_t wide[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
                                    UINT64_MAX, 0xffffffff80000000, 0xffffffff7fffffff,
                                    0x8000000000000000, 0x1122334455667788};
    struct listing l;
    listing_init(&l);
    EACH_REG(a) for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        x64_mov_ri(&l.emit, a, wide[i]);
        bool is_signed = wide[i] >= 0xffffffff80000000;
        line(&l, "%s %s, %#llx", wide[i] <= UINT32_MAX || is_signed ? "mov" : "movabs",
             reg_name(wide[i] <= UINT32_MAX ? 32 : 64, a), (unsigned long long)wide[i]);
    }
    EACH_IMM(i) {
        x64_push_i(&l.emit, i);
        line(&l, "push %d", i);
    }
    EACH_REG(a) EACH_IMM(i) {
        EACH_WIDTH(w, W8 | W32 | W64) {
            x64_test_ri(&l.emit, w, a, i);
            line(&l, "test %s, %d", reg_name(w, a), w == 8 ? (int8_t)i : i);
        }
        EACH_WIDTH(w, W32 | W64) EACH_REG(b) {
            x64_imul_rri(&l.emit, w, a, b, i);
            line(&l, "imul %s, %s, %d", reg_name(w, a), reg_name(w, b), i);
        }
    }
    EACH_WIDTH(w, W32 | W64) EACH_REG(a) for (unsigned i = 0; i < w; i++) {
        x64_bt_ri(&l.emit, w, a, i);
        line(&l, "bt %s, %u", reg_name(w, a), i);
        EACH_REG(b) {
            x64_rorx_rri(&l.emit, w, a, b, i);
            line(&l, "rorx %s, %s, %u", reg_name(w, a), reg_name(w, b), i);
        }
    }
    compare(&l);
}
END_TEST

/* Finished code, and where each jump in it starts. */
struct jumps {
    struct x64_emit emit;
    uint8_t *code;
    size_t size;
};

static void jumps_finish(struct jumps *j)
{
    j->size = x64_finish(&j->emit);
    ck_assert_int_eq(j->emit.status, EBPF_OK);
    j->code = malloc(j->size);
    x64_write(&j->emit, j->code);
}

static void jumps_free(struct jumps *j)
{
    x64_emit_free(&j->emit);
    free(j->code);
}

/* Where the jump or call at `label` goes, and how long it is. */
static uint32_t target_of(const struct jumps *j, uint32_t label, unsigned *length)
{
    uint32_t at = x64_position(&j->emit, label);
    const uint8_t *p = j->code + at;
    bool is_short = p[0] == 0xeb || p[0] >> 4 == 7;
    *length = is_short ? 2 : p[0] == 0x0f ? 6 : 5;
    int32_t distance = (int8_t)p[1];
    if (!is_short)
        memcpy(&distance, p + *length - 4, sizeof(distance));
    return at + *length + (uint32_t)distance;
}

START_TEST(jumps_are_short_up_to_the_last_byte)
{
    for (unsigned gap = 100; gap < 150; gap++) {
        for (int forward = 0; forward < 2; forward++) {
            struct jumps j;
            x64_emit_init(&j.emit, NULL);
            uint32_t target = x64_labels(&j.emit, 2), jump = target + 1;
            if (!forward)
                x64_bind(&j.emit, target);
            for (unsigned i = 0; i < (forward ? 0 : gap); i++)
                x64_int3(&j.emit);
            x64_bind(&j.emit, jump);
            x64_jcc(&j.emit, X64_NE, target);
            for (unsigned i = 0; i < (forward ? gap : 0); i++)
                x64_int3(&j.emit);
            if (forward)
                x64_bind(&j.emit, target);
            x64_ret(&j.emit);
            jumps_finish(&j);
            unsigned length;
            ck_assert_uint_eq(target_of(&j, jump, &length), x64_position(&j.emit, target));
            ck_assert_uint_eq(length, gap <= (forward ? 127 : 126) ? 2 : 6);
            jumps_free(&j);
        }
    }
}
END_TEST

START_TEST(distances_are_refused_where_they_do_not_fit)
{
    for (unsigned fill = INT16_MAX - 8; fill <= INT16_MAX; fill++) {
        struct jumps j;
        x64_emit_init(&j.emit, NULL);
        uint32_t start = x64_labels(&j.emit, 2), end = start + 1;
        x64_bind(&j.emit, start);
        x64_distance(&j.emit, start, end, 2);
        x64_distance(&j.emit, start, end, 4);
        for (unsigned i = 6; i < fill; i++)
            x64_int3(&j.emit);
        x64_bind(&j.emit, end);
        x64_ret(&j.emit);
        if (fill == INT16_MAX) {
            ck_assert_uint_eq(x64_finish(&j.emit), 0);
            ck_assert_int_eq(j.emit.status, EBPF_ERR_LIMIT);
            x64_emit_free(&j.emit);
            continue;
        }
        jumps_finish(&j);
        ck_assert_uint_eq(ebpf_get_le16(j.code), fill);
        ck_assert_uint_eq(ebpf_get_le32(j.code + 2), fill);
        jumps_free(&j);
    }
}
END_TEST

/* A fixed sequence of pseudo-random numbers. */
static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

START_TEST(random_jumps_reach_their_labels)
{
    enum { LABELS = 400 };
    for (uint32_t seed = 0; seed < 50; seed++) {
        struct jumps j;
        uint32_t state = seed, targets[LABELS], boundaries[LABELS];
        x64_emit_init(&j.emit, NULL);
        uint32_t places = x64_labels(&j.emit, LABELS), jumps = x64_labels(&j.emit, LABELS);
        for (uint32_t i = 0; i < LABELS; i++) {
            boundaries[i] = next(&state) % 8 ? 1 : 1u << next(&state) % 7;
            x64_align(&j.emit, boundaries[i]);
            x64_bind(&j.emit, places + i);
            for (uint32_t n = next(&state) % 60; n; n--)
                x64_int3(&j.emit);
            targets[i] = next(&state) % 4 ? (i + next(&state) % 8) % LABELS : next(&state) % LABELS;
            x64_bind(&j.emit, jumps + i);
            switch (next(&state) % 3) {
            case 0: x64_jmp(&j.emit, places + targets[i]); break;
            case 1: x64_jcc(&j.emit, X64_B, places + targets[i]); break;
            default: x64_call(&j.emit, places + targets[i]);
            }
        }
        jumps_finish(&j);
        for (uint32_t i = 0; i < LABELS; i++) {
            unsigned length;
            uint32_t target = target_of(&j, jumps + i, &length);
            ck_assert_uint_eq(target, x64_position(&j.emit, places + targets[i]));
            ck_assert_uint_eq(x64_position(&j.emit, places + i) % boundaries[i], 0);
        }
        jumps_free(&j);
    }
}
END_TEST

/* Allocates until the bytes run out. */
static void *limited(void *ctx, void *old, size_t old_size, size_t new_size)
{
    size_t *left = ctx;
    if (new_size == 0) {
        free(old);
        return NULL;
    }
    if (new_size > old_size && new_size - old_size > *left)
        return NULL;
    *left -= new_size > old_size ? new_size - old_size : 0;
    return realloc(old, new_size);
}

START_TEST(running_out_of_memory_sticks)
{
    for (size_t bytes = 0; bytes < 20000; bytes += 97) {
        size_t left = bytes;
        struct ebpf_mem mem = {limited, &left};
        struct x64_emit emit;
        x64_emit_init(&emit, &mem);
        uint32_t labels = x64_labels(&emit, 100);
        for (uint32_t i = 0; i < 100; i++) {
            x64_bind(&emit, labels + i);
            x64_mov_ri(&emit, X64_RAX, UINT64_MAX / 3);
            x64_jmp(&emit, labels);
        }
        size_t size = x64_finish(&emit);
        ck_assert(emit.status == EBPF_OK || emit.status == EBPF_ERR_NOMEM);
        ck_assert_int_eq(size == 0, emit.status != EBPF_OK);
        x64_emit_free(&emit);
    }
}
END_TEST

static TCase *forms(void)
{
    TCase *tc = tcase_create("forms");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, two_operands);
    tcase_add_test(tc, memory);
    tcase_add_test(tc, one_and_three_operands);
    tcase_add_test(tc, immediates);
    return tc;
}

static TCase *layout(void)
{
    TCase *tc = tcase_create("layout");
    tcase_add_test(tc, jumps_are_short_up_to_the_last_byte);
    tcase_add_test(tc, distances_are_refused_where_they_do_not_fit);
    tcase_add_test(tc, random_jumps_reach_their_labels);
    tcase_add_test(tc, running_out_of_memory_sticks);
    return tc;
}

RUN_SUITE("x64-emit", forms, layout)
