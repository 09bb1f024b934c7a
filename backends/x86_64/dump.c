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

/* The code from `at` to `end`: place, bytes, and where it is known the instruction. */
static void dump_code(struct ebpf_out *text, const uint8_t *code, uint32_t at, uint32_t end)
{
    struct piece piece;
    for (; at < end; at += piece.size) {
        disassemble(code + at, end - at, at, &piece);
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

ebpf_status x64_dump(const struct ebpf_code *code, const struct ebpf_stream *out)
{
    const struct ebpf_program *program = code->in.program;
    uint32_t count = ebpf_program_count(program), size = code->text_size;
    struct ebpf_out text;
    ebpf_out_init(&text, out);
    ebpf_out_puts(&text, "; start\n");
    dump_code(&text, code->text, 0, code->offsets[0]);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t end = i + 1 < count ? code->offsets[i + 1] : size;
        ebpf_out_printf(&text, "; %u: ", ebpf_program_pc(program, i));
        ebpf_status status = ebpf_out_flush(&text);
        if (!status)
            status = ebpf_insn_print(program, i, EBPF_DIALECT_PSEUDOC, out);
        if (status)
            return status;
        ebpf_out_char(&text, '\n');
        dump_code(&text, code->text, code->offsets[i], end);
    }
    return ebpf_out_flush(&text);
}
