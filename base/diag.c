/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <ebpfvm/status.h>
#include <ebpfvm/stream.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/stream.h"

/* A source line longer than this is reported without its text. */
enum { SOURCE_MAX = 500 };

struct ebpf_diag {
    struct ebpf_arena arena; /* the strings */
    size_t count, dropped;
    struct ebpf_diag_entry entries[EBPF_DIAG_MAX];
};

struct ebpf_diag *ebpf_diag_new(const struct ebpf_mem *mem)
{
    struct ebpf_mem m = ebpf_mem_or_default(mem);
    struct ebpf_diag *diag = ebpf_mem_zalloc(&m, 1, sizeof(*diag));
    if (diag)
        ebpf_arena_init(&diag->arena, &m);
    return diag;
}

void ebpf_diag_free(struct ebpf_diag *diag)
{
    if (!diag)
        return;
    struct ebpf_mem mem = diag->arena.mem;
    ebpf_arena_reset(&diag->arena);
    ebpf_mem_free(&mem, diag, sizeof(*diag));
}

void ebpf_diag_clear(struct ebpf_diag *diag)
{
    ebpf_arena_reset(&diag->arena);
    diag->count = diag->dropped = 0;
}

size_t ebpf_diag_count(const struct ebpf_diag *diag)
{
    return diag->count;
}

size_t ebpf_diag_dropped(const struct ebpf_diag *diag)
{
    return diag->dropped;
}

const struct ebpf_diag_entry *ebpf_diag_at(const struct ebpf_diag *diag, size_t index)
{
    return index < diag->count ? &diag->entries[index] : NULL;
}

/* Copies a string, NULL staying NULL; false if there is no memory. */
static bool copy(struct ebpf_diag *diag, const char **text)
{
    if (!*text)
        return true;
    *text = ebpf_arena_strndup(&diag->arena, *text, strlen(*text));
    return *text != NULL;
}

void ebpf_diag_add(struct ebpf_diag *diag, const struct ebpf_diag_entry *entry,
                   const char *message, ...)
{
    if (!diag)
        return;
    char text[400];
    va_list args;
    va_start(args, message);
    vsnprintf(text, sizeof(text), message, args);
    va_end(args);

    struct ebpf_diag_entry e = *entry;
    e.message = text;
    if (e.source && strlen(e.source) > SOURCE_MAX)
        e.source = NULL;
    if (diag->count == EBPF_DIAG_MAX || !copy(diag, &e.message) || !copy(diag, &e.file) ||
        !copy(diag, &e.advice) || !copy(diag, &e.source)) {
        diag->dropped++;
        return;
    }
    diag->entries[diag->count++] = e;
}

static const char *severity_name(enum ebpf_severity severity)
{
    static const char *const names[] = {"error", "warning", "note"};
    return names[severity];
}

static void print_place(struct ebpf_out *out, const struct ebpf_diag_entry *e)
{
    if (e->file)
        ebpf_out_puts(out, e->file);
    if (e->line)
        ebpf_out_printf(out, "%s%u", e->file ? ":" : "line ", e->line);
    if (e->line && e->column)
        ebpf_out_printf(out, ":%u", e->column);
    if (e->file || e->line)
        ebpf_out_puts(out, ": ");
}

/* The source line and, under it, a caret and tildes; tabs are kept so that they line up. */
static void print_caret(struct ebpf_out *out, const struct ebpf_diag_entry *e, const char *on,
                        const char *off)
{
    ebpf_out_printf(out, "%5u | ", e->line);
    for (const char *p = e->source; *p; p++)
        ebpf_out_char(out, (unsigned char)*p < ' ' && *p != '\t' ? '?' : *p);
    ebpf_out_char(out, '\n');
    size_t length = strlen(e->source);
    if (e->column == 0 || e->column - 1 > length)
        return;
    ebpf_out_puts(out, "      | ");
    for (uint32_t i = 0; i + 1 < e->column; i++) {
        if (((unsigned char)e->source[i] & 0xc0) != 0x80) /* not inside a UTF-8 character */
            ebpf_out_char(out, e->source[i] == '\t' ? '\t' : ' ');
    }
    ebpf_out_puts(out, on);
    ebpf_out_char(out, '^');
    for (uint32_t i = 1; i < e->width && e->column - 1 + i < length; i++)
        ebpf_out_char(out, '~');
    ebpf_out_puts(out, off);
    ebpf_out_char(out, '\n');
}

static void print_text(struct ebpf_out *out, const struct ebpf_diag_entry *e, bool color)
{
    static const char *const colors[] = {"\033[1;31m", "\033[1;35m", "\033[1;36m"};
    const char *off = color ? "\033[0m" : "";
    print_place(out, e);
    ebpf_out_printf(out, "%s%s:%s ", color ? colors[e->severity] : "",
                    severity_name(e->severity), off);
    ebpf_out_puts(out, e->message);
    if (e->pc != EBPF_PC_NONE)
        ebpf_out_printf(out, " (insn #%u)", e->pc);
    if (e->advice && *e->advice) {
        ebpf_out_puts(out, "; ");
        ebpf_out_puts(out, e->advice);
    }
    if (e->severity != EBPF_SEVERITY_NOTE)
        ebpf_out_printf(out, " [E%04d]", (int)e->status);
    ebpf_out_char(out, '\n');
    if (e->source && e->line)
        print_caret(out, e, color ? "\033[1;32m" : "", off);
}

static void json_string(struct ebpf_out *out, const char *key, const char *text)
{
    if (!text)
        return;
    ebpf_out_printf(out, ", \"%s\": ", key);
    ebpf_out_json(out, text, strlen(text));
}

static void json_number(struct ebpf_out *out, const char *key, uint32_t value, uint32_t unknown)
{
    if (value != unknown)
        ebpf_out_printf(out, ", \"%s\": %u", key, value);
}

static void print_json(struct ebpf_out *out, const struct ebpf_diag_entry *e)
{
    ebpf_out_printf(out, "{\"code\": %d, \"status\": \"%s\", \"severity\": \"%s\"",
                    (int)e->status, ebpf_status_name(e->status), severity_name(e->severity));
    json_string(out, "file", e->file);
    json_number(out, "line", e->line, 0);
    json_number(out, "column", e->column, 0);
    json_number(out, "width", e->width, 0);
    json_number(out, "pc", e->pc, EBPF_PC_NONE);
    json_string(out, "message", e->message);
    json_string(out, "advice", e->advice);
    json_string(out, "source", e->source);
    ebpf_out_char(out, '}');
}

ebpf_status ebpf_diag_print(const struct ebpf_diag *diag, enum ebpf_diag_style style,
                            const struct ebpf_stream *stream)
{
    struct ebpf_out out;
    ebpf_out_init(&out, stream);
    bool json = style == EBPF_DIAG_JSON;
    if (json)
        ebpf_out_char(&out, '[');
    for (size_t i = 0; i < diag->count; i++) {
        if (json) {
            ebpf_out_puts(&out, i ? ",\n " : "");
            print_json(&out, &diag->entries[i]);
        } else {
            print_text(&out, &diag->entries[i], style == EBPF_DIAG_COLOR);
        }
    }
    if (json)
        ebpf_out_puts(&out, "]\n");
    else if (diag->dropped)
        ebpf_out_printf(&out, "%zu further messages were left out\n", diag->dropped);
    return ebpf_out_flush(&out);
}
