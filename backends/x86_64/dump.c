/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Machine code for people: each instruction of the program, and beneath it what was made of it. */
#include "config.h"

#include <stdio.h>

#ifdef HAVE_ZYDIS
#include <Zydis/Zydis.h>
#endif

#include "backends/x86_64/frame.h"
#include "base/stream.h"
#include "ir/program.h"

/* A machine instruction, or bytes that are none. */
struct piece {
    uint32_t size;
    char text[96];
};

#ifdef HAVE_ZYDIS
static void disassemble(const uint8_t *code, uint32_t room, uint64_t address, struct piece *piece)
{
    ZydisDisassembledInstruction insn;
    *piece = (struct piece){.size = 1, .text = "(bad)"};
    if (!ZYAN_SUCCESS(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, address, code, room,
                                            &insn)))
        return;
    piece->size = insn.info.length;
    snprintf(piece->text, sizeof(piece->text), "%s", insn.text);
}
#else
static void disassemble(const uint8_t *code, uint32_t room, uint64_t address, struct piece *piece)
{
    (void)code, (void)address;
    *piece = (struct piece){.size = room < 16 ? room : 16};
}
#endif

enum { COLUMN = 11 /* bytes that stand in front of the text */ };

/* What is at an offset, before `end`: an instruction, or some of a table. */
static void find_piece(const struct ebpf_code *code, uint32_t at, uint32_t end,
                       struct piece *piece)
{
    const struct x64_table *table = code->tables.data;
    for (size_t i = 0; i < code->tables.count; i++) {
        if (at >= table[i].start && at < table[i].end) {
            uint32_t room = table[i].end - at;
            *piece = (struct piece){.size = room < 8 ? room : 8, .text = "(table)"};
            return;
        }
        if (table[i].start > at && table[i].start < end)
            end = table[i].start;
    }
    disassemble(code->starting.text + at, end - at, at, piece);
}

/* The code from `at` to `end`: place, bytes, and where it is known the instruction. */
static void dump_code(struct ebpf_out *text, const struct ebpf_code *whole, uint32_t at,
                      uint32_t end)
{
    const uint8_t *code = whole->starting.text;
    struct piece piece;
    for (; at < end; at += piece.size) {
        find_piece(whole, at, end, &piece);
        ebpf_out_printf(text, "%8x:", at);
        for (uint32_t i = 0; i < piece.size; i++)
            ebpf_out_printf(text, " %02x", code[at + i]);
        for (uint32_t i = piece.size; i < COLUMN && piece.text[0]; i++)
            ebpf_out_puts(text, "   ");
        if (piece.text[0])
            ebpf_out_printf(text, "  %s", piece.text);
        ebpf_out_char(text, '\n');
    }
}

/* An instruction, and where its code starts. */
struct start {
    uint32_t offset, insn;
};

static int compare_starts(const void *a, const void *b)
{
    const struct start *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* All instructions in the order of their code. */
static ebpf_status find_order(const struct ebpf_code *code, struct ebpf_vec *starts)
{
    uint32_t count = ebpf_program_count(code->in.program);
    struct start *s = ebpf_vec_push(starts, count);
    if (!s)
        return EBPF_ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++)
        s[i] = (struct start){code->offsets[i], i};
    return ebpf_vec_sort(starts, compare_starts) ? EBPF_OK : EBPF_ERR_NOMEM;
}

static ebpf_status dump_insns(const struct ebpf_code *code, const struct ebpf_vec *starts,
                              const struct ebpf_stream *out)
{
    const struct start *s = starts->data;
    struct ebpf_out text;
    ebpf_out_init(&text, out);
    ebpf_out_puts(&text, "; start\n");
    dump_code(&text, code, 0, code->offsets[0]);
    for (size_t i = 0; i < starts->count; i++) {
        uint32_t end = i + 1 < starts->count ? s[i + 1].offset : code->text_size;
        ebpf_out_printf(&text, "; %u: ", ebpf_program_pc(code->in.program, s[i].insn));
        ebpf_status status = ebpf_out_flush(&text);
        if (!status)
            status = ebpf_insn_print(code->in.program, s[i].insn, EBPF_DIALECT_PSEUDOC, out);
        if (status)
            return status;
        ebpf_out_char(&text, '\n');
        dump_code(&text, code, s[i].offset, end);
    }
    return ebpf_out_flush(&text);
}

ebpf_status x64_dump(const struct ebpf_code *code, const struct ebpf_stream *out)
{
    struct ebpf_vec starts;
    ebpf_vec_init(&starts, &code->mem, sizeof(struct start));
    ebpf_status status = find_order(code, &starts);
    if (!status)
        status = dump_insns(code, &starts, out);
    ebpf_vec_free(&starts);
    return status;
}
