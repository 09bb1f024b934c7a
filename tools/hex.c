/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/input.h"
#include "tools/output.h"

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_separator(char c)
{
    return c && strchr(" \t\r\n\v\f,:;-_\"'()[]", c);
}

/* Past a comment at `at`, or `at` itself if none starts there. */
static size_t skip_comment(const char *text, size_t at, size_t end)
{
    size_t start = at;
    if (text[at] == '#' || (text[at] == '/' && at + 1 < end && text[at + 1] == '/')) {
        while (at < end && text[at] != '\n')
            at++;
    } else if (text[at] == '/' && at + 1 < end && text[at + 1] == '*') {
        at += 2;
        while (at + 1 < end && !(text[at] == '*' && text[at + 1] == '/'))
            at++;
        at = at + 2 < end ? at + 2 : end;
        if (at == end && (end - start < 4 || text[end - 1] != '/'))
            return start; /* not closed: an error here */
    }
    return at;
}

/* Narrows a C array down to what is between its braces. */
static size_t find_braces(const char *text, size_t *end)
{
    const char *open = memchr(text, '{', *end);
    if (!open)
        return 0;
    size_t start = (size_t)(open - text) + 1;
    const char *close = memchr(open, '}', *end - start + 1);
    if (close)
        *end = (size_t)(close - text);
    return start;
}

/* Reads the digits from `*at` on.  0x1 is a byte, a bare 1 is half of one. */
static enum tool_hex parse_digits(const char *text, size_t end, size_t *at, bool prefixed,
                                  struct tool_bytes *out)
{
    size_t start = *at, i = start;
    while (i < end && digit(text[i]) >= 0)
        i++;
    size_t count = i - start;
    *at = i;
    if (count == 0)
        return TOOL_HEX_CHARACTER;
    if (count == 1 && prefixed) {
        out->data[out->size++] = (char)digit(text[start]);
        return TOOL_HEX_OK;
    }
    if (count % 2 && (i == end || is_separator(text[i]))) {
        *at = start;
        return TOOL_HEX_ODD;
    }
    if (count % 2)
        return TOOL_HEX_CHARACTER; /* the one that cuts the byte in two */
    for (i = start; i < *at; i += 2)
        out->data[out->size++] = (char)(digit(text[i]) << 4 | digit(text[i + 1]));
    return TOOL_HEX_OK;
}

enum tool_hex tool_hex_parse(const char *text, size_t length, struct tool_bytes *out, size_t *bad)
{
    size_t end = length, at = find_braces(text, &end);
    out->size = 0;
    out->data = malloc(length / 2 + 2); /* even "0x1" takes two characters for a byte */
    if (!out->data)
        return TOOL_HEX_NOMEM;
    enum tool_hex result = TOOL_HEX_OK;
    while (at < end && result == TOOL_HEX_OK) {
        size_t next = skip_comment(text, at, end);
        *bad = at;
        if (next != at) {
            at = next;
        } else if (is_separator(text[at])) {
            at++;
        } else {
            bool prefixed = at + 1 < end && (text[at] == '0' || text[at] == '\\') &&
                            (text[at + 1] | 0x20) == 'x';
            at += prefixed ? 2 : 0;
            result = parse_digits(text, end, &at, prefixed, out);
            *bad = at;
        }
    }
    out->data[out->size] = 0;
    if (result != TOOL_HEX_OK) {
        free(out->data);
        *out = (struct tool_bytes){0};
    }
    return result;
}

void tool_point(struct tool *tool, const struct tool_place *place, const char *format, ...)
{
    enum { SHOWN = 200 };
    size_t start = place->at, stop = place->at;
    uint32_t line = 1;
    while (start > 0 && place->text[start - 1] != '\n')
        start--;
    while (stop < place->length && place->text[stop] != '\n')
        stop++;
    for (size_t i = 0; i < start; i++)
        line += place->text[i] == '\n';
    char source[SHOWN + 1], message[200];
    bool shown = stop - start <= SHOWN && !memchr(place->text + start, 0, stop - start);
    snprintf(source, sizeof(source), "%.*s", shown ? (int)(stop - start) : 0, place->text + start);
    const struct ebpf_diag_entry entry = {
        .status = place->status, .severity = EBPF_SEVERITY_ERROR, .file = place->name,
        .line = line, .column = (uint32_t)(place->at - start + 1),
        .width = place->width > 0 ? (uint32_t)place->width : 1, .pc = EBPF_PC_NONE,
        .source = shown ? source : NULL, .advice = place->advice};
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    ebpf_diag_add(tool->diag, &entry, "%s", message);
}

static void complain(struct tool *tool, struct tool_place *place, bool odd)
{
    size_t stop = place->at;
    while (odd && stop < place->length && digit(place->text[stop]) >= 0)
        stop++;
    place->width = stop - place->at;
    place->status = EBPF_ERR_HEX;
    place->advice = ebpf_status_advice(EBPF_ERR_HEX);
    unsigned char c = place->at < place->length ? (unsigned char)place->text[place->at] : 0;
    if (odd)
        tool_point(tool, place, "an odd number of hexadecimal digits");
    else if (c > ' ' && c < 0x7f)
        tool_point(tool, place, "'%c' is not a hexadecimal digit", c);
    else
        tool_point(tool, place, "byte 0x%02x is not a hexadecimal digit", c);
}

enum tool_exit tool_hex_read(struct tool *tool, const char *text, size_t length, const char *name,
                             struct tool_bytes *out)
{
    size_t bad = 0;
    enum tool_hex result = tool_hex_parse(text, length, out, &bad);
    if (result == TOOL_HEX_OK)
        return TOOL_EXIT_OK;
    if (result == TOOL_HEX_NOMEM)
        return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    struct tool_place place = {.text = text, .length = length, .name = name, .at = bad};
    complain(tool, &place, result == TOOL_HEX_ODD);
    return TOOL_EXIT_FAILED;
}
