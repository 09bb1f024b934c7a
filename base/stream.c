/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/stream.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"

static int write_file(void *ctx, const char *data, size_t length)
{
    return fwrite(data, 1, length, ctx) == length ? 0 : -1;
}

struct ebpf_stream ebpf_stream_file(FILE *file)
{
    return (struct ebpf_stream){.write = write_file, .ctx = file};
}

static int write_text(void *ctx, const char *data, size_t length)
{
    struct ebpf_text *text = ctx;
    struct ebpf_mem mem = ebpf_mem_or_default(text->mem);
    size_t need = text->length + length + 1;
    if (need > text->capacity) {
        size_t capacity = text->capacity < 128 ? 256 : text->capacity * 2;
        if (capacity < need)
            capacity = need;
        char *grown = ebpf_mem_resize(&mem, text->data, text->capacity, capacity);
        if (!grown)
            return EBPF_ERR_NOMEM;
        text->data = grown;
        text->capacity = capacity;
    }
    memcpy(text->data + text->length, data, length);
    text->length += length;
    text->data[text->length] = '\0';
    return 0;
}

struct ebpf_stream ebpf_stream_text(struct ebpf_text *text)
{
    return (struct ebpf_stream){.write = write_text, .ctx = text};
}

void ebpf_text_free(struct ebpf_text *text)
{
    if (!text)
        return;
    struct ebpf_mem mem = ebpf_mem_or_default(text->mem);
    ebpf_mem_free(&mem, text->data, text->capacity);
    *text = (struct ebpf_text){.mem = text->mem};
}

void ebpf_out_init(struct ebpf_out *out, const struct ebpf_stream *stream)
{
    out->stream = stream;
    out->status = EBPF_OK;
    out->used = 0;
}

static void hand_on(struct ebpf_out *out, const char *data, size_t length)
{
    if (out->status || length == 0)
        return;
    int error = out->stream->write(out->stream->ctx, data, length);
    if (error)
        out->status = error == EBPF_ERR_NOMEM ? EBPF_ERR_NOMEM : EBPF_ERR_IO;
}

ebpf_status ebpf_out_flush(struct ebpf_out *out)
{
    hand_on(out, out->buffer, out->used);
    out->used = 0;
    return out->status;
}

void ebpf_out_write(struct ebpf_out *out, const char *data, size_t length)
{
    if (length > sizeof(out->buffer) - out->used)
        ebpf_out_flush(out);
    if (length > sizeof(out->buffer)) {
        hand_on(out, data, length);
        return;
    }
    if (length)
        memcpy(out->buffer + out->used, data, length);
    out->used += length;
}

void ebpf_out_puts(struct ebpf_out *out, const char *text)
{
    ebpf_out_write(out, text, strlen(text));
}

void ebpf_out_char(struct ebpf_out *out, char c)
{
    ebpf_out_write(out, &c, 1);
}

void ebpf_out_hex(struct ebpf_out *out, uint64_t value, unsigned digits)
{
    char text[16], *end = text + sizeof(text), *p = end;
    do
        *--p = "0123456789abcdef"[value & 15];
    while ((value >>= 4) != 0 || (end - p < (ptrdiff_t)digits && p > text));
    ebpf_out_write(out, p, (size_t)(end - p));
}

void ebpf_out_decimal(struct ebpf_out *out, int64_t value)
{
    char text[20], *end = text + sizeof(text), *p = end;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (value < 0)
        *--p = '-';
    ebpf_out_write(out, p, (size_t)(end - p));
}

void ebpf_out_printf(struct ebpf_out *out, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (length > 0)
        ebpf_out_write(out, text,
                       (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1);
}

/* The length of the UTF-8 sequence at text, or 0 if it is none (RFC 3629, 4). */
static size_t utf8_length(const unsigned char *text, size_t length)
{
    static const struct { unsigned char mask, lead, size; uint32_t least; } kinds[] = {
        {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};
    for (size_t k = 0; k < 3; k++) {
        if ((text[0] & kinds[k].mask) != kinds[k].lead || length < kinds[k].size)
            continue;
        uint32_t point = text[0] & ~kinds[k].mask & 0xff;
        for (size_t i = 1; i < kinds[k].size; i++) {
            if ((text[i] & 0xc0) != 0x80)
                return 0;
            point = point << 6 | (text[i] & 0x3f);
        }
        bool valid = point >= kinds[k].least && point <= 0x10ffff && (point >> 11) != 0x1b;
        return valid ? kinds[k].size : 0;
    }
    return 0;
}

void ebpf_out_json(struct ebpf_out *out, const char *text, size_t length)
{
    ebpf_out_char(out, '"');
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)text[i];
        size_t sequence = c < 0x80 ? 1 : utf8_length((const unsigned char *)text + i, length - i);
        if (c == '"' || c == '\\')
            ebpf_out_printf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            ebpf_out_printf(out, "\\u%04x", c);
        else if (sequence == 0)
            ebpf_out_puts(out, "\\ufffd");
        else
            ebpf_out_write(out, text + i, sequence);
        i += sequence ? sequence : 1;
    }
    ebpf_out_char(out, '"');
}
