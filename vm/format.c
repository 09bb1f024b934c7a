/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Formatted text, for trace_printk and snprintf. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "vm/helpers.h"

/* No field is wider. */
enum { WIDTH_MAX = 255 };

/* A conversion: `%-8llx`. */
struct spec {
    char flags[5]; /* each at most once, with a NUL */
    int width;
    bool wide; /* 64 bits, else 32 */
    char kind; /* one of c s d i u x X p */
};

static void append(struct ebpf_formatted *out, const char *text, size_t length)
{
    if (out->length < out->size) {
        size_t room = out->size - out->length - 1;
        memcpy(out->buffer + out->length, text, length < room ? length : room);
        out->buffer[out->length + (length < room ? length : room)] = '\0';
    }
    out->length += length;
}

static const char *parse_flags(struct spec *spec, const char *p)
{
    size_t count = 0;
    for (; *p && strchr("-+ 0", *p); p++) {
        if (!memchr(spec->flags, *p, count))
            spec->flags[count++] = *p;
    }
    return p;
}

/* %p and what may follow it. */
static const char *parse_pointer(struct spec *spec, const char *p)
{
    if ((p[0] == 'k' || p[0] == 'u') && p[1] == 's') {
        spec->kind = 's';
        return p + 2;
    }
    return p[0] == 'x' || p[0] == 'K' ? p + 1 : p;
}

/* Reads what follows a '%'; returns where it ends, or NULL. */
static const char *parse(struct spec *spec, const char *p)
{
    *spec = (struct spec){0};
    p = parse_flags(spec, p);
    for (; *p >= '0' && *p <= '9'; p++) {
        spec->width = spec->width * 10 + (*p - '0');
        if (spec->width > WIDTH_MAX)
            return NULL;
    }
    bool longs = *p == 'l';
    spec->wide = longs;
    p += longs;
    p += longs && *p == 'l';
    spec->kind = *p;
    if (*p == '\0' || !strchr(longs ? "diuxX" : "csdiuxXp", *p))
        return NULL;
    p++;
    return spec->kind == 'p' ? parse_pointer(spec, p) : p;
}

/* Appends one value by way of the C library; the format has been checked. */
static void append_number(struct ebpf_formatted *out, const struct spec *spec, uint64_t value)
{
    char format[16], text[WIDTH_MAX + 32];
    bool is_signed = spec->kind == 'd' || spec->kind == 'i';
    if (!spec->wide && spec->kind != 'p')
        value = is_signed ? (uint64_t)(int64_t)(int32_t)value : (uint32_t)value;
    if (spec->kind == 'p')
        snprintf(format, sizeof(format), "%%016llx");
    else if (spec->kind == 'c')
        snprintf(format, sizeof(format), "%%%s*c", spec->flags);
    else
        snprintf(format, sizeof(format), "%%%s*ll%c", spec->flags, spec->kind);
    int length = spec->kind == 'p'   ? snprintf(text, sizeof(text), format, value)
                 : spec->kind == 'c' ? snprintf(text, sizeof(text), format, spec->width, (int)value)
                                     : snprintf(text, sizeof(text), format, spec->width, value);
    append(out, text, (size_t)length);
}

static void append_spaces(struct ebpf_formatted *out, size_t count)
{
    while (count--)
        append(out, " ", 1);
}

static void append_string(struct ebpf_formatted *out, const struct spec *spec, const char *text,
                          size_t length)
{
    size_t width = (size_t)spec->width, pad = width > length ? width - length : 0;
    bool left = strchr(spec->flags, '-') != NULL;
    append_spaces(out, left ? 0 : pad);
    append(out, text, length);
    append_spaces(out, left ? pad : 0);
}

static void append_value(struct ebpf_run *run, struct ebpf_formatted *out,
                         const struct spec *spec, uint64_t value)
{
    uint64_t length;
    if (spec->kind != 's') {
        append_number(out, spec, value);
        return;
    }
    const char *text = ebpf_run_string(run, value, &length);
    if (text) {
        append_string(out, spec, text, length);
        return;
    }
    char message[EBPF_FAULT_MESSAGE];
    snprintf(message, sizeof(message), "no readable string for %%s at 0x%llx",
             (unsigned long long)value);
    ebpf_run_fail(run, EBPF_ERR_HELPER_ARG, message);
}

int ebpf_run_format(struct ebpf_run *run, struct ebpf_formatted *out, const char *format,
                    const uint64_t *values, size_t count)
{
    append(out, "", 0);
    for (const char *p = format; *p;) {
        struct spec spec;
        if ((*p < ' ' || *p > '~') && !strchr("\t\n\v\f\r", *p))
            return -EINVAL;
        if (p[0] != '%' || p[1] == '%') {
            append(out, p, 1);
            p += *p == '%' ? 2 : 1;
            continue;
        }
        p = parse(&spec, p + 1);
        if (!p || count-- == 0)
            return -EINVAL;
        append_value(run, out, &spec, *values++);
        if (run->ended)
            return 0;
    }
    return 0;
}
