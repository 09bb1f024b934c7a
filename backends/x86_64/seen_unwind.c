/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * How to unwind through generated code, in the form of .eh_frame (DWARF 4, 6.4; LSB 10.6.1).
 *
 * All code of a program is one frame to it, local calls included: what the start of the program has
 * saved lies at a fixed distance from the stack pointer of its caller, which struct x64_frame
 * keeps, and r15 leads to that wherever the code calls the host.
 */
#include <string.h>

#include "backends/x86_64/emit.h"
#include "backends/x86_64/frame.h"
#include "backends/x86_64/seen.h"
#include "base/bytes.h"

enum {
    CFA_ADVANCE4 = 0x04, CFA_DEF_CFA = 0x0c, CFA_DEF_OFFSET = 0x0e, CFA_DEF_EXPRESSION = 0x0f,
    CFA_OFFSET = 0x80, OP_DEREF = 0x06, OP_BREG15 = 0x7f,
    DWARF_RSP = 7, DWARF_RETURN = 16
};

struct writer {
    uint8_t *at;
};

static void byte(struct writer *w, unsigned value)
{
    *w->at++ = (uint8_t)value;
}

static void uleb(struct writer *w, uint32_t value)
{
    for (; value > 0x7f; value >>= 7)
        byte(w, value | 0x80);
    byte(w, value);
}

static void sleb(struct writer *w, uint32_t positive)
{
    for (; positive > 0x3f; positive >>= 7)
        byte(w, positive | 0x80);
    byte(w, positive);
}

static void word(struct writer *w, uint32_t value)
{
    ebpf_put_le32(w->at, value);
    w->at += 4;
}

static void address(struct writer *w, uint64_t value)
{
    word(w, (uint32_t)value);
    word(w, (uint32_t)(value >> 32));
}

/* Pads a record with no-operations, and writes its length in front. */
static void finish(struct writer *w, uint8_t *record)
{
    while ((w->at - record) % 8)
        byte(w, 0);
    ebpf_put_le32(record, (uint32_t)(w->at - record - 4));
}

static unsigned dwarf_reg(unsigned reg)
{
    return reg == X64_RBP ? 6 : reg; /* of those that are saved, only rbp has another number */
}

static void put_cie(struct writer *w)
{
    uint8_t *record = w->at;
    w->at += 4;
    word(w, 0);
    byte(w, 1);
    memcpy(w->at, "zR", 3);
    w->at += 3;
    uleb(w, 1);
    byte(w, 0x78); /* -8 */
    uleb(w, DWARF_RETURN);
    uleb(w, 1);
    byte(w, 0); /* addresses as they are */
    byte(w, CFA_DEF_CFA);
    uleb(w, DWARF_RSP);
    uleb(w, 8);
    byte(w, CFA_OFFSET | DWARF_RETURN);
    uleb(w, 1);
    finish(w, record);
}

static void advance(struct writer *w, uint32_t *from, uint32_t to)
{
    byte(w, CFA_ADVANCE4);
    word(w, to - *from);
    *from = to;
}

size_t x64_write_eh_frame(const struct ebpf_code *code, const struct x64_unwind *unwind,
                          uint8_t out[X64_EH_MAX])
{
    struct writer w = {out};
    put_cie(&w);
    uint8_t *record = w.at;
    uint32_t at = 0;
    w.at += 4;
    word(&w, (uint32_t)(w.at - out));
    address(&w, (uintptr_t)code->starting.text);
    address(&w, code->text_size);
    uleb(&w, 0);
    for (uint32_t i = 0; i < unwind->count; i++) {
        advance(&w, &at, unwind->at[i]);
        byte(&w, CFA_DEF_OFFSET);
        uleb(&w, 8 * (i + 2));
        byte(&w, CFA_OFFSET | dwarf_reg(unwind->regs[i]));
        uleb(&w, i + 2);
    }
    advance(&w, &at, unwind->body);
    if (unwind->framed) {
        byte(&w, CFA_DEF_EXPRESSION);
        uint8_t *length = w.at++;
        byte(&w, OP_BREG15);
        sleb(&w, offsetof(struct x64_frame, rsp));
        byte(&w, OP_DEREF);
        *length = (uint8_t)(w.at - length - 1);
    } else {
        byte(&w, CFA_DEF_OFFSET);
        uleb(&w, unwind->size);
    }
    finish(&w, record);
    word(&w, 0);
    return (size_t)(w.at - out);
}
