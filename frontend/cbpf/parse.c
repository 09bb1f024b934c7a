/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reading filters: text of numbers, and bytes. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <ebpfvm/cbpf.h>

#include "base/options.h"

enum { SHOWN = 200, FIELDS = 4 };

struct reader {
    const char *text;
    size_t length, at;   /* `at` is behind the last number */
    size_t start;        /* of the number read last */
    const char *file;
    struct ebpf_diag *diag;
};

/* Reports the text from `start` to `end`, with its line. */
static ebpf_status complain(const struct reader *r, ebpf_status status, size_t start, size_t end,
                            const char *advice, const char *message, ...) EBPF_PRINTF(6, 7);

static ebpf_status complain(const struct reader *r, ebpf_status status, size_t start, size_t end,
                            const char *advice, const char *message, ...)
{
    struct ebpf_diag_entry entry = {.status = status, .file = r->file, .line = 1,
                                    .pc = EBPF_PC_NONE, .advice = advice};
    char line[SHOWN], text[SHOWN];
    size_t begin = 0, stop = start;
    for (size_t i = 0; i < start; i++) {
        if (r->text[i] != '\n')
            continue;
        entry.line++;
        begin = i + 1;
    }
    while (stop < r->length && r->text[stop] != '\n' && r->text[stop] != '\r')
        stop++;
    entry.column = (uint32_t)(start - begin) + 1;
    entry.width = end > start && end <= stop ? (uint32_t)(end - start) : 1;
    if (stop - begin < SHOWN && !memchr(r->text + begin, 0, stop - begin)) {
        memcpy(line, r->text + begin, stop - begin);
        line[stop - begin] = '\0';
        entry.source = line;
    }
    va_list args;
    va_start(args, message);
    vsnprintf(text, sizeof(text), message, args);
    va_end(args);
    ebpf_diag_add(r->diag, &entry, "%s", text);
    return status;
}

static bool is_between(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == ',' || c == '{' || c == '}';
}

/* The value of a digit; 16 if it is none of the base. */
static unsigned digit(char c, unsigned base)
{
    unsigned value = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                     : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                     : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                            : 16;
    return value < base ? value : 16;
}

static void skip(struct reader *r)
{
    while (r->at < r->length && is_between(r->text[r->at]))
        r->at++;
}

/* Reads a number of at most `most`, which is what `what` may be. */
static ebpf_status number(struct reader *r, uint32_t most, const char *what, uint32_t *out)
{
    uint64_t value = 0;
    skip(r);
    r->start = r->at;
    if (r->at == r->length)
        return complain(r, EBPF_ERR_SYNTAX, r->at, r->at, "`tcpdump -ddd` writes how many "
                        "instructions follow, then code, jt, jf and k of each",
                        "the text ends where %s should be", what);
    bool hex = r->length - r->at > 2 && r->text[r->at] == '0' && (r->text[r->at + 1] | 32) == 'x';
    unsigned base = hex ? 16 : 10, d;
    r->at += hex ? 2 : 0;
    size_t first = r->at;
    for (; r->at < r->length && (d = digit(r->text[r->at], base)) < 16; r->at++)
        value = value <= UINT32_MAX ? value * base + d : value;
    if (r->at == first || (r->at < r->length && !is_between(r->text[r->at])))
        return complain(r, EBPF_ERR_CHARACTER, r->at, r->at + 1,
                        "numbers are decimal, or hexadecimal after 0x; blanks, newlines, commas "
                        "and braces stand between them", "this is no digit of a number");
    if (value > most)
        return complain(r, EBPF_ERR_RANGE, r->start, r->at, NULL, "%s is at most %u", what, most);
    *out = (uint32_t)value;
    return EBPF_OK;
}

static ebpf_status instruction(struct reader *r, struct ebpf_cbpf_insn *insn)
{
    static const uint32_t most[FIELDS] = {UINT16_MAX, UINT8_MAX, UINT8_MAX, UINT32_MAX};
    static const char *const names[FIELDS] = {"the code", "jt", "jf", "k"};
    uint32_t fields[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
        ebpf_status status = number(r, most[i], names[i], &fields[i]);
        if (status)
            return status;
    }
    *insn = (struct ebpf_cbpf_insn){(uint16_t)fields[0], (uint8_t)fields[1], (uint8_t)fields[2],
                                    fields[3]};
    return EBPF_OK;
}

static ebpf_status too_long(const struct reader *r)
{
    return complain(r, EBPF_ERR_TOO_LONG, r->start, r->at, "split the filter",
                    "a filter has at most %u instructions", EBPF_CBPF_MAX);
}

static ebpf_status parse(struct reader *r, struct ebpf_cbpf *out)
{
    uint32_t count = 0;
    skip(r);
    bool counted = !memchr(r->text, '{', r->at);
    ebpf_status status =
        counted ? number(r, UINT32_MAX, "the number of instructions", &count) : EBPF_OK;
    if (!status && count > EBPF_CBPF_MAX)
        return too_long(r);
    uint32_t i = 0;
    for (; !status && (counted ? i < count : r->at < r->length); i++) {
        if (i == EBPF_CBPF_MAX)
            return too_long(r);
        status = instruction(r, &out->insns[i]);
        if (!counted)
            skip(r);
    }
    if (status)
        return status;
    skip(r);
    if (r->at < r->length)
        return complain(r, EBPF_ERR_SYNTAX, r->at, r->at + 1,
                        "the first number is how many instructions follow",
                        "there is more than the %u instructions that were announced", count);
    out->count = i;
    return EBPF_OK;
}

static const char *name_of(const struct ebpf_cbpf_options *o)
{
    return o->file ? o->file : "<filter>";
}

/* What reading a filter begins with, whatever it is written in. */
static ebpf_status begin(const struct ebpf_cbpf_options *options, struct ebpf_cbpf_options *copy,
                         struct ebpf_cbpf *out)
{
    out->count = 0;
    return ebpf_options_copy(copy, sizeof(*copy), options);
}

ebpf_status ebpf_cbpf_parse(const char *text, size_t length,
                            const struct ebpf_cbpf_options *options, struct ebpf_diag *diag,
                            struct ebpf_cbpf *out)
{
    struct ebpf_cbpf_options o;
    ebpf_status status = begin(options, &o, out);
    if (status)
        return status;
    struct reader r = {.text = length ? text : "", .length = length, .file = name_of(&o),
                       .diag = diag};
    return parse(&r, out);
}

ebpf_status ebpf_cbpf_decode(const void *bytes, size_t length,
                             const struct ebpf_cbpf_options *options, struct ebpf_diag *diag,
                             struct ebpf_cbpf *out)
{
    struct ebpf_cbpf_options o;
    ebpf_status status = begin(options, &o, out);
    if (status)
        return status;
    struct ebpf_diag_entry entry = {.file = name_of(&o), .pc = EBPF_PC_NONE};
    size_t count = length / sizeof(struct ebpf_cbpf_insn);
    if (length % sizeof(struct ebpf_cbpf_insn))
        entry.status = EBPF_ERR_LENGTH;
    else if (count > EBPF_CBPF_MAX)
        entry.status = EBPF_ERR_TOO_LONG;
    entry.advice = count > EBPF_CBPF_MAX ? "a filter has at most 4096 instructions"
                                         : ebpf_status_advice(entry.status);
    if (entry.status) {
        ebpf_diag_add(diag, &entry, "the filter has %zu bytes", length);
        return entry.status;
    }
    if (length)
        memcpy(out->insns, bytes, length);
    out->count = (uint32_t)count;
    return EBPF_OK;
}
